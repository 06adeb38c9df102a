"""What every command shares: its home, its clock, and how it prints."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from flows.home import Home, find_home
from mentionwatch.errors import ConfigError
from mentionwatch.settings import read_environment


def home_of(arguments: argparse.Namespace) -> Home:
    """The home the command is about; it need not exist yet."""
    return find_home(arguments.home, read_environment())


def existing_home(arguments: argparse.Namespace) -> Home:
    """The home the command is about; exit 2 when nobody has set it up."""
    home = home_of(arguments)
    if not home.school_file.exists():
        raise ConfigError(
            str(home.school_file),
            "",
            "there is no such file",
            f"Run: mentionwatch init --home {home.folder} --name NAME --pack PACK",
        )
    return home


def clock(arguments: argparse.Namespace) -> datetime:
    """`--now`, else the machine's clock; aware UTC, whole seconds."""
    given = getattr(arguments, "now", None)
    moment: datetime = given or datetime.now(UTC)
    return moment.replace(microsecond=0)


def iso(moment: datetime | None) -> str | None:
    """A time as JSON carries it: UTC, ending in Z."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def print_json(value: object) -> None:
    """One line of JSON, Welsh letters as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def near(path: Path | str) -> str:
    """A path as short as it can be typed from here: an absolute one makes lines too wide for a terminal."""
    path, here = Path(path), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) and path != here else str(path)


def say(text: str = "") -> None:
    """One line for a person."""
    sys.stdout.write(text + "\n")
