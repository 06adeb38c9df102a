"""Checks this exhibit: is every file still what it was when the exhibit was made?

Needs Python 3.8 or later and nothing else: no network, no database. Run it in the unpacked folder, or give it
the folder or the ZIP:  python verify.py [exhibit.zip]
Prints one line for each file that is not as it was. Exit code 0: all as it was; 1: something is not.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path

LIST = "SHA256SUMS"
MANIFEST = "manifest.json"


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Every file of a folder, by its name with slashes."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found, []


def read_zip(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """Every file of a ZIP, and what could not be read in it."""
    found: dict[str, bytes] = {}
    troubles: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name in found:
                troubles.append(name + ": is in the ZIP twice")
            try:
                found[name] = archive.read(name)
            except Exception as error:  # noqa: BLE001 -- zlib.error has no common parent; any failure is a finding
                troubles.append(name + ": cannot be unpacked: " + type(error).__name__)
                found.setdefault(name, b"")
    return found, troubles


def read_list(text: str) -> tuple[dict[str, str], list[str]]:
    """The lines of SHA256SUMS: digest, two spaces, name."""
    wanted: dict[str, str] = {}
    troubles: list[str] = []
    *lines, rest = text.split("\n")
    if rest:
        troubles.append(LIST + ": its last line is damaged")
    for number, line in enumerate(lines, 1):
        sha256, gap, name = line[:64], line[64:66], line[66:]
        if len(sha256) != 64 or gap != "  " or not name or name in wanted:
            troubles.append(f"{LIST}: line {number} is damaged")
        else:
            wanted[name] = sha256
    return wanted, troubles


def check(found: dict[str, bytes]) -> list[str]:
    """What is wrong, one line each; empty when nothing is."""
    if LIST not in found:
        return [LIST + ": is missing"]
    wanted, troubles = read_list(found[LIST].decode("utf-8", "replace"))
    for name in sorted(wanted):
        if name not in found:
            troubles.append(name + ": is missing")
        elif hashlib.sha256(found[name]).hexdigest() != wanted[name]:
            troubles.append(name + ": was changed after the exhibit was made")
    troubles += [
        name + ": does not belong to the exhibit" for name in sorted(set(found) - set(wanted) - {LIST})
    ]
    try:
        files = json.loads(found.get(MANIFEST, b"{}").decode("utf-8", "replace")).get("files", [])
        stated = {row["name"]: row["sha256"] for row in files}
    except (ValueError, KeyError, TypeError, AttributeError):
        return [*troubles, MANIFEST + ": cannot be read"]
    for name in sorted(stated):
        if stated[name] != hashlib.sha256(found.get(name, b"")).hexdigest():
            troubles.append(name + ": does not have the SHA-256 that " + MANIFEST + " states")
    return troubles


def main(arguments: list[str]) -> int:
    """Check the folder or ZIP named, or the folder this file is in."""
    place = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).resolve().parent
    try:
        found, troubles = read_folder(place) if place.is_dir() else read_zip(place)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        sys.stdout.write(f"{place}: cannot be opened: {error}\n")
        return 1
    troubles = sorted(set(troubles + check(found)))
    for line in troubles:
        sys.stdout.write("WRONG  " + line + "\n")
    if troubles:
        return 1
    sys.stdout.write(f"OK: {len(found)} files are as they were when this exhibit was made\n")
    sys.stdout.write(f"SHA-256 of {LIST}: {hashlib.sha256(found[LIST]).hexdigest()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
