"""What is stored can be read again by any WARC reader, byte for byte, with its own digests."""

from __future__ import annotations

import base64
import gzip
import hashlib
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from evidence.warc import check_digests, read_resource_type, write_exchange, write_resource
from tests.evidence.values import NOW, URL, make_fetched


def read(warc: bytes) -> dict[str, tuple[dict[str, str], bytes]]:
    """Record type to WARC headers and payload."""
    return {
        record.rec_type: (dict(record.rec_headers.headers), record.raw_stream.read())
        for record in ArchiveIterator(BytesIO(warc), no_record_parse=True)
    }


def test_request_and_response_are_there_as_they_were_sent() -> None:
    body = "<p>tŷ</p>".encode()
    found = read(write_exchange(make_fetched(body)))
    assert list(found) == ["response", "request"]
    headers, payload = found["response"]
    head, _, kept = payload.partition(b"\r\n\r\n")
    assert kept == body
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert headers["WARC-Target-URI"] == URL
    assert headers["WARC-Date"] == "2026-11-21T02:30:00Z"
    assert headers["WARC-IP-Address"] == "192.0.2.7"
    assert found["request"][1].startswith(b"GET /news/1 HTTP/1.1\r\n")
    assert found["request"][0]["WARC-Concurrent-To"] == headers["WARC-Record-ID"]


def test_the_compressed_bytes_are_kept_as_they_came_over_the_wire() -> None:
    wire = gzip.compress(b"<p>words</p>")
    answer = make_fetched(
        b"<p>words</p>",
        wire=wire,
        headers=(
            ("Content-Encoding", "gzip"),
            ("Transfer-Encoding", "chunked"),
            ("Content-Type", "text/html"),
        ),
    )
    warc = write_exchange(answer)
    assert wire in warc
    assert b"transfer-encoding" not in warc.lower(), "the chunks are gone, so the header would lie"
    record = next(iter(ArchiveIterator(BytesIO(warc))))
    assert record.content_stream().read() == b"<p>words</p>"


def test_the_payload_digest_is_sha256_and_right() -> None:
    body = b"<p>words</p>"
    headers, _ = read(write_exchange(make_fetched(body)))["response"]
    wanted = base64.b32encode(hashlib.sha256(body).digest()).decode()
    assert headers["WARC-Payload-Digest"] == f"sha256:{wanted}"
    assert headers["WARC-Block-Digest"].startswith("sha256:")


def test_a_page_that_stopped_short_says_so() -> None:
    headers, _ = read(write_exchange(make_fetched(truncated=True)))["response"]
    assert headers["WARC-Truncated"] == "disconnect"
    assert "WARC-Truncated" not in read(write_exchange(make_fetched()))["response"][0]


def test_l18_the_warcs_date_is_the_time_of_capture_in_utc() -> None:
    local = datetime(2026, 7, 1, 3, 30, tzinfo=timezone(timedelta(hours=1)))
    headers, _ = read(write_exchange(make_fetched(fetched_at=local)))["response"]
    assert headers["WARC-Date"] == "2026-07-01T02:30:00Z"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_body_comes_back_as_it_was(body: bytes) -> None:
    warc = write_exchange(make_fetched(body))
    assert read(warc)["response"][1].partition(b"\r\n\r\n")[2] == body
    assert check_digests(warc)
    kept = write_resource(URL, body, "application/json", NOW)
    assert read(kept)["resource"][1] == body
    assert check_digests(kept)


def test_a_changed_byte_of_a_body_is_seen() -> None:
    warc = write_exchange(make_fetched(b"the words that were posted"))
    assert check_digests(warc)
    assert not check_digests(warc.replace(b"that were posted", b"that were p0sted"))
    assert not check_digests(b"")


@pytest.mark.parametrize(
    ("kind", "read_as"),
    [("text/plain", "text/plain"), ("Image/PNG; x=1", "image/png"), ("", "application/octet-stream")],
)
def test_a_reader_can_tell_what_was_handed_in(kind: str, read_as: str) -> None:
    assert read_resource_type(write_resource("whatsapp", b"x", kind, NOW)) == read_as


def test_a_page_is_no_resource() -> None:
    assert read_resource_type(write_exchange(make_fetched())) == ""


def test_a_header_of_a_site_cannot_end_a_record_early() -> None:
    """Header values reach us without line breaks; a WARC marker in one is only text."""
    answer = make_fetched(headers=(("Content-Type", "text/html"), ("X-A", "WARC/1.1 WARC-Type: revisit")))
    assert list(read(write_exchange(answer))) == ["response", "request"]
    assert datetime(2026, 11, 21, tzinfo=UTC) < NOW
