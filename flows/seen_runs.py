"""The night's numbers for one person: counted over what they may know, so that no number speaks of the rest (L31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mentionwatch.labels import Label, Scope, Verdict
from mentionwatch.model import LabelCounts, SourceRun
from warehouse.clause import Clause
from warehouse.ledger import RunRecord
from warehouse.seen import Change, changes_of
from warehouse.session import Reading


def seen_runs(reading: Reading, runs: Sequence[RunRecord], seen: Clause) -> list[RunRecord]:
    """These runs, new and edited mentions counted over what `seen` lets through.

    What sources delivered and what was not about the school stays: it says nothing of any mention.
    """
    changes = changes_of(reading, [run.run_id for run in runs], seen)
    return [_recount(run, [one for one in changes if one.run_id == run.run_id]) for run in runs]


def _recount(run: RunRecord, changes: Sequence[Change]) -> RunRecord:
    def of(label: Label) -> int:
        return sum(one.label is label for one in changes)

    counts = LabelCounts(
        collected=run.counts.collected,
        out_of_scope=run.counts.out_of_scope,
        possible=sum(one.scope is Scope.POSSIBLE for one in changes),
        positive=of(Label.POSITIVE),
        neutral=of(Label.NEUTRAL),
        concern=of(Label.CONCERN),
        inappropriate=of(Label.INAPPROPRIATE),
    )
    sources = tuple(
        _recount_source(each, [one for one in changes if one.source == each.name]) for each in run.sources
    )
    verdict = run.verdict
    if verdict is Verdict.MENTIONS and all(each.verdict is not Verdict.MENTIONS for each in sources):
        verdict = Verdict.CLEAR
    return replace(run, counts=counts, sources=sources, verdict=verdict, incidents_opened=())


def _recount_source(run: SourceRun, changes: Sequence[Change]) -> SourceRun:
    verdict = Verdict.CLEAR if run.verdict is Verdict.MENTIONS and not changes else run.verdict
    new = sum(one.is_new for one in changes)
    return replace(run, verdict=verdict, new=new, edited=len(changes) - new)
