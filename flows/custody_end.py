"""How far the custody log was signed, kept outside the database: a log that was cut off or wiped is then no new beginning.

`keys/custody.end` holds a line an entry, `SEQ SHA256`: the last one that is surely stored, and after it the one a transaction
is about to store. Written before the commit, so that a kill leaves a log which ends at one of the two.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from evidence.custody_entry import GENESIS
from flows.home import Home
from flows.private_files import write_beside_keys
from mentionwatch.errors import Refused
from warehouse.connection import Warehouse
from warehouse.custody_rows import read_custody_end
from warehouse.session import Reading

END_FILE: Final = "custody.end"
_LINE = re.compile(r"(0|[1-9][0-9]{0,14}) ([0-9a-f]{64})")
_MOST_LINES = 2


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The last entry of a log: its number, and the SHA-256 of what was signed. Number 0: the log has not begun."""

    seq: int = 0
    sha256: str = GENESIS


def find_end(reading: Reading) -> LogEnd:
    """Where the stored log ends; its bytes are hashed, the digest beside them is not believed."""
    last = read_custody_end(reading)
    return LogEnd(last.seq, hashlib.sha256(last.body).hexdigest()) if last else LogEnd()


def read_ends(home: Home) -> tuple[LogEnd, ...] | str:
    """What the file says: one end or two, none where there is no file; what is wrong with it where it cannot be read."""
    path = home.keys / END_FILE
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError):
        return f"keys/{END_FILE} cannot be read"
    found = [_LINE.fullmatch(line) for line in text.splitlines()]
    if not 1 <= len(found) <= _MOST_LINES or not all(found):
        return f"keys/{END_FILE} was changed: it names no entry"
    return tuple(LogEnd(int(match[1]), match[2]) for match in found if match)


def find_cut(reading: Reading, home: Home) -> str:
    """Why the stored log is not the one that was signed last; empty when it is, and where no file says."""
    ends = read_ends(home)
    if isinstance(ends, str):
        return ends
    here = find_end(reading)
    if not ends or here in ends:
        return ""
    last = ends[-1].seq
    if here.seq < ends[0].seq:
        return f"ends at entry {here.seq}, though {last} were signed: what came after it was cut off"
    return f"ends with another entry {here.seq} than was signed last: it was written anew or cut off"


def refuse_cut(reading: Reading, home: Home) -> None:
    """Raises `Refused` where the log is not the one that was signed last: nothing may be built on it."""
    if cause := find_cut(reading, home):
        raise Refused(
            f"refused: custody log: {cause} [nothing is signed onto it]. Run: mentionwatch evidence verify; "
            f"after putting back a backup, put back its keys/{END_FILE} too"
        )


def note_ends(home: Home, *ends: LogEnd) -> None:
    """Write down where the log ends, or (two) where it ends and is about to. On the disk when this returns."""
    write_beside_keys(home.keys / END_FILE, "".join(f"{end.seq} {end.sha256}\n" for end in ends).encode())


def settle_end(home: Home) -> None:
    """After a commit: the entry that was about to be stored is. Harmless at any time; the file is written under the lock."""
    ends = read_ends(home)
    if isinstance(ends, str) or len(ends) < _MOST_LINES:
        return
    with Warehouse(home.folder).live_reader() as reading:
        again, here = read_ends(home), find_end(reading)
        if not isinstance(again, str) and len(again) == _MOST_LINES and here in again:
            note_ends(home, here)
