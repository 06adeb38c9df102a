"""What one viewer may know of a home (L31): the viewer, the school's order of deciding and the protocol's log, as one value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.home import Home
from flows.merging import past_event
from flows.standing import pack_of_version
from incidents.history import gather
from incidents.permissions import find_subjects, fingerprint, list_later, order_of
from incidents.standing import Track
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.accounts import Viewer
from mentionwatch.errors import ConfigError
from mentionwatch.labels import PASSED_OVER, Role
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile, SchoolProfile
from warehouse.answers import Same
from warehouse.connection import Warehouse
from warehouse.incident_steps import histories_with, incident, incidents_among, packs_in_use
from warehouse.need_to_know import (
    Rank,
    Sight,
    known_among,
    may_know,
    may_see_incident,
    seen_incidents_among,
    settle,
)
from warehouse.session import Reading
from warehouse.subjects import (
    SubjectsFound,
    UnreadPost,
    is_all_read,
    note_all_read,
    replace_subjects,
    store_subjects,
    stored_roles,
    unread_among,
    unread_posts,
)

BATCH = 500
"""Posts read again in one transaction: a page that waits for the database waits for less than a second."""

_GRAVE_EVENTS = tuple(sorted({row.event.value for row in TRANSITIONS if row.track is Track.SAFEGUARDING}))


def read_sight(reading: Reading, viewer: Viewer, school: SchoolFile, pack: PolicyPack) -> Sight:
    """Everything the rule needs to know of this viewer now. Read it anew for each page: the log moves on."""
    profile, acts_as, has_deputy = (
        fingerprint(school.profile),
        frozenset(viewer.protocol_roles),
        school.profile.has_deputy,
    )

    def read() -> Sight:
        recused, one_with = _read_log(reading)
        sight = Sight(
            roles=viewer.roles,
            acts_as=acts_as,
            profile=profile,
            is_all_read=is_all_read(reading, profile),
            order=order_of(pack, has_deputy),
            ranks=tuple(_ranks(reading, pack, has_deputy)),
            recused=recused,
            one_with=one_with,
            grave_events=_GRAVE_EVENTS,
        )
        return settle(reading, sight)

    return reading.remembered(("sight", viewer.roles, acts_as, profile, Same(pack), has_deputy), read)


def sight_of(reading: Reading, sight: Sight, viewer: Viewer) -> Sight:
    """The same home and moment as another sees it."""
    theirs = replace(sight, roles=viewer.roles, acts_as=frozenset(viewer.protocol_roles), settled=None)
    return reading.remembered(("settled", theirs), lambda: settle(reading, theirs))


def may_see(reading: Reading, sight: Sight, id_: str) -> bool:
    """May they know of this incident, or of this concern or good news, taken up or not? False too for what is not there."""
    if incident(reading, id_) is not None:
        return may_see_incident(reading, sight, id_)
    return may_know(reading, sight, id_)


def seen_of(reading: Reading, sight: Sight, ids: Sequence[str]) -> frozenset[str]:
    """Those of these that `may_see` says they may know of, asked at once."""
    there = incidents_among(reading, ids)
    loose = [id_ for id_ in ids if id_ not in there]
    return seen_incidents_among(reading, sight, tuple(there)) | known_among(reading, sight, loose)


def _read_log(reading: Reading) -> tuple[tuple[tuple[str, Role], ...], tuple[tuple[str, str], ...]]:
    """Who stepped back from what, and what is part of what by merging, as the events in force say."""
    told = {
        id_: gather([past_event(event) for event in events])
        for id_, events in histories_with(reading, Event.MERGE.value, PASSED_OVER).items()
    }
    into = {id_: one.facts.get("into") for id_, one in told.items() if one.merged_at is not None}

    def outermost(id_: str) -> str:
        seen = {id_}
        while (further := into.get(id_, "")) and further not in seen:
            seen.add(further)
            id_ = further
        return id_

    recused = tuple((id_, role) for id_, one in told.items() for role in sorted(one.passed_over))
    return recused, tuple((id_, outermost(id_)) for id_ in into)


def _ranks(reading: Reading, present: PolicyPack, has_deputy: bool) -> Iterator[Rank]:
    for version in packs_in_use(reading):
        try:
            pack, _ = pack_of_version(reading, version, present)
        except (ConfigError, json.JSONDecodeError):
            # A kept pack that cannot be read shows nobody more: the present one says who follows whom.
            pack = present
        order = order_of(pack, has_deputy)
        for decider in Role:
            for role in list_later(decider, pack, has_deputy):
                yield Rank(version, decider, role, is_later=True)
            before = order[: order.index(decider)] if decider in order else order
            for role in before:
                yield Rank(version, decider, role, is_later=False)


def read_again(home: Home, profile: SchoolProfile, batch: int = BATCH) -> int:
    """Read every post that was not read under the present surnames for whom it is about; how many there were.

    Until it is read a post is shown to none whom it could be about. A short transaction a batch; a kill costs one.
    """
    warehouse, mark, done = Warehouse(home.folder), fingerprint(profile), 0
    with warehouse.live_reader() as reading:
        if is_all_read(reading, mark):
            return 0
    while True:
        with warehouse.writer() as writing:
            posts = unread_posts(writing, mark, batch)
            whole = [_found(post, profile, mark) for post in posts if _is_readable(post)]
            replace_subjects(writing, whole)
            # Words nobody may open, or that do not open: what was found when they came stays.
            store_subjects(
                writing,
                [
                    SubjectsFound(post.mention_id, post.revision, frozenset(), mark)
                    for post in posts
                    if not _is_readable(post)
                ],
            )
            if len(posts) < batch:
                note_all_read(writing, mark)
                return done + len(posts)
        done += len(posts)


def roles_about(reading: Reading, ids: Sequence[str], profile: SchoolProfile) -> frozenset[Role]:
    """Whom these posts are about in any of their revisions; one nobody has read under the present surnames is read here."""
    mark = fingerprint(profile)
    fresh = [_found(post, profile, mark) for post in unread_among(reading, mark, ids) if _is_readable(post)]
    known = set(ids).difference(one.mention_id for one in fresh)
    return stored_roles(reading, sorted(known)).union(*(one.roles for one in fresh))


def _is_readable(post: UnreadPost) -> bool:
    return bool(post.texts) and not post.is_sealed


def _found(post: UnreadPost, profile: SchoolProfile, mark: str) -> SubjectsFound:
    roles = frozenset[Role]().union(*(find_subjects(text, profile) for text in post.texts))
    return SubjectsFound(post.mention_id, post.revision, roles, mark)
