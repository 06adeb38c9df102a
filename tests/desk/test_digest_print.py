"""The digest on paper: A4, black on white, page x of y, a handling mark on each page, and nothing that was covered."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desk.render import render_html
from desk.words import Speaker
from mentionwatch.labels import Label, Verdict
from tests.desk.cases import SLUR, digest, flagged, incident, mention, night

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SAID = {
    "en": ("Confidential: school leaders only.", "Page {} of {}"),
    "cy": ("Cyfrinachol: arweinwyr yr ysgol yn unig.", "Tudalen {} o {}"),
}


@pytest.mark.parametrize("lang", SAID)
def test_paper_is_a4_marked_numbered_and_holds_no_covered_word(browser: Browser, lang: str) -> None:
    """Protocol 5, point 9."""
    from pypdf import PdfReader

    rows = [incident(flagged(id=f"f{n}"), id=f"2026-{n:04}") for n in range(12)]
    made = digest(night(Verdict.MENTIONS), (mention(),), tuple(rows))
    page = browser.new_page(java_script_enabled=False)
    try:
        page.set_content(render_html(made, lang))
        paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    finally:
        page.close()
    mark, number = SAID[lang]
    pages = len(paper.pages)
    assert pages > 2
    for at, each in enumerate(paper.pages, 1):
        # Fonts print "fi" as one letter.
        text = each.extract_text().replace("\ufb01", "fi")
        assert mark in text and number.format(at, pages) in text
        assert SLUR not in text and "http" not in text.replace("http_401_403", "")
        assert [round(float(side)) for side in each.mediabox[2:]] == [595, 842]


@pytest.mark.parametrize("lang", SAID)
def test_what_a_screen_folds_away_stands_open_on_paper(browser: Browser, lang: str) -> None:
    """Nobody presses anything on paper: first steps, the words of concerns and praise, and each source are printed."""
    from pypdf import PdfReader

    rows = [
        mention(id=f"{label}{n}", label=label, title=f"Title {label} {n}", text=f"Words {label} {n}")
        for label in (Label.CONCERN, Label.POSITIVE)
        for n in range(5)
    ]
    made = digest(night(Verdict.MENTIONS), tuple(rows), (incident(flagged()),))
    page = browser.new_page(java_script_enabled=False)
    try:
        page.set_content(render_html(made, lang))
        screen = page.inner_text("body")
        paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    finally:
        page.close()
    printed = " ".join(" ".join(each.extract_text().split()) for each in paper.pages)
    for row in rows:
        assert row.title in printed and row.text in printed and row.text not in screen
    step = Speaker(lang).protocol(incident(None).first_steps[0])
    assert step[:20] in printed and step not in screen
    assert SLUR not in printed


@pytest.mark.parametrize("lang", SAID)
def test_what_stays_covered_is_not_printed_with_the_fold_it_stands_in(browser: Browser, lang: str) -> None:
    """ADR 0039: on paper folds stand open, and covers within them stay shut."""
    from pypdf import PdfReader

    rows = [
        replace(flagged(id=f"{label}{n}"), label=label, needs_person=False, stays_covered=True)
        if n % 2
        else mention(id=f"{label}{n}", label=label, title=f"Title {label} {n}")
        for label in (Label.CONCERN, Label.NEUTRAL, Label.POSITIVE)
        for n in range(8)
    ]
    page = browser.new_page(java_script_enabled=False)
    try:
        page.set_content(render_html(digest(night(Verdict.MENTIONS), tuple(rows)), lang))
        paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    finally:
        page.close()
    text = " ".join(each.extract_text() for each in paper.pages)
    assert all(f"Title {label} 6" in text for label in (Label.CONCERN, Label.NEUTRAL, Label.POSITIVE))
    assert SLUR not in text
