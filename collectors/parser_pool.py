"""A few long-lived child processes that parse feeds, each of which may be killed at any time.

31 KB of text can stall feedparser for a minute inside one C call: only killing the process helps.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind

MOST_ITEMS = 2000
STARTING_S = 30.0
"""How long a child may take to load the parser; a job's own limit counts from then on."""
_START = "import sys; sys.path.insert(0, sys.argv[1]); from collectors.feed_parse import main; main()"
_ROOT = str(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """One item as plain text. Times are Unix seconds as the feed states them, not yet judged;
    `stamp` is the date as written. `native_id` and `link` may be empty."""

    native_id: str
    link: str
    title: str
    text: str
    published: float | None
    updated: float | None
    author: str
    stamp: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """`version` names the format; `more` counts items beyond the cap that were not read."""

    version: str
    items: tuple[ParsedItem, ...]
    more: int = 0


class _Worker:
    """One child. Used by one thread at a time; the pool's watchman may kill it from another."""

    def __init__(self, megabytes: int) -> None:
        # An empty environment: nothing in it is needed, and credentials live there. Windows cannot start so.
        environment: dict[str, str] | None = None if sys.platform == "win32" else {}
        command: Sequence[str] = [sys.executable, "-I", "-X", "utf8", "-c", _START, _ROOT, str(megabytes)]
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter, fixed text
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self.ends_at = float("inf")
        self.was_killed = False
        self.is_ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, head: bytes, body: bytes, seconds: float) -> bytes:
        """One job; empty when the child died over it or was killed after `seconds`."""
        sink, source = self._process.stdin, self._process.stdout
        if sink is None or source is None:
            return b""
        try:
            if not self.is_ready:
                self.ends_at = time.monotonic() + STARTING_S
                self.is_ready = source.read(1) != b""
            self.ends_at = time.monotonic() + seconds
            sink.write(struct.pack("!II", len(head), len(body)) + head)
            sink.write(body)
            sink.flush()
            length = source.read(4)
            reply = source.read(struct.unpack("!I", length)[0]) if len(length) == 4 else b""
        except (OSError, ValueError):
            return b""
        return reply if len(length) == 4 and len(reply) == struct.unpack("!I", length)[0] else b""

    def kill(self) -> None:
        """Seen by the thread that waits in `ask` as the end of the answer."""
        self.was_killed = True
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Ask the child to end; make sure that it does."""
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()
        try:
            self._process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=5)


class ParserPool:
    """Parses feeds from any number of threads at once, `workers` at a time.

    A child that takes longer than `seconds` or more memory than `megabytes` is killed and replaced when
    next needed; the other children go on undisturbed.
    """

    def __init__(self, workers: int | None = None, seconds: float = 10.0, megabytes: int = 512) -> None:
        self._seconds, self._megabytes = seconds, megabytes
        self._gate = threading.BoundedSemaphore(workers or min(4, max(2, os.cpu_count() or 2)))
        self._lock = threading.Condition()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._watchman: threading.Thread | None = None
        self._is_closed = False

    def parse(
        self, body: bytes, url: str = "", media_type: str = "", most: int = MOST_ITEMS
    ) -> ParsedFeed | Fault:
        """Parse feed bytes. `version` empty: not a feed. A `Fault` when the child died, gave up or was killed."""
        job = {"url": url, "media_type": media_type, "most": most, "seconds": self._seconds}
        head = json.dumps(job).encode()
        with self._gate:
            worker = self._take()
            if worker is None:
                return Fault(FaultKind.UNEXPECTED, "the feed parser could not be started")
            reply = worker.ask(head, body, self._seconds)
            self._give_back(worker, is_well=bool(reply))
        if reply:
            return _read_reply(json.loads(reply))
        if worker.was_killed:
            return Fault(
                FaultKind.TOO_LARGE, f"reading the feed took longer than {self._seconds:g} s and was stopped"
            )
        return Fault(FaultKind.NOT_A_FEED, "the feed parser died over it")

    def _take(self) -> _Worker | None:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is None:
            try:
                worker = _Worker(self._megabytes)
            except OSError:
                return None
        with self._lock:
            if self._is_closed:
                worker.close()
                return None
            if self._watchman is None:
                self._watchman = threading.Thread(target=self._watch, name="parser-watchman", daemon=True)
                self._watchman.start()
            self._busy.add(worker)
        return worker

    def _give_back(self, worker: _Worker, *, is_well: bool) -> None:
        with self._lock:
            self._busy.discard(worker)
            worker.ends_at = float("inf")
            is_kept = is_well and not worker.was_killed and not self._is_closed
            if is_kept:
                self._idle.append(worker)
        if not is_kept:
            worker.close()

    def _watch(self) -> None:
        """Kill whoever overruns. One thread for the whole pool; looks ten times within a limit."""
        step = min(0.25, self._seconds / 10)
        with self._lock:
            while not self._is_closed:
                at = time.monotonic()
                for worker in self._busy:
                    if worker.ends_at <= at:
                        worker.kill()
                self._lock.wait(step)

    def close(self) -> None:
        """End all children. Jobs under way come back as faults."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            for worker in self._busy:
                worker.kill()
            self._lock.notify_all()
        for worker in idle:
            worker.close()


def _item(
    native_id: str,
    link: str,
    title: str,
    text: str,
    published: float | None,
    updated: float | None,
    author: str,
    stamp: str,
    flags: list[str],
) -> ParsedItem:
    return ParsedItem(native_id, link, title, text, published, updated, author, stamp, tuple(flags))


def _read_reply(reply: dict[str, Any]) -> ParsedFeed | Fault:
    if "fault" in reply:
        kind = FaultKind.TOO_LARGE if reply.get("hostile") else FaultKind.NOT_A_FEED
        return Fault(kind, str(reply["fault"]))
    return ParsedFeed(reply["version"], tuple(_item(*row) for row in reply["items"]), reply["more"])


_shared: dict[int, ParserPool] = {}
_shared_lock = threading.Lock()


def shared_pool() -> ParserPool:
    """The process's own pool, started on first use and closed at exit; a forked child gets a new one."""
    with _shared_lock:
        pool = _shared.get(os.getpid())
        if pool is None:
            _shared.clear()
            pool = _shared[os.getpid()] = ParserPool()
            atexit.register(pool.close)
        return pool
