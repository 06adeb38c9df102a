"""When a letter or form may be made at all: state, author, policy, police, person. Making a draft is a step towards contact."""

from __future__ import annotations

from incidents.author_letters import BAN_DECISION, BAN_NOTICE, INVITATION, MINUTES, REMOVAL
from incidents.guards import may_be_contacted
from incidents.incident_rows import AFTER_DECISION, CONCERN_TRACK
from incidents.letters import LetterTemplate
from incidents.other_letters import (
    ACKNOWLEDGEMENT,
    PLATFORM_REPORT,
    STAFF_REPORT,
    THANK_YOU,
    UNDER_AGE_REPORT,
)
from incidents.protocol import list_substitutes, may_act, quote_rule
from incidents.standing import DocumentKind, IncidentNow, Track, TrackState
from incidents.steps import Actor
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role
from mentionwatch.policy import NOT_SET, PolicyPack, RuleKey

TEMPLATES: dict[DocumentKind, LetterTemplate] = {
    template.kind: template
    for template in (
        INVITATION, REMOVAL, MINUTES, PLATFORM_REPORT, UNDER_AGE_REPORT, BAN_NOTICE, BAN_DECISION, ACKNOWLEDGEMENT, THANK_YOU, STAFF_REPORT,
    )
}  # fmt: skip

_STATES: dict[DocumentKind, frozenset[S]] = {
    DocumentKind.INVITATION: frozenset({S.PREPARED, S.INVITED}),
    DocumentKind.REMOVAL: frozenset({S.LETTER}),
    DocumentKind.MINUTES: AFTER_DECISION - {S.INTERNAL, S.PREPARED, S.INVITED},
    DocumentKind.PLATFORM_REPORT: frozenset({S.PLATFORM, S.PLATFORM_WAIT}),
    DocumentKind.UNDER_AGE_REPORT: AFTER_DECISION,
    DocumentKind.BAN_NOTICE: AFTER_DECISION,
    DocumentKind.BAN_DECISION: AFTER_DECISION,
    DocumentKind.ACKNOWLEDGEMENT: CONCERN_TRACK,
    DocumentKind.THANK_YOU: frozenset({S.APPROVED, S.THANKED, S.SHARED}),
    DocumentKind.STAFF_REPORT: frozenset(S),
}
_RULES: dict[DocumentKind, tuple[RuleKey, str]] = {
    DocumentKind.INVITATION: (RuleKey.LETTERS, "invitation"),
    DocumentKind.REMOVAL: (RuleKey.LETTERS, "removal"),
    DocumentKind.MINUTES: (RuleKey.MEETING, ""),
    DocumentKind.PLATFORM_REPORT: (RuleKey.PLATFORM, ""),
    DocumentKind.UNDER_AGE_REPORT: (RuleKey.PLATFORM, "under_age_form"),
    DocumentKind.BAN_NOTICE: (RuleKey.PREMISES, ""),
    DocumentKind.BAN_DECISION: (RuleKey.PREMISES, ""),
}
_TRACKS: dict[DocumentKind, TrackState] = {
    DocumentKind.BAN_NOTICE: TrackState.OPEN,
    DocumentKind.BAN_DECISION: TrackState.DECIDED,
}


def find_template(kind: str) -> LetterTemplate:
    """The template of a kind. Raises `ConfigError` listing those there are."""
    try:
        return TEMPLATES[DocumentKind(kind)]
    except ValueError:
        known = ", ".join(TEMPLATES)
        raise ConfigError(
            "incident letter", "KIND", f"{kind!r} is no letter or form", f"Write one of: {known}"
        ) from None


def check_gates(template: LetterTemplate, now: IncidentNow, role: Role, pack: PolicyPack) -> None:
    """Raises `Refused` quoting the clause when this document may not be made now, or not by this person."""
    kind = template.kind
    key, value = _RULES.get(kind, (None, ""))
    quoted = quote_rule(pack, key) if key else quote_rule(pack, "decider")
    refused = f"refused: {now.id} {kind.value}: "
    if now.state is S.POLICE_HOLD and kind is not DocumentKind.STAFF_REPORT:
        raise Refused(
            f"{refused}the police have it: nothing is drafted until they say so [{quote_rule(pack, RuleKey.POLICE)}]"
        )
    if key and not (pack.has(key, value) if value else pack.rule(key).is_set):
        raise Refused(
            f"{refused}{NOT_SET} ({pack.title}). The school may adopt it, dated: [adopt.{key.value}] in school.toml"
        )
    if now.state not in _STATES[kind]:
        states = ", ".join(sorted(_STATES[kind]))
        raise Refused(f"{refused}the incident is {now.state}; this is made in {states} [{quoted}]")
    if kind in _TRACKS and now.track(Track.BAN) is not _TRACKS[kind]:
        raise Refused(
            f"{refused}the ban stands at {now.track(Track.BAN)}; this is made at {_TRACKS[kind]} [{quoted}]"
        )
    if template.is_to_author and (closed := may_be_contacted(now, pack)):
        raise Refused(f"{refused}{closed} [{quoted}]")
    if role in now.subjects and (role is not now.decider or list_substitutes(now, pack)):
        raise Refused(
            f"{refused}the post mentions the {role.value}, who does not deal with it [{quote_rule(pack, 'conflict')}]"
        )
    if not (may_act(Actor.OPERATOR, role, now) or may_act(Actor.DECIDER, role, now)):
        raise Refused(f"{refused}not by the {role.value} [{quoted}]")
