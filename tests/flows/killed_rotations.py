"""Rotates the key of each home given, and ends that process at the Nth change to a file of `keys/` (N: the home's place, from 1).

python -m tests.flows.killed_rotations AT HOME ... -- writes a line a home: what it did last, or `done`. The change itself is not
made: the process ends as by SIGKILL, at once.
"""

from __future__ import annotations

import importlib
import os
import sys
from datetime import datetime
from pathlib import Path

from flows.home import Home
from flows.key_rotation import rotate_key
from mentionwatch.labels import Role

REASON = "the laptop of the office was lost"
CHANGES = ("os.rename", "os.link", "os.remove", "os.truncate")
LATE = ("duckdb", "rfc8785", "cryptography.hazmat.primitives.asymmetric.ed25519", "flows.home")


def arm(at_change: int, pipe: int) -> None:
    """From here on the `at_change`-th change of a file in `keys/` ends the process."""
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        writes = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if not (event in CHANGES or writes) or "/keys/" not in str(arguments[0]):
            return
        seen += 1
        if seen == at_change:
            os.write(pipe, f"{event} {Path(str(arguments[0])).name}\n".encode())
            os._exit(9)

    sys.addaudithook(watch)


def main(at: str, *homes: str) -> None:
    """One child a home: the imports are paid for once."""
    for name in LATE:
        importlib.import_module(name)
    for number, home in enumerate(homes, 1):
        child = os.fork()
        if not child:
            arm(number, 1)
            rotate_key(Home(Path(home)), Role.HEAD, "tester", REASON, datetime.fromisoformat(at))
            os.write(1, b"done\n")
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
