"""Who is asked to read a covered post first, for whom (issue 6, 4): those who offered to, may know of it (L31), and are not
whom it is about.

Somebody asks by a button, which is stored, or by the wish on their own page. A wish is stored with the account alone and
worked out here when a page asks: it holds from the moment an incident is opened, whichever door it came by, until its
person has opened the words or somebody has decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.digest import WAITING, IncidentLine, MentionLine
from desk.start import FirstState
from desk.summary import FirstReading, ToRead, is_covered
from flows.digest import mention_line
from flows.home import Home
from flows.need_to_know import read_sight, sight_of
from flows.recipients import read_accounts
from mentionwatch.accounts import Account, DeskRole, Right, Viewer
from mentionwatch.labels import SETTLED
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from warehouse.need_to_know import Sight, seen_mentions
from warehouse.reading import MentionFilter, list_mentions
from warehouse.session import Reading
from warehouse.summaries import summed_at
from warehouse.summary_asks import (
    known_among,
    list_asks,
    opened_among,
    posts_of_incidents,
    unsummed_posts,
)


@dataclass(frozen=True, slots=True)
class _Ask:
    """One person's, of one post: by the button, or by their wish."""

    mention_id: str
    account_id: str
    asked_at: datetime
    is_wish: bool


def _read_people(home: Home) -> tuple[Account, ...]:
    """Whoever may open words at all."""
    return tuple(each for each in read_accounts(home) if each.is_active and each.viewer.has(Right.OPEN_WORDS))


def _known(
    reading: Reading, sight: Sight, viewer: Viewer, ids: Sequence[str], *, also_of_self: bool = False
) -> frozenset[str]:
    """Which of these posts they may know of; not those about themselves, which the last decider may know of too."""
    mine = viewer.protocol_roles
    theirs = seen_mentions(sight_of(reading, sight, viewer))
    return known_among(reading, theirs, ids, () if also_of_self else mine)


def _find_asks(
    reading: Reading, sight: Sight, people: Iterable[Account], id_: str | None = None
) -> tuple[_Ask, ...]:
    """Every ask that stands, oldest first; of that post alone, if one is given.

    None of a post that is summed up, or sealed, or whose incident is over, and none of somebody who may not know of it any
    more: nobody reads abuse that nobody needs.
    """
    only = None if id_ is None else [id_]
    there = {each.id: each for each in people}
    stored = [one for one in list_asks(reading, only) if one.account_id in there]
    waiting = posts_of_incidents(reading, WAITING, only)
    open_ = {
        post.id
        for post in unsummed_posts(reading, tuple({one.mention_id for one in stored} | set(waiting)))
        if post.state not in SETTLED
    }
    found = list[_Ask]()
    for each in there.values():
        theirs = {
            one.mention_id: one.asked_at
            for one in stored
            if one.account_id == each.id and one.mention_id in open_
        }
        # Whoever may not know of it any more needs nobody to read it.
        still = (
            _known(reading, sight, each.viewer, tuple(theirs), also_of_self=True) if theirs else frozenset()
        )
        found += [_Ask(one, each.id, theirs[one], is_wish=False) for one in still]
        if each.reader_wanted_since is None:
            continue
        ids = sorted(open_ & set(waiting))
        unopened = set(ids) - opened_among(reading, each.id, ids)
        known = _known(reading, sight, each.viewer, sorted(unopened), also_of_self=True)
        found += [
            _Ask(one, each.id, max(waiting[one], each.reader_wanted_since), is_wish=True) for one in known
        ]
    return tuple(sorted(found, key=lambda ask: (ask.asked_at, ask.mention_id, ask.is_wish)))


def find_asked(
    home: Home, reading: Reading, school: SchoolFile, pack: PolicyPack, viewer: Viewer
) -> tuple[ToRead, ...]:
    """What others ask this person to read first, longest waiting first; nothing of somebody who has not offered to."""
    people = _read_people(home)
    if not any(each.id == viewer.account_id and each.reads_first for each in people):
        return ()
    sight = read_sight(reading, viewer, school, pack)
    since: dict[str, datetime] = {}
    for ask in _find_asks(reading, sight, people):
        if ask.account_id != viewer.account_id:
            since.setdefault(ask.mention_id, ask.asked_at)
    known = _known(reading, sight, viewer, tuple(since)) & _still_covered(reading, tuple(since))
    return tuple(ToRead(id_, at) for id_, at in since.items() if id_ in known)


def read_first(reading: Reading, viewer: Viewer, rows: Iterable[IncidentLine]) -> Mapping[str, FirstState]:
    """How it stands with the posts of these incidents, by incident: what this person asks by the button, and what is summed up."""
    about = {row.mention.id: row for row in rows if row.mention is not None and not row.mention.is_withheld}
    if not about:
        return {}
    ids = tuple(sorted(about))
    asks, sums = reading.remembered(
        ("read first", ids), lambda: (list_asks(reading, ids), tuple(summed_at(reading, ids).items()))
    )
    asked = {one.mention_id: one.asked_at for one in asks if one.account_id == viewer.account_id}
    summed = {
        id_: at
        for (id_, revision), at in sums
        if (line := about[id_].mention) is not None and line.revision == revision
    }
    return {
        about[id_].id: FirstState(asked.get(id_), summed.get(id_))
        for id_ in ids
        if id_ in asked or id_ in summed
    }


def _still_covered(reading: Reading, ids: tuple[str, ...]) -> frozenset[str]:
    """What a person has meanwhile called harmless is open on its page: nobody is asked for it any more."""
    rows = list_mentions(reading, MentionFilter(ids=ids)) if ids else ()
    return frozenset(row.id for row in rows if is_covered(mention_line(row, {})))


def read_first_reading(
    home: Home, reading: Reading, sight: Sight, viewer: Viewer, mention: MentionLine
) -> FirstReading | None:
    """How it stands with one post this viewer may know of; None where nobody asks: summed up, sealed, over, not covered."""
    id_ = mention.id
    posts = unsummed_posts(reading, (id_,)) if is_covered(mention) else ()
    if not posts or posts[0].state in SETTLED:
        return None
    people = _read_people(home)
    asks = _find_asks(reading, sight, people, id_)
    if not asks:
        # Who could read it is asked for only once somebody is to: every page of a covered post would wait for that.
        return FirstReading(None, may_ask=True)
    others = [each for each in people if each.id != viewer.account_id]
    offered = _who_may_read(reading, sight, id_, [each for each in others if each.reads_first])
    has_reader = any({ask.account_id for ask in asks} - {each.id} for each in offered)
    mine = [ask for ask in asks if ask.account_id == viewer.account_id]
    is_asked = (
        len(mine) < len(asks)
        and any(each.id == viewer.account_id and each.reads_first for each in people)
        and bool(_known(reading, sight, viewer, (id_,)))
    )
    is_settled = has_reader or is_asked
    return FirstReading(
        asked_at=asks[0].asked_at,
        is_mine=bool(mine),
        is_wish=bool(mine) and all(ask.is_wish for ask in mine),
        is_asked=is_asked,
        has_reader=has_reader,
        turn_to=() if is_settled else _roles_of(_who_may_read(reading, sight, id_, others)),
        may_ask=not mine and not is_settled,
    )


def _who_may_read(reading: Reading, sight: Sight, id_: str, people: Sequence[Account]) -> tuple[Account, ...]:
    """Those who may know of it and are not whom it is about: asked once for all of the same roles."""
    able = {
        roles
        for roles in {each.roles for each in people}
        if _known(reading, sight, Viewer("", "", roles, "en"), (id_,))
    }
    return tuple(each for each in people if each.roles in able)


def _roles_of(people: Iterable[Account]) -> tuple[DeskRole, ...]:
    held = frozenset[DeskRole]().union(*(each.roles for each in people))
    return tuple(
        role
        for role in DeskRole
        if role in held and Viewer("", "", frozenset({role}), "").has(Right.OPEN_WORDS)
    )
