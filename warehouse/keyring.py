"""A key for each thing that is stored: made, found, destroyed (product: erased means gone, also from backups).

`HOME/keys/object_keys.sqlite` holds the keys, wrapped under `HOME/keys/school.key`. Each thing has a key of its own,
so that erasing it is to forget its key. Erasing also changes the school's key: what a backup of the first file holds
opens to nobody who has not also kept the school's key of that day.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Collection, Iterable
from pathlib import Path

from mentionwatch.errors import ConfigError, Fatal
from warehouse.files import put, sync_folder
from warehouse.key_file import KeyFile, SchoolKey, begin, rewrap
from warehouse.sealed_lines import read_key
from warehouse.sealing import KEY_BYTES, SealBroken

_SWITCHING = threading.Lock()
_LOSS = "without it nobody can open what is stored"
_BATCH_BITS = 23
_MOST_IN_BATCH = 1 << _BATCH_BITS


def key_files(home_folder: Path) -> tuple[Path, Path]:
    """Where the wrapped keys of a home are, and the key they are wrapped under."""
    return home_folder / "keys" / "object_keys.sqlite", home_folder / "keys" / "school.key"


class Keyring:
    """The keys of one home, for as long as the database is held. Nothing is created before the first key is kept.

    `bound_to` is the id of the key file that the database names; "" where it names none yet.
    """

    def __init__(self, home_folder: Path, bound_to: str = "") -> None:
        self.path, self.key_path = key_files(home_folder)
        # As with the reporters: the file is written anew under the new key and switched, then the key is switched.
        self._new_path = self.path.with_name(self.path.name + ".new")
        self._new_key_path = self.key_path.with_name(self.key_path.name + ".new")
        self.bound_to = bound_to
        self._file: KeyFile | None = None
        self._school: SchoolKey | None = None
        self._pending: dict[int, bytes] = {}
        self._next = 0

    def close(self) -> None:
        """Let go of the file, and forget what was made and not kept."""
        if self._file is not None:
            self._file.close()
        self._file, self._school = None, None
        self._pending.clear()

    def make(self) -> tuple[int, bytes]:
        """A new key and its number; it counts once `keep_new` has run.

        Numbers are drawn at random a batch and counted within it: the file grows in few places, and a number that
        an older copy of the file has not seen is never given twice.
        """
        if not self._next % _MOST_IN_BATCH:
            self._next = secrets.randbits(63 - _BATCH_BITS) << _BATCH_BITS
        self._next += 1
        key = os.urandom(KEY_BYTES)
        self._pending[self._next] = key
        return self._next, key

    def keep_new(self) -> bool:
        """Put the new keys on the disk. True: the database must now name this file (`bound_to`).

        Before the database commits what they open: a kill in between leaves keys to nothing, which the next
        erasure drops; the other way round it would leave things nobody can open.
        """
        if not self._pending:
            return False
        if not self.path.exists() and not self.bound_to:
            self._create()
        file, school = self._opened()
        file.add((n, school.wrap(n, key, file.file_id), None) for n, key in self._pending.items())
        self._pending.clear()
        self._next = 0
        is_news, self.bound_to = not self.bound_to, file.file_id
        return is_news

    def find(self, numbers: Iterable[int]) -> dict[int, bytes | SealBroken]:
        """Number to key, or to the reason why there is none. Every number asked for is in the answer.

        Raises `ConfigError` for a file or key that is missing, open to others or another home's, `Fatal` for a damaged file.
        """
        wanted = list(numbers)
        found: dict[int, bytes | SealBroken] = {n: self._pending[n] for n in wanted if n in self._pending}
        rest = [n for n in wanted if n not in found]
        if not rest:
            return found
        file, school = self._opened()
        for number, wrapped, destroyed_at in file.find(rest):
            if wrapped is None:
                found[number] = KeyDestroyed(destroyed_at or "")
                continue
            try:
                found[number] = school.unwrap(number, wrapped, file.file_id)
            except SealBroken:
                found[number] = SealBroken(f"its key in {self.path.name} was changed")
        for number in rest:
            found.setdefault(number, SealBroken(f"its key is missing in {self.path.name}"))
        return found

    def destroy(self, numbers: Collection[int], destroyed_at: str) -> None:
        """Destroy these keys where they lie: quick, and what they opened opens to nobody who has this home.

        A backup of the file still opens under the school's key, until `destroy_all_but` has changed that.
        """
        if numbers and (self.path.exists() or self.bound_to):
            self._opened()[0].destroy(sorted(numbers), destroyed_at)

    def destroy_all_but(self, numbers: Collection[int], destroyed_at: str) -> int:
        """Destroy every other key, and wrap those that stay under a new school key; returns how many went only now.

        The old school key is overwritten and removed, so that a backup of the file opens nothing that is destroyed. A kill at
        any moment leaves a file and a key that match.
        """
        if not self.path.exists() and not self.bound_to:
            return 0
        file, school = self._opened()
        rows = file.every()
        going = {number for number, wrapped, _ in rows if wrapped is not None and number not in numbers}
        marked = [(n, None, destroyed_at) if n in going else (n, wrapped, at) for n, wrapped, at in rows]
        new_key = os.urandom(KEY_BYTES)
        new = SchoolKey(new_key)
        begin(self._new_path, new.id, rewrap(marked, school, new, file.file_id), file.file_id)
        put(self._new_key_path, new_key)
        self.close()
        sync_folder(self.path.parent)
        # Until here the old pair counts, from here on the new one: its key lies beside the old.
        self._new_path.replace(self.path)
        sync_folder(self.path.parent)
        self._switch_key()
        return len(going)

    # --- the two files ------------------------------------------------------------------------------

    def _create(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._finish_switch()
        if not self.key_path.exists():
            put(self._new_key_path, os.urandom(KEY_BYTES))
            self._new_key_path.replace(self.key_path)
            sync_folder(self.path.parent)
        begin(self._new_path, SchoolKey(read_key(self.key_path, _LOSS)).id)
        self._new_path.replace(self.path)
        sync_folder(self.path.parent)

    def _opened(self) -> tuple[KeyFile, SchoolKey]:
        if self._file is None or self._school is None:
            if not self.path.exists():
                raise ConfigError(
                    str(self.path), "", "there is no such file", f"Put it back from a backup: {_LOSS}"
                )
            if os.name == "posix" and self.path.stat().st_mode & 0o077:
                raise ConfigError(
                    str(self.path),
                    "",
                    "other users of this machine can read it",
                    f"Run: chmod 600 {self.path}",
                )
            self._finish_switch()
            school = SchoolKey(read_key(self.key_path, _LOSS))
            file = KeyFile(self.path)
            try:
                self._check(file, school)
            except Fatal:
                file.close()
                raise
            self._file, self._school = file, school
        return self._file, self._school

    def _check(self, file: KeyFile, school: SchoolKey) -> None:
        if self.bound_to and file.file_id != self.bound_to:
            raise ConfigError(
                str(self.path),
                "",
                "holds the keys of another database",
                "Put back the one that belongs to it",
            )
        if file.kek_id != school.id:
            raise ConfigError(
                str(self.key_path), "", f"is not the key of {self.path}", "Put both back from one backup"
            )

    def _finish_switch(self) -> None:
        """Carry on where a kill stopped `destroy_all_but`: the file says which school key is its own."""
        # Pages of one process read side by side; the second finds nothing left to do.
        with _SWITCHING:
            self._switch_what_is_left()

    def _switch_what_is_left(self) -> None:
        if self._new_key_path.exists():
            new_key = self._new_key_path.read_bytes()
            if len(new_key) == KEY_BYTES and self._kek_id() == SchoolKey(new_key).id:
                self._switch_key()
            else:
                self._new_key_path.unlink()
        for leftover in (self._new_path, self._new_path.with_name(self._new_path.name + "-journal")):
            leftover.unlink(missing_ok=True)

    def _kek_id(self) -> str:
        if not self.path.exists():
            return ""
        file = KeyFile(self.path)
        file.close()
        return file.kek_id

    def _switch_key(self) -> None:
        if self.key_path.exists():
            with self.key_path.open("rb+", buffering=0) as old:
                old.write(os.urandom(KEY_BYTES))
                os.fsync(old.fileno())
        self._new_key_path.replace(self.key_path)
        sync_folder(self.key_path.parent)


class KeyDestroyed(SealBroken):
    """The key was destroyed on purpose: what it opened has been erased."""

    def __init__(self, destroyed_at: str) -> None:
        on = f" on {destroyed_at[:10]}" if destroyed_at else ""
        super().__init__(f"its key was destroyed{on}: it has been erased")


def need(key: bytes | SealBroken) -> bytes:
    """The key, or the reason why there is none, raised."""
    if isinstance(key, SealBroken):
        raise key
    return key
