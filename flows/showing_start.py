"""The start page of one person: today's digest as they may know it, and what they may do with each thing in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime

from desk.awaited import Awaited, find_safeguarding
from desk.digest import WAITING, Digest, IncidentLine, MentionLine
from desk.start import DECISIONS, MOST_OFFERED, OFFERED, AskIncident, AskMention, Offer, Shut, StartPage
from desk.vocabulary import LONDON
from flows.awaited import list_awaited, mark_nobodys
from flows.deciders import Deciders
from flows.deciding import list_at_once
from flows.desk_snooze import may_be_put_off
from flows.digest import gather_digest, mention_line
from flows.first_reading import find_asked, read_first
from flows.home import Home
from flows.likeness import Likeness, mark_row
from flows.recipients import read_accounts
from flows.standing import PEOPLE, Context, Standing, Standings, StepForRoles, read_context, steps_for_roles
from incidents.guards import is_found_wrong
from incidents.standing import DocumentKind
from incidents.steps import Actor, Event
from incidents.transitions import BY_NAME
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import ConfigError
from mentionwatch.labels import GRAVE_ROUTES, SETTLED, IncidentState, Role, Route
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from warehouse.connection import Warehouse
from warehouse.figures import asking_mentions
from warehouse.gaps import read_gaps
from warehouse.reading import rows_of
from warehouse.snoozes import snoozed_incidents

MOST_LOOKS = 50
NOTHING_TO_DO = Offer()


def _is_referred(awaited: Sequence[Awaited]) -> bool:
    """Is it in the child protection record, as it is now?"""
    asked = find_safeguarding(awaited)
    return asked is not None and asked.answered_at is not None and not asked.is_before


def _is_theirs(
    standing: Standing,
    steps: list[StepForRoles],
    mine: frozenset[Role],
    awaited: Sequence[Awaited],
    deciders: Deciders,
) -> bool:
    """Does it ask them, rather than merely being open to anyone?"""
    decider = standing.now.decider
    if decider in mine or _is_to_be_read(steps, mine):
        return True
    # Whoever may know of it passes it on: the one who decides is not shown that it is about them.
    if deciders.is_shut_out(standing.row.id, decider):
        return True
    route = standing.row.route
    # Where nobody who signs in decides what is urgent, it would be on no start page at all.
    is_left = route in GRAVE_ROUTES and decider not in deciders.held and standing.row.state in WAITING
    is_asked = route is Route.SAFEGUARDING and not _is_referred(awaited)
    if Role.DSL in mine and (is_left or is_asked):
        return True
    actors = {BY_NAME[step.event].actor for step in steps if mine & set(step.open_to)}
    if actors & {Actor.DSL, Actor.DELEGATE}:
        return True
    # The office does what everybody may do in its place.
    return Actor.OPERATOR in actors and Role.OPERATOR in mine


def _is_to_be_read(steps: list[StepForRoles], mine: frozenset[Role]) -> bool:
    """A letter was given to a second reader: it asks everybody who may know of it but the one who wrote it (T27)."""
    return any(step.event == Event.LETTER_READ and mine & set(step.open_to) for step in steps)


def _is_letter_wrong(standing: Standing, viewer: Viewer) -> bool:
    """Is it this person's letter, by making it or by giving it to be read, that waits to be mended (T27)?"""
    now = standing.now
    if now.state is not IncidentState.LETTER or not is_found_wrong(now):
        return False
    made = now.made(DocumentKind.REMOVAL)
    asked = [event.actor for event in standing.events if event.event == Event.LETTER_CHECK_ASKED]
    return viewer.account_id in (made.made_by if made else "", *asked[-1:])


def offer_of(standing: Standing, viewer: Viewer, deciders: Deciders) -> Offer:
    """What this person may do with it now, and why not the rest."""
    mine = frozenset(viewer.protocol_roles)
    acting = [role for role in PEOPLE if role in mine]
    affected = standing.now.facts.get("effect")
    if not acting or not viewer.has(Right.TAKE_STEPS):
        return Offer(
            affected=affected, awaited=mark_nobodys(list_awaited(standing), standing.row.id, deciders)
        )
    steps = {
        step.event: step
        for step in steps_for_roles(replace(standing.now, actor=viewer.account_id), standing.pack, acting)
    }
    known = [steps[event.value] for event in OFFERED if event.value in steps]
    at_once = list_at_once(standing, viewer)
    is_open = {step.event for step in known if mine & set(step.open_to)} | {event.value for event in at_once}
    # Each of these takes what comes before it too; that alone stays on the incident's own page.
    is_open -= {event.value for way in at_once.values() for event in way}
    is_mine = {step.event for step in steps.values() if mine & set(step.open_to)}
    awaited = mark_nobodys(list_awaited(standing, is_mine), standing.row.id, deciders)
    events = _lead(is_open, awaited, standing.now.at)
    shut = [
        Shut(event.value, tuple((role, why) for role, why in steps[event.value].refusals if role in mine))
        for event in DECISIONS
        if event.value in steps and event.value not in events
    ]
    is_wrong = _is_letter_wrong(standing, viewer)
    asks = is_wrong or (bool(events) and _is_theirs(standing, known, mine, awaited, deciders))
    return Offer(
        events=tuple(events[:MOST_OFFERED]),
        shut=tuple(shut),
        affected=affected,
        asks=asks,
        harms=standing.row.harms,
        is_letter_wrong=is_wrong,
        awaited=awaited,
        is_decider=standing.now.decider in mine,
    )


def _lead(is_open: Set[str], awaited: Sequence[Awaited], at: datetime | None) -> list[str]:
    """The open steps in the order of the start page: an answer that is waited for first, and nobody asked twice.

    The safeguarding lead is asked again from a row only when they are late, or when something is new since; at any time from
    the incident's own page (T09).
    """
    events = [event.value for event in OFFERED if event.value in is_open]
    asked = find_safeguarding(awaited)
    if asked is None:
        return events
    if not asked.is_before and not (at is not None and asked.is_late(at)):
        events = [event for event in events if event != Event.SAFEGUARDING]
    return sorted(events, key=lambda event: event != Event.SAFEGUARDING_REFERRED)


def _offer(
    standings: Standings, id_: str, context: Context | None, viewer: Viewer, deciders: Deciders
) -> Offer:
    """A pack that cannot be read costs one row its links, never a person their page."""
    if context is None:
        return NOTHING_TO_DO
    try:
        standing = standings.of(id_, context)
        return replace(offer_of(standing, viewer, deciders), may_put_off=may_be_put_off(standing, context))
    except (ConfigError, json.JSONDecodeError):
        return NOTHING_TO_DO


def _looks(digest: Digest, older: tuple[MentionLine, ...]) -> tuple[MentionLine, ...]:
    """Those of today in the digest's order, then what waits from before."""
    shown = {row.id for row in digest.look}
    return (*digest.look, *(row for row in older if row.id not in shown))


def _count_shut_out(digest: Digest, deciders: Deciders) -> tuple[tuple[Role, int], ...]:
    """Of all that is open, how much waits for each role whose people may not know of it."""
    rows = (*digest.act_now, *digest.decisions, *digest.due, *digest.under_way)
    found = Counter(
        row.decider for row in rows if row.state not in SETTLED and deciders.is_shut_out(row.id, row.decider)
    )
    return tuple(sorted(found.items()))


def _asked_about(digest: Digest) -> tuple[str, ...]:
    """Everything somebody may take a step with."""
    parts = (digest.act_now, digest.decisions, digest.due, digest.under_way)
    return (*(row.id for part in parts for row in part), *(row.id for row in digest.concerns if row.clocks))


def read_start_page(
    home: Home,
    school: SchoolFile,
    pack: PolicyPack,
    viewer: Viewer,
    lang: str,
    at: datetime,
    likeness: Likeness,
) -> StartPage:
    """Everything on the start page of `viewer`; each part is cut to what they may know of before it is counted (L31)."""
    today = at.astimezone(LONDON).date()
    sees_mentions, sees_incidents = viewer.has(Right.MENTIONS), viewer.has(Right.INCIDENTS)
    with Warehouse(home.folder).live_reader() as reading:
        gathered = gather_digest(reading, today, home, school, pack, lang, viewer, likeness)
        try:
            context: Context | None = read_context(home, school, pack, at)
        except ConfigError:
            context = None
        put_off = snoozed_incidents(reading, viewer.account_id, at)
        ids = asking_mentions(reading, gathered.seen, MOST_LOOKS + 1) if sees_mentions else ()
        found = tuple(rows_of(reading, ids).values())
        gaps = read_gaps(reading, found)
        by_id = {row.id: mention_line(row, gaps, (), pack, mark_row(row)) for row in found}
        asked_about = _asked_about(gathered.digest)
        standings = Standings(reading, asked_about)
        people = read_accounts(home) if asked_about else ()
        deciders = Deciders(reading, viewer, people, asked_about, school, pack)
        offers = {id_: _offer(standings, id_, context, viewer, deciders) for id_ in asked_about}
        to_read = find_asked(home, reading, school, pack, viewer)
        first = read_first(reading, viewer, (*gathered.digest.act_now, *gathered.digest.decisions))
        shut_out = _count_shut_out(gathered.digest, deciders) if sees_incidents else ()
    digest = gathered.finish(likeness)
    waiting = _looks(digest, tuple(by_id[id_] for id_ in ids if id_ in by_id)) if sees_mentions else ()

    def asked(rows: tuple[IncidentLine, ...]) -> list[AskIncident]:
        return [AskIncident(row, offers[row.id], first.get(row.id)) for row in rows if sees_incidents]

    urgent, waits, due, others = map(asked, (digest.act_now, digest.decisions, digest.due, digest.under_way))
    # Under "act now" stands what its reader must do today: what they have handed on is a decision like the others.
    handed = [row for row in urgent if row.is_handed_on(at)]
    urgent = [row for row in urgent if row not in handed]
    waits = sorted((*handed, *waits), key=lambda row: (row.line.opened_at, row.line.id))
    # What is under way asks nobody, but for a letter that waits to be read, or to be mended.
    letters = [
        row for row in others if row.offer.is_letter_wrong or Event.LETTER_READ.value in row.offer.events
    ]
    waits, others = [*waits, *letters], [row for row in others if row not in letters]
    concerns = [AskMention(row, offers[row.id]) for row in digest.concerns if row.clocks]
    everything = (*urgent, *waits, *due, *others)
    looks = tuple(AskMention(row, NOTHING_TO_DO) for row in waiting[:MOST_LOOKS])
    elsewhere = tuple(
        row
        for row in everything
        if row.line.state not in SETTLED
        and (row in others or not row.offer.asks or (row in waits and row.line.id in put_off))
    )
    # What waits for a role that nobody has would wait unseen.
    undecided = Counter(
        row.line.decider
        for row in elsewhere
        if row.line.state in WAITING and row.line.decider not in deciders.held
    )
    return StartPage(
        digest=digest,
        act_now=tuple(row for row in urgent if row.offer.asks),
        # What became urgent or due meanwhile is no decision of this list, and is not left out.
        decisions=tuple(row for row in waits if row.offer.asks and row.line.id not in put_off),
        due=tuple(row for row in due if row.offer.asks),
        concerns=tuple(row for row in concerns if row.offer.asks),
        look=looks if viewer.has(Right.CORRECT) else (),
        elsewhere=elsewhere,
        has_more=len(waiting) > MOST_LOOKS or digest.more.look > 0,
        at=at,
        to_read=to_read,
        # Whoever may not say what a post is, is not asked for it: that it waits they are told.
        to_see=() if viewer.has(Right.CORRECT) else looks,
        undecided=tuple(sorted(undecided.items())),
        shut_out=shut_out,
    )
