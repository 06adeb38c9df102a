"""A raw HTTP server on loopback whose every path misbehaves as its handler likes. Counts what it is asked."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator

Handler = Callable[[socket.socket, bytes], str | None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP/1.1 answer; `content_type="text/xml"` becomes Content-Type."""
    lines = {"Content-Length": str(len(body)), "Content-Type": "text/html"}
    lines |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def send(data: bytes) -> Handler:
    """Answer with these very bytes."""

    def handle(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(data)

    return handle


class Loopback:
    """`routes` maps a path to a handler; unknown paths answer 404. The connection stays open unless the
    handler returns "close"."""

    def __init__(self) -> None:
        self.routes: dict[str, Handler] = {}
        self.hits: Counter[str] = Counter()
        self.requests: list[bytes] = []
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        self._is_open = True
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while self._is_open:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while True:
                request = b""
                while b"\r\n\r\n" not in request:
                    data = connection.recv(65536)
                    if not data:
                        return
                    request += data
                head, _, body = request.partition(b"\r\n\r\n")
                length = next(
                    (
                        int(line[15:])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length:")
                    ),
                    0,
                )
                while len(body) < length:
                    body += connection.recv(65536)
                path = head.split(b" ", 2)[1].decode()
                self.hits[path] += 1
                self.requests.append(head + b"\r\n\r\n" + body)
                handler = self.routes.get(path) or self.routes.get(path.partition("?")[0])
                if handler is None:
                    connection.sendall(answer(b"", "404 Not Found"))
                elif handler(connection, request) == "close":
                    return

    def close(self) -> None:
        self._is_open = False
        for connection in [self._socket, *self._open]:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


@contextlib.contextmanager
def loopback() -> Iterator[Loopback]:
    server = Loopback()
    try:
        yield server
    finally:
        server.close()
