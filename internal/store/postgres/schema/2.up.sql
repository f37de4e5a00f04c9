-- The vault's ciphertext. Nothing here opens without the root key. Rows that
-- were deleted are cleared away soon, because deleting a key is how content is
-- destroyed.
CREATE TABLE chaperone.session (
    id      bytea  PRIMARY KEY, -- keyed hash of the session's name
    key     bytea  NOT NULL,    -- the session's key, wrapped
    expires bigint NOT NULL     -- milliseconds since 1970 UTC
);
CREATE INDEX session_expires ON chaperone.session (expires);

CREATE TABLE chaperone.item (
    session bytea NOT NULL,
    space   text  NOT NULL, -- s: surrogates, m: memory
    name    text  COLLATE "C" NOT NULL, -- a placeholder, or a keyed hash
    mark    bytea NOT NULL, -- keyed hash of the contents
    sealed  bytea NOT NULL,
    PRIMARY KEY (session, space, name)
);

-- Wrapped keys, and other small things sealed by the root.
CREATE TABLE chaperone.key (
    id     text   PRIMARY KEY,
    owner  text   NOT NULL,
    sealed bytea  NOT NULL,
    made   bigint NOT NULL -- milliseconds since 1970 UTC
) WITH (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
