-- Who asked that a colleague read a post first and sum it up, so that they need not open its covered words.
CREATE TABLE summary_asks (
    mention_id VARCHAR NOT NULL,            -- the mention
    account_id VARCHAR NOT NULL,            -- who asked
    role VARCHAR NOT NULL,                  -- in which role
    asked_at TIMESTAMPTZ NOT NULL,          -- when they asked last
    answered_at TIMESTAMPTZ,                -- when a colleague summed it up; empty: nobody has
    taken_back_at TIMESTAMPTZ,              -- when they took it back; empty: they did not
    PRIMARY KEY (mention_id, account_id)
);
