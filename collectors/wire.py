"""Sockets under the door: one look-up per connection, checked addresses only, one deadline for everything."""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address

import httpcore

from collectors.addresses import Address, Network, choose_addresses, is_opened, literal_address
from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to address literals; raises OSError or UnicodeError when there is no answer."""

_MOST_ADDRESSES = 4
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class Barred(Exception):
    """A connection that is not made; carries the fault to the door. Never leaves the collectors."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


def resolve_system(host: str, port: int) -> list[str]:
    """Ask the operating system, all address families."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in found]


class Deadline(threading.local):
    """The moment the request in hand must be over. httpcore runs in the caller's thread, so a thread-local
    reaches every read below it: a server that drips a byte a second cannot stretch a per-read time-out."""

    at: float = 0.0
    connections: int = 0

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic

    def left(self) -> float:
        """Seconds that remain; never negative."""
        return max(0.0, self.at - self.monotonic())

    def within(self, seconds: float | None) -> float:
        """The shorter of a step's own limit and what remains; raises ReadTimeout when nothing does."""
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this request is over")
        return left if seconds is None else min(left, seconds)


class TimedStream(httpcore.NetworkStream):
    """A socket stream whose every step is bound by the request's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline
        self._socket = stream.get_extra_info("socket")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if _QUICK_ACK is not None:
            # Servers that send head and body in two writes wait for our acknowledgement in between: 40 ms.
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                cause = f"the certificate was not accepted ({error.__cause__.verify_message})"
            elif isinstance(error.__cause__, ssl.SSLError):
                cause = (
                    f"no secure connection ({(error.__cause__.reason or 'failed').lower().replace('_', ' ')})"
                )
            else:
                cause = "the connection closed while it was being secured"
            raise Barred(Fault(FaultKind.TLS, cause)) from error
        return TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> object:
        if info == "server_addr":
            with contextlib.suppress(OSError):
                return self._stream.get_extra_info(info)
            return None
        return self._stream.get_extra_info(info)


class CheckedNetwork(httpcore.NetworkBackend):
    """Resolves once, refuses when any answer is out of bounds, connects to the very address it checked.

    `opened` are the private networks this instance may enter; empty for the public network.
    """

    def __init__(
        self,
        deadline: Deadline,
        opened: Sequence[Network],
        connect_s: float,
        resolve: Resolve = resolve_system,
    ) -> None:
        self._deadline, self._opened, self._connect_s, self._resolve = deadline, opened, connect_s, resolve
        self._tcp = httpcore.SyncBackend()
        self.private_hosts: set[str] = set()

    def _look_up(self, host: str, port: int) -> Sequence[str]:
        """The system's resolver knows no time-out, so it runs beside us and is left behind when late."""
        literal = literal_address(host)
        if literal is not None:
            return [str(literal)]
        answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, name="resolve", daemon=True).start()
        try:
            found = answers.get(timeout=self._deadline.within(self._connect_s))
        except queue.Empty:
            raise Barred(Fault(FaultKind.DNS, "the name server did not answer in time")) from None
        if isinstance(found, OSError | UnicodeError):
            raise Barred(Fault(FaultKind.DNS, "the name is not known"))
        return found

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline decides
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        chosen = choose_addresses(self._look_up(host, port), self._opened)
        if isinstance(chosen, Fault):
            raise Barred(chosen)
        if all(is_opened(address, self._opened) for address in chosen):
            self.private_hosts.add(host)
        self._deadline.connections += 1
        return TimedStream(
            self._first_that_answers(chosen[:_MOST_ADDRESSES], port, socket_options), self._deadline
        )

    def _first_that_answers(
        self, addresses: Sequence[Address], port: int, options: Iterable[httpcore.SOCKET_OPTION] | None
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                limit = self._deadline.within(self._connect_s)
                return self._tcp.connect_tcp(str(address), port, timeout=limit, socket_options=options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        raise Barred(Fault(FaultKind.REFUSED_BY_POLICY, "local sockets are never opened"))

    def sleep(self, seconds: float) -> None:  # noqa: ARG002
        raise AssertionError("the door never lets httpcore retry, so it never sleeps here")


def address_of(stream: object) -> str:
    """The peer of an httpcore stream as an address literal; empty when the socket no longer tells."""
    if not isinstance(stream, httpcore.NetworkStream):
        return ""
    peer = stream.get_extra_info("server_addr")
    return str(ip_address(str(peer[0]).partition("%")[0])) if isinstance(peer, tuple) and peer else ""
