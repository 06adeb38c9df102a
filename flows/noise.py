"""The noise report of a school's first nights: what each source brought, what was corrected, what could be shut out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.words import LONDON
from flows.exclusions import Suggestion, suggest_exclusions
from flows.home import Home
from flows.replay import make_rescoper, read_specs
from flows.reporting import SOURCE as REPORTS
from flows.shadow import Shadow, read_shadow
from incidents.triage import calls_for_incident
from mentionwatch.labels import Label, Scope
from mentionwatch.school import SchoolFile
from warehouse.connection import Warehouse
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.shadow import Correction, finished_starts, list_corrections

_SERIOUS = frozenset({Label.CONCERN, Label.INAPPROPRIATE})


@dataclass(frozen=True, slots=True)
class SourceNoise:
    """What one source brought. `labels` are the classifier's; `corrected`: how many of them a person changed."""

    name: str
    mentions: int
    certain: int
    possible: int
    labels: tuple[tuple[Label, int], ...]
    would_open: int
    asked: int
    corrected: int


@dataclass(frozen=True, slots=True)
class NoiseReport:
    """The first nights as they stand. `until` None: they go on; `unopened`: ids nobody has opened or corrected yet."""

    shadow: Shadow
    until: datetime | None
    sources: tuple[SourceNoise, ...]
    corrections: tuple[tuple[Label, Label, int], ...]
    unopened: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


def _would_open(row: MentionRow) -> bool:
    # A sealed one was opened by the stop rule, in these nights as in others.
    return not row.is_sealed and calls_for_incident(row.scope, row.machine_label, row.machine_route)


def _is_waiting(row: MentionRow) -> bool:
    # As the digest says it (warehouse.shadow): whoever corrected it has looked at it, and their label counts.
    if row.is_decided:
        return row.scope is Scope.CERTAIN and row.label is Label.INAPPROPRIATE and not row.is_sealed
    return _would_open(row)


def _of_source(name: str, rows: Sequence[MentionRow], corrected: frozenset[str]) -> SourceNoise:
    labels = Counter(row.machine_label for row in rows)
    certain = sum(row.scope is Scope.CERTAIN for row in rows)
    return SourceNoise(
        name=name,
        mentions=len(rows),
        certain=certain,
        possible=len(rows) - certain,
        labels=tuple((label, labels[label]) for label in Label),
        would_open=sum(map(_would_open, rows)),
        asked=sum(row.needs_person for row in rows),
        corrected=sum(row.id in corrected for row in rows),
    )


def is_noise(row: MentionRow, correction: Correction | None) -> bool:
    """Possible and taken up by nobody, or made neutral by a person where the classifier saw something serious."""
    if row.incident:
        return False
    if correction is not None:
        return correction.was_label in _SERIOUS and correction.label is Label.NEUTRAL
    return row.scope is Scope.POSSIBLE and not row.is_decided


def _shadow_until(starts: Sequence[datetime], shadow: Shadow) -> datetime | None:
    """The end of the first nights, once they are over: as a person ended them, or with the last of them."""
    if shadow.end is not None:
        return shadow.end.at
    if shadow.is_on:
        return None
    days = sorted({start.astimezone(LONDON).date() for start in starts})[: shadow.of]
    last = [start for start in starts if start.astimezone(LONDON).date() in days]
    return last[-1] + timedelta(days=1) if last else None


def read_noise(home: Home, school: SchoolFile, at: datetime) -> NoiseReport:
    """The report as of `at`, over what was collected in the first nights; over everything where a school has none.

    What a person reported is not in it: that is nobody's noise.
    """
    specs = read_specs(home, school.profile)
    with Warehouse(home.folder).live_reader() as reading:
        shadow = read_shadow(reading, school.shadow_nights, at)
        until = _shadow_until(finished_starts(reading, at), shadow)
        stored = list_mentions(reading, MentionFilter(since=shadow.began_at, until=until))
        corrections = {row.mention_id: row for row in list_corrections(reading)}
        rescoper = make_rescoper(reading, school.profile, specs)
    rows = [row for row in stored if row.source != REPORTS]
    corrected = frozenset(corrections)
    changed = Counter(
        (corrections[row.id].was_label, corrections[row.id].label) for row in rows if row.id in corrections
    )
    noise = [row for row in rows if not row.is_sealed and is_noise(row, corrections.get(row.id))]
    noisy = {row.id for row in noise}
    keep = [row for row in rows if not row.is_sealed and row.id not in noisy]
    return NoiseReport(
        shadow=shadow,
        until=until,
        sources=tuple(
            _of_source(name, [row for row in rows if row.source == name], corrected)
            for name in sorted({row.source for row in rows})
        ),
        corrections=tuple((was, label, count) for (was, label), count in sorted(changed.items())),
        unopened=tuple(row.id for row in rows if not row.incident and _is_waiting(row)),
        suggestions=suggest_exclusions(noise, keep, school.profile, rescoper),
    )
