"""Opening an incident by hand: for a mention the software let pass, or for a report of a kind of its own."""

from __future__ import annotations

from dataclasses import replace

from flows.leak_check import refuse_leaks
from flows.standing import Context
from incidents.permissions import choose_decider
from incidents.protocol import LEAST_REASON
from incidents.steps import Event
from incidents.triage import STOP_IMAGE_STEPS, STOP_KIND
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import AFTER_THE_END, IncidentState, Label, Role, Route
from mentionwatch.model import AuditEvent, IncidentIntent
from mentionwatch.policy import NOT_SET, PolicyPack
from mentionwatch.report_kinds import KINDS, ReportKind
from warehouse.after_the_end import is_over
from warehouse.connection import Warehouse
from warehouse.incident_steps import IncidentMove, IncidentRow, incident, record_move
from warehouse.incidents import incidents_on, open_by_hand
from warehouse.protocol_records import keep_pack
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading, Writing

REPORTED_AGAIN = "reported again after its incident had ended"


def check_kind(kind: ReportKind, pack: PolicyPack, *, has_picture: bool) -> None:
    """Raises `Refused` where the policy has no clause for this kind of report, and for a picture of somebody else's child."""
    rules = KINDS[kind]
    clause = pack.clause(rules.clause)
    if clause is None:
        raise Refused(f"refused: {kind.value} is {NOT_SET} ({pack.title}). Report it without --kind")
    if has_picture and not rules.takes_picture:
        raise Refused(
            f"refused: no copy of that picture is taken in, only its address and a description [{clause.cite()}: {clause.gist}]. "
            "Leave --screenshot out"
        )


def _intent(
    about: MentionRow, kind: str, clause: str, steps: tuple[str, ...], reason: str, context: Context
) -> IncidentIntent:
    choice = choose_decider(context.pack, context.school.profile, f"{about.title}\n{about.text}")
    return IncidentIntent(
        mention_id=about.id,
        canonical_url=about.canonical_url,
        kind=kind,
        route=about.route,
        harms=about.harms,
        decider=choice.role,
        path=(IncidentState.OPENED, IncidentState.PRESERVED),
        first_steps=steps,
        reasons=(reason, *choice.reasons),
        clause=clause,
        pack=context.pack.version,
        summary=f"{about.kind} at {about.source}",
    )


def open_of_kind(writing: Writing, mention_id: str, kind: ReportKind, context: Context) -> str:
    """The incident of a report of a kind of its own; one that is open on the post already is told instead."""
    about = list_mentions(writing, MentionFilter(ids=(mention_id,)))[0]
    rules, pack, lang = KINDS[kind], context.pack, context.school.profile.lang
    clause = pack.clause(rules.clause)
    cited = clause.cite() if clause else NOT_SET
    if found := _tell_open(writing, about, "reported again, under a clause of its own", context):
        return found
    steps = (f"{rules.step(lang)} ({cited})", *pack.steps_for(about.route, lang))
    intent = _intent(
        about, kind.value, cited, steps, "reported by a person, under a clause of its own", context
    )
    return open_by_hand(writing, intent, context.at, context.actor, Role.PIPELINE)


def _tell_open(writing: Writing, about: MentionRow, reason: str, context: Context) -> str:
    """Told in the incident that is open on this post, its own or that of another mention of the address; empty where none is."""
    ids = dict.fromkeys(
        (*((about.incident,) if about.incident else ()), *incidents_on(writing, about.canonical_url))
    )
    known = next((id_ for id_ in ids if not has_ended(writing, id_)), None)
    row = incident(writing, known) if known else None
    if row is None:
        return ""
    if about.incident != row.id:
        writing.run("UPDATE mentions SET incident_id = ? WHERE id = ?", [row.id, about.id])
    _note(writing, row, Role.PIPELINE, reason, context)
    return row.id


def _kind(about: MentionRow) -> str:
    return ", ".join(harm.value for harm in about.harms) or about.label.value


def has_ended(reading: Reading, incident_id: str | None) -> bool:
    """Is there such an incident, and does it ask nobody for anything more?"""
    known = incident(reading, incident_id) if incident_id else None
    return known is not None and is_over(reading, known.id, known.state)


def open_again(writing: Writing, mention_id: str, context: Context) -> str:
    """The incident of a report of a post whose own has ended: whoever reports it says that something is left of it (ADR 0040, T36)."""
    about = list_mentions(writing, MentionFilter(ids=(mention_id,)))[0]
    if found := _tell_open(writing, about, REPORTED_AGAIN, context):
        return found
    pack, profile = context.pack, context.school.profile
    clause = pack.clause_for(about.harms)
    cited = clause.cite() if clause else NOT_SET
    if about.is_sealed:
        intent = _intent(about, STOP_KIND, cited, STOP_IMAGE_STEPS, REPORTED_AGAIN, context)
        path = (IncidentState.OPENED, IncidentState.STOP_IMAGE)
        intent = replace(intent, path=path, route=Route.SAFEGUARDING, harms=())
    else:
        steps = pack.steps_for(about.route, profile.lang)
        kind = _kind(about) if about.label is Label.INAPPROPRIATE else AFTER_THE_END
        intent = _intent(about, kind, cited, steps, REPORTED_AGAIN, context)
    return open_by_hand(writing, intent, context.at, context.actor, Role.PIPELINE)


def _note(writing: Writing, row: IncidentRow, role: Role, reason: str, context: Context) -> IncidentRow:
    note = IncidentMove(
        incident_id=row.id, expected=row.state, event=Event.NOTE.value, to=row.state, actor=context.actor, role=role, reason=reason,
        at=context.at, pack=row.pack,
    )  # fmt: skip
    audit = AuditEvent(context.at, context.actor, role, "moved", "incident", row.id, "note", row.pack)
    return record_move(writing, note, audit)


def open_incident(mention_id: str, role: Role, reason: str, context: Context) -> IncidentRow:
    """A person opens an incident for a mention the classifier let pass (L16, T01). Raises `Refused` or `ConfigError`."""
    refuse_leaks(context.home, (reason,), (mention_id,))
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(
            "refused: opening an incident needs a reason [every step is recorded with actor, role and reason]"
        )
    pack, profile = context.pack, context.school.profile
    with Warehouse(context.home.folder).writer() as writing:
        found = list_mentions(writing, MentionFilter(ids=(mention_id,)))
        if not found:
            raise ConfigError(
                "incident open",
                "MENTION",
                f"there is no mention {mention_id!r}",
                "List them with: mentionwatch mentions",
            )
        about = found[0]
        if about.is_sealed:
            raise Refused(
                "refused: that post is sealed; its incident is open already [duty above every policy]"
            )
        clause = pack.clause_for(about.harms)
        cited = clause.cite() if clause else NOT_SET
        steps = pack.steps_for(about.route, profile.lang)
        intent = _intent(about, _kind(about), cited, steps, "raised by a person", context)
        keep_pack(writing, pack, context.at)
        id_ = open_by_hand(writing, intent, context.at, context.actor, role)
        row = incident(writing, id_)
        if row is None:
            raise LookupError(id_)
        return _note(writing, row, role, reason.strip(), context)
