"""What the signed log says of holds and seals counts, whatever somebody did to the rows (I11, B13, issue 5 point 3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flows.home import Home, read_school
from flows.integrity import watch_evidence
from tests.flows.reported import desk as desk
from tests.flows.reported import template as template
from tests.incidents.homes import Desk
from warehouse.connection import Warehouse
from warehouse.erase import held_mentions
from warehouse.logged import find_changed_holds

WHY = ("--reason", "purpose court; until 2020-01-01T00:00:00+00:00; a solicitor's letter")
HOLD = ("evidence", "hold", "2026-0001", "--as", "head", "--purpose", "court", *WHY)
RELEASE = ("evidence", "release", *HOLD[2:])


def change(desk: Desk, sql: str, *values: object) -> None:
    with Warehouse(desk.folder).writer() as writing:
        writing.run(sql, values)


def mention(desk: Desk) -> str:
    with Warehouse(desk.folder).live_reader() as reading:
        ((found,),) = reading.rows("SELECT id FROM mentions")
    return str(found)


def wrong(desk: Desk) -> list[tuple[str, str]]:
    """Kind and id of what `evidence verify` finds."""
    said = desk.run("evidence", "verify", "--json")
    found = [(each["object_kind"], each["object_id"]) for each in said.row["findings"]]
    assert said.code == (1 if found else 0), said.err
    return found


def test_i11_holds_that_are_as_they_were_placed_released_and_placed_again_are_no_finding(desk: Desk) -> None:
    for act in (HOLD, HOLD, RELEASE, HOLD):
        assert desk.run(*act).code == 0
        assert wrong(desk) == []


def test_i11_a_hold_that_was_taken_out_or_changed_by_hand_is_found_and_named(desk: Desk) -> None:
    assert desk.run(*HOLD).code == 0
    for sql in (
        "UPDATE holds SET until_at = TIMESTAMPTZ '2020-01-01 00:00:00Z'",
        "UPDATE holds SET held_at = held_at - INTERVAL 1 DAY",
        "UPDATE holds SET actor = 'somebody else'",
        "UPDATE holds SET reason = ''",
        "DELETE FROM holds",
    ):
        with Warehouse(desk.folder).writer() as writing:
            (was,) = writing.rows("SELECT * FROM holds")
            writing.run(sql)
            (found,) = find_changed_holds(writing)
            assert (found.object_kind, found.object_id) == ("hold", "2026-0001"), sql
            writing.run("DELETE FROM holds")
            writing.run("INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?)", was)
            assert find_changed_holds(writing) == []


def test_i11_a_hold_that_was_taken_out_is_found_by_the_command_and_the_nightly_check(desk: Desk) -> None:
    """The nightly check opens an incident of its own; and taking it out frees nothing."""
    assert desk.run(*HOLD).code == 0
    change(desk, "DELETE FROM holds")
    assert wrong(desk) == [("hold", "2026-0001")]
    home = Home(desk.folder)
    assert watch_evidence(home, *read_school(home), datetime(2026, 11, 22, 3, 50, tzinfo=UTC)).incident
    said = desk.run("erase", mention(desk), "--reason", "the author asked for it", "--json")
    assert "held" in said.out and mention(desk)


def test_i11_a_hold_that_nobody_placed_is_found(desk: Desk) -> None:
    assert desk.run(*HOLD).code == 0 and desk.run(*RELEASE).code == 0
    change(desk, "INSERT INTO holds VALUES ('mention', 'abc', 'because', 'me', now(), NULL)")
    assert wrong(desk) == [("hold", "abc")]


def test_i11_the_end_of_a_hold_that_lapses_is_in_the_log_too(desk: Desk) -> None:
    """A subject access request holds for as long as an answer may take, not longer, and not shorter by hand."""
    said = desk.run("access", "stab everyone", "--json")
    assert said.code == 0, said.err
    assert wrong(desk) == []
    change(desk, "UPDATE holds SET until_at = until_at - INTERVAL 60 DAY")
    assert wrong(desk) == [("hold", mention(desk))]
    id_ = mention(desk)
    with Warehouse(desk.folder).live_reader() as reading:
        assert [
            sorted(held_mentions(reading, datetime.now(UTC) + timedelta(days=days))) for days in (60, 100)
        ] == [[id_], []]


def test_b13_a_seal_taken_off_by_hand_is_found_and_shows_nothing(desk: Desk) -> None:
    """B13, T04: the state set back and the row unsealed; the log still says what it was."""
    id_ = mention(desk)
    assert desk.move("stop_image", "operator").code == 0
    assert wrong(desk) == []
    change(desk, "UPDATE mentions SET is_sealed = false")
    change(desk, "UPDATE incidents SET state = 'PRESERVED'")
    assert ("mention", id_) in wrong(desk)
    for which in (id_, "2026-0001"):
        for act in (
            ("view", "--as", "dsl", "--purpose", "safeguarding"),
            ("export", "--as", "head"),
            ("handover", "--as", "head", "--purpose", "police", "--to", "Dyfed-Powys Police, reference 12"),
            ("picture",),
        ):
            said = desk.run("evidence", act[0], which, *act[1:])
            assert said.code == 5 and "indecent or intimate image" in said.err, said
    said = desk.run("erase", id_, "--reason", "the author asked for it", "--json")
    assert mention(desk) == id_, "frozen against deletion as well"
