-- Facts about this file itself: which school it belongs to, when it was made.
CREATE TABLE meta (
    name VARCHAR PRIMARY KEY,               -- what the fact is called
    content VARCHAR NOT NULL                -- the fact, as text
);

-- One row for each sweep, written at its start and completed at its end.
CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,             -- name of the run, given by the flow
    started_at TIMESTAMPTZ NOT NULL,        -- the run's clock: fixed once and used all night
    finished_at TIMESTAMPTZ,                -- empty while running, and for ever when the run was cut off
    verdict VARCHAR,                        -- clear, mentions, degraded or blind, over all sources
    pack VARCHAR NOT NULL,                  -- policy pack and version the run worked under
    authority VARCHAR NOT NULL,             -- the clause or decision that allows monitoring (L01)
    software VARCHAR NOT NULL,              -- version of mentionwatch
    collected BIGINT,                       -- items that sources delivered
    out_of_scope BIGINT,                    -- items not about the school: counted here, stored nowhere (L02)
    possible BIGINT,                        -- new or edited mentions that may be about the school
    positive BIGINT,                        -- new or edited mentions with this label
    neutral BIGINT,                         -- new or edited mentions with this label
    concern BIGINT,                         -- new or edited mentions with this label
    inappropriate BIGINT,                   -- new or edited mentions with this label
    incidents_opened_json VARCHAR,          -- JSON list (a list column would be rewritten by every update): numbers of the incidents this run opened
    digest VARCHAR,                         -- where the digest of this run was written
    CHECK ((finished_at IS NULL) = (verdict IS NULL)),
    CHECK (verdict IS NULL OR verdict IN ('clear', 'mentions', 'degraded', 'blind'))
);

-- What each run saw of each source. Saved in the transaction that saves the source's mentions.
CREATE TABLE run_sources (
    run_id VARCHAR NOT NULL,                -- the run
    source VARCHAR NOT NULL,                -- name of the source in sources.toml
    collector VARCHAR NOT NULL,             -- which collector read it
    verdict VARCHAR NOT NULL,               -- clear, mentions, degraded or blind
    fetched BIGINT NOT NULL,                -- items the source delivered
    new BIGINT NOT NULL,                    -- mentions stored for the first time
    edited BIGINT NOT NULL,                 -- mentions that got a further revision
    gone BIGINT NOT NULL,                   -- mentions the source no longer showed
    out_of_scope BIGINT NOT NULL,           -- items not about the school, counted and dropped
    fault_kind VARCHAR,                     -- why it could not be looked at, or only in part
    fault_detail VARCHAR,                   -- the same in one line, without secrets
    last_ok_at TIMESTAMPTZ,                 -- when the source was last seen working, as known then
    not_looked_at_json VARCHAR NOT NULL,    -- what this look could not cover, as a JSON list
    stored_at TIMESTAMPTZ NOT NULL,         -- when the row was written
    PRIMARY KEY (run_id, source),
    CHECK ((fault_kind IS NULL) = (fault_detail IS NULL)),
    CHECK (verdict IN ('clear', 'mentions', 'degraded', 'blind'))
);

-- Where each source resumes. Moves only together with the rows it covers.
CREATE TABLE cursors (
    source VARCHAR PRIMARY KEY,             -- name of the source in sources.toml
    collector VARCHAR NOT NULL,             -- the collector that understands the cursor
    cursor_json VARCHAR,                    -- the collector's own resume point; empty before the first success
    run_id VARCHAR NOT NULL,                -- latest run stored for this source: an older one is a replay
    last_ok_at TIMESTAMPTZ,                 -- when the source was last seen working
    saved_at TIMESTAMPTZ NOT NULL           -- when this row was written
);
