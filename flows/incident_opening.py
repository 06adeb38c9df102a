"""Opening an incident by hand: for a mention the software let pass, or for a report that asks for a person beside its words."""

from __future__ import annotations

from flows.leak_check import refuse_leaks
from flows.standing import Context
from incidents.permissions import choose_decider
from incidents.protocol import LEAST_REASON
from incidents.steps import Event
from mentionwatch.asked_again import REPORTED_AGAIN, REPORTED_DONE_WITH
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import AFTER_THE_END, FINISHED, IncidentState, Label, Role
from mentionwatch.model import AuditEvent, IncidentIntent
from mentionwatch.policy import NOT_SET, PolicyPack
from mentionwatch.report_kinds import KINDS, ReportKind
from mentionwatch.stop_rule import as_stopped
from warehouse.connection import Warehouse
from warehouse.incident_steps import IncidentMove, IncidentRow, incident, record_move
from warehouse.incidents import IncidentBook, Place, open_by_hand
from warehouse.protocol_records import keep_pack
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading, Writing

TOLD = "reported again"
OF_A_KIND = "reported by a person, under a clause of its own"


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
    intent = IncidentIntent(
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
        instead=choice.instead,
    )
    return as_stopped(intent, reason) if about.is_sealed else intent


def _intent_of_words(about: MentionRow, kind: str, reason: str, context: Context) -> IncidentIntent:
    """By what the post is now, as the pack has it."""
    pack = context.pack
    clause = pack.clause_for(about.harms)
    steps = pack.steps_for(about.route, context.school.profile.lang)
    return _intent(about, kind, clause.cite() if clause else NOT_SET, steps, reason, context)


def _intent_of_kind(about: MentionRow, kind: ReportKind, context: Context) -> IncidentIntent:
    rules, pack, lang = KINDS[kind], context.pack, context.school.profile.lang
    clause = pack.clause(rules.clause)
    cited = clause.cite() if clause else NOT_SET
    steps = (f"{rules.step(lang)} ({cited})", *pack.steps_for(about.route, lang))
    return _intent(about, kind.value, cited, steps, OF_A_KIND, context)


def tell_report(
    writing: Writing, mention_id: str, kind: ReportKind | None, context: Context, *, is_stored: bool
) -> str | None:
    """What comes of a report beside what was stored of it: told in the incident that is open on the post, or a new incident.

    Whoever reports what the school has done with says that something is left of it (ADR 0040, T36), in whatever words.
    `kind`: a kind of its own, which is always put before a person; `is_stored`: its words, and what they open, are stored.
    Returns the incident of the post, None where it is in none.
    """
    about = list_mentions(writing, MentionFilter(ids=(mention_id,)))[0]
    book = IncidentBook(writing, context.at)
    book.load([about.canonical_url], [about.incident] if about.incident else [])
    place = book.place(about.incident, about.canonical_url)
    is_done_with = not is_stored and about.incident is None and _is_done_with(writing, about)
    if kind is None and about.incident is None and not is_done_with:
        return None
    if place is not None and not place.is_over:
        _tell_open(writing, about, place, kind, context, is_stored=is_stored)
        return place.inner.id
    if kind is not None:
        intent = _intent_of_kind(about, kind, context)
    else:
        named = _kind(about) if about.label is Label.INAPPROPRIATE else AFTER_THE_END
        intent = _intent_of_words(
            about, named, REPORTED_DONE_WITH if is_done_with else REPORTED_AGAIN, context
        )
    return open_by_hand(writing, intent, context.at, context.actor, Role.PIPELINE)


def _is_done_with(reading: Reading, about: MentionRow) -> bool:
    """Of a post in no incident: has a person said that it is nothing, or has what was taken up of it ended?"""
    taken_up = incident(reading, about.id)
    if taken_up is not None:
        return taken_up.state in FINISHED
    return about.is_decided and about.label in (Label.NEUTRAL, Label.POSITIVE)


def _tell_open(
    writing: Writing,
    about: MentionRow,
    place: Place,
    kind: ReportKind | None,
    context: Context,
    *,
    is_stored: bool,
) -> None:
    if about.incident != place.inner.id:
        writing.run("UPDATE mentions SET incident_id = ? WHERE id = ?", [place.inner.id, about.id])
    row = incident(writing, place.told.id)
    if row is not None and (kind is not None or not is_stored):
        _note(
            writing,
            row,
            Role.PIPELINE,
            TOLD if kind is None else f"{TOLD}, under a clause of its own",
            context,
        )


def _kind(about: MentionRow) -> str:
    return ", ".join(harm.value for harm in about.harms) or about.label.value


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
    pack = context.pack
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
                "refused: that post is sealed: an incident was opened with it. What is known of it since goes to the safeguarding lead, "
                "or in as a report [duty above every policy: indecent images of children]"
            )
        intent = _intent_of_words(about, _kind(about), "raised by a person", context)
        keep_pack(writing, pack, context.at)
        id_ = open_by_hand(writing, intent, context.at, context.actor, role)
        row = incident(writing, id_)
        if row is None:
            raise LookupError(id_)
        return _note(writing, row, role, reason.strip(), context)
