"""Where the models of a home lie, and what the files beside them say. Nothing here judges whether they may be used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from classifiers.store import MANIFEST_FILE, WORDS, read_manifest, shipped
from flows.home import Home
from flows.model_signature import ROLL_BACK, SIGNATURE_FILE
from mentionwatch.errors import Fatal
from mentionwatch.ids import digest

PROMOTED, CHALLENGER, NEXT = "promoted", "challenger", "next"
PREVIOUS, WITHDRAWN = "previous", "withdrawn"
GATE_FILE, PROMOTION_FILE, WITHDRAWAL_FILE = "gate.json", "promotion.json", "withdrawal.json"
_BESIDE = (GATE_FILE, PROMOTION_FILE, WITHDRAWAL_FILE, SIGNATURE_FILE)
GATED = "gated"
"""The verb in the audit log under which the digest of each gate.json stands."""
UNREADABLE = "unreadable"
"""Said in place of a name, a time or a role where the file that holds it is none of ours."""


@dataclass(frozen=True, slots=True)
class GateRecord:
    """What a gate.json says, as far as signing needs it. `sha256` is the digest of the file."""

    passed: bool
    reasons: tuple[str, ...]
    made_at: str
    champion_sha256: str
    challenger_sha256: str
    corpus_sha256: str
    corrections_sha256: str
    sha256: str


def models_of(home: Home) -> Path:
    """Where a home keeps models of its own."""
    return home.folder / "models"


def lies_at(path: Path) -> bool:
    """Is anything there, whole or not? What cannot be looked at counts as there: it must be told, not passed over."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def is_there(folder: Path) -> bool:
    """Does a model lie there?"""
    try:
        return (folder / MANIFEST_FILE).exists()
    except OSError:
        return False


def fingerprint(folder: Path) -> str:
    """Over every byte a model is made of, thresholds included; what stands beside it about it is left out.

    Raises `Fatal` for what is no folder or cannot be read.
    """
    try:
        names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name not in _BESIDE)
        lines = [f"{name} {digest((folder / name).read_bytes())}" for name in names]
    except OSError as error:
        raise Fatal(f"{folder}: cannot be read ({type(error).__name__}). {ROLL_BACK}") from None
    return digest("\n".join(lines).encode())


def own_folder(models: Path) -> Path | None:
    """Where the model lies that a person promoted, also in the middle of a change; None where there is none."""
    # Without `promoted` a change was cut off: `next` was signed already, `previous` was being restored.
    return next((models / name for name in (PROMOTED, NEXT, PREVIOUS) if lies_at(models / name)), None)


def folder_in_use(models: Path) -> Path:
    """The model this home is to use: the promoted one, else the one that ships."""
    return own_folder(models) or shipped()


def shipped_or_words() -> Path:
    """The model that ships; the one that judges by words where the better one's manifest is damaged."""
    try:
        return shipped()
    except Fatal:
        return WORDS


def name_of(folder: Path) -> str:
    """The name of the model there; `UNREADABLE` where its manifest is none."""
    try:
        return read_manifest(folder).name
    except Fatal:
        return UNREADABLE


def read_gate(folder: Path) -> GateRecord | None:
    """What the gate said of the model there; None when it was never gated or the file is not one of ours."""
    try:
        content = (folder / GATE_FILE).read_bytes()
        said = json.loads(content)
        return GateRecord(
            said["passed"] is True,
            tuple(map(str, said["reasons"])),
            datetime.fromisoformat(said["made_at"]).isoformat(),
            str(said["champion_sha256"]),
            str(said["challenger_sha256"]),
            str(said["corpus_sha256"]),
            str(said["corrections_sha256"]),
            digest(content),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
