"""What goes into an exhibit as evidence, and manifest.json, which says of each capture all that is not secret."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evidence.exhibit_picture import ENDINGS
from evidence.exhibit_statement import folder_of
from evidence.exhibit_values import Exhibit, ExhibitIncident, ExhibitRevision, NamesToCover
from evidence.exhibit_words import MARK, Pair, write_utc
from evidence.picture_values import Picture
from evidence.wacz import ARCHIVE, ArchivedPage, split_records, write_wacz
from mentionwatch.ids import digest

FORMAT = "mentionwatch exhibit 2"
WACZ_FILE = "captures.wacz"


@dataclass(frozen=True, slots=True)
class HeldObject:
    """One stored object in the exhibit. Inside the WACZ's archive it is the gzip members from `begin` to `end`."""

    sha256: str
    what: str
    file: str
    begin: int | None = None
    end: int | None = None


@dataclass(slots=True)
class Contents:
    """Files by name, the stored objects among them, and the digests of WARCs that no WACZ can hold."""

    files: dict[str, bytes] = field(default_factory=dict)
    objects: list[HeldObject] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)

    def put(self, name: str, body: bytes, what: str) -> None:
        """A file that is a stored object."""
        self.files[name] = body
        self.objects.append(HeldObject(digest(body), what, name))


def gather_whole(exhibit: Exhibit) -> Contents:
    """Everything there is of each capture. What must stay at the school is no longer in the values."""
    found, pages = Contents(), list[ArchivedPage]()
    for row in exhibit.revisions:
        folder = folder_of(row)
        words = f"{row.title}\n\n{row.text}" if row.title else row.text
        found.files[f"{folder}/words.txt"] = words.encode("utf-8", "replace")
        if row.page_text:
            found.put(f"{folder}/page.txt", row.page_text.encode("utf-8", "replace"), "text")
        if row.raw:
            found.put(f"{folder}/delivered.bin", row.raw, "delivered")
        for number, picture in enumerate(row.pictures, 1):
            found.put(f"{folder}/picture-{number}.png", picture.png, "picture")
        if row.handed_in and row.handed_in.may_leave and row.handed_in.body:
            name = f"{folder}/handed-in.{ENDINGS[row.handed_in.media_type]}"
            found.put(name, row.handed_in.body, "handed_in_without_metadata")
        if row.warc:
            try:
                split_records(row.warc)
            except ValueError:
                found.put(f"{folder}/capture.warc", row.warc, "warc")
                found.loose.add(row.warc_sha256)
            else:
                at = row.url_final or row.url_requested or row.url
                pages.append(ArchivedPage(at, row.title, row.captured_at, row.warc))
    if pages:
        wacz = write_wacz(pages, f"Exhibit {exhibit.id}", exhibit.software, exhibit.made_at)
        found.files[WACZ_FILE] = wacz.body
        for page, (begin, end) in zip(pages, wacz.ranges, strict=True):
            found.objects.append(HeldObject(digest(page.warc), "warc", f"{WACZ_FILE}!{ARCHIVE}", begin, end))
    _put_redacted(found, exhibit)
    return found


def gather_covered(exhibit: Exhibit) -> Contents:
    """The pictures with solid boxes and nothing else: the words are in the extract, with names under the mark."""
    found = Contents()
    _put_redacted(found, exhibit)
    return found


def _put_redacted(found: Contents, exhibit: Exhibit) -> None:
    for row in exhibit.revisions:
        for number, picture in enumerate(row.redacted, 1):
            found.put(f"{folder_of(row)}/covered-{number}.png", picture.png, "covered_picture")


def _picture_facts(picture: Picture, name: str) -> dict[str, object]:
    return {
        "file": name,
        "sha256": picture.sha256,
        "shows": picture.kind.value,
        "width": picture.width,
        "height": picture.height,
        "browser": picture.browser,
        "fonts_sha256": picture.fonts_sha256,
        "made_from_sha256": picture.source_sha256,
        "has_passage": picture.has_passage,
        "is_cut": picture.is_cut,
        "covered": [{"reason": one.reason, "blocks": one.blocks} for one in picture.covered],
    }


def _revision_facts(row: ExhibitRevision, variant: str, limits: tuple[Pair, ...]) -> dict[str, object]:
    folder = folder_of(row)
    facts: dict[str, object] = {
        "mention": row.mention_id,
        "revision": row.revision,
        "source": row.source,
        "kind": row.kind,
        "folder": folder,
        "url": row.url,
        "posted_at": None if row.posted_at is None else write_utc(row.posted_at),
        "posted_at_basis": row.posted_at_basis,
        "captured_at": write_utc(row.captured_at),
        "clock_source": row.clock_source or None,
        "clock_offset_ms": row.clock_offset_ms,
        "method": row.method,
        "url_requested": row.url_requested,
        "url_final": row.url_final,
        "http_status": row.http_status,
        "redirects": list(row.redirects),
        "server_address": row.remote_ip,
        "tls_version": row.tls_version or None,
        "tls_cert_sha256": row.tls_cert_sha256 or None,
        "robots": row.robots,
        "truncated": row.truncated,
        "software": row.software,
        "passage": row.passage or None,
        "on_hold": row.is_held,
        "warc_sha256": row.warc_sha256 or None,
        "page_sha256": row.page_sha256 or None,
        "page_text_sha256": row.text_sha256 or None,
        "delivered_sha256": row.raw_sha256 or None,
        "entered_in_audit_log": row.entered or None,
        "covered_pictures": [
            _picture_facts(one, f"{folder}/covered-{number}.png")
            for number, one in enumerate(row.redacted, 1)
        ],
        "limits": [en for en, _ in limits],
        "limits_cy": [cy for _, cy in limits],
    }
    if variant == "whole":
        facts["pictures"] = [
            _picture_facts(one, f"{folder}/picture-{number}.png")
            for number, one in enumerate(row.pictures, 1)
        ]
        facts["handed_in"] = _handed_in_facts(row)
    return facts


def _handed_in_facts(row: ExhibitRevision) -> dict[str, object] | None:
    given = row.handed_in
    if given is None:
        return None
    checked_at = given.picture_checked_at
    return {
        "media_type": given.media_type,
        "original_sha256": given.sha256,
        "picture_checked_by_role": given.picture_checked_by_role or None,
        "picture_checked_at": write_utc(checked_at) if checked_at else None,
        "is_in_exhibit": bool(given.may_leave and given.body),
    }


def _incident_facts(incident: ExhibitIncident | None) -> dict[str, object] | None:
    if incident is None:
        return None
    return {
        "id": incident.id,
        "kind": incident.kind,
        "state": incident.state,
        "clause": incident.clause,
        "pack": incident.pack,
        "opened_at": write_utc(incident.opened_at),
        "steps": [
            {
                "number": step.number,
                "at": write_utc(step.at),
                "event": step.event,
                "from": step.from_state or None,
                "to": step.to_state,
                "role": step.role,
                "hash": step.hash,
            }
            for step in incident.steps
        ],
    }


def _object_facts(one: HeldObject) -> dict[str, object]:
    where, _, member = one.file.partition("!")
    facts: dict[str, object] = {"sha256": one.sha256, "what": one.what, "file": where}
    if member:
        facts |= {"member": member, "from": one.begin, "to": one.end}
    return facts


def write_manifest(
    exhibit: Exhibit,
    variant: str,
    limits: Sequence[tuple[Pair, ...]],
    contents: Contents,
    found: Mapping[str, bytes],
    names: NamesToCover | None,
) -> bytes:
    """manifest.json: who made it for whom and when, each capture, each stored object, each file with its SHA-256."""
    covered = None
    if names is not None:
        at = write_utc(names.checked_at)
        covered = {"mark": MARK, "names_checked_by_role": names.checked_by_role, "names_checked_at": at}
    manifest = {
        "format": FORMAT,
        "variant": variant,
        "covered": covered,
        "id": exhibit.id,
        "school": exhibit.school,
        "made_at": write_utc(exhibit.made_at),
        "made_by": exhibit.software,
        "incident": _incident_facts(exhibit.incident),
        "captures": [
            _revision_facts(row, variant, ends) for row, ends in zip(exhibit.revisions, limits, strict=True)
        ],
        "objects": [_object_facts(one) for one in contents.objects],
        "has_signed_custody": bool(exhibit.signed.entries or exhibit.signed.checkpoints),
        "list_signed_by": exhibit.list_kid or None,
        "files": [
            {"name": name, "sha256": digest(body), "bytes": len(body)} for name, body in sorted(found.items())
        ],
    }
    return (json.dumps(manifest, indent=1, ensure_ascii=True) + "\n").encode()
