"""floors.toml: reading and writing what the gate pins, with a seal that shows a change by hand."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from classifiers.gate import Floors, Lowering, Pin, arrange
from mentionwatch.errors import ConfigError

FLOORS = Path(__file__).resolve().parent / "floors.toml"
_HEAD = """\
# What the models that ship must be able to do on voices they never heard: the gate (classifiers/gate.py).
# Written by: mentionwatch evaluate --write-floors. Floors only rise; to lower one: --lower-floors REASON.
# police_missed, accused, asked and calibration_error are the most there may be, all others the least.
# Do not edit by hand: the seal would not fit.
"""
_MEND = "Restore the file, then use: mentionwatch evaluate --write-floors"


def _seal(floors: Floors) -> str:
    said = [[*pin.key, f"{pin.value:.3f}"] for pin in arrange(floors.pins)]
    done = [[each.on.isoformat(), each.reason, *each.changes] for each in floors.lowered]
    return sha256(json.dumps([said, done], ensure_ascii=False).encode()).hexdigest()


def format_floors(floors: Floors) -> str:
    """The text of floors.toml: a table a model, part and group."""
    lines = [_HEAD, f'seal = "{_seal(floors)}"']
    for place, pins in groupby(arrange(floors.pins), key=lambda pin: pin.key[:3]):
        lines += ["", f"[pins.{'.'.join(place)}]"]
        lines += [f"{pin.name} = {pin.value:.3f}" for pin in pins]
    for each in floors.lowered:
        # A JSON string is a TOML string.
        changes = "".join(f"  {json.dumps(line, ensure_ascii=False)},\n" for line in each.changes)
        reason = json.dumps(each.reason, ensure_ascii=False)
        lines += ["", "[[lowered]]", f"on = {each.on}", f"reason = {reason}", f"changes = [\n{changes}]"]
    return "\n".join(lines) + "\n"


def parse_floors(text: str, file: str = "floors.toml") -> Floors:
    """The floors in such a text. Raises `ConfigError` when it cannot be read, or was changed by hand."""
    try:
        table = tomllib.loads(text)
        floors = Floors(arrange(_pins(table.get("pins", {}))), tuple(_lowered(table.get("lowered", []))))
        seal = table["seal"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(file, "", f"cannot be read ({type(error).__name__})", _MEND) from None
    if seal != _seal(floors):
        raise ConfigError(file, "seal", "does not fit: the floors were changed by hand", _MEND)
    return floors


def _pins(models: dict[str, Any]) -> Iterator[Pin]:
    for model, parts in models.items():
        for part, groups in parts.items():
            for group, table in groups.items():
                yield from _of_table((model, part, group), table)


def _of_table(place: tuple[str, str, str], table: dict[str, Any]) -> Iterator[Pin]:
    for name, value in table.items():
        each = value if isinstance(value, dict) else {"": value}
        for inner, number in each.items():
            if not isinstance(number, float) or not 0 <= number <= 1:
                raise ValueError("a pin is a share between 0 and 1")
            yield Pin(*place, f"{name}.{inner}" if inner else name, number)


def _lowered(rows: list[dict[str, Any]]) -> Iterator[Lowering]:
    for row in rows:
        if type(row["on"]) is not date:
            raise ValueError("a floor is lowered on a date")
        yield Lowering(row["on"], str(row["reason"]), tuple(map(str, row["changes"])))


def read_floors(path: Path = FLOORS) -> Floors:
    """What is pinned; nothing where there is no file yet. Raises as `parse_floors` does."""
    if not path.exists():
        return Floors()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), "", f"cannot be read ({type(error).__name__})", _MEND) from None
    return parse_floors(text, str(path))


def save_floors(floors: Floors, path: Path = FLOORS) -> None:
    """Write the file whole or not at all."""
    draft = path.with_suffix(".new")
    draft.write_text(format_floors(floors), encoding="utf-8")
    draft.replace(path)
