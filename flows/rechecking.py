"""A second look at the posts of open incidents: is the cited passage still there?

What is seen goes into the incident's log as a note of the pipeline. No state changes: a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from evidence.recheck import Baseline, PostSeen, PostState, choose_baseline, decide_state
from flows.home import HomeConfig
from flows.running import make_door, running_clock
from incidents.authority import check_authority
from incidents.transitions import Event
from mentionwatch.errors import Refused
from mentionwatch.fetching import Fetch, Fetched, FetchRequest
from mentionwatch.labels import CaptureMethod, IncidentState, Role
from mentionwatch.model import AuditEvent
from warehouse.connection import Warehouse
from warehouse.custody import mentions_of
from warehouse.incident_steps import IncidentMove, incident_events, incident_rows, record_move
from warehouse.reading import MentionFilter, MentionRow, list_mentions, read_evidence
from warehouse.session import Reading

ACTOR = "mentionwatch"
PAGE_BYTES = 2 * 1024 * 1024
LEFT_ALONE = frozenset({IncidentState.CLOSED, IncidentState.MERGED, IncidentState.STOP_IMAGE})
"""Finished, or an image nobody may fetch (B13, T04)."""

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Looked:
    """One second look. `deadline_at` is the incident's own, if it has one."""

    incident: str
    mention: str
    state: PostState
    basis: str
    checked_at: datetime
    deadline_at: datetime | None
    http_status: int | None


@dataclass(frozen=True, slots=True)
class _Due:
    incident: str
    incident_state: IncidentState
    pack: str
    deadline_at: datetime | None
    mention: str
    source: str
    baseline: Baseline
    known: PostSeen | None


def recheck_posts(config: HomeConfig, now: datetime) -> tuple[Looked, ...]:
    """Look once at each post of each open incident, earliest deadline first, and enter what was seen.

    Raises `Refused` without authority or DPIA, like a sweep.
    """
    check_authority(config.school, config.pack, now.date())
    warehouse = Warehouse(config.home.folder)
    with warehouse.live_reader() as reading:
        due = _find_due(reading)
    if not due:
        return ()
    sources = {collector.spec.name: collector.urls for collector in config.collectors}
    door = make_door(config, config.collectors, running_clock(now))
    try:
        seen = [item.known or look_again(item.baseline, sources.get(item.source, ()), door) for item in due]
    finally:
        door.close()
    looked = [_looked(item, found, now) for item, found in zip(due, seen, strict=True)]
    with warehouse.writer() as writing:
        for item, found in zip(due, looked, strict=True):
            try:
                record_move(writing, _note(item, found), _audit(item, found))
            except Refused:
                # Someone took a step meanwhile; the next recheck looks at the post in its new state.
                continue
    return tuple(looked)


def look_again(baseline: Baseline, source_urls: tuple[str, ...], fetch: Fetch) -> PostSeen:
    """Fetch the post once; when it is not found, also its source, so that a broken site is no deletion."""
    source_url = source_urls[0] if source_urls else baseline.url
    answer = fetch(FetchRequest(baseline.url, source_url, max_bytes=PAGE_BYTES))
    control = None
    if isinstance(answer, Fetched) and answer.status in (404, 410) and source_urls:
        control = fetch(FetchRequest(source_url, source_url, max_bytes=PAGE_BYTES))
    return decide_state(baseline, answer, control)


def _find_due(reading: Reading) -> list[_Due]:
    found: list[_Due] = []
    for row in incident_rows(reading):
        if row.state in LEFT_ALONE:
            continue
        if row.state is IncidentState.POLICE_HOLD and any(
            event.event == Event.POLICE_WAIT.value for event in incident_events(reading, row.id)
        ):
            continue
        ids = mentions_of(reading, row.id)
        for mention in list_mentions(reading, MentionFilter(ids=ids)) if ids else ():
            if mention.is_sealed:
                continue
            baseline, known = _prepare(reading, mention)
            found.append(
                _Due(
                    row.id,
                    row.state,
                    row.pack,
                    row.deadline_at,
                    mention.id,
                    mention.source,
                    baseline,
                    known,
                )
            )
    return sorted(found, key=lambda item: (item.deadline_at or NEVER, item.incident, item.mention))


def _prepare(reading: Reading, mention: MentionRow) -> tuple[Baseline, PostSeen | None]:
    """What to look for, or what is known without looking: some sources tell of deletions themselves."""
    stored = read_evidence(reading, mention.id, mention.revision)
    page_text = stored[0].page_text if stored else ""
    baseline = choose_baseline(mention.url, mention.title, mention.text, page_text)
    if mention.is_gone:
        return baseline, PostSeen(PostState.GONE, "its source no longer shows it")
    method = stored[0].method if stored else CaptureMethod.NONE.value
    if method == CaptureMethod.API.value:
        return baseline, PostSeen(
            PostState.UNKNOWN, "the nightly run asks its source; it was there at the last run"
        )
    if method == CaptureMethod.MANUAL.value:
        return baseline, PostSeen(PostState.UNKNOWN, "reported by a person: a person has to look")
    return baseline, None


def _looked(item: _Due, seen: PostSeen, now: datetime) -> Looked:
    return Looked(
        item.incident, item.mention, seen.state, seen.basis, now, item.deadline_at, seen.http_status
    )


def _details(found: Looked) -> Mapping[str, str]:
    status = {"http_status": str(found.http_status)} if found.http_status else {}
    return {"mention": found.mention, "state": found.state.value, **status}


def _note(item: _Due, found: Looked) -> IncidentMove:
    return IncidentMove(
        incident_id=item.incident,
        expected=item.incident_state,
        event="rechecked",
        to=item.incident_state,
        actor=ACTOR,
        role=Role.PIPELINE,
        reason=f"{found.state.value}: {found.basis}",
        at=found.checked_at,
        pack=item.pack,
        details=tuple(_details(found).items()),
    )


def _audit(item: _Due, found: Looked) -> AuditEvent:
    return AuditEvent(
        found.checked_at,
        ACTOR,
        Role.PIPELINE,
        "rechecked",
        "mention",
        item.mention,
        found.state.value,
        item.pack,
    )
