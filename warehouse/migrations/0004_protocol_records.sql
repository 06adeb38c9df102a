ALTER TABLE incidents ADD COLUMN track VARCHAR DEFAULT 'incident';
COMMENT ON COLUMN incidents.track IS 'incident, or concern or positive: those two carry the id of their mention and no number';

-- Policy packs as they stood when an incident was opened under them: a changed pack rewrites no open incident (I12).
CREATE TABLE packs (
    version VARCHAR PRIMARY KEY,            -- id, date and digest, as stamped on every step
    source VARCHAR NOT NULL,                -- the whole text of the pack
    adopted_json VARCHAR NOT NULL,          -- what the school had adopted where the policy is silent, as JSON
    stored_at TIMESTAMPTZ NOT NULL          -- when it was first used
);

-- Letters and forms that were made. The files lie in letters/ under these numbers; no name is in a file name.
CREATE TABLE documents (
    incident_id VARCHAR NOT NULL,           -- the incident or mention it belongs to
    number INTEGER NOT NULL,                -- its how-manieth document, from 1
    kind VARCHAR NOT NULL,                  -- invitation, removal, minutes ...
    langs VARCHAR[] NOT NULL,               -- languages it was made in
    sha256 VARCHAR NOT NULL,                -- digest over the files, in the order of their names
    law VARCHAR NOT NULL,                   -- version of the law cards
    law_valid_until DATE,                   -- the first day on which a card printed in it has run out; empty: prints none
    deadline_at TIMESTAMPTZ,                -- the time limit it names; empty: names none
    template VARCHAR NOT NULL,              -- version of the template
    changed INTEGER NOT NULL,               -- paragraphs a person changed from the template
    made_by VARCHAR NOT NULL,               -- who made it; never published
    made_at TIMESTAMPTZ NOT NULL,           -- when
    pack VARCHAR NOT NULL,                  -- policy pack and version
    PRIMARY KEY (incident_id, number)
);
