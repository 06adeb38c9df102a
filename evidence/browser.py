"""The browser that pictures are drawn with: where it is, and how it is started so that it has no network.

Four walls, each enough on its own for what it covers: a policy in the answer that lets the page load nothing,
routes that answer one navigation and refuse the rest (evidence/picture_page.py), a resolver that knows no name
and no address, and a proxy that is not there. Policy and routes alone were measured to let `preconnect` through,
which is a bare connection and no request: hence the last two. Images switched off by a flag is no wall: that
flag was measured to be lost.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from playwright.async_api import ProxySettings

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge",
)
_INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_FONTS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)

NO_NETWORK = (
    # The map holds for the proxy's own name and for written addresses too: nothing is left to connect to.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--no-pings",
    "--disable-remote-fonts",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
SAME_PICTURE = ("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb")
"""Glyphs and colours as on the next machine with the same build and fonts."""


class LaunchOptions(TypedDict, total=False):
    """What the browser is started with, as Playwright names it."""

    executable_path: str
    args: list[str]
    chromium_sandbox: bool
    proxy: ProxySettings
    timeout: float
    env: dict[str, str | float | bool]


def find_browser(named: Path | None = None) -> Path | None:
    """A Chromium of this machine; None when there is none. One that the school named is the only one asked."""
    if named is not None:
        return named if named.is_file() and os.access(named, os.X_OK) else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(place) for place in _INSTALLED if Path(place).is_file()), None)


def choose_options(browser: Path, home: Path, timeout_s: float) -> LaunchOptions:
    """How the browser starts. `home` is an empty folder of its own.

    Its sandbox stays on, but for root, for whom Chromium does not start with it. On POSIX the browser sees
    nothing of our environment, where secrets may be.
    """
    options = LaunchOptions(
        executable_path=str(browser),
        args=[*NO_NETWORK, *SAME_PICTURE],
        chromium_sandbox=not is_root(),
        proxy={"server": "http://proxy.invalid:9", "bypass": "<-loopback>"},
        timeout=timeout_s * 1000,
    )
    if sys.platform != "win32":
        options["env"] = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}
    return options


def is_root() -> bool:
    """Whether this process is the superuser; there is none on Windows."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def hash_fonts(folders: Iterable[str] = _FONTS) -> str:
    """SHA-256 over names and sizes of the fonts the browser can draw with: other fonts make another picture."""
    listed = sorted(
        f"{file.name} {file.stat().st_size}"
        for folder in folders
        for file in Path(folder).rglob("*")
        if file.is_file()
    )
    return hashlib.sha256("\n".join(listed).encode("utf-8", "surrogateescape")).hexdigest()
