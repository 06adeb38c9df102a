"""Small, complete values of evidence that a test may turn."""

from __future__ import annotations

from datetime import UTC, datetime

from evidence.exhibit import CustodyLine, Exhibit, ExhibitIncident, ExhibitRevision, StepLine
from evidence.warc import write_exchange
from mentionwatch.fetching import Fetched
from mentionwatch.ids import digest
from mentionwatch.labels import EntryKind, PostedAtBasis
from mentionwatch.model import EntryFound

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
POSTED = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)
URL = "https://example.org/news/1"


def make_entry(url: str = URL, **more: object) -> EntryFound:
    """An entry of a feed with a page behind it."""
    values: dict[str, object] = {
        "source": "paper",
        "native_id": "n1",
        "kind": EntryKind.POST,
        "url": url,
        "title": "A title",
        "text": "The words the feed gave",
        "posted_at": POSTED,
        "posted_at_basis": PostedAtBasis.FEED,
    }
    return EntryFound(**(values | more))  # type: ignore[arg-type]


def make_fetched(body: bytes = b"<html><body><p>Words</p></body></html>", **more: object) -> Fetched:
    """An answer as the door gives it."""
    values: dict[str, object] = {
        "url_requested": URL,
        "url_final": URL,
        "status": 200,
        "reason": "OK",
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))),
        "body": body,
        "wire": body,
        "fetched_at": NOW,
        "remote_ip": "192.0.2.7",
        "request_headers": (("Host", "example.org"), ("User-Agent", "mentionwatch/0.1")),
    }
    return Fetched(**(values | more))  # type: ignore[arg-type]


def make_revision(**more: object) -> ExhibitRevision:
    """One whole revision with a WARC that is one."""
    warc = write_exchange(make_fetched())
    values: dict[str, object] = {
        "mention_id": "01ab",
        "revision": 1,
        "source": "paper",
        "kind": "post",
        "url": URL,
        "title": "A title",
        "text": "Geiriau'r neges",
        "posted_at": POSTED,
        "posted_at_basis": "feed",
        "captured_at": NOW,
        "method": "guarded_http",
        "url_requested": URL,
        "url_final": URL,
        "http_status": 200,
        "page_sha256": digest(b"page"),
        "warc": warc,
        "warc_sha256": digest(warc),
        "page_text": "Words",
        "text_sha256": digest(b"Words"),
        "raw": b"",
        "raw_sha256": "",
        "redirects": (),
        "remote_ip": "192.0.2.7",
        "robots": "allowed",
        "truncated": False,
        "software": "mentionwatch test",
        "fault_kind": "",
        "fault_detail": "",
    }
    return ExhibitRevision(**(values | more))  # type: ignore[arg-type]


def make_exhibit(*revisions: ExhibitRevision, school: str = "Ysgol Llanbedrog") -> Exhibit:
    """One exhibit of an incident with two steps and one line of custody."""
    steps = (
        StepLine(1, NOW, "open", "", "OPENED", "pipeline", "a" * 64),
        StepLine(2, NOW, "preserve", "OPENED", "PRESERVED", "pipeline", "b" * 64),
    )
    line = CustodyLine(
        1, NOW, "pipeline", "captured", "revision", "01ab/1", "c" * 64, "d" * 64, "", "0" * 64, "e" * 64
    )
    incident = ExhibitIncident(
        "2026-0001", "threat", "PRESERVED", "Internal Protocol, Step 3", "llanbedrog@2021-10-19", NOW, steps
    )
    return Exhibit(
        "2026-0001",
        school,
        NOW,
        "mentionwatch 0.1.0",
        revisions or (make_revision(),),
        (line,),
        incident,
        (("audit", "f" * 64),),
    )
