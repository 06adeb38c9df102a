"""The governors' sheet of a term: counted once, when the term is over, and the same for ever after.

A sheet counted again a day later could be set against the first one, and the difference would tell of one incident. So
the figures are kept, as told, in `governors/` of the home, and every later sheet, in any language or form, shows those.
The audit log knows that they were counted: figures that are gone are not counted anew by themselves. A person may have
that done with a reason, which is recorded; the sheet then says which one it replaces (ADR 0030).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from desk.governors import PARTS, Basis, Group, Nights, Sheet, Single, TermCounts, Topic, Wait, tell_sheet
from desk.governors_json import read_sheet, show_sheet
from desk.words import LONDON
from flows.home import Home, calendar_of, read_school
from flows.private_files import write_plainly
from incidents.deadlines import ClockName, acknowledges, list_clocks
from incidents.standing import IncidentNow
from incidents.steps import Event
from mentionwatch.accounts import DeskRole
from mentionwatch.calendar import SchoolCalendar
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Channel, Harm, IncidentState, Label, Role, Verdict
from mentionwatch.model import AuditEvent
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from mentionwatch.terms import Term
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.governors import FileRow, TermRows, last_counted_at, read_term
from warehouse.incident_steps import CONCERN, INCIDENT, POSITIVE

_SECONDS_A_DAY: Final = 86400.0
_GONE: Final = {Event.REMOVED.value, Event.PLATFORM_REMOVED.value}
_ASKED: Final = {
    Event.ASK_REMOVAL.value, Event.REMOVAL_ASKED.value, Event.LETTER_SENT.value, Event.PLATFORM_REPORTED.value,
    Event.STAFF_REMOVAL_REQUIRED.value,
}  # fmt: skip
_POLICE: Final = {Event.POLICE.value, Event.RECORD_REFERENCE.value, Event.REFERENCE_HOLD.value}
_SAFEGUARDING: Final = {Event.SAFEGUARDING.value, Event.SAFEGUARDING_REFERRED.value}
_ELSEWHERE: Final = {
    Event.REDIRECT_BEHAVIOUR.value, Event.REDIRECT_DISCIPLINARY.value, Event.REDIRECT_BROKER.value,
}  # fmt: skip
_ENDED: Final = {IncidentState.CLOSED, IncidentState.RESOLVED}
_CLOCKS: Final = frozenset(
    {ClockName.DECIDE, ClockName.POLICE_REVIEW, ClockName.PREPARE, ClockName.CLOSE, ClockName.ACKNOWLEDGE}
)
_GOOD: Final = {
    IncidentState.THANKED.value: "thanked",
    IncidentState.SHARED.value: "shared",
    IncidentState.LEFT.value: "left",
}


@dataclass(frozen=True, slots=True)
class Counting:
    """What besides the rows decides a count: the policy's clocks, school days, and until when."""

    pack: PolicyPack
    calendar: SchoolCalendar
    now: datetime


def _outcome(row: FileRow) -> str:
    events, state = {event.event for event in row.events}, IncidentState(row.state)
    if state is IncidentState.MERGED:
        return "merged"
    if events & _ELSEWHERE:
        return "elsewhere"
    if Event.TREAT_AS_CONCERN.value in events and Event.RAISE_CONCERN.value not in events:
        return "as_concern"
    if state not in _ENDED:
        return "under_way"
    return "no_case" if Event.NO_CASE.value in events else "ended"


def _limits(row: FileRow, counting: Counting, clocks: frozenset[ClockName]) -> Iterable[str]:
    """For each time limit that ran in this file: met, missed, or running."""
    # To wait for the police stays in its state and starts the clock anew.
    steps = [e for e in row.events if e.from_state != e.to_state or e.event == Event.POLICE_WAIT.value]
    for place, step in enumerate(steps):
        left_at = steps[place + 1].at if place + 1 < len(steps) else None
        now = IncidentNow(
            "", IncidentState(step.to_state), Role.HEAD, "", has_evidence=True,
            channel=Channel.SCHOOL_ACCOUNT, entered_at=step.at,
        )  # fmt: skip
        for clock in list_clocks(now, counting.pack, counting.calendar):
            if clock.name in clocks:
                is_late = (left_at or counting.now) > clock.due_at
                yield "missed" if is_late else "met" if left_at else "running"


def _days(row: FileRow, states: frozenset[IncidentState], *, leaving: bool) -> float | None:
    """Days from opening to the first step that leaves, or enters, one of the states."""
    for event in row.events:
        state = event.from_state if leaving else event.to_state
        if event.from_state != event.to_state and state in states:
            return (event.at - row.opened_at).total_seconds() / _SECONDS_A_DAY
    return None


def _waits(rows: Sequence[FileRow], states: frozenset[IncidentState], *, leaving: bool) -> tuple[float, ...]:
    found = (_days(row, states, leaving=leaving) for row in rows)
    return tuple(days for days in found if days is not None)


def _group(topic: Topic, found: Iterable[tuple[str, int]]) -> Group:
    """Counted into the topic's parts; what has no part of its own is `other`."""
    parts, counted = PARTS[topic], Counter[str]()
    for name, count in found:
        counted[name if name in parts else "other"] += count
    return Group(topic, tuple((part, counted[part]) for part in parts))


def _each(topic: Topic, found: Iterable[str]) -> Group:
    return _group(topic, Counter(found).items())


def _kind(row: FileRow) -> str:
    first = row.kind.split(",")[0].strip()
    return first if first in tuple(Harm) else "other"


def _nights(rows: TermRows, term: Term) -> Nights:
    start = max(term.first_on, rows.first_run_on or term.first_on)
    expected = max(0, (term.last_on - start).days + 1) if rows.first_run_on else 0
    said = Counter(Verdict(row.verdict) for row in rows.nights)
    return Nights(
        expected,
        said[Verdict.CLEAR] + said[Verdict.MENTIONS],
        said[Verdict.DEGRADED],
        said[Verdict.BLIND],
    )


def _weeks(rows: TermRows, term: Term) -> Group:
    counted, looked = Counter[date](), set[date]()
    for row in rows.nights:
        monday = max(week for week in term.weeks if week <= row.night)
        found = row.neutral + row.positive + row.concern + row.inappropriate
        counted[monday] += found
        if row.saw or found:
            looked.add(monday)
    return Group(
        Topic.WEEK,
        tuple((week.isoformat(), counted[week]) for week in term.weeks),
        tuple(week.isoformat() for week in term.weeks if week not in looked),
    )


def count_term(rows: TermRows, term: Term, counting: Counting) -> TermCounts:
    """Every figure of the sheet, nothing withheld yet. Pure; never printed, stored or logged."""
    files = [row for row in rows.files if row.track == INCIDENT]
    events = [{event.event for event in row.events} for row in files]
    asked = [names for names in events if names & _ASKED]
    labels = tuple((label.value, sum(getattr(row, label.value) for row in rows.nights)) for label in Label)
    groups = [
        _group(Topic.LABEL, labels),
        _weeks(rows, term),
        _group(Topic.PLACE, (pair for pair in rows.places if pair[0] != "report")),
        _group(Topic.LANG, rows.langs),
        _each(Topic.KIND, map(_kind, files)),
        _each(Topic.ROUTE, (row.route for row in files)),
        _each(Topic.OUTCOME, map(_outcome, files)),
        _each(
            Topic.DEADLINE,
            (said for row in files for said in _limits(row, counting, _CLOCKS - {ClockName.ACKNOWLEDGE})),
        ),
        _each(Topic.REMOVAL, ("gone" if names & _GONE else "not_gone" for names in asked)),
        _group(Topic.OVERRULED, (("agreed", rows.agreed), ("changed", rows.changed))),
        _each(Topic.GOOD_NEWS, (_GOOD.get(row.state, "open") for row in rows.files if row.track == POSITIVE)),
    ]
    if acknowledges(Channel.SCHOOL_ACCOUNT, counting.pack):
        taken_up = [row for row in rows.files if row.track in (CONCERN, INCIDENT)]
        said = (
            each for row in taken_up for each in _limits(row, counting, frozenset({ClockName.ACKNOWLEDGE}))
        )
        groups.append(_each(Topic.ACKNOWLEDGED, said))
    return TermCounts(
        term,
        counting.now.astimezone(LONDON).date(),
        _nights(rows, term),
        tuple(groups),
        (
            (Single.REPORTS, sum(count for place, count in rows.places if place == "report")),
            (Single.POLICE, sum(bool(names & _POLICE) for names in events)),
            (Single.SAFEGUARDING, sum(bool(names & _SAFEGUARDING) for names in events)),
            (Single.PASSED_OVER, sum(Event.RECUSE.value in names for names in events)),
            (Single.REOPENED, sum(Event.REOPEN.value in names for names in events)),
        ),
        (
            (Wait.DECISION, _waits(files, frozenset({IncidentState.AWAITING_DECISION}), leaving=True)),
            (Wait.CLOSE, _waits(files, frozenset({IncidentState.CLOSED}), leaving=False)),
        ),
    )


def basis_of(school: SchoolFile, pack: PolicyPack) -> Basis:
    """On what the school may look. The words of its decision stay in school.toml: they may name somebody."""
    clause, decision, dpia = pack.monitoring_clause, school.authority, school.dpia
    return Basis(
        school=school.profile.name,
        policy=pack.title,
        policy_on=pack.dated_on,
        cite=clause.cite() if clause else "",
        decision=decision is not None,
        decision_on=decision.on if decision else None,
        dpia=dpia is not None,
        dpia_on=dpia.on if dpia else None,
    )


def sheet_path(home: Home, term: Term) -> Path:
    """Where a term's figures are kept once they are counted."""
    return home.folder / "governors" / f"{term.year}-{term.name.value}.json"


def read_or_count(
    home: Home,
    term: Term,
    now: datetime,
    actor: str,
    again: str = "",
    role: Role | DeskRole = Role.OPERATOR,
) -> Sheet:
    """The term's sheet: the kept one, else counted now and kept. One line of the audit log says that it was counted.

    `again`: why it is counted once more; the log keeps the reason. Raises `Refused` while the term is not over and
    where figures that were counted are gone, `ConfigError` for a kept sheet that cannot be read.
    """
    path = sheet_path(home, term)
    if path.exists() and not again:
        return _read_kept(path, term)
    if now.astimezone(LONDON).date() <= term.last_on:
        raise Refused(
            f"refused: the term lasts until {term.last_on.isoformat()}: figures that still move would tell of single "
            "incidents [a sheet is counted once, when its term is over]. Ask again then"
        )
    school, pack = read_school(home)
    counting = Counting(pack, calendar_of(school, pack, now), now)
    what = f"{term.year}-{term.name.value}"
    with Warehouse(home.folder).writer() as writing:
        if path.exists() and not again:
            # Somebody else counted it while this one waited.
            return _read_kept(path, term)
        before_at = last_counted_at(writing, what)
        if before_at and not again:
            raise Refused(
                f"refused: this term was counted on {before_at.astimezone(LONDON).date().isoformat()}, and its figures are "
                "gone [two countings of one term can be subtracted, and the difference tells of single incidents]. Bring "
                f'{path.name} back from a backup; without one: governors --again "why"'
            )
        sheet = tell_sheet(count_term(read_term(writing, term.first_on, term.last_on), term, counting))
        if before_at:
            sheet = replace(sheet, replaces=before_at.astimezone(LONDON).date())
        append_audit(
            writing,
            [AuditEvent(now, actor, role, "counted", "governors_sheet", what, again, pack.version)],
        )
        write_plainly(path, (json.dumps(show_sheet(sheet), ensure_ascii=False, indent=1) + "\n").encode())
    return sheet


def _read_kept(path: Path, term: Term) -> Sheet:
    try:
        sheet = read_sheet(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ConfigError(
            str(path),
            "",
            f"cannot be read as a sheet: {type(error).__name__}",
            "Bring it back from a backup; without one, delete it and the term is counted anew",
        ) from None
    if sheet.term != term:
        raise ConfigError(str(path), "term", "is another term's", "Bring the file back from a backup")
    return sheet
