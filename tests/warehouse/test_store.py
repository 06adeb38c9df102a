"""Storing nights: whole or not at all, once however often, and incidents once per post."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentionwatch.fetching import Fault
from mentionwatch.ids import mention_id
from mentionwatch.labels import (
    CaptureMethod,
    FaultKind,
    IncidentState,
    Label,
    PostedAtBasis,
    Role,
    Route,
    Scope,
)
from mentionwatch.model import Snapshot
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.gaps import read_gaps
from warehouse.incident_steps import incident, incident_events, incident_rows
from warehouse.reading import list_mentions, read_known, read_start
from warehouse.sealing import SealBroken
from warehouse.shapes import STOP_TEXT
from warehouse.store import store_nights
from warehouse.stored_evidence import read_evidence
from warehouse.verify import verify_evidence
from warehouse.words import Words, open_words

TABLES = [
    "runs",
    "run_sources",
    "cursors",
    "mentions",
    "revisions",
    "objects",
    "evidence",
    "classifications",
    "decisions",
    "incident_numbers",
    "incidents",
    "incident_events",
    "audit",
    "chain_heads",
    "holds",
    "tombstones",
]


def dump(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is stored, but for when a ledger row was written (a replay may write the same row again).

    Keys and what is sealed under them are drawn at random: sealed words are compared opened, objects by their digest.
    """
    sealed = "EXCLUDE (sealed, key_id)"
    skipped = {
        "run_sources": "EXCLUDE (stored_at)",
        "cursors": "EXCLUDE (saved_at)",
        "objects": sealed,
        "revisions": sealed,
    }
    with warehouse.live_reader() as reading:
        found = {
            table: reading.rows(f"FROM {table} SELECT * {skipped.get(table, '')} ORDER BY ALL")
            for table in TABLES
        }
        rows = reading.rows("SELECT mention_id, revision, sealed, key_id FROM revisions ORDER BY ALL")
        words = [
            str(each) if isinstance(each, SealBroken) else each.packed()
            for each in open_words(reading.keys, rows)
        ]
        return found | {"words": [(row[0], row[1], each) for row, each in zip(rows, words, strict=True)]}


def test_a_night_is_stored_with_rows_evidence_and_cursor(warehouse: Warehouse) -> None:
    write = make_write(author="someone", raw=b'{"id":1}')
    with warehouse.writer() as writing:
        (stored,) = store_nights(writing, [make_night(writes=[write], cursor='{"etag":"x"}')], NOW)
    assert (stored.new, stored.edited, stored.gone, stored.incidents_opened) == (1, 0, 0, ())
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading)
        (evidence,) = read_evidence(reading, row.id)
        start = read_start(reading, ["paper", "never looked at"])
        assert start["paper"].cursor == make_night(cursor='{"etag":"x"}').cursor
    assert (row.text, row.label, row.revision, row.posted_at) == (
        write.mention.entry.text,
        Label.NEUTRAL,
        1,
        write.mention.entry.posted_at,
    )
    assert (evidence.warc, evidence.raw) == (write.snapshot.warc, b'{"id":1}')
    assert start["paper"].known["p1"].content_sha256 == write.mention.content_sha256
    assert start["paper"].last_ok_at == NOW
    assert start["never looked at"].cursor is None


def test_replaying_a_night_changes_nothing(warehouse: Warehouse) -> None:
    night = make_night(
        writes=[make_write(), make_write("p2", "a threat", label=Label.INAPPROPRIATE, opens=True)]
    )
    with warehouse.writer() as writing:
        store_nights(writing, [night], NOW)
    before = dump(warehouse)
    with warehouse.writer() as writing:
        (again,) = store_nights(writing, [night], NOW + timedelta(hours=1))
    assert (again.new, again.edited, again.incidents_opened) == (0, 0, ())
    assert dump(warehouse) == before


def test_an_edit_is_a_new_revision_and_the_first_one_stays(warehouse: Warehouse) -> None:
    for number, text in enumerate(("first words", "second words", "first words")):
        with warehouse.writer() as writing:
            (stored,) = store_nights(writing, [make_night(f"run-{number}", [make_write(text=text)])], NOW)
    assert (stored.new, stored.edited) == (0, 1)
    with warehouse.live_reader() as reading:
        texts = [evidence.text for evidence in read_evidence(reading, mention_id("paper", "p1"))]
        assert read_known(reading, "paper")["p1"].revision == 3
    assert texts == ["first words", "second words", "first words"]


def test_two_versions_of_one_post_in_one_night_are_two_revisions_and_one_new_mention(
    warehouse: Warehouse,
) -> None:
    night = make_night(writes=[make_write(text="one"), make_write(text="two")])
    for _ in range(2):
        with warehouse.writer() as writing:
            (stored,) = store_nights(writing, [night], NOW)
    with warehouse.live_reader() as reading:
        assert [evidence.text for evidence in read_evidence(reading, mention_id("paper", "p1"))] == [
            "one",
            "two",
        ]
    assert stored.new == 0


def test_gone_and_back_again_is_observed_without_a_new_revision(warehouse: Warehouse) -> None:
    nights = [
        make_night("run-1", [make_write()]),
        make_night("run-2", gone=["p1"]),
        make_night("run-3", [make_write()]),
    ]
    counts = []
    for night in nights:
        with warehouse.writer() as writing:
            (stored,) = store_nights(writing, [night], NOW)
        with warehouse.live_reader() as reading:
            (row,) = list_mentions(reading)
        counts.append((stored.new, stored.edited, stored.gone, row.is_gone, row.revision))
    assert counts == [(1, 0, 0, False, 1), (0, 0, 1, True, 1), (0, 0, 0, False, 1)]


def test_a_night_without_a_cursor_leaves_the_stored_one_alone(warehouse: Warehouse) -> None:
    for night in (make_night("run-1", cursor='{"a":1}'), make_night("run-2", cursor=None)):
        with warehouse.writer() as writing:
            store_nights(writing, [night], NOW)
    with warehouse.live_reader() as reading:
        found = read_start(reading, ["paper"])["paper"].cursor
    assert found is not None and found.json == '{"a":1}'


def test_an_incident_takes_the_automatic_path_with_one_event_each_and_a_number_without_gaps(
    warehouse: Warehouse,
) -> None:
    """I8: every transition has actor, time, reason, from, to and pack version."""
    writes = [make_write(f"p{n}", f"threat {n}", label=Label.INAPPROPRIATE, opens=True) for n in range(3)]
    with warehouse.writer() as writing:
        (stored,) = store_nights(writing, [make_night(writes=writes)], NOW)
    with pytest.raises(RuntimeError), warehouse.writer() as writing:
        store_nights(writing, [make_night("run-2", [make_write("p8", "threat 8", opens=True)])], NOW)
        raise RuntimeError("power cut")
    with warehouse.writer() as writing:
        (later,) = store_nights(
            writing, [make_night("run-3", [make_write("p9", "threat 9", opens=True)])], NOW
        )
    assert (*stored.incidents_opened, *later.incidents_opened) == (
        "2026-0001",
        "2026-0002",
        "2026-0003",
        "2026-0004",
    )
    with warehouse.live_reader() as reading:
        events = incident_events(reading, "2026-0001")
        assert {row.id for row in incident_rows(reading, [IncidentState.PRESERVED])} == {
            *stored.incidents_opened,
            *later.incidents_opened,
        }
    assert [(event.from_state, event.event, event.to_state) for event in events] == [
        (None, "open", IncidentState.OPENED),
        (IncidentState.OPENED, "preserve", IncidentState.PRESERVED),
    ]
    assert all(
        event.actor and event.reason and event.pack and event.role is Role.PIPELINE for event in events
    )


def test_the_same_post_elsewhere_and_an_edit_add_to_the_open_incident(warehouse: Warehouse) -> None:
    url = "https://example.org/one-post"
    first = make_night("run-1", [make_write(text="a threat", url=url, opens=True)])
    elsewhere = make_night(
        "run-1",
        [make_write("x1", "A threat!", source="alerts", url=f"{url}?utm_source=a", opens=True)],
        source="alerts",
    )
    edit = make_night("run-2", [make_write(text="a threat, toned down", url=url)])
    with warehouse.writer() as writing:
        stored = store_nights(writing, [first, elsewhere], NOW)
    with warehouse.writer() as writing:
        (edited,) = store_nights(writing, [edit], NOW)
    assert [night.incidents_opened for night in (*stored, edited)] == [("2026-0001",), (), ()]
    assert edited.incidents_touched == ("2026-0001",)
    with warehouse.live_reader() as reading:
        assert [event.event for event in incident_events(reading, "2026-0001")] == [
            "open",
            "preserve",
            "seen_elsewhere",
            "edited",
        ]
        assert {row.incident for row in list_mentions(reading)} == {"2026-0001"}


def test_words_not_seen_before_open_a_new_incident_when_the_old_one_is_closed(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        store_nights(writing, [make_night("run-1", [make_write(text="a threat", opens=True)])], NOW)
        writing.run("UPDATE incidents SET state = 'CLOSED'")
    same_elsewhere = make_write(
        "x", "a threat", source="alerts", url="https://example.org/paper/p1", opens=True
    )
    with warehouse.writer() as writing:
        (same,) = store_nights(writing, [make_night("run-2", [same_elsewhere], source="alerts")], NOW)
        (worse,) = store_nights(
            writing, [make_night("run-2", [make_write(text="a worse threat", opens=True)])], NOW
        )
    assert (same.incidents_opened, worse.incidents_opened) == ((), ("2026-0002",))
    with warehouse.live_reader() as reading:
        assert "2026-0001" in incident_events(reading, "2026-0002")[0].reason


@pytest.mark.parametrize("source", ["paper", "alerts"])
@pytest.mark.parametrize(
    ("state", "opened"),
    [
        ("AWAITING_DECISION", True),
        ("LETTER", True),
        ("RESOLVED", True),
        ("POLICE_HOLD", False),
        ("STOP_IMAGE", False),
    ],
)
def test_words_for_the_police_are_a_matter_of_their_own_beside_what_the_school_deals_with(
    warehouse: Warehouse, state: str, opened: bool, source: str
) -> None:
    """T01: edited into a threat, or found with one elsewhere, a post asks somebody today; what the police have, they have."""
    url = "https://example.org/one-post"
    insult = make_write(text="they are liars", url=url, opens=True)
    assert insult.incident is not None
    insult = replace(insult, incident=replace(insult.incident, route=Route.INTERNAL))
    with warehouse.writer() as writing:
        store_nights(writing, [make_night("run-1", [insult])], NOW)
        writing.run("UPDATE incidents SET state = ?", [state])
    worse = make_night(
        "run-2", [make_write(text="I will kill them", url=url, source=source, opens=True)], source=source
    )
    with warehouse.writer() as writing:
        (stored,) = store_nights(writing, [worse], NOW)
        (again,) = store_nights(writing, [worse], NOW)
    assert stored.incidents_opened == (("2026-0002",) if opened else ()) and again.incidents_opened == ()
    later = make_night(
        "run-3", [make_write(text="I will kill you all", url=url, source=source, opens=True)], source=source
    )
    with warehouse.writer() as writing:
        (third,) = store_nights(writing, [later], NOW)
    assert third.incidents_opened == (), "one such matter a post"
    with warehouse.live_reader() as reading:
        rows = {row.id: row for row in incident_rows(reading)}
        assert rows["2026-0001"].state.value == state, "the software moves nothing"
        if opened:
            assert rows["2026-0002"].route is Route.POLICE
            assert "2026-0001" in incident_events(reading, "2026-0002")[0].reason


def test_stop_rule_keeps_neither_words_nor_bytes_b13_t04(warehouse: Warehouse) -> None:
    """B13, T04, I7: the address and the words "possible illegal image", nothing else."""
    write = make_write(
        text="CANARYWORDS", title="CANARYTITLE", author="CANARYAUTHOR", stop=True, raw=b"CANARYRAW"
    )
    with warehouse.writer() as writing:
        (stored,) = store_nights(writing, [make_night(writes=[write])], NOW)
    warehouse.checkpoint()
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading)
        opened = incident(reading, stored.incidents_opened[0])
        assert reading.rows("SELECT count(*) FROM objects") == [(0,)]
        assert verify_evidence(reading).findings == ()
    assert (row.text, row.title, row.is_sealed, row.posted_at) == (STOP_TEXT, "", True, None)
    assert opened is not None and opened.state is IncidentState.STOP_IMAGE
    assert b"CANARY" not in warehouse.path.read_bytes()


def test_a_sealed_mention_stays_sealed_and_an_open_incident_stops(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        store_nights(writing, [make_night("run-1", [make_write(text="a threat", opens=True)])], NOW)
        store_nights(writing, [make_night("run-2", [make_write(text="an image", stop=True)])], NOW)
        store_nights(writing, [make_night("run-3", [make_write(text="harmless now")])], NOW)
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading)
        (opened,) = incident_rows(reading)
        (*_, evidence) = read_evidence(reading, row.id)
        stored = reading.rows("SELECT mention_id, revision, sealed, key_id FROM revisions ORDER BY revision")
        words = open_words(reading.keys, [(row[0], row[1], row[2], row[3]) for row in stored])
        assert [each.text for each in words if isinstance(each, Words)] == ["a threat", STOP_TEXT, STOP_TEXT]
    assert (row.text, opened.state, evidence.warc) == (STOP_TEXT, IncidentState.STOP_IMAGE, b"")


def test_an_out_of_scope_mention_is_refused_l02(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="L02"), warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=[make_write(scope=Scope.OUT)])], NOW)
    with warehouse.live_reader() as reading:
        assert list_mentions(reading) == ()


def test_hostile_text_is_stored_as_text(warehouse: Warehouse) -> None:
    text = "'); DROP TABLE mentions; -- \x00 \ud83d\ude00 ŵŷ"
    with warehouse.writer() as writing:
        store_nights(
            writing,
            [make_night(writes=[make_write(text=text.encode("utf-16", "surrogatepass").decode("utf-16"))])],
            NOW,
        )
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading)
    assert row.text == "'); DROP TABLE mentions; -- \x00 😀 ŵŷ"


def test_an_unknown_time_of_posting_stays_unknown_l18(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=[make_write(posted_at=None)])], NOW)
    with warehouse.live_reader() as reading:
        (row,) = list_mentions(reading)
    assert (row.posted_at, row.posted_at_basis) == (None, PostedAtBasis.UNKNOWN)


PIECES = [
    make_night("run-1", [make_write("p1", "one"), make_write("p2", "threat", opens=True)], cursor='{"n":1}'),
    make_night("run-2", [make_write("p1", "two", at=NOW + timedelta(days=1))], gone=["p2"], cursor='{"n":2}'),
    make_night(
        "run-3",
        [make_write("p1", "one", at=NOW + timedelta(days=2)), make_write("p2", "threat", opens=True)],
        cursor='{"n":3}',
    ),
]


def test_a_gap_in_the_evidence_is_told_with_its_reason_l17(warehouse: Warehouse) -> None:
    write = make_write("p1")
    failed = replace(
        write,
        snapshot=Snapshot(
            NOW, CaptureMethod.NONE, write.mention.entry.url, fault=Fault(FaultKind.TIMEOUT, "20 s")
        ),
    )
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=[failed, make_write("p2")])], NOW)
    with warehouse.live_reader() as reading:
        assert read_gaps(reading, list_mentions(reading)) == {write.mention.id: FaultKind.TIMEOUT}
        assert read_gaps(reading, []) == {}
        assert verify_evidence(reading).findings == ()


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_interleaving_of_replays_ends_in_the_same_warehouse(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nights come in order; between them, any that were stored before may come again, any number of times."""
    replayed = Warehouse(tmp_path_factory.mktemp("replayed"))
    plain = Warehouse(tmp_path_factory.mktemp("plain"))
    for done, night in enumerate(PIECES, 1):
        with plain.writer() as writing:
            store_nights(writing, [night], NOW)
        with replayed.writer() as writing:
            store_nights(writing, [night], NOW)
        again = data.draw(st.lists(st.sampled_from(PIECES[:done]), max_size=3))
        for old in again:
            with replayed.writer() as writing:
                store_nights(writing, [old], NOW)
    one, other = dump(plain), dump(replayed)
    for salted in ("incident_events", "audit", "chain_heads"):
        # Salts are random, and hashes follow from them.
        assert len(one.pop(salted)) == len(other.pop(salted))
    assert one == other
