"""The page of several posts when it cannot do what was asked: a forged form, a night that writes, a sealed post; and how it is used."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING

import httpx
import pytest

from desk.acts import Busy, Outcome
from desk.mention_port import CorrectionGiven, MentionActs
from desk.several_words import SEVERAL_WORDS
from desk.standard_reasons import LABELS_IN_ORDER, STANDARD_REASONS, find_reason, reasons_of
from desk.web.several_form import MOST
from flows.signing import says_why
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label
from tests.desk.held import held
from tests.desk.several_desk import PATH, asked, form_in, named, problems_in, said_of_it, verbs
from tests.desk.several_desk import desk as desk
from tests.desk.several_desk import swept as swept
from tests.desk.signed_in import Running, browser_of, csrf_in, sign_in
from tests.desk.test_matrix import Forms
from warehouse.connection import Warehouse

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_a_form_no_page_of_ours_sends_is_not_read(desk: Running) -> None:
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        sent = {**form_in(page), "csrf": csrf_in(page)}
        for odd in (
            {"what1": "inappropriate"}, {"what1": "grave_threat"}, {"what1": "own_inappropriate", "own1": "it is vile"}, {"revision1": "0"}, {"revision1": "x"},
            {"id2": sent["id1"]}, {"what11": ""}, {"harms1": "threat"}, {"own1": "x" * 301}, {"said1": "-1"},
        ):  # fmt: skip
            assert client.post(PATH, data=named({**sent, **odd})).status_code == 400, odd
    assert verbs(desk, "corrected") == []


def test_while_the_night_writes_every_choice_is_kept_for_another_try(desk: Running) -> None:
    first = asked(desk)[0]
    with sign_in(desk, DeskRole.HEAD) as client, ThreadPoolExecutor() as pool:
        page = client.get(PATH).text
        sent = {**form_in(page), "what1": "own_concern", "own1": "asks for a crossing", "csrf": csrf_in(page)}
        with held(desk.home.folder):
            busy = pool.submit(client.post, PATH, data=named(sent), timeout=300).result()
        assert busy.status_code == 503 and verbs(desk, "corrected") == []
        again = next(fields for action, fields in Forms(busy.text).forms if action == PATH)
        assert "asks for a crossing" in busy.text
        assert [value for name, value in again.items() if name.startswith("what1-")] == ["own_concern"]
        assert client.post(PATH, data=named({**sent})).status_code == 303
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
        answer = client.post(PATH, data=named({**form_in(page), **chosen, "csrf": csrf_in(page)}))
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


@pytest.mark.browser
def test_going_back_puts_no_choice_on_another_post(desk: Running, browser: Browser) -> None:
    """Browsers put what was chosen back into fields of the same name, and the page that is fetched again names other posts."""
    before = asked(desk)
    with browser_of(desk, browser, DeskRole.HEAD) as context:
        page = context.new_page()
        page.goto(PATH)
        page.locator("#what1-neutral_tells").check()
        page.locator("#what2-concern_asks").check()
        with page.expect_navigation():
            page.locator("main form > p:last-child button").click()
        assert len(asked(desk)) == len(before) - 2
        page.go_back()
        page.wait_for_url(f"**{PATH}")
        assert page.locator('input[type=hidden][name="id1"]').get_attribute("value") == before[2].line.id
        chosen = page.eval_on_selector_all("input[type=radio]:checked", "all => all.map(one => one.value)")
        assert set(chosen) == {""}
        with page.expect_navigation():
            page.locator("main form > p:last-child button").click()
    assert all(said_of_it(desk, one.line.id) == () for one in before[2:])


def test_a_choice_that_was_made_about_another_post_is_not_read(desk: Running) -> None:
    """Whatever a browser puts where: a choice counts for the post and the revision it was made about, or the form is none of ours."""
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        sent = named({**form_in(page), "what1": "neutral_asks", "csrf": csrf_in(page)})
        turned = {**sent, "id1": sent["id2"], "id2": sent["id1"]}
        for odd in (turned, {**sent, "revision1": "2"}):
            assert client.post(PATH, data=odd).status_code == 400
    assert verbs(desk, "corrected") == []


def _post(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data=named({"csrf": csrf_in(client.get("/account").text), **fields}))


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
