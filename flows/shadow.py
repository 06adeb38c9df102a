"""A school's first nights: the classifier opens no incident by itself. And the sample of what it is sure of.

Which night it is follows from the finished sweeps; that somebody ended them early, from the audit log.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from desk.machine_words import sample_reason
from desk.words import LONDON
from flows.home import Home
from flows.signing import MAY_SIGN, read_reason
from mentionwatch.errors import Refused
from mentionwatch.labels import Role
from mentionwatch.model import Classification, Reason
from mentionwatch.school import SchoolFile
from warehouse.connection import Warehouse
from warehouse.session import Reading
from warehouse.shadow import ShadowEnd, end_shadow, finished_starts, shadow_end


@dataclass(frozen=True, slots=True)
class Shadow:
    """How the first nights stand: this is night `night` (from 1) of `of`; `of` 0: the school has none."""

    night: int
    of: int
    end: ShadowEnd | None = None
    began_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Is nothing opened by itself tonight?"""
        return self.end is None and self.night <= self.of


NO_SHADOW = Shadow(1, 0)


def read_shadow(reading: Reading, nights: int, at: datetime) -> Shadow:
    """How it stands at `at`. A night is a London day with a finished sweep, however many sweeps it had."""
    if not nights:
        return NO_SHADOW
    today = at.astimezone(LONDON).date()
    starts = finished_starts(reading, at)
    before = {start.astimezone(LONDON).date() for start in starts} - {today}
    return Shadow(len(before) + 1, nights, shadow_end(reading, at), starts[0] if starts else None)


def end_first_nights(
    home: Home, school: SchoolFile, actor: str, role: Role, reason: str, now: datetime
) -> Shadow:
    """A person lets the classifier open incidents from now on; how it stood until then.

    Raises `Refused` for a role that may not, for a reason that says nothing or names somebody who reported, and once
    the first nights are over.
    """
    if role not in MAY_SIGN:
        raise Refused(
            f"refused: {role.value} may not end the first nights. One of these may: {', '.join(sorted(MAY_SIGN))}"
        )
    reason = read_reason(home, reason, "ending the first nights")
    with Warehouse(home.folder).writer() as writing:
        shadow = read_shadow(writing, school.shadow_nights, now)
        if not shadow.is_on:
            raise Refused("refused: the first nights are over already; incidents are opened by themselves")
        # The person's own words stay beside the log: it holds nothing anybody typed about posts (I9).
        end_shadow(writing, actor, role, f"night {shadow.night} of {shadow.of}", reason, now)
    return shadow


def is_sampled(mention_id: str, every: int) -> bool:
    """Is this one of the one in `every`? By the id alone, so that a night done again and a replay agree."""
    return every > 0 and int.from_bytes(hashlib.sha256(mention_id.encode()).digest()[:8], "big") % every == 0


def show_sample(mention_id: str, judged: Classification, every: int) -> Classification:
    """The classification; asking for a person, and saying why, where nobody would look and it is in the sample."""
    if judged.needs_person or not is_sampled(mention_id, every):
        return judged
    return replace(judged, needs_person=True, reasons=(Reason(sample_reason(every), 1.0), *judged.reasons))
