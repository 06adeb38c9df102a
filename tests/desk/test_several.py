"""One page on which a person says of several posts what they are: each a correction of its own, words covered, nothing chosen for them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from desk.acts import Busy, Outcome
from desk.mention_port import CorrectionGiven, MentionActs
from desk.pages import AskedPost
from desk.refused import NOT_A_JUDGE
from desk.several_words import SEVERAL_WORDS
from desk.standard_reasons import LABELS_IN_ORDER, STANDARD_REASONS, find_reason, reasons_of
from desk.web.several_form import MOST
from flows.corrections import CorrectionAsked, take_correction
from flows.home import Home, read_school
from flows.signing import says_why
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label, Role
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, browser_of, csrf_in, sign_in
from tests.desk.ten_items import bring_reports
from tests.desk.test_matrix import Forms
from tests.desk.whole_desk import MORNING, whole_desk
from warehouse.connection import Warehouse
from warehouse.decisions import DecisionRow, list_decisions

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATH = "/mentions/several"
HEAD = Viewer("0", "", frozenset({DeskRole.HEAD}), "en")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a night, with six posts that ask a head what they are: each test has a copy."""
    with whole_desk(tmp_path_factory.mktemp("several")) as running:
        bring_reports(running)
        return running.home.folder


@pytest.fixture
def desk(swept: Path, tmp_path: Path) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(swept, tmp_path / "home")))
    with serving_whole(home, lambda: MORNING, needs_factor=False) as running:
        yield running
        assert running.crashes == []


def asked(desk: Running, viewer: Viewer = HEAD) -> tuple[AskedPost, ...]:
    return desk.desk.records.asked_posts(viewer, "en", MORNING)


def said_of_it(desk: Running, id_: str) -> tuple[DecisionRow, ...]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return list_decisions(reading, id_)


def verbs(desk: Running, verb: str) -> list[str]:
    """The objects of all audit rows with this verb, in their order."""
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [
            row[0] for row in reading.rows("SELECT object_id FROM audit WHERE verb = ? ORDER BY seq", [verb])
        ]


def form_in(page: str) -> dict[str, str]:
    """What a browser would send with the button at the end, but for what is chosen."""
    fields = next(fields for action, fields in Forms(page).forms if action == PATH)
    chosen = dict(
        re.findall(r'<input type="radio" id="[^"]*" name="(what\d+)" value="([^"]*)" checked>', page)
    )
    typed = dict(re.findall(r'<textarea id="(own\d+)"[^>]*>([^<]*)</textarea>', page))
    kept = {
        name: value
        for name, value in fields.items()
        if name and not name.startswith("what") and name != "open"
    }
    return {**kept, **chosen, **{name: unescape(text) for name, text in typed.items()}}


def say_no_more(desk: Running, post: AskedPost, *, by: str = "somebody", role: Role = Role.DEPUTY) -> None:
    """Somebody else says what it is."""
    asking = CorrectionAsked(post.line.id, Label.CONCERN, role, "criticism of the parking")
    take_correction(desk.home, asking, by, MORNING, read_school(desk.home)[1].version)


def problems_in(page: str) -> list[str]:
    found = re.search(r'<div class="problems".*?</ul></div>', page, re.DOTALL)
    return (
        [unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<li>(.*?)</li>", found[0])]
        if found
        else []
    )


def test_the_page_has_the_start_pages_posts_in_its_order_and_none_is_chosen_for(desk: Running) -> None:
    """Same list, same order; nothing the system suggests is chosen beforehand; one click leads there."""
    with sign_in(desk, DeskRole.HEAD) as client:
        start, page = client.get("/").text, client.get(PATH)
    on_start = list(dict.fromkeys(re.findall(r'href="/mentions/(\w+)\?from=start#challenge"', start)))
    shown = [value for name, value in form_in(page.text).items() if name.startswith("id")]
    assert shown == [one.line.id for one in asked(desk)] == on_start and len(shown) >= 6
    assert start.count(f'href="{PATH}"') == 1
    assert {value for name, value in form_in(page.text).items() if name.startswith("what")} == {""}
    assert len(page.content) < 100_000 and "<script" not in page.text


def test_words_are_in_no_answer_but_the_one_that_opens_them_and_each_opening_is_noted_once(
    desk: Running,
) -> None:
    """Protocol 5, point 6: covered until opened, one at a time; opening another post notes nothing of the first again."""
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        assert not [one for one in asked(desk) if one.line.text[:40] in unescape(page)]
        once = client.post(
            f"{PATH}/words", data={**form_in(page), "csrf": csrf_in(page), "open": first.line.id}
        )
        twice = client.post(
            f"{PATH}/words", data={**form_in(once.text), "csrf": csrf_in(page), "open": second.line.id}
        )
        again = client.get(PATH).text
        back = client.get(f"{PATH}/words")
    assert (once.status_code, twice.status_code) == (200, 200) and once.headers["cache-control"] == "no-store"
    assert first.line.text[:40] in unescape(once.text) and first.line.text[:40] not in unescape(twice.text)
    assert second.line.text[:40] in unescape(twice.text) and second.line.text[:40] not in unescape(once.text)
    assert second.line.text[:40] not in unescape(again)
    assert back.headers["location"] == PATH
    assert verbs(desk, "words_opened") == [first.line.id, second.line.id]


def test_what_is_chosen_and_typed_survives_an_opening_and_nothing_of_it_is_recorded(desk: Running) -> None:
    third = asked(desk)[2].line.id
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        chosen = {
            "what1": "concern_run",
            "what2": "own_neutral",
            "own2": 'only "a notice" <b>of & the fair</b>',
            "what4": "aside",
        }
        opened = client.post(
            f"{PATH}/words", data={**form_in(page), **chosen, "csrf": csrf_in(page), "open": third}
        ).text
    kept = form_in(opened)
    assert {name: kept[name] for name in chosen} == chosen and kept["what3"] == ""
    assert "<b>of" not in opened and verbs(desk, "corrected") == []


def test_nothing_chosen_records_nothing(desk: Running) -> None:
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        answer = client.post(PATH, data={**form_in(page), "csrf": csrf_in(page)})
        none = client.post(PATH, data={"as_role": "head", "csrf": csrf_in(page)})
    assert answer.status_code == none.status_code == 422
    assert problems_in(answer.text) == problems_in(none.text) == [SEVERAL_WORDS["several_nothing"][0]]
    assert 'href="#what1"' in answer.text and verbs(desk, "corrected") == []


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_each_choice_is_stored_as_a_typed_reason_is_and_the_rest_is_left(desk: Running, lang: str) -> None:
    """The sentence that was shown is the reason, in the language it was chosen in; each post has its row and its audit row."""
    posts = asked(desk)
    with sign_in(desk, DeskRole.HEAD, lang=lang) as client:
        page = client.get(PATH).text
        sent = {
            **form_in(page),
            "what1": "concern_run",
            "what2": "neutral_tells",
            "what3": "own_positive",
            "own3": "they thank the cooks",
            "csrf": csrf_in(page),
        }
        answer = client.post(PATH, data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/?said=several_done")
        assert SEVERAL_WORDS["several_done"][lang == "cy"] in client.get(answer.headers["location"]).text
    run, tells = find_reason("concern_run"), find_reason("neutral_tells")
    assert run and tells
    for post, label, reason in (
        (posts[0], Label.CONCERN, run.text(lang)),
        (posts[1], Label.NEUTRAL, tells.text(lang)),
        (posts[2], Label.POSITIVE, "they thank the cooks"),
    ):
        [one] = said_of_it(desk, post.line.id)
        assert (one.decision.label, one.decision.reason, one.decision.role) == (label, reason, Role.HEAD)
        assert (one.decision.revision, one.decision.harms, one.decision.route) == (
            post.line.revision,
            (),
            None,
        )
        assert re.fullmatch(r"[0-9a-f]{16}", one.decision.actor)
    assert verbs(desk, "corrected") == [post.line.id for post in posts[:3]]
    assert [one.line.id for one in asked(desk)] == [one.line.id for one in posts[3:]]


def test_of_three_one_is_stale_and_the_other_two_stand(desk: Running) -> None:
    """ASVS 2.3.4: whoever was first counts, the other is told which, by whom and when; what else was chosen is recorded."""
    first, stale, third = asked(desk)[:3]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        say_no_more(desk, stale)
        chosen = {"what1": "neutral_asks", "what2": "neutral_asks", "what3": "neutral_asks"}
        answer = client.post(PATH, data={**form_in(page), **chosen, "csrf": csrf_in(page)})
    [told] = problems_in(answer.text)
    assert (
        answer.status_code == 409 and told.startswith("Post 2: Somebody said what it is") and "deputy" in told
    )
    assert SEVERAL_WORDS["several_recorded"][0].format(n=2) in answer.text
    assert [len(said_of_it(desk, one.line.id)) for one in (first, stale, third)] == [1, 1, 1]
    assert said_of_it(desk, stale.line.id)[0].decision.role is Role.DEPUTY
    left = form_in(answer.text)
    assert "id2" not in left and left["id4"] == asked(desk)[0].line.id, "a post keeps its number"


def test_a_post_that_was_edited_is_not_judged_by_what_it_said_before(desk: Running) -> None:
    """A decision is about what the person read: the choice is taken back, and of the edited words it has to be made."""
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        old = {
            **form_in(page),
            "what1": "neutral_asks",
            "revision1": "7",
            "what2": "neutral_asks",
            "csrf": csrf_in(page),
        }
        opened = client.post(f"{PATH}/words", data={**old, "open": second.line.id})
        answer = client.post(PATH, data=old)
    for one, status in ((opened, 200), (answer, 409)):
        assert one.status_code == status
        assert problems_in(one.text) == [f"Post 1: {SEVERAL_WORDS['several_edited'][0]}"]
        again = form_in(one.text)
        assert again["what1"] == "" and again["revision1"] == str(first.line.revision)
    assert said_of_it(desk, first.line.id) == () and len(said_of_it(desk, second.line.id)) == 1


def test_a_form_sent_twice_is_recorded_once_and_nobody_is_said_to_have_been_first(desk: Running) -> None:
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        sent = {**form_in(page), "what1": "neutral_asks", "what2": "concern_run", "csrf": csrf_in(page)}
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda _: client.post(PATH, data=sent), range(2)))
        other = client.post(PATH, data={**sent, "what1": "concern_run"})
    assert [one.headers.get("location") for one in answers] == ["/?said=several_done"] * 2
    assert [len(said_of_it(desk, one.line.id)) for one in (first, second)] == [1, 1]
    assert sorted(verbs(desk, "corrected")) == sorted([first.line.id, second.line.id])
    assert other.status_code == 409, "another choice is not the same form"
    assert said_of_it(desk, first.line.id)[0].decision.label is Label.NEUTRAL


def test_a_post_set_aside_is_not_recorded_and_leads_to_its_own_page(desk: Running) -> None:
    """Possibly inappropriate: the harm is named and an incident opened on the post's own page; until then it goes on asking."""
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        answer = client.post(
            PATH, data={**form_in(page), "what1": "aside", "what2": "concern_run", "csrf": csrf_in(page)}
        )
        assert answer.headers["location"] == f"{PATH}?id={first.line.id}&said=several_done"
        after = client.get(answer.headers["location"]).text
        forged = client.get(f"{PATH}?id={second.line.id}&id=m000").text
    assert unescape(SEVERAL_WORDS["several_to_do"][0]) in unescape(after)
    assert f'href="/mentions/{first.line.id}?from=start#challenge"' in after
    assert said_of_it(desk, first.line.id) == () and asked(desk)[0].line.id == first.line.id
    assert SEVERAL_WORDS["several_to_do"][0][:30] not in forged, "an id that does not ask leads nowhere"


def test_own_words_go_with_a_label_and_are_never_dropped_unsaid(desk: Running) -> None:
    """Too few words, words without a label, words beside a standard reason: each is said at its field, the rest is recorded."""
    posts = asked(desk)
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        chosen = {
            "what1": "own_concern", "own1": "bad", "what2": "", "own2": "a notice of the fair", "what3": "neutral_tells",
            "own3": "a notice too", "what4": "neutral_tells", "what5": "own_concern", "own5": "password: hunter2-Aberglaslyn",
        }  # fmt: skip
        answer = client.post(PATH, data={**form_in(page), **chosen, "csrf": csrf_in(page)})
    assert answer.status_code == 422
    told = problems_in(answer.text)
    assert [one[:7] for one in told] == ["Post 1:", "Post 2:", "Post 3:", "Post 5:"] and "password" in told[3]
    for number in (1, 2, 3, 5):
        assert f'href="#own{number}"' in answer.text
        assert form_in(answer.text)[f"own{number}"] == chosen[f"own{number}"]
    assert [len(said_of_it(desk, one.line.id)) for one in posts[:5]] == [0, 0, 0, 1, 0]


def test_whoever_has_no_such_role_records_nothing(desk: Running) -> None:
    """L31: the office and the chair have no such page; a role that is not theirs is refused once, for all posts."""
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        sent = {**form_in(page), "what1": "neutral_asks", "what2": "neutral_asks"}
        answer = client.post(PATH, data={**sent, "as_role": "deputy", "csrf": csrf_in(page)})
        unsaid = client.post(PATH, data={**sent, "as_role": "", "csrf": csrf_in(page)})
        assert client.post(PATH, data={**sent, "csrf": "none"}).status_code == 403
        assert (
            client.post(f"{PATH}/words", data={**sent, "open": sent["id1"], "csrf": "none"}).status_code
            == 403
        )
    assert (answer.status_code, problems_in(answer.text)) == (422, [NOT_A_JUDGE[0]])
    assert unsaid.status_code == 422 and 'href="#as_role"' in unsaid.text
    for role in (DeskRole.OFFICE, DeskRole.CHAIR, DeskRole.ANALYST, DeskRole.ADMIN):
        with sign_in(desk, role) as client:
            token = csrf_in(client.get("/account").text)
            assert client.get(PATH).status_code == 404 and f'href="{PATH}"' not in client.get("/").text
            assert client.post(PATH, data={**sent, "csrf": token}).status_code == 404
            assert (
                client.post(f"{PATH}/words", data={**sent, "open": sent["id1"], "csrf": token}).status_code
                == 404
            )
    assert verbs(desk, "corrected") == verbs(desk, "words_opened") == []


def test_a_reviewer_says_it_as_the_office_they_read_for(desk: Running) -> None:
    """Issue 6, point 3: whom the school has named for correcting labels does so here too."""
    first = asked(desk, Viewer("0", "", frozenset({DeskRole.REVIEWER}), "en"))[0]
    with sign_in(desk, DeskRole.REVIEWER) as client:
        page = client.get(PATH).text
        client.post(PATH, data={**form_in(page), "what1": "neutral_asks", "csrf": csrf_in(page)})
    assert said_of_it(desk, first.line.id)[0].decision.role is Role.OPERATOR


def test_of_two_roles_the_one_chosen_is_kept_through_an_opening_and_recorded(desk: Running) -> None:
    with sign_in(desk, DeskRole.DEPUTY, DeskRole.DSL) as client:
        page = client.get(PATH).text
        first = form_in(page)["id1"]
        sent = {**form_in(page), "as_role": "dsl", "what1": "neutral_asks", "csrf": csrf_in(page)}
        opened = client.post(f"{PATH}/words", data={**sent, "open": first}).text
        assert re.search(r'name="as_role" value="dsl" checked', opened)
        client.post(PATH, data=sent)
    assert said_of_it(desk, first)[0].decision.role is Role.DSL


def test_a_form_no_page_of_ours_sends_is_not_read(desk: Running) -> None:
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        sent = {**form_in(page), "csrf": csrf_in(page)}
        for odd in (
            {"what1": "inappropriate"}, {"what1": "grave_threat"}, {"what1": "own_inappropriate", "own1": "it is vile"}, {"revision1": "0"}, {"revision1": "x"},
            {"id2": sent["id1"]}, {"what11": ""}, {"harms1": "threat"}, {"own1": "x" * 301}, {"said1": "-1"},
        ):  # fmt: skip
            assert client.post(PATH, data={**sent, **odd}).status_code == 400, odd
    assert verbs(desk, "corrected") == []


def test_while_the_night_writes_every_choice_is_kept_for_another_try(desk: Running) -> None:
    first = asked(desk)[0]
    with sign_in(desk, DeskRole.HEAD) as client, ThreadPoolExecutor() as pool:
        page = client.get(PATH).text
        sent = {**form_in(page), "what1": "own_concern", "own1": "asks for a crossing", "csrf": csrf_in(page)}
        with Warehouse(desk.home.folder).exclusive():
            busy = pool.submit(client.post, PATH, data=sent, timeout=300).result()
        assert busy.status_code == 503 and verbs(desk, "corrected") == []
        again = next(fields for action, fields in Forms(busy.text).forms if action == PATH)
        assert again["what1"] == "own_concern" and "asks for a crossing" in busy.text
        assert client.post(PATH, data={**sent}).status_code == 303
    assert len(said_of_it(desk, first.line.id)) == 1


@dataclass
class HeldAfter:
    """The desk's own acts until so many corrections are taken; then the records are held, as when a night begins."""

    acts: MentionActs
    most: int
    asked: list[str] = field(default_factory=list)

    def open_words(self, viewer: Viewer, id_: str) -> Outcome:
        return self.acts.open_words(viewer, id_)

    def correct(self, viewer: Viewer, given: CorrectionGiven, lang: str) -> Outcome:
        self.asked.append(given.id)
        return Busy() if len(self.asked) > self.most else self.acts.correct(viewer, given, lang)


def test_when_a_night_begins_in_between_what_is_recorded_stands_and_the_rest_keeps_its_choice(
    desk: Running,
) -> None:
    """Of three the first is recorded; the others are said not to be, and nobody waits for the records once for each."""
    posts = asked(desk)
    assert desk.desk.mentions is not None
    acts = HeldAfter(desk.desk.mentions, 1)
    object.__setattr__(desk.desk, "mentions", acts)
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        chosen = {"what1": "neutral_asks", "what2": "neutral_asks", "what3": "concern_run"}
        answer = client.post(PATH, data={**form_in(page), **chosen, "csrf": csrf_in(page)})
    assert answer.status_code == 503 and acts.asked == [posts[0].line.id, posts[1].line.id]
    assert problems_in(answer.text) == [f"Post {n}: {SEVERAL_WORDS['several_busy'][0]}" for n in (2, 3)]
    assert SEVERAL_WORDS["several_recorded"][0].format(n=1) in answer.text
    left = form_in(answer.text)
    assert (left["what2"], left["what3"]) == ("neutral_asks", "concern_run") and "what1" not in left
    assert [len(said_of_it(desk, one.line.id)) for one in posts[:3]] == [1, 0, 0]


def test_more_posts_than_a_page_holds_follow_when_these_are_done(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten on a page, in the order of the start page, under 100 kB; that there are others is said."""
    post = asked(desk)[0]
    many = tuple(replace(post, line=replace(post.line, id=f"{number:034}")) for number in range(14))
    monkeypatch.setattr(type(desk.desk.records), "asked_posts", lambda *_: many)
    for lang in ("en", "cy"):
        with sign_in(desk, DeskRole.HEAD, lang=lang) as client:
            page = client.get(PATH)
        assert [value for name, value in form_in(page.text).items() if name.startswith("id")] == [
            one.line.id for one in many[:MOST]
        ]
        assert SEVERAL_WORDS["several_more"][lang == "cy"] in unescape(page.text)
        assert len(page.content) < 100_000


def test_the_standard_reasons_say_why_in_both_languages() -> None:
    """What a typed reason must meet, each of them meets; every label has some; every word is there in Welsh."""
    assert len({one.key for one in STANDARD_REASONS}) == len(STANDARD_REASONS)
    for one in STANDARD_REASONS:
        assert says_why(one.text("en")) and says_why(one.text("cy")) and one.text("en") != one.text("cy")
        assert find_reason(one.key) is one
    assert all(reasons_of(label) for label in Label) and Label.INAPPROPRIATE not in LABELS_IN_ORDER
    for english, welsh in SEVERAL_WORDS.values():
        assert english and welsh and english != welsh
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", welsh))


def test_the_page_is_whole_in_welsh(desk: Running) -> None:
    """No English of ours is left on it: every reason, label and button is said in Welsh."""
    with sign_in(desk, DeskRole.HEAD, lang="cy") as client:
        page = unescape(client.get(PATH).text)
    for one in (one for one in STANDARD_REASONS if one.label in LABELS_IN_ORDER):
        assert one.text("cy") in page and one.text("en") not in page
    for key in (
        "several_title",
        "several_uncover",
        "several_record",
        "several_own",
        "several_aside",
        "several_leave",
    ):
        assert SEVERAL_WORDS[key][1] in page and f">{SEVERAL_WORDS[key][0]}<" not in page


@pytest.mark.browser
def test_by_keyboard_the_enter_key_on_a_choice_opens_and_sends_nothing(
    desk: Running, browser: Browser
) -> None:
    """WCAG 2.1.1, 3.2.2: Tab and arrows choose, Space opens the words; Enter on a choice changes nothing."""
    first = asked(desk)[0]
    with browser_of(desk, browser, DeskRole.HEAD, script=True) as context:
        page = context.new_page()
        page.goto(PATH)
        page.locator("#what1").focus()
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        assert page.locator("#what1-neutral_tells").is_checked()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert verbs(desk, "words_opened") == verbs(desk, "corrected") == []
        assert SEVERAL_WORDS["several_kept"][0] in page.inner_text("[role=status]")
        assert page.locator("#what1-neutral_tells").is_checked()
        page.locator("button[name=open]").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Space")
        assert verbs(desk, "words_opened") == [first.line.id]
        assert (
            page.locator("#what1-neutral_tells").is_checked()
            and page.locator("blockquote, section.post strong").count()
        )
        page.locator("main form > p:last-child button").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "said=several_done" in page.url
    assert said_of_it(desk, first.line.id)[0].decision.label is Label.NEUTRAL


def _post(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_in(client.get("/account").text), **fields})


def test_a_sealed_post_is_neither_shown_nor_opened_nor_judged_by_a_forged_form(desk: Running) -> None:
    """The stop rule: an image of a child that may be indecent is never opened, nor said to be anything here."""
    with Warehouse(desk.home.folder).writer() as writing:
        first = asked(desk)[0].line
        writing.run("UPDATE mentions SET is_sealed = true WHERE id = ?", [first.id])
    with sign_in(desk, DeskRole.DSL) as client:
        page = client.get(PATH).text
        assert first.id not in page
        never = {
            "id1": "m000",
            "revision1": "1",
            "said1": "0",
            "what1": "neutral_asks",
            "own1": "",
            "as_role": "dsl",
        }
        forged = {**never, "id1": first.id}
        for path, more in ((PATH, {}), (f"{PATH}/words", {"open": first.id})):
            here = _post(client, path, **forged, **more)
            nothing = _post(client, path, **never, **({"open": "m000"} if more else {}))
            assert here.status_code == nothing.status_code == 409
            assert problems_in(here.text) == problems_in(nothing.text) and problems_in(here.text)
    assert said_of_it(desk, first.id) == () and verbs(desk, "words_opened") == []
