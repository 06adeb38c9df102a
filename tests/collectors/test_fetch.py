"""The guarded door: what it fetches, how it redirects, and what it calls a failure. Loopback only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest

from collectors.fetch import Door, fault_for_status
from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind
from tests.collectors.doorstep import PAGE, ask, fault, fetched
from tests.collectors.loopback import Loopback, answer, loopback, send


def test_a_configured_page_is_fetched_whole_with_its_circumstances(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    server.routes["/a"] = send(answer(PAGE, etag='"x"'))
    got = fetched(ask(doors(server.base), f"{server.base}/a"))
    assert (got.status, got.body, got.wire, got.remote_ip) == (200, PAGE, PAGE, "127.0.0.1")
    assert (got.url_requested, got.url_final, got.redirects) == (f"{server.base}/a", f"{server.base}/a", ())
    assert got.header("etag") == '"x"' and got.media_type == "text/html" and not got.truncated
    assert dict(got.request_headers)["User-Agent"] == "mentionwatch/0.1 (+it@school.example)"
    assert got.robots == "no robots.txt (404)"


def test_connections_are_kept_and_used_again(server: Loopback, doors: Callable[..., Door]) -> None:
    server.routes["/a"] = send(answer(PAGE))
    door = doors(server.base)
    for _ in range(5):
        fetched(ask(door, f"{server.base}/a"))
    assert server.connections == 1


@pytest.mark.parametrize("fields", [{}, {"method": "HEAD"}])
def test_a_kept_connection_that_closed_meanwhile_costs_nothing(
    server: Loopback, doors: Callable[..., Door], fields: dict[str, str]
) -> None:
    def say_goodbye_without_closing_first(connection: socket.socket, request: bytes) -> str | None:
        if server.hits["/a"] == 2:
            connection.shutdown(socket.SHUT_RDWR)
            return "close"
        connection.sendall(answer(b"" if fields else PAGE))
        return None

    server.routes["/a"] = say_goodbye_without_closing_first
    door = doors(server.base)
    for _ in range(2):
        assert fetched(ask(door, f"{server.base}/a", **fields)).status == 200


# --- redirects, methods, headers ---


def test_redirects_are_recorded_and_limited(server: Loopback, doors: Callable[..., Door]) -> None:
    for number in range(7):
        server.routes[f"/{number}"] = send(answer(b"gone", "301 Moved", location=f"/{number + 1}"))
    server.routes["/7"] = send(answer(PAGE))
    got = fetched(ask(doors(server.base), f"{server.base}/2"))
    assert (
        got.redirects == tuple(f"{server.base}/{n}" for n in range(2, 7))
        and got.url_final == f"{server.base}/7"
    )
    assert fault(ask(doors(server.base), f"{server.base}/1")) is FaultKind.SERVER_ERROR


def test_secret_headers_are_sent_never_recorded_and_never_reach_another_origin(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    server.routes["/a"] = send(answer(b"", "302 Found", location="/b"))
    server.routes["/b"] = send(answer(PAGE))
    got = fetched(
        ask(doors(server.base), f"{server.base}/a", secret_headers=(("Authorization", "Bearer hush"),))
    )
    assert "hush" not in repr(got)
    asked = [request for request in server.requests if b" /a " in request or b" /b " in request]
    assert len(asked) == 2 and all(b"Bearer hush" in request for request in asked)
    assert b"hush" not in next(request for request in server.requests if b"/robots.txt" in request)
    with loopback() as other:
        other.routes["/c"] = send(answer(b"", "302 Found", location=f"{server.base}/b"))
        server.requests.clear()
        moved = ask(
            doors(server.base, other.base),
            f"{other.base}/c",
            server.base,
            secret_headers=(("Authorization", "hush"),),
        )
        assert fault(moved) is FaultKind.REFUSED_BY_POLICY
        assert not any(b"hush" in request for request in server.requests)


def test_post_sends_its_body_and_is_not_redirected_to_another_site(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    server.routes["/token"] = send(answer(b'{"access_token":"x"}', content_type="application/json"))
    got = fetched(
        ask(doors(server.base), f"{server.base}/token", method="POST", body=b"grant=1", obey_robots=False)
    )
    assert got.status == 200 and server.requests[-1].endswith(b"\r\n\r\ngrant=1")
    assert got.robots == "robots.txt not asked" and server.hits["/robots.txt"] == 0
    server.routes["/away"] = send(answer(b"", "307 Temporary", location="https://elsewhere.example/"))
    assert (
        fault(ask(doors(server.base), f"{server.base}/away", method="POST", body=b"x"))
        is FaultKind.REFUSED_BY_POLICY
    )
    assert fault(ask(doors(server.base), f"{server.base}/a", method="DELETE")) is FaultKind.REFUSED_BY_POLICY


def test_validators_are_sent_and_a_304_comes_back(server: Loopback, doors: Callable[..., Door]) -> None:
    server.routes["/f"] = send(answer(b"", "304 Not Modified", content_length=""))
    door = doors(server.base)
    got = fetched(ask(door, f"{server.base}/f", etag='W/"1"', last_modified="Fri, 20 Nov 2026 10:00:00 GMT"))
    assert got.status == 304 and b'If-None-Match: W/"1"' in server.requests[-1]
    assert b"If-Modified-Since: Fri, 20 Nov 2026 10:00:00 GMT" in server.requests[-1]


@pytest.mark.parametrize("etag", ["", '"caf\u00e9"', '"a\r\nX: y"', '"\x00"'])
def test_a_304_to_a_request_without_usable_validators_is_a_fault(
    etag: str, server: Loopback, doors: Callable[..., Door]
) -> None:
    """A validator HTTP cannot carry is dropped rather than sent: it would fail for ever after."""
    server.routes["/f"] = send(answer(b"", "304 Not Modified", content_length=""))
    assert fault(ask(doors(server.base), f"{server.base}/f", etag=etag)) is FaultKind.UNEXPECTED
    assert b"If-None-Match" not in server.requests[-1] and b"X: y" not in server.requests[-1]


# --- which fault a failure is ---


def test_a_name_that_does_not_exist_is_dns(doors: Callable[..., Door]) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert fault(ask(doors(resolve=resolve), "https://nowhere.invalid/")) is FaultKind.DNS


def test_nobody_listening_is_a_server_error(doors: Callable[..., Door]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    got = ask(doors(base), f"{base}/feed")
    assert (
        isinstance(got, Fault) and got.kind is FaultKind.SERVER_ERROR and "nothing is listening" in got.detail
    )


def test_plain_http_behind_an_https_address_is_tls(server: Loopback, doors: Callable[..., Door]) -> None:
    base = f"https://127.0.0.1:{server.port}"

    def plain(connection: socket.socket, _request: bytes) -> str:
        return "close"

    server.routes["/"] = plain
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"https://127.0.0.1:{listener.getsockname()[1]}"

        def greet() -> None:
            connection, _ = listener.accept()
            connection.recv(1024)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        threading.Thread(target=greet, daemon=True).start()
        assert fault(ask(doors(base), f"{base}/", obey_robots=False)) is FaultKind.TLS


@pytest.mark.parametrize("data", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000])
def test_an_answer_that_is_no_http_is_a_server_error(
    data: bytes, server: Loopback, doors: Callable[..., Door]
) -> None:
    def behave(connection: socket.socket, _request: bytes) -> str:
        connection.sendall(data)
        return "close"

    server.routes["/odd"] = behave
    assert fault(ask(doors(server.base), f"{server.base}/odd")) is FaultKind.SERVER_ERROR


STATUSES = {
    200: None, 204: None, 304: None, 401: "http_401_403", 403: "http_401_403", 451: "http_401_403", 404: "http_404_410",
    410: "http_404_410", 429: "rate_limited", 500: "server_error", 502: "server_error", 503: "server_error",
    400: "unexpected", 418: "unexpected", 302: "unexpected", 999: "unexpected", 600: "unexpected",
}  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_no_fault_of_the_door_and_has_one_meaning(
    status: int, server: Loopback, doors: Callable[..., Door]
) -> None:
    server.routes["/s"] = send(answer(b"", f"{status} X", content_length="" if status in (204, 304) else "0"))
    got = fetched(ask(doors(server.base), f"{server.base}/s", etag='"1"'))
    meaning = fault_for_status(got)
    assert (meaning.kind if meaning else None) == STATUSES[status]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("9999999999", 86400.0),
        ("Sat, 21 Nov 2026 02:31:00 GMT", 60.0),
        ("Fri, 20 Nov 2026 02:31:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_capped(
    value: str, seconds: float | None, server: Loopback, doors: Callable[..., Door], now: object
) -> None:
    server.routes["/s"] = send(answer(b"", "429 Slow Down", retry_after=value))
    meaning = fault_for_status(fetched(ask(doors(server.base, now=lambda: now), f"{server.base}/s")))
    assert meaning is not None and meaning.retry_after_s == seconds


def test_faults_name_the_host_and_nothing_that_could_be_secret(
    server: Loopback, doors: Callable[..., Door]
) -> None:
    door = doors(server.base)
    server.routes["/robots.txt"] = send(answer(b"User-agent: *\nDisallow: /feeds"))
    server.routes["/hush"] = send(b"nonsense\r\n\r\n")
    for path in ("/feeds/hush", "/hush", "/hush?key=hush"):
        got = ask(door, f"{server.base}{path}", secret_headers=(("X-Key", "hush"),))
        assert isinstance(got, Fault) and "hush" not in got.detail


def test_after_closing_nothing_is_fetched(server: Loopback, doors: Callable[..., Door]) -> None:
    door = doors(server.base)
    door.close()
    assert fault(ask(door, f"{server.base}/a")) is FaultKind.UNEXPECTED and server.connections == 0
