"""Whatever is changed, left out or cut off afterwards is found, and named."""

from __future__ import annotations

import pytest

from desk.evidence_words import say_cause
from mentionwatch.ids import mention_id
from mentionwatch.labels import IncidentState, Role
from tests.warehouse.factory import NOW, make_audit, make_night, make_write
from warehouse.chain import commit_to
from warehouse.connection import Warehouse
from warehouse.erase import Burial, bury
from warehouse.incident_steps import IncidentMove, record_move
from warehouse.reading import list_mentions
from warehouse.store import store_nights
from warehouse.verify import Finding, verify_evidence

P1 = mention_id("paper", "p1")


@pytest.fixture
def filled(warehouse: Warehouse) -> Warehouse:
    with warehouse.writer() as writing:
        store_nights(
            writing,
            [make_night(writes=[make_write("p1", "a threat", opens=True), make_write("p2", raw=b"{}")])],
            NOW,
        )
        step = IncidentMove(
            "2026-0001",
            IncidentState.PRESERVED,
            "note",
            IncidentState.PRESERVED,
            "h",
            Role.HEAD,
            "a note",
            NOW,
            "p",
        )
        record_move(writing, step, make_audit())
    return warehouse


def findings(warehouse: Warehouse, *ids: str) -> tuple[Finding, ...]:
    with warehouse.live_reader() as reading:
        return verify_evidence(reading, ids).findings


def test_untouched_evidence_has_no_findings(filled: Warehouse) -> None:
    assert findings(filled) == ()
    with filled.live_reader() as reading:
        one = verify_evidence(reading, [P1])
        by_incident = verify_evidence(reading, ["2026-0001"])
    assert (one.revisions, one.objects) == (by_incident.revisions, by_incident.objects) == (1, 2)


@pytest.mark.parametrize(
    ("sql", "kind", "which"),
    [
        ("UPDATE revisions SET place = 'elsewhere' WHERE mention_id = $1", "revision", f"{P1}/1"),
        ("UPDATE revisions SET sealed = sealed || 'x'::BLOB WHERE mention_id = $1", "revision", f"{P1}/1"),
        ("UPDATE revisions SET key_id = key_id + 1 WHERE mention_id = $1", "revision", f"{P1}/1"),
        (
            "UPDATE revisions SET posted_at = posted_at + INTERVAL 1 HOUR WHERE mention_id = $1",
            "revision",
            f"{P1}/1",
        ),
        ("UPDATE evidence SET http_status = 404 WHERE mention_id = $1", "revision", f"{P1}/1"),
        ("DELETE FROM evidence WHERE mention_id = $1", "revision", f"{P1}/1"),
        ("DELETE FROM revisions WHERE mention_id = $1", "revision", f"{P1}/1"),
        ("UPDATE audit SET actor = 'other' WHERE seq = 1 AND $1 <> ''", "audit", "1"),
        ("UPDATE audit SET reason = 'other' WHERE seq = 2 AND $1 <> ''", "audit", "2"),
        ("DELETE FROM audit WHERE seq = 2 AND $1 <> ''", "audit", "2"),
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit) AND $1 <> ''", "audit", "3"),
        ("UPDATE incident_events SET to_state = 'CLOSED' WHERE seq = 2 AND $1 <> ''", "incident_events", "2"),
        ("UPDATE incident_events SET reason = 'other' WHERE seq = 3 AND $1 <> ''", "incident_events", "3"),
        ("DELETE FROM incident_events WHERE seq = 3 AND $1 <> ''", "incident_events", "2"),
    ],
)
def test_a_changed_or_missing_row_is_found_and_named_i9(
    filled: Warehouse, sql: str, kind: str, which: str
) -> None:
    with filled.writer() as writing:
        writing.run(sql, [P1])
    assert (kind, which) in {(finding.object_kind, finding.object_id) for finding in findings(filled)}


@pytest.mark.parametrize(
    ("sql", "kind", "which"),
    [
        ("UPDATE mentions SET first_seen_at = first_seen_at + INTERVAL 1 MICROSECOND WHERE id = $1", "mention", P1),
        ("UPDATE mentions SET revision = 2 WHERE id = $1", "mention", P1),
        ("UPDATE mentions SET revision = 0 WHERE id = $1", "mention", P1),
        ("DELETE FROM mentions WHERE id = $1", "revision", f"{P1}/1"),
        (
            "UPDATE classifications SET classified_at = classified_at - INTERVAL 1 MICROSECOND WHERE mention_id = $1",
            "revision",
            f"{P1}/1",
        ),
        ("UPDATE classifications SET revision = 2 WHERE mention_id = $1", "revision", f"{P1}/1"),
        ("DELETE FROM classifications WHERE mention_id = $1", "revision", f"{P1}/1"),
    ],
)  # fmt: skip
def test_a_post_that_would_be_in_no_list_is_found_and_named_l31(
    filled: Warehouse, sql: str, kind: str, which: str
) -> None:
    """Lists join by the time of capture (ADR 0034): what breaks that tie would vanish from all of them unseen."""
    with filled.writer() as writing:
        writing.run(sql, [P1])
    with filled.live_reader() as reading:
        assert [row.id for row in list_mentions(reading)] == [mention_id("paper", "p2")]
    broken = findings(filled)
    assert (kind, which) in {(one.object_kind, one.object_id) for one in broken}
    assert all(P1 in one.object_id and say_cause(one.cause, "en") == one.cause for one in broken)
    assert findings(filled, mention_id("paper", "p2")) == ()


def test_of_one_post_or_incident_its_own_ties_are_checked(filled: Warehouse) -> None:
    """Somebody who asks about a post, or an incident, is told that it is in no list."""
    with filled.writer() as writing:
        writing.run("UPDATE classifications SET classified_at = classified_at + INTERVAL 1 SECOND")
    whole = {found.object_id for found in findings(filled)}
    assert whole == {f"{P1}/1", f"{mention_id('paper', 'p2')}/1"}
    for asked in (P1, "2026-0001"):
        assert [found.object_id for found in findings(filled, asked)] == [f"{P1}/1"]


def test_a_forger_who_also_renews_the_commitment_is_found_by_the_hash(filled: Warehouse) -> None:
    with filled.writer() as writing:
        writing.run(
            "UPDATE audit SET reason = 'other', commitment = ? WHERE seq = 1",
            [commit_to(writing.rows("SELECT salt FROM audit")[0][0], "other")],
        )
    assert Finding("audit", "1", "was changed after it was written") in findings(filled)


def test_a_damaged_object_is_named(filled: Warehouse) -> None:
    with filled.writer() as writing:
        sha256, body = writing.rows("SELECT sha256, sealed FROM objects WHERE kind = 'warc' ORDER BY sha256")[
            0
        ]
        mutated = bytes(body)[:-3] + b"xyz"
        writing.run("UPDATE objects SET sealed = ? WHERE sha256 = ?", [mutated, sha256])
    assert {(finding.object_kind, finding.object_id) for finding in findings(filled)} == {("object", sha256)}


def test_a_missing_object_is_named(filled: Warehouse) -> None:
    with filled.writer() as writing:
        sha256 = writing.rows("SELECT raw_sha256 FROM evidence WHERE raw_sha256 IS NOT NULL")[0][0]
        writing.run("DELETE FROM objects WHERE sha256 = ?", [sha256])
    assert findings(filled) == (Finding("object", sha256, "is missing"),)


def test_evidence_taken_out_behind_the_log_is_missed_though_its_words_were_blanked_there_too(
    filled: Warehouse,
) -> None:
    """I9: a blanked reason alone is no erasure; somebody who has the file but no key leaves just this behind."""
    with filled.writer() as writing:
        for table in ("revisions", "evidence", "classifications"):
            writing.run(f"DELETE FROM {table} WHERE mention_id = ?", [P1])  # noqa: S608 -- fixed names
        writing.run("DELETE FROM mentions WHERE id = ?", [P1])
        writing.run(
            "UPDATE audit SET reason = NULL, salt = NULL WHERE split_part(object_id, '/', 1) = ?", [P1]
        )
    assert ("revision", f"{P1}/1") in {(found.object_kind, found.object_id) for found in findings(filled)}


@pytest.mark.parametrize("basis", ["erasure", "retention"])
def test_what_was_erased_or_is_past_its_time_is_not_missed(filled: Warehouse, basis: str) -> None:
    with filled.writer() as writing:
        bury(writing, [Burial(P1, "asked for")], basis, NOW, "h", Role.HEAD)
    assert findings(filled) == ()


def test_an_erasure_explains_only_what_was_captured_before_it(filled: Warehouse) -> None:
    with filled.writer() as writing:
        bury(writing, [Burial(P1, "asked for")], "erasure", NOW, "h", Role.HEAD)
        writing.run("DELETE FROM tombstones")
        store_nights(
            writing, [make_night(run_id="20261122T023000Z-000002", writes=[make_write("p1", "again")])], NOW
        )
        writing.run("DELETE FROM revisions WHERE mention_id = ?", [P1])
    assert any(found.object_id.startswith(f"{P1}/") for found in findings(filled))
