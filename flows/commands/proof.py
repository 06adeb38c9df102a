"""`evidence verify`, `evidence export`, `recheck`: is it as it was, can others check it, is the post still there?"""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime
from pathlib import Path

from flows.commands.common import clock, existing_home, iso, print_json, say
from mentionwatch.errors import ConfigError
from mentionwatch.settings import read_environment
from warehouse.connection import Warehouse


def evidence_verify(arguments: argparse.Namespace) -> int:
    """Check evidence, both logs, signatures, checkpoints and stamps, offline. 0 all as it was, 1 something is not."""
    from flows.custody_public import read_kept
    from flows.evidence_bars import find_mentions
    from flows.home import read_school
    from flows.signing import refuse_future
    from flows.verifying import log_verified, verify_all
    from mentionwatch.labels import Role

    home = existing_home(arguments)
    school, _ = read_school(home)
    refuse_future(home, clock(arguments), datetime.now(UTC))
    with Warehouse(home.folder).live_reader() as reading:
        for id_ in arguments.ids:
            find_mentions(reading, id_)
    witnessed = read_kept(Path(arguments.witness)) if arguments.witness else ""
    if arguments.witness and not witnessed.strip():
        raise ConfigError(arguments.witness, "", "is empty", "Name the file the witness lines are kept in")
    public = Path(arguments.public) if arguments.public else None
    done = verify_all(home, school, arguments.ids, witnessed, public)
    log_verified(home, done, arguments.ids, clock(arguments), getpass.getuser(), Role.OPERATOR)
    if arguments.json:
        print_json(
            {
                "ok": not done.findings,
                "revisions": done.revisions,
                "objects": done.objects,
                "entries": done.entries,
                "checkpoints": done.checkpoints,
                "stamps": done.stamps,
                "open": list(done.open),
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
    say(f"{done.entries} custody entries, {done.checkpoints} checkpoints, {done.stamps} time stamps checked.")
    for line in done.open:
        say(f"open:  {line}")
    say(
        "All of it is as it was stored."
        if not done.findings
        else f"{len(done.findings)} findings. Keep this file as it is and tell the data protection officer."
    )
    return 1 if done.findings else 0


def evidence_export(arguments: argparse.Namespace) -> int:
    """One exhibit as a ZIP under exhibits/: whole, or with identities covered."""
    from flows.commands.custody import read_role
    from flows.exhibits import Asked, export_exhibit
    from flows.home import read_school

    home = existing_home(arguments)
    school, _ = read_school(home)
    names = tuple(arguments.cover) if arguments.covered or arguments.cover else None
    asked = Asked(
        read_role(arguments.role),
        getpass.getuser(),
        clock(arguments),
        arguments.purpose,
        names,
        arguments.picture_checked,
    )
    made = export_exhibit(home, school, arguments.ids[0], asked)
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
    """Look again at the posts of open incidents whose look is due, and enter what was seen; nothing is decided."""
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
                    "state": item.seen.state.value,
                    "basis": item.seen.basis,
                    "http_status": item.seen.http_status,
                    "checked_at": iso(item.checked_at),
                    "deadline_at": iso(item.deadline_at),
                    "look": item.reason.value,
                    "may_confirm_removal": item.compliance.may_confirm,
                }
            )
        else:
            limit = f", time limit {iso(item.deadline_at)}" if item.deadline_at else ""
            say(f"{item.incident}  {item.seen.state.value}{limit}")
            say(f"    {item.seen.basis}")
            say(f"    {item.compliance.says('en')}")
    if not arguments.json:
        posts = "1 post" if len(looked) == 1 else f"{len(looked)} posts"
        say(f"{posts} looked at. What was seen is in each incident's log; a person decides.")
    return 0
