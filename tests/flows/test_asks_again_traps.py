"""Traps around what a post asks again: who had said which words when, what is sealed, who is out of it (ADR 0040)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from classifiers.model import Classifier
from flows.home import Home, read_school
from flows.rechecking import _find_due
from flows.reporting import HumanReport, Reported, take_report
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Role
from mentionwatch.stop_rule import STOP_CLAUSE
from tests.flows.ended import (
    CLOSED,
    CONCERN,
    FAIR,
    LIE,
    NIGHT,
    NO_CASE,
    RESOLVED,
    STOPPED,
    THREAT,
    TO_INTERNAL,
    UNNAMED,
    School,
    may_be_seen,
    tell_of_image,
)
from tests.flows.ended import classifier as classifier
from tests.flows.ended import school as school
from tests.incidents.homes import make_desk
from warehouse.connection import Warehouse

ADDRESS = "https://board.example/p1"
OF_HEAD = f"The headteacher of {LIE}"


def report(school: School, text: str) -> Reported:
    """At the clock of the nights."""
    home = Home(school.desk.folder)
    mine, pack = read_school(home)
    assert school.classifier is not None
    at = NIGHT + timedelta(days=school.nights, hours=1)
    return take_report(home, mine, pack, school.classifier, HumanReport(ADDRESS, None, text), at)


def decider_of(school: School, id_: str) -> Role:
    return school.incidents()[id_].decider


@pytest.fixture
def quiet(tmp_path: Path, classifier: Classifier) -> School:
    """A school where nothing was seen yet."""
    return School(make_desk(tmp_path / "home"), classifier)


@pytest.mark.parametrize("who", ["report", "gone", "shown"])
def test_found_harmless_are_the_words_of_that_incident_alone(school: School, who: str) -> None:
    """T08: not what a parent reported before it, nor what another source had shown."""
    if who == "report":
        assert report(school, LIE).incident == "2026-0001"
    else:
        school.look(LIE, source="other")
    school.take(*CLOSED)
    if who == "gone":
        school.look(source="other", gone=True)
    assert school.look(CONCERN).incidents_opened == ("2026-0002",)
    school.take(*NO_CASE, id_="2026-0002")
    assert school.look(LIE).incidents_opened == ("2026-0003",)


@pytest.mark.parametrize("how", ["edited", "back", "elsewhere"])
def test_what_was_found_harmless_before_an_image_was_known_clears_no_sealed_post_t04(
    school: School, how: str
) -> None:
    """B13: the words were nothing; the picture was not seen."""
    school.take(*NO_CASE)
    (stopped,) = school.look(STOPPED).incidents_opened
    nights, school.nights = school.nights, 0
    school.give_to_police(stopped)
    school.nights = nights
    if how != "edited":
        school.look(gone=True)
    assert len(school.look(LIE, source="other" if how == "elsewhere" else "board").incidents_opened) == 1


def test_words_nobody_had_decided_on_are_new_though_they_are_stored(quiet: School) -> None:
    """T02: softened before anybody decided, or shown in the first nights: no person had put those words on any route."""
    (first,) = quiet.look(THREAT).incidents_opened
    quiet.look(FAIR)
    decider = decider_of(quiet, first).value
    quiet.take(("hand_over", "operator"), ("internal", decider))
    assert len(quiet.look(THREAT).incidents_opened) == 1


def test_a_threat_of_the_first_nights_is_new_to_an_incident_opened_later(quiet: School) -> None:
    quiet.look(THREAT, is_shadow=True)
    assert len(quiet.look(OF_HEAD).incidents_opened) == 1
    (first,) = quiet.incidents()
    quiet.take(("hand_over", "operator"), ("internal", decider_of(quiet, first).value))
    assert len(quiet.look(THREAT).incidents_opened) == 1


def test_words_a_mention_in_no_incident_shows_are_no_reason_to_pass_over_another_source(
    school: School,
) -> None:
    """Seen in the first nights, and in no incident: nobody was asked about them there."""
    school.take(*RESOLVED)
    assert school.look(THREAT, source="other", is_shadow=True).incidents_opened == ()
    assert school.look(THREAT, source="third").incidents_opened == ("2026-0002",)


def test_a_counter_in_what_people_decided_on_asks_nobody_each_night(school: School) -> None:
    """The same harms in words that differ by a number; a threat asks at any change."""
    school.take(*TO_INTERNAL)
    for number in range(3):
        assert school.look(f"{LIE} ({number} comments)").incidents_opened == ()
    assert school.look(THREAT).incidents_opened == ("2026-0002",)


def test_what_the_police_asked_to_leave_alone_is_not_fetched_for_an_earlier_incident(quiet: School) -> None:
    """L25: the post is with them, whatever another incident of it waits for."""
    (first,) = quiet.look(OF_HEAD).incidents_opened
    quiet.take(("hand_over", "operator"), ("internal", decider_of(quiet, first).value))
    (second,) = quiet.look(f"{THREAT} tonight").incidents_opened
    decider = decider_of(quiet, second).value
    quiet.take(("hand_over", "operator"), ("police", decider), ("police_wait", decider), id_=second)
    with Warehouse(quiet.desk.folder).live_reader() as reading:
        assert _find_due(reading, NIGHT + timedelta(days=30)) == []


def test_once_the_later_incident_is_over_the_earlier_one_is_looked_at_again(quiet: School) -> None:
    """L42: somebody still waits for the removal."""
    (first,) = quiet.look(OF_HEAD).incidents_opened
    quiet.take(("hand_over", "operator"), ("internal", decider_of(quiet, first).value))
    (second,) = quiet.look(THREAT).incidents_opened
    quiet.take(("hand_over", "operator"), ("no_case", decider_of(quiet, second).value), id_=second)
    with Warehouse(quiet.desk.folder).live_reader() as reading:
        assert [due.incident for due in _find_due(reading, NIGHT + timedelta(days=30))] == [first]


@pytest.mark.parametrize("how", ["night", "report", "step", "later incident"])
def test_no_exhibit_of_what_is_stopped_stays_in_the_folder_b13(school: School, how: str) -> None:
    """B13: whoever stops it, and whichever incident of the post it was made for."""
    later: Sequence[str] = ()
    if how == "later incident":
        school.take(*CLOSED)
    else:
        school.take(*TO_INTERNAL)
    said = school.desk.run(
        "evidence", "export", "2026-0001", "--as", "head", "--purpose", "court", *school.at()
    )
    assert said.code == 0, said
    if how == "later incident":
        later = school.look(CONCERN).incidents_opened
    assert len(list((school.desk.folder / "exhibits").glob("*.zip"))) == 1
    if how == "night":
        school.look(STOPPED)
    elif how == "report":
        school.nights = 0
        tell_of_image(school, ADDRESS)
    else:
        school.take(("stop_image", "operator"), id_=later[0] if later else "2026-0001")
    assert list((school.desk.folder / "exhibits").glob("*.zip*")) == []


def test_a_step_that_stops_a_post_freezes_what_another_source_stored_of_it_t04(school: School) -> None:
    """T04: by a person as by the night: the address is one post, in whichever incident a mention of it is."""
    school.take(*CLOSED)
    school.look(LIE, source="other")
    (opened,) = school.look(CONCERN).incidents_opened
    school.take(("stop_image", "operator"), id_=opened)
    assert {(row.incident, row.is_sealed) for row in school.mentions()} == {
        ("2026-0001", True),
        (opened, True),
    }
    assert school.desk.run("evidence", "verify").code == 0


@pytest.mark.parametrize("words", [THREAT, CONCERN, UNNAMED], ids=["threat", "concern", "unnamed"])
def test_no_clause_says_what_the_words_of_a_sealed_post_are_t04(school: School, words: str) -> None:
    """T04: not the row, not a step, not the audit log."""
    nights, school.nights = school.nights, 0
    tell_of_image(school, ADDRESS)
    school.give_to_police("2026-0001")
    school.nights = nights
    (opened,) = school.look(words).incidents_opened
    assert school.incidents()[opened].clause == STOP_CLAUSE
    with Warehouse(school.desk.folder).live_reader() as reading:
        said = reading.rows("SELECT reason FROM audit WHERE object_id = ? AND verb = 'opened'", [opened])
        steps = reading.rows("SELECT reason FROM incident_events WHERE incident_id = ?", [opened])
    assert said == [(STOP_CLAUSE,)] and not any("Protocol, Step" in reason for (reason,) in steps)


def test_l31_whom_any_mention_of_the_incident_spoke_of_is_out_of_what_follows(school: School) -> None:
    """L31: another source's words joined the incident; their subject neither decides nor sees what a report opens later."""
    school.look(OF_HEAD, source="other")
    assert not may_be_seen(school, DeskRole.HEAD, "2026-0001")
    school.nights = 0
    tell_of_image(school, ADDRESS)
    school.give_to_police("2026-0001")
    again = school.desk.report("", ADDRESS).row["incident"]
    assert decider_of(school, again) is not Role.HEAD and not may_be_seen(school, DeskRole.HEAD, again)


def test_l31_who_stepped_back_from_a_concern_does_not_decide_the_incident_it_becomes(quiet: School) -> None:
    quiet.look(CONCERN)
    (mention,) = [row.id for row in quiet.mentions()]
    said = quiet.desk.run(
        "incident", "move", mention, "recuse", "--as", "head", "--reason", "they mean me", *quiet.at()
    )
    assert said.code == 0, said
    (opened,) = quiet.look(LIE).incidents_opened
    assert decider_of(quiet, opened) is not Role.HEAD
    quiet.take(("hand_over", "operator"), id_=opened)
    why = ("--reason", "nothing in it at all", *quiet.at())
    assert quiet.desk.run("incident", "move", opened, "no_case", "--as", "head", *why).code == 5
    assert not may_be_seen(quiet, DeskRole.HEAD, opened)


def test_l31_two_versions_of_a_post_in_one_night_are_both_asked_whom_they_are_about(school: School) -> None:
    school.take(*CLOSED)
    (opened,) = school.look_at_all(f"The headteacher of {FAIR}", CONCERN).incidents_opened
    assert decider_of(school, opened) is not Role.HEAD
    assert not may_be_seen(school, DeskRole.HEAD, opened)
