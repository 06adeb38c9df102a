"""From frozen values to rows: what is kept of one revision, and what is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.ids import canonical_json, digest
from mentionwatch.labels import IncidentState, PostedAtBasis
from mentionwatch.model import MentionWrite
from warehouse.keyring import Keyring
from warehouse.objects import StoredObject
from warehouse.session import Row, as_utc, clean_text
from warehouse.withholding import ASKS
from warehouse.words import Words, seal_words

STOP_TEXT = "possible illegal image"
"""All that is kept of the words of a sealed mention (B13, T04)."""

REVISION_COLUMNS = (
    "mention_id", "revision", "run_id", "url", "title", "text", "lang", "posted_at", "posted_at_basis", "edited_at", "captured_at",
    "content_sha256", "scope", "scope_score", "scope_reasons", "flags", "place", "parent_id",
)  # fmt: skip
"""A revision as the manifest covers it, words included."""

SAMPLE = '"a sample: every '
"""So begins the reason of a classification shown for the sample alone. No word of a post does: a quoted word holds no blank."""

WORDS = ("title", "text", "scope_reasons")
"""Columns of it that lie sealed, with the author's handle and the classifier's reasons."""

STORED_COLUMNS = (*(name for name in REVISION_COLUMNS if name not in WORDS), "sealed", "key_id")
"""A revision as it lies in its table."""

_PLACES = tuple((*STORED_COLUMNS, *WORDS).index(name) for name in REVISION_COLUMNS)

EVIDENCE_COLUMNS = (
    "mention_id", "revision", "captured_at", "method", "url_requested", "url_final", "http_status", "warc_sha256", "page_sha256",
    "text_sha256", "raw_sha256", "redirects", "remote_ip", "robots", "truncated", "software", "fault_kind", "fault_detail",
)  # fmt: skip
CLASSIFICATION_COLUMNS = (
    "mention_id", "revision", "label", "p_positive", "p_neutral", "p_concern", "p_inappropriate", "harms", "route", "needs_person",
    "is_sample", "is_doubtful", "lang", "model", "stop_image", "classified_at",
)  # fmt: skip

_MANIFEST = (
    *(f"revision.{name}" for name in REVISION_COLUMNS),
    *(f"evidence.{name}" for name in EVIDENCE_COLUMNS),
)


def is_stopped(write: MentionWrite) -> bool:
    """Does the stop rule hold for this write? Then its content is not kept."""
    return write.classification.stop_image or (
        write.incident is not None and IncidentState.STOP_IMAGE in write.incident.path
    )


@dataclass(frozen=True, slots=True)
class RevisionRows:
    """One revision as it will lie in the tables; `revision` as the manifest covers it."""

    revision: Row
    evidence: Row
    classification: Row
    words: Words
    objects: tuple[StoredObject, ...]

    @property
    def manifest_sha256(self) -> str:
        """Digest over everything that makes up the evidence of this revision; the audit chain holds it."""
        return manifest_sha256(self.revision, self.evidence)

    def stored(self, keys: Keyring) -> Row:
        """The row of STORED_COLUMNS: the words sealed under a new key."""
        plain = (
            value for name, value in zip(REVISION_COLUMNS, self.revision, strict=True) if name not in WORDS
        )
        return (*plain, *seal_words(keys, self.words, self.revision[0], self.revision[1]))


def with_words(stored: Row, words: Words) -> Row:
    """The row of REVISION_COLUMNS back out of one of STORED_COLUMNS."""
    given = (*stored, words.title, words.text, list(words.scope_reasons))
    return tuple(given[place] for place in _PLACES)


def _words(value: object) -> str:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, datetime):
        return as_utc(value).isoformat()
    if isinstance(value, list):
        return json.dumps([clean_text(item) for item in value], ensure_ascii=False) if value else "[]"
    return "" if value is None else str(value)


def manifest_sha256(revision: Row, evidence: Row) -> str:
    """SHA-256 over canonical JSON of both rows, times in UTC. `run_id` is left out: it is no evidence."""
    fields = {name: _words(value) for name, value in zip(_MANIFEST, (*revision, *evidence), strict=True)}
    del fields["revision.run_id"]
    return digest(canonical_json(fields))


def shape(write: MentionWrite, revision: int, run_id: str, *, sealed: bool) -> RevisionRows:
    """All rows of one revision; with `sealed` only what the stop rule allows."""
    mention, entry = write.mention, write.mention.entry
    posted_at = entry.posted_at if entry.posted_at_basis is not PostedAtBasis.UNKNOWN and not sealed else None
    basis = entry.posted_at_basis if posted_at else PostedAtBasis.UNKNOWN
    row: Row = (
        mention.id,
        revision,
        run_id,
        entry.url,
        "" if sealed else entry.title,
        STOP_TEXT if sealed else entry.text,
        "other" if sealed else write.classification.lang,
        posted_at,
        basis.value,
        None if sealed else entry.edited_at,
        mention.captured_at,
        mention.content_sha256,
        mention.scope.scope.value,
        float(mention.scope.score),
        [] if sealed else list(mention.scope.reasons),
        [] if sealed else list(entry.flags),
        "" if sealed else entry.place,
        "" if sealed else entry.parent_id,
    )
    objects = () if sealed else _find_objects(write)
    reasons_json = "[]" if sealed else _reasons_json(write)
    return RevisionRows(
        revision=row,
        evidence=_shape_evidence(write, revision, objects, sealed=sealed),
        classification=_shape_classification(write, revision, reasons_json),
        words=Words(row[4], row[5], "" if sealed else entry.author, reasons_json, tuple(row[14])),
        objects=objects,
    )


def _find_objects(write: MentionWrite) -> tuple[StoredObject, ...]:
    snapshot, entry = write.snapshot, write.mention.entry
    found = []
    if snapshot.warc:
        found.append(StoredObject("warc", "application/warc", snapshot.warc))
        if snapshot.warc_sha256 and found[0].sha256 != snapshot.warc_sha256:
            raise ValueError(
                f"mention {write.mention.id}: the WARC bytes do not have the digest the capture stated"
            )
    if snapshot.text:
        found.append(StoredObject("text", "text/plain; charset=utf-8", clean_text(snapshot.text).encode()))
    # A WARC that was made of the source's own bytes holds them already.
    if entry.raw and not (snapshot.warc and snapshot.page_sha256 == digest(entry.raw)):
        found.append(StoredObject("raw", entry.raw_media_type or "application/octet-stream", entry.raw))
    return tuple(found)


def _shape_evidence(
    write: MentionWrite, revision: int, objects: tuple[StoredObject, ...], *, sealed: bool
) -> Row:
    snapshot = write.snapshot
    digests = {item.kind: item.sha256 for item in objects}
    fault = snapshot.fault
    return (
        write.mention.id,
        revision,
        snapshot.captured_at,
        snapshot.method.value,
        snapshot.url_requested,
        "" if sealed else snapshot.url_final,
        None if sealed else snapshot.http_status,
        digests.get("warc"),
        None if sealed else snapshot.page_sha256 or None,
        digests.get("text"),
        digests.get("raw"),
        [] if sealed else list(snapshot.redirects),
        "" if sealed else snapshot.remote_ip,
        "" if sealed else snapshot.robots,
        snapshot.truncated and not sealed,
        snapshot.software,
        fault.kind.value if fault else "refused_by_policy" if sealed else None,
        fault.detail if fault else "stop rule: nothing kept" if sealed else None,
    )


def _reasons_json(write: MentionWrite) -> str:
    # The reasons quote the words that decided it: of a sealed mention nothing is quoted.
    reasons = [
        {"why": reason.why, "weight": reason.weight, **({"span": list(reason.span)} if reason.span else {})}
        for reason in write.classification.reasons
    ]
    return json.dumps(reasons, ensure_ascii=False)


def _shape_classification(write: MentionWrite, revision: int, reasons_json: str) -> Row:
    judged = write.classification
    spread = judged.probabilities
    return (
        write.mention.id,
        revision,
        judged.label.value,
        float(spread.positive),
        float(spread.neutral),
        float(spread.concern),
        float(spread.inappropriate),
        [harm.value for harm in judged.harms],
        judged.route.value,
        judged.needs_person,
        SAMPLE in reasons_json,
        ASKS in reasons_json,
        judged.lang,
        judged.model,
        judged.stop_image,
        write.mention.captured_at,
    )
