"""Who reported, beside the database: looks are logged, erasing forgets, an old home is sealed on opening."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Role
from tests.warehouse.factory import NOW, make_night, make_write
from tests.warehouse.reporter_reports import CANARY, P1, P2, P3, found_in, make_report
from warehouse.access import export_person
from warehouse.chain import AUDIT, check_chain, read_heads
from warehouse.connection import Warehouse
from warehouse.erase import erase, finish_compaction
from warehouse.files import attach, open_in_memory
from warehouse.keyring import Keyring
from warehouse.migrate import MIGRATIONS, migrate
from warehouse.publish import publish
from warehouse.reporter_looks import Look, open_reporter
from warehouse.reporters import ReporterStore, seal_old_reporters
from warehouse.retention import purge
from warehouse.sealed_lines import SealedReport
from warehouse.session import Writing
from warehouse.store import store_nights

# --- with the database ------------------------------------------------------------------------------


def fill(warehouse: Warehouse) -> ReporterStore:
    store = ReporterStore(warehouse.folder)
    with warehouse.writer() as writing:
        writes = [make_write("p1", f"I, Jane Roe, was seen by {CANARY}", author="janeroe"), make_write("p2")]
        store_nights(writing, [make_night(writes=writes)], NOW)
        store.store(make_report(P1))
        store.store(make_report(P2, "Rhosyn Wombat"))
    return store


def look(role: Role = Role.DSL, purpose: str = "to thank the person who told us", id_: str = P1) -> Look:
    return Look(id_, "a person", role, purpose, NOW, "llanbedrog 2021")


@pytest.mark.parametrize("role", [Role.DSL, Role.CHAIR])
def test_each_look_is_logged_with_role_and_purpose_and_without_the_name(
    warehouse: Warehouse, role: Role
) -> None:
    """L19, D16; the name is not in the log either (L20)."""
    store = fill(warehouse)
    purpose = f"zanzibar quuxley  may be at risk: is it {CANARY.upper()}?"
    for words in (purpose, "is it Quuxley, Z\u0430nzib\u0430r again?", "to thank the person"):
        with warehouse.writer() as writing:
            before = read_heads(writing)[AUDIT][0]
            (report,) = open_reporter(writing, store, look(role, words))
            assert read_heads(writing)[AUDIT][0] == before + 1
        assert (report.reporter, report.seen_at) == (CANARY, NOW - timedelta(hours=3))
    with warehouse.live_reader() as reading:
        logged = reading.rows(
            "SELECT actor, role, verb, object_id, reason, pack FROM audit WHERE verb = 'opened_reporter' ORDER BY seq"
        )
        assert check_chain(reading, AUDIT) == []
    assert [row[4] for row in logged] == [
        "[reporter] may be at risk: is it [reporter]?",
        "(left out: it named the reporter)",
        "to thank the person",
    ]
    assert {(*row[:4], row[5]) for row in logged} == {
        ("a person", role.value, "opened_reporter", P1, "llanbedrog 2021")
    }


def test_a_look_at_a_post_nobody_was_named_for_is_logged_too(warehouse: Warehouse) -> None:
    store = fill(warehouse)
    store.forget([P2])
    with warehouse.writer() as writing:
        before = read_heads(writing)[AUDIT][0]
        assert open_reporter(writing, store, look(id_=P2)) == ()
        assert read_heads(writing)[AUDIT][0] == before + 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        *(
            (look(role), f"the {role.value} does not see .*promised anonymity")
            for role in Role
            if role not in (Role.DSL, Role.CHAIR)
        ),
        (look(purpose="  need it  "), "purpose in at least 10 characters .*promised anonymity"),
        (look(purpose=" \n" * 20), "purpose in at least 10 characters"),
        (look(id_=CANARY), "no mention of that id"),
    ],
)
def test_nobody_else_and_nobody_without_a_purpose_sees_a_reporter(
    warehouse: Warehouse, asked: Look, said: str
) -> None:
    """L19: the smallest set of roles; a refusal tells nothing."""
    store = fill(warehouse)
    with pytest.raises(Refused, match=said) as refused, warehouse.writer() as writing:
        open_reporter(writing, store, asked)
    assert CANARY not in str(refused.value) and "\n" not in str(refused.value)


def test_no_file_of_the_home_holds_the_name_while_it_is_kept_and_nothing_does_when_it_is_erased(
    warehouse: Warehouse,
) -> None:
    """L20, I6: database, write-ahead log, copy, key and sealed file; erasing forgets the reporter."""
    store = ReporterStore(warehouse.folder)
    with warehouse.writer() as writing:
        store.store(make_report(P1))
        store_nights(writing, [make_night(writes=[make_write("p1"), make_write("p2")])], NOW)
        store.store(make_report(P2, "Rhosyn Wombat"))
        store.store(make_report("of a report that was never stored"))
        open_reporter(writing, store, look())
    publish(warehouse)
    assert found_in(warehouse.folder, "Zanzibar", "Quuxley", "Wombat") == []
    old_key = store.key_path.read_bytes()
    erase(warehouse, [P1], "request 7", NOW, "office")
    assert store.names_by_mention() == {P2: ("Rhosyn Wombat",)}
    assert old_key not in [path.read_bytes() for path in warehouse.folder.rglob("*") if path.is_file()]


def test_purging_forgets_who_reported_also_after_a_kill_in_between(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(warehouse)
    later = NOW + timedelta(days=3000)
    with monkeypatch.context() as cut:
        cut.setattr(
            "warehouse.retention.finish_compaction", lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            purge(warehouse, later)
    assert store.names_by_mention().keys() == {P1, P2}
    purge(warehouse, later)
    assert store.names_by_mention() == {}


def test_subject_access_of_the_author_never_holds_the_reporter_not_even_in_disguise(
    warehouse: Warehouse,
) -> None:
    """L20, I6: access exports are rendered without the reporter, look-alikes and swapped words included."""
    store = ReporterStore(warehouse.folder)
    texts = (f"{CANARY} told on me", "Quuxley, Z\u0430nzib\u0430r told on me", "nobody told on me")
    writes = [make_write(f"p{number}", text, author="janeroe") for number, text in enumerate(texts, 1)]
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=writes)], NOW)
        for id_ in (P1, P2, P3):
            store.store(make_report(id_))
    found = export_person(warehouse, "janeroe", NOW, "office", "request 8")
    assert {record.text for record in found} == {
        "[third party] told on me",
        "[withheld: it names a third party]",
        "nobody told on me",
    }
    assert not any(word in repr(found) for word in ("Quuxley", "Zanzibar", "QuuxleyNet"))


def test_the_copy_is_not_made_while_the_names_to_keep_out_of_it_cannot_be_read(warehouse: Warehouse) -> None:
    """L20."""
    store = fill(warehouse)
    store.key_path.unlink()
    with pytest.raises(ConfigError, match=r"reporters\.key"):
        publish(warehouse)
    assert not warehouse.published_path.exists()


# --- a home of before -------------------------------------------------------------------------------


def make_old(warehouse: Warehouse) -> None:
    """A database as it was when names lay in it, with its last rows still in the write-ahead log."""
    connection = open_in_memory(warehouse.spill_path)
    attach(connection, warehouse.path, "warehouse", read_only=False)
    connection.execute("USE warehouse")
    migrate(connection, [migration for migration in MIGRATIONS if migration.number < 5])
    for id_, name in ((P1, CANARY), (P1, "Rhosyn Wombat"), (P2, CANARY)):
        connection.execute(
            "INSERT INTO reporters VALUES (?, ?, 'QuuxleyNet', ?)",
            [id_, name, NOW + timedelta(seconds=len(name))],
        )
    connection.close()


@pytest.mark.parametrize("opens", ["writer", "live_reader"])
def test_opening_an_old_home_seals_its_reporters_and_the_next_rewriting_takes_them_out_of_the_file(
    warehouse: Warehouse, opens: str
) -> None:
    """L19, L20."""
    make_old(warehouse)
    assert found_in(warehouse.folder, "Quuxley")
    with getattr(warehouse, opens)() as reading:
        assert reading.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'reporters'") == []
    store = ReporterStore(warehouse.folder)
    assert store.names_by_mention() == {P1: ("Rhosyn Wombat", CANARY), P2: (CANARY,)}
    (report,) = store.read(P2)
    assert (report.platform, report.reported_at, report.seen_at) == (
        "QuuxleyNet",
        NOW + timedelta(seconds=len(CANARY)),
        None,
    )
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=[make_write("p1"), make_write("p2")])], NOW)
    purge(warehouse, NOW)
    assert found_in(warehouse.folder, "Quuxley", "Zanzibar", "Wombat") == []
    assert store.names_by_mention().keys() == {P1, P2}
    assert finish_compaction(warehouse) is False


def test_a_kill_between_sealing_and_dropping_seals_nobody_twice_and_loses_nobody(
    warehouse: Warehouse,
) -> None:
    make_old(warehouse)
    store = ReporterStore(warehouse.folder)
    store.store(SealedReport(P1, CANARY, "QuuxleyNet", NOW))
    with warehouse.live_reader():
        pass
    assert sorted(report.reporter for report in store.read(P1)) == ["Rhosyn Wombat", CANARY]


def test_the_table_is_never_dropped_over_names_that_were_not_sealed(warehouse: Warehouse) -> None:
    make_old(warehouse)
    connection = open_in_memory(warehouse.spill_path)
    attach(connection, warehouse.path, "warehouse", read_only=False)
    connection.execute("USE warehouse")
    try:
        with pytest.raises(Exception, match="still holds names"):
            migrate(connection, keys=Keyring(warehouse.folder))
        assert connection.execute("SELECT count(*) FROM reporters").fetchall() == [(3,)]
        assert seal_old_reporters(Writing(connection), ReporterStore(warehouse.folder)) == 3
        migrate(connection, keys=Keyring(warehouse.folder))
        assert seal_old_reporters(Writing(connection), ReporterStore(warehouse.folder)) == 0
    finally:
        connection.close()
