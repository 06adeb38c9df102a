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
from flows.learning import model_in_use
from flows.need_to_know import read_sight
from flows.night import Stages, look_at
from flows.reporting import HumanReport, Reported, take_report
from flows.storing import store_looks
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.fetching import Fault, FetchRequest
from mentionwatch.labels import EntryKind, FaultKind, IncidentState, PostedAtBasis
from mentionwatch.model import Collected, CollectResult, Cursor, EntryFound, GoneFound, SourceSpec
from tests.incidents.homes import URL, Desk, make_desk
from tests.incidents.test_commands import FACTS
from warehouse.connection import Warehouse
from warehouse.incident_steps import IncidentRow, incident_rows
from warehouse.need_to_know import may_see_incident
from warehouse.reading import MentionRow, list_mentions, read_start
from warehouse.store import StoredNight

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
    """A source that shows one post, in one wording or several, or shows that it is gone."""

    source: str = "board"
    shown: tuple[str, ...] = ()
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
        entries = tuple(post(self.source, shown, self.name) for shown in self.shown)
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
        return self._look(Board(source, () if shown is None else (shown,), gone, name), is_shadow=is_shadow)

    def look_at_all(self, *shown: str) -> StoredNight:
        """One night in which the source shows the post in each of these words, first to last."""
        return self._look(Board("board", shown))

    def _look(self, board: Board, *, is_shadow: bool = False) -> StoredNight:
        assert self.classifier is not None
        self.nights += 1
        source = board.source
        home, at = Home(self.desk.folder), NIGHT + timedelta(days=self.nights)
        school, pack = read_school(home)
        stages = Stages(
            f"run-{self.nights:03}", at, school.profile, pack, build_scoper(school.profile), self.classifier, fetch_nothing, {},
            is_shadow=is_shadow, sample_every=0,
        )  # fmt: skip
        warehouse = Warehouse(home.folder)
        with warehouse.writer() as writing:
            night = look_at(board, read_start(writing, [source])[source], stages)
            (stored,) = store_looks(writing, home, [night], at)
        return stored

    def take(self, *steps: tuple[str, str], id_: str = "2026-0001") -> None:
        for event, role in steps:
            facts = [part for fact in FACTS.get(event, ()) for part in ("--fact", fact)]
            reason = ("--reason", "talked over with the office")
            said = self.desk.run("incident", "move", id_, event, "--as", role, *reason, *facts, *self.at())
            assert said.code == 0, said.err

    def merge(self, one: str, into: str) -> None:
        """Both handed over already, or handed over now."""
        for id_ in (one, into):
            if self.incidents()[id_].state is IncidentState.PRESERVED:
                self.take(("hand_over", "operator"), id_=id_)
        why = ("--because", "same_campaign", "--reason", "one campaign of one author", "--as", "operator")
        said = self.desk.run("incident", "merge", one, into, *why, *self.at())
        assert said.code == 0, said.err

    def give_to_police(self, id_: str, event: str = "record_reference") -> None:
        """What was stopped goes to the police, by the machine's own clock: closed, or held by them (`reference_hold`)."""
        facts = ("--fact", "reference=CR 7", "--fact", "given_at=2026-11-21T10:00Z")
        said = self.desk.run(
            "incident", "move", id_, event, "--as", "dsl", "--reason", "the police have it now", *facts
        )
        assert said.code == 0, said.err

    def mentions(self) -> tuple[MentionRow, ...]:
        return list_mentions_of(self)

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


def tell_of_image(school: School, url: str = URL) -> Reported:
    home = Home(school.desk.folder)
    mine, pack = read_school(home)
    model = model_in_use(str(home.folder))
    return take_report(home, mine, pack, model, HumanReport(url, None, is_indecent=True), datetime.now(UTC))


def may_be_seen(school: School, role: DeskRole, id_: str) -> bool:
    home = Home(school.desk.folder)
    with Warehouse(home.folder).live_reader() as reading:
        viewer = Viewer("a1", "", frozenset({role}), "en")
        return may_see_incident(reading, read_sight(reading, viewer, *read_school(home)), id_)
