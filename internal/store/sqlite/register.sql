-- The register: entries and documents, all sealed. Rows are added and never
-- changed. Only tenants, numbers and digests of documents are in the clear.
CREATE TABLE entry (
    tenant TEXT    NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0), -- from 1, without a gap
    sealed BLOB    NOT NULL,
    PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    tenant TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64), -- SHA-256 of the plain content
    key    TEXT NOT NULL,                             -- id of its key in the vault
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, digest)
) STRICT;

CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'an entry is never removed'); END;
CREATE TRIGGER document_no_update BEFORE UPDATE ON document
BEGIN SELECT raise(ABORT, 'a document is never changed'); END;
CREATE TRIGGER document_no_delete BEFORE DELETE ON document
BEGIN SELECT raise(ABORT, 'a document is never removed'); END;
