"""Who may know of what, asked of an open file after each write: never other than asked anew (L31)."""

from __future__ import annotations

import random
from contextlib import closing
from typing import Final

from mentionwatch.accounts import DeskRole
from mentionwatch.ids import mention_id
from mentionwatch.labels import Label, Role
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.kept_open import kept_open
from warehouse.need_to_know import Sight, known_among, may_see_incident, settle
from warehouse.session import Reading, Writing
from warehouse.store import store_nights

POSTS: Final = tuple(mention_id("paper", f"p{number}") for number in range(8))
CASES: Final = ("case-0", "case-1", "case-2")
ORDER: Final = (Role.HEAD, Role.DEPUTY, Role.CHAIR)
VIEWERS: Final = tuple(
    Sight(frozenset({desk}), frozenset({role}), "mark", is_all_read=False, order=ORDER, grave_events=("safeguarding",))
    for desk, role in (
        (DeskRole.HEAD, Role.HEAD),
        (DeskRole.SLT, Role.SLT),
        (DeskRole.OFFICE, Role.OPERATOR),
        (DeskRole.REVIEWER, Role.OPERATOR),
        (DeskRole.CHAIR, Role.CHAIR),
    )
)  # fmt: skip


def asked(reading: Reading) -> list[tuple[frozenset[str], frozenset[str]]]:
    """What each viewer may know of: posts, and incidents with concerns taken up."""
    found = []
    for one in VIEWERS:
        sight = settle(reading, one)
        seen = frozenset(id_ for id_ in (*CASES, *POSTS[:2]) if may_see_incident(reading, sight, id_))
        found.append((known_among(reading, sight, POSTS), seen))
    return found


def step(writing: Writing, dice: random.Random, number: int) -> None:
    """One statement of those that decide about it, so that nothing else in the transaction drops what is remembered."""
    post, case, role = dice.choice(POSTS), dice.choice(CASES), dice.choice(list(Role)).value
    steps = (
        ("UPDATE mentions SET incident_id = ? WHERE id = ?", [dice.choice((None, case)), post]),
        ("UPDATE mentions SET is_sealed = NOT is_sealed WHERE id = ?", [post]),
        ("UPDATE incidents SET decider = ? WHERE id = ?", [role, dice.choice((case, post))]),
        ("UPDATE incidents SET route = ? WHERE id = ?", [dice.choice(("none", "police")), case]),
        ("UPDATE incidents SET state = ? WHERE id = ?", [dice.choice(("OPENED", "STOP_IMAGE")), case]),
        ("DELETE FROM incidents WHERE id = ?", [post]),
        (
            "INSERT OR IGNORE INTO incidents (id, mention_id, canonical_url, kind, state, decider, route, harms, clause, pack, first_steps, "
            "reasons_json, summary, opened_at, moved_at, event_count, track) "
            "VALUES (?, ?, 'u', 'k', 'CONCERN', ?, 'none', [], '', 'p', [], '[]', '', ?, ?, 0, 'concern')",
            [post, post, role, NOW, NOW],
        ),
        (
            "INSERT INTO incident_events VALUES (?, ?, 1, NULL, 'safeguarding', 'OPENED', 'a', 'head', NULL, NULL, NULL, '', ?, 'p', '', '')",
            [number, case, NOW],
        ),
        ("DELETE FROM incident_events WHERE incident_id = ?", [case]),
        ("INSERT OR IGNORE INTO subjects VALUES (?, ?)", [post, role]),
        ("DELETE FROM subjects WHERE mention_id = ?", [post]),
        ("UPDATE subjects_read SET profile = ? WHERE mention_id = ?", [dice.choice(("mark", "before")), post]),
        ("UPDATE classifications SET route = ? WHERE mention_id = ?", [dice.choice(("none", "police")), post]),
        ("UPDATE classifications SET label = ? WHERE mention_id = ?", [dice.choice(list(Label)).value, post]),
        (
            "INSERT INTO decisions BY NAME SELECT ? AS id, ? AS mention_id, 1 AS revision, 'neutral' AS was_label, ? AS label, 'a' AS actor, "
            "'head' AS role, '' AS reason, ?::TIMESTAMPTZ AS decided_at, [] AS harms, ? AS route, 'm' AS was_model",
            [number, post, dice.choice(list(Label)).value, NOW, dice.choice((None, "none", "police"))],
        ),
    )  # fmt: skip
    writing.run(*dice.choice(steps))


def begin(writing: Writing) -> None:
    store_nights(
        writing,
        [make_night("run", [make_write(f"p{number}", "words", at=NOW) for number in range(8)], at=NOW)],
        NOW,
    )
    writing.run("DELETE FROM subjects_read")
    for post in POSTS:
        writing.run("INSERT INTO subjects_read VALUES (?, 1, 'mark')", [post])
    for case in CASES:
        writing.run(
            "INSERT INTO incidents (id, mention_id, canonical_url, kind, state, decider, route, harms, clause, pack, first_steps, "
            "reasons_json, summary, opened_at, moved_at, event_count, track) "
            "VALUES (?, 'gone', 'u', 'k', 'OPENED', 'head', 'none', [], '', 'p', [], '[]', '', ?, ?, 0, 'incident')",
            [case, NOW, NOW],
        )  # fmt: skip


def test_l31_after_each_write_nobody_is_told_of_more_or_less_than_the_tables_say(
    warehouse: Warehouse,
) -> None:
    """A single statement to one table at a time: what is remembered of the others stays, and still holds."""
    dice, changed = random.Random(1), 0
    with warehouse.writer() as writing:
        begin(writing)
    with warehouse.kept_open():
        kept = kept_open(warehouse.folder)
        assert kept is not None
        before = None
        for number in range(1, 31):
            with warehouse.writer() as writing:
                step(writing, dice, number)
            with warehouse.live_reader() as reading:
                found = asked(reading)
            with kept.cursor() as cursor, closing(warehouse.keyring(cursor)) as keys:
                assert found == asked(Reading(cursor, keys)), number
            changed += found != before
            before = found
    assert changed > 8
