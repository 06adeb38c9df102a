"""Captures and checks as a page reads them, against the plain joins over whole tables: the same, whatever the clocks say."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from mentionwatch.ids import mention_id
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from tests.warehouse.factory import NOW, make_night, make_write
from tests.warehouse.test_listing import fill
from warehouse.chain import append_audit
from warehouse.checked import list_captures, list_checks
from warehouse.connection import Warehouse
from warehouse.retention import ends_of
from warehouse.session import Reading
from warehouse.store import store_nights

_CAPTURES = (
    "SELECT e.mention_id, e.revision, e.captured_at, coalesce((SELECT max(seq) FROM audit AS a WHERE a.verb = 'captured' "
    "AND a.object_id = e.mention_id || '/' || e.revision), 0) FROM evidence AS e JOIN revisions AS r USING (mention_id, revision) "
    "ORDER BY e.captured_at, e.mention_id, e.revision"
)
_CHECKS = (
    "SELECT seq, object_kind, object_id, verb = 'verified' FROM audit WHERE verb IN ('verified', 'verify_failed') "
    "QUALIFY row_number() OVER (PARTITION BY object_kind, object_id ORDER BY seq DESC) = 1 ORDER BY seq DESC"
)


def agree(reading: Reading, dice: random.Random) -> None:
    """Of each mention, and of many at once, what the plain joins say of them."""
    whole = reading.rows(_CAPTURES)
    ids = sorted({row[0] for row in whole})
    ends = {one.mention_id: one for one in ends_of(reading)}
    groups = [*([id_] for id_ in ids), dice.sample(ids, 12), ids, [*ids[:2], "01ff", ids[0]]]
    for group in groups:
        expected = [row for row in whole if row[0] in group]
        found = list_captures(reading, group)
        assert [(row.mention_id, row.revision, row.captured_at, row.seq) for row in found] == expected
        assert {one.mention_id: one for one in ends_of(reading, group)} == {
            id_: ends[id_] for id_ in group if id_ in ends
        }


@pytest.mark.parametrize("seed", range(3))
def test_captures_are_those_of_the_plain_joins(warehouse: Warehouse, seed: int) -> None:
    """Three years of nights with edits, an erasure, and a post that came again after its time was up."""
    fill(warehouse, seed)
    again = mention_id("paper", "p0-0")
    with warehouse.writer() as writing:
        # As retention leaves it: the number of its revisions is kept, so that what comes again counts on.
        append_audit(writing, [AuditEvent(NOW, "a", Role.PIPELINE, "purged", "mention", again, "neutral")])
        (count,) = writing.row("SELECT revision FROM mentions WHERE id = ?", [again]) or (0,)
        for table in ("mentions", "revisions", "evidence", "classifications", "subjects", "subjects_read"):
            key = "id" if table == "mentions" else "mention_id"
            writing.run(f"DELETE FROM {table} WHERE {key} = ?", [again])  # noqa: S608 -- fixed names
        writing.run(
            "INSERT INTO tombstones VALUES (?, 'paper', ?, 'x', 'retention', 'neutral', ?)",
            [again, count, NOW],
        )
    late = NOW + timedelta(days=400)
    with warehouse.writer() as writing:
        store_nights(
            writing, [make_night("late", [make_write("p0-0", "here again", at=late)], at=late)], late
        )
    with warehouse.live_reader() as reading:
        assert [row.revision for row in list_captures(reading, [again])] == [count + 1]
        agree(reading, random.Random(seed))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET happened_at = happened_at + INTERVAL 40 DAY",
        "UPDATE audit SET happened_at = happened_at - INTERVAL 40 DAY WHERE seq % 2 = 0",
        "UPDATE evidence SET captured_at = captured_at + INTERVAL 9 DAY WHERE ascii(right(mention_id, 1)) % 2 = 0",
        "DELETE FROM audit WHERE verb = 'captured' AND seq % 3 = 0",
    ],
)
def test_a_clock_that_was_wrong_hides_no_capture(warehouse: Warehouse, sql: str) -> None:
    """The time in the log only says where to look first: what is not found there is looked for everywhere."""
    fill(warehouse, 5)
    with warehouse.writer() as writing:
        writing.run(sql)
        agree(writing, random.Random(5))


def test_checks_are_the_latest_of_each(warehouse: Warehouse) -> None:
    """Of everything, of a mention, of an incident: the last one said, in whatever order they came."""
    fill(warehouse, 6)
    dice = random.Random(6)
    with warehouse.live_reader() as reading:
        ids = dice.sample([row[0] for row in reading.rows("SELECT id FROM mentions")], 5)
    things = [("evidence", ""), *(("mention", id_) for id_ in ids), ("incident", "2026-0001")]
    rows = [
        AuditEvent(NOW, "a", Role.HEAD, dice.choice(["verified", "verify_failed"]), *dice.choice(things), "")
        for _ in range(40)
    ]
    with warehouse.writer() as writing:
        append_audit(writing, rows)
    with warehouse.live_reader() as reading:
        latest = reading.rows(_CHECKS)
        for asked in ([], ids[:1], ids[:3], [*ids, "2026-0001"], ["2026-0001"], ["01ff"]):
            expected = [
                (seq, kind, whole) for seq, kind, id_, whole in latest if kind == "evidence" or id_ in asked
            ]
            found = [(one.seq, one.object_kind, one.is_whole) for one in list_checks(reading, asked)]
            assert found == expected
