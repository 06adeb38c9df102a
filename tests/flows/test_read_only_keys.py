"""A `keys/` folder nobody may write to is said to be just that: nothing in it is lost, and nothing is put back from a backup."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.nights import clean_environment, cli
from tests.incidents.homes import Desk, make_desk

SETPRIV = shutil.which("setpriv")
pytestmark = pytest.mark.skipif(
    os.name != "posix" or (os.geteuid() == 0 and SETPRIV is None), reason="needs mode bits that are obeyed"
)
WHY = ("--reason", "the author asked for it")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path / "home")
    assert desk.report().code == 0 and desk.run("evidence", "checkpoint").code == 0
    (desk.folder / "keys").chmod(0o500)
    yield desk
    (desk.folder / "keys").chmod(0o700)


def run(desk: Desk, *arguments: str) -> tuple[int, str]:
    """The command as somebody who is held to the mode bits, as an administrator is not."""
    bound = [SETPRIV, "--bounding-set=-dac_override"] if os.geteuid() == 0 and SETPRIV else []
    done = subprocess.run(
        [*bound, *cli(*arguments, "--home", str(desk.folder))],
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr


def test_a_read_only_keys_folder_is_one_line_that_says_how_it_is_mended(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "seen.png").write_bytes(b"no picture")
    view = ("evidence", "view", "2026-0001", "--as", "head", "--purpose", "decision")
    again = (
        "report",
        "--url",
        "https://social.example/2",
        "--posted-at",
        "unknown",
        "--text",
        "I will stab all",
    )
    for act in (view, again, (*again, "--reporter", "Mrs Gwenllian Prydderch")):
        code, said = run(desk, *act)
        assert code == 2 and "cannot be written" in said and "chmod" in said and "backup" not in said, said
        assert len(said.splitlines()) == 1
    (desk.folder / "keys").chmod(0o700)
    assert desk.run("evidence", "verify").code == 0
    assert run(desk, *view)[0] == 0, "and once mended it goes on"


def test_an_erasure_that_cannot_destroy_its_key_says_so_and_is_done_later(desk: Desk) -> None:
    id_ = desk.run("mentions", "--json").row["id"]
    code, said = run(desk, "erase", id_, *WHY)
    assert code == 2 and "cannot be written" in said and "backup" not in said, said
    (desk.folder / "keys").chmod(0o700)
    desk.run("erase", id_, *WHY)
    assert desk.run("evidence", "verify").code == 0
