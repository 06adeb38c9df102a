-- What was said about the school in public, one row a post at its latest revision. No author, no address of the post.
CREATE TABLE mentions (
    id VARCHAR PRIMARY KEY,                 -- stable over publishes; give it to the desk to see the post
    source VARCHAR NOT NULL,                -- name of the source in sources.toml
    kind VARCHAR NOT NULL,                  -- post, comment, review, edit, article, request or report
    site VARCHAR NOT NULL,                  -- host name of the page
    title VARCHAR,                          -- personal data masked; empty (NULL) when withheld
    text VARCHAR,                           -- personal data masked; empty (NULL) when withheld
    is_withheld BOOLEAN NOT NULL,           -- words left out: inappropriate at some time, perhaps more than criticism, sealed, or part of an incident
    lang VARCHAR NOT NULL,                  -- en, cy or other
    posted_at TIMESTAMPTZ,                  -- when it was posted, UTC; unknown stays empty
    posted_at_basis VARCHAR NOT NULL,       -- where that time comes from: feed, page, api, human or unknown
    edited_at TIMESTAMPTZ,                  -- when the source says it was edited
    first_seen_at TIMESTAMPTZ NOT NULL,     -- clock of the run that first stored it
    captured_at TIMESTAMPTZ NOT NULL,       -- clock of the run that stored the latest revision
    revision INTEGER NOT NULL,              -- number of the latest revision, from 1
    scope VARCHAR NOT NULL,                 -- certain or possible
    scope_score DOUBLE NOT NULL,            -- 0 to 1
    label VARCHAR NOT NULL,                 -- a person's label if there is one, else the classifier's
    is_decided BOOLEAN NOT NULL,            -- a person gave the label
    needs_person BOOLEAN NOT NULL,          -- the classifier asked for a person
    harms VARCHAR[] NOT NULL,               -- families of harm
    route VARCHAR NOT NULL,                 -- suggested route: police, safeguarding, internal, complaint or none
    is_gone BOOLEAN NOT NULL,               -- the source no longer shows it
    gone_at TIMESTAMPTZ,                    -- when that was observed
    incident VARCHAR                        -- number of its incident, if any
);

-- What the classifier proposed, one row a revision.
CREATE TABLE classifications (
    mention_id VARCHAR NOT NULL,            -- mentions.id
    revision INTEGER NOT NULL,              -- the revision it judged
    label VARCHAR NOT NULL,                 -- positive, neutral, concern or inappropriate
    p_positive DOUBLE NOT NULL,             -- calibrated probability
    p_neutral DOUBLE NOT NULL,              -- calibrated probability
    p_concern DOUBLE NOT NULL,              -- calibrated probability
    p_inappropriate DOUBLE NOT NULL,        -- calibrated probability
    harms VARCHAR[] NOT NULL,               -- families of harm
    route VARCHAR NOT NULL,                 -- suggested route
    needs_person BOOLEAN NOT NULL,          -- too unsure, or too serious, to file without a person; or in the sample
    is_sample BOOLEAN NOT NULL,             -- it was sure, and a person is asked for the sample alone
    lang VARCHAR NOT NULL,                  -- en, cy or other
    model VARCHAR NOT NULL,                 -- model and rule versions
    classified_at TIMESTAMPTZ NOT NULL      -- when, UTC
);

-- Facts and digests of what is kept of each revision; the bytes stay in the school's warehouse.
CREATE TABLE evidence (
    mention_id VARCHAR NOT NULL,            -- mentions.id
    revision INTEGER NOT NULL,              -- the revision it shows
    captured_at TIMESTAMPTZ NOT NULL,       -- when the page or answer was fetched, UTC
    method VARCHAR NOT NULL,                -- guarded_http, api, manual or none
    http_status INTEGER,                    -- status of the answer
    warc_sha256 VARCHAR,                    -- digest of the WARC bytes
    page_sha256 VARCHAR,                    -- digest of the response body
    text_sha256 VARCHAR,                    -- digest of the page's readable text
    raw_sha256 VARCHAR,                     -- digest of the source's own bytes
    redirect_count INTEGER NOT NULL,        -- addresses passed through
    robots VARCHAR NOT NULL,                -- what robots.txt said
    truncated BOOLEAN NOT NULL,             -- the sender stopped short
    software VARCHAR NOT NULL,              -- what captured it
    fault_kind VARCHAR,                     -- why there is no page, if there is none
    is_complete BOOLEAN NOT NULL            -- bytes kept, whole, and the time of posting known
);

-- Incidents under the school's protocol, without a word of the post.
CREATE TABLE incidents (
    id VARCHAR PRIMARY KEY,                 -- year and number: 2026-0001
    mention_id VARCHAR NOT NULL,            -- mentions.id it was opened for; missing there once deleted
    kind VARCHAR NOT NULL,                  -- incident kind of the pack
    state VARCHAR NOT NULL,                 -- where it is in the protocol
    decider VARCHAR NOT NULL,               -- role that decides
    route VARCHAR NOT NULL,                 -- suggested route
    harms VARCHAR[] NOT NULL,               -- families of harm
    clause VARCHAR NOT NULL,                -- clause of the policy it is opened under
    pack VARCHAR NOT NULL,                  -- policy pack and version
    opened_at TIMESTAMPTZ NOT NULL,         -- when, UTC
    moved_at TIMESTAMPTZ NOT NULL,          -- when the state last changed
    deadline_at TIMESTAMPTZ,                -- when the post should be gone, if removal was asked for
    event_count INTEGER NOT NULL            -- rows in incident_events
);

-- Steps of the incidents: what and when, by which role; not who, not why.
CREATE TABLE incident_events (
    seq BIGINT PRIMARY KEY,                 -- place in the chain over all incidents
    incident_id VARCHAR NOT NULL,           -- incidents.id
    number INTEGER NOT NULL,                -- its how-manieth event, from 1
    from_state VARCHAR,                     -- empty for the first one
    event VARCHAR NOT NULL,                 -- what happened
    to_state VARCHAR NOT NULL,              -- where that led
    role VARCHAR NOT NULL,                  -- in which protocol role
    happened_at TIMESTAMPTZ NOT NULL,       -- when, UTC
    pack VARCHAR NOT NULL,                  -- policy pack and version
    hash VARCHAR NOT NULL                   -- link of the hash chain: compare with the desk's
);

-- The sources that were ever looked at, and how they are.
CREATE TABLE sources (
    name VARCHAR PRIMARY KEY,               -- name in sources.toml
    collector VARCHAR NOT NULL,             -- which collector reads it
    last_run_id VARCHAR NOT NULL,           -- latest run that looked at it
    last_verdict VARCHAR NOT NULL,          -- what that run saw: clear, mentions, degraded or blind
    last_fault_kind VARCHAR,                -- what was wrong then, if anything
    last_ok_at TIMESTAMPTZ,                 -- when it was last seen working, UTC
    looks BIGINT NOT NULL,                  -- runs that looked at it
    mention_count BIGINT NOT NULL           -- mentions stored from it
);

-- The nightly runs.
CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,             -- name of the run
    started_at TIMESTAMPTZ NOT NULL,        -- the run's clock, UTC
    finished_at TIMESTAMPTZ,                -- empty when the run was cut off
    verdict VARCHAR,                        -- clear, mentions, degraded or blind
    pack VARCHAR NOT NULL,                  -- policy pack and version
    authority VARCHAR NOT NULL,             -- the clause or decision that allows monitoring
    software VARCHAR NOT NULL,              -- version of mentionwatch
    collected BIGINT,                       -- items that sources delivered
    out_of_scope BIGINT,                    -- items not about the school: counted, never stored
    possible BIGINT,                        -- new or edited mentions that may be about the school
    positive BIGINT,                        -- new or edited mentions with this label
    neutral BIGINT,                         -- new or edited mentions with this label
    concern BIGINT,                         -- new or edited mentions with this label
    inappropriate BIGINT                    -- new or edited mentions with this label
);

-- What each run saw of each source.
CREATE TABLE run_sources (
    run_id VARCHAR NOT NULL,                -- runs.run_id
    source VARCHAR NOT NULL,                -- sources.name
    collector VARCHAR NOT NULL,             -- which collector read it
    verdict VARCHAR NOT NULL,               -- clear, mentions, degraded or blind
    fetched BIGINT NOT NULL,                -- items the source delivered
    new BIGINT NOT NULL,                    -- mentions stored for the first time
    edited BIGINT NOT NULL,                 -- mentions that got a further revision
    gone BIGINT NOT NULL,                   -- mentions the source no longer showed
    out_of_scope BIGINT NOT NULL,           -- items not about the school
    fault_kind VARCHAR,                     -- why it could not be looked at, or only in part
    last_ok_at TIMESTAMPTZ,                 -- when it was last seen working, as known then
    stored_at TIMESTAMPTZ NOT NULL          -- when the row was written, UTC
);

-- Labels people gave: what and when, in which role; not who, not why.
CREATE TABLE decisions (
    id BIGINT PRIMARY KEY,                  -- counted from 1
    mention_id VARCHAR NOT NULL,            -- mentions.id; missing there once deleted
    revision INTEGER NOT NULL,              -- the revision the person read
    was_label VARCHAR NOT NULL,             -- label the classifier had proposed
    label VARCHAR NOT NULL,                 -- label the person gave
    role VARCHAR NOT NULL,                  -- in which protocol role
    decided_at TIMESTAMPTZ NOT NULL,        -- when, UTC
    harms VARCHAR[] NOT NULL,               -- families of harm the person named
    route VARCHAR,                          -- route the person named; empty: they named none
    was_model VARCHAR NOT NULL,             -- model and rule versions that had proposed was_label
    supersedes BIGINT                       -- the decision on this revision that it replaces
);

CREATE VIEW judgement_weeks AS
WITH said AS (
    SELECT date_trunc('week', classified_at AT TIME ZONE 'Europe/London')::DATE AS week, model, count(*) AS mentions,
           avg((label = 'positive')::INTEGER) AS share_positive, avg((label = 'neutral')::INTEGER) AS share_neutral,
           avg((label = 'concern')::INTEGER) AS share_concern, avg((label = 'inappropriate')::INTEGER) AS share_inappropriate,
           avg(greatest(p_positive, p_neutral, p_concern, p_inappropriate)) AS mean_best,
           avg(needs_person::INTEGER) AS share_asked, count(*) FILTER (is_sample) AS samples
    FROM classifications GROUP BY ALL
),
in_force AS (
    SELECT d.decided_at, coalesce(nullif(d.was_model, ''), c.model) AS model,
           list_position(['positive', 'neutral', 'concern', 'inappropriate'], d.was_label) AS machine,
           list_position(['positive', 'neutral', 'concern', 'inappropriate'], d.label) AS person
    FROM decisions AS d JOIN classifications AS c USING (mention_id, revision)
    QUALIFY row_number() OVER (PARTITION BY d.mention_id, d.revision ORDER BY d.id DESC) = 1
),
corrected AS (
    SELECT date_trunc('week', decided_at AT TIME ZONE 'Europe/London')::DATE AS week, model, count(*) AS corrections,
           count(*) FILTER (machine > person) AS too_harsh, count(*) FILTER (machine < person) AS too_mild,
           avg((machine <> person)::INTEGER) AS share_changed
    FROM in_force GROUP BY ALL
)
SELECT week, model, coalesce(mentions, 0) AS mentions, share_positive, share_neutral, share_concern, share_inappropriate, mean_best,
       share_asked, coalesce(samples, 0) AS samples, coalesce(corrections, 0) AS corrections, share_changed,
       coalesce(too_harsh, 0) AS too_harsh, coalesce(too_mild, 0) AS too_mild
FROM said FULL JOIN corrected USING (week, model)
ORDER BY week, model;
COMMENT ON VIEW judgement_weeks IS 'The classifier week by week: what it said, and what people said of it. One row a week and model; counts and shares only.';
COMMENT ON COLUMN judgement_weeks.week IS 'Monday of the ISO week, London time';
COMMENT ON COLUMN judgement_weeks.model IS 'model and rule versions';
COMMENT ON COLUMN judgement_weeks.mentions IS 'revisions of mentions it classified in that week';
COMMENT ON COLUMN judgement_weeks.share_positive IS 'share of them with this label; empty where it classified nothing';
COMMENT ON COLUMN judgement_weeks.share_neutral IS 'share of them with this label';
COMMENT ON COLUMN judgement_weeks.share_concern IS 'share of them with this label';
COMMENT ON COLUMN judgement_weeks.share_inappropriate IS 'share of them with this label';
COMMENT ON COLUMN judgement_weeks.mean_best IS 'mean probability of the most probable label';
COMMENT ON COLUMN judgement_weeks.share_asked IS 'share of them sent to a person, the sample among them';
COMMENT ON COLUMN judgement_weeks.samples IS 'how many were shown for the sample alone';
COMMENT ON COLUMN judgement_weeks.corrections IS 'revisions whose correction in force was given in that week';
COMMENT ON COLUMN judgement_weeks.share_changed IS 'share of the corrections that gave another label (disagreement); empty without corrections';
COMMENT ON COLUMN judgement_weeks.too_harsh IS 'corrections to a milder label';
COMMENT ON COLUMN judgement_weeks.too_mild IS 'corrections to a graver label';
