BEGIN TRANSACTION;
CREATE TABLE bills (id TEXT PRIMARY KEY, account_id TEXT NOT NULL);
INSERT INTO "bills" VALUES('b2','acme');
CREATE TABLE links (id INTEGER PRIMARY KEY, thing_id TEXT REFERENCES things (id) ON DELETE SET NULL);
INSERT INTO "links" VALUES(1,NULL);
INSERT INTO "links" VALUES(2,NULL);
CREATE TABLE notes (id INTEGER PRIMARY KEY, thing_id TEXT NOT NULL REFERENCES things (id) ON DELETE CASCADE);
CREATE TABLE papers (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, deleted_at TIMESTAMP);
INSERT INTO "papers" VALUES('d1','acme','2026-11-21 10:55:01.453830');
INSERT INTO "papers" VALUES('d2','acme',NULL);
CREATE TABLE sexton_api_keys (
	id VARCHAR(64) NOT NULL, 
	account TEXT NOT NULL, 
	secret_hash TEXT NOT NULL, 
	scopes JSON NOT NULL, 
	name TEXT, 
	created_at TEXT NOT NULL, 
	revoked_at TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_api_keys" VALUES('9360a6314288','acme','fcd9464d0ade6a41ad34f9206a9665488eb100dd361993e78c25abd1e2466427','["read", "delete", "restore", "write", "hold", "approve", "audit", "admin"]','a','2026-11-21T10:55:01.427506Z',NULL);
INSERT INTO "sexton_api_keys" VALUES('123aaf927d36','acme','512a0cacebbde1debc7b28dd049d29c285ef31033a6e11fa0af0d5799189c3be','["read", "delete", "restore", "write", "hold", "approve", "audit", "admin"]','b','2026-11-21T10:55:01.427506Z',NULL);
CREATE TABLE sexton_audit_log (
	id VARCHAR(64) NOT NULL, 
	at TEXT NOT NULL, 
	account TEXT NOT NULL, 
	key_id TEXT, 
	ip TEXT, 
	user_agent TEXT, 
	correlation_id TEXT, 
	action TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	item_id TEXT, 
	items JSON, 
	job_id TEXT, 
	reason TEXT, 
	requested JSON, 
	failed JSON, 
	summary JSON, 
	keep_until TEXT NOT NULL, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID

;
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxja1kkvrhntpm32jc1cg','2026-11-21T10:55:01.439865Z','acme','9360a6314288','testclient','testclient','ec755e53-3627-4eba-8240-26965d8aac3b','delete','things',NULL,'["things/t0", "notes/1"]',NULL,NULL,'{"ids": ["t0"], "if_match": null}','[]','{"deleted": 2, "failed": 0}','2033-11-21T10:55:01.439865Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjaengv66eykna97gvhn','2026-11-21T10:55:01.453830Z','acme','9360a6314288','testclient','testclient','340827c0-e215-414f-856c-be45445478a0','delete','papers','d1','["papers/d1"]',NULL,NULL,'{"ids": ["d1"], "if_match": null}','[]','{"deleted": 1, "failed": 0}','2033-11-21T10:55:01.453830Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjaja2qx4m4j8tfyvbgx','2026-11-21T10:55:01.458640Z','acme','9360a6314288','testclient','testclient','0e3c885e-1b5e-4056-85b3-9fed8d137520','delete','bills','b1','["bills/b1"]',NULL,NULL,'{"ids": ["b1"], "if_match": null}','[]','{"deleted": 1, "failed": 0}','2033-11-21T10:55:01.458640Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjaq6f7fdgqm48h7tywr','2026-11-21T10:55:01.462417Z','acme','9360a6314288','testclient','testclient','a8b52375-5e18-4f1d-9fc0-a02dffb02098','bulk_delete','things',NULL,'["things/t1", "things/t2"]','job_01m7yvxjaqfvmt7jarqn5zvdnf',NULL,'{"ids": ["t1", "t2", "nowhere"], "cascade": false}','[]','{"requested": 3, "deleted": 2, "gone": 0, "not_found": 1, "failed": 0}','2033-11-21T10:55:01.462417Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjayn356ygymgb2qa69w','2026-11-21T10:55:01.469798Z','acme','9360a6314288','testclient','testclient','34f22a04-0990-4c6a-891e-80b343d8e66b','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjayrht7011dm69vekx8',NULL,'{"count": 45, "cascade": true}','[]','{"requested": 45}','2033-11-21T10:55:01.469798Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjb2v1h0sq3r7n3stte6','2026-11-21T10:55:01.474654Z','acme','9360a6314288','testclient','testclient','48d2c296-4b48-4f8b-9154-a63b13616bed','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjb21b44h5yzvgyj7b1g',NULL,'{"count": 15, "cascade": true}','[]','{"requested": 15}','2033-11-21T10:55:01.474654Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjb73yw6tg3zs6w03stg','2026-11-21T10:55:01.479779Z','acme','9360a6314288','testclient','testclient','34f22a04-0990-4c6a-891e-80b343d8e66b','bulk_delete','things',NULL,'["things/t20", "things/t21", "things/t22", "things/t23", "things/t24", "things/t25", "things/t26", "things/t27", "things/t28", "things/t29", "things/t30", "things/t31", "things/t32", "things/t33", "things/t34", "things/t35", "things/t36", "things/t37", "things/t38", "things/t39", "notes/2"]','job_01m7yvxjayrht7011dm69vekx8',NULL,'{"ids": ["t20", "t21", "t22", "t23", "t24", "t25", "t26", "t27", "t28", "t29", "t30", "t31", "t32", "t33", "t34", "t35", "t36", "t37", "t38", "t39"], "chunk": 0}','[]','{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.479779Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjbeb5qyy6qbxdt5kzke','2026-11-21T10:55:01.486487Z','acme','9360a6314288','testclient','testclient','48d2c296-4b48-4f8b-9154-a63b13616bed','bulk_delete','things',NULL,'["things/t70", "things/t71", "things/t72", "things/t73", "things/t74", "things/t75", "things/t76", "things/t77", "things/t78", "things/t79", "things/t80", "things/t81", "things/t82", "things/t83", "things/t84"]','job_01m7yvxjb21b44h5yzvgyj7b1g',NULL,'{"ids": ["t70", "t71", "t72", "t73", "t74", "t75", "t76", "t77", "t78", "t79", "t80", "t81", "t82", "t83", "t84"], "chunk": 0}','[]','{"requested": 15, "deleted": 15, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.486487Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjbjqsw99atxrt6mhg01','2026-11-21T10:55:01.490507Z','acme','9360a6314288','testclient','testclient','34f22a04-0990-4c6a-891e-80b343d8e66b','bulk_delete','things',NULL,'["things/t40", "things/t41", "things/t42", "things/t43", "things/t44", "things/t45", "things/t46", "things/t47", "things/t48", "things/t49", "things/t50", "things/t51", "things/t52", "things/t53", "things/t54", "things/t55", "things/t56", "things/t57", "things/t58", "things/t59"]','job_01m7yvxjayrht7011dm69vekx8',NULL,'{"ids": ["t40", "t41", "t42", "t43", "t44", "t45", "t46", "t47", "t48", "t49", "t50", "t51", "t52", "t53", "t54", "t55", "t56", "t57", "t58", "t59"], "chunk": 1}','[]','{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.490507Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjbnzpbba8rj59pttjk5','2026-11-21T10:55:01.493271Z','acme','9360a6314288','testclient','testclient','34f22a04-0990-4c6a-891e-80b343d8e66b','bulk_delete','things',NULL,'["things/t60", "things/t61", "things/t62", "things/t63", "things/t64"]','job_01m7yvxjayrht7011dm69vekx8',NULL,'{"ids": ["t60", "t61", "t62", "t63", "t64"], "chunk": 2}','[]','{"requested": 5, "deleted": 5, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.493271Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjby8k3sfyn3me8qcsc1','2026-11-21T10:55:01.502038Z','acme','9360a6314288','testclient','testclient','58edc68e-3684-4bdf-b707-d50e6a3fc5d3','bulk_restore','things',NULL,'["things/t70", "things/t71", "things/t72", "things/t73", "things/t74", "things/t75", "things/t76", "things/t77", "things/t78", "things/t79", "things/t80", "things/t81", "things/t82", "things/t83", "things/t84"]','job_01m7yvxjbtk97zd8m4t04fa50m','undo of job_01m7yvxjb21b44h5yzvgyj7b1g','{"ids": ["t70", "t71", "t72", "t73", "t74", "t75", "t76", "t77", "t78", "t79", "t80", "t81", "t82", "t83", "t84"]}','[]','{"requested": 15, "restored": 15, "live": 0, "purged": 0, "failed": 0}','2033-11-21T10:55:01.502038Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjc4ntz53zjpv40zdcm1','2026-11-21T10:55:01.508580Z','acme','9360a6314288','testclient','testclient','59c2ea12-674c-492e-8a92-3e20954541cf','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjc4ky9vexcygs0cxrqj',NULL,'{"count": 45, "cascade": true}','[]','{"requested": 45}','2033-11-21T10:55:01.508580Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjc8j99qw00agn30680m','2026-11-21T10:55:01.512261Z','acme','9360a6314288','testclient','testclient','59c2ea12-674c-492e-8a92-3e20954541cf','bulk_delete','things',NULL,'["things/t100", "things/t101", "things/t102", "things/t103", "things/t104", "things/t105", "things/t106", "things/t107", "things/t108", "things/t109", "things/t90", "things/t91", "things/t92", "things/t93", "things/t94", "things/t95", "things/t96", "things/t97", "things/t98", "things/t99"]','job_01m7yvxjc4ky9vexcygs0cxrqj',NULL,'{"ids": ["t90", "t91", "t92", "t93", "t94", "t95", "t96", "t97", "t98", "t99", "t100", "t101", "t102", "t103", "t104", "t105", "t106", "t107", "t108", "t109"], "chunk": 0}','[]','{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.512261Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjcbz4618vea6p747976','2026-11-21T10:55:01.515722Z','acme','9360a6314288','testclient','testclient','59c2ea12-674c-492e-8a92-3e20954541cf','bulk_delete','things',NULL,'["things/t110", "things/t111", "things/t112", "things/t113", "things/t114", "things/t115", "things/t116", "things/t117", "things/t118", "things/t119", "things/t120", "things/t121", "things/t122", "things/t123", "things/t124", "things/t125", "things/t126", "things/t127", "things/t128", "things/t129"]','job_01m7yvxjc4ky9vexcygs0cxrqj',NULL,'{"ids": ["t110", "t111", "t112", "t113", "t114", "t115", "t116", "t117", "t118", "t119", "t120", "t121", "t122", "t123", "t124", "t125", "t126", "t127", "t128", "t129"], "chunk": 1}','[]','{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.515722Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjceefdp9jfw9yfbg3hs','2026-11-21T10:55:01.518522Z','acme','9360a6314288','testclient','testclient','59c2ea12-674c-492e-8a92-3e20954541cf','bulk_delete','things',NULL,'["things/t130", "things/t131", "things/t132", "things/t133", "things/t134"]','job_01m7yvxjc4ky9vexcygs0cxrqj',NULL,'{"ids": ["t130", "t131", "t132", "t133", "t134"], "chunk": 2}','[]','{"requested": 5, "deleted": 5, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.518522Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjcp9f54nvt2bqgy8t8e','2026-11-21T10:55:01.526357Z','acme','9360a6314288','testclient','testclient','9983f644-ec7d-4fe4-a7ea-e90691fe11b5','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjcpv3x12jbevmarmdhk',NULL,'{"count": 75, "cascade": true}','[]','{"requested": 75}','2033-11-21T10:55:01.526357Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjcxqd8n01934p9fc7e5','2026-11-21T10:55:01.533058Z','acme','9360a6314288','testclient','testclient','c56a85bc-0d59-4a18-9b80-529f25452321','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjcxp21af37f3qy0r6h3',NULL,'{"count": 25, "cascade": true}','[]','{"requested": 25}','2033-11-21T10:55:01.533058Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjd7sry22p84m8bbr6w0','2026-11-21T10:55:01.540870Z','acme','9360a6314288','testclient','testclient','c315a1df-4b17-44c8-878b-8e3bee0dc0a8','job_pause','things',NULL,'[]','job_01m7yvxjcxp21af37f3qy0r6h3',NULL,'null','[]','{}','2033-11-21T10:55:01.540870Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjdgkkpqq0ggsc42x8jp','2026-11-21T10:55:01.552181Z','acme','9360a6314288','testclient','testclient','9dc7a960-2f5a-432a-9baf-2586100e45e3','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjdg0bktgcy1e8pyz3aw',NULL,'{"count": 25, "cascade": true}','[]','{"requested": 25}','2033-11-21T10:55:01.552181Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjdn6hp6vz814cb7yw7v','2026-11-21T10:55:01.556386Z','acme','9360a6314288','testclient','testclient','2879ac58-862f-4a66-9934-d11e19ae720f','job_cancel','things',NULL,'[]','job_01m7yvxjdg0bktgcy1e8pyz3aw',NULL,'null','[]','{}','2033-11-21T10:55:01.556386Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjdz94tkenc13z4j95b6','2026-11-21T10:55:01.567236Z','acme','9360a6314288','testclient','testclient','6957dc0a-8134-4453-85c4-92b569c681e2','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjdznjtnje5zxhdaphxg',NULL,'{"count": 45, "cascade": true}','[]','{"requested": 45}','2033-11-21T10:55:01.567236Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxje4yemkbg45j0s0rd64','2026-11-21T10:55:01.572243Z','acme','9360a6314288','testclient','testclient','6957dc0a-8134-4453-85c4-92b569c681e2','bulk_delete','things',NULL,'["things/t280", "things/t281", "things/t282", "things/t283", "things/t284", "things/t285", "things/t286", "things/t287", "things/t288", "things/t289", "things/t290", "things/t291", "things/t292", "things/t293", "things/t294", "things/t295", "things/t296", "things/t297", "things/t298", "things/t299"]','job_01m7yvxjdznjtnje5zxhdaphxg',NULL,'{"ids": ["t280", "t281", "t282", "t283", "t284", "t285", "t286", "t287", "t288", "t289", "t290", "t291", "t292", "t293", "t294", "t295", "t296", "t297", "t298", "t299"], "chunk": 0}','[]','{"requested": 20, "deleted": 20, "gone": 0, "not_found": 0, "failed": 0}','2033-11-21T10:55:01.572243Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjehj5qh7kvq5vbpa1pk','2026-11-21T10:55:01.585279Z','acme','9360a6314288','testclient','testclient','e0daa58e-ada3-4928-b206-0ffb582607b6','bulk_restore','things',NULL,'["things/t130", "things/t131", "things/t132", "things/t133", "things/t134"]','job_01m7yvxjecb9t5x8ra74cb8hq4','undo of job_01m7yvxjc4ky9vexcygs0cxrqj','{"ids": ["t130", "t131", "t132", "t133", "t134"]}','[]','{"requested": 5, "restored": 5, "live": 0, "purged": 0, "failed": 0}','2033-11-21T10:55:01.585279Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjeq5mtgrb87z1awpz8p','2026-11-21T10:55:01.591622Z','acme','9360a6314288','testclient','testclient','ec1c2864-6068-40ec-9f0f-2b8a972e194a','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjeq21ymd816j9t44cky',NULL,'{"count": 30, "cascade": true}','[]','{"requested": 30}','2033-11-21T10:55:01.591622Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjevdbsh486kc6246j4b','2026-11-21T10:55:01.594975Z','acme','9360a6314288','testclient','testclient','00856e80-60fa-4e55-9c68-75115fa57475','bulk_delete_requested','things',NULL,'[]','job_01m7yvxjevzqzg4s5x3j8ykhcm',NULL,'{"count": 15, "cascade": true}','[]','{"requested": 15}','2033-11-21T10:55:01.594975Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjezzz7k923jcjn2nezd','2026-11-21T10:55:01.598848Z','acme','9360a6314288','testclient','testclient','06366956-db68-4335-a942-14914d408a38','hold','things','t390','[]',NULL,'in court','{"ids": ["t390"]}','[]','{}','2033-11-21T10:55:01.598848Z');
INSERT INTO "sexton_audit_log" VALUES('aud_01m7yvxjf672g0mm1aq96g92fj','2026-11-21T10:55:01.605778Z','acme','9360a6314288','testclient','testclient','917aad5d-81b5-4a37-8811-390f84333d80','hold','papers','d1','[]',NULL,'in court too','{"ids": ["d1"]}','[]','{}','2033-11-21T10:55:01.605778Z');
CREATE TABLE sexton_bulk_chunks (
	job_id VARCHAR(64) NOT NULL, 
	n INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	ids JSON NOT NULL, 
	versions JSON, 
	counts JSON NOT NULL, 
	exceptions JSON NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	audit_id TEXT, 
	PRIMARY KEY (job_id, n)
);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjaqfvmt7jarqn5zvdnf',0,'done','["t1", "t2", "nowhere"]','null','{"deleted": 2, "not_found": 1}','{"nowhere": {"status": "not_found"}}',0,'aud_01m7yvxjaq6f7fdgqm48h7tywr');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjayrht7011dm69vekx8',0,'done','["t20", "t21", "t22", "t23", "t24", "t25", "t26", "t27", "t28", "t29", "t30", "t31", "t32", "t33", "t34", "t35", "t36", "t37", "t38", "t39"]','null','{"deleted": 20}','{}',0,'aud_01m7yvxjb73yw6tg3zs6w03stg');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjayrht7011dm69vekx8',1,'done','["t40", "t41", "t42", "t43", "t44", "t45", "t46", "t47", "t48", "t49", "t50", "t51", "t52", "t53", "t54", "t55", "t56", "t57", "t58", "t59"]','null','{"deleted": 20}','{}',0,'aud_01m7yvxjbjqsw99atxrt6mhg01');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjayrht7011dm69vekx8',2,'done','["t60", "t61", "t62", "t63", "t64"]','null','{"deleted": 5}','{}',0,'aud_01m7yvxjbnzpbba8rj59pttjk5');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjb21b44h5yzvgyj7b1g',0,'done','["t70", "t71", "t72", "t73", "t74", "t75", "t76", "t77", "t78", "t79", "t80", "t81", "t82", "t83", "t84"]','null','{"deleted": 15}','{}',0,'aud_01m7yvxjbeb5qyy6qbxdt5kzke');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjbtk97zd8m4t04fa50m',0,'done','["t70", "t71", "t72", "t73", "t74", "t75", "t76", "t77", "t78", "t79", "t80", "t81", "t82", "t83", "t84"]','null','{"restored": 15}','{}',0,'aud_01m7yvxjby8k3sfyn3me8qcsc1');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjc4ky9vexcygs0cxrqj',0,'done','["t90", "t91", "t92", "t93", "t94", "t95", "t96", "t97", "t98", "t99", "t100", "t101", "t102", "t103", "t104", "t105", "t106", "t107", "t108", "t109"]','null','{"deleted": 20}','{}',0,'aud_01m7yvxjc8j99qw00agn30680m');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjc4ky9vexcygs0cxrqj',1,'done','["t110", "t111", "t112", "t113", "t114", "t115", "t116", "t117", "t118", "t119", "t120", "t121", "t122", "t123", "t124", "t125", "t126", "t127", "t128", "t129"]','null','{"deleted": 20}','{}',0,'aud_01m7yvxjcbz4618vea6p747976');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjc4ky9vexcygs0cxrqj',2,'done','["t130", "t131", "t132", "t133", "t134"]','null','{"deleted": 5}','{}',0,'aud_01m7yvxjceefdp9jfw9yfbg3hs');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjcpv3x12jbevmarmdhk',0,'ready','["t140", "t141", "t142", "t143", "t144", "t145", "t146", "t147", "t148", "t149", "t150", "t151", "t152", "t153", "t154", "t155", "t156", "t157", "t158", "t159"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjcpv3x12jbevmarmdhk',1,'ready','["t160", "t161", "t162", "t163", "t164", "t165", "t166", "t167", "t168", "t169", "t170", "t171", "t172", "t173", "t174", "t175", "t176", "t177", "t178", "t179"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjcpv3x12jbevmarmdhk',2,'ready','["t180", "t181", "t182", "t183", "t184", "t185", "t186", "t187", "t188", "t189", "t190", "t191", "t192", "t193", "t194", "t195", "t196", "t197", "t198", "t199"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjcpv3x12jbevmarmdhk',3,'ready','["t200", "t201", "t202", "t203", "t204", "t205", "t206", "t207", "t208", "t209", "t210", "t211", "t212", "t213", "t214"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjcxp21af37f3qy0r6h3',0,'ready','["t220", "t221", "t222", "t223", "t224", "t225", "t226", "t227", "t228", "t229", "t230", "t231", "t232", "t233", "t234", "t235", "t236", "t237", "t238", "t239"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjcxp21af37f3qy0r6h3',1,'ready','["t240", "t241", "t242", "t243", "t244"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjdg0bktgcy1e8pyz3aw',0,'ready','["t250", "t251", "t252", "t253", "t254", "t255", "t256", "t257", "t258", "t259", "t260", "t261", "t262", "t263", "t264", "t265", "t266", "t267", "t268", "t269"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjdg0bktgcy1e8pyz3aw',1,'ready','["t270", "t271", "t272", "t273", "t274"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjdznjtnje5zxhdaphxg',0,'done','["t280", "t281", "t282", "t283", "t284", "t285", "t286", "t287", "t288", "t289", "t290", "t291", "t292", "t293", "t294", "t295", "t296", "t297", "t298", "t299"]','null','{"deleted": 20}','{}',0,'aud_01m7yvxje4yemkbg45j0s0rd64');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjdznjtnje5zxhdaphxg',1,'ready','["t300", "t301", "t302", "t303", "t304", "t305", "t306", "t307", "t308", "t309", "t310", "t311", "t312", "t313", "t314", "t315", "t316", "t317", "t318", "t319"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjdznjtnje5zxhdaphxg',2,'ready','["t320", "t321", "t322", "t323", "t324"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjecb9t5x8ra74cb8hq4',0,'done','["t130", "t131", "t132", "t133", "t134"]','null','{"restored": 5}','{}',0,'aud_01m7yvxjehj5qh7kvq5vbpa1pk');
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjecb9t5x8ra74cb8hq4',1,'ready','["t110", "t111", "t112", "t113", "t114", "t115", "t116", "t117", "t118", "t119", "t120", "t121", "t122", "t123", "t124", "t125", "t126", "t127", "t128", "t129"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjecb9t5x8ra74cb8hq4',2,'ready','["t90", "t91", "t92", "t93", "t94", "t95", "t96", "t97", "t98", "t99", "t100", "t101", "t102", "t103", "t104", "t105", "t106", "t107", "t108", "t109"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjeq21ymd816j9t44cky',0,'ready','["t330", "t331", "t332", "t333", "t334", "t335", "t336", "t337", "t338", "t339", "t340", "t341", "t342", "t343", "t344", "t345", "t346", "t347", "t348", "t349"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjeq21ymd816j9t44cky',1,'ready','["t350", "t351", "t352", "t353", "t354", "t355", "t356", "t357", "t358", "t359"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('job_01m7yvxjevzqzg4s5x3j8ykhcm',0,'ready','["t360", "t361", "t362", "t363", "t364", "t365", "t366", "t367", "t368", "t369", "t370", "t371", "t372", "t373", "t374"]','null','{}','{}',0,NULL);
INSERT INTO "sexton_bulk_chunks" VALUES('prev_01m7yvxjfa7cpdjzjvjxqqery0',0,'frozen','["t380", "t381"]','["\"0fefafbab12014b94fa80c183bc29d1d\"", "\"a9bedce393d78f289aac6f1cf8d34a7d\""]','{}','{}',0,NULL);
CREATE TABLE sexton_bulk_jobs (
	id VARCHAR(64) NOT NULL, 
	account TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	requested_by TEXT NOT NULL, 
	principal JSON NOT NULL, 
	options JSON NOT NULL, 
	requested INTEGER NOT NULL, 
	duplicates INTEGER NOT NULL, 
	audit_id TEXT, 
	source_job_id TEXT, 
	created_at TEXT NOT NULL, 
	started_at TEXT, 
	finished_at TEXT, 
	not_before TEXT, 
	restorable_until TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjaqfvmt7jarqn5zvdnf','acme','things','delete','completed',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "a8b52375-5e18-4f1d-9fc0-a02dffb02098"}','{"cascade": false, "atomic": false, "from_preview": false}',3,1,'aud_01m7yvxjaq6f7fdgqm48h7tywr',NULL,'2026-11-21T10:55:01.462417Z','2026-11-21T10:55:01.462417Z','2026-11-21T10:55:01.462417Z',NULL,'2109-01-10T10:55:01.462417Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjayrht7011dm69vekx8','acme','things','delete','completed',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "34f22a04-0990-4c6a-891e-80b343d8e66b"}','{"cascade": true, "atomic": false, "from_preview": false}',45,0,'aud_01m7yvxjayn356ygymgb2qa69w',NULL,'2026-11-21T10:55:01.469798Z','2026-11-21T10:55:01.476497Z','2026-11-21T10:55:01.494679Z',NULL,'2109-01-10T10:55:01.469798Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjb21b44h5yzvgyj7b1g','acme','things','delete','completed',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "48d2c296-4b48-4f8b-9154-a63b13616bed"}','{"cascade": true, "atomic": false, "from_preview": false}',15,0,'aud_01m7yvxjb2v1h0sq3r7n3stte6',NULL,'2026-11-21T10:55:01.474654Z','2026-11-21T10:55:01.476497Z','2026-11-21T10:55:01.488388Z',NULL,'2109-01-10T10:55:01.474654Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjbtk97zd8m4t04fa50m','acme','things','restore','completed','undo of job_01m7yvxjb21b44h5yzvgyj7b1g','9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "58edc68e-3684-4bdf-b707-d50e6a3fc5d3"}','{"cascade": true, "atomic": false, "from_preview": false}',15,0,NULL,'job_01m7yvxjb21b44h5yzvgyj7b1g','2026-11-21T10:55:01.498087Z','2026-11-21T10:55:01.500710Z','2026-11-21T10:55:01.505115Z',NULL,NULL);
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjc4ky9vexcygs0cxrqj','acme','things','delete','completed',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "59c2ea12-674c-492e-8a92-3e20954541cf"}','{"cascade": true, "atomic": false, "from_preview": false}',45,0,'aud_01m7yvxjc4ntz53zjpv40zdcm1',NULL,'2026-11-21T10:55:01.508580Z','2026-11-21T10:55:01.510912Z','2026-11-21T10:55:01.522580Z',NULL,'2109-01-10T10:55:01.508580Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjcpv3x12jbevmarmdhk','acme','things','delete','awaiting_approval',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "9983f644-ec7d-4fe4-a7ea-e90691fe11b5"}','{"cascade": true, "atomic": false, "from_preview": false}',75,0,'aud_01m7yvxjcp9f54nvt2bqgy8t8e',NULL,'2026-11-21T10:55:01.526357Z',NULL,NULL,NULL,'2109-01-10T10:55:01.526357Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjcxp21af37f3qy0r6h3','acme','things','delete','paused',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "c56a85bc-0d59-4a18-9b80-529f25452321"}','{"cascade": true, "atomic": false, "from_preview": false}',25,0,'aud_01m7yvxjcxqd8n01934p9fc7e5',NULL,'2026-11-21T10:55:01.533058Z',NULL,NULL,NULL,'2109-01-10T10:55:01.533058Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjdg0bktgcy1e8pyz3aw','acme','things','delete','cancelled',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "9dc7a960-2f5a-432a-9baf-2586100e45e3"}','{"cascade": true, "atomic": false, "from_preview": false}',25,0,'aud_01m7yvxjdgkkpqq0ggsc42x8jp',NULL,'2026-11-21T10:55:01.552181Z',NULL,'2026-11-21T10:55:01.556386Z',NULL,'2109-01-10T10:55:01.552181Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjdznjtnje5zxhdaphxg','acme','things','delete','running',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "6957dc0a-8134-4453-85c4-92b569c681e2"}','{"cascade": true, "atomic": false, "from_preview": false}',45,0,'aud_01m7yvxjdz94tkenc13z4j95b6',NULL,'2026-11-21T10:55:01.567236Z','2026-11-21T10:55:01.570217Z',NULL,NULL,'2109-01-10T10:55:01.567236Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjecb9t5x8ra74cb8hq4','acme','things','restore','running','undo of job_01m7yvxjc4ky9vexcygs0cxrqj','9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "e0daa58e-ada3-4928-b206-0ffb582607b6"}','{"cascade": true, "atomic": false, "from_preview": false}',45,0,NULL,'job_01m7yvxjc4ky9vexcygs0cxrqj','2026-11-21T10:55:01.580329Z','2026-11-21T10:55:01.583829Z',NULL,NULL,NULL);
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjeq21ymd816j9t44cky','acme','things','delete','queued',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "ec1c2864-6068-40ec-9f0f-2b8a972e194a"}','{"cascade": true, "atomic": false, "from_preview": false}',30,0,'aud_01m7yvxjeq5mtgrb87z1awpz8p',NULL,'2026-11-21T10:55:01.591622Z',NULL,NULL,NULL,'2109-01-10T10:55:01.591622Z');
INSERT INTO "sexton_bulk_jobs" VALUES('job_01m7yvxjevzqzg4s5x3j8ykhcm','acme','things','delete','queued',NULL,'9360a6314288','{"account": "acme", "key_id": "9360a6314288", "ip": "testclient", "user_agent": "testclient", "correlation_id": "00856e80-60fa-4e55-9c68-75115fa57475"}','{"cascade": true, "atomic": false, "from_preview": false}',15,0,'aud_01m7yvxjevdbsh486kc6246j4b',NULL,'2026-11-21T10:55:01.594975Z',NULL,NULL,'2100-01-01T00:00:00.000000Z','2109-01-10T10:55:01.594975Z');
CREATE TABLE sexton_detached_links (
	id INTEGER NOT NULL, 
	audit_id TEXT NOT NULL, 
	root_resource TEXT NOT NULL, 
	root_item TEXT NOT NULL, 
	parent_resource TEXT NOT NULL, 
	parent_item TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	item_id TEXT NOT NULL, 
	columns JSON NOT NULL, 
	old JSON NOT NULL, 
	new JSON, 
	forget_after TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_detached_links" VALUES(1,'aud_01m7yvxja1kkvrhntpm32jc1cg','things','t0','things','t0','links','1','["thing_id"]','["t0"]','[null]','2191-03-01T10:55:01.439865Z');
INSERT INTO "sexton_detached_links" VALUES(2,'aud_01m7yvxjb73yw6tg3zs6w03stg','things','t31','things','t31','links','2','["thing_id"]','["t31"]','[null]','2191-03-01T10:55:01.479779Z');
CREATE TABLE sexton_holds (
	id VARCHAR(64) NOT NULL, 
	account TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	item_id TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	placed_by TEXT NOT NULL, 
	placed_at TEXT NOT NULL, 
	lifted_at TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_holds" VALUES('hold_01m7yvxjezqxhm5dggpncqk96f','acme','things','t390','in court','9360a6314288','2026-11-21T10:55:01.598848Z',NULL);
INSERT INTO "sexton_holds" VALUES('hold_01m7yvxjf6k86hhev6wwrjq7bk','acme','papers','d1','in court too','9360a6314288','2026-11-21T10:55:01.605778Z',NULL);
CREATE TABLE sexton_idempotency_keys (
	account TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	status INTEGER, 
	headers JSON, 
	body BLOB, 
	PRIMARY KEY (account, "key")
);
INSERT INTO "sexton_idempotency_keys" VALUES('acme','single','256aeb9b20c1f3c9f44dae8a71a46939440e025c092a02142f9a032c0517ee9f','2026-11-21T10:55:01.439865Z','2100-01-01T00:00:00.000000Z',204,'{"Cache-Control": "no-store", "Sexton-Audit-Id": "aud_01m7yvxja1kkvrhntpm32jc1cg", "Sexton-Restorable-Until": "2109-01-10T10:55:01.439865Z", "RateLimit-Policy": "\"items\";q=100000;w=3600", "RateLimit": "\"items\";r=99999;t=1"}',X'');
INSERT INTO "sexton_idempotency_keys" VALUES('acme','bulk','57ba6ad4e521bcb33c35eb71cdada3fd801bf1b2484f0438955e61e842748a9a','2026-11-21T10:55:01.462417Z','2100-01-01T00:00:00.000000Z',200,'{"Content-Type": "application/json", "Cache-Control": "no-store", "Sexton-Audit-Id": "aud_01m7yvxjaq6f7fdgqm48h7tywr", "Sexton-Restorable-Until": "2109-01-10T10:55:01.462417Z", "RateLimit-Policy": "\"items\";q=100000;w=3600", "RateLimit": "\"items\";r=99995;t=1"}',X'7B226A6F625F6964223A226A6F625F30316D377976786A617166766D74376A6172716E357A76646E66222C2261756469745F6964223A226175645F30316D377976786A6171366637666467716D3438683774797772222C2264656C65746564223A5B7B226964223A227431222C22737461747573223A2264656C65746564227D2C7B226964223A227432222C22737461747573223A2264656C65746564227D2C7B226964223A226E6F7768657265222C22737461747573223A226E6F745F666F756E64227D5D2C2273756D6D617279223A7B22726571756573746564223A332C2264656C65746564223A322C22676F6E65223A302C226E6F745F666F756E64223A312C226661696C6564223A302C226475706C696361746573223A317D7D');
CREATE TABLE sexton_previews (
	id VARCHAR(64) NOT NULL, 
	account TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	token_hash TEXT NOT NULL, 
	request JSON NOT NULL, 
	"cascade" INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	planned INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	job_id TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_previews" VALUES('prev_01m7yvxjfa7cpdjzjvjxqqery0','acme','things','345d20ebb5217ce2ccf451a4eb01e82724db39e58d597eee89cc8dc5999758c7','{"cascade": false}',0,2,2,'2026-11-21T10:55:01.610416Z','2100-01-01T00:00:00.000000Z',NULL);
CREATE TABLE sexton_quotas (
	account TEXT NOT NULL, 
	remaining FLOAT NOT NULL, 
	refilled_at TEXT NOT NULL, 
	PRIMARY KEY (account)
)
 WITHOUT ROWID

;
INSERT INTO "sexton_quotas" VALUES('acme',99704.3049454689,'2026-11-21T10:55:01.594975Z');
CREATE TABLE sexton_schema_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT sexton_schema_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "sexton_schema_version" VALUES('0001');
CREATE TABLE sexton_secrets (
	id VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_secrets" VALUES('cursors','zjT_pvjIzSQ7s0-f1hFnGWjgPF0OSD_njIpfXK670Zw');
CREATE TABLE sexton_shapes (
	id VARCHAR(64) NOT NULL, 
	columns JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_shapes" VALUES('02b87d7379bfae27c5ddd67d2ae46c4a','["id", "account_id"]');
INSERT INTO "sexton_shapes" VALUES('98bc7594b0c481d21835e39e9747225a','["id", "thing_id"]');
INSERT INTO "sexton_shapes" VALUES('960e9684253f594baf5bff17ee1acd88','["id", "account_id", "deleted_at"]');
INSERT INTO "sexton_shapes" VALUES('76b48e7045645c53eb47dcdd29f4ca17','["id", "account_id", "title"]');
CREATE TABLE sexton_tombstones (
	id INTEGER NOT NULL, 
	resource TEXT NOT NULL, 
	account TEXT NOT NULL, 
	item_id TEXT NOT NULL, 
	strategy TEXT NOT NULL, 
	deleted_at TEXT NOT NULL, 
	restorable_until TEXT, 
	forget_after TEXT NOT NULL, 
	job_id TEXT, 
	audit_id TEXT NOT NULL, 
	correlation_id TEXT, 
	key_id TEXT, 
	etag TEXT, 
	root_resource TEXT NOT NULL, 
	root_item TEXT NOT NULL, 
	shape TEXT, 
	snapshot JSON, 
	purged_at TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "sexton_tombstones" VALUES(1,'notes','default','1','archive','2026-11-21T10:55:01.439865Z','2109-01-10T10:55:01.439865Z','2191-03-01T10:55:01.439865Z',NULL,'aud_01m7yvxja1kkvrhntpm32jc1cg','ec755e53-3627-4eba-8240-26965d8aac3b','9360a6314288','b0f97e23b4baa5787853e68f9b0cd768','things','t0','98bc7594b0c481d21835e39e9747225a','[1,"t0"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(2,'things','acme','t0','archive','2026-11-21T10:55:01.439865Z','2109-01-10T10:55:01.439865Z','2191-03-01T10:55:01.439865Z',NULL,'aud_01m7yvxja1kkvrhntpm32jc1cg','ec755e53-3627-4eba-8240-26965d8aac3b','9360a6314288','4606439b0d697005effb1195a0b5be88','things','t0','76b48e7045645c53eb47dcdd29f4ca17','["t0","acme","thing 0"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(3,'papers','acme','d1','soft','2026-11-21T10:55:01.453830Z','2109-01-10T10:55:01.453830Z','2191-03-01T10:55:01.453830Z',NULL,'aud_01m7yvxjaengv66eykna97gvhn','340827c0-e215-414f-856c-be45445478a0','9360a6314288','3398c0c8af83b2090fba6bc2becac845','papers','d1',NULL,NULL,NULL);
INSERT INTO "sexton_tombstones" VALUES(4,'bills','acme','b1','archive','2026-11-21T10:55:01.458640Z','2026-11-21T10:55:02.458640Z','2109-01-10T10:55:02.458640Z',NULL,'aud_01m7yvxjaja2qx4m4j8tfyvbgx','0e3c885e-1b5e-4056-85b3-9fed8d137520','9360a6314288','63d521be64e02a7b685dbe2a76f9586c','bills','b1','02b87d7379bfae27c5ddd67d2ae46c4a','["b1","acme"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(5,'things','acme','t1','archive','2026-11-21T10:55:01.462417Z','2109-01-10T10:55:01.462417Z','2191-03-01T10:55:01.462417Z','job_01m7yvxjaqfvmt7jarqn5zvdnf','aud_01m7yvxjaq6f7fdgqm48h7tywr','a8b52375-5e18-4f1d-9fc0-a02dffb02098','9360a6314288','a91b55d8dfcb347f5a223bc4f09cfd5d','things','t1','76b48e7045645c53eb47dcdd29f4ca17','["t1","acme","thing 1"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(6,'things','acme','t2','archive','2026-11-21T10:55:01.462417Z','2109-01-10T10:55:01.462417Z','2191-03-01T10:55:01.462417Z','job_01m7yvxjaqfvmt7jarqn5zvdnf','aud_01m7yvxjaq6f7fdgqm48h7tywr','a8b52375-5e18-4f1d-9fc0-a02dffb02098','9360a6314288','6baa094a81023f85a4d2969bc997a72d','things','t2','76b48e7045645c53eb47dcdd29f4ca17','["t2","acme","thing 2"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(7,'notes','default','2','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','62f2f274da1ae3c815c7405ae87a8476','things','t30','98bc7594b0c481d21835e39e9747225a','[2,"t30"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(8,'things','acme','t20','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','482dea648a400f351eda1d624e9509c7','things','t20','76b48e7045645c53eb47dcdd29f4ca17','["t20","acme","thing 20"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(9,'things','acme','t21','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','79ac18a97596c3c1cdeb2c4b2d2f42bd','things','t21','76b48e7045645c53eb47dcdd29f4ca17','["t21","acme","thing 21"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(10,'things','acme','t22','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','3bfca0ca5fa1e7320d779aed2c8ed7a4','things','t22','76b48e7045645c53eb47dcdd29f4ca17','["t22","acme","thing 22"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(11,'things','acme','t23','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','b7193477461b944ea43f8b0c5e74b160','things','t23','76b48e7045645c53eb47dcdd29f4ca17','["t23","acme","thing 23"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(12,'things','acme','t24','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','4bd21dd18e6d36e498d6bbe4e157c369','things','t24','76b48e7045645c53eb47dcdd29f4ca17','["t24","acme","thing 24"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(13,'things','acme','t25','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','214cff03f32c59537d1aa16e9a80241d','things','t25','76b48e7045645c53eb47dcdd29f4ca17','["t25","acme","thing 25"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(14,'things','acme','t26','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','d945cfec62c383fc1136b0470899fa1f','things','t26','76b48e7045645c53eb47dcdd29f4ca17','["t26","acme","thing 26"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(15,'things','acme','t27','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','4bfe58aa78b05c4dabeafe5c5fb55ade','things','t27','76b48e7045645c53eb47dcdd29f4ca17','["t27","acme","thing 27"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(16,'things','acme','t28','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','95211536d87a4c45852858de12e0e6a1','things','t28','76b48e7045645c53eb47dcdd29f4ca17','["t28","acme","thing 28"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(17,'things','acme','t29','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','6ba351feaf809627b2048352a5d8f6ca','things','t29','76b48e7045645c53eb47dcdd29f4ca17','["t29","acme","thing 29"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(18,'things','acme','t30','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','5d538a81cf3d588b7291b0f235abd513','things','t30','76b48e7045645c53eb47dcdd29f4ca17','["t30","acme","thing 30"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(19,'things','acme','t31','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','71fef2ab5c1eebf185bbd0992a4af024','things','t31','76b48e7045645c53eb47dcdd29f4ca17','["t31","acme","thing 31"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(20,'things','acme','t32','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','2d659e83954adcf50fc7efda5440c9dd','things','t32','76b48e7045645c53eb47dcdd29f4ca17','["t32","acme","thing 32"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(21,'things','acme','t33','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','bcd05752372ae06f6e73be9bd19feace','things','t33','76b48e7045645c53eb47dcdd29f4ca17','["t33","acme","thing 33"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(22,'things','acme','t34','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','ff6caf8f1cca83725a2e9c5a18f9db88','things','t34','76b48e7045645c53eb47dcdd29f4ca17','["t34","acme","thing 34"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(23,'things','acme','t35','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','5ed880eb7b0f67e4da768a0a3bd16ed2','things','t35','76b48e7045645c53eb47dcdd29f4ca17','["t35","acme","thing 35"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(24,'things','acme','t36','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','b5b6a5a702da47836cc42b05035202ed','things','t36','76b48e7045645c53eb47dcdd29f4ca17','["t36","acme","thing 36"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(25,'things','acme','t37','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','cda415aea72bbf34f79e869d6991b32d','things','t37','76b48e7045645c53eb47dcdd29f4ca17','["t37","acme","thing 37"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(26,'things','acme','t38','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','4fb81250382600d1da9dddcf8a67391d','things','t38','76b48e7045645c53eb47dcdd29f4ca17','["t38","acme","thing 38"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(27,'things','acme','t39','archive','2026-11-21T10:55:01.479779Z','2109-01-10T10:55:01.479779Z','2191-03-01T10:55:01.479779Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjb73yw6tg3zs6w03stg','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','15a46bab6752181f5073f1b952232efa','things','t39','76b48e7045645c53eb47dcdd29f4ca17','["t39","acme","thing 39"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(43,'things','acme','t40','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','f3e276ad65e40248257e9d67ac1796ad','things','t40','76b48e7045645c53eb47dcdd29f4ca17','["t40","acme","thing 40"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(44,'things','acme','t41','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','da2be9dc6a1483d254dc4e6fac00edac','things','t41','76b48e7045645c53eb47dcdd29f4ca17','["t41","acme","thing 41"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(45,'things','acme','t42','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','6a310adf4292251da649750ceb728ee6','things','t42','76b48e7045645c53eb47dcdd29f4ca17','["t42","acme","thing 42"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(46,'things','acme','t43','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','8f9d285f3423c715a9b06a8fa5a8cd01','things','t43','76b48e7045645c53eb47dcdd29f4ca17','["t43","acme","thing 43"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(47,'things','acme','t44','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','ad47def453017c7ca395db5cb0dc522a','things','t44','76b48e7045645c53eb47dcdd29f4ca17','["t44","acme","thing 44"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(48,'things','acme','t45','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','c54abef251e6b513946bc1176b2ac89c','things','t45','76b48e7045645c53eb47dcdd29f4ca17','["t45","acme","thing 45"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(49,'things','acme','t46','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','fb23952ca6a983d783a2c999c796d7c6','things','t46','76b48e7045645c53eb47dcdd29f4ca17','["t46","acme","thing 46"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(50,'things','acme','t47','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','24858920e885875985ed817440cdfe49','things','t47','76b48e7045645c53eb47dcdd29f4ca17','["t47","acme","thing 47"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(51,'things','acme','t48','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','16d8af8564c8bee700ba20d910d29247','things','t48','76b48e7045645c53eb47dcdd29f4ca17','["t48","acme","thing 48"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(52,'things','acme','t49','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','56618f0c4a57d9c0e7eab41afbd537af','things','t49','76b48e7045645c53eb47dcdd29f4ca17','["t49","acme","thing 49"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(53,'things','acme','t50','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','7f8b90cbf3e351c02d1a61dd2dd890c2','things','t50','76b48e7045645c53eb47dcdd29f4ca17','["t50","acme","thing 50"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(54,'things','acme','t51','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','0a567b69ab84ccd64cfe8b21ab090232','things','t51','76b48e7045645c53eb47dcdd29f4ca17','["t51","acme","thing 51"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(55,'things','acme','t52','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','7874340da78bc009412a8bceb49e3585','things','t52','76b48e7045645c53eb47dcdd29f4ca17','["t52","acme","thing 52"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(56,'things','acme','t53','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','004b5b92a5f5464f52d26ad0bd23bd50','things','t53','76b48e7045645c53eb47dcdd29f4ca17','["t53","acme","thing 53"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(57,'things','acme','t54','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','8c8bd69c1cd0b81f70278a785582aea0','things','t54','76b48e7045645c53eb47dcdd29f4ca17','["t54","acme","thing 54"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(58,'things','acme','t55','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','334211ec11da0190f954b9e22d773dd1','things','t55','76b48e7045645c53eb47dcdd29f4ca17','["t55","acme","thing 55"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(59,'things','acme','t56','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','ad2edc5fc9ecbb93959dd687680a2cf9','things','t56','76b48e7045645c53eb47dcdd29f4ca17','["t56","acme","thing 56"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(60,'things','acme','t57','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','ba8c5c7a69939f036015cfed9c0e28e3','things','t57','76b48e7045645c53eb47dcdd29f4ca17','["t57","acme","thing 57"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(61,'things','acme','t58','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','309ae6427fb9c2522061421b68240bcf','things','t58','76b48e7045645c53eb47dcdd29f4ca17','["t58","acme","thing 58"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(62,'things','acme','t59','archive','2026-11-21T10:55:01.490507Z','2109-01-10T10:55:01.490507Z','2191-03-01T10:55:01.490507Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbjqsw99atxrt6mhg01','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','94f5e2cadbfb369bd5074a7e125081cb','things','t59','76b48e7045645c53eb47dcdd29f4ca17','["t59","acme","thing 59"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(63,'things','acme','t60','archive','2026-11-21T10:55:01.493271Z','2109-01-10T10:55:01.493271Z','2191-03-01T10:55:01.493271Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbnzpbba8rj59pttjk5','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','8d11de3aab41ec82f119651c72e2354b','things','t60','76b48e7045645c53eb47dcdd29f4ca17','["t60","acme","thing 60"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(64,'things','acme','t61','archive','2026-11-21T10:55:01.493271Z','2109-01-10T10:55:01.493271Z','2191-03-01T10:55:01.493271Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbnzpbba8rj59pttjk5','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','b27cb8e4f10c6a71a8d8e45ef2697769','things','t61','76b48e7045645c53eb47dcdd29f4ca17','["t61","acme","thing 61"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(65,'things','acme','t62','archive','2026-11-21T10:55:01.493271Z','2109-01-10T10:55:01.493271Z','2191-03-01T10:55:01.493271Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbnzpbba8rj59pttjk5','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','72fd97d2d0ea910d532bfb7f11588f26','things','t62','76b48e7045645c53eb47dcdd29f4ca17','["t62","acme","thing 62"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(66,'things','acme','t63','archive','2026-11-21T10:55:01.493271Z','2109-01-10T10:55:01.493271Z','2191-03-01T10:55:01.493271Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbnzpbba8rj59pttjk5','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','ac610ae6ea2c8d463277ca545ed8f231','things','t63','76b48e7045645c53eb47dcdd29f4ca17','["t63","acme","thing 63"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(67,'things','acme','t64','archive','2026-11-21T10:55:01.493271Z','2109-01-10T10:55:01.493271Z','2191-03-01T10:55:01.493271Z','job_01m7yvxjayrht7011dm69vekx8','aud_01m7yvxjbnzpbba8rj59pttjk5','34f22a04-0990-4c6a-891e-80b343d8e66b','9360a6314288','e0e46451dbec2fbbe60d1f720d968479','things','t64','76b48e7045645c53eb47dcdd29f4ca17','["t64","acme","thing 64"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(68,'things','acme','t100','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','557d1d8b3f3560562c58a18a536f2a76','things','t100','76b48e7045645c53eb47dcdd29f4ca17','["t100","acme","thing 100"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(69,'things','acme','t101','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','682ed040216c043991cc44aa05492d82','things','t101','76b48e7045645c53eb47dcdd29f4ca17','["t101","acme","thing 101"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(70,'things','acme','t102','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','f8323bae130f68d835cb1ab0030ad501','things','t102','76b48e7045645c53eb47dcdd29f4ca17','["t102","acme","thing 102"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(71,'things','acme','t103','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','b7c4206723bfb77cd438fcf8a2935aab','things','t103','76b48e7045645c53eb47dcdd29f4ca17','["t103","acme","thing 103"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(72,'things','acme','t104','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','84e00fba519e6433ea4e710fd230359a','things','t104','76b48e7045645c53eb47dcdd29f4ca17','["t104","acme","thing 104"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(73,'things','acme','t105','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','94cb8f49fc78638b8e39c9271d0e1e37','things','t105','76b48e7045645c53eb47dcdd29f4ca17','["t105","acme","thing 105"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(74,'things','acme','t106','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','b8262ea16c0d33d788113b87586e532e','things','t106','76b48e7045645c53eb47dcdd29f4ca17','["t106","acme","thing 106"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(75,'things','acme','t107','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','9763b066188d762f945077fd7e695033','things','t107','76b48e7045645c53eb47dcdd29f4ca17','["t107","acme","thing 107"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(76,'things','acme','t108','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','ecea6f3a09fbebc8190e2f070e1212eb','things','t108','76b48e7045645c53eb47dcdd29f4ca17','["t108","acme","thing 108"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(77,'things','acme','t109','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','3ed269a5e05376c782d5a75e9479ce65','things','t109','76b48e7045645c53eb47dcdd29f4ca17','["t109","acme","thing 109"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(78,'things','acme','t90','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','088b7233a2c5204caff1ef60b7357b69','things','t90','76b48e7045645c53eb47dcdd29f4ca17','["t90","acme","thing 90"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(79,'things','acme','t91','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','452f53f072f6d2f87b2ceb1323cff32a','things','t91','76b48e7045645c53eb47dcdd29f4ca17','["t91","acme","thing 91"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(80,'things','acme','t92','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','5262a55c18aa27349386df7503d343f3','things','t92','76b48e7045645c53eb47dcdd29f4ca17','["t92","acme","thing 92"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(81,'things','acme','t93','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','9e7b1e2a80906f7fa13b3db0f20ff842','things','t93','76b48e7045645c53eb47dcdd29f4ca17','["t93","acme","thing 93"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(82,'things','acme','t94','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','60be97165c915d853cebc97f5f58c613','things','t94','76b48e7045645c53eb47dcdd29f4ca17','["t94","acme","thing 94"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(83,'things','acme','t95','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','b56ae3a076faae3ba55b60e23c96bfd2','things','t95','76b48e7045645c53eb47dcdd29f4ca17','["t95","acme","thing 95"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(84,'things','acme','t96','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','b65711bebb9e466f271c7e943846063d','things','t96','76b48e7045645c53eb47dcdd29f4ca17','["t96","acme","thing 96"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(85,'things','acme','t97','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','ab851660ee25de939db3693bad45d6e2','things','t97','76b48e7045645c53eb47dcdd29f4ca17','["t97","acme","thing 97"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(86,'things','acme','t98','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','ee986d9c37dbbbeeb4633b14903b7df0','things','t98','76b48e7045645c53eb47dcdd29f4ca17','["t98","acme","thing 98"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(87,'things','acme','t99','archive','2026-11-21T10:55:01.512261Z','2109-01-10T10:55:01.512261Z','2191-03-01T10:55:01.512261Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjc8j99qw00agn30680m','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','a0fb8a6972df4f4442dadad2b681014f','things','t99','76b48e7045645c53eb47dcdd29f4ca17','["t99","acme","thing 99"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(88,'things','acme','t110','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','11a98926abd06bf6f7e301b8c080b4fc','things','t110','76b48e7045645c53eb47dcdd29f4ca17','["t110","acme","thing 110"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(89,'things','acme','t111','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','b521c188497accf6928b1f0c2114a596','things','t111','76b48e7045645c53eb47dcdd29f4ca17','["t111","acme","thing 111"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(90,'things','acme','t112','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','e26cf25b7faca4a7126271ac32608d02','things','t112','76b48e7045645c53eb47dcdd29f4ca17','["t112","acme","thing 112"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(91,'things','acme','t113','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','4db3d80033e01a6e4eebf0acaff54f28','things','t113','76b48e7045645c53eb47dcdd29f4ca17','["t113","acme","thing 113"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(92,'things','acme','t114','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','233f1f15e13431cbb662d3e14d9240af','things','t114','76b48e7045645c53eb47dcdd29f4ca17','["t114","acme","thing 114"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(93,'things','acme','t115','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','24c0688aa8445b91888596bfe1d07db0','things','t115','76b48e7045645c53eb47dcdd29f4ca17','["t115","acme","thing 115"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(94,'things','acme','t116','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','f948704ffe6af5177eac1646f773c241','things','t116','76b48e7045645c53eb47dcdd29f4ca17','["t116","acme","thing 116"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(95,'things','acme','t117','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','e686fda59cf2dd2e50e1f61b36c31437','things','t117','76b48e7045645c53eb47dcdd29f4ca17','["t117","acme","thing 117"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(96,'things','acme','t118','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','a17524dfeba90cd19594d1717e6ad481','things','t118','76b48e7045645c53eb47dcdd29f4ca17','["t118","acme","thing 118"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(97,'things','acme','t119','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','ac525b63ea600094d3c42fa4111a490d','things','t119','76b48e7045645c53eb47dcdd29f4ca17','["t119","acme","thing 119"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(98,'things','acme','t120','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','94a330b4f35c9a39b83dd5371860dec9','things','t120','76b48e7045645c53eb47dcdd29f4ca17','["t120","acme","thing 120"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(99,'things','acme','t121','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','711224925d88437f70b456bf3f49e0a1','things','t121','76b48e7045645c53eb47dcdd29f4ca17','["t121","acme","thing 121"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(100,'things','acme','t122','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','a4ab3e5b174947b7f36a20d6d8f2be00','things','t122','76b48e7045645c53eb47dcdd29f4ca17','["t122","acme","thing 122"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(101,'things','acme','t123','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','31a8431c1b0e5ff9a28e0d702946db90','things','t123','76b48e7045645c53eb47dcdd29f4ca17','["t123","acme","thing 123"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(102,'things','acme','t124','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','6787ae046a971a463c3319f6b303392c','things','t124','76b48e7045645c53eb47dcdd29f4ca17','["t124","acme","thing 124"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(103,'things','acme','t125','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','f218b8640b649eb8cf6d3afd96b34dde','things','t125','76b48e7045645c53eb47dcdd29f4ca17','["t125","acme","thing 125"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(104,'things','acme','t126','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','fd3f8be566c7955a7611d4fa6cc03fc4','things','t126','76b48e7045645c53eb47dcdd29f4ca17','["t126","acme","thing 126"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(105,'things','acme','t127','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','9260e665eea62daeae97d73aaf917a07','things','t127','76b48e7045645c53eb47dcdd29f4ca17','["t127","acme","thing 127"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(106,'things','acme','t128','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','9c555837539811313fc15b6b5f050704','things','t128','76b48e7045645c53eb47dcdd29f4ca17','["t128","acme","thing 128"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(107,'things','acme','t129','archive','2026-11-21T10:55:01.515722Z','2109-01-10T10:55:01.515722Z','2191-03-01T10:55:01.515722Z','job_01m7yvxjc4ky9vexcygs0cxrqj','aud_01m7yvxjcbz4618vea6p747976','59c2ea12-674c-492e-8a92-3e20954541cf','9360a6314288','ce0ebd186018ec1785178ff54d77283d','things','t129','76b48e7045645c53eb47dcdd29f4ca17','["t129","acme","thing 129"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(113,'things','acme','t280','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','057a9156fde140bb49c9e43ee68ba562','things','t280','76b48e7045645c53eb47dcdd29f4ca17','["t280","acme","thing 280"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(114,'things','acme','t281','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','a608b95a77d6dfc20949b6b450136b8c','things','t281','76b48e7045645c53eb47dcdd29f4ca17','["t281","acme","thing 281"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(115,'things','acme','t282','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','f4915d08a9fce023bbb6cc7f0deb8139','things','t282','76b48e7045645c53eb47dcdd29f4ca17','["t282","acme","thing 282"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(116,'things','acme','t283','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','a34254eb2e2e023ad55cc793a89cc616','things','t283','76b48e7045645c53eb47dcdd29f4ca17','["t283","acme","thing 283"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(117,'things','acme','t284','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','ad44a87edc5a0863f5db24e4e4429a1f','things','t284','76b48e7045645c53eb47dcdd29f4ca17','["t284","acme","thing 284"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(118,'things','acme','t285','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','8ffd4d7cd5f3bedd075583161b259980','things','t285','76b48e7045645c53eb47dcdd29f4ca17','["t285","acme","thing 285"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(119,'things','acme','t286','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','0cbe2f78131879b049bc910a4d25ce1b','things','t286','76b48e7045645c53eb47dcdd29f4ca17','["t286","acme","thing 286"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(120,'things','acme','t287','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','32a4a0c8c330cd3f007cd868362833e2','things','t287','76b48e7045645c53eb47dcdd29f4ca17','["t287","acme","thing 287"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(121,'things','acme','t288','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','e99f245a96cba13a9fb0de07e4d3dd7e','things','t288','76b48e7045645c53eb47dcdd29f4ca17','["t288","acme","thing 288"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(122,'things','acme','t289','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','c2130e8c7f3828c9196cda3a884d491e','things','t289','76b48e7045645c53eb47dcdd29f4ca17','["t289","acme","thing 289"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(123,'things','acme','t290','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','be4d7cc57fce35a6c84c7c405748e4fa','things','t290','76b48e7045645c53eb47dcdd29f4ca17','["t290","acme","thing 290"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(124,'things','acme','t291','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','4d57e7f07ae3f673eeded860802e88d9','things','t291','76b48e7045645c53eb47dcdd29f4ca17','["t291","acme","thing 291"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(125,'things','acme','t292','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','f2e5fd9d3fb2c9146778ed7ee58bf0ae','things','t292','76b48e7045645c53eb47dcdd29f4ca17','["t292","acme","thing 292"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(126,'things','acme','t293','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','e0c88fbf823014c135df104c658539b8','things','t293','76b48e7045645c53eb47dcdd29f4ca17','["t293","acme","thing 293"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(127,'things','acme','t294','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','96de0d6edebff175223c519f674eeabc','things','t294','76b48e7045645c53eb47dcdd29f4ca17','["t294","acme","thing 294"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(128,'things','acme','t295','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','3d4a21462783f90edacba6ee829c7efd','things','t295','76b48e7045645c53eb47dcdd29f4ca17','["t295","acme","thing 295"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(129,'things','acme','t296','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','c89975ab1155ce859a1104b50ea8ee87','things','t296','76b48e7045645c53eb47dcdd29f4ca17','["t296","acme","thing 296"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(130,'things','acme','t297','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','f131057755d885a4484be89736f2c646','things','t297','76b48e7045645c53eb47dcdd29f4ca17','["t297","acme","thing 297"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(131,'things','acme','t298','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','ca404c4ca03f7d0450172bb9d0e3f803','things','t298','76b48e7045645c53eb47dcdd29f4ca17','["t298","acme","thing 298"]',NULL);
INSERT INTO "sexton_tombstones" VALUES(132,'things','acme','t299','archive','2026-11-21T10:55:01.572243Z','2109-01-10T10:55:01.572243Z','2191-03-01T10:55:01.572243Z','job_01m7yvxjdznjtnje5zxhdaphxg','aud_01m7yvxje4yemkbg45j0s0rd64','6957dc0a-8134-4453-85c4-92b569c681e2','9360a6314288','be69370d5f1b8a2a87f420bbed3ec71c','things','t299','76b48e7045645c53eb47dcdd29f4ca17','["t299","acme","thing 299"]',NULL);
CREATE TABLE things (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, title TEXT);
INSERT INTO "things" VALUES('t3','acme','thing 3');
INSERT INTO "things" VALUES('t4','acme','thing 4');
INSERT INTO "things" VALUES('t5','acme','thing 5');
INSERT INTO "things" VALUES('t6','acme','thing 6');
INSERT INTO "things" VALUES('t7','acme','thing 7');
INSERT INTO "things" VALUES('t8','acme','thing 8');
INSERT INTO "things" VALUES('t9','acme','thing 9');
INSERT INTO "things" VALUES('t10','acme','thing 10');
INSERT INTO "things" VALUES('t11','acme','thing 11');
INSERT INTO "things" VALUES('t12','acme','thing 12');
INSERT INTO "things" VALUES('t13','acme','thing 13');
INSERT INTO "things" VALUES('t14','acme','thing 14');
INSERT INTO "things" VALUES('t15','acme','thing 15');
INSERT INTO "things" VALUES('t16','acme','thing 16');
INSERT INTO "things" VALUES('t17','acme','thing 17');
INSERT INTO "things" VALUES('t18','acme','thing 18');
INSERT INTO "things" VALUES('t19','acme','thing 19');
INSERT INTO "things" VALUES('t65','acme','thing 65');
INSERT INTO "things" VALUES('t66','acme','thing 66');
INSERT INTO "things" VALUES('t67','acme','thing 67');
INSERT INTO "things" VALUES('t68','acme','thing 68');
INSERT INTO "things" VALUES('t69','acme','thing 69');
INSERT INTO "things" VALUES('t85','acme','thing 85');
INSERT INTO "things" VALUES('t86','acme','thing 86');
INSERT INTO "things" VALUES('t87','acme','thing 87');
INSERT INTO "things" VALUES('t88','acme','thing 88');
INSERT INTO "things" VALUES('t89','acme','thing 89');
INSERT INTO "things" VALUES('t135','acme','thing 135');
INSERT INTO "things" VALUES('t136','acme','thing 136');
INSERT INTO "things" VALUES('t137','acme','thing 137');
INSERT INTO "things" VALUES('t138','acme','thing 138');
INSERT INTO "things" VALUES('t139','acme','thing 139');
INSERT INTO "things" VALUES('t140','acme','thing 140');
INSERT INTO "things" VALUES('t141','acme','thing 141');
INSERT INTO "things" VALUES('t142','acme','thing 142');
INSERT INTO "things" VALUES('t143','acme','thing 143');
INSERT INTO "things" VALUES('t144','acme','thing 144');
INSERT INTO "things" VALUES('t145','acme','thing 145');
INSERT INTO "things" VALUES('t146','acme','thing 146');
INSERT INTO "things" VALUES('t147','acme','thing 147');
INSERT INTO "things" VALUES('t148','acme','thing 148');
INSERT INTO "things" VALUES('t149','acme','thing 149');
INSERT INTO "things" VALUES('t150','acme','thing 150');
INSERT INTO "things" VALUES('t151','acme','thing 151');
INSERT INTO "things" VALUES('t152','acme','thing 152');
INSERT INTO "things" VALUES('t153','acme','thing 153');
INSERT INTO "things" VALUES('t154','acme','thing 154');
INSERT INTO "things" VALUES('t155','acme','thing 155');
INSERT INTO "things" VALUES('t156','acme','thing 156');
INSERT INTO "things" VALUES('t157','acme','thing 157');
INSERT INTO "things" VALUES('t158','acme','thing 158');
INSERT INTO "things" VALUES('t159','acme','thing 159');
INSERT INTO "things" VALUES('t160','acme','thing 160');
INSERT INTO "things" VALUES('t161','acme','thing 161');
INSERT INTO "things" VALUES('t162','acme','thing 162');
INSERT INTO "things" VALUES('t163','acme','thing 163');
INSERT INTO "things" VALUES('t164','acme','thing 164');
INSERT INTO "things" VALUES('t165','acme','thing 165');
INSERT INTO "things" VALUES('t166','acme','thing 166');
INSERT INTO "things" VALUES('t167','acme','thing 167');
INSERT INTO "things" VALUES('t168','acme','thing 168');
INSERT INTO "things" VALUES('t169','acme','thing 169');
INSERT INTO "things" VALUES('t170','acme','thing 170');
INSERT INTO "things" VALUES('t171','acme','thing 171');
INSERT INTO "things" VALUES('t172','acme','thing 172');
INSERT INTO "things" VALUES('t173','acme','thing 173');
INSERT INTO "things" VALUES('t174','acme','thing 174');
INSERT INTO "things" VALUES('t175','acme','thing 175');
INSERT INTO "things" VALUES('t176','acme','thing 176');
INSERT INTO "things" VALUES('t177','acme','thing 177');
INSERT INTO "things" VALUES('t178','acme','thing 178');
INSERT INTO "things" VALUES('t179','acme','thing 179');
INSERT INTO "things" VALUES('t180','acme','thing 180');
INSERT INTO "things" VALUES('t181','acme','thing 181');
INSERT INTO "things" VALUES('t182','acme','thing 182');
INSERT INTO "things" VALUES('t183','acme','thing 183');
INSERT INTO "things" VALUES('t184','acme','thing 184');
INSERT INTO "things" VALUES('t185','acme','thing 185');
INSERT INTO "things" VALUES('t186','acme','thing 186');
INSERT INTO "things" VALUES('t187','acme','thing 187');
INSERT INTO "things" VALUES('t188','acme','thing 188');
INSERT INTO "things" VALUES('t189','acme','thing 189');
INSERT INTO "things" VALUES('t190','acme','thing 190');
INSERT INTO "things" VALUES('t191','acme','thing 191');
INSERT INTO "things" VALUES('t192','acme','thing 192');
INSERT INTO "things" VALUES('t193','acme','thing 193');
INSERT INTO "things" VALUES('t194','acme','thing 194');
INSERT INTO "things" VALUES('t195','acme','thing 195');
INSERT INTO "things" VALUES('t196','acme','thing 196');
INSERT INTO "things" VALUES('t197','acme','thing 197');
INSERT INTO "things" VALUES('t198','acme','thing 198');
INSERT INTO "things" VALUES('t199','acme','thing 199');
INSERT INTO "things" VALUES('t200','acme','thing 200');
INSERT INTO "things" VALUES('t201','acme','thing 201');
INSERT INTO "things" VALUES('t202','acme','thing 202');
INSERT INTO "things" VALUES('t203','acme','thing 203');
INSERT INTO "things" VALUES('t204','acme','thing 204');
INSERT INTO "things" VALUES('t205','acme','thing 205');
INSERT INTO "things" VALUES('t206','acme','thing 206');
INSERT INTO "things" VALUES('t207','acme','thing 207');
INSERT INTO "things" VALUES('t208','acme','thing 208');
INSERT INTO "things" VALUES('t209','acme','thing 209');
INSERT INTO "things" VALUES('t210','acme','thing 210');
INSERT INTO "things" VALUES('t211','acme','thing 211');
INSERT INTO "things" VALUES('t212','acme','thing 212');
INSERT INTO "things" VALUES('t213','acme','thing 213');
INSERT INTO "things" VALUES('t214','acme','thing 214');
INSERT INTO "things" VALUES('t215','acme','thing 215');
INSERT INTO "things" VALUES('t216','acme','thing 216');
INSERT INTO "things" VALUES('t217','acme','thing 217');
INSERT INTO "things" VALUES('t218','acme','thing 218');
INSERT INTO "things" VALUES('t219','acme','thing 219');
INSERT INTO "things" VALUES('t220','acme','thing 220');
INSERT INTO "things" VALUES('t221','acme','thing 221');
INSERT INTO "things" VALUES('t222','acme','thing 222');
INSERT INTO "things" VALUES('t223','acme','thing 223');
INSERT INTO "things" VALUES('t224','acme','thing 224');
INSERT INTO "things" VALUES('t225','acme','thing 225');
INSERT INTO "things" VALUES('t226','acme','thing 226');
INSERT INTO "things" VALUES('t227','acme','thing 227');
INSERT INTO "things" VALUES('t228','acme','thing 228');
INSERT INTO "things" VALUES('t229','acme','thing 229');
INSERT INTO "things" VALUES('t230','acme','thing 230');
INSERT INTO "things" VALUES('t231','acme','thing 231');
INSERT INTO "things" VALUES('t232','acme','thing 232');
INSERT INTO "things" VALUES('t233','acme','thing 233');
INSERT INTO "things" VALUES('t234','acme','thing 234');
INSERT INTO "things" VALUES('t235','acme','thing 235');
INSERT INTO "things" VALUES('t236','acme','thing 236');
INSERT INTO "things" VALUES('t237','acme','thing 237');
INSERT INTO "things" VALUES('t238','acme','thing 238');
INSERT INTO "things" VALUES('t239','acme','thing 239');
INSERT INTO "things" VALUES('t240','acme','thing 240');
INSERT INTO "things" VALUES('t241','acme','thing 241');
INSERT INTO "things" VALUES('t242','acme','thing 242');
INSERT INTO "things" VALUES('t243','acme','thing 243');
INSERT INTO "things" VALUES('t244','acme','thing 244');
INSERT INTO "things" VALUES('t245','acme','thing 245');
INSERT INTO "things" VALUES('t246','acme','thing 246');
INSERT INTO "things" VALUES('t247','acme','thing 247');
INSERT INTO "things" VALUES('t248','acme','thing 248');
INSERT INTO "things" VALUES('t249','acme','thing 249');
INSERT INTO "things" VALUES('t250','acme','thing 250');
INSERT INTO "things" VALUES('t251','acme','thing 251');
INSERT INTO "things" VALUES('t252','acme','thing 252');
INSERT INTO "things" VALUES('t253','acme','thing 253');
INSERT INTO "things" VALUES('t254','acme','thing 254');
INSERT INTO "things" VALUES('t255','acme','thing 255');
INSERT INTO "things" VALUES('t256','acme','thing 256');
INSERT INTO "things" VALUES('t257','acme','thing 257');
INSERT INTO "things" VALUES('t258','acme','thing 258');
INSERT INTO "things" VALUES('t259','acme','thing 259');
INSERT INTO "things" VALUES('t260','acme','thing 260');
INSERT INTO "things" VALUES('t261','acme','thing 261');
INSERT INTO "things" VALUES('t262','acme','thing 262');
INSERT INTO "things" VALUES('t263','acme','thing 263');
INSERT INTO "things" VALUES('t264','acme','thing 264');
INSERT INTO "things" VALUES('t265','acme','thing 265');
INSERT INTO "things" VALUES('t266','acme','thing 266');
INSERT INTO "things" VALUES('t267','acme','thing 267');
INSERT INTO "things" VALUES('t268','acme','thing 268');
INSERT INTO "things" VALUES('t269','acme','thing 269');
INSERT INTO "things" VALUES('t270','acme','thing 270');
INSERT INTO "things" VALUES('t271','acme','thing 271');
INSERT INTO "things" VALUES('t272','acme','thing 272');
INSERT INTO "things" VALUES('t273','acme','thing 273');
INSERT INTO "things" VALUES('t274','acme','thing 274');
INSERT INTO "things" VALUES('t275','acme','thing 275');
INSERT INTO "things" VALUES('t276','acme','thing 276');
INSERT INTO "things" VALUES('t277','acme','thing 277');
INSERT INTO "things" VALUES('t278','acme','thing 278');
INSERT INTO "things" VALUES('t279','acme','thing 279');
INSERT INTO "things" VALUES('t300','acme','thing 300');
INSERT INTO "things" VALUES('t301','acme','thing 301');
INSERT INTO "things" VALUES('t302','acme','thing 302');
INSERT INTO "things" VALUES('t303','acme','thing 303');
INSERT INTO "things" VALUES('t304','acme','thing 304');
INSERT INTO "things" VALUES('t305','acme','thing 305');
INSERT INTO "things" VALUES('t306','acme','thing 306');
INSERT INTO "things" VALUES('t307','acme','thing 307');
INSERT INTO "things" VALUES('t308','acme','thing 308');
INSERT INTO "things" VALUES('t309','acme','thing 309');
INSERT INTO "things" VALUES('t310','acme','thing 310');
INSERT INTO "things" VALUES('t311','acme','thing 311');
INSERT INTO "things" VALUES('t312','acme','thing 312');
INSERT INTO "things" VALUES('t313','acme','thing 313');
INSERT INTO "things" VALUES('t314','acme','thing 314');
INSERT INTO "things" VALUES('t315','acme','thing 315');
INSERT INTO "things" VALUES('t316','acme','thing 316');
INSERT INTO "things" VALUES('t317','acme','thing 317');
INSERT INTO "things" VALUES('t318','acme','thing 318');
INSERT INTO "things" VALUES('t319','acme','thing 319');
INSERT INTO "things" VALUES('t320','acme','thing 320');
INSERT INTO "things" VALUES('t321','acme','thing 321');
INSERT INTO "things" VALUES('t322','acme','thing 322');
INSERT INTO "things" VALUES('t323','acme','thing 323');
INSERT INTO "things" VALUES('t324','acme','thing 324');
INSERT INTO "things" VALUES('t325','acme','thing 325');
INSERT INTO "things" VALUES('t326','acme','thing 326');
INSERT INTO "things" VALUES('t327','acme','thing 327');
INSERT INTO "things" VALUES('t328','acme','thing 328');
INSERT INTO "things" VALUES('t329','acme','thing 329');
INSERT INTO "things" VALUES('t330','acme','thing 330');
INSERT INTO "things" VALUES('t331','acme','thing 331');
INSERT INTO "things" VALUES('t332','acme','thing 332');
INSERT INTO "things" VALUES('t333','acme','thing 333');
INSERT INTO "things" VALUES('t334','acme','thing 334');
INSERT INTO "things" VALUES('t335','acme','thing 335');
INSERT INTO "things" VALUES('t336','acme','thing 336');
INSERT INTO "things" VALUES('t337','acme','thing 337');
INSERT INTO "things" VALUES('t338','acme','thing 338');
INSERT INTO "things" VALUES('t339','acme','thing 339');
INSERT INTO "things" VALUES('t340','acme','thing 340');
INSERT INTO "things" VALUES('t341','acme','thing 341');
INSERT INTO "things" VALUES('t342','acme','thing 342');
INSERT INTO "things" VALUES('t343','acme','thing 343');
INSERT INTO "things" VALUES('t344','acme','thing 344');
INSERT INTO "things" VALUES('t345','acme','thing 345');
INSERT INTO "things" VALUES('t346','acme','thing 346');
INSERT INTO "things" VALUES('t347','acme','thing 347');
INSERT INTO "things" VALUES('t348','acme','thing 348');
INSERT INTO "things" VALUES('t349','acme','thing 349');
INSERT INTO "things" VALUES('t350','acme','thing 350');
INSERT INTO "things" VALUES('t351','acme','thing 351');
INSERT INTO "things" VALUES('t352','acme','thing 352');
INSERT INTO "things" VALUES('t353','acme','thing 353');
INSERT INTO "things" VALUES('t354','acme','thing 354');
INSERT INTO "things" VALUES('t355','acme','thing 355');
INSERT INTO "things" VALUES('t356','acme','thing 356');
INSERT INTO "things" VALUES('t357','acme','thing 357');
INSERT INTO "things" VALUES('t358','acme','thing 358');
INSERT INTO "things" VALUES('t359','acme','thing 359');
INSERT INTO "things" VALUES('t360','acme','thing 360');
INSERT INTO "things" VALUES('t361','acme','thing 361');
INSERT INTO "things" VALUES('t362','acme','thing 362');
INSERT INTO "things" VALUES('t363','acme','thing 363');
INSERT INTO "things" VALUES('t364','acme','thing 364');
INSERT INTO "things" VALUES('t365','acme','thing 365');
INSERT INTO "things" VALUES('t366','acme','thing 366');
INSERT INTO "things" VALUES('t367','acme','thing 367');
INSERT INTO "things" VALUES('t368','acme','thing 368');
INSERT INTO "things" VALUES('t369','acme','thing 369');
INSERT INTO "things" VALUES('t370','acme','thing 370');
INSERT INTO "things" VALUES('t371','acme','thing 371');
INSERT INTO "things" VALUES('t372','acme','thing 372');
INSERT INTO "things" VALUES('t373','acme','thing 373');
INSERT INTO "things" VALUES('t374','acme','thing 374');
INSERT INTO "things" VALUES('t375','acme','thing 375');
INSERT INTO "things" VALUES('t376','acme','thing 376');
INSERT INTO "things" VALUES('t377','acme','thing 377');
INSERT INTO "things" VALUES('t378','acme','thing 378');
INSERT INTO "things" VALUES('t379','acme','thing 379');
INSERT INTO "things" VALUES('t380','acme','thing 380');
INSERT INTO "things" VALUES('t381','acme','thing 381');
INSERT INTO "things" VALUES('t382','acme','thing 382');
INSERT INTO "things" VALUES('t383','acme','thing 383');
INSERT INTO "things" VALUES('t384','acme','thing 384');
INSERT INTO "things" VALUES('t385','acme','thing 385');
INSERT INTO "things" VALUES('t386','acme','thing 386');
INSERT INTO "things" VALUES('t387','acme','thing 387');
INSERT INTO "things" VALUES('t388','acme','thing 388');
INSERT INTO "things" VALUES('t389','acme','thing 389');
INSERT INTO "things" VALUES('t390','acme','thing 390');
INSERT INTO "things" VALUES('t391','acme','thing 391');
INSERT INTO "things" VALUES('t392','acme','thing 392');
INSERT INTO "things" VALUES('t393','acme','thing 393');
INSERT INTO "things" VALUES('t394','acme','thing 394');
INSERT INTO "things" VALUES('t395','acme','thing 395');
INSERT INTO "things" VALUES('t396','acme','thing 396');
INSERT INTO "things" VALUES('t397','acme','thing 397');
INSERT INTO "things" VALUES('t398','acme','thing 398');
INSERT INTO "things" VALUES('t399','acme','thing 399');
INSERT INTO "things" VALUES('t70','acme','thing 70');
INSERT INTO "things" VALUES('t71','acme','thing 71');
INSERT INTO "things" VALUES('t72','acme','thing 72');
INSERT INTO "things" VALUES('t73','acme','thing 73');
INSERT INTO "things" VALUES('t74','acme','thing 74');
INSERT INTO "things" VALUES('t75','acme','thing 75');
INSERT INTO "things" VALUES('t76','acme','thing 76');
INSERT INTO "things" VALUES('t77','acme','thing 77');
INSERT INTO "things" VALUES('t78','acme','thing 78');
INSERT INTO "things" VALUES('t79','acme','thing 79');
INSERT INTO "things" VALUES('t80','acme','thing 80');
INSERT INTO "things" VALUES('t81','acme','thing 81');
INSERT INTO "things" VALUES('t82','acme','thing 82');
INSERT INTO "things" VALUES('t83','acme','thing 83');
INSERT INTO "things" VALUES('t84','acme','thing 84');
INSERT INTO "things" VALUES('t130','acme','thing 130');
INSERT INTO "things" VALUES('t131','acme','thing 131');
INSERT INTO "things" VALUES('t132','acme','thing 132');
INSERT INTO "things" VALUES('t133','acme','thing 133');
INSERT INTO "things" VALUES('t134','acme','thing 134');
CREATE INDEX ix_notes_thing ON notes (thing_id);
CREATE INDEX ix_links_thing ON links (thing_id);
CREATE INDEX ix_sexton_tombstones_item ON sexton_tombstones (resource, item_id);
CREATE INDEX ix_sexton_tombstones_audit ON sexton_tombstones (audit_id, root_item);
CREATE INDEX ix_sexton_tombstones_due ON sexton_tombstones (restorable_until) WHERE purged_at IS NULL;
CREATE INDEX ix_sexton_tombstones_forget ON sexton_tombstones (forget_after) WHERE purged_at IS NOT NULL OR restorable_until IS NULL;
CREATE INDEX ix_sexton_detached_links_audit ON sexton_detached_links (audit_id, resource, item_id);
CREATE INDEX ix_sexton_detached_links_item ON sexton_detached_links (resource, item_id);
CREATE INDEX ix_sexton_detached_links_parent ON sexton_detached_links (parent_resource, parent_item);
CREATE INDEX ix_sexton_bulk_jobs_account ON sexton_bulk_jobs (account, created_at);
CREATE INDEX ix_sexton_bulk_chunks_ready ON sexton_bulk_chunks (n, job_id) WHERE state = 'ready';
CREATE INDEX ix_sexton_idempotency_keys_expires ON sexton_idempotency_keys (expires_at);
CREATE INDEX ix_sexton_audit_log_job ON sexton_audit_log (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX ix_sexton_audit_log_account ON sexton_audit_log (account, at);
CREATE INDEX ix_sexton_audit_log_item ON sexton_audit_log (resource, item_id) WHERE item_id IS NOT NULL;
CREATE UNIQUE INDEX ux_sexton_holds_item ON sexton_holds (resource, item_id, account) WHERE lifted_at IS NULL;
CREATE TRIGGER sexton_audit_keeps_content BEFORE UPDATE ON sexton_audit_log
BEGIN SELECT RAISE(ABORT, 'sexton_audit_log is append-only: UPDATE is refused'); END;
CREATE TRIGGER sexton_audit_keeps_rows BEFORE DELETE ON sexton_audit_log
WHEN OLD.keep_until >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
BEGIN SELECT RAISE(ABORT, 'sexton_audit_log is append-only: DELETE is refused'); END;
COMMIT;
