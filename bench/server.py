"""A server of feeds in a process of its own, one loopback address a feed: 200 feeds are 200 hosts.

Every answer comes after `--latency-ms`, also robots.txt and pages. One line of JSON on standard output says
where it listens; it ends when its standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import socket
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field

from bench.texts import Item, write_feed, write_items, write_page

ROBOTS = b"User-agent: *\nDisallow: /admin\nDisallow: /search\n"


@dataclass(slots=True)
class Site:
    """What one address serves."""

    feed: bytes
    etag: bytes
    pages: dict[str, Item]


@dataclass(slots=True)
class Town:
    """All sites by address, and how often what was asked."""

    latency_s: float
    sites: dict[str, Site] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def answer(self, address: str, request: bytes) -> bytes:
        """One request as it came, one answer as it goes."""
        line, _, rest = request.partition(b"\r\n")
        path = line.split(b" ")[1].decode("latin-1") if line.count(b" ") >= 2 else "/"
        site = self.sites[address]
        if path == "/feed.xml":
            if b'if-none-match: "' in rest.lower() and site.etag in rest:
                self.asked["feed_304"] += 1
                return b"HTTP/1.1 304 Not Modified\r\nETag: " + site.etag + b"\r\n\r\n"
            self.asked["feed_200"] += 1
            return _message(b"200 OK", b"application/rss+xml", site.feed, b"ETag: " + site.etag + b"\r\n")
        if path == "/robots.txt":
            self.asked["robots"] += 1
            return _message(b"200 OK", b"text/plain", ROBOTS)
        if path in site.pages:
            self.asked["pages"] += 1
            return _message(b"200 OK", b"text/html; charset=utf-8", write_page(site.pages[path]))
        self.asked["missing"] += 1
        return _message(b"404 Not Found", b"text/plain", b"nothing here")


def _message(status: bytes, kind: bytes, body: bytes, more: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n" % (
        status,
        kind,
        len(body),
        more,
    )
    return head + body


class Visit(asyncio.Protocol):
    """One connection, kept open for as long as the visitor likes."""

    def __init__(self, town: Town) -> None:
        self._town, self._rest = town, b""
        self._address = ""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._address = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            request, _, self._rest = self._rest.partition(b"\r\n\r\n")
            reply = self._town.answer(self._address, request)
            asyncio.get_running_loop().call_later(self._town.latency_s, self._send, reply)

    def _send(self, reply: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(reply)


def addresses(count: int) -> list[str]:
    """127.0.8.1 and on: all of 127/8 is loopback on Linux."""
    return [f"127.0.{8 + number // 200}.{1 + number % 200}" for number in range(count)]


def _listen(count: int) -> tuple[list[socket.socket], int]:
    """One port that is free on every address, so that hosts differ in the address alone."""
    for _ in range(20):
        sockets: list[socket.socket] = []
        port = 0
        with contextlib.suppress(OSError):
            for address in addresses(count):
                one = socket.create_server((address, port), backlog=128)
                port = one.getsockname()[1]
                sockets.append(one)
            return sockets, port
        for one in sockets:
            one.close()
    raise OSError("no port is free on all the addresses of the bench")


async def _serve(feeds: int, items: int, one_in: int, latency_s: float) -> None:
    sockets, port = _listen(feeds)
    town = Town(latency_s)
    urls = []
    for number, address in enumerate(addresses(feeds)):
        base = f"http://{address}:{port}"
        written = write_items(number, items, one_in)
        body = write_feed(base, number, written)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'.encode()
        town.sites[address] = Site(body, etag, {item.path: item for item in written})
        urls.append(f"{base}/feed.xml")
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(lambda: Visit(town), sock=one) for one in sockets]
    size = sum(len(site.feed) for site in town.sites.values())
    print(json.dumps({"urls": urls, "bytes": size}), flush=True)
    ended = asyncio.Event()

    def watch() -> None:
        for line in sys.stdin:
            if line.strip() == "counts":
                print(json.dumps(dict(town.asked)), flush=True)
                town.asked.clear()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=watch, daemon=True).start()
    await ended.wait()
    for server in servers:
        server.close()


def main() -> None:
    """Serve until standard input closes; the word `counts` asks what was asked since the last time."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--items", type=int, default=25)
    parser.add_argument("--one-in", type=int, default=25)
    parser.add_argument("--latency-ms", type=float, default=50.0)
    given = parser.parse_args()
    asyncio.run(_serve(given.feeds, given.items, given.one_in, given.latency_ms / 1000))


if __name__ == "__main__":
    main()
