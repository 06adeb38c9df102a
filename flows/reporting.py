"""A person's report goes the way of a collected mention: scope, classify, stop rule, capture, triage, one transaction.

Nothing is fetched. Who reported it is sealed apart, and read by `reporter show` alone, which logs each look.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from classifiers.model import Classifier, TextToClassify
from classifiers.scope import build_scoper
from collectors.base import CollectRequest
from flows.home import Home
from flows.incident_opening import tell_report
from flows.night import NEVER_SEEN, Stages, prepare_write, select
from flows.standing import read_context
from flows.storing import store_looks
from incidents.authority import check_authority
from mentionwatch.accounts import DeskRole
from mentionwatch.errors import Refused
from mentionwatch.fetching import Fault, FetchRequest
from mentionwatch.ids import digest, mention_id
from mentionwatch.labels import EntryKind, FaultKind, PostedAtBasis, Role, Route, Scope, Verdict
from mentionwatch.model import (
    AuditEvent,
    Classification,
    Collected,
    CollectResult,
    Cursor,
    EntryFound,
    MentionWrite,
    ScopeDecision,
    SourceNight,
    SourceRun,
    SourceSpec,
)
from mentionwatch.policy import PolicyPack
from mentionwatch.report_kinds import ReportKind
from mentionwatch.school import SchoolFile
from mentionwatch.urls import canonical_url
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.protocol_records import keep_pack
from warehouse.reading import MentionFilter, StoredSource, list_mentions, read_start
from warehouse.reporters import ReporterStore
from warehouse.sealed_lines import SealedReport

SOURCE = "report"
NO_TEXT = "reported without text"
A_PERSON_SAYS_SO = ScopeDecision(Scope.CERTAIN, 1.0, ("a person says it is about the school",))


@dataclass(frozen=True, slots=True)
class HumanReport:
    """What a person handed in. `posted_at` None: unknown. `is_indecent`: the answer before the picture was opened.

    `picture` is stored as it came and never decoded; `reporter`, `platform` and `seen_at`, when the reporter saw
    the post (C03), go into the sealed store and nowhere else.
    """

    url: str
    posted_at: datetime | None
    text: str = ""
    picture: bytes = field(default=b"", repr=False)
    picture_type: str = ""
    is_indecent: bool = False
    reporter: str = field(default="", repr=False)
    platform: str = field(default="", repr=False)
    kind: ReportKind | None = None
    seen_at: datetime | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reported:
    """Where the report went. `is_new` False: the same post had been reported before, in the same words."""

    mention: str
    incident: str | None
    is_new: bool


class StaysErased(Refused):
    """Nothing of the post is stored again: it was erased on request, or has run out its time and its words are the same."""

    def __init__(self, mention: str, *, on_request: bool) -> None:
        self.mention = mention
        super().__init__(
            "refused: this post was erased on request and is not taken in again, whatever its words [tombstone]. "
            "If somebody may be in danger, tell the designated safeguarding lead in person"
            if on_request
            else "refused: this post has run out its time, and its words are the same: it is not taken in again [tombstone]. "
            "If it was edited since, report it with the words it has now"
        )


@dataclass(frozen=True, slots=True)
class _OneReport:
    """The report as a source with one item, so that it passes the same stages as everything else."""

    entry: EntryFound
    on: date
    kind: ClassVar[str] = SOURCE
    credential_names: ClassVar[tuple[str, ...]] = ()

    @property
    def spec(self) -> SourceSpec:
        return SourceSpec(
            SOURCE, SOURCE, about_us=True, terms_ok_by="the person who reports", terms_ok_on=self.on
        )

    @property
    def urls(self) -> tuple[str, ...]:
        return ()

    def collect(self, request: CollectRequest) -> CollectResult:
        return Collected((self.entry,), request.cursor or Cursor("{}"), 1)


def _fetch_nothing(_: FetchRequest) -> Fault:
    return Fault(FaultKind.REFUSED_BY_POLICY, "a reported post is never fetched")


def take_report(
    home: Home,
    school: SchoolFile,
    pack: PolicyPack,
    classifier: Classifier,
    report: HumanReport,
    now: datetime,
    actor: str = "mentionwatch",
    role: Role | DeskRole = Role.PIPELINE,
) -> Reported:
    """Store a report. The same address again is the same mention; other words or another picture are a new revision.

    `actor` and `role` are who took it in, as the audit log says it: an account's id at the desk, never who reported it.
    Raises `Refused` without authority or DPIA, and `StaysErased` for a post that was erased or whose time is up.
    """
    authority = check_authority(school, pack, now.date())
    warehouse = Warehouse(home.folder)
    id_ = mention_id(SOURCE, canonical_url(report.url))
    with warehouse.live_reader() as reading:
        start = read_start(reading, [SOURCE])[SOURCE]
        stored = list_mentions(reading, MentionFilter(ids=(id_,)))
    if not report.text and stored and not stored[0].is_sealed:
        report = replace(report, text=stored[0].text)
    moment = now.replace(microsecond=0)
    run_id = f"report-{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    stages = Stages(
        run_id=run_id,
        now=moment,
        profile=school.profile,
        pack=pack,
        scoper=build_scoper(school.profile),
        classifier=classifier,
        fetch=_fetch_nothing,
        credentials={},
    )
    write = None
    if not stored or report.picture or report.is_indecent or report.text != stored[0].text:
        write = _write_of(report, start, stages)
    if write is None and not stored:
        raise StaysErased(id_, on_request=not start.buried.get(id_))
    with warehouse.writer() as writing:
        # Sealed first, then the transaction: a report that is acknowledged has its reporter. A kill in between
        # leaves a sealed record without a mention, which nobody can ask for (`open_reporter`); reporting again
        # finds it, else the next rewriting of the database forgets it (`finish_compaction`, under this lock).
        _seal_reporter(home, id_, report, now)
        keep_pack(writing, pack, moment)
        is_stored = False
        if write is not None:
            (done,) = store_looks(writing, home, [_night(run_id, write, moment)], moment)
            is_stored = bool(done.new or done.edited)
        append_audit(
            writing,
            [
                AuditEvent(moment, actor, role, "reported", "mention", id_, authority, pack.version),
            ],
        )
        context = read_context(home, school, pack, moment, "mentionwatch")
        kind = None if report.is_indecent else report.kind
        incident = tell_report(writing, id_, kind, context, is_stored=is_stored)
        return Reported(id_, incident, is_new=write is not None)


def _seal_reporter(home: Home, id_: str, report: HumanReport, now: datetime) -> None:
    if report.reporter or report.platform or report.seen_at:
        sealed = SealedReport(id_, report.reporter, report.platform, now, report.seen_at)
        ReporterStore(home.folder).store(sealed)


def _entry(report: HumanReport) -> EntryFound:
    # The picture's digest is part of the content, so that another picture of the same post is a new revision.
    has_picture = bool(report.picture) and not report.is_indecent
    return EntryFound(
        source=SOURCE,
        native_id=canonical_url(report.url),
        kind=EntryKind.REPORT,
        url=report.url,
        title=f"Picture handed in, SHA-256 {digest(report.picture)}" if has_picture else "",
        text=report.text or NO_TEXT,
        posted_at=report.posted_at,
        posted_at_basis=PostedAtBasis.HUMAN if report.posted_at else PostedAtBasis.UNKNOWN,
        has_page=False,
        raw=report.picture if has_picture else b"",
        raw_media_type=report.picture_type if has_picture else "",
    )


def _judge(report: HumanReport, entry: EntryFound, stages: Stages) -> Classification:
    """The words alone are classified: a digest in the title says nothing."""
    asked = TextToClassify("", entry.text, names=stages.profile.called)
    judged = stages.classifier.classify([asked])[0]
    offset = len(entry.title) + 1 if entry.title else 0
    reasons = tuple(
        replace(reason, span=(reason.span[0] + offset, reason.span[1] + offset)) if reason.span else reason
        for reason in judged.reasons
    )
    # Whoever took the trouble to report it suspects something: a person looks, whatever the classifier says (L16).
    judged = replace(judged, reasons=reasons, needs_person=True)
    if report.is_indecent:
        judged = replace(judged, stop_image=True, needs_person=True, route=Route.SAFEGUARDING, reasons=())
    return judged


def _write_of(report: HumanReport, start: StoredSource, stages: Stages) -> MentionWrite | None:
    entry = _entry(report)
    source = _OneReport(entry, stages.now.date())
    if report.is_indecent:
        # A child comes before an erasure: the report is taken, and the stop rule keeps nothing of the post.
        # And what was said of it before does not answer it: the same words are taken in once more, and sealed.
        known = {id_: replace(item, content_sha256="") for id_, item in start.known.items()}
        start = replace(start, buried={}, known=known)
    found, _ = select([entry], start or NEVER_SEEN, source, stages.scoper)
    if not found:
        return None
    item = replace(found[0], decision=A_PERSON_SAYS_SO)
    return prepare_write(item, _judge(report, entry, stages), source, stages)


def _night(run_id: str, write: MentionWrite, now: datetime) -> SourceNight:
    run = SourceRun(SOURCE, SOURCE, Verdict.MENTIONS, fetched=1, last_ok_at=now)
    return SourceNight(run_id, run, None, (write,))


PICTURE_TYPES: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
}


def name_picture_type(body: bytes) -> str:
    """By the first bytes only: a picture that was handed in is never decoded."""
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for sign, kind in PICTURE_TYPES.items() if body.startswith(sign)), "application/octet-stream"
    )
