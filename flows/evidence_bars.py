"""Who has no part in an incident has none in its evidence either: the protocol's bar, held before evidence is opened."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.home import Home, read_school
from flows.standing import PEOPLE, read_context, read_standing
from incidents.protocol import list_substitutes
from mentionwatch.errors import Refused
from mentionwatch.labels import Label, Role
from warehouse.custody import mentions_of
from warehouse.incident_steps import incident
from warehouse.reading import MentionFilter, list_mentions
from warehouse.session import Reading


def refuse_software(role: Role) -> None:
    """Raises `Refused` for a role no person can act in."""
    if role not in PEOPLE:
        raise Refused(
            f"refused: nobody acts as the {role.value} [every look is recorded with a person's role]. "
            f"One of: {', '.join(PEOPLE)}"
        )


def refuse_barred(reading: Reading, home: Home, id_: str, role: Role) -> None:
    """Raises `Refused` when the post of this mention, or a post of this incident, is about that role, or it was recused (L31).

    As in the protocol, the decider at the end of the order is not barred: somebody has to act.
    """
    refuse_software(role)
    school, pack = read_school(home)
    context = read_context(home, school, pack, datetime.now(UTC))
    for which in _proceedings(reading, id_):
        standing = read_standing(reading, which, context)
        now = standing.now
        if role in now.subjects and (role is not now.decider or list_substitutes(now, standing.pack)):
            raise Refused(
                f"refused: {id_} is about the {role.value}, who does not deal with its evidence "
                "[whom a post is about, decides nothing on it]. Another role does it"
            )


def _proceedings(reading: Reading, id_: str) -> tuple[str, ...]:
    """The incidents, and the concerns nobody has taken up yet, that this id leads to."""
    found = dict.fromkeys([id_] if incident(reading, id_) else [])
    ids = mentions_of(reading, id_)
    for row in list_mentions(reading, MentionFilter(ids=ids)) if ids else ():
        if row.incident:
            found[row.incident] = None
        elif incident(reading, row.id) or (row.label is Label.CONCERN and not row.is_sealed):
            found[row.id] = None
    return tuple(found)
