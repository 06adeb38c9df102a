"""WARC/1.1 records with SHA-256 digests (ISO 28500). What was sent, as it was sent."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from mentionwatch.fetching import Fetched


class _Sha256Writer(WARCWriter):  # type: ignore[misc]
    """warcio writes SHA-1 and replaces digests that are handed in; overriding the digester is the only way."""

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_exchange(fetched: Fetched) -> bytes:
    """Request and response of one fetch as an uncompressed WARC.

    The response holds the body as it came over the wire; hop headers that no longer describe it
    (Transfer-Encoding) are left out, so that any reader finds the payload.
    """
    out = BytesIO()
    writer = _Sha256Writer(out, gzip=False, warc_version="1.1")
    common = {"WARC-Date": _date(fetched.fetched_at)}
    if fetched.remote_ip:
        common["WARC-IP-Address"] = fetched.remote_ip
    if fetched.truncated:
        common["WARC-Truncated"] = "disconnect"
    headers = [(name, value) for name, value in fetched.headers if name.lower() != "transfer-encoding"]
    response = writer.create_warc_record(
        fetched.url_final,
        "response",
        payload=BytesIO(fetched.wire),
        length=len(fetched.wire),
        warc_headers_dict=dict(common),
        http_headers=StatusAndHeaders(
            f"{fetched.status} {fetched.reason}".strip(), headers, protocol="HTTP/1.1"
        ),
    )
    parts = urlsplit(fetched.url_final)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    request = writer.create_warc_record(
        fetched.url_final,
        "request",
        payload=BytesIO(b""),
        length=0,
        warc_headers_dict={"WARC-Date": common["WARC-Date"]},
        http_headers=StatusAndHeaders(
            f"GET {target} HTTP/1.1", list(fetched.request_headers), is_http_request=True
        ),
    )
    writer.write_request_response_pair(request, response)
    return out.getvalue()


def write_resource(url: str, body: bytes, media_type: str, at: datetime) -> bytes:
    """What an API or a person delivered, as a WARC resource record."""
    out = BytesIO()
    writer = _Sha256Writer(out, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        url,
        "resource",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=media_type or "application/octet-stream",
        warc_headers_dict={"WARC-Date": _date(at)},
    )
    writer.write_record(record)
    return out.getvalue()


def check_digests(warc: bytes) -> bool:
    """Does every record of a WARC still match its own SHA-256 digests?"""
    records = 0
    for record in ArchiveIterator(BytesIO(warc), check_digests=True):
        record.content_stream().read()
        records += 1
        if record.digest_checker.passed is False:
            return False
    return records > 0


def read_resource_type(warc: bytes) -> str:
    """Media type of the first resource record, lower case; empty when there is none (a page has a response)."""
    for record in ArchiveIterator(BytesIO(warc), no_record_parse=True):
        if record.rec_type == "resource":
            kind = record.rec_headers.get_header("Content-Type") or "application/octet-stream"
            return str(kind).partition(";")[0].strip().lower()
    return ""


def read_resource(warc: bytes) -> bytes:
    """The bytes of the first resource record, as they were handed in; empty when there is none. Nothing is decoded."""
    for record in ArchiveIterator(BytesIO(warc), no_record_parse=True):
        if record.rec_type == "resource":
            return bytes(record.raw_stream.read())
    return b""
