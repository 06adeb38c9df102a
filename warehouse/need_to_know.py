"""Who may know of which incident and mention, as conditions of SQL: one rule for lists, counts, charts and single pages (L31).

A person is barred from what is about one of their roles, from what that role was recused from, and from what nobody
has read for that yet. As in the protocol the decider at the end of the order is not barred: somebody has to act.
Beside that some roles see a part only: an office or a reviewer need not know what went to the police.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mentionwatch.accounts import DeskRole
from mentionwatch.labels import IncidentState, Label, Role
from warehouse.clause import EVERYTHING, NOTHING, Clause
from warehouse.grave_posts import GRAVE_VALUES, find_grave_posts, grave_posts
from warehouse.incident_steps import INCIDENT
from warehouse.reading import seen_among
from warehouse.session import Reading
from warehouse.subjects import UNREAD

CAN_BE_SUBJECTS = (Role.HEAD, Role.CO_HEAD, Role.DEPUTY, Role.SLT, Role.CHAIR)
"""Roles a post's words can speak of."""

_WHOLE = frozenset({DeskRole.HEAD, DeskRole.CO_HEAD, DeskRole.DEPUTY, DeskRole.DSL})
_PART = {DeskRole.SLT: Role.SLT, DeskRole.OFFICE: Role.OPERATOR}
"""Roles that see no grave incident, unless they decide it."""
_READERS = frozenset({DeskRole.SLT, DeskRole.OFFICE, DeskRole.REVIEWER})
"""Roles that see what is in no incident, as long as it is not grave."""
GRAVE_STATES = (IncidentState.STOP_IMAGE.value, IncidentState.POLICE_HOLD.value)


@dataclass(frozen=True, slots=True)
class Rank:
    """That `role` comes before or after a decider in the order of one version of the policy."""

    pack: str
    decider: Role
    role: Role
    is_later: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What the rule comes to in the tables as they are, for one viewer: the ids its conditions would ask for again and again.

    `barred` and `grave` are incidents, and concerns and good news taken up; `grave_posts` mentions in no incident;
    `shown` incidents their roles show them, `taken_up` all mentions whose concern or good news was taken up, `decided`
    those of them that are theirs to decide; `hidden` those that they must not know of. Nothing of it is said of any
    other roles than these. What may be known of a post thus hangs on these ids and on the post, and not on where an
    incident stands: most steps of it change none of them, and what was asked of two thousand posts still holds.
    """

    roles: frozenset[DeskRole]
    acts_as: frozenset[Role]
    barred: tuple[str, ...] = ()
    grave: tuple[str, ...] = ()
    grave_posts: tuple[str, ...] = ()
    shown: tuple[str, ...] | None = None
    taken_up: tuple[str, ...] | None = None
    decided: tuple[str, ...] | None = None
    hidden: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """One viewer, and what of the school's protocol the rule needs beside the tables.

    `acts_as` are their roles in the protocol; `profile` the fingerprint posts must have been read under, `is_all_read`
    whether all were; `order` who decides today, first to last; `recused` incident and role; `one_with` an incident and
    the one it is part of now, by merging; `grave_events` steps after which an incident is for those who decide alone.
    `settled`: see `settle`; without it each condition works everything out by itself.
    """

    roles: frozenset[DeskRole]
    acts_as: frozenset[Role]
    profile: str
    is_all_read: bool
    order: tuple[Role, ...]
    ranks: tuple[Rank, ...] = ()
    recused: tuple[tuple[str, Role], ...] = ()
    one_with: tuple[tuple[str, str], ...] = ()
    grave_events: tuple[str, ...] = ()
    settled: Settled | None = None

    @property
    def found(self) -> Settled | None:
        """What was settled for this very viewer; never what was settled for another, whoever put it here."""
        of = self.settled
        return of if of is not None and (of.roles, of.acts_as) == (self.roles, self.acts_as) else None


def _texts(values: object) -> list[str]:
    return [str(value) for value in values]  # type: ignore[attr-defined]


def _ids(found: tuple[str, ...]) -> Clause:
    """A query for ids that are known already."""
    return Clause("SELECT unnest(?::VARCHAR[])", (list(found),))


def _groups(sight: Sight) -> Clause:
    """Every incident with the outermost one it is part of."""
    return Clause(
        "SELECT i.id, i.mention_id, coalesce(o.outermost, i.id) AS outermost FROM incidents AS i "
        "LEFT JOIN (SELECT unnest(?::VARCHAR[]) AS id, unnest(?::VARCHAR[]) AS outermost) AS o USING (id)",
        ([id_ for id_, _ in sight.one_with], [outer for _, outer in sight.one_with]),
    )


_POSTS = (
    # Said apart: row groups without any incident are not read.
    "SELECT g.outermost, m.id AS mention_id FROM grp AS g JOIN mentions AS m ON m.incident_id = g.id AND m.incident_id IS NOT NULL "
    "UNION ALL SELECT g.outermost, g.mention_id FROM grp AS g "
    # Another mention of the same address, which an earlier or later incident is about: a report of what a source brought.
    "UNION ALL SELECT s.outermost, s.mention_id FROM same AS s "
    "UNION ALL SELECT s.outermost, m.id FROM same AS s JOIN mentions AS m ON m.incident_id = s.id AND m.incident_id IS NOT NULL"
)
_SAME = (
    "SELECT g.outermost, j.id, j.mention_id FROM grp AS g JOIN incidents AS i ON i.id = g.id "
    "JOIN incidents AS j ON j.canonical_url = i.canonical_url AND j.id <> i.id WHERE i.canonical_url <> ''"
)
_TOLD = (
    "SELECT g.id, s.role FROM grp AS g JOIN posts AS p USING (outermost) JOIN subjects AS s ON s.mention_id = p.mention_id "
    # Who stepped back from it is out of whatever it is one with, and of what is opened for the same post later.
    "UNION SELECT g.id, b.role FROM recused AS b JOIN grp AS own ON own.id = b.id JOIN posts AS p ON p.outermost = own.outermost "
    "JOIN posts AS q ON q.mention_id = p.mention_id JOIN grp AS g ON g.outermost = q.outermost "
    # Its posts are deleted: who came before its decider was passed over, or had it taken out of their hands.
    "UNION SELECT i.id, k.role FROM incidents AS i JOIN ranks AS k ON k.pack = i.pack AND k.decider = i.decider "
    "WHERE i.canonical_url IS NULL AND NOT k.is_later"
)
_LAST = (
    "SELECT i.id FROM incidents AS i WHERE i.decider IN (SELECT unnest(?::VARCHAR[])) "
    "EXCEPT SELECT i.id FROM incidents AS i JOIN ranks AS k ON k.pack = i.pack AND k.decider = i.decider AND k.is_later "
    "LEFT JOIN told AS t ON t.id = i.id AND t.role = k.role WHERE t.id IS NULL"
)


def _unread(sight: Sight) -> Clause | None:
    """Posts that count as being about everybody; None: there are none, or it is nothing to this viewer."""
    if sight.is_all_read or not sight.acts_as & frozenset(CAN_BE_SUBJECTS):
        return None
    return Clause(UNREAD, (sight.profile,))


def _barred_incidents(sight: Sight) -> Clause:
    """A query for the ids of incidents, and of concerns and good news taken up, that this viewer must not know of."""
    if sight.found is not None:
        return _ids(sight.found.barred)
    mine = _texts(sorted(sight.acts_as))
    groups = _groups(sight)
    ranks = (
        "SELECT unnest(?::VARCHAR[]) AS pack, unnest(?::VARCHAR[]) AS decider, unnest(?::VARCHAR[]) AS role, "
        "unnest(?::BOOLEAN[]) AS is_later"
    )
    recused = "SELECT unnest(?::VARCHAR[]) AS id, unnest(?::VARCHAR[]) AS role"
    sql = (
        f"WITH grp AS ({groups.sql}), same AS ({_SAME}), posts AS ({_POSTS}), ranks AS ({ranks}), recused AS ({recused}), told AS ({_TOLD}), last AS ({_LAST}) "  # noqa: S608 -- our own conditions
        "SELECT t.id FROM told AS t WHERE t.role IN (SELECT unnest(?::VARCHAR[])) AND t.id NOT IN (SELECT id FROM last)"
    )
    values: tuple[object, ...] = (
        *groups.values,
        [rank.pack for rank in sight.ranks],
        [rank.decider.value for rank in sight.ranks],
        [rank.role.value for rank in sight.ranks],
        [rank.is_later for rank in sight.ranks],
        [id_ for id_, _ in sight.recused],
        [role.value for _, role in sight.recused],
        mine,
        mine,
    )
    if (unread := _unread(sight)) is not None:
        sql += f" UNION SELECT g.id FROM grp AS g JOIN posts AS p USING (outermost) WHERE p.mention_id IN ({unread.sql})"  # noqa: S608 -- our own conditions
        values = (*values, *unread.values)
    return Clause(sql, values)


def _grave_incidents(sight: Sight) -> Clause:
    """A query for incidents that were a matter for the police, for safeguarding or of an image at any time, merged ones included."""
    if sight.found is not None:
        return _ids(sight.found.grave)
    groups = _groups(sight)
    return Clause(
        f"WITH grp AS ({groups.sql}), grave AS ("  # noqa: S608 -- our own conditions
        "SELECT id FROM incidents WHERE route IN (SELECT unnest(?::VARCHAR[])) OR state IN (SELECT unnest(?::VARCHAR[])) "
        "UNION SELECT incident_id FROM incident_events WHERE to_state IN (SELECT unnest(?::VARCHAR[])) "
        "OR event IN (SELECT unnest(?::VARCHAR[])) "
        "UNION SELECT incident_id FROM mentions WHERE is_sealed AND incident_id IS NOT NULL) "
        "SELECT w.id FROM grp AS w JOIN grp AS g USING (outermost) WHERE g.id IN (SELECT id FROM grave)",
        (
            *groups.values,
            list(GRAVE_VALUES),
            list(GRAVE_STATES),
            list(GRAVE_STATES),
            list(sight.grave_events),
        ),
    )


def _deciding(sight: Sight) -> list[str]:
    """Roles of the protocol whose matters this viewer is shown because they decide them."""
    mine = [role.value for desk_role, role in _PART.items() if desk_role in sight.roles]
    return [*mine, Role.CHAIR.value] if DeskRole.CHAIR in sight.roles else mine


def _granted_incidents(sight: Sight) -> Clause:
    """Which incidents the viewer's roles show them at all, as a condition on `i`."""
    if sight.roles & _WHOLE:
        return EVERYTHING
    found = NOTHING
    if deciding := _deciding(sight):
        found = Clause("i.decider IN (SELECT unnest(?::VARCHAR[]))", (deciding,))
    if sight.roles & frozenset(_PART):
        grave = _grave_incidents(sight)
        found = found | Clause(f"i.id NOT IN ({grave.sql})", grave.values)
    return found


def _shown_incidents(sight: Sight) -> Clause:
    """A query for the ids of what `_granted_incidents` shows."""
    if sight.found is not None and sight.found.shown is not None:
        return _ids(sight.found.shown)
    granted = _granted_incidents(sight)
    return Clause(f"SELECT i.id FROM incidents AS i WHERE {granted.sql}", granted.values)  # noqa: S608 -- our own conditions


def _follow_ups(sight: Sight) -> Clause:
    """A query for the mentions whose concern or good news was taken up: it bears their id."""
    if sight.found is not None and sight.found.taken_up is not None:
        return _ids(sight.found.taken_up)
    return Clause("SELECT id FROM incidents WHERE track <> ?", (INCIDENT,))


def _decided_follow_ups(sight: Sight) -> Clause:
    """Those of them that are this viewer's to decide."""
    if sight.found is not None and sight.found.decided is not None:
        return _ids(sight.found.decided)
    return Clause(
        "SELECT id FROM incidents WHERE track <> ? AND decider IN (SELECT unnest(?::VARCHAR[]))",
        (INCIDENT, _deciding(sight)),
    )


_SAID = "SELECT mention_id, revision, arg_max(label, id) AS label, arg_max_null(route, id) AS route FROM decisions GROUP BY ALL"
"""What a person said last of each revision. A route nobody spoke of stays the classifier's."""


def _worded(column: str, wanted: Sequence[str]) -> Clause:
    """That a post in no incident is judged so, as it is worded now: by a person who said so, else by the classifier. A condition on `m`.

    The few that are judged so are found by that one column; joined to every mention they took seconds at five million.
    """
    these = f"{column} IN ({', '.join('?' for _ in wanted)})"
    return Clause(
        "m.incident_id IS NULL AND (m.id, m.revision) IN ("  # noqa: S608 -- our own conditions
        f"SELECT mention_id, revision FROM ({_SAID}) WHERE {these} "
        f"UNION ALL SELECT mention_id, revision FROM classifications ANTI JOIN (SELECT mention_id, revision FROM ({_SAID}) "
        f"WHERE {column} IS NOT NULL) AS said USING (mention_id, revision) WHERE {these})",
        (*wanted, *wanted),
    )


def _grave_posts(sight: Sight) -> Clause:
    """A query for mentions in no incident whose words as they are now are a matter for the police or for safeguarding."""
    if sight.found is not None:
        return _ids(sight.found.grave_posts)
    return find_grave_posts()


def _of_all(roles: tuple[Role, ...]) -> Clause:
    """A query for posts that are about each of these roles."""
    names = _texts(dict.fromkeys(roles))
    return Clause(
        "SELECT mention_id FROM subjects WHERE role IN (SELECT unnest(?::VARCHAR[])) GROUP BY mention_id HAVING count(*) = ?",
        (names, len(names)),
    )


def _with_chair(sight: Sight) -> Clause:
    """Concerns nobody has taken up that come to the chair of governors: a condition on `m`."""
    order = sight.order
    before = order[: order.index(Role.CHAIR)] if Role.CHAIR in order else order
    concern = _worded("label", (Label.CONCERN.value,))
    if not before:
        return concern
    found = _of_all(before)
    return concern & Clause(f"m.id IN ({found.sql})", found.values)


def _granted_mentions(sight: Sight) -> Clause:
    """Which mentions the viewer's roles show them at all, as a condition on `m`."""
    if sight.roles & _WHOLE:
        return EVERYTHING
    found = NOTHING
    if _granted_incidents(sight) != NOTHING:
        shown = _shown_incidents(sight)
        found = Clause(f"m.incident_id IN ({shown.sql})", shown.values)
    if DeskRole.CHAIR in sight.roles:
        found = found | (Clause("m.incident_id IS NULL") & _with_chair(sight))
    if _deciding(sight):
        decided = _decided_follow_ups(sight)
        found = found | Clause(f"m.incident_id IS NULL AND m.id IN ({decided.sql})", decided.values)
    if sight.roles & _READERS:
        grave = _grave_posts(sight)
        found = found | Clause(
            f"m.incident_id IS NULL AND NOT m.is_sealed AND m.id NOT IN ({grave.sql})", grave.values
        )
    return found


def _barred_mentions(sight: Sight) -> Clause:
    """The mentions this viewer must not know of: a condition on `m`.

    Asked of each row, never made as a list of all: a school has few incidents and posts about somebody, and many mentions.
    """
    barred, mine = _barred_incidents(sight), _texts(sorted(sight.acts_as))
    about = Clause(
        "m.id IN (SELECT s.mention_id FROM subjects AS s WHERE s.role IN (SELECT unnest(?::VARCHAR[])))",
        (mine,),
    )
    if Role.CHAIR in sight.acts_as and sight.order:
        # A concern about everybody in the order comes to the chair all the same.
        whole = _of_all((*sight.order, Role.CHAIR) if Role.CHAIR in sight.order else sight.order)
        concern = _worded("label", (Label.CONCERN.value,))
        about = about & Clause(
            f"NOT (m.id IN ({whole.sql}) AND NOT m.is_sealed AND ({concern.sql}))",
            (*whole.values, *concern.values),
        )
    taken_up = _follow_ups(sight)
    sql = f"(m.incident_id IS NULL AND m.id NOT IN ({taken_up.sql}) AND ({about.sql}))"
    values = (*taken_up.values, *about.values)
    if sight.found is None or sight.found.barred:
        sql += (
            f" OR m.id IN ({barred.sql}) OR (m.incident_id IS NOT NULL AND m.incident_id IN ({barred.sql}))"
        )
        values = (*values, *barred.values, *barred.values)
    if (unread := _unread(sight)) is not None:
        sql += f" OR m.id IN ({unread.sql})"
        values = (*values, *unread.values)
    return Clause(sql, values)


def seen_mentions(sight: Sight) -> Clause:
    """The mentions this viewer may know of: a condition on `m`, a row of mentions."""
    granted = _granted_mentions(sight)
    if granted == NOTHING or not sight.acts_as:
        return granted
    barred = _barred_mentions(sight)
    return granted & Clause(f"({barred.sql}) IS NOT TRUE", barred.values)


def seen_incidents(sight: Sight) -> Clause:
    """The incidents, and concerns and good news taken up, this viewer may know of: a condition on `i`, a row of incidents."""
    granted = _granted_incidents(sight)
    if granted == NOTHING:
        return NOTHING
    barred, hidden = _barred_incidents(sight), _hidden_follow_ups(sight)
    return (
        granted
        & Clause(f"i.id NOT IN ({barred.sql})", barred.values)
        & Clause(f"i.track = ? OR i.mention_id NOT IN ({hidden.sql})", (INCIDENT, *hidden.values))
    )


def _hidden_follow_ups(sight: Sight) -> Clause:
    """A query for mentions of concerns and good news taken up that this viewer must not know of."""
    if sight.found is not None and sight.found.hidden is not None:
        return _ids(sight.found.hidden)
    mentions = seen_mentions(sight)
    return Clause(
        "SELECT m.id FROM mentions AS m JOIN incidents AS f ON f.id = m.id "  # noqa: S608 -- our own conditions
        f"WHERE m.id IN (SELECT id FROM incidents) AND ({mentions.sql}) IS NOT TRUE",
        mentions.values,
    )


def settle(reading: Reading, sight: Sight) -> Sight:
    """The same sight, what its conditions would ask the tables for again and again already answered.

    DuckDB spends a tenth of a second on understanding the rule written out, and a hundredth on its answer. It holds as
    long as the tables do not change: for one page, one act, one question.
    """

    def ids(query: Clause) -> tuple[str, ...]:
        # Each by itself: a step of an incident changes some of them and not the others.
        return reading.remembered(
            ("ids", query.key),
            lambda: tuple(sorted(row[0] for row in reading.rows(query.sql, query.values))),
        )

    sight = replace(sight, settled=None)
    is_part, is_reader = sight.roles & frozenset(_PART), sight.roles & _READERS
    found = Settled(
        sight.roles,
        sight.acts_as,
        barred=ids(_barred_incidents(sight)) if sight.acts_as else (),
        grave=ids(_grave_incidents(sight)) if is_part and not sight.roles & _WHOLE else (),
        grave_posts=grave_posts(reading) if is_reader and not sight.roles & _WHOLE else (),
    )
    known = replace(sight, settled=found)
    found = replace(
        found,
        shown=() if sight.roles & _WHOLE else ids(_shown_incidents(known)),
        taken_up=ids(_follow_ups(known)),
        decided=() if sight.roles & _WHOLE else ids(_decided_follow_ups(known)),
    )
    hidden = ids(_hidden_follow_ups(replace(sight, settled=found)))
    return replace(sight, settled=replace(found, hidden=hidden))


def may_know(reading: Reading, sight: Sight, mention_id: str) -> bool:
    """May they know of this mention? False too for one that is not there."""
    return mention_id in known_among(reading, sight, (mention_id,))


def known_among(reading: Reading, sight: Sight, ids: Sequence[str]) -> frozenset[str]:
    """Those of these mentions that they may know of."""
    seen = seen_mentions(sight)
    # Nothing but a mention that is there is ever known.
    among = seen & Clause("m.id IS NOT NULL") if seen == EVERYTHING else seen
    return frozenset(seen_among(reading, ids, among))


def may_see_incident(reading: Reading, sight: Sight, id_: str) -> bool:
    """May they know of this incident, or of this concern or good news taken up? False too for one that is not there."""
    return id_ in seen_incidents_among(reading, sight, (id_,))


def seen_incidents_among(reading: Reading, sight: Sight, ids: tuple[str, ...]) -> frozenset[str]:
    """Those of these incidents, and of these concerns and good news taken up, that they may know of."""
    seen = seen_incidents(sight)
    sql = f"SELECT i.id FROM incidents AS i WHERE i.id IN (SELECT unnest(?::VARCHAR[])) AND ({seen.sql})"  # noqa: S608 -- our own conditions
    return reading.remembered(
        ("incidents", ids, seen.key),
        lambda: frozenset(row[0] for row in reading.rows(sql, [list(ids), *seen.values])),
    )
