"""`shadow`, `shadow end`, `replay`: the first nights of a school, and what a change would have done."""

from __future__ import annotations

import argparse
import getpass
import json
import textwrap
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.home import read_school, read_toml
from incidents.protocol import parse_role
from mentionwatch.errors import ConfigError, Fatal
from mentionwatch.labels import Label
from mentionwatch.school import SchoolProfile, parse_school

if TYPE_CHECKING:
    from classifiers.model import Classifier

OUT = "out of scope"
WIDTH = 79


def _say_wrapped(text: str, indent: str = "") -> None:
    """Lines that fit a terminal; a long word or number stays whole."""
    for line in textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    ):
        say(line)


def _say_toml(line: str) -> None:
    """A line for school.toml; a list that is too long for one stands an entry a line."""
    key, _, value = line.partition(" = ")
    if len(line) <= WIDTH or not value.startswith("["):
        say(line)
        return
    say(f"{key} = [")
    for entry in json.loads(value):
        say(f"  {json.dumps(entry, ensure_ascii=False)},")
    say("]")


def _say_shadow(on: bool, night: int, of: int) -> None:
    from desk.words import Speaker

    if not of:
        say("This school has no first nights: incidents are opened by themselves.")
    elif on:
        say(" · ".join(Speaker(lang)("shadow", night=night, of=of) for lang in ("en", "cy")))
    else:
        say(f"The first {of} nights are over: incidents are opened by themselves.")


def shadow(arguments: argparse.Namespace) -> int:
    """The noise report: what the first nights brought, and what could be shut out. Changes nothing."""
    from flows.exclusions import toml_lines
    from flows.noise import read_noise

    home = existing_home(arguments)
    school, _ = read_school(home)
    found = read_noise(home, school, clock(arguments))
    end = found.shadow.end
    lines = toml_lines(found.suggestions, school.profile)
    if arguments.json:
        print_json(
            {
                "on": found.shadow.is_on,
                "night": found.shadow.night,
                "of": found.shadow.of,
                "began_at": iso(found.shadow.began_at),
                "until": iso(found.until),
                "ended_by": end.role.value if end else None,
                "reason": end.reason if end else None,
                "sources": [
                    {
                        "name": row.name,
                        "mentions": row.mentions,
                        "certain": row.certain,
                        "possible": row.possible,
                        "labels": {label.value: count for label, count in row.labels},
                        "would_open": row.would_open,
                        "asked": row.asked,
                        "corrected": row.corrected,
                    }
                    for row in found.sources
                ],
                "corrections": [
                    {"was": was.value, "label": label.value, "mentions": count}
                    for was, label, count in found.corrections
                ],
                "unopened": list(found.unopened),
                "suggestions": [
                    {
                        "sort": row.sort,
                        "text": row.text,
                        "noise": row.noise,
                        "certain": row.certain,
                        "removes": row.removes,
                    }
                    for row in found.suggestions
                ],
                "school_toml": list(lines),
            }
        )
        return 0
    _say_shadow(found.shadow.is_on, found.shadow.night, found.shadow.of)
    if end:
        say(f"Ended {iso(end.at)} by: {end.role.value}")
        _say_wrapped(f"Why: {end.reason}")
    say(
        f"{'source':<20} {'mentions':>8} {'certain':>7} {'possible':>8} {'opens':>6} {'asked':>6} {'corrected':>9}"
    )
    for row in found.sources:
        say(
            f"{row.name:<20.20} {row.mentions:>8} {row.certain:>7} {row.possible:>8} {row.would_open:>6} {row.asked:>6} {row.corrected:>9}"
        )
        say("    " + ", ".join(f"{count} {label.value}" for label, count in row.labels))
    for was, label, count in found.corrections:
        say(f"A person made {count} {label.value} that the classifier called {was.value}.")
    if found.unopened:
        say("Calls for an incident, opened by nobody yet. To open one:")
        say("  mentionwatch incident open ID --as ROLE --reason R")
        for id_ in found.unopened:
            say(f"  {id_}")
    if not found.suggestions:
        say("Nothing to shut out is suggested.")
        return 0
    say("Suggested for school.toml; try it first with: mentionwatch replay --school FILE")
    for each in found.suggestions:
        _say_wrapped(
            f"{each.text}: would remove {each.removes} of the noise and no certain mention", indent="  "
        )
    for line in lines:
        _say_toml(line)
    return 0


def shadow_end(arguments: argparse.Namespace) -> int:
    """A person lets the classifier open incidents from now on. Exits 5 for a role that may not."""
    from flows.shadow import end_first_nights
    from flows.signing import refuse_future

    role = parse_role(arguments.role)
    home = existing_home(arguments)
    school, _ = read_school(home)
    now = clock(arguments)
    refuse_future(home, now, datetime.now(UTC))
    was = end_first_nights(home, school, getpass.getuser(), role, arguments.reason, now)
    if getattr(arguments, "json", False):
        print_json({"ended_at": iso(now), "ended_by": role.value, "night": was.night, "of": was.of})
    else:
        _say_wrapped(
            f"Ended in night {was.night} of {was.of}: from the next sweep on incidents are opened by themselves."
        )
        _say_wrapped("What was not opened so far stays in the digest until somebody opens it or corrects it.")
    return 0


def _profile_of(path: str) -> SchoolProfile:
    what_to_name = "Name a copy of school.toml with your changes"
    if Path(path).is_dir():
        raise ConfigError("replay", "--school", f"{path} is a folder", what_to_name)
    return parse_school(read_toml(Path(path), what_to_name)).profile


def _model_of(path: str) -> Classifier:
    """The model of a folder that was named. Raises `ConfigError` for every way in which that one cannot be used."""
    from classifiers.store import load

    if not Path(path).is_dir():
        mend = "Name the folder of a model, as mentionwatch train --out writes it"
        raise ConfigError("replay", "--model", f"{path} is no folder", mend)
    try:
        return load(Path(path))
    except Fatal as error:
        cause, _, mend = str(error).rpartition(". ")
        raise ConfigError("replay", "--model", cause, mend) from None


def replay(arguments: argparse.Namespace) -> int:
    """What a changed model, threshold or profile would have done to the stored mentions. Writes nothing; prints no text."""
    from desk.masking import tidy
    from desk.words import LONDON
    from flows.learning import model_in_use
    from flows.replay import make_rescoper, read_specs, read_thresholds, with_thresholds
    from flows.replay import replay as replay_rows
    from warehouse.connection import Warehouse
    from warehouse.reading import MentionFilter, list_mentions

    # What was asked for is judged before anything is looked at: a slip is answered at once, whatever the home is like.
    read_thresholds(arguments.threshold)
    profile = _profile_of(arguments.school) if arguments.school else None
    named = _model_of(arguments.model) if arguments.model else None
    since = datetime.combine(date.fromisoformat(arguments.since), time(), LONDON) if arguments.since else None
    home = existing_home(arguments)
    school, _ = read_school(home)
    if not (home.folder / "warehouse.duckdb").exists():
        raise ConfigError(str(home.folder), "", "holds no mentions yet", "Run: mentionwatch sweep")
    classifier = with_thresholds(named or model_in_use(str(home.folder)), arguments.threshold)
    specs = read_specs(home, profile) if profile else {}
    with Warehouse(home.folder).live_reader() as reading:
        rows = list_mentions(reading, MentionFilter(since=since))
        rescoper = make_rescoper(reading, profile, specs) if profile else None
    names = (profile or school.profile).called
    done = replay_rows(rows, classifier, rescoper, names, school.sample_every)
    lists = {
        "opening": done.opening,
        "not_opening": done.not_opening,
        "asking": done.asking,
        "not_asking": done.not_asking,
        "changed": done.changed,
    }
    if arguments.json:
        print_json(
            {
                "model": classifier.name,
                "mentions": len(done.rows),
                "sealed": done.sealed,
                "labels": [
                    {"was": was.value, "label": label.value if label else None, "mentions": count}
                    for (was, label), count in sorted(
                        done.table.items(), key=lambda item: (item[0][0], item[0][1] or "")
                    )
                ],
                **{name: list(ids) for name, ids in lists.items()},
            }
        )
        return 0
    # The name comes out of a file that anybody may have handed over.
    _say_wrapped(
        f"{len(done.rows)} mentions judged again by {tidy(classifier.name)}; {done.sealed} sealed ones passed over"
    )
    columns = {label: label.value.rjust(9) for label in Label} | {None: OUT.rjust(14)}
    columns[Label.INAPPROPRIATE] = columns[Label.INAPPROPRIATE].rjust(15)
    say(f"{'was':<14}" + "".join(columns.values()))
    for was in Label:
        say(
            f"{was.value:<14}"
            + "".join(f"{done.table[(was, to)]:>{len(head)}}" for to, head in columns.items())
        )
    say(f"Incidents: {len(done.opening)} more would open, {len(done.not_opening)} would not")
    say(f"To a person: {len(done.asking)} more, {len(done.not_asking)} fewer")
    say(f"Changed in any way: {len(done.changed)}")
    for name, ids in lists.items():
        for id_ in ids:
            say(f"  {name:<12} {id_}")
    return 0
