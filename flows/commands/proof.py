"""`evidence verify`, `evidence export`, `recheck`: is it as it was, can others check it, is the post still there?"""

from __future__ import annotations

import argparse
import getpass

from flows.commands.common import clock, existing_home, iso, print_json, say
from mentionwatch.errors import ConfigError
from mentionwatch.settings import read_environment
from warehouse.connection import Warehouse


def evidence_verify(arguments: argparse.Namespace) -> int:
    """Check stored evidence and both logs, offline. 0 all as it was, 1 something is not."""
    from warehouse.custody import mentions_of
    from warehouse.verify import verify_evidence

    home = existing_home(arguments)
    with Warehouse(home.folder).live_reader() as reading:
        for id_ in arguments.ids:
            if not mentions_of(reading, id_):
                raise ConfigError(
                    "evidence verify",
                    "ID",
                    f"no evidence is stored under {id_!r}",
                    "List the ids with: mentionwatch mentions; or: mentionwatch incident list",
                )
        done = verify_evidence(reading, arguments.ids)
    if arguments.json:
        print_json(
            {
                "ok": not done.findings,
                "revisions": done.revisions,
                "objects": done.objects,
                "findings": [
                    {"object_kind": found.object_kind, "object_id": found.object_id, "cause": found.cause}
                    for found in done.findings
                ],
            }
        )
        return 1 if done.findings else 0
    for found in done.findings:
        say(f"WRONG  {found.object_kind} {found.object_id}:")
        say(f"       {found.cause}")
    say(f"{done.revisions} captures and {done.objects} stored objects checked, with both logs.")
    say(
        "All of it is as it was stored."
        if not done.findings
        else f"{len(done.findings)} findings. Keep this file as it is and tell the data protection officer."
    )
    return 1 if done.findings else 0


def evidence_export(arguments: argparse.Namespace) -> int:
    """One exhibit as a ZIP under exhibits/."""
    from flows.exhibits import export_exhibit
    from flows.home import read_school

    home = existing_home(arguments)
    school, _ = read_school(home)
    made = export_exhibit(home, school, arguments.ids[0], clock(arguments), getpass.getuser())
    if arguments.json:
        print_json({"path": str(made.path), "sha256": made.sha256, "captures": made.captures})
        return 0
    say(f"Exhibit: {made.path}")
    say(f"SHA-256: {made.sha256}")
    captures = "1 capture" if made.captures == 1 else f"{made.captures} captures"
    say(f"{captures}. Whoever receives it can check it alone: python3 verify.py")
    say("Read it before it leaves: the page may name people.")
    return 0


def recheck(arguments: argparse.Namespace) -> int:
    """Look again at the posts of open incidents and enter what was seen; nothing is decided."""
    from flows.home import read_home
    from flows.rechecking import recheck_posts

    home = existing_home(arguments)
    looked = recheck_posts(read_home(home, read_environment()), clock(arguments))
    for item in looked:
        if arguments.json:
            print_json(
                {
                    "incident": item.incident,
                    "mention": item.mention,
                    "state": item.state.value,
                    "basis": item.basis,
                    "http_status": item.http_status,
                    "checked_at": iso(item.checked_at),
                    "deadline_at": iso(item.deadline_at),
                }
            )
        else:
            limit = f", time limit {iso(item.deadline_at)}" if item.deadline_at else ""
            say(f"{item.incident}  {item.state.value}{limit}")
            say(f"    {item.basis}")
    if not arguments.json:
        posts = "1 post" if len(looked) == 1 else f"{len(looked)} posts"
        say(f"{posts} looked at. What was seen is in each incident's log; a person decides.")
    return 0
