"""From stored rows to an exhibit in the home's exhibits folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evidence.exhibit import (
    CustodyLine,
    Exhibit,
    ExhibitIncident,
    ExhibitRevision,
    StepLine,
    build_exhibit,
)
from evidence.warc import read_resource_type
from flows.home import Home
from flows.private_files import write_whole
from mentionwatch import __version__
from mentionwatch.errors import ConfigError, Fatal, Refused
from mentionwatch.ids import digest
from mentionwatch.labels import IncidentState, Role
from mentionwatch.model import AuditEvent
from mentionwatch.school import SchoolFile
from warehouse.chain import append_audit, read_heads
from warehouse.connection import Warehouse
from warehouse.custody import CustodyRow, mentions_of, read_custody
from warehouse.incident_steps import IncidentRow, incident, incident_events
from warehouse.reading import MentionFilter, StoredEvidence, list_mentions, read_evidence
from warehouse.session import Reading
from warehouse.verify import verify_evidence

PICTURE_STAYS = (
    "a picture was handed in; it stays at the school until a person has checked that it shows neither who "
    "reported the post nor whose account it was seen through"
)


@dataclass(frozen=True, slots=True)
class ExhibitFile:
    """An exhibit that was written, and the SHA-256 of the ZIP."""

    path: Path
    sha256: str
    captures: int


def _revision(found: StoredEvidence, source: str, kind: str, entered: str) -> ExhibitRevision:
    media_type = read_resource_type(found.warc) if found.method == "manual" and found.warc else ""
    has_picture = media_type not in ("", "text/plain")
    return ExhibitRevision(
        mention_id=found.mention_id,
        revision=found.revision,
        source=source,
        kind=kind,
        url=found.url,
        title=found.title,
        text=found.text,
        posted_at=found.posted_at,
        posted_at_basis=found.posted_at_basis,
        captured_at=found.captured_at,
        method=found.method,
        url_requested=found.url_requested,
        url_final=found.url_final,
        http_status=found.http_status,
        page_sha256=found.page_sha256,
        warc=b"" if has_picture else found.warc,
        warc_sha256=found.warc_sha256,
        page_text=found.page_text,
        text_sha256=found.text_sha256,
        raw=found.raw,
        raw_sha256=found.raw_sha256,
        redirects=found.redirects,
        remote_ip=found.remote_ip,
        robots=found.robots,
        truncated=found.truncated,
        software=found.software,
        fault_kind=found.fault_kind,
        fault_detail=found.fault_detail,
        warc_withheld=PICTURE_STAYS if has_picture else "",
        entered=entered,
    )


def _custody_line(row: CustodyRow) -> CustodyLine:
    return CustodyLine(
        seq=row.seq,
        at=row.happened_at,
        role=row.role,
        verb=row.verb,
        object_kind=row.object_kind,
        object_id=row.object_id,
        note=row.note,
        commitment=row.commitment,
        pack=row.pack,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )


def _incident(reading: Reading, row: IncidentRow | None) -> ExhibitIncident | None:
    if row is None:
        return None
    steps = tuple(
        StepLine(
            number=event.number,
            at=event.happened_at,
            event=event.event,
            from_state=event.from_state.value if event.from_state else "",
            to_state=event.to_state.value,
            role=event.role.value,
            hash=event.hash,
        )
        for event in incident_events(reading, row.id)
    )
    return ExhibitIncident(row.id, row.kind, row.state.value, row.clause, row.pack, row.opened_at, steps)


def gather(reading: Reading, id_: str, school: SchoolFile, now: datetime) -> Exhibit:
    """Everything an exhibit of a mention or an incident holds.

    Raises `ConfigError` for an unknown id, `Refused` when any of it is sealed, `Fatal` when stored bytes no
    longer match their digests: damaged evidence is never handed out as good.
    """
    ids = mentions_of(reading, id_)
    if not ids:
        raise ConfigError(
            "evidence export",
            "ID",
            f"no evidence is stored under {id_!r}",
            "List the ids with: mentionwatch mentions; or: mentionwatch incident list",
        )
    mentions = {row.id: row for row in list_mentions(reading, MentionFilter(ids=ids))}
    number = id_ if id_ not in mentions else mentions[id_].incident
    about = incident(reading, number) if number else None
    stopped = about is not None and about.state is IncidentState.STOP_IMAGE
    if stopped or any(row.is_sealed for row in mentions.values()):
        raise Refused(
            f"refused: {id_} may concern an indecent or intimate image: it is shown, copied and exported by nobody "
            "[duty above every policy: indecent images of children]. The designated safeguarding lead speaks to the police"
        )
    findings = verify_evidence(reading, ids).findings
    if findings:
        raise Fatal(
            f"{id_}: the stored evidence is not as it was captured ({findings[0].cause}). Run: mentionwatch evidence verify {id_}"
        )
    custody = read_custody(reading, ids, number)
    entered = {row.object_id: row.note for row in custody if row.verb == "captured"}
    try:
        revisions = tuple(
            _revision(
                found,
                mentions[mention].source,
                mentions[mention].kind,
                entered.get(f"{mention}/{found.revision}", ""),
            )
            for mention in ids
            for found in read_evidence(reading, mention)
        )
    except ValueError as error:
        raise Fatal(
            f"{id_}: the stored evidence is not as it was captured ({error}). Run: mentionwatch evidence verify {id_}"
        ) from None
    return Exhibit(
        id=id_,
        school=school.profile.name,
        made_at=now,
        software=f"mentionwatch {__version__}",
        revisions=revisions,
        custody=tuple(_custody_line(row) for row in custody),
        incident=_incident(reading, about),
        heads=tuple((chain, sha) for chain, (_, sha) in sorted(read_heads(reading).items())),
    )


def export_exhibit(home: Home, school: SchoolFile, id_: str, now: datetime, actor: str) -> ExhibitFile:
    """Write `exhibits/<id>.zip`, whole or not at all, and enter the export in the audit log with its SHA-256."""
    warehouse = Warehouse(home.folder)
    with warehouse.live_reader() as reading:
        exhibit = gather(reading, id_, school, now)
    body = build_exhibit(exhibit)
    path = home.exhibits / f"{id_}.zip"
    write_whole(path, body)
    kind = "incident" if exhibit.incident and exhibit.incident.id == id_ else "mention"
    with warehouse.writer() as writing:
        append_audit(
            writing,
            [AuditEvent(now, actor, Role.OPERATOR, "exported", kind, id_, f"exhibit sha256 {digest(body)}")],
        )
    return ExhibitFile(path, digest(body), len(exhibit.revisions))
