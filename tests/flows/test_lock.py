"""One sweep at a time, and analysts are never in its way nor it in theirs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.flows.nights import ROOT, clean_environment, cli, differences, holdings
from tests.flows.plain import sweep_plainly
from town.home import write_home
from town.server import Town, Trouble

READER = """
import json, sys, threading, time
import duckdb
path, stop = sys.argv[1], threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
counts, errors, longest = [], [], 0.0
print("reading", flush=True)
while not stop.is_set():
    began = time.monotonic()
    try:
        with duckdb.connect(path, read_only=True) as connection:
            count, = connection.execute("SELECT count(*) FROM mentions").fetchone()
            runs, = connection.execute("SELECT count(*) FROM runs").fetchone()
        counts.append([count, runs])
    except duckdb.Error as error:
        errors.append(f"{type(error).__name__}: {error}")
    longest = max(longest, time.monotonic() - began)
print(json.dumps({"counts": counts, "errors": errors, "longest": longest}), flush=True)
"""


@pytest.mark.alone
@pytest.mark.slow
def test_an_analyst_in_another_process_is_answered_all_through_the_nights(
    tmp_path: Path, now: datetime
) -> None:
    home = tmp_path / "home"
    with Town(now) as town:
        write_home(home, town.base)
        sweep_plainly(home, now)
        with subprocess.Popen(
            [sys.executable, "-c", READER, str(home / "analysis.duckdb")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean_environment(),
            cwd=ROOT,
        ) as reader:
            assert reader.stdin is not None and reader.stdout is not None
            assert reader.stdout.readline() == "reading\n"
            for night, tell in enumerate((town.tell_edit, town.tell_late_news, town.tell_deletion), start=1):
                tell()
                sweep_plainly(home, now + night * timedelta(days=1))
            reader.stdin.close()
            found = json.loads(reader.stdout.readline())
    assert found["errors"] == []
    assert len(found["counts"]) > 20, "the analyst hardly had a turn"
    assert found["counts"] == sorted(found["counts"]), "an older copy came back"
    assert found["counts"][0][1] >= 1
    assert found["longest"] < 20


@pytest.mark.slow
def test_a_notebook_left_open_on_the_copy_does_not_stop_the_night(tmp_path: Path, now: datetime) -> None:
    import duckdb

    home = tmp_path / "home"
    with Town(now) as town:
        write_home(home, town.base)
        sweep_plainly(home, now)
        with duckdb.connect(str(home / "analysis.duckdb"), read_only=True) as notebook:
            before = notebook.execute("SELECT count(*) FROM runs").fetchall()
            sweep_plainly(home, now + timedelta(days=1))
            assert notebook.execute("SELECT count(*) FROM runs").fetchall() == before
    with duckdb.connect(str(home / "analysis.duckdb"), read_only=True) as notebook:
        assert notebook.execute("SELECT count(*) FROM runs").fetchall() == [(before[0][0] + 1,)]


@pytest.mark.slow
@pytest.mark.prefect
def test_a_second_sweep_at_once_exits_4_and_the_first_goes_on_undisturbed(
    tmp_path: Path, now: datetime
) -> None:
    home, wanted = tmp_path / "home", tmp_path / "wanted"
    with Town(now, slow_s=12) as town:
        write_home(home, town.base)
        town.break_path("/paper/feed.xml", Trouble.SLOW)
        command = cli("sweep", "--home", str(home), "--now", now.isoformat(), "--json")
        with subprocess.Popen(
            command, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as first:
            until = time.monotonic() + 300
            while not town.visits() and first.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            second = subprocess.run(command, env=clean_environment(), capture_output=True, text=True)
            assert first.poll() is None, "the first was over before the second began"
            out, error = first.communicate(timeout=300)
        assert second.returncode == 4
        assert second.stdout == ""
        assert second.stderr.count("\n") == 1 and "another sweep" in second.stderr
        assert first.returncode == 3, error
        assert json.loads(out.splitlines()[-1])["counts"]["collected"] > 0
        town.mend()
        write_home(wanted, town.base)
        sweep_plainly(wanted, now)
    assert differences(holdings(home), holdings(wanted)) == {}
