ALTER TABLE sexton_bulk_jobs ADD COLUMN state_reason TEXT;

ALTER TABLE sexton_bulk_jobs ADD COLUMN stage INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton_bulk_chunks ADD COLUMN stage INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton_bulk_chunks ADD COLUMN place INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton_bulk_chunks ADD COLUMN size INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton_bulk_chunks ADD COLUMN places JSON;

ALTER TABLE sexton_bulk_chunks ADD COLUMN not_before TEXT;

UPDATE sexton_bulk_chunks SET size = json_array_length(ids), place = n * 1000;

DROP INDEX ix_sexton_bulk_chunks_ready;

CREATE INDEX ix_sexton_bulk_chunks_open ON sexton_bulk_chunks (job_id, place) WHERE state = 'ready';

CREATE INDEX ix_sexton_bulk_chunks_place ON sexton_bulk_chunks (job_id, stage, place);

CREATE TABLE sexton_job_controls (
    id VARCHAR(64) NOT NULL,
    job_id TEXT NOT NULL,
    move TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX ix_sexton_job_controls_job ON sexton_job_controls (job_id);

CREATE TABLE sexton_workers (
    id VARCHAR(64) NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    version TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    job_id TEXT,
    n INTEGER,
    PRIMARY KEY (id)
);

CREATE INDEX ix_sexton_workers_job ON sexton_workers (job_id, n);

CREATE TABLE sexton_webhooks (
    id VARCHAR(64) NOT NULL,
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    events JSON NOT NULL,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_secret_until TEXT,
    created_at TEXT NOT NULL,
    disabled_at TEXT,
    disabled_because TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX ix_sexton_webhooks_account ON sexton_webhooks (account, id);

CREATE TABLE sexton_webhook_deliveries (
    id VARCHAR(64) NOT NULL,
    webhook_id VARCHAR(64) NOT NULL,
    account TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    attempts_before INTEGER NOT NULL,
    not_before TEXT NOT NULL,
    locked_until TEXT,
    created_at TEXT NOT NULL,
    delivered_at TEXT,
    last_status INTEGER,
    last_error TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX ix_sexton_webhook_deliveries_due ON sexton_webhook_deliveries (not_before) WHERE state = 'pending';

CREATE INDEX ix_sexton_webhook_deliveries_webhook ON sexton_webhook_deliveries (webhook_id, id);

CREATE TRIGGER sexton_chunk_of_0001 AFTER INSERT ON sexton_bulk_chunks
WHEN NEW.size = 0 AND json_array_length(NEW.ids) > 0
BEGIN
  UPDATE sexton_bulk_chunks SET size = json_array_length(NEW.ids), place = NEW.n * 1000
  WHERE job_id = NEW.job_id AND n = NEW.n;
END;
