"""`train` and its acts: a challenger model, what the gate says of it, and who signs it into use."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import clock, existing_home, print_json, say
from flows.commands.corrections import read_role
from flows.home import Home, read_school
from warehouse.connection import Warehouse
from warehouse.judging_weeks import Drift, JudgedWeek, find_drift, read_judged_weeks

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
    say(f"{'model in use, then challenger':<31}" + "".join(f"{group.lang:>15}" for group in outcome.groups))

    def line(words: str, pairs: list[str]) -> None:
        say(f"{words:<31}" + "".join(f"{pair:>15}" for pair in pairs))

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
    outcome = build_challenger(home, clock(arguments), arguments.encoder)
    if arguments.json:
        print_json({"built": outcome is not None, "gate": asdict(outcome) if outcome else None})
    elif outcome is None:
        say("Nothing new to learn: no correction since the last challenger")
    else:
        _say_outcome(outcome)
    return 0


def _signed(arguments: argparse.Namespace, command: str) -> tuple[Home, Signature]:
    from flows.promotion import Signature
    from flows.signing import refuse_future

    home = existing_home(arguments)
    _, pack = read_school(home)
    role, now = read_role(command, arguments.role), clock(arguments)
    refuse_future(home, now, datetime.now(UTC))
    return home, Signature(getpass.getuser(), role, arguments.reason, now, pack.version)


def train_promote(arguments: argparse.Namespace) -> int:
    """Put the challenger into use. Exits 5 when the gate, or anything since, says no."""
    from flows.promotion import promote

    name = promote(*_signed(arguments, "train promote"))
    if arguments.json:
        print_json({"in_use": name})
    else:
        say(f"In use from now on: {name}")
        say("To go back: mentionwatch train rollback --as ROLE --reason R")
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


WEEKS_SHOWN = 8


def _percent(part: int, of: int) -> str:
    return f"{round(100 * part / of)}" if of else "-"


def _say_weeks(weeks: Sequence[JudgedWeek]) -> None:
    """A table of the latest weeks, a row a week and model."""
    if not weeks:
        say("No mention has been judged yet")
        return
    shown = sorted({week.week for week in weeks})[-WEEKS_SHOWN:]
    rows = [week for week in weeks if week.week in shown]
    names = list(dict.fromkeys(week.model for week in rows))
    marks = {name: chr(ord("a") + at) if at < 26 else "+" for at, name in enumerate(names)}
    say(f"{'week of':<10} m {'posts':>5}{'pos':>5}{'neu':>4}{'con':>4}{'ina':>4}{'best':>5}"
        f"{'person':>7}{'sample':>7}{'said':>5}{'other':>6}{'harsh':>6}{'mild':>5}")  # fmt: skip
    for week in rows:
        shares = [_percent(count, week.mentions) for count in week.labels]
        best = "-" if week.mean_best is None else f"{round(100 * week.mean_best)}"
        say(f"{week.week.isoformat()} {marks[week.model]} {week.mentions:>5}{shares[0]:>5}"
            + "".join(f"{share:>4}" for share in shares[1:])
            + f"{best:>5}{_percent(week.asked, week.mentions):>7}{week.sampled:>7}{week.corrections:>5}"
            f"{_percent(week.changed, week.corrections):>6}{week.too_harsh:>6}{week.too_mild:>5}")  # fmt: skip
    say("In percent: pos, neu, con, ina, best (mean of the best label), person, other.")
    say("said: corrections given that week (from Monday, London time); other: those that")
    say("gave another label than the model, which had been too harsh or too mild.")
    for name, mark in marks.items():
        say(f"{mark}: {name}")


def _say_drift(found: Sequence[Drift]) -> None:
    for drift in found:
        what = (
            "corrections that changed the label"
            if drift.what == "changed"
            else f"mentions judged {drift.what}"
        )
        say(f"Look at this: {what} are {drift.now[0]} of {drift.now[1]} since {drift.since.isoformat()},")
        say(f"  {drift.before[0]} of {drift.before[1]} before. Chance alone does so less than once in "
            f"{min(int(1 / max(drift.chance, 1e-6)), 1_000_000):,} times")  # fmt: skip
        if drift.is_new_model:
            say("  The model is not the same as before")


def _as_json(item: JudgedWeek | Drift) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(item).items()
    }


def train_status(arguments: argparse.Namespace) -> int:
    """The model in use, the challenger, what the gate said, who signed, and the latest weeks."""
    from flows.model_status import read_status, tell_status

    home = existing_home(arguments)
    status = read_status(home)
    with Warehouse(home.folder).live_reader() as reading:
        weeks = read_judged_weeks(reading)
    drift = find_drift(weeks)
    if arguments.json:
        shown = sorted({week.week for week in weeks})[-WEEKS_SHOWN:]
        recent = [_as_json(week) for week in weeks if week.week in shown]
        print_json(asdict(status) | {"weeks": recent, "drift": list(map(_as_json, drift))})
        return 0
    for line in tell_status(status):
        say(line)
    _say_weeks(weeks)
    _say_drift(drift)
    return 0
