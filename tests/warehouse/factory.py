"""Small, complete values to store: what a sweep hands to the warehouse, with every field a test may turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from mentionwatch.ids import content_sha256, digest, mention_id
from mentionwatch.labels import (
    CaptureMethod,
    EntryKind,
    Harm,
    IncidentState,
    Label,
    PostedAtBasis,
    Role,
    Route,
    Scope,
    Verdict,
)
from mentionwatch.model import (
    AuditEvent,
    Classification,
    Cursor,
    EntryFound,
    GoneFound,
    IncidentIntent,
    Mention,
    MentionWrite,
    Probabilities,
    Reason,
    ScopeDecision,
    Snapshot,
    SourceNight,
    SourceRun,
)
from mentionwatch.urls import canonical_url

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
OPENING = (IncidentState.OPENED, IncidentState.PRESERVED)


def make_write(
    native_id: str = "p1",
    text: str = "Ysgol Llanbedrog had a lovely fair",
    *,
    source: str = "paper",
    title: str = "A title",
    url: str = "",
    author: str = "",
    label: Label = Label.NEUTRAL,
    opens: bool = False,
    stop: bool = False,
    scope: Scope = Scope.CERTAIN,
    kind: EntryKind = EntryKind.POST,
    at: datetime = NOW,
    posted_at: datetime | None = datetime(2026, 11, 20, 18, 0, tzinfo=UTC),
    raw: bytes = b"",
    warc: bytes = b"",
) -> MentionWrite:
    url = url or f"https://example.org/{source}/{native_id}"
    entry = EntryFound(
        source=source,
        native_id=native_id,
        kind=kind,
        url=url,
        title=title,
        text=text,
        posted_at=posted_at,
        posted_at_basis=PostedAtBasis.FEED if posted_at else PostedAtBasis.UNKNOWN,
        author=author,
        raw=raw,
        raw_media_type="application/json" if raw else "",
    )
    mention = Mention(
        id=mention_id(source, native_id),
        revision=1,
        entry=entry,
        canonical_url=canonical_url(url),
        content_sha256=content_sha256(title, text),
        scope=ScopeDecision(scope, 0.9, ("names the school",)),
        captured_at=at,
    )
    body = warc or f"WARC/1.1\r\n{url}\r\n{text}".encode()
    snapshot = Snapshot(
        captured_at=at,
        method=CaptureMethod.GUARDED_HTTP,
        url_requested=url,
        url_final=url,
        http_status=200,
        warc=body,
        warc_sha256=digest(body),
        page_sha256=digest(text.encode()),
        text=text,
        text_sha256=digest(text.encode()),
        software="test",
    )
    spread = dict.fromkeys(Label, 0.1) | {label: 0.7}
    judged = Classification(
        label=label,
        probabilities=Probabilities(
            *(spread[name] for name in (Label.POSITIVE, Label.NEUTRAL, Label.CONCERN, Label.INAPPROPRIATE))
        ),
        harms=(Harm.THREAT,) if label is Label.INAPPROPRIATE else (),
        route=Route.POLICE if opens else Route.NONE,
        needs_person=opens,
        reasons=(Reason(f"says {text[:12]}", 0.5, (0, 3)),),
        lang="en",
        model="test 1",
        stop_image=stop,
    )
    path = (IncidentState.OPENED, IncidentState.STOP_IMAGE) if stop else OPENING
    intent = IncidentIntent(
        mention_id=mention.id,
        canonical_url=mention.canonical_url,
        kind="threat",
        route=Route.POLICE,
        harms=(Harm.THREAT,),
        decider=Role.HEAD,
        path=path,
        first_steps=("keep the evidence",),
        reasons=("a threat",),
        clause="s.3",
        pack="llanbedrog 2021",
        summary=f"post at {source}: threat",
    )
    return MentionWrite(mention, snapshot, judged, intent if opens or stop else None)


def make_night(
    run_id: str = "run-1",
    writes: Sequence[MentionWrite] = (),
    *,
    source: str = "paper",
    gone: Sequence[str] = (),
    cursor: str | None = "{}",
    at: datetime = NOW,
    verdict: Verdict = Verdict.CLEAR,
) -> SourceNight:
    run = SourceRun(source, "feed", verdict, fetched=len(writes), out_of_scope=2, last_ok_at=at)
    return SourceNight(
        run_id,
        run,
        Cursor(cursor) if cursor is not None else None,
        tuple(writes),
        tuple(GoneFound(name, at, "not in the feed") for name in gone),
    )


def make_audit(
    verb: str = "moved", object_id: str = "2026-0001", reason: str = "because", role: Role = Role.HEAD
) -> AuditEvent:
    return AuditEvent(NOW, "a person", role, verb, "incident", object_id, reason, "llanbedrog 2021")
