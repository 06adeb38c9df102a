"""What every act under a person's name must meet: a reason that says something, and a time that is not still to come."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.masking import tidy
from flows.home import Home
from flows.leak_check import refuse_leaks
from incidents.protocol import LEAST_REASON
from mentionwatch.errors import Refused
from mentionwatch.labels import Role
from warehouse.connection import Warehouse
from warehouse.reporters import ReporterStore
from warehouse.shadow import finished_starts

MAY_SIGN = (Role.HEAD, Role.CO_HEAD, Role.DEPUTY, Role.CHAIR, Role.DSL)
"""Who answers for what the software does by itself."""
LEAST_LETTERS = 3
LEAST_WORDS = 2
AHEAD = timedelta(days=1)
"""How far a given time may be ahead of the clocks: another time zone, a machine that is slow."""


def says_why(reason: str) -> bool:
    """Is it more than a key held down? Two words and three different letters at least, in any alphabet."""
    words = [word for word in reason.split() if any(map(str.isalpha, word))]
    letters = {sign for sign in reason.casefold() if sign.isalpha()}
    return len(reason.strip()) >= LEAST_REASON and len(words) >= LEAST_WORDS and len(letters) >= LEAST_LETTERS


def refuse_empty(reason: str, what: str) -> None:
    """Raises `Refused` for a reason that does not say why; `what` is the act that needs one."""
    if not says_why(reason):
        raise Refused(
            f"refused: {what} needs a reason [every step is recorded with actor, role and reason]. Say in a sentence why"
        )


def read_reason(home: Home, reason: str, what: str) -> str:
    """The reason as it is kept, of an act about no post in particular. Raises `Refused`, also for a reporter's name."""
    kept = tidy(reason).strip()
    # Everybody who ever reported.
    refuse_leaks(home, (kept,), tuple(ReporterStore(home.folder).names_by_mention()))
    refuse_empty(kept, what)
    return kept


def refuse_future(home: Home, at: datetime, machine_at: datetime) -> None:
    """Raises `Refused` for a time more than a day ahead of the machine's clock and of the home's latest night.

    The later one of two acts counts: one in 2099 would stand for good. Nights count beside the machine's clock because a
    home may be told its time (`sweep --now`); what follows such a night is not of the future.
    """
    latest = machine_at
    if at > latest + AHEAD and (home.folder / "warehouse.duckdb").exists():
        with Warehouse(home.folder).live_reader() as reading:
            latest = max((latest, *finished_starts(reading, at)))
    if at > latest + AHEAD:
        raise Refused(
            f"refused: --now says {at.isoformat()}, and it is {latest.isoformat(timespec='minutes')} "
            "[nobody signs in advance: the later word counts]. Leave --now out"
        )
