"""What people do is stored with its audit event, and two people at once do not overwrite each other."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from mentionwatch.errors import Refused
from mentionwatch.ids import mention_id
from mentionwatch.labels import IncidentState, Label, Role, Verdict
from mentionwatch.model import LabelCounts, NightReport
from tests.warehouse.factory import NOW, make_audit, make_night, make_write
from warehouse.chain import AUDIT, EVENTS, check_chain
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, read_corrections, record_decision
from warehouse.incident_steps import IncidentMove, incident, incident_events, record_move
from warehouse.ledger import finish_run, last_run, latest_looks, source_history, start_run
from warehouse.reading import MentionFilter, list_mentions
from warehouse.store import store_nights

S = IncidentState


def opened(warehouse: Warehouse) -> str:
    with warehouse.writer() as writing:
        (stored,) = store_nights(
            writing,
            [make_night(writes=[make_write(text="a threat", label=Label.INAPPROPRIATE, opens=True)])],
            NOW,
        )
    return stored.incidents_opened[0]


def move(expected: IncidentState, event: str, to: IncidentState, actor: str = "Head") -> IncidentMove:
    return IncidentMove(
        "2026-0001",
        expected,
        event,
        to,
        actor,
        Role.HEAD,
        f"reason of {actor}",
        NOW,
        "llanbedrog 2021",
        details=(("ref", "1/26"),),
    )


def test_a_move_stores_state_event_and_audit_together(warehouse: Warehouse) -> None:
    """I8, I9."""
    opened(warehouse)
    with warehouse.writer() as writing:
        after = record_move(writing, move(S.PRESERVED, "hand_over", S.AWAITING_DECISION), make_audit())
    assert after.state is S.AWAITING_DECISION
    with warehouse.live_reader() as reading:
        last = incident_events(reading, "2026-0001")[-1]
        assert (last.from_state, last.to_state, last.actor, last.reason) == (
            S.PRESERVED,
            S.AWAITING_DECISION,
            "Head",
            "reason of Head",
        )
        assert last.details == '{"ref": "1/26"}'
        assert [check_chain(reading, chain) for chain in (AUDIT, EVENTS)] == [[], []]


def test_of_two_people_deciding_at_once_one_wins_and_the_other_is_told(warehouse: Warehouse) -> None:
    opened(warehouse)
    outcomes: list[str] = []

    def decide(to: IncidentState, actor: str) -> None:
        try:
            with warehouse.writer() as writing:
                record_move(writing, move(S.PRESERVED, "go", to, actor), make_audit())
            outcomes.append("won")
        except Refused as refused:
            outcomes.append(str(refused))

    threads = [
        threading.Thread(target=decide, args=(to, actor))
        for to, actor in ((S.AWAITING_DECISION, "one"), (S.CLOSED, "two"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1] == "won" and "someone else took a step meanwhile" in sorted(outcomes)[0]
    with warehouse.live_reader() as reading:
        assert len(incident_events(reading, "2026-0001")) == 3


def test_a_move_of_an_unknown_incident_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(Refused, match="no incident 2026-0001"), warehouse.writer() as writing:
        record_move(writing, move(S.PRESERVED, "go", S.CLOSED), make_audit())


def test_a_person_saying_stop_image_freezes_the_words_t04(warehouse: Warehouse) -> None:
    opened(warehouse)
    with warehouse.writer() as writing:
        record_move(writing, move(S.PRESERVED, "stop_image", S.STOP_IMAGE), make_audit())
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading)
    assert row.is_sealed and "threat" not in row.text + row.title


def test_a_correction_replaces_the_label_of_that_revision_only(warehouse: Warehouse) -> None:
    id_ = mention_id("paper", "p1")
    with warehouse.writer() as writing:
        store_nights(writing, [make_night("run-1", [make_write(text="a moan")])], NOW)
        was = record_decision(
            writing, Decision(id_, 1, Label.CONCERN, "Head", Role.HEAD, "a complaint", NOW), make_audit()
        )
    assert was is Label.NEUTRAL
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading, MentionFilter(label=Label.CONCERN))
        (correction,) = read_corrections(reading)
    assert (row.label, row.machine_label, row.is_decided) == (Label.CONCERN, Label.NEUTRAL, True)
    assert (correction.text, correction.label, correction.was_label) == (
        "a moan",
        Label.CONCERN,
        Label.NEUTRAL,
    )
    with warehouse.writer() as writing:
        store_nights(writing, [make_night("run-2", [make_write(text="edited")])], NOW)
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading)
    assert (row.label, row.is_decided) == (Label.NEUTRAL, False)


def test_filters_narrow_the_list_newest_first(warehouse: Warehouse) -> None:
    late = NOW + timedelta(days=3)
    with warehouse.writer() as writing:
        store_nights(
            writing,
            [
                make_night("run-1", [make_write("p1")]),
                make_night("run-1", [make_write("b1", source="blog")], source="blog"),
            ],
            NOW,
        )
        store_nights(writing, [make_night("run-2", [make_write("p2", at=late)], at=late)], late)
    with warehouse.live_reader() as reading:
        assert list_mentions(reading)[0].native_id == "p2"
        assert [row.native_id for row in list_mentions(reading, MentionFilter(since=late))] == ["p2"]
        assert [row.native_id for row in list_mentions(reading, MentionFilter(source="blog"))] == ["b1"]
        assert [
            row.native_id for row in list_mentions(reading, MentionFilter(ids=(mention_id("paper", "p1"),)))
        ] == ["p1"]
        assert len(list_mentions(reading, MentionFilter(run_id="run-1"))) == 2
        assert len(list_mentions(reading, MentionFilter(limit=1))) == 1


def test_the_ledger_tells_the_last_run_and_a_sources_history(warehouse: Warehouse) -> None:
    """L01: the clause that allows monitoring is on every run record."""
    with warehouse.writer() as writing:
        for _ in range(2):
            start_run(writing, "run-1", NOW, "llanbedrog 2021", "s.11", "0.1.0")
        store_nights(writing, [make_night(writes=[make_write()])], NOW)
    with warehouse.live_reader() as reading:
        running = last_run(reading)
        assert last_run(reading, only_finished=True) is None
    assert running is not None and running.finished_at is None and running.authority == "s.11"
    report = NightReport(
        "run-1",
        NOW,
        NOW + timedelta(minutes=2),
        Verdict.MENTIONS,
        (),
        LabelCounts(collected=1, neutral=1),
        ("2026-0001",),
        "digest",
    )
    with warehouse.writer() as writing:
        finish_run(writing, report)
    with warehouse.live_reader() as reading:
        done = last_run(reading, only_finished=True)
        (look,) = source_history(reading, "paper")
        assert latest_looks(reading, ["paper", "other"]) == {"paper": look.run}
    assert done is not None and (done.verdict, done.counts.neutral, done.incidents_opened) == (
        Verdict.MENTIONS,
        1,
        ("2026-0001",),
    )
    assert done.sources == (look.run,)
    assert (look.run.new, look.run.out_of_scope, look.run.verdict) == (1, 2, Verdict.MENTIONS)


def test_an_incident_reads_back_as_it_was_opened(warehouse: Warehouse) -> None:
    id_ = opened(warehouse)
    with warehouse.live_reader() as reading:
        row = incident(reading, id_)
        assert incident(reading, "1999-0001") is None
    assert row is not None
    assert (row.decider, row.clause, row.pack, row.reasons, row.first_steps) == (
        Role.HEAD,
        "s.3",
        "llanbedrog 2021",
        ("a threat",),
        ("keep the evidence",),
    )
