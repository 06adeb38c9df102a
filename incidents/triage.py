"""From a judged mention to an incident that may be opened. Opening preserves evidence; people do the rest."""

from __future__ import annotations

from incidents.permissions import choose_decider
from mentionwatch.labels import AFTER_THE_END, GRAVE_ROUTES, IncidentState, Label, Route, Scope
from mentionwatch.model import Classification, IncidentIntent, Mention, Snapshot
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolProfile
from mentionwatch.stop_rule import STOP_IMAGE_STEPS, STOP_KIND, STOP_PATH


def _kind(judged: Classification) -> str:
    if judged.stop_image:
        return STOP_KIND
    if judged.harms:
        return ", ".join(harm.value for harm in judged.harms)
    return "safeguarding" if judged.route is Route.SAFEGUARDING else judged.label.value


def calls_for_incident(scope: Scope | None, label: Label, route: Route, *, stop_image: bool = False) -> bool:
    """Certain scope, and inappropriate or serious. A *possible* mention never opens one (product rule 2)."""
    return scope is Scope.CERTAIN and (stop_image or label is Label.INAPPROPRIATE or route in GRAVE_ROUTES)


def opens_incident(mention: Mention, judged: Classification) -> bool:
    """Would this mention open an incident by itself, were these not a school's first nights?"""
    return calls_for_incident(mention.scope.scope, judged.label, judged.route, stop_image=judged.stop_image)


def triage(
    mention: Mention,
    snapshot: Snapshot,
    judged: Classification,
    pack: PolicyPack,
    profile: SchoolProfile,
    *,
    is_withheld: bool = False,
) -> IncidentIntent | None:
    """The incident this mention should open (T01, T02 or T04), or None.

    `is_withheld`: in a school's first nights a person opens it. Never withheld: the stop rule (T04).
    """
    if not opens_incident(mention, judged) or (is_withheld and not judged.stop_image):
        return None
    return _intend(mention, snapshot, judged, pack, profile, _kind(judged))


def triage_again(
    mention: Mention, snapshot: Snapshot, judged: Classification, pack: PolicyPack, profile: SchoolProfile
) -> IncidentIntent:
    """What is opened should the post have had an incident, or its address, and ask anew (ADR 0040): whatever its words are by themselves.

    In the first nights too: an earlier incident of it there can be only because a person opened it, or the stop rule did.
    """
    is_one = calls_for_incident(Scope.CERTAIN, judged.label, judged.route, stop_image=judged.stop_image)
    return _intend(mention, snapshot, judged, pack, profile, _kind(judged) if is_one else AFTER_THE_END)


def words_ask(judged: Classification) -> bool:
    """Do the words ask for a person, were nobody to know where they stand? To be asked before any sample is drawn."""
    return judged.needs_person or judged.stop_image or judged.label in (Label.CONCERN, Label.INAPPROPRIATE)


def _intend(
    mention: Mention,
    snapshot: Snapshot,
    judged: Classification,
    pack: PolicyPack,
    profile: SchoolProfile,
    kind: str,
) -> IncidentIntent:
    choice = choose_decider(pack, profile, f"{mention.entry.title}\n{mention.entry.text}")
    clause = pack.clause_for(judged.harms)
    gaps = []
    if mention.entry.posted_at is None:
        gaps.append("time of posting unknown: the source does not give it")
    if snapshot.fault is not None:
        gaps.append(f"page not copied: {snapshot.fault.kind.value}")
    return IncidentIntent(
        mention_id=mention.id,
        canonical_url=mention.canonical_url,
        kind=kind,
        route=Route.SAFEGUARDING if judged.stop_image else judged.route,
        harms=judged.harms,
        decider=choice.role,
        path=STOP_PATH if judged.stop_image else (IncidentState.OPENED, IncidentState.PRESERVED),
        first_steps=STOP_IMAGE_STEPS if judged.stop_image else pack.steps_for(judged.route, profile.lang),
        reasons=(*choice.reasons, *gaps),
        clause=clause.cite() if clause else "not set by your policy",
        pack=pack.version,
        summary=f"{mention.entry.kind.value} at {mention.entry.source}: {kind}",
        instead=choice.instead,
    )
