-- The custody log: every act on evidence that the audit log knows of, as one signed entry. Holds no address and no words.
CREATE TABLE custody (
    seq BIGINT PRIMARY KEY,                 -- number of the entry, from 1 without a gap
    audit_seq BIGINT NOT NULL,              -- the row of the audit log it signs for
    body BLOB NOT NULL,                     -- the entry as it was signed: canonical JSON (RFC 8785)
    sha256 VARCHAR NOT NULL,                -- digest of the body; the next entry names it
    signature BLOB NOT NULL                 -- Ed25519 over the body, by the key the body names
);

-- The custody log in 32 bytes, signed: what a stamp is set on and what a witness keeps.
CREATE TABLE checkpoints (
    tree_size BIGINT PRIMARY KEY,           -- how many entries it covers, from the first
    root BLOB NOT NULL,                     -- Merkle root over them (RFC 6962)
    first_seq BIGINT NOT NULL,              -- first entry that is new in it
    prev_root BLOB NOT NULL,                -- root of the checkpoint before
    sealed_at TIMESTAMPTZ NOT NULL,         -- when it was signed, by this machine's clock
    kid VARCHAR NOT NULL,                   -- the key that signed
    signature BLOB NOT NULL                 -- Ed25519 over its canonical JSON
);

-- What time-stamping authorities answered, as it came (RFC 3161). One that did not answer is asked again.
CREATE TABLE stamps (
    tree_size BIGINT NOT NULL,              -- the checkpoint
    authority VARCHAR NOT NULL,             -- its name in custody.toml
    status VARCHAR NOT NULL,                -- stamped, unread, pending or refused
    cause VARCHAR NOT NULL,                 -- why it is no stamp, in one line; empty for a stamp
    token BLOB,                             -- the whole answer, unchanged; empty where none came
    token_sha256 VARCHAR,                   -- digest of the answer
    stamped_at TIMESTAMPTZ,                 -- the time the authority vouches for
    signer_sha256 VARCHAR,                  -- digest of the certificate that signed
    asked_at TIMESTAMPTZ NOT NULL,          -- when it was asked
    PRIMARY KEY (tree_size, authority),
    CHECK (status IN ('stamped', 'unread', 'pending', 'refused')),
    CHECK ((status = 'stamped') = (stamped_at IS NOT NULL))
);

-- Where the line of a checkpoint went that another machine keeps.
CREATE TABLE witnesses (
    tree_size BIGINT NOT NULL,              -- the checkpoint
    way VARCHAR NOT NULL,                   -- folder or mail
    told_at TIMESTAMPTZ NOT NULL,           -- when it was handed over
    PRIMARY KEY (tree_size, way)
);

-- Pictures made of stored bytes by a browser without network; where there is none, why.
CREATE TABLE pictures (
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- its revision
    kind VARCHAR NOT NULL,                  -- clip, page or card; none where no picture could be made
    sha256 VARCHAR,                         -- digest and key of the PNG in objects
    warc_sha256 VARCHAR NOT NULL,           -- digest of the stored bytes it was made of
    width INTEGER,                          -- pixels
    height INTEGER,                         -- pixels
    browser VARCHAR NOT NULL,               -- what drew it, with its version; empty where there is none
    cause VARCHAR NOT NULL,                 -- why there is no picture; empty where there is one
    made_at TIMESTAMPTZ NOT NULL,           -- when
    PRIMARY KEY (mention_id, revision, kind),
    CHECK ((sha256 IS NULL) = (kind = 'none'))
);
