-- What the role that Chaperone runs as may do: add to the record and read it,
-- keep house in the rest. ROLE stands for its quoted name.

REVOKE ALL ON ALL TABLES IN SCHEMA chaperone FROM ROLE;
REVOKE ALL ON ALL TABLES IN SCHEMA chaperone FROM PUBLIC;
GRANT USAGE ON SCHEMA chaperone TO ROLE;
GRANT SELECT ON chaperone.version TO ROLE;
GRANT SELECT, INSERT ON chaperone.record TO ROLE;
GRANT SELECT, INSERT, DELETE ON chaperone.open_intent TO ROLE;
GRANT USAGE ON SEQUENCE chaperone.writer TO ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON chaperone.session, chaperone.item, chaperone.key, chaperone.credential, chaperone.move TO ROLE;
