"""Ask time-stamping authorities (RFC 3161) for a stamp over a checkpoint. Only its SHA-256 leaves the school.

Nothing waits for a stamp: an authority that does not answer leaves the checkpoint pending, one that answers wrongly is refused
in one line, and the next is asked. The raw answer is kept; `evidence/stamp_check.py` verifies it then and ever after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence.stamp_check import (
    MOST_BYTES,
    Reader,
    StampedAt,
    StampFault,
    TimeStamper,
    check_stamp,
)
from mentionwatch.errors import ConfigError
from mentionwatch.fetching import Fault, Fetch, FetchRequest
from mentionwatch.labels import TRANSIENT_FAULTS, FaultKind

__all__ = [
    "Reader",
    "StampFault",
    "StampPending",
    "StampRefused",
    "StampResult",
    "StampUnread",
    "Stamped",
    "StampedAt",
    "TimeStamper",
    "ask_stamp",
    "ask_stamps",
    "check_stamp",
    "check_stampers",
]

MOST_APART = timedelta(hours=1)
"""How far an authority's time may be from this machine's: a zone told wrongly is noticed, a slow clock is not punished."""
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_COMES_BACK = TRANSIENT_FAULTS | {FaultKind.RATE_LIMITED, FaultKind.TLS, FaultKind.TRUNCATED}


@dataclass(frozen=True, slots=True)
class Stamped:
    """A verified stamp. `token` is the authority's whole answer, as it came."""

    token: bytes
    tsa: str
    stamped_at: datetime
    reader: Reader
    signer_sha256: str

    @property
    def token_sha256(self) -> str:
        """For the custody log: with it any change to the stored token shows (`check_stamp`)."""
        return hashlib.sha256(self.token).hexdigest()


@dataclass(frozen=True, slots=True)
class StampUnread:
    """Something came that may be a stamp and that nobody here can read: kept, counted as no stamp (`unverified_parser`)."""

    token: bytes
    tsa: str
    cause: str


@dataclass(frozen=True, slots=True)
class StampPending:
    """No answer for now: to be asked again."""

    tsa: str
    cause: str


@dataclass(frozen=True, slots=True)
class StampRefused:
    """The answer proves nothing, or is not one."""

    tsa: str
    cause: str


StampResult = Stamped | StampUnread | StampPending | StampRefused


def check_stampers(stampers: Sequence[TimeStamper], file: str) -> None:
    """Raises `ConfigError` for authorities that could not vouch: no signer or root pinned, a name twice, all of one owner.

    None at all is allowed: checkpoints then stay pending, and the exhibit says so.
    """
    from cryptography import x509

    names = [stamper.name for stamper in stampers]
    for stamper in stampers:
        if not stamper.signers or not all(stamper.signers) or "*" in stamper.signers:
            raise ConfigError(
                file,
                stamper.name,
                "names nobody who may sign its stamps",
                "Set signers to the common name of its certificate",
            )
        if names.count(stamper.name) > 1:
            raise ConfigError(
                file, stamper.name, "stands there twice", "Give each authority a name of its own"
            )
        try:
            x509.load_pem_x509_certificates(stamper.roots_pem)
        except ValueError:
            raise ConfigError(
                file, stamper.name, "its roots are no certificates in PEM", "Fetch its root certificate anew"
            ) from None
    if len(stampers) > 1 and len({stamper.owner.strip().casefold() for stamper in stampers}) == 1:
        raise ConfigError(
            file, "owner", "all authorities belong to one owner", "Choose one of them from somebody else"
        )


def ask_stamps(
    content: bytes,
    stampers: Sequence[TimeStamper],
    fetch: Fetch,
    now: datetime,
    *,
    wanted: int = 1,
    openssl: str | None = None,
) -> tuple[StampResult, ...]:
    """Ask one authority after the other until `wanted` have stamped; one result for each that was asked, in order."""
    results, stamped = list[StampResult](), 0
    for stamper in stampers:
        if stamped == wanted:
            break
        results.append(ask_stamp(content, stamper, fetch, now, openssl=openssl))
        stamped += isinstance(results[-1], Stamped)
    return tuple(results)


def ask_stamp(
    content: bytes, stamper: TimeStamper, fetch: Fetch, now: datetime, *, openssl: str | None = None
) -> StampResult:
    """Ask one authority for a stamp over SHA-256(`content`), which is `Checkpoint.sealed`; verify what comes before believing it.

    `now` is this machine's time. Never raises for what the authority or the network does.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    # A nonce and a request for certificates are the library's defaults; both are what makes an answer checkable later.
    query = TimestampRequestBuilder(content, HashAlgorithm.SHA256, nonce=True, cert_req=True).build()
    token = _send(query.as_bytes(), stamper, fetch)
    if not isinstance(token, bytes):
        return token
    seen = check_stamp(token, hashlib.sha256(content).digest(), stamper, openssl=openssl)
    if isinstance(seen, StampFault):
        if seen.is_unread:
            return StampUnread(token, stamper.name, seen.cause)
        return (StampPending if seen.is_waiting else StampRefused)(stamper.name, seen.cause)
    if seen.nonce is None or seen.nonce != query.nonce:
        return StampRefused(stamper.name, "answers another request than ours (its nonce differs)")
    if abs(seen.at - now) > MOST_APART:
        minutes = round((seen.at - now).total_seconds() / 60)
        return StampRefused(
            stamper.name,
            f"its time is {minutes:+d} minutes from this machine's: one of the two clocks is wrong",
        )
    return Stamped(token, stamper.name, seen.at, seen.reader, seen.signer_sha256)


def _send(query: bytes, stamper: TimeStamper, fetch: Fetch) -> bytes | StampPending | StampRefused:
    """The answer's bytes, through the one guarded door."""
    answer = fetch(
        FetchRequest(
            stamper.url,
            stamper.url,
            method="POST",
            headers=(("Content-Type", _QUERY), ("Accept", _REPLY)),
            body=query,
            max_bytes=MOST_BYTES,
            # An interface made for programs: robots.txt speaks of web pages.
            obey_robots=False,
        )
    )
    if isinstance(answer, Fault):
        comes_back = answer.kind in _COMES_BACK
        return (StampPending if comes_back else StampRefused)(stamper.name, answer.detail)
    if answer.status == 429 or answer.status >= 500:
        return StampPending(stamper.name, f"answers with HTTP {answer.status}")
    if answer.status != 200:
        return StampRefused(stamper.name, f"answers with HTTP {answer.status}")
    if answer.truncated:
        return StampPending(stamper.name, "its answer broke off")
    if answer.media_type in ("text/html", "application/xhtml+xml"):
        return StampRefused(stamper.name, "answers with a web page, not with a time stamp")
    return answer.body
