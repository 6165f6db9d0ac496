CREATE TABLE sexton.tombstones (
    id BIGSERIAL NOT NULL,
    resource TEXT NOT NULL,
    account TEXT NOT NULL,
    item_id TEXT NOT NULL,
    strategy TEXT NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    restorable_until TIMESTAMP WITH TIME ZONE,
    forget_after TIMESTAMP WITH TIME ZONE NOT NULL,
    job_id TEXT,
    audit_id TEXT NOT NULL,
    correlation_id TEXT,
    key_id TEXT,
    etag TEXT,
    root_resource TEXT NOT NULL,
    root_item TEXT NOT NULL,
    shape TEXT,
    snapshot TEXT[],
    purged_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);

CREATE INDEX ix_tombstones_audit ON sexton.tombstones (audit_id, root_item);

CREATE INDEX ix_tombstones_due ON sexton.tombstones (restorable_until) WHERE purged_at IS NULL;

CREATE INDEX ix_tombstones_forget ON sexton.tombstones (forget_after) WHERE purged_at IS NOT NULL OR restorable_until IS NULL;

CREATE INDEX ix_tombstones_item ON sexton.tombstones (resource, item_id);

CREATE TABLE sexton.detached_links (
    id BIGSERIAL NOT NULL,
    audit_id TEXT NOT NULL,
    root_resource TEXT NOT NULL,
    root_item TEXT NOT NULL,
    parent_resource TEXT NOT NULL,
    parent_item TEXT NOT NULL,
    resource TEXT NOT NULL,
    item_id TEXT NOT NULL,
    columns TEXT[] NOT NULL,
    "old" TEXT[] NOT NULL,
    "new" TEXT[],
    forget_after TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX ix_detached_links_audit ON sexton.detached_links (audit_id, resource, item_id);

CREATE INDEX ix_detached_links_item ON sexton.detached_links (resource, item_id);

CREATE INDEX ix_detached_links_parent ON sexton.detached_links (parent_resource, parent_item);

CREATE TABLE sexton.shapes (
    id VARCHAR(64) NOT NULL,
    columns TEXT[] NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE sexton.bulk_jobs (
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
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    not_before TIMESTAMP WITH TIME ZONE,
    restorable_until TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);

CREATE INDEX ix_bulk_jobs_account ON sexton.bulk_jobs (account, created_at);

CREATE TABLE sexton.bulk_chunks (
    job_id VARCHAR(64) NOT NULL,
    n INTEGER NOT NULL,
    state TEXT NOT NULL,
    ids TEXT[] NOT NULL,
    versions TEXT[],
    counts JSON NOT NULL,
    exceptions JSON NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    audit_id TEXT,
    PRIMARY KEY (job_id, n)
);

CREATE INDEX ix_bulk_chunks_ready ON sexton.bulk_chunks (n, job_id) WHERE state = 'ready';

CREATE TABLE sexton.previews (
    id VARCHAR(64) NOT NULL,
    account TEXT NOT NULL,
    resource TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    request JSON NOT NULL,
    cascade INTEGER NOT NULL,
    count INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    job_id TEXT,
    PRIMARY KEY (id)
);

CREATE TABLE sexton.idempotency_keys (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status INTEGER,
    headers JSON,
    body BYTEA,
    PRIMARY KEY (account, key)
);

CREATE INDEX ix_idempotency_keys_expires ON sexton.idempotency_keys (expires_at);

CREATE TABLE sexton.quotas (
    account TEXT NOT NULL,
    remaining FLOAT NOT NULL,
    refilled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (account)
);

CREATE TABLE sexton.audit_log (
    id VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    account TEXT NOT NULL,
    key_id TEXT,
    ip TEXT,
    user_agent TEXT,
    correlation_id TEXT,
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    item_id TEXT,
    items TEXT[],
    job_id TEXT,
    reason TEXT,
    requested JSON,
    failed JSON,
    summary JSON,
    keep_until TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX ix_audit_log_account ON sexton.audit_log (account, at);

CREATE INDEX ix_audit_log_item ON sexton.audit_log (resource, item_id) WHERE item_id IS NOT NULL;

CREATE INDEX ix_audit_log_job ON sexton.audit_log (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE sexton.holds (
    id VARCHAR(64) NOT NULL,
    account TEXT NOT NULL,
    resource TEXT NOT NULL,
    item_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lifted_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ux_holds_item ON sexton.holds (resource, item_id, account) WHERE lifted_at IS NULL;

CREATE TABLE sexton.api_keys (
    id VARCHAR(64) NOT NULL,
    account TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    name TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);

CREATE TABLE sexton.secrets (
    id VARCHAR(64) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE FUNCTION sexton.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.keep_until < now() THEN RETURN OLD; END IF;
  RAISE EXCEPTION USING MESSAGE = 'sexton.audit_log is append-only: ' || TG_OP || ' is refused';
END $$;

CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON sexton.audit_log
FOR EACH ROW EXECUTE FUNCTION sexton.audit_is_append_only();

CREATE TRIGGER audit_keeps_table BEFORE TRUNCATE ON sexton.audit_log
FOR EACH STATEMENT EXECUTE FUNCTION sexton.audit_is_append_only();
