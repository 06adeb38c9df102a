"""A long list in parts, so that a page weighs the same whatever is stored. How many there are in all is said on each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from starlette.requests import Request

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """The rows of one page, which of how many pages it is, and how many rows there are on all of them."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int


def page_asked(request: Request, digits: int = 5, name: str = "page") -> int:
    """The page the address asks for; the first, where it asks for none or writes no number of so many digits."""
    asked = request.query_params.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= digits else 1


def part_of(request: Request, rows: Sequence[Row], size: int, name: str = "page") -> Part[Row]:
    """The part that the address asks for; the last one, where it asks for one after that."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(page_asked(request, name=name), 1), pages)
    return Part(tuple(rows[(number - 1) * size : number * size]), number, pages, len(rows))


def latest_part(request: Request, rows: Sequence[Row], size: int, name: str) -> Part[Row]:
    """Of rows in the order of time: the first part has the latest, and each is in the order of time. `name` is the address's."""
    part = part_of(request, rows[::-1], size, name)
    return replace(part, rows=part.rows[::-1])
