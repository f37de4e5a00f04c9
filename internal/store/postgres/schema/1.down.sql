DROP TABLE chaperone.open_intent;
DROP SEQUENCE chaperone.writer;
DROP TABLE chaperone.record;
DROP FUNCTION chaperone.record_in_order();
DROP FUNCTION chaperone.record_stays();
