-- Which record each row of the audit log is about, as a short number: looked through in a page's time, where the log itself is too long.
CREATE TABLE audit_about (
    seq BIGINT NOT NULL,                    -- the row of the audit log
    about UINTEGER NOT NULL                 -- first 32 bits of the SHA-256 of the record's id, without its revision
);
INSERT INTO audit_about SELECT seq, ('0x' || left(sha256(split_part(object_id, '/', 1)), 8))::UINTEGER FROM audit ORDER BY seq;
