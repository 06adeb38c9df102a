"""Some pages in a real browser, at a telephone's width in the dark and at a desk's in the light, asked everything at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tests.desk.signed_in import Running, browser_of
from tests.desk.test_looks import CONTRAST, SMALL_TARGETS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from mentionwatch.accounts import DeskRole

MOST_BYTES = 100_000


def check_looks(
    desk: Running, browser: Browser, paths: Mapping[str, str], lang: str, *roles: DeskRole
) -> None:
    """Each path opens, is small, and has, with everything opened that opens, no fault that axe or we find (WCAG 2.2 AA).

    `paths` by the name of their picture, taken where MENTIONWATCH_SHOTS names a folder.
    """
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    shots = os.environ.get("MENTIONWATCH_SHOTS", "")
    with browser_of(desk, browser, *roles, lang=lang, script=True) as context:
        page = context.new_page()
        for width, scheme in ((320, "dark"), (1280, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for name, path in paths.items():
                answer = page.goto(path)
                assert answer is not None and answer.status == 200, path
                assert len(page.content()) < MOST_BYTES, path
                if shots:
                    page.screenshot(path=Path(shots) / f"{name}-{lang}-{width}.png", full_page=True)
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                found = Axe().run(page).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                assert page.evaluate(CONTRAST) == [] and page.evaluate(SMALL_TARGETS) == [], path
