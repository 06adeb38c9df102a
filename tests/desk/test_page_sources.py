"""The page of sources: what was looked at, what was not, and what did not run, each in words of its own (issue 6, point 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from desk.source_words import MENDS
from desk.words import LANGUAGES
from flows.home import Home, read_school
from flows.overview import HomeOverview
from mentionwatch.accounts import RIGHTS, DeskRole, Right, Viewer
from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind, Verdict
from mentionwatch.model import LabelCounts, NightReport, SourceNight, SourceRun
from tests.desk.signed_in import Running, serving, sign_in
from tests.desk.test_guard import few_records
from town.home import write_home
from warehouse.connection import Warehouse
from warehouse.ledger import finish_run, start_run
from warehouse.store import store_nights

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
OFFICE = Viewer("o1", "", frozenset({DeskRole.OFFICE}), "en")


def night(home: Home, at: datetime, *runs: SourceRun, is_finished: bool = True) -> None:
    """One run of these looks in the ledger, as the sweep writes it."""
    run_id = f"r{at:%Y%m%d%H%M}"
    with Warehouse(home.folder).writer() as writing:
        start_run(writing, run_id, at)
        store_nights(writing, [SourceNight(run_id, run, None) for run in runs], at)
        if is_finished:
            finish_run(
                writing,
                NightReport(
                    run_id, at, at + timedelta(minutes=3), runs[0].verdict, runs, LabelCounts(), (), ""
                ),
            )


def look(name: str, verdict: Verdict, fault: FaultKind | None = None, *missed: str) -> SourceRun:
    """A look at one source. What the fault says in detail names an address: it is on no page."""
    detail = "https://secret.example/?key=1" if fault else ""
    return SourceRun(
        name, "feed", verdict, fault=Fault(fault, detail) if fault else None, not_looked_at=missed,
        last_ok_at=TODAY if verdict is not Verdict.BLIND else None,
    )  # fmt: skip


def list_sources(home: Home, *names: str) -> None:
    rows = (f'[[source]]\nname = "{name}"\ncollector = "feed"\n' for name in names)
    home.sources_file.write_text("\n".join(rows), encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    write_home(made.folder, "http://127.0.0.1:9")
    list_sources(made, "paper")
    return made


@pytest.fixture
def desk(home: Home) -> Iterator[Running]:
    with serving(few_records(), home, clock=lambda: NOW) as made:
        yield made


def overview(home: Home, at: datetime = NOW) -> HomeOverview:
    return HomeOverview(home, partial(read_school, home), lambda: at)


def page(desk: Running, lang: str = "en", role: DeskRole = DeskRole.OFFICE) -> str:
    with sign_in(desk, role, lang=lang) as client:
        answer = client.get("/sources")
    assert answer.status_code == 200 and len(answer.content) < 100_000
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1]))


def test_before_the_first_run_nothing_is_said_to_be_clear(home: Home, desk: Running) -> None:
    said = page(desk)
    assert "No night run has taken place yet" in said and "Not looked at yet" in said
    assert "Every source was seen" not in said


def test_nothing_found_is_not_what_did_not_run(home: Home, desk: Running) -> None:
    """A source seen every other night: seen nights and nights without a run are counted apart."""
    for back in range(0, 14, 2):
        night(home, TODAY - timedelta(days=back), look("paper", Verdict.CLEAR))
    said = page(desk)
    assert "Every source was seen in full" in said
    assert "Last 13 nights: seen in full: 7; did not run: 6" in said
    assert "20 Nov: did not run" in said and "21 Nov: seen in full" in said


def test_a_night_that_did_not_happen_comes_before_all_else(home: Home, desk: Running) -> None:
    """The last run saw everything, but it is two days old: that is no all-clear (the dead man's switch of `status`)."""
    night(home, TODAY - timedelta(days=2), look("paper", Verdict.CLEAR))
    said = page(desk)
    assert "nothing has been looked at since 19 November 2026" in said
    assert "Every source was seen" not in said and "21 Nov: did not run" in said


def test_a_run_that_was_cut_off_is_no_all_clear(home: Home, desk: Running) -> None:
    night(home, TODAY, look("paper", Verdict.CLEAR), is_finished=False)
    assert "is not finished" in page(desk)


def test_before_its_hour_a_night_has_not_failed(home: Home) -> None:
    night(home, TODAY - timedelta(days=1), look("paper", Verdict.CLEAR))
    early = overview(home, TODAY - timedelta(minutes=20)).health(OFFICE)
    late = overview(home, TODAY + timedelta(hours=4)).health(OFFICE)
    [paper] = [one for one in early.sources if one.name == "paper"]
    assert [one.verdict for one in paper.nights] == [Verdict.CLEAR]
    [paper] = [one for one in late.sources if one.name == "paper"]
    assert [one.verdict for one in paper.nights] == [Verdict.CLEAR, None]


def test_two_runs_on_one_day_are_one_night_the_later_one(home: Home) -> None:
    night(home, TODAY, look("paper", Verdict.BLIND, FaultKind.TIMEOUT))
    night(home, TODAY + timedelta(hours=2), look("paper", Verdict.DEGRADED, FaultKind.TRUNCATED))
    [paper] = [one for one in overview(home).health(OFFICE).sources if one.name == "paper"]
    assert [one.verdict for one in paper.nights] == [Verdict.DEGRADED] and paper.fault is FaultKind.TRUNCATED


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_says_why_and_what_to_do_in_both_languages(kind: FaultKind) -> None:
    assert len({*MENDS[kind]}) == 2 and all(said.endswith(".") for said in MENDS[kind])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fault_is_said_with_its_mend_and_without_its_detail(home: Home, desk: Running, lang: str) -> None:
    night(home, TODAY, look("paper", Verdict.BLIND, FaultKind.HTTP_404_410), look("radio", Verdict.CLEAR))
    said = page(desk, lang)
    assert MENDS[FaultKind.HTTP_404_410][lang == "cy"] in unescape(said)
    assert "secret.example" not in said
    assert {"en": "not everything could be seen", "cy": "nid oedd modd gweld popeth"}[lang] in said.lower()


def test_a_source_that_is_no_longer_listed_says_so_and_casts_no_doubt(home: Home, desk: Running) -> None:
    """It was blind when last looked at; nothing looks at it any more."""
    night(home, TODAY - timedelta(days=3), look("gone", Verdict.BLIND, FaultKind.DNS))
    night(home, TODAY, look("paper", Verdict.CLEAR))
    said = page(desk)
    assert "Every source was seen in full" in said and "No longer looked at" in said


def test_a_source_the_last_run_passed_over_is_no_all_clear(home: Home, desk: Running) -> None:
    """Somebody ran `sweep --source paper` by hand after a night that failed: the radio is not seen."""
    list_sources(home, "paper", "radio", "new")
    night(home, TODAY - timedelta(days=2), look("paper", Verdict.CLEAR), look("radio", Verdict.CLEAR))
    night(home, TODAY, look("paper", Verdict.CLEAR))
    said = page(desk)
    assert "Not everything could be seen" in said and "The latest run did not look at it" in said
    assert "Not looked at yet" in said


def test_a_broken_list_of_sources_is_told(home: Home, desk: Running) -> None:
    night(home, TODAY, look("paper", Verdict.CLEAR))
    home.sources_file.write_text("[[source]\n", encoding="utf-8")
    assert "sources.toml cannot be read" in page(desk)


def test_names_are_escaped(home: Home, desk: Running) -> None:
    night(home, TODAY, look("<script>alert(1)</script>", Verdict.DEGRADED, FaultKind.EMPTY, "<b>x</b>"))
    with sign_in(desk, DeskRole.OFFICE) as client:
        text = client.get("/sources").text
    assert "<script" not in text and "<b>" not in text and "&lt;script&gt;" in text


@pytest.mark.parametrize("role", list(DeskRole))
def test_who_may_see_it(home: Home, desk: Running, role: DeskRole) -> None:
    """ASVS V8.2.1: by right, in the navigation too."""
    with sign_in(desk, role) as client:
        is_open = Right.SOURCES in RIGHTS[role]
        assert client.get("/sources").status_code == (200 if is_open else 404)
        assert ('href="/sources"' in client.get("/account").text) is is_open
