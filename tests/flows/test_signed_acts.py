"""What is done under a person's name: a reason that says something and names nobody, and a time that has come."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.home import Home
from flows.signing import AHEAD, refuse_future, says_why
from mentionwatch.errors import Refused
from mentionwatch.ids import mention_id
from mentionwatch.labels import Label, Verdict
from mentionwatch.model import LabelCounts, NightReport
from tests.incidents.homes import Desk, make_desk
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.ledger import finish_run, start_run
from warehouse.store import store_nights

ID = mention_id("paper", "p1")
WHY = "the report shows little noise"
REPORTER = "Gwenllian Prydderch"
FAR = "2099-01-01T09:00:00Z"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A home in its first nights, with a post that somebody reported and one from a source."""
    desk = make_desk(tmp_path_factory.mktemp("signed") / "home")
    said = desk.report(
        "The gate is a disgrace", "https://social.example/9", "unknown", "--reporter", REPORTER
    )
    assert said.code == 0, said.err
    with Warehouse(desk.folder).writer() as writing:
        write = make_write("p1", "The queue is a disgrace", label=Label.CONCERN)
        store_nights(writing, [make_night(writes=[write])], NOW)
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


def rows(desk: Desk, sql: str) -> list[tuple[object, ...]]:
    with Warehouse(desk.folder).live_reader() as reading:
        return reading.rows(sql)


# --- the end of the first nights ------------------------------------------------------------------


@pytest.mark.parametrize("name", [REPORTER, "g w e n l l i a n Prydderch", "GWENLLIAN  PRYDDERCH"])
def test_no_reporter_is_named_in_the_reason_for_ending_the_first_nights(desk: Desk, name: str) -> None:
    said = desk.run("shadow", "end", "--as", "head", "--reason", f"{name} is happy with the model")
    assert said.code == 5 and said.out == "" and said.err.count("\n") == 1
    assert "rydderch" not in said.err
    assert rows(desk, "SELECT 1 FROM audit WHERE object_kind = 'shadow'") == []


def test_the_persons_words_stand_beside_the_audit_log_and_are_shown(desk: Desk) -> None:
    said = desk.run("shadow", "end", "--as", "head", "--reason", f"\u202e{WHY}")
    assert said.code == 0
    logged = rows(desk, "SELECT * FROM audit")
    assert WHY not in repr(logged) and "night 1 of 14" in repr(logged)
    assert rows(desk, "SELECT s.reason, a.object_kind FROM shadow_reasons AS s JOIN audit AS a ON a.seq = audit_seq") == [
        (WHY, "shadow")
    ]  # fmt: skip
    assert f"Why: {WHY}" in desk.run("shadow").out
    assert desk.run("shadow", "--json").row["reason"] == WHY
    assert desk.run("publish").code == 0
    assert WHY.encode() not in (desk.folder / "analysis.duckdb").read_bytes()


def test_a_role_nobody_has_is_one_plain_line_before_anything_is_opened(desk: Desk, tmp_path: Path) -> None:
    said = desk.run("shadow", "end", "--as", "king", "--reason", WHY)
    assert said.code == 2 and said.err.count("\n") == 1
    assert "--as: 'king' is no role" in said.err and "incident" not in said.err
    nowhere = Desk(tmp_path / "nowhere").run("shadow", "end", "--as", "king", "--reason", WHY)
    assert nowhere.err == said.err


# --- reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["aaaaaaaa", "!!!!!!!!", "a a a a a a", "abababab abab", "because", "12 34 56", "a" * 500])  # fmt: skip
def test_a_key_held_down_is_no_reason(desk: Desk, reason: str) -> None:
    for command in (("correct", ID, "--label", "neutral"), ("shadow", "end")):
        said = desk.run(*command, "--as", "head", "--reason", reason)
        assert said.code == 5 and said.err.count("\n") == 1 and "reason" in said.err
    assert rows(desk, "SELECT 1 FROM decisions") == []


@given(st.text(max_size=30))
def test_a_reason_has_two_words_and_three_letters_whatever_else_is_in_it(text: str) -> None:
    assert (
        says_why(f"{text} a play {text}")
        and says_why(f"Mae'n ddrama {text}")
        and says_why(f"это игра {text}")
    )
    assert not says_why(text.replace(" ", "")[:1] * 20)
    if says_why(text):
        assert len(text.split()) >= 2 and len({sign for sign in text.casefold() if sign.isalpha()}) >= 3


# --- times ----------------------------------------------------------------------------------------


def test_a_time_that_is_far_ahead_is_refused_and_locks_nothing(desk: Desk) -> None:
    for command in (("correct", ID, "--label", "neutral"), ("shadow", "end")):
        said = desk.run(*command, "--as", "head", "--reason", WHY, "--now", FAR)
        assert said.code == 5 and said.err.count("\n") == 1 and "--now" in said.err
        assert desk.run(*command, "--as", "head", "--reason", WHY).code == 0


@given(st.timedeltas(timedelta(0), timedelta(days=30_000)))
def test_a_day_ahead_of_the_machine_is_the_most(ahead: timedelta) -> None:
    home = Home(Path("nowhere"))
    refuse_future(home, NOW - ahead, NOW)
    refuse_future(home, NOW + min(ahead, AHEAD), NOW)
    with pytest.raises(Refused, match="in advance"):
        refuse_future(home, NOW + AHEAD + timedelta(seconds=1) + ahead, NOW)


def test_a_home_that_is_told_its_time_may_sign_after_its_nights(desk: Desk) -> None:
    """Nights simulated ahead of the machine's clock are followed by what people do in them."""
    night = datetime(2027, 3, 1, 2, 30, tzinfo=UTC)
    morning = night + timedelta(hours=6)
    with pytest.raises(Refused):
        refuse_future(Home(desk.folder), morning, NOW)
    with Warehouse(desk.folder).writer() as writing:
        start_run(writing, "far", night)
        finish_run(writing, NightReport("far", night, night, Verdict.CLEAR, (), LabelCounts(), (), ""))
    refuse_future(Home(desk.folder), morning, NOW)
    with pytest.raises(Refused):
        refuse_future(Home(desk.folder), morning + timedelta(days=1), NOW)
