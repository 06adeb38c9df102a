"""What is stopped, held, kept, and shown to whom, of a post whose incident has ended (ADR 0040; B13, T04, I11, L31)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from classifiers.model import Classifier
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import IncidentState
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
    School,
    Steps,
    list_mentions_of,
    may_be_seen,
    tell_of_image,
)
from tests.flows.ended import classifier as classifier
from tests.flows.ended import school as school
from tests.incidents.homes import make_desk
from tests.incidents.test_special_reports import GOVERNORS
from warehouse.connection import Warehouse
from warehouse.erase import held_mentions
from warehouse.retention import ends_of
from warehouse.shapes import STOP_TEXT


@pytest.mark.parametrize("before", [LIE, FAIR], ids=["incident", "none"])
@pytest.mark.parametrize("has_ended", [False, True])
def test_an_image_said_to_be_indecent_stops_whatever_the_post_was_known_for_b13_t04(
    tmp_path: Path, before: str, has_ended: bool
) -> None:
    """B13, T04: that its words are known answers nothing. A child comes before what was decided about the words."""
    school = School(make_desk(tmp_path / "home"))
    known = school.desk.report(before).row["incident"]
    if has_ended and known:
        school.take(*CLOSED)
    told = tell_of_image(school)
    rows = school.incidents()
    assert told.incident is not None and rows[told.incident].state is IncidentState.STOP_IMAGE
    assert (told.incident == known) is (known is not None and not has_ended)
    (row,) = list_mentions_of(school)
    assert (row.is_sealed, row.text, row.incident) == (True, STOP_TEXT, told.incident)
    assert told.incident in school.asked()
    assert tell_of_image(school).incident == told.incident, "it is stopped already"
    assert len(school.incidents()) == len(rows)
    assert school.desk.run("evidence", "verify").code == 0


def test_an_image_told_of_again_after_the_police_had_it_is_a_stop_again(tmp_path: Path) -> None:
    school = School(make_desk(tmp_path / "home"))
    first = tell_of_image(school).incident
    assert first is not None
    school.give_to_police(first)
    again = tell_of_image(school).incident
    assert again not in (None, first)
    assert school.incidents()[str(again)].state is IncidentState.STOP_IMAGE
    assert school.desk.report(LIE).row["incident"] == again, "whatever is said of it, nobody reads it"
    assert school.desk.run("evidence", "verify").code == 0


def test_what_a_source_stored_of_the_same_post_is_sealed_with_it_t04(school: School) -> None:
    """T04: frozen, whatever way it came; and so is what stands in the same incident."""
    (held,) = list_mentions_of(school)
    school.nights = 0
    told = tell_of_image(school, held.url)
    assert told.incident == "2026-0001"
    rows = {row.id: row.is_sealed for row in list_mentions_of(school)}
    assert rows == {held.id: True, told.mention: True}
    with Warehouse(school.desk.folder).live_reader() as reading:
        sealed = reading.rows("SELECT object_id FROM audit WHERE verb = 'sealed' ORDER BY object_id")
    assert sealed == [(id_,) for id_ in sorted(rows)]
    assert school.desk.run("evidence", "verify").code == 0


@pytest.mark.parametrize("kind", [(), ("--kind", "logo")], ids=["plain", "logo"])
@pytest.mark.parametrize("has_ended", [False, True])
def test_a_report_of_what_a_source_has_brought_too_is_told_in_the_incident_that_is_open_and_is_not_lost(
    tmp_path: Path, classifier: Classifier, kind: tuple[str, ...], has_ended: bool
) -> None:
    """L16: an open incident on the same address is no reason to refuse whoever reports it."""
    school = School(make_desk(tmp_path / "home", "cansfield", GOVERNORS), classifier)
    address = "https://board.example/p1"
    if has_ended:
        assert school.desk.report(LIE, address).row["incident"] == "2026-0001"
        school.take(*NO_CASE)
    (opened,) = school.look(THREAT).incidents_opened
    said = school.desk.report(LIE if has_ended else FAIR, address, "unknown", *kind)
    assert said.code == 0, said
    assert kind == () or said.row["incident"] == opened
    assert said.row["incident"] in ((opened,) if has_ended else (opened, None))
    assert len(school.incidents()) == 1 + has_ended
    assert opened in school.asked()


def test_a_hold_on_the_ended_incident_holds_the_post_that_went_with_the_new_one(school: School) -> None:
    """I11: what a solicitor asked to keep is not erased because its author changed it."""
    school.take(*CLOSED)
    why = ("--as", "head", "--purpose", "court", "--reason", "the solicitor asks for it")
    said = school.desk.run("evidence", "hold", "2026-0001", *why, *school.at())
    assert said.code == 0, said.err
    (row,) = list_mentions_of(school)
    assert school.look(CONCERN).incidents_opened == ("2026-0002",)
    with Warehouse(school.desk.folder).live_reader() as reading:
        assert row.id in held_mentions(reading, NIGHT + timedelta(days=9))
    assert school.desk.run("erase", row.id, "--reason", "asked", "--json").code == 5
    assert len(list_mentions_of(school)) == 1


@pytest.mark.parametrize(
    "last", [RESOLVED[-1:], (("support_closed", "operator"), ("close", "head"))], ids=["open", "closed"]
)
def test_a_post_is_kept_as_long_as_any_of_its_incidents_says(school: School, last: Steps) -> None:
    """Law row 30: a second incident that ends sooner, or in nothing, shortens no time; an open one lets nothing go."""
    school.take(*RESOLVED)
    if len(last) > 1:
        school.take(*last)
    school.look(CONCERN)
    school.take(*NO_CASE, id_="2026-0002")
    with Warehouse(school.desk.folder).live_reader() as reading:
        assert [end.retention_class for end in ends_of(reading)] == (["resolved"] if len(last) > 1 else [])


def test_what_was_merged_into_an_erased_incident_costs_no_night(school: School) -> None:
    """A step whose words were erased has no details: it stops neither the sweep nor a report."""
    (second,) = school.look(THREAT, "p2").incidents_opened
    (third,) = school.look(f"{THREAT} and more", "p3").incidents_opened
    for one, into in (("2026-0001", second), (second, third)):
        school.merge(one, into)
    gone = next(row.id for row in list_mentions_of(school) if row.incident == second)
    assert school.desk.run("erase", gone, "--reason", "asked").code == 0
    assert school.look(CONCERN).incidents_opened == ("2026-0004",), "where nobody knows, a person is asked"


@pytest.mark.parametrize("last", [1, len(CLOSED) - len(TO_INTERNAL)], ids=["resolved", "closed"])
def test_changed_as_asked_and_changed_back_once_it_is_settled_asks_again(school: School, last: int) -> None:
    """T36: the words that were dealt with are there again."""
    school.take(*TO_INTERNAL)
    school.look(FAIR)
    school.take(*CLOSED[len(TO_INTERNAL) :][:last])
    assert school.look(LIE).incidents_opened == ("2026-0002",)


def test_what_was_found_harmless_may_be_changed_and_changed_back(school: School) -> None:
    school.take(*NO_CASE)
    for words in (FAIR, LIE, FAIR, LIE):
        assert school.look(words).incidents_opened == ()


def test_merged_into_one_that_is_open_an_edit_of_the_same_kind_is_told_there(school: School) -> None:
    (other,) = school.look(THREAT, "p2").incidents_opened
    school.merge("2026-0001", other)
    assert school.look(f"{LIE} indeed").incidents_opened == ()


def test_a_mention_in_no_incident_opens_none_by_being_back(school: School) -> None:
    """Its address had an incident that ended, of another mention; itself it asks nobody."""
    school.take(*RESOLVED)
    school.look(FAIR, source="other")
    school.look(source="other", gone=True)
    assert school.look(FAIR, source="other").incidents_opened == ()


@pytest.mark.parametrize("has_ended", [False, True])
def test_what_another_source_brings_of_a_post_that_is_stopped_is_sealed_as_it_comes_t04(
    school: School, has_ended: bool
) -> None:
    """B13, T04: whoever brings it, and however much later."""
    (held,) = list_mentions_of(school)
    school.nights = 0
    stopped = str(tell_of_image(school, held.url).incident)
    if has_ended:
        school.give_to_police(stopped)
    school.nights = 5
    school.look(LIE, source="other")
    assert [(row.is_sealed, row.text) for row in list_mentions_of(school)] == [(True, STOP_TEXT)] * 3
    assert school.desk.run("evidence", "verify").code == 0


@pytest.mark.parametrize("is_merged", [False, True])
def test_words_that_point_at_an_image_stop_an_open_incident_though_they_name_no_school_t04(
    school: School, is_merged: bool
) -> None:
    """T04: an edit that takes the name out and offers an image."""
    if is_merged:
        (other,) = school.look(THREAT, "p2").incidents_opened
        school.merge("2026-0001", other)
    school.look(STOPPED)
    row = next(row for row in list_mentions_of(school) if row.url.endswith("p1"))
    assert row.is_sealed and row.incident is not None
    assert school.incidents()[row.incident].state is IncidentState.STOP_IMAGE


def test_l31_who_stepped_back_does_not_see_what_a_report_of_the_same_address_opens(school: School) -> None:
    """L31: "they mean me" holds for the post, whoever brings it; and whom one mention is about, the other is about."""
    stepped = ("--as", "head", "--reason", "they mean me")
    school.take(("hand_over", "operator"))
    assert school.desk.run("incident", "move", "2026-0001", "recuse", *stepped, *school.at()).code == 0
    school.take(("no_case", school.incidents()["2026-0001"].decider.value))
    (held,) = list_mentions_of(school)
    school.nights = 0
    second = school.desk.report(f"{LIE} again", held.url).row["incident"]
    assert second == "2026-0002"
    assert [may_be_seen(school, DeskRole.HEAD, id_) for id_ in school.incidents()] == [False, False]
    assert may_be_seen(school, DeskRole.DEPUTY, second)


def test_l31_an_image_told_of_is_not_for_whom_the_words_of_another_mention_are_about(
    tmp_path: Path, classifier: Classifier
) -> None:
    school = School(make_desk(tmp_path / "home"), classifier)
    (first,) = school.look(f"The headteacher of {LIE}").incidents_opened
    school.take(("hand_over", "operator"), ("no_case", school.incidents()[first].decider.value))
    (held,) = list_mentions_of(school)
    school.nights = 0
    stopped = str(tell_of_image(school, held.url).incident)
    assert stopped != first
    assert [may_be_seen(school, DeskRole.HEAD, id_) for id_ in (first, stopped)] == [False, False]
    assert may_be_seen(school, DeskRole.DSL, stopped)
