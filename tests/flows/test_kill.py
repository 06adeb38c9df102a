"""Killed at any point, the next night loses nothing and doubles nothing (reliability goal; README of the contract)."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.flows.nights import Kill, NightEnded, Nursery, clean_environment, cli, differences, holdings
from town.home import write_home
from town.server import Town

PHASES = (
    "looking",
    "looked",
    "opening",
    "writing",
    "committing",
    "committed",
    "publishing",
    "published",
    "digesting",
)
FIRST_NIGHTS, CHANGING_NIGHTS, LANES = 36, 18, 2
LEAST_KILLED, MOST_EXTRA = 50, 30
LATER = timedelta(minutes=20)
DAY = timedelta(days=1)


def _plan(marks: tuple[tuple[str, float], ...], number: int, dice: random.Random) -> Kill:
    """The phases in turn; a random time in each, and a random moment between that mark and the next."""
    phase = PHASES[number % len(PHASES)]
    places = [place for place, (word, _) in enumerate(marks) if word.split()[0] == phase]
    count = dice.randrange(len(places))
    at = places[count]
    return Kill(phase, count + 1, dice.random() * max(0.0, marks[at + 1][1] - marks[at][1]))


def _published_count(home: Path) -> int | None:
    import duckdb

    path = home / "analysis.duckdb"
    if not path.exists():
        return None
    with duckdb.connect(str(path), read_only=True) as connection:
        return int(connection.execute("SELECT count(*) FROM mentions").fetchall()[0][0])


def _is_whole(home: Path) -> None:
    """Chains and evidence verify, and the published copy holds every mention."""
    from warehouse.connection import Warehouse
    from warehouse.verify import verify_evidence

    with Warehouse(home).live_reader() as reading:
        checked = verify_evidence(reading)
    assert checked.objects and checked.findings == ()
    assert _published_count(home) == sum(holdings(home)["mentions"].values())


class _Lane:
    """One town, one nursery, and the undisturbed nights to compare with."""

    def __init__(self, folder: Path, town: Town, nursery: Nursery, now: datetime) -> None:
        self.folder, self.town, self.nursery, self.now = folder, town, nursery, now
        self.first = self.fresh("first")
        self.first_marks = self._undisturbed(self.first, now)
        self.first_holdings = holdings(self.first)
        second = self.copy_of(self.first, "second")
        self._tell()
        self.second_marks = self._undisturbed(second, now + DAY)
        self.second_holdings = holdings(second)
        self._untell()

    def fresh(self, name: str) -> Path:
        home = self.folder / name
        write_home(home, self.town.base)
        return home

    def copy_of(self, home: Path, name: str) -> Path:
        return Path(shutil.copytree(home, self.folder / name))

    def _undisturbed(self, home: Path, now: datetime) -> tuple[tuple[str, float], ...]:
        ended = self.nursery.run(home, now)
        assert ended.code == 0
        return ended.marks

    def _tell(self) -> None:
        self.town.tell_edit()
        self.town.tell_deletion()

    def _untell(self) -> None:
        self.town.stage.has_edits = self.town.stage.has_deletions = False

    def kill_first_night(self, number: int) -> NightEnded:
        """A first night is killed; the next one must find what an undisturbed one finds."""
        dice = random.Random(f"first {number}")
        home = self.fresh(f"killed-{number}")
        killed = self.nursery.run(home, self.now, _plan(self.first_marks, number, dice))
        _published_count(home)
        assert self.nursery.run(home, self.now + LATER).code == 0
        assert differences(holdings(home), self.first_holdings) == {}, (number, killed.phase)
        _is_whole(home)
        shutil.rmtree(home)
        return killed

    def kill_changing_night(self, number: int) -> NightEnded:
        """While a later night runs, posts are edited and deleted; then it is killed."""
        dice = random.Random(f"changing {number}")
        home = self.copy_of(self.first, f"changing-{number}")
        kill = _plan(self.second_marks, number, dice)
        change = threading.Timer(dice.random() * self.second_marks[-1][1], self._tell)
        change.start()
        try:
            killed = self.nursery.run(home, self.now + DAY, kill)
        finally:
            change.join()
        assert _published_count(home)
        assert self.nursery.run(home, self.now + DAY + LATER).code == 0
        assert differences(holdings(home), self.second_holdings) == {}, (number, killed.phase)
        _is_whole(home)
        self._untell()
        shutil.rmtree(home)
        return killed


def _run_lane(number: int, folder: Path, now: datetime) -> list[NightEnded]:
    lane_folder = folder / f"lane-{number}"
    lane_folder.mkdir()
    with Town(now) as town, Nursery() as nursery:
        lane = _Lane(lane_folder, town, nursery, now)
        ended = [lane.kill_first_night(each) for each in range(number, FIRST_NIGHTS, LANES)] + [
            lane.kill_changing_night(each) for each in range(number, CHANGING_NIGHTS, LANES)
        ]
        # On a busy machine a night may be over before its kill comes: it proves nothing, so another is tried.
        for extra in range(FIRST_NIGHTS + number, FIRST_NIGHTS + MOST_EXTRA, LANES):
            if sum(each.killed for each in ended) * LANES >= LEAST_KILLED:
                break
            ended.append(lane.kill_first_night(extra))
        return ended


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks the nights to be killed")
def test_fifty_kills_at_random_points_lose_nothing_and_double_nothing(tmp_path: Path, now: datetime) -> None:
    with ThreadPoolExecutor(LANES) as pool:
        lanes = pool.map(_run_lane, range(LANES), [tmp_path] * LANES, [now] * LANES)
        ended = [each for lane in lanes for each in lane]
    killed = [each for each in ended if each.killed]
    assert len(killed) >= LEAST_KILLED, "too many nights were over before the kill came"
    phases = Counter(each.phase for each in killed)
    sys.stdout.write(f"{len(killed)} killed: {dict(phases)}\n")
    assert min(phases[phase] for phase in PHASES) >= 3, phases


def _processes_of(home: Path) -> list[str]:
    """Command lines of living processes that were started with this home's Prefect folder."""
    sign = f"PREFECT_HOME={home / 'prefect'}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if sign in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [line for line in found if line]


def _wait_for_none(home: Path, seconds: float) -> list[str]:
    until = time.monotonic() + seconds
    while (left := _processes_of(home)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


@pytest.fixture
def told_town(now: datetime) -> Iterator[Town]:
    with Town(now) as town:
        yield town


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc to find what was left behind")
def test_kills_of_the_command_itself_leave_no_server_behind_and_lose_nothing(
    tmp_path: Path, now: datetime, told_town: Town
) -> None:
    home, wanted = tmp_path / "home", tmp_path / "wanted"
    write_home(home, told_town.base)
    write_home(wanted, told_town.base)
    with Nursery() as nursery:
        assert nursery.run(wanted, now).code == 0
    command = cli("sweep", "--home", str(home), "--now", now.isoformat(), "--json")
    moments: tuple[Callable[[], bool], ...] = (
        lambda: bool(_processes_of(home)),
        lambda: bool(told_town.visits()),
        lambda: len(told_town.visits()) > 20,
        lambda: (home / "analysis.duckdb").exists(),
    )
    for is_time in moments:
        told_town.forget_visits()
        with (tmp_path / "output").open("ab") as sink:
            process = subprocess.Popen(command, env=clean_environment(), stdout=sink, stderr=sink)
        until = time.monotonic() + 300
        while not is_time() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert process.poll() is None, "it was over before the kill"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert _wait_for_none(home, 90) == []
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert differences(holdings(home), holdings(wanted)) == {}
    assert _wait_for_none(home, 90) == []
