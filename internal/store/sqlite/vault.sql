-- The vault's ciphertext. Nothing here opens without the root key. Deleted rows
-- are overwritten (secure_delete), because deleting a key is how content is
-- destroyed.
CREATE TABLE session (
    id      BLOB    PRIMARY KEY, -- keyed hash of the session's name
    key     BLOB    NOT NULL,    -- the session's key, wrapped
    expires INTEGER NOT NULL     -- milliseconds since 1970 UTC
) STRICT, WITHOUT ROWID;
CREATE INDEX session_expires ON session (expires);

CREATE TABLE item (
    session BLOB NOT NULL,
    space   TEXT NOT NULL, -- s: surrogates, m: memory
    name    TEXT NOT NULL, -- a placeholder, or a keyed hash
    mark    BLOB NOT NULL, -- keyed hash of the contents
    sealed  BLOB NOT NULL,
    PRIMARY KEY (session, space, name)
) STRICT, WITHOUT ROWID;

-- Wrapped keys, and other small things sealed by the root.
CREATE TABLE key (
    id     TEXT    PRIMARY KEY,
    owner  TEXT    NOT NULL,
    sealed BLOB    NOT NULL,
    made   INTEGER NOT NULL -- milliseconds since 1970 UTC
) STRICT, WITHOUT ROWID;
CREATE INDEX key_owner ON key (owner);
