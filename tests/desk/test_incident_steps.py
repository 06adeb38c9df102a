"""Steps taken in forms: done, refused, overtaken, busy, unknown, barred; every step has a form both languages can read."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.acts import Busy, Outcome, StepGiven
from desk.choice_words import CHOICES, OFFENCE_NAMES
from desk.incident_words import INCIDENT_WORDS
from desk.refused import say_refused
from desk.step_form import FactField, is_twice, read_given, read_instant
from flows.desk_steps import HomeSteps
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from incidents.facts import FactKind
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import IncidentState, Label, Role
from mentionwatch.law import OFFENCES
from tests.desk.signed_in import Running, csrf_in, serving, sign_in
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.incident_steps import IncidentRow, incident_events, incident_rows
from warehouse.reading import MentionFilter, list_mentions

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DSL = Viewer("a1", "", frozenset({DeskRole.DSL}), "en")


class Sometimes(HomeSteps):
    """The real steps, until a test says that the home is busy."""

    is_busy = False

    def take_step(self, viewer: Viewer, given: StepGiven, lang: str) -> Outcome:
        return Busy() if self.is_busy else super().take_step(viewer, given, lang)


@dataclass
class Town1:
    desk: Running
    steps: Sometimes

    def rows(self) -> tuple[IncidentRow, ...]:
        with Warehouse(self.desk.home.folder).live_reader() as reading:
            return incident_rows(reading)

    def row(self, id_: str) -> IncidentRow:
        return next(row for row in self.rows() if row.id == id_)

    def events(self, id_: str) -> list[tuple[str, Role, str]]:
        with Warehouse(self.desk.home.folder).live_reader() as reading:
            return [(one.event, one.role, one.reason) for one in incident_events(reading, id_)]


PLAIN, OTHER, GRAVE, POLICE = "2026-0003", "2026-0006", "2026-0005", "2026-0002"
"""What the town's night opens: two for the internal route, decided by head and deputy; two the office need not know of."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town1]:
    home = Home(tmp_path_factory.mktemp("steps") / "home")
    write_swept_home(home.folder, NIGHT)
    now = SchoolNow(home, *read_school(home))
    steps = Sometimes(home, now, lambda: NOON)
    with serving(HomeRecords(home, now), home, steps=steps) as desk:
        yield Town1(desk, steps)


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found, page[-3000:]
    return found[1]


def take(client: httpx.Client, id_: str, event: str, **fields: str | list[str]) -> httpx.Response:
    """The form as a browser sends it."""
    path = f"/incidents/{id_}/steps/{event}"
    page = client.get(path).text
    role = re.search(r'name="as_role" value="(\w+)"', page)
    base: dict[str, str | list[str]] = {
        "csrf": csrf_in(page), "confirm": "yes", "reason": "read and weighed", "as_role": role[1] if role else "head",
    }  # fmt: skip
    if "seen" not in fields:
        base["seen"] = seen_in(page)
    return client.post(path, data={**base, **fields})


def test_a_step_is_recorded_with_reason_role_and_account_and_the_page_can_be_loaded_again(
    town: Town1,
) -> None:
    """Post, redirect, get; the audit row names account and role, and not a word of the reason (I9)."""
    id_ = PLAIN
    with sign_in(town.desk, DeskRole.DSL) as client:
        answer = take(client, id_, "hand_over", fact_conflict_checked="yes", reason="looked at by two")
        assert answer.status_code == 303
        page = client.get(answer.headers["location"])
    assert page.status_code == 200 and "Your step has been recorded." in page.text
    assert town.row(id_).state is IncidentState.AWAITING_DECISION
    assert town.events(id_)[-1] == ("hand_over", Role.DSL, "looked at by two")


def test_a_form_with_gaps_says_what_is_missing_links_to_the_fields_and_keeps_what_was_written(
    town: Town1,
) -> None:
    id_ = PLAIN
    before = town.events(id_)
    for lang, told in (("en", "Write why"), ("cy", "Ysgrifennwch pam")):
        with sign_in(town.desk, DeskRole.DSL, lang=lang) as client:
            answer = take(client, id_, "safety", reason="x", confirm="", fact_worry="gates left open")
        assert answer.status_code == 422
        for field in ("fact_told_said", "reason", "confirm"):
            assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text
        assert told in answer.text and "gates left open" in answer.text
    assert town.events(id_) == before


def test_a_refusal_stands_at_its_field_in_the_readers_language(town: Town1) -> None:
    """ASVS 2.2.1: the protocol decides again what the form cannot know; "--fact key=" becomes the field's label."""
    id_ = OTHER
    with sign_in(town.desk, DeskRole.DSL) as client:
        assert take(client, id_, "legal_advice_asked", fact_asked_at_on="2027-01-05", fact_asked_at_at="09:00").status_code == 422  # fmt: skip
        english = take(client, id_, "legal_advice_asked", fact_asked_at_on="2027-01-05", fact_asked_at_at="09:00").text  # fmt: skip
    with sign_in(town.desk, DeskRole.DSL, lang="cy") as client:
        welsh = take(client, id_, "legal_advice_asked", fact_asked_at_on="2027-01-05", fact_asked_at_at="09:00").text  # fmt: skip
    assert 'href="#fact_asked_at_on"' in english and "time is in the future: “when”" in english
    assert "amser hwn yn y dyfodol: “pryd”" in welsh
    for page in (english, welsh):
        assert "--fact" not in page and "refused:" not in page and "2027-01-05" in page


def test_who_may_not_take_a_step_is_told_why_and_cannot_take_it(town: Town1) -> None:
    """A role one does not have is refused, whatever the form says."""
    id_ = OTHER
    with sign_in(town.desk, DeskRole.OFFICE) as client:
        page = client.get(f"/incidents/{id_}/steps/hand_over").text
        assert 'name="seen"' in page
        before = town.events(id_)
        answer = take(client, id_, "hand_over", fact_conflict_checked="yes", as_role="head")
        assert answer.status_code == 422 and "none of your roles" in answer.text
        shut = client.get(f"/incidents/{id_}/steps/no_case").text
        assert "not open to you now" in shut and "<textarea" not in shut
        answer = client.post(f"/incidents/{id_}/steps/no_case", data={
            "csrf": csrf_in(page), "confirm": "yes", "reason": "no case at all", "as_role": "operator", "seen": "9",
        })  # fmt: skip
        assert answer.status_code in (409, 422)
    assert town.events(id_) == before


def test_of_two_who_decide_at_once_one_is_told_what_the_other_did(town: Town1) -> None:
    """ASVS 2.3.4: by role, what and when; the words of the second stay in the form, and may be sent again."""
    id_ = OTHER
    with sign_in(town.desk, DeskRole.DSL) as first, sign_in(town.desk, DeskRole.DEPUTY) as second:
        old = seen_in(second.get(f"/incidents/{id_}/steps/note").text)
        assert take(first, id_, "note", reason="the first of two").status_code == 303
        late = take(second, id_, "note", reason="the second of two", seen=old)
        assert late.status_code == 409
        assert "Your step was not recorded" in late.text and "Note, the safeguarding lead" in late.text.replace("note,", "Note,")  # fmt: skip
        assert "the second of two" in late.text and "the first of two" not in late.text
        assert [reason for _, _, reason in town.events(id_)].count("the second of two") == 0
        again = take(second, id_, "note", reason="the second of two", seen=seen_in(late.text))
        assert again.status_code == 303
    reasons = [reason for _, _, reason in town.events(id_)]
    assert reasons.count("the first of two") == reasons.count("the second of two") == 1


def test_a_mistake_in_a_form_does_not_hide_what_happened_meanwhile(town: Town1) -> None:
    """The number of things seen stays the one of the first page through every correction."""
    id_ = OTHER
    with sign_in(town.desk, DeskRole.DSL) as first, sign_in(town.desk, DeskRole.DEPUTY) as second:
        old = seen_in(second.get(f"/incidents/{id_}/steps/note").text)
        assert take(first, id_, "note", reason="something new").status_code == 303
        mistake = take(second, id_, "note", reason="", seen=old)
        assert mistake.status_code == 422 and seen_in(mistake.text) == old


def test_twenty_at_once_take_one_step_once(town: Town1) -> None:
    id_ = OTHER
    answers: list[int] = []
    with sign_in(town.desk, DeskRole.DSL) as client:
        page = client.get(f"/incidents/{id_}/steps/note").text
        cookies = dict(client.cookies)
        data = {"csrf": csrf_in(page), "confirm": "yes", "reason": "only once", "as_role": "dsl", "seen": seen_in(page)}  # fmt: skip

        def knock() -> None:
            answer = httpx.post(
                f"{town.desk.base}/incidents/{id_}/steps/note", data=data, cookies=cookies, timeout=300,
                trust_env=False, headers={"Sec-Fetch-Site": "same-origin"},
            )  # fmt: skip
            answers.append(answer.status_code)

        threads = [threading.Thread(target=knock) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == [303, *[409] * 7]
    assert [reason for _, _, reason in town.events(id_)].count("only once") == 1


def test_while_the_night_writes_the_words_stay_in_the_form(town: Town1) -> None:
    id_ = OTHER
    town.steps.is_busy = True
    try:
        with sign_in(town.desk, DeskRole.DSL) as client:
            answer = take(client, id_, "note", reason="written with care")
    finally:
        town.steps.is_busy = False
    assert answer.status_code == 503 and "written with care" in answer.text and "in a moment" in answer.text


def test_what_may_not_be_known_of_answers_as_what_is_not_there(town: Town1) -> None:
    """L31: same status, same bytes, for reading and for sending."""
    grave = GRAVE
    with sign_in(town.desk, DeskRole.OFFICE) as client:
        csrf = csrf_in(client.get("/account").text)
        form = {"csrf": csrf, "confirm": "yes", "reason": "only looking", "as_role": "operator", "seen": "2"}
        for paths in (
            [f"/incidents/{id_}/steps/note" for id_ in (grave, "2020-9999")],
            [f"/incidents/{grave}", "/incidents/2020-9999"],
            [f"/incidents/{grave}/steps/no_such_step", "/incidents/x/steps/note"],
        ):
            answers = [client.get(path) for path in paths]
            assert {answer.status_code for answer in answers} == {404}
            assert answers[0].text == answers[1].text
        sent = [client.post(f"/incidents/{id_}/steps/note", data=form) for id_ in (grave, "2020-9999")]
        assert [answer.status_code for answer in sent] == [404, 404] and sent[0].text == sent[1].text
    assert "only looking" not in [reason for _, _, reason in town.events(grave)]


def test_a_merge_names_no_incident_that_may_not_be_known_of(town: Town1) -> None:
    """Whether a number exists is not to be found out by merging into it."""
    id_, grave = OTHER, GRAVE
    told = []
    with sign_in(town.desk, DeskRole.OFFICE) as client:
        for other in (grave, "2020-9999"):
            answer = take(client, id_, "merge", fact_into=other, fact_because="same_post")
            assert answer.status_code == 422 and "no such incident" in answer.text
            told.append(answer.text.replace(other, "N"))
    plain = [re.sub(r'name="csrf" value="[^"]+"', "", page) for page in told]
    assert plain[0] == plain[1]


def test_without_its_token_a_form_changes_nothing(town: Town1) -> None:
    id_ = OTHER
    before = town.events(id_)
    with sign_in(town.desk, DeskRole.DSL) as client:
        for token in ({}, {"csrf": "made up"}):
            answer = client.post(f"/incidents/{id_}/steps/note", data={
                **token, "confirm": "yes", "reason": "from elsewhere", "as_role": "dsl", "seen": "2",
            })  # fmt: skip
            assert answer.status_code == 403
        unknown = take(client, id_, "note", is_admin="yes")
        assert unknown.status_code == 400
        for seen in ("", "-1", "²", "9" * 30):
            page = take(client, id_, "note", seen=seen or "x")
            assert page.status_code == 400
    assert town.events(id_) == before


def test_hostile_words_are_shown_as_words(town: Town1) -> None:
    id_ = OTHER
    bad = '"><script>alert(1)</script>{{7*7}}\u202e'
    with sign_in(town.desk, DeskRole.DSL) as client:
        answer = take(client, id_, "safety", fact_worry=bad, fact_told="", reason=bad)
        assert answer.status_code == 422 and "<script>" not in answer.text and "&lt;script&gt;" in answer.text
        assert take(client, id_, "note", reason=bad).status_code == 303
        page = client.get(f"/incidents/{id_}").text
    assert "<script>" not in page and "49" not in page.split('id="history"')[1]


def test_good_news_nobody_took_up_yet_is_proposed_and_approved_in_forms(town: Town1) -> None:
    """L14: the thank-you is one click from its own page; each permission is a box, and none is ticked beforehand."""
    with Warehouse(town.desk.home.folder).live_reader() as reading:
        praise = list_mentions(reading, MentionFilter(label=Label.POSITIVE))[0].id
        neutral = list_mentions(reading, MentionFilter(label=Label.NEUTRAL))[0].id
    with sign_in(town.desk, DeskRole.HEAD) as client:
        assert client.get(f"/incidents/{neutral}").status_code == 404
        assert client.get(f"/incidents/{neutral}/steps/note").status_code == 404
        assert take(client, praise, "thank_propose", fact_proposal="thank").status_code == 303
        page = client.get(f"/incidents/{praise}").text
        assert (
            f"/incidents/{praise}/steps/thank_approve" in page.split('id="decide"')[1].split("</section>")[0]
        )
        form = client.get(f"/incidents/{praise}/steps/thank_approve").text
        assert form.count('type="checkbox"') >= 9 and " checked" not in form


def test_who_steps_back_sees_no_more_and_is_told_that_it_was_recorded(town: Town1) -> None:
    """T07, L31: after handing over, the incident answers as one that is not there."""
    id_ = POLICE
    with sign_in(town.desk, DeskRole.HEAD) as client:
        assert take(client, id_, "hand_over", fact_conflict_checked="yes").status_code == 303
        answer = take(client, id_, "recuse", reason="I know the author")
        assert answer.status_code == 303 and answer.headers["location"] == "/incidents?said=step_taken_away"
        assert "Your step has been recorded. The incident is no longer" in client.get(answer.headers["location"]).text  # fmt: skip
        assert client.get(f"/incidents/{id_}").status_code == 404
        start = client.get("/?said=step_taken").text
        assert "Your step has been recorded. The incident is no longer" in start and id_ not in start
    assert town.row(id_).decider is not Role.HEAD


def test_what_is_never_one_click_is_not_among_the_decisions_and_is_marked(town: Town1) -> None:
    """Protocol 5.4: sending, banning, deleting and merging have their own full form."""
    id_ = PLAIN
    with sign_in(town.desk, DeskRole.HEAD) as client:
        page = client.get(f"/incidents/{id_}").text
        form = client.get(f"/incidents/{id_}/steps/merge").text
    tasks = page.split('id="steps"')[1]
    assert re.search(r'/steps/merge">[^<]+</a> <span class="tag">', tasks)
    assert 'class="warning"' in form and "not undone with one click" in form
    assert (
        "/steps/merge" not in page.split('id="decide"')[-1].split("</section>")[0]
        or 'id="decide"' not in page
    )


@pytest.mark.slow
def test_every_step_of_every_state_has_a_form_that_asks_all_it_needs(town: Town1) -> None:
    """Each asked fact has a field with its own label; nothing of the command line is left in it."""
    with (
        sign_in(town.desk, DeskRole.DSL) as english,
        sign_in(town.desk, DeskRole.DSL, DeskRole.DEPUTY, lang="cy") as welsh,
    ):
        forms = 0
        for place, row in enumerate(TRANSITIONS):
            client = (english, welsh)[place % 2]
            page = client.get(f"/incidents/{OTHER}/steps/{row.event.value}")
            assert page.status_code == 200, row.event
            assert "--fact" not in page.text and len(page.content) < 100_000
            ids = re.findall(r' id="([^"]+)"', page.text)
            assert len(ids) == len(set(ids))
            if 'name="seen"' in page.text:
                forms += 1
                assert [fact.key for fact in row.facts if f'"fact_{fact.key}' not in page.text] == [], (
                    row.event
                )
    assert forms > 5


def test_every_answer_to_choose_from_has_words_in_both_languages() -> None:
    for row in TRANSITIONS:
        for fact in row.facts:
            if fact.kind is FactKind.CHOICE:
                missing = set(fact.choices) - set(CHOICES.get(fact.key, {}))
                assert not missing, (row.event, fact.key, missing)
    assert {offence.id for offence in OFFENCES} <= set(OFFENCE_NAMES)
    for english, welsh in [*INCIDENT_WORDS.values(), *(pair for known in CHOICES.values() for pair in known.values())]:  # fmt: skip
        assert english and welsh
    assert {f"easy_{event.value}" for event in _easy()} <= set(INCIDENT_WORDS)


def _easy() -> tuple[Event, ...]:
    from desk.step_form import EASY

    return EASY


def test_an_hour_that_is_left_out_or_comes_twice_is_not_guessed_at() -> None:
    """29 March 2026, 01:30 was no hour in London; 25 October 2026, 01:30 was two."""
    assert read_instant("2026-03-29", "01:30", "") == "no_such_hour"
    assert read_instant("2026-10-25", "01:30", "") == "twice" and is_twice("2026-10-25", "01:30")
    assert read_instant("2026-10-25", "01:30", "first") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert read_instant("2026-10-25", "01:30", "second") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert read_instant("2026-07-01", "09:00", "") == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    for on, at in (("", "09:00"), ("2026-13-01", "09:00"), ("2026-01-01", "25:00"), ("0001-01-01", "00:00"), ("2026-01-01", "09:00+05:00")):  # fmt: skip
        assert read_instant(on, at, "") == "bad_time"


@given(st.integers(662688000, 7226582400).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_a_time_shown_in_london_is_read_back_as_it_was(at: datetime) -> None:
    from desk.vocabulary import LONDON

    local = at.replace(second=0, microsecond=0).astimezone(LONDON)
    turn = "second" if local.fold else "first"
    found = read_instant(f"{local:%Y-%m-%d}", f"{local:%H:%M}", turn)
    assert found == at.replace(second=0, microsecond=0)


@given(
    st.dictionaries(
        st.sampled_from(["fact_a", "fact_b", "fact_c_on", "fact_c_at", "fact_d", "fact_e"]),
        st.text(max_size=30),
    )
)
def test_whatever_is_sent_a_form_reads_it_or_says_what_is_wrong(sent: dict[str, str]) -> None:
    fields = tuple(FactField(key, key, kind, ("x", "y")) for key, kind in zip("abcde", (FactKind.TEXT, FactKind.LIST, FactKind.INSTANT, FactKind.DAY, FactKind.CHOICE), strict=True))  # fmt: skip
    given_, wrong = read_given(
        fields, lambda name: sent.get(name, "").strip(), lambda name: (sent.get(name, ""),)
    )
    named = {key for key, _ in given_} | {one.field[5] for one in wrong}
    assert named == set("abcde")
    assert all(one.key in INCIDENT_WORDS for one in wrong)


@pytest.mark.parametrize(
    ("message", "english", "welsh", "field"),
    [
        (
            "refused: 2026-0001 met: met_at is in the future [P 1: told]. Open to the head now: note, met",
            "This time is in the future: “when it took place” [P 1: told]",
            "Mae'r amser hwn yn y dyfodol: “when it took place” [P 1: told]",
            "met_at",
        ),
        (
            "refused: that looks like a password or a log-in, which has no place here. Change it where it is used, and leave it out",
            "That looks like a password",
            "Mae hynny'n edrych fel cyfrinair",
            "",
        ),
        (
            "refused: 2026-0001 press_reply: the head's written approval is missing. Add --fact approval=... [P 1: told]",
            "The head's written approval is missing. Add “approval here” [P 1: told]",
            "Mae cymeradwyaeth ysgrifenedig y pennaeth ar goll. Ychwanegwch “approval here” [P 1: told]",
            "approval",
        ),
    ],
)
def test_a_refusal_in_the_readers_words(message: str, english: str, welsh: str, field: str) -> None:
    labels = {"met_at": "when it took place", "approval": "approval here"}
    event = message.split(" ")[2].rstrip(":")
    assert say_refused(message, "2026-0001", event, labels, "en")[0].startswith(english)
    assert say_refused(message, "2026-0001", event, labels, "cy")[0].startswith(welsh)
    assert say_refused(message, "2026-0001", event, labels, "en")[1] == field


def test_a_duty_above_the_policy_stands_on_the_page_with_whom_to_tell(town: Town1) -> None:
    """A safeguarding incident names the duty and who is told, first to last, in the reader's language."""
    told = []
    for lang, heading in (("en", "Duties above your policy"), ("cy", "Dyletswyddau uwchlaw eich polisi")):
        with sign_in(town.desk, DeskRole.DSL, lang=lang) as client:
            page = client.get(f"/incidents/{GRAVE}").text
            plain = client.get(f"/incidents/{PLAIN}").text
        assert heading in page and heading not in plain
        told.append(re.findall(r"<li>[^<]+</li>", page.split('id="duties"')[1].split("</section>")[0]))
    assert told[0] and len(told[0]) == len(told[1]) and told[0] != told[1]
