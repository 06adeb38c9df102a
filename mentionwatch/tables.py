"""Strict reading of TOML tables: every wrong value names its file, its key, the cause and the mend."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping
from datetime import date, datetime

from mentionwatch.errors import ConfigError


class Table:
    """One TOML table being read. Each getter marks its key as known; `finish()` refuses the rest."""

    def __init__(self, file: str, data: Mapping[str, object], path: str = "") -> None:
        self.file, self.path = file, path
        self._data = data
        self._known: set[str] = set()

    def key(self, name: str) -> str:
        """The full name of a key, as a person would look for it: `source[2].url`."""
        shown = name if name.isprintable() else ascii(name)
        return f"{self.path}.{shown}" if self.path else shown

    def wrong(self, name: str, cause: str, mend: str) -> ConfigError:
        """The error for a bad value of `name`, to be raised by the caller."""
        return ConfigError(self.file, self.key(name), cause, mend)

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def names(self) -> tuple[str, ...]:
        """The keys that are there, in file order."""
        return tuple(self._data)

    def as_json(self) -> str:
        """The whole table as canonical JSON, dates as ISO text: to be kept and read again."""
        return json.dumps(
            self._data, sort_keys=True, ensure_ascii=False, default=lambda value: value.isoformat()
        )

    def _get(self, name: str, kind: type | tuple[type, ...], word: str, example: str) -> object | None:
        self._known.add(name)
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(
                name, f"expected {word}, found {type(value).__name__}", f"Write {name} = {example}"
            )
        return value

    def _need(self, name: str, example: str) -> ConfigError:
        return self.wrong(name, "is missing", f"Add {name} = {example}")

    def text(self, name: str, default: str | None = None, *, example: str = '"..."') -> str:
        """A non-empty string; without a `default` it must be there."""
        value = self._get(name, str, "text", example)
        if value is None or (isinstance(value, str) and not value.strip()):
            if default is None:
                raise self._need(name, example)
            return default
        return str(value).strip()

    def number(
        self, name: str, default: float | None = None, *, least: float = 0, example: str = "1"
    ) -> float:
        """A finite number not below `least`."""
        value = self._get(name, (int, float), "a number", example)
        if value is None:
            if default is None:
                raise self._need(name, example)
            return default
        found = float(str(value))
        if not (least <= found < math.inf):
            raise self.wrong(
                name, f"must be at least {least:g}, found {found:g}", f"Write {name} = {example}"
            )
        return found

    def flag(self, name: str, default: bool = False) -> bool:
        """true or false."""
        value = self._get(name, bool, "true or false", "true")
        return default if value is None else bool(value)

    def day(self, name: str) -> date | None:
        """A calendar date, written bare (2026-09-01) or as text; None when absent."""
        self._known.add(name)
        value = self._data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise self.wrong(name, f"is not a date: {value!r}", f"Write {name} = 2026-09-01 (year-month-day)")

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of strings, without blanks; a single string counts as a list of one."""
        example = '["one", "two"]'
        value = self._get(name, (list, str), "a list of texts", example)
        if value is None:
            return default
        items: list[object] = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, str):
                raise self.wrong(
                    name, f"holds a {type(item).__name__}, not text", f"Write {name} = {example}"
                )
        return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())

    def table(self, name: str) -> Table:
        """A sub-table; empty when absent."""
        value = self._get(name, Mapping, "a table", "{ }")
        return Table(self.file, value if isinstance(value, Mapping) else {}, self.key(name))

    def tables(self, name: str) -> tuple[Table, ...]:
        """An array of tables (`[[name]]`), numbered from 1 in messages; empty when absent."""
        value = self._get(name, list, "tables", f"[[{name}]]")
        items = value if isinstance(value, list) else []
        for item in items:
            if not isinstance(item, Mapping):
                raise self.wrong(name, "is not an array of tables", f"Head each one with [[{name}]]")
        return tuple(Table(self.file, item, f"{self.key(name)}[{n}]") for n, item in enumerate(items, 1))

    def finish(self) -> None:
        """Refuse keys nobody asked for: a typo must not silently change nothing."""
        for name in self._data:
            if name not in self._known:
                near = difflib.get_close_matches(name, sorted(self._known), n=1)
                mend = (
                    f"Did you mean {near[0]}?"
                    if near
                    else f"Remove it; known keys are {', '.join(sorted(self._known))}"
                )
                raise self.wrong(name, "is not a key mentionwatch knows", mend)
