"""No word of a post lies anywhere in plain before an erasure, and after one nothing opens what was erased."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from mentionwatch.ids import mention_id
from mentionwatch.model import MentionWrite
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.access import export_person
from warehouse.chain import AUDIT, EVENTS, check_chain
from warehouse.connection import Warehouse
from warehouse.erase import compact, erase, finish_compaction
from warehouse.files import attach, open_in_memory
from warehouse.keyring import Keyring
from warehouse.migrate import MIGRATIONS, migrate
from warehouse.objects import commit_salts, read_object
from warehouse.publish import publish
from warehouse.publish_words import insert_mentions
from warehouse.reading import list_mentions
from warehouse.store import store_nights
from warehouse.stored_evidence import read_evidence
from warehouse.verify import Finding, verify_evidence
from warehouse.words import ERASED

P1, P2 = (mention_id("paper", name) for name in ("p1", "p2"))
CANARIES = ("QTITLEQ", "QTEXTQ", "QPAGEQ", "QRAWQ", "QHANDLEQ")
"""Title, text (the reasons of the factory quote its beginning), page, the source's own bytes, handle."""


def secret(native_id: str = "p1") -> MentionWrite:
    return make_write(
        native_id,
        "QTEXTQ said this",
        title="QTITLEQ",
        author="QHANDLEQ",
        warc=b"WARC/1.1\r\nQPAGEQ " * 40,
        raw=b'{"id": "QRAWQ"}',
    )


def fill(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        store_nights(writing, [make_night("run-1", [secret(), make_write("p2", "kept words")])], NOW)


def found_in(folder: Path, *words: str, but: str = "no file") -> list[tuple[str, str]]:
    return [
        (path.name, word)
        for path in folder.rglob("*")
        if path.is_file() and path.name != but
        for word in words
        if word.encode() in path.read_bytes() or word.encode("utf-16-le") in path.read_bytes()
    ]


def keys_folder(warehouse: Warehouse) -> Path:
    return warehouse.folder / "keys"


@contextmanager
def put_back(warehouse: Warehouse, copy: Path) -> Iterator[Warehouse]:
    """The home with another database file in it and the keys it has now."""
    now = warehouse.folder / "now"
    warehouse.wal_path.unlink(missing_ok=True)
    shutil.copy(warehouse.path, now)
    shutil.copy(copy, warehouse.path)
    try:
        yield warehouse
    finally:
        warehouse.wal_path.unlink(missing_ok=True)
        shutil.copy(now, warehouse.path)
        now.unlink()


def test_before_any_erasure_no_word_lies_in_the_database_its_log_or_the_keys(warehouse: Warehouse) -> None:
    fill(warehouse)
    assert warehouse.wal_path.stat().st_size
    assert found_in(warehouse.folder, *CANARIES) == []
    warehouse.checkpoint()
    assert found_in(warehouse.folder, *CANARIES) == []
    with warehouse.live_reader() as reading:
        row = {each.id: each for each in list_mentions(reading)}[P1]
        (stored,) = read_evidence(reading, P1)
    assert (row.title, row.text, row.reasons[0].why) == ("QTITLEQ", "QTEXTQ said this", "says QTEXTQ said ")
    assert b"QPAGEQ" in stored.warc and b"QRAWQ" in stored.raw
    assert [each.basis for each in export_person(warehouse, "QHANDLEQ", NOW, "office", "request 1")] == [
        "author"
    ]


def test_after_an_erasure_no_byte_of_it_is_left_and_both_logs_verify(warehouse: Warehouse) -> None:
    """I10: database, log, spill, keys and copy."""
    fill(warehouse)
    publish(warehouse)
    assert {name for name, _ in found_in(warehouse.folder, *CANARIES)} == {"analysis.duckdb"}
    with warehouse.live_reader() as reading:
        sealed = reading.rows("SELECT sealed FROM revisions WHERE mention_id = ?", [P1])[0][0]
    erase(warehouse, [P1], "request 7", NOW, "office")
    assert found_in(warehouse.folder, *CANARIES) == []
    assert sealed not in warehouse.path.read_bytes()
    with warehouse.live_reader() as reading:
        assert check_chain(reading, AUDIT) == check_chain(reading, EVENTS) == []
        assert verify_evidence(reading).findings == ()
        assert [row.text for row in list_mentions(reading)] == ["kept words"]


def test_a_backup_of_the_database_opens_what_was_kept_and_nothing_that_was_erased(
    warehouse: Warehouse,
) -> None:
    """Issue 5, point 8: backups are covered by the destruction of keys."""
    fill(warehouse)
    warehouse.checkpoint()
    backup = warehouse.folder.parent / f"{warehouse.folder.name}-backup.duckdb"
    shutil.copy(warehouse.path, backup)
    with warehouse.live_reader() as reading:
        raw, warc = (evidence := read_evidence(reading, P1)[0]).raw_sha256, evidence.warc_sha256
    erase(warehouse, [P1], "request 7", NOW, "office")
    with put_back(warehouse, backup), warehouse.live_reader() as reading:
        texts = {row.id: (row.title, row.text) for row in list_mentions(reading)}
        assert texts == {P1: ("", ERASED), P2: ("A title", "kept words")}
        assert read_evidence(reading, P2)[0].warc
        with pytest.raises(ValueError, match="its key was destroyed on 2026-11-21"):
            read_object(reading, raw)
        gone = {finding.object_id: finding.cause for finding in verify_evidence(reading).findings}
        assert gone.keys() >= {f"{P1}/1", raw, warc}
        assert set(gone.values()) == {"its key was destroyed on 2026-11-21: it has been erased"}
    backup.unlink()


def test_a_backup_of_the_keys_opens_nothing_without_the_school_key_of_that_day(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.checkpoint()
    old = {
        path.name: path.read_bytes()
        for path in (warehouse.path, keys_folder(warehouse) / "object_keys.sqlite")
    }
    was = (keys_folder(warehouse) / "school.key").read_bytes()
    erase(warehouse, [P1], "request 7", NOW, "office")
    assert (keys_folder(warehouse) / "school.key").read_bytes() != was
    assert was not in b"".join(path.read_bytes() for path in warehouse.folder.rglob("*") if path.is_file())
    warehouse.path.write_bytes(old["warehouse.duckdb"])
    (keys_folder(warehouse) / "object_keys.sqlite").write_bytes(old["object_keys.sqlite"])
    with (
        pytest.raises(Exception, match=r"school\.key: is not the key of"),
        warehouse.live_reader() as reading,
    ):
        list_mentions(reading)


def test_what_a_log_holds_of_an_object_cannot_be_confirmed_once_its_key_is_gone(warehouse: Warehouse) -> None:
    fill(warehouse)
    with warehouse.live_reader() as reading:
        sha256 = read_evidence(reading, P1)[0].raw_sha256
        salts = commit_salts(reading, [sha256])
        assert salts == commit_salts(reading, [sha256, "0" * 64]) and len(salts[sha256]) == 32
    erase(warehouse, [P1], "request 7", NOW, "office")
    with warehouse.live_reader() as reading:
        assert commit_salts(reading, [sha256]) == {}


def test_a_sealed_thing_given_to_another_id_is_refused(warehouse: Warehouse) -> None:
    """Blob and key of one object, or of one revision's words, under the name of another."""
    fill(warehouse)
    with warehouse.writer() as writing:
        (warc,) = writing.rows("SELECT warc_sha256 FROM evidence WHERE mention_id = ?", [P1])[0]
        writing.run(
            "UPDATE objects SET sealed = o.sealed, key_id = o.key_id, size = o.size FROM (SELECT * FROM objects "
            "WHERE sha256 = (SELECT warc_sha256 FROM evidence WHERE mention_id = ?)) AS o WHERE objects.sha256 = ?",
            [P2, warc],
        )
        writing.run(
            "UPDATE revisions SET sealed = o.sealed, key_id = o.key_id FROM (SELECT * FROM revisions WHERE mention_id = ?) AS o "
            "WHERE revisions.mention_id = ?",
            [P1, P2],
        )
    with warehouse.live_reader() as reading:
        found = verify_evidence(reading).findings
        assert {(finding.object_kind, finding.object_id) for finding in found} == {
            ("object", warc),
            ("revision", f"{P2}/1"),
        }
        assert "QTEXTQ" not in " ".join(row.text for row in list_mentions(reading) if row.id == P2)


def test_every_flipped_bit_of_what_is_stored_is_found_and_the_right_thing_named(warehouse: Warehouse) -> None:
    """Goal: 100 % of 1,000 random flips over objects, their kind and size, sealed words and wrapped keys."""
    fill(warehouse)
    dice, named = random.Random(7), set()
    with warehouse.writer() as writing:
        objects = writing.rows("SELECT sha256, sealed FROM objects ORDER BY sha256")
        words = writing.rows("SELECT mention_id, sealed FROM revisions ORDER BY mention_id")

    def flipped(body: bytes) -> bytes:
        place = dice.randrange(len(body))
        return body[:place] + bytes([body[place] ^ (1 << dice.randrange(8))]) + body[place + 1 :]

    class Rolled(Exception):
        pass

    for _ in range(1000 // 40):
        with pytest.raises(Rolled), warehouse.writer() as writing:
            for _ in range(20):
                sha256, body = dice.choice(objects)
                writing.run("UPDATE objects SET sealed = ? WHERE sha256 = ?", [flipped(body), sha256])
                id_, said = dice.choice(words)
                writing.run("UPDATE revisions SET sealed = ? WHERE mention_id = ?", [flipped(said), id_])
                found = {(each.object_kind, each.object_id) for each in verify_evidence(writing).findings}
                assert found == {("object", sha256), ("revision", f"{id_}/1")}
                named |= found
                writing.run("UPDATE objects SET sealed = ? WHERE sha256 = ?", [body, sha256])
                writing.run("UPDATE revisions SET sealed = ? WHERE mention_id = ?", [said, id_])
            assert verify_evidence(writing).findings == ()
            raise Rolled
    assert len(named) == len(objects) + len(words)


@pytest.mark.parametrize("change", ["kind = 'text'", "media_type = 'x/y'", "size = size + 1"])
def test_a_changed_fact_about_an_object_is_found(warehouse: Warehouse, change: str) -> None:
    fill(warehouse)
    with warehouse.writer() as writing:
        (raw,) = writing.rows("SELECT raw_sha256 FROM evidence WHERE mention_id = ?", [P1])[0]
        writing.run(f"UPDATE objects SET {change} WHERE sha256 = ?", [raw])  # noqa: S608 -- our own words
    with warehouse.live_reader() as reading:
        assert [each.object_id for each in verify_evidence(reading).findings] == [raw]


def test_a_flipped_or_missing_wrapped_key_is_found_and_its_object_named(warehouse: Warehouse) -> None:
    fill(warehouse)
    with warehouse.live_reader() as reading:
        owners: dict[int, str] = dict(
            reading.rows(
                "SELECT key_id, sha256 FROM objects UNION ALL SELECT key_id, mention_id || '/1' FROM revisions"
            )
        )
    path, dice = keys_folder(warehouse) / "object_keys.sqlite", random.Random(3)
    whole = path.read_bytes()
    for number, owner in owners.items():
        for sql in ("UPDATE keys SET wrapped = ? WHERE id = ?", "DELETE FROM keys WHERE ? <> '' AND id = ?"):
            connection = sqlite3.connect(path)
            (body,) = connection.execute("SELECT wrapped FROM keys WHERE id = ?", [number]).fetchone()
            place = dice.randrange(len(body))
            connection.execute(sql, [body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :], number])
            connection.commit()
            connection.close()
            with warehouse.live_reader() as reading:
                (found,) = verify_evidence(reading).findings
            assert found.object_id == owner and "its key" in found.cause
            path.write_bytes(whole)


def test_a_file_that_grew_in_many_small_runs_is_no_larger_than_one_written_at_once(
    warehouse: Warehouse,
) -> None:
    """Goal: growth <= 1.15 times. Each run is folded in, as each sweep does."""
    dice = random.Random(1)
    for run in range(8):
        writes = [make_write(f"p{run}-{n}", "words", warc=dice.randbytes(40_000)) for n in range(20)]
        with warehouse.writer() as writing:
            store_nights(writing, [make_night(f"run-{run:02}", writes)], NOW)
        warehouse.checkpoint()
    grown = warehouse.path.stat().st_size
    compact(warehouse)
    assert grown <= 1.15 * warehouse.path.stat().st_size
    with warehouse.live_reader() as reading:
        assert verify_evidence(reading).findings == ()


@pytest.mark.slow
def test_the_connection_that_holds_words_in_the_open_has_nowhere_to_spill_to(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that do not fit into memory are refused, not written to disk: here 14 MB of them, held several times over, under a limit of 40 MB."""
    with warehouse.writer() as writing:
        posts = [make_write(f"p{number}", f"{number} " + "QTEXTQ " * 4000) for number in range(500)]
        store_nights(writing, [make_night("run-1", posts)], NOW)
    monkeypatch.setattr("warehouse.files.MEMORY_MB", 40)
    spilt: list[str] = []

    def looking(connection: duckdb.DuckDBPyConnection, *rest: object) -> int:
        assert connection.execute("SELECT current_setting('temp_directory')").fetchall() == [("",)]
        try:
            return insert_mentions(connection, *rest)  # type: ignore[arg-type]
        finally:
            spilt.extend(name for name, _ in found_in(warehouse.folder, "QTEXTQ", but="analysis.duckdb.tmp"))

    monkeypatch.setattr("warehouse.publish.insert_mentions", looking)
    with suppress(duckdb.OutOfMemoryException):
        publish(warehouse)
    assert spilt == [] and found_in(warehouse.folder, "QTEXTQ", but="analysis.duckdb") == []


# --- a home of before -------------------------------------------------------------------------------


def make_old(warehouse: Warehouse) -> None:
    """A database of schema 7 with a sealed, an edited and a plain mention in it, as that version stored them."""
    connection = open_in_memory(warehouse.spill_path)
    attach(connection, warehouse.path, "warehouse", read_only=False)
    connection.execute("USE warehouse")
    migrate(connection, [each for each in MIGRATIONS if each.number < 8])
    connection.execute(OLD_ROWS)
    connection.close()


OLD_ROWS = (Path(__file__).parent / "home_of_schema_7.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("opens", ["writer", "live_reader"])
def test_opening_an_old_home_seals_it_and_leaves_no_plain_word_in_any_file(
    warehouse: Warehouse, opens: str
) -> None:
    make_old(warehouse)
    assert {word for _, word in found_in(warehouse.folder, *CANARIES)} >= {"QTITLEQ", "QTEXTQ", "QHANDLEQ"}
    with getattr(warehouse, opens)() as reading:
        row = {each.id: each for each in list_mentions(reading)}[P1]
        assert (row.title, row.text, row.reasons[0].why) == (
            "QTITLEQ",
            "QTEXTQ said this",
            "says QTEXTQ said ",
        )
        assert verify_evidence(reading).findings == ()
        assert read_evidence(reading, P1)[0].raw == b'{"id": "QRAWQ"}'
        assert reading.rows("SELECT count(*) FROM classifications WHERE is_sample OR is_doubtful") == [(0,)]
    assert found_in(warehouse.folder, *CANARIES) == []
    assert [each.basis for each in export_person(warehouse, "QHANDLEQ", NOW, "office", "request 1")] == [
        "author"
    ]
    assert finish_compaction(warehouse) is True


@pytest.mark.parametrize(
    "point",
    ["warehouse.migrate.write_comments", "warehouse.connection.rewrite", "warehouse.rewrite.replace_file"],
)
def test_a_kill_while_an_old_home_is_sealed_loses_nothing_and_ends_sealed(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    make_old(warehouse)
    with monkeypatch.context() as cut:
        cut.setattr(point, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt), warehouse.live_reader():
            pass
    with warehouse.live_reader() as reading:
        assert {each.text for each in list_mentions(reading)} == {"QTEXTQ said this", "kept words"}
        assert verify_evidence(reading).findings == ()
    finish_compaction(warehouse)
    assert found_in(warehouse.folder, *CANARIES) == []


def test_a_clock_stepped_back_between_storing_and_erasing_changes_nothing(warehouse: Warehouse) -> None:
    fill(warehouse)
    erase(warehouse, [P1], "request 7", NOW - timedelta(days=400), "office")
    with warehouse.live_reader() as reading:
        assert verify_evidence(reading).findings == ()
    assert found_in(warehouse.folder, *CANARIES) == []


def test_a_key_that_was_never_kept_seals_nothing_that_is_kept(warehouse: Warehouse) -> None:
    """A transaction that fails leaves neither keys nor rows; what failed can be stored again."""
    with pytest.raises(RuntimeError), warehouse.writer() as writing:
        store_nights(writing, [make_night("run-1", [secret()])], NOW)
        raise RuntimeError
    assert not (keys_folder(warehouse) / "object_keys.sqlite").exists()
    fill(warehouse)
    with warehouse.live_reader() as reading:
        assert verify_evidence(reading).findings == ()


def test_a_missing_key_row_is_told_and_hides_nothing_else(warehouse: Warehouse) -> None:
    fill(warehouse)
    with warehouse.writer() as writing:
        writing.run("UPDATE revisions SET key_id = 1 WHERE mention_id = ?", [P1])
    with warehouse.live_reader() as reading:
        assert verify_evidence(reading).findings == (
            Finding("revision", f"{P1}/1", "its key is missing in object_keys.sqlite"),
        )
        assert {row.text for row in list_mentions(reading)} == {
            "kept words",
            "[cannot be opened: run mentionwatch evidence verify]",
        }
        with pytest.raises(ValueError, match=f"revision {P1}/1"):
            read_evidence(reading, P1)
    assert isinstance(Keyring(warehouse.folder).find([]), dict)
