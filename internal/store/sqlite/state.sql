-- The state of identities. Secrets are not here: only keyed hashes of them.
-- Times are microseconds since 1970 UTC; NULL means never or no end.
CREATE TABLE credential (
    kind        TEXT    NOT NULL, -- key, link or session
    id          TEXT    NOT NULL, -- public
    tenant      TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    environment TEXT    NOT NULL,
    purposes    TEXT    NOT NULL, -- JSON list; empty: any
    networks    TEXT    NOT NULL, -- JSON list; empty: anywhere
    label       TEXT    NOT NULL,
    hash        BLOB    NOT NULL,
    created     INTEGER NOT NULL,
    expires     INTEGER,
    last_used   INTEGER,
    ended       INTEGER,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_tenant ON credential (tenant, kind, created);
