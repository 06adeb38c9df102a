"""Processor time of each stage, in microseconds an item: where a night's work goes.

    python -m bench.stages [--one-in 25] [--rounds 3]

One thread, a server without latency, the real functions in the night's order. `fetch` counts our side of a
request only; `parse` runs in this process what the parsing children run in theirs, `hand over` is the pipe
to such a child and back, as seen from here.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.feeds import serving, write_home
from bench.our_nights import FIRST_NIGHT
from collectors.conditional import fault_for_status
from collectors.feed_entries import EntryRules, build_entries
from collectors.feed_hardening import harden
from collectors.feed_parse import parse
from collectors.feed_state import FeedState
from collectors.parser_pool import MOST_ITEMS, ParsedFeed, ParserPool
from flows.digest import write_digest
from flows.home import Home, read_home
from flows.learning import model_in_use
from flows.night import NEVER_SEEN, Stages, give_verdict, judge, prepare_write, select
from flows.running import close_night, open_night
from mentionwatch.fetching import Fetched, FetchRequest
from mentionwatch.labels import EntryKind
from mentionwatch.model import EntryFound, MentionWrite, SourceNight, SourceRun
from mentionwatch.settings import read_environment
from warehouse.publish import publish
from warehouse.store import store_nights


@dataclass(slots=True)
class Clockwork:
    """Processor seconds and counts by stage, in the order of the first use."""

    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, count: int) -> Iterator[None]:
        """Charge the processor time of the block to a stage that handled `count` things."""
        began = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - began
        self.counts[name] = self.counts.get(name, 0) + count


def _entries(
    watch: Clockwork, answer: Fetched, rules: EntryRules, pool: ParserPool
) -> tuple[EntryFound, ...]:
    items = answer.body.count(b"<item>")
    kind = answer.header("content-type")
    with watch.stage("parse", items):
        parse(answer.body, answer.url_final, kind, MOST_ITEMS)
    with watch.stage("hand over", items):
        parsed = pool.parse(answer.body, answer.url_final, kind)
    assert isinstance(parsed, ParsedFeed)
    with watch.stage("entries", items):
        return build_entries(parsed.items, rules, FeedState(), {}).entries


def _look(
    watch: Clockwork,
    name: str,
    urls: tuple[str, ...],
    stages: Stages,
    pool: ParserPool,
    night_of: Callable[[str], object],
) -> SourceNight:
    collector = night_of(name)
    from collectors.feed import FeedCollector

    assert isinstance(collector, FeedCollector)
    with watch.stage("fetch", 1):
        answer = stages.fetch(FetchRequest(url=urls[0], source_url=urls[0]))
    assert isinstance(answer, Fetched) and fault_for_status(answer) is None, answer
    rules = EntryRules(collector.spec, EntryKind.ARTICLE, urls[0], stages.now)
    entries = _entries(watch, answer, rules, pool)
    with watch.stage("scope", len(entries)):
        found, out = select(entries, NEVER_SEEN, collector, stages.scoper)
    with watch.stage("classify", len(found)):
        judged = judge(found, stages.classifier)
    with watch.stage("capture", len(found)):
        writes: Sequence[MentionWrite] = [
            prepare_write(item, one, collector, stages) for item, one in zip(found, judged, strict=True)
        ]
    run = SourceRun(
        name, "feed", give_verdict(None, len(entries), len(found)), len(entries), len(found), out_of_scope=out
    )
    return SourceNight(stages.run_id, run, None, tuple(writes))


def measure(folder: Path, urls: Sequence[str]) -> Clockwork:
    """One night by hand, stage after stage."""
    watch = Clockwork()
    write_home(folder, urls)
    config = read_home(Home(folder), read_environment())
    pool = ParserPool()
    with open_night(config, FIRST_NIGHT, [], model_in_use(str(folder))) as night:
        # Both load what they need at the first use: that belongs to start-up.
        night.stages.classifier.classify([])
        harden()
        parse(b"<rss/>", "", "", 1)
        nights = [
            _look(watch, name, collector.urls, night.stages, pool, night.collectors.__getitem__)
            for name, collector in night.collectors.items()
        ]
        items = sum(one.run.fetched for one in nights)
        kept = sum(len(one.writes) for one in nights)
        with watch.stage("store", kept), night.warehouse.writer() as writing:
            store_nights(writing, nights, night.stages.now)
        for one in nights:
            night.runs[one.run.name] = one.run
        with watch.stage("ledger", 1):
            close_night(night, "")
        with watch.stage("publish", 1):
            publish(night.warehouse)
        with watch.stage("digest", 1):
            write_digest(config.home, config.school, config.pack, night.stages.now)
    pool.close()
    watch.counts["all"] = items
    return watch


def main() -> None:
    """Print each stage's processor time: per thing it handled, and per collected item."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--one-in", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    runs: list[Clockwork] = []
    with (
        serving(given.feeds, 25, given.one_in, 0.0) as server,
        tempfile.TemporaryDirectory(prefix="bench-") as name,
    ):
        for number in range(given.rounds):
            runs.append(measure(Path(name) / str(number), server.urls))
    items = runs[0].counts.pop("all")
    print(f"{items} items, 1 in {given.one_in} about the school, median of {given.rounds}")
    print(f"{'stage':<10} {'things':>7} {'us each':>10} {'us per item':>12}")
    whole = 0.0
    for stage in runs[0].seconds:
        seconds = statistics.median(run.seconds[stage] for run in runs)
        count = runs[0].counts[stage]
        whole += seconds
        print(f"{stage:<10} {count:>7} {seconds / max(1, count) * 1e6:>10.0f} {seconds / items * 1e6:>12.1f}")
    print(f"{'all':<10} {items:>7} {'':>10} {whole / items * 1e6:>12.1f}")


if __name__ == "__main__":
    main()
