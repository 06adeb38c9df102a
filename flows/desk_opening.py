"""Incidents opened at the desk: need-to-know first, then as `mentionwatch incident open`, in one transaction (L16, T01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere
from desk.opening_port import OPENABLE, OpeningGiven
from desk.refused import NOT_YOURS, say_refused
from flows.home import Home
from flows.incident_opening import open_incident
from flows.need_to_know import read_sight
from flows.school_now import SchoolNow
from flows.standing import read_context
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import Refused, Retriable
from mentionwatch.labels import Role
from warehouse.connection import Warehouse
from warehouse.incident_steps import incident_events
from warehouse.need_to_know import may_know
from warehouse.reading import MentionFilter, MentionRow, list_mentions

OPENED = "opened"
_OWN_STEPS = (
    "A concern or good news has steps of its own. If the post is more than that, record first what it really is.",
    "Mae gan bryder neu newyddion da eu camau eu hunain. Os yw'r neges yn fwy na hynny, cofnodwch yn gyntaf beth ydyw mewn gwirionedd.",
)
_NOT_FOR_THIS = (
    "No incident can be opened for this post now. Ask the designated safeguarding lead or the head.",
    "Ni ellir agor digwyddiad ar gyfer y neges hon nawr. Gofynnwch i'r arweinydd diogelu dynodedig neu'r pennaeth.",
)


class HomeOpenings:
    """`desk.opening_port.OpeningActs` over one home. `clock` gives aware UTC."""

    def __init__(self, home: Home, now: SchoolNow, clock: Callable[[], datetime]) -> None:
        self._home, self._now, self._clock = home, now, clock
        self._warehouse = Warehouse(home.folder)

    def open_incident(self, viewer: Viewer, given: OpeningGiven, lang: str) -> Outcome:
        at = int(lang == "cy")
        if not viewer.has(Right.TAKE_STEPS):
            return NoSuch()
        try:
            row = self._row(viewer, given.id)
            if row is None or row.is_sealed:
                return NoSuch()
            if row.incident:
                return self._overtaken(row.incident)
            if given.role not in viewer.protocol_roles:
                return RefusedHere(NOT_YOURS[at], "as_role")
            if row.label not in OPENABLE:
                return RefusedHere(_OWN_STEPS[at])
            context = read_context(self._home, *self._now.read(), self._clock(), viewer.account_id)
            try:
                return Done(open_incident(given.id, Role(given.role), given.reason, context).id)
            except Refused as error:
                return self._refused(viewer, given.id, str(error), lang)
        except Retriable:
            return Busy()

    def _row(self, viewer: Viewer, id_: str) -> MentionRow | None:
        with self._warehouse.live_reader() as reading:
            if not may_know(reading, read_sight(reading, viewer, *self._now.read()), id_):
                return None
            return next(iter(list_mentions(reading, MentionFilter(ids=(id_,)))), None)

    def _refused(self, viewer: Viewer, id_: str, said: str, lang: str) -> Outcome:
        if "open incident on that post already" not in said:
            told, _ = say_refused(said, "", "", {}, lang)
            return RefusedHere(told, "reason")
        row = self._row(viewer, id_)
        if row is None:
            return NoSuch()
        # Of another mention of the same post; whether they may know of that one is nothing to go by here.
        return self._overtaken(row.incident) if row.incident else RefusedHere(_NOT_FOR_THIS[lang == "cy"])

    def _overtaken(self, incident_id: str) -> Overtaken:
        with self._warehouse.live_reader() as reading:
            first = incident_events(reading, incident_id)[0]
        return Overtaken(OPENED, first.role, first.happened_at)
