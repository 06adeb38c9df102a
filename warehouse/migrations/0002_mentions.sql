-- One row for each post about the school, over all its revisions.
CREATE TABLE mentions (
    id VARCHAR PRIMARY KEY,                 -- stable id, made of the source and its own id for the post
    source VARCHAR NOT NULL,                -- name of the source in sources.toml
    native_id VARCHAR NOT NULL,             -- the source's own id; may hold a handle, so never published
    kind VARCHAR NOT NULL,                  -- post, comment, review, edit, article, request or report
    canonical_url VARCHAR NOT NULL,         -- one spelling of the address, to tell that two mentions are one post
    first_seen_at TIMESTAMPTZ NOT NULL,     -- clock of the run that first stored it
    revision INTEGER NOT NULL,              -- number of the latest revision, from 1
    content_sha256 VARCHAR NOT NULL,        -- digest of the latest title and text: another one is an edit
    seen_run_id VARCHAR NOT NULL,           -- run that last stored it or saw it come back; keeps replays harmless
    is_sealed BOOLEAN NOT NULL,             -- possible illegal image: no content kept from then on (B13, T04)
    is_gone BOOLEAN NOT NULL,               -- the source no longer shows it
    gone_at TIMESTAMPTZ,                    -- when that was observed
    gone_basis VARCHAR,                     -- how that was observed; an observation, not a cause
    gone_run_id VARCHAR,                    -- run that observed it
    incident_id VARCHAR,                    -- the incident it belongs to, if any
    CHECK (is_gone = (gone_at IS NOT NULL)),
    CHECK ((gone_at IS NULL) = (gone_basis IS NULL)),
    CHECK ((gone_at IS NULL) = (gone_run_id IS NULL))
);

-- What a post said at each capture. An edit is a further row, never an overwrite.
CREATE TABLE revisions (
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- counted from 1 in the transaction that stores it
    run_id VARCHAR NOT NULL,                -- run that stored it
    url VARCHAR NOT NULL,                   -- the address as the source gave it
    title VARCHAR NOT NULL,                 -- plain text, empty for posts without one
    text VARCHAR NOT NULL,                  -- plain text; for sealed mentions only: possible illegal image
    lang VARCHAR NOT NULL,                  -- en, cy or other
    posted_at TIMESTAMPTZ,                  -- when it was posted; unknown stays empty (L18)
    posted_at_basis VARCHAR NOT NULL,       -- where that time comes from
    edited_at TIMESTAMPTZ,                  -- when the source says it was edited
    captured_at TIMESTAMPTZ NOT NULL,       -- when we saw it: never a stand-in for posted_at
    content_sha256 VARCHAR NOT NULL,        -- digest of title and text, white space set aside
    scope VARCHAR NOT NULL,                 -- certain or possible; out of scope is never stored
    scope_score DOUBLE NOT NULL,            -- 0 to 1
    scope_reasons VARCHAR[] NOT NULL,       -- sentences a person can check
    flags VARCHAR[] NOT NULL,               -- facts about the data, such as date_estimated
    place VARCHAR NOT NULL,                 -- region the source or post speaks of
    parent_id VARCHAR NOT NULL,             -- the source's own id of the post this answers
    PRIMARY KEY (mention_id, revision),
    CHECK ((posted_at IS NULL) = (posted_at_basis = 'unknown')),
    CHECK (scope IN ('certain', 'possible')),
    CHECK (revision >= 1)
);

-- Who wrote a revision, apart from it. Sealed: read only for a subject access request, never published.
CREATE TABLE authors (
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- its revision
    handle VARCHAR NOT NULL,                -- the public handle as shown
    PRIMARY KEY (mention_id, revision)
);

-- Bytes under their own digest: equal bytes are stored once, nothing is overwritten.
CREATE TABLE objects (
    sha256 VARCHAR PRIMARY KEY,             -- digest of the bytes before compression
    kind VARCHAR NOT NULL,                  -- warc, text or raw
    media_type VARCHAR NOT NULL,            -- content type of the bytes
    size BIGINT NOT NULL,                   -- length before compression
    zstd BLOB NOT NULL,                     -- the bytes, zstd level 3
    stored_at TIMESTAMPTZ NOT NULL          -- when they were stored
);

-- Circumstances of the capture of each revision.
CREATE TABLE evidence (
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- its revision
    captured_at TIMESTAMPTZ NOT NULL,       -- when the page or answer was fetched
    method VARCHAR NOT NULL,                -- guarded_http, api, manual or none
    url_requested VARCHAR NOT NULL,         -- address asked for
    url_final VARCHAR NOT NULL,             -- address that answered
    http_status INTEGER,                    -- status of the answer; empty when nothing was fetched
    warc_sha256 VARCHAR,                    -- digest and key of the WARC bytes in objects
    page_sha256 VARCHAR,                    -- digest of the response body
    text_sha256 VARCHAR,                    -- digest and key of the page's readable text in objects
    raw_sha256 VARCHAR,                     -- digest and key of the source's own bytes in objects
    redirects VARCHAR[] NOT NULL,           -- addresses passed through
    remote_ip VARCHAR NOT NULL,             -- server that answered
    robots VARCHAR NOT NULL,                -- what robots.txt said
    truncated BOOLEAN NOT NULL,             -- the sender stopped short
    software VARCHAR NOT NULL,              -- what captured it
    fault_kind VARCHAR,                     -- why there is no page, if there is none
    fault_detail VARCHAR,                   -- the same in one line
    PRIMARY KEY (mention_id, revision),
    CHECK ((fault_kind IS NULL) = (fault_detail IS NULL))
);

-- What the classifier proposed for each revision.
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
    reasons_json VARCHAR NOT NULL,          -- why, with weights and positions in the text
    lang VARCHAR NOT NULL,                  -- en, cy or other
    model VARCHAR NOT NULL,                 -- model and rule versions
    stop_image BOOLEAN NOT NULL,            -- the text suggests an image nobody may fetch (B13, T04)
    classified_at TIMESTAMPTZ NOT NULL,     -- clock of the run
    PRIMARY KEY (mention_id, revision),
    CHECK (label IN ('positive', 'neutral', 'concern', 'inappropriate')),
    CHECK (p_positive + p_neutral + p_concern + p_inappropriate BETWEEN 0.99 AND 1.01)
);

-- What people said about a mention after reading it: the classifier learns from these.
CREATE TABLE decisions (
    id BIGINT PRIMARY KEY,                  -- counted from 1
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- the revision the person read
    was_label VARCHAR NOT NULL,             -- label proposed by the classifier
    label VARCHAR NOT NULL,                 -- label the person gave
    actor VARCHAR NOT NULL,                 -- who; never published
    role VARCHAR NOT NULL,                  -- in which protocol role
    reason VARCHAR NOT NULL,                -- why, in the person's words; never published
    decided_at TIMESTAMPTZ NOT NULL,        -- when
    CHECK (label IN ('positive', 'neutral', 'concern', 'inappropriate'))
);

-- Who told the school. Sealed: in no letter, digest, export, log or copy (L19, L20).
CREATE TABLE reporters (
    mention_id VARCHAR NOT NULL,            -- the mention that was reported
    reporter VARCHAR NOT NULL,              -- as the person gave it
    platform VARCHAR NOT NULL,              -- where they saw it
    reported_at TIMESTAMPTZ NOT NULL,       -- when they told the school
    PRIMARY KEY (mention_id, reported_at)
);
