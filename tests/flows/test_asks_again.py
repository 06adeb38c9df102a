"""One rule of what a post asks again, for the night and for reports: in which incident it stands, and what is new (ADR 0040)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from classifiers.model import Classifier
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import AFTER_THE_END, IncidentState, Role, Route
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
    School,
    Steps,
    list_mentions_of,
    may_be_seen,
    tell_of_image,
)
from tests.flows.ended import classifier as classifier
from tests.flows.ended import school as school
from tests.incidents.homes import URL, make_desk
from tests.incidents.test_special_reports import GOVERNORS

ADDRESS = "https://board.example/p1"
UNNAMED_THREAT = "I will kill the deputy head there, I know the house and I will stab everyone in it"
TO_CONCERN: Steps = (("hand_over", "operator"), ("treat_as_concern", "head"))
STOP = IncidentState.STOP_IMAGE


def is_stop(school: School, id_: str) -> bool:
    row = school.incidents()[id_]
    return (row.state, row.kind, row.route, row.harms) == (
        STOP,
        "possible illegal image",
        Route.SAFEGUARDING,
        (),
    )


@pytest.mark.parametrize("steps", [TO_INTERNAL, TO_CONCERN], ids=["internal", "concern"])
@pytest.mark.parametrize("words", [f"{THREAT} tonight", UNNAMED_THREAT], ids=["named", "unnamed"])
def test_a_threat_in_what_people_put_on_another_route_asks_anew_whatever_it_was_opened_for(
    tmp_path: Path, classifier: Classifier, words: str, steps: Steps
) -> None:
    """T02, T09: where people put it counts, not the route it was opened with."""
    school = School(make_desk(tmp_path / "home"), classifier)
    (first,) = school.look(THREAT).incidents_opened
    decider = school.incidents()[first].decider.value
    school.take(*((event, decider if role == "head" else role) for event, role in steps))
    (second,) = school.look(words).incidents_opened
    assert second in school.asked()
    assert school.look(words).incidents_opened == (), "asked once"


def test_the_same_threat_seen_again_while_people_deal_with_it_asks_nothing(
    tmp_path: Path, classifier: Classifier
) -> None:
    school = School(make_desk(tmp_path / "home"), classifier)
    (first,) = school.look(THREAT).incidents_opened
    decider = school.incidents()[first].decider.value
    school.take(("hand_over", "operator"), ("internal", decider))
    school.look(gone=True)
    assert school.look(THREAT).incidents_opened == ()
    assert school.look(THREAT, source="other").incidents_opened == ()
    assert school.look(FAIR).incidents_opened == school.look(THREAT).incidents_opened == ()


@pytest.mark.parametrize("is_gone", [True, False])
def test_words_that_were_dealt_with_are_news_at_another_source_once_they_are_shown_nowhere(
    school: School, is_gone: bool
) -> None:
    """T36: taken down, and shown again by somebody else; still shown, it is the same post."""
    school.take(*TO_INTERNAL)
    if is_gone:
        school.look(gone=True)
    school.take(("settle", "head"))
    opened = school.look(LIE, source="other").incidents_opened
    assert opened == (("2026-0002",) if is_gone else ())
    assert [id_ in school.asked() for id_ in opened] == [True] * is_gone
    assert school.look(LIE, source="third").incidents_opened == (), "it is shown now"


def test_words_its_author_took_back_are_news_at_another_source(school: School) -> None:
    school.take(*TO_INTERNAL)
    school.look(FAIR)
    school.take(("settle", "head"))
    assert school.look(LIE, source="other").incidents_opened == ("2026-0002",)


def test_words_found_harmless_are_no_news_at_another_source(school: School) -> None:
    school.take(*NO_CASE)
    school.look(gone=True)
    assert school.look(LIE, source="other").incidents_opened == ()


def test_only_the_words_that_were_there_at_the_end_were_found_harmless(school: School) -> None:
    """T08: softened while it was open, found to be nothing, and changed back: nobody had found those words to be nothing."""
    school.take(*TO_INTERNAL[:1])
    school.look(FAIR)
    school.take(("no_case", "head"))
    assert school.look(LIE).incidents_opened == ("2026-0002",)


def test_what_a_later_incident_found_harmless_says_nothing_of_what_an_earlier_one_dealt_with(
    school: School,
) -> None:
    school.take(*CLOSED)
    assert school.look(CONCERN).incidents_opened == ("2026-0002",)
    school.take(*NO_CASE, id_="2026-0002")
    assert school.look(LIE).incidents_opened == ("2026-0003",)
    school.take(*NO_CASE, id_="2026-0003")
    assert school.look(CONCERN).incidents_opened == school.look(LIE).incidents_opened == ()


@pytest.fixture
def sealed(tmp_path: Path, classifier: Classifier) -> School:
    """A post a source brought, stopped by a report, with the police: what was opened has ended."""
    school = School(make_desk(tmp_path / "home"), classifier)
    assert school.look(LIE).incidents_opened == ("2026-0001",)
    school.nights = 0
    assert tell_of_image(school, ADDRESS).incident == "2026-0001"
    school.give_to_police("2026-0001")
    school.nights = 5
    return school


def test_a_sealed_post_that_was_gone_and_is_back_is_stopped_again_t04(sealed: School) -> None:
    """B13, T04: nobody reads a word of it; whoever keeps children safe is told that it is there again."""
    sealed.look(gone=True)
    assert sealed.look(LIE).incidents_opened == ("2026-0002",)
    assert is_stop(sealed, "2026-0002") and "2026-0002" in sealed.asked()
    assert sealed.look(LIE).incidents_opened == ()
    assert sealed.desk.run("evidence", "verify").code == 0


@pytest.mark.parametrize("words", [THREAT, CONCERN, UNNAMED], ids=["threat", "concern", "unnamed"])
def test_new_words_of_a_sealed_post_that_ask_are_stopped_again_and_nobody_reads_them_t04(
    sealed: School, words: str
) -> None:
    (opened,) = sealed.look(words).incidents_opened
    assert is_stop(sealed, opened)
    shown = (
        sealed.desk.run("incident", "show", opened).out
        + sealed.desk.run("incident", "show", opened, "--json").out
    )
    assert "threat" not in shown and "harassment" not in shown
    assert all(row.is_sealed for row in list_mentions_of(sealed))


def test_fair_words_of_a_sealed_post_ask_nobody(sealed: School) -> None:
    assert sealed.look(FAIR).incidents_opened == ()


@pytest.mark.parametrize("words", [LIE, FAIR], ids=["asks", "fair"])
def test_another_source_that_shows_a_sealed_post_tells_where_it_was_shown_nowhere_t04(
    sealed: School, words: str
) -> None:
    sealed.look(gone=True)
    (opened,) = sealed.look(words, source="other").incidents_opened
    assert is_stop(sealed, opened)
    assert {row.incident for row in list_mentions_of(sealed)} == {"2026-0001", opened}


@pytest.mark.parametrize("kind", [(), ("--kind", "logo")], ids=["plain", "logo"])
@pytest.mark.parametrize("words", ["", LIE, f"{LIE} once more"], ids=["none", "same", "other"])
def test_whatever_is_reported_of_a_sealed_post_is_stopped_again_t04(
    tmp_path: Path, kind: tuple[str, ...], words: str
) -> None:
    school = School(make_desk(tmp_path / "home", "cansfield", GOVERNORS))
    school.desk.report(LIE)
    assert tell_of_image(school).incident == "2026-0001"
    school.give_to_police("2026-0001")
    said = school.desk.report(words, URL, "unknown", *kind)
    assert said.code == 0, said.err
    assert said.row["incident"] == "2026-0002" and is_stop(school, "2026-0002")


def test_what_is_told_of_a_merged_incident_is_told_in_the_one_it_is_part_of(
    tmp_path: Path, classifier: Classifier
) -> None:
    school = School(make_desk(tmp_path / "home", "cansfield", GOVERNORS), classifier)
    (first,) = school.look(LIE).incidents_opened
    (other,) = school.look(THREAT, "p2").incidents_opened
    school.merge(first, other)
    events = school.incidents()[other].event_count
    said = school.desk.report(FAIR, ADDRESS, "unknown", "--kind", "logo")
    assert said.code == 0, said.err
    assert (school.incidents()[other].event_count, len(school.incidents())) == (events + 1, 2)
    assert school.look(THREAT).incidents_touched == (other,), "with the police it is already, by the other"
    assert len(school.incidents()) == 2


def test_of_two_incidents_on_a_post_the_open_one_is_told(school: School) -> None:
    """An earlier one that a person took up again, though a later one has ended."""
    school.take(*CLOSED)
    school.look(CONCERN)
    school.take(("reopen", "head"))
    school.take(*NO_CASE, id_="2026-0002")
    stored = school.look(f"{LIE} still")
    assert (stored.incidents_opened, stored.incidents_touched) == ((), ("2026-0001",))


def test_a_report_that_says_nothing_new_is_told_where_somebody_is_at_it(tmp_path: Path) -> None:
    """B13, L16: a second report of an image, while the police have the first, is more than a line in the audit log."""
    school = School(make_desk(tmp_path / "home"))
    first = str(tell_of_image(school).incident)
    school.give_to_police(first, "reference_hold")
    events = school.incidents()[first].event_count
    assert tell_of_image(school).incident == first
    row = school.incidents()[first]
    assert (row.event_count, row.state) == (events + 1, IncidentState.POLICE_HOLD)
    last = school.desk.run("incident", "show", first, "--json").row["events"][-1]
    assert (last["event"], last["reason"]) == ("note", "reported again")


def test_a_report_a_person_had_judged_to_be_nothing_is_put_before_one_when_it_is_reported_again(
    tmp_path: Path,
) -> None:
    """L16: a second parent says that something is in it."""
    school = School(make_desk(tmp_path / "home"))
    first = school.desk.report(FAIR).row
    assert school.desk.report(FAIR).row["incident"] is None, "it waits on the list already"
    why = ("--as", "head", "--reason", "it is nothing at all")
    assert school.desk.run("correct", first["mention"], "--label", "neutral", *why).code == 0
    assert school.desk.report(FAIR).row["incident"] == "2026-0001"
    new = school.incidents()["2026-0001"]
    assert new.kind == AFTER_THE_END and "2026-0001" in school.asked()


def test_l31_who_stepped_back_from_the_earlier_incident_does_not_decide_what_follows(school: School) -> None:
    """L31, T07: neither chosen nor let in by another door; whoever follows in the order is."""
    school.take(("hand_over", "operator"))
    stepped = ("--as", "head", "--reason", "they mean me")
    assert school.desk.run("incident", "move", "2026-0001", "recuse", *stepped, *school.at()).code == 0
    follower = school.incidents()["2026-0001"].decider
    school.take(("no_case", follower.value))
    assert school.look(CONCERN).incidents_opened == ("2026-0002",)
    assert school.incidents()["2026-0002"].decider is follower is not Role.HEAD
    school.take(("hand_over", "operator"), id_="2026-0002")
    why = ("--reason", "nothing in it at all", *school.at())
    said = school.desk.run("incident", "move", "2026-0002", "no_case", "--as", "head", *why)
    assert said.code == 5 and "does not decide" in said.err, said
    assert not may_be_seen(school, DeskRole.HEAD, "2026-0002")
    school.take(("no_case", follower.value), id_="2026-0002")


def test_l31_whom_the_words_were_about_does_not_decide_once_they_are_sealed(
    tmp_path: Path, classifier: Classifier
) -> None:
    """L31, T04: nobody reads the words any more; whom they were about is known all the same."""
    school = School(make_desk(tmp_path / "home"), classifier)
    (first,) = school.look(f"The headteacher of {LIE}").incidents_opened
    follower = school.incidents()[first].decider
    assert follower is not Role.HEAD
    school.nights = 0
    assert tell_of_image(school, ADDRESS).incident == first
    school.give_to_police(first)
    again = school.desk.report("", ADDRESS).row["incident"]
    assert again != first and is_stop(school, again)
    assert school.incidents()[again].decider is follower
    assert not may_be_seen(school, DeskRole.HEAD, again)


def test_an_incident_whose_post_went_on_still_has_its_evidence(school: School) -> None:
    """I9: what was closed is exported, and held, as before its author changed the post."""
    school.take(*CLOSED)
    assert school.look(CONCERN).incidents_opened == ("2026-0002",)
    (held,) = list_mentions_of(school)
    for id_ in ("2026-0001", "2026-0002"):
        said = school.desk.run("evidence", "export", id_, "--as", "head", "--purpose", "court", *school.at())
        assert said.code == 0, said
        with zipfile.ZipFile(school.desk.folder / "exhibits" / f"{id_}.zip") as exhibit:
            assert any(
                held.id in name or held.id.encode() in exhibit.read(name) for name in exhibit.namelist()
            )


@pytest.mark.parametrize("steps", [RESOLVED, NO_CASE], ids=["resolved", "no case"])
def test_an_image_in_a_resolved_incident_is_a_stop_of_its_own_t04(school: School, steps: Steps) -> None:
    """T36: what has ended is not moved by software, whatever is said of it since."""
    school.take(*steps)
    state, school.nights = school.incidents()["2026-0001"].state, 0
    assert tell_of_image(school, ADDRESS).incident == "2026-0002"
    assert is_stop(school, "2026-0002") and school.incidents()["2026-0001"].state is state
