"""Deleted means gone from the file; held means it stays; the logs stay whole through both."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from mentionwatch.errors import Refused
from mentionwatch.ids import mention_id
from mentionwatch.labels import IncidentState, Label, Role
from mentionwatch.model import AuditEvent
from tests.warehouse.factory import NOW, make_audit, make_night, make_write
from warehouse.access import HOLD_DAYS, export_person
from warehouse.connection import Warehouse
from warehouse.erase import compact, erase, finish_compaction, held_mentions
from warehouse.incident_steps import IncidentMove, incident, incident_events, record_move
from warehouse.keyring import Keyring
from warehouse.logged import find_changed_holds
from warehouse.people import Hold, lift_hold, place_hold
from warehouse.publish import publish
from warehouse.reading import list_mentions, read_start
from warehouse.reporters import ReporterStore
from warehouse.retention import RetentionClasses, due, purge
from warehouse.sealed_lines import SealedReport
from warehouse.store import store_nights
from warehouse.stored_evidence import read_evidence
from warehouse.verify import verify_evidence
from warehouse.words import Words, open_words

P1, P2, P3 = (mention_id("paper", name) for name in ("p1", "p2", "p3"))


def residue(warehouse: Warehouse, word: str) -> list[str]:
    """Files of the home that still hold the word, as text or compressed away."""
    return [
        path.name
        for path in warehouse.folder.rglob("*")
        if path.is_file() and word.encode().lower() in path.read_bytes().lower()
    ]


def fill(warehouse: Warehouse) -> None:
    secret = make_write(
        "p1",
        "CANARY threat " * 30,
        title="CANARYTITLE",
        author="CANARYAUTHOR",
        opens=True,
        url="https://example.org/CANARYURL",
    )
    with warehouse.writer() as writing:
        store_nights(
            writing,
            [
                make_night(
                    "run-1",
                    [secret, make_write("p2", "kept words " * 50)],
                    cursor='["https://example.org/CANARYURL"]',
                )
            ],
            NOW,
        )
        store_nights(
            writing,
            [
                make_night(
                    "run-2",
                    [make_write("p1", "CANARY edited", url="https://example.org/CANARYURL")],
                    cursor=None,
                )
            ],
            NOW,
        )
        ReporterStore(warehouse.folder).store(SealedReport(P1, "CANARYREPORTER", "web", NOW))
        step = IncidentMove(
            "2026-0001",
            IncidentState.PRESERVED,
            "note",
            IncidentState.PRESERVED,
            "h",
            Role.HEAD,
            "CANARYREASON",
            NOW,
            "p",
        )
        record_move(writing, step, make_audit(reason="CANARYAUDIT"))


def test_erased_is_gone_from_every_file_and_the_logs_still_verify(warehouse: Warehouse) -> None:
    """I10; product row 9: erased means gone from the file, proven."""
    fill(warehouse)
    publish(warehouse)
    assert residue(warehouse, "CANARYURL")
    with warehouse.live_reader() as reading:
        packed = [
            bytes(row[0])
            for row in reading.rows(
                "SELECT sealed FROM objects JOIN evidence ON sha256 = warc_sha256 WHERE mention_id = ?", [P1]
            )
        ]
    assert all(body in warehouse.path.read_bytes() for body in packed) and packed
    done = erase(warehouse, [P1, "no such id"], "request 7", NOW, "office")
    assert (done.erased, done.unknown, done.held) == ((P1,), ("no such id",), {})
    assert residue(warehouse, "CANARY") == []
    assert ReporterStore(warehouse.folder).names() == ()
    assert not any(
        body in path.read_bytes() for body in packed for path in warehouse.folder.iterdir() if path.is_file()
    )
    with warehouse.live_reader() as reading:
        assert [row.id for row in list_mentions(reading)] == [P2]
        assert read_evidence(reading, P2)[0].warc
        verified = verify_evidence(reading)
        row = incident(reading, "2026-0001")
        assert {event.reason for event in incident_events(reading, "2026-0001")} == {""}
        assert read_start(reading, ["paper"])["paper"].buried == {P1: ""}
        assert read_start(reading, ["paper"])["paper"].cursor is None
    assert verified.findings == () and verified.revisions == 1
    assert row is not None and (row.canonical_url, row.summary, row.reasons) == ("", "", ())


def test_an_erased_post_is_never_collected_again_however_it_is_edited(warehouse: Warehouse) -> None:
    fill(warehouse)
    erase(warehouse, [P1], "request 7", NOW, "office")
    for run, text in (("run-3", "CANARY threat " * 30), ("run-4", "CANARY once more")):
        with warehouse.writer() as writing:
            (stored,) = store_nights(writing, [make_night(run, [make_write("p1", text, opens=True)])], NOW)
        assert (stored.new, stored.incidents_opened) == (0, ())
    assert residue(warehouse, "CANARY") == []


def test_a_rewrite_keeps_schema_comments_and_every_row(warehouse: Warehouse) -> None:
    fill(warehouse)
    looks = (
        "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL",
        "SELECT table_name, constraint_text FROM duckdb_constraints() WHERE NOT starts_with(table_name, 'duckdb') ORDER BY ALL",
        "SELECT table_name, comment FROM duckdb_tables() ORDER BY ALL",
        "SELECT tags FROM duckdb_databases() WHERE database_name = 'warehouse'",
        "FROM audit ORDER BY ALL",
        "FROM revisions ORDER BY ALL",
    )
    with warehouse.live_reader() as reading:
        before = [reading.rows(look) for look in looks]
    compact(warehouse)
    with warehouse.live_reader() as reading:
        assert [reading.rows(look) for look in looks] == before
    with warehouse.writer() as writing, pytest.raises(Exception, match=r"(?i)duplicate key"):
        writing.run("INSERT INTO mentions FROM mentions")


def test_a_rewrite_cut_off_by_a_kill_is_finished_later(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(warehouse)
    with monkeypatch.context() as cut:
        cut.setattr("warehouse.rewrite.replace_file", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase(warehouse, [P1], "request 7", NOW, "office")
    purge(warehouse, NOW)
    assert residue(warehouse, "CANARY") == []
    assert finish_compaction(warehouse) is False


def test_what_is_held_is_not_erased_i11(warehouse: Warehouse) -> None:
    fill(warehouse)
    with warehouse.writer() as writing:
        place_hold(writing, Hold("incident", "2026-0001", "court", "h", NOW), make_audit("held"))
    done = erase(warehouse, [P1], "request 7", NOW, "office")
    assert (done.erased, done.held) == ((), {P1: "court"})
    with warehouse.writer() as writing:
        lift_hold(writing, "incident", "2026-0001", make_audit("released"))
    assert erase(warehouse, [P1], "request 7", NOW, "office").erased == (P1,)


def close(warehouse: Warehouse, event: str, days: int) -> None:
    with warehouse.writer() as writing:
        at = NOW + timedelta(days=days)
        step = IncidentMove(
            "2026-0001", IncidentState.PRESERVED, event, IncidentState.CLOSED, "h", Role.HEAD, "done", at, "p"
        )
        record_move(writing, step, make_audit())


def test_each_class_is_kept_as_long_as_its_rule_says(warehouse: Warehouse) -> None:
    """Law row 30: positive 30 d, no case 90 d, resolved 1 y, complaint 6 y; nothing of an open incident."""
    writes = [
        make_write("p1", "a threat", label=Label.INAPPROPRIATE, opens=True),
        make_write("p2", "well done", label=Label.POSITIVE),
        make_write("p3"),
    ]
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=writes)], NOW)

    def due_after(days: int) -> dict[str, str]:
        with warehouse.live_reader() as reading:
            return {
                item.mention_id: item.retention_class for item in due(reading, NOW + timedelta(days=days))
            }

    assert due_after(29) == {}
    assert due_after(30) == {P2: "positive"}
    assert due_after(90) == {P2: "positive", P3: "neutral"}
    assert P1 not in due_after(5000)
    close(warehouse, "no_case", 10)
    assert P1 not in due_after(99) and due_after(100)[P1] == "no_case"


@pytest.mark.parametrize(
    ("event", "days", "name"), [("close", 365, "resolved"), ("concern_answered", 2190, "complaint")]
)
def test_a_closed_incident_is_kept_by_its_outcome(
    warehouse: Warehouse, event: str, days: int, name: str
) -> None:
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=[make_write("p1", "a threat", opens=True)])], NOW)
    close(warehouse, event, 0)
    with warehouse.live_reader() as reading:
        assert due(reading, NOW + timedelta(days=days, seconds=-1)) == ()
        assert [item.retention_class for item in due(reading, NOW + timedelta(days=days))] == [name]


def test_a_purged_post_is_not_news_again_but_its_edit_is(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        store_nights(
            writing,
            [
                make_night(
                    "run-1", [make_write("p2", "CANARY praise", label=Label.POSITIVE), make_write("p1")]
                )
            ],
            NOW,
        )
    later = NOW + timedelta(days=31)
    dry = purge(warehouse, later, dry_run=True)
    assert (dry.by_class, dry.purged) == ({"positive": 1}, (P2,))
    with warehouse.live_reader() as reading:
        assert {row.id for row in list_mentions(reading)} == {P1, P2}
    done = purge(warehouse, later, RetentionClasses())
    assert done.by_class == dry.by_class and residue(warehouse, "CANARY") == []
    with warehouse.writer() as writing:
        (same,) = store_nights(writing, [make_night("run-2", [make_write("p2", "CANARY praise")])], later)
        (edit,) = store_nights(writing, [make_night("run-3", [make_write("p2", "now a complaint")])], later)
    assert (same.new, edit.new) == (0, 1)
    with warehouse.live_reader() as reading:
        assert {row.id: row.revision for row in list_mentions(reading)} == {P1: 1, P2: 2}
        assert verify_evidence(reading).findings == ()


def test_i11_a_second_request_holds_as_long_as_the_first_did_and_shortens_no_other_hold(
    warehouse: Warehouse,
) -> None:
    """I11: also after the first hold has lapsed, or while it is about to."""
    fill(warehouse)

    def ask(days: int) -> bool:
        """Whether what was found is held a day before the hold of a request at that day ends."""
        export_person(warehouse, "CANARY", NOW + timedelta(days=days), "office", "request 7")
        with warehouse.live_reader() as reading:
            assert find_changed_holds(reading) == []
            return P1 in held_mentions(reading, NOW + timedelta(days=days + HOLD_DAYS - 1))

    assert ask(0) and ask(HOLD_DAYS - 2) and ask(3 * HOLD_DAYS)
    with warehouse.writer() as writing:
        place_hold(
            writing,
            Hold("mention", P1, "court", "h", NOW),
            AuditEvent(NOW, "h", Role.HEAD, "held", "mention", P1, "court"),
        )
    export_person(warehouse, "CANARY", NOW, "office", "request 8")
    with warehouse.live_reader() as reading:
        assert held_mentions(reading, NOW + timedelta(days=9 * HOLD_DAYS))[P1] == "court"


def test_a_subject_access_export_masks_others_never_shows_the_reporter_and_holds_what_it_found(
    warehouse: Warehouse,
) -> None:
    """C11, I11, I6; L20."""
    writes = [
        make_write("p1", "I, Jane Roe, say @other told a.b@example.org, RINGER told me", author="janeroe"),
        make_write(
            "p2", "Jane Roe was seen by someone", author="writer9", url="https://example.org/writer9/2"
        ),
        make_write("p3", "nobody here", label=Label.POSITIVE),
    ]
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=writes)], NOW)
        ReporterStore(warehouse.folder).store(SealedReport(P1, "RINGER", "web", NOW))
    found = export_person(warehouse, "Jane Roe", NOW, "office", "request 8")
    own = export_person(warehouse, "janeroe", NOW, "office", "request 8")
    assert [(record.mention_id, record.basis) for record in own] == [(P1, "author")]
    assert {record.mention_id for record in found} == {P1, P2}
    everything = " ".join(record.text + record.url for record in (*found, *own))
    assert not any(word in everything for word in ("RINGER", "@other", "a.b@example.org", "writer9"))
    assert "Jane Roe" in everything
    assert set(purge(warehouse, NOW + timedelta(days=91)).held) == {P1, P2}
    with warehouse.live_reader() as reading:
        assert reading.rows(
            "SELECT count(*) FROM audit WHERE contains(coalesce(reason, '') || object_id, 'Jane')"
        ) == [(0,)]
    with pytest.raises(Refused):
        export_person(warehouse, "J", NOW, "office", "request 8")
    with pytest.raises(Refused):
        export_person(warehouse, "Jane Roe", NOW, "office", "")


def test_no_page_opens_keys_while_a_deletion_changes_them(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page beside it would take the half-written files for what a kill left, and unlink the school's only new key."""
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=[make_write("p1", "words"), make_write("p2", "more")])], NOW)
    plain, met = Keyring.destroy_all_but, list[bool]()

    def read_words() -> list[type[object]]:
        with warehouse.live_reader() as reading:
            rows = reading.rows("SELECT mention_id, revision, sealed, key_id FROM revisions")
            return [type(one) for one in open_words(reading.keys, [(r[0], r[1], r[2], r[3]) for r in rows])]

    with warehouse.kept_open(), ThreadPoolExecutor(1) as page:
        assert read_words() == [Words, Words]

        def beside(self: Keyring, kept: Collection[int], deleted_at: str) -> int:
            asked = page.submit(read_words)
            met.append(bool(wait([asked], timeout=0.5).done))
            waiting.append(asked)
            return plain(self, kept, deleted_at)

        waiting = list[Future[list[type[object]]]]()
        monkeypatch.setattr(Keyring, "destroy_all_but", beside)
        erase(warehouse, [P1], "asked", NOW, "A Person")
        assert met == [False], "the page waits for its turn"
        assert waiting[0].result(timeout=60) == [Words], "and opens what is left"
