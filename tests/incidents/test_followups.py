"""The concern track and the positive track: gates, channels, and no letter, limit or police from either."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incidents.facts import Facts
from incidents.followup_rows import FOLLOWUP_ROWS
from incidents.incident_rows import CONCERN_TRACK, GOOD_NEWS_TRACK
from incidents.protocol import find_refusal
from incidents.standing import IncidentNow
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.errors import Refused
from mentionwatch.labels import Channel, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import RuleKey
from tests.incidents.packs import (
    LLANBEDROG,
    PACKS,
    PEOPLE,
    lawful_facts,
    replaced,
    row_of,
    standing,
    take,
    with_values,
)

FORBIDDEN = {S.POLICE_HOLD, S.LETTER, S.INVITED, S.REMOVAL_WAIT, S.PLATFORM, S.PLATFORM_WAIT, S.INTERNAL}


def at(state: S, channel: Channel = Channel.OTHER, decider: Role = Role.HEAD) -> IncidentNow:
    return replace(standing(state, decider), channel=channel)


def test_no_letter_no_limit_and_no_police_from_a_concern_or_good_news() -> None:
    """L22: only a person's request for a decision leads there, through AWAITING_DECISION."""
    for state in CONCERN_TRACK | GOOD_NEWS_TRACK:
        targets = {row.target for row in TRANSITIONS if state in row.sources}
        assert not targets & FORBIDDEN
        for row in TRANSITIONS:
            if row.contact and row.event is not Event.PRESS_REPLY:
                assert state not in row.sources
    for row in FOLLOWUP_ROWS:
        for state in row.sources:
            if not find_refusal(row, at(state), Role.HEAD, LLANBEDROG):
                assert take(at(state), row.event, Role.HEAD).deadline_at is None


def test_a_concern_goes_from_acknowledged_to_answered_and_closed() -> None:
    """L07, L34: acknowledged, pointed to the procedure, answered; each by the office, none by the software."""
    now = at(S.CONCERN)
    for event, state in (
        (Event.ACKNOWLEDGE, S.ACKNOWLEDGED),
        (Event.POINT_TO_COMPLAINTS, S.SIGNPOSTED),
        (Event.CONCERN_ANSWERED, S.ANSWERED),
        (Event.CONCERN_CLOSE, S.CLOSED),
    ):
        now = replace(now, state=take(now, event, Role.OPERATOR).target)
        assert now.state is state
    for state in (S.CONCERN, S.ACKNOWLEDGED):
        assert "this step starts from" in find_refusal(
            row_of(Event.CONCERN_CLOSE), at(state), Role.HEAD, LLANBEDROG
        ), "nothing is closed that was neither answered nor pointed anywhere"
    with pytest.raises(Refused, match="what was done about it"):
        take(at(S.CONCERN), Event.CONCERN_ANSWERED, given=[])


def test_nobody_answers_in_public_on_somebody_elses_page() -> None:
    """L07: a public answer only on the school's own account; privately, or to the owner alone, anywhere."""
    for event, state in (
        (Event.ACKNOWLEDGE, S.CONCERN),
        (Event.POINT_TO_COMPLAINTS, S.CONCERN),
        (Event.THANK, S.APPROVED),
    ):
        for where in ("privately", "owner_informed"):
            assert take(at(state), event, Role.OPERATOR, given=[("where", where)])
        public = [("where", "school_account")]
        assert take(at(state, Channel.SCHOOL_ACCOUNT), event, Role.OPERATOR, given=public)
        for channel in (Channel.PERSONAL, Channel.OTHER):
            with pytest.raises(Refused, match="somebody else's page"):
                take(at(state, channel), event, Role.OPERATOR, given=public)


def test_anybody_may_ask_for_a_decision_on_a_concern_and_report_a_child_at_risk_in_it() -> None:
    """L12: an offensive turn goes to the decider at once, from any place of the track."""
    for state in CONCERN_TRACK:
        for role in PEOPLE:
            assert take(at(state), Event.RAISE_CONCERN, role).target is S.AWAITING_DECISION
            assert take(at(state), Event.SAFEGUARDING, role).target is state


def test_lawful_criticism_is_a_concern_only_when_the_decider_says_so() -> None:
    """D13: from the decision; and back by a person."""
    assert take(at(S.AWAITING_DECISION), Event.TREAT_AS_CONCERN).target is S.CONCERN
    with pytest.raises(Refused, match="only the head"):
        take(at(S.AWAITING_DECISION), Event.TREAT_AS_CONCERN, Role.OPERATOR)


@pytest.mark.parametrize(
    ("name", "gates"),
    [
        ("llanbedrog", ("author_permission", "image_permission", "not_on_list", "credit")),
        (
            "cansfield",
            ("platform_consent", "no_identifying_detail", "positive_and_relevant", "head_confirms"),
        ),
        ("caldecote", ("head_confirms",)),
        ("grappenhall_heys", ("carer_permission",)),
    ],
)
def test_nothing_is_approved_before_every_permission_of_the_policy_is_ticked(
    name: str, gates: tuple[str, ...]
) -> None:
    """L14, C10, G08: each gate by itself stands in the way, and the refusal says which."""
    pack = PACKS[name]
    now = at(S.THANK_PROPOSED, decider=pack.decider.roles[0])
    for gate in gates:
        ticked = [(one, "yes") for one in gates if one != gate]
        with pytest.raises(Refused, match=f"not ticked yet: --fact {gate}=yes"):
            take(now, Event.THANK_APPROVE, pack=pack, given=ticked)
    done = take(now, Event.THANK_APPROVE, pack=pack, given=[(gate, "yes") for gate in gates])
    assert done.target is S.APPROVED
    others = set(PEOPLE) - {now.decider}
    assert all(find_refusal(row_of(Event.THANK_APPROVE), now, role, pack) for role in others)


def test_c10_what_was_approved_is_posted_by_the_deputy() -> None:
    """C10: and by nobody else; other policies leave it to the office."""
    now = at(S.APPROVED)
    assert take(now, Event.SHARE, Role.DEPUTY, PACKS["cansfield"]).target is S.SHARED
    for role in (Role.HEAD, Role.OPERATOR, Role.SLT):
        with pytest.raises(Refused, match="the deputy posts"):
            take(now, Event.SHARE, role, PACKS["cansfield"])
        assert take(now, Event.SHARE, role).target is S.SHARED


def test_what_was_published_is_kept_with_its_time_which_is_not_ahead() -> None:
    """C10, L14: for an access request later."""
    now = at(S.APPROVED)
    given = lawful_facts(row_of(Event.SHARE), now, LLANBEDROG)
    for key in ("published_at", "published_text"):
        with pytest.raises(Refused, match="not said yet"):
            take(now, Event.SHARE, Role.OPERATOR, given=replaced(given, key))
    with pytest.raises(Refused, match="in the future"):
        late = replaced(given, "published_at", "2026-12-24T10:00Z")
        take(now, Event.SHARE, Role.OPERATOR, given=late)


def test_nothing_is_thanked_or_shared_that_was_not_approved_and_all_of_it_may_be_left() -> None:
    """L14, G08: permission is checked before, and good news may simply be enjoyed."""
    for event in (Event.THANK, Event.SHARE):
        assert row_of(event).sources == {S.APPROVED}
    for state in (S.GOOD_NEWS, S.THANK_PROPOSED, S.APPROVED):
        for role in PEOPLE:
            assert take(at(state), Event.LEAVE, role).target is S.LEFT


def test_a_gate_that_a_school_adopts_is_asked_from_then_on() -> None:
    """L14: a policy whose copy lost its list asks the usual permissions; what the school adopts stands in their place."""
    pack, now = PACKS["brighton_hill"], at(S.THANK_PROPOSED, decider=Role.SLT)
    with pytest.raises(Refused, match="--fact carer_permission=yes"):
        take(now, Event.THANK_APPROVE, pack=pack, given=[])
    with pytest.raises(Refused, match="--fact credit=yes"):
        take(now, Event.THANK_APPROVE, pack=with_values(pack, RuleKey.SHARING, "credit"), given=[])


def test_what_was_approved_as_a_thank_you_is_not_shared() -> None:
    """L14: sharing is proposed and approved as such."""
    now = replace(at(S.APPROVED), facts=Facts((("proposal", "thank"),)))
    with pytest.raises(Refused, match="propose to share it first"):
        take(now, Event.SHARE, Role.OPERATOR)
    assert take(now, Event.THANK, Role.OPERATOR).target is S.THANKED
