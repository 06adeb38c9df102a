"""One incident as a person reads it in a terminal, eighty columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from flows.commands.common import iso, say
from flows.duties import contact_card, list_duties, list_tasks
from flows.standing import Standing, StepForRoles

WIDTH = 79


def say_wrapped(text: str, indent: str = "    ") -> None:
    """A text in lines, indented."""
    for line in textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  "):
        say(line)


def _listed(title: str, lines: Iterable[str]) -> None:
    lines = tuple(lines)
    if lines:
        say(title)
        for line in lines:
            say_wrapped(line)


def _show_step(step: StepForRoles) -> None:
    say(f"  {step.event}")
    say_wrapped(step.summary)
    if step.open_to:
        say_wrapped(f"open to: {', '.join(role.value for role in step.open_to)}")
        if step.asks:
            say_wrapped(f"asks: {' '.join(step.asks)}")


def show_refusals(steps: Iterable[StepForRoles]) -> None:
    """Each reason once, with the roles it stands in the way of and the steps it refuses them."""
    causes: dict[str, dict[str, list[str]]] = {}
    for step in steps:
        refused: dict[str, list[str]] = {}
        for role, why in step.refusals:
            refused.setdefault(why.replace(f", not the {role.value}", ""), []).append(role.value)
        for why, roles in refused.items():
            is_all = not step.open_to and len(refused) == 1
            whom = "everybody" if is_all else ", ".join(roles)
            causes.setdefault(why, {}).setdefault(whom, []).append(step.event)
    if causes:
        say("Not open, and why")
    for why, by_roles in causes.items():
        say_wrapped(why, "  ")
        for whom, events in by_roles.items():
            say_wrapped(f"refuses {whom}: {', '.join(events)}")


def _why_asked(standing: Standing) -> tuple[str, ...]:
    """The clause in question and what a person has said of the post: nothing that quotes it.

    What it is like is on the desk's page: for that a model is loaded, which takes longer than all the rest.
    """
    # Here, because the digest's words cost every other command a tenth of a second.
    from flows.digest import mention_line

    if standing.about is None:
        return ()
    return mention_line(standing.about, {}, (), standing.pack).told("en")


def show_incident(
    standing: Standing,
    to_do: Iterable[str],
    steps: tuple[StepForRoles, ...],
    disclaimer: str,
    removal: Iterable[str] = (),
) -> None:
    """Where it stands, what is due, what stands above the policy, what may be done next, what happened."""
    row, about = standing.row, standing.about
    say(f"{row.track.capitalize()} {row.id}: {row.state.value}")
    say_wrapped(f"{row.summary}; suggested route: {row.route.value}. The system suggests; a person decides.")
    say_wrapped(f"decides: {row.decider.value}; opened {iso(row.opened_at)} under {row.clause} ({row.pack})")
    if standing.is_pack_changed:
        say_wrapped(
            "Your policy pack has changed since. This incident goes on under the one above; the decider may change that with: adopt_pack"
        )
    for due in standing.clocks:
        whose = "set by your policy" if due.is_policy else "the usual time: your policy sets none"
        say_wrapped(f"due: {due.name.value} by {iso(due.due_at)} ({whose})")
    if row.deadline_at:
        say(f"    time limit: {iso(row.deadline_at)}")
    for line in dict.fromkeys(removal):
        say_wrapped(line)
    if about is not None and about.is_sealed:
        say("    The post is sealed. Do not open its address; it is for the police only.")
    elif row.canonical_url:
        say_wrapped(row.canonical_url)
    if disclaimer:
        say_wrapped(f"the post says of itself: {disclaimer}")
    for line in _why_asked(standing):
        say_wrapped(line[:1].upper() + line[1:])
    open_tracks = [
        f"{track.value}: {state.value}" for track, state in standing.now.tracks if state.value != "none"
    ]
    _listed("Beside it", open_tracks)
    if card := contact_card(standing):
        say_wrapped(card.english)
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
    for step in ready:
        _show_step(step)
    _listed("Steps nobody may take now", (f"{step.event}: {step.summary}" for step in shut))
    show_refusals((*ready, *shut))
    say("What happened")
    for event in standing.events:
        arrow = (
            f"{event.from_state.value} -> {event.to_state.value}"
            if event.from_state
            else event.to_state.value
        )
        say_wrapped(f"{iso(event.at)} {event.event} by the {event.role.value}: {arrow}", "  ")
        if event.reason:
            say_wrapped(event.reason)
        for key, value in event.facts.pairs:
            say_wrapped(f"{key}: {value}")  # fmt: skip
