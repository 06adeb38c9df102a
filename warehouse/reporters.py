"""Who told the school: sealed under a key of its own, apart from the database (L19, L20, D16).

`HOME/reporters/sealed` holds the records, `HOME/keys/reporters.key` the key. A backup that carries one of the
two says nothing; one that carries both says everything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mentionwatch.errors import ConfigError, Retriable
from warehouse.sealed_lines import KEY_BYTES, SealedReport, Sealer, read_key
from warehouse.session import Writing, at_utc, clean_text

WAIT_S = 30.0
_AS_IS = getattr(os, "O_BINARY", 0)  # else Windows would write \r\n


class ReporterStore:
    """The sealed reports of one home. Nothing is created before the first report.

    Every use holds a lock file. Whoever also holds the database takes the database first.
    """

    def __init__(self, home_folder: Path) -> None:
        self.path = home_folder / "reporters" / "sealed"
        self.key_path = home_folder / "keys" / "reporters.key"
        # While the key changes: the file is written anew under the new key and switched, then the key is switched.
        self._new_path = self.path.with_suffix(".new")
        self._new_key_path = self.key_path.with_suffix(".key.new")

    def store(self, report: SealedReport) -> bool:
        """Append a report; on the disk when this returns. False: the same person had said the same before.

        Raises `ConfigError` for a key that is missing, open to others or another one, `Fatal` for a changed file.
        """
        with self._locked():
            sealer = self._start()
            known = self._open_all(sealer, self._mend(self.path.read_bytes()))
            if any(_same(report, one) for one in known):
                return False
            _append(self.path, sealer.seal(report, len(known) + 2))
            return True

    def read(self, mention_id: str) -> tuple[SealedReport, ...]:
        """The reports of one mention, in the order they came. People go through `open_reporter`, which logs it."""
        return tuple(report for report in self._read() if report.mention_id == mention_id)

    def names_by_mention(self) -> dict[str, tuple[str, ...]]:
        """Mention to the names given with it: to keep them out of what is published, and never to be shown."""
        found: dict[str, dict[str, None]] = {}
        for report in self._read():
            names = found.setdefault(report.mention_id, {})
            if report.reporter.strip():
                names[report.reporter.strip()] = None
        return {id_: tuple(names) for id_, names in found.items()}

    def names(self) -> tuple[str, ...]:
        """Every name that must stand in nothing that is rendered (I6), sorted."""
        return tuple(sorted({name for names in self.names_by_mention().values() for name in names}))

    def forget(self, mention_ids: Collection[str]) -> int:
        """Forget the reports of these mentions; returns how many there were.

        The others are sealed anew under another key, and the old key is overwritten and removed: what the disk
        may still hold of the old file then opens to nobody. A copy of the key in a backup is out of its reach,
        and so are the spare blocks of a solid-state disk. A kill at any moment leaves a file and a key that match.
        """
        return self._drop(lambda report: report.mention_id in mention_ids)

    def keep(self, mention_ids: Collection[str]) -> int:
        """Forget the reports of every mention that is not among these; returns how many there were."""
        return self._drop(lambda report: report.mention_id not in mention_ids)

    # --- inside the lock --------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self.path.with_name(".lock"), timeout=WAIT_S, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise Retriable(
                f"{self.path}: another program has held it for {WAIT_S:.0f} s. Run again"
            ) from None
        try:
            self._finish_switch()
            yield
        finally:
            lock.release()

    def _finish_switch(self) -> None:
        """Carry on where a kill stopped `forget`: the file says by its first line which key is its own."""
        if self._new_key_path.exists():
            new_key = self._new_key_path.read_bytes()
            if len(new_key) == KEY_BYTES and self._header() == Sealer(new_key).header:
                self._switch_key()
            else:
                self._new_key_path.unlink()
        self._new_path.unlink(missing_ok=True)

    def _switch_key(self) -> None:
        if self.key_path.exists():
            with self.key_path.open("rb+", buffering=0) as file:
                file.write(os.urandom(KEY_BYTES))
                os.fsync(file.fileno())
        self._new_key_path.replace(self.key_path)
        _sync_folder(self.key_path.parent)

    def _header(self) -> bytes:
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            return file.readline()

    def _start(self) -> Sealer:
        """The key and the file, both made at the first report. A file without its key is refused, never begun anew."""
        if not self.path.exists():
            if not self.key_path.exists():
                self.key_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(self._new_key_path, os.urandom(KEY_BYTES))
                self._new_key_path.replace(self.key_path)
                _sync_folder(self.key_path.parent)
            _write(self._new_path, Sealer(read_key(self.key_path)).header)
            self._new_path.replace(self.path)
            _sync_folder(self.path.parent)
        return self._sealer()

    def _sealer(self) -> Sealer:
        sealer = Sealer(read_key(self.key_path))
        if self._header() != sealer.header:
            raise ConfigError(
                str(self.key_path), "", f"is not the key of {self.path}", "Put both back from one backup"
            )
        return sealer

    def _mend(self, body: bytes) -> bytes:
        """Cut off a last line that a kill left half written: its report was never acknowledged."""
        whole = body[: body.rfind(b"\n") + 1]
        if len(whole) < len(body):
            with self.path.open("rb+", buffering=0) as file:
                file.truncate(len(whole))
                os.fsync(file.fileno())
        return whole

    def _open_all(self, sealer: Sealer, body: bytes) -> list[SealedReport]:
        # All of them, whichever is asked for: a change anywhere is noticed at the next look.
        lines = body.split(b"\n")[1:-1]
        return [sealer.open(line, str(self.path), number) for number, line in enumerate(lines, start=2)]

    def _read(self) -> list[SealedReport]:
        if not self.path.exists():
            return []
        with self._locked():
            return self._open_all(self._sealer(), self.path.read_bytes())

    def _drop(self, is_dropped: Callable[[SealedReport], bool]) -> int:
        if not self.path.exists():
            return 0
        with self._locked():
            reports = self._open_all(self._sealer(), self.path.read_bytes())
            kept = [report for report in reports if not is_dropped(report)]
            if len(kept) < len(reports):
                self._seal_anew(kept)
            return len(reports) - len(kept)

    def _seal_anew(self, reports: Sequence[SealedReport]) -> None:
        new_key = os.urandom(KEY_BYTES)
        sealer = Sealer(new_key)
        lines = (sealer.seal(report, number) for number, report in enumerate(reports, start=2))
        _write(self._new_path, b"".join((sealer.header, *lines)))
        _write(self._new_key_path, new_key)
        _sync_folder(self.key_path.parent)
        # Until here the old pair counts, from here on the new one: its key lies beside the old.
        self._new_path.replace(self.path)
        _sync_folder(self.path.parent)
        self._switch_key()


def _same(report: SealedReport, known: SealedReport) -> bool:
    """The same person at the same place; the words of `known` have been through the file."""
    return (report.mention_id, clean_text(report.reporter), clean_text(report.platform)) == (
        known.mention_id,
        known.reporter,
        known.platform,
    )


def _write(path: Path, content: bytes) -> None:
    _put(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _AS_IS, 0o600), content)


def _append(path: Path, line: bytes) -> None:
    _put(os.open(path, os.O_WRONLY | os.O_APPEND | _AS_IS), line)


def _put(handle: int, content: bytes) -> None:
    try:
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    # Windows has no such call and needs none.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def seal_old_reporters(writing: Writing, store: ReporterStore) -> int:
    """Take the names out of a database made before they were sealed; returns how many there were.

    Run before migration 0005 drops their table, outside a transaction. They are durable in the store before they
    are deleted here; a kill in between seals nothing twice. Deleting leaves the bytes in the file: the flag has the
    next retention or erasure rewrite it (`finish_compaction`), as it does for every mention that is deleted.
    """
    if writing.row("SELECT 1 FROM duckdb_tables() WHERE NOT internal AND table_name = 'reporters'") is None:
        return 0
    rows = writing.rows(
        "SELECT mention_id, reporter, platform, reported_at FROM reporters ORDER BY reported_at, mention_id"
    )
    for id_, reporter, platform, reported_at in rows:
        store.store(SealedReport(id_, reporter, platform, at_utc(reported_at)))
    if rows:
        writing.run(
            "BEGIN TRANSACTION; DELETE FROM reporters; "
            "INSERT INTO meta VALUES ('compaction_due', 'yes') ON CONFLICT DO NOTHING; COMMIT"
        )
    return len(rows)
