"""`correct`: a person says what a mention really is, which opens and overwrites nothing; or that it is not about the school."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime

from flows.commands.common import clock, existing_home, print_json, say
from flows.corrections import CorrectionAsked, CorrectionTaken, take_correction
from flows.home import read_school
from flows.not_ours import NotOursAsked, judge_not_ours
from flows.signing import refuse_future
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm, Label, Role, Route


def read_role(command: str, text: str) -> Role:
    """`--as ROLE`. Raises `ConfigError` for no role at all; whether this one may is the command's own business."""
    if text not in tuple(Role):
        people = ", ".join(role.value for role in Role if role is not Role.PIPELINE)
        raise ConfigError(command, "--as", f"{text!r} is no role", f"Write one of: {people}")
    return Role(text)


def _next_step(taken: CorrectionTaken) -> tuple[str, ...]:
    """What the person may want to do now, as a sentence and a command; empty where nothing follows."""
    about, label = taken.about, taken.asked.label
    if about.incident:
        return f"Incident {about.incident} is not touched:", f"mentionwatch incident show {about.incident}"
    if label is Label.INAPPROPRIATE:
        command = f"mentionwatch incident open {about.id} --as {taken.asked.role.value} --reason R"
        return "No incident was opened. To open one:", command
    return ()


def _not_about_us(arguments: argparse.Namespace) -> int:
    """Destroy what is stored of a post that is not about the school, and say which name found it how often."""
    if arguments.harm or arguments.route:
        raise ConfigError(
            "correct", "--not-about-us", "goes with neither --harm nor --route", "Leave those out"
        )
    home = existing_home(arguments)
    school, pack = read_school(home)
    now = clock(arguments)
    refuse_future(home, now, datetime.now(UTC))
    asked = NotOursAsked(arguments.id, read_role("correct", arguments.role), arguments.reason)
    taken = judge_not_ours(home, asked, getpass.getuser(), now, school.profile, pack.version)
    if arguments.json:
        print_json(
            {
                "mention": taken.judged.mention_id,
                "revision": taken.judged.revision,
                "was_scope": taken.judged.was_scope.value,
                "scope": "out",
                "role": taken.judged.role.value,
                "rule": taken.judged.rule.value,
                "name": taken.judged.name or None,
                "too_wide": [
                    {
                        "source": one.source,
                        "rule": one.rule.value,
                        "name": one.name or None,
                        "posts": one.posts,
                    }
                    for one in taken.too_wide
                ],
                "files": list(taken.files),
                "note": taken.note,
            }
        )
        return 0
    say("Taken down as not about the school; its words and evidence are destroyed")
    for name in taken.files:
        say(f"removed {name}: it was made from what is gone")
    for one in taken.too_wide:
        by = f' by the name "{one.name}"' if one.name else ""
        say(f"{one.source}: {one.posts} found{by} ({one.rule.value}) and not about the school, in a year")
    say("Too many? In school.toml, take such a name out, or put the other school under [[school.look_alike]]")
    if taken.note:
        say(taken.note)
    return 0


def correct(arguments: argparse.Namespace) -> int:
    """Take the correction down. Exits 2 for an unknown mention, 5 when it is refused."""
    if arguments.not_about_us:
        return _not_about_us(arguments)
    asked = CorrectionAsked(
        arguments.id,
        Label(arguments.label),
        read_role("correct", arguments.role),
        arguments.reason,
        tuple(Harm(harm) for harm in dict.fromkeys(arguments.harm)),
        Route(arguments.route) if arguments.route else None,
    )
    home = existing_home(arguments)
    _, pack = read_school(home)
    now = clock(arguments)
    refuse_future(home, now, datetime.now(UTC))
    taken = take_correction(home, asked, getpass.getuser(), now, pack.version)
    following = _next_step(taken)
    if arguments.json:
        print_json(
            {
                "number": taken.number,
                "mention": asked.mention_id,
                "revision": taken.revision,
                "was": taken.was.value,
                "label": asked.label.value,
                "harms": [harm.value for harm in asked.harms],
                "route": asked.route.value if asked.route else None,
                "role": asked.role.value,
                "supersedes": taken.supersedes,
                "incident": taken.about.incident,
                "next": " ".join(following) or None,
            }
        )
        return 0
    say(f"Taken down as {asked.label.value}; the classifier had said {taken.was.value}")
    if taken.supersedes:
        say("It replaces an earlier correction, which stays in the record")
    if following:
        sentence, command = following
        say(sentence)
        say(command if len(command) < 80 else command.replace(" --reason", " \\\n  --reason"))
    return 0
