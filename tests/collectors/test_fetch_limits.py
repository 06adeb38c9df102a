"""Time, size and packing: no server can hold the door or fill the memory."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable

import pytest

from collectors.fetch import Door, Limits
from mentionwatch.labels import FaultKind
from tests.collectors.doorstep import PAGE, ask, fault, fetched
from tests.collectors.loopback import Loopback, answer, send

# --- time, size, packing ---


def drip(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n")
    for _ in range(1_000):
        connection.sendall(b"x")
        time.sleep(0.02)


def drip_headers(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(1_000):
        connection.sendall(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("behaviour", [drip, drip_headers, lambda _c, _r: time.sleep(20)])
def test_a_dripping_or_silent_server_ends_at_the_deadline(
    behaviour: Callable[[socket.socket, bytes], None], server: Loopback, doors: Callable[..., Door]
) -> None:
    server.routes["/slow"] = behaviour
    start = time.monotonic()
    assert fault(ask(doors(server.base), f"{server.base}/slow")) is FaultKind.TIMEOUT
    assert time.monotonic() - start < 10


def test_the_deadline_spans_robots_and_redirects(server: Loopback, doors: Callable[..., Door]) -> None:
    def slow(data: bytes) -> Callable[[socket.socket, bytes], None]:
        def behave(connection: socket.socket, _request: bytes) -> None:
            time.sleep(0.25)
            connection.sendall(data)

        return behave

    server.routes["/robots.txt"] = slow(answer(b"", "404 Not Found"))
    server.routes["/a"] = slow(answer(b"", "302 Found", location="/b"))
    server.routes["/b"] = slow(answer(PAGE))
    assert fault(ask(doors(server.base), f"{server.base}/a")) is FaultKind.TIMEOUT


def test_a_resolver_that_hangs_is_left_behind(doors: Callable[..., Door]) -> None:
    release = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        release.wait(20)
        return ["8.8.8.8"]

    start = time.monotonic()
    assert fault(ask(doors(resolve=resolve), "http://paper.example/")) is FaultKind.DNS
    assert time.monotonic() - start < 10
    release.set()


def test_an_endless_body_stops_at_the_cap(server: Loopback, doors: Callable[..., Door]) -> None:
    sent = [0]

    def endless(connection: socket.socket, _request: bytes) -> str:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while sent[0] < 200 * 1024 * 1024:
            connection.sendall(b"x" * 65536)
            sent[0] += 65536
        return "close"

    server.routes["/endless"] = endless
    door = doors(server.base, limits=Limits(total_s=10))
    assert fault(ask(door, f"{server.base}/endless")) is FaultKind.TOO_LARGE
    assert sent[0] < 20 * 1024 * 1024


def test_a_body_announced_as_too_large_is_not_read(server: Loopback, doors: Callable[..., Door]) -> None:
    server.routes["/big"] = send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999\r\n\r\n"
    )
    assert fault(ask(doors(server.base), f"{server.base}/big")) is FaultKind.TOO_LARGE
    server.routes["/mid"] = send(answer(b"x" * 2000))
    assert fault(ask(doors(server.base), f"{server.base}/mid", max_bytes=1000)) is FaultKind.TOO_LARGE


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"\0" * 1024 * 1024) for _ in range(megabytes)) + packer.flush()


def test_a_gzip_bomb_is_refused_early(server: Loopback, doors: Callable[..., Door]) -> None:
    server.routes["/bomb"] = send(answer(bomb(200), content_encoding="gzip"))
    door = doors(server.base, limits=Limits(total_s=10))
    start = time.process_time()
    assert fault(ask(door, f"{server.base}/bomb")) is FaultKind.TOO_LARGE
    assert time.process_time() - start < 1.0


TEXT = b"<p>" + b"".join(b"word%d " % n for n in range(3000)) + b"</p>"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "coding"),
    [
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), "X-GZIP"),
        (gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:]), "gzip"),
        (gzip.compress(TEXT) + b"trailing", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (TEXT, "gzip"),
        (TEXT, "identity"),
    ],
)
def test_packed_bodies_are_unpacked_and_kept_as_sent(
    packed: bytes, coding: str, server: Loopback, doors: Callable[..., Door]
) -> None:
    server.routes["/p"] = send(answer(packed, content_encoding=coding))
    got = fetched(ask(doors(server.base), f"{server.base}/p"))
    assert (got.body, got.wire, got.truncated) == (TEXT, packed, False)


def test_a_packing_that_was_not_asked_for_is_a_fault(server: Loopback, doors: Callable[..., Door]) -> None:
    server.routes["/br"] = send(answer(b"xx", content_encoding="br"))
    assert fault(ask(doors(server.base), f"{server.base}/br")) is FaultKind.UNEXPECTED


def test_what_arrived_of_a_cut_gzip_stream_is_kept_and_marked(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    packed = gzip.compress(TEXT)
    server.routes["/cut"] = send(answer(packed[: len(packed) // 2], content_encoding="gzip"))
    got = fetched(ask(doors(server.base), f"{server.base}/cut"))
    assert got.truncated and TEXT.startswith(got.body) and len(got.body) > 1000


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n" + PAGE,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n" + PAGE,
    ],
)
def test_a_body_shorter_than_announced_is_kept_and_marked(
    start: bytes, server: Loopback, doors: Callable[..., Door]
) -> None:
    def behave(connection: socket.socket, _request: bytes) -> str:
        connection.sendall(start)
        return "close"

    server.routes["/short"] = behave
    got = fetched(ask(doors(server.base), f"{server.base}/short"))
    assert got.truncated and got.body == PAGE


def test_an_announced_body_that_never_starts_is_a_truncated_fault(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    def behave(connection: socket.socket, _request: bytes) -> str:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50\r\n\r\n")
        return "close"

    server.routes["/none"] = behave
    assert fault(ask(doors(server.base), f"{server.base}/none")) is FaultKind.TRUNCATED
