"""What a step must state besides its reason: typed, checked, and kept with the event."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from mentionwatch.errors import Refused


class FactKind(StrEnum):
    """How a fact is written. LIST may be given several times, one line each."""

    TEXT = "text"
    INSTANT = "time"
    DAY = "date"
    YES = "yes"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact a step asks for. `once`: not asked again when the incident knows it already."""

    key: str
    says: str
    kind: FactKind = FactKind.TEXT
    choices: tuple[str, ...] = ()
    is_optional: bool = False
    once: bool = False

    def example(self) -> str:
        """How to give it on the command line."""
        value = {
            FactKind.TEXT: '"..."',
            FactKind.LIST: '"..."',
            FactKind.INSTANT: "2026-11-24T10:00Z",
            FactKind.DAY: "2026-11-24",
            FactKind.YES: "yes",
            FactKind.CHOICE: "|".join(self.choices),
        }[self.kind]
        return f"--fact {self.key}={value}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by key; the values of a LIST are lines."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str:
        """The value, or an empty text."""
        return dict(self.pairs).get(key, "")

    def __contains__(self, key: str) -> bool:
        return any(known == key for known, _ in self.pairs)

    def lines(self, key: str) -> tuple[str, ...]:
        """The entries of a LIST."""
        return tuple(line for line in self.get(key).splitlines() if line)

    def instant(self, key: str) -> datetime | None:
        """An INSTANT as aware UTC, or None."""
        value = self.get(key)
        return datetime.fromisoformat(value) if value else None

    def day(self, key: str) -> date | None:
        """A DAY, or None."""
        value = self.get(key)
        return date.fromisoformat(value) if value else None

    def with_more(self, more: Facts) -> Facts:
        """Both; the later value of a key wins."""
        return Facts(tuple((dict(self.pairs) | dict(more.pairs)).items()))


NO_FACTS = Facts()
LEAST_TEXT = 2
_WHITE = re.compile(r"\s+")


def _instant(text: str) -> str | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Outside these years it is a slip of the pen, and arithmetic on it would overflow.
    is_sane = value.tzinfo is not None and 1990 <= value.year < 2200
    return value.astimezone(UTC).isoformat() if is_sane else None


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _clean(fact: Fact, values: Sequence[str]) -> str | None:
    """The value as it is stored; None when it does not fit."""
    text = _WHITE.sub(" ", values[-1]).strip()
    if fact.kind is FactKind.LIST:
        lines = [_WHITE.sub(" ", value).strip() for value in values]
        return "\n".join(lines) if all(len(line) >= LEAST_TEXT for line in lines) else None
    if fact.kind is FactKind.INSTANT:
        return _instant(text)
    if fact.kind is FactKind.DAY:
        return _day(text)
    if fact.kind is FactKind.YES:
        return "yes" if text == "yes" else None
    if fact.kind is FactKind.CHOICE:
        return text if text in fact.choices else None
    return text if len(text) >= LEAST_TEXT else None


def read_facts(asked: Sequence[Fact], given: Sequence[tuple[str, str]], known: Facts, step: str) -> Facts:
    """The facts of one step. Raises `Refused` naming the fact and how to write it: missing, unknown or ill-formed.

    `known` are those of earlier steps: a fact asked only `once` need not be given again.
    """
    by_key: dict[str, list[str]] = {}
    for key, value in given:
        by_key.setdefault(key, []).append(value)
    names = {fact.key for fact in asked}
    for key in by_key:
        if key not in names:
            wanted = f"it takes {', '.join(sorted(names))}" if names else "it takes none"
            raise Refused(f"refused: {step}: {key!r} is no fact of this step; {wanted}")
    found: list[tuple[str, str]] = []
    missing: list[Fact] = []
    for fact in asked:
        if fact.key not in by_key:
            if not fact.is_optional and not (fact.once and fact.key in known):
                missing.append(fact)
            continue
        cleaned = _clean(fact, by_key[fact.key])
        if cleaned is None:
            raise Refused(f"refused: {step}: {fact.key} must be {fact.says}. Write {fact.example()}")
        found.append((fact.key, cleaned))
    if missing:
        said = "; ".join(fact.says for fact in missing)
        raise Refused(
            f"refused: {step}: not said yet: {said}. Add {' '.join(fact.example() for fact in missing)}"
        )
    return Facts(tuple(found))
