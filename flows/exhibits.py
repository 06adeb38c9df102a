"""From stored rows to an exhibit in the home's exhibits folder."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evidence.exhibit import (
    Exhibit,
    ExhibitRevision,
    HandedIn,
    NamesToCover,
    NoExhibit,
    build_covered,
    build_exhibit,
)
from evidence.recheck import choose_baseline
from evidence.signing_keys import SigningKey
from flows.custody import EVENTS, open_custody_key, read_head, sign_custody
from flows.custody_config import read_custody
from flows.custody_end import settle_end
from flows.custody_public import read_public_keys
from flows.evidence_acts import find_handed_in
from flows.evidence_bars import find_evidence, refuse_barred
from flows.exhibit_drawing import draw_pictures
from flows.exhibit_files import LOGGED, sweep_partials
from flows.exhibit_proofs import gather_proofs
from flows.exhibit_rows import open_entries, read_incident, read_line
from flows.home import Home
from flows.private_files import write_beside
from flows.signing import refuse_future
from mentionwatch import __version__
from mentionwatch.errors import ConfigError, Fatal, MentionwatchError, Refused
from mentionwatch.ids import digest
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from mentionwatch.school import SchoolFile
from warehouse.chain import append_audit, read_heads
from warehouse.connection import Warehouse
from warehouse.custody import mentions_of
from warehouse.custody import read_custody as read_rows
from warehouse.custody_rows import read_custody_end, write_purpose
from warehouse.incident_steps import incident
from warehouse.reading import MentionFilter, list_mentions
from warehouse.session import Reading
from warehouse.stored_evidence import StoredEvidence, read_evidence
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
    given = find_handed_in(found)
    if given is None:
        return None
    body, kind = given
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


def gather(reading: Reading, id_: str, home: Home, school: SchoolFile, asked: Asked) -> Exhibit:
    """Everything an exhibit of a mention or an incident holds, without pictures.

    Raises `ConfigError` for an unknown id, `Refused` when any of it is sealed or whoever asks has no part in it,
    `Fatal` when stored bytes no longer match their digests: damaged evidence is never handed out as good.
    """
    ids = find_evidence(reading, id_)
    refuse_barred(reading, home, id_, asked.role)
    mentions = {row.id: row for row in list_mentions(reading, MentionFilter(ids=ids))}
    number = id_ if id_ not in mentions else mentions[id_].incident
    about = incident(reading, number) if number else None
    findings = verify_evidence(reading, ids).findings
    if findings:
        raise Fatal(
            f"{id_}: the stored evidence is not as it was captured ({findings[0].cause}). Run: mentionwatch evidence verify {id_}"
        )
    end = read_custody_end(reading)
    signed_up_to = end.audit_seq if end else 0
    # What somebody did since the signing has no signature yet: it is in the next exhibit.
    custody = tuple(
        row for row in read_rows(reading, ids, number) if row.seq <= signed_up_to or row.verb not in EVENTS
    )
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
        custody=tuple(read_line(row) for row in custody),
        incident=read_incident(reading, about),
        heads=tuple((chain, sha) for chain, (_, sha) in sorted(read_heads(reading).items())),
        signed=open_entries(reading, signed, revisions),
    )


def _refuse_changed(reading: Reading, home: Home, id_: str, exhibit: Exhibit, role: Role) -> None:
    """Drawing takes its time: erased, sealed or recused meanwhile means that nothing leaves."""
    gone = {row.mention_id for row in exhibit.revisions} - set(mentions_of(reading, id_))
    if gone:
        raise Refused(
            f"refused: {id_} changed while its exhibit was being made. Nothing was written; look at it again"
        )
    find_evidence(reading, id_)
    refuse_barred(reading, home, id_, role)


def _build(exhibit: Exhibit, asked: Asked, signer: SigningKey) -> bytes:
    if asked.names is None:
        return build_exhibit(exhibit, signer)
    built = build_covered(exhibit, NamesToCover(asked.names, asked.role.value, asked.at), signer)
    if isinstance(built, NoExhibit):
        raise Refused(f"refused: {built.cause} [identities stay hidden in a shared copy]")
    return built


def export_exhibit(home: Home, school: SchoolFile, id_: str, asked: Asked) -> ExhibitFile:
    """Write `exhibits/<id>.zip` (`<id>-covered.zip`), whole or not at all; what left, and what for, is entered and signed.

    Raises as `gather` does, `Refused` where a covered copy would still show a name that was to be covered or where the
    evidence was erased or sealed meanwhile, `ConfigError` without the key that signs: nothing is written then.
    """
    if asked.names is not None and not asked.names:
        raise Refused(
            "refused: a covered copy covers somebody [identities stay hidden in a shared copy]. Say whom: --cover NAME"
        )
    refuse_future(home, asked.at, datetime.now(UTC))
    warehouse = Warehouse(home.folder)
    with warehouse.writer() as writing:
        sign_custody(writing, home)
        signer = open_custody_key(home, read_head(writing))
    settle_end(home)
    with warehouse.live_reader() as reading:
        exhibit = gather(reading, id_, home, school, asked)
    body = _build(draw_pictures(exhibit, asked.names), asked, signer)
    path = home.exhibits / f"{id_}{'' if asked.names is None else '-covered'}.zip"
    kind = "incident" if exhibit.incident and exhibit.incident.id == id_ else "mention"
    what = f"{LOGGED}{digest(body)}"
    said = write_purpose(asked.purpose, what) if asked.purpose else what
    verbs = ["exported"] if asked.names is None else ["redacted", "exported"]
    if path.is_dir():
        raise ConfigError(str(path), "", "a folder is in the way", "Move it away")
    try:
        # Nobody erases or seals while the lock is held: what is in place then is removed by whoever does so after.
        with warehouse.writer() as writing:
            _refuse_changed(writing, home, id_, exhibit, asked.role)
            append_audit(
                writing,
                [AuditEvent(asked.at, asked.actor, asked.role, verb, kind, id_, said) for verb in verbs],
            )
            sign_custody(writing, home)
            partial = write_beside(path, body)
            # A kill in between leaves an entry without its ZIP, never a ZIP without its entry.
            writing.once_kept(lambda: partial.replace(path))
    except BaseException:
        with suppress(MentionwatchError), warehouse.exclusive():
            sweep_partials(home)
        raise
    settle_end(home)
    return ExhibitFile(path, digest(body), len(exhibit.revisions))
