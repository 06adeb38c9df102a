-- Posts a person judged not to be about the school: what was stored of them is destroyed; this says that somebody looked, and why it had counted.
CREATE TABLE not_ours (
    mention_id VARCHAR NOT NULL,            -- the mention that was here
    revision INTEGER NOT NULL,              -- the revision that was judged
    source VARCHAR NOT NULL,                -- where it came from
    was_scope VARCHAR NOT NULL,             -- what the software had said: certain or possible
    rule VARCHAR NOT NULL,                  -- why it had counted as about the school, as a fixed word
    name VARCHAR NOT NULL,                  -- which of the names in school.toml it had been found by; empty: none
    actor VARCHAR NOT NULL,                 -- who judged
    role VARCHAR NOT NULL,                  -- in which role
    reason VARCHAR NOT NULL,                -- why, in their words; empty once a year has passed
    decided_at TIMESTAMPTZ NOT NULL,        -- when
    PRIMARY KEY (mention_id, revision)
);
