"""Opening incidents and adding to them, inside the transaction that stores what caused it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mentionwatch.errors import Refused
from mentionwatch.labels import SETTLED, IncidentState, Role, Route
from mentionwatch.model import AuditEvent, IncidentIntent
from mentionwatch.stop_rule import STOP_CLAUSE, STOP_KIND
from warehouse.chain import IncidentStep, append_audit, append_steps
from warehouse.earlier import merges, roles_kept_out
from warehouse.session import Row, Writing, as_utc

PIPELINE = "mentionwatch"
STEPPED_BACK = "who would decide first stepped back from an earlier incident of the post, or the post spoke of them before"

ARRIVALS = {
    IncidentState.OPENED: "open",
    IncidentState.PRESERVED: "preserve",
    IncidentState.STOP_IMAGE: "stop_image",
    IncidentState.AWAITING_DECISION: "hand_over",
}
"""How the pipeline's own steps are called: as in the protocol's table, plus the first one."""

_COLUMNS = (
    "id", "mention_id", "canonical_url", "kind", "state", "decider", "route", "harms", "clause", "pack", "first_steps", "reasons_json",
    "summary", "opened_at", "moved_at", "deadline_at", "event_count",
)  # fmt: skip


@dataclass(slots=True)
class KnownIncident:
    """One incident as it stands in this transaction."""

    id: str
    mention_id: str
    canonical_url: str
    state: IncidentState
    pack: str
    event_count: int
    route: Route
    is_new: bool = False
    is_stopped: bool = False
    row: Row = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands: the incident it is in, and what that is part of now, by merging.

    `outer` None: it was merged into what was erased, and nobody knows any more who is at it.
    """

    inner: KnownIncident
    outer: KnownIncident | None

    @property
    def is_merged(self) -> bool:
        return self.outer is not self.inner

    @property
    def is_over(self) -> bool:
        """Would nobody look at the post again for its sake?"""
        return self.outer is None or self.outer.state in SETTLED

    @property
    def told(self) -> KnownIncident:
        """In which of them is said what is seen: that which people read."""
        return self.outer or self.inner


@dataclass(slots=True)
class IncidentBook:
    """The incidents one transaction may touch, by mention and by post; written at the end in few statements."""

    writing: Writing
    now: datetime
    by_id: dict[str, KnownIncident] = field(default_factory=dict)
    by_url: dict[str, list[str]] = field(default_factory=dict)
    merges: dict[str, str] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    steps: list[IncidentStep] = field(default_factory=list)
    actor: str = PIPELINE
    role: Role = Role.PIPELINE

    def load(self, urls: Iterable[str], ids: Iterable[str]) -> None:
        """Read the incidents of these posts and these numbers, and what those are merged into."""
        self._read(urls, ids)
        if any(one.state is IncidentState.MERGED for one in self.by_id.values()):
            self.merges = merges(self.writing)
            while missing := {self.merges.get(id_, "") for id_ in self.by_id} - self.by_id.keys() - {""}:
                self._read((), missing)
                if not missing & self.by_id.keys():
                    break

    def _read(self, urls: Iterable[str], ids: Iterable[str]) -> None:
        found = self.writing.rows(
            "SELECT id, mention_id, canonical_url, state, pack, event_count, route FROM incidents "
            "WHERE track = 'incident' AND (canonical_url IN (SELECT unnest(?::VARCHAR[])) OR id IN (SELECT unnest(?::VARCHAR[]))) ORDER BY id",
            [sorted(set(urls)), sorted(set(ids))],
        )
        for id_, mention, url, state, pack, count, route in found:
            self.by_id[id_] = KnownIncident(
                id_, mention, url or "", IncidentState(state), pack, count, Route(route)
            )
            if url:
                self.by_url.setdefault(url, []).append(id_)

    def on_post(self, incident_id: str | None, canonical_url: str) -> tuple[str, ...]:
        """The incidents of a post, by its address and by its own number, the latest first."""
        ids = dict.fromkeys((*reversed(self.by_url.get(canonical_url, ())), incident_id or ""))
        return tuple(id_ for id_ in ids if id_ in self.by_id)

    def place(self, incident_id: str | None, canonical_url: str) -> Place | None:
        """In which incident a post stands: its own while that is open, else the latest that is; the latest where all are over."""
        places = [
            Place(self.by_id[id_], self._outermost(id_)) for id_ in self.on_post(incident_id, canonical_url)
        ]
        still = [place for place in places if not place.is_over]
        own = (place for place in still if place.inner.id == incident_id)
        return next(iter((*own, *still, *places)), None)

    def _outermost(self, id_: str) -> KnownIncident | None:
        seen = {id_}
        while self.by_id[id_].state is IncidentState.MERGED:
            id_ = self.merges.get(id_, "")
            if id_ not in self.by_id or id_ in seen:
                return None
            seen.add(id_)
        return self.by_id[id_]

    def note(self, incident: KnownIncident, event: str, reason: str) -> None:
        """Something was seen that leaves the state as it is."""
        self._step(incident, incident.state, event, incident.state, reason, incident.pack)

    def stop(self, incident: KnownIncident) -> None:
        """The stop rule reaches an open incident, whatever its state (T04)."""
        was, incident.state, incident.is_stopped = incident.state, IncidentState.STOP_IMAGE, True
        self._step(
            incident,
            was,
            ARRIVALS[IncidentState.STOP_IMAGE],
            IncidentState.STOP_IMAGE,
            f"{STOP_KIND}; automatic: {STOP_CLAUSE}",
            incident.pack,
        )

    def stopped(self) -> tuple[KnownIncident, ...]:
        """Those the stop rule reached in this transaction."""
        touched = (self.by_id[id_] for id_ in self.touched)
        return tuple(
            one for one in touched if one.state is IncidentState.STOP_IMAGE and (one.is_new or one.is_stopped)
        )

    def open(
        self, intent: IncidentIntent, *, earlier: KnownIncident | None, about: frozenset[Role] = frozenset()
    ) -> str:
        """A new incident with the next number of the year; one event for each state of its path.

        `about`: whom its post speaks of, beside those who are stored.
        """
        intent = self._with_decider(intent, earlier, about)
        id_, reasons = self._next_number(), intent.reasons
        row: Row = (
            id_, intent.mention_id, intent.canonical_url, intent.kind, intent.path[-1].value, intent.decider.value, intent.route.value,
            [harm.value for harm in intent.harms], intent.clause, intent.pack, list(intent.first_steps), json.dumps(reasons, ensure_ascii=False),
            intent.summary, self.now, self.now, None, 0,
        )  # fmt: skip
        incident = KnownIncident(
            id_,
            intent.mention_id,
            intent.canonical_url,
            intent.path[-1],
            intent.pack,
            0,
            intent.route,
            is_new=True,
            row=row,
        )
        self.by_id[id_] = incident
        if intent.canonical_url:
            self.by_url.setdefault(intent.canonical_url, []).append(id_)
        how = "flagged" if self.role is Role.PIPELINE else "raised by a person"
        why = "; ".join((f"{how}: {intent.kind}", *reasons))
        if earlier is not None:
            why += f"; earlier incident on this post: {earlier.id}"
        was: IncidentState | None = None
        for state in intent.path:
            self._step(incident, was, ARRIVALS.get(state, state.value.lower()), state, why, intent.pack)
            was, why = state, f"automatic: {intent.clause}"
        return id_

    def _with_decider(
        self, intent: IncidentIntent, earlier: KnownIncident | None, about: frozenset[Role]
    ) -> IncidentIntent:
        """The same, decided by somebody who is not out of it by what was said and done before (L31)."""
        ids = self.on_post(earlier.id if earlier else None, intent.canonical_url)
        out = roles_kept_out(self.writing, ids, (intent.mention_id,)) | about
        if intent.decider not in out:
            return intent
        # Where all are out of it, the last decides all the same: somebody has to, or ask outside.
        order = (intent.decider, *intent.instead)
        decider = next((role for role in order if role not in out), order[-1])
        return replace(intent, decider=decider, reasons=(*intent.reasons, STEPPED_BACK))

    def _step(
        self,
        incident: KnownIncident,
        was: IncidentState | None,
        event: str,
        to: IncidentState,
        reason: str,
        pack: str,
    ) -> None:
        incident.event_count += 1
        self.touched[incident.id] = None
        self.steps.append(
            IncidentStep(
                incident.id,
                incident.event_count,
                was,
                event,
                to,
                self.actor,
                self.role,
                reason,
                self.now,
                pack,
            )
        )

    def _next_number(self) -> str:
        year = as_utc(self.now).year
        rows = self.writing.rows(
            "INSERT INTO incident_numbers VALUES (?, 1) ON CONFLICT (year) DO UPDATE SET last_number = last_number + 1 RETURNING last_number",
            [year],
        )
        return f"{year}-{rows[0][0]:04d}"

    def save(self) -> None:
        """Write incidents and their events."""
        touched = [self.by_id[id_] for id_ in self.touched]
        new: Sequence[Row] = [
            (*incident.row[:-1], incident.event_count) for incident in touched if incident.is_new
        ]
        self.writing.insert("incidents", _COLUMNS, new)
        self.writing.update(
            "incidents",
            ("id", "event_count"),
            [(incident.id, incident.event_count) for incident in touched if not incident.is_new],
        )
        self.writing.update(
            "incidents",
            ("id", "state", "moved_at"),
            [
                (incident.id, incident.state.value, self.now)
                for incident in touched
                if incident.is_stopped and not incident.is_new
            ],
        )
        append_steps(self.writing, self.steps)


def open_by_hand(writing: Writing, intent: IncidentIntent, now: datetime, actor: str, role: Role) -> str:
    """A person opens an incident for a stored mention (T01). Raises `Refused` when there is an open one on that post."""
    book = IncidentBook(writing, now, actor=actor, role=role)
    book.load([intent.canonical_url], [])
    known = book.place(None, intent.canonical_url)
    if known is not None and not known.is_over:
        raise Refused(f"refused: there is an open incident on that post already: {known.told.id}")
    id_ = book.open(intent, earlier=known.inner if known else None)
    book.save()
    writing.run("UPDATE mentions SET incident_id = ? WHERE id = ?", [id_, intent.mention_id])
    append_audit(
        writing, [AuditEvent(now, actor, role, "opened", "incident", id_, intent.clause, intent.pack)]
    )
    return id_
