"""The digest as a page of the desk: the frame around it, links to the desk's pages, and what only those pages show."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from desk.digest import Digest
from desk.words import LANGUAGES
from flows.home import Home
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label, Verdict
from tests.desk.cases import DAY, SLUR, digest, flagged, incident, mention, night
from tests.desk.signed_in import Running, browser_of, csrf_in, serving, sign_in
from tests.desk.test_digest_print import SAID
from tests.desk.test_web_looks import _look as what_is_wrong

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATH = f"/digest/{DAY.isoformat()}"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


@dataclass
class OneDay:
    """Records of one day."""

    made: Digest

    def days(self, _viewer: Viewer) -> tuple[date, ...]:
        return (DAY,)

    def digest(self, _viewer: Viewer, _day: date, _lang: str) -> Digest:
        return self.made


def a_full_day(text: str = "") -> Digest:
    """Ten items, one of each kind among them; `text` as words of posts and names of sources."""
    words = {"text": text, "title": text, "source": text} if text else {}
    rows = (
        flagged(id="look", **words), mention(id="concern", label=Label.CONCERN, **words),
        mention(id="other", **words), mention(id="good", label=Label.POSITIVE, **words),
    )  # fmt: skip
    incidents = tuple(incident(flagged(id=f"f{n}"), id=f"2026-{n:04}") for n in range(1, 7))
    return digest(night(Verdict.DEGRADED), rows, incidents, school=text or "Ysgol Cwm Eithin")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    records: Any = OneDay(a_full_day())
    with serving(records, Home(tmp_path_factory.mktemp("day"))) as running:
        yield running


@pytest.mark.parametrize("lang", LANGUAGES)
def test_around_the_digest_stand_navigation_language_hide_and_sign_out(desk: Running, lang: str) -> None:
    with sign_in(desk, DeskRole.DSL, lang=lang) as client:
        answer = client.get(PATH)
        back = client.post("/language", data={"csrf": csrf_in(answer.text), "lang": "en", "back": PATH})
    page = answer.text
    assert f'<html lang="{lang}">' in page and page.count("<h1") == page.count("<main") == 1
    for part in (
        'action="/hide"',
        'action="/sign-out"',
        'action="/language"',
        'href="/incidents"',
        'class="skip"',
    ):
        assert part in page
    assert "http-equiv" not in page, "the header says it, and lets forms be sent"
    assert (back.status_code, back.headers["location"]) == (303, PATH)


def test_incidents_and_mentions_lead_to_their_pages_and_flagged_words_are_only_there(desk: Running) -> None:
    """Issue 6, point 4: words of flagged posts are opened where their opening is counted, and not in a list."""
    with sign_in(desk, DeskRole.DSL) as client:
        page = client.get(PATH).text
    for n in range(1, 7):
        assert page.count(f'href="/incidents/2026-{n:04}"') == 1
    for id_ in ("look", "concern", "other", "good"):
        assert page.count(f'href="/mentions/{id_}"') == 1
    assert SLUR not in page and "<blockquote" not in page


def test_who_may_not_open_a_page_is_not_led_to_it(desk: Running) -> None:
    """The chair's roles open incidents, and no list of mentions."""
    with sign_in(desk, DeskRole.CHAIR) as client:
        page = client.get(PATH).text
        assert client.get("/mentions?id=look").status_code in (403, 404)
    assert 'href="/incidents/2026-0001"' in page and 'href="/mentions' not in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_words_stay_words_and_the_page_stays_small(lang: str, tmp_path: Path) -> None:
    """A page weighs less than 100 kB and asks for nothing."""
    records: Any = OneDay(a_full_day(EVIL))
    with serving(records, Home(tmp_path)) as evil, sign_in(evil, DeskRole.DSL, lang=lang) as client:
        page = client.get(PATH).text
    assert "&lt;script&gt;" in page and len(page.encode()) < 100_000
    for forbidden in ("<script", "<img", "@import", "url("):
        assert forbidden not in page


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_no_fault_that_axe_finds_and_fits(desk: Running, browser: Browser, lang: str) -> None:
    """WCAG 2.2 AA, at 320 and 1280 px, light and dark."""
    with browser_of(desk, browser, DeskRole.DSL, lang=lang, script=True) as context:
        page = context.new_page()
        page.goto(PATH)
        assert what_is_wrong(page, PATH) == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_paper_it_is_the_digest_without_the_frame(desk: Running, browser: Browser, lang: str) -> None:
    """Protocol 5, point 9: A4, black on white, marked and numbered; what can only be pressed is not printed."""
    from pypdf import PdfReader

    with browser_of(desk, browser, DeskRole.DSL, lang=lang, script=True) as context:
        page = context.new_page()
        page.goto(PATH)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.get_by_role("button").first.is_visible() is False
        paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    mark, number = SAID[lang]
    for at, each in enumerate(paper.pages, 1):
        text = each.extract_text().replace("\ufb01", "fi")
        assert mark in text and number.format(at, len(paper.pages)) in text and "Mari Jones" not in text
        assert [round(float(side)) for side in each.mediabox[2:]] == [595, 842]


def test_a_day_has_one_address(desk: Running) -> None:
    """ASVS V4.1: the same day written as a week date or without hyphens is no page."""
    year, week, weekday = DAY.isocalendar()
    with sign_in(desk, DeskRole.DSL) as client:
        assert client.get(PATH).status_code == 200
        for odd in (f"{year}-W{week:02}-{weekday}", DAY.strftime("%Y%m%d")):
            assert client.get(f"/digest/{odd}").status_code == 404
