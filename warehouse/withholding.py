"""Whose words stay out of the analysts' copy: all that is, was or may be more than a concern (product: L20, I6)."""

from __future__ import annotations

# What the classifier's notes say (`classifications.is_doubtful`) where a person is asked because it may be more than criticism (classifiers.decision).
ASKS = "a person should look"

# Doubt: it may be more than criticism, whatever its label. A person who read that revision or a later one settles it:
# their latest label counts, and their route before the classifier's; good news and neutral posts go nowhere.
WITHHELD = """
CREATE TEMP TABLE withheld AS
WITH said AS (
    SELECT mention_id, arg_max(revision, id) AS revision, arg_max(label, id) AS label, arg_max_null(route, id) AS route
    FROM warehouse.decisions GROUP BY mention_id
),
doubt AS (
    SELECT c.mention_id AS id FROM warehouse.classifications AS c
    LEFT JOIN said AS d ON d.mention_id = c.mention_id AND d.revision >= c.revision
    WHERE (c.route IN ('police', 'safeguarding') OR (c.needs_person AND c.is_doubtful))
      AND NOT coalesce(d.label IN ('positive', 'neutral'), false)
      AND NOT coalesce(d.label = 'concern' AND coalesce(d.route, c.route) IN ('none', 'complaint'), false)
    UNION SELECT mention_id FROM said WHERE route IN ('police', 'safeguarding')
),
serious AS (
    SELECT mention_id AS id FROM warehouse.classifications WHERE label = 'inappropriate' OR stop_image
    UNION SELECT id FROM doubt
    UNION SELECT mention_id FROM warehouse.decisions WHERE label = 'inappropriate'
    UNION SELECT id FROM warehouse.mentions WHERE is_sealed OR incident_id IS NOT NULL
),
posts AS (SELECT DISTINCT m.canonical_url FROM serious JOIN warehouse.mentions AS m USING (id)),
words AS (SELECT DISTINCT r.content_sha256 FROM serious JOIN warehouse.revisions AS r ON r.mention_id = serious.id)
SELECT id FROM serious
UNION SELECT id FROM warehouse.mentions WHERE canonical_url IN (SELECT canonical_url FROM posts)
UNION SELECT id FROM warehouse.mentions WHERE content_sha256 IN (SELECT content_sha256 FROM words)
"""
