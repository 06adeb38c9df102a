"""A post whose incident has ended asks again when it changes, when it is back, and when a person reports it (ADR 0040).

The night's own stages over a source that shows what the test says; incidents move by the command.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.model import Classifier
from incidents.steps import Event
from mentionwatch.asked_again import BACK, EDITED, REPORTED_AGAIN
from mentionwatch.labels import AFTER_THE_END, Route
from tests.flows.ended import (
    CLOSED,
    CONCERN,
    FAIR,
    LIE,
    NO_CASE,
    RESOLVED,
    THREAT,
    TO_INTERNAL,
    UNNAMED,
    UNSURE,
    School,
    Steps,
    list_mentions_of,
)
from tests.flows.ended import classifier as classifier
from tests.flows.ended import school as school
from tests.incidents.homes import URL, make_desk
from tests.incidents.test_special_reports import GOVERNORS
from warehouse.after_the_end import FOUND_HARMLESS


@pytest.mark.parametrize("steps", [RESOLVED, CLOSED, NO_CASE], ids=["resolved", "closed", "no case"])
@pytest.mark.parametrize(
    "words", [CONCERN, UNNAMED, UNSURE, THREAT], ids=["concern", "unnamed", "unsure", "threat"]
)
def test_an_edit_that_asks_for_a_person_is_put_before_one_though_the_incident_has_ended(
    school: School, words: str, steps: Steps
) -> None:
    """T36: nobody looks at an ended incident; the school's name taken out does not take the post out of sight."""
    school.take(*steps)
    before = school.incidents()["2026-0001"]
    assert school.look(words).incidents_opened == ("2026-0002",)
    assert school.incidents()["2026-0001"].state == before.state, "the software moves no ended incident"
    new = school.desk.run("incident", "show", "2026-0002", "--json").row
    assert new["state"] == "PRESERVED"
    assert any("2026-0001" in event["reason"] for event in new["events"])
    assert "2026-0002" in school.asked()
    (row,) = list_mentions_of(school)
    assert row.incident == "2026-0002"
    assert school.desk.run("evidence", "verify").code == 0


@pytest.mark.parametrize("words", [CONCERN, UNSURE, FAIR], ids=["concern", "unsure", "fair"])
def test_an_edit_while_the_incident_is_open_is_told_there_and_opens_nothing(
    school: School, words: str
) -> None:
    school.take(*TO_INTERNAL)
    stored = school.look(words)
    assert (stored.incidents_opened, stored.incidents_touched) == ((), ("2026-0001",))


def test_an_edit_that_asks_for_nobody_is_told_in_the_ended_incident_and_opens_nothing(school: School) -> None:
    school.take(*CLOSED)
    stored = school.look(FAIR)
    assert (stored.incidents_opened, stored.incidents_touched) == ((), ("2026-0001",))


def test_the_kind_says_what_it_is_where_the_words_alone_would_open_none(school: School) -> None:
    school.take(*CLOSED)
    school.look(CONCERN)
    new = school.incidents()["2026-0002"]
    assert (new.kind, new.route) == (AFTER_THE_END, Route.COMPLAINT)
    assert new.reasons[0] == EDITED
    school.take(*NO_CASE, id_="2026-0002")
    school.look(UNNAMED)
    assert AFTER_THE_END not in school.incidents()["2026-0003"].kind


def test_in_the_first_nights_too_for_there_a_person_opened_the_incident(school: School) -> None:
    school.take(*CLOSED)
    assert school.look(THREAT, is_shadow=True).incidents_opened == ("2026-0002",)


@pytest.mark.parametrize("words", [LIE, CONCERN, FAIR], ids=["same", "concern", "fair"])
def test_a_post_that_was_gone_and_is_back_asks_again_once_its_incident_has_ended(
    school: School, words: str
) -> None:
    """T36: it was taken down, and is there again; in whichever words."""
    school.take(*TO_INTERNAL)
    school.look(gone=True)
    school.take(("settle", "head"))
    assert school.look(words).incidents_opened == ("2026-0002",)
    new = school.incidents()["2026-0002"]
    assert BACK in new.reasons or words == LIE
    assert school.look(words).incidents_opened == ()
    assert "2026-0002" in school.asked()
    events = school.desk.run("incident", "show", "2026-0001", "--json").row["events"]
    assert words != LIE or events[-1]["event"] == "seen_again"
    assert school.desk.run("evidence", "verify").code == 0


def test_back_in_words_it_had_before_it_asks_too(school: School) -> None:
    school.take(*TO_INTERNAL)
    school.look(FAIR)
    school.look(gone=True)
    school.take(("settle", "head"))
    assert school.look(LIE).incidents_opened == ("2026-0002",)


def test_what_was_found_harmless_may_come_and_go(school: School) -> None:
    school.take(*NO_CASE)
    for _ in range(2):
        school.look(gone=True)
        stored = school.look(LIE)
        assert (stored.incidents_opened, stored.incidents_touched) == ((), ("2026-0001",))
    assert set(FOUND_HARMLESS) <= {event.value for event in Event}


def test_while_its_incident_is_open_a_post_that_is_back_is_told_there(school: School) -> None:
    school.take(*TO_INTERNAL)
    school.look(gone=True)
    stored = school.look(LIE)
    assert (stored.incidents_opened, stored.incidents_touched) == ((), ("2026-0001",))


def test_merged_into_one_that_is_open_it_asks_nothing_and_once_that_has_ended_it_does(school: School) -> None:
    (other,) = school.look(THREAT, "p2").incidents_opened
    school.merge("2026-0001", other)
    assert school.look(CONCERN).incidents_opened == ()
    school.take(("no_case", "head"), id_=other)
    assert school.look(f"{CONCERN}. Still nobody").incidents_opened == ("2026-0003",)


@pytest.mark.parametrize("steps", [RESOLVED, CLOSED, NO_CASE], ids=["resolved", "closed", "no case"])
def test_a_report_of_a_post_whose_incident_has_ended_is_put_before_a_person(
    tmp_path: Path, steps: Steps
) -> None:
    """T36, L16: whoever reports it says that something is left of it, in the same words or in none."""
    school = School(make_desk(tmp_path / "home"))
    assert school.desk.report(LIE).row["incident"] == "2026-0001"
    assert school.desk.report(LIE).row["incident"] == "2026-0001", "open: it is told already"
    school.take(*steps)
    for text in (LIE, ""):
        assert school.desk.report(text).row["incident"] == "2026-0002"
    new = school.incidents()["2026-0002"]
    assert new.kind != AFTER_THE_END and new.reasons[0] == REPORTED_AGAIN
    assert "2026-0002" in school.asked()
    assert school.desk.run("evidence", "verify").code == 0


@pytest.mark.parametrize("is_of_source", [True, False], ids=["found by a source", "reported before"])
def test_a_report_in_other_words_says_that_it_was_reported_not_that_a_source_showed_or_changed_it(
    tmp_path: Path, classifier: Classifier, is_of_source: bool
) -> None:
    """T36: the first reason is what the head reads, and no author has edited anything."""
    school = School(make_desk(tmp_path / "home"), classifier)
    if is_of_source:
        assert school.look(LIE).incidents_opened == ("2026-0001",)
    else:
        school.desk.report(LIE, "https://board.example/p1")
    school.nights = 0
    assert school.desk.report(f"{LIE}, they say", "https://board.example/p1").row["incident"] == "2026-0001"
    last = school.desk.run("incident", "show", "2026-0001", "--json").row["events"][-1]
    assert last["event"] == "reported_again"
    school.take(*CLOSED)
    assert school.desk.report(THREAT, "https://board.example/p1").row["incident"] == "2026-0002"
    assert school.incidents()["2026-0002"].reasons[0] == REPORTED_AGAIN


def test_a_report_of_fair_words_is_asked_about_again_where_a_person_opened_an_incident_of_them(
    tmp_path: Path,
) -> None:
    school = School(make_desk(tmp_path / "home"))
    why = ("--as", "head", "--reason", "the picture beside it shows a pupil")
    school.desk.run("incident", "open", school.desk.report(FAIR).row["mention"], *why)
    school.take(*NO_CASE)
    assert school.desk.report(FAIR).row["incident"] == "2026-0002"
    assert school.incidents()["2026-0002"].kind == AFTER_THE_END


def test_a_report_of_a_kind_of_its_own_asks_again_too(tmp_path: Path) -> None:
    school = School(make_desk(tmp_path / "home", "cansfield", GOVERNORS))
    for id_ in ("2026-0001", "2026-0002"):
        said = school.desk.report(LIE, URL, "unknown", "--kind", "logo")
        assert said.code == 0 and said.row["incident"] == id_, said
        school.take(*NO_CASE, id_=id_)
