"""The one table of the analysts' copy that holds words: opened some at a time, masked, and never spilt in plain.

DuckDB spills what does not fit into memory to disk as it is (its own encryption of that needs an extension). So the
words come on a connection without a place to spill to, a batch of mentions at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from mentionwatch.errors import Fatal
from warehouse.keyring import Keyring
from warehouse.session import Reading, Row
from warehouse.withholding import WITHHELD
from warehouse.words import open_words, or_stand_in

if TYPE_CHECKING:
    import duckdb

BATCH = 2000
"""Mentions whose words are in memory together: 40 kB each, the longest a source delivers, would be 80 MB."""

MASKS = (
    ("://", r"https?://\S+", "[link]"),
    ("@", r"[\w.+-]+@[\w-]+(\.[\w-]+)+", "[e-mail]"),
    ("@", r"@[\pL\pN_.-]{2,}", "[handle]"),
    ("u/", r"\b/?u/[\w-]{3,}", "[handle]"),
    ("", r"(\+44[\s-]?|\b0)\d[\d\s-]{7,11}\d\b", "[number]"),
    ("", r"(?i)\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b", "[postcode]"),
)
"""Personal data inside published words (B05): what must occur, pattern (RE2), and what stands in its place.

The plain text to look for first spares most rows the pattern.
"""


def _without_names(expression: str) -> str:
    for names, stand_in in (("handles", "[author]"), ("reporters", "[reporter]")):
        occurs = f"list_bool_or(list_transform(n.{names}, lambda name: contains(lower({expression}), lower(name))))"
        pattern = f"array_to_string(list_transform(n.{names}, lambda name: regexp_escape(name)), '|')"
        expression = f"CASE WHEN {occurs} THEN regexp_replace({expression}, {pattern}, '{stand_in}', 'gi') ELSE {expression} END"
    return expression


def _masked(expression: str) -> str:
    for sign, pattern, stand_in in MASKS:
        replaced = f"regexp_replace({expression}, '{pattern}', '{stand_in}', 'g')"
        expression = (
            f"CASE WHEN contains({expression}, '{sign}') THEN {replaced} ELSE {expression} END"
            if sign
            else replaced
        )
    return expression


# Who reported, for as long as the copy is built: in memory, and in neither file.
_REPORTERS = "CREATE TEMP TABLE reporters (mention_id VARCHAR, name VARCHAR)"

# All that is published of a mention but its words; `place` is where it stands in the copy.
_FACTS = """
CREATE TEMP TABLE facts AS
SELECT row_number() OVER (ORDER BY r.captured_at, m.id) - 1 AS place, m.id, m.source, m.kind,
       regexp_extract(m.canonical_url, '^https?://([^/:?#]+)', 1) AS site, w.id IS NOT NULL AS is_withheld,
       c.lang, r.posted_at, r.posted_at_basis, r.edited_at, m.first_seen_at, r.captured_at, m.revision, r.scope, r.scope_score,
       coalesce(d.label, c.label) AS label, d.label IS NOT NULL AS is_decided, c.needs_person, c.harms, c.route, m.is_gone, m.gone_at,
       m.incident_id AS incident
FROM warehouse.mentions AS m
JOIN warehouse.revisions AS r ON r.mention_id = m.id AND r.revision = m.revision
JOIN warehouse.classifications AS c ON c.mention_id = m.id AND c.revision = m.revision
LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM warehouse.decisions GROUP BY ALL) AS d
       ON d.mention_id = m.id AND d.revision = m.revision
LEFT JOIN withheld AS w ON w.id = m.id
ORDER BY place
"""

# Step by step in subqueries: one expression nested eight deep would be written out a hundred times over.
# Handles and reporters of a mention stand longest first; markers such as @ and u/ are set aside.
_MENTIONS = f"""
INSERT INTO mentions BY NAME
WITH given AS (SELECT unnest(?::VARCHAR[]) AS id, unnest(?::VARCHAR[]) AS title, unnest(?::VARCHAR[]) AS text),
wrote AS (SELECT unnest(?::VARCHAR[]) AS mention_id, unnest(?::VARCHAR[]) AS handle),
said AS (
    SELECT mention_id, regexp_replace(trim(handle), '^(/?u/|@)', '') AS name, 'handles' AS what FROM wrote
    UNION
    SELECT mention_id, name, 'reporters' FROM reporters WHERE mention_id IN (SELECT id FROM given)
),
names AS (
    SELECT mention_id,
           list(name ORDER BY length(name) DESC, name) FILTER (what = 'handles') AS handles,
           list(name ORDER BY length(name) DESC, name) FILTER (what = 'reporters') AS reporters
    FROM said WHERE length(name) >= 3 GROUP BY mention_id
),
worded AS (
    SELECT f.id, f.site, CASE WHEN NOT f.is_withheld THEN g.title END AS title, CASE WHEN NOT f.is_withheld THEN g.text END AS text
    FROM facts AS f JOIN given AS g USING (id) WHERE f.place >= ? AND f.place < ?
),
nameless AS (
    SELECT id, {_without_names("site")} AS site, {_without_names("title")} AS title, {_without_names("text")} AS text
    FROM worded LEFT JOIN names AS n ON n.mention_id = worded.id
)
SELECT f.* EXCLUDE (place, site), x.site, {_masked("x.title")} AS title, {_masked("x.text")} AS text
FROM facts AS f JOIN nameless AS x USING (id) WHERE f.place >= ? AND f.place < ? ORDER BY f.place
"""  # noqa: S608 -- our own constants

# In the order of `facts`. Read on a connection of its own, which may spill: sealed, it is nobody's words.
_SEALED = """
SELECT m.id, r.revision, r.sealed, r.key_id, r.revision = m.revision
FROM warehouse.mentions AS m JOIN warehouse.revisions AS l ON l.mention_id = m.id AND l.revision = m.revision
JOIN warehouse.classifications AS c ON c.mention_id = m.id AND c.revision = m.revision
JOIN warehouse.revisions AS r ON r.mention_id = m.id
ORDER BY l.captured_at, m.id, r.revision
"""


def insert_mentions(
    connection: duckdb.DuckDBPyConnection, sealed: Reading, reporters: Mapping[str, Sequence[str]]
) -> int:
    """Fill the copy's mentions; returns how many. `reporters`: mention to names that must not stand in its words.

    `connection` spills nothing and has both files attached; `sealed` reads the school's own file beside it.
    """
    connection.execute(_REPORTERS)
    for id_, names in reporters.items():
        for name in names:
            connection.execute("INSERT INTO reporters VALUES (?, ?)", [id_, name])
    connection.execute(WITHHELD)
    connection.execute(_FACTS)
    done = 0
    connection.execute("BEGIN TRANSACTION")
    for batch in _batches(sealed.stream(_SEALED)):
        done += _insert(connection, sealed.keys, batch, done)
    (row,) = connection.execute(
        "SELECT (SELECT count(*) FROM mentions), (SELECT count(*) FROM facts)"
    ).fetchall()
    if row != (done, done):
        # Two readings of one file that is held: a mention left out would be left out in silence.
        raise Fatal(f"publish: {row[0]} of {row[1]} mentions came over. Run again")
    connection.execute("COMMIT")
    return done


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows of BATCH mentions together; no mention is torn apart."""
    batch: list[Row] = []
    for number, (_, group) in enumerate(groupby(rows, key=itemgetter(0))):
        if number and not number % BATCH:
            yield batch
            batch = []
        batch += group
    if batch:
        yield batch


def _insert(connection: duckdb.DuckDBPyConnection, keys: Keyring, batch: Sequence[Row], place: int) -> int:
    opened = [or_stand_in(words) for words in open_words(keys, [(r[0], r[1], r[2], r[3]) for r in batch])]
    latest = [(row[0], words) for row, words in zip(batch, opened, strict=True) if row[4]]
    wrote = [(row[0], words.author) for row, words in zip(batch, opened, strict=True) if words.author]
    end = place + len(latest)
    connection.execute(
        _MENTIONS,
        [
            [id_ for id_, _ in latest],
            [words.title for _, words in latest],
            [words.text for _, words in latest],
            [id_ for id_, _ in wrote],
            [handle for _, handle in wrote],
            *(place, end, place, end),
        ],
    )
    return len(latest)
