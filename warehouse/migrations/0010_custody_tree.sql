-- What a checkpoint leaves for the next: the tree it was signed over, so that the next hashes only what came since.
ALTER TABLE checkpoints ADD COLUMN peaks BLOB;
COMMENT ON COLUMN checkpoints.peaks IS 'roots of the full subtrees that make up the root, 32 bytes each, largest first; empty in checkpoints of before';
