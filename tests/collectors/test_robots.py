"""robots.txt: asked once, obeyed, and a broken one is never taken for leave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import pytest

from collectors.fetch import Door, Limits
from collectors.turns import Turns
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.labels import FaultKind
from tests.collectors.loopback import Loopback, answer, loopback, send


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        running.routes["/a"] = send(answer(b"<p>page</p>"))
        yield running


@pytest.fixture
def door(server: Loopback) -> Iterator[Door]:
    opened = Door(
        user_agent="mentionwatch/0.1 (+x)",
        allow_networks=[ip_network("127.0.0.1/32")],
        configured_origins=[server.base],
        limits=Limits(total_s=1.0),
    )
    yield opened
    opened.close()


def ask(door: Door, server: Loopback, path: str = "/a") -> Fetched | Fault:
    return door(FetchRequest(server.base + path, server.base))


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        ("User-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /a", "/a", True),
        ("User-agent: mentionwatch\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: *\nAllow: /\n\nUser-agent: mentionwatch\nDisallow: /a", "/a", False),
        ("User-agent: watch\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*?x=", "/a?x=1", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a$", "/a", False),
        ("<html>not robots at all</html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_the_rules_are_obeyed(rules: str, path: str, is_allowed: bool, server: Loopback, door: Door) -> None:
    server.routes["/robots.txt"] = send(answer(rules.encode(), content_type="text/plain"))
    got = ask(door, server, path)
    if is_allowed:
        assert isinstance(got, Fetched) and got.robots.startswith("allowed by robots.txt (sha256 ")
    else:
        assert isinstance(got, Fault) and got.kind is FaultKind.REFUSED_BY_POLICY and server.hits[path] == 0
        assert "Disallow: /" in got.detail


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_file_allows_everything(status: int, server: Loopback, door: Door) -> None:
    server.routes["/robots.txt"] = send(answer(b"", f"{status} No"))
    got = ask(door, server)
    assert isinstance(got, Fetched) and got.robots == f"no robots.txt ({status})"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, FaultKind.SERVER_ERROR), (503, FaultKind.SERVER_ERROR), (429, FaultKind.RATE_LIMITED)],
)
def test_a_broken_robots_file_bars_the_page_for_now(
    status: int, kind: FaultKind, server: Loopback, door: Door
) -> None:
    server.routes["/robots.txt"] = send(answer(b"", f"{status} No"))
    got = ask(door, server)
    assert isinstance(got, Fault) and got.kind is kind and server.hits["/a"] == 0


def test_a_second_look_asks_again_after_a_robots_fault() -> None:
    clock = [0.0]
    with loopback() as server:
        server.routes["/robots.txt"] = send(answer(b"", "500 No"))
        server.routes["/a"] = send(answer(b"page"))
        door = Door(
            user_agent="mentionwatch/0.1 (+x)",
            allow_networks=[ip_network("127.0.0.1/32")],
            configured_origins=[server.base],
            monotonic=lambda: clock[0],
        )
        assert isinstance(ask(door, server), Fault) and isinstance(ask(door, server), Fault)
        assert server.hits["/robots.txt"] == 1
        clock[0] += 3
        server.routes["/robots.txt"] = send(answer(b"", "404 No"))
        assert isinstance(ask(door, server), Fetched)
        door.close()


def test_many_threads_ask_for_robots_once(server: Loopback, door: Door) -> None:
    def slow(connection: object, _request: bytes) -> None:
        time.sleep(0.1)
        connection.sendall(answer(b"User-agent: *\nDisallow: /b"))  # type: ignore[attr-defined]

    server.routes["/robots.txt"] = slow
    with ThreadPoolExecutor(16) as threads:
        results = list(threads.map(lambda _: ask(door, server), range(32)))
    assert all(isinstance(got, Fetched) for got in results)
    assert (server.hits["/robots.txt"], server.hits["/a"]) == (1, 32)


def test_a_huge_robots_file_is_read_up_to_500_kib(server: Loopback, door: Door) -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# filler\n" * 200_000
    server.routes["/robots.txt"] = send(answer(rules, content_type="text/plain"))
    got = ask(door, server)
    assert isinstance(got, Fault) and got.kind is FaultKind.REFUSED_BY_POLICY


def test_a_redirect_asks_the_next_origins_rules_too(server: Loopback, door: Door) -> None:
    server.routes["/robots.txt"] = send(answer(b"User-agent: *\nDisallow: /private"))
    server.routes["/a"] = send(answer(b"", "302 Found", location="/private/x"))
    server.routes["/private/x"] = send(answer(b"page"))
    got = ask(door, server)
    assert isinstance(got, Fault) and server.hits["/private/x"] == 0


def test_a_host_gets_a_pause_between_visits_and_two_at_once() -> None:
    slept: list[float] = []
    clock = [100.0]
    turns = Turns(2, 16, 2.0, lambda: clock[0], slept.append)
    for _ in range(3):
        with turns.turn("paper.example", paced=True):
            pass
    with turns.turn("other.example", paced=True):
        pass
    assert slept == [2.0, 4.0]
    clock[0] += 60
    turns.ask_pause("paper.example", 10.0)
    with turns.turn("paper.example", paced=True), turns.turn("paper.example", paced=False):
        pass
    assert slept[-1] == 10.0


def test_at_most_two_requests_run_at_one_host_at_once(server: Loopback, door: Door) -> None:
    running, most = [0], [0]

    def slow(connection: object, _request: bytes) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.02)
        running[0] -= 1
        connection.sendall(answer(b"page"))  # type: ignore[attr-defined]

    server.routes["/a"] = slow
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _: ask(door, server), range(12)))
    assert server.hits["/a"] == 12 and most[0] == 2
