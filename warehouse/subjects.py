"""Whom posts are about, as stored: written with a post's classification, read again when the school's surnames change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mentionwatch.labels import Role
from warehouse.session import Reading, Writing
from warehouse.words import Words, open_words

ALL_READ = "subjects_read_under"
"""Name in `meta`: the fingerprint under which every post was read. Missing as soon as one was not."""


@dataclass(frozen=True, slots=True)
class SubjectsFound:
    """Whom one post is about. `profile` is the fingerprint it was read under; empty: nobody has read it for that."""

    mention_id: str
    revision: int
    roles: frozenset[Role]
    profile: str


@dataclass(frozen=True, slots=True)
class UnreadPost:
    """A post to read again: the words of all its revisions. `is_sealed`: nobody reads them (T04)."""

    mention_id: str
    revision: int
    is_sealed: bool
    texts: tuple[str, ...] = field(repr=False)


def store_subjects(writing: Writing, found: Sequence[SubjectsFound]) -> None:
    """Add what new revisions speak of. What an earlier one spoke of stays: it is shown with the post."""
    if not found:
        return
    _add_roles(writing, found)
    # Two revisions of one post may come together: the later one counts.
    read = {one.mention_id: one for one in found if one.profile}.values()
    writing.run(
        "INSERT INTO subjects_read SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[]), unnest(?::VARCHAR[]) "
        "ON CONFLICT (mention_id) DO UPDATE SET revision = excluded.revision, profile = excluded.profile",
        [[one.mention_id for one in read], [one.revision for one in read], [one.profile for one in read]],
    )
    for profile in {one.profile for one in found}:
        writing.run("DELETE FROM meta WHERE name = ? AND content <> ?", [ALL_READ, profile])


def _add_roles(writing: Writing, found: Sequence[SubjectsFound]) -> None:
    pairs = dict.fromkeys((one.mention_id, role.value) for one in found for role in sorted(one.roles))
    writing.run(
        "INSERT INTO subjects SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]) ON CONFLICT DO NOTHING",
        [[id_ for id_, _ in pairs], [role for _, role in pairs]],
    )


def replace_subjects(writing: Writing, found: Sequence[SubjectsFound]) -> None:
    """What whole posts speak of under the present surnames, in the place of what was stored of them."""
    if not found:
        return
    # Only what no longer holds is deleted: DuckDB takes no key twice in one transaction.
    writing.run(
        "DELETE FROM subjects WHERE mention_id IN (SELECT unnest(?::VARCHAR[])) "
        "AND mention_id || '/' || role NOT IN (SELECT unnest(?::VARCHAR[]))",
        [
            [one.mention_id for one in found],
            [f"{one.mention_id}/{role.value}" for one in found for role in one.roles],
        ],
    )
    store_subjects(writing, found)


def is_all_read(reading: Reading, profile: str) -> bool:
    """Was every post read under this fingerprint?"""
    found = reading.row("SELECT content FROM meta WHERE name = ?", [ALL_READ])
    return found is not None and found[0] == profile


def note_all_read(writing: Writing, profile: str) -> None:
    """Remember that nothing is unread under this fingerprint."""
    writing.run(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content",
        [ALL_READ, profile],
    )


UNREAD = (
    "SELECT m.id FROM mentions AS m LEFT JOIN subjects_read AS s ON s.mention_id = m.id AND s.revision = m.revision "
    "AND s.profile = ? WHERE s.mention_id IS NULL"
)
"""Ids of the posts not read under a fingerprint; one `?` for it."""


def unread_posts(reading: Reading, profile: str, limit: int) -> tuple[UnreadPost, ...]:
    """Up to `limit` of them with their words; a revision whose words do not open is missing among `texts`."""
    return _with_words(reading, f"{UNREAD} ORDER BY m.id LIMIT {int(limit)}", [profile])


def unread_among(reading: Reading, profile: str, ids: Sequence[str]) -> tuple[UnreadPost, ...]:
    """Those of these posts, as `unread_posts` gives them."""
    return _with_words(reading, f"{UNREAD} AND m.id IN (SELECT unnest(?::VARCHAR[]))", [profile, list(ids)])


def stored_roles(reading: Reading, ids: Sequence[str]) -> frozenset[Role]:
    """Whom these posts are about as stored, over all their revisions, under the surnames they were read with last."""
    return frozenset[Role]().union(*roles_among(reading, ids).values())


def roles_among(reading: Reading, ids: Sequence[str]) -> dict[str, frozenset[Role]]:
    """The same of each of them; a post that is about none of those is missing."""
    found = reading.rows(
        "SELECT mention_id, list(role) FROM subjects WHERE mention_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY mention_id",
        [list(ids)],
    )
    return {id_: frozenset(map(Role, roles)) for id_, roles in found}


def _with_words(reading: Reading, which: str, values: Sequence[object]) -> tuple[UnreadPost, ...]:
    """The posts whose ids this query of ours gives, with the words of all their revisions."""
    found = reading.rows(
        "SELECT m.id, m.revision, m.is_sealed, r.revision, r.sealed, r.key_id FROM mentions AS m "  # noqa: S608 -- fixed names
        f"JOIN revisions AS r ON r.mention_id = m.id WHERE m.id IN ({which}) ORDER BY m.id, r.revision",
        values,
    )
    opened = iter(open_words(reading.keys, [(row[0], row[3], row[4], row[5]) for row in found if not row[2]]))
    posts: dict[str, UnreadPost] = {}
    for id_, revision, is_sealed, *_ in found:
        before = posts.get(id_, UnreadPost(id_, revision, is_sealed, ()))
        words = None if is_sealed else next(opened)
        more = (f"{words.title}\n{words.text}",) if isinstance(words, Words) else ()
        posts[id_] = UnreadPost(id_, revision, is_sealed, (*before.texts, *more))
    return tuple(posts.values())
