-- Last incident number given in each year: counted in the opening transaction, so there are no gaps.
CREATE TABLE incident_numbers (
    year INTEGER PRIMARY KEY,               -- calendar year of opening, UTC
    last_number INTEGER NOT NULL            -- highest number given
);

-- Incidents under the school's protocol.
CREATE TABLE incidents (
    id VARCHAR PRIMARY KEY,                 -- year and number: 2026-0001
    mention_id VARCHAR NOT NULL,            -- the mention it was opened for
    canonical_url VARCHAR,                  -- the post; empty after erasure
    kind VARCHAR NOT NULL,                  -- incident kind of the pack
    state VARCHAR NOT NULL,                 -- where it is in the protocol
    decider VARCHAR NOT NULL,               -- role that decides, after recusal
    route VARCHAR NOT NULL,                 -- suggested route
    harms VARCHAR[] NOT NULL,               -- families of harm
    clause VARCHAR NOT NULL,                -- clause of the policy it is opened under
    pack VARCHAR NOT NULL,                  -- policy pack and version; a later pack changes nothing (I12)
    first_steps VARCHAR[] NOT NULL,         -- the pack's own first steps
    reasons_json VARCHAR NOT NULL,          -- why it was opened, as a JSON list; emptied at erasure
    summary VARCHAR NOT NULL,               -- one line for a person; emptied at erasure
    opened_at TIMESTAMPTZ NOT NULL,         -- when
    moved_at TIMESTAMPTZ NOT NULL,          -- when the state last changed
    deadline_at TIMESTAMPTZ,                -- when the post should be gone, if removal was asked for
    event_count INTEGER NOT NULL            -- rows it has in incident_events
);

-- Every step of every incident. Append-only and hash-chained (I8, I9).
CREATE TABLE incident_events (
    seq BIGINT PRIMARY KEY,                 -- place in the chain over all incidents
    incident_id VARCHAR NOT NULL,           -- the incident
    number INTEGER NOT NULL,                -- its how-manieth event, from 1
    from_state VARCHAR,                     -- empty for the first one
    event VARCHAR NOT NULL,                 -- what happened
    to_state VARCHAR NOT NULL,              -- where that led
    actor VARCHAR NOT NULL,                 -- who; mentionwatch for the pipeline; never published
    role VARCHAR NOT NULL,                  -- in which protocol role
    reason VARCHAR,                         -- why; empty after erasure; never published
    details_json VARCHAR,                   -- facts the step needed; empty after erasure; never published
    salt VARCHAR,                           -- makes the commitment unguessable; destroyed at erasure
    commitment VARCHAR NOT NULL,            -- digest of salt, reason and details: what the chain covers
    happened_at TIMESTAMPTZ NOT NULL,       -- when
    pack VARCHAR NOT NULL,                  -- policy pack and version
    prev_hash VARCHAR NOT NULL,             -- hash of the row before
    hash VARCHAR NOT NULL,                  -- over prev_hash and this row
    CHECK ((reason IS NULL) = (salt IS NULL)),
    CHECK ((reason IS NULL) = (details_json IS NULL))
);

-- Who did what to which record. Append-only, hash-chained, without URL or post text; outlives what it names.
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,                 -- place in the chain
    happened_at TIMESTAMPTZ NOT NULL,       -- when
    actor VARCHAR NOT NULL,                 -- who
    role VARCHAR NOT NULL,                  -- in which role
    verb VARCHAR NOT NULL,                  -- did what
    object_kind VARCHAR NOT NULL,           -- to what sort of record
    object_id VARCHAR NOT NULL,             -- to which one; no foreign key, so erasure and audit do not block each other
    reason VARCHAR,                         -- why, or the digest of what was stored; empty after erasure
    salt VARCHAR,                           -- makes the commitment unguessable; destroyed at erasure
    commitment VARCHAR NOT NULL,            -- digest of salt and reason: what the chain covers
    pack VARCHAR NOT NULL,                  -- policy pack and version, where one applied
    prev_hash VARCHAR NOT NULL,             -- hash of the row before
    hash VARCHAR NOT NULL,                  -- over prev_hash and this row
    CHECK ((reason IS NULL) = (salt IS NULL))
);

-- Where each chain ends: a cut tail shows. Stamp these outside this machine.
CREATE TABLE chain_heads (
    chain VARCHAR PRIMARY KEY,              -- audit or incident_events
    seq BIGINT NOT NULL,                    -- last place given
    hash VARCHAR NOT NULL                   -- its hash
);

-- Records nobody may delete for now: police, court, access request (I11).
CREATE TABLE holds (
    object_kind VARCHAR NOT NULL,           -- mention or incident
    object_id VARCHAR NOT NULL,             -- which one
    reason VARCHAR NOT NULL,                -- why
    actor VARCHAR NOT NULL,                 -- who placed it
    held_at TIMESTAMPTZ NOT NULL,           -- when
    until_at TIMESTAMPTZ,                   -- when it lapses; empty until somebody lifts it
    PRIMARY KEY (object_kind, object_id)
);

-- What was deleted, so that it is not collected again. Holds no content.
CREATE TABLE tombstones (
    mention_id VARCHAR PRIMARY KEY,         -- the mention that was here
    source VARCHAR NOT NULL,                -- where it came from
    revision INTEGER NOT NULL,              -- how many revisions it had: a later one counts on
    content_sha256 VARCHAR,                 -- after retention: an edit may be collected; after erasure empty: nothing may
    basis VARCHAR NOT NULL,                 -- retention or erasure
    reason VARCHAR NOT NULL,                -- retention class, or why it was erased
    erased_at TIMESTAMPTZ NOT NULL,         -- when
    CHECK (basis IN ('retention', 'erasure')),
    CHECK ((content_sha256 IS NULL) = (basis = 'erasure'))
);
