"""A school's home in a temporary folder, and its commands run in this process."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.cli import main

THREAT = "I will kill the deputy head of Ysgol Llanbedrog, I know the house and I will stab everyone in it"
URL = "https://social.example/post/1"


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.rows
        return row


@dataclass(frozen=True)
class Desk:
    """One home and the commands on it."""

    folder: Path

    def run(self, *arguments: str) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main([*arguments, "--home", str(self.folder)])
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Said(code, out.getvalue(), err.getvalue())

    def report(self, text: str = THREAT, url: str = URL, posted_at: str = "unknown", *more: str) -> Said:
        return self.run("report", "--url", url, "--posted-at", posted_at, "--text", text, "--json", *more)

    def move(self, event: str, role: str, reason: str = "talked over with the office", *more: str) -> Said:
        return self.run("incident", "move", "2026-0001", event, "--as", role, "--reason", reason, *more)


def make_desk(folder: Path, pack: str = "llanbedrog", more: Sequence[str] = ()) -> Desk:
    """A home as `init` writes it, with a DPIA record."""
    desk = Desk(folder)
    said = desk.run(
        "init",
        "--name",
        "Ysgol Llanbedrog",
        "--pack",
        pack,
        "--place",
        "Pwllheli",
        "--dpia",
        "DPIA-7",
        "--dpia-on",
        "2026-09-01",
        *more,
    )
    assert said.code == 0, said.err
    return desk
