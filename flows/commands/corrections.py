"""`correct`: a person says what a mention really is. Opens nothing, overwrites nothing."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime

from flows.commands.common import clock, existing_home, print_json, say
from flows.corrections import CorrectionAsked, CorrectionTaken, take_correction
from flows.home import read_school
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


def correct(arguments: argparse.Namespace) -> int:
    """Take the correction down. Exits 2 for an unknown mention, 5 when it is refused."""
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
