"""Looks of one collector at a peer, through the real door, and what the peer answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from collectors.fetch import Door, Limits
from collectors.registry import make_collector
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.model import SourceSpec
from mentionwatch.tables import Table
from tests.contract.nights import Looks, profile


class WatchedDoor(Door):
    """The real door; it also remembers the answers."""

    def __init__(self, base: str) -> None:
        super().__init__(
            user_agent="mentionwatch/0.1 (+office@ysgolaberwylan.example)",
            allow_networks=[ip_network("127.0.0.1/32")],
            configured_origins=[base],
            limits=Limits(connect_s=2, total_s=60),
        )
        self._answered: list[tuple[str, int]] = []

    def __call__(self, request: FetchRequest) -> Fetched | Fault:
        answer = super().__call__(request)
        self._answered.append((request.url, answer.status if isinstance(answer, Fetched) else 0))
        return answer

    def statuses(self, url: str) -> list[int]:
        """What one address answered, in order; 0 for a fault."""
        return [status for asked, status in self._answered if asked == url]


@dataclass(kw_only=True)
class PeerLooks(Looks):
    """Looks through a door that remembers."""

    door: WatchedDoor


OpenLooks = Callable[..., PeerLooks]
"""`(base, collector, **options of sources.toml)`."""


def build_looks(door: WatchedDoor, collector: str, options: dict[str, object]) -> PeerLooks:
    table = Table("sources.toml", options, "source[1]")
    made = make_collector(SourceSpec("peer", collector, place="Aberwylan"), table, profile())
    table.finish()
    # The servers run on the real clock, so the looks do too.
    return PeerLooks(collector=made, door=door, now=datetime.now(UTC).replace(microsecond=0))


def ago(**delta: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**delta)
