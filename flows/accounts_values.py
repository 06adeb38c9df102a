"""What sign-in answers, as the pages know it: the values stand in `desk/sign_in_port.py`, since desk may not import flows."""

from __future__ import annotations

from desk.sign_in_port import (
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
    "Away", "Declined", "Done", "Invited", "NotDone", "Offer", "OpenSession", "OwnAccount", "Person", "Proved", "Session", "SignedIn",
    "WhyDeclined", "WhyNot",
]  # fmt: skip
