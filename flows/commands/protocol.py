"""`incident list|show|move|merge|undo|timeline`: the school's protocol, step by step, by people."""

from __future__ import annotations

import argparse
import getpass

from classifiers.disclaimer import find_disclaimer
from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.commands.protocol_text import WIDTH, say_wrapped, show_incident
from flows.duties import contact_card, list_duties, list_tasks
from flows.home import read_school
from flows.incident_opening import open_incident
from flows.incident_work import StepAsked, read_timeline, take_step
from flows.standing import Context, Standing, StepForRoles, read_context, read_standing, steps_for_roles
from incidents.history import PastEvent
from incidents.protocol import parse_event, parse_role
from incidents.steps import Event
from mentionwatch.errors import ConfigError
from mentionwatch.labels import FINISHED, families
from warehouse.connection import Warehouse
from warehouse.incident_steps import CONCERN, INCIDENT, POSITIVE, IncidentRow, incident_rows


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


def incident_show(arguments: argparse.Namespace) -> int:
    """One incident: where it stands, what is due, who may do what next and why not, and what happened."""
    from flows.rechecking import read_compliance

    context = context_of(arguments)
    with Warehouse(context.home.folder).live_reader() as reading:
        standing = read_standing(reading, arguments.id, context)
        removal = [found.says("en") for found in read_compliance(reading, arguments.id).values()]
    steps = steps_for_roles(standing.now, standing.pack)
    if arguments.json:
        print_json(_show_json(standing, steps, context))
        return 0
    # Here, because the digest's words cost every other command of this module a tenth of a second.
    from flows.digest import first_steps

    to_do = first_steps(standing.row, context.pack, "en")
    show_incident(standing, to_do, steps, _disclaimer(standing), removal)
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


def _take(arguments: argparse.Namespace, event: Event, given: tuple[tuple[str, str], ...]) -> int:
    context = context_of(arguments)
    asked = StepAsked(arguments.id, event, parse_role(arguments.role), arguments.reason, given)
    row = take_step(asked, context)
    if arguments.json:
        print_json(incident_json(row))
        return 0
    say(f"{row.id}: {row.state.value}; decides: {row.decider.value}")
    if row.deadline_at and row.state not in FINISHED:
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
        say_wrapped(
            f"{iso(line.at)} {line.incident} {line.event} by the {line.role.value}: {line.state.value}", ""
        )
        if line.reason:
            say_wrapped(line.reason)
    return 0
