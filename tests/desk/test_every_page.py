"""Every page of the table of routes in a real browser, in both languages (issue 6, point 7; WCAG 2.2 AA).

A page that is added to desk/web/routes.py is walked by itself: its address is found by the links of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from desk.web.cookies import SESSION
from mentionwatch.accounts import DeskRole
from tests.desk.signed_in import Running, browser_of
from tests.desk.test_keyboard import STOP
from tests.desk.test_looks import CONTRAST
from tests.desk.whole_desk import MORNING, Look, list_looks, post_words, whole_desk
from tests.incidents.homes import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

pytestmark = pytest.mark.browser

LANGS = ("en", "cy")
MOST_BYTES = 100_000
A4 = (595, 842)
"""Points."""
A4_TEXT_PX = 673
"""What the style's margins of 16 mm leave of 210 mm, in CSS pixels."""

STRUCTURE = """() => {
  const found = [], all = s => [...document.querySelectorAll(s)];
  if (all('h1').length !== 1) found.push('not one h1: ' + all('h1').length);
  let before = 0;
  for (const h of all('h1, h2, h3, h4, h5, h6')) {
    const level = Number(h.tagName[1]);
    if (level > before + 1) found.push('heading ' + level + ' after ' + before + ': ' + h.textContent.trim().slice(0, 60));
    before = level;
    if (!h.textContent.trim()) found.push('an empty heading');
  }
  const ids = all('[id]').map(e => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) found.push('id twice: ' + id);
  if (all('main').length !== 1) found.push('not one main');
  for (const e of all('script, img, link[rel=stylesheet], iframe')) found.push('loads something: ' + e.outerHTML.slice(0, 80));
  for (const e of all('[style], [onclick], [tabindex]')) if (e.tabIndex > 0 || e.hasAttribute('onclick') || e.hasAttribute('style')) found.push(e.outerHTML.slice(0, 80));
  return found;
}"""
# WCAG 2.5.8: a target is 24 by 24 CSS pixels, or stands in a sentence. A radio or a box is as large as its label with it.
TARGETS = """() => [...document.querySelectorAll('a, summary, button, select, textarea, input:not([type=hidden])')].filter(e => {
  const b = e.getBoundingClientRect();
  if (e.closest('.skip') || !e.checkVisibility()) return false;
  return b.height > 0 && (b.height < 23.99 || b.width < 23.99);
}).map(e => 'target ' + e.getBoundingClientRect().width.toFixed(0) + 'x' + e.getBoundingClientRect().height.toFixed(0) + ': ' + e.outerHTML.slice(0, 100))"""
# With the reader's own colours nothing is told by a background alone: a button has a border or an underline.
FORCED = """() => [...document.querySelectorAll('button, .offers a, .next a, .button')].filter(e => {
  const s = getComputedStyle(e);
  return e.checkVisibility() && parseFloat(s.borderTopWidth) === 0 && !s.textDecorationLine.includes('underline');
}).map(e => 'no edge in forced colours: ' + e.outerHTML.slice(0, 100))"""
MOTION = """() => {
  const found = document.getAnimations().map(a => 'animation');
  for (const e of document.querySelectorAll('*')) {
    const s = getComputedStyle(e);
    if (s.scrollBehavior === 'smooth') found.push('smooth scrolling');
    if ([...s.transitionDuration.split(','), ...s.animationDuration.split(',')].some(d => parseFloat(d) > 0)) found.push('moves: ' + e.tagName);
  }
  return found;
}"""
# WCAG 1.4.12: text spacing as readers may set it.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"
WIDTH = "document.documentElement.scrollWidth"
# On paper nothing can be pressed: no button, no field, no link that looks like a button.
PRESSED = """() => [...document.querySelectorAll('button, .button, input, select, textarea, label, legend, .offers a, .next a, .choose a')].filter(
  e => e.checkVisibility() && e.getBoundingClientRect().height > 0).map(e => 'on paper: ' + e.outerHTML.slice(0, 100))"""
# Of the filled buttons of one part of a page one is what most people want; the others have an edge only.
HEAVY = """() => {
  const filled = [...document.querySelectorAll('button, .button')].filter(e => e.checkVisibility() && !/, 0\\)|transparent/.test(getComputedStyle(e).backgroundColor));
  const parts = filled.map(e => e.closest('article') || e.closest('section') || document.body);
  return filled.filter((e, i) => parts.indexOf(parts[i]) < i).map(e => 'a second heavy button: ' + e.textContent.trim().slice(0, 60));
}"""
# What a hand can press or type into. The radios of one question are one stop: the arrow keys go from one to the next.
STOPS = """() => {
  const found = {}, all = 'a[href], button, summary, select, textarea, input:not([type=hidden])';
  for (const e of document.querySelectorAll(all)) {
    if (e.disabled || !e.checkVisibility({visibilityProperty: true})) continue;
    const forms = [...document.forms];
    e.dataset.stop = e.type === 'radio' ? 'radio ' + forms.indexOf(e.form) + ' ' + e.name : 'stop ' + Object.keys(found).length;
    found[e.dataset.stop] = e.outerHTML.slice(0, 120);
  }
  return found;
}"""
LINES = "new Set([...document.querySelectorAll('.top nav li')].map(e => Math.round(e.getBoundingClientRect().top))).size"
"""How many lines the navigation takes."""


@dataclass
class Walk:
    """What a walk over every page found, by promise; `titles` by address."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    pages: int = 0
    heaviest: int = 0

    def add(self, promise: str, path: str, found: list[str]) -> None:
        self.faults.setdefault(promise, []).extend(f"{path}: {each}" for each in found)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With a form on file for every incident, so that what is made of one is walked too."""
    with whole_desk(tmp_path_factory.mktemp("every")) as running:
        commands = Desk(running.home.folder)
        for row in commands.run("incident", "list", "--json").rows:
            _make_letter(commands, row["id"])
        yield running


def _make_letter(commands: Desk, id_: str) -> None:
    said = commands.run("incident", "letter", id_, "staff_report", "--as", "operator", "--lang", "en", "--now", MORNING.isoformat())  # fmt: skip
    assert said.code == 0, said.err


@pytest.fixture(scope="module")
def looks(desk: Running) -> tuple[Look, ...]:
    found, unknown = list_looks(desk)
    assert not unknown, (
        f"no way leads to {unknown}: link to it, or say in tests/desk/whole_desk.py what it is"
    )
    return found


@contextmanager
def _visitor(desk: Running, browser: Browser, look: Look, lang: str) -> Iterator[BrowserContext]:
    if look.role is None:
        context = browser.new_context(base_url=desk.base, bypass_csp=True, service_workers="block")
        yield context
        context.close()
        return
    with browser_of(desk, browser, look.role, lang=lang, script=True) as context:
        if look.is_hidden:
            name = desk.site.cookie(SESSION)
            desk.gate.lock(next(each["value"] for each in context.cookies() if each["name"] == name))
        yield context


def _scan(page: Page, walk: Walk, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
    walk.add("axe", path, [f"{one['id']} {one['nodes'][0]['html'][:140]}" for one in found])
    walk.add("contrast", path, page.evaluate(CONTRAST))


def _visit(desk: Running, page: Page, look: Look, lang: str, walk: Walk) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(
        media="screen", color_scheme="light", forced_colors="none", reduced_motion="no-preference"
    )
    page.on("request", note)
    path = look.path
    address = path + (f"{'&' if '?' in path else '?'}lang={lang}" if look.role is None else "")
    answer = page.goto(address)
    page.remove_listener("request", note)
    assert answer is not None
    body = answer.body()
    walk.pages += 1
    # The link that makes the first account is over: a message, and no page of its own.
    walk.add(
        "opens", path, [f"status {answer.status}"] if answer.status != 200 and look.row != "/first" else []
    )
    walk.heaviest = max(walk.heaviest, len(body))
    walk.add("weight", path, [f"{len(body)} bytes"] if len(body) >= MOST_BYTES else [])
    walk.add("requests", path, [f"asked for {url}" for url in asked if not url.startswith(desk.base)] + ([f"{len(asked)} requests"] if len(asked) != 1 else []))  # fmt: skip
    walk.add(
        "lang", path, [] if page.evaluate("document.documentElement.lang") == lang else ["another language"]
    )
    walk.add("structure", path, page.evaluate(STRUCTURE))
    walk.titles[path] = page.title()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    walk.add("targets", path, page.evaluate(TARGETS))
    walk.add("heavy buttons", path, page.evaluate(HEAVY))
    walk.add("keyboard", path, _tab_through(page))
    page.set_viewport_size({"width": 1000, "height": 900})
    lines = page.evaluate(LINES)
    walk.add("navigation", path, [f"{lines} lines"] if lines > 1 else [])
    page.set_viewport_size({"width": 1280, "height": 900})
    walk.add("width", path, ["wider than 1280"] if page.evaluate(WIDTH) > 1280 else [])
    _scan(page, walk, path)
    page.emulate_media(reduced_motion="reduce")
    walk.add("motion", path, page.evaluate(MOTION))
    page.emulate_media(forced_colors="active")
    walk.add("forced colours", path, page.evaluate(FORCED))
    page.emulate_media(forced_colors="none", color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 256})
    walk.add("width", path, ["wider than 320"] if page.evaluate(WIDTH) > 320 else [])
    walk.add("targets", path, page.evaluate(TARGETS))
    _scan(page, walk, f"{path} (dark, 320 px)")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_TEXT_PX, "height": 950})
    walk.add(
        "print",
        path,
        [f"{page.evaluate(WIDTH)} px wide on paper"] if page.evaluate(WIDTH) > A4_TEXT_PX else [],
    )
    walk.add("print", path, page.evaluate(PRESSED))
    walk.add("print", path, ["ink is not black"] if page.evaluate("getComputedStyle(document.body).color") != "rgb(0, 0, 0)" else [])  # fmt: skip
    boxes = {
        (round(float(wide)), round(float(high)))
        for wide, high in re.findall(
            rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True)
        )
    }
    if not boxes or any(abs(wide - A4[0]) > 1 or abs(high - A4[1]) > 1 for wide, high in boxes):
        walk.add("print", path, [f"not A4: {boxes}"])
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 256})
    page.add_style_tag(content=SPACING)
    walk.add("width", path, ["wider than 320 with wide letters"] if page.evaluate(WIDTH) > 320 else [])


def _tab_through(page: Page) -> list[str]:
    """What the tabulator key does not come to, and where it stops without the stop being seen; from the top of the page to its end."""
    wanted: dict[str, str] = page.evaluate(STOPS)
    missing, unseen = dict(wanted), list[str]()
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    for _ in range(2 * len(wanted) + 2):
        page.keyboard.press("Tab")
        stop = page.evaluate(f"[(document.activeElement || document.body).dataset.stop || '', ({STOP})()]")
        if stop[0] in missing and not stop[1]["seen"]:
            unseen.append(f"not seen: {missing[stop[0]]}")
        missing.pop(stop[0], None)
        if not missing:
            break
    return unseen + [f"never reached: {each}" for each in missing.values()]


@pytest.fixture(scope="module")
def walks(desk: Running, browser: Browser, looks: tuple[Look, ...]) -> Mapping[str, Walk]:
    """One walk over every page in each language; each test below asks it one thing."""
    found = {lang: Walk() for lang in LANGS}
    for lang, walk in found.items():
        with ExitStack() as stack:
            pages: dict[tuple[DeskRole | None, bool], Page] = {}
            for look in looks:
                key = (look.role, look.is_hidden)
                if key not in pages:
                    pages[key] = stack.enter_context(_visitor(desk, browser, look, lang)).new_page()
                _visit(desk, pages[key], look, lang, walk)
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "promise",
    ["opens", "axe", "contrast", "structure", "lang", "width", "targets", "forced colours", "motion", "weight", "requests", "print", "heavy buttons", "navigation", "keyboard"],
)  # fmt: skip
def test_on_no_page_is_this_broken(walks: Mapping[str, Walk], promise: str, lang: str) -> None:
    """WCAG 2.2 AA by axe, light and dark; one h1 and no level left out; 1.4.3, 1.4.10 (320 px is 400 % of 1280), 1.4.12,

    2.3.3, 2.5.8, 3.1.1; forced colours; A4, with nothing to press on it; under 100 kB; one request, to the page itself; one heavy
    button in one part of a page; a navigation of one line at 1,000 px; 2.1.1 and 2.4.7: the tabulator key comes to all that can be pressed or
    typed into, and each stop is seen.
    """
    assert promise in walks[lang].faults
    assert not walks[lang].faults[promise], "\n".join(walks[lang].faults[promise])


def test_every_row_of_the_table_was_walked(walks: Mapping[str, Walk], looks: tuple[Look, ...]) -> None:
    """A walk that saw nothing would find nothing."""
    assert {look.role is None for look in looks} == {True, False}
    assert {look.row for look in looks} >= {
        "/",
        "/incidents/{id}",
        "/incidents/{id}/steps/{event}",
        "/sign-in",
        "/account",
    }
    for walk in walks.values():
        assert walk.pages == len(looks) and walk.heaviest > 5_000


@pytest.mark.parametrize("lang", LANGS)
def test_titles_tell_pages_apart_and_hold_no_words_of_a_post(
    walks: Mapping[str, Walk], desk: Running, looks: tuple[Look, ...], lang: str
) -> None:
    """WCAG 2.4.2; and a title stands in the browser's history, where nobody signs in."""
    titles = walks[lang].titles
    by_title: dict[str, set[str]] = {}
    for look in looks:
        by_title.setdefault(titles[look.path], set()).add(look.row)
    assert {title: rows for title, rows in by_title.items() if len(rows) > 1} == {}

    def runs(text: str) -> set[str]:
        words = re.findall(r"\w+", text.casefold())
        return {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}

    posts = {run for text in post_words(desk) for run in runs(text)}
    assert len(posts) > 100
    assert {path: title for path, title in titles.items() if runs(title) & posts} == {}


def test_the_walk_would_notice(desk: Running, browser: Browser) -> None:
    """Each look for a fault finds one where there is one."""
    with browser_of(desk, browser, DeskRole.HEAD, script=True) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(
            """() => { const bad = document.createElement('div');
            bad.innerHTML = '<h1 id=content>x</h1><h5>y</h5><a href="/">.</a><button style="border:0;width:2000px;transition:all 2s">b</button><p style="color:#ccc;background:#fff">z</p>';
            document.querySelector('main').append(bad); }"""
        )
        told = page.evaluate(STRUCTURE)
        assert any("h1" in each for each in told) and any("heading 5" in each for each in told)
        assert any("id twice" in each for each in told)
        assert page.evaluate(WIDTH) > 1280 and page.evaluate(MOTION) and page.evaluate(CONTRAST)
        assert any("target" in each for each in page.evaluate(TARGETS)) and page.evaluate(FORCED)
        page.evaluate(
            "document.querySelector('h5').after(document.createElement('input'), document.createElement('button'), document.createElement('button'))"
        )
        assert page.evaluate(HEAVY) and page.evaluate(PRESSED)
        page.set_viewport_size({"width": 320, "height": 256})
        assert page.evaluate(LINES) > 1
        walk = Walk()
        _scan(page, walk, "/")
        assert walk.faults["axe"]
