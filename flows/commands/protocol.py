"""`incident list|show|move|merge|undo|timeline`: the school's protocol, step by step, by people."""

from __future__ import annotations

import argparse
import getpass
import textwrap
from collections.abc import Iterable

from classifiers.disclaimer import find_disclaimer
from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.duties import contact_card, list_duties, list_tasks
from flows.home import read_school
from flows.incident_opening import open_incident
from flows.incident_work import StepAsked, read_timeline, take_step
from flows.standing import Context, Standing, StepForRoles, read_context, read_standing, steps_for_roles
from incidents.history import PastEvent
from incidents.protocol import parse_event, parse_role
from incidents.steps import Event
from mentionwatch.errors import ConfigError
from mentionwatch.labels import IncidentState, families
from warehouse.connection import Warehouse
from warehouse.incident_steps import CONCERN, INCIDENT, POSITIVE, IncidentRow, incident_rows

WIDTH = 79
_ENDED = frozenset({IncidentState.CLOSED, IncidentState.MERGED})


def incident_json(row: IncidentRow) -> dict[str, object]:
    """An incident as `incident list --json` gives it, one line each."""
    return {
        "id": row.id,
        "track": row.track,
        "state": row.state.value,
        "kind": row.kind,
        "route": row.route.value,
        "harms": [harm.value for harm in row.harms],
        "families": [family.value for family in families(row.harms)],
        "decider": row.decider.value,
        "mention": row.mention_id,
        "url": row.canonical_url or None,
        "clause": row.clause,
        "pack": row.pack,
        "opened_at": iso(row.opened_at),
        "moved_at": iso(row.moved_at),
        "deadline_at": iso(row.deadline_at),
    }


def _event_json(event: PastEvent) -> dict[str, object]:
    return {
        "number": event.number,
        "at": iso(event.at),
        "event": event.event,
        "from": event.from_state.value if event.from_state else None,
        "to": event.to_state.value,
        "role": event.role.value,
        "actor": event.actor,
        "reason": event.reason,
        "details": dict(event.facts.pairs),
        "pack": event.pack,
    }


def context_of(arguments: argparse.Namespace) -> Context:
    """The home a command works on, at the time it is given, for the person who types."""
    home = existing_home(arguments)
    school, pack = read_school(home)
    return read_context(home, school, pack, clock(arguments), getpass.getuser())


def read_given(facts: list[str]) -> tuple[tuple[str, str], ...]:
    """`--fact KEY=VALUE` as pairs. Raises `ConfigError`."""
    found = []
    for fact in facts:
        key, sign, value = fact.partition("=")
        if not sign or not key.strip():
            raise ConfigError("incident move", "--fact", f"{fact!r} has no =", "Write --fact author=parent")
        found.append((key.strip(), value.strip()))
    return tuple(found)


def incident_list(arguments: argparse.Namespace) -> int:
    """All incidents, latest first. In a terminal without address and words."""
    home = existing_home(arguments)
    with Warehouse(home.folder).live_reader() as reading:
        rows = incident_rows(reading, track=arguments.track)
    for row in rows:
        if arguments.json:
            print_json(incident_json(row))
            continue
        limit = f"  until {iso(row.deadline_at)}" if row.deadline_at else ""
        say(f"{row.id}  {row.state.value:<18} {row.decider.value:<9} {row.kind}"[:WIDTH])
        say(f"    opened {iso(row.opened_at)}, route {row.route.value}{limit}"[:WIDTH])
    if not arguments.json:
        noun = {INCIDENT: "incident", CONCERN: "concern taken up", POSITIVE: "piece of good news taken up"}
        say(f"1 {noun[arguments.track]}" if len(rows) == 1 else f"{len(rows)} of: {noun[arguments.track]}")
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
    """One incident: where it stands, what is due, who may do what next and why not, and what happened."""
    context = context_of(arguments)
    with Warehouse(context.home.folder).live_reader() as reading:
        standing = read_standing(reading, arguments.id, context)
    steps = steps_for_roles(standing.now, standing.pack)
    if arguments.json:
        print_json(_show_json(standing, steps, context))
        return 0
    # Here, because the digest's words cost every other command of this module a tenth of a second.
    from flows.digest import first_steps

    _show(standing, first_steps(standing.row, context.pack, "en"), steps)
    return 0


def _disclaimer(standing: Standing) -> str:
    """The post's own words that it does not speak for the school. Shown where they are; their absence says nothing (L03)."""
    about = standing.about
    return find_disclaimer(f"{about.title}\n{about.text}") if about and not about.is_sealed else ""


def _show_json(standing: Standing, steps: tuple[StepForRoles, ...], context: Context) -> dict[str, object]:
    row, now = standing.row, standing.now
    return incident_json(row) | {
        "summary": row.summary,
        "duties": [
            {"duty": line.duty.value, "gist": line.gist.english, "told": [one.english for one in line.told], "within": line.within.english}
            for line in list_duties(standing)
        ],
        "tasks": [task.english for task in list_tasks(standing)],
        "contact_card": card.english if (card := contact_card(standing)) else None,
        "first_steps": list(row.first_steps),
        "reasons": list(row.reasons),
        "channel": now.channel.value,
        "source_kind": "reported" if standing.about and standing.about.kind == "report" else "flagged",
        "disclaimer": _disclaimer(standing) or None,
        "author": now.author.value if now.author else None,
        "subjects": sorted(role.value for role in now.subjects),
        "tracks": {track.value: state.value for track, state in now.tracks if state.value != "none"},
        "due": [
            {"what": clock.name.value, "at": iso(clock.due_at), "set_by_policy": clock.is_policy}
            for clock in standing.clocks
        ],
        "evidence": list(now.evidence),
        "documents": [
            {"number": one.number, "kind": one.kind, "langs": list(one.langs), "made_at": iso(one.made_at), "changed": one.changed}
            for one in standing.documents
        ],
        "pack_in_use": standing.row.pack,
        "pack_offered": context.pack.version if standing.is_pack_changed else None,
        "steps": [
            {
                "event": step.event,
                "summary": step.summary,
                "actor": step.actor,
                "asks": list(step.asks),
                "open_to": [role.value for role in step.open_to],
                "refusals": {role.value: why for role, why in step.refusals},
            }
            for step in steps
        ],
        "events": [_event_json(event) for event in standing.events],
    }  # fmt: skip


def _show_step(step: StepForRoles) -> None:
    say(f"  {step.event}")
    _wrapped(step.summary)
    if step.open_to:
        _wrapped(f"open to: {', '.join(role.value for role in step.open_to)}")
        if step.asks:
            _wrapped(f"asks: {' '.join(step.asks)}")
    causes: dict[str, list[str]] = {}
    for role, why in step.refusals:
        causes.setdefault(why.replace(f", not the {role.value}", ""), []).append(role.value)
    for why, roles in causes.items():
        _wrapped(f"not open to {', '.join(roles)}: {why}")


def _show(standing: Standing, to_do: Iterable[str], steps: tuple[StepForRoles, ...]) -> None:
    row, about = standing.row, standing.about
    say(f"{row.track.capitalize()} {row.id}: {row.state.value}")
    _wrapped(f"{row.summary}; suggested route: {row.route.value}. The system suggests; a person decides.")
    _wrapped(f"decides: {row.decider.value}; opened {iso(row.opened_at)} under {row.clause} ({row.pack})")
    if standing.is_pack_changed:
        _wrapped(
            "Your policy pack has changed since. This incident goes on under the one above; the decider may change that with: adopt_pack"
        )
    for due in standing.clocks:
        whose = "set by your policy" if due.is_policy else "usual"
        say(f"    due: {due.name.value} by {iso(due.due_at)} ({whose})")
    if row.deadline_at:
        say(f"    time limit: {iso(row.deadline_at)}")
    if about is not None and about.is_sealed:
        say("    The post is sealed. Do not open its address; it is for the police only.")
    elif row.canonical_url:
        _wrapped(row.canonical_url)
    if said := _disclaimer(standing):
        _wrapped(f"the post says of itself: {said}")
    open_tracks = [
        f"{track.value}: {state.value}" for track, state in standing.now.tracks if state.value != "none"
    ]
    _listed("Beside it", open_tracks)
    if card := contact_card(standing):
        _wrapped(card.english)
    _listed(
        "Above your policy",
        (
            f"{line.gist.english} Told: {', '.join(one.english for one in line.told)}; {line.within.english}."
            for line in list_duties(standing)
        ),
    )
    _listed("To do today", (task.english for task in list_tasks(standing)))
    _listed("First steps", to_do)
    _listed("Why it is here", row.reasons)
    _listed(
        "Letters and forms",
        (
            f"{one.number} {one.kind} ({', '.join(one.langs)}), {iso(one.made_at)}"
            for one in standing.documents
        ),
    )
    say("Next steps")
    ready, shut = [step for step in steps if step.open_to], [step for step in steps if not step.open_to]
    for step in (*ready, *shut):
        _show_step(step)
    say("What happened")
    for event in standing.events:
        arrow = (
            f"{event.from_state.value} -> {event.to_state.value}"
            if event.from_state
            else event.to_state.value
        )
        _wrapped(f"{iso(event.at)} {event.event} by the {event.role.value}: {arrow}", "  ")
        if event.reason:
            _wrapped(event.reason)
        for key, value in event.facts.pairs:
            _wrapped(f"{key}: {value}")  # fmt: skip


def _take(arguments: argparse.Namespace, event: Event, given: tuple[tuple[str, str], ...]) -> int:
    context = context_of(arguments)
    asked = StepAsked(arguments.id, event, parse_role(arguments.role), arguments.reason, given)
    row = take_step(asked, context)
    if arguments.json:
        print_json(incident_json(row))
        return 0
    say(f"{row.id}: {row.state.value}; decides: {row.decider.value}")
    if row.deadline_at and row.state not in _ENDED:
        say(f"time limit: {iso(row.deadline_at)}")
    return 0


def incident_move(arguments: argparse.Namespace) -> int:
    """Take one step. Exits 5 when the protocol refuses, quoting the clause."""
    return _take(arguments, parse_event(arguments.event), read_given(arguments.fact))


def incident_open(arguments: argparse.Namespace) -> int:
    """Open an incident for a stored mention that the software let pass."""
    row = open_incident(arguments.id, parse_role(arguments.role), arguments.reason, context_of(arguments))
    if arguments.json:
        print_json(incident_json(row))
        return 0
    say(f"Incident {row.id} opened: {row.state.value}; decides: {row.decider.value}")
    return 0


def incident_merge(arguments: argparse.Namespace) -> int:
    """Make two incidents one: both timelines are kept, the earlier limit holds, thirty days to undo it."""
    return _take(arguments, Event.MERGE, (("into", arguments.into), ("because", arguments.because)))


def incident_undo(arguments: argparse.Namespace) -> int:
    """Part two incidents again that were made one."""
    return _take(arguments, Event.UNDO_MERGE, ())


def incident_timeline(arguments: argparse.Namespace) -> int:
    """What happened, in order, with the incidents merged into it."""
    context = context_of(arguments)
    for line in read_timeline(context.home, arguments.id, context):
        if arguments.json:
            print_json(
                {
                    "at": iso(line.at),
                    "incident": line.incident,
                    "event": line.event,
                    "role": line.role.value,
                    "state": line.state.value,
                    "reason": line.reason,
                    "facts": dict(line.facts),
                }
            )
            continue
        _wrapped(
            f"{iso(line.at)} {line.incident} {line.event} by the {line.role.value}: {line.state.value}", ""
        )
        if line.reason:
            _wrapped(line.reason)
    return 0
