"""Conditional requests and what statuses mean: validators that may be sent, Retry-After, status to fault."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mentionwatch.fetching import Fault, Fetched
from mentionwatch.labels import FaultKind

LONGEST_RETRY_AFTER_S = 24 * 3600.0
_SENDABLE = re.compile(r"[\x20-\x7e]{1,1024}\Z")


def sendable(validator: str) -> str:
    """A validator (ETag, Last-Modified) as it may be sent back; empty when it holds anything but printable
    ASCII: sending such a header fails for ever after, so it is forgotten instead."""
    return validator if _SENDABLE.match(validator) else ""


def retry_after_s(value: str, now: datetime) -> float | None:
    """Seconds from a Retry-After of either form (RFC 9110 10.2.3), capped at 24 h; None when unreadable."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - now).total_seconds()), LONGEST_RETRY_AFTER_S)


_WORDS = {
    FaultKind.HTTP_401_403: "the site refuses access",
    FaultKind.HTTP_404_410: "the page is not there",
    FaultKind.RATE_LIMITED: "the site asks us to come back later",
    FaultKind.SERVER_ERROR: "the site has a fault of its own",
    FaultKind.TIMEOUT: "the site gave up waiting",
    FaultKind.UNEXPECTED: "not an answer this software can use",
}


def _kind(status: int) -> FaultKind:
    if status in (401, 403, 407, 451):
        return FaultKind.HTTP_401_403
    if status in (404, 410):
        return FaultKind.HTTP_404_410
    if status == 429:
        return FaultKind.RATE_LIMITED
    if status == 408:
        return FaultKind.TIMEOUT
    return FaultKind.SERVER_ERROR if 500 <= status <= 599 else FaultKind.UNEXPECTED


def fault_for_status(fetched: Fetched) -> Fault | None:
    """What an HTTP status means for a source; None for 2xx and 304. Carries Retry-After on 429 and 503."""
    status = fetched.status
    if 200 <= status <= 299 or status == 304:
        return None
    kind = _kind(status)
    wait = retry_after_s(fetched.header("retry-after"), fetched.fetched_at) if status in (429, 503) else None
    return Fault(kind, f"HTTP status {status}: {_WORDS[kind]}", wait)
