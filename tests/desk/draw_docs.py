"""The pictures and the table of clicks in docs/desk.md: `python -m tests.desk.draw_docs` draws them anew.

Pixels differ from one Chromium to the next. What is kept beside the pictures is a fingerprint of what can be read on each page
and how it is built; tests/desk/test_desk_docs.py compares that.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desk.pages import MentionQuery
from mentionwatch.accounts import DeskRole, Viewer
from tests.desk.chromium import open_browser
from tests.desk.signed_in import Running, browser_of
from tests.desk.ten_items import WORDS_A_MINUTE, Counted, Morning, bring_reports, walk_ten
from tests.desk.whole_desk import whole_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DOCS = Path(__file__).resolve().parents[2] / "docs"
PRINTS = DOCS / "desk-pictures.json"
PAGE = DOCS / "desk.md"
BEGIN, END = "<!-- clicks: python -m tests.desk.draw_docs -->", "<!-- end of clicks -->"

# What can be seen: each element's name and its own words, in order; what a reader does not see is left out.
READ = """() => {
  const lines = [];
  const walk = (e, depth) => {
    if (!e.checkVisibility({visibilityProperty: true}) || e.type === 'hidden') return;
    const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.replace(/\\s+/g, ' ').trim()).filter(Boolean).join(' | ');
    lines.push(' '.repeat(depth) + e.tagName.toLowerCase() + (e.type && e.tagName !== 'BUTTON' ? ':' + e.type : '') + (own ? ' ' + own : ''));
    for (const child of e.children) walk(child, depth + 1);
  };
  walk(document.body, 0);
  return lines.join('\\n');
}"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: `name`, without language and ending; where it is taken, and how wide."""

    name: str
    path: str
    width: int = 1000
    height: int = 860


def list_pictures(desk: Running) -> tuple[Picture, ...]:
    """What docs/desk.md shows. The post is the first in the alphabet that asks for a person: ids differ by the town's port."""
    viewer = Viewer("0", "", frozenset({DeskRole.HEAD}), "en")
    rows = desk.desk.records.mentions(viewer, MentionQuery()).rows
    post = min((row for row in rows if row.needs_person), key=lambda row: (row.title, row.text))
    return (
        Picture("start", "/"),
        Picture("incident", "/incidents/2026-0003"),
        Picture("step", "/incidents/2026-0003/steps/no_case?from=start"),
        Picture("several", "/mentions/several"),
        Picture("mention", f"/mentions/{post.id}"),
        Picture("figures", "/figures"),
        Picture("phone", "/", 320, 640),
    )


def visit_pictures(desk: Running, browser: Browser) -> Iterator[tuple[str, Page]]:
    """Each page as its picture shows it, by name and language."""
    for lang in ("en", "cy"):
        with browser_of(desk, browser, DeskRole.HEAD, lang=lang, script=True) as context:
            page = context.new_page()
            for picture in list_pictures(desk):
                page.set_viewport_size({"width": picture.width, "height": picture.height})
                page.goto(picture.path)
                yield f"desk-{picture.name}-{lang}", page


_VARIES = {
    r"(?<=127\.0\.0\.1:)\d+": "PORT", r"\b02:3\d\b": "02:30", r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}…": "SHA256",
    r"\b[\d.]+ (?:B|kB|MB)\b": "SIZE",
}  # fmt: skip


def read_page(page: Page) -> str:
    """What stands on it, line by line; the port the town was reached at, and the minute the night was over, are not said.

    Nor are sizes and SHA-256 of evidence: the port stands in what was captured.
    """
    found: str = page.evaluate(READ)
    for varies, stands_for in _VARIES.items():
        found = re.sub(varies, stands_for, found)
    return found


def fingerprint(text: str) -> str:
    """Of what `read_page` read."""
    return hashlib.sha256(text.encode()).hexdigest()


GOAL_S = 120


def say_clicks(morning: Morning) -> str:
    """The table of docs/desk.md."""

    def row(number: str, one: Counted) -> str:
        return (
            f"| {number} | {one.kind} | {_NAMES[one.decision]} | {one.clicks} | {one.sentences} | {one.keys} | {one.words} "
            f"| {one.hands_s:.0f} | {one.reading_s:.0f} | {one.seconds:.0f} |"
        )

    items, counted = morning.items, [*morning.items, morning.together]
    rows = [
        row("", morning.sign_in),
        *(row(str(number), one) for number, one in enumerate(items, 1)),
        row("", morning.together),
    ]
    clicks, sentences, keys, words = (
        sum(getattr(one, name) for one in counted) for name in ("clicks", "sentences", "keys", "words")
    )
    hands, reading = sum(one.hands_s for one in counted), sum(one.reading_s for one in counted)
    presses = [one.presses for one in counted]
    few, most = sum(one.clicks <= 3 for one in items), max(one.clicks for one in items)
    total = hands + reading
    new = sum(one.new_words for one in counted)
    known = hands + new * 60 / WORDS_A_MINUTE
    met = "is met" if total <= GOAL_S else "is not met"
    return "\n".join(
        (
            "| Item | What | Decision | Clicks | Sentences | Keys | Words | Hands, s | Reading, s | Both, s |",
            "|---|---|---|---|---|---|---|---|---|---|",
            *rows,
            f"| **{len(items)} items** | | | **{clicks}** | **{sentences}** | **{keys}** | **{words}** | **{hands:.0f}** | **{reading:.0f}** | **{total:.0f}** |",
            "",
            f"{clicks / len(items):.1f} clicks an item on average, {most} at most; {few} of {len(items)} take three or fewer. "
            f"With sentences chosen and fields typed in: {sum(presses) / len(items):.1f} presses an item, {max(presses)} at most.",
            f"The estimate is {total // 60:.0f} minutes {total % 60:.0f} seconds for all of them: the goal of two minutes {met} by it. "
            f"Reading every word is {reading / total:.0%} of that. Lines that were read before on that morning, word for word, "
            f"as each form and each post repeats them, hold {words - new} of the words: for whoever knows those by then "
            f"the estimate is {known // 60:.0f} minutes {known % 60:.0f} seconds.",
            "",
            f"The digest of that morning, as a page, holds {morning.digest.words} words: {morning.digest.reading_s:.0f} seconds of reading "
            "from its date to what was not looked at, with nothing unfolded.",
        )
    )


_NAMES: Mapping[str, str] = {
    "signed in": "link, name and password",
    "police": "police route for a threat, at once",
    "safeguarding": "ask the safeguarding lead",
    "internal": "internal route, the author a parent, at once",
    "no_case": "not inappropriate, at once",
    "labelled": "uncover and read, one click says what it is",
    "together": "once for all of them: the link, what stands above, the button",
}


def main() -> None:
    """Draw everything anew."""
    with tempfile.TemporaryDirectory() as folder, whole_desk(Path(folder)) as desk, open_browser() as browser:
        prints = {}
        for name, page in visit_pictures(desk, browser):
            page.screenshot(path=DOCS / f"{name}.png")
            prints[name] = fingerprint(read_page(page))
        PRINTS.write_text(json.dumps(prints, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        bring_reports(desk)
        table = say_clicks(walk_ten(desk, browser))
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
