"""The concern track and the positive track. No letter, no time limit and no police from either of them."""

from __future__ import annotations

from incidents import fact_guards as f
from incidents.facts import Fact, FactKind
from incidents.steps import Actor, Event, Transition, make_row
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import RuleKey as R

_CHOICE, _YES = FactKind.CHOICE, FactKind.YES
_WHERE = Fact("where", "where: on the school's own page, privately, or only to whoever deals with it", _CHOICE, ("school_account", "privately", "owner_informed"))  # fmt: skip
GATES = tuple(
    Fact(gate, says, _YES, is_optional=True)
    for gate, says in (
        ("author_permission", "that the author agreed"),
        ("image_permission", "that everybody in the picture agreed"),
        ("not_on_list", "that no child on the list of those not to be shown is in it"),
        ("credit", "that the author is named"),
        ("platform_consent", "that the parents agreed to this very platform"),
        ("no_identifying_detail", "that nothing in it tells who a child is"),
        ("positive_and_relevant", "that it is positive and about the school"),
        ("head_confirms", "that the head said yes"),
        ("carer_permission", "that a carer of every child agreed in writing"),
    )
)
"""What a policy may ask for before something is shared (L14, C10, G08)."""
_OPEN_THANKS = frozenset({S.GOOD_NEWS, S.THANK_PROPOSED, S.APPROVED})

FOLLOWUP_ROWS: tuple[Transition, ...] = (
    make_row("P01", Event.ACKNOWLEDGE, frozenset({S.CONCERN}), S.ACKNOWLEDGED, Actor.OPERATOR, R.ACKNOWLEDGE, "the concern was acknowledged", (_WHERE,), fact_guards=(f.answered_where,)),
    make_row("P02", Event.POINT_TO_COMPLAINTS, frozenset({S.CONCERN, S.ACKNOWLEDGED}), S.SIGNPOSTED, Actor.OPERATOR, R.COMPLAINT, "pointed to the right person, then the complaints procedure: a post is no formal complaint",
               (_WHERE,), fact_guards=(f.answered_where,)),
    make_row("P03", Event.CONCERN_ANSWERED, frozenset({S.CONCERN, S.ACKNOWLEDGED, S.SIGNPOSTED}), S.ANSWERED, Actor.OPERATOR, R.COMPLAINT, "the concern was answered", (Fact("answer", "what was done about it"),)),
    make_row("P04", Event.CONCERN_CLOSE, frozenset({S.SIGNPOSTED, S.ANSWERED}), S.CLOSED, Actor.OPERATOR, R.COMPLAINT, "the concern is dealt with"),
    make_row("P05", Event.RAISE_CONCERN, frozenset({S.CONCERN, S.ACKNOWLEDGED, S.SIGNPOSTED, S.ANSWERED}), S.AWAITING_DECISION, Actor.ANYONE, R.INAPPROPRIATE, "more than a concern: a person asks for a decision"),
    make_row("P11", Event.THANK_PROPOSE, frozenset({S.GOOD_NEWS}), S.THANK_PROPOSED, Actor.ANYONE, R.SHARING, "somebody proposes to thank or share", (Fact("proposal", "what is proposed", _CHOICE, ("thank", "share")),)),
    make_row("P12", Event.THANK_APPROVE, frozenset({S.THANK_PROPOSED}), S.APPROVED, Actor.DECIDER, R.SHARING, "approved, with every permission ticked", GATES, fact_guards=(f.sharing_gates,)),
    make_row("P13", Event.THANK, frozenset({S.APPROVED}), S.THANKED, Actor.OPERATOR, R.SHARING, "the author was thanked", (_WHERE,), fact_guards=(f.answered_where,)),
    make_row("P14", Event.SHARE, frozenset({S.APPROVED}), S.SHARED, Actor.OPERATOR, R.SHARING, "it was shared on the school's own account", (Fact("published_at", "when", FactKind.INSTANT), Fact("published_text", "the words that were published")),
               fact_guards=(f.proposed_to_share, f.deputy_posts, f.nothing_ahead("published_at"))),
    make_row("P15", Event.LEAVE, _OPEN_THANKS, S.LEFT, Actor.ANYONE, R.SHARING, "enjoyed, and left alone"),
)  # fmt: skip
