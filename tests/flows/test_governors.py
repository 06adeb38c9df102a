"""`governors`: a term is counted once when it is over, from what the nights and the protocol left, and names nobody."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.governors import Group, Single, TermCounts, Topic, Wait
from flows.cli import main
from flows.governors import Counting, count_term, read_or_count, sheet_path
from flows.home import Home, calendar_of, read_school
from mentionwatch.errors import Refused
from mentionwatch.labels import EntryKind
from mentionwatch.terms import Term, TermName
from tests.flows.invented_term import (
    AFTER,
    DECIDED,
    NO_CASE,
    POLICE,
    REMOVED,
    START,
    File,
    make_home,
    write_night,
    write_term,
)
from tests.flows.plain import sweep_plainly
from tests.warehouse.factory import NOW, make_night, make_write
from town.home import write_home
from town.server import Town
from warehouse.connection import Warehouse
from warehouse.governors import read_term
from warehouse.store import store_nights

AUTUMN = Term(TermName.AUTUMN, 2026)
OVER = datetime.fromisoformat(AFTER)
GOOD = (("found", "GOOD_NEWS", 0.0), ("thank_propose", "THANK_PROPOSED", 1.0), ("leave", "LEFT", 2.0))
CONCERN = (("found", "CONCERN", 0.0), ("acknowledge", "ACKNOWLEDGED", 0.3))
LATE_CONCERN = (("found", "CONCERN", 0.0), ("acknowledge", "ACKNOWLEDGED", 30.0))


def governors(
    home: Path, capsys: pytest.CaptureFixture[str], *more: str, now: str = AFTER
) -> tuple[int, str, str]:
    capsys.readouterr()
    asked = more if "--term" in more or "--from" in more else ("--term", "autumn", "2026", *more)
    code = main(["governors", "--home", str(home), "--now", now, *asked])
    out, err = capsys.readouterr()
    return code, out, err


def count(home: Path, pack: str = "llanbedrog") -> TermCounts:
    school, policy = read_school(Home(home))
    with Warehouse(home).live_reader() as reading:
        rows = read_term(reading, AUTUMN.first_on, AUTUMN.last_on)
    return count_term(rows, AUTUMN, Counting(policy, calendar_of(school, policy, OVER), OVER))


def parts(counted: TermCounts, topic: Topic) -> dict[str, int]:
    (found,) = (group for group in counted.groups if group.topic is topic)
    return {name: number for name, number in found.counts if number}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def test_incidents_count_by_kind_route_and_outcome_in_the_term_they_were_opened_in(home: Path) -> None:
    before = File(NO_CASE, opened_at=START - timedelta(days=1))
    late = File(DECIDED, opened_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    files = [File(NO_CASE, "threat, hate", "police"), File(POLICE, "privacy"), File(REMOVED), late, before]
    write_term(home, files, nights=3)
    counted = count(home)
    assert parts(counted, Topic.KIND) == {"threat": 1, "privacy": 1, "harassment": 2}
    assert parts(counted, Topic.ROUTE) == {"police": 1, "internal": 3}
    assert parts(counted, Topic.OUTCOME) == {"no_case": 1, "under_way": 2, "ended": 1}
    assert parts(counted, Topic.REMOVAL) == {"gone": 1}
    assert dict(counted.singles)[Single.POLICE] == 1


def test_the_days_count_from_the_opening_to_the_first_decision_and_to_the_closing(home: Path) -> None:
    write_term(home, [File(NO_CASE), File(REMOVED), File(DECIDED)], nights=1)
    waits = dict(count(home).waits)
    assert sorted(waits[Wait.DECISION]) == pytest.approx([1.6, 2.0])
    assert sorted(waits[Wait.CLOSE]) == pytest.approx([1.6, 12.0])


def test_time_limits_are_met_missed_or_running_by_the_schools_own_clocks(home: Path) -> None:
    """The decision's own limit is two school days: the same clock the desk shows."""
    slow = (*DECIDED, ("no_case", "CLOSED", 30.0))
    write_term(home, [File(NO_CASE), File(slow)], nights=1)
    assert parts(count(home), Topic.DEADLINE) == {"met": 1, "missed": 1}


def test_an_incident_taken_to_safeguarding_passed_over_and_opened_again_counts_once_each(home: Path) -> None:
    steps = (
        *DECIDED, ("safeguarding", "AWAITING_DECISION", 0.6), ("safeguarding_referred", "AWAITING_DECISION", 0.7),
        ("recuse", "AWAITING_DECISION", 0.8), ("no_case", "CLOSED", 1.0), ("reopen", "OPENED", 2.0),
    )  # fmt: skip
    write_term(home, [File(steps)], nights=1)
    singles = dict(count(home).singles)
    assert (singles[Single.SAFEGUARDING], singles[Single.PASSED_OVER], singles[Single.REOPENED]) == (1, 1, 1)


def test_good_news_and_damaged_evidence_are_no_incidents(home: Path) -> None:
    write_term(home, [File(GOOD, track="positive"), File(DECIDED, "evidence_damaged")], nights=1)
    counted = count(home)
    assert parts(counted, Topic.KIND) == {}
    assert parts(counted, Topic.GOOD_NEWS) == {"left": 1}


def test_nights_that_did_not_run_or_saw_nothing_are_counted_as_such(home: Path) -> None:
    write_term(home, nights=60)
    nights = count(home).nights
    assert (nights.expected, nights.whole, nights.in_part, nights.blind, nights.not_run) == (
        122,
        57,
        1,
        2,
        62,
    )


def test_before_the_first_night_of_all_no_night_was_missed(home: Path) -> None:
    with Warehouse(home).writer() as writing:
        write_night(writing, 121)
    assert (count(home).nights.expected, count(home).nights.not_run) == (1, 0)


def test_a_term_without_a_night_is_an_empty_sheet(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = governors(home, capsys, "--format", "json")
    term = json.loads(out)["terms"][0]
    assert code == 0
    assert term["nights"]["expected"] == 0
    assert {group["total"] for group in term["groups"].values()} == {0}


def test_mentions_count_as_the_nights_wrote_them_down_though_they_are_deleted_since(home: Path) -> None:
    """Praise goes after a month: counting what is stored would count too few."""
    write_term(home, nights=10)
    counted = count(home)
    assert parts(counted, Topic.LABEL) == {"positive": 10, "neutral": 30, "concern": 20}
    assert parts(counted, Topic.PLACE) == {"feed": 50, "reddit": 10}
    assert parts(counted, Topic.WEEK) == {"2026-08-31": 36, "2026-09-07": 24}


def test_only_a_week_in_which_a_night_saw_something_has_a_number(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first night, after the last, between them, and where every night was blind or cut off: no nought."""
    with Warehouse(home).writer() as writing:
        write_night(writing, 8, "clear", (0, 0, 0, 0))
        write_night(writing, 15, "degraded", (0, 0, 0, 0))
        write_night(writing, 22, "blind", (0, 0, 0, 0))
        write_night(writing, 29, "clear", (0, 0, 0, 0))
        writing.run("UPDATE runs SET finished_at = NULL, verdict = NULL WHERE run_id = 'run-29'")
        write_night(writing, 36)
        write_night(writing, 50, "blind", (0, 0, 0, 0))
        write_night(writing, 51, "clear", (0, 0, 0, 0))
    _, out, _ = governors(home, capsys, "--format", "json")
    week = json.loads(out)["terms"][0]["groups"]["week"]
    looked = {"2026-09-07": 0, "2026-09-14": 0, "2026-10-05": 6, "2026-10-19": 0}
    assert {name: count for name, count in week["parts"].items() if count is not None} == looked
    assert week["nobody_looked"] == [day.isoformat() for day in AUTUMN.weeks if day.isoformat() not in looked]
    assert json.loads(sheet_path(Home(home), AUTUMN).read_text())["groups"]["week"] == week
    assert out == governors(home, capsys, "--format", "json")[1], "and is read back as it was"


def test_a_night_seen_once_and_blind_at_its_last_run_was_looked_at(home: Path) -> None:
    """The night counts as blind, as its last run did; what its first run saw is a number all the same."""
    with Warehouse(home).writer() as writing:
        write_night(writing, 0, "clear", (0, 0, 0, 0))
        write_night(writing, 1, "blind", (0, 0, 0, 0))
        writing.run("UPDATE runs SET started_at = started_at - INTERVAL 22 HOUR WHERE run_id = 'run-1'")
    counted = count(home)
    assert (counted.nights.whole, counted.nights.blind) == (0, 1)
    (weeks,) = (group for group in counted.groups if group.topic is Topic.WEEK)
    assert "2026-08-31" not in weeks.nobody_looked and "2026-09-07" in weeks.nobody_looked


def test_a_policy_that_sets_no_time_for_acknowledging_has_no_such_table(tmp_path: Path) -> None:
    topics = {}
    for pack in ("llanbedrog", "brighton_hill", "cansfield", "caldecote", "grappenhall_heys"):
        folder = make_home(tmp_path / pack, pack=pack)
        write_term(folder, [File(CONCERN, track="concern"), File(LATE_CONCERN, track="concern")], nights=1)
        found = [group for group in count(folder).groups if group.topic is Topic.ACKNOWLEDGED]
        topics[pack] = {name: number for name, number in found[0].counts if number} if found else None
    assert None in topics.values()
    assert all(said in (None, {"met": 1, "missed": 1}) for said in topics.values())


def test_a_term_that_is_not_over_is_refused_with_its_last_day(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_term(home, nights=1)
    code, out, err = governors(home, capsys, now="2026-12-31T23:00:00Z")
    assert (code, out) == (5, "")
    assert "2026-12-31" in err
    assert not sheet_path(Home(home), AUTUMN).exists()


def test_a_sheet_counted_once_stays_as_it_was(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two sheets of one term must not differ: the difference would tell of one incident."""
    write_term(home, [File(NO_CASE)] * 9, nights=20)
    first = governors(home, capsys, "--format", "json")[1]
    with Warehouse(home).writer() as writing:
        write_night(writing, 90)
    assert governors(home, capsys, "--format", "json", now="2027-02-01T08:00:00Z")[1] == first
    page = governors(home, capsys, "--lang", "en", now="2027-02-01T08:00:00Z")[1]
    assert "Figures fixed on 4 January 2027." in page


def test_a_term_whose_figures_are_gone_is_counted_again_for_a_reason_only(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Removing a file was all it took to have two sheets of one term that could be subtracted."""
    write_term(home, [File(NO_CASE)] * 9, nights=20)
    governors(home, capsys)
    sheet_path(Home(home), AUTUMN).unlink()
    code, out, err = governors(home, capsys)
    assert (code, out, err.count("\n")) == (5, "", 1) and "2027-01-04" in err and "--again" in err
    assert governors(home, capsys, "--again", "no")[0] == 2
    year = ("--from", "2026-09-01", "--to", "2027-03-31")
    assert governors(home, capsys, "--again", "they were lost", *year, now="2027-05-01T08:00:00Z")[0] == 2
    later = "2027-02-01T08:00:00Z"
    code, page, _ = governors(home, capsys, "--lang", "en", "--again", "the disk was lost", now=later)
    assert code == 0 and "these figures replace those of 4 January 2027" in page
    assert "these figures replace" in governors(home, capsys, "--lang", "en", now=later)[1], "and stays so"
    with Warehouse(home).live_reader() as reading:
        rows = reading.rows("SELECT reason FROM audit WHERE object_kind = 'governors_sheet' ORDER BY seq")
    assert rows == [("",), ("the disk was lost",)]


def test_reports_are_in_their_own_number_and_in_no_table_beside_it(home: Path) -> None:
    """Else mentions by language, less mentions by source, were the posts a person reported."""
    write_term(home, nights=3)
    found = make_night("cut-off", [make_write("p1")])
    reported = make_night(
        "report-1", [make_write("p2", source="report", kind=EntryKind.REPORT)], source="report"
    )
    reported = replace(reported, run=replace(reported.run, collector="report"))
    with Warehouse(home).writer() as writing:
        store_nights(writing, [found, reported], NOW)
    counted = count(home)
    assert parts(counted, Topic.LANG) == {"en": 1}
    assert dict(counted.singles)[Single.REPORTS] == 1
    assert sum(parts(counted, Topic.PLACE).values()) == sum(parts(counted, Topic.LABEL).values()) == 18


def test_a_night_that_was_cut_off_counts_in_no_table(home: Path) -> None:
    """One table with its mentions and one without were two totals, whose difference is a small number."""
    write_term(home, nights=3)
    with Warehouse(home).writer() as writing:
        writing.run(
            "UPDATE runs SET finished_at = NULL, verdict = NULL WHERE run_id = (SELECT max(run_id) FROM runs)"
        )
    counted = count(home)
    label, place, week = (
        sum(parts(counted, topic).values()) for topic in (Topic.LABEL, Topic.PLACE, Topic.WEEK)
    )
    assert label == place == week > 0


def test_what_is_kept_holds_no_small_number_and_is_readable_by_the_schools_account_alone(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_term(home, [File(NO_CASE)] * 9 + [File(POLICE, "hate")] * 3, nights=20)
    governors(home, capsys)
    kept = sheet_path(Home(home), AUTUMN)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kinds: dict[str, Any] = json.loads(kept.read_text())["groups"]["kind"]["parts"]
    assert (kinds["hate"], kinds["harassment"], kinds["threat"]) == (None, None, 0)


@pytest.mark.parametrize("form", ["html", "json"])
def test_no_person_source_address_or_number_of_an_incident_is_in_it(
    home: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """B05; protocol.md 5.12."""
    write_term(home, [File(NO_CASE, opened_at=START + timedelta(days=33))] * 9, nights=90)
    _, out, _ = governors(home, capsys, "--format", form, "--lang", "en")
    kept = sheet_path(Home(home), AUTUMN).read_text()
    for told in (
        "anna",
        "Anna",
        "x.test",
        "2026-0001",
        "a person's blog",
        "m1",
        "minute 7",
        "DPIA-3",
        "2026-10-04",
        "4 October",
    ):
        assert told not in out
        assert told not in kept


def test_one_incident_alone_can_be_read_out_of_no_form(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_term(home, [File(REMOVED, "hate", "police")], nights=90)
    _, out, _ = governors(home, capsys, "--format", "json")
    term = json.loads(out)["terms"][0]
    for topic in ("kind", "route", "outcome", "removal"):
        assert term["groups"][topic] == {"total": "fewer than 5", "parts": None}
    assert term["waits"] == {wait.value: {"median_days": None, "ninth_days": None} for wait in Wait}


@pytest.mark.parametrize(
    "asked",
    [
        ("--from", "2026-09-02", "--to", "2026-12-31"),
        ("--from", "2026-09-01", "--to", "2026-12-30"),
        ("--from", "2026-12-31", "--to", "2026-09-01"),
        ("--from", "2025-09-01", "--to", "2026-12-31"),
        ("--from", "2026-09-01"),
        ("--term", "winter", "2026"),
        ("--term", "autumn", "twenty"),
        ("--term", "autumn", "2026", "--from", "2026-09-01"),
    ],
)
def test_a_period_that_is_not_made_of_whole_terms_is_refused_in_every_form(
    home: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...]
) -> None:
    for form in ("html", "json", "pdf"):
        code, out, err = governors(home, capsys, *asked, "--format", form, "--out", str(home / "x"))
        assert (code, out, err.count("\n")) == (2, "", 1)
    assert not (home / "governors").exists()


def test_a_school_year_sets_three_terms_side_by_side(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_term(home, nights=20)
    code, out, _ = governors(
        home, capsys, "--from", "2026-09-01", "--to", "2027-08-31", "--lang", "cy", now="2027-09-02T08:00:00Z"
    )
    assert code == 0
    for name in ("Tymor yr hydref 2026", "Tymor y gwanwyn 2027", "Tymor yr haf 2027"):
        assert name in out
    assert len(list((home / "governors").iterdir())) == 3


def test_a_pdf_goes_into_a_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_term(home, nights=20)
    assert governors(home, capsys, "--format", "pdf")[0] == 2
    out = home / "sheet.pdf"
    assert governors(home, capsys, "--format", "pdf", "--out", str(out))[0] == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_counting_is_one_line_of_the_audit_log_and_looking_again_is_none(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_term(home, nights=2)
    for _ in range(2):
        governors(home, capsys)
    with Warehouse(home).live_reader() as reading:
        rows = reading.rows("SELECT verb, object_id FROM audit WHERE object_kind = 'governors_sheet'")
    assert rows == [("counted", "2026-autumn")]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"term": "spring"}'])
def test_a_kept_sheet_that_is_broken_is_named_with_its_mend(
    home: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = sheet_path(Home(home), AUTUMN)
    path.parent.mkdir()
    path.write_text(text)
    code, _, err = governors(home, capsys)
    assert (code, err.count("\n")) == (2, 1)
    assert str(path) in err and "backup" in err


def test_another_terms_sheet_in_its_place_is_not_shown(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_term(home, nights=2)
    governors(home, capsys)
    path = sheet_path(Home(home), AUTUMN)
    path.rename(sheet_path(Home(home), replace(AUTUMN, year=2025)))
    assert governors(home, capsys, "--term", "autumn", "2025")[0] == 2


def test_the_week_before_a_term_is_named_by_the_terms_first_day(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_term(home, nights=20)
    _, out, _ = governors(home, capsys, "--lang", "en")
    assert "1 September 2026" in out
    assert "31 August 2026" not in out


@pytest.mark.slow
def test_a_real_nights_records_make_a_sheet(
    tmp_path: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """The town's own night: what the sweep said it stored is what the sheet counts."""
    folder = tmp_path / "home"
    with Town(now) as town:
        write_home(folder, town.base)
        report = sweep_plainly(folder, now)
    counted = count(folder)
    assert dict(next(g.counts for g in counted.groups if g.topic is Topic.LABEL)) == {
        name: getattr(report.counts, name) for name in ("neutral", "positive", "concern", "inappropriate")
    }
    assert sum(number for _, number in _group(counted, Topic.PLACE).counts) == sum(
        number for _, number in _group(counted, Topic.LABEL).counts
    )
    assert sum(number for _, number in _group(counted, Topic.KIND).counts) == len(report.incidents_opened)
    with pytest.raises(Refused):
        read_or_count(Home(folder), AUTUMN, datetime(2026, 11, 22, tzinfo=UTC), "me")
    code, out, _ = governors(folder, capsys)
    assert code == 0
    assert '<html lang="en">' in out
    assert all(number not in out for number in report.incidents_opened)


def _group(counted: TermCounts, topic: Topic) -> Group:
    return next(group for group in counted.groups if group.topic is topic)


def test_terms_are_days_in_london(home: Path) -> None:
    """A run at half past midnight on the first of September, London time, is still August in UTC."""
    with Warehouse(home).writer() as writing:
        write_night(writing, 0)
        writing.run("UPDATE runs SET started_at = ?", [datetime(2026, 8, 31, 23, 30, tzinfo=UTC)])
    assert count(home).nights.whole == 1
    assert date(2026, 9, 1) == AUTUMN.first_on
