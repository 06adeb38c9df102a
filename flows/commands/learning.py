"""`train` and its acts: a challenger model, what the gate says of it, and who signs it into use."""

from __future__ import annotations

import argparse
import getpass
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import clock, existing_home, print_json, say
from flows.commands.corrections import read_role
from flows.home import Home, read_school

if TYPE_CHECKING:
    from flows.learning import GateOutcome
    from flows.promotion import Signature

# The modules that learn take half a second to load: each command fetches its own.

SHOWN = (
    ("macro_f1", "macro-F1"),
    ("recall_inappropriate", "inappropriate found as label"),
    ("found", "found as label or person"),
    ("asked", "sent to a person"),
    ("accused", "criticism called inappropriate"),
    ("police_missed", "police-route posts missed"),
    ("calibration_error", "calibration error"),
)
LEFT_OUT = {
    "near_identical": "near-identical to another one",
    "person_a_day": "more than 20 of one person on one day",
    "post_author": "more than 5 texts of one author",
    "share_of_training": "beyond a tenth of the training texts",
    "other_language": "neither English nor Welsh",
    "no_harm_named": "inappropriate, but nobody said of which harm",
    "in_the_frozen_set": "like a text the gate itself uses",
}


def _say_outcome(outcome: GateOutcome) -> None:
    say(f"{'model in use, then challenger':<34}" + "".join(f"{group.lang:>17}" for group in outcome.groups))

    def line(words: str, pairs: list[str]) -> None:
        say(f"{words:<34}" + "".join(f"{pair:>17}" for pair in pairs))

    line("texts", [str(group.texts) for group in outcome.groups])
    line("macro-F1", ["{:.3f} {:.3f}".format(*group.macro_f1) for group in outcome.groups])
    line("threats missed", ["{} {}".format(*group.threats_missed) for group in outcome.groups])
    line("criticism called inappropriate", ["{} {}".format(*group.accused) for group in outcome.groups])
    say(f"Corrections: {outcome.corrections_used} of {outcome.corrections_in_force} learned from; "
        "right were {}, now {}".format(*outcome.corrections_right))  # fmt: skip
    for cap, count in outcome.left_out:
        say(f"  left out: {count} {LEFT_OUT[cap]}")
    for reason in outcome.reasons:
        say(f"  {reason}")
    say(
        "The gate lets it through. To use it: mentionwatch train promote --as ROLE --reason R"
        if outcome.passed
        else "The gate says no: the model in use stays"
    )


def _say_aside(line: str) -> None:
    sys.stderr.write(f"mentionwatch: {line}\n")


def _train_own(arguments: argparse.Namespace) -> int:
    from flows.learning import build_own
    from flows.promotion import name_of

    folder = Path(arguments.out)
    sys.stderr.write("mentionwatch: training on the labelled texts; this takes some minutes\n")
    figures = build_own(folder, arguments.encoder, _say_aside)
    name = name_of(folder)
    if arguments.json:
        print_json({"folder": str(folder), "name": name, "figures": [asdict(row) for row in figures]})
        return 0
    say(f"Built {name} in {folder}")
    say(f"{'on voices the model had not heard':<34}" + "".join(f"{row.group:>10}" for row in figures))
    for key, words in SHOWN:
        say(f"{words:<34}" + "".join(f"{getattr(row, key):>10.3f}" for row in figures))
    return 0


def train(arguments: argparse.Namespace) -> int:
    """Build a challenger from the corrections. It is not used until a person promotes it."""
    if arguments.out:
        return _train_own(arguments)
    home = existing_home(arguments)
    from flows.learning import build_challenger

    sys.stderr.write("mentionwatch: looking for new corrections; a challenger takes a minute or two\n")
    outcome = build_challenger(home, clock(arguments))
    if arguments.json:
        print_json({"built": outcome is not None, "gate": asdict(outcome) if outcome else None})
    elif outcome is None:
        say("Nothing new to learn: no correction since the last challenger")
    else:
        _say_outcome(outcome)
    return 0


def _signed(arguments: argparse.Namespace, command: str) -> tuple[Home, Signature]:
    from flows.promotion import Signature

    home = existing_home(arguments)
    _, pack = read_school(home)
    role = read_role(command, arguments.role)
    return home, Signature(getpass.getuser(), role, arguments.reason, clock(arguments), pack.version)


def train_promote(arguments: argparse.Namespace) -> int:
    """Put the challenger into use. Exits 5 when the gate, or anything since, says no."""
    from flows.promotion import promote

    name = promote(*_signed(arguments, "train promote"))
    if arguments.json:
        print_json({"in_use": name})
    else:
        say(f"In use from now on: {name}. To go back: mentionwatch train rollback --as ROLE --reason R")
    return 0


def train_rollback(arguments: argparse.Namespace) -> int:
    """Go back to the model before, or to the one that ships."""
    from flows.promotion import rollback

    name = rollback(*_signed(arguments, "train rollback"))
    if arguments.json:
        print_json({"in_use": name})
    else:
        say(f"In use from now on: {name}")
    return 0


def train_status(arguments: argparse.Namespace) -> int:
    """The model in use, the challenger, what the gate said, and who signed."""
    from flows.promotion import read_status

    status = read_status(existing_home(arguments))
    if arguments.json:
        print_json(asdict(status))
        return 0
    signed = f", promoted {status.promoted_at} by the {status.promoted_by}" if status.promoted_by else ""
    say(f"In use: {status.in_use} ({status.in_use_from}){signed}")
    if status.goes_back_to:
        say(f"Rollback goes to: {status.goes_back_to}")
    if not status.challenger:
        say("No challenger waits")
        return 0
    say(
        f"Challenger: {status.challenger}, built {status.gate.made_at if status.gate else 'without the gate'}"
    )
    say(
        f"  cannot be promoted: {status.blocked}"
        if status.blocked
        else "  the gate let it through; it waits for a signature"
    )
    return 0  # fmt: skip
