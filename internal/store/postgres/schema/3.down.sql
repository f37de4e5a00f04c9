DROP TABLE chaperone.move;
DROP TABLE chaperone.credential;
