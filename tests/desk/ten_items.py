"""A head's morning, walked in a browser: from the link in the e-mail to the last of ten decisions, every click counted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.report_form import ReportTyped, read_report
from desk.sign_in_port import SignedIn
from flows.desk_reports import HomeReports
from flows.home import read_school
from flows.school_now import SchoolNow
from mentionwatch.accounts import DeskRole, Viewer
from tests.desk.signed_in import Running
from tests.desk.whole_desk import MORNING, invite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PASSWORD = "three herons over Aberglaslyn"
REPORTED = (
    "Ysgol Cwm Eithin staff are all liars and thieves, everyone share this, useless idiots",
    "Ysgol Cwm Eithin: the deputy is a disgusting bully and I will wait for him at the gate",
    "Ysgol Cwm Eithin should be ashamed of the lunch queue, nobody answers my e-mails",
)
"""What parents bring in before the head sits down: with the town's night this makes ten things that ask for the head."""
TEXTS: Mapping[str, str] = {"reason": "Read and weighed with care"}
"""What is typed where no sentence is chosen: short, as somebody writes before school."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one incident is decided: the step, what its link answers, what is chosen in its form, and which sentences."""

    event: str = "no_case"
    link: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    sentences: tuple[tuple[str, str], ...] = (("reason", "fair"),)


DECIDED: Mapping[str, Way] = {
    "2026-0002": Way(
        "police", "&offence=threatening_communications", (("fact_effect", "staff"),),
        (("fact_connection", "names"), ("fact_involved", "alone"), ("fact_proportionate", "safety")),
    ),
    "2026-0005": Way(
        "safeguarding", "", (("fact_safeguarding_kind", "child_at_risk"),),
        (("fact_told", "telephone"), ("reason", "says")),
    ),
    "2026-0003": Way(
        "internal", "&author=parent", (("fact_effect_harm", "staff harassment"),),
        (("fact_connection", "people"), ("fact_involved", "leaders"), ("reason", "no_crime")),
    ),
}  # fmt: skip
"""Which of the digest's incidents gets which decision; every other is no case."""

POINT_S, PRESS_S, HOME_S, THINK_S, KEY_S = 1.10, 0.20, 0.40, 1.35, 0.28
"""Seconds of the keystroke-level model (Card, Moran and Newell, CACM 23(7), 1980): pointing, pressing and letting go of a button,
moving a hand between mouse and keys, making up one's mind, a key of an average typist who is no secretary."""
WORDS_A_MINUTE = 238
"""Adults reading English to themselves (Brysbaert, Journal of Memory and Language 109, 2019)."""

# What stands there to be read: no text for screen readers alone, none in what is folded away, none typed into a field.
LINES = """root => {
  const lines = [];
  const walk = e => {
    if (!e.checkVisibility({visibilityProperty: true}) || e.matches('.unseen-text, textarea, script, style')) return;
    for (const n of e.childNodes) {
      if (n.nodeType === 3) lines.push(n.data.trim().replace(/\\s+/g, ' '));
      else if (n.nodeType === 1) walk(n);
    }
  };
  walk(root);
  return lines;
}"""
_WORD = re.compile(r"[^\W_]+(?:[-'’.:/][^\W_]+)*")


@dataclass
class Hand:
    """One hand on a mouse, two on the keys: counts clicks, sentences chosen, fields, keys pressed and words there to be read.

    `known`: the lines read before on this morning; `new_words` are those of lines that were not.
    """

    page: Page
    known: set[str]
    clicks: int = 0
    sentences: int = 0
    fields: int = 0
    keys: int = 0
    words: int = 0
    new_words: int = 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def answer(self, name: str, sentence: str) -> None:
        """A standard sentence instead of a field to type in: a press like any other, and counted beside the fields it replaces."""
        self.sentences += 1
        self.page.locator(f'input[name="{name}_said"][value="{sentence}"]').click()

    def write(self, target: Locator, text: str) -> None:
        """A field is clicked into before it is typed into; the tabulator key would do too: counted with the fields."""
        self.fields += 1
        self.keys += len(text)
        target.fill(text)

    def read(self, *parts: Locator) -> None:
        for line in (line for part in parts for line in part.evaluate(LINES)):
            count = len(_WORD.findall(line))
            self.words += count
            self.new_words += 0 if line in self.known else count
            self.known.add(line)

    def counted(self, kind: str, decision: str) -> Counted:
        return Counted(
            kind, decision, self.clicks, self.fields, self.keys, self.words, self.sentences, self.new_words
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """One item of the digest: what it was, what was decided, and what that took."""

    kind: str
    decision: str
    clicks: int
    fields: int
    keys: int
    words: int
    sentences: int = 0
    new_words: int = 0

    @property
    def presses(self) -> int:
        """Everything that is pointed to: what decides, what answers, and every field that is typed in."""
        return self.clicks + self.sentences + self.fields

    @property
    def hands_s(self) -> float:
        """What hands and mind take: a decision before each click, each sentence and each field; a field is pointed to, and the hands
        move twice."""
        press = THINK_S + POINT_S + PRESS_S
        return (self.clicks + self.sentences) * press + self.fields * (press + 2 * HOME_S) + self.keys * KEY_S

    @property
    def reading_s(self) -> float:
        return self.words * 60 / WORDS_A_MINUTE

    @property
    def seconds(self) -> float:
        return self.hands_s + self.reading_s


@dataclass
class Morning:
    """The whole walk. `sign_in`: from the link to the start page. `together`: what the posts take once for all of them.

    `digest`: all of the day's digest read before anything is decided, which the walk itself does not need.
    """

    sign_in: Counted
    digest: Counted
    together: Counted = field(init=False)
    items: list[Counted] = field(default_factory=list)


def bring_reports(desk: Running) -> None:
    """Three reports, as the office takes them in."""
    reports, viewer = (
        HomeReports(desk.home, SchoolNow(desk.home, *read_school(desk.home))),
        Viewer("0", "", frozenset({DeskRole.OFFICE}), "en"),
    )
    for number, text in enumerate(REPORTED):
        typed = ReportTyped(
            address=f"https://social.example/eithin/{number}",
            text=text,
            posted="unknown",
            platform="Facebook",
        )
        read = read_report(typed, MORNING, is_indecent=False)
        assert not isinstance(read, tuple), read
        reports.take_report(viewer, read, "en", MORNING)


def walk_ten(desk: Running, browser: Browser) -> Morning:
    """No script, no shortcut: what is clicked is on the page. The clock of the desk stands still."""
    key = invite(desk, "a.head", DeskRole.HEAD)
    assert isinstance(desk.gate.accept(key, PASSWORD, MORNING), SignedIn)
    context = browser.new_context(base_url=desk.base, java_script_enabled=False, service_workers="block")
    page = context.new_page()
    page.set_default_timeout(120_000)
    try:
        page.goto("/")
        # The click on the link in the e-mail brought us here.
        known = set[str]()
        hand = Hand(page, known, clicks=1)
        hand.write(page.locator("#login"), "a.head")
        hand.write(page.locator("#password"), PASSWORD)
        hand.click(page.locator("main button"))
        page.wait_for_url(f"{desk.base}/")
        # How the night went is read once, before the first item.
        hand.read(page.locator("main > h1"), page.locator("main > .verdict"), page.locator("main > .lead"))
        done = Morning(hand.counted("e-mail", "signed in"), _read_digest(page))
        ids = re.findall(r'<h3 id="i([\d-]+)"', page.content())
        for id_ in ids:
            done.items.append(_decide(desk, page, known, id_))
        _judge_all(desk, page, known, done)
        return done
    finally:
        context.close()


def _read_digest(page: Page) -> Counted:
    """From its date to what was not looked at, of what stands there unfolded; whoever reads it knows no line of it yet."""
    hand, start = Hand(page, set()), page.url
    page.goto(f"/digest/{MORNING:%Y-%m-%d}")
    hand.read(page.locator("main"))
    page.goto(start)
    return hand.counted("digest", "read")


def _decide(desk: Running, page: Page, known: set[str], id_: str) -> Counted:
    hand, way = Hand(page, known), DECIDED.get(id_, Way())
    hand.read(page.locator(f'article[aria-labelledby="i{id_}"]'))
    path = f"/incidents/{id_}/steps/{way.event}?from=start{way.link}"
    hand.click(page.locator(f'a[href="{path}"]'))
    page.wait_for_url(f"{desk.base}{path}")
    hand.read(page.locator("main"))
    for name, value in way.chosen:
        hand.click(page.locator(f'input[name="{name}"][value="{value}"]'))
    for name, sentence in way.sentences:
        hand.answer(name, sentence)
    for box in _empty(page.locator("main textarea:visible")):
        hand.write(box, TEXTS[box.get_attribute("id") or ""])
    hand.click(page.locator("main form[method=post] button").last)
    assert page.url == f"{desk.base}/?said=step_taken", page.inner_text("main")[:600]
    return hand.counted("incident", way.event)


def _empty(boxes: Locator) -> Sequence[Locator]:
    """The fields that must be filled: an optional one says so in its label; not where a sentence is chosen instead."""
    page = boxes.page
    found = []
    for number in range(boxes.count()):
        box = boxes.nth(number)
        id_ = box.get_attribute("id")
        if page.locator(f'input[name="{id_}_said"]:checked').count():
            continue
        label = page.locator(f"label[for='{id_}']")
        if not label.count() or "(optional)" not in label.inner_text():
            found.append(box)
    return found


def _judge_all(desk: Running, page: Page, known: set[str], done: Morning) -> None:
    """Of all posts on one page: the words of each are opened, which is noted, and one click says what it is and why; one button
    records them. What stands there once for all is counted once.
    """
    hand = Hand(page, known)
    section = page.locator('section[aria-labelledby="look"]')
    hand.read(section.locator("> h2"), section.locator("> p.next"))
    hand.click(section.locator('a[href="/mentions/several"]'))
    page.wait_for_url(f"{desk.base}/mentions/several")
    hand.read(page.locator("main > h1"), page.locator("main > p"))
    for number in range(1, page.locator("section.post").count() + 1):
        done.items.append(_judge(page, known, number))
    send = page.locator("main form > p > button").last
    hand.read(send)
    hand.click(send)
    assert page.url == f"{desk.base}/?said=several_done", page.inner_text("main")[:600]
    done.together = hand.counted("posts", "together")


def _judge(page: Page, known: set[str], number: int) -> Counted:
    """Everything that stands there of it is read, each of the reasons too, and then its words."""
    hand, post = Hand(page, known), page.locator(f'section.post[aria-labelledby="p{number}"]')
    hand.read(post)
    hand.click(post.locator('button[name="open"]'))
    page.wait_for_url(f"**/mentions/several/words#p{number}")
    hand.read(post.locator("> [role=status]"), *post.locator("> [role=status] ~ p, > blockquote").all())
    hand.click(post.locator('input[value="neutral_tells"]'))
    return hand.counted("post", "labelled")
