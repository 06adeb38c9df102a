"""The parsers of `evidence`: verify, export, and what people do with evidence."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

PURPOSES = (
    "monitoring", "decision", "check", "site_report", "letter", "meeting", "safeguarding", "police", "court",
    "subject_access", "complaint", "retention", "erasure", "upkeep",
)  # fmt: skip
"""As evidence/custody_entry.py has them; a test compares the two."""


def add_evidence(evidence: argparse.ArgumentParser, instant: Callable[[str], datetime]) -> None:
    """`evidence ACT`: verify, export, checkpoint, keys, rotate-key, view, picture, handover, receive, hold, release."""
    acts = evidence.add_subparsers(dest="act", required=True, metavar="ACT")

    def add(
        name: str, summary: str, count: str | int = 1, *, module: str = "custody"
    ) -> argparse.ArgumentParser:
        act = acts.add_parser(name, help=summary, description=summary)
        act.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)
        act.add_argument("--json", action="store_true")
        if name != "keys":
            act.add_argument("--now", type=instant, default=None, metavar="ISO")
        if count:
            act.add_argument("ids", nargs=count, metavar="ID")
        act.set_defaults(function=f"evidence_{name.replace('-', '_')}", module=module)
        return act

    verify = add("verify", "check hashes, chains, signatures and stamps, offline", "*", module="proof")
    verify.add_argument("--witness", metavar="FILE", help="witness lines that were kept elsewhere")
    verify.add_argument("--public", metavar="FILE", help="the public keys as they were kept elsewhere")
    export = add("export", "one exhibit as a ZIP with its own verifier", module="proof")
    export.add_argument("--as", dest="role", default="operator", metavar="ROLE", help="in which role you act")
    export.add_argument("--purpose", choices=PURPOSES, default="", help="what it is for")
    export.add_argument("--covered", action="store_true", help="identities covered; no page and no raw bytes")
    export.add_argument(
        "--cover",
        action="append",
        default=[],
        metavar="NAME",
        help="a name or handle to cover; again for each",
    )
    export.add_argument(
        "--picture-checked",
        action="store_true",
        help="you looked: a picture handed in shows neither the reporter nor the account it was seen through",
    )
    add("checkpoint", "sign what waits, ask for stamps, tell the witness", 0)
    picture = add("picture", "draw the latest capture from its stored bytes")
    picture.add_argument("--whole", action="store_true", help="the whole page, not only the cited post")
    add("keys", "the public keys that signed the custody log, and which entries each", 0)
    rotate = add("rotate-key", "another signing key: the one in use signs it, and is destroyed", 0)
    rotate.add_argument("--as", dest="role", required=True, metavar="ROLE", help="in which role you act")
    rotate.add_argument("--reason", dest="words", required=True, metavar="R")
    referral = add(
        "referral", "one page for the police about a post under the stop rule: its address, nothing of it"
    )
    referral.add_argument("--as", dest="role", required=True, metavar="ROLE", help="dsl")
    for name, summary in (
        ("view", "what is stored of a mention or incident; the look is recorded"),
        ("handover", "write down that evidence went to somebody"),
        ("receive", "write down that it came back"),
        ("hold", "nobody may delete it until it is released"),
        ("release", "end a hold"),
    ):
        act = add(name, summary)
        act.add_argument("--as", dest="role", required=True, metavar="ROLE", help="in which role you act")
        act.add_argument("--purpose", required=True, choices=PURPOSES)
        if name == "view":
            act.add_argument("--out", metavar="FILE", help="write what a person handed in to this file")
        elif name in ("handover", "receive"):
            act.add_argument(
                "--to" if name == "handover" else "--from", dest="words", required=True, metavar="WHOM"
            )
        else:
            act.add_argument("--reason", dest="words", required=True, metavar="R")
