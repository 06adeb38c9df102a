"""The town itself: one real HTTP server on loopback, a journal of every visit, and trouble on request."""

from __future__ import annotations

import socket
import struct
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from town import blog, newspaper, reddit_api, wiki_api
from town.story import Post
from town.story_blog import BLOG
from town.story_papers import PAPER, PAPUR
from town.story_reddit import REDDIT
from town.wire import Ask, Reply, Stage, not_found


class Trouble(StrEnum):
    """What can be wrong at a path."""

    SERVER_ERROR = "server_error"
    RATE_LIMITED = "rate_limited"
    UNAUTHORISED = "unauthorised"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    GONE = "gone"
    HTML = "html"
    TRUNCATED = "truncated"
    EMPTY_BODY = "empty_body"
    NOTHING_LISTED = "nothing_listed"
    SLOW = "slow"
    DRIP = "drip"
    RESET = "reset"
    REDIRECT = "redirect"
    REDIRECT_NOWHERE = "redirect_nowhere"
    WRONG_ENCODING = "wrong_encoding"


_STATUS = {
    Trouble.SERVER_ERROR: 500,
    Trouble.UNAUTHORISED: 401,
    Trouble.FORBIDDEN: 403,
    Trouble.NOT_FOUND: 404,
    Trouble.GONE: 410,
}
RETRY_AFTER_S = 120
_WALL = b"<!doctype html><html><head><title>One moment</title></head><body><p>Checking your browser.</p></body></html>"
POSTS: tuple[Post, ...] = (*PAPER, *PAPUR, *BLOG, *REDDIT)
BROKEN_FEED, FAILING_FEED = "/notices/feed.xml", "/radio/feed.xml"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it came: `target` is path and query."""

    method: str
    path: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int

    def header(self, name: str) -> str:
        """The first header of that name; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Town:
    """The town as a context manager. All its addresses lie under `base`.

    `now` is the story's clock. `slow_s` is how long a slow answer takes, `drip_s` the pause between two
    bytes of a dripping one.
    """

    def __init__(self, now: datetime | None = None, *, slow_s: float = 30.0, drip_s: float = 0.05) -> None:
        self.stage = Stage(now or datetime.now(UTC))
        self.slow_s, self.drip_s = slow_s, drip_s
        self._troubles: dict[str, Trouble] = {}
        self._journal: list[Visit] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self)
        self.stage.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="town", daemon=True
        )

    @property
    def base(self) -> str:
        return self.stage.base

    def __enter__(self) -> Town:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    # --- the story goes on --------------------------------------------------------------------------

    def tell_edit(self) -> None:
        """From now on, edited posts show their new words, and a later wiki edit undoes an earlier one."""
        self.stage.has_edits = True

    def tell_deletion(self) -> None:
        """From now on, posts that leave are gone, and a wiki edit is hidden."""
        self.stage.has_deletions = True

    def tell_late_news(self) -> None:
        """From now on, posts show that are dated earlier and appeared late."""
        self.stage.has_late_news = True

    # --- trouble ------------------------------------------------------------------------------------

    def break_path(self, prefix: str, trouble: Trouble) -> None:
        """Every path that begins with `prefix` has this trouble; the longest prefix wins."""
        with self._lock:
            self._troubles[prefix] = trouble

    def mend(self, prefix: str | None = None) -> None:
        """End the trouble at a prefix, or everywhere."""
        with self._lock:
            self._troubles = (
                {} if prefix is None else {k: v for k, v in self._troubles.items() if k != prefix}
            )

    def trouble_at(self, path: str) -> Trouble | None:
        """The trouble at a path, if any."""
        with self._lock:
            hits = [prefix for prefix in self._troubles if path.startswith(prefix)]
            return self._troubles[max(hits, key=len)] if hits else None

    # --- the journal --------------------------------------------------------------------------------

    def note(self, visit: Visit) -> None:
        with self._lock:
            self._journal.append(visit)

    def visits(self, prefix: str = "/") -> tuple[Visit, ...]:
        """All visits to paths that begin with `prefix`, in order."""
        with self._lock:
            return tuple(visit for visit in self._journal if visit.path.startswith(prefix))

    def media_visits(self) -> tuple[Visit, ...]:
        """Who asked for a picture, script, font or film. Must stay empty."""
        return self.visits(newspaper.MEDIA)

    def forget_visits(self) -> None:
        """Start a new page of the journal."""
        with self._lock:
            self._journal.clear()

    # --- answering ----------------------------------------------------------------------------------

    def answer(self, ask: Ask) -> Reply:
        """What the town would answer if nothing were wrong (but a bare listing)."""
        is_bare = self.trouble_at(ask.path) is Trouble.NOTHING_LISTED
        stage = replace(self.stage, is_bare=is_bare)
        path = ask.path
        if path == "/robots.txt":
            return Reply(b"User-agent: *\nDisallow: /private/\n", "text/plain; charset=utf-8")
        if path.startswith(newspaper.MEDIA):
            return Reply(b"\x89PNG\r\n\x1a\n", "image/png")
        if path.startswith("/paper/"):
            return newspaper.serve_paper(stage, ask, "/paper", "The Wylan Post", "en", PAPER)
        if path.startswith("/papur/"):
            return newspaper.serve_paper(stage, ask, "/papur", "Papur y Wylan", "cy", PAPUR)
        if path.startswith("/blog/"):
            return blog.serve_blog(stage, ask, BLOG)
        if path.startswith(("/reddit/", "/reddit-api/")):
            return reddit_api.serve_reddit(stage, ask, REDDIT)
        if path.startswith("/wiki/"):
            return wiki_api.serve_wiki(stage, ask)
        if path == BROKEN_FEED:
            return Reply(_WALL)
        if path == FAILING_FEED:
            return Reply(b"<!doctype html><p>Something broke.</p>", status=500)
        return not_found()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    # Wide, so that a test or bench with many connections at once is not refused at the door.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], town: Town) -> None:
        super().__init__(address, _Handler)
        self.town = town

    def handle_error(self, request: object, client_address: object) -> None:
        """Visitors leave in the middle all the time; that is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Town", ""
    wbufsize = 65536
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """The journal is the log."""

    def _serve(self) -> None:
        town = self.server.town
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdigit() else b""
        parts = urlsplit(self.path)
        headers = tuple(self.headers.items())
        ask = Ask(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in headers},
            body,
        )
        trouble = town.trouble_at(parts.path)
        reply = self._spoil(town.answer(ask), trouble, ask)
        town.note(Visit(self.command, parts.path, self.path, headers, body, reply.status))
        if trouble is Trouble.RESET:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            return
        if trouble is Trouble.SLOW and town.closing.wait(town.slow_s):
            self.close_connection = True
            return
        self._send(reply, trouble)

    def _spoil(self, reply: Reply, trouble: Trouble | None, ask: Ask) -> Reply:
        if trouble is None:
            return reply
        if trouble in _STATUS:
            return Reply(b"<!doctype html><p>No.</p>", status=_STATUS[trouble])
        if trouble is Trouble.RATE_LIMITED:
            return Reply(b"slow down", "text/plain", 429, (("Retry-After", str(RETRY_AFTER_S)),))
        if trouble is Trouble.HTML:
            return Reply(_WALL)
        if trouble is Trouble.EMPTY_BODY:
            return Reply(b"", reply.media_type)
        if trouble is Trouble.REDIRECT_NOWHERE:
            return Reply(b"", status=302)
        if trouble is Trouble.REDIRECT and "moved" not in ask.query:
            joint = "&" if "?" in self.path else "?"
            return Reply(b"", status=302, headers=(("Location", f"{self.path}{joint}moved=1"),))
        if trouble is Trouble.WRONG_ENCODING:
            body = reply.body.decode().encode("cp1252", "xmlcharrefreplace")
            return replace(reply, body=body)
        return reply

    def _send(self, reply: Reply, trouble: Trouble | None) -> None:
        self.send_response(reply.status)
        if reply.status != 304:
            self.send_header("Content-Type", reply.media_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        body = reply.body
        if trouble is Trouble.TRUNCATED:
            body, self.close_connection = body[: len(body) * 2 // 3], True
        if trouble is not Trouble.DRIP:
            self.wfile.write(body)
            return
        for place in range(len(body)):
            self.wfile.write(body[place : place + 1])
            self.wfile.flush()
            if self.server.town.closing.wait(self.server.town.drip_s):
                break
        self.close_connection = True
