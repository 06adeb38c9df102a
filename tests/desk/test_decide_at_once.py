"""Deciding at once: one form hands the evidence to whoever decides and records the decision, as two events or none (L23, L24)."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import httpx
import pytest

from desk.acts import Done, NoSuch, Overtaken, RefusedHere, StepGiven
from desk.start import DECISIONS, list_shortcuts
from desk.step_form import GRAVE as NEVER_ONE_CLICK
from desk.step_form import NAMED_BY
from flows.deciding import at_once_steps, find_chain, list_at_once, list_chains
from flows.desk_steps import HomeSteps
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from flows.standing import Standing
from incidents.protocol import find_refusal
from incidents.standing import IncidentNow
from incidents.steps import Actor, Event
from incidents.transitions import BY_EVENT
from mentionwatch.accounts import PROTOCOL_ROLES, DeskRole, Viewer
from mentionwatch.labels import UNDECIDED, Harm, IncidentState, Role
from mentionwatch.law import OFFENCES
from tests.desk.signed_in import csrf_in, serving, sign_in
from tests.desk.test_incident_steps import GRAVE, NIGHT, NOON, OTHER, PLAIN, POLICE, Sometimes, Town1, seen_in
from tests.flows.swept import write_swept_home
from tests.incidents.packs import PACKS
from warehouse.connection import Warehouse
from warehouse.incident_steps import IncidentRow, incident_events

TICK = "fact_conflict_checked"
HEAD = Viewer("a1", "", frozenset({DeskRole.HEAD}), "en")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town1]:
    home = Home(tmp_path_factory.mktemp("at_once") / "home")
    write_swept_home(home.folder, NIGHT)
    now = SchoolNow(home, *read_school(home))
    steps = Sometimes(home, now, lambda: NOON)
    records = HomeRecords(home, now, lambda: NOON)
    with serving(records, home, clock=lambda: NOON, steps=steps) as desk:
        yield Town1(desk, steps)


def seen_of(town: Town1, id_: str) -> int:
    return len(town.events(id_))


def given(town: Town1, id_: str, event: Event, *facts: tuple[str, str], role: str = "head", seen: int | None = None) -> StepGiven:  # fmt: skip
    return StepGiven(
        id_, event.value, role, "read and weighed", facts, seen_of(town, id_) if seen is None else seen
    )


def test_every_role_is_offered_it_only_where_it_decides(town: Town1) -> None:
    """L24, L31: the decider alone; never whom the post is about, never before the evidence is kept."""
    offered = 0
    for desk_role in DeskRole:
        viewer = Viewer("a1", "", frozenset({desk_role}), "en")
        for row in town.rows():
            for event in DECISIONS:
                page = town.steps.step_page(viewer, row.id, event.value, "en")
                if page is None or not page.is_at_once:
                    continue
                offered += 1
                assert row.state is IncidentState.PRESERVED
                assert viewer.protocol_roles == (row.decider,) and page.open_to == (row.decider,)
                assert TICK in [field.name for field in page.fields]
    assert offered >= 3 * len(DECISIONS), "police and safeguarding routes too"


def test_the_button_says_that_the_post_is_not_about_them_and_the_page_what_is_recorded_first(
    town: Town1,
) -> None:
    for lang, words in (
        ("en", "It is not about me. Record this"),
        ("cy", "Nid yw'n sôn amdanaf i. Cofnodwch hyn"),
    ):
        with sign_in(town.desk, DeskRole.HEAD, lang=lang) as client:
            page = client.get(f"/incidents/{PLAIN}/steps/no_case").text
        main = page.split("<main")[1].replace("&#39;", "'")
        assert re.search(rf'<button name="{TICK}" value="yes">([^<]+)<', main)[1] == words  # type: ignore[index]
        assert f"/incidents/{PLAIN}/steps/recuse" in main and 'type="checkbox"' not in main
        assert ("Recorded first: the evidence is with the person who decides." in main) == (lang == "en")
        assert 'name="confirm"' not in page


def test_without_the_tick_nothing_is_recorded(town: Town1) -> None:
    before = town.events(PLAIN)
    with sign_in(town.desk, DeskRole.HEAD) as client:
        path = f"/incidents/{PLAIN}/steps/no_case"
        page = client.get(path).text
        fields = {
            "csrf": csrf_in(page),
            "seen": seen_in(page),
            "as_role": "head",
            "reason": "read and weighed",
        }
        for more in ({}, {"confirm": "yes"}):
            answer = client.post(path, data={**fields, **more})
            assert answer.status_code == 422 and f'href="#{TICK}"' in answer.text
            assert "read and weighed" in answer.text
    assert town.events(PLAIN) == before


def test_a_decision_that_is_refused_hands_nothing_over(town: Town1) -> None:
    """Two events or none: what the protocol refuses in the second takes the first back."""
    before = town.events(POLICE)
    without = given(town, POLICE, Event.INTERNAL, ("conflict_checked", "yes"))
    refused = town.steps.take_step(HEAD, without, "en")
    assert isinstance(refused, RefusedHere), refused
    unknown = given(town, POLICE, Event.NO_CASE, ("conflict_checked", "yes"), ("into", PLAIN))
    assert isinstance(town.steps.take_step(HEAD, unknown, "en"), RefusedHere)
    no_look = given(town, POLICE, Event.NO_CASE)
    outcome = town.steps.take_step(HEAD, no_look, "cy")
    assert isinstance(outcome, RefusedHere) and outcome.field == "conflict_checked"
    assert town.events(POLICE) == before and town.row(POLICE).state is IncidentState.PRESERVED


def test_who_does_not_decide_cannot_whatever_the_form_says(town: Town1) -> None:
    before = town.events(PLAIN)
    dsl = Viewer("a2", "", frozenset({DeskRole.DSL}), "en")
    for viewer, role in ((dsl, "dsl"), (dsl, "head"), (HEAD, "deputy")):
        asked = given(town, PLAIN, Event.NO_CASE, ("conflict_checked", "yes"), role=role)
        assert isinstance(town.steps.take_step(viewer, asked, "en"), RefusedHere)
    about_them = given(town, OTHER, Event.NO_CASE, ("conflict_checked", "yes"))
    assert town.row(OTHER).decider is Role.DEPUTY, "the post is about the head"
    assert isinstance(town.steps.take_step(HEAD, about_them, "en"), NoSuch)
    assert town.events(PLAIN) == before


def test_what_happened_meanwhile_is_told_and_nothing_recorded(town: Town1) -> None:
    """ASVS 2.3.4: somebody handed it over, or only wrote a note, after the form was made."""
    with sign_in(town.desk, DeskRole.HEAD) as client:
        path = f"/incidents/{GRAVE}/steps/no_case"
        page = client.get(path).text
        dsl = Viewer("a2", "", frozenset({DeskRole.DSL}), "en")
        handed = given(town, GRAVE, Event.HAND_OVER, ("conflict_checked", "yes"), role="dsl")
        assert isinstance(town.steps.take_step(dsl, handed, "en"), Done)
        before = town.events(GRAVE)
        fields = {
            "csrf": csrf_in(page),
            "seen": seen_in(page),
            "as_role": "head",
            "reason": "read and weighed",
            TICK: "yes",
        }
        late = client.post(path, data=fields)
        assert late.status_code == 409 and "read and weighed" in late.text
        assert town.events(GRAVE) == before
        # The form of the second step alone, as it is now.
        again = client.get(path).text
        assert 'name="confirm"' in again and TICK not in again
    stale = given(town, POLICE, Event.NO_CASE, ("conflict_checked", "yes"), seen=0)
    assert isinstance(town.steps.take_step(HEAD, stale, "en"), Overtaken)


def test_of_eight_at_once_one_decides(town: Town1) -> None:
    """And back on the start page, with a status line, where the next thing stands."""
    path, before = f"/incidents/{PLAIN}/steps/treat_as_concern?from=start", town.events(PLAIN)
    with sign_in(town.desk, DeskRole.HEAD) as client:
        assert path in client.get("/").text
        page = client.get(path).text
        fields = {
            "csrf": csrf_in(page),
            "seen": seen_in(page),
            "as_role": "head",
            "reason": "read and weighed",
            TICK: "yes",
        }
        answers, cookies = list[httpx.Response](), dict(client.cookies)

        def knock() -> None:
            with town.desk.visitor() as one:
                one.cookies.update(cookies)
                answers.append(one.post(path, data=fields))

        threads = [threading.Thread(target=knock) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [answer for answer in answers if answer.status_code == 303]
        assert len(won) == 1 and won[0].headers["location"] == "/?said=step_taken"
        assert f"Your step has been recorded. Incident {PLAIN}: " in client.get("/?said=step_taken").text
    new = town.events(PLAIN)[len(before) :]
    assert new == [
        ("hand_over", Role.HEAD, "read and weighed"),
        ("treat_as_concern", Role.HEAD, "read and weighed"),
    ]
    assert town.row(PLAIN).state is IncidentState.CONCERN
    with Warehouse(town.desk.home.folder).live_reader() as reading:
        rows = incident_events(reading, PLAIN)[-2:]
        audits = reading.rows(
            "SELECT actor, role, reason FROM audit WHERE object_id = ? AND verb = 'moved' ORDER BY rowid",
            [PLAIN],
        )[-2:]
    assert rows[0].happened_at == rows[1].happened_at == NOON
    assert '"conflict_checked": "yes"' in rows[0].details and "conflict_checked" not in rows[1].details
    assert [row[1] for row in audits] == ["head", "head"] and audits[0][0] == audits[1][0] != ""
    assert not any("weighed" in row[2] for row in audits), "I9"


def test_the_steps_of_a_desk_without_a_deciding_viewer_stay_as_they_were(town: Town1) -> None:
    """The office hands over by its own form, and the decision stays the decider's."""
    office = Viewer("a3", "", frozenset({DeskRole.OFFICE}), "en")
    assert isinstance(town.steps, HomeSteps)
    for row in town.rows():
        page = town.steps.step_page(office, row.id, Event.HAND_OVER.value, "en")
        assert page is None or not page.is_at_once


def test_whom_it_is_about_passes_it_on_in_one_form(town: Town1) -> None:
    """L31: handed over and handed on, two events; the next whom it is not about decides, and the head knows of it no more."""
    before = town.events(POLICE)
    asked = given(town, POLICE, Event.RECUSE, ("conflict_checked", "yes"))
    assert isinstance(town.steps.take_step(HEAD, asked, "en"), Done)
    assert [event for event, _, _ in town.events(POLICE)[len(before) :]] == ["hand_over", "recuse"]
    assert town.row(POLICE).decider is Role.CHAIR, "the post is about the deputy too"
    assert isinstance(town.steps.take_step(HEAD, given(town, POLICE, Event.NO_CASE), "en"), NoSuch)


def test_a_link_answers_what_its_words_say_and_one_choice_says_whom_and_how(town: Town1) -> None:
    """L15, L24, D13: who clicked gave the answer, sees it, may change it; each is a fact of its own in the log."""
    path = f"/incidents/{OTHER}/steps/internal?from=start"
    with sign_in(town.desk, DeskRole.DEPUTY) as client:
        start = client.get("/").text
        assert f'href="{path}&amp;author=parent"' in start
        page = client.get(f"{path}&author=parent").text
        assert '<input type="hidden" name="fact_author" value="parent">' in page
        assert 'type="radio"' in page and 'name="fact_author" value="pupil"' not in page
        for strange in ("&author=nobody", "&author=", "&effect=nobody", "&reason=typed"):
            asked = client.get(path + strange).text
            assert 'type="hidden" name="fact_author"' not in asked and ">typed<" not in asked
        fields = {
            "csrf": csrf_in(page), "seen": seen_in(page), "as_role": "deputy", "reason": "read and weighed", TICK: "yes",
            "fact_author": "parent", "fact_connection": "it names the school", "fact_involved": "the deputy alone",
        }  # fmt: skip
        none = client.post(f"{path}&author=parent", data=fields)
        assert (
            none.status_code == 422 and 'href="#fact_effect"' in none.text and 'id="fact_effect"' in none.text
        )
        assert 'name="fact_author" value="parent"' in none.text and "it names the school" in none.text
        bad = client.post(
            f"{path}&author=parent", data={**fields, "fact_effect_harm": "everybody harassment"}
        )
        assert bad.status_code == 422
        done = client.post(f"{path}&author=parent", data={**fields, "fact_effect_harm": "staff harassment"})
        assert done.status_code == 303 and done.headers["location"] == "/?said=step_taken"
    with Warehouse(town.desk.home.folder).live_reader() as reading:
        handed, decided = incident_events(reading, OTHER)[-2:]
    assert (handed.event, decided.event) == ("hand_over", "internal")
    for key, value in (("author", "parent"), ("effect", "staff"), ("harm", "harassment")):
        assert f'"{key}": "{value}"' in decided.details and f'"{key}"' not in handed.details


def test_an_offence_that_a_link_names_names_its_harm_and_asks_its_own_questions_alone() -> None:
    """T10: the questions are read and said with the button; an offence that is no harm leaves the harm to be chosen."""
    harms = {NAMED_BY[offence] for offence in ("threatening_communications", "harassment", "hate")}
    assert harms == {Harm.THREAT, Harm.HARASSMENT, Harm.HATE}
    assert list_shortcuts("police", (Harm.THREAT,)) == (
        ("offence", "threatening_communications"),
        ("offence", "other"),
    )
    assert list_shortcuts("no_case", tuple(Harm)) == ()
    assert {key for event in Event for key, _ in list_shortcuts(event.value, tuple(Harm))} == {
        "author",
        "offence",
    }
    for offence in OFFENCES:
        assert offence.id not in NAMED_BY or NAMED_BY[offence.id] in Harm


@pytest.mark.parametrize("name", sorted(PACKS))
def test_the_start_page_offers_the_way_the_form_then_takes(name: str) -> None:
    """One person with two roles: start page, incident page and form go by the same role and the same steps before (L24)."""
    pack, compared = PACKS[name], 0
    decider = pack.decider.roles[-1]
    mine = next(one for one, role in PROTOCOL_ROLES.items() if role is decider)
    for state, other in itertools.product(sorted(UNDECIDED), (DeskRole.HEAD, DeskRole.SLT, DeskRole.OFFICE)):
        now = IncidentNow(
            id="2026-0001", state=state, decider=decider, pack=pack.version, has_evidence=True, at=NOON
        )
        standing = Standing(cast(IncidentRow, None), None, now, pack, False, (), (), ())
        viewer = Viewer("a1", "", frozenset({mine, other}), "en")
        offered, decides = list_at_once(standing, viewer), list_chains(now, pack, decider)
        shown = {step.event: step.open_to for step in at_once_steps(standing, viewer)}
        taken = {event: find_chain(standing, viewer, event) for event in (*offered, Event.NOTE)}
        assert offered == {event: found[1] for event, found in taken.items() if found}
        assert shown == {event.value: (found[0],) for event, found in taken.items() if found}
        assert all(taken[event] == (decider, way) for event, way in decides.items())
        compared += len(offered)
    assert compared >= 10, "steps are offered"


@pytest.mark.parametrize("name", sorted(PACKS))
def test_no_chain_decides_reaches_out_or_ends_anything_on_its_way(name: str) -> None:
    """Of every pack, from every state, for every role: what is taken on the way prepares, and nothing else (protocol 5.4)."""
    pack, seen = PACKS[name], set[tuple[Event, ...]]()
    for state, role, evidence in itertools.product(IncidentState, Role, (True, False)):
        now = IncidentNow(
            id="2026-0001",
            state=state,
            decider=pack.decider.roles[0],
            pack=pack.version,
            has_evidence=evidence,
            at=NOON,
        )
        for event, way in list_chains(now, pack, role).items():
            row, at = BY_EVENT[event], now
            for before in way:
                step = BY_EVENT[before]
                assert not find_refusal(step, at, role, pack) and step.target is not None
                assert before not in NEVER_ONE_CLICK and not step.contact and step.track is None
                assert step.actor in (Actor.OPERATOR, Actor.ANYONE)
                assert before in {Event.PRESERVE, Event.HAND_OVER, Event.THANK_PROPOSE}
                at = replace(at, state=step.target)
            assert not find_refusal(row, at, role, pack) and find_refusal(row, now, role, pack)
            assert event not in NEVER_ONE_CLICK and not row.contact
            assert evidence or Event.HAND_OVER not in way, "nothing is handed over that is not kept"
            seen.add((*way, event))
    assert (Event.HAND_OVER, Event.NO_CASE) in seen and (
        Event.PRESERVE,
        Event.HAND_OVER,
        Event.POLICE,
    ) in seen
    assert (Event.THANK_PROPOSE, Event.THANK_APPROVE) in seen
