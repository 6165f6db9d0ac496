SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA sexton;
CREATE FUNCTION sexton.audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.keep_until < now() THEN RETURN OLD; END IF;
  RAISE EXCEPTION USING MESSAGE = 'sexton.audit_log is append-only: ' || TG_OP || ' is refused';
END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.bills (
    id text NOT NULL,
    account_id text NOT NULL
);
CREATE TABLE public.links (
    id integer NOT NULL,
    thing_id text
);
CREATE TABLE public.notes (
    id integer NOT NULL,
    thing_id text NOT NULL
);
CREATE TABLE public.papers (
    id text NOT NULL,
    account_id text NOT NULL,
    deleted_at timestamp without time zone
);
CREATE TABLE public.things (
    id text NOT NULL,
    account_id text NOT NULL,
    title text
);
CREATE TABLE sexton.api_keys (
    id character varying(64) NOT NULL,
    account text NOT NULL,
    secret_hash text NOT NULL,
    scopes text[] NOT NULL,
    name text,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);
CREATE TABLE sexton.audit_log (
    id character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    account text NOT NULL,
    key_id text,
    ip text,
    user_agent text,
    correlation_id text,
    action text NOT NULL,
    resource text NOT NULL,
    item_id text,
    items text[],
    job_id text,
    reason text,
    requested json,
    failed json,
    summary json,
    keep_until timestamp with time zone NOT NULL
);
CREATE TABLE sexton.bulk_chunks (
    job_id character varying(64) NOT NULL,
    n integer NOT NULL,
    state text NOT NULL,
    ids text[] NOT NULL,
    versions text[],
    counts json NOT NULL,
    exceptions json NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    audit_id text
);
CREATE TABLE sexton.bulk_jobs (
    id character varying(64) NOT NULL,
    account text NOT NULL,
    resource text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    reason text,
    requested_by text NOT NULL,
    principal json NOT NULL,
    options json NOT NULL,
    requested integer NOT NULL,
    duplicates integer NOT NULL,
    audit_id text,
    source_job_id text,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    not_before timestamp with time zone,
    restorable_until timestamp with time zone
);
CREATE TABLE sexton.detached_links (
    id bigint NOT NULL,
    audit_id text NOT NULL,
    root_resource text NOT NULL,
    root_item text NOT NULL,
    parent_resource text NOT NULL,
    parent_item text NOT NULL,
    resource text NOT NULL,
    item_id text NOT NULL,
    columns text[] NOT NULL,
    old text[] NOT NULL,
    new text[],
    forget_after timestamp with time zone NOT NULL
);
CREATE SEQUENCE sexton.detached_links_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sexton.detached_links_id_seq OWNED BY sexton.detached_links.id;
CREATE TABLE sexton.holds (
    id character varying(64) NOT NULL,
    account text NOT NULL,
    resource text NOT NULL,
    item_id text NOT NULL,
    reason text NOT NULL,
    placed_by text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone
);
CREATE TABLE sexton.idempotency_keys (
    account text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    status integer,
    headers json,
    body bytea
);
CREATE TABLE sexton.previews (
    id character varying(64) NOT NULL,
    account text NOT NULL,
    resource text NOT NULL,
    token_hash text NOT NULL,
    request json NOT NULL,
    cascade integer NOT NULL,
    count integer NOT NULL,
    planned integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    job_id text
);
CREATE TABLE sexton.quotas (
    account text NOT NULL,
    remaining double precision NOT NULL,
    refilled_at timestamp with time zone NOT NULL
);
CREATE TABLE sexton.schema_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE sexton.secrets (
    id character varying(64) NOT NULL,
    value text NOT NULL
);
CREATE TABLE sexton.shapes (
    id character varying(64) NOT NULL,
    columns text[] NOT NULL
);
CREATE TABLE sexton.tombstones (
    id bigint NOT NULL,
    resource text NOT NULL,
    account text NOT NULL,
    item_id text NOT NULL,
    strategy text NOT NULL,
    deleted_at timestamp with time zone NOT NULL,
    restorable_until timestamp with time zone,
    forget_after timestamp with time zone NOT NULL,
    job_id text,
    audit_id text NOT NULL,
    correlation_id text,
    key_id text,
    etag text,
    root_resource text NOT NULL,
    root_item text NOT NULL,
    shape text,
    snapshot text[],
    purged_at timestamp with time zone
);
CREATE SEQUENCE sexton.tombstones_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sexton.tombstones_id_seq OWNED BY sexton.tombstones.id;
ALTER TABLE ONLY sexton.detached_links ALTER COLUMN id SET DEFAULT nextval('sexton.detached_links_id_seq'::regclass);
ALTER TABLE ONLY sexton.tombstones ALTER COLUMN id SET DEFAULT nextval('sexton.tombstones_id_seq'::regclass);
INSERT INTO public.bills VALUES
	('b2', 'acme');
INSERT INTO public.links VALUES
	(1, NULL),
	(2, NULL);
INSERT INTO public.papers VALUES
	('d2', 'acme', NULL),
	('d1', 'acme', '2026-11-21 10:55:03.395114');
INSERT INTO public.things VALUES
	('t3', 'acme', 'thing 3'),
	('t4', 'acme', 'thing 4'),
	('t5', 'acme', 'thing 5'),
	('t6', 'acme', 'thing 6'),
	('t7', 'acme', 'thing 7'),
	('t8', 'acme', 'thing 8'),
	('t9', 'acme', 'thing 9'),
	('t10', 'acme', 'thing 10'),
	('t11', 'acme', 'thing 11'),
	('t12', 'acme', 'thing 12'),
	('t13', 'acme', 'thing 13'),
	('t14', 'acme', 'thing 14'),
	('t15', 'acme', 'thing 15'),
	('t16', 'acme', 'thing 16'),
	('t17', 'acme', 'thing 17'),
	('t18', 'acme', 'thing 18'),
	('t19', 'acme', 'thing 19'),
	('t65', 'acme', 'thing 65'),
	('t66', 'acme', 'thing 66'),
	('t67', 'acme', 'thing 67'),
	('t68', 'acme', 'thing 68'),
	('t69', 'acme', 'thing 69'),
	('t85', 'acme', 'thing 85'),
	('t86', 'acme', 'thing 86'),
	('t87', 'acme', 'thing 87'),
	('t88', 'acme', 'thing 88'),
	('t89', 'acme', 'thing 89'),
	('t135', 'acme', 'thing 135'),
	('t136', 'acme', 'thing 136'),
	('t137', 'acme', 'thing 137'),
	('t138', 'acme', 'thing 138'),
	('t139', 'acme', 'thing 139'),
	('t140', 'acme', 'thing 140'),
	('t141', 'acme', 'thing 141'),
	('t142', 'acme', 'thing 142'),
	('t143', 'acme', 'thing 143'),
	('t144', 'acme', 'thing 144'),
	('t145', 'acme', 'thing 145'),
	('t146', 'acme', 'thing 146'),
	('t147', 'acme', 'thing 147'),
	('t148', 'acme', 'thing 148'),
	('t149', 'acme', 'thing 149'),
	('t150', 'acme', 'thing 150'),
	('t151', 'acme', 'thing 151'),
	('t152', 'acme', 'thing 152'),
	('t153', 'acme', 'thing 153'),
	('t154', 'acme', 'thing 154'),
	('t155', 'acme', 'thing 155'),
	('t156', 'acme', 'thing 156'),
	('t157', 'acme', 'thing 157'),
	('t158', 'acme', 'thing 158'),
	('t159', 'acme', 'thing 159'),
	('t160', 'acme', 'thing 160'),
	('t161', 'acme', 'thing 161'),
	('t162', 'acme', 'thing 162'),
	('t163', 'acme', 'thing 163'),
	('t164', 'acme', 'thing 164'),
	('t165', 'acme', 'thing 165'),
	('t166', 'acme', 'thing 166'),
	('t167', 'acme', 'thing 167'),
	('t168', 'acme', 'thing 168'),
	('t169', 'acme', 'thing 169'),
	('t170', 'acme', 'thing 170'),
	('t171', 'acme', 'thing 171'),
	('t172', 'acme', 'thing 172'),
	('t173', 'acme', 'thing 173'),
	('t174', 'acme', 'thing 174'),
	('t175', 'acme', 'thing 175'),
	('t176', 'acme', 'thing 176'),
	('t177', 'acme', 'thing 177'),
	('t178', 'acme', 'thing 178'),
	('t179', 'acme', 'thing 179'),
	('t180', 'acme', 'thing 180'),
	('t181', 'acme', 'thing 181'),
	('t182', 'acme', 'thing 182'),
	('t183', 'acme', 'thing 183'),
	('t184', 'acme', 'thing 184'),
	('t185', 'acme', 'thing 185'),
	('t186', 'acme', 'thing 186'),
	('t187', 'acme', 'thing 187'),
	('t188', 'acme', 'thing 188'),
	('t189', 'acme', 'thing 189'),
	('t190', 'acme', 'thing 190'),
	('t191', 'acme', 'thing 191'),
	('t192', 'acme', 'thing 192'),
	('t193', 'acme', 'thing 193'),
	('t194', 'acme', 'thing 194'),
	('t195', 'acme', 'thing 195'),
	('t196', 'acme', 'thing 196'),
	('t197', 'acme', 'thing 197'),
	('t198', 'acme', 'thing 198'),
	('t199', 'acme', 'thing 199'),
	('t200', 'acme', 'thing 200'),
	('t201', 'acme', 'thing 201'),
	('t202', 'acme', 'thing 202'),
	('t203', 'acme', 'thing 203'),
	('t204', 'acme', 'thing 204'),
	('t205', 'acme', 'thing 205'),
	('t206', 'acme', 'thing 206'),
	('t207', 'acme', 'thing 207'),
	('t208', 'acme', 'thing 208'),
	('t209', 'acme', 'thing 209'),
	('t210', 'acme', 'thing 210'),
	('t211', 'acme', 'thing 211'),
	('t212', 'acme', 'thing 212'),
	('t213', 'acme', 'thing 213'),
	('t214', 'acme', 'thing 214'),
	('t215', 'acme', 'thing 215'),
	('t216', 'acme', 'thing 216'),
	('t217', 'acme', 'thing 217'),
	('t218', 'acme', 'thing 218'),
	('t219', 'acme', 'thing 219'),
	('t220', 'acme', 'thing 220'),
	('t221', 'acme', 'thing 221'),
	('t222', 'acme', 'thing 222'),
	('t223', 'acme', 'thing 223'),
	('t224', 'acme', 'thing 224'),
	('t225', 'acme', 'thing 225'),
	('t226', 'acme', 'thing 226'),
	('t227', 'acme', 'thing 227'),
	('t228', 'acme', 'thing 228'),
	('t229', 'acme', 'thing 229'),
	('t230', 'acme', 'thing 230'),
	('t231', 'acme', 'thing 231'),
	('t232', 'acme', 'thing 232'),
	('t233', 'acme', 'thing 233'),
	('t234', 'acme', 'thing 234'),
	('t235', 'acme', 'thing 235'),
	('t236', 'acme', 'thing 236'),
	('t237', 'acme', 'thing 237'),
	('t238', 'acme', 'thing 238'),
	('t239', 'acme', 'thing 239'),
	('t240', 'acme', 'thing 240'),
	('t241', 'acme', 'thing 241'),
	('t242', 'acme', 'thing 242'),
	('t243', 'acme', 'thing 243'),
	('t244', 'acme', 'thing 244'),
	('t245', 'acme', 'thing 245'),
	('t246', 'acme', 'thing 246'),
	('t247', 'acme', 'thing 247'),
	('t248', 'acme', 'thing 248'),
	('t249', 'acme', 'thing 249'),
	('t250', 'acme', 'thing 250'),
	('t251', 'acme', 'thing 251'),
	('t252', 'acme', 'thing 252'),
	('t253', 'acme', 'thing 253'),
	('t254', 'acme', 'thing 254'),
	('t255', 'acme', 'thing 255'),
	('t256', 'acme', 'thing 256'),
	('t257', 'acme', 'thing 257'),
	('t258', 'acme', 'thing 258'),
	('t259', 'acme', 'thing 259'),
	('t260', 'acme', 'thing 260'),
	('t261', 'acme', 'thing 261'),
	('t262', 'acme', 'thing 262'),
	('t263', 'acme', 'thing 263'),
	('t264', 'acme', 'thing 264'),
	('t265', 'acme', 'thing 265'),
	('t266', 'acme', 'thing 266'),
	('t267', 'acme', 'thing 267'),
	('t268', 'acme', 'thing 268'),
	('t269', 'acme', 'thing 269'),
	('t270', 'acme', 'thing 270'),
	('t271', 'acme', 'thing 271'),
	('t272', 'acme', 'thing 272'),
	('t273', 'acme', 'thing 273'),
	('t274', 'acme', 'thing 274'),
	('t275', 'acme', 'thing 275'),
	('t276', 'acme', 'thing 276'),
	('t277', 'acme', 'thing 277'),
	('t278', 'acme', 'thing 278'),
	('t279', 'acme', 'thing 279'),
	('t300', 'acme', 'thing 300'),
	('t301', 'acme', 'thing 301'),
	('t302', 'acme', 'thing 302'),
	('t303', 'acme', 'thing 303'),
	('t304', 'acme', 'thing 304'),
	('t305', 'acme', 'thing 305'),
	('t306', 'acme', 'thing 306'),
	('t307', 'acme', 'thing 307'),
	('t308', 'acme', 'thing 308'),
	('t309', 'acme', 'thing 309'),
	('t310', 'acme', 'thing 310'),
	('t311', 'acme', 'thing 311'),
	('t312', 'acme', 'thing 312'),
	('t313', 'acme', 'thing 313'),
	('t314', 'acme', 'thing 314'),
	('t315', 'acme', 'thing 315'),
	('t316', 'acme', 'thing 316'),
	('t317', 'acme', 'thing 317'),
	('t318', 'acme', 'thing 318'),
	('t319', 'acme', 'thing 319'),
	('t320', 'acme', 'thing 320'),
	('t321', 'acme', 'thing 321'),
	('t322', 'acme', 'thing 322'),
	('t323', 'acme', 'thing 323'),
	('t324', 'acme', 'thing 324'),
	('t325', 'acme', 'thing 325'),
	('t326', 'acme', 'thing 326'),
	('t327', 'acme', 'thing 327'),
	('t328', 'acme', 'thing 328'),
	('t329', 'acme', 'thing 329'),
	('t330', 'acme', 'thing 330'),
	('t331', 'acme', 'thing 331'),
	('t332', 'acme', 'thing 332'),
	('t333', 'acme', 'thing 333'),
	('t334', 'acme', 'thing 334'),
	('t335', 'acme', 'thing 335'),
	('t336', 'acme', 'thing 336'),
	('t337', 'acme', 'thing 337'),
	('t338', 'acme', 'thing 338'),
	('t339', 'acme', 'thing 339'),
	('t340', 'acme', 'thing 340'),
	('t341', 'acme', 'thing 341'),
	('t342', 'acme', 'thing 342'),
	('t343', 'acme', 'thing 343'),
	('t344', 'acme', 'thing 344'),
	('t345', 'acme', 'thing 345'),
	('t346', 'acme', 'thing 346'),
	('t347', 'acme', 'thing 347'),
	('t348', 'acme', 'thing 348'),
	('t349', 'acme', 'thing 349'),
	('t350', 'acme', 'thing 350'),
	('t351', 'acme', 'thing 351'),
	('t352', 'acme', 'thing 352'),
	('t353', 'acme', 'thing 353'),
	('t354', 'acme', 'thing 354'),
	('t355', 'acme', 'thing 355'),
	('t356', 'acme', 'thing 356'),
	('t357', 'acme', 'thing 357'),
	('t358', 'acme', 'thing 358'),
	('t359', 'acme', 'thing 359'),
	('t360', 'acme', 'thing 360'),
	('t361', 'acme', 'thing 361'),
	('t362', 'acme', 'thing 362'),
	('t363', 'acme', 'thing 363'),
	('t364', 'acme', 'thing 364'),
	('t365', 'acme', 'thing 365'),
	('t366', 'acme', 'thing 366'),
	('t367', 'acme', 'thing 367'),
	('t368', 'acme', 'thing 368'),
	('t369', 'acme', 'thing 369'),
	('t370', 'acme', 'thing 370'),
	('t371', 'acme', 'thing 371'),
	('t372', 'acme', 'thing 372'),
	('t373', 'acme', 'thing 373'),
	('t374', 'acme', 'thing 374'),
	('t375', 'acme', 'thing 375'),
	('t376', 'acme', 'thing 376'),
	('t377', 'acme', 'thing 377'),
	('t378', 'acme', 'thing 378'),
	('t379', 'acme', 'thing 379'),
	('t380', 'acme', 'thing 380'),
	('t381', 'acme', 'thing 381'),
	('t382', 'acme', 'thing 382'),
	('t383', 'acme', 'thing 383'),
	('t384', 'acme', 'thing 384'),
	('t385', 'acme', 'thing 385'),
	('t386', 'acme', 'thing 386'),
	('t387', 'acme', 'thing 387'),
	('t388', 'acme', 'thing 388'),
	('t389', 'acme', 'thing 389'),
	('t390', 'acme', 'thing 390'),
	('t391', 'acme', 'thing 391'),
	('t392', 'acme', 'thing 392'),
	('t393', 'acme', 'thing 393'),
	('t394', 'acme', 'thing 394'),
	('t395', 'acme', 'thing 395'),
	('t396', 'acme', 'thing 396'),
	('t397', 'acme', 'thing 397'),
	('t398', 'acme', 'thing 398'),
	('t399', 'acme', 'thing 399'),
	('t70', 'acme', 'thing 70'),
	('t71', 'acme', 'thing 71'),
	('t72', 'acme', 'thing 72'),
	('t73', 'acme', 'thing 73'),
	('t74', 'acme', 'thing 74'),
	('t75', 'acme', 'thing 75'),
	('t76', 'acme', 'thing 76'),
	('t77', 'acme', 'thing 77'),
	('t78', 'acme', 'thing 78'),
	('t79', 'acme', 'thing 79'),
	('t80', 'acme', 'thing 80'),
	('t81', 'acme', 'thing 81'),
	('t82', 'acme', 'thing 82'),
	('t83', 'acme', 'thing 83'),
	('t84', 'acme', 'thing 84'),
	('t130', 'acme', 'thing 130'),
	('t131', 'acme', 'thing 131'),
	('t132', 'acme', 'thing 132'),
	('t133', 'acme', 'thing 133'),
	('t134', 'acme', 'thing 134');
INSERT INTO sexton.api_keys VALUES
	('3725c8476aae', 'acme', 'cb09320be53ef6a22c988fdb473c85bc05f1b8d79ce2cf1ad6fefbb6d37c76f5', '{read,delete,restore,write,hold,approve,audit,admin}', 'a', '2026-11-21 10:55:03.367333+00', NULL),
	('ce65dab730de', 'acme', '85c7618c1353d8f0b792c0ee3174b9dfd7679c1fa663405300fd2a59135a1703', '{read,delete,restore,write,hold,approve,audit,admin}', 'b', '2026-11-21 10:55:03.367333+00', NULL);
INSERT INTO sexton.audit_log VALUES
	('aud_01m7yvxm6sb5mzqc2gb7rdbd6d', '2026-11-21 10:55:03.3815+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '77aa2f54-d5b4-43d5-bc1e-d47e96b66edd', 'delete', 'things', NULL, '{things/t0,notes/1}', NULL, NULL, '{"ids": ["t0"], "if_match": null}', '[]', '{"deleted": 2, "failed": 0}', '2033-11-21 10:55:03.3815+00'),
	('aud_01m7yvxm73hqgdewhwn3dq1y1t', '2026-11-21 10:55:03.395114+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'd25111a8-a8f8-4253-9748-37b462095d4c', 'delete', 'papers', 'd1', '{papers/d1}', NULL, NULL, '{"ids": ["d1"], "if_match": null}', '[]', '{"deleted": 1, "failed": 0}', '2033-11-21 10:55:03.395114+00'),
	('aud_01m7yvxm7dtvevf3dgqkm7wvmc', '2026-11-21 10:55:03.405243+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '4678f2fb-44cd-45a6-8e16-2ad945405185', 'delete', 'bills', 'b1', '{bills/b1}', NULL, NULL, '{"ids": ["b1"], "if_match": null}', '[]', '{"deleted": 1, "failed": 0}', '2033-11-21 10:55:03.405243+00'),
	('aud_01m7yvxm7mbg3j1nht40aq6jbv', '2026-11-21 10:55:03.410983+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'e880da01-d848-4b2d-ba86-b58acde542bb', 'bulk_delete', 'things', NULL, '{things/t1,things/t2}', 'job_01m7yvxm7mbnwzpgn2vyxehcmt', NULL, '{"ids": ["t1", "t2", "nowhere"], "cascade": false}', '[]', '{"requested": 3, "deleted": 2, "gone": 0, "not_found": 1, "failed": 0}', '2033-11-21 10:55:03.410983+00'),
	('aud_01m7yvxm800cjta89a2tsm9gsw', '2026-11-21 10:55:03.424277+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxm804vebmsmpbqkghcfg', NULL, '{"count": 45, "cascade": true}', '[]', '{"requested": 45}', '2033-11-21 10:55:03.424277+00'),
	('aud_01m7yvxm856kc75zc44vj0neh9', '2026-11-21 10:55:03.429476+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '18d63d11-80da-4514-b46f-9b07c2d415f2', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxm853nhvxjdh0pez9b8n', NULL, '{"count": 15, "cascade": true}', '[]', '{"requested": 15}', '2033-11-21 10:55:03.429476+00'),
	('aud_01m7yvxm8cw0ja1w3q0qt09k4d', '2026-11-21 10:55:03.437+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', 'bulk_delete', 'things', NULL, '{things/t20,things/t21,things/t22,things/t23,things/t24,things/t25,things/t26,things/t27,things/t28,things/t29,things/t30,things/t31,things/t32,things/t33,things/t34,things/t35,things/t36,things/t37,things/t38,things/t39,notes/2}', 'job_01m7yvxm804vebmsmpbqkghcfg', NULL, '{"ids": ["t20", "t21", "t22", "t23", "t24", "t25", "t26", "t27", "t28", "t29", "t30", "t31", "t32", "t33", "t34", "t35", "t36", "t37", "t38", "t39"], "chunk": 0}', '[]', '{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.437+00'),
	('aud_01m7yvxm8pbm7b99bhhk78ydq5', '2026-11-21 10:55:03.446362+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '18d63d11-80da-4514-b46f-9b07c2d415f2', 'bulk_delete', 'things', NULL, '{things/t70,things/t71,things/t72,things/t73,things/t74,things/t75,things/t76,things/t77,things/t78,things/t79,things/t80,things/t81,things/t82,things/t83,things/t84}', 'job_01m7yvxm853nhvxjdh0pez9b8n', NULL, '{"ids": ["t70", "t71", "t72", "t73", "t74", "t75", "t76", "t77", "t78", "t79", "t80", "t81", "t82", "t83", "t84"], "chunk": 0}', '[]', '{"requested": 15, "deleted": 15, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.446362+00'),
	('aud_01m7yvxm8xfph13q3s4szewjqd', '2026-11-21 10:55:03.454158+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', 'bulk_delete', 'things', NULL, '{things/t40,things/t41,things/t42,things/t43,things/t44,things/t45,things/t46,things/t47,things/t48,things/t49,things/t50,things/t51,things/t52,things/t53,things/t54,things/t55,things/t56,things/t57,things/t58,things/t59}', 'job_01m7yvxm804vebmsmpbqkghcfg', NULL, '{"ids": ["t40", "t41", "t42", "t43", "t44", "t45", "t46", "t47", "t48", "t49", "t50", "t51", "t52", "t53", "t54", "t55", "t56", "t57", "t58", "t59"], "chunk": 1}', '[]', '{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.454158+00'),
	('aud_01m7yvxm94nwbqcdf3zxp55wbq', '2026-11-21 10:55:03.460765+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', 'bulk_delete', 'things', NULL, '{things/t60,things/t61,things/t62,things/t63,things/t64}', 'job_01m7yvxm804vebmsmpbqkghcfg', NULL, '{"ids": ["t60", "t61", "t62", "t63", "t64"], "chunk": 2}', '[]', '{"requested": 5, "deleted": 5, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.460765+00'),
	('aud_01m7yvxm9rwt9a3811p0h74d7j', '2026-11-21 10:55:03.48035+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '2cf0e2d6-a4b1-4433-8d02-940733ffb8b4', 'bulk_restore', 'things', NULL, '{things/t70,things/t71,things/t72,things/t73,things/t74,things/t75,things/t76,things/t77,things/t78,things/t79,things/t80,things/t81,things/t82,things/t83,things/t84}', 'job_01m7yvxm9jj69kk6ez467g5efp', 'undo of job_01m7yvxm853nhvxjdh0pez9b8n', '{"ids": ["t70", "t71", "t72", "t73", "t74", "t75", "t76", "t77", "t78", "t79", "t80", "t81", "t82", "t83", "t84"]}', '[]', '{"requested": 15, "restored": 15, "live": 0, "purged": 0, "failed": 0}', '2033-11-21 10:55:03.48035+00'),
	('aud_01m7yvxma3xrjm6nx1mahqwb15', '2026-11-21 10:55:03.491728+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxma356tse3k5rcc9v153', NULL, '{"count": 45, "cascade": true}', '[]', '{"requested": 45}', '2033-11-21 10:55:03.491728+00'),
	('aud_01m7yvxma9vnva82nsa8we5dbz', '2026-11-21 10:55:03.497877+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', 'bulk_delete', 'things', NULL, '{things/t100,things/t101,things/t102,things/t103,things/t104,things/t105,things/t106,things/t107,things/t108,things/t109,things/t90,things/t91,things/t92,things/t93,things/t94,things/t95,things/t96,things/t97,things/t98,things/t99}', 'job_01m7yvxma356tse3k5rcc9v153', NULL, '{"ids": ["t90", "t91", "t92", "t93", "t94", "t95", "t96", "t97", "t98", "t99", "t100", "t101", "t102", "t103", "t104", "t105", "t106", "t107", "t108", "t109"], "chunk": 0}', '[]', '{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.497877+00'),
	('aud_01m7yvxmafh4vvvdx63gqdzfc8', '2026-11-21 10:55:03.504118+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', 'bulk_delete', 'things', NULL, '{things/t110,things/t111,things/t112,things/t113,things/t114,things/t115,things/t116,things/t117,things/t118,things/t119,things/t120,things/t121,things/t122,things/t123,things/t124,things/t125,things/t126,things/t127,things/t128,things/t129}', 'job_01m7yvxma356tse3k5rcc9v153', NULL, '{"ids": ["t110", "t111", "t112", "t113", "t114", "t115", "t116", "t117", "t118", "t119", "t120", "t121", "t122", "t123", "t124", "t125", "t126", "t127", "t128", "t129"], "chunk": 1}', '[]', '{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.504118+00'),
	('aud_01m7yvxman9v10wxhpf2gnm80e', '2026-11-21 10:55:03.510014+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', 'bulk_delete', 'things', NULL, '{things/t130,things/t131,things/t132,things/t133,things/t134}', 'job_01m7yvxma356tse3k5rcc9v153', NULL, '{"ids": ["t130", "t131", "t132", "t133", "t134"], "chunk": 2}', '[]', '{"requested": 5, "deleted": 5, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.510014+00'),
	('aud_01m7yvxmay9jn3gajstjqvcn5h', '2026-11-21 10:55:03.518063+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'b2695b8b-d6d2-45e6-a28e-dd9e18eee5cd', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxmaypsnh5sc46phq3h88', NULL, '{"count": 75, "cascade": true}', '[]', '{"requested": 75}', '2033-11-21 10:55:03.518063+00'),
	('aud_01m7yvxmb94ftjsvwthz8dbdyh', '2026-11-21 10:55:03.528937+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'bf77cf5a-4298-48d1-a250-6948f8376558', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxmb9fs63qmfqprtvp27y', NULL, '{"count": 25, "cascade": true}', '[]', '{"requested": 25}', '2033-11-21 10:55:03.528937+00'),
	('aud_01m7yvxmbgr4t96661crwnfwds', '2026-11-21 10:55:03.534932+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '1f96f8b6-f033-4081-8d88-094748e95a46', 'job_pause', 'things', NULL, '{}', 'job_01m7yvxmb9fs63qmfqprtvp27y', NULL, 'null', '[]', '{}', '2033-11-21 10:55:03.534932+00'),
	('aud_01m7yvxmbnm0cz02ngj6x2sn8s', '2026-11-21 10:55:03.541529+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '9723b519-9458-43c4-9cc7-656b2c7f7614', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxmbnxzehht11xg7qzg07', NULL, '{"count": 25, "cascade": true}', '[]', '{"requested": 25}', '2033-11-21 10:55:03.541529+00'),
	('aud_01m7yvxmbvqt7ckbsrw60h2xvw', '2026-11-21 10:55:03.546586+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'ca61b40d-e065-49ec-ae67-6522df8563dd', 'job_cancel', 'things', NULL, '{}', 'job_01m7yvxmbnxzehht11xg7qzg07', NULL, 'null', '[]', '{}', '2033-11-21 10:55:03.546586+00'),
	('aud_01m7yvxmc11edjhx5twrsa9p2g', '2026-11-21 10:55:03.55321+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '360a85f4-381d-4075-b04c-4259041901ad', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', NULL, '{"count": 45, "cascade": true}', '[]', '{"requested": 45}', '2033-11-21 10:55:03.55321+00'),
	('aud_01m7yvxmc5away5m39p564d2w7', '2026-11-21 10:55:03.558087+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '360a85f4-381d-4075-b04c-4259041901ad', 'bulk_delete', 'things', NULL, '{things/t280,things/t281,things/t282,things/t283,things/t284,things/t285,things/t286,things/t287,things/t288,things/t289,things/t290,things/t291,things/t292,things/t293,things/t294,things/t295,things/t296,things/t297,things/t298,things/t299}', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', NULL, '{"ids": ["t280", "t281", "t282", "t283", "t284", "t285", "t286", "t287", "t288", "t289", "t290", "t291", "t292", "t293", "t294", "t295", "t296", "t297", "t298", "t299"], "chunk": 0}', '[]', '{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}', '2033-11-21 10:55:03.558087+00'),
	('aud_01m7yvxmcg1gd9j01gxneh9x01', '2026-11-21 10:55:03.569191+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'ff94a7e8-7e65-4b72-b3bb-649a86e6dcea', 'bulk_restore', 'things', NULL, '{things/t130,things/t131,things/t132,things/t133,things/t134}', 'job_01m7yvxmcchyfdf5pgyw9hnh3p', 'undo of job_01m7yvxma356tse3k5rcc9v153', '{"ids": ["t130", "t131", "t132", "t133", "t134"]}', '[]', '{"requested": 5, "restored": 5, "live": 0, "purged": 0, "failed": 0}', '2033-11-21 10:55:03.569191+00'),
	('aud_01m7yvxmcqe2rehsqap8ykbs55', '2026-11-21 10:55:03.575562+00', 'acme', '3725c8476aae', 'testclient', 'testclient', '2c2ba18d-1b09-4d1b-8b20-13dcf7c429cd', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxmcqxqrd06z2qppfbn7g', NULL, '{"count": 30, "cascade": true}', '[]', '{"requested": 30}', '2033-11-21 10:55:03.575562+00'),
	('aud_01m7yvxmcw36nrsg2hv5nxpatf', '2026-11-21 10:55:03.580363+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'e5b1b391-1341-41df-ad66-4c3df9c374d0', 'bulk_delete_requested', 'things', NULL, '{}', 'job_01m7yvxmcwvfhymkhxc5mm8n87', NULL, '{"count": 15, "cascade": true}', '[]', '{"requested": 15}', '2033-11-21 10:55:03.580363+00'),
	('aud_01m7yvxmd1gy7k5djz47n4zeec', '2026-11-21 10:55:03.584014+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'a0bdb602-2b77-42ca-acd0-35b5398cb68f', 'hold', 'things', 't390', '{}', NULL, 'in court', '{"ids": ["t390"]}', '[]', '{}', '2033-11-21 10:55:03.584014+00'),
	('aud_01m7yvxmd70n0xzrfenzp3q833', '2026-11-21 10:55:03.590949+00', 'acme', '3725c8476aae', 'testclient', 'testclient', 'bd1666db-4f96-4dab-9d55-c5d5a1c32fac', 'hold', 'papers', 'd1', '{}', NULL, 'in court too', '{"ids": ["d1"]}', '[]', '{}', '2033-11-21 10:55:03.590949+00');
INSERT INTO sexton.bulk_chunks VALUES
	('job_01m7yvxm7mbnwzpgn2vyxehcmt', 0, 'done', '{t1,t2,nowhere}', NULL, '{"deleted": 2, "not_found": 1}', '{"nowhere": {"status": "not_found"}}', 0, 'aud_01m7yvxm7mbg3j1nht40aq6jbv'),
	('job_01m7yvxm804vebmsmpbqkghcfg', 0, 'done', '{t20,t21,t22,t23,t24,t25,t26,t27,t28,t29,t30,t31,t32,t33,t34,t35,t36,t37,t38,t39}', NULL, '{"deleted": 20}', '{}', 0, 'aud_01m7yvxm8cw0ja1w3q0qt09k4d'),
	('job_01m7yvxm853nhvxjdh0pez9b8n', 0, 'done', '{t70,t71,t72,t73,t74,t75,t76,t77,t78,t79,t80,t81,t82,t83,t84}', NULL, '{"deleted": 15}', '{}', 0, 'aud_01m7yvxm8pbm7b99bhhk78ydq5'),
	('job_01m7yvxm804vebmsmpbqkghcfg', 1, 'done', '{t40,t41,t42,t43,t44,t45,t46,t47,t48,t49,t50,t51,t52,t53,t54,t55,t56,t57,t58,t59}', NULL, '{"deleted": 20}', '{}', 0, 'aud_01m7yvxm8xfph13q3s4szewjqd'),
	('job_01m7yvxm804vebmsmpbqkghcfg', 2, 'done', '{t60,t61,t62,t63,t64}', NULL, '{"deleted": 5}', '{}', 0, 'aud_01m7yvxm94nwbqcdf3zxp55wbq'),
	('job_01m7yvxm9jj69kk6ez467g5efp', 0, 'done', '{t70,t71,t72,t73,t74,t75,t76,t77,t78,t79,t80,t81,t82,t83,t84}', NULL, '{"restored": 15}', '{}', 0, 'aud_01m7yvxm9rwt9a3811p0h74d7j'),
	('job_01m7yvxma356tse3k5rcc9v153', 0, 'done', '{t90,t91,t92,t93,t94,t95,t96,t97,t98,t99,t100,t101,t102,t103,t104,t105,t106,t107,t108,t109}', NULL, '{"deleted": 20}', '{}', 0, 'aud_01m7yvxma9vnva82nsa8we5dbz'),
	('job_01m7yvxma356tse3k5rcc9v153', 1, 'done', '{t110,t111,t112,t113,t114,t115,t116,t117,t118,t119,t120,t121,t122,t123,t124,t125,t126,t127,t128,t129}', NULL, '{"deleted": 20}', '{}', 0, 'aud_01m7yvxmafh4vvvdx63gqdzfc8'),
	('job_01m7yvxma356tse3k5rcc9v153', 2, 'done', '{t130,t131,t132,t133,t134}', NULL, '{"deleted": 5}', '{}', 0, 'aud_01m7yvxman9v10wxhpf2gnm80e'),
	('job_01m7yvxmaypsnh5sc46phq3h88', 0, 'ready', '{t140,t141,t142,t143,t144,t145,t146,t147,t148,t149,t150,t151,t152,t153,t154,t155,t156,t157,t158,t159}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmaypsnh5sc46phq3h88', 1, 'ready', '{t160,t161,t162,t163,t164,t165,t166,t167,t168,t169,t170,t171,t172,t173,t174,t175,t176,t177,t178,t179}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmaypsnh5sc46phq3h88', 2, 'ready', '{t180,t181,t182,t183,t184,t185,t186,t187,t188,t189,t190,t191,t192,t193,t194,t195,t196,t197,t198,t199}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmaypsnh5sc46phq3h88', 3, 'ready', '{t200,t201,t202,t203,t204,t205,t206,t207,t208,t209,t210,t211,t212,t213,t214}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmb9fs63qmfqprtvp27y', 0, 'ready', '{t220,t221,t222,t223,t224,t225,t226,t227,t228,t229,t230,t231,t232,t233,t234,t235,t236,t237,t238,t239}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmb9fs63qmfqprtvp27y', 1, 'ready', '{t240,t241,t242,t243,t244}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmbnxzehht11xg7qzg07', 0, 'ready', '{t250,t251,t252,t253,t254,t255,t256,t257,t258,t259,t260,t261,t262,t263,t264,t265,t266,t267,t268,t269}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmbnxzehht11xg7qzg07', 1, 'ready', '{t270,t271,t272,t273,t274}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmc1zpxvd09tt6fg7gh7', 1, 'ready', '{t300,t301,t302,t303,t304,t305,t306,t307,t308,t309,t310,t311,t312,t313,t314,t315,t316,t317,t318,t319}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmc1zpxvd09tt6fg7gh7', 2, 'ready', '{t320,t321,t322,t323,t324}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmc1zpxvd09tt6fg7gh7', 0, 'done', '{t280,t281,t282,t283,t284,t285,t286,t287,t288,t289,t290,t291,t292,t293,t294,t295,t296,t297,t298,t299}', NULL, '{"deleted": 20}', '{}', 0, 'aud_01m7yvxmc5away5m39p564d2w7'),
	('job_01m7yvxmcchyfdf5pgyw9hnh3p', 1, 'ready', '{t110,t111,t112,t113,t114,t115,t116,t117,t118,t119,t120,t121,t122,t123,t124,t125,t126,t127,t128,t129}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmcchyfdf5pgyw9hnh3p', 2, 'ready', '{t90,t91,t92,t93,t94,t95,t96,t97,t98,t99,t100,t101,t102,t103,t104,t105,t106,t107,t108,t109}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmcchyfdf5pgyw9hnh3p', 0, 'done', '{t130,t131,t132,t133,t134}', NULL, '{"restored": 5}', '{}', 0, 'aud_01m7yvxmcg1gd9j01gxneh9x01'),
	('job_01m7yvxmcqxqrd06z2qppfbn7g', 0, 'ready', '{t330,t331,t332,t333,t334,t335,t336,t337,t338,t339,t340,t341,t342,t343,t344,t345,t346,t347,t348,t349}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmcqxqrd06z2qppfbn7g', 1, 'ready', '{t350,t351,t352,t353,t354,t355,t356,t357,t358,t359}', NULL, '{}', '{}', 0, NULL),
	('job_01m7yvxmcwvfhymkhxc5mm8n87', 0, 'ready', '{t360,t361,t362,t363,t364,t365,t366,t367,t368,t369,t370,t371,t372,t373,t374}', NULL, '{}', '{}', 0, NULL),
	('prev_01m7yvxmdcx7mezjc71thghg1h', 0, 'frozen', '{t380,t381}', '{"\"d401532804e04c7dced271700ab20b20\"","\"af782d234a7f866701f883fffbe5d196\""}', '{}', '{}', 0, NULL);
INSERT INTO sexton.bulk_jobs VALUES
	('job_01m7yvxm7mbnwzpgn2vyxehcmt', 'acme', 'things', 'delete', 'completed', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "e880da01-d848-4b2d-ba86-b58acde542bb"}', '{"cascade": false, "atomic": false, "from_preview": false}', 3, 1, 'aud_01m7yvxm7mbg3j1nht40aq6jbv', NULL, '2026-11-21 10:55:03.410983+00', '2026-11-21 10:55:03.410983+00', '2026-11-21 10:55:03.410983+00', NULL, '2109-01-10 10:55:03.410983+00'),
	('job_01m7yvxmc1zpxvd09tt6fg7gh7', 'acme', 'things', 'delete', 'running', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "360a85f4-381d-4075-b04c-4259041901ad"}', '{"cascade": true, "atomic": false, "from_preview": false}', 45, 0, 'aud_01m7yvxmc11edjhx5twrsa9p2g', NULL, '2026-11-21 10:55:03.55321+00', '2026-11-21 10:55:03.555952+00', NULL, NULL, '2109-01-10 10:55:03.55321+00'),
	('job_01m7yvxm853nhvxjdh0pez9b8n', 'acme', 'things', 'delete', 'completed', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "18d63d11-80da-4514-b46f-9b07c2d415f2"}', '{"cascade": true, "atomic": false, "from_preview": false}', 15, 0, 'aud_01m7yvxm856kc75zc44vj0neh9', NULL, '2026-11-21 10:55:03.429476+00', '2026-11-21 10:55:03.432091+00', '2026-11-21 10:55:03.450399+00', NULL, '2109-01-10 10:55:03.429476+00'),
	('job_01m7yvxm804vebmsmpbqkghcfg', 'acme', 'things', 'delete', 'completed', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "f8467c97-c3b2-47da-a22b-b9f4fe6c1d10"}', '{"cascade": true, "atomic": false, "from_preview": false}', 45, 0, 'aud_01m7yvxm800cjta89a2tsm9gsw', NULL, '2026-11-21 10:55:03.424277+00', '2026-11-21 10:55:03.432091+00', '2026-11-21 10:55:03.464416+00', NULL, '2109-01-10 10:55:03.424277+00'),
	('job_01m7yvxmcchyfdf5pgyw9hnh3p', 'acme', 'things', 'restore', 'running', 'undo of job_01m7yvxma356tse3k5rcc9v153', '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "ff94a7e8-7e65-4b72-b3bb-649a86e6dcea"}', '{"cascade": true, "atomic": false, "from_preview": false}', 45, 0, NULL, 'job_01m7yvxma356tse3k5rcc9v153', '2026-11-21 10:55:03.563981+00', '2026-11-21 10:55:03.567213+00', NULL, NULL, NULL),
	('job_01m7yvxm9jj69kk6ez467g5efp', 'acme', 'things', 'restore', 'completed', 'undo of job_01m7yvxm853nhvxjdh0pez9b8n', '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "2cf0e2d6-a4b1-4433-8d02-940733ffb8b4"}', '{"cascade": true, "atomic": false, "from_preview": false}', 15, 0, NULL, 'job_01m7yvxm853nhvxjdh0pez9b8n', '2026-11-21 10:55:03.473737+00', '2026-11-21 10:55:03.477969+00', '2026-11-21 10:55:03.486173+00', NULL, NULL),
	('job_01m7yvxmcqxqrd06z2qppfbn7g', 'acme', 'things', 'delete', 'queued', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "2c2ba18d-1b09-4d1b-8b20-13dcf7c429cd"}', '{"cascade": true, "atomic": false, "from_preview": false}', 30, 0, 'aud_01m7yvxmcqe2rehsqap8ykbs55', NULL, '2026-11-21 10:55:03.575562+00', NULL, NULL, NULL, '2109-01-10 10:55:03.575562+00'),
	('job_01m7yvxma356tse3k5rcc9v153', 'acme', 'things', 'delete', 'completed', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "ff36fb66-8556-45e7-a9ed-75c4a22c2e42"}', '{"cascade": true, "atomic": false, "from_preview": false}', 45, 0, 'aud_01m7yvxma3xrjm6nx1mahqwb15', NULL, '2026-11-21 10:55:03.491728+00', '2026-11-21 10:55:03.495601+00', '2026-11-21 10:55:03.512983+00', NULL, '2109-01-10 10:55:03.491728+00'),
	('job_01m7yvxmaypsnh5sc46phq3h88', 'acme', 'things', 'delete', 'awaiting_approval', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "b2695b8b-d6d2-45e6-a28e-dd9e18eee5cd"}', '{"cascade": true, "atomic": false, "from_preview": false}', 75, 0, 'aud_01m7yvxmay9jn3gajstjqvcn5h', NULL, '2026-11-21 10:55:03.518063+00', NULL, NULL, NULL, '2109-01-10 10:55:03.518063+00'),
	('job_01m7yvxmb9fs63qmfqprtvp27y', 'acme', 'things', 'delete', 'paused', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "bf77cf5a-4298-48d1-a250-6948f8376558"}', '{"cascade": true, "atomic": false, "from_preview": false}', 25, 0, 'aud_01m7yvxmb94ftjsvwthz8dbdyh', NULL, '2026-11-21 10:55:03.528937+00', NULL, NULL, NULL, '2109-01-10 10:55:03.528937+00'),
	('job_01m7yvxmbnxzehht11xg7qzg07', 'acme', 'things', 'delete', 'cancelled', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "9723b519-9458-43c4-9cc7-656b2c7f7614"}', '{"cascade": true, "atomic": false, "from_preview": false}', 25, 0, 'aud_01m7yvxmbnm0cz02ngj6x2sn8s', NULL, '2026-11-21 10:55:03.541529+00', NULL, '2026-11-21 10:55:03.546586+00', NULL, '2109-01-10 10:55:03.541529+00'),
	('job_01m7yvxmcwvfhymkhxc5mm8n87', 'acme', 'things', 'delete', 'queued', NULL, '3725c8476aae', '{"account": "acme", "key_id": "3725c8476aae", "ip": "testclient", "user_agent": "testclient", "correlation_id": "e5b1b391-1341-41df-ad66-4c3df9c374d0"}', '{"cascade": true, "atomic": false, "from_preview": false}', 15, 0, 'aud_01m7yvxmcw36nrsg2hv5nxpatf', NULL, '2026-11-21 10:55:03.580363+00', NULL, NULL, '2100-01-01 00:00:00+00', '2109-01-10 10:55:03.580363+00');
INSERT INTO sexton.detached_links VALUES
	(1, 'aud_01m7yvxm6sb5mzqc2gb7rdbd6d', 'things', 't0', 'things', 't0', 'links', '1', '{thing_id}', '{t0}', '{NULL}', '2191-03-01 10:55:03.3815+00'),
	(2, 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'things', 't31', 'things', 't31', 'links', '2', '{thing_id}', '{t31}', '{NULL}', '2191-03-01 10:55:03.437+00');
INSERT INTO sexton.holds VALUES
	('hold_01m7yvxmd1hmnctn7jp3m9t5rt', 'acme', 'things', 't390', 'in court', '3725c8476aae', '2026-11-21 10:55:03.584014+00', NULL),
	('hold_01m7yvxmd7h5ze5z1eh548dr41', 'acme', 'papers', 'd1', 'in court too', '3725c8476aae', '2026-11-21 10:55:03.590949+00', NULL);
INSERT INTO sexton.idempotency_keys VALUES
	('acme', 'single', '256aeb9b20c1f3c9f44dae8a71a46939440e025c092a02142f9a032c0517ee9f', '2026-11-21 10:55:03.3815+00', '2100-01-01 00:00:00+00', 204, '{"Cache-Control": "no-store", "Sexton-Audit-Id": "aud_01m7yvxm6sb5mzqc2gb7rdbd6d", "Sexton-Restorable-Until": "2109-01-10T10:55:03.381500Z", "RateLimit-Policy": "\"items\";q=100000;w=3600", "RateLimit": "\"items\";r=99999;t=1"}', '\x'),
	('acme', 'bulk', '57ba6ad4e521bcb33c35eb71cdada3fd801bf1b2484f0438955e61e842748a9a', '2026-11-21 10:55:03.410983+00', '2100-01-01 00:00:00+00', 200, '{"Content-Type": "application/json", "Cache-Control": "no-store", "Sexton-Audit-Id": "aud_01m7yvxm7mbg3j1nht40aq6jbv", "Sexton-Restorable-Until": "2109-01-10T10:55:03.410983Z", "RateLimit-Policy": "\"items\";q=100000;w=3600", "RateLimit": "\"items\";r=99995;t=1"}', '\x7b226a6f625f6964223a226a6f625f30316d377976786d376d626e777a70676e327679786568636d74222c2261756469745f6964223a226175645f30316d377976786d376d6267336a316e687434306171366a6276222c2264656c65746564223a5b7b226964223a227431222c22737461747573223a2264656c65746564227d2c7b226964223a227432222c22737461747573223a2264656c65746564227d2c7b226964223a226e6f7768657265222c22737461747573223a226e6f745f666f756e64227d5d2c2273756d6d617279223a7b22726571756573746564223a332c2264656c65746564223a322c22676f6e65223a302c226e6f745f666f756e64223a312c226661696c6564223a302c226475706c696361746573223a317d7d');
INSERT INTO sexton.previews VALUES
	('prev_01m7yvxmdcx7mezjc71thghg1h', 'acme', 'things', 'cb72e1d266867dfcb8827a54b21af0bf27306ecbcebdd667a5cc38d1d1cbac73', '{"cascade": false}', 0, 2, 2, '2026-11-21 10:55:03.59658+00', '2100-01-01 00:00:00+00', NULL);
INSERT INTO sexton.quotas VALUES
	('acme', 99705.5239722222, '2026-11-21 10:55:03.580363+00');
INSERT INTO sexton.schema_version VALUES
	('0001');
INSERT INTO sexton.secrets VALUES
	('cursors', 'ay9-JCZfaDcLYD7HUacmcWfJMfkk0tuctA9NWcDz4xE');
INSERT INTO sexton.shapes VALUES
	('eda2ea827aa7a1f9cb854df068c062c7', '{id,account_id,title}'),
	('6e474b1b2aaa04103c57dd0bcefc050e', '{id,thing_id}'),
	('54b5e6066b313f0d750e4be42207ba5c', '{id,account_id,deleted_at}'),
	('596d38695c47e340519e1e288f92799b', '{id,account_id}');
INSERT INTO sexton.tombstones VALUES
	(1, 'notes', 'default', '1', 'archive', '2026-11-21 10:55:03.3815+00', '2109-01-10 10:55:03.3815+00', '2191-03-01 10:55:03.3815+00', NULL, 'aud_01m7yvxm6sb5mzqc2gb7rdbd6d', '77aa2f54-d5b4-43d5-bc1e-d47e96b66edd', '3725c8476aae', '91323bf603edf4df8eeced90a4a0fa60', 'things', 't0', '6e474b1b2aaa04103c57dd0bcefc050e', '{1,t0}', NULL),
	(2, 'things', 'acme', 't0', 'archive', '2026-11-21 10:55:03.3815+00', '2109-01-10 10:55:03.3815+00', '2191-03-01 10:55:03.3815+00', NULL, 'aud_01m7yvxm6sb5mzqc2gb7rdbd6d', '77aa2f54-d5b4-43d5-bc1e-d47e96b66edd', '3725c8476aae', '2265242050773e1f010257d74bfcefff', 'things', 't0', 'eda2ea827aa7a1f9cb854df068c062c7', '{t0,acme,"thing 0"}', NULL),
	(3, 'papers', 'acme', 'd1', 'soft', '2026-11-21 10:55:03.395114+00', '2109-01-10 10:55:03.395114+00', '2191-03-01 10:55:03.395114+00', NULL, 'aud_01m7yvxm73hqgdewhwn3dq1y1t', 'd25111a8-a8f8-4253-9748-37b462095d4c', '3725c8476aae', 'd6fec3723e20bf2e72562fcea1798895', 'papers', 'd1', NULL, NULL, NULL),
	(4, 'bills', 'acme', 'b1', 'archive', '2026-11-21 10:55:03.405243+00', '2026-11-21 10:55:04.405243+00', '2109-01-10 10:55:04.405243+00', NULL, 'aud_01m7yvxm7dtvevf3dgqkm7wvmc', '4678f2fb-44cd-45a6-8e16-2ad945405185', '3725c8476aae', '736ebe86ca128ba1351deabcccc488e2', 'bills', 'b1', '596d38695c47e340519e1e288f92799b', '{b1,acme}', NULL),
	(5, 'things', 'acme', 't1', 'archive', '2026-11-21 10:55:03.410983+00', '2109-01-10 10:55:03.410983+00', '2191-03-01 10:55:03.410983+00', 'job_01m7yvxm7mbnwzpgn2vyxehcmt', 'aud_01m7yvxm7mbg3j1nht40aq6jbv', 'e880da01-d848-4b2d-ba86-b58acde542bb', '3725c8476aae', 'c00f697d3a9c2985ce4d50800845a00b', 'things', 't1', 'eda2ea827aa7a1f9cb854df068c062c7', '{t1,acme,"thing 1"}', NULL),
	(6, 'things', 'acme', 't2', 'archive', '2026-11-21 10:55:03.410983+00', '2109-01-10 10:55:03.410983+00', '2191-03-01 10:55:03.410983+00', 'job_01m7yvxm7mbnwzpgn2vyxehcmt', 'aud_01m7yvxm7mbg3j1nht40aq6jbv', 'e880da01-d848-4b2d-ba86-b58acde542bb', '3725c8476aae', '14e556bb199badd1a0cabca4073b59f3', 'things', 't2', 'eda2ea827aa7a1f9cb854df068c062c7', '{t2,acme,"thing 2"}', NULL),
	(7, 'notes', 'default', '2', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '26dfde1495a374150c44fe64a612dafa', 'things', 't30', '6e474b1b2aaa04103c57dd0bcefc050e', '{2,t30}', NULL),
	(8, 'things', 'acme', 't20', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'a7a3350782f8dedca2f6cd883d43364b', 'things', 't20', 'eda2ea827aa7a1f9cb854df068c062c7', '{t20,acme,"thing 20"}', NULL),
	(9, 'things', 'acme', 't21', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'dee0921227db1b0ee3c55d2eb65ee3aa', 'things', 't21', 'eda2ea827aa7a1f9cb854df068c062c7', '{t21,acme,"thing 21"}', NULL),
	(10, 'things', 'acme', 't22', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'deb9daaafcbcf0a47dfedf738bb06a2e', 'things', 't22', 'eda2ea827aa7a1f9cb854df068c062c7', '{t22,acme,"thing 22"}', NULL),
	(11, 'things', 'acme', 't23', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '20c82f689623b3ed93bb74f1f9ebb0f4', 'things', 't23', 'eda2ea827aa7a1f9cb854df068c062c7', '{t23,acme,"thing 23"}', NULL),
	(12, 'things', 'acme', 't24', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'd55207711453c308068feff9eedb44f7', 'things', 't24', 'eda2ea827aa7a1f9cb854df068c062c7', '{t24,acme,"thing 24"}', NULL),
	(13, 'things', 'acme', 't25', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '73e993c6855d04c32b63403a895ba642', 'things', 't25', 'eda2ea827aa7a1f9cb854df068c062c7', '{t25,acme,"thing 25"}', NULL),
	(14, 'things', 'acme', 't26', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'df27cf11fc3256630c44e7b24e5aedda', 'things', 't26', 'eda2ea827aa7a1f9cb854df068c062c7', '{t26,acme,"thing 26"}', NULL),
	(15, 'things', 'acme', 't27', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '9197c4427193fdd15a30274f366a4905', 'things', 't27', 'eda2ea827aa7a1f9cb854df068c062c7', '{t27,acme,"thing 27"}', NULL),
	(16, 'things', 'acme', 't28', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'eb8e9e2358eefb52f2d3920400a6604b', 'things', 't28', 'eda2ea827aa7a1f9cb854df068c062c7', '{t28,acme,"thing 28"}', NULL),
	(17, 'things', 'acme', 't29', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '8a62c7956999154fea2520791dc69846', 'things', 't29', 'eda2ea827aa7a1f9cb854df068c062c7', '{t29,acme,"thing 29"}', NULL),
	(18, 'things', 'acme', 't30', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'f34a8af543a437d35b8ce0a40fc493f6', 'things', 't30', 'eda2ea827aa7a1f9cb854df068c062c7', '{t30,acme,"thing 30"}', NULL),
	(19, 'things', 'acme', 't31', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '345cf7bdbb5622a1ba1187aaec770e8d', 'things', 't31', 'eda2ea827aa7a1f9cb854df068c062c7', '{t31,acme,"thing 31"}', NULL),
	(20, 'things', 'acme', 't32', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '4d0870bd519ce649bbf545034586777c', 'things', 't32', 'eda2ea827aa7a1f9cb854df068c062c7', '{t32,acme,"thing 32"}', NULL),
	(21, 'things', 'acme', 't33', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '8367e4a2d5a20e2539d94854c2f4fec8', 'things', 't33', 'eda2ea827aa7a1f9cb854df068c062c7', '{t33,acme,"thing 33"}', NULL),
	(22, 'things', 'acme', 't34', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '9d98ead16d0f824235856409465bf3a3', 'things', 't34', 'eda2ea827aa7a1f9cb854df068c062c7', '{t34,acme,"thing 34"}', NULL),
	(23, 'things', 'acme', 't35', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '61b54ccd2b77f63f6c9a3fec1db42c8f', 'things', 't35', 'eda2ea827aa7a1f9cb854df068c062c7', '{t35,acme,"thing 35"}', NULL),
	(24, 'things', 'acme', 't36', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '77d73e3f41533d391e66a58de7fb4f63', 'things', 't36', 'eda2ea827aa7a1f9cb854df068c062c7', '{t36,acme,"thing 36"}', NULL),
	(25, 'things', 'acme', 't37', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'b3ba1ab60ae6c85b4c4fcf7ff7e149c5', 'things', 't37', 'eda2ea827aa7a1f9cb854df068c062c7', '{t37,acme,"thing 37"}', NULL),
	(26, 'things', 'acme', 't38', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '11cf5fabffdd69ce0279ef2dd2119b1e', 'things', 't38', 'eda2ea827aa7a1f9cb854df068c062c7', '{t38,acme,"thing 38"}', NULL),
	(27, 'things', 'acme', 't39', 'archive', '2026-11-21 10:55:03.437+00', '2109-01-10 10:55:03.437+00', '2191-03-01 10:55:03.437+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8cw0ja1w3q0qt09k4d', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'd1500f7a43162a1c76d138820b5667f7', 'things', 't39', 'eda2ea827aa7a1f9cb854df068c062c7', '{t39,acme,"thing 39"}', NULL),
	(43, 'things', 'acme', 't40', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '768c230cdf6432736c016f6e78e48bdc', 'things', 't40', 'eda2ea827aa7a1f9cb854df068c062c7', '{t40,acme,"thing 40"}', NULL),
	(44, 'things', 'acme', 't41', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '06cff9d323add8d3cc665eba5076eab3', 'things', 't41', 'eda2ea827aa7a1f9cb854df068c062c7', '{t41,acme,"thing 41"}', NULL),
	(45, 'things', 'acme', 't42', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'eab9544a8261f3aba66714bd738239ab', 'things', 't42', 'eda2ea827aa7a1f9cb854df068c062c7', '{t42,acme,"thing 42"}', NULL),
	(46, 'things', 'acme', 't43', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '72ed78582c7e57db1d43ce48c7b33594', 'things', 't43', 'eda2ea827aa7a1f9cb854df068c062c7', '{t43,acme,"thing 43"}', NULL),
	(47, 'things', 'acme', 't44', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '58f2f2390105ad54775bc109a6b91c10', 'things', 't44', 'eda2ea827aa7a1f9cb854df068c062c7', '{t44,acme,"thing 44"}', NULL),
	(48, 'things', 'acme', 't45', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'd8bbd35890d490447b5a5b562e04365c', 'things', 't45', 'eda2ea827aa7a1f9cb854df068c062c7', '{t45,acme,"thing 45"}', NULL),
	(49, 'things', 'acme', 't46', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'ca4c8cdbe4143a65a2df84611ffef219', 'things', 't46', 'eda2ea827aa7a1f9cb854df068c062c7', '{t46,acme,"thing 46"}', NULL),
	(50, 'things', 'acme', 't47', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '093c74d16f2315089dc98e6161387088', 'things', 't47', 'eda2ea827aa7a1f9cb854df068c062c7', '{t47,acme,"thing 47"}', NULL),
	(51, 'things', 'acme', 't48', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'b9d6e7d6069d496bbd56a5c6ecac2c85', 'things', 't48', 'eda2ea827aa7a1f9cb854df068c062c7', '{t48,acme,"thing 48"}', NULL),
	(52, 'things', 'acme', 't49', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'eead5a6e8a586ea5a03e7276691cf6b3', 'things', 't49', 'eda2ea827aa7a1f9cb854df068c062c7', '{t49,acme,"thing 49"}', NULL),
	(53, 'things', 'acme', 't50', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '3ca6f44fbbe9ca8966b5dc1fc29240a2', 'things', 't50', 'eda2ea827aa7a1f9cb854df068c062c7', '{t50,acme,"thing 50"}', NULL),
	(54, 'things', 'acme', 't51', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'ed65562c3213f3bfa0e60475b17aa41d', 'things', 't51', 'eda2ea827aa7a1f9cb854df068c062c7', '{t51,acme,"thing 51"}', NULL),
	(55, 'things', 'acme', 't52', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '39fa89dd2d0958e63a545ed8b5d7cc16', 'things', 't52', 'eda2ea827aa7a1f9cb854df068c062c7', '{t52,acme,"thing 52"}', NULL),
	(56, 'things', 'acme', 't53', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'db7ebe58255cc3d2128c434efe1348a0', 'things', 't53', 'eda2ea827aa7a1f9cb854df068c062c7', '{t53,acme,"thing 53"}', NULL),
	(57, 'things', 'acme', 't54', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'e9dacbe21a35ed24f726921f55266018', 'things', 't54', 'eda2ea827aa7a1f9cb854df068c062c7', '{t54,acme,"thing 54"}', NULL),
	(58, 'things', 'acme', 't55', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'd2429dda4bcf021934b9ccf84637058d', 'things', 't55', 'eda2ea827aa7a1f9cb854df068c062c7', '{t55,acme,"thing 55"}', NULL),
	(59, 'things', 'acme', 't56', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'c57facb6b261ad0dcf6f8e32463bf808', 'things', 't56', 'eda2ea827aa7a1f9cb854df068c062c7', '{t56,acme,"thing 56"}', NULL),
	(60, 'things', 'acme', 't57', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'ace5eb82e43935966d75785612969d5e', 'things', 't57', 'eda2ea827aa7a1f9cb854df068c062c7', '{t57,acme,"thing 57"}', NULL),
	(61, 'things', 'acme', 't58', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '6464aeeb4af537e0b12f63f158ad6cf6', 'things', 't58', 'eda2ea827aa7a1f9cb854df068c062c7', '{t58,acme,"thing 58"}', NULL),
	(62, 'things', 'acme', 't59', 'archive', '2026-11-21 10:55:03.454158+00', '2109-01-10 10:55:03.454158+00', '2191-03-01 10:55:03.454158+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm8xfph13q3s4szewjqd', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '57d9b8897ff59f33ba36d2f36c5d6d7e', 'things', 't59', 'eda2ea827aa7a1f9cb854df068c062c7', '{t59,acme,"thing 59"}', NULL),
	(63, 'things', 'acme', 't60', 'archive', '2026-11-21 10:55:03.460765+00', '2109-01-10 10:55:03.460765+00', '2191-03-01 10:55:03.460765+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm94nwbqcdf3zxp55wbq', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'd60dfd701ab12bf29c8de265559b8111', 'things', 't60', 'eda2ea827aa7a1f9cb854df068c062c7', '{t60,acme,"thing 60"}', NULL),
	(64, 'things', 'acme', 't61', 'archive', '2026-11-21 10:55:03.460765+00', '2109-01-10 10:55:03.460765+00', '2191-03-01 10:55:03.460765+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm94nwbqcdf3zxp55wbq', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '6ffe391211b80c74fc9f7b0d5de966be', 'things', 't61', 'eda2ea827aa7a1f9cb854df068c062c7', '{t61,acme,"thing 61"}', NULL),
	(65, 'things', 'acme', 't62', 'archive', '2026-11-21 10:55:03.460765+00', '2109-01-10 10:55:03.460765+00', '2191-03-01 10:55:03.460765+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm94nwbqcdf3zxp55wbq', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'b96a3e104e49221c177a8c7fbbd74e45', 'things', 't62', 'eda2ea827aa7a1f9cb854df068c062c7', '{t62,acme,"thing 62"}', NULL),
	(66, 'things', 'acme', 't63', 'archive', '2026-11-21 10:55:03.460765+00', '2109-01-10 10:55:03.460765+00', '2191-03-01 10:55:03.460765+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm94nwbqcdf3zxp55wbq', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', '63a7f701c3366ed4850a840d1a045d30', 'things', 't63', 'eda2ea827aa7a1f9cb854df068c062c7', '{t63,acme,"thing 63"}', NULL),
	(67, 'things', 'acme', 't64', 'archive', '2026-11-21 10:55:03.460765+00', '2109-01-10 10:55:03.460765+00', '2191-03-01 10:55:03.460765+00', 'job_01m7yvxm804vebmsmpbqkghcfg', 'aud_01m7yvxm94nwbqcdf3zxp55wbq', 'f8467c97-c3b2-47da-a22b-b9f4fe6c1d10', '3725c8476aae', 'a6d94b624a471d2ee41f50fce3a244cb', 'things', 't64', 'eda2ea827aa7a1f9cb854df068c062c7', '{t64,acme,"thing 64"}', NULL),
	(68, 'things', 'acme', 't90', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'fd2a20e5589c62f53e193fe184f9d1ba', 'things', 't90', 'eda2ea827aa7a1f9cb854df068c062c7', '{t90,acme,"thing 90"}', NULL),
	(69, 'things', 'acme', 't91', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '402a4feafd39e1bdd3f1b5012c1c8aee', 'things', 't91', 'eda2ea827aa7a1f9cb854df068c062c7', '{t91,acme,"thing 91"}', NULL),
	(70, 'things', 'acme', 't92', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'fb872e44684f8f072e64afaed542967b', 'things', 't92', 'eda2ea827aa7a1f9cb854df068c062c7', '{t92,acme,"thing 92"}', NULL),
	(71, 'things', 'acme', 't93', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'c35e413d7ce2c220681635b91669dff0', 'things', 't93', 'eda2ea827aa7a1f9cb854df068c062c7', '{t93,acme,"thing 93"}', NULL),
	(72, 'things', 'acme', 't94', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '4849d7a28a0871be3e913d1cb1947d02', 'things', 't94', 'eda2ea827aa7a1f9cb854df068c062c7', '{t94,acme,"thing 94"}', NULL),
	(73, 'things', 'acme', 't95', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '6d5c16c63f7d829b230785f087b63f74', 'things', 't95', 'eda2ea827aa7a1f9cb854df068c062c7', '{t95,acme,"thing 95"}', NULL),
	(74, 'things', 'acme', 't96', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '2981757e0fbc435eb13fa4621b3c53c9', 'things', 't96', 'eda2ea827aa7a1f9cb854df068c062c7', '{t96,acme,"thing 96"}', NULL),
	(75, 'things', 'acme', 't97', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'b20407e8b76b40c55f313f9b40816398', 'things', 't97', 'eda2ea827aa7a1f9cb854df068c062c7', '{t97,acme,"thing 97"}', NULL),
	(76, 'things', 'acme', 't98', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'c5ec0484b662ad111d52ffe2cdac87ea', 'things', 't98', 'eda2ea827aa7a1f9cb854df068c062c7', '{t98,acme,"thing 98"}', NULL),
	(77, 'things', 'acme', 't99', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'c047b19c454aa00c78e2d340e27ca2f3', 'things', 't99', 'eda2ea827aa7a1f9cb854df068c062c7', '{t99,acme,"thing 99"}', NULL),
	(78, 'things', 'acme', 't100', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'df819850c0bbd241534024c81ab5bd28', 'things', 't100', 'eda2ea827aa7a1f9cb854df068c062c7', '{t100,acme,"thing 100"}', NULL),
	(79, 'things', 'acme', 't101', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '03b892c0f2edbbde572e86b74257d5a1', 'things', 't101', 'eda2ea827aa7a1f9cb854df068c062c7', '{t101,acme,"thing 101"}', NULL),
	(80, 'things', 'acme', 't102', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '12d7d1a712ff1bb41de78f311b262976', 'things', 't102', 'eda2ea827aa7a1f9cb854df068c062c7', '{t102,acme,"thing 102"}', NULL),
	(81, 'things', 'acme', 't103', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '57f962a7359a024eb20503335c71f688', 'things', 't103', 'eda2ea827aa7a1f9cb854df068c062c7', '{t103,acme,"thing 103"}', NULL),
	(82, 'things', 'acme', 't104', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '70a5a4bced76e6f258f89cd4c879be35', 'things', 't104', 'eda2ea827aa7a1f9cb854df068c062c7', '{t104,acme,"thing 104"}', NULL),
	(83, 'things', 'acme', 't105', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '796f11d80240fe47f9b7e63bb1ddb9db', 'things', 't105', 'eda2ea827aa7a1f9cb854df068c062c7', '{t105,acme,"thing 105"}', NULL),
	(84, 'things', 'acme', 't106', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '47972227a216622d728954a63cf59d86', 'things', 't106', 'eda2ea827aa7a1f9cb854df068c062c7', '{t106,acme,"thing 106"}', NULL),
	(85, 'things', 'acme', 't107', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '71ea7c5d7eab76b7574b74ddce76d6d4', 'things', 't107', 'eda2ea827aa7a1f9cb854df068c062c7', '{t107,acme,"thing 107"}', NULL),
	(86, 'things', 'acme', 't108', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '0e191bd39d74b502429b5ddae2bd19a1', 'things', 't108', 'eda2ea827aa7a1f9cb854df068c062c7', '{t108,acme,"thing 108"}', NULL),
	(87, 'things', 'acme', 't109', 'archive', '2026-11-21 10:55:03.497877+00', '2109-01-10 10:55:03.497877+00', '2191-03-01 10:55:03.497877+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxma9vnva82nsa8we5dbz', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '67869876e7f617c9ebae4bcd6734c072', 'things', 't109', 'eda2ea827aa7a1f9cb854df068c062c7', '{t109,acme,"thing 109"}', NULL),
	(88, 'things', 'acme', 't110', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '0d50e00390f150f9eca4b97bfaaa6123', 'things', 't110', 'eda2ea827aa7a1f9cb854df068c062c7', '{t110,acme,"thing 110"}', NULL),
	(89, 'things', 'acme', 't111', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '5ff70f2608b43823dedea8e3ce0ec50d', 'things', 't111', 'eda2ea827aa7a1f9cb854df068c062c7', '{t111,acme,"thing 111"}', NULL),
	(90, 'things', 'acme', 't112', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'bf4d23a70f47c0b2994dd9621214f1cd', 'things', 't112', 'eda2ea827aa7a1f9cb854df068c062c7', '{t112,acme,"thing 112"}', NULL),
	(91, 'things', 'acme', 't113', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'f521b8690f733ac429b13eba2aee2b7c', 'things', 't113', 'eda2ea827aa7a1f9cb854df068c062c7', '{t113,acme,"thing 113"}', NULL),
	(92, 'things', 'acme', 't114', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '417cf03492b4f890406067615b54fab1', 'things', 't114', 'eda2ea827aa7a1f9cb854df068c062c7', '{t114,acme,"thing 114"}', NULL),
	(93, 'things', 'acme', 't115', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'c8fd7c6ad32f7af6fc1072bb930f69a9', 'things', 't115', 'eda2ea827aa7a1f9cb854df068c062c7', '{t115,acme,"thing 115"}', NULL),
	(94, 'things', 'acme', 't116', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'df72b68e99419503fa9e62f7a442c175', 'things', 't116', 'eda2ea827aa7a1f9cb854df068c062c7', '{t116,acme,"thing 116"}', NULL),
	(95, 'things', 'acme', 't117', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '4665e2316573c9f76a93b08c99365caf', 'things', 't117', 'eda2ea827aa7a1f9cb854df068c062c7', '{t117,acme,"thing 117"}', NULL),
	(96, 'things', 'acme', 't118', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '4c324384f6594ff8502b5c246f20d72c', 'things', 't118', 'eda2ea827aa7a1f9cb854df068c062c7', '{t118,acme,"thing 118"}', NULL),
	(97, 'things', 'acme', 't119', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '527d39b0e9aa749de40568c80849a641', 'things', 't119', 'eda2ea827aa7a1f9cb854df068c062c7', '{t119,acme,"thing 119"}', NULL),
	(98, 'things', 'acme', 't120', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'a1099563e4c1cdb26a1db25b6c5dc14a', 'things', 't120', 'eda2ea827aa7a1f9cb854df068c062c7', '{t120,acme,"thing 120"}', NULL),
	(99, 'things', 'acme', 't121', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '9c18bc06095284588d5dd37cdbff7ff4', 'things', 't121', 'eda2ea827aa7a1f9cb854df068c062c7', '{t121,acme,"thing 121"}', NULL),
	(100, 'things', 'acme', 't122', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'abfaa823e25bf8e3e2592a787ce66ccf', 'things', 't122', 'eda2ea827aa7a1f9cb854df068c062c7', '{t122,acme,"thing 122"}', NULL),
	(101, 'things', 'acme', 't123', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '8ed5fc870321e9b6452827568506bbcd', 'things', 't123', 'eda2ea827aa7a1f9cb854df068c062c7', '{t123,acme,"thing 123"}', NULL),
	(102, 'things', 'acme', 't124', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '373d1a886c0e3aaec55a537ed20a906b', 'things', 't124', 'eda2ea827aa7a1f9cb854df068c062c7', '{t124,acme,"thing 124"}', NULL),
	(103, 'things', 'acme', 't125', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'bf0ed78b06f975fb6daf179be5dbd433', 'things', 't125', 'eda2ea827aa7a1f9cb854df068c062c7', '{t125,acme,"thing 125"}', NULL),
	(104, 'things', 'acme', 't126', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'ecf9c973d1d82705319cea3ad496aac2', 'things', 't126', 'eda2ea827aa7a1f9cb854df068c062c7', '{t126,acme,"thing 126"}', NULL),
	(105, 'things', 'acme', 't127', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', 'a828aa732b564f4ee163c313f0c89ce5', 'things', 't127', 'eda2ea827aa7a1f9cb854df068c062c7', '{t127,acme,"thing 127"}', NULL),
	(106, 'things', 'acme', 't128', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '7dc862e0e53daa25527e325da811440f', 'things', 't128', 'eda2ea827aa7a1f9cb854df068c062c7', '{t128,acme,"thing 128"}', NULL),
	(107, 'things', 'acme', 't129', 'archive', '2026-11-21 10:55:03.504118+00', '2109-01-10 10:55:03.504118+00', '2191-03-01 10:55:03.504118+00', 'job_01m7yvxma356tse3k5rcc9v153', 'aud_01m7yvxmafh4vvvdx63gqdzfc8', 'ff36fb66-8556-45e7-a9ed-75c4a22c2e42', '3725c8476aae', '3f4233f1dca2e6b98b454173ce6a511b', 'things', 't129', 'eda2ea827aa7a1f9cb854df068c062c7', '{t129,acme,"thing 129"}', NULL),
	(113, 'things', 'acme', 't280', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'db580cfc13e980f74b96a407c48fb931', 'things', 't280', 'eda2ea827aa7a1f9cb854df068c062c7', '{t280,acme,"thing 280"}', NULL),
	(114, 'things', 'acme', 't281', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'e02c8f9a340553ec1b045eb50815d4c5', 'things', 't281', 'eda2ea827aa7a1f9cb854df068c062c7', '{t281,acme,"thing 281"}', NULL),
	(115, 'things', 'acme', 't282', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'f00f7bb8c98cd093ab62ccbc02348f1c', 'things', 't282', 'eda2ea827aa7a1f9cb854df068c062c7', '{t282,acme,"thing 282"}', NULL),
	(116, 'things', 'acme', 't283', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'c6f6a0b6edba3b724dcba8c5f3239e83', 'things', 't283', 'eda2ea827aa7a1f9cb854df068c062c7', '{t283,acme,"thing 283"}', NULL),
	(117, 'things', 'acme', 't284', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '7a3a14591a9995190e34d135879542db', 'things', 't284', 'eda2ea827aa7a1f9cb854df068c062c7', '{t284,acme,"thing 284"}', NULL),
	(118, 'things', 'acme', 't285', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '0a7c991a3f9d2f9a4fdb6bac623ab494', 'things', 't285', 'eda2ea827aa7a1f9cb854df068c062c7', '{t285,acme,"thing 285"}', NULL),
	(119, 'things', 'acme', 't286', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '275064cd08b1c9fa630feedda66f5428', 'things', 't286', 'eda2ea827aa7a1f9cb854df068c062c7', '{t286,acme,"thing 286"}', NULL),
	(120, 'things', 'acme', 't287', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '3d2e45e03c0d19b4e1a274daa0dcb154', 'things', 't287', 'eda2ea827aa7a1f9cb854df068c062c7', '{t287,acme,"thing 287"}', NULL),
	(121, 'things', 'acme', 't288', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '0a84d0cb49fdcaefc88ba10376b564ff', 'things', 't288', 'eda2ea827aa7a1f9cb854df068c062c7', '{t288,acme,"thing 288"}', NULL),
	(122, 'things', 'acme', 't289', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '3eac6a092b298e3f7bf1e2c7ea961eb6', 'things', 't289', 'eda2ea827aa7a1f9cb854df068c062c7', '{t289,acme,"thing 289"}', NULL),
	(123, 'things', 'acme', 't290', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'b1d1f65be6fb30a03b62425d060a684b', 'things', 't290', 'eda2ea827aa7a1f9cb854df068c062c7', '{t290,acme,"thing 290"}', NULL),
	(124, 'things', 'acme', 't291', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'c4f89c4fab134a28b5079600b0086b5f', 'things', 't291', 'eda2ea827aa7a1f9cb854df068c062c7', '{t291,acme,"thing 291"}', NULL),
	(125, 'things', 'acme', 't292', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '2ce7c7cd9e42360488f84b12464e5d2f', 'things', 't292', 'eda2ea827aa7a1f9cb854df068c062c7', '{t292,acme,"thing 292"}', NULL),
	(126, 'things', 'acme', 't293', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'd58199cc5a082c8ae769a18cb2595c57', 'things', 't293', 'eda2ea827aa7a1f9cb854df068c062c7', '{t293,acme,"thing 293"}', NULL),
	(127, 'things', 'acme', 't294', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', 'efc466bf85b5b1dddc834f61a482ec58', 'things', 't294', 'eda2ea827aa7a1f9cb854df068c062c7', '{t294,acme,"thing 294"}', NULL),
	(128, 'things', 'acme', 't295', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '059b9123d68405fc3ec0b34d731b256a', 'things', 't295', 'eda2ea827aa7a1f9cb854df068c062c7', '{t295,acme,"thing 295"}', NULL),
	(129, 'things', 'acme', 't296', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '1ade5897abc1b9512b4bbd334e945004', 'things', 't296', 'eda2ea827aa7a1f9cb854df068c062c7', '{t296,acme,"thing 296"}', NULL),
	(130, 'things', 'acme', 't297', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '04d779ac72bddefe9e5e48ddefc1ff92', 'things', 't297', 'eda2ea827aa7a1f9cb854df068c062c7', '{t297,acme,"thing 297"}', NULL),
	(131, 'things', 'acme', 't298', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '59cf1e3caf2d0b87979fc0e3ed9d1037', 'things', 't298', 'eda2ea827aa7a1f9cb854df068c062c7', '{t298,acme,"thing 298"}', NULL),
	(132, 'things', 'acme', 't299', 'archive', '2026-11-21 10:55:03.558087+00', '2109-01-10 10:55:03.558087+00', '2191-03-01 10:55:03.558087+00', 'job_01m7yvxmc1zpxvd09tt6fg7gh7', 'aud_01m7yvxmc5away5m39p564d2w7', '360a85f4-381d-4075-b04c-4259041901ad', '3725c8476aae', '97eee60034eb406f4bc2a262c1b6a15c', 'things', 't299', 'eda2ea827aa7a1f9cb854df068c062c7', '{t299,acme,"thing 299"}', NULL);
SELECT pg_catalog.setval('sexton.detached_links_id_seq', 2, true);
SELECT pg_catalog.setval('sexton.tombstones_id_seq', 132, true);
ALTER TABLE ONLY public.bills
    ADD CONSTRAINT bills_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.papers
    ADD CONSTRAINT papers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.things
    ADD CONSTRAINT things_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.bulk_chunks
    ADD CONSTRAINT bulk_chunks_pkey PRIMARY KEY (job_id, n);
ALTER TABLE ONLY sexton.bulk_jobs
    ADD CONSTRAINT bulk_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.detached_links
    ADD CONSTRAINT detached_links_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (account, key);
ALTER TABLE ONLY sexton.previews
    ADD CONSTRAINT previews_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.quotas
    ADD CONSTRAINT quotas_pkey PRIMARY KEY (account);
ALTER TABLE ONLY sexton.schema_version
    ADD CONSTRAINT schema_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY sexton.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.shapes
    ADD CONSTRAINT shapes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sexton.tombstones
    ADD CONSTRAINT tombstones_pkey PRIMARY KEY (id);
CREATE INDEX ix_links_thing ON public.links USING btree (thing_id);
CREATE INDEX ix_notes_thing ON public.notes USING btree (thing_id);
CREATE INDEX ix_audit_log_account ON sexton.audit_log USING btree (account, at);
CREATE INDEX ix_audit_log_item ON sexton.audit_log USING btree (resource, item_id) WHERE (item_id IS NOT NULL);
CREATE INDEX ix_audit_log_job ON sexton.audit_log USING btree (job_id) WHERE (job_id IS NOT NULL);
CREATE INDEX ix_bulk_chunks_ready ON sexton.bulk_chunks USING btree (n, job_id) WHERE (state = 'ready'::text);
CREATE INDEX ix_bulk_jobs_account ON sexton.bulk_jobs USING btree (account, created_at);
CREATE INDEX ix_detached_links_audit ON sexton.detached_links USING btree (audit_id, resource, item_id);
CREATE INDEX ix_detached_links_item ON sexton.detached_links USING btree (resource, item_id);
CREATE INDEX ix_detached_links_parent ON sexton.detached_links USING btree (parent_resource, parent_item);
CREATE INDEX ix_idempotency_keys_expires ON sexton.idempotency_keys USING btree (expires_at);
CREATE INDEX ix_tombstones_audit ON sexton.tombstones USING btree (audit_id, root_item);
CREATE INDEX ix_tombstones_due ON sexton.tombstones USING btree (restorable_until) WHERE (purged_at IS NULL);
CREATE INDEX ix_tombstones_forget ON sexton.tombstones USING btree (forget_after) WHERE ((purged_at IS NOT NULL) OR (restorable_until IS NULL));
CREATE INDEX ix_tombstones_item ON sexton.tombstones USING btree (resource, item_id);
CREATE UNIQUE INDEX ux_holds_item ON sexton.holds USING btree (resource, item_id, account) WHERE (lifted_at IS NULL);
CREATE TRIGGER audit_keeps_rows BEFORE DELETE OR UPDATE ON sexton.audit_log FOR EACH ROW EXECUTE FUNCTION sexton.audit_is_append_only();
CREATE TRIGGER audit_keeps_table BEFORE TRUNCATE ON sexton.audit_log FOR EACH STATEMENT EXECUTE FUNCTION sexton.audit_is_append_only();
ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_thing_id_fkey FOREIGN KEY (thing_id) REFERENCES public.things(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_thing_id_fkey FOREIGN KEY (thing_id) REFERENCES public.things(id) ON DELETE CASCADE;
