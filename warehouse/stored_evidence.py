"""The stored evidence of a mention with its bytes, revision by revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.objects import read_object
from warehouse.sealing import SealBroken
from warehouse.session import Reading, Row, at_utc, to_utc
from warehouse.words import Words, open_words


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """The evidence of one revision with its bytes, for exhibits and re-checks. Empty bytes: there were none."""

    mention_id: str
    revision: int
    url: str
    title: str
    text: str
    posted_at: datetime | None
    posted_at_basis: str
    captured_at: datetime
    method: str
    url_requested: str
    url_final: str
    http_status: int | None
    page_sha256: str
    warc: bytes
    warc_sha256: str
    page_text: str
    text_sha256: str
    raw: bytes
    raw_sha256: str
    redirects: tuple[str, ...]
    remote_ip: str
    robots: str
    truncated: bool
    software: str
    fault_kind: str
    fault_detail: str
    is_sealed: bool


def read_evidence(
    reading: Reading, mention_id: str, revision: int | None = None
) -> tuple[StoredEvidence, ...]:
    """All revisions of a mention, oldest first, or one of them.

    Raises `ValueError` naming the object or revision whose bytes or words do not open. Of a sealed mention
    no bytes and no words come out, of whichever revision: it is frozen for the police.
    """
    found = reading.rows(
        "SELECT r.mention_id, r.revision, r.url, r.sealed, r.key_id, r.posted_at, r.posted_at_basis, e.captured_at, e.method, e.url_requested, "
        "e.url_final, e.http_status, e.page_sha256, e.warc_sha256, e.text_sha256, e.raw_sha256, e.redirects, e.remote_ip, e.robots, "
        "e.truncated, e.software, e.fault_kind, e.fault_detail, m.is_sealed "
        "FROM revisions AS r JOIN evidence AS e USING (mention_id, revision) JOIN mentions AS m ON m.id = r.mention_id "
        "WHERE r.mention_id = ? ORDER BY r.revision",
        [mention_id],
    )
    return tuple(_stored_evidence(reading, row) for row in found if revision in (None, row[1]))


def _stored_evidence(reading: Reading, row: Row) -> StoredEvidence:
    is_sealed = row[23]

    def body(sha256: str | None) -> bytes:
        return b"" if is_sealed or not sha256 else read_object(reading, sha256) or b""

    (words,) = [Words("", "")] if is_sealed else open_words(reading.keys, [(row[0], row[1], row[3], row[4])])
    if isinstance(words, SealBroken):
        raise SealBroken(f"revision {row[0]}/{row[1]}: {words}")
    return StoredEvidence(
        mention_id=row[0],
        revision=row[1],
        url=row[2],
        title=words.title,
        text=words.text,
        posted_at=to_utc(row[5]),
        posted_at_basis=row[6],
        captured_at=at_utc(row[7]),
        method=row[8],
        url_requested=row[9],
        url_final=row[10],
        http_status=row[11],
        page_sha256=row[12] or "",
        warc=body(row[13]),
        warc_sha256=row[13] or "",
        page_text=body(row[14]).decode(),
        text_sha256=row[14] or "",
        raw=body(row[15]),
        raw_sha256=row[15] or "",
        redirects=tuple(row[16]),
        remote_ip=row[17],
        robots=row[18],
        truncated=row[19],
        software=row[20],
        fault_kind=row[21] or "",
        fault_detail=row[22] or "",
        is_sealed=is_sealed,
    )
