-- An intent and its outcome are found by their ids, which follow from each
-- other; an index over about was written to with every row and is not needed.
DROP INDEX record_about;

-- FAIL in place of ABORT: a row that is refused is refused before anything was
-- written, so that the engine need not keep a copy of every page it touches for
-- undoing half a row.
DROP TRIGGER record_in_order;
CREATE TRIGGER record_in_order BEFORE INSERT ON record
WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM record)
  OR EXISTS (SELECT 1 FROM record WHERE id = NEW.id)
BEGIN SELECT raise(FAIL, 'a record is added at the end, once'); END;
