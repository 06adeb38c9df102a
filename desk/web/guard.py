"""In front of every page: who may knock, by what name and how; and the headers that keep an answer to itself.

Nothing passes it, not an error either. ASVS V3.4.1 to V3.4.6, V3.5.1 to V3.5.3, V4.1.3, V13.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from desk.web.forms import MOST_UPLOAD, let_finish
from desk.web.looks import style_hashes

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from desk.web.context import Site

METHODS = ("GET", "HEAD", "POST")
MOST_PATH = 2000
ADDRESS = "mentionwatch.address"


@dataclass(frozen=True, slots=True)
class Shut:
    """An answer in front of the door. `says` holds nothing of what was sent."""

    status: int
    says: str


class Guard:
    """The ASGI application around the pages."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                keep_to_itself(MutableHeaders(raw=message["headers"]), is_tls=self._site.is_tls)
            await send(message)

        headers = Headers(scope=scope)
        shut = self._look(scope, headers)
        if shut is None:
            scope[ADDRESS] = self._address(scope, headers)
            await self._app(scope, receive, send_kept)
            return
        response = PlainTextResponse(f"{shut.says}\n", shut.status, {"Connection": "close"})
        if shut.status == 405:
            response.headers["Allow"] = ", ".join(METHODS)
        if shut.status == 413:
            await let_finish(receive)
        await response(scope, receive, send_kept)

    def _look(self, scope: Scope, headers: Headers) -> Shut | None:
        """Why this request goes no further; None when it may."""
        if self._site.proxies and not self._is_proxy(scope):
            return Shut(421, "not this address")
        if self._host(headers) not in self._site.hosts:
            return Shut(421, "not this host")
        if self._site.proxies and _last_told(headers, "x-forwarded-proto") != "https":
            return Shut(421, "only under TLS")
        if scope["method"] not in METHODS:
            return Shut(405, "not this method")
        # A whole address or none, as one asks a proxy (RFC 9112, 3.2.2): no page has such a name, and no page would answer.
        if not scope["path"].startswith("/"):
            return Shut(400, "not a path")
        if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_PATH:
            return Shut(414, "too long an address")
        # Two lengths are two opinions of where the next message begins (RFC 9112, 6.1): the line ends with the answer.
        if "transfer-encoding" in headers and "content-length" in headers:
            return Shut(400, "two lengths")
        claimed = headers.get("content-length", "0")
        if not (claimed.isascii() and claimed.isdigit() and len(claimed) < 12):
            return Shut(400, "not a length")
        if int(claimed) > MOST_UPLOAD:
            return Shut(413, "too large")
        return None

    def _is_proxy(self, scope: Scope) -> bool:
        """Did the declared proxy send this?"""
        try:
            caller = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(caller in network for network in self._site.proxies)

    def _host(self, headers: Headers) -> str:
        """By what name the browser called. One Host, or none: two of them are two opinions."""
        name = "x-forwarded-host" if self._site.proxies and "x-forwarded-host" in headers else "host"
        given = headers.getlist(name)
        return given[0].lower() if len(given) == 1 else ""

    def _address(self, scope: Scope, headers: Headers) -> str:
        """The browser's network address: the last the proxy wrote, and without a proxy who is at the other end."""
        caller: str = (scope.get("client") or ("",))[0]
        if not self._site.proxies:
            return caller
        told = _last_told(headers, "x-forwarded-for").rpartition(",")[2].strip()
        # Some proxies name the port too: 192.0.2.7:4711, [2001:db8::7]:4711.
        if told.startswith("["):
            told = told[1:].partition("]")[0]
        elif told.count(":") == 1:
            told = told.partition(":")[0]
        try:
            return str(ip_address(told))
        except ValueError:
            return caller


def _last_told(headers: Headers, name: str) -> str:
    """The last line of that name: some proxies write a line of their own below the one the browser sent."""
    return next(reversed(headers.getlist(name)), "")


@lru_cache(maxsize=1)
def _policy() -> str:
    return (
        f"default-src 'none'; style-src {style_hashes()}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def keep_to_itself(headers: MutableHeaders, *, is_tls: bool) -> None:
    """Headers that let a page load nothing, be framed by nobody, and stay in no cache."""
    # A file is opened outside the desk, if at all; should a browser show it here, it may do nothing (ASVS V3.2.1).
    is_file = headers.get("Content-Disposition", "").startswith("attachment")
    headers["Content-Security-Policy"] = _policy() + ("; sandbox" if is_file else "")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cache-Control"] = "no-store"
    headers["X-Robots-Tag"] = "noindex"
    if is_tls:
        headers["Strict-Transport-Security"] = "max-age=31536000"
