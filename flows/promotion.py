"""Which model a home uses: a person signs a challenger in, one step takes it out again.

`models/` of a home holds `promoted` (in use), `challenger` (waits for a person), `previous` (what rollback goes back
to), `withdrawn` (what the last rollback took out) and, for the moment of a change, `next`. Folders change places by
renames alone, so that a kill between any two steps leaves a whole model in use; `settle` then finishes the change.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from classifiers.store import MANIFEST_FILE, load, read_manifest, shipped
from desk.masking import tidy
from flows.home import Home
from flows.leak_check import refuse_leaks
from flows.model_signature import SIGNATURE_FILE, sign_model
from flows.private_files import write_whole
from incidents.protocol import LEAST_REASON
from mentionwatch.errors import Fatal, Refused, Retriable
from mentionwatch.ids import digest
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.decisions import was_logged
from warehouse.publish import sync_folder
from warehouse.reporters import ReporterStore

MAY_SIGN = (Role.HEAD, Role.CO_HEAD, Role.DEPUTY, Role.CHAIR, Role.DSL)
PROMOTED, CHALLENGER, NEXT = "promoted", "challenger", "next"
PREVIOUS, WITHDRAWN, DROPPED = "previous", "withdrawn", "dropped"
GATE_FILE, PROMOTION_FILE, WITHDRAWAL_FILE = "gate.json", "promotion.json", "withdrawal.json"
_BESIDE = (GATE_FILE, PROMOTION_FILE, WITHDRAWAL_FILE, SIGNATURE_FILE)
GATED = "gated"
"""The verb in the audit log under which the digest of each gate.json stands."""
_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changes the model, in which role, when and why."""

    actor: str
    role: Role
    reason: str
    at: datetime
    pack: str = ""


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


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The models of a home by name; empty where there is none. `in_use_from`: promoted or shipped.

    `blocked`: why the challenger cannot be promoted, empty when it can or when there is none.
    """

    in_use: str
    in_use_from: str
    promoted_at: str
    promoted_by: str
    goes_back_to: str
    challenger: str
    gate: GateRecord | None
    blocked: str


def models_of(home: Home) -> Path:
    """Where a home keeps models of its own."""
    return home.folder / "models"


@contextmanager
def holding(models: Path) -> Iterator[None]:
    """Nobody else moves models meanwhile. Raises `Retriable` when another program does."""
    models.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(models / ".lock", timeout=_WAIT_S, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise Retriable(f"{models}: another program has held it for {_WAIT_S:.0f} s. Run again") from None
    try:
        yield
    finally:
        lock.release()


def is_there(folder: Path) -> bool:
    """Does a model lie there?"""
    return (folder / MANIFEST_FILE).exists()


def fingerprint(folder: Path) -> str:
    """Over every byte a model is made of, thresholds included; what stands beside it about it is left out."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name not in _BESIDE)
    return digest("\n".join(f"{name} {digest((folder / name).read_bytes())}" for name in names).encode())


def folder_in_use(models: Path) -> Path:
    """The model this home uses, also in the middle of a change: the promoted one, else the one that ships."""
    # Without `promoted` a change was cut off: `next` was signed already, `previous` was being restored.
    return next((models / name for name in (PROMOTED, NEXT, PREVIOUS) if is_there(models / name)), shipped())


def name_of(folder: Path) -> str:
    """The name of the model there."""
    return str(json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))["name"])


@dataclass(frozen=True, slots=True)
class ModelTold:
    """What is said of the model in use. `encoder` is empty where it judges by words only."""

    name: str
    encoder: str


def describe_model(home: Home) -> ModelTold:
    """The model this home uses, by its manifest alone. Raises `Fatal` where that cannot be read."""
    manifest = read_manifest(folder_in_use(models_of(home)))
    return ModelTold(manifest.name, manifest.vectors)


def read_gate(folder: Path) -> GateRecord | None:
    """What the gate said of the model there; None when it was never gated or the file is not one of ours."""
    try:
        content = (folder / GATE_FILE).read_bytes()
        said = json.loads(content)
        return GateRecord(
            said["passed"] is True,
            tuple(map(str, said["reasons"])),
            str(said["made_at"]),
            str(said["champion_sha256"]),
            str(said["challenger_sha256"]),
            str(said["corpus_sha256"]),
            str(said["corrections_sha256"]),
            digest(content),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


# --- moving folders -------------------------------------------------------------------------------


def move(models: Path, name: str, to: str) -> None:
    """One rename; `to` must not be there."""
    (models / name).rename(models / to)
    sync_folder(models)


def drop(models: Path, name: str) -> None:
    """Remove a folder; a kill leaves it whole under its name, or under a name nobody reads."""
    shutil.rmtree(models / DROPPED, ignore_errors=True)
    if (models / name).exists():
        move(models, name, DROPPED)
        shutil.rmtree(models / DROPPED, ignore_errors=True)


def settle(models: Path) -> None:
    """Finish what a kill cut off. For use inside `holding`."""
    if (models / NEXT).exists():
        if (models / PROMOTED).exists():
            drop(models, PREVIOUS)
            move(models, PROMOTED, PREVIOUS)
        move(models, NEXT, PROMOTED)
    elif (models / PREVIOUS).exists() and not (models / PROMOTED).exists():
        move(models, PREVIOUS, PROMOTED)


# --- signing --------------------------------------------------------------------------------------


def _check_signature(home: Home, signed: Signature, what: str) -> str:
    """The reason as it is kept. Raises `Refused`."""
    if signed.role not in MAY_SIGN:
        raise Refused(
            f"refused: the {signed.role.value} does not {what} [duty above every policy: a person who answers for the school signs "
            f"for what the software does]. Ask one of: {', '.join(role.value for role in MAY_SIGN)}"
        )
    reason = tidy(signed.reason).strip()
    refuse_leaks(home, (reason,), tuple(ReporterStore(home.folder).names_by_mention()))
    if len(reason) < LEAST_REASON:
        raise Refused(
            f"refused: to {what} needs a reason [every step is recorded with actor, role and reason]. Say in a sentence why"
        )
    return reason


def _log(home: Home, signed: Signature, verb: str, sha256: str, what: str) -> None:
    # The person's own words stay beside the model: the audit log holds nothing anybody typed about a post (I9).
    event = AuditEvent(signed.at, signed.actor, signed.role, verb, "model", sha256, what, signed.pack)
    with Warehouse(home.folder).writer() as writing:
        append_audit(writing, [event])


def _why_blocked(home: Home, models: Path) -> str:
    """Why the challenger cannot be promoted; empty when it can."""
    folder = models / CHALLENGER
    if not is_there(folder):
        return "there is no challenger. Build one with: mentionwatch train"
    gate = read_gate(folder)
    if gate is None:
        return "the challenger has not been through the gate. Build it with: mentionwatch train"
    with Warehouse(home.folder).live_reader() as reading:
        if not was_logged(reading, GATED, gate.sha256):
            return "what stands in its gate.json is not what the gate said. Build it again with: mentionwatch train"
    if not gate.passed:
        return f"the gate said no: {'; '.join(gate.reasons)}"
    if fingerprint(folder) != gate.challenger_sha256:
        return "its bytes are not those that went through the gate. Build it again with: mentionwatch train"
    if fingerprint(folder_in_use(models)) != gate.champion_sha256:
        return (
            "the model in use has changed since they were compared. Build it again with: mentionwatch train"
        )
    return ""


def promote(home: Home, signed: Signature) -> str:
    """Use the challenger from now on; returns its name.

    Raises `Refused` for a role that may not, without a reason, and for a challenger that did not pass or is no longer
    the one that passed; `Fatal` for one that cannot be loaded.
    """
    reason = _check_signature(home, signed, "put a model into use")
    models = models_of(home)
    with holding(models):
        settle(models)
        if why := _why_blocked(home, models):
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


def rollback(home: Home, signed: Signature) -> str:
    """Go back to the model before, or to the one that ships; returns its name.

    Needs no gate, and the model in use need not load: this is the way out. A model before that does not load is passed
    over for the one that ships. Raises `Refused` for a role that may not, without a reason, and when nothing was promoted.
    """
    reason = _check_signature(home, signed, "take a model out of use")
    models = models_of(home)
    with holding(models):
        settle(models)
        if not is_there(models / PROMOTED):
            raise Refused("refused: the model that ships is in use; there is nothing to go back to")
        if is_there(models / PREVIOUS):
            try:
                load(models / PREVIOUS)
            except Fatal:
                drop(models, PREVIOUS)
        back_to = models / PREVIOUS if is_there(models / PREVIOUS) else shipped()
        sha256, name = fingerprint(models / PROMOTED), name_of(back_to)
        _write(models / PROMOTED / WITHDRAWAL_FILE, signed, reason, sha256)
        _log(home, signed, "rolled_back", sha256, f"{name_of(models / PROMOTED)} given up for {name}")
        drop(models, WITHDRAWN)
        move(models, PROMOTED, WITHDRAWN)
        settle(models)
    return name


def read_status(home: Home) -> ModelStatus:
    """What is in use, what waits, and whether it may be promoted. Changes nothing."""
    models = models_of(home)
    in_use = folder_in_use(models)
    at, role = "", ""
    if in_use.parent == models and (in_use / PROMOTION_FILE).exists():
        said = json.loads((in_use / PROMOTION_FILE).read_text(encoding="utf-8"))
        at, role = str(said["at"]), str(said["role"])
    back_to = models / PREVIOUS if is_there(models / PREVIOUS) and in_use.name != PREVIOUS else shipped()
    challenger = models / CHALLENGER
    waits = is_there(challenger)
    return ModelStatus(
        in_use=name_of(in_use),
        in_use_from="shipped" if in_use.parent != models else PROMOTED,
        promoted_at=at,
        promoted_by=role,
        goes_back_to="" if in_use.parent != models else name_of(back_to),
        challenger=name_of(challenger) if waits else "",
        gate=read_gate(challenger) if waits else None,
        blocked=_why_blocked(home, models) if waits else "",
    )
