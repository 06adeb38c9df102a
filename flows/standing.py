"""Where an incident, a concern or a piece of good news stands: read from a home, told by the protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from flows.home import Home, calendar_of, parse_toml, read_toml
from flows.standing_rows import StandingRows, read_standing_rows
from incidents.deadlines import Clock, list_clocks
from incidents.history import PastEvent, gather
from incidents.limits import LONDON
from incidents.permissions import choose_decider, find_subjects
from incidents.protocol import list_steps
from incidents.standing import DocumentKind, DocumentMade, IncidentNow
from incidents.steps import ROLES, Actor
from mentionwatch.calendar import SchoolCalendar
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import Channel, Harm, IncidentState, Label, Role, Route
from mentionwatch.policy import PolicyPack, RuleKey
from mentionwatch.policy_file import parse_pack, read_adopted
from mentionwatch.school import SchoolFile, SchoolProfile
from mentionwatch.tables import Table
from warehouse.incident_steps import CONCERN, POSITIVE, IncidentRow
from warehouse.protocol_records import DocumentRow, read_kept_pack
from warehouse.reading import MentionRow
from warehouse.session import Reading

PEOPLE = tuple(role for role in Role if role in ROLES[Actor.ANYONE])
_FOLLOW_UPS = {
    Label.CONCERN: (CONCERN, IncidentState.CONCERN, RuleKey.COMPLAINT),
    Label.POSITIVE: (POSITIVE, IncidentState.GOOD_NEWS, RuleKey.SHARING),
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for every incident of a home at one moment."""

    home: Home
    school: SchoolFile
    pack: PolicyPack
    calendar: SchoolCalendar
    channels: Mapping[str, Channel]
    at: datetime
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One incident with everything a person decides on.

    `pack` is the one it runs under; `is_pack_changed` offers the present one. `is_new`: a concern or good news of
    which nothing is stored yet but its mention.
    """

    row: IncidentRow
    about: MentionRow | None
    now: IncidentNow
    pack: PolicyPack
    is_pack_changed: bool
    events: tuple[PastEvent, ...]
    documents: tuple[DocumentRow, ...]
    clocks: tuple[Clock, ...]
    is_new: bool = False


def read_channels(home: Home) -> Mapping[str, Channel]:
    """Whose page each source is; a source that does not say is other (L04)."""
    if not home.sources_file.exists():
        return {}
    table = read_toml(home.sources_file, "")
    found = ((row.text("name", ""), row.text("channel", "")) for row in table.tables("source"))
    return {name: Channel(channel) for name, channel in found if channel in tuple(Channel)}


def read_context(home: Home, school: SchoolFile, pack: PolicyPack, at: datetime, actor: str = "") -> Context:
    """Read once what all incidents share. Raises `ConfigError` for a rule adopted on a day that has not come."""
    for rule in pack.rules:
        if rule.adopted_on is not None and rule.adopted_on > at.astimezone(LONDON).date():
            raise ConfigError(
                str(home.school_file),
                f"adopt.{rule.key.value}.adopted_on",
                "has not come yet",
                "Write the day of the decision",
            )
    return Context(home, school, pack, calendar_of(school, pack, at), read_channels(home), at, actor)


def _channel_of(about: MentionRow | None, context: Context) -> Channel:
    if about is None:
        return Channel.OTHER
    if (known := context.channels.get(about.source)) is not None:
        return known
    host = (urlsplit(about.url).hostname or "").removeprefix("www.")
    return Channel.SCHOOL_ACCOUNT if host and host in context.school.profile.websites else Channel.OTHER


def pack_of_version(reading: Reading, version: str, present: PolicyPack) -> tuple[PolicyPack, bool]:
    """The pack of that version, and whether it is another than the present one, which replaces one never kept."""
    if version == present.version:
        return present, False
    kept = reading.remembered(("kept pack", version), lambda: read_kept_pack(reading, version))
    return (present, True) if kept is None else (_parse_kept(version, *kept), True)


@lru_cache(maxsize=16)
def _parse_kept(version: str, source: str, adopted: str) -> PolicyPack:
    """What was kept never changes, and many incidents run under the same: after a new policy all that are open do."""
    file = f"pack {version}"
    pack = parse_pack(parse_toml(file, source), source)
    return read_adopted(Table(file, json.loads(adopted or "{}"), "adopt"), pack)


def _follow_up(about: MentionRow, context: Context) -> IncidentRow | None:
    """A concern or good news nobody has taken up yet: it stands where its track begins."""
    if about.label not in _FOLLOW_UPS or about.is_sealed:
        return None
    track, state, key = _FOLLOW_UPS[about.label]
    words = f"{about.title}\n{about.text}"
    return IncidentRow(
        id=about.id,
        mention_id=about.id,
        canonical_url=about.url,
        kind=track,
        state=state,
        decider=choose_decider(context.pack, context.school.profile, words).role,
        route=Route.NONE,
        harms=tuple[Harm, ...](),
        clause=context.pack.rule(key).quote(),
        pack=context.pack.version,
        first_steps=(),
        reasons=(),
        summary=track,
        opened_at=about.captured_at,
        moved_at=about.captured_at,
        deadline_at=None,
        event_count=0,
        track=track,
    )


def read_standing(reading: Reading, id_: str, context: Context) -> Standing:
    """An incident by its number, or a concern or good news by its mention. Raises `ConfigError` for neither."""
    return Standings(reading, (id_,)).of(id_, context)


class Standings:
    """Where many things stand, read at once: for lists. To be asked while `reading` is open."""

    def __init__(self, reading: Reading, ids: Sequence[str]) -> None:
        self._reading, self._rows = reading, read_standing_rows(reading, ids)

    def of(self, id_: str, context: Context) -> Standing:
        """One of them. Raises as `read_standing`."""
        row, about = self._rows.incidents.get(id_), self._rows.about.get(id_)
        is_new = row is None
        if row is None and about is not None:
            row = _follow_up(about, context)
        if row is None:
            raise ConfigError(
                "incident",
                "ID",
                f"there is no incident {id_!r}",
                "List them with: mentionwatch incident list",
            )
        return _standing(self._reading, row, self._rows, id_, context, is_new=is_new)


def _subjects(
    about: MentionRow | None, together: Sequence[MentionRow], profile: SchoolProfile
) -> frozenset[Role]:
    """The roles that the post is about, or any post of an incident that is one with this now (L31)."""
    texts = (
        f"{one.title}\n{one.text}" for one in (*([about] if about else []), *together) if not one.is_sealed
    )
    return frozenset[Role]().union(*(find_subjects(text, profile) for text in dict.fromkeys(texts)))


def _standing(
    reading: Reading, row: IncidentRow, rows: StandingRows, id_: str, context: Context, *, is_new: bool
) -> Standing:
    pack, is_changed = pack_of_version(reading, row.pack, context.pack)
    about, events, documents = rows.about.get(id_), rows.events[id_], rows.documents[id_]
    told = gather(events)
    today = context.at.astimezone(LONDON).date()
    now = IncidentNow(
        id=row.id,
        state=row.state,
        decider=row.decider,
        pack=row.pack,
        has_evidence=about is not None,
        subjects=_subjects(about, rows.together[id_], context.school.profile) | rows.passed_over[id_],
        has_deputy=context.school.profile.has_deputy,
        facts=told.facts,
        tracks=told.tracks,
        evidence=tuple(f"r{number}" for number in range(1, about.revision + 1)) if about else (),
        documents=tuple(
            DocumentMade(
                DocumentKind(one.kind),
                one.made_by,
                one.law_valid_until is None or today < one.law_valid_until,
                one.deadline_at,
                one.made_at,
            )
            for one in documents
        ),
        channel=_channel_of(about, context),
        deadline_at=row.deadline_at,
        entered_at=told.entered_at or row.moved_at,
        at=context.at,
        before_merge=told.before_merge,
        merged_at=told.merged_at,
        actor=context.actor,
        since=told.since,
        own_deadline_at=told.own_deadline_at,
        fresh_since=told.fresh_since,
        last_at=max((event.at for event in events), default=None),
    )
    clocks = list_clocks(now, pack, context.calendar)
    return Standing(row, about, now, pack, is_changed, events, documents, clocks, is_new)


def refuse_clock_behind(standing: Standing, what: str, at: datetime) -> None:
    """Raises `Refused` when `at` is before the latest event: nothing is recorded or dated behind the log."""
    last = standing.now.last_at
    if last is not None and at < last:
        raise Refused(
            f"refused: {standing.row.id} {what}: the clock says {at.isoformat()}, before the latest event at {last.isoformat()}. "
            "Set the clock right, or leave --now out"
        )


@dataclass(frozen=True, slots=True)
class StepForRoles:
    """One step from the present state: what it must state, to whom it is open, and why not to the others."""

    event: str
    summary: str
    actor: str
    asks: tuple[str, ...]
    open_to: tuple[Role, ...]
    refusals: tuple[tuple[Role, str], ...]


def steps_for_roles(
    now: IncidentNow, pack: PolicyPack, roles: Sequence[Role] = PEOPLE
) -> tuple[StepForRoles, ...]:
    """Every step that starts here, for every role a person can act in, or for these, of which there is at least one."""
    by_role = {role: list_steps(now, role, pack) for role in roles}
    found = []
    for place, step in enumerate(by_role[roles[0]]):
        refusals = {role: by_role[role][place].refusal for role in roles}
        found.append(
            StepForRoles(
                step.event.value,
                step.summary,
                step.actor,
                tuple(fact.example() for fact in step.facts if not fact.is_optional),
                tuple(role for role, why in refusals.items() if not why),
                tuple((role, why) for role, why in refusals.items() if why),
            )
        )
    return tuple(found)
