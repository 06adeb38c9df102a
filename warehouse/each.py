"""What is kept by single ids between two pages: taken where it is there, read at once for all the others, and kept for the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from warehouse.session import MOST_ID

T = TypeVar("T")
_NOTHING: Any = object()


def each_of(
    kept: dict[str, T], ids: Iterable[str], read: Callable[[list[str]], Mapping[str, T]], most: int
) -> dict[str, T]:
    """What there is of each of these ids, in their order. `read` says something of every id it is asked for.

    `kept` is a place `Reading.store` gave; when it would hold more than `most`, it is emptied first.
    """
    asked = dict.fromkeys(ids)
    # Taken out at once, for another page may empty the store meanwhile; what is kept of an id may be None.
    found: dict[str, T] = {id_: one for id_ in asked if (one := kept.get(id_, _NOTHING)) is not _NOTHING}
    if missing := [id_ for id_ in asked if id_ not in found]:
        fresh = read(missing)
        if len(kept) + len(fresh) > most:
            kept.clear()
        kept |= {id_: one for id_, one in fresh.items() if len(id_) <= MOST_ID}
        found |= fresh
    return {id_: found[id_] for id_ in asked}
