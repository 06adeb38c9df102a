-- Who reported a post leaves the database for a sealed file under a key of its own (L19; warehouse/reporters.py).
-- SQL cannot seal: seal_old_reporters has moved the rows out before this runs, and no row may be lost if it has not.
SELECT error('table reporters still holds names: open the home with mentionwatch, which seals them first') FROM reporters LIMIT 1;
DROP TABLE reporters;
