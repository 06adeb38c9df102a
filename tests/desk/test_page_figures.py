"""Figures: for the viewer, after need-to-know; small numbers are not told to somebody who sees numbers only (L31; issue 6, points 2 and 9)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from desk.figure_words import FIGURE_WORDS
from desk.figures import chart_sources, chart_waits, chart_weeks, mondays, sees_numbers_only
from desk.web.render import PageSpeaker
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import RIGHTS, DeskRole, Right, Viewer
from mentionwatch.labels import Label
from tests.desk.signed_in import Running, send, serving, sign_in
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.figures import WeekCount

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
LATER = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
SAY = PageSpeaker("en", FIGURE_WORDS)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("figures") / "home")
    write_swept_home(home.folder, NIGHT)
    return home


@pytest.fixture
def desk(template: Home, tmp_path: Path) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(template.folder, tmp_path / "home")))
    school, pack = read_school(home)
    with serving(HomeRecords(home, SchoolNow(home, school, pack)), home, clock=lambda: LATER) as made:
        yield made


def line(label: Label, mentions: int, weeks_ago: int = 0, source: str = "paper") -> WeekCount:
    return WeekCount(mondays(LATER, 8)[-1 - weeks_ago], label, source, mentions)


def test_every_week_stands_there_also_one_without_any_or_one_nobody_watched() -> None:
    """A week that is left out would look like the one beside it; one in which nobody looked is not one of nothing found."""
    lines, days = [line(Label.POSITIVE, 3), line(Label.CONCERN, 2, 5), line(Label.CONCERN, 1, 5, "radio")], mondays(LATER, 8)  # fmt: skip
    chart = chart_weeks(lines, LATER, 8, SAY, SAY.label, SAY.short_day, frozenset(days[2:]))
    assert chart and len(chart.categories) == 8
    by = {series.name: [bar.said for bar in series.bars] for series in chart.series}
    assert by["concern"] == ["–", "–", "3", "0", "0", "0", "0", "0"] and by["praise"][-1] == "3"
    assert ": 6." in chart.summary
    assert chart.totals == ("–", "–", "3", "0", "0", "0", "0", "3"), (
        "a bar of several parts says what it comes to"
    )
    small = chart_weeks(
        lines, LATER, 8, SAY, SAY.label, SAY.short_day, frozenset(days[2:]), only_numbers=True
    )
    assert small and small.totals == ("–", "–", "3", "", "", "", "", "3"), (
        "a small number left out is no nought"
    )
    assert chart_weeks([], LATER, 8, SAY, SAY.label, SAY.short_day, frozenset(days)) is None


def test_a_week_counts_as_watched_when_a_source_was_seen_not_when_a_run_was_blind(desk: Running) -> None:
    with sign_in(desk, DeskRole.DSL) as client:
        recent = unescape(client.get("/figures").text)
        assert FIGURE_WORDS["none_watched"][0] in recent and FIGURE_WORDS["nothing"][0] in recent
        longer = unescape(client.get("/figures?weeks=26").text)
        assert longer.count("–") > 100 and FIGURE_WORDS["not_watched"][0] in longer
        assert FIGURE_WORDS["none_watched"][0] not in longer
    viewer, week = Viewer("0", "", frozenset({DeskRole.DSL}), "en"), mondays(NIGHT, 1)[0]
    records = HomeRecords(desk.home, SchoolNow(desk.home, *read_school(desk.home)), lambda: LATER)
    assert records.watched(viewer, 26) == {week}
    with Warehouse(desk.home.folder).writer() as writing:
        writing.run("UPDATE run_sources SET verdict = 'blind'")
    assert records.watched(viewer, 26) == frozenset()


def test_sources_are_added_up_and_the_most_comes_first() -> None:
    chart = chart_sources(
        [line(Label.POSITIVE, 3), line(Label.CONCERN, 9, 1, "radio"), line(Label.NEUTRAL, 1)], 8, SAY
    )
    assert chart and chart.categories == ("radio", "paper")
    assert [bar.said for bar in chart.series[0].bars] == ["9", "4"]


def test_posts_people_reported_are_said_in_words_of_the_readers_language() -> None:
    """A Welsh page said *report*, as if a source were called so."""
    for lang, said in (("en", "reports"), ("cy", "adroddiadau")):
        chart = chart_sources([line(Label.CONCERN, 2, source="report")], 8, PageSpeaker(lang, FIGURE_WORDS))
        assert chart and chart.categories == (said,) and "report " not in chart.summary


def test_a_wait_falls_on_one_side_of_each_bound() -> None:
    day = timedelta(days=1)
    chart = chart_waits([day, day + timedelta(seconds=1), 3 * day, 7 * day, 8 * day], SAY, only_numbers=False)
    assert chart and [bar.said for bar in chart.series[0].bars] == ["1", "2", "1", "1"]
    assert "within 3 days." in chart.summary, "the middle one of five"


@pytest.mark.parametrize(("counts", "is_told"), [((9, 0, 0, 0), True), ((9, 6, 0, 7), True), ((9, 4, 9, 9), False), ((3, 0, 0, 0), False)])  # fmt: skip
def test_numbers_only_are_told_without_small_parts(counts: tuple[int, ...], is_told: bool) -> None:
    """Somebody who may open no incident is told no group under five."""
    middles = (timedelta(hours=3), timedelta(days=2), timedelta(days=5), timedelta(days=20))
    waits = [middle for middle, count in zip(middles, counts, strict=True) for _ in range(count)]
    assert (chart_waits(waits, SAY, only_numbers=True) is not None) is is_told
    assert chart_waits(waits, SAY, only_numbers=False) is not None


def test_who_sees_numbers_only() -> None:
    def alone(*roles: DeskRole) -> bool:
        return sees_numbers_only(Viewer("v", "", frozenset(roles), "en"))

    assert alone(DeskRole.ANALYST) and alone(DeskRole.ANALYST, DeskRole.ADMIN)
    assert (
        not alone(DeskRole.HEAD)
        and not alone(DeskRole.CHAIR)
        and not alone(DeskRole.ANALYST, DeskRole.REVIEWER)
    )


def test_a_sheet_is_counted_by_a_form_once_and_then_a_file(desk: Running) -> None:
    """GET counts nothing; the counting is in the audit log under the account; the file is no page of the desk."""
    path, counts = (
        "/figures/governors/2026-autumn",
        "SELECT actor FROM audit WHERE object_kind = 'governors_sheet'",
    )
    with sign_in(desk, DeskRole.HEAD) as client:
        assert client.get(path).status_code == 404
        assert "Count" in client.get("/figures").text
        assert client.post(path, data={"a": "b"}).status_code == 403, "no token, no count"
        assert not (desk.home.folder / "governors").exists()
        for _ in range(2):
            answer = send(client, path)
            assert answer.status_code == 303 and answer.headers["location"] == "/figures?said=sheet_counted"
        with Warehouse(desk.home.folder).live_reader() as reading:
            actors = [row[0] for row in reading.rows(counts)]
        assert len(actors) == 1 and re.fullmatch(r"[0-9a-f]{16}", actors[0])
        for form, begins in (("html", b"<!doctype html>"), ("pdf", b"%PDF-")):
            answer = client.get(path, params={"as": form})
            assert answer.status_code == 200 and answer.content.lower().startswith(begins.lower())
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["content-security-policy"].endswith("; sandbox")
        assert client.get(path, params={"as": "exe"}).status_code == 404
        for none in ("2027-spring", "2026-summer", "2026-winter", "..%2f..%2fschool", "x"):
            assert client.get(f"/figures/governors/{none}").status_code == 404
            assert send(client, f"/figures/governors/{none}").status_code == 404, (
                "not over, or before the first run"
            )


@pytest.mark.parametrize("role", list(DeskRole))
def test_who_may_see_it_and_nothing_of_a_post_is_in_it(desk: Running, role: DeskRole) -> None:
    with sign_in(desk, role) as client:
        answer = client.get("/figures?weeks=26")
    assert answer.status_code == (200 if Right.FIGURES in RIGHTS[role] else 404)
    assert len(answer.content) < 100_000 and "eisteddfod" not in answer.text


@pytest.mark.parametrize("asked", ["8", "26", "52", "9", "x", "-1", "99999999999"])
def test_any_choice_of_weeks_is_answered(desk: Running, asked: str) -> None:
    with sign_in(desk, DeskRole.DSL, lang="cy") as client:
        text = client.get(f"/figures?weeks={asked}").text
    [chosen] = re.findall(r'href="/figures\?weeks=(\d+)" aria-current="true"', text)
    assert chosen == (asked if asked in ("8", "26", "52") else "8")
