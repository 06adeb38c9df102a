"""One night as plain functions: what happens to one source, from look to a value ready to store.

No Prefect, no database. `flows/sweep.py` gives these functions their order, retries and schedule.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from classifiers.model import Classifier, TextToClassify
from classifiers.scope import Scoper
from collectors.base import Collector, CollectRequest, Secret
from evidence.capture import capture, withhold
from flows.shadow import show_sample
from incidents.permissions import find_subjects, fingerprint
from incidents.triage import opens_incident, triage, triage_again, words_ask
from mentionwatch.fetching import Fault, Fetch, Fetched, FetchRequest
from mentionwatch.ids import content_sha256, mention_id
from mentionwatch.labels import FaultKind, Scope, Verdict, outweighs_a_person
from mentionwatch.model import (
    Classification,
    Collected,
    CollectResult,
    EntryFound,
    Faulted,
    KnownItem,
    Mention,
    MentionWrite,
    ScopeDecision,
    SourceNight,
    SourceRun,
    Unchanged,
)
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolProfile
from mentionwatch.urls import canonical_url
from warehouse.reading import StoredSource

BLINDING = frozenset(FaultKind) - {FaultKind.TRUNCATED, FaultKind.EMPTY, FaultKind.FROZEN}
"""Faults after which nothing was seen, unless entries came all the same."""


PUBLIC_STATES = frozenset({"reverted"})
"""Flags that are part of what the public sees: a change of one is a new revision."""


NEVER_SEEN = StoredSource(cursor=None, known={}, buried={}, last_ok_at=None)
"""What is stored about a source before its first look."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of one night, built once and shared by all sources.

    `is_shadow`: the classifier opens no incident tonight. `sample_every`: one in so many of those it is sure of is
    shown to a person; 0 is none.
    """

    run_id: str
    now: datetime
    profile: SchoolProfile
    pack: PolicyPack
    scoper: Scoper
    classifier: Classifier
    fetch: Fetch
    credentials: Mapping[str, Secret]
    is_shadow: bool = False
    sample_every: int = 0


@dataclass(frozen=True, slots=True)
class _InScope:
    entry: EntryFound
    decision: ScopeDecision
    content: str
    known: KnownItem | None


def collect(collector: Collector, start: StoredSource, stages: Stages) -> CollectResult:
    """Look at one source, unless nobody has agreed to its terms or its credentials are missing."""
    spec = collector.spec
    if not spec.terms_ok_by or spec.terms_ok_on is None:
        return Faulted(
            Fault(
                FaultKind.TERMS,
                "nobody has agreed to this source's terms: set terms_ok_by and terms_ok_on in sources.toml",
            )
        )
    prefix = f"{spec.collector}."
    own = {
        key.removeprefix(prefix): value for key, value in stages.credentials.items() if key.startswith(prefix)
    }
    return collector.collect(
        CollectRequest(
            profile=stages.profile,
            cursor=start.cursor,
            known=start.known,
            now=stages.now,
            fetch=stages.fetch,
            credentials=own,
        )
    )


def _decide_scope(
    entry: EntryFound, known: KnownItem | None, collector: Collector, scoper: Scoper
) -> ScopeDecision:
    if collector.spec.about_us:
        return ScopeDecision(Scope.CERTAIN, 1.0, ("everything at this source is about the school",))
    decision = scoper.decide(entry.title, entry.text, entry.url, entry.place or collector.spec.place)
    if decision.scope is Scope.OUT and known is not None:
        # An edit that takes the name out must not take the post out of sight: it was about us.
        return ScopeDecision(
            Scope.POSSIBLE,
            decision.score,
            ("an earlier version of this post was about the school", *decision.reasons),
        )
    return decision


def select(
    entries: Sequence[EntryFound], start: StoredSource, collector: Collector, scoper: Scoper
) -> tuple[list[_InScope], int]:
    """New or changed entries about the school, and how many were out of scope (those are dropped here, L02)."""
    chosen: dict[tuple[str, str], _InScope] = {}
    out = 0
    for entry in entries:
        known = start.known.get(entry.native_id)
        decision = None
        if known is None and not start.buried:
            # Most entries of most nights end here, before anything is hashed.
            decision = _decide_scope(entry, known, collector, scoper)
            if decision.scope is Scope.OUT:
                out += 1
                continue
        content = content_sha256(
            entry.title, entry.text, tuple(flag for flag in entry.flags if flag in PUBLIC_STATES)
        )
        if known is not None and known.content_sha256 == content and not known.is_gone:
            continue
        id_ = mention_id(entry.source, entry.native_id)
        is_foreign = known is None and id_ in start.not_ours
        if start.buried.get(id_) in ("", content):
            # Erased or purged: it must not come back by the same door. Counted only where a person judged it not ours.
            out += is_foreign
            continue
        decision = decision or _decide_scope(entry, known, collector, scoper)
        if decision.scope is Scope.OUT or (is_foreign and not outweighs_a_person(decision.scope)):
            out += 1
        else:
            chosen[(entry.native_id, content)] = _InScope(entry, decision, content, known)
    return list(chosen.values()), out


def judge(
    found: Sequence[_InScope], classifier: Classifier, names: tuple[str, ...] = ()
) -> list[Classification]:
    """Classify all of a source's new mentions in one batch. Comes before capture: the text alone may forbid fetching (T04).

    `names` are the school's: of a long article the passages that hold one are judged.
    """
    return classifier.classify(
        [TextToClassify(item.entry.title, item.entry.text, names=names) for item in found]
    )


def prepare_write(
    item: _InScope, judged: Classification, collector: Collector, stages: Stages
) -> MentionWrite:
    """Capture the evidence of one mention and propose an incident where the pack wants one."""
    entry = item.entry
    mention = Mention(
        id=mention_id(entry.source, entry.native_id),
        revision=item.known.revision + 1 if item.known else 1,
        entry=entry,
        canonical_url=canonical_url(entry.url),
        content_sha256=item.content,
        scope=item.decision,
        captured_at=stages.now,
    )
    source_url = collector.urls[0] if collector.urls else entry.url
    snapshot = (
        withhold(entry, stages.now)
        if judged.stop_image
        else capture(entry, source_url, stages.fetch, stages.now)
    )
    intent = triage(mention, snapshot, judged, stages.pack, stages.profile, is_withheld=stages.is_shadow)
    again = triage_again(mention, snapshot, judged, stages.pack, stages.profile)
    asks = words_ask(judged)
    if not opens_incident(mention, judged):
        judged = show_sample(mention.id, judged, stages.sample_every)
    about = find_subjects(f"{entry.title}\n{entry.text}", stages.profile)
    return MentionWrite(
        mention, snapshot, judged, intent, about, fingerprint(stages.profile), again=again, asks=asks
    )


_THINKING = threading.Lock()
"""One source at a time is weighed: threads that compute side by side only hand Python's own lock to and fro."""


def _step_aside(fetch: Fetch) -> Fetch:
    """The same door; whoever waits there lets another source be weighed meanwhile."""

    def fetch_aside(request: FetchRequest) -> Fetched | Fault:
        _THINKING.release()
        try:
            return fetch(request)
        finally:
            _THINKING.acquire()

    return fetch_aside


def give_verdict(fault: Fault | None, fetched: int, changed: int) -> Verdict:
    """Of one source. Blind: nothing could be seen. Degraded: something was, but not all of it."""
    if fault is None:
        return Verdict.MENTIONS if changed else Verdict.CLEAR
    if fault.kind in BLINDING and not fetched:
        return Verdict.BLIND
    return Verdict.DEGRADED


def look_at(collector: Collector, start: StoredSource, stages: Stages) -> SourceNight:
    """Take one source through the night: collect, scope, classify, capture, triage."""
    spec = collector.spec
    result = collect(collector, start, stages)
    if isinstance(result, Faulted):
        return unseen(spec.name, spec.collector, result.fault, stages.run_id, start.last_ok_at)
    if isinstance(result, Unchanged):
        run = SourceRun(
            spec.name,
            spec.collector,
            give_verdict(result.fault, 1, 0),
            fault=result.fault,
            last_ok_at=stages.now,
        )
        return SourceNight(stages.run_id, run, result.cursor)
    return _weigh(result, collector, start, stages)


def _weigh(result: Collected, collector: Collector, start: StoredSource, stages: Stages) -> SourceNight:
    spec = collector.spec
    with _THINKING:
        found, out = select(result.entries, start, collector, stages.scoper)
        aside = replace(stages, fetch=_step_aside(stages.fetch))
        writes = [
            prepare_write(item, judged, collector, aside)
            for item, judged in zip(
                found, judge(found, stages.classifier, stages.profile.called), strict=True
            )
        ]
    new = len({item.entry.native_id for item in found if item.known is None})
    edited = len({item.entry.native_id for item in found if item.known is not None})
    run = SourceRun(
        name=spec.name,
        collector=spec.collector,
        verdict=give_verdict(result.fault, result.fetched, new + edited),
        fetched=result.fetched,
        new=new,
        edited=edited,
        gone=len(result.gone),
        out_of_scope=out,
        fault=result.fault,
        last_ok_at=stages.now if result.fault is None or result.fetched else start.last_ok_at,
        not_looked_at=result.not_looked_at,
    )
    return SourceNight(stages.run_id, run, result.cursor, tuple(writes), result.gone)


def unseen(name: str, collector: str, fault: Fault, run_id: str, last_ok_at: datetime | None) -> SourceNight:
    """The night of a source that could not be looked at: the cursor stays, nothing is lost."""
    return SourceNight(
        run_id, SourceRun(name, collector, Verdict.BLIND, fault=fault, last_ok_at=last_ok_at), None
    )


def whole_verdict(runs: Sequence[SourceRun]) -> Verdict:
    """Of the night. Clear only when every source was seen whole."""
    verdicts = {run.verdict for run in runs}
    if not verdicts or verdicts == {Verdict.BLIND}:
        return Verdict.BLIND
    if verdicts & {Verdict.BLIND, Verdict.DEGRADED}:
        return Verdict.DEGRADED
    return Verdict.MENTIONS if Verdict.MENTIONS in verdicts else Verdict.CLEAR


def withdraw_secrets(fault: Fault, secrets: Sequence[str]) -> Fault:
    """A fault without any credential that a library may have put into its message."""
    detail = fault.detail
    for secret in secrets:
        if secret:
            detail = detail.replace(secret, "…")
    return replace(fault, detail=detail)
