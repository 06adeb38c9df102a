-- What a person said beside the label, and which earlier word of theirs it replaces. Rows are only ever added.
ALTER TABLE decisions ADD COLUMN harms VARCHAR[] DEFAULT [];
COMMENT ON COLUMN decisions.harms IS 'families of harm the person named; only beside inappropriate';
ALTER TABLE decisions ADD COLUMN route VARCHAR;
COMMENT ON COLUMN decisions.route IS 'route the person named; empty: they named none';
ALTER TABLE decisions ADD COLUMN was_model VARCHAR DEFAULT '';
COMMENT ON COLUMN decisions.was_model IS 'model and rule versions that had proposed was_label; the rest it said is in classifications';
ALTER TABLE decisions ADD COLUMN supersedes BIGINT;
COMMENT ON COLUMN decisions.supersedes IS 'the decision on this revision that it replaces; empty: the first one';
