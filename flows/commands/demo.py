"""`demo`: the real sweep against a small town of real servers on this machine. No shortcut, no internet."""

from __future__ import annotations

import argparse
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.commands.common import home_of, near, say
from flows.commands.nightly import run_flow, say_report
from flows.home import Home, read_home
from flows.local_server import prefect_api
from mentionwatch.errors import ConfigError
from mentionwatch.model import NightReport
from mentionwatch.settings import read_environment

MARKER = ".mentionwatch-demo"


def _fresh_home(folder: Path) -> Home:
    """An empty home; an earlier demo's is removed, anybody else's folder never is."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise ConfigError(
            str(folder), "", "is not empty and no demo made it", "Name another folder with --keep"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARKER).write_text(
        "Made by mentionwatch demo; the next demo replaces this folder.\n", encoding="utf-8"
    )
    return Home(folder)


def _night(number: int, words: str, home: Home, now: datetime) -> NightReport:
    say(f"--- Night {number}: {words}")
    report = run_flow(home, now, [])
    say_report(report)
    say()
    return report


def say_places(home: Home, first: NightReport, last: NightReport) -> None:
    """Where what the demo made is, as it is typed from here."""
    there = near(home.folder)
    say("Where to look:")
    say(f"  the digest      {near(first.digest)}")
    say(f"                  {near(last.digest)}")
    say(f"  the desk        ./run desk --home {there}")
    say("                  (it prints the link to sign in)")
    say(f"  for analysts    {near(home.analysis)}")
    if first.incidents_opened:
        say(f"  an incident     ./run incident show {first.incidents_opened[0]} --home {there}")
    say(f"  every mention   ./run mentions --home {there}")


def demo(arguments: argparse.Namespace) -> int:
    """Three nights in a town that exists only while this runs. 0 when the planted incident was found and kept."""
    from town.home import write_home
    from town.server import Town

    home = _fresh_home(
        Path(arguments.keep).resolve() if arguments.keep else home_of(arguments).folder / "demo"
    )
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    say("A town of small web servers starts on this machine:")
    say("two papers, a blog, a Reddit, a wiki.")
    say("The first start of Prefect takes some ten seconds.")
    say()
    with Town(first) as town:
        write_home(home.folder, town.base)
        read_home(home, read_environment())
        with prefect_api(home.prefect, home.logs / "prefect.log"):
            opened = _night(1, "everything is new; two feeds are broken on purpose", home, first)
            again = _night(
                2, "nothing has changed, so nothing is found twice", home, first + timedelta(days=1)
            )
            town.tell_edit()
            town.tell_deletion()
            last = _night(
                3,
                "one author edited, another deleted; both versions are kept",
                home,
                first + timedelta(days=2),
            )
        pictures = len(town.media_visits())
    say(f"Pictures, fonts and scripts asked for in three nights: {pictures}")
    say()
    say_places(home, opened, last)
    found_twice = sum(run.new for run in again.sources)
    return 0 if opened.incidents_opened and not found_twice and not pictures else 1
