"""What bars a person from evidence, asked before it is opened: it is sealed, or whoever asks has no part in its incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from flows.home import Home, read_school
from flows.merging import mentions_together
from flows.need_to_know import roles_about
from flows.standing import PEOPLE, read_context, read_standing
from incidents.protocol import list_substitutes
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Label, Role
from warehouse.custody import mentions_of
from warehouse.incident_steps import incident
from warehouse.logged import sealed_among
from warehouse.reading import MentionFilter, list_mentions
from warehouse.session import Reading

_SEALED: Final = (
    "refused: {id} may concern an indecent or intimate image: it is shown, copied and exported by nobody "
    "[duty above every policy: indecent images of children]. The designated safeguarding lead speaks to the police"
)


def find_mentions(reading: Reading, id_: str) -> tuple[str, ...]:
    """The mentions of an id, of a mention or an incident. Raises `ConfigError` for an unknown one."""
    ids = mentions_of(reading, id_)
    if not ids:
        raise ConfigError(
            "evidence",
            "ID",
            f"no evidence is stored under {id_!r}",
            "List the ids with: mentionwatch mentions; or: mentionwatch incident list",
        )
    return ids


def find_evidence(reading: Reading, id_: str) -> tuple[str, ...]:
    """As `find_mentions`, for what is to be shown, copied or drawn. Raises `Refused` when any of it is sealed (B13, T04).

    Sealed is also what the signed log says was sealed, whatever became of the row.
    """
    ids = find_mentions(reading, id_)
    if sealed_among(reading, ids):
        raise Refused(_SEALED.format(id=id_))
    return ids


def refuse_software(role: Role) -> None:
    """Raises `Refused` for a role no person can act in."""
    if role not in PEOPLE:
        raise Refused(
            f"refused: nobody acts as the {role.value} [every look is recorded with a person's role]. "
            f"One of: {', '.join(PEOPLE)}"
        )


def refuse_barred(reading: Reading, home: Home, id_: str, role: Role) -> None:
    """Raises `Refused` when a post of this mention or incident is about that role in any revision, or it was recused (L31).

    As in the protocol, the decider at the end of the order is not barred: somebody has to act. The same rule as the
    desk's (warehouse/need_to_know.py): evidence holds the earlier words too.
    """
    refuse_software(role)
    school, pack = read_school(home)
    context = read_context(home, school, pack, datetime.now(UTC))
    proceedings = _proceedings(reading, id_)
    for which in proceedings:
        standing = read_standing(reading, which, context)
        posts = dict.fromkeys((standing.row.mention_id, *mentions_together(reading, which)))
        about = standing.now.subjects | roles_about(reading, tuple(posts), school.profile)
        now = replace(standing.now, subjects=about)
        if role in about and (role is not now.decider or list_substitutes(now, standing.pack)):
            raise _about(id_, role)
    if not proceedings and role in roles_about(reading, mentions_of(reading, id_), school.profile):
        raise _about(id_, role)


def _about(id_: str, role: Role) -> Refused:
    return Refused(
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
