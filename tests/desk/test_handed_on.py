"""A step that hands something on, or asks somebody, changes its row: what was asked, whom and when, what it waits for."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from desk.awaited import TRACK_WORDS, Awaited, say_awaited
from desk.queue_words import OFFERS, QUEUE_WORDS
from desk.render import render_text
from desk.web.render import PageSpeaker
from desk.words import Speaker
from flows.digest import read_digest
from flows.home import Home, read_school
from incidents.standing import Track, TrackState
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Role
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, csrf_in, send, sign_in
from tests.desk.test_incident_steps import GRAVE, OTHER, PLAIN, POLICE, take
from tests.flows.swept import write_swept_home
from warehouse.accounts import list_accounts, put_account
from warehouse.connection import Warehouse

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
HEAD, DEPUTY, DSL, OFFICE = DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.DSL, DeskRole.OFFICE
ASKING = {"fact_safeguarding_kind": "child_at_risk", "fact_told": "safeguarding was told on the telephone"}


@dataclass
class Clock:
    at: datetime = MORNING


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("handed") / "home")
    write_swept_home(home.folder, NIGHT)
    return home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(template: Home, tmp_path: Path, clock: Clock) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(template.folder, tmp_path / "home")))
    with serving_whole(home, lambda: clock.at) as running:
        yield running
        assert running.crashes == []


@dataclass(frozen=True)
class Row:
    """Where an incident stands on somebody's start page ("" where it asks nothing of them), and what its row says."""

    part: str
    html: str

    @property
    def text(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    @property
    def steps(self) -> list[str]:
        return list(dict.fromkeys(re.findall(r'/steps/(\w+)\?from=start"', self.html)))


def row_of(client: httpx.Client, id_: str) -> Row:
    page = client.get("/").text
    for part in re.findall(r'<section aria-labelledby="[\w-]+">.*?</section>', page, re.S):
        name = part.split('"')[1]
        for one in re.findall(r"<article.*?</article>", part, re.S):
            if f'id="i{id_}"' in one:
                return Row(name, one)
    return Row("", "")


def ask(client: httpx.Client, id_: str) -> None:
    answer = take(client, id_, "safeguarding", **ASKING)
    assert answer.status_code == 303, re.findall(r'wrong"[^>]*>(.*?)</p>', answer.text)


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_after_the_safeguarding_lead_was_asked_the_heads_row_says_so_and_asks_for_what_is_left(
    desk: Running, clock: Clock, lang: str
) -> None:
    """T09, protocol 5 point 1: whom, when, what it waits for; the decision is left, the same button and suggestion are not."""
    at = int(lang == "cy")
    with sign_in(desk, HEAD, lang=lang) as head, sign_in(desk, DSL, lang=lang) as dsl:
        before = row_of(head, GRAVE)
        assert before.part == "act-now" and Event.SAFEGUARDING in before.steps
        suggested = ("Ask the safeguarding lead", "Gofyn i'r arweinydd diogelu")[at]
        assert before.text.count(suggested) >= 2, "as its suggestion, and as a button"
        ask(head, GRAVE)
        clock.at = MORNING + timedelta(minutes=20)

        row = row_of(head, GRAVE)
        assert row.part == "decisions" and suggested not in row.text
        assert Event.SAFEGUARDING not in row.steps and {"no_case", "internal", "police"} <= set(row.steps)
        speaker = PageSpeaker(lang, QUEUE_WORDS)
        asked = Awaited(Track.SAFEGUARDING, Role.HEAD, MORNING, MORNING.replace(hour=18, minute=0))
        said = say_awaited(asked, speaker, partial(speaker.near, now=clock.at))
        assert said[1:] in row.text and "08:15" in said and "18:00" in said
        assert QUEUE_WORDS["asked_decide"][at] in row.text
        assert row.text.count("18:00") == 2, (
            "the hand-over is theirs; the reference is the safeguarding lead's, said once"
        )
        # What is lawful stays within reach: something new may come to light (T09 is always open).
        assert "/steps/safeguarding" in head.get(f"/incidents/{GRAVE}").text

        hers = row_of(dsl, GRAVE)
        assert hers.part == "act-now" and hers.steps[0] == Event.SAFEGUARDING_REFERRED
        assert said[1:] in hers.text and QUEUE_WORDS["asked_decide"][at] not in hers.text
        answer = take(dsl, GRAVE, "safeguarding_referred", fact_safeguarding_reference="CP 17")
        assert answer.status_code == 303
        assert row_of(dsl, GRAVE).part == "", "she has done what was asked of her"
        row = row_of(head, GRAVE)
        since = TRACK_WORDS[Track.SAFEGUARDING].answered[at].split("{")[0]
        assert row.part == "decisions" and since in row.text and "CP 17" not in row.text
        assert Event.SAFEGUARDING not in row.steps


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_digest_says_whom_somebody_asked_and_suggests_it_no_more(
    desk: Running, clock: Clock, lang: str
) -> None:
    """T09: on paper, too, nobody is asked twice. It stays under act now: a digest is everybody's, and nothing is answered yet."""
    at, day = int(lang == "cy"), MORNING.date()

    def article(client: httpx.Client) -> str:
        page = client.get(f"/digest/{day}").text
        urgent = next(one for one in page.split("<section") if 'id="act-now"' in one)
        found = next(
            one for one in re.findall(r"<article.*?</article>", urgent, re.S) if f'"i{GRAVE}"' in one
        )
        return Row("", found).text

    def text() -> str:
        school, pack = read_school(desk.home)
        lines = render_text(read_digest(desk.home, school, pack, day, lang), lang)
        return " ".join(lines.split(f" {GRAVE}: ")[1].split("1. ")[0].split())

    suggested = ("ask the safeguarding lead", "gofyn i'r arweinydd diogelu")[at]
    waits = TRACK_WORDS[Track.SAFEGUARDING].waits[at]
    with sign_in(desk, HEAD, lang=lang) as head:
        assert suggested in article(head) and suggested in text()
        assert waits not in article(head) and waits not in text()
        ask(head, GRAVE)
        speaker = Speaker(lang)
        said = say_awaited(
            Awaited(Track.SAFEGUARDING, Role.HEAD, MORNING), speaker, partial(speaker.on, day=day)
        )
        for told in (article(head), text()):
            assert said[1:] in told and suggested not in told and "18:00" in told
        with sign_in(desk, DSL, lang=lang) as dsl:
            assert (
                take(dsl, GRAVE, "safeguarding_referred", fact_safeguarding_reference="CP 17").status_code
                == 303
            )
        since = TRACK_WORDS[Track.SAFEGUARDING].answered[at].split("{")[0]
        for told in (article(head), text()):
            assert since in told and waits not in told and "CP 17" not in told


def test_what_was_decided_is_suggested_no_more(desk: Running) -> None:
    """Protocol 5, point 1: under way stands where it stands; the software's word was for whoever decided."""
    route = "the internal route"
    with sign_in(desk, HEAD) as head:

        def told() -> str:
            page = head.get(f"/digest/{MORNING.date()}").text
            found = next(
                one for one in re.findall(r"<article.*?</article>", page, re.S) if f'"i{PLAIN}"' in one
            )
            return Row("", found).text

        assert f"Suggested: {route}" in told()
        facts = {
            "fact_conflict_checked": "yes", "fact_author": "parent", "fact_effect_harm": "staff harassment",
            "fact_connection": "it names the school", "fact_involved": "the head alone",
        }  # fmt: skip
        answer = take(head, PLAIN, "internal", **facts)
        assert answer.status_code == 303, answer.text
        assert "Suggested" not in told() and "Where it stands" in told()


def test_a_threat_stays_where_it_is_until_somebody_decides_about_the_police_and_the_row_says_why(
    desk: Running,
) -> None:
    """L25: the police are not told by telling safeguarding."""
    with sign_in(desk, HEAD) as head, sign_in(desk, DSL):
        ask(head, POLICE)
        row = row_of(head, POLICE)
    assert row.part == "act-now" and QUEUE_WORDS["asked_police"][0] in row.text
    assert "Asked The safeguarding lead, today, 08:15; asked by: the headteacher" in row.text
    assert "Consider the police" in row.text and Event.SAFEGUARDING not in row.steps and "police" in row.steps


def test_what_nobody_answered_in_time_is_under_act_now_again_and_may_be_asked_again(
    desk: Running, clock: Clock
) -> None:
    """A child at risk is never lost between two people: the next school morning both are told."""
    with sign_in(desk, HEAD) as head, sign_in(desk, DSL):
        ask(head, GRAVE)
    # The same evening it is not called late: it was asked today.
    clock.at = MORNING.replace(hour=21)
    with sign_in(desk, HEAD) as head:
        assert row_of(head, GRAVE).part == "decisions"
    clock.at = MONDAY
    with sign_in(desk, HEAD) as head, sign_in(desk, DSL) as dsl:
        for client in (head, dsl):
            row = row_of(client, GRAVE)
            assert row.part == "act-now" and "overdue" in row.text
        row = row_of(head, GRAVE)
        assert QUEUE_WORDS["asked_late"][0] in row.text and Event.SAFEGUARDING in row.steps
        ask(head, GRAVE)
        row = row_of(head, GRAVE)
        assert row.part == "decisions" and "08:15" in row.text and Event.SAFEGUARDING not in row.steps


def test_whoever_is_both_is_asked_for_the_reference_and_not_told_that_somebody_else_has_it(
    desk: Running,
) -> None:
    with sign_in(desk, HEAD, DSL) as both:
        ask(both, GRAVE)
        row = row_of(both, GRAVE)
    assert row.part == "act-now" and row.steps[0] == Event.SAFEGUARDING_REFERRED
    assert QUEUE_WORDS["asked_decide"][0] not in row.text


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_what_nobody_at_the_desk_may_answer_is_not_called_handed_on(desk: Running, lang: str) -> None:
    """A child at risk is never left with a safeguarding lead who is not there: no account has the role, or not any more."""
    at = int(lang == "cy")
    with sign_in(desk, HEAD, lang=lang) as head:
        ask(head, GRAVE)
        row = row_of(head, GRAVE)
        assert row.part == "act-now" and QUEUE_WORDS["asked_nobody"][at] in row.text
        assert QUEUE_WORDS["asked_decide"][at] not in row.text
        with sign_in(desk, DSL, lang=lang):
            row = row_of(head, GRAVE)
            assert row.part == "decisions" and QUEUE_WORDS["asked_decide"][at] in row.text
        with desk.gate.store.change() as hold:
            for each in list_accounts(hold):
                if DSL in each.roles:
                    put_account(hold, replace(each, is_active=False))
        assert row_of(head, GRAVE).part == "act-now"


def test_what_the_safeguarding_lead_must_not_know_of_is_not_with_them(desk: Running) -> None:
    """L31: the head of a small school is its safeguarding lead, too, and steps back from what is about them."""
    with sign_in(desk, HEAD, DSL) as both, sign_in(desk, DEPUTY) as deputy:
        assert take(deputy, GRAVE, "hand_over", fact_conflict_checked="yes").status_code == 303
        assert take(both, GRAVE, "recuse", as_role="head").status_code == 303
        assert both.get(f"/incidents/{GRAVE}").status_code == 404
        ask(deputy, GRAVE)
        row = row_of(deputy, GRAVE)
        assert row.part == "act-now" and QUEUE_WORDS["asked_nobody"][0] in row.text
        assert row_of(both, GRAVE).part == ""
        with sign_in(desk, DSL) as other:
            assert row_of(deputy, GRAVE).part == "decisions"
            assert row_of(other, GRAVE).steps[0] == Event.SAFEGUARDING_REFERRED


def test_what_nobody_who_signs_in_decides_stays_with_the_safeguarding_lead(desk: Running) -> None:
    """A matter about a child is on somebody's start page until it is decided: the head of this school has no account."""
    with sign_in(desk, DSL) as dsl:
        ask(dsl, GRAVE)
        answer = take(dsl, GRAVE, "safeguarding_referred", fact_safeguarding_reference="CP 17")
        assert answer.status_code == 303
        assert row_of(dsl, GRAVE).part == "decisions"
        assert take(dsl, GRAVE, "hand_over", fact_conflict_checked="yes").status_code == 303
        assert row_of(dsl, GRAVE).part == "decisions", "it waits for a head who never looks"
        assert row_of(dsl, POLICE).part == "act-now", "a threat waits for the same head"
        with sign_in(desk, HEAD) as head:
            assert row_of(head, GRAVE).part == "decisions" and row_of(dsl, GRAVE).part == ""
            assert row_of(head, POLICE).part == "act-now" and row_of(dsl, POLICE).part == ""


@pytest.mark.parametrize("is_answered", [False, True])
def test_what_is_new_since_the_safeguarding_lead_was_asked_is_not_with_them(
    desk: Running, clock: Clock, is_answered: bool
) -> None:
    """T09, T36: what was told of a post is not told of what it says after an edit, or when it is back."""
    with sign_in(desk, HEAD) as head, sign_in(desk, DSL) as dsl:
        ask(head, GRAVE)
        if is_answered:
            take(dsl, GRAVE, "safeguarding_referred", fact_safeguarding_reference="CP 17")
        assert row_of(head, GRAVE).part == "decisions"
        clock.at = MORNING + timedelta(minutes=10)
        assert take(head, GRAVE, "hand_over", fact_conflict_checked="yes").status_code == 303
        assert take(head, GRAVE, "no_case").status_code == 303
        assert take(head, GRAVE, "reopen").status_code == 303
        row = row_of(head, GRAVE)
        assert row.part == "act-now" and Event.SAFEGUARDING in row.steps
        assert QUEUE_WORDS["asked_before"][0] in row.text and "Suggested" in row.text
        assert row_of(dsl, GRAVE).part == "act-now"
        ask(head, GRAVE)
        assert row_of(head, GRAVE).part == "decisions"
        # The post itself says something else since.
        clock.at = MORNING + timedelta(minutes=20)
        mention, edited_at = mention_of(desk, GRAVE), MORNING + timedelta(minutes=15)
        with Warehouse(desk.home.folder).writer() as writing:
            writing.run(
                "UPDATE revisions SET revision = 2, captured_at = ? WHERE mention_id = ?",
                [edited_at, mention],
            )
            writing.run(
                "UPDATE classifications SET revision = 2, classified_at = ? WHERE mention_id = ?",
                [edited_at, mention],
            )
            writing.run("UPDATE mentions SET revision = 2 WHERE id = ?", [mention])
        assert row_of(head, GRAVE).part == "act-now"


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_every_step_that_hands_on_or_waits_changes_the_row_it_was_taken_from(
    desk: Running, lang: str
) -> None:
    """Issue 6: nobody is left to wonder whether a step was taken."""
    with sign_in(desk, HEAD, lang=lang) as head, sign_in(desk, OFFICE, lang=lang) as office:
        before = row_of(office, PLAIN), row_of(head, PLAIN)
        assert take(office, PLAIN, "hand_over", fact_conflict_checked="yes").status_code == 303
        after = row_of(office, PLAIN), row_of(head, PLAIN)
        assert before[0].part == "decisions" and after[0].part == "", "it is with whoever decides"
        assert before[1] != after[1] and after[1].part == "decisions"

        csrf = csrf_in(head.get("/account").text)
        put_off = f"/incidents/{PLAIN}/snooze?from=start"
        assert head.post(put_off, data={"csrf": csrf, "confirm": "yes"}).status_code == 303
        assert row_of(head, PLAIN).part == "", "out of their queue until the next school morning"

        mention = mention_of(desk, GRAVE)
        first = row_of(head, GRAVE)
        assert send(head, f"/mentions/{mention}/ask?from=incident").status_code == 303
        asked = row_of(head, GRAVE)
        assert (
            asked != first
            and QUEUE_WORDS["first_reader"][lang == "cy"] in asked.text
            and "08:15" in asked.text
        )
        with sign_in(desk, DSL, lang=lang) as dsl:
            assert QUEUE_WORDS["first_reader"][lang == "cy"] not in row_of(dsl, GRAVE).text, (
                "who asks, asks for themselves"
            )
            send(dsl, f"/mentions/{mention}/words")
            calm = "Somebody worries about a child as a group here"
            assert (
                send(dsl, f"/mentions/{mention}/summary", summary=calm, revision="1", seen="no").status_code
                == 303
            )
        summed = row_of(head, GRAVE)
        assert summed != asked and calm not in summed.html

        told = row_of(head, POLICE)
        path = f"/incidents/{POLICE}/steps/police?from=start&offence=threatening_communications"
        form = re.findall(r'<form method="post" novalidate>.*?</form>', head.get(path).text, re.S)[0]
        fields: dict[str, str | list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
            fields[name] = [*fields.get(name, []), value]
        fields |= {
            "fact_effect": "staff", "fact_proportionate": "a threat against staff of the school", "fact_informant": "school",
            "fact_conflict_checked": "yes", "fact_connection": "it names the school", "fact_involved": "the office",
        }  # fmt: skip
        answer = head.post(path, data=fields)
        assert answer.status_code == 303, re.findall(r'wrong"[^>]*>(.*?)</p>', answer.text)
        assert told.part == "act-now" and row_of(head, POLICE).part == "", "the police have it"


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_what_waits_for_a_role_that_nobody_has_is_said_to_whoever_may_know_of_it(
    desk: Running, lang: str
) -> None:
    """Of an incident whose decider has no account nobody would be asked; the administrator is led to where a role is given."""
    say, told = Speaker(lang), QUEUE_WORDS["undecided"][lang == "cy"].partition("{role}")[0]
    with sign_in(desk, DEPUTY, lang=lang) as deputy, sign_in(desk, DEPUTY, DeskRole.ADMIN, lang=lang) as both:
        page = unescape(deputy.get("/").text)
        assert f"{told}{say.role(Role.HEAD)}." in page and page.count(told) == 1
        mend = QUEUE_WORDS["undecided_mend"][lang == "cy"]
        assert mend not in page and mend in unescape(both.get("/").text)
        with sign_in(desk, DeskRole.ANALYST, lang=lang) as analyst:
            assert told not in unescape(analyst.get("/").text)
        with sign_in(desk, HEAD, lang=lang) as head:
            assert told not in unescape(deputy.get("/").text)
            assert told not in unescape(head.get("/").text)


def mention_of(desk: Running, id_: str) -> str:
    with Warehouse(desk.home.folder).live_reader() as reading:
        [(found,)] = reading.rows("SELECT mention_id FROM incidents WHERE id = ?", [id_])
    return str(found)


def test_who_may_not_know_of_an_incident_learns_nothing_of_what_was_asked(desk: Running) -> None:
    """L31: the office sees no safeguarding matter, and no word of one."""
    with sign_in(desk, OFFICE) as office:
        before = office.get("/").text
        with sign_in(desk, HEAD) as head:
            ask(head, GRAVE)
        csrf = re.compile(r'value="[0-9a-f]{64}"')
        assert csrf.sub("", office.get("/").text) == csrf.sub("", before)


def test_every_track_that_asks_somebody_has_its_words_and_its_answer() -> None:
    """Each sentence differs in Welsh; what is asked on a track is answered on it."""
    for track, words in TRACK_WORDS.items():
        ends = {row.track_target for row in TRANSITIONS if row.track is track}
        assert {TrackState.OPEN, TrackState.DONE} <= ends
        for english, welsh in (words.asked, words.waits):
            assert english and welsh and english != welsh
        assert ("{when}" in words.answered[0]) == ("{when}" in words.answered[1])
    lines = [
        say_awaited(Awaited(track, Role.HEAD, MORNING), Speaker(lang), str)
        for track in TRACK_WORDS
        for lang in ("en", "cy")
    ]
    assert all(one != other for one, other in pairwise(lines)) and OTHER not in lines
    assert all("{" not in line for line in lines) and set(OFFERS) >= {Event.SAFEGUARDING.value}
