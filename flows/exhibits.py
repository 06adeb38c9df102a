"""From stored rows to an exhibit in the home's exhibits folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evidence.browser import find_browser
from evidence.custody_entry import decode_entry, object_commit
from evidence.exhibit import (
    CustodyLine,
    Exhibit,
    ExhibitIncident,
    ExhibitRevision,
    HandedIn,
    NamesToCover,
    NoExhibit,
    Opening,
    SignedCustody,
    StepLine,
    build_covered,
    build_exhibit,
)
from evidence.picture import Cover, NoPicture, NoPictureKind, Picture, Renderer, has_player
from evidence.recheck import choose_baseline
from evidence.warc import read_resource, read_resource_type
from flows.custody import read_public_keys, sign_custody
from flows.custody_config import read_custody
from flows.evidence_acts import SEALED
from flows.exhibit_proofs import gather_proofs
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
from warehouse.custody import CustodyRow, mentions_of
from warehouse.custody import read_custody as read_rows
from warehouse.custody_rows import write_purpose
from warehouse.incident_steps import IncidentRow, incident, incident_events
from warehouse.objects import commit_salts
from warehouse.reading import MentionFilter, StoredEvidence, list_mentions, read_evidence
from warehouse.session import Reading
from warehouse.verify import verify_evidence

NO_TICK = (
    "a picture was handed in; it stays at the school until a person has checked that it shows neither who "
    "reported the post nor whose account it was seen through"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of exhibit, by whom and for whom. `purpose` is a code of the custody log.

    `names` not None: the covered variant, with these names covered. `picture_checked`: a person looked at a picture that
    was handed in, and neither the reporter nor the account it was seen through shows (L21).
    """

    role: Role
    actor: str
    at: datetime
    purpose: str = ""
    names: tuple[str, ...] | None = None
    picture_checked: bool = False


@dataclass(frozen=True, slots=True)
class ExhibitFile:
    """An exhibit that was written, and the SHA-256 of the ZIP."""

    path: Path
    sha256: str
    captures: int


def _handed_in(found: StoredEvidence, asked: Asked) -> HandedIn | None:
    """A file a person gave; with the tick of whoever asks, where it was ticked."""
    kind = read_resource_type(found.warc) if found.method == "manual" and found.warc else ""
    if kind in ("", "text/plain"):
        return None
    body = read_resource(found.warc)
    role, at = (asked.role.value, asked.at) if asked.picture_checked else ("", None)
    return HandedIn(kind, body, digest(body), role, at)


def _revision(found: StoredEvidence, source: str, kind: str, entered: str, asked: Asked) -> ExhibitRevision:
    handed_in = _handed_in(found, asked)
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
        # What somebody handed in is in the WARC too, with all the file says of the device that made it.
        warc=b"" if handed_in else found.warc,
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
        warc_withheld=NO_TICK if handed_in and not handed_in.may_leave else "",
        entered=entered,
        handed_in=handed_in,
        passage=choose_baseline(found.url, found.title, found.text, found.page_text).passage,
    )


def _draw(exhibit: Exhibit, asked: Asked) -> Exhibit:
    """The exhibit with a picture of each capture that has bytes, or the reason why there is none; covered where it is asked for."""
    if find_browser() is None or not has_player():
        none = NoPicture(NoPictureKind.NO_BROWSER)
        return replace(exhibit, revisions=tuple(replace(row, no_picture=none) for row in exhibit.revisions))
    covers = [Cover(name, "a person who must not be shown") for name in asked.names or ()]
    rows = []
    with Renderer() as renderer:
        for row in exhibit.revisions:
            if not row.warc:
                rows.append(row)
                continue
            drawn = renderer.draw(row.warc, row.passage, cover=covers)
            shown = (drawn,) if isinstance(drawn, Picture) else ()
            rows.append(
                replace(
                    row,
                    pictures=shown if asked.names is None else (),
                    redacted=shown if asked.names is not None else (),
                    no_picture=drawn if isinstance(drawn, NoPicture) else None,
                )
            )
    return replace(exhibit, revisions=tuple(rows))


def _open(reading: Reading, signed: SignedCustody, revisions: Sequence[ExhibitRevision]) -> SignedCustody:
    """The proofs with what each capture's entry stands for: the digest of its bytes and the salt it was hidden under."""
    main = {
        f"{row.mention_id}/{row.revision}": row.warc_sha256 or row.text_sha256 or row.raw_sha256
        for row in revisions
    }
    salts = commit_salts(reading, [sha256 for sha256 in main.values() if sha256])
    by_commit = {
        object_commit(salt, bytes.fromhex(sha256)): Opening(salt, sha256) for sha256, salt in salts.items()
    }
    entries = []
    for entry in signed.entries:
        said = decode_entry(entry.body)
        commit = "" if isinstance(said, str) else said.object_commit
        entries.append(replace(entry, opening=by_commit.get(commit)))
    return replace(signed, entries=tuple(entries))


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


def gather(reading: Reading, id_: str, home: Home, school: SchoolFile, asked: Asked) -> Exhibit:
    """Everything an exhibit of a mention or an incident holds, without pictures.

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
        raise Refused(SEALED.format(id=id_))
    findings = verify_evidence(reading, ids).findings
    if findings:
        raise Fatal(
            f"{id_}: the stored evidence is not as it was captured ({findings[0].cause}). Run: mentionwatch evidence verify {id_}"
        )
    custody = read_rows(reading, ids, number)
    entered = {row.object_id: row.note for row in custody if row.verb == "captured"}
    try:
        revisions = tuple(
            _revision(
                found,
                mentions[mention].source,
                mentions[mention].kind,
                entered.get(f"{mention}/{found.revision}", ""),
                asked,
            )
            for mention in ids
            for found in read_evidence(reading, mention)
        )
    except ValueError as error:
        raise Fatal(
            f"{id_}: the stored evidence is not as it was captured ({error}). Run: mentionwatch evidence verify {id_}"
        ) from None
    signed = gather_proofs(reading, [row.seq for row in custody], read_custody(home), read_public_keys(home))
    return Exhibit(
        id=id_,
        school=school.profile.name,
        made_at=asked.at,
        software=f"mentionwatch {__version__}",
        revisions=revisions,
        custody=tuple(_custody_line(row) for row in custody),
        incident=_incident(reading, about),
        heads=tuple((chain, sha) for chain, (_, sha) in sorted(read_heads(reading).items())),
        signed=_open(reading, signed, revisions),
    )


def _build(exhibit: Exhibit, asked: Asked) -> bytes:
    if asked.names is None:
        return build_exhibit(exhibit)
    built = build_covered(exhibit, NamesToCover(asked.names, asked.role.value, asked.at))
    if isinstance(built, NoExhibit):
        raise Refused(f"refused: {built.cause} [identities stay hidden in a shared copy]")
    return built


def export_exhibit(home: Home, school: SchoolFile, id_: str, asked: Asked) -> ExhibitFile:
    """Write `exhibits/<id>.zip` (`<id>-covered.zip`), whole or not at all; what left, and what for, is entered and signed.

    Raises as `gather` does, and `Refused` where a covered copy would still show a name that was to be covered.
    """
    warehouse = Warehouse(home.folder)
    with warehouse.writer() as writing:
        sign_custody(writing, home)
    with warehouse.live_reader() as reading:
        exhibit = gather(reading, id_, home, school, asked)
    body = _build(_draw(exhibit, asked), asked)
    path = home.exhibits / f"{id_}{'' if asked.names is None else '-covered'}.zip"
    write_whole(path, body)
    kind = "incident" if exhibit.incident and exhibit.incident.id == id_ else "mention"
    what = f"exhibit sha256 {digest(body)}"
    said = write_purpose(asked.purpose, what) if asked.purpose else what
    verbs = ["exported"] if asked.names is None else ["redacted", "exported"]
    with warehouse.writer() as writing:
        append_audit(
            writing,
            [AuditEvent(asked.at, asked.actor, asked.role, verb, kind, id_, said) for verb in verbs],
        )
        sign_custody(writing, home)
    return ExhibitFile(path, digest(body), len(exhibit.revisions))
