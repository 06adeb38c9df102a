"""Ten thousand random byte changes over all that evidence rests on: each is found, and the right thing is named (issue 5)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.checkpoint import check_checkpoints
from evidence.custody_check import check_log
from evidence.custody_log import SealedEntry
from evidence.stamp import StampFault, check_stamp
from flows.checkpoints import find_wrong_trees, make_checkpoint, to_checkpoint
from flows.custody_public import read_public_keys
from flows.home import Home
from mentionwatch.ids import digest
from tests.evidence.time_stamper import make_authority, serving
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.custody_rows import read_checkpoints, stream_entries
from warehouse.objects import open_object
from warehouse.sealing import SealBroken
from warehouse.store import store_nights
from warehouse.words import open_words

POSTS = 12
Changed = Callable[[random.Random], str]
"""Makes one change and says what was not found, or named wrongly; empty when all is well."""


def spoil(dice: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("home")
    writes = [
        make_write(f"p{at}", f"Words about the gate, number {at}", raw=f"raw bytes of {at}".encode() * 40)
        for at in range(POSTS)
    ]
    with Warehouse(folder).writer() as writing:
        store_nights(writing, [make_night(writes=writes)], NOW)
    with Warehouse(folder).writer() as writing:
        assert make_checkpoint(writing, Home(folder), NOW) is not None
    return Home(folder)


@pytest.mark.slow
def test_ten_thousand_changed_bytes_are_found_and_named(home: Home, tmp_path: Path) -> None:
    dice = random.Random(10_000)
    with Warehouse(home.folder).live_reader() as reading:
        objects = reading.rows("SELECT sha256, kind, media_type, size, sealed, key_id FROM objects")
        words = reading.rows("SELECT mention_id, revision, sealed, key_id FROM revisions")
        keys = reading.keys.find([row[5] for row in objects])
        rows = [SealedEntry(row.seq, row.body, row.sha256, row.signature) for row in stream_entries(reading)]
        stored = read_checkpoints(reading)
        series = [to_checkpoint(row) for row in stored]
        public = read_public_keys(home)

        def change_object(dice: random.Random) -> str:
            sha256, kind, media, size, sealed, number = dice.choice(objects)
            try:
                open_object(keys[number], spoil(dice, bytes(sealed)), sha256, kind, media, size)
            except ValueError:
                return ""
            return f"object {sha256}"

        def change_words(dice: random.Random) -> str:
            id_, revision, sealed, number = dice.choice(words)
            (found,) = open_words(reading.keys, [(id_, revision, spoil(dice, bytes(sealed)), number)])
            return "" if isinstance(found, SealBroken) else f"words of {id_}"

        def change_entry(dice: random.Random) -> str:
            at = dice.randrange(len(rows))
            field = dice.choice(("body", "signature"))
            changed = replace(rows[at], **{field: spoil(dice, getattr(rows[at], field))})  # type: ignore[arg-type]
            found = check_log([*rows[:at], changed, *rows[at + 1 :]], public)
            return "" if any(fault.seq == rows[at].seq for fault in found) else f"entry {rows[at].seq}"

        def change_checkpoint(dice: random.Random) -> str:
            one = series[0]
            field = dice.choice(("root", "signature", "prev_root", "peaks"))
            if field == "peaks":
                kept = replace(stored[0], peaks=spoil(dice, stored[0].peaks or b""))
                return "" if [fault.number for fault in find_wrong_trees([kept])] == [1] else "tree"
            changed = replace(one, **{field: spoil(dice, getattr(one, field))})  # type: ignore[arg-type]
            found = check_checkpoints([changed], public)
            return "" if found and found[0].number == 1 else f"checkpoint {field}"

        authority = make_authority(tmp_path / "authority", "Stamp")
        with serving(authority) as served:
            from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

            query = TimestampRequestBuilder(series[0].sealed, HashAlgorithm.SHA256).build()
            token = authority.answer(query.as_bytes())
            stamper = served.stamper

        def change_token(dice: random.Random) -> str:
            seen = check_stamp(
                spoil(dice, token), series[0].digest, stamper, token_sha256=digest(token), openssl=""
            )
            return "" if isinstance(seen, StampFault) else "token"

        plan: tuple[tuple[int, Changed], ...] = (
            (4_000, change_object),
            (2_500, change_words),
            (1_500, change_entry),
            (1_000, change_checkpoint),
            (1_000, change_token),
        )
        missed = [told for times, change in plan for _ in range(times) if (told := change(dice))]
    assert sum(times for times, _ in plan) == 10_000
    assert missed == []
