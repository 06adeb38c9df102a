"""A real Chromium for the tests of pages: named when it is missing, and never missing unseen where everything is checked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The machine's Chromium; the test is skipped where there is none, and fails there under CI."""
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    if where is None:
        cause = "the page tests need a browser: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(cause)
        pytest.skip(cause)
    from playwright.sync_api import sync_playwright

    # Chromium's own sandbox does not start as root; the pages are ours.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=where, args=arguments)
        try:
            yield opened
        finally:
            opened.close()
