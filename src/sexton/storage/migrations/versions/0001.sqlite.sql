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

CREATE INDEX ix_sexton_tombstones_audit ON sexton_tombstones (audit_id, root_item);

CREATE INDEX ix_sexton_tombstones_due ON sexton_tombstones (restorable_until) WHERE purged_at IS NULL;

CREATE INDEX ix_sexton_tombstones_forget ON sexton_tombstones (forget_after) WHERE purged_at IS NOT NULL OR restorable_until IS NULL;

CREATE INDEX ix_sexton_tombstones_item ON sexton_tombstones (resource, item_id);

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

CREATE INDEX ix_sexton_detached_links_audit ON sexton_detached_links (audit_id, resource, item_id);

CREATE INDEX ix_sexton_detached_links_item ON sexton_detached_links (resource, item_id);

CREATE INDEX ix_sexton_detached_links_parent ON sexton_detached_links (parent_resource, parent_item);

CREATE TABLE sexton_shapes (
    id VARCHAR(64) NOT NULL,
    columns JSON NOT NULL,
    PRIMARY KEY (id)
);

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

CREATE INDEX ix_sexton_bulk_jobs_account ON sexton_bulk_jobs (account, created_at);

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

CREATE INDEX ix_sexton_bulk_chunks_ready ON sexton_bulk_chunks (n, job_id) WHERE state = 'ready';

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

CREATE INDEX ix_sexton_idempotency_keys_expires ON sexton_idempotency_keys (expires_at);

CREATE TABLE sexton_quotas (
    account TEXT NOT NULL,
    remaining FLOAT NOT NULL,
    refilled_at TEXT NOT NULL,
    PRIMARY KEY (account)
)
 WITHOUT ROWID;

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
 WITHOUT ROWID;

CREATE INDEX ix_sexton_audit_log_account ON sexton_audit_log (account, at);

CREATE INDEX ix_sexton_audit_log_item ON sexton_audit_log (resource, item_id) WHERE item_id IS NOT NULL;

CREATE INDEX ix_sexton_audit_log_job ON sexton_audit_log (job_id) WHERE job_id IS NOT NULL;

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

CREATE UNIQUE INDEX ux_sexton_holds_item ON sexton_holds (resource, item_id, account) WHERE lifted_at IS NULL;

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

CREATE TABLE sexton_secrets (
    id VARCHAR(64) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TRIGGER sexton_audit_keeps_content BEFORE UPDATE ON sexton_audit_log
BEGIN SELECT RAISE(ABORT, 'sexton_audit_log is append-only: UPDATE is refused'); END;

CREATE TRIGGER sexton_audit_keeps_rows BEFORE DELETE ON sexton_audit_log
WHEN OLD.keep_until >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
BEGIN SELECT RAISE(ABORT, 'sexton_audit_log is append-only: DELETE is refused'); END;
