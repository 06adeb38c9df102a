"""The start page over a real night's records: what asks whom, in which order, and never more than they may know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.queue_words import AFFECTED, OFFERS, QUEUE_WORDS, say_affected
from desk.start import MOST_OFFERED, OFFERED
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from incidents.steps import Event
from mentionwatch.accounts import DeskRole, Viewer
from tests.desk.signed_in import Running, serving, sign_in
from tests.flows.swept import write_swept_home
from town.home import write_home
from town.server import Town

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)
ONE = {role: Viewer("a1", "", frozenset({role}), "en") for role in DeskRole}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("queue") / "home")
    write_swept_home(made.folder, NIGHT)
    return made


@pytest.fixture(scope="module")
def records(home: Home) -> HomeRecords:
    return HomeRecords(home, SchoolNow(home, *read_school(home)))


@pytest.fixture(scope="module")
def desk(home: Home, records: HomeRecords) -> Iterator[Running]:
    with serving(records, home, clock=lambda: MORNING) as running:
        yield running


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize("role", list(DeskRole))
def test_everybody_has_a_start_page_that_opens_with_the_verdict(
    desk: Running, role: DeskRole, lang: str
) -> None:
    with sign_in(desk, role, lang=lang) as client:
        answer = client.get("/")
    assert answer.status_code == 200 and not desk.crashes
    assert len(answer.content) < 100_000
    main = answer.text.split('<main id="content">')[1]
    assert main.lstrip().startswith("<h1>") and 'class="verdict' in main


def test_parts_stand_in_the_order_of_the_digest(desk: Running) -> None:
    """Protocol 5, point 1: act now, decisions, deadlines, concerns, posts to look at, good news, run health."""
    with sign_in(desk, DeskRole.HEAD, DeskRole.DSL, DeskRole.CHAIR) as client:
        main = client.get("/").text.split('<main id="content">')[1]
    found = re.findall(r'<h2 id="([\w-]+)"', main)
    order = [
        "act-now",
        "decisions",
        "due",
        "concerns",
        "look",
        "good-news",
        "health",
        "digests",
    ]
    assert found == [each for each in order if each in found]
    assert {"act-now", "look", "good-news", "health", "digests"} <= set(found)


def test_a_row_leads_to_its_form_in_one_click(desk: Running, records: HomeRecords) -> None:
    """Item, act, confirm: three clicks at most. Every offered step is one the protocol opens to this person."""
    start = records.start(ONE[DeskRole.HEAD], "en", MORNING)
    rows = (*start.act_now, *start.decisions, *start.due)
    assert rows
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get("/").text
    for row in rows:
        assert 0 < len(row.offer.events) <= MOST_OFFERED
        opened = records.incident(ONE[DeskRole.HEAD], row.line.id, "en")
        assert opened is not None
        may = {step.event for step in opened.open_steps if any(r.value == "head" for r in step.open_to)}
        assert set(row.offer.events) <= may | {step.event for step in opened.at_once}
        for event in row.offer.events:
            assert f'href="/incidents/{row.line.id}/steps/{event}?from=start"' in page
    for link in re.findall(r'href="(/mentions/[^"?]+)\?from=start"', page):
        assert len(link) > len("/mentions/")


def test_a_row_says_what_its_reader_needs_to_decide_and_nothing_twice(
    desk: Running, records: HomeRecords
) -> None:
    """Protocol 5, point 3: number, kind, where, times, evidence, what is due; where it stands only where no decision is open."""
    start = records.start(ONE[DeskRole.HEAD], "en", MORNING)
    rows = [row for row in (*start.act_now, *start.decisions) if row.offer.decides]
    assert rows
    with sign_in(desk, DeskRole.HEAD) as client, sign_in(desk, DeskRole.DSL) as dsl:
        page, hers = client.get("/").text, dsl.get("/").text
    for row in rows:
        part = page.split(f'id="i{row.line.id}"')[1].split("</article>")[0]
        for label in ("Due", "Suggested", "Where", "Posted", "Captured", "Evidence"):
            assert part.count(f"<dt>{label}</dt>") == 1
        assert "Where it stands" not in part and "Nobody has said yet" not in part
        assert "<strong>Hand over: today, 18:00</strong>" in part
    assert "<dt>Where it stands</dt>" in hers and "Decides: " in hers


def test_what_asks_somebody_else_is_not_counted_as_asking_me(records: HomeRecords) -> None:
    for role in (DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.DSL, DeskRole.OFFICE, DeskRole.SLT):
        start = records.start(ONE[role], "en", MORNING)
        shown = {row.id for row in records.incidents(ONE[role], "en")}
        mine = {row.line.id for row in (*start.act_now, *start.decisions, *start.due)}
        others = {row.line.id for row in start.elsewhere}
        assert mine | others <= shown
        assert all(
            row.offer.asks and row.offer.events for row in (*start.act_now, *start.decisions, *start.due)
        )
    decided = {
        row.line.id
        for row in records.start(ONE[DeskRole.SLT], "en", MORNING).decisions
        if row.line.decider.value != "slt"
    }
    assert not decided


@pytest.mark.parametrize("role", [DeskRole.ANALYST, DeskRole.ADMIN])
def test_nothing_of_a_post_or_incident_is_on_the_page_of_those_who_see_none(
    desk: Running, role: DeskRole
) -> None:
    """L31."""
    with sign_in(desk, role) as client:
        page = client.get("/").text
    assert "/mentions/" not in page and "/incidents/" not in page and "<article" not in page


def test_no_word_of_a_flagged_post_is_on_the_page(desk: Running, records: HomeRecords) -> None:
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get("/").text
    start = records.start(ONE[DeskRole.HEAD], "en", MORNING)
    rows = [row.line for row in (*start.look, *start.concerns)]
    rows += [row.line.mention for row in (*start.act_now, *start.decisions) if row.line.mention]
    assert rows
    for row in rows:
        assert not row.text.strip() or row.text[:40] not in page
    assert "<blockquote" not in page


def test_nothing_asks_is_never_said_of_a_night_that_did_not_run(home: Home, records: HomeRecords) -> None:
    """Protocol 5, point 1 (g)."""
    viewer = ONE[DeskRole.CHAIR]
    seen = {records.start(viewer, "en", MORNING).quiet, records.start(viewer, "en", MORNING).digest.headline}
    assert "quiet_seen" not in seen or "verdict_degraded" not in seen
    late = records.start(viewer, "en", MORNING + timedelta(days=2))
    assert late.digest.headline == "not_run" and late.quiet == "quiet_not_run"
    for at in (0, 1):
        said = {QUEUE_WORDS[key][at] for key in ("quiet_seen", "quiet_unseen", "quiet_not_run")}
        assert len(said) == 3
    with (
        serving(records, home, clock=lambda: MORNING + timedelta(days=2)) as desk,
        sign_in(desk, DeskRole.CHAIR) as client,
    ):
        page = client.get("/").text
    assert QUEUE_WORDS["quiet_not_run"][0] in page and "did not take place" in page
    assert QUEUE_WORDS["quiet_seen"][0] not in page


def test_posts_of_earlier_days_still_ask(records: HomeRecords) -> None:
    """What nobody has judged does not leave the page with its day."""
    today = {row.line.id for row in records.start(ONE[DeskRole.DSL], "en", MORNING).look}
    later = {row.line.id for row in records.start(ONE[DeskRole.DSL], "en", MORNING + timedelta(days=3)).look}
    assert today and today <= later


def test_every_offered_step_has_a_name_in_both_languages_and_none_is_grave() -> None:
    assert set(OFFERS) == {event.value for event in OFFERED}
    grave = {Event.LETTER_SENT, Event.MERGE, Event.MUST_DELETE, Event.BAN_DECIDED, Event.BAN_NOTICE}
    assert not grave & set(OFFERED)
    for english, welsh in (*OFFERS.values(), *QUEUE_WORDS.values()):
        assert english and welsh and english != welsh
    assert say_affected("", "cy") != say_affected("pupils", "cy") and set(AFFECTED) == {
        "school", "staff", "governors", "pupils",
    }  # fmt: skip


def test_an_empty_home_says_that_nothing_ran(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with Town(NIGHT) as town:
        write_home(home.folder, town.base)
    start = HomeRecords(home, SchoolNow(home, *read_school(home))).start(ONE[DeskRole.HEAD], "en", MORNING)
    assert start.quiet == "quiet_not_run" and not start.elsewhere
