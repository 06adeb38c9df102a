"""What somebody was asked beside the protocol, and whether they have answered: what a row of the start page says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desk.vocabulary import LONDON, Pair
from incidents.standing import Track
from mentionwatch.labels import Role, Route

if TYPE_CHECKING:
    from desk.words import Speaker


@dataclass(frozen=True, slots=True)
class Awaited:
    """Who was asked on which track, by `role` and when, and until when an answer is due.

    `answered_at` None: it is waited for. `is_mine`: the answer is the reader's to give. `is_nobodys`: nobody who signs in
    may give it. `is_before`: the post was edited, another was merged in, or it was taken up again, since they were asked.
    """

    track: Track
    role: Role
    at: datetime
    due_at: datetime | None = None
    answered_at: datetime | None = None
    is_mine: bool = False
    is_nobodys: bool = False
    is_before: bool = False

    def is_late(self, now: datetime) -> bool:
        """Is the answer overdue? Never on the day of the asking: who is asked in the evening has not been slow."""
        if self.answered_at is not None or self.due_at is None or self.due_at >= now:
            return False
        return self.at.astimezone(LONDON).date() < now.astimezone(LONDON).date()


def is_still_suggested(route: Route, asked: Awaited | None) -> bool:
    """Is the suggested way still to be gone? To ask the safeguarding lead is not suggested once it is done."""
    return route is not Route.SAFEGUARDING or asked is None or asked.is_before


def find_safeguarding(awaited: Sequence[Awaited]) -> Awaited | None:
    """That the safeguarding lead was asked, once they were."""
    return next((one for one in awaited if one.track is Track.SAFEGUARDING), None)


@dataclass(frozen=True, slots=True)
class TrackWords:
    """That they were asked, what it waits for, and that they have answered: `{when}`. Without the last an answer is not spoken of."""

    asked: Pair
    waits: Pair
    answered: Pair = ("", "")


TRACK_WORDS: dict[Track, TrackWords] = {
    Track.SAFEGUARDING: TrackWords(
        ("the safeguarding lead", "yr arweinydd diogelu"),
        ("the reference in the child protection record", "y cyfeirnod yn y cofnod amddiffyn plant"),
        ("in the child protection record since {when}", "yn y cofnod amddiffyn plant ers {when}"),
    ),
    Track.SAFETY: TrackWords(
        ("health and safety", "iechyd a diogelwch"),
        ("what came of the worry about safety", "yr hyn a ddaeth o'r pryder am ddiogelwch"),
        ("settled {when}", "datryswyd {when}"),
    ),
    Track.LETTER_CHECK: TrackWords(
        ("a second reader of the letter", "ail ddarllenydd y llythyr"),
        ("what the reader finds", "farn y darllenydd"),
    ),
    Track.LEGAL_ADVICE: TrackWords(
        ("the council's education solicitor", "cyfreithiwr addysg y cyngor"),
        ("the advice", "y cyngor"),
    ),
}
"""The tracks on which somebody is asked for something. Support, a ban and the press ask nobody who answers here."""


def say_awaited(one: Awaited, say: Speaker, when: Callable[[datetime], str]) -> str:
    """Whom somebody asked, when and in which role, and what it waits for; or since when there is an answer."""
    words, at = TRACK_WORDS[one.track], int(say.lang == "cy")
    asked = say("asked_by", whom=words.asked[at], when=when(one.at), role=say.role(one.role))
    if one.answered_at is not None:
        return f"{asked}; {words.answered[at].format(when=when(one.answered_at))}"
    waits = say("asked_waits", what=words.waits[at])
    until = f", {say('asked_by_then', when=when(one.due_at))}" if one.due_at else ""
    return f"{asked}; {waits}{until}"
