"""The digest in a real browser: it fits a telephone, asks the network for nothing, and keeps its covers closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk.render import render_html
from desk.words import LANGUAGES
from incidents.deadlines import Clock, ClockName
from mentionwatch.labels import IncidentState, Label, Verdict
from tests.desk.cases import NIGHT, SLUR, digest, flagged, incident, mention, night

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4

# WCAG 2.2, 1.4.3: relative luminance of text against the nearest opaque background behind it.
CONTRAST = """() => {
  const parse = c => { const n = c.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
  const low = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(e.tagName + ' ' + ratio.toFixed(2));
  }
  return low;
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, summary')].filter(e => {
  const box = e.getBoundingClientRect(); return box.height > 0 && (box.height < 24 || box.width < 24);
}).map(e => e.outerHTML)"""


def _html(lang: str) -> str:
    rows = (
        mention(source=LONG, title=LONG, text=LONG, url=f"https://{'a' * 60}.example/{LONG}"),
        mention(id="2", label=Label.CONCERN, title=f"A concern {LONG}"),
        mention(id="3", label=Label.POSITIVE, revision=2, kind="report"),
        flagged(id="4", why=("the classifier is unsure", f"“{LONG}” speaks for inappropriate")),
    )
    incidents = (
        incident(flagged(id="5", text=f"{SLUR} {LONG}")),
        incident(
            None,
            id="2026-0002",
            state=IncidentState.REMOVAL_WAIT,
            clocks=(Clock(ClockName.REMOVAL, NIGHT, True), Clock(ClockName.SAFETY, NIGHT)),
        ),
    )
    return render_html(digest(night(Verdict.DEGRADED), rows, incidents, school=f"Ysgol {LONG}"), lang)


def _open(browser: Browser, html: str, width: int, scheme: str) -> tuple[Page, list[str]]:
    """The page as a reader opens it, with a list of everything it asked the network for; all of it is refused."""
    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
        service_workers="block",
    )
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route("**/*", refuse)
    page = context.new_page()
    page.set_content(html)
    return page, asked


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_asks_for_nothing_and_is_closed_at_load(
    browser: Browser, width: int, scheme: str, lang: str
) -> None:
    page, asked = _open(browser, _html(lang), width, scheme)
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("details.covered").count() == 2
        assert page.locator("details.covered[open]").count() == 0
        assert SLUR not in page.inner_text("body")
        assert page.evaluate(CONTRAST) == []
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "opened, it still fits"
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate(SMALL_TARGETS) == []
        assert asked == []
    finally:
        page.context.close()


def test_one_cover_opens_by_keyboard_and_the_others_stay_closed(browser: Browser) -> None:
    page, _ = _open(browser, _html("en"), 320, "light")
    try:
        page.locator("article.act .covered > summary").first.focus()
        page.keyboard.press("Enter")
        assert SLUR in page.inner_text("article.act")
        assert page.locator("details.covered[open]").count() == 1
    finally:
        page.context.close()


def test_on_paper_the_covered_words_stay_covered(browser: Browser) -> None:
    page, asked = _open(browser, _html("cy"), 794, "dark")
    try:
        page.emulate_media(media="print")
        assert page.locator("article.act blockquote").is_visible() is False
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert asked == []
    finally:
        page.context.close()


def test_a_script_that_slipped_in_would_not_run(browser: Browser) -> None:
    html = _html("en").replace(
        "</main>", "<script>document.title='ran'</script><img src='https://x.example/p'></main>"
    )
    page, asked = _open(browser, html, 320, "light")
    try:
        assert page.title() != "ran"
        assert asked == []
    finally:
        page.context.close()
