"""`reporter show`: who reported a post, for one look that is logged with its purpose (L19, D16)."""

from __future__ import annotations

import argparse
import getpass

from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.home import read_school
from incidents.protocol import parse_role
from warehouse.connection import Warehouse
from warehouse.reporter_looks import Look, open_reporter
from warehouse.reporters import ReporterStore


def reporter_show(arguments: argparse.Namespace) -> int:
    """Print who reported a mention. Exits 5 for a role that may not see it or without a purpose.

    0 also when nobody's name is kept for it; that look is logged too.
    """
    home = existing_home(arguments)
    _, pack = read_school(home)
    look = Look(
        arguments.mention,
        getpass.getuser(),
        parse_role(arguments.role),
        arguments.purpose,
        clock(arguments),
        pack.version,
    )
    with Warehouse(home.folder).writer() as writing:
        found = open_reporter(writing, ReporterStore(home.folder), look)
    # Only now: the look is in the log for good before the name is on the screen.
    if arguments.json:
        reports = [
            {
                "reporter": report.reporter,
                "platform": report.platform,
                "reported_at": iso(report.reported_at),
                "seen_at": iso(report.seen_at),
            }
            for report in found
        ]
        print_json({"mention": look.mention_id, "reports": reports})
        return 0
    for report in found:
        say(_printable(report.reporter or "(no name was given)"))
        if report.platform:
            say(_printable(f"  seen on {report.platform}"))
        say(f"  seen {iso(report.seen_at) or 'at a time not told'}, reported {iso(report.reported_at)}")
    if not found:
        say("Nobody's name is kept for this mention.")
    say("This look is in the log with your role and purpose. The name was promised to go no further.")
    return 0


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
