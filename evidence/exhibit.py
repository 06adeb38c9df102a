"""One ZIP for a solicitor, the police or a platform: the evidence, its circumstances, its limits, its own verifier.

Never in it: who reported the post, the author's handle as a field, anything of a sealed post. A picture that a
person handed in stays out too, because it may show whose account it was seen through (L21): a person decides.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from evidence.exhibit_words import STATEMENT_CY, STATEMENT_EN
from mentionwatch.ids import digest

FORMAT = "mentionwatch exhibit 1"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class ExhibitRevision:
    """One revision of one mention as it goes into an exhibit.

    `warc_withheld` says why the WARC bytes stay at the school; then `warc` is empty and its digest stands.
    `entered` is the digest that the audit log took down when the revision was stored.
    """

    mention_id: str
    revision: int
    source: str
    kind: str
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
    warc_withheld: str = ""
    entered: str = ""


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One row of the audit log: what was done to the evidence, by which role. No names, no one's own words."""

    seq: int
    at: datetime
    role: str
    verb: str
    object_kind: str
    object_id: str
    note: str
    commitment: str
    pack: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the incident, without the reason a person wrote."""

    number: int
    at: datetime
    event: str
    from_state: str
    to_state: str
    role: str
    hash: str


@dataclass(frozen=True, slots=True)
class ExhibitIncident:
    """The incident the evidence belongs to."""

    id: str
    kind: str
    state: str
    clause: str
    pack: str
    opened_at: datetime
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Everything one exhibit holds. `heads` are the ends of both logs, as name and SHA-256."""

    id: str
    school: str
    made_at: datetime
    software: str
    revisions: tuple[ExhibitRevision, ...]
    custody: tuple[CustodyLine, ...]
    incident: ExhibitIncident | None
    heads: tuple[tuple[str, str], ...]


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _one_line(text: str) -> str:
    """Outside text for a statement: no line breaks, no characters that turn the writing round."""
    return _CONTROL.sub(" ", text).strip()[:500]


def _folder(row: ExhibitRevision) -> str:
    return f"{row.mention_id}/revision-{row.revision}"


def _evidence_files(rows: tuple[ExhibitRevision, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for row in rows:
        folder = _folder(row)
        words = f"{row.title}\n\n{row.text}" if row.title else row.text
        found[f"{folder}/words.txt"] = words.encode("utf-8", "replace")
        if row.warc:
            found[f"{folder}/capture.warc"] = row.warc
        if row.page_text:
            found[f"{folder}/page.txt"] = row.page_text.encode("utf-8", "replace")
        if row.raw:
            found[f"{folder}/delivered.bin"] = row.raw
    return found


def _limits(row: ExhibitRevision) -> list[str]:
    found = []
    if row.posted_at is None:
        found.append("the time of posting is not known: the source does not give it")
    if row.fault_kind:
        found.append(f"the page was not copied: {row.fault_kind}")
    if row.truncated:
        found.append("the sender stopped before the end of the page")
    if row.warc_withheld:
        found.append(row.warc_withheld)
    if row.method == "manual":
        found.append("handed in by a person: mentionwatch did not see the page itself")
    if row.method == "api":
        found.append("the source's interface delivered this: no web page was copied")
    return found


def _revision_facts(row: ExhibitRevision) -> dict[str, object]:
    return {
        "mention": row.mention_id,
        "revision": row.revision,
        "source": row.source,
        "kind": row.kind,
        "folder": _folder(row),
        "url": row.url,
        "posted_at": _iso(row.posted_at),
        "posted_at_basis": row.posted_at_basis,
        "captured_at": _iso(row.captured_at),
        "method": row.method,
        "url_requested": row.url_requested,
        "url_final": row.url_final,
        "http_status": row.http_status,
        "redirects": list(row.redirects),
        "server_address": row.remote_ip,
        "robots": row.robots,
        "truncated": row.truncated,
        "software": row.software,
        "warc_sha256": row.warc_sha256 or None,
        "page_sha256": row.page_sha256 or None,
        "page_text_sha256": row.text_sha256 or None,
        "delivered_sha256": row.raw_sha256 or None,
        "entered_in_audit_log": row.entered or None,
        "limits": _limits(row),
    }


def _custody(exhibit: Exhibit) -> bytes:
    rows = [
        {
            "seq": line.seq,
            "at": _iso(line.at),
            "role": line.role,
            "verb": line.verb,
            "object_kind": line.object_kind,
            "object_id": line.object_id,
            "note": line.note or None,
            "commitment": line.commitment,
            "pack": line.pack or None,
            "prev_hash": line.prev_hash,
            "hash": line.hash,
        }
        for line in exhibit.custody
    ]
    return (json.dumps({"rows": rows, "ends": dict(exhibit.heads)}, indent=1) + "\n").encode()


def _incident_facts(incident: ExhibitIncident | None) -> dict[str, object] | None:
    if incident is None:
        return None
    return {
        "id": incident.id,
        "kind": incident.kind,
        "state": incident.state,
        "clause": incident.clause,
        "pack": incident.pack,
        "opened_at": _iso(incident.opened_at),
        "steps": [
            {
                "number": step.number,
                "at": _iso(step.at),
                "event": step.event,
                "from": step.from_state or None,
                "to": step.to_state,
                "role": step.role,
                "hash": step.hash,
            }
            for step in incident.steps
        ],
    }


def _readme(exhibit: Exhibit) -> bytes:
    lines = [
        STATEMENT_EN.format(id=exhibit.id, school=_one_line(exhibit.school), made_at=_iso(exhibit.made_at))
    ]
    lines.append(
        STATEMENT_CY.format(id=exhibit.id, school=_one_line(exhibit.school), made_at=_iso(exhibit.made_at))
    )
    lines.append("Captures / Copïau\n")
    for row in exhibit.revisions:
        lines.append(f"{_folder(row)}")
        lines.append(f"  address / cyfeiriad:   {_one_line(row.url)}")
        lines.append(
            f"  posted / postiwyd:     {_iso(row.posted_at) or 'unknown / anhysbys'} ({row.posted_at_basis})"
        )
        lines.append(f"  captured / cipiwyd:    {_iso(row.captured_at)} ({row.method})")
        lines.append("  SHA-256 (WARC):")
        lines.append(f"    {row.warc_sha256 or '-'}")
        lines += [f"  limit / terfyn:        {_one_line(limit)}" for limit in _limits(row)]
        lines.append("")
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def build_exhibit(exhibit: Exhibit) -> bytes:
    """The ZIP. The same values give the same bytes; times in it are those of making it, UTC."""
    found = _evidence_files(exhibit.revisions)
    found["custody.json"] = _custody(exhibit)
    found["README.txt"] = _readme(exhibit)
    listed = [
        {"name": name, "sha256": digest(body), "bytes": len(body)} for name, body in sorted(found.items())
    ]
    manifest = {
        "format": FORMAT,
        "id": exhibit.id,
        "school": exhibit.school,
        "made_at": _iso(exhibit.made_at),
        "made_by": exhibit.software,
        "incident": _incident_facts(exhibit.incident),
        "captures": [_revision_facts(row) for row in exhibit.revisions],
        "files": listed,
    }
    found["manifest.json"] = (json.dumps(manifest, indent=1, ensure_ascii=True) + "\n").encode()
    found["verify.py"] = files("evidence").joinpath("verifier_template.py").read_bytes()
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(found.items()))
    found["SHA256SUMS"] = sums.encode()
    out = io.BytesIO()
    moment = exhibit.made_at.astimezone(UTC)
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(found.items()):
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, body)
    return out.getvalue()
