"""Which step somebody took last, for the page they are sent to afterwards: its address says only that there was one.

It lasts as long as the desk runs, and is told to nobody else. Whoever may not know of the incident any more is told the step was
recorded, and no number (L31).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from desk.incident_words import INCIDENT_WORDS
from desk.queue_words import say_offer
from desk.render import raise_first
from desk.step_form import SHORT_NAMED
from desk.web.context import visit_of
from desk.web.render import said_of, speaker
from incidents.steps import Event
from incidents.transitions import BY_EVENT

if TYPE_CHECKING:
    from starlette.requests import Request

    from desk.digest import IncidentLine
    from desk.web.context import Desk
    from desk.web.render import PageSpeaker
    from mentionwatch.accounts import Viewer

SAID: Final = "step_taken"
_MOST = 1000
_lock = Lock()
_last: OrderedDict[str, _Last] = OrderedDict()


@dataclass(frozen=True, slots=True)
class _Last:
    event: Event
    incident: str


def note_step(viewer: Viewer, event: Event, id_: str) -> None:
    """Somebody has just taken it."""
    with _lock:
        _last[viewer.account_id] = _Last(event, id_)
        _last.move_to_end(viewer.account_id)
        while len(_last) > _MOST:
            _last.popitem(last=False)


def name_step(event: Event, say: PageSpeaker) -> str:
    """What a step is called: as the link to its form, where that is enough; else what the protocol says of it."""
    if event in SHORT_NAMED:
        return say_offer(event, say.lang)
    return raise_first(say.protocol(BY_EVENT[event].summary))


def tell_step(request: Request, desk: Desk, viewer: Viewer, here: IncidentLine | None = None) -> str:
    """The sentence where the address says that a step was recorded, with its name and incident; else nothing.

    `here`: the incident whose page it is, as its reader may know it; then only a step of that one is named.
    """
    if not said_of(request, SAID):
        return ""
    say = speaker(request, INCIDENT_WORDS)
    with _lock:
        last = _last.get(viewer.account_id)
    if last is None or (here and last.incident != here.id):
        return say(SAID)
    line = here
    if line is None:
        page = desk.records.incident(viewer, last.incident, visit_of(request).lang)
        if page is None:
            return say("step_taken_away")
        line = page.incident
    has_number = line.mention is None or line.mention.id != line.id
    what = f"{say('incident')} {line.id}" if has_number else raise_first(say.kind(line.kind))
    return f"{say(SAID)} {what}: {name_step(last.event, say)}."
