"""Which judged mention opens an incident, and how far it goes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from incidents.triage import opens_incident, triage
from mentionwatch.fetching import Fault
from mentionwatch.labels import (
    CaptureMethod,
    EntryKind,
    FaultKind,
    Harm,
    IncidentState,
    Label,
    PostedAtBasis,
    Role,
    Route,
    Scope,
)
from mentionwatch.model import Classification, EntryFound, Mention, Probabilities, ScopeDecision, Snapshot
from mentionwatch.school import SchoolProfile
from tests.incidents.packs import LLANBEDROG, PACKS

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
PROFILE = SchoolProfile("Ysgol Llanbedrog", (), ("Llanbedrog",))
ENTRY = EntryFound(
    "paper",
    "p1",
    EntryKind.POST,
    "https://example.org/1",
    "A title",
    "words of the post",
    NOW,
    PostedAtBasis.FEED,
)
MENTION = Mention(
    "01aa", 1, ENTRY, ENTRY.url, "f00d", ScopeDecision(Scope.CERTAIN, 1.0, ("names the school",)), NOW
)
SNAPSHOT = Snapshot(NOW, CaptureMethod.GUARDED_HTTP, ENTRY.url)
JUDGED = Classification(
    Label.NEUTRAL, Probabilities(0.1, 0.7, 0.1, 0.1), (), Route.NONE, False, (), "en", "test"
)


def test_any_scope_but_certain_opens_nothing_whatever_else_is_true() -> None:
    for scope, label, route, stop in product((Scope.POSSIBLE, Scope.OUT), Label, Route, (False, True)):
        mention = replace(MENTION, scope=ScopeDecision(scope, 0.5, ()))
        judged = replace(JUDGED, label=label, route=route, stop_image=stop)
        assert triage(mention, SNAPSHOT, judged, LLANBEDROG, PROFILE) is None


@pytest.mark.parametrize(("label", "route"), list(product(Label, Route)))
def test_inappropriate_or_serious_opens_and_lawful_criticism_does_not(label: Label, route: Route) -> None:
    """A concern is no incident unless its route is the police or safeguarding."""
    judged = replace(JUDGED, label=label, route=route)
    wanted = label is Label.INAPPROPRIATE or route in (Route.POLICE, Route.SAFEGUARDING)
    assert opens_incident(MENTION, judged) is wanted
    assert (triage(MENTION, SNAPSHOT, judged, LLANBEDROG, PROFILE) is not None) is wanted


def test_l24_triage_only_suggests_and_stops_before_the_decision() -> None:
    for label, route, stop in product(Label, Route, (False, True)):
        judged = replace(JUDGED, label=label, route=route, stop_image=stop)
        intent = triage(MENTION, SNAPSHOT, judged, LLANBEDROG, PROFILE)
        if intent is not None:
            assert intent.path[0] is IncidentState.OPENED
            assert set(intent.path[1:]) <= {IncidentState.PRESERVED, IncidentState.STOP_IMAGE}


def test_l25_a_threat_goes_the_police_route_with_the_policys_own_words_on_it() -> None:
    judged = replace(JUDGED, label=Label.INAPPROPRIATE, harms=(Harm.THREAT,), route=Route.POLICE)
    intent = triage(MENTION, SNAPSHOT, judged, LLANBEDROG, PROFILE)
    assert intent is not None
    assert (intent.route, intent.clause) == (Route.POLICE, "Internal Protocol, Step 3, Police")
    assert any("inform the police" in step and "(Internal Protocol" in step for step in intent.first_steps)
    internal = triage(MENTION, SNAPSHOT, replace(judged, route=Route.INTERNAL), LLANBEDROG, PROFILE)
    assert internal is not None and not any("police" in step for step in internal.first_steps)


def test_first_steps_are_in_the_schools_language() -> None:
    judged = replace(JUDGED, label=Label.INAPPROPRIATE, route=Route.POLICE)
    intent = triage(MENTION, SNAPSHOT, judged, LLANBEDROG, replace(PROFILE, lang="cy"))
    assert intent is not None and any("heddlu" in step for step in intent.first_steps)


def test_b13_the_stop_rule_outranks_every_route_and_every_pack() -> None:
    for pack in PACKS.values():
        judged = replace(JUDGED, label=Label.POSITIVE, route=Route.NONE, stop_image=True)
        intent = triage(MENTION, SNAPSHOT, judged, pack, PROFILE)
        assert intent is not None
        assert intent.path == (IncidentState.OPENED, IncidentState.STOP_IMAGE)
        assert (intent.kind, intent.route) == ("possible illegal image", Route.SAFEGUARDING)
        assert intent.first_steps[0].startswith("Do not open, copy, forward or print")


def test_l17_l18_a_gap_in_the_evidence_is_written_down_and_not_filled() -> None:
    judged = replace(JUDGED, label=Label.INAPPROPRIATE)
    mention = replace(MENTION, entry=replace(ENTRY, posted_at=None, posted_at_basis=PostedAtBasis.UNKNOWN))
    failed = replace(SNAPSHOT, fault=Fault(FaultKind.TIMEOUT, "no answer in 20 s"))
    intent = triage(mention, failed, judged, LLANBEDROG, PROFILE)
    assert intent is not None
    assert "time of posting unknown: the source does not give it" in intent.reasons
    assert "page not copied: timeout" in intent.reasons
    whole = triage(MENTION, SNAPSHOT, judged, LLANBEDROG, PROFILE)
    assert whole is not None and whole.reasons == ()


def test_l31_a_post_about_the_head_starts_with_the_deputy() -> None:
    judged = replace(JUDGED, label=Label.INAPPROPRIATE)
    mention = replace(MENTION, entry=replace(ENTRY, text="The headteacher is a crook"))
    intent = triage(mention, SNAPSHOT, judged, LLANBEDROG, PROFILE)
    assert intent is not None and intent.decider is Role.DEPUTY


@pytest.mark.parametrize("name", PACKS)
def test_an_intent_names_its_pack_and_its_clause_and_holds_no_word_of_the_post(name: str) -> None:
    entry = replace(ENTRY, title="zeppelin headteacher", text="marzipan threat", author="@quagga")
    for harm in Harm:
        judged = replace(JUDGED, label=Label.INAPPROPRIATE, harms=(harm,), route=Route.INTERNAL)
        intent = triage(replace(MENTION, entry=entry), SNAPSHOT, judged, PACKS[name], PROFILE)
        assert intent is not None
        assert intent.pack == PACKS[name].version
        clause = PACKS[name].clause_for((harm,))
        assert intent.clause == (clause.cite() if clause else "not set by your policy")
        shown = " ".join((intent.summary, intent.kind, intent.clause, *intent.reasons, *intent.first_steps))
        assert not any(word in shown for word in ("zeppelin", "marzipan", "quagga"))
