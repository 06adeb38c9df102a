"""A post whose incident has ended asks again when it changes, when it is back, and when a person reports it (ADR 0040).

The night's own stages over a source that shows what the test says; incidents move by the command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from classifiers.model import Classifier
from classifiers.scope import build_scoper
from collectors.base import CollectRequest
from flows.home import Home, read_school
from flows.incident_opening import REPORTED_AGAIN
from flows.learning import model_in_use
from flows.need_to_know import read_sight
from flows.night import Stages, look_at
from flows.reporting import HumanReport, Reported, take_report
from incidents.steps import Event
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.fetching import Fault, FetchRequest
from mentionwatch.labels import AFTER_THE_END, EntryKind, FaultKind, IncidentState, PostedAtBasis, Route
from mentionwatch.model import Collected, CollectResult, Cursor, EntryFound, GoneFound, SourceSpec
from tests.incidents.homes import URL, Desk, make_desk
from tests.incidents.test_commands import FACTS
from tests.incidents.test_special_reports import GOVERNORS
from warehouse.after_the_end import BACK, EDITED, FOUND_HARMLESS
from warehouse.connection import Warehouse
from warehouse.erase import held_mentions
from warehouse.incident_steps import IncidentRow, incident_rows
from warehouse.need_to_know import may_see_incident
from warehouse.reading import MentionRow, list_mentions, read_start
from warehouse.retention import ends_of
from warehouse.shapes import STOP_TEXT
from warehouse.store import StoredNight, store_nights

NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
SCHOOL = "Ysgol Llanbedrog"
LIE = f"{SCHOOL} steals the money of the trip fund, they are thieves and liars and scum"
CONCERN = f"The car park at {SCHOOL} is dangerous at home time, I wrote to the school twice and nobody has answered me"
UNNAMED = "Steals the money of the trip fund, they are thieves and liars and scum, every one of them there"
FAIR = f"{SCHOOL} held its summer fair on Saturday, the weather was lovely and the cakes were too"
STOPPED = "got nudes of a year 10 girl, dm me"
UNSURE = f"What went on at {SCHOOL} on Friday, somebody there should be ashamed and they know who they are"
THREAT = f"I will kill the deputy head of {SCHOOL}, I know the house and I will stab everyone in it"


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return model_in_use(str(tmp_path_factory.mktemp("shipped")))


@dataclass
class Board:
    """A source that shows one post, or shows that it is gone."""

    source: str = "board"
    shown: str | None = None
    gone: bool = False
    name: str = "p1"
    kind: ClassVar[str] = "feed"
    credential_names: ClassVar[tuple[str, ...]] = ()

    @property
    def spec(self) -> SourceSpec:
        return SourceSpec(self.source, "feed", terms_ok_by="the office", terms_ok_on=date(2026, 9, 1))

    @property
    def urls(self) -> tuple[str, ...]:
        return ("https://board.example/",)

    def collect(self, request: CollectRequest) -> CollectResult:
        entries = () if self.shown is None else (post(self.source, self.shown, self.name),)
        gone = (GoneFound(self.name, request.now, "the source answers: deleted"),) if self.gone else ()
        return Collected(entries, Cursor("{}"), 1, gone=gone)


def post(source: str, text: str, name: str) -> EntryFound:
    return EntryFound(
        source, name, EntryKind.POST, f"https://board.example/{name}", "", text, NIGHT, PostedAtBasis.FEED, has_page=False,
        raw=text.encode(), raw_media_type="text/plain",
    )  # fmt: skip


def list_mentions_of(school: School) -> tuple[MentionRow, ...]:
    with Warehouse(school.desk.folder).live_reader() as reading:
        return list_mentions(reading)


def fetch_nothing(_: FetchRequest) -> Fault:
    return Fault(FaultKind.REFUSED_BY_POLICY, "this test fetches nothing")


@dataclass
class School:
    """A home, its nights and its steps."""

    desk: Desk
    classifier: Classifier | None = None
    nights: int = 0

    def at(self) -> tuple[str, ...]:
        """The morning after the last night; the machine's own time where there was none."""
        when = NIGHT + timedelta(days=self.nights, hours=4)
        return ("--now", when.isoformat()) if self.nights else ()

    def asked(self) -> list[str]:
        """The incidents the digest of the day asks about."""
        day = ("--date", (NIGHT + timedelta(days=self.nights)).date().isoformat()) if self.nights else ()
        found = self.desk.run("digest", "--format", "json", *day).row
        return [*found["act_now"], *found["decisions"]]

    def look(
        self,
        shown: str | None = None,
        name: str = "p1",
        source: str = "board",
        *,
        gone: bool = False,
        is_shadow: bool = False,
    ) -> StoredNight:
        assert self.classifier is not None
        self.nights += 1
        home, at = Home(self.desk.folder), NIGHT + timedelta(days=self.nights)
        school, pack = read_school(home)
        stages = Stages(
            f"run-{self.nights:03}", at, school.profile, pack, build_scoper(school.profile), self.classifier, fetch_nothing, {},
            is_shadow=is_shadow, sample_every=0,
        )  # fmt: skip
        warehouse = Warehouse(home.folder)
        with warehouse.writer() as writing:
            night = look_at(Board(source, shown, gone, name), read_start(writing, [source])[source], stages)
            (stored,) = store_nights(writing, [night], at)
        return stored

    def take(self, *steps: tuple[str, str], id_: str = "2026-0001") -> None:
        for event, role in steps:
            facts = [part for fact in FACTS.get(event, ()) for part in ("--fact", fact)]
            reason = ("--reason", "talked over with the office")
            said = self.desk.run("incident", "move", id_, event, "--as", role, *reason, *facts, *self.at())
            assert said.code == 0, said.err

    def incidents(self) -> dict[str, IncidentRow]:
        with Warehouse(self.desk.folder).live_reader() as reading:
            return {row.id: row for row in incident_rows(reading)}


@pytest.fixture
def school(tmp_path: Path, classifier: Classifier) -> Iterator[School]:
    made = School(make_desk(tmp_path / "home"), classifier)
    assert made.look(LIE).incidents_opened == ("2026-0001",)
    yield made


Steps = tuple[tuple[str, str], ...]
TO_INTERNAL: Steps = (("hand_over", "operator"), ("internal", "head"))
RESOLVED: Steps = (*TO_INTERNAL, ("settle", "head"))
CLOSED: Steps = (*RESOLVED, ("support_closed", "operator"), ("close", "head"))
NO_CASE: Steps = (("hand_over", "operator"), ("no_case", "head"))


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
    school.take(("hand_over", "operator"), id_=other)
    school.take(("hand_over", "operator"))
    why = ("--because", "same_campaign", "--reason", "one campaign of one author")
    said = school.desk.run("incident", "merge", "2026-0001", other, *why, "--as", "operator", *school.at())
    assert said.code == 0, said.err
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
    said = school.desk.run(
        "incident", "move", first, "record_reference", "--as", "dsl", "--reason", "the police have it now",
        "--fact", "reference=CR 7", "--fact", "given_at=2026-11-21T10:00Z",
    )  # fmt: skip
    assert said.code == 0, said.err
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


def tell_of_image(school: School, url: str = URL) -> Reported:
    home = Home(school.desk.folder)
    mine, pack = read_school(home)
    model = model_in_use(str(home.folder))
    return take_report(home, mine, pack, model, HumanReport(url, None, is_indecent=True), datetime.now(UTC))


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
    for id_ in ("2026-0001", second, third):
        school.take(("hand_over", "operator"), id_=id_)
    why = ("--because", "same_campaign", "--reason", "one campaign of one author", "--as", "operator")
    for one, into in (("2026-0001", second), (second, third)):
        said = school.desk.run("incident", "merge", one, into, *why, *school.at())
        assert said.code == 0, said.err
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
    for id_ in ("2026-0001", other):
        school.take(("hand_over", "operator"), id_=id_)
    why = ("--because", "same_campaign", "--reason", "one campaign of one author")
    said = school.desk.run("incident", "merge", "2026-0001", other, *why, "--as", "operator", *school.at())
    assert said.code == 0, said.err
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
        facts = ("--fact", "reference=CR 7", "--fact", "given_at=2026-11-21T10:00Z")
        said = school.desk.run(
            "incident", "move", stopped, "record_reference", "--as", "dsl", "--reason", "the police have it now", *facts
        )  # fmt: skip
        assert said.code == 0, said.err
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
        for id_ in ("2026-0001", other):
            school.take(("hand_over", "operator"), id_=id_)
        why = ("--because", "same_campaign", "--reason", "one campaign of one author")
        said = school.desk.run(
            "incident", "merge", "2026-0001", other, *why, "--as", "operator", *school.at()
        )
        assert said.code == 0, said.err
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


def may_be_seen(school: School, role: DeskRole, id_: str) -> bool:
    home = Home(school.desk.folder)
    with Warehouse(home.folder).live_reader() as reading:
        viewer = Viewer("a1", "", frozenset({role}), "en")
        return may_see_incident(reading, read_sight(reading, viewer, *read_school(home)), id_)
