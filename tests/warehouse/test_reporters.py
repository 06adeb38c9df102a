"""Who reported a post is sealed apart, survives every kill, is seen by two roles only, and is forgotten for good."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.errors import ConfigError, Fatal
from tests.warehouse.factory import NOW
from tests.warehouse.reporter_reports import CANARY, P1, P2, P3, found_in, make_report
from warehouse.reporters import ReporterStore
from warehouse.sealed_lines import Sealer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> ReporterStore:
    return ReporterStore(tmp_path)


def test_a_report_comes_back_whole_and_the_same_one_is_stored_once(store: ReporterStore) -> None:
    """L19; C03: time seen and time reported are both kept."""
    report, other = make_report(), make_report(P2, "Ŵan ap Siôn \ud83d", "")
    assert [store.store(one) for one in (report, other, make_report(days=2))] == [True, True, False]
    assert store.read(P1) == (report,)
    (back,) = store.read(P2)
    assert (back.reporter, back.seen_at) == ("Ŵan ap Siôn \ufffd", NOW - timedelta(hours=3))
    assert store.store(other) is False and store.read(P3) == ()
    assert store.names() == (CANARY, back.reporter) or store.names() == (back.reporter, CANARY)
    assert store.store(make_report(reporter="", platform="a wall")) and store.names_by_mention()[P1] == (
        CANARY,
    )
    assert CANARY not in repr(report) and "QuuxleyNet" not in repr(report)


def test_looking_at_a_home_without_reports_makes_nothing(tmp_path: Path, store: ReporterStore) -> None:
    assert (store.read(P1), store.names(), store.forget([P1]), store.keep([])) == ((), (), 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_the_file_shows_no_name_no_mention_no_time_and_not_how_long_a_name_is(
    tmp_path: Path, store: ReporterStore
) -> None:
    """L19, D16."""
    for reporter in ("Al", CANARY, "Somebody with a very long name " * 3):
        store.store(make_report(reporter=reporter))
    lines = store.path.read_bytes().splitlines()
    assert found_in(tmp_path, "Zanzibar", "Quuxley", P1, "2026-11", "20261121") == []
    assert len(lines) == 4 and len({len(line) for line in lines[1:]}) == 1
    key = store.key_path.read_bytes()
    assert len(key) == 32 and key not in store.path.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_file_and_key_are_for_the_schools_account_alone(store: ReporterStore) -> None:
    store.store(make_report())
    store.forget([P1])
    store.store(make_report())
    for path in (store.path, store.key_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store.key_path.chmod(0o640)
    with pytest.raises(ConfigError, match=r"other users of this machine can read it\. Run: chmod 600"):
        store.read(P1)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (b"", "holds 0 bytes, not 32"),
        (b"k" * 33, "holds 33 bytes, not 32"),
        (b"k" * 32, "is not the key of"),
        (None, "there is no such file"),
    ],
)
def test_a_wrong_key_is_refused_in_one_line_and_nothing_is_begun_anew(
    store: ReporterStore, key: bytes | None, said: str
) -> None:
    store.store(make_report())
    before = store.path.read_bytes()
    if key is None:
        store.key_path.unlink()
    else:
        store.key_path.write_bytes(key)
    for use in (
        lambda: store.read(P1),
        store.names,
        lambda: store.forget([P1]),
        lambda: store.store(make_report(P2)),
    ):
        with pytest.raises(ConfigError, match=said) as refused:
            use()
        assert "\n" not in str(refused.value) and CANARY not in str(refused.value)
    assert store.path.read_bytes() == before and store.key_path.exists() is (key is not None)


def _swap_tags(lines: list[bytes]) -> list[bytes]:
    (first, one), (second, two) = lines[1].split(b" "), lines[2].split(b" ")
    return [lines[0], b" ".join((second, one)), b" ".join((first, two)), *lines[3:]]


@pytest.mark.parametrize("id_", [P1, P3])
@pytest.mark.parametrize(
    "change",
    [
        _swap_tags,
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [*lines, lines[1]],
        lambda lines: [lines[0], b"", *lines[1:]],
        lambda lines: [*lines[:2], b"no report at all", *lines[2:]],
    ],
)
def test_lines_that_were_swapped_moved_taken_out_or_added_are_noticed_whoever_is_asked_for(
    store: ReporterStore, id_: str, change: object
) -> None:
    """L19: nobody's name can be put under another post."""
    for each in (P1, P2, P3):
        store.store(make_report(each, f"{CANARY} {each[:4]}"))
    assert callable(change)
    store.path.write_bytes(b"\n".join([*change(store.path.read_bytes().splitlines()), b""]))
    with pytest.raises(Fatal, match=r"sealed: line \d was changed or moved") as refused:
        store.read(id_)
    assert "\n" not in str(refused.value) and CANARY not in str(refused.value)
    with pytest.raises(Fatal):
        store.store(make_report())


def test_every_changed_byte_of_a_record_is_noticed(store: ReporterStore) -> None:
    store.store(make_report())
    whole = store.path.read_bytes()
    for place in range(len(whole) - 1):
        store.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises((Fatal, ConfigError)):
            store.read(P1)
    store.path.write_bytes(whole)
    assert store.read(P1)


@given(st.text(), st.text(), st.text())
def test_any_text_is_sealed_and_opened_under_its_own_key_only(id_: str, reporter: str, platform: str) -> None:
    ours, theirs = Sealer(b"a" * 32), Sealer(b"b" * 32)
    report = make_report(id_, reporter, platform)
    line = ours.seal(report, 2)
    assert line.count(b"\n") == 1 and ours.open(line[:-1], "sealed", 2) == report
    assert ours.seal(report, 2) != line and ours.tag(id_) != theirs.tag(id_)
    for sealer, number in ((theirs, 2), (ours, 3)):
        with pytest.raises(Fatal):
            sealer.open(line[:-1], "sealed", number)


# --- kills ------------------------------------------------------------------------------------------


def _do_until(home: Path, deed: str, step: int) -> None:
    """In a process of its own: do the deed, and die at that call into the system."""
    left = step

    def counted(name: str) -> None:
        real = getattr(os, name)

        def call(*values: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    real(values[0], values[1][: len(values[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*values, **named)

        setattr(os, name, call)

    for name in ("open", "write", "fsync", "replace", "unlink", "mkdir", "close"):
        counted(name)
    store = ReporterStore(home)
    if deed == "store":
        store.store(make_report(P1))
        store.store(make_report(P2))
    else:
        store.forget([P1, P3])


def _killed_at(home: Path, deed: str, step: int) -> bool:
    """False: it was over before."""
    done = multiprocessing.get_context("fork").Process(target=_do_until, args=(home, deed, step))
    done.start()
    done.join()
    assert done.exitcode in (0, -9)
    return done.exitcode != 0


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_a_kill_at_any_step_of_forgetting_leaves_a_pair_that_opens_with_all_or_with_the_kept(
    tmp_path: Path,
) -> None:
    """L19, D16: nobody else's report is lost, and what is forgotten stays forgotten."""
    outcomes: list[bool] = []
    while True:
        home = tmp_path / str(len(outcomes))
        store = ReporterStore(home)
        for id_ in (P1, P2, P3):
            store.store(make_report(id_, f"{CANARY} {id_}"))
        old_key, old = store.key_path.read_bytes(), store.path.read_bytes()
        if not _killed_at(home, "forget", len(outcomes) + 1):
            break
        left = set(store.names_by_mention())
        assert left in ({P1, P2, P3}, {P2}), len(outcomes)
        outcomes.append(left == {P2})
        if left == {P2}:
            assert old_key not in [path.read_bytes() for path in home.rglob("*") if path.is_file()]
        assert store.forget([P1, P3]) == (0 if left == {P2} else 2)
        assert store.store(make_report(P3, "back again")) and set(store.names_by_mention()) == {P2, P3}
        assert {path.name for path in home.rglob("*") if path.is_file()} == {
            "sealed",
            ".lock",
            "reporters.key",
        }
        assert store.key_path.read_bytes() != old_key
        assert not set(old.splitlines()) & set(store.path.read_bytes().splitlines())
    assert outcomes == sorted(outcomes) and len(outcomes) >= 12 and True in outcomes and False in outcomes


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_a_kill_at_any_step_of_storing_loses_no_acknowledged_report_and_the_next_one_is_stored(
    tmp_path: Path,
) -> None:
    step = 1
    while _killed_at(tmp_path / str(step), "store", step):
        store = ReporterStore(tmp_path / str(step))
        there = store.names_by_mention().keys()
        assert there in (set(), {P1}, {P1, P2})
        store.store(make_report(P1))
        assert store.store(make_report(P3))
        assert store.names_by_mention().keys() == there | {P1, P3}
        step += 1
    assert step > 15


def test_a_last_line_torn_anywhere_is_repaired_without_losing_an_earlier_one(store: ReporterStore) -> None:
    store.store(make_report())
    first = store.path.read_bytes()
    store.store(make_report(P2))
    second = store.path.read_bytes()
    for cut in range(len(first), len(second), 37):
        store.path.write_bytes(second[:cut])
        assert store.names_by_mention().keys() == {P1}
        assert store.store(make_report(P3)) and store.names_by_mention().keys() == {P1, P3}
        store.path.write_bytes(second[:cut])


APPENDING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.warehouse.test_reporters import make_report
from warehouse.reporters import ReporterStore
for number in range(25):
    ReporterStore(Path(sys.argv[2])).store(make_report(f"{sys.argv[3]}-{number}"))
    ReporterStore(Path(sys.argv[2])).forget([f"{sys.argv[3]}-{number - 1}"] if number % 5 == 0 else [])
"""


def test_programs_at_once_neither_lose_nor_spoil_each_others_reports(tmp_path: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", APPENDING, str(ROOT), str(tmp_path), name]) for name in "abc"
    ]
    assert [program.wait() for program in programs] == [0, 0, 0]
    there = {f"{name}-{number}" for name in "abc" for number in range(25) if (number + 1) % 5 or number == 24}
    assert ReporterStore(tmp_path).names_by_mention().keys() == there
