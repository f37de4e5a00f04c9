-- The state of identities. Secrets are not here: only keyed hashes of them.
-- Times are microseconds since 1970 UTC; NULL means never or no end.
CREATE TABLE chaperone.credential (
    kind        text   NOT NULL, -- key, link, session, device, access or refresh
    id          text   COLLATE "C" NOT NULL, -- public
    parent      text   NOT NULL, -- the device of a token; else empty
    tenant      text   NOT NULL,
    owner       text   NOT NULL,
    role        text   NOT NULL,
    environment text   NOT NULL,
    purposes    text   NOT NULL, -- JSON list; empty: any
    networks    text   NOT NULL, -- JSON list; empty: anywhere
    label       text   NOT NULL,
    hash        bytea  NOT NULL,
    created     bigint NOT NULL,
    expires     bigint,
    last_used   bigint,
    ended       bigint,
    PRIMARY KEY (kind, id)
);
CREATE INDEX credential_tenant ON chaperone.credential (tenant, kind, created);

-- From where the data was moved here, and whether all of it has arrived.
CREATE TABLE chaperone.move (
    source text    PRIMARY KEY, -- the public key of the log that was moved
    whole  boolean NOT NULL
);
