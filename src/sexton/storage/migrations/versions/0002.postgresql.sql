ALTER TABLE sexton.bulk_jobs ADD COLUMN state_reason TEXT;

ALTER TABLE sexton.bulk_jobs ADD COLUMN stage INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton.bulk_chunks ADD COLUMN stage INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton.bulk_chunks ADD COLUMN place INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton.bulk_chunks ADD COLUMN size INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE sexton.bulk_chunks ADD COLUMN places JSON;

ALTER TABLE sexton.bulk_chunks ADD COLUMN not_before TIMESTAMP WITH TIME ZONE;

UPDATE sexton.bulk_chunks SET size = cardinality(ids), place = n * 1000;

DROP INDEX sexton.ix_bulk_chunks_ready;

CREATE INDEX ix_bulk_chunks_open ON sexton.bulk_chunks (job_id, place) WHERE state = 'ready';

CREATE INDEX ix_bulk_chunks_place ON sexton.bulk_chunks (job_id, stage, place);

CREATE TABLE sexton.job_controls (
    id VARCHAR(64) NOT NULL,
    job_id TEXT NOT NULL,
    move TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX ix_job_controls_job ON sexton.job_controls (job_id);

CREATE TABLE sexton.workers (
    id VARCHAR(64) NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    version TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    job_id TEXT,
    n INTEGER,
    PRIMARY KEY (id)
);

CREATE INDEX ix_workers_job ON sexton.workers (job_id, n);

CREATE TABLE sexton.webhooks (
    id VARCHAR(64) NOT NULL,
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT[] NOT NULL,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_secret_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    disabled_because TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX ix_webhooks_account ON sexton.webhooks (account, id);

CREATE TABLE sexton.webhook_deliveries (
    id VARCHAR(64) NOT NULL,
    webhook_id VARCHAR(64) NOT NULL,
    account TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    attempts_before INTEGER NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    last_status INTEGER,
    last_error TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX ix_webhook_deliveries_due ON sexton.webhook_deliveries (not_before) WHERE state = 'pending';

CREATE INDEX ix_webhook_deliveries_webhook ON sexton.webhook_deliveries (webhook_id, id);

CREATE FUNCTION sexton.chunk_of_0001() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.size := cardinality(NEW.ids);
  NEW.place := NEW.n * 1000;
  RETURN NEW;
END $$;

CREATE TRIGGER chunk_of_0001 BEFORE INSERT ON sexton.bulk_chunks
FOR EACH ROW WHEN (NEW.size = 0 AND cardinality(NEW.ids) > 0) EXECUTE FUNCTION sexton.chunk_of_0001();
