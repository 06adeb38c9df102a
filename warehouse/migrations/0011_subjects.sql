-- Which deciding roles a post is about, over all its revisions (L31): whoever holds one of them is shown nothing of it at the desk.
CREATE TABLE subjects (
    mention_id VARCHAR NOT NULL,            -- the mention
    role VARCHAR NOT NULL,                  -- a role its words speak of, by office or by surname
    PRIMARY KEY (mention_id, role)
);

-- Up to which revision a post was read for whom it is about, and with which surnames; one not read so is shown to none of them.
CREATE TABLE subjects_read (
    mention_id VARCHAR PRIMARY KEY,         -- the mention
    revision INTEGER NOT NULL,              -- the latest revision that was read
    profile VARCHAR NOT NULL                -- fingerprint of the surnames and the rule it was read under
);
