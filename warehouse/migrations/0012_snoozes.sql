-- An incident one person does not want in their own queue before the next school morning; everybody else still sees it there.
CREATE TABLE snoozes (
    incident_id VARCHAR NOT NULL,           -- the incident
    account_id VARCHAR NOT NULL,            -- whose queue it is left out of
    made_at TIMESTAMPTZ NOT NULL,           -- when they asked for it
    until_at TIMESTAMPTZ NOT NULL,          -- when it is back
    PRIMARY KEY (incident_id, account_id)
);
