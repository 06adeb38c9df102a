"""What is done with evidence is signed, in order, and nothing that was signed can be changed unseen (issue 5, point 3)."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from evidence.custody_entry import decode_entry
from evidence.signing_keys import from_secret, show_public
from flows.custody import EVENTS, check_custody, open_custody_key, sign_custody, sign_home
from flows.custody_end import END_FILE, find_cut, read_ends
from flows.custody_public import read_public_keys
from flows.home import Home
from mentionwatch.errors import ConfigError, Refused
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.custody_rows import read_acts, read_custody_end, stream_entries
from warehouse.store import store_nights

POSTS = 8


@pytest.fixture
def home(tmp_path: Path) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    with Warehouse(folder).writer() as writing:
        store_nights(
            writing,
            [make_night(writes=[make_write(f"p{at}", f"A post about the gate {at}") for at in range(POSTS)])],
            NOW,
        )
    return Home(folder)


def faults(home: Home) -> list[str]:
    with Warehouse(home.folder).live_reader() as reading:
        return [f"{fault.seq}: {fault.cause}" for fault in check_custody(reading, read_public_keys(home), ())]


def change(home: Home, sql: str, *values: object) -> None:
    with Warehouse(home.folder).writer() as writing:
        writing.run(sql, values)


def test_b11_every_capture_is_signed_once_and_in_order(home: Home) -> None:
    """B11: also when signing is asked for again, and when more came in between."""
    assert sign_home(home) == POSTS
    assert sign_home(home) == 0
    with Warehouse(home.folder).writer() as writing:
        store_nights(
            writing,
            [make_night(run_id="20261122T023000Z-000002", writes=[make_write("later", "One more")])],
            NOW + timedelta(days=1),
        )
    assert sign_home(home) == 1
    with Warehouse(home.folder).live_reader() as reading:
        rows, acts = list(stream_entries(reading)), read_acts(reading, EVENTS)
    assert [row.seq for row in rows] == list(range(1, POSTS + 2))
    assert [row.audit_seq for row in rows] == [act.audit_seq for act in acts]
    assert faults(home) == []


def test_no_word_and_no_address_is_in_the_signed_log(home: Home) -> None:
    sign_home(home)
    with Warehouse(home.folder).live_reader() as reading:
        bodies = b"".join(row.body for row in stream_entries(reading))
    for secret in (b"gate", b"http", b"example.org", b"Ysgol"):
        assert secret not in bodies


def test_any_single_changed_byte_is_found_at_its_entry(home: Home) -> None:
    """Also where the one who changed it knows the table: 200 random bytes over body, digest and signature."""
    sign_home(home)
    dice = random.Random(5)
    with Warehouse(home.folder).live_reader() as reading:
        rows = list(stream_entries(reading))
    for _ in range(200):
        row = dice.choice(rows)
        column = dice.choice(["body", "signature"])
        whole = bytearray(getattr(row, column))
        at = dice.randrange(len(whole))
        whole[at] ^= 1 << dice.randrange(8)
        was = getattr(row, column)
        with Warehouse(home.folder).writer() as writing:
            writing.run(f"UPDATE custody SET {column} = ? WHERE seq = ?", [bytes(whole), row.seq])  # noqa: S608
            found = check_custody(writing, read_public_keys(home), ())
            writing.run(f"UPDATE custody SET {column} = ? WHERE seq = ?", [was, row.seq])  # noqa: S608
        assert any(fault.seq == row.seq for fault in found), (column, at)
    assert faults(home) == []


def test_a_row_of_the_audit_log_that_was_rewritten_no_longer_fits_its_signature(home: Home) -> None:
    sign_home(home)
    change(home, "UPDATE audit SET hash = ? WHERE seq = 2", "0" * 64)
    assert any("is another or missing" in fault for fault in faults(home))


def test_an_act_that_was_passed_over_is_named(home: Home) -> None:
    """Entries taken out of the end and the rest signed anew by whoever holds the key: the audit log knows better."""
    sign_home(home)
    with Warehouse(home.folder).writer() as writing:
        last = read_custody_end(writing)
        assert last is not None
        writing.run("DELETE FROM custody WHERE seq = ?", [last.seq])
        writing.run("UPDATE custody SET audit_seq = ? WHERE seq = ?", [last.audit_seq, last.seq - 1])
        found = check_custody(writing, read_public_keys(home), ())
    assert any("never signed though later ones were" in fault.cause for fault in found)


def test_without_its_key_a_log_that_has_begun_is_not_carried_on(home: Home) -> None:
    sign_home(home)
    (home.keys / "custody.key").unlink()
    with Warehouse(home.folder).writer() as writing:
        store_nights(
            writing,
            [make_night(run_id="20261122T023000Z-000002", writes=[make_write("later", "One more")])],
            NOW + timedelta(days=1),
        )
    with pytest.raises(ConfigError, match="there is no such file"):
        sign_home(home)
    with Warehouse(home.folder).live_reader() as reading:
        assert len(list(stream_entries(reading))) == POSTS, "nothing was signed by a stranger"


def test_a_key_that_nobody_vouches_for_is_no_signature(home: Home, tmp_path: Path) -> None:
    """The public keys kept elsewhere decide, not those that lie beside the log."""
    sign_home(home)
    elsewhere = tmp_path / "elsewhere.public"
    elsewhere.write_text(show_public(from_secret(bytes(32)).public))
    with Warehouse(home.folder).live_reader() as reading:
        found = check_custody(reading, read_public_keys(home, elsewhere), ())
    assert len(found) >= POSTS and "nobody vouches" in found[0].cause


def test_a_transaction_that_fails_signs_nothing(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), Warehouse(home.folder).writer() as writing:
        assert sign_custody(writing, home) == POSTS
        raise ZeroDivisionError
    assert sign_home(home) == POSTS
    assert faults(home) == []


def test_every_verb_has_an_event_and_reads_back(home: Home) -> None:
    sign_home(home)
    with Warehouse(home.folder).live_reader() as reading:
        end = read_custody_end(reading)
    assert end is not None
    entry = decode_entry(end.body)
    assert not isinstance(entry, str)
    assert entry.event.value == "captured" and entry.role.value == "pipeline"
    from evidence.custody_log import Head

    assert open_custody_key(home, Head(kid=entry.kid)).kid == entry.kid


def one_more(home: Home) -> None:
    with Warehouse(home.folder).writer() as writing:
        store_nights(
            writing,
            [make_night(run_id="20261122T023000Z-000002", writes=[make_write("later", "One more")])],
            NOW + timedelta(days=1),
        )


def cut(home: Home) -> str:
    with Warehouse(home.folder).live_reader() as reading:
        return find_cut(reading, home)


@pytest.mark.parametrize("kept", [0, 3, POSTS - 1])
def test_b11_a_log_that_was_cut_off_or_wiped_is_no_new_beginning(home: Home, kept: int) -> None:
    """B11: how far it was signed is known outside the database too; nothing is signed onto what is left."""
    sign_home(home)
    change(home, "DELETE FROM custody WHERE seq > ?", kept)
    assert f"ends at entry {kept}" in cut(home)
    with pytest.raises(Refused, match="cut off"):
        sign_home(home)
    with Warehouse(home.folder).live_reader() as reading:
        assert len(list(stream_entries(reading))) == kept


def test_a_last_entry_that_is_another_is_not_built_upon(home: Home) -> None:
    sign_home(home)
    change(home, "UPDATE custody SET body = body || 'x'::BLOB WHERE seq = ?", POSTS)
    one_more(home)
    with pytest.raises(Refused, match="another entry"):
        sign_home(home)


def test_a_signing_that_broke_off_is_no_cut_and_the_next_one_goes_on(home: Home) -> None:
    """A kill between the file and the commit: the log ends where it did, which the file allows for."""
    with pytest.raises(ZeroDivisionError), Warehouse(home.folder).writer() as writing:
        sign_custody(writing, home)
        raise ZeroDivisionError
    assert cut(home) == ""
    sign_home(home)
    one_more(home)
    with pytest.raises(ZeroDivisionError), Warehouse(home.folder).writer() as writing:
        assert sign_custody(writing, home) == 1
        raise ZeroDivisionError
    assert cut(home) == "" and sign_home(home) == 1
    ends = read_ends(home)
    assert not isinstance(ends, str) and [end.seq for end in ends] == [POSTS + 1]
    assert faults(home) == []


@pytest.mark.parametrize("text", ["", "9", "1 0\n", f"1 {'0' * 64}\n" * 3, "é"])
def test_a_damaged_end_is_said_and_signs_nothing(home: Home, text: str) -> None:
    sign_home(home)
    (home.keys / END_FILE).write_text(text, encoding="utf-8")
    one_more(home)
    assert END_FILE in cut(home)
    with pytest.raises(Refused):
        sign_home(home)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_public_keys_kept_elsewhere_are_read_as_shells_and_editors_save_them(
    home: Home, tmp_path: Path, encoding: str
) -> None:
    sign_home(home)
    elsewhere = tmp_path / "kept.txt"
    text = (home.keys / "custody.public").read_text().replace("\n", "\r\n")
    elsewhere.write_bytes(text.encode(encoding))
    assert read_public_keys(home, elsewhere) == read_public_keys(home)


@pytest.mark.parametrize(
    "whole", [None, b"", b"\xef\xbb\xbf \n", b"\xff\xfe", b"\xff\xff\xff", b"\x89PNG\r\n\x1a\n\xff"]
)
def test_public_keys_kept_elsewhere_that_say_nothing_are_one_line(
    home: Home, tmp_path: Path, whole: bytes | None
) -> None:
    sign_home(home)
    elsewhere = tmp_path / "kept.txt"
    if whole is not None:
        elsewhere.write_bytes(whole)
    with pytest.raises(ConfigError) as said:
        read_public_keys(home, elsewhere)
    assert "codec" not in str(said.value) and len(str(said.value).splitlines()) == 1
