DROP TABLE chaperone.key;
DROP TABLE chaperone.item;
DROP TABLE chaperone.session;
