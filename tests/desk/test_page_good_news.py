"""Good news: praise newest first, and how far thanking has come (issue 6, points 2 and 3; L20, L31)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from flows.home import Home, read_school
from flows.incident_work import StepAsked, take_step
from flows.overview import THANK_STEPS, HomeOverview
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from flows.standing import read_context, read_standing, steps_for_roles
from incidents.steps import Event
from mentionwatch.accounts import RIGHTS, DeskRole, Right, Viewer
from mentionwatch.labels import IncidentState, Label, Role
from tests.desk.signed_in import Running, serving, sign_in
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.reading import MentionFilter, list_mentions

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
NOW = NIGHT + timedelta(hours=6)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("good") / "home")
    write_swept_home(home.folder, NIGHT)
    school, pack = read_school(home)
    with serving(HomeRecords(home, SchoolNow(home, school, pack)), home, clock=lambda: NOW) as made:
        yield made


def ids(home: Home, label: Label) -> tuple[str, ...]:
    with Warehouse(home.folder).live_reader() as reading:
        return tuple(row.id for row in list_mentions(reading, MentionFilter(label=label)))


def viewer(*roles: DeskRole) -> Viewer:
    return Viewer("v1", "", frozenset(roles), "en")


def overview(home: Home) -> HomeOverview:
    return HomeOverview(home, partial(read_school, home), lambda: NOW)


def page(desk: Running, role: DeskRole = DeskRole.DSL, lang: str = "en", path: str = "/good-news") -> str:
    with sign_in(desk, role, lang=lang) as client:
        answer = client.get(path)
    assert answer.status_code == 200 and len(answer.content) < 100_000
    return answer.text.split("<main")[1]


def test_praise_is_shown_and_nothing_else(desk: Running) -> None:
    said = page(desk)
    praise = ids(desk.home, Label.POSITIVE)
    assert len(praise) >= 2 and said.count("<article") == len(praise)
    for other in (Label.NEUTRAL, Label.CONCERN, Label.INAPPROPRIATE):
        assert not [id_ for id_ in ids(desk.home, other) if id_ in said]


def test_thanking_goes_from_proposed_to_approved_and_each_sees_their_own_step(desk: Running) -> None:
    """L20: anyone may propose, the decider approves; nobody is offered a step the protocol refuses them."""
    id_ = ids(desk.home, Label.POSITIVE)[0]
    assert f'href="/incidents/{id_}/steps/thank_propose"' in page(desk, DeskRole.DSL)
    assert f'href="/incidents/{id_}/steps/leave"' in page(desk, DeskRole.OFFICE)
    school, pack = read_school(desk.home)
    context = read_context(desk.home, school, pack, NOW, "o1")
    take_step(
        StepAsked(id_, Event.THANK_PROPOSE, Role.OPERATOR, "a kind word", (("proposal", "thank"),)), context
    )
    found = overview(desk.home).thanks(viewer(DeskRole.DSL), (id_,))[id_]
    assert found.state is IncidentState.THANK_PROPOSED
    by = dict(found.steps)
    assert by["thank_approve"] and Role.OPERATOR not in by["thank_approve"]
    approve = f"/incidents/{id_}/steps/thank_approve"
    assert approve not in page(desk, DeskRole.OFFICE), "the office proposes, it does not approve"
    decider = {
        Role.HEAD: DeskRole.HEAD,
        Role.DEPUTY: DeskRole.DEPUTY,
        Role.CHAIR: DeskRole.CHAIR,
        Role.SLT: DeskRole.SLT,
    }
    opened = [
        role for role in by["thank_approve"] if decider.get(role) and Right.GOOD_NEWS in RIGHTS[decider[role]]
    ]
    assert any(approve in page(desk, decider[role]) for role in opened)
    assert "Thanks or sharing proposed".lower() in page(desk).lower()


def test_a_reviewer_reads_and_is_offered_no_step(desk: Running) -> None:
    said = page(desk, DeskRole.REVIEWER)
    assert "<article" in said and "/steps/" not in said and 'href="/incidents' not in said


def test_what_is_no_good_news_or_not_theirs_has_no_thanks(desk: Running) -> None:
    """L31: an analyst knows of none; of an incident's post and of what is not there nothing is told."""
    found = overview(desk.home)
    praise, bad = ids(desk.home, Label.POSITIVE), ids(desk.home, Label.INAPPROPRIATE)
    assert found.thanks(viewer(DeskRole.ANALYST), praise) == {}
    assert found.thanks(viewer(DeskRole.CHAIR), praise) == {}
    assert set(found.thanks(viewer(DeskRole.DSL), (*praise, *bad, "m1-none", "'; --"))) <= set(praise)


@pytest.mark.parametrize("asked", ["2", "0", "-1", "x", "99999", "١", "1e3"])
def test_any_page_number_is_answered(desk: Running, asked: str) -> None:
    page(desk, path=f"/good-news?page={asked}")


@pytest.mark.parametrize("role", list(DeskRole))
def test_who_may_see_it(desk: Running, role: DeskRole) -> None:
    with sign_in(desk, role) as client:
        assert client.get("/good-news").status_code == (200 if Right.GOOD_NEWS in RIGHTS[role] else 404)


def test_no_word_of_a_post_is_in_the_title_or_an_address_of_ours(desk: Running) -> None:
    with sign_in(desk, DeskRole.DSL) as client:
        text = client.get("/good-news").text
    title = re.search(r"<title>(.*?)</title>", text, re.S)
    assert title and title.group(1).split() == ["Good", "news", "–", "School", "mentions"]
    assert all(re.fullmatch(r"[\w/?=.:#-]*", href) for href in re.findall(r'href="(/[^"]*)"', text))


def test_what_nobody_took_up_is_told_as_the_protocol_tells_it_for_each(desk: Running) -> None:
    """The page asks once for all that nobody took up; asked one by one, the protocol says the same."""
    home = desk.home
    school, pack = read_school(home)
    context = read_context(home, school, pack, NOW, "v1")
    found = overview(home).thanks(viewer(DeskRole.DSL), ids(home, Label.POSITIVE))
    assert len(found) >= 2
    for id_, told in found.items():
        with Warehouse(home.folder).live_reader() as reading:
            standing = read_standing(reading, id_, context)
        slow = {step.event: step.open_to for step in steps_for_roles(standing.now, standing.pack)}
        assert told.state is standing.now.state
        assert dict(told.steps) == {
            event.value: slow[event.value] for event in THANK_STEPS if event.value in slow
        }
