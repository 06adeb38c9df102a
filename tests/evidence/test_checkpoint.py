"""Checkpoints cannot be changed, and a line sent off in time finds what the holder of the key cut off later."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.checkpoint import (
    Checkpoint,
    check_checkpoints,
    compare_witnesses,
    read_witnesses,
    seal_checkpoint,
    witness_of,
    write_witness,
)
from evidence.custody_check import check_log
from evidence.custody_log import find_head, seal_entries
from evidence.merkle import Frontier, hash_leaf
from mentionwatch.errors import Refused
from tests.evidence.custody_values import FOREIGN, KEY, LOG, NOW, PUBLIC, draft


def tree_of(size: int) -> Frontier:
    return Frontier().grow(hash_leaf(row.body) for row in LOG[:size])


def make_series(*sizes: int) -> list[Checkpoint]:
    series: list[Checkpoint] = []
    for number, size in enumerate(sizes):
        at = NOW + timedelta(hours=number)
        one = seal_checkpoint(series[-1] if series else None, tree_of(size), KEY, at)
        assert one is not None
        series.append(one)
    return series


SERIES = make_series(5, 6, 30, 60)


def test_a_series_counts_every_entry_once_and_checks() -> None:
    assert [(one.first_seq, one.last_seq) for one in SERIES] == [(1, 5), (6, 6), (7, 30), (31, 60)]
    assert check_checkpoints(SERIES, PUBLIC) == []
    assert check_log(LOG, PUBLIC, [one.anchor for one in SERIES]) == []
    assert check_checkpoints([], PUBLIC) == []


def test_without_news_there_is_no_checkpoint_and_a_shorter_log_is_refused() -> None:
    assert seal_checkpoint(SERIES[-1], tree_of(60), KEY, NOW) is None
    assert seal_checkpoint(None, Frontier(), KEY, NOW) is None
    with pytest.raises(Refused, match="59 entries, its last checkpoint counted 60"):
        seal_checkpoint(SERIES[-1], tree_of(59), KEY, NOW)


def change(one: Checkpoint, name: str, value: Any) -> Checkpoint:
    return replace(one, **{name: value})


def test_300_random_changes_are_found_at_the_right_checkpoint() -> None:
    dice = random.Random(6962)
    for _ in range(300):
        at = dice.randrange(len(SERIES))
        one, series = SERIES[at], list(SERIES)
        name = dice.choice(
            ["tree_size", "root", "first_seq", "last_seq", "prev_root", "at", "kid", "signature"]
        )
        value = getattr(one, name)
        if isinstance(value, bytes):
            changed = bytearray(value)
            changed[dice.randrange(len(changed))] ^= dice.randrange(1, 256)
            series[at] = change(one, name, bytes(changed))
        elif isinstance(value, int):
            series[at] = change(one, name, value ^ 1 << dice.randrange(63))
        elif isinstance(value, str):
            series[at] = replace(one, kid=FOREIGN.kid)
        else:
            series[at] = replace(one, at=one.at + timedelta(microseconds=dice.randrange(1, 10**12)))
        assert [fault.number for fault in check_checkpoints(series, PUBLIC)] == [at + 1], name


def test_one_taken_out_or_moved_is_found() -> None:
    for at in range(3):
        gone = SERIES[:at] + SERIES[at + 1 :]
        assert [fault.number for fault in check_checkpoints(gone, PUBLIC)] == [at + 1]
    assert check_checkpoints([SERIES[1], SERIES[0], *SERIES[2:]], PUBLIC) != []
    assert check_checkpoints([*SERIES[:2], SERIES[1], *SERIES[2:]], PUBLIC) != []


def test_a_checkpoint_of_another_key_or_that_counts_wrongly_is_none() -> None:
    forged = seal_checkpoint(SERIES[1], tree_of(30), FOREIGN, NOW)
    assert forged is not None
    assert [one.number for one in check_checkpoints([*SERIES[:2], forged], PUBLIC)] == [3]
    bare = replace(SERIES[0], first_seq=0, signature=b"")
    signed = replace(bare, signature=KEY.sign(bare.body))
    assert [one.cause for one in check_checkpoints([signed], PUBLIC)] == ["counts its entries wrongly"]
    bare = replace(SERIES[2], first_seq=8, signature=b"")
    signed = replace(bare, signature=KEY.sign(bare.body))
    assert [one.number for one in check_checkpoints([*SERIES[:2], signed, SERIES[3]], PUBLIC)] == [3]


def test_what_is_stamped_covers_the_signature_too() -> None:
    one = SERIES[0]
    assert one.sealed == one.body + one.signature
    assert replace(one, signature=b"\x00" * 64).digest != one.digest
    assert replace(one, tree_size=6).digest != one.digest


def test_a_witness_line_survives_the_post_and_finds_a_cut_tail() -> None:
    """The holder of the key cuts the log, seals a new series, and everything here checks: only the mail tells."""
    lines = [write_witness(witness_of("llanbedrog", one)) for one in SERIES]
    assert all(line.isascii() and "\n" not in line and len(line) <= 250 for line in lines)
    mail = (
        "Dear Chair,\r\n\r\n> "
        + "\r\n> ".join(line.replace(" ", "\r\n> ", 3) for line in lines)
        + "\r\n-- \r\nThe school"
    )
    found, damaged = read_witnesses(mail)
    assert damaged == []
    assert found == [witness_of("llanbedrog", one) for one in SERIES]
    assert compare_witnesses(found, SERIES, "llanbedrog") == []
    assert check_log(LOG, PUBLIC, [line.anchor for line in found]) == []

    rows = LOG[:40]
    rows += seal_entries(find_head(rows[-1]), KEY, [draft(number, after_ok=False) for number in range(30)])
    anew = Frontier().grow(hash_leaf(row.body) for row in rows)
    last = seal_checkpoint(SERIES[2], anew, KEY, NOW + timedelta(hours=4))
    assert last is not None
    series = [*SERIES[:3], last]
    assert check_checkpoints(series, PUBLIC) == []
    assert check_log(rows, PUBLIC, [one.anchor for one in series]) == []
    (fault,) = check_log(rows, PUBLIC, [line.anchor for line in found])
    assert (fault.seq, "up to 60" in fault.cause) == (31, True)
    (trouble,) = compare_witnesses(found, series, "llanbedrog")
    assert "60 entries" in trouble
    (cut,) = check_log(LOG[:40], PUBLIC, [line.anchor for line in found])
    assert cut.seq == 41


@given(st.integers(0, 3), st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_witness_line_accuses_nobody(at: int, draw: st.DataObject) -> None:
    line = write_witness(witness_of("llanbedrog", SERIES[at]))
    place = draw.draw(st.integers(23, len(line) - 1))
    sign = draw.draw(st.sampled_from("0123456789abcdefZ-x"))
    changed = line[:place] + sign + line[place + 1 :]
    found, damaged = read_witnesses(changed)
    if changed != line:
        assert found == []
        assert len(damaged) == 1


def test_lines_of_another_school_are_told_apart() -> None:
    (trouble,) = compare_witnesses([witness_of("caldecote", SERIES[0])], SERIES, "llanbedrog")
    assert "another school: caldecote" in trouble
    with pytest.raises(Refused):
        witness_of("Ysgol Llanbedrog", SERIES[0])
    assert read_witnesses("nothing of the kind") == ([], [])
