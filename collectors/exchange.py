"""One HTTP exchange: what is sent, what is kept of the answer, and which fault a failure is."""

from __future__ import annotations

from dataclasses import dataclass

import httpcore

from collectors.addresses import Target
from collectors.body import Body, Caps, is_barred_type, read_body
from collectors.conditional import sendable
from collectors.robots import MOST_BYTES
from collectors.wire import Barred, Deadline, address_of
from mentionwatch.fetching import Fault, FetchRequest, Headers
from mentionwatch.labels import FaultKind

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MIB = 1024 * 1024
_OURS = frozenset(
    {
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "accept-encoding",
        "cookie",
        "te",
        "upgrade",
    }
)
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, application/json;q=0.9, text/plain;q=0.8, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of a visit in one place (seconds, bytes, counts). `total_s` spans redirects and robots.txt,
    not the polite waiting before them; `per_host_pause_s` is kept for public hosts only."""

    connect_s: float = 5.0
    total_s: float = 20.0
    redirects: int = 5
    wire_bytes: int = 5 * _MIB
    decoded_bytes: int = 20 * _MIB
    ratio: int = 100
    per_host: int = 2
    in_all: int = 16
    per_host_pause_s: float = 2.0
    idle_s: float = 4.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a visit. `is_first_origin`: still where the visit began, so secrets may be sent."""

    request: FetchRequest
    target: Target
    method: str
    is_first_origin: bool
    is_robots: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `sent` are the request headers without the secret ones."""

    status: int
    reason: str
    headers: Headers
    body: Body
    remote_ip: str
    sent: Headers


class Exchange:
    """Sends and reads within the limits. Never raises for what the other side does."""

    def __init__(self, limits: Limits, user_agent: str, deadline: Deadline) -> None:
        self._limits, self._user_agent, self._deadline = limits, user_agent, deadline

    def run(self, pool: httpcore.ConnectionPool, ask: Ask) -> Answer | Fault:
        """One request, one answer. Repeated only when a kept connection turns out to be closed already."""
        headers = self._headers(ask)
        if isinstance(headers, Fault):
            return headers
        for _ in range(self._limits.per_host + 1):
            before = self._deadline.connections
            try:
                return self._send(pool, ask, headers)
            except Barred as barred:
                return barred.fault
            except (httpcore.TimeoutException, TimeoutError):
                return Fault(FaultKind.TIMEOUT, "no complete answer in time")
            except httpcore.ConnectError:
                return Fault(FaultKind.SERVER_ERROR, "nothing is listening there, or it cannot be reached")
            except httpcore.LocalProtocolError:
                return Fault(FaultKind.UNEXPECTED, "the request could not be put into HTTP")
            except (httpcore.ProtocolError, httpcore.NetworkError):
                # A kept connection may close just as we use it: ask once more (RFC 9112 9.3.1).
                if ask.method != "POST" and self._deadline.connections == before:
                    continue
                break
        return Fault(FaultKind.SERVER_ERROR, "the connection broke before an answer came")

    def _headers(self, ask: Ask) -> tuple[Headers, Headers] | Fault:
        """Headers to record, and those sent besides. Nothing secret goes to another origin than the first."""
        request, target = ask.request, ask.target
        same = ask.is_first_origin and not ask.is_robots
        mine: dict[str, str] = {"Host": target.authority, "User-Agent": self._user_agent, "Accept": _ACCEPT}
        for name, value in request.headers if not ask.is_robots else ():
            if name.lower() not in _OURS and (same or name.lower() != "authorization"):
                mine[next((known for known in mine if known.lower() == name.lower()), name)] = value
        mine["Accept-Encoding"] = "gzip, deflate"
        if not ask.is_robots and ask.method != "POST":
            mine |= {
                "If-None-Match": sendable(request.etag),
                "If-Modified-Since": sendable(request.last_modified),
            }
        if ask.method == "POST":
            mine["Content-Length"] = str(len(request.body))
        open_headers = tuple((name, value) for name, value in mine.items() if value)
        secret = request.secret_headers if same else ()
        if not all(
            f"{name}{value}".isascii() and f"{name}{value}".isprintable()
            for name, value in (*open_headers, *secret)
        ):
            return Fault(FaultKind.UNEXPECTED, "a request header holds characters that HTTP cannot carry")
        return open_headers, secret

    def _send(
        self, pool: httpcore.ConnectionPool, ask: Ask, headers: tuple[Headers, Headers]
    ) -> Answer | Fault:
        target = ask.target
        limits, left = self._limits, self._deadline.within(None)
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        timeout = {"connect": limits.connect_s, "read": left, "write": left, "pool": left}
        content = ask.request.body if ask.method == "POST" else None
        sent = [(name.encode(), value.encode()) for name, value in (*headers[0], *headers[1])]
        with pool.stream(
            ask.method, url, headers=sent, content=content, extensions={"timeout": timeout}
        ) as response:
            received = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.headers)
            lower = {name.lower(): value for name, value in reversed(received)}
            phrase = response.extensions.get("reason_phrase", b"")
            # Asked before the body: afterwards the connection may be closed and tell nothing.
            peer = address_of(response.extensions.get("network_stream"))
            body = self._read(ask, response, lower)
            if isinstance(body, Fault):
                return body
            reason = phrase.decode("latin-1") if isinstance(phrase, bytes) else ""
            return Answer(response.status, reason, received, body, peer, headers[0])

    def _read(self, ask: Ask, response: httpcore.Response, headers: dict[str, str]) -> Body | Fault:
        limits = self._limits
        is_success = 200 <= response.status <= 299
        if is_barred_type(headers.get("content-type", "")):
            # The status of a missing picture still tells something; its bytes are not wanted either way.
            refusal = Fault(
                FaultKind.REFUSED_BY_POLICY, "pictures, sound, film, fonts and scripts are not fetched"
            )
            return (
                refusal if is_success and not ask.is_robots else Body(b"", b"", truncated=not ask.is_robots)
            )
        length = headers.get("content-length", "")
        announced = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None
        wire = min(ask.request.max_bytes, limits.wire_bytes)
        text_only = is_success and not ask.is_robots
        caps = Caps(wire, min(limits.decoded_bytes, wire * 4), limits.ratio, text_only=text_only)
        if ask.is_robots or response.status in REDIRECTS:
            caps = Caps(MOST_BYTES, MOST_BYTES * 2, limits.ratio, cut=True)
        chunks = response.iter_stream() if response.status != 304 else ()
        return read_body(chunks, headers.get("content-encoding", ""), announced, caps)
