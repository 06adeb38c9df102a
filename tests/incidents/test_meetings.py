"""Invitation, meeting, letter, limit and the look afterwards: why a step is refused for what it states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.fact_guards import MEETING_POINTS
from incidents.facts import Facts
from incidents.standing import DocumentKind, DocumentMade, Track, TrackState
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.errors import Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role
from mentionwatch.policy import RuleKey
from tests.incidents.packs import (
    LLANBEDROG,
    NOW,
    PACKS,
    PEOPLE,
    standing,
    with_values,
)
from tests.incidents.trying import move, refused

HOURS = timedelta(hours=1)


def test_l29_an_invitation_by_word_of_mouth_is_recorded_and_one_by_letter_is_on_file() -> None:
    """L29."""
    for means in ("in_person", "telephone"):
        refused("word of mouth", S.PREPARED, Event.INVITE, ("means", means), ("said",))
    bare = standing(S.PREPARED, documents=())
    refused("no invitation on file", S.PREPARED, Event.INVITE, ("means", "letter"), now=bare)
    assert move(S.PREPARED, Event.INVITE, ("means", "letter"), ("said",)).target is S.INVITED


def test_an_invitation_is_to_a_time_that_lies_ahead() -> None:
    for event, state in ((Event.INVITE, S.PREPARED), (Event.REARRANGE, S.INVITED)):
        refused("in the past", state, event, ("meeting_at", (NOW - HOURS).isoformat()))


def test_tension_1_the_head_decides_and_may_let_somebody_else_invite() -> None:
    """L06, tension 1: the delegate invites, nobody else does, and decides nothing."""
    now = standing(S.PREPARED, facts=(("delegate", "slt"),))
    assert move(S.PREPARED, Event.INVITE, now=now, role=Role.SLT).target is S.INVITED
    refused("only the head", S.PREPARED, Event.INVITE, now=now, role=Role.DEPUTY)
    refused("only the head", S.PREPARED, Event.INVITE, role=Role.SLT)
    refused("only the head", S.PREPARED, Event.WRITE_INSTEAD, now=now, role=Role.SLT)


def test_g10_who_asks_for_removal_is_the_packs_to_say() -> None:
    """G10: anyone at Grappenhall Heys, senior leaders at Llanbedrog, nobody at Cansfield but for staff."""
    asked: dict[str, set[Role]] = {}
    for name in ("llanbedrog", "grappenhall_heys", "cansfield"):
        pack = PACKS[name]
        asked[name] = set()
        for role in PEOPLE:
            try:
                now = standing(S.PREPARED, pack.decider.roles[0])
                move(S.PREPARED, Event.ASK_REMOVAL, now=now, pack=pack, role=role)
                asked[name].add(role)
            except Refused:
                continue
    assert asked["llanbedrog"] == {Role.HEAD, Role.CO_HEAD, Role.DEPUTY, Role.SLT}
    assert asked["grappenhall_heys"] == set(PEOPLE)
    assert asked["cansfield"] == set()
    only_decider = with_values(LLANBEDROG, RuleKey.ASK_REMOVAL, "decider")
    refused("does not let the slt", S.PREPARED, Event.ASK_REMOVAL, pack=only_decider, role=Role.SLT)


def test_l30_dealing_in_writing_needs_its_reason() -> None:
    """L30."""
    refused("health and safety reason", S.PREPARED, Event.WRITE_INSTEAD, ("risk",))


def test_l33_a_meeting_is_not_held_without_a_witness_who_takes_the_minutes() -> None:
    """L33."""
    refused("took the minutes", S.INVITED, Event.MET, ("minute_taker",))
    refused("in the future", S.INVITED, Event.MET, ("met_at", (NOW + HOURS).isoformat()))


@pytest.mark.parametrize("point", MEETING_POINTS)
def test_l34_every_point_of_the_meeting_is_done_not_done_or_not_applicable(point: str) -> None:
    """L34."""
    rest = [f"{one}: done" for one in MEETING_POINTS if one != point]
    refused(f"lacks: {point}", S.INVITED, Event.MET, ("checklist", *rest))
    for value in ("not done", "not applicable"):
        assert move(S.INVITED, Event.MET, ("checklist", *rest, f"{point}: {value}")).target is S.MET
    refused("is no point", S.INVITED, Event.MET, ("checklist", *rest, f"{point}: perhaps"))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("ended 2026-11-24T09:30Z",), "missing: reminder"),
        (("reminder 2026-11-24T09:20Z",), "missing: ended"),
        (("reminder 2026-11-24T09:20Z", "asked_to_leave 2026-11-24T09:40Z"), "missing: ended"),
        (("ended 2026-11-24T09:20Z", "reminder 2026-11-24T09:30Z"), "out of order"),
        (("reminder 2026-11-24T09:30Z", "ended 2026-11-24T09:20Z"), "out of order"),
        (("reminder 2026-11-24T09:20Z", "ended soon"), "has no time"),
        (("reminder 2026-11-24T09:20Z", "ended 2026-11-24T09:30"), "has no time"),
        (("reminder 2026-11-24T09:20+01:00", "ended 2026-11-24T09:10+02:00"), "out of order"),
        (("shouted 2026-11-24T09:20Z", "ended 2026-11-24T09:30Z"), "out of order"),
    ],
)
def test_l35_the_ladder_of_courtesy_is_climbed_rung_by_rung(lines: tuple[str, ...], why: str) -> None:
    """L35: reminder, end, request to leave, police, each with its time; never an end without a reminder."""
    refused(why, S.MET, Event.MEETING_ENDED, ("ladder", *lines))


def test_l35_a_ladder_across_time_zones_is_read_as_instants() -> None:
    """L35: nine o'clock in London in summer is before half past eight at Greenwich."""
    lines = ("reminder 2026-07-01T09:00+01:00", "ended 2026-07-01T08:30+00:00")
    assert move(S.MET, Event.MEETING_ENDED, ("ladder", *lines)).target is S.LETTER


def test_l36_minutes_go_out_with_date_and_method_and_are_on_file() -> None:
    """L36."""
    for key in ("shared_at", "method"):
        refused("not said yet", S.MET, Event.MINUTES_SHARED, (key,), role=Role.OPERATOR)
    bare = standing(S.MET, documents=())
    refused("no minutes on file", S.MET, Event.MINUTES_SHARED, now=bare, role=Role.OPERATOR)


def test_l37_nobody_failed_to_come_to_a_meeting_that_is_still_ahead() -> None:
    """L37, T24."""
    ahead = standing(S.INVITED, facts=(("meeting_at", (NOW + HOURS).isoformat()),))
    refused("has not been yet", S.INVITED, Event.NO_SHOW, now=ahead)
    past = standing(S.INVITED, facts=(("meeting_at", (NOW - HOURS).isoformat()),))
    assert move(S.INVITED, Event.NO_SHOW, now=past).target is S.LETTER


def test_l21_a_picture_goes_into_a_letter_only_when_a_person_ticked_that_nobody_can_be_told_from_it() -> None:
    """L21: neither the informer nor the account it was seen through; text alone needs no tick."""
    why = "a picture is enclosed"
    changes = (("screenshot", "yes"), ("identities_hidden",))
    refused(why, S.LETTER, Event.LETTER_SENT, *changes, role=Role.OPERATOR)
    assert (
        move(S.LETTER, Event.LETTER_SENT, ("screenshot", "no"), ("identities_hidden",)).target
        is S.REMOVAL_WAIT
    )


def test_l38_a_letter_goes_by_recorded_delivery_and_what_became_of_it_is_kept() -> None:
    """L38: tracking reference and delivery status are fields."""
    refused("tracking reference", S.LETTER, Event.LETTER_SENT, ("tracking",))
    waits = standing(S.REMOVAL_WAIT, facts=(("tracking", "AB 123"),))
    for status in ("delivered", "refused", "returned", "in_transit"):
        done = move(S.REMOVAL_WAIT, Event.DELIVERY, ("delivery", status), ("tracking",), now=waits)
        assert (done.facts.get("delivery"), done.target) == (status, S.REMOVAL_WAIT)
    refused("must be its status", S.REMOVAL_WAIT, Event.DELIVERY, ("delivery", "lost"), now=waits)


def test_t27_another_person_reads_the_letter_first() -> None:
    """L41, T27: neither who wrote it nor who sends it, however it is spelt."""
    made = (DocumentMade(DocumentKind.REMOVAL, "The Writer"),)
    now = standing(S.LETTER, documents=made)
    for reader in ("the writer", "THE OFFICE"):
        refused("another person reads it", S.LETTER, Event.LETTER_SENT, ("second_reader", reader), now=now)
    refused("second person", S.LETTER, Event.LETTER_SENT, ("second_reader",), now=now)


def test_t27_a_letter_that_was_given_to_be_read_waits_for_the_second_reader() -> None:
    """L41, T27: it waits for the answer and stays when it is not right; a letter made since was not read."""
    made = DocumentMade(DocumentKind.REMOVAL, "the writer", made_at=NOW - HOURS)
    given = replace(standing(S.LETTER, documents=(made,)), tracks=((Track.LETTER_CHECK, TrackState.OPEN),), since=((Track.LETTER_CHECK, NOW),))  # fmt: skip
    assert move(S.LETTER, Event.LETTER_CHECK_ASKED).target is S.LETTER
    refused("with its second reader", S.LETTER, Event.LETTER_SENT, now=given)
    for found in ("right", "not_right"):
        assert move(S.LETTER, Event.LETTER_READ, ("letter_found", found), now=given, role=Role.DSL).target is S.LETTER  # fmt: skip
    refused("does not read it second", S.LETTER, Event.LETTER_READ, now=replace(given, actor="The Writer"))
    refused("made again", S.LETTER, Event.LETTER_READ, now=replace(given, since=((Track.LETTER_CHECK, NOW - 2 * HOURS),)))  # fmt: skip
    read = replace(given, tracks=((Track.LETTER_CHECK, TrackState.DONE),))
    wrong = replace(read, facts=read.facts.with_more(Facts((("letter_found", "not_right"),))))
    refused("make it again", S.LETTER, Event.LETTER_SENT, now=wrong)
    later = replace(made, made_at=NOW + HOURS)
    assert move(S.LETTER, Event.LETTER_SENT, now=replace(wrong, documents=(made, later), at=NOW + 3 * HOURS)).target is S.REMOVAL_WAIT  # fmt: skip
    assert move(S.LETTER, Event.LETTER_SENT, now=read).target is S.REMOVAL_WAIT
    about = replace(given, subjects=frozenset({Role.DEPUTY}))
    refused("mentions the deputy", S.LETTER, Event.LETTER_READ, now=about, role=Role.DEPUTY)


def test_no_letter_goes_out_that_is_not_on_file_or_quotes_law_that_has_run_out() -> None:
    """I4, L37, T27."""
    bare = standing(S.LETTER, documents=())
    refused("no removal on file", S.LETTER, Event.LETTER_SENT, now=bare)
    stale = standing(S.LETTER, documents=(DocumentMade(DocumentKind.REMOVAL, "a person", False),))
    refused("has run out", S.LETTER, Event.LETTER_SENT, now=stale)


def test_l39_a_letter_whose_own_limit_is_too_soon_after_posting_is_made_again() -> None:
    """L39, I5: what stands in the letter is at least 48 hours after it was posted."""
    made = DocumentMade(DocumentKind.REMOVAL, "a person", True, NOW + timedelta(hours=8))
    refused("too soon", S.LETTER, Event.LETTER_SENT, now=standing(S.LETTER, documents=(made,)))


def test_l39_a_limit_is_extended_and_never_shortened() -> None:
    """L39, T30."""
    limit = NOW + timedelta(days=2)
    now = standing(S.REMOVAL_WAIT, deadline_at=limit)
    for until in (limit, limit - HOURS):
        refused("never earlier", S.REMOVAL_WAIT, Event.EXTEND, ("until", until.isoformat()), now=now)
    done = move(S.REMOVAL_WAIT, Event.EXTEND, ("until",), now=now)
    assert done.deadline_at is not None and done.deadline_at > limit


def test_l42_the_post_is_looked_at_again_and_what_was_found_is_one_of_four() -> None:
    """L42, T29: still up only after the limit; then close, report or extend, and nothing else."""
    for found in ("removed", "still_up", "changed", "cannot_tell"):
        done = move(S.REMOVAL_WAIT, Event.CHECKED, ("found", found))
        assert (done.facts.get("found"), done.target) == (found, S.REMOVAL_WAIT)
    refused("not said yet", S.REMOVAL_WAIT, Event.CHECKED, ("looked_at",))
    early = standing(S.REMOVAL_WAIT, deadline_at=NOW + HOURS)
    refused("has not passed", S.REMOVAL_WAIT, Event.STILL_UP, now=early)
    late = standing(S.REMOVAL_WAIT, deadline_at=NOW - HOURS)
    assert move(S.REMOVAL_WAIT, Event.STILL_UP, now=late).target is S.PLATFORM
    onward = {row.target for row in TRANSITIONS if S.REMOVAL_WAIT in row.sources and row.target}
    assert onward == {S.RESOLVED, S.PLATFORM, S.POLICE_HOLD, S.STOP_IMAGE, S.MERGED}


def test_t28_gone_is_believed_after_two_looks_apart() -> None:
    """L42: six hours between them, and none of them ahead."""
    first = (NOW - timedelta(hours=6)).isoformat()
    near = ("first_gone_at", (NOW - timedelta(hours=5)).isoformat())
    refused("six hours apart", S.REMOVAL_WAIT, Event.REMOVED, near, ("checked_at", NOW.isoformat()))
    done = move(S.REMOVAL_WAIT, Event.REMOVED, ("first_gone_at", first), ("checked_at", NOW.isoformat()))
    assert done.target is S.RESOLVED
    ahead = ("checked_at", (NOW + HOURS).isoformat())
    refused("in the future", S.REMOVAL_WAIT, Event.REMOVED, ahead)
