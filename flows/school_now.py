"""school.toml as it stands while a desk runs: a surname written into it today bars today, and not after a restart (L31)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Thread

from flows.home import Home, read_school
from flows.need_to_know import read_again
from incidents.permissions import fingerprint
from mentionwatch.errors import ConfigError, MentionwatchError
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile, SchoolProfile

RETRY_S = 60.0
"""How long reading again waits for a warehouse that somebody else is writing to."""
_NOBODY = "\0"
"""A surname no post can name: nothing was ever read under a profile that has it."""


class SchoolNow:
    """school.toml and the pack it names, read again when one of the files holds other bytes than before.

    The bytes themselves are compared, a few kB for each page: an edit that keeps size and time is one too. `school`
    and `pack` are what the desk started with; `on_surnames` is told of a profile that posts have to be read again for.
    """

    def __init__(
        self,
        home: Home,
        school: SchoolFile,
        pack: PolicyPack,
        on_surnames: Callable[[SchoolProfile], None] | None = None,
    ) -> None:
        self._home, self._on_surnames = home, on_surnames
        self._last = self._shown = (school, pack)
        self._bytes: tuple[bytes | None, ...] | None = None
        self._lock = Lock()

    def read(self) -> tuple[SchoolFile, PolicyPack]:
        """School and pack in force. While the files are wrong: the last good ones, and every post counts as unread.

        Nobody knows then whose names stand in there, so nobody whom a post could be about is shown any.
        """
        with self._lock:
            self._catch_up()
            return self._shown

    def read_good(self) -> tuple[SchoolFile, PolicyPack]:
        """The same, but while the files are wrong just the last good ones: for new posts, which are read under them."""
        with self._lock:
            self._catch_up()
            return self._last

    def _catch_up(self) -> None:
        found = self._look()
        if found != self._bytes:
            self._take()
            # Bytes that changed while they were parsed are parsed again for the next page.
            self._bytes = found if self._look() == found else None

    def _look(self) -> tuple[bytes | None, ...]:
        pack = self._last[0].pack
        own = (self._home.folder / pack,) if pack.endswith(".toml") else ()
        return tuple(map(_bytes_of, (self._home.school_file, *own)))

    def _take(self) -> None:
        before = fingerprint(self._last[0].profile)
        try:
            self._last = self._shown = read_school(self._home)
        except ConfigError:
            school, pack = self._last
            profile = replace(school.profile, head_surnames=(*school.profile.head_surnames, _NOBODY))
            self._shown = replace(school, profile=profile), pack
            return
        profile = self._last[0].profile
        if self._on_surnames is not None and fingerprint(profile) != before:
            self._on_surnames(profile)


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


class Rereader:
    """Reads posts again beside a running desk, one profile at a time, the latest one last."""

    def __init__(self, home: Home, log: Callable[[Exception], object]) -> None:
        self._home, self._log = home, log
        self._wanted: SchoolProfile | None = None
        self._wake, self._is_over = Event(), Event()
        self._thread = Thread(target=self._work, name="reread", daemon=True)

    def start(self) -> None:
        """Begin to wait for work."""
        self._thread.start()

    def ask(self, profile: SchoolProfile) -> None:
        """Have every post read for this profile; one asked for before and not begun is forgotten."""
        self._wanted = profile
        self._wake.set()

    def stop(self) -> None:
        """End after the transaction under way. What is unread stays shown to none whom it could be about."""
        self._is_over.set()
        self._wake.set()

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._is_over.is_set():
                return
            if (profile := self._wanted) is None:
                continue
            try:
                read_again(self._home, profile)
            except (MentionwatchError, OSError) as error:
                # A night is writing, or the disk is full: until it works the posts stay barred.
                self._log(error)
                if not self._is_over.wait(RETRY_S):
                    self._wake.set()
