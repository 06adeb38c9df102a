"""The two files of keys: made once, missing or foreign ones told in one line, destroyed without a way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentionwatch.errors import ConfigError, Fatal, Retriable
from mentionwatch.ids import mention_id
from mentionwatch.labels import Role
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.erase import Burial, bury, erase, finish_compaction
from warehouse.keyring import KeyDestroyed, Keyring
from warehouse.publish import publish
from warehouse.reading import list_mentions
from warehouse.retention import purge
from warehouse.sealing import SealBroken, cipher, open_sealed, seal
from warehouse.store import store_nights
from warehouse.verify import verify_evidence
from warehouse.words import Words, open_words, seal_words

ROOT = Path(__file__).resolve().parents[2]
P1, P2 = (mention_id("paper", name) for name in ("p1", "p2"))


def fill(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        store_nights(
            writing, [make_night("run-1", [make_write("p1", "QTEXTQ"), make_write("p2", "kept")])], NOW
        )


def files(warehouse: Warehouse) -> tuple[Path, Path]:
    ring = Keyring(warehouse.folder)
    return ring.path, ring.key_path


def is_whole(warehouse: Warehouse, *texts: str) -> bool:
    with warehouse.live_reader() as reading:
        shown = sorted(row.text for row in list_mentions(reading))
        return not verify_evidence(reading).findings and shown == sorted(texts)


def test_nothing_is_made_before_something_is_stored_and_then_for_its_owner_only(warehouse: Warehouse) -> None:
    with warehouse.live_reader():
        pass
    assert not (warehouse.folder / "keys").exists()
    fill(warehouse)
    assert {path.name for path in (warehouse.folder / "keys").iterdir()} == {
        "object_keys.sqlite",
        "school.key",
    }
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in files(warehouse)} == {0o600}
        assert stat.S_IMODE((warehouse.folder / "keys").stat().st_mode) == 0o700


def test_everything_has_a_key_of_its_own_and_equal_bytes_are_stored_once(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        same = [make_write(name, "same", warc=b"WARC same") for name in ("p1", "p2")]
        store_nights(writing, [make_night("run-1", same)], NOW)
    with warehouse.live_reader() as reading:
        numbers = [
            row[0]
            for row in reading.rows("SELECT key_id FROM objects UNION ALL SELECT key_id FROM revisions")
        ]
        keys = reading.keys.find(numbers)
        assert reading.rows("SELECT count(*) FROM objects") == [(2,)]
        assert reading.rows("SELECT max(octet_length(sealed) - size) FROM objects")[0][0] <= 56
    assert len(numbers) == len(set(numbers)) == len(set(keys.values())) == 4


def break_mode(keys: Path, school: Path) -> None:
    school.chmod(0o640)


def break_mode_of_the_keys(keys: Path, school: Path) -> None:
    keys.chmod(0o604)


def break_by_another_school(keys: Path, school: Path) -> None:
    school.write_bytes(os.urandom(32))


def break_short(keys: Path, school: Path) -> None:
    school.write_bytes(school.read_bytes()[:31])


def break_truncated(keys: Path, school: Path) -> None:
    keys.write_bytes(keys.read_bytes()[:5000])


def break_emptied(keys: Path, school: Path) -> None:
    keys.write_bytes(b"")


def break_by_another_home(keys: Path, school: Path) -> None:
    other = Warehouse(keys.parent.parent / "other")
    other.folder.mkdir()
    fill(other)
    for mine, theirs in zip((keys, school), files(other), strict=True):
        shutil.copy(theirs, mine)


@pytest.mark.parametrize(
    ("breaking", "said"),
    [
        (lambda keys, school: keys.unlink(), r"object_keys\.sqlite: there is no such file\. Put it back"),
        (lambda keys, school: school.unlink(), r"school\.key: there is no such file\. Put it back"),
        (break_by_another_school, r"school\.key: is not the key of .*object_keys\.sqlite"),
        (break_by_another_home, r"object_keys\.sqlite: holds the keys of another database"),
        (break_short, r"school\.key: holds 31 bytes, not 32"),
        (break_truncated, r"object_keys\.sqlite: cannot be read as a file of keys"),
        (break_emptied, r"object_keys\.sqlite: cannot be read as a file of keys"),
        pytest.param(
            break_mode,
            r"chmod 600 .*school\.key",
            marks=pytest.mark.skipif(os.name != "posix", reason="modes"),
        ),
        pytest.param(
            break_mode_of_the_keys,
            r"chmod 600 .*object_keys\.sqlite",
            marks=pytest.mark.skipif(os.name != "posix", reason="modes"),
        ),
    ],
)
def test_wrong_keys_are_one_line_and_nothing_is_stored_lost_or_taken_as_verified(
    warehouse: Warehouse, breaking: object, said: str
) -> None:
    """Issue 5, bad input: wrong key, missing key file, truncated file."""
    fill(warehouse)
    saved = {path: path.read_bytes() for path in files(warehouse)}
    assert callable(breaking)
    breaking(*files(warehouse))

    def uses() -> list[object]:
        def read(reader: object) -> None:
            with warehouse.live_reader() as reading:
                assert callable(reader)
                reader(reading)

        def write() -> None:
            with warehouse.writer() as writing:
                store_nights(writing, [make_night("run-2", [make_write("p3", "more")])], NOW)

        return [lambda: read(list_mentions), lambda: read(verify_evidence), write, lambda: publish(warehouse)]

    for use in uses():
        assert callable(use)
        with pytest.raises(Fatal, match=said) as refused:
            use()
        assert "\n" not in str(refused.value)
    assert not warehouse.published_path.exists()
    for path, body in saved.items():
        path.write_bytes(body)
        path.chmod(0o600)
    assert is_whole(warehouse, "QTEXTQ", "kept")


def test_what_is_deleted_cannot_be_opened_as_soon_as_that_is_committed(warehouse: Warehouse) -> None:
    """L02, I10: whatever becomes of the files, its keys are overwritten where they lay; the others open as before."""
    fill(warehouse)
    keys, school = files(warehouse)
    with warehouse.live_reader() as reading:
        sealed = reading.rows(
            "SELECT mention_id, revision, sealed, key_id FROM revisions ORDER BY mention_id = ?", [P1]
        )
        numbers = [row[0] for row in reading.rows(
            "SELECT key_id FROM revisions WHERE mention_id = $1 UNION ALL SELECT o.key_id FROM objects AS o JOIN evidence AS e "
            "ON o.sha256 IN (e.warc_sha256, e.text_sha256, e.raw_sha256) WHERE e.mention_id = $1", [P1])]  # fmt: skip
    before = sqlite3.connect(keys)
    wrapped = [
        row for number in numbers for row in before.execute("SELECT wrapped FROM keys WHERE id = ?", [number])
    ]
    before.close()
    assert len(wrapped) >= 3 and all(row[0] in keys.read_bytes() for row in wrapped)
    was = school.read_bytes()
    with warehouse.writer() as writing:
        bury(writing, [Burial(P1, "asked for")], "erasure", NOW, "h", Role.HEAD)
    assert not any(row[0] in keys.read_bytes() for row in wrapped), "overwritten, not only forgotten"
    with warehouse.live_reader() as reading:
        kept, gone = open_words(reading.keys, sealed)
        assert isinstance(kept, Words) and isinstance(gone, KeyDestroyed)
    assert is_whole(warehouse, "kept")
    assert finish_compaction(warehouse) is True
    assert school.read_bytes() != was, "no backup of the keys opens under the school's key any more"
    assert is_whole(warehouse, "kept")


def test_a_deletion_that_is_taken_back_destroys_no_key(warehouse: Warehouse) -> None:
    fill(warehouse)
    with pytest.raises(ZeroDivisionError), warehouse.writer() as writing:
        bury(writing, [Burial(P1, "asked for")], "erasure", NOW, "h", Role.HEAD)
        raise ZeroDivisionError
    assert is_whole(warehouse, "QTEXTQ", "kept")


class Killed(BaseException):
    """A kill, so to speak: nothing catches it."""


@pytest.mark.parametrize("count", range(1, 14))
def test_a_kill_at_any_step_of_a_destruction_leaves_keys_that_match_and_the_next_one_ends_it(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Before each call that touches the disk, one after another: writing, renaming, overwriting, syncing."""
    fill(warehouse)
    with warehouse.live_reader() as reading:
        sealed = reading.rows(
            "SELECT mention_id, revision, sealed, key_id FROM revisions WHERE mention_id = ?", [P1]
        )
    left = count

    def killing(really: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                raise Killed
            return really(*args, **named)

        return step

    with monkeypatch.context() as cut:
        for place in ("warehouse.keyring.put", "warehouse.keyring.begin", "warehouse.keyring.sync_folder"):
            module, name = place.rsplit(".", 1)
            cut.setattr(place, killing(getattr(sys.modules[module], name)))
        cut.setattr("os.fsync", killing(os.fsync))
        cut.setattr(Path, "replace", killing(Path.replace))
        with suppress(Killed):
            erase(warehouse, [P1], "request 7", NOW, "office")
    assert is_whole(warehouse, "kept")
    purge(warehouse, NOW)
    assert is_whole(warehouse, "kept")
    assert finish_compaction(warehouse) is False
    with warehouse.live_reader() as reading:
        (gone,) = open_words(reading.keys, [(row[0], row[1], row[2], row[3]) for row in sealed])
    assert isinstance(gone, KeyDestroyed)
    assert {path.name for path in (warehouse.folder / "keys").iterdir()} == {
        "object_keys.sqlite",
        "school.key",
    }


def test_a_kill_between_the_two_commits_leaves_a_key_to_nothing_which_the_next_erasure_drops(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(warehouse)
    with monkeypatch.context() as cut:
        kept = Keyring.keep_new

        def keep_and_die(ring: Keyring) -> bool:
            kept(ring)
            raise Killed

        cut.setattr(Keyring, "keep_new", keep_and_die)
        with pytest.raises(Killed), warehouse.writer() as writing:
            store_nights(writing, [make_night("run-2", [make_write("p3", "lost")])], NOW)
    path = files(warehouse)[0]

    def count() -> int:
        with sqlite3.connect(path) as connection:
            return int(
                connection.execute("SELECT count(*) FROM keys WHERE wrapped IS NOT NULL").fetchone()[0]
            )

    assert is_whole(warehouse, "QTEXTQ", "kept") and count() == 9
    erase(warehouse, [P1], "request 7", NOW, "office")
    assert is_whole(warehouse, "kept") and count() == 3


def test_a_kill_while_the_first_keys_are_made_is_forgotten_at_the_next_use(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("put", "begin"):
        with monkeypatch.context() as cut:
            cut.setattr(f"warehouse.keyring.{name}", lambda *_: (_ for _ in ()).throw(Killed))
            with pytest.raises(Killed):
                fill(warehouse)
    fill(warehouse)
    assert is_whole(warehouse, "QTEXTQ", "kept")


FULL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from mentionwatch.errors import Retriable
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.store import store_nights
from warehouse.keyring import Keyring
ring = Keyring(Path({home!r}))
done = 0
size = ring.path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, size + 40_000))
try:
    for _ in range(200):
        for _ in range(100):
            ring.make()
        ring.keep_new()
        done += 1
except OSError as error:
    print(done, error.errno, error.strerror)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on file sizes")
def test_a_full_disk_loses_no_key_that_was_kept(warehouse: Warehouse) -> None:
    fill(warehouse)
    script = FULL.format(root=str(ROOT), home=str(warehouse.folder))
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    done, errno, said = result.stdout.strip().split(" ", 2)
    assert int(done) > 1 and int(errno) == 28 and said
    with sqlite3.connect(files(warehouse)[0]) as connection:
        assert connection.execute("SELECT count(*) FROM keys").fetchone() == (6 + 100 * int(done),)
    assert is_whole(warehouse, "QTEXTQ", "kept")


def test_a_full_disk_while_keys_are_stored_or_destroyed_is_one_line(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(warehouse)
    full = OSError(28, "No space left on device")
    with monkeypatch.context() as cut:
        cut.setattr("warehouse.key_file.KeyFile.add", lambda *_: (_ for _ in ()).throw(full))
        with pytest.raises(Retriable, match="disk is full"), warehouse.writer() as writing:
            store_nights(writing, [make_night("run-2", [make_write("p3", "more")])], NOW)
        with pytest.raises(Retriable, match="disk is full"):
            erase(warehouse, [P1], "request 7", NOW, "office")
    assert is_whole(warehouse, "kept")
    purge(warehouse, NOW)
    assert is_whole(warehouse, "kept")


def test_an_unbound_database_takes_the_file_of_a_kill_and_a_bound_one_never_begins_another(
    warehouse: Warehouse,
) -> None:
    fill(warehouse)
    files(warehouse)[0].unlink()
    with pytest.raises(ConfigError), warehouse.writer() as writing:
        store_nights(writing, [make_night("run-2", [make_write("p3", "more")])], NOW)
    assert not files(warehouse)[0].exists()


anything = st.text(max_size=60)


@settings(max_examples=60, deadline=None)
@given(anything, anything, anything, st.lists(anything, max_size=3), st.integers(1, 9))
def test_words_come_back_as_they_were_and_only_under_their_own_id(
    title: str, text: str, author: str, reasons: list[str], revision: int
) -> None:
    keys = Keyring(Path("nowhere"))
    words = Words(title, text, author, "[]", tuple(reasons))
    sealed, number = seal_words(keys, words, P1, revision)
    mine, other, later = open_words(
        keys,
        [(P1, revision, sealed, number), (P2, revision, sealed, number), (P1, revision + 1, sealed, number)],
    )
    assert mine == words
    assert isinstance(other, SealBroken) and isinstance(later, SealBroken)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=40), st.data())
def test_no_changed_byte_and_no_other_binding_opens(body: bytes, bound: bytes, data: st.DataObject) -> None:
    under = cipher(os.urandom(32))
    sealed = seal(under, body, bound)
    assert open_sealed(under, sealed, bound) == body and len(sealed) == len(body) + 28
    place = data.draw(st.integers(0, len(sealed) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = sealed[:place] + bytes([sealed[place] ^ bit]) + sealed[place + 1 :]
    for wrong, binding in ((changed, bound), (sealed[:place], bound), (sealed, bound + b"x")):
        with pytest.raises(SealBroken):
            open_sealed(under, wrong, binding)
