"""What the door refuses: private addresses in every disguise, pictures, scripts."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from collectors.fetch import Door
from mentionwatch.labels import FaultKind
from tests.collectors.doorstep import PAGE, ask, fault, fetched
from tests.collectors.loopback import Loopback, answer, loopback, send

# --- S: no private address is ever contacted (ssrf-*) ---

FORBIDDEN_HOSTS = """
127.0.0.1 127.1 127.0.0.2 2130706433 0x7f000001 0177.0.0.1 0.0.0.0 0 [::] [::1] [::ffff:127.0.0.1] [::ffff:7f00:1]
[::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [2001::1] [fe80::1] [fc00::1] [fd00:ec2::254] [ff02::1] 10.0.0.1
172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 198.18.0.1 224.0.0.1
240.0.0.1 255.255.255.255 localhost localhost. LOCALHOST ip6-localhost ①②⑦.⓪.⓪.① 127.0.0.1.0x1 0x7f.0x0.0x0.0x1
127.0.0.1%2f@example.org user@127.0.0.1 [64:ff9b:1::1] [2001:db8::1] [3fff::1]
"""


@pytest.mark.parametrize("host", FORBIDDEN_HOSTS.split())
def test_no_form_of_a_private_address_is_contacted(host: str, doors: Callable[..., Door]) -> None:
    """S1: the canary listens on the web ports' stand-in; the door refuses before any connection."""
    connected: list[str] = []

    def resolve(name: str, port: int) -> list[str]:
        connected.append(name)
        return ["127.0.0.1"]

    for scheme in ("http", "https"):
        got = ask(
            doors(resolve=resolve), f"{scheme}://{host}/latest/meta-data/", "https://paper.example/feed"
        )
        assert fault(got) is FaultKind.REFUSED_BY_POLICY


@pytest.mark.parametrize(
    "answers", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1"], ["::ffff:10.0.0.1"], ["93.184.216.34", "fd00::1"]]
)
def test_a_name_with_any_private_answer_is_refused(answers: list[str], doors: Callable[..., Door]) -> None:
    door = doors(resolve=lambda host, port: answers)
    assert fault(ask(door, "http://paper.example/")) is FaultKind.REFUSED_BY_POLICY


def test_a_redirect_to_another_private_origin_is_refused_and_never_contacted(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    with loopback() as canary:
        goals = [
            f"{canary.base}/x",
            f"http://127.0.0.2:{server.port}/x",
            f"http://[::ffff:127.0.0.1]:{server.port}/x",
            "http://169.254.169.254/latest/",
            "http://127.0.0.1/",
            "file:///etc/passwd",
            "http://u:p@127.0.0.1/",
            f"http://0x7f000001:{canary.port}/",
        ]
        for number, goal in enumerate(goals):
            server.routes[f"/{number}"] = send(answer(b"", "302 Found", location=goal))
            got = ask(doors(server.base), f"{server.base}/{number}")
            assert fault(got) is FaultKind.REFUSED_BY_POLICY, goal
        assert canary.connections == 0


def test_a_private_network_is_open_at_the_sources_own_origin_only(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    """A link found in content is never fetched in the school's network, even where a source lives there."""
    server.routes["/a"] = send(answer(PAGE))
    with loopback() as canary:
        canary.routes["/x"] = send(answer(PAGE))
        door = doors(server.base, canary.base)
        fetched(ask(door, f"{server.base}/a"))
        assert server.connections == 1
        refused = [
            ask(door, f"{canary.base}/x", f"{server.base}/a"),
            ask(door, f"{server.base}/a", "https://paper.example/feed"),
            ask(door, f"{server.base}/a", f"{canary.base}/x"),
            ask(door, f"http://localhost:{server.port}/a"),
            ask(doors(), f"{server.base}/a"),
        ]
        assert {fault(got) for got in refused} == {FaultKind.REFUSED_BY_POLICY}
        assert (canary.connections, server.hits["/a"]) == (0, 1)


def test_an_open_connection_does_not_serve_what_the_rule_forbids(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    """The pool of the opened network is never asked on behalf of another source."""
    server.routes["/a"] = send(answer(PAGE))
    names = {"intranet.example": ["127.0.0.1"]}
    base = f"http://intranet.example:{server.port}"
    door = doors(base, resolve=lambda host, port: names[host])
    fetched(ask(door, f"{base}/a"))
    assert fault(ask(door, f"{base}/a", "http://other.example/")) is FaultKind.REFUSED_BY_POLICY
    assert server.hits["/a"] == 1


def test_each_connection_resolves_once_and_goes_to_the_address_that_was_checked(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    """ssrf-rebind: a second answer that differs is checked anew, never trusted from the first."""
    calls: list[str] = []
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1"]])

    def resolve(host: str, port: int) -> list[str]:
        calls.append(host)
        return next(answers)

    server.routes["/a"] = send(answer(PAGE, connection="close"))
    server.routes["/robots.txt"] = send(answer(b"", connection="close"))
    base = f"http://intranet.example:{server.port}"
    door = doors(base, resolve=resolve)
    got = ask(door, f"{base}/a")
    assert fault(got) is FaultKind.REFUSED_BY_POLICY and len(calls) == 2
    assert fetched(ask(door, f"{base}/a")).remote_ip == "127.0.0.1"
    assert b"Host: intranet.example:" in server.requests[-1]


def test_ports_other_than_the_webs_are_for_configured_origins_only(doors: Callable[..., Door]) -> None:
    assert (
        fault(ask(doors(resolve=lambda h, p: ["8.8.8.8"]), "http://paper.example:22/"))
        is FaultKind.REFUSED_BY_POLICY
    )


def test_proxies_and_cookies_have_no_say(
    server: Loopback, doors: Callable[..., Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    with loopback() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.base)
        server.routes["/a"] = send(answer(PAGE, set_cookie="id=1"))
        door = doors(server.base)
        fetched(ask(door, f"{server.base}/a", headers=(("Cookie", "mine=1"),)))
        fetched(ask(door, f"{server.base}/a"))
        assert proxy.connections == 0 and not any(b"cookie" in request.lower() for request in server.requests)


# --- no picture, film, font or script (I15) ---


@pytest.mark.parametrize(
    "media_type",
    [
        "image/png",
        "IMAGE/SVG+XML",
        "audio/mpeg",
        "video/mp4",
        "font/woff2",
        "application/javascript",
        "text/javascript; x=1",
    ],
)
def test_i15_pictures_film_and_scripts_are_refused_at_the_header(
    media_type: str, server: Loopback, doors: Callable[..., Door]
) -> None:
    server.routes["/m"] = send(
        f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: 100\r\n\r\n".encode()
    )
    assert fault(ask(doors(server.base), f"{server.base}/m")) is FaultKind.REFUSED_BY_POLICY


@pytest.mark.parametrize(
    "start",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x00\x00\x00\x18ftypmp42",
        b"wOF2",
        b"<?xml version='1.0'?> <svg ",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_i15_mislabelled_pictures_are_refused_by_their_bytes(
    start: bytes, packed: bool, server: Loopback, doors: Callable[..., Door]
) -> None:
    body = start + bytes(3000)
    server.routes["/m"] = send(
        answer(gzip.compress(body), content_encoding="gzip") if packed else answer(body)
    )
    assert fault(ask(doors(server.base), f"{server.base}/m")) is FaultKind.REFUSED_BY_POLICY


def test_the_status_of_a_missing_picture_is_still_told(server: Loopback, doors: Callable[..., Door]) -> None:
    server.routes["/m"] = send(answer(b"\x89PNG\r\n", "404 Not Found", content_type="image/png"))
    got = fetched(ask(doors(server.base), f"{server.base}/m"))
    assert (got.status, got.body) == (404, b"")
