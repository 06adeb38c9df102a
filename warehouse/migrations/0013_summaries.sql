-- What a colleague who read a post first says of it, in their own calm words: shown in place of its covered words.
CREATE TABLE summaries (
    mention_id VARCHAR NOT NULL,            -- the mention
    revision INTEGER NOT NULL,              -- the revision they had read
    account_id VARCHAR NOT NULL,            -- who wrote it
    role VARCHAR NOT NULL,                  -- role they read it in
    written_at TIMESTAMPTZ NOT NULL,        -- when
    sealed BLOB NOT NULL,                   -- their words, sealed with AES-256-GCM
    key_id BIGINT NOT NULL,                 -- number of their key in keys/object_keys.sqlite
    PRIMARY KEY (mention_id, revision)
);
