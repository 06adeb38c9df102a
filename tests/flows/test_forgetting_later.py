"""What a deletion leaves to be written anew is done beside the desk, once for many, and by whoever comes next after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta

import pytest

from flows.forgetting_later import Forgetter
from flows.home import Home, read_school
from flows.not_ours import NotOursAsked, judge_not_ours
from flows.records import finish_forgetting, forgetting_since, is_forgetting_due
from mentionwatch.errors import Retriable
from mentionwatch.labels import Role
from tests.flows.nights import clean_environment
from tests.flows.test_not_ours import CANARY, ID, OTHER, REASON, look, published, residue, sealed_bytes
from tests.flows.test_not_ours import desk as desk
from tests.flows.test_not_ours import template as template
from tests.incidents.homes import Desk
from tests.warehouse.factory import NOW
from warehouse.connection import Warehouse
from warehouse.keyring import KeyDestroyed
from warehouse.verify import verify_evidence
from warehouse.words import open_words

PUT_OFF = """
import os, signal, sys, time
from datetime import datetime, timedelta
from pathlib import Path
import warehouse.connection, warehouse.rewrite, flows.not_ours, flows.records, warehouse.keyring
from flows.forgetting_later import Forgetter
from flows.home import Home, read_school
from mentionwatch.labels import Role
point, folder, id_, reason = sys.argv[1:]
def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)
home = Home(Path(folder))
school, pack = read_school(home)
later = Forgetter(home, print, quiet_s=0.05)
if point == "before its keys": warehouse.keyring.Keyring.destroy = die
if point == "before its exhibits": flows.records._remove_files = die
now = datetime.fromisoformat("2026-11-21T12:00:00+00:00")
asked = flows.not_ours.NotOursAsked(id_, Role.HEAD, reason)
flows.not_ours.judge_not_ours(home, asked, "h", now, school.profile, pack.version, put_off=later.ask)
if point == "when it is answered": die()
if point == "before the keys of all": warehouse.keyring.begin = die
if point == "before the file is put in place": warehouse.rewrite.replace_file = die
if point == "before publishing": flows.records.publish = die
if point == "before the digests": flows.records._write_digests = die
later.start()
time.sleep(60)
"""
PUT_OFF_POINTS = (
    "before its keys", "before its exhibits", "when it is answered", "before the keys of all", "before the file is put in place",
    "before publishing", "before the digests",
)  # fmt: skip


POINTS_BEFORE_AN_ANSWER = ("before its keys", "before its exhibits")


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
@pytest.mark.parametrize("point", PUT_OFF_POINTS)
def test_a_kill_of_a_desk_that_answered_first_is_finished_by_its_next_start(desk: Desk, point: str) -> None:
    """L02: once it was answered nothing opens any more; whenever the rest was cut short, the next desk does it at once."""
    bodies, exhibit = sealed_bytes(desk), desk.folder / "exhibits" / f"{ID}-covered.zip"
    exhibit.parent.mkdir(exist_ok=True)
    exhibit.write_bytes(b"made from it")
    with Warehouse(desk.folder).live_reader() as reading:
        sealed = reading.rows(
            "SELECT mention_id, revision, sealed, key_id FROM revisions WHERE mention_id = ?", [ID]
        )
    ended = subprocess.run(
        [sys.executable, "-c", PUT_OFF, point, str(desk.folder), ID, REASON], env=clean_environment()
    )
    assert ended.returncode == -signal.SIGKILL
    with Warehouse(desk.folder).live_reader() as reading:
        (words,) = open_words(reading.keys, [(row[0], row[1], row[2], row[3]) for row in sealed])
    if point not in POINTS_BEFORE_AN_ANSWER:
        assert isinstance(words, KeyDestroyed) and not exhibit.exists()
    assert is_forgetting_due(Home(desk.folder))
    faults = list[Exception]()
    later = Forgetter(Home(desk.folder), faults.append)
    later.start()
    later.stop()
    assert faults == [] and not is_forgetting_due(Home(desk.folder))
    files = [path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()]
    assert not any(body in file for body in bodies for file in files) and not exhibit.exists()
    assert residue(desk.folder, "their-cup") == [] and residue(desk.folder, CANARY) == []
    assert published(desk) == [OTHER] and len(look(desk, "FROM not_ours")) == 1
    with Warehouse(desk.folder).live_reader() as reading:
        assert verify_evidence(reading).findings == ()


def test_posts_thrown_away_one_after_the_other_are_one_rewriting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits at the button, and ten posts do not cost ten rewritings; a night that writes is waited for."""
    from flows import forgetting_later

    home, runs, faults = Home(desk.folder), list[bool](), list[Exception]()
    school, pack = read_school(home)

    def finish(home: Home) -> bool:
        runs.append(finish_forgetting(home))
        if len(runs) == 2:
            raise Retriable("a night writes")
        return runs[-1]

    monkeypatch.setattr(forgetting_later, "finish_forgetting", finish)
    monkeypatch.setattr(forgetting_later, "_RETRY_S", 0.01)
    later = Forgetter(home, faults.append, quiet_s=1.0)
    inode = (desk.folder / "warehouse.duckdb").stat().st_ino
    later.start()
    while not runs:
        time.sleep(0.01)
    for id_ in (ID, OTHER):
        judge_not_ours(
            home, NotOursAsked(id_, Role.HEAD, REASON), "h", NOW, school.profile, pack.version, put_off=later.ask
        )  # fmt: skip
    assert (desk.folder / "warehouse.duckdb").stat().st_ino == inode, "nobody waited for a new file"
    until = time.monotonic() + 60
    while len(runs) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    later.stop()
    assert runs == [False, True, False] and [str(fault) for fault in faults] == ["a night writes"]
    assert (desk.folder / "warehouse.duckdb").stat().st_ino != inode
    assert published(desk) == []


def test_a_deletion_that_is_never_finished_is_said_by_status(desk: Desk) -> None:
    """L02: after a night, each of which finishes what is due, a monitor hears of it; the same morning it does not."""
    home = Home(desk.folder)
    asked = NotOursAsked(ID, Role.HEAD, REASON)
    school, pack = read_school(home)
    judge_not_ours(home, asked, "h", NOW, school.profile, pack.version, put_off=lambda: None)
    assert forgetting_since(home) == NOW

    def told(now: datetime) -> list[str]:
        row = desk.run("status", "--json", "--now", now.isoformat()).row
        return [trouble for trouble in row["troubles"] if "deletion" in trouble]

    assert told(NOW + timedelta(hours=5)) == []
    (trouble,) = told(NOW + timedelta(hours=40))
    assert trouble.startswith("the deletion of 2026-11-21T")
    assert "run: mentionwatch sweep" in trouble
    finish_forgetting(home)
    assert forgetting_since(home) is None
    assert told(NOW + timedelta(hours=40)) == []
