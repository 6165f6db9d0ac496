"""A schema of our own: every ON DELETE action, cycles, partitions, every column type; it goes and comes back."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine
from test_everything_goes_and_comes_back import there_and_back

POSTGRES = r"""
CREATE TYPE mood AS ENUM ('sad', 'ok', 'a "quoted", one');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN even AS int CHECK (VALUE % 2 = 0);
CREATE SCHEMA other;
CREATE TABLE "Types:odd ""name"" %" (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s smallint, b bigint, n numeric, n2 numeric(20,5), r real, d double precision,
  m money, t text, v varchar(5), c char(5), by bytea, ts timestamp, tz timestamptz, da date, ti time, tiz timetz, iv interval,
  bo boolean, u uuid, j json, jb jsonb, x xml, ip inet, ci cidr, ma macaddr, bi bit(4), vb bit varying(9), pt point, ln line,
  ls lseg, bx box, pa path, po polygon, cr circle, tv tsvector, tq tsquery, ir int4range, nr numrange, tr tstzrange,
  mr int4multirange, e mood, ea mood[], ia int[], ta text[][], p pair, pp pair[], ev even, o oid, nm name, ch "char",
  lsn pg_lsn, gen int GENERATED ALWAYS AS (s * 2) STORED, "Col:on ""q"" %s" text DEFAULT 'x');
INSERT INTO "Types:odd ""name"" %" (s,b,n,n2,r,d,m,t,v,c,by,ts,tz,da,ti,tiz,iv,bo,u,j,jb,x,ip,ci,ma,bi,vb,pt,ln,ls,bx,pa,po,cr,tv,tq,ir,nr,tr,mr,e,ea,ia,ta,p,pp,ev,o,nm,ch,lsn) VALUES
 (-32768, 9223372036854775807, 'NaN', 12345678901234.50000, 'Infinity', 0.1, 12.34, E'a\nb\t"''\\', 'vvvvv', 'c ', '\x00ff', '0044-03-15 12:00:00 BC',
  'infinity', '-infinity', '24:00', '12:00:00+05:30', '1 year -2 mons 3 days 04:05:06.789', true, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
  '{"b": 1,  "a": [1, null], "b": 2}', 'null', '<a b="c">t</a>', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', '1010', '10101', '(1,2)', '{1,2,3}',
  '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,1),(2,0))', '<(0,0),5>', 'a:1 fat:2A cat', 'fat & !rat', '[1,10)', 'empty',
  '["2026-01-01 00:00:00+00",)', '{[1,3),[5,7)}', 'a "quoted", one', '{ok,"a \"quoted\", one",NULL}', '{1,NULL,3}', '{{a,"b,c"},{NULL,"NULL"}}',
  '(1,"x,y")', ARRAY[ROW(1,'a')::pair, NULL], 4, 4294967295, 'name', 'c', '16/B374D848'),
 (NULL, NULL, 0.000000000000000000001, -0, '-0', 'NaN', NULL, '', '', '', '', '2026-01-01 00:00:00.000001', '2026-06-01 12:00:00+02', '2026-02-28', NULL, NULL, '-1 day',
  false, NULL, '""', '{"n": 1.10, "e": 1e400}', NULL, '::1', NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, 'sad', '{}', '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (1,1,1,1,1,1,1,'1','1','1','1','2026-01-01','2026-01-01','2026-01-01','01:00','01:00Z','1 s',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE keys_uuid (id uuid PRIMARY KEY); INSERT INTO keys_uuid VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');
CREATE TABLE keys_many (a mood, b bytea, c date, d timestamptz, e numeric, f char(4), g boolean, h inet, i even, j double precision,
  PRIMARY KEY (a, b, c, d, e, f, g, h, i, j));
INSERT INTO keys_many VALUES ('a "quoted", one', '\x2c25', '2026-01-01', '2026-01-01 10:00:00.5+02', 1.50, 'ab', true, '10.0.0.1', 2, 1e100),
  ('ok', '', '0001-01-01', 'infinity', 'NaN', '', false, '::1/64', 0, 'NaN');
CREATE TABLE other.parent (id int PRIMARY KEY); CREATE TABLE parent (id int PRIMARY KEY, other_id int REFERENCES other.parent ON DELETE CASCADE);
INSERT INTO other.parent VALUES (1), (2); INSERT INTO parent VALUES (1, 1), (2, 2), (3, NULL);
CREATE INDEX ON parent (other_id);
CREATE TABLE measured (at date NOT NULL, n int, parent_id int REFERENCES parent ON DELETE CASCADE, PRIMARY KEY (at, n)) PARTITION BY RANGE (at);
CREATE TABLE measured_2025 PARTITION OF measured FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measured_rest PARTITION OF measured DEFAULT PARTITION BY HASH (n);
CREATE TABLE measured_rest_0 PARTITION OF measured_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE measured_rest_1 PARTITION OF measured_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO measured SELECT date '2025-06-01' + g, g, 1 + g % 3 FROM generate_series(1, 400) g;
CREATE TABLE about_measured (id int PRIMARY KEY, at date, n int, FOREIGN KEY (at, n) REFERENCES measured ON DELETE SET NULL);
INSERT INTO about_measured SELECT g, date '2025-06-01' + g, g FROM generate_series(1, 400, 7) g;
"""
COMMON = """
CREATE TABLE top (id INTEGER PRIMARY KEY, code VARCHAR(10) NOT NULL UNIQUE);
INSERT INTO top VALUES (0, 'zero'), (1, 'one'), (2, 'two'), (3, 'three');
CREATE TABLE by_cascade (id INTEGER PRIMARY KEY, top_id INTEGER REFERENCES top (id) ON DELETE CASCADE, code VARCHAR(10) REFERENCES top (code) ON DELETE SET NULL);
INSERT INTO by_cascade VALUES (1, 1, 'one'), (2, 2, 'one'), (3, 3, NULL), (4, NULL, 'two');
CREATE TABLE by_null (id INTEGER PRIMARY KEY, top_id INTEGER REFERENCES top (id) ON DELETE SET NULL);
INSERT INTO by_null VALUES (1, 1), (2, 1), (3, NULL), (4, 3);
CREATE TABLE by_default (id INTEGER PRIMARY KEY, top_id INTEGER DEFAULT 0 REFERENCES top (id) ON DELETE SET DEFAULT);
INSERT INTO by_default VALUES (1, 1), (2, 2);
CREATE TABLE by_restrict (id INTEGER PRIMARY KEY, top_id INTEGER REFERENCES top (id) ON DELETE RESTRICT);
INSERT INTO by_restrict VALUES (1, 2), (2, 3);
CREATE TABLE by_nothing (a INTEGER, b INTEGER, top_id INTEGER REFERENCES top (id), PRIMARY KEY (a, b));
INSERT INTO by_nothing VALUES (1, 1, 1), (1, 2, 2), (2, 1, NULL);
CREATE TABLE below (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, FOREIGN KEY (a, b) REFERENCES by_nothing (a, b) ON DELETE CASCADE);
INSERT INTO below VALUES (1, 1, 1), (2, 1, 2), (3, NULL, 1);
CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id) ON DELETE RESTRICT, friend INTEGER REFERENCES tree (id) ON DELETE SET NULL);
INSERT INTO tree VALUES (1, NULL, NULL), (2, 1, 1), (3, 2, 1), (4, 1, 4), (5, NULL, 2);
CREATE TABLE self (id INTEGER PRIMARY KEY, me INTEGER NOT NULL REFERENCES self (id) ON DELETE CASCADE);
INSERT INTO self VALUES (1, 1), (2, 1), (3, 2);
"""
LITE = """
CREATE TABLE "Types:odd ""name"" %" (id INTEGER PRIMARY KEY AUTOINCREMENT, i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC, d DECIMAL(10,2),
  dt DATETIME, bo BOOLEAN, j JSON, x, gen INTEGER GENERATED ALWAYS AS (i * 2) STORED, gv TEXT AS (t || '!') VIRTUAL, "Col:on ""q"" %s" TEXT);
INSERT INTO "Types:odd ""name"" %" (i, r, t, b, n, d, dt, bo, j, x) VALUES
 (9223372036854775807, 0.1, 'it''s "q"', x'00ff', 1.5, 9.99, '2026-01-01 00:00:00', 1, '{"a":  1}', x'6162'),
 (-9223372036854775808, 9e999, '', x'', 'text in numeric', 1e300, 'no date', 7, 'no json', 1.0),
 ('text in integer', -9e999, char(0, 97, 10, 0), NULL, NULL, 5, 1700000000, NULL, NULL, 'null'),
 (NULL, 1e-320, '{"real": "1"}', x'7b7d', 123456789012345678, 0.30000000000000004, NULL, 0, 'null', '["x"]');
CREATE TABLE keys_text (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO keys_text VALUES ('', 1), ('a,b%', 2), ('7', 3), ('é', 4), ('.', 5);
CREATE TABLE keys_blob (k BLOB PRIMARY KEY, v); INSERT INTO keys_blob VALUES (x'00ff', 1), ('text', 2), (7, 3);
CREATE TABLE keys_real (k REAL PRIMARY KEY, l NUMERIC); INSERT INTO keys_real VALUES (1.5, 1), (2, 2), (1e100, 3);
CREATE TABLE keys_many (a INTEGER, b TEXT, c BLOB, PRIMARY KEY (a, b, c)); INSERT INTO keys_many VALUES (1, 'x,y', x'2c25'), (2, '%2C', 'z');
CREATE TABLE strict_one (id INTEGER PRIMARY KEY, t TEXT NOT NULL, a ANY) STRICT; INSERT INTO strict_one VALUES (1, 'x', '7'), (2, 'y', 7);
CREATE TABLE knot_a (id INTEGER PRIMARY KEY, b INTEGER NOT NULL REFERENCES knot_b (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE knot_b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES knot_a (id) DEFERRABLE INITIALLY DEFERRED);
BEGIN; INSERT INTO knot_a VALUES (1, 1), (2, 1); INSERT INTO knot_b VALUES (1, 2); COMMIT;
CREATE VIEW a_view AS SELECT 1 AS one;
CREATE VIRTUAL TABLE words USING fts5 (body); INSERT INTO words VALUES ('left alone');
"""
KNOT = """
CREATE TABLE knot_a (id INTEGER PRIMARY KEY, b INTEGER NOT NULL); CREATE TABLE knot_b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES knot_a (id));
INSERT INTO knot_a VALUES (1, 1), (2, 1); INSERT INTO knot_b VALUES (1, 2);
ALTER TABLE knot_a ADD FOREIGN KEY (b) REFERENCES knot_b (id);
"""


@pytest.fixture
def schema_url(database_url):
    engine = create_engine(database_url)
    raw = engine.raw_connection()
    if database_url.startswith("sqlite"):
        raw.executescript(COMMON + LITE)
    else:
        connection = raw.driver_connection
        with_xml = connection.execute("SELECT setting FROM pg_config WHERE name = 'CONFIGURE'").fetchone()[0]
        script = POSTGRES if "libxml" in with_xml else POSTGRES.replace("x xml,", "x text,")
        connection.execute(COMMON + KNOT + script)
    raw.commit()
    raw.close()
    engine.dispose()
    return database_url


def test_every_type_and_every_rule(schema_url):
    there_and_back(schema_url, [])
