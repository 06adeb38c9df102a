-- Why somebody ended the first nights, in their own words: the audit log holds nothing anybody typed about posts (I9).
CREATE TABLE shadow_reasons (
    audit_seq BIGINT PRIMARY KEY,           -- audit.seq of the event: when, who and in which role stand there alone
    reason VARCHAR NOT NULL                 -- the person's own words
);
