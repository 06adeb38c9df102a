"""What the tests of the door share: a server on loopback, doors that may reach it, a way to ask."""

from __future__ import annotations

from ipaddress import ip_network

from collectors.fetch import Door, Limits
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.labels import FaultKind

LOOPBACK = [ip_network("127.0.0.1/32")]
QUICK = Limits(connect_s=0.5, total_s=0.6)
PAGE = b"<p>A page about the school.</p>"


def ask(door: Door, url: str, source: str = "", **fields: object) -> Fetched | Fault:
    return door(FetchRequest(url, source or url, **fields))  # type: ignore[arg-type]


def fetched(result: Fetched | Fault) -> Fetched:
    assert isinstance(result, Fetched), result
    return result


def fault(result: Fetched | Fault) -> FaultKind:
    assert isinstance(result, Fault), result
    return result.kind
