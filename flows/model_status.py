"""Which models a home has, what is wrong with them, and which one judges tonight. Changes nothing.

A learned model that is damaged, or that nobody promoted here, must not make a night blind: the one that ships judges
instead, and `status` says so. What answers a person at once (`classify`, `replay`) refuses rather.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from classifiers.model import Classifier
from classifiers.stand_in import StandIn
from classifiers.store import WORDS, check_encoder, check_files, check_shipped, load, read_manifest, shipped
from flows.home import Home
from flows.model_folders import (
    CHALLENGER,
    GATED,
    PREVIOUS,
    PROMOTED,
    PROMOTION_FILE,
    UNREADABLE,
    GateRecord,
    fingerprint,
    folder_in_use,
    is_there,
    lies_at,
    models_of,
    name_of,
    own_folder,
    read_gate,
    shipped_or_words,
)
from flows.model_signature import ROLL_BACK, check_signature
from mentionwatch.errors import Fatal
from mentionwatch.labels import Role
from warehouse.connection import Warehouse
from warehouse.decisions import was_logged
from warehouse.model_log import was_withdrawn

_WIDTH = 79


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The models of a home by name; empty where there is none. `in_use_from`: promoted or shipped.

    `blocked`: why the challenger cannot be promoted, empty when it can or when there is none. `troubles`: what is
    wrong with the models, a line each; while the promoted one is among them, the one that ships judges.
    """

    in_use: str
    in_use_from: str
    promoted_at: str
    promoted_by: str
    goes_back_to: str
    challenger: str
    gate: GateRecord | None
    blocked: str
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelTold:
    """What is said of the model that judges. `encoder` is empty where it judges by words only; `troubles`: a line each."""

    name: str
    encoder: str
    troubles: tuple[str, ...]


# --- checking -------------------------------------------------------------------------------------


def check_own(home: Home, folder: Path) -> None:
    """Is the model of this home whole, usable, and the one a person promoted here? Raises `Fatal` in one line."""
    if not folder.parent.is_dir():
        raise Fatal(f"{folder.parent}: is no folder. {ROLL_BACK}")
    if not is_there(folder):
        raise Fatal(f"{folder}: holds no model. {ROLL_BACK}")
    check_signature(home, folder, fingerprint(folder))
    check_encoder(folder, check_files(folder))


def _cause(check: Callable[[], None]) -> str:
    try:
        check()
    except Fatal as error:
        return str(error)
    return ""


def _find_own_trouble(home: Home) -> str:
    own = own_folder(models_of(home))
    cause = _cause(partial(check_own, home, own)) if own else ""
    return cause and f"the school's own model is not used, the one that ships judges: {cause}"


def find_troubles(home: Home) -> tuple[str, ...]:
    """What is wrong with the models that ship and with the home's own; a line each, none when all is well."""
    return tuple(filter(None, (_cause(check_shipped), _find_own_trouble(home))))


def _load_shipped() -> Classifier:
    try:
        return load(shipped())
    except Fatal:
        return load(WORDS)


def model_for_night(home: Home, *, asks: bool = False) -> Classifier:
    """The model for what must not be lost: the promoted one, where that cannot be used a `StandIn`, and the one that
    ships where there is none. `asks`: whatever a stand-in judges goes to a person.

    Raises `Fatal` only where not even a model that ships can be loaded.
    """
    own = own_folder(models_of(home))
    if own is None:
        return _load_shipped()
    try:
        check_own(home, own)
        return load(own)
    except Fatal:
        return StandIn(_load_shipped(), asks=asks)


# --- telling --------------------------------------------------------------------------------------


def describe_model(home: Home) -> ModelTold:
    """The model that judges tonight, by its manifest alone, and what is wrong with any."""
    own, trouble = own_folder(models_of(home)), _find_own_trouble(home)
    troubles = tuple(filter(None, (_cause(check_shipped), trouble)))
    try:
        manifest = read_manifest(own if own and not trouble else shipped_or_words())
    except Fatal:
        return ModelTold(UNREADABLE, "", troubles)
    return ModelTold(manifest.name, manifest.vectors, troubles)


def _read_promotion(folder: Path) -> tuple[str, str]:
    """When and in which role the model there was signed for; empty where nobody did."""
    if not (folder.is_dir() and lies_at(folder / PROMOTION_FILE)):
        return "", ""
    try:
        said = json.loads((folder / PROMOTION_FILE).read_text(encoding="utf-8"))
        return datetime.fromisoformat(said["at"]).isoformat(), Role(said["role"]).value
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return UNREADABLE, UNREADABLE


def why_blocked(home: Home, models: Path) -> str:
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
        is_withdrawn = was_withdrawn(reading, gate.challenger_sha256, gate.sha256)
    if not gate.passed:
        return f"the gate said no: {'; '.join(gate.reasons)}"
    if fingerprint(folder) != gate.challenger_sha256:
        return "its bytes are not those that went through the gate. Build it again with: mentionwatch train"
    if is_withdrawn:
        return (
            "a person took this very model out of use after the gate. Build another with: mentionwatch train"
        )
    if fingerprint(folder_in_use(models)) != gate.champion_sha256:
        return (
            "the model in use has changed since they were compared. Build it again with: mentionwatch train"
        )
    return ""


def read_status(home: Home) -> ModelStatus:
    """What is in use, what waits, whether it may be promoted, and what is wrong with any."""
    models = models_of(home)
    own, challenger = own_folder(models), models / CHALLENGER
    at, role = _read_promotion(own) if own else ("", "")
    has_previous = is_there(models / PREVIOUS) and own is not None and own.name != PREVIOUS
    waits = models.is_dir() and lies_at(challenger)
    try:
        blocked = why_blocked(home, models) if waits else ""
    except Fatal as error:
        blocked = str(error)
    return ModelStatus(
        in_use=name_of(own or shipped_or_words()),
        in_use_from=PROMOTED if own else "shipped",
        promoted_at=at,
        promoted_by=role,
        goes_back_to=name_of(models / PREVIOUS if has_previous else shipped_or_words()) if own else "",
        challenger=name_of(challenger) if waits else "",
        gate=read_gate(challenger) if waits else None,
        blocked=blocked,
        troubles=find_troubles(home),
    )


def wrap(text: str, indent: str = "") -> str:
    """One sentence in lines of a terminal's width; a name or a path stays whole."""
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def tell_status(status: ModelStatus) -> tuple[str, ...]:
    """What `train status` says of the models, line by line."""
    signed = f", promoted {status.promoted_at} by the {status.promoted_by}" if status.promoted_by else ""
    if status.promoted_by == UNREADABLE:
        signed = ", what says who promoted it is unreadable"
    lines = [wrap(f"In use: {status.in_use} ({status.in_use_from}){signed}")]
    lines += [wrap(f"Look at this: {trouble}") for trouble in status.troubles]
    if status.goes_back_to:
        lines.append(wrap(f"Rollback goes to: {status.goes_back_to}"))
    if not status.challenger:
        return (*lines, "No challenger waits")
    built = status.gate.made_at if status.gate else "without the gate"
    lines.append(wrap(f"Challenger: {status.challenger}, built {built}"))
    said = f"cannot be promoted: {status.blocked}" if status.blocked else "the gate let it through; it waits for a signature"  # fmt: skip
    return (*lines, wrap(said, "  "))
