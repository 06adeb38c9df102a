"""What was read from the tables and still holds: kept between two pages, dropped by the first write to a table it came from.

Nothing here is ever older than the last commit. An answer is kept with the names of the tables its queries read; a
transaction of this process names the tables it wrote, and what came from one of them is dropped. A write that nobody
here knows of, another process's or a backup put back, shows in the files themselves, and then everything is dropped.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

Marks = tuple[tuple[int, ...], ...]
"""What tells one state of the files from another."""

ANY_TABLE: Final = "*"
"""Stands for every table: of a query or a statement that does not say which it is about."""

MOST_ANSWERS: Final = 300
"""Some hundred kB each at most; what was asked for longest ago goes first."""

_A_WRITE = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_WRITES = re.compile(
    r"""\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:"?\w+"?\.)*"?(\w+)""", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:CREATE|DROP|ALTER|COPY|TRUNCATE|MERGE|ATTACH|IMPORT|USE|CHECKPOINT|PRAGMA)\b", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_NO_TABLE = re.compile(r"\b(?:duckdb|pragma)_\w+\s*\(", re.IGNORECASE)
"""Functions that tell of the file itself: no table says when their answer changes."""


def is_write(sql: str) -> bool:
    """Could it change anything? A query that gives back what it wrote does."""
    return bool(_A_WRITE.search(sql) or _OTHER.search(sql))


@lru_cache(maxsize=2_000)
def tables_written(sql: str) -> frozenset[str]:
    """The tables a statement of ours writes to, in lower case, and perhaps a name or two more; `ANY_TABLE` when it does not say.

    Each INSERT, UPDATE and DELETE in it must name its table, else it does not.
    """
    found = [name.lower() for name in _WRITES.findall(sql)]
    is_told = found and len(found) == len(_A_WRITE.findall(sql)) and not _OTHER.search(sql)
    return frozenset(found if is_told else {ANY_TABLE})


@lru_cache(maxsize=2_000)
def tables_read(sql: str) -> frozenset[str]:
    """The tables a query of ours reads, among every other word of it; `ANY_TABLE` when it asks for what lies in none.

    A word too many costs an answer now and then. There is no view in the writer's file, behind which a table could hide.
    """
    return frozenset({ANY_TABLE}) if _NO_TABLE.search(sql) else _words(sql)


def _words(sql: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(sql))


class Same:
    """Part of a question that is itself and no other: a policy, a school's file, as long as nobody reads it anew."""

    __slots__ = ("_thing",)

    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other._thing is self._thing

    def __hash__(self) -> int:
        return id(self._thing)


@dataclass(slots=True)
class _Answer:
    """One that is there, or one that somebody works out while others wait for it."""

    is_there: threading.Event = field(default_factory=threading.Event)
    value: Any = None
    tables: frozenset[str] = frozenset()
    is_failed: bool = False


class Answers:
    """What one process remembers of one home's tables. Values are shared between threads: keep none that can change."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._found: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._marks: Marks = ()

    def __len__(self) -> int:
        return len(self._found)

    def meet(self, marks: Marks) -> None:
        """Whoever opens the files says how they look: unless they are as the last known write left them, nothing holds."""
        with self._guard:
            if marks != self._marks:
                self._found.clear()
                self._marks = marks

    def wrote(self, before: Marks, after: Marks, tables: frozenset[str]) -> None:
        """A transaction that wrote these tables changed the files from `before` to `after`. Told while nobody else may hold them."""
        with self._guard:
            if before != self._marks or ANY_TABLE in tables:
                self._found.clear()
            else:
                for key in [key for key, one in self._found.items() if one.tables & (tables | {ANY_TABLE})]:
                    del self._found[key]
            self._marks = after

    def forget(self) -> None:
        """Keep nothing, words of posts least of all, while nobody reads."""
        with self._guard:
            self._found.clear()

    def of(self, key: Hashable, work: Callable[[], tuple[Any, frozenset[str]]]) -> tuple[Any, frozenset[str]]:
        """The answer under this key and the tables it came from; worked out once, by the first who asks.

        Asked and worked out while the files are held for reading, so that no write lies between the two.
        """
        while True:
            with self._guard:
                found = self._found.get(key)
                if found is None:
                    mine = self._found[key] = _Answer()
                    break
                self._found.move_to_end(key)
            found.is_there.wait()
            if not found.is_failed:
                return found.value, found.tables
        try:
            mine.value, mine.tables = work()
        except BaseException:
            mine.is_failed = True
            with self._guard:
                if self._found.get(key) is mine:
                    del self._found[key]
            raise
        finally:
            mine.is_there.set()
        with self._guard:
            while len(self._found) > MOST_ANSWERS:
                self._found.popitem(last=False)
        return mine.value, mine.tables
