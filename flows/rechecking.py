"""A second look at the posts of open incidents: is the cited passage still there?

What is seen goes into the incident's log as a note of the pipeline. No state changes: a person decides.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from evidence.recheck import Baseline, PostSeen, PostState, choose_baseline, decide_state, needs_controls
from evidence.recheck_address import make_lost_url
from evidence.recheck_schedule import (
    Compliance,
    LookDue,
    LookReason,
    Observation,
    due_looks,
    may_say_complied,
)
from evidence.recheck_words import BasisKey, say_basis
from flows.home import HomeConfig
from flows.running import make_door, running_clock
from incidents.authority import check_authority
from incidents.transitions import Event
from mentionwatch.errors import Refused
from mentionwatch.fetching import Fetch, FetchRequest
from mentionwatch.labels import FINISHED, CaptureMethod, IncidentState, Role
from mentionwatch.model import AuditEvent
from warehouse.connection import Warehouse
from warehouse.custody import mentions_of, places_of
from warehouse.incident_steps import IncidentMove, incident_events, incident_rows, record_move
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading
from warehouse.stored_evidence import read_evidence

ACTOR = "mentionwatch"
RECHECKED = "rechecked"
PAGE_BYTES = 2 * 1024 * 1024
LEFT_ALONE = FINISHED | {IncidentState.STOP_IMAGE}
"""Finished, or an image nobody may fetch (B13, T04)."""

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Looked:
    """One second look. `deadline_at` is the incident's own, if it has one; `fetches` the requests it took.

    `compliance` says what all looks at this post together allow a person to confirm.
    """

    incident: str
    mention: str
    seen: PostSeen
    reason: LookReason
    checked_at: datetime
    deadline_at: datetime | None
    fetches: int
    compliance: Compliance


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
    look: LookDue
    before: tuple[Observation, ...]


def recheck_posts(config: HomeConfig, now: datetime) -> tuple[Looked, ...]:
    """Look once at each post of an open incident whose look is due, earliest deadline first, and enter what was seen.

    Raises `Refused` without authority or DPIA, like a sweep.
    """
    check_authority(config.school, config.pack, now.date())
    warehouse = Warehouse(config.home.folder)
    with warehouse.live_reader() as reading:
        due = _find_due(reading, now)
    if not due:
        return ()
    sources = {collector.spec.name: collector.urls for collector in config.collectors}
    door = make_door(config.fetch, config.collectors, running_clock(now))
    try:
        seen = [
            (item.known, 0)
            if item.known
            else look_again(item.baseline, sources.get(item.source, ()), door, item.look.fetches)
            for item in due
        ]
    finally:
        door.close()
    looked = [_looked(item, *found, now) for item, found in zip(due, seen, strict=True)]
    with warehouse.writer() as writing:
        for item, found in zip(due, looked, strict=True):
            try:
                record_move(writing, _note(item, found), _audit(item, found))
            except Refused:
                # Someone took a step meanwhile; the next recheck looks at the post in its new state.
                continue
    return tuple(looked)


def look_again(
    baseline: Baseline, source_urls: tuple[str, ...], fetch: Fetch, most: int
) -> tuple[PostSeen, int]:
    """Fetch the post; where it seems not to be there, also its source and an address that is none. At most `most` requests.

    The source comes first: a broken site is no deletion. Returns what was seen and how many requests it took.
    """
    source_url = source_urls[0] if source_urls else baseline.url
    answer = fetch(FetchRequest(baseline.url, source_url, max_bytes=PAGE_BYTES))
    seen, spent = decide_state(baseline, answer), 1
    control = None
    if needs_controls(seen) and source_urls and spent < most:
        control = fetch(FetchRequest(source_url, source_url, max_bytes=PAGE_BYTES))
        seen, spent = decide_state(baseline, answer, control), spent + 1
    if needs_controls(seen) and spent < most:
        token = "".join(secrets.choice("123456789") for _ in range(12))
        lost = fetch(FetchRequest(make_lost_url(baseline.url, token), source_url, max_bytes=PAGE_BYTES))
        seen, spent = decide_state(baseline, answer, control, lost), spent + 1
    return seen, spent


@dataclass(frozen=True, slots=True)
class _Past:
    """The looks an incident has had: those at each post, and the requests they took together."""

    observed: Mapping[str, tuple[Observation, ...]]
    fetched: int


def _read_past(reading: Reading, incident: str) -> _Past:
    observed: dict[str, tuple[Observation, ...]] = {}
    fetched = 0
    for event in incident_events(reading, incident):
        if event.event != RECHECKED:
            continue
        told = json.loads(event.details)
        if "mention" not in told:
            continue
        one = Observation(event.happened_at, PostState(told["state"]), told.get("site_is_well") == "yes")
        observed[told["mention"]] = (*observed.get(told["mention"], ()), one)
        fetched += int(told.get("fetches", "1"))
    return _Past(observed, fetched)


def read_compliance(reading: Reading, incident: str) -> dict[str, Compliance]:
    """For each post of an incident that was looked at: what a person may now confirm (L42)."""
    past = _read_past(reading, incident)
    return {mention: may_say_complied(observed) for mention, observed in past.observed.items()}


def _find_due(reading: Reading, now: datetime) -> list[_Due]:
    found: list[_Due] = []
    rows = incident_rows(reading)
    ended = {row.id for row in rows if row.state in FINISHED}
    for row in rows:
        if row.state in LEFT_ALONE:
            continue
        if row.state is IncidentState.POLICE_HOLD and any(
            event.event == Event.POLICE_WAIT.value for event in incident_events(reading, row.id)
        ):
            continue
        # A post that a later incident has is looked at for that one, while it is not over.
        held = places_of(reading, mentions_of(reading, row.id))
        ids = tuple(id_ for id_, (_, incident) in held.items() if incident == row.id or incident in ended)
        past = _read_past(reading, row.id)
        fetched = past.fetched
        for mention in list_mentions(reading, MentionFilter(ids=ids)) if ids else ():
            before = past.observed.get(mention.id, ())
            look = due_looks(
                row.opened_at,
                row.deadline_at,
                [one.at for one in before],
                now,
                fetched=fetched,
                is_stopped=mention.is_sealed,
            )
            if look is None:
                continue
            baseline, known = _prepare(reading, mention)
            fetched += 0 if known else look.fetches
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
                    look,
                    before,
                )
            )
    return sorted(found, key=lambda item: (item.deadline_at or NEVER, item.incident, item.mention))


def _known(state: PostState, key: BasisKey) -> PostSeen:
    return PostSeen(state, say_basis(key, "en", {}), key=key)


def _prepare(reading: Reading, mention: MentionRow) -> tuple[Baseline, PostSeen | None]:
    """What to look for, or what is known without looking: some sources tell of deletions themselves."""
    stored = read_evidence(reading, mention.id, mention.revision)
    page_text = stored[0].page_text if stored else ""
    baseline = choose_baseline(mention.url, mention.title, mention.text, page_text)
    if mention.is_gone:
        return baseline, _known(PostState.GONE, BasisKey.SOURCE_DROPPED)
    method = stored[0].method if stored else CaptureMethod.NONE.value
    if method == CaptureMethod.API.value:
        return baseline, _known(PostState.UNKNOWN, BasisKey.SOURCE_ASKED_NIGHTLY)
    if method == CaptureMethod.MANUAL.value:
        return baseline, _known(PostState.UNKNOWN, BasisKey.PERSON_LOOKS)
    return baseline, None


def _looked(item: _Due, seen: PostSeen, fetches: int, now: datetime) -> Looked:
    together = may_say_complied((*item.before, Observation(now, seen.state, seen.site_is_well)))
    return Looked(
        item.incident, item.mention, seen, item.look.reason, now, item.deadline_at, fetches, together
    )


def _details(found: Looked) -> Mapping[str, str]:
    seen = found.seen
    told = {
        "mention": found.mention,
        "state": seen.state.value,
        "look": found.reason.value,
        "fetches": str(found.fetches),
        "site_is_well": "yes" if seen.site_is_well else "no",
        "basis": seen.key.value if seen.key else "",
        "http_status": str(seen.http_status or ""),
    }
    return {name: value for name, value in told.items() if value}


def _note(item: _Due, found: Looked) -> IncidentMove:
    return IncidentMove(
        incident_id=item.incident,
        expected=item.incident_state,
        event=RECHECKED,
        to=item.incident_state,
        actor=ACTOR,
        role=Role.PIPELINE,
        reason=f"{found.seen.state.value}: {found.seen.basis}",
        at=found.checked_at,
        pack=item.pack,
        details=tuple(_details(found).items()),
    )


def _audit(item: _Due, found: Looked) -> AuditEvent:
    return AuditEvent(
        found.checked_at,
        ACTOR,
        Role.PIPELINE,
        RECHECKED,
        "mention",
        item.mention,
        found.seen.state.value,
        item.pack,
    )
