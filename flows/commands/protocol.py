"""`incident list|show|move`: the school's protocol, step by step, by people."""

from __future__ import annotations

import argparse
import getpass
import json
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.home import Home, read_school
from incidents.deadlines import step_deadline
from incidents.permissions import find_subjects
from incidents.protocol import IncidentNow, decide_move, list_steps, parse_event, parse_role
from incidents.transitions import ROLES, Actor
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolProfile
from warehouse.connection import Warehouse
from warehouse.people import (
    IncidentEventRow,
    IncidentMove,
    IncidentRow,
    incident,
    incident_events,
    incident_rows,
    record_move,
)
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading

PEOPLE = tuple(role for role in Role if role in ROLES[Actor.ANYONE])
WIDTH = 79


def find_incident(reading: Reading, id_: str) -> tuple[IncidentRow, MentionRow | None]:
    """An incident and the mention it is about. Raises `ConfigError` when there is no such incident."""
    row = incident(reading, id_)
    if row is None:
        raise ConfigError(
            "incident", "ID", f"there is no incident {id_!r}", "List them with: mentionwatch incident list"
        )
    about = list_mentions(reading, MentionFilter(ids=(row.mention_id,)))
    return row, about[0] if about else None


def now_of(row: IncidentRow, about: MentionRow | None, profile: SchoolProfile) -> IncidentNow:
    """What the protocol needs to know of a stored incident."""
    words = f"{about.title}\n{about.text}" if about and not about.is_sealed else ""
    return IncidentNow(
        id=row.id,
        state=row.state,
        decider=row.decider,
        pack=row.pack,
        has_evidence=about is not None,
        subjects=find_subjects(words, profile),
        has_deputy=profile.has_deputy,
    )


def incident_json(row: IncidentRow) -> dict[str, object]:
    """An incident as `incident list --json` gives it, one line each."""
    return {
        "id": row.id,
        "state": row.state.value,
        "kind": row.kind,
        "route": row.route.value,
        "harms": [harm.value for harm in row.harms],
        "decider": row.decider.value,
        "mention": row.mention_id,
        "url": row.canonical_url or None,
        "clause": row.clause,
        "pack": row.pack,
        "opened_at": iso(row.opened_at),
        "moved_at": iso(row.moved_at),
        "deadline_at": iso(row.deadline_at),
    }


def _event_json(row: IncidentEventRow) -> dict[str, object]:
    return {
        "number": row.number,
        "at": iso(row.happened_at),
        "event": row.event,
        "from": row.from_state.value if row.from_state else None,
        "to": row.to_state.value,
        "role": row.role.value,
        "actor": row.actor,
        "reason": row.reason,
        "details": json.loads(row.details),
        "pack": row.pack,
    }


@dataclass(frozen=True, slots=True)
class StepForRoles:
    """One step from the present state: to whom it is open, and why not to the others."""

    event: str
    summary: str
    actor: str
    open_to: tuple[Role, ...]
    refusals: tuple[tuple[Role, str], ...]


def steps_for_roles(now: IncidentNow, pack: PolicyPack) -> tuple[StepForRoles, ...]:
    """Every step that starts here, for every role a person can act in."""
    by_role = {role: list_steps(now, role, pack) for role in PEOPLE}
    found = []
    for place, step in enumerate(by_role[PEOPLE[0]]):
        refusals = {role: by_role[role][place].refusal for role in PEOPLE}
        found.append(
            StepForRoles(
                step.event.value,
                step.summary,
                step.actor,
                tuple(role for role, why in refusals.items() if not why),
                tuple((role, why) for role, why in refusals.items() if why),
            )
        )
    return tuple(found)


def incident_list(arguments: argparse.Namespace) -> int:
    """All incidents, latest first. In a terminal without address and words."""
    home = existing_home(arguments)
    with Warehouse(home.folder).live_reader() as reading:
        rows = incident_rows(reading)
    for row in rows:
        if arguments.json:
            print_json(incident_json(row))
            continue
        limit = f"  until {iso(row.deadline_at)}" if row.deadline_at else ""
        say(f"{row.id}  {row.state.value:<18} {row.decider.value:<9} {row.kind}"[:WIDTH])
        say(f"    opened {iso(row.opened_at)}, route {row.route.value}{limit}"[:WIDTH])
    if not arguments.json:
        say("1 incident" if len(rows) == 1 else f"{len(rows)} incidents")
    return 0


def _wrapped(text: str, indent: str = "    ") -> None:
    for line in textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  "):
        say(line)


def _listed(title: str, lines: Iterable[str]) -> None:
    lines = tuple(lines)
    if lines:
        say(title)
        for line in lines:
            _wrapped(line)


def incident_show(arguments: argparse.Namespace) -> int:
    """One incident: where it stands, who may do what next and why not, and what happened."""
    home = existing_home(arguments)
    school, pack = read_school(home)
    with Warehouse(home.folder).live_reader() as reading:
        row, about = find_incident(reading, arguments.id)
        events = incident_events(reading, row.id)
    steps = steps_for_roles(now_of(row, about, school.profile), pack)
    if arguments.json:
        print_json(
            incident_json(row)
            | {
                "summary": row.summary,
                "first_steps": list(row.first_steps),
                "reasons": list(row.reasons),
                "steps": [
                    {
                        "event": step.event,
                        "summary": step.summary,
                        "actor": step.actor,
                        "open_to": [role.value for role in step.open_to],
                        "refusals": {role.value: why for role, why in step.refusals},
                    }
                    for step in steps
                ],
                "events": [_event_json(event) for event in events],
            }
        )
        return 0
    # Here, because the digest's words cost every other command of this module a tenth of a second.
    from flows.digest import first_steps

    _show(row, about, first_steps(row, pack, "en"), steps, events)
    return 0


def _show(
    row: IncidentRow,
    about: MentionRow | None,
    to_do: Iterable[str],
    steps: tuple[StepForRoles, ...],
    events: tuple[IncidentEventRow, ...],
) -> None:
    say(f"Incident {row.id}: {row.state.value}")
    _wrapped(f"{row.summary}; suggested route: {row.route.value}. The system suggests; a person decides.")
    _wrapped(f"decides: {row.decider.value}; opened {iso(row.opened_at)} under {row.clause} ({row.pack})")
    if row.deadline_at:
        say(f"    time limit: {iso(row.deadline_at)}")
    if about is not None and about.is_sealed:
        say("    The post is sealed. Do not open its address; it is for the police only.")
    elif row.canonical_url:
        _wrapped(row.canonical_url)
    _listed("First steps", to_do)
    _listed("Why it is here", row.reasons)
    say("Next steps")
    for step in steps:
        say(f"  {step.event}")
        _wrapped(step.summary)
        if step.open_to:
            _wrapped(f"open to: {', '.join(role.value for role in step.open_to)}")
        causes: dict[str, list[str]] = {}
        for role, why in step.refusals:
            causes.setdefault(why.replace(f", not the {role.value}", ""), []).append(role.value)
        for why, roles in causes.items():
            _wrapped(f"not open to {', '.join(roles)}: {why}")
    say("What happened")
    for event in events:
        arrow = (
            f"{event.from_state.value} -> {event.to_state.value}"
            if event.from_state
            else event.to_state.value
        )
        _wrapped(f"{iso(event.happened_at)} {event.event} by the {event.role.value}: {arrow}", "  ")
        if event.reason:
            _wrapped(event.reason)


def take_step(home: Home, arguments: argparse.Namespace) -> IncidentRow:
    """Decide one step and store it. Raises `Refused` quoting the clause, `ConfigError` for an unknown word."""
    school, pack = read_school(home)
    event, role, now = parse_event(arguments.event), parse_role(arguments.role), clock(arguments)
    actor = getpass.getuser()
    with Warehouse(home.folder).writer() as writing:
        row, about = find_incident(writing, arguments.id)
        move = decide_move(
            now_of(row, about, school.profile),
            event,
            role,
            arguments.reason,
            pack,
        )
        step = IncidentMove(
            incident_id=row.id,
            expected=move.source,
            event=event.value,
            to=move.target,
            actor=actor,
            role=role,
            reason=arguments.reason.strip(),
            at=now,
            pack=pack.version,
            decider=move.decider,
            deadline_at=step_deadline(event, now, row.deadline_at),
        )
        # The person's own words stay in the incident's log: the audit log holds no post text (I9).
        audit = AuditEvent(
            now,
            actor,
            role,
            "moved",
            "incident",
            row.id,
            f"{event.value}: {move.source.value} to {move.target.value}",
            pack.version,
        )
        return record_move(writing, step, audit)


def incident_move(arguments: argparse.Namespace) -> int:
    """Take one step. Exits 5 when the protocol refuses, quoting the clause."""
    row = take_step(existing_home(arguments), arguments)
    if arguments.json:
        print_json(incident_json(row))
        return 0
    say(f"{row.id}: {row.state.value}; decides: {row.decider.value}")
    if row.deadline_at:
        say(f"time limit: {iso(row.deadline_at)}")
    return 0
