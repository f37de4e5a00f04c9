-- Programs that people sign in, and the tokens of each: kinds device, access and
-- refresh. A token names its device; of anything else parent is empty.
ALTER TABLE credential ADD COLUMN parent TEXT NOT NULL DEFAULT '';
