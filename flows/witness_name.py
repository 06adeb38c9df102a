"""The short id under which a witness keeps a school's lines: chosen once, for a school that is renamed stays the same one."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from flows.home import Home
from flows.private_files import write_beside_keys
from mentionwatch.errors import ConfigError
from mentionwatch.school import SchoolFile

NAME_FILE: Final = "custody.name"
"""In `keys/`: the id, on a line. Made with the first checkpoint."""
_NAME = re.compile(r"[a-z0-9_-]{1,40}")


def short_name(school: SchoolFile) -> str:
    """The school's name in letters, digits and hyphens, at most 40: `ysgol-llanbedrog`."""
    plain = unicodedata.normalize("NFKD", school.profile.name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "school"


def read_witness_name(home: Home, school: SchoolFile) -> str:
    """The id this home's lines go under; before the first was chosen, the one that would be.

    Raises `ConfigError` for a file that holds no such id.
    """
    path = home.keys / NAME_FILE
    try:
        name = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return short_name(school)
    except OSError as error:
        raise ConfigError(
            str(path), "", f"cannot be read: {error.strerror}", "Make it a file that you may read"
        ) from None
    except UnicodeDecodeError:
        name = ""
    if not _NAME.fullmatch(name):
        raise ConfigError(
            str(path),
            "",
            "holds no short id",
            "Put it back from a backup, or write the one the witness lines have",
        )
    return name


def keep_witness_name(home: Home, school: SchoolFile) -> str:
    """As `read_witness_name`, and from now on it is that one."""
    name = read_witness_name(home, school)
    if not (home.keys / NAME_FILE).exists():
        write_beside_keys(home.keys / NAME_FILE, f"{name}\n".encode())
    return name
