"""The parser of `account`: the people who may sign in to the desk."""

from __future__ import annotations

import argparse

from mentionwatch.accounts import DeskRole

_ROLES = ", ".join(role.value for role in DeskRole)
_ACTS = (
    ("list", "everybody who has an account, and whether they have joined"),
    ("add", "make an account; prints the link with which its person joins"),
    ("invite", "a new link for somebody who has not joined yet"),
    ("roles", "give an account other roles; its sessions end"),
    ("disable", "let nobody sign in with an account any more"),
    ("reset", "begin an account anew: password and second factor go, a link is printed"),
    ("end-sessions", "sign an account out everywhere"),
)


def add_account(account: argparse.ArgumentParser) -> None:
    """`account list|add|invite|roles|disable|reset|end-sessions`."""
    acts = account.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, summary in _ACTS:
        act = acts.add_parser(name, help=summary, description=summary)
        act.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)
        act.add_argument("--json", action="store_true")
        act.set_defaults(function="account_" + name.replace("-", "_"))
        if name != "list":
            act.add_argument("login", metavar="LOGIN", help="what its person types to sign in")
        if name in ("add", "roles"):
            act.add_argument(
                "--role",
                action="append",
                nargs="+",
                required=True,
                metavar="ROLE",
                help=f"one or more of: {_ROLES}",
            )
        if name == "add":
            act.add_argument("--name", required=True, help="the name the desk shows")
            act.add_argument("--lang", choices=("en", "cy"), default="en")
            act.add_argument("--email", default="", metavar="ADDRESS", help="where the morning e-mail goes")
