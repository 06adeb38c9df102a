-- Evidence and words lie sealed, each under a key of its own (docs/adr/0027). SQL cannot seal: warehouse/seal_old.py
-- carries the rows over and drops the plain_ tables, in the transaction that runs this.
ALTER TABLE revisions RENAME TO plain_revisions;
ALTER TABLE classifications RENAME TO plain_classifications;
ALTER TABLE objects RENAME TO plain_objects;
ALTER TABLE authors RENAME TO plain_authors;

-- What a post said at each capture. An edit is a further row, never an overwrite.
CREATE TABLE revisions (
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- counted from 1 in the transaction that stores it
    run_id VARCHAR NOT NULL,                -- run that stored it
    url VARCHAR NOT NULL,                   -- the address as the source gave it
    lang VARCHAR NOT NULL,                  -- en, cy or other
    posted_at TIMESTAMPTZ,                  -- when it was posted; unknown stays empty (L18)
    posted_at_basis VARCHAR NOT NULL,       -- where that time comes from
    edited_at TIMESTAMPTZ,                  -- when the source says it was edited
    captured_at TIMESTAMPTZ NOT NULL,       -- when we saw it: never a stand-in for posted_at
    content_sha256 VARCHAR NOT NULL,        -- digest of title and text, white space set aside
    scope VARCHAR NOT NULL,                 -- certain or possible; out of scope is never stored
    scope_score DOUBLE NOT NULL,            -- 0 to 1
    flags VARCHAR[] NOT NULL,               -- facts about the data, such as date_estimated
    place VARCHAR NOT NULL,                 -- region the source or post speaks of
    parent_id VARCHAR NOT NULL,             -- the source's own id of the post this answers
    sealed BLOB NOT NULL,                   -- title, text, author's handle and the reasons that quote, sealed with AES-256-GCM
    key_id BIGINT NOT NULL,                 -- number of their key in keys/object_keys.sqlite
    PRIMARY KEY (mention_id, revision),
    CHECK ((posted_at IS NULL) = (posted_at_basis = 'unknown')),
    CHECK (scope IN ('certain', 'possible')),
    CHECK (revision >= 1)
);

-- What the classifier proposed for each revision. Its reasons quote: they lie sealed with the words.
CREATE TABLE classifications (
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- its revision
    label VARCHAR NOT NULL,                 -- positive, neutral, concern or inappropriate
    p_positive DOUBLE NOT NULL,             -- calibrated probability
    p_neutral DOUBLE NOT NULL,              -- calibrated probability
    p_concern DOUBLE NOT NULL,              -- calibrated probability
    p_inappropriate DOUBLE NOT NULL,        -- calibrated probability
    harms VARCHAR[] NOT NULL,               -- families of harm
    route VARCHAR NOT NULL,                 -- what a person may consider first; never a decision
    needs_person BOOLEAN NOT NULL,          -- too unsure, or too serious, to file without a person
    is_sample BOOLEAN NOT NULL,             -- it was sure, and a person is asked for the sample alone
    is_doubtful BOOLEAN NOT NULL,           -- its reasons ask a person to look: it may be more than criticism
    lang VARCHAR NOT NULL,                  -- en, cy or other
    model VARCHAR NOT NULL,                 -- model and rule versions
    stop_image BOOLEAN NOT NULL,            -- the text suggests an image nobody may fetch (B13, T04)
    classified_at TIMESTAMPTZ NOT NULL,     -- clock of the run
    PRIMARY KEY (mention_id, revision),
    CHECK (label IN ('positive', 'neutral', 'concern', 'inappropriate')),
    CHECK (p_positive + p_neutral + p_concern + p_inappropriate BETWEEN 0.99 AND 1.01)
);

-- Bytes under their own digest: equal bytes are stored once, nothing is overwritten.
CREATE TABLE objects (
    sha256 VARCHAR PRIMARY KEY,             -- digest of the bytes as they came
    kind VARCHAR NOT NULL,                  -- warc, text or raw
    media_type VARCHAR NOT NULL,            -- content type of the bytes
    size BIGINT NOT NULL,                   -- length of the bytes as they came
    stored_at TIMESTAMPTZ NOT NULL,         -- when they were stored
    sealed BLOB NOT NULL,                   -- the bytes, zstd level 3, sealed with AES-256-GCM
    key_id BIGINT NOT NULL                  -- number of their key in keys/object_keys.sqlite
);
