"""Pictures of stored evidence, drawn from the WARC's own bytes by a browser without a network (L17; issue 5).

The picture can be drawn again by anybody who holds the bytes, the same browser build and the same fonts, and
comes out the same. It shows text as the browser lays it out; images, fonts and scripts are left out by policy.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from evidence.browser import choose_options, find_browser, hash_fonts
from evidence.picture_page import Drawn, Order, draw_page
from evidence.picture_stored import read_stored
from evidence.picture_values import Cover, Covered, NoPicture, NoPictureKind, Picture, PictureKind
from mentionwatch.ids import digest

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

__all__ = ["Cover", "Covered", "NoPicture", "NoPictureKind", "Picture", "PictureKind", "Renderer"]

TIMEOUT_S = 20.0
START_S = 30.0
_STOP_S = 5.0


class Renderer:
    """One warm browser for many pictures; a context manager. It starts with the first picture that is asked for.

    `browser` names the program; without it one of the machine's is looked for. `timeout_s` is for one picture,
    the start not counted. It may be used from any thread, also beside a running event loop, one picture at a
    time. A browser that hangs or dies is thrown away; the next picture starts another.
    """

    def __init__(self, browser: Path | None = None, *, timeout_s: float = TIMEOUT_S) -> None:
        self._named, self._timeout_s = browser, timeout_s
        self._turn = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._player: Playwright | None = None
        self._browser: Browser | None = None
        self._home: tempfile.TemporaryDirectory[str] | None = None
        self._build = ""
        self._fonts = ""

    def __enter__(self) -> Renderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._turn:
            if self._loop is None or self._thread is None:
                return
            asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None

    def draw(
        self, warc: bytes, passage: str = "", *, whole_page: bool = False, cover: Sequence[Cover] = ()
    ) -> Picture | NoPicture:
        """The picture of a stored WARC: the cited passage with 160 px above and below, at most 1,200 px high.

        `passage` are the cited words, normalised or not; where the page does not show them, or none are given,
        it is the top of the page. A card is taken from its top down to the passage. `whole_page`: all of it, at
        most 8,000 px. `cover`: what must not be seen.
        The caller decides that a mention may be pictured at all; stored media are refused here too.
        """
        stored = read_stored(warc)
        if isinstance(stored, NoPicture):
            return stored
        found = find_browser(self._named)
        if found is None or not has_player():
            return NoPicture(NoPictureKind.NO_BROWSER)
        with self._turn:
            loop = self._start_loop()
            order = Order(stored, passage, whole_page, tuple(cover))
            drawn = asyncio.run_coroutine_threadsafe(self._draw(found, order), loop).result()
            build, fonts = self._build, self._fonts
        if isinstance(drawn, NoPicture):
            return drawn
        return Picture(
            png=drawn.png,
            sha256=digest(drawn.png),
            kind=drawn.kind,
            width=round(drawn.box.width),
            height=round(drawn.box.height),
            browser=build,
            fonts_sha256=fonts,
            source_sha256=digest(warc),
            has_passage=drawn.has_passage,
            is_cut=drawn.is_cut,
            covered=drawn.covered,
        )

    def _start_loop(self) -> asyncio.AbstractEventLoop:
        """A loop in a thread of its own: only so can a browser that hangs be left, whatever loop the caller runs."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="pictures", daemon=True)
            self._thread.start()
        return self._loop

    async def _draw(self, found: Path, order: Order) -> Drawn | NoPicture:
        from playwright.async_api import Error

        try:
            browser = await asyncio.wait_for(self._find_warm(found), START_S)
        except (Error, TimeoutError, OSError):
            await self._stop()
            return NoPicture(NoPictureKind.BROWSER_FAILED)
        try:
            return await asyncio.wait_for(draw_page(browser, order), self._timeout_s)
        except TimeoutError:
            await self._stop()
            return NoPicture(NoPictureKind.TIMED_OUT)
        except Error:
            # Playwright's words may hold some of the page; they go no further.
            await self._stop()
            return NoPicture(NoPictureKind.BROWSER_FAILED)

    async def _find_warm(self, found: Path) -> Browser:
        if self._browser is not None and self._browser.is_connected():
            return self._browser
        await self._stop()
        from playwright.async_api import async_playwright

        self._home = tempfile.TemporaryDirectory(prefix="mentionwatch-browser-", ignore_cleanup_errors=True)
        self._player = await async_playwright().start()
        options = choose_options(found, Path(self._home.name), START_S)
        self._browser = await self._player.chromium.launch(**options)
        self._build = f"{self._browser.browser_type.name} {self._browser.version}"
        self._fonts = hash_fonts()
        return self._browser

    async def _stop(self) -> None:
        """End the browser, whether it still answers or not: its driver takes it down when it goes itself."""
        from playwright.async_api import Error

        browser, player, home = self._browser, self._player, self._home
        self._browser = self._player = self._home = None
        for ending in (browser.close if browser else None, player.stop if player else None):
            if ending is None:
                continue
            try:
                await asyncio.wait_for(ending(), _STOP_S)
            except (Error, TimeoutError):
                continue
        if home is not None:
            home.cleanup()


def has_player() -> bool:
    """Is the library that steers the browser installed? It comes with the extra `picture`."""
    from importlib.util import find_spec

    return find_spec("playwright") is not None
