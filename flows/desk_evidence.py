"""Evidence at the desk: what the log says of it, a check of a few captures, and exhibits, as the commands make them (L31)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from desk.acts import Busy, NoSuch, RefusedHere
from desk.document_port import FileFetched
from desk.evidence_port import (
    CaptureShown,
    CheckState,
    EvidencePage,
    EvidenceShown,
    ExhibitGiven,
    ExhibitPage,
    HeldBy,
    Looked,
)
from desk.evidence_words import PURPOSES, REFUSED, say_refused
from desk.refused import NOT_YOURS
from flows.evidence_bars import find_evidence, refuse_barred
from flows.home import Home
from flows.need_to_know import may_see, read_sight
from flows.school_now import SchoolNow
from mentionwatch.accounts import PROTOCOL_ROLES, RIGHTS, Right, Viewer
from mentionwatch.errors import ConfigError, Fatal, Refused, Retriable
from mentionwatch.ids import digest
from mentionwatch.labels import CaptureMethod, Role
from mentionwatch.model import AuditEvent
from warehouse.about import rows_about
from warehouse.chain import append_audit
from warehouse.checked import CaptureRow, Check, list_captures, list_checks, write_check
from warehouse.connection import Warehouse
from warehouse.custody import mentions_of, places_of
from warehouse.erase import FROZEN, held_mentions
from warehouse.incident_steps import incident
from warehouse.logged import sealed_among
from warehouse.need_to_know import known_among
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.retention import ends_of
from warehouse.session import Reading
from warehouse.verify import verify_captures


class HomeEvidence:
    """`desk.evidence_port.EvidenceActs` over one home. `clock` gives aware UTC."""

    def __init__(self, home: Home, now: SchoolNow, clock: Callable[[], datetime]) -> None:
        self._home, self._now, self._clock = home, now, clock
        self._warehouse = Warehouse(home.folder)

    def _mentions(self, reading: Reading, viewer: Viewer, id_: str) -> tuple[str, ...] | None:
        """Those under this id that the viewer may know of; None where there is no such id for them."""
        sight = read_sight(reading, viewer, *self._now.read())
        if not may_see(reading, sight, id_):
            return None
        ids = mentions_of(reading, id_)
        known = known_among(reading, sight, ids)
        return tuple(one for one in ids if one in known)

    def evidence(self, viewer: Viewer, id_: str) -> EvidencePage | None:
        with self._warehouse.live_reader() as reading:
            ids = self._mentions(reading, viewer, id_)
            if ids is None:
                return None
            sealed = sealed_among(reading, ids)
            logged = rows_about(reading, (*ids, id_))
            captures = list_captures(reading, [one for one in ids if one not in sealed], logged)
            checks = list_checks(reading, (*ids, id_), logged)
            held = held_mentions(reading, self._clock())
            ends = {end.mention_id: end for end in ends_of(reading, ids)}
            places = places_of(reading, ids)
            has_exhibit = incident(reading, id_) is not None or not any(where for _, where in places.values())
        things = tuple(
            EvidenceShown(
                mention_id=one,
                source=places[one][0],
                captures=tuple(_shown(row, checks) for row in captures if row.mention_id == one),
                is_sealed=one in sealed,
                held=HeldBy.SEAL if one in sealed else _held(held.get(one, "")),
                delete_at=ends[one].due_at if one in ends else None,
                retention_class=ends[one].retention_class if one in ends else "",
            )
            for one in ids
        )
        latest = next((check for check in checks if check.of_all), None)
        has_right = viewer.has(Right.EVIDENCE)
        return EvidencePage(
            id=id_,
            things=things,
            checked_at=latest.at if latest else None,
            was_whole=bool(latest and latest.is_whole),
            may_check=has_right and bool(captures),
            may_export=has_right and has_exhibit and bool(captures) and not sealed,
        )

    def check(self, viewer: Viewer, id_: str) -> Looked | Busy | NoSuch:
        if not viewer.has(Right.EVIDENCE):
            return NoSuch()
        try:
            with self._warehouse.live_reader() as reading:
                ids = self._mentions(reading, viewer, id_)
                done = verify_captures(reading, ids) if ids else None
            if not ids or done is None:
                return NoSuch()
            verb = "verify_failed" if done.findings else "verified"
            what = write_check(done.revisions, done.objects, done.findings)
            at, role = self._clock(), viewer.logged_as
            rows = [AuditEvent(at, viewer.account_id, role, verb, "mention", one, what) for one in ids]
            with self._warehouse.writer() as writing:
                append_audit(writing, rows)
        except Retriable:
            return Busy()
        return Looked(not done.findings)

    def _roles(self, viewer: Viewer) -> tuple[Role, ...]:
        """The roles of theirs that handle evidence: with a second one the office's own does not become one."""
        return tuple(
            role
            for desk_role, role in PROTOCOL_ROLES.items()
            if desk_role in viewer.roles and Right.EVIDENCE in RIGHTS[desk_role]
        )

    def exhibit_page(self, viewer: Viewer, id_: str) -> ExhibitPage | None:
        if not viewer.has(Right.EVIDENCE):
            return None
        with self._warehouse.live_reader() as reading:
            ids = self._mentions(reading, viewer, id_)
            # Of what only some posts may be known, no exhibit leaves: it would hold the others too.
            if not ids or ids != mentions_of(reading, id_):
                return None
            of_incident, posts = incident(reading, id_) is not None, _posts(reading, id_)
            if not (of_incident or _stands_alone(posts)):
                return None
            open_to: list[Role] = []
            refusals: list[tuple[Role, str]] = []
            for role in self._roles(viewer):
                try:
                    find_evidence(reading, id_)
                    refuse_barred(reading, self._home, id_, role)
                    open_to.append(role)
                except Refused as error:
                    refusals.append((role, str(error)))
            rows = list_captures(reading, ids)
        return ExhibitPage(
            id=id_,
            captures=len(rows),
            has_handed_in=any(row.method is CaptureMethod.MANUAL for row in rows),
            purposes=tuple(PURPOSES),
            open_to=tuple(open_to),
            refusals=tuple(refusals),
            of_post=bool(posts),
            of_incident=of_incident,
        )

    def make_exhibit(
        self, viewer: Viewer, given: ExhibitGiven, lang: str
    ) -> FileFetched | RefusedHere | Busy | NoSuch:
        from flows.exhibits import Asked, export_exhibit

        try:
            page = self.exhibit_page(viewer, given.id)
            if page is None:
                return NoSuch()
            if given.role not in {role.value for role in self._roles(viewer)}:
                return RefusedHere(NOT_YOURS[lang == "cy"], "as_role")
            asked = Asked(
                Role(given.role),
                viewer.account_id,
                self._clock(),
                given.purpose,
                given.names,
                given.picture_checked,
            )
            school, _ = self._now.read()
            made = export_exhibit(self._home, school, given.id, asked)
            # The very bytes the log names: a file that was changed in between does not leave. Two people may ask at once,
            # each to have other names covered, and both files have one name.
            body = made.path.read_bytes()
            if digest(body) != made.sha256:
                return RefusedHere(REFUSED["changed"][lang == "cy"])
        except Retriable:
            return Busy()
        except OSError:
            return RefusedHere(REFUSED["changed"][lang == "cy"])
        except ConfigError:
            return RefusedHere(REFUSED["key"][lang == "cy"])
        except (Refused, Fatal) as error:
            return RefusedHere(say_refused(str(error), lang))
        return FileFetched(made.path.name, "application/zip", body)


def _posts(reading: Reading, id_: str) -> tuple[MentionRow, ...]:
    """The post of this id, if it is a post's; a concern taken up is both that and an incident."""
    return list_mentions(reading, MentionFilter(ids=(id_,)))


def _stands_alone(posts: tuple[MentionRow, ...]) -> bool:
    """A post outside every incident has an exhibit of its own: inside, the incident's holds it with the rest."""
    return all(row.incident is None for row in posts)


def _held(why: str) -> HeldBy:
    if not why:
        return HeldBy.NOBODY
    if why == FROZEN:
        return HeldBy.SEAL
    return (
        HeldBy.POLICE
        if why.startswith("incident ") and why.endswith(" is with the police")
        else HeldBy.PERSON
    )


def _shown(row: CaptureRow, checks: tuple[Check, ...]) -> CaptureShown:
    """By the latest check that came after it was stored."""
    latest = next((one for one in checks if row.seq and one.seq > row.seq), None)
    state, causes = CheckState.NOT_YET, tuple[str, ...]()
    if latest is not None:
        names = {("revision", f"{row.mention_id}/{row.revision}"), ("mention", row.mention_id)}
        names |= {("object", sha) for _, sha in row.hashes}
        causes = tuple(one.cause for one in latest.found if (one.object_kind, one.object_id) in names)
        state = (
            CheckState.AS_STORED
            if latest.is_whole
            else CheckState.CHANGED
            if causes
            else CheckState.ELSEWHERE
            if latest.is_told
            else CheckState.UNCLEAR
        )
    return CaptureShown(
        revision=row.revision,
        captured_at=row.captured_at.astimezone(UTC),
        posted_at=row.posted_at,
        method=row.method,
        fault=row.fault,
        size=row.size,
        hashes=row.hashes,
        state=state,
        checked_at=latest.at if latest else None,
        causes=causes,
    )
