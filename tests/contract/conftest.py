"""The town, a door into it, and one set of nights per collector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from collectors.fetch import Door
from tests.contract.nights import CASES, Nights, open_door
from town.server import Town


@pytest.fixture
def town(now: datetime) -> Iterator[Town]:
    with Town(now) as running:
        yield running


@pytest.fixture
def open_nights(town: Town, now: datetime) -> Iterator[Callable[..., Nights]]:
    doors: list[Door] = []

    def build(kind: str, total_s: float = 3.0, **options: object) -> Nights:
        door = open_door(town.base, total_s)
        doors.append(door)
        case = CASES[kind]
        return Nights(
            town=town,
            case=case,
            collector=case.build(town, **options),
            door=door,
            now=now,
            credentials=case.credentials,
        )

    yield build
    for door in doors:
        door.close()


@pytest.fixture(params=list(CASES))
def nights(request: pytest.FixtureRequest, open_nights: Callable[..., Nights]) -> Nights:
    return open_nights(request.param)
