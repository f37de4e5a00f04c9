-- The journal of the record. Rows are added and never changed: whoever writes
-- them has INSERT and SELECT and nothing else, the triggers stop a slip of the
-- owner, and the tree over the rows reveals intent.
--
-- seq is the place in the record and in the tree, from 0 without a gap. Only at,
-- kind, class, ids and keyed hashes are in the clear; facts and content are
-- sealed.
CREATE TABLE chaperone.record (
    seq     bigint   PRIMARY KEY CHECK (seq >= 0),
    id      bytea    NOT NULL UNIQUE CHECK (octet_length(id) = 16),
    about   bytea    CHECK (octet_length(about) = 16),
    at      bigint   NOT NULL, -- microseconds since 1970 UTC
    kind    smallint NOT NULL, -- 1 intent, 2 outcome, 3 note
    class   text     NOT NULL, -- decision, result or kind of event
    patient bytea,             -- keyed hashes, 16 bytes; NULL where not stated
    person  bytea,
    session bytea,
    key     text     NOT NULL, -- id of the content's key; empty without content
    leaf    bytea    NOT NULL CHECK (octet_length(leaf) = 132),
    facts   bytea    NOT NULL,
    content bytea
);
-- What is sealed does not become smaller: no time is spent on trying.
ALTER TABLE chaperone.record ALTER COLUMN facts SET STORAGE EXTERNAL, ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE INDEX record_patient ON chaperone.record (patient, seq) WHERE patient IS NOT NULL;
CREATE INDEX record_person  ON chaperone.record (person, seq)  WHERE person  IS NOT NULL;
CREATE INDEX record_session ON chaperone.record (session, seq) WHERE session IS NOT NULL;
CREATE INDEX record_at      ON chaperone.record (at);

-- Places are dense: what one statement adds stands at the end, side by side.
CREATE FUNCTION chaperone.record_in_order() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF (SELECT max(seq) - min(seq) + 1 <> count(*)
            OR min(seq) > 0 AND NOT EXISTS (SELECT 1 FROM chaperone.record WHERE seq = min(added.seq) - 1) FROM added) THEN
        RAISE EXCEPTION 'a record is added at the end, once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_in_order AFTER INSERT ON chaperone.record
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION chaperone.record_in_order();

CREATE FUNCTION chaperone.record_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE EXCEPTION 'a record is never changed or removed';
END $$;
CREATE TRIGGER record_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON chaperone.record
    FOR EACH STATEMENT EXECUTE FUNCTION chaperone.record_stays();

-- Intents that wait for their outcome, and who wrote them: a list to find them
-- quickly after a crash. It proves nothing; the verifier counts for itself.
CREATE TABLE chaperone.open_intent (
    id     bytea   PRIMARY KEY,
    writer integer NOT NULL
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
CREATE SEQUENCE chaperone.writer AS integer CYCLE;
