"""The one guarded door to the network. Everything this software fetches passes through it."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zlib import crc32

import certifi
import httpcore

from collectors.addresses import Network, Target, follow, is_opened, literal_address, read_url
from collectors.conditional import fault_for_status, retry_after_s
from collectors.exchange import REDIRECTS, Answer, Ask, Exchange, Limits
from collectors.robots import Robots
from collectors.turns import Turns
from collectors.wire import CheckedNetwork, Deadline, Resolve, resolve_system
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.labels import FaultKind

__all__ = ["Door", "Limits", "fault_for_status", "open_tls", "retry_after_s"]

_KEPT_PER_POOL = 4


@dataclass(slots=True)
class _Visit:
    """What one call through the door has done so far."""

    request: FetchRequest
    source_origin: str
    first_origin: str
    hosts: set[str] = field(default_factory=set)


def open_tls() -> ssl.SSLContext:
    """Certificates checked against the system's roots and the bundled ones; built once, shared by all."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class Door:
    """A `mentionwatch.fetching.Fetch`, safe from any thread.

    `allow_networks` are private networks the school opened; one of their addresses is reached only at an
    origin that is in `configured_origins` *and* is the origin of the request's own `source_url`. The rule is
    applied again at every redirect. Such visits use a connection pool of their own, so a connection kept
    open for one of them can never serve anything else.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_networks: Iterable[Network] = (),
        configured_origins: Iterable[str] = (),
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolve_system,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._now, self._monotonic = now, monotonic
        self._networks = tuple(allow_networks)
        targets = (read_url(origin) for origin in configured_origins)
        self._configured = frozenset(target.origin for target in targets if isinstance(target, Target))
        self._deadline = Deadline(monotonic)
        self._exchange = Exchange(self._limits, user_agent, self._deadline)
        self._tls = tls or open_tls()
        self._public = CheckedNetwork(self._deadline, (), self._limits.connect_s, resolve)
        self._private = CheckedNetwork(self._deadline, self._networks, self._limits.connect_s, resolve)
        self._public_pools, self._private_pools = self._pools(self._public), self._pools(self._private)
        self._turns = Turns(
            self._limits.per_host, self._limits.in_all, self._limits.per_host_pause_s, monotonic, sleep
        )
        self._robots = Robots(monotonic)
        self._closed = threading.Event()

    def _pools(self, network: CheckedNetwork) -> tuple[httpcore.ConnectionPool, ...]:
        # Under its one lock a pool asks each of its idle sockets at every request: many hosts in one would queue there.
        # An idle connection is dropped before most servers drop it, so that few requests meet a closed one.
        return tuple(
            httpcore.ConnectionPool(
                ssl_context=self._tls,
                max_connections=self._limits.in_all * 4,
                max_keepalive_connections=_KEPT_PER_POOL,
                keepalive_expiry=self._limits.idle_s,
                network_backend=network,
            )
            for _ in range(self._limits.in_all)
        )

    def close(self) -> None:
        """Drop all connections; later requests come back as faults."""
        self._closed.set()
        for pool in (*self._public_pools, *self._private_pools):
            pool.close()

    def __call__(self, request: FetchRequest) -> Fetched | Fault:
        """Fetch one URL. Never raises for what the outside world does."""
        if self._closed.is_set():
            return Fault(FaultKind.UNEXPECTED, "the run is over: nothing is fetched any more")
        target = read_url(request.url)
        if isinstance(target, Fault):
            return target
        if request.method not in ("GET", "HEAD", "POST"):
            return Fault(
                FaultKind.REFUSED_BY_POLICY, "only GET, HEAD and POST are sent: nothing is ever changed"
            )
        source = read_url(request.source_url)
        origin = source.origin if isinstance(source, Target) else ""
        self._deadline.at = self._monotonic() + self._limits.total_s
        return self._walk(_Visit(request, origin, target.origin), target)

    def _walk(self, visit: _Visit, target: Target, *, is_robots: bool = False) -> Fetched | Fault:
        """Follow redirects by hand: every hop is a new question to every rule."""
        request, passed = visit.request, list[str]()
        method = request.method
        robots = "robots.txt not asked"
        while True:
            if request.obey_robots and not is_robots:
                leave = self._leave(visit, target)
                if isinstance(leave, Fault):
                    return leave
                robots = leave
            answer = self._hop(visit, target, method, is_robots=is_robots)
            if isinstance(answer, Fault):
                return replace(answer, detail=f"{target.host}: {answer.detail}")
            location = dict(reversed([(k.lower(), v) for k, v in answer.headers])).get("location", "")
            if answer.status not in REDIRECTS or not location:
                return self._fetched(visit, target, answer, tuple(passed), robots)
            if len(passed) >= self._limits.redirects:
                return Fault(
                    FaultKind.SERVER_ERROR, f"{target.host}: more than {self._limits.redirects} redirects"
                )
            passed.append(target.url)
            goal = follow(target, location)
            if isinstance(goal, Fault):
                return replace(goal, detail=f"{target.host}: redirect refused: {goal.detail}")
            if method == "POST":
                if answer.status in (307, 308) and goal.origin != target.origin:
                    return Fault(
                        FaultKind.REFUSED_BY_POLICY, f"{target.host}: redirects what we send to another site"
                    )
                method = "POST" if answer.status in (307, 308) else "GET"
            target = goal

    def _leave(self, visit: _Visit, target: Target) -> str | Fault:
        """Ask the origin's robots.txt; the decision in words, or the refusal."""

        def ask() -> Fetched | Fault:
            return self._walk(visit, replace(target, path="/robots.txt"), is_robots=True)

        rules = self._robots.rules(target.origin, ask, self._deadline.left())
        if isinstance(rules, Fault):
            return (
                rules
                if target.host in rules.detail
                else replace(rules, detail=f"{target.host}: {rules.detail}")
            )
        if not rules.allows(target.url):
            rule = rules.rule_against(target.url)
            return Fault(
                FaultKind.REFUSED_BY_POLICY,
                f"{target.host}: robots.txt asks us not to ({rule or 'Disallow'})",
            )
        if rules.delay_s > self._limits.per_host_pause_s and not self._is_private(visit, target):
            self._turns.ask_pause(target.host, rules.delay_s)
            visit.hosts.add(target.host)
        return rules.why

    def _is_configured(self, visit: _Visit, target: Target) -> bool:
        return target.origin == visit.source_origin and target.origin in self._configured

    def _is_private(self, visit: _Visit, target: Target) -> bool:
        """Is this a machine of the school's own, where no pause is owed?"""
        if not self._is_configured(visit, target):
            return False
        literal = literal_address(target.host)
        return is_opened(literal, self._networks) if literal else target.host in self._private.private_hosts

    def _hop(self, visit: _Visit, target: Target, method: str, *, is_robots: bool) -> Answer | Fault:
        is_configured = self._is_configured(visit, target)
        if target.port not in (80, 443) and not is_configured:
            return Fault(FaultKind.REFUSED_BY_POLICY, f"port {target.port} is not one that web pages use")
        paced = target.host not in visit.hosts and not self._is_private(visit, target)
        visit.hosts.add(target.host)
        asked = self._monotonic()
        with self._turns.turn(target.host, paced=paced):
            self._deadline.at += self._monotonic() - asked
            pools = self._private_pools if is_configured else self._public_pools
            pool = pools[crc32(target.origin.encode()) % len(pools)]
            is_first = target.origin == visit.first_origin
            return self._exchange.run(pool, Ask(visit.request, target, method, is_first, is_robots))

    def _fetched(
        self, visit: _Visit, target: Target, answer: Answer, passed: tuple[str, ...], robots: str
    ) -> Fetched | Fault:
        names = {name for name, _ in answer.sent}
        if answer.status == 304 and not names & {"If-None-Match", "If-Modified-Since"}:
            return Fault(FaultKind.UNEXPECTED, f"{target.host}: says 'not modified' to a first request")
        return Fetched(
            url_requested=visit.request.url,
            url_final=target.url,
            status=answer.status,
            reason=answer.reason,
            headers=answer.headers,
            body=answer.body.decoded,
            wire=answer.body.wire,
            fetched_at=self._now(),
            remote_ip=answer.remote_ip,
            redirects=passed,
            request_headers=answer.sent,
            robots=robots,
            truncated=answer.body.truncated,
        )
