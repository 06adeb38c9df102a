"""L31 over a real night: nobody is shown what a post says about themselves, on no page and in no number."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest

from desk.audit_port import AuditQuery
from desk.digest import Digest
from desk.pages import MentionQuery
from desk.render import render_html, render_text
from flows.desk_audit import HomeAudit
from flows.digest import digest_json, read_digest
from flows.home import Home, read_school
from flows.need_to_know import read_again, read_sight
from flows.overview import HomeOverview
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from flows.showing_more import read_decision_times, read_weekly
from incidents.permissions import find_subjects
from mentionwatch.accounts import PROTOCOL_ROLES, DeskRole, Right, Viewer
from mentionwatch.labels import IncidentState, Route, Verdict
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.incident_steps import incident_rows
from warehouse.need_to_know import may_know, may_see_incident
from warehouse.reading import MentionRow, list_mentions

pytestmark = pytest.mark.slow

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def viewer(*roles: DeskRole) -> Viewer:
    return Viewer("a1", "Somebody", frozenset(roles), "en")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    found = Home(tmp_path_factory.mktemp("known") / "home")
    write_swept_home(found.folder, NIGHT)
    yield found


@cache
def stored(home: Home) -> tuple[MentionRow, ...]:
    with Warehouse(home.folder).live_reader() as reading:
        return list_mentions(reading)


def digest_of(home: Home, who: Viewer | None) -> Digest:
    school, pack = read_school(home)
    return read_digest(home, school, pack, NIGHT.date(), "en", who)


def about_them(home: Home, role: DeskRole) -> set[str]:
    profile = read_school(home)[0].profile
    mine = PROTOCOL_ROLES[role]
    return {row.id for row in stored(home) if mine in find_subjects(f"{row.title}\n{row.text}", profile)}


SUBJECTS = (DeskRole.HEAD, DeskRole.CO_HEAD, DeskRole.DEPUTY)


def test_a_night_writes_whom_its_posts_are_about(home: Home) -> None:
    """Without this the other tests would prove nothing: some posts of the town are about the head."""
    assert about_them(home, DeskRole.HEAD)
    assert len(about_them(home, DeskRole.HEAD)) < len(stored(home))


@pytest.mark.parametrize("role", SUBJECTS)
def test_a_digest_for_a_person_speaks_of_nothing_about_them(home: Home, role: DeskRole) -> None:
    mine = about_them(home, role)
    found = digest_of(home, viewer(role))
    assert not mine & {row.id for row in found.mentions}
    told = digest_json(found) + render_html(found, "en") + render_text(found, "en")
    assert [id_ for id_ in mine if id_ in told] == []
    with Warehouse(home.folder).live_reader() as reading:
        theirs = {row.id for row in incident_rows(reading) if row.mention_id in mine}
    assert [id_ for id_ in theirs if id_ in told] == []


@pytest.mark.parametrize("role", list(DeskRole))
def test_the_numbers_of_a_digest_are_over_what_it_may_speak_of(home: Home, role: DeskRole) -> None:
    """L31: a person who counts must not find out that there is more."""
    found = digest_of(home, viewer(role))
    records = HomeRecords(home, SchoolNow(home, *read_school(home)))
    rows = records.mentions(viewer(role), MentionQuery()).rows
    assert found.run is not None
    counts = found.run.counts
    assert counts.positive + counts.neutral + counts.concern + counts.inappropriate == len(rows)
    assert sum(line.new + line.edited for line in found.run.sources) == len(rows)
    assert {row.id for row in found.mentions} <= {row.id for row in rows}
    silent = {line.name for line in found.run.sources} - {row.source for row in rows}
    assert not [
        line for line in found.run.sources if line.name in silent and line.verdict.value == "mentions"
    ]


def test_the_whole_digest_is_the_one_of_the_machine(home: Home) -> None:
    """A viewer no post can be about, with a role that sees all, has the same digest as the file on disk."""
    assert digest_of(home, viewer(DeskRole.DSL)) == digest_of(home, None)


@pytest.mark.parametrize("role", list(DeskRole))
def test_every_page_shows_the_same_part(home: Home, role: DeskRole) -> None:
    """Role by projection: a page of its own exists for exactly what the list shows."""
    records, who = HomeRecords(home, SchoolNow(home, *read_school(home))), viewer(role)
    listed = {row.id for row in records.mentions(who, MentionQuery()).rows}
    shown = {row.id for row in records.incidents(who, "en")}
    with Warehouse(home.folder).live_reader() as reading:
        sight = read_sight(reading, who, *read_school(home))
        rows = incident_rows(reading)
        assert {row.id for row in list_mentions(reading) if may_know(reading, sight, row.id)} == listed
        assert {row.id for row in rows if may_see_incident(reading, sight, row.id)} == shown
        assert not may_know(reading, sight, "no such mention")
    for id_ in (*sorted(listed)[:1], *sorted({row.id for row in stored(home)} - listed)[:1]):
        assert bool(records.mentions(who, MentionQuery(id=id_)).rows) == (id_ in listed)
    for row in (*rows[:1], *rows[-1:]):
        assert (records.incident(who, row.id, "en") is not None) == (row.id in shown)
    if role in PROTOCOL_ROLES:
        assert not about_them(home, role) & listed
    if role in (DeskRole.ANALYST, DeskRole.ADMIN):
        assert not listed and not shown
    if role is DeskRole.REVIEWER:
        assert not shown and not [row for row in stored(home) if row.id in listed and row.incident]
    if role in (DeskRole.OFFICE, DeskRole.SLT):
        grave = {
            row.id
            for row in rows
            if row.route in (Route.POLICE, Route.SAFEGUARDING) or row.state is IncidentState.STOP_IMAGE
        }
        assert grave and not grave & shown
        assert not [row for row in stored(home) if row.id in listed and row.incident in grave]
    if role is DeskRole.CHAIR:
        assert shown == {row.id for row in rows if row.decider.value == "chair" and row.id in shown}
    if role is DeskRole.DSL:
        assert shown == {row.id for row in rows} and listed == {row.id for row in stored(home)}


@pytest.mark.parametrize("role", list(DeskRole))
def test_figures_and_the_audit_log_speak_of_what_is_shown_and_of_nothing_else(
    home: Home, role: DeskRole
) -> None:
    """L31: a chart is a count, and a row of the log names a record."""
    who, now = viewer(role), NIGHT + timedelta(days=1)
    school, pack = read_school(home)
    with Warehouse(home.folder).live_reader() as reading:
        sight = read_sight(reading, who, school, pack)
        listed = {row.id for row in list_mentions(reading) if may_know(reading, sight, row.id)}
        shown = {row.id for row in incident_rows(reading) if may_see_incident(reading, sight, row.id)}
        weeks = read_weekly(reading, who, school, pack, NIGHT - timedelta(weeks=4))
        times = read_decision_times(reading, who, school, pack, now)
        every = {row[0] for row in reading.rows("SELECT split_part(object_id, '/', 1) FROM audit")}
    log = HomeAudit(home, SchoolNow(home, school, pack)).shown(who, AuditQuery())
    health = HomeOverview(home, partial(read_school, home), lambda: now).health(who).sources
    if role is DeskRole.ANALYST:
        assert all(one.mentions >= 5 for one in weeks), (
            "groups under five are told to nobody who is shown none"
        )
    else:
        assert sum(one.mentions for one in weeks) == (len(listed) if who.has(Right.FIGURES) else 0)
    assert len(times.waits) <= len(shown)
    named = {row.object_id.split("/")[0] for row in log.rows}
    if not who.has(Right.AUDIT):
        assert not named
    elif not log.has_older:
        # All that the log says of records they may know of, and of no other.
        assert named & every >= (listed | shown) & every
    assert not {row.id for row in stored(home)} & named - listed
    assert bool(health) == who.has(Right.SOURCES)
    assert not [
        one for one in health if Verdict.MENTIONS in (one.verdict, *(each.verdict for each in one.nights))
    ]


@pytest.mark.parametrize("role", [DeskRole.HEAD, DeskRole.OFFICE, DeskRole.REVIEWER, DeskRole.ADMIN])
def test_the_start_page_and_a_mention_of_its_own_hold_what_is_shown_and_nothing_else(
    home: Home, role: DeskRole
) -> None:
    records, who = HomeRecords(home, SchoolNow(home, *read_school(home))), viewer(role)
    listed = {row.id for row in records.mentions(who, MentionQuery()).rows}
    start = records.start(who, "en", NIGHT + timedelta(hours=5))
    assert {row.line.id for row in (*start.look, *start.to_see, *start.concerns)} <= listed
    asks = {row.id for row in stored(home) if row.needs_person and not row.is_decided and not row.incident}
    # All of it stands there for everybody who may know of it; it asks those alone who may say what a post is.
    assert asks & listed <= {row.line.id for row in (*start.look, *start.to_see)}
    assert not (start.to_see if who.has(Right.CORRECT) else start.look)
    shown = {row.id for row in records.incidents(who, "en")}
    assert {row.line.id for row in (*start.act_now, *start.decisions, *start.due, *start.elsewhere)} <= shown
    other = sorted({row.id for row in stored(home)} - listed)
    assert [records.mention(who, id_, "en") for id_ in (*other[:2], "none")] == [None] * (len(other[:2]) + 1)
    for id_ in sorted(listed)[:1]:
        found = records.mention(who, id_, "en")
        assert found is not None and found.mention.id == id_ and found.model and found.revisions == 1
        assert {look.verb for look in found.looks} >= {"captured"}
        assert (found.delete_at is None) == bool(found.mention.incident or found.mention.is_withheld)


def test_another_surname_bars_at_once_and_reads_again(home: Home, tmp_path: Path) -> None:
    """A deputy whose name came into school.toml today is shown nothing until the posts are read for it."""
    moved = Home(tmp_path / "home")
    shutil.copytree(home.folder, moved.folder)
    words = Counter(
        each for row in stored(home) for each in set(row.text.split()) if each.isalpha() and len(each) > 6
    )
    known = read_school(home)[0].profile.deputy_surnames
    word = min((each for each in words if each not in known), key=lambda each: (words[each], each))
    text = moved.school_file.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("deputy_surnames")]
    at = lines.index("[school]") + 1
    moved.school_file.write_text("\n".join([*lines[:at], f'deputy_surnames = ["{word}"]', *lines[at:]]))
    school, pack = read_school(moved)
    records, deputy = HomeRecords(moved, SchoolNow(moved, school, pack)), viewer(DeskRole.DEPUTY)
    assert records.mentions(deputy, MentionQuery()).rows == ()
    assert len(records.mentions(viewer(DeskRole.DSL), MentionQuery()).rows) == len(stored(home))
    assert read_again(moved, school.profile, batch=3) == len(stored(home))
    assert read_again(moved, school.profile) == 0
    mine = about_them(moved, DeskRole.DEPUTY)
    shown = {row.id for row in records.mentions(deputy, MentionQuery()).rows}
    assert mine > about_them(home, DeskRole.DEPUTY)
    assert shown and not shown & mine
