"""Whether somebody who signs in can decide a thing: they have the role, and may know of it (L31)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from flows.need_to_know import read_sight, seen_of, sight_of
from mentionwatch.accounts import Account, Right, Viewer
from mentionwatch.labels import Role
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from warehouse.need_to_know import Sight
from warehouse.session import Reading


class Deciders:
    """The people who take steps, for the page of one reader who may know of `ids`. To be asked while `reading` is open."""

    def __init__(
        self,
        reading: Reading,
        viewer: Viewer,
        people: Sequence[Account],
        ids: Sequence[str],
        school: SchoolFile,
        pack: PolicyPack,
    ) -> None:
        self._reading, self._viewer, self._ids = reading, viewer, tuple(sorted(ids))
        self._school, self._pack = school, pack
        active = [each for each in people if each.is_active and each.viewer.has(Right.TAKE_STEPS)]
        # Of the same roles one stands for all: what they may know of is the same.
        self._able = tuple({each.roles: each.viewer for each in active}.values())
        self._known: dict[Viewer, frozenset[str]] = {}
        self.held = frozenset(role for each in self._able for role in each.protocol_roles)
        """The roles of the protocol somebody has."""

    def is_shut_out(self, id_: str, decider: Role) -> bool:
        """Has somebody the role that decides it, and may nobody of them know of it?

        So it is when a post is edited to name its decider, when one about them is merged in, or when the same person has the
        next role in the order, too.
        """
        if decider not in self.held or decider in self._viewer.protocol_roles:
            return False
        return not self.may_anybody(id_, decider)

    def may_anybody(self, id_: str, role: Role) -> bool:
        """Is there somebody with this role who may know of it?"""
        return any(id_ in self._seen_by(one) for one in self._able if role in one.protocol_roles)

    @cached_property
    def _sight(self) -> Sight:
        return read_sight(self._reading, self._viewer, self._school, self._pack)

    def _seen_by(self, one: Viewer) -> frozenset[str]:
        if one not in self._known:
            self._known[one] = seen_of(self._reading, sight_of(self._reading, self._sight, one), self._ids)
        return self._known[one]
