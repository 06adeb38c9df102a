"""Politeness: a pause between visits to one public host, few at once per host, so many in all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Turns:
    """Hands out turns to hosts. Safe from any thread; a turn's waiting time is not the request's own time."""

    def __init__(
        self,
        per_host: int,
        in_all: int,
        pause_s: float,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._per_host, self._pause_s = per_host, pause_s
        self._monotonic, self._sleep = monotonic, sleep
        self._all = threading.BoundedSemaphore(in_all)
        self._hosts: dict[str, threading.BoundedSemaphore] = {}
        self._next_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def ask_pause(self, host: str, seconds: float) -> None:
        """The host itself asks for a longer pause (Crawl-delay): the next turn is put off."""
        with self._lock:
            self._next_at[host] = max(self._next_at.get(host, 0.0), self._monotonic() + seconds)

    @contextmanager
    def turn(self, host: str, *, paced: bool) -> Iterator[None]:
        """Wait for a turn at `host`; `paced` keeps the pause since the last visit began."""
        wait = 0.0
        with self._lock:
            gate = self._hosts.get(host)
            if gate is None:
                gate = self._hosts[host] = threading.BoundedSemaphore(self._per_host)
            if paced and self._pause_s > 0:
                at = self._monotonic()
                start = max(at, self._next_at.get(host, at))
                self._next_at[host] = start + self._pause_s
                wait = start - at
        if wait > 0:
            self._sleep(wait)
        # Always host before all, so two waiting threads can never hold what the other needs.
        with gate, self._all:
            yield
