"""Servers, doors and benches for the tests of the door and of the feed collector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from ipaddress import ip_network
from typing import Any

import pytest

from collectors.fetch import Door, Limits
from tests.collectors.doorstep import LOOPBACK, QUICK
from tests.collectors.feed_bench import Bench
from tests.collectors.loopback import Loopback, loopback
from tests.contract.nights import open_door
from town.server import Town


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
def doors() -> Iterator[Callable[..., Door]]:
    opened: list[Door] = []

    def build(*configured: str, **options: Any) -> Door:
        values: dict[str, Any] = {"allow_networks": LOOPBACK, "limits": QUICK} | options
        door = Door(
            user_agent="mentionwatch/0.1 (+it@school.example)", configured_origins=configured, **values
        )
        opened.append(door)
        return door

    yield build
    for door in opened:
        door.close()


@pytest.fixture
def bench(now: datetime) -> Iterator[Bench]:
    with loopback() as server:
        door = Door(
            user_agent="mentionwatch/0.1 (+x)",
            allow_networks=[ip_network("127.0.0.1/32")],
            configured_origins=[server.base],
            limits=Limits(connect_s=0.5, total_s=2.0),
        )
        yield Bench(server, door, now)
        door.close()


@pytest.fixture
def town(now: datetime) -> Iterator[Town]:
    with Town(now) as running:
        yield running


@pytest.fixture
def door(town: Town) -> Iterator[Door]:
    opened = open_door(town.base)
    yield opened
    opened.close()
