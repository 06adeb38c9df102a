"""The few hundred incidents of the home that `bench.desk` makes: opened as at night, moved on by the protocol's own table."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from incidents.transitions import TRANSITIONS, Actor, Transition
from mentionwatch.ids import content_sha256, digest, mention_id
from mentionwatch.labels import (
    PASSED_OVER,
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
    Classification,
    EntryFound,
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
from warehouse.chain import IncidentStep, append_steps
from warehouse.incident_steps import incident_rows
from warehouse.session import Writing
from warehouse.store import store_nights

OPEN: Final = 60
"""So many of the latest stay open, in every state in turn; the others are closed."""
_SOURCE = "source-00"
_WAITS = IncidentState.AWAITING_DECISION
_LIVE = (
    _WAITS, IncidentState.PRESERVED, IncidentState.OPENED, _WAITS, IncidentState.POLICE_HOLD, IncidentState.INTERNAL, _WAITS, IncidentState.PREPARED,
    IncidentState.INVITED, IncidentState.LETTER, IncidentState.MET, IncidentState.REMOVAL_WAIT, IncidentState.PLATFORM, IncidentState.PLATFORM_WAIT,
    IncidentState.EXHAUSTED, IncidentState.RESOLVED,
)  # fmt: skip


def _write(number: int, at: datetime, pack: str) -> MentionWrite:
    native, title = f"incident{number}", "Ysgol Aberwylan"
    text = (
        f"They are thieves and liars at Ysgol Aberwylan and I will burn the shed down, number {number} "
        + "word " * 40
    )
    url, is_police = f"https://{_SOURCE}.example/post/{native}", number % 5 == 0
    entry = EntryFound(
        source=_SOURCE, native_id=native, kind=EntryKind.POST, url=url, title=title, text=text, posted_at=at - timedelta(hours=5),
        posted_at_basis=PostedAtBasis.FEED, author=f"user{number}", raw=b"", raw_media_type="",
    )  # fmt: skip
    body = f"WARC/1.1\r\n{url}\r\n{text}".encode() + random.Random(number).randbytes(6000)
    snapshot = Snapshot(
        captured_at=at, method=CaptureMethod.GUARDED_HTTP, url_requested=url, url_final=url, http_status=200, warc=body, warc_sha256=digest(body),
        page_sha256=digest(body), text=text, text_sha256=digest(text.encode()), software="bench",
    )  # fmt: skip
    route = Route.POLICE if is_police else Route.INTERNAL
    judged = Classification(
        label=Label.INAPPROPRIATE, probabilities=Probabilities(0.0, 0.1, 0.1, 0.8), harms=(Harm.THREAT,), route=route, needs_person=True,
        reasons=(Reason("says thieves", 0.5, (9, 16)), Reason("says liars", 0.4, (21, 26))), lang="en", model="bench 1", stop_image=False,
    )  # fmt: skip
    mention = Mention(
        id=mention_id(_SOURCE, native), revision=1, entry=entry, canonical_url=url, content_sha256=content_sha256(title, text),
        scope=ScopeDecision(Scope.CERTAIN, 0.9, ("names the school",)), captured_at=at,
    )  # fmt: skip
    intent = IncidentIntent(
        mention_id=mention.id, canonical_url=url, kind="threat", route=route, harms=(Harm.THREAT,), decider=Role.HEAD,
        path=(IncidentState.OPENED, IncidentState.PRESERVED), first_steps=("keep the evidence",), reasons=("a threat",), clause="s.3", pack=pack,
        summary=f"post at {_SOURCE}: threat",
    )  # fmt: skip
    return MentionWrite(mention, snapshot, judged, intent)


def store_incidents(writing: Writing, numbers: range, at: datetime, of: int, pack: str) -> None:
    """Those numbers of `of` incidents, all found in one night."""
    if not numbers:
        return
    writes = tuple(_write(number, at, pack) for number in numbers if number < of)
    run = SourceRun(_SOURCE, "feed", Verdict.MENTIONS, fetched=len(writes), out_of_scope=0, last_ok_at=at)
    store_nights(writing, [SourceNight(f"bench-{numbers.start:05}", run, None, writes, ())], at)


def _ways() -> dict[IncidentState, tuple[Transition, ...]]:
    """The shortest way of the table to each state from where the night leaves an incident."""
    found: dict[IncidentState, tuple[Transition, ...]] = {IncidentState.PRESERVED: ()}
    waiting = deque([IncidentState.PRESERVED])
    while waiting:
        state = waiting.popleft()
        for row in TRANSITIONS:
            if state in row.sources and row.target is not None and row.target not in found:
                found[row.target] = (*found[state], row)
                waiting.append(row.target)
    return found


def _role(row: Transition) -> Role:
    return Role.OPERATOR if row.actor in (Actor.OPERATOR, Actor.ANYONE) else Role.HEAD


def _steps(
    id_: str, way: tuple[Transition, ...], number: int, at: datetime, pack: str
) -> Iterator[IncidentStep]:
    state = IncidentState.PRESERVED
    for place, row in enumerate(way, 1):
        to = row.target or state
        when = at + timedelta(minutes=5 + place)
        yield IncidentStep(
            id_, number + place, state, row.event.value, to, "bench", _role(row), "as agreed", when, pack
        )
        state = to


def move_incidents(writing: Writing, pack: str) -> None:
    """Close all but the latest, spread those over the states, and let the head step back from three."""
    ways, rows = _ways(), incident_rows(writing)
    steps, moved = list[IncidentStep](), list[tuple[object, ...]]()
    for place, row in enumerate(rows):
        state = _LIVE[place % len(_LIVE)] if place < OPEN else IncidentState.CLOSED
        way = ways.get(state, ())
        found = list(_steps(row.id, way, row.event_count, row.opened_at, pack))
        if place in (3, 11, 200):
            step = IncidentStep(
                row.id, row.event_count + len(found) + 1, found[-1].to_state if found else row.state, "recuse",
                found[-1].to_state if found else row.state, "bench", Role.HEAD, "my cousin wrote it", row.opened_at + timedelta(minutes=40), pack,
                f'{{"{PASSED_OVER}": "head"}}',
            )  # fmt: skip
            found.append(step)
        steps += found
        last = found[-1].to_state if found else row.state
        moved.append(
            (row.id, last.value, row.event_count + len(found), row.opened_at + timedelta(minutes=12))
        )
    append_steps(writing, steps)
    writing.update("incidents", ("id", "state", "event_count", "moved_at"), moved)
