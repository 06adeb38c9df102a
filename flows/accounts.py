"""The gate of the desk: everything its pages ask about who signs in, who is signed in and who may (ADR 0028).

Answers are values of `flows/accounts_values.py`. Every method takes the time it happens at; none waits for the warehouse.
"""

from __future__ import annotations

from flows.accounts_directory import Directory, DirectorySigning
from flows.accounts_own import OwnAccounts
from flows.accounts_people import COMMAND_LINE, People
from flows.accounts_values import (
    Away,
    Declined,
    Done,
    Invited,
    NotDone,
    Offer,
    OpenSession,
    OwnAccount,
    Person,
    Proved,
    Session,
    SignedIn,
    WhyDeclined,
    WhyNot,
)

__all__ = [
    "COMMAND_LINE", "Away", "Declined", "Directory", "Done", "Gate", "Invited", "NotDone", "Offer", "OpenSession", "OwnAccount", "Person", "Proved", "Session",
    "SignedIn", "WhyDeclined", "WhyNot",
]  # fmt: skip


class Gate(OwnAccounts, DirectorySigning, People):
    """Signing in, one's own account, and everybody's for an administrator: one object, safe from any thread."""
