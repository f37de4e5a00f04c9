-- The journal of the record. Rows are added and never changed: the triggers
-- stop a slip, the tree over the rows reveals intent.
--
-- seq is the place in the record and in the tree, from 0 without a gap. Only at,
-- kind, class, ids and keyed hashes are in the clear; facts and content are
-- sealed. content comes last, so that reading the rest does not touch it.
CREATE TABLE record (
    seq     INTEGER PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    about   BLOB    CHECK (about IS NULL OR length(about) = 16),
    at      INTEGER NOT NULL, -- microseconds since 1970 UTC
    kind    INTEGER NOT NULL, -- 1 intent, 2 outcome, 3 note
    class   TEXT    NOT NULL, -- decision, result or kind of event
    patient BLOB,             -- keyed hashes, 16 bytes; NULL where not stated
    person  BLOB,
    session BLOB,
    key     TEXT    NOT NULL, -- id of the content's key; empty without content
    leaf    BLOB    NOT NULL CHECK (length(leaf) = 132),
    facts   BLOB    NOT NULL,
    content BLOB
) STRICT;

CREATE INDEX record_about   ON record (about)        WHERE about   IS NOT NULL;
CREATE INDEX record_patient ON record (patient, seq) WHERE patient IS NOT NULL;
CREATE INDEX record_person  ON record (person, seq)  WHERE person  IS NOT NULL;
CREATE INDEX record_session ON record (session, seq) WHERE session IS NOT NULL;
CREATE INDEX record_at      ON record (at);

-- Places are dense, and neither a place nor an id is taken twice, not even by
-- INSERT OR REPLACE, which no delete trigger sees.
CREATE TRIGGER record_in_order BEFORE INSERT ON record
WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM record)
  OR EXISTS (SELECT 1 FROM record WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'a record is added at the end, once'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'a record is never changed'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'a record is never removed'); END;

-- Intents that wait for their outcome: a list to find them quickly after a
-- crash. It proves nothing; the verifier counts for itself.
CREATE TABLE open_intent (
    id  BLOB    PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
