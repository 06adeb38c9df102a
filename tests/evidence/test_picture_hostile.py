"""A hostile page reaches nobody, runs nothing and stops nothing: counted at a real server, with a real browser."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from evidence import browser as starting
from evidence import picture_page
from evidence.picture import NoPicture, NoPictureKind, Picture, Renderer
from tests.evidence.pictures import drawn, keep, require_browser

if TYPE_CHECKING:
    from playwright.async_api import Route

pytestmark = pytest.mark.browser

WORDS = "the cited words of this post stand here in full"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

HOSTILE = f"""<!doctype html><html><head><meta charset=utf-8><title>x</title>
<link rel=stylesheet href="@/link.css"><link rel=preload as=image href="@/preload"><link rel=prefetch href="@/prefetch">
<link rel=dns-prefetch href="@/"><link rel=preconnect href="@/"><link rel=modulepreload href="@/module.js">
<link rel=prerender href="@/prerender"><link rel=icon href="@/favicon"><link rel=manifest href="@/manifest">
<link rel="apple-touch-icon" href="@/touch"><link rel=stylesheet href="@/print.css" media=print>
<style>@import url("@/import.css");@font-face{{font-family:f;src:url(@/font.woff2)}}body{{font-family:f;background:url(@/body)}}
p::before{{content:url(@/before)}}ul{{list-style-image:url(@/list)}}b{{border-image:url(@/border) 1;cursor:url(@/cursor),auto;mask:url(@/mask)}}
i{{filter:url(@/filter#f);clip-path:url(@/clip#c);shape-outside:url(@/shape)}}s{{background:image-set(url(@/set) 1x)}}</style>
<script src="@/script.js"></script><script type=module>import("@/module")</script>
<script type=speculationrules>{{"prefetch":[{{"source":"list","urls":["@/speculation"]}}]}}</script>
<script>new WebSocket("ws@/ws");new Image().src="@/image";fetch("@/fetch");navigator.sendBeacon("@/beacon");
navigator.serviceWorker.register("/sw.js");new EventSource("@/events");new RTCPeerConnection({{iceServers:[{{urls:"stun:@"}}]}});
document.body.innerHTML="replaced"</script>
</head><body onload="location='@/onload'"><p>{WORDS}</p><b>b</b><i>i</i><s>s</s><ul><li>l</ul>
<img src="@/img" onerror="fetch('@/error')"><img srcset="@/one 1x, @/two 2x"><picture><source srcset="@/source"><img src="@/pic"></picture>
<img loading=lazy src="@/lazy"><video src="@/video" poster="@/poster" autoplay><track src="@/track" default></video><audio src="@/audio" preload autoplay></audio>
<iframe src="@/frame"></iframe><iframe srcdoc="<img src='@/srcdoc'><script>fetch('@/inner')</script>"></iframe>
<iframe src="javascript:fetch('@/js')"></iframe><iframe src="data:text/html,<img src='@/data'>"></iframe>
<object data="@/object"></object><embed src="@/embed"><applet code="@/applet"></applet>
<svg><image href="@/svgimage"/><use href="@/svguse#a"/><script href="@/svgscript"/><feImage href="@/fe"/><style>@import "@/svgcss";</style></svg>
<form action="@/form" id=f><input name=q autofocus onfocus="f.submit()"><input type=image src="@/inputimage"></form>
<a href="@/a" ping="@/ping">a</a><math><mi href="@/math">m</mi></math><table background="@/table"><td background="@/td">t</table>
<div style="background:url(@/inline)">d</div><portal src="@/portal"></portal><img src="data:image/png;base64,{PNG}" width=64 height=64>
<noscript><img src="@/noscript"><link rel=stylesheet href="@/noscript.css"></noscript></body></html>"""

REFRESH = f"<meta http-equiv=refresh content='0;url=@/refresh'><p>{WORDS}</p>"
BASE = f"<base href='@/base/'><img src=relative><link rel=stylesheet href=relative.css><p>{WORDS}</p>"
POLICIES = f"<meta http-equiv=Content-Security-Policy content=\"default-src *; report-uri @/report\"><img src='@/i'><p>{WORDS}</p>"
HEADERS = {
    "Link": '<@/early>; rel=preload; as=image, <@/>; rel=preconnect, </sw>; rel="serviceworker"',
    "Refresh": "0;url=@/header-refresh",
    "Content_Security_Policy_Report_Only": "default-src 'none'; report-uri @/reported",
    "Report_To": '{"group":"d","max_age":9,"endpoints":[{"url":"@/report-to"}]}',
    "NEL": '{"report_to":"d","max_age":9,"success_fraction":1}',
    "Reporting_Endpoints": 'default="@/endpoint"',
    "Set_Cookie": "a=b",
    "Content_Disposition": "attachment; filename=x",
    "Location": "@/location",
}


class Door:
    """A listening socket that counts who comes; it answers every request, so that a page would ask for more."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.visits: list[bytes] = []
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = self.listening.accept()
                self.visits.append(b"")
                with visitor, contextlib.suppress(OSError):
                    visitor.settimeout(1)
                    self.visits[-1] = visitor.recv(4096).partition(b"\r\n")[0]
                    visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door()
    yield opened
    opened.listening.close()


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(require_browser(), timeout_s=10) as opened:
        yield opened


def aim(text: str, door: Door) -> str:
    """The page with every address pointing at the door, by number and by name."""
    return text.replace("ws@", door.address.replace("http", "ws")).replace("@", door.address)


def test_the_page_would_ask_if_it_were_let(door: Door) -> None:
    """The control: opened as anybody opens it, scripts off, the same page asks for dozens of things."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=require_browser(), args=arguments)
        page = browser.new_context(java_script_enabled=False).new_page()
        page.set_content(aim(HOSTILE, door).replace("<head>", f"<head><base href='{door.address}/'>"))
        browser.close()
    assert len(set(door.visits)) > 20


@pytest.mark.parametrize(
    "page", [HOSTILE, REFRESH, BASE, POLICIES], ids=["all", "refresh", "base", "policies"]
)
def test_nothing_reaches_the_server(renderer: Renderer, door: Door, page: str) -> None:
    """L17, issue 5 point 1: 0 connections, so 0 image, media, font and script requests, and no page run."""
    headers = {name: aim(value, door) for name, value in HEADERS.items()}
    picture = drawn(renderer.draw(keep(aim(page, door), **headers), WORDS))
    assert picture.has_passage
    assert door.visits == []


@pytest.mark.parametrize("wall", ["policy", "routes", "flags"])
def test_without_any_one_wall_the_others_hold(door: Door, monkeypatch: pytest.MonkeyPatch, wall: str) -> None:
    if wall == "policy":
        monkeypatch.setattr(picture_page, "POLICY", "")
    elif wall == "routes":

        async def let_through(route: Route) -> None:
            await route.continue_()

        monkeypatch.setattr(picture_page, "refuse", let_through)
    else:
        monkeypatch.setattr(starting, "NO_NETWORK", ())
    with Renderer(require_browser()) as opened:
        for page in (HOSTILE, BASE):
            opened.draw(keep(aim(page, door)), WORDS)
    assert door.visits == []


def test_a_picture_written_into_the_page_is_not_decoded(renderer: Renderer) -> None:
    """Nobody has looked at it: a page with the data is drawn as the page without, to the pixel."""
    frame = "<p>{words}</p><img width=64 height=64 src='{src}'><svg><image width=64 height=64 href='{src}'/></svg>"
    real = frame.format(words=WORDS, src=f"data:image/png;base64,{PNG}")
    none = frame.format(words=WORDS, src="data:image/png;base64,AAAA")
    assert drawn(renderer.draw(keep(real), WORDS)).sha256 == drawn(renderer.draw(keep(none), WORDS)).sha256


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 200_000,
        b"<b>" * 340_000 + b"deep",
        ("\u202e\u2066\u200f" * 3000 + WORDS).encode(),
        b"<table><tr><p></b></table><svg><p><math></svg></html></html><body><plaintext></body>"
        + b"\x00\xff\xfe" * 999,
        b"<img width=999999999 height=999999999><div style='width:1e9px;height:1e9px'>big</div>",
        b"<meta http-equiv=Content-Security-Policy content=\"default-src 'none';sandbox\"><p>words</p>",
        b"<style>*{display:none!important}</style><p>words</p>",
        b"<style>html{transform:rotate(9deg) scale(9)}p{zoom:99}</style><p>words</p>",
        b"<form><input name=style><input name=body><img name=documentElement><img name=getAnimations></form>",
        b"<!doctype html><frameset cols='*,*'><frame src='data:text/html,x'></frameset>",
        b"<marquee>" + b"moves " * 50 + b"</marquee><p style='animation:k 1s infinite'>k</p>",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"",
        b"<" * 100_000,
        b"<style>" + b".a:has(.b:has(.c))" * 5000 + b"{}</style><p>words</p>",
        ("<p>" + "Zalgo" + "\u0301" * 100_000).encode(),
    ],
    ids=range(16),
)
def test_hostile_bytes_end_in_a_value(renderer: Renderer, page: bytes) -> None:
    outcome = renderer.draw(keep(page), WORDS)
    assert isinstance(outcome, Picture | NoPicture)
    if isinstance(outcome, Picture):
        assert outcome.height <= 1200 and outcome.width == 1024
    assert isinstance(renderer.draw(keep(f"<p>{WORDS}</p>"), WORDS), Picture), "and the next one is drawn"


def test_names_that_stand_in_for_the_browser_s_own_do_not_hide_what_is_covered(renderer: Renderer) -> None:
    """A field called "style" or "body" must not take the place of the real one."""
    from evidence.picture import Cover

    clobbered = (
        "<form id=style><input name=style><input name=before><input name=parentElement><p>Dai Example</p>"
        "<img name=createElement><img name=documentElement><img name=querySelectorAll>Dai Example</form>"
    )
    picture = drawn(
        renderer.draw(keep(f"{clobbered}<p>{WORDS}</p>"), WORDS, cover=[Cover("Dai Example", "third party")])
    )
    assert picture.covered[0].blocks > 0


def test_a_bomb_is_too_large_and_never_reaches_the_browser(renderer: Renderer) -> None:
    import gzip

    bomb = gzip.compress(b"<p>a" * 10_000_000)
    outcome = renderer.draw(keep(bomb, Content_Encoding="gzip"))
    assert outcome == NoPicture(NoPictureKind.TOO_LARGE)
