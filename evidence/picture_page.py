"""One picture in a fresh context: the stored bytes answer the first navigation, and nothing else is answered."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidence.picture_cover import apply_covers
from evidence.picture_layout import STYLES, Box, Layout, read_layout
from evidence.picture_stored import Stored
from evidence.picture_values import Cover, Covered, NoPicture, NoPictureKind, PictureKind
from evidence.picture_words import Found, count_words, find_passage

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Route

WIDTH = 1024
HEIGHT = 1200
"""Of the screen, and so the most a clip is high."""

WHOLE_HEIGHT = 8000
AROUND = 160
"""Pixels above and below the cited passage: room for who wrote it and when, not for the whole thread."""

FEWEST_WORDS = 30
"""A page with scripts that shows fewer without them is taken for an empty shell."""

MOST_NODES = 60_000
"""Elements, texts and comments. Ordinary pages have a few thousand; more keeps the browser busy for too long."""

ADDRESS = "https://stored.invalid/"
"""Not the page's own: its address stays out of the browser, and nothing relative to it leads anywhere."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox"
"""Styles that stand in the page are kept, or a post could not be told from an advert. A picture written into the
page as data is still a picture that nobody has looked at: it is not decoded."""

# What moves is taken at its end, or at its start when it has none: the same bytes give the same picture.
_STILL = """() => {
  for (const each of Document.prototype.getAnimations.call(document)) {
    const end = each.effect ? each.effect.getComputedTiming().endTime : Infinity;
    if (end === Infinity || end > 1e9) each.cancel(); else each.finish();
  }
  for (const each of Document.prototype.querySelectorAll.call(document, 'svg')) {
    if (each instanceof SVGSVGElement) { SVGSVGElement.prototype.pauseAnimations.call(each); SVGSVGElement.prototype.setCurrentTime.call(each, 0); }
  }
}"""
_COUNT = """(most) => {
  const walk = Document.prototype.createNodeIterator.call(document, document);
  let count = 0;
  while (count <= most && walk.nextNode()) count++;
  return count;
}"""
_SHOW = """function(around) {
  const element = this.nodeType === 1 ? this : this.parentElement;
  Element.prototype.scrollIntoView.call(element, {block: 'start', inline: 'nearest', behavior: 'instant'});
  window.scrollBy({top: -around, behavior: 'instant'});
}"""
_SCROLL = "(top) => { window.scrollTo({top: top, behavior: 'instant'}); return window.scrollY; }"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn."""

    stored: Stored
    passage: str
    whole_page: bool
    covers: tuple[Cover, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """The layout as it is when the picture is taken, and which part of it is taken."""

    layout: Layout
    box: Box
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A PNG of `box`, in the page's own pixels."""

    png: bytes
    kind: PictureKind
    box: Box
    has_passage: bool
    is_cut: bool
    covered: tuple[Covered, ...]


class Tab:
    """A loaded page, spoken to over the browser's own protocol; what runs, runs in a world the page has no part in."""

    def __init__(self, page: Page, session: CDPSession, world: int) -> None:
        self._page, self._session, self._world = page, session, world

    async def resize(self, height: int) -> None:
        """Make the screen as high as this many pixels."""
        await self._page.set_viewport_size({"width": WIDTH, "height": height})

    async def snapshot(self) -> Layout:
        """What the page shows now."""
        asked = {"computedStyles": list(STYLES), "includePaintOrder": False}
        return read_layout(await self._session.send("DOMSnapshot.captureSnapshot", asked))

    async def evaluate(self, function: str, *arguments: object) -> Any:
        """The value of a function of ours."""
        return await self._call(function, {"executionContextId": self._world}, arguments)

    async def call_on(self, backend: int, function: str, *arguments: object) -> Any:
        """The value of a function of ours whose `this` is a node."""
        node = {"backendNodeId": backend, "executionContextId": self._world}
        found = await self._session.send("DOM.resolveNode", node)
        return await self._call(function, {"objectId": found["object"]["objectId"]}, arguments)

    async def _call(self, function: str, on: dict[str, object], arguments: Sequence[object]) -> Any:
        asked = {
            "functionDeclaration": function,
            "arguments": [{"value": each} for each in arguments],
            "returnByValue": True,
            **on,
        }
        answer = await self._session.send("Runtime.callFunctionOn", asked)
        return answer["result"].get("value")

    async def query(self, selector: str) -> set[int]:
        """Back-end numbers of what a selector finds; none when it is no selector."""
        from playwright.async_api import Error

        root = await self._session.send("DOM.getDocument", {"depth": 0})
        asked = {"nodeId": root["root"]["nodeId"], "selector": selector}
        try:
            found = await self._session.send("DOM.querySelectorAll", asked)
        except Error:
            return set()
        told = [
            await self._session.send("DOM.describeNode", {"nodeId": node}) for node in found["nodeIds"][:1001]
        ]
        return {each["node"]["backendNodeId"] for each in told}

    async def shoot(self, box: Box) -> bytes:
        """The PNG of a part of the screen, given in pixels of the document."""
        clip = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "scale": 1}
        answer = await self._session.send("Page.captureScreenshot", {"format": "png", "clip": clip})
        return base64.b64decode(answer["data"])


async def draw_page(browser: Browser, order: Order) -> Drawn | NoPicture:
    """One picture. Raises playwright's errors when the browser fails; the caller sets the time limit."""
    context = await browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=1,
        java_script_enabled=False,
        service_workers="block",
        accept_downloads=False,
        locale="en-GB",
        timezone_id="UTC",
        color_scheme="light",
        reduced_motion="reduce",
    )
    try:
        tab = await _open(context, order.stored)
        return await _draw(tab, order)
    finally:
        await context.close()


async def refuse(route: Route) -> None:
    """What becomes of all that is not the page itself."""
    await route.abort("aborted")


async def _open(context: BrowserContext, stored: Stored) -> Tab:
    answered = False

    async def answer(route: Route) -> None:
        nonlocal answered
        is_ours = route.request.url == ADDRESS and route.request.is_navigation_request()
        if answered or not is_ours:
            await refuse(route)
            return
        answered = True
        # Not one header of the site's is passed on: Link, Refresh and Report-To all ask for the network.
        headers = {
            "Content-Type": stored.content_type,
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-DNS-Prefetch-Control": "off",
            "Referrer-Policy": "no-referrer",
        }
        await route.fulfill(status=200, headers=headers, body=stored.body)

    await context.route("**/*", answer)
    page = await context.new_page()
    await page.goto(ADDRESS, wait_until="load", timeout=0)
    session = await context.new_cdp_session(page)
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "picture"})
    return Tab(page, session, world["executionContextId"])


async def _draw(tab: Tab, order: Order) -> Drawn | NoPicture:
    if await tab.evaluate(_COUNT, MOST_NODES) > MOST_NODES:
        return NoPicture(NoPictureKind.TOO_LARGE)
    await tab.evaluate(_STILL)
    layout = await tab.snapshot()
    found = find_passage(layout, order.passage)
    has_script = any(name.upper() in ("SCRIPT", "NOSCRIPT") for name in layout.names)
    if found is None and has_script and count_words(layout) < FEWEST_WORDS:
        return NoPicture(NoPictureKind.NEEDS_MANUAL)
    view, has_passage = await _choose_view(tab, layout, order)
    covered: tuple[Covered, ...] = ()
    if order.covers:
        outcome = await apply_covers(tab, view.layout, order.covers)
        if isinstance(outcome, NoPicture):
            return outcome
        covered = outcome
    kind = PictureKind.CLIP if has_passage and not order.whole_page else PictureKind.PAGE
    if order.stored.is_card:
        kind = PictureKind.CARD
    return Drawn(await tab.shoot(view.box), kind, view.box, has_passage, view.is_cut, covered)


async def _choose_view(tab: Tab, layout: Layout, order: Order) -> tuple[_View, bool]:
    """What is taken, and whether the passage is in it."""
    if order.whole_page or order.stored.is_card:
        found = find_passage(layout, order.passage)
        most = WHOLE_HEIGHT if order.whole_page else HEIGHT
        if found is not None and not order.whole_page:
            # A card is taken from its top: the heading there says whose work it is.
            most = min(WHOLE_HEIGHT, math.ceil(found.box.bottom + AROUND))
        await tab.resize(math.ceil(min(max(layout.height, 1), most)))
        layout = await tab.snapshot()
        found = find_passage(layout, order.passage)
        view = _look_at_top(layout, most)
        # The fields of a card below the passage are left out, not cut off.
        view = replace(view, is_cut=view.is_cut and most in (HEIGHT, WHOLE_HEIGHT))
        return view, found is not None and found.box.y < most
    near = await _look_at_passage(tab, layout, order.passage)
    if near is not None:
        return near, True
    await tab.evaluate(_SCROLL, 0)
    layout = await tab.snapshot()
    return _look_at_top(layout, HEIGHT), False


def _look_at_top(layout: Layout, most: int) -> _View:
    height = max(1, min(math.ceil(layout.height), most))
    return _View(layout, Box(0, 0, WIDTH, height), is_cut=layout.height > most)


async def _look_at_passage(tab: Tab, layout: Layout, passage: str) -> _View | None:
    """The page brought to where the passage is in sight; None when it cannot be brought there.

    The screen is scrolled, never made taller: a page that measures itself by the screen would be laid out anew.
    """
    for attempt in range(2):
        found = find_passage(layout, passage)
        if found is not None and (attempt or _is_cut_off(layout, found)):
            await tab.call_on(layout.backends[found.pieces[0][0].node], _SHOW, AROUND)
            layout = await tab.snapshot()
            found = find_passage(layout, passage)
        if found is None:
            return None
        first = max(0, math.floor(found.box.y - AROUND))
        last = min(math.ceil(found.box.bottom + AROUND), math.ceil(layout.height))
        top = 0.0
        if attempt or last > HEIGHT:
            top = float(await tab.evaluate(_SCROLL, first))
            layout = await tab.snapshot()
        y = max(first, math.floor(top))
        bottom = min(last, math.floor(top) + HEIGHT)
        in_sight = y <= found.box.y < bottom and 0 <= found.box.x < WIDTH
        if in_sight and not _is_cut_off(layout, found):
            return _View(layout, Box(0, y, WIDTH, bottom - y), is_cut=last > bottom)
    return None


def _is_cut_off(layout: Layout, found: Found) -> bool:
    """Does the passage begin outside of a box that scrolls, or hides what is too much for it?"""
    run, top = found.pieces[0][0], found.box.y
    for above in layout.climb(run.node):
        style, box = layout.styles.get(above), layout.boxes.get(above)
        if not style or not box or layout.names[above].upper() in ("HTML", "BODY"):
            continue
        if style[3] != "visible" and style[0] != "inline" and not box.y - 1 <= top < box.bottom:
            return True
    return False
