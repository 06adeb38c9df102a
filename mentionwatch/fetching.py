"""What passes through the one guarded door to the network. The door itself is collectors/fetch.py.

The types live here so that `evidence/` can use the door it is handed without importing `collectors/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.labels import FaultKind

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """An expected failure, travelling as a value. `detail` is one line without secrets or post text."""

    kind: FaultKind
    detail: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One request through the door.

    `source_url` is the configured URL on whose behalf it is made: a private network that the school
    opened is reachable only at that URL's own origin (scheme, host, port), whatever a post links to.
    `secret_headers` are sent and never recorded.
    """

    url: str
    source_url: str
    method: str = "GET"
    headers: Headers = ()
    secret_headers: Headers = ()
    body: bytes = b""
    etag: str = ""
    last_modified: str = ""
    max_bytes: int = 5 * 1024 * 1024
    obey_robots: bool = True


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status (304 included).

    `wire` is the body as sent (perhaps compressed), `body` the same decoded. `redirects` are the URLs
    passed through, first to last, without the final one. `truncated` means the sender stopped short of
    what it announced: what did arrive is kept.
    """

    url_requested: str
    url_final: str
    status: int
    reason: str
    headers: Headers
    body: bytes
    wire: bytes
    fetched_at: datetime
    remote_ip: str = ""
    redirects: tuple[str, ...] = ()
    request_headers: Headers = ()
    robots: str = ""
    truncated: bool = False

    def header(self, name: str, default: str = "") -> str:
        """The first header of that name, any letter case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)

    @property
    def media_type(self) -> str:
        """Content type without parameters, lower case: `text/html`."""
        return self.header("content-type").partition(";")[0].strip().lower()


Fetch = Callable[[FetchRequest], Fetched | Fault]
"""The door: never raises for what the outside world does; faults come back as values."""
