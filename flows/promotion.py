"""Which model a home uses: a person signs a challenger in, one step takes it out again.

`models/` of a home holds `promoted` (in use), `challenger` (waits for a person), `previous` (what rollback goes back
to), `withdrawn` (what the last rollback took out) and, for the moment of a change, `next`. Folders change places by
renames alone, so that a kill between any two steps leaves a whole model in use; `settle` then finishes the change.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from classifiers.store import load
from flows.home import Home
from flows.model_folders import (
    CHALLENGER,
    GATE_FILE,
    GATED,
    NEXT,
    PREVIOUS,
    PROMOTED,
    PROMOTION_FILE,
    UNREADABLE,
    WITHDRAWAL_FILE,
    WITHDRAWN,
    GateRecord,
    fingerprint,
    folder_in_use,
    is_there,
    lies_at,
    models_of,
    name_of,
    read_gate,
    shipped_or_words,
)
from flows.model_signature import ROLL_BACK, SIGNATURE_FILE, check_signature, sign_model
from flows.model_status import ModelStatus, describe_model, read_status, why_blocked
from flows.private_files import write_whole
from flows.signing import MAY_SIGN, read_reason
from mentionwatch.errors import Fatal, Refused, Retriable
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.publish import sync_folder

__all__ = [
    "CHALLENGER",
    "GATED",
    "GATE_FILE",
    "MAY_SIGN",
    "NEXT",
    "PREVIOUS",
    "PROMOTED",
    "PROMOTION_FILE",
    "WITHDRAWN",
    "GateRecord",
    "ModelStatus",
    "Signature",
    "describe_model",
    "drop",
    "fingerprint",
    "folder_in_use",
    "holding",
    "is_there",
    "make_models",
    "models_of",
    "move",
    "name_of",
    "promote",
    "read_gate",
    "read_status",
    "rollback",
    "settle",
]
"""What flows/model_folders.py and flows/model_status.py tell is found here too, beside what changes it."""

DROPPED = "dropped"
ASIDE = "models.withdrawn"
"""Where rollback puts what stands in the place of the models and is no folder."""
_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changes the model, in which role, when and why."""

    actor: str
    role: Role
    reason: str
    at: datetime
    pack: str = ""


def make_models(models: Path) -> None:
    """The folder of a home's own models. Raises `Fatal` where something else stands in its place."""
    try:
        models.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise Fatal(f"{models}: is no folder that models can be kept in. {ROLL_BACK}") from None


@contextmanager
def holding(models: Path) -> Iterator[None]:
    """Nobody else moves models meanwhile. Raises `Retriable` when another program does."""
    make_models(models)
    lock = FileLock(models / ".lock", timeout=_WAIT_S, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise Retriable(f"{models}: another program has held it for {_WAIT_S:.0f} s. Run again") from None
    try:
        yield
    finally:
        lock.release()


# --- moving folders -------------------------------------------------------------------------------


def move(models: Path, name: str, to: str) -> None:
    """One rename; `to` must not be there."""
    (models / name).rename(models / to)
    sync_folder(models)


def _is_folder(path: Path) -> bool:
    """One of its own: behind a link may lie anybody's files."""
    return path.is_dir() and not path.is_symlink()


def _remove(path: Path) -> None:
    if _is_folder(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def drop(models: Path, name: str) -> None:
    """Remove a folder; a kill leaves it whole under its name, or under a name nobody reads."""
    _remove(models / DROPPED)
    if lies_at(models / name):
        move(models, name, DROPPED)
        _remove(models / DROPPED)


def settle(models: Path) -> None:
    """Finish what a kill cut off. For use inside `holding`."""
    if lies_at(models / NEXT):
        if lies_at(models / PROMOTED):
            drop(models, PREVIOUS)
            move(models, PROMOTED, PREVIOUS)
        move(models, NEXT, PROMOTED)
    elif lies_at(models / PREVIOUS) and not lies_at(models / PROMOTED):
        move(models, PREVIOUS, PROMOTED)
    # What was taken out of use is nobody's word any more, whoever copies it back.
    if _is_folder(models / WITHDRAWN):
        (models / WITHDRAWN / SIGNATURE_FILE).unlink(missing_ok=True)


# --- signing --------------------------------------------------------------------------------------


def _check_signature(home: Home, signed: Signature, what: str) -> str:
    """The reason as it is kept. Raises `Refused`."""
    if signed.role not in MAY_SIGN:
        raise Refused(
            f"refused: the {signed.role.value} does not {what} [duty above every policy: a person who answers for the school signs "
            f"for what the software does]. Ask one of: {', '.join(role.value for role in MAY_SIGN)}"
        )
    return read_reason(home, signed.reason, f"to {what}")


def _log(home: Home, signed: Signature, verb: str, sha256: str, what: str) -> None:
    # The person's own words stay beside the model: the audit log holds nothing anybody typed about a post (I9).
    event = AuditEvent(signed.at, signed.actor, signed.role, verb, "model", sha256, what, signed.pack)
    with Warehouse(home.folder).writer() as writing:
        append_audit(writing, [event])


def promote(home: Home, signed: Signature) -> str:
    """Use the challenger from now on; returns its name.

    Raises `Refused` for a role that may not, without a reason, and for a challenger that did not pass or is no longer
    the one that passed; `Fatal` for one that cannot be loaded.
    """
    reason = _check_signature(home, signed, "put a model into use")
    models = models_of(home)
    with holding(models):
        settle(models)
        if why := why_blocked(home, models):
            raise Refused(f"refused: {why} [duty above every policy: no model is used that was not measured]")
        folder = models / CHALLENGER
        load(folder)
        sha256, name = fingerprint(folder), name_of(folder)
        _write(folder / PROMOTION_FILE, signed, reason, sha256)
        sign_model(home, folder, sha256)
        # The log first: nothing is ever in use without a record of who signed for it.
        _log(home, signed, "promoted", sha256, f"{name} in place of {name_of(folder_in_use(models))}")
        move(models, CHALLENGER, NEXT)
        settle(models)
    return name


def _write(path: Path, signed: Signature, reason: str, sha256: str) -> None:
    said = {"who": signed.actor, "role": signed.role.value, "at": signed.at.isoformat(), "why": reason, "sha256": sha256}  # fmt: skip
    write_whole(path, (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode())


def _set_aside(home: Home, signed: Signature) -> bool:
    """Take away what stands in the place of the models and is no folder; was there such a thing?"""
    models = models_of(home)
    if not lies_at(models) or models.is_dir():
        return False
    what = f"{UNREADABLE} given up for {name_of(shipped_or_words())}"
    _log(home, signed, "rolled_back", UNREADABLE, what)
    models.replace(home.folder / ASIDE)
    return True


def _is_usable(home: Home, folder: Path) -> bool:
    try:
        check_signature(home, folder, fingerprint(folder))
        load(folder)
    except Fatal:
        return False
    return True


def _fingerprint_of(folder: Path) -> str:
    try:
        return fingerprint(folder)
    except Fatal:
        return UNREADABLE


def rollback(home: Home, signed: Signature) -> str:
    """Go back to the model before, or to the one that ships; returns its name.

    Needs no gate, and what is in use need be no model: this is the way out. A model before that cannot be used is passed
    over for the one that ships. Raises `Refused` for a role that may not, without a reason, and when nothing was promoted.
    """
    reason = _check_signature(home, signed, "take a model out of use")
    models = models_of(home)
    if _set_aside(home, signed):
        return name_of(shipped_or_words())
    with holding(models):
        settle(models)
        promoted = models / PROMOTED
        if not lies_at(promoted):
            raise Refused("refused: the model that ships is in use; there is nothing to go back to")
        if lies_at(models / PREVIOUS) and not _is_usable(home, models / PREVIOUS):
            drop(models, PREVIOUS)
        sha256 = _fingerprint_of(promoted)
        name = name_of(models / PREVIOUS if lies_at(models / PREVIOUS) else shipped_or_words())
        if _is_folder(promoted):
            # A folder nobody can write to is taken out all the same; the log says who did it.
            with suppress(OSError):
                _write(promoted / WITHDRAWAL_FILE, signed, reason, sha256)
        _log(home, signed, "rolled_back", sha256, f"{name_of(promoted)} given up for {name}")
        drop(models, WITHDRAWN)
        move(models, PROMOTED, WITHDRAWN)
        settle(models)
    return name
