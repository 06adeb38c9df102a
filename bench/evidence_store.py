"""The evidence store: storing, verifying and growing, each beside the least that could be done with the same bytes.

    python -m bench.evidence_store [--captures 20000] [--hours 168] [--rounds 3] [--folder FOLDER]

A capture is a post of 40 words with a WARC of about 12 kB. Seconds are of the wall clock and, as they are little
worth on a machine that others use too, of this process. `floor` of verifying: unzip and hash the same bytes and
nothing else. `floor` of storing: zip the same bytes and write them to one file, flushed after each run. `floor` of
growing: one file with the same sealed bytes, end to end.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import zstandard

from mentionwatch.ids import content_sha256, digest, mention_id
from mentionwatch.labels import CaptureMethod, EntryKind, Label, PostedAtBasis, Route, Scope, Verdict
from mentionwatch.model import (
    Classification,
    Cursor,
    EntryFound,
    Mention,
    MentionWrite,
    Probabilities,
    Reason,
    ScopeDecision,
    Snapshot,
    SourceNight,
    SourceRun,
)
from warehouse.connection import Warehouse
from warehouse.objects import ZSTD_LEVEL
from warehouse.publish import publish
from warehouse.reading import list_mentions
from warehouse.rewrite import rewrite
from warehouse.store import store_nights
from warehouse.verify import verify_evidence

START = datetime(2026, 11, 1, tzinfo=UTC)
PAGE_BYTES = 12_000


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the wall clock and of this process."""

    wall_s: float
    processor_s: float

    def rate(self, count: int) -> str:
        """Things a second, by both clocks."""
        return f"{count / self.wall_s:9,.0f}/s wall {count / self.processor_s:9,.0f}/s processor"


def timed(work: Callable[[], object]) -> Took:
    """How long it takes once."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - processor)


def make_write(number: int, dice: random.Random, words: Sequence[str], at: datetime) -> MentionWrite:
    """One capture; half of its page is the site's own and the same every time."""
    text = " ".join(dice.choices(words, k=40))
    url, title = f"https://example.org/{number}", f"Post {number}"
    entry = EntryFound(
        source="bench", native_id=str(number), kind=EntryKind.POST, url=url, title=title, text=text, posted_at=at,
        posted_at_basis=PostedAtBasis.FEED, author=f"user{number % 977}", raw=b"", raw_media_type="",
    )  # fmt: skip
    page = f"WARC/1.1\r\n{url}\r\n{text} ".encode() + " ".join(words).encode()[: PAGE_BYTES // 2]
    body = page + " ".join(dice.choices(words, k=1000)).encode()[: PAGE_BYTES - len(page)]
    snapshot = Snapshot(
        captured_at=at, method=CaptureMethod.GUARDED_HTTP, url_requested=url, url_final=url, http_status=200, warc=body,
        warc_sha256=digest(body), page_sha256=digest(body), text=text, text_sha256=digest(text.encode()), software="bench",
    )  # fmt: skip
    judged = Classification(
        label=Label.NEUTRAL, probabilities=Probabilities(0.1, 0.7, 0.1, 0.1), harms=(), route=Route.NONE, needs_person=False,
        reasons=(Reason(f"says {text[:12]}", 0.5, (0, 3)),), lang="en", model="bench", stop_image=False,
    )  # fmt: skip
    mention = Mention(
        id=mention_id("bench", str(number)), revision=1, entry=entry, canonical_url=url,
        content_sha256=content_sha256(title, text), scope=ScopeDecision(Scope.CERTAIN, 0.9, ("names the school",)), captured_at=at,
    )  # fmt: skip
    return MentionWrite(mention, snapshot, judged, None)


def make_nights(captures: int, hours: int) -> list[SourceNight]:
    """The hourly runs of `hours` hours with `captures` captures between them."""
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 9))) for _ in range(3000)]
    nights = []
    for hour in range(hours):
        at = START + timedelta(hours=hour)
        numbers = range(captures * hour // hours, captures * (hour + 1) // hours)
        writes = tuple(make_write(number, dice, words, at) for number in numbers)
        run = SourceRun("bench", "feed", Verdict.CLEAR, fetched=len(writes), out_of_scope=0, last_ok_at=at)
        nights.append(SourceNight(f"run-{hour:05}", run, Cursor("{}"), writes, ()))
    return nights


def store(warehouse: Warehouse, nights: Sequence[SourceNight]) -> None:
    """Each run in a transaction of its own, folded in at its end, as a sweep does."""
    for hour, night in enumerate(nights):
        with warehouse.writer() as writing:
            store_nights(writing, [night], START + timedelta(hours=hour))
        warehouse.checkpoint()


def bodies(nights: Sequence[SourceNight]) -> Iterator[list[bytes]]:
    """The bytes of evidence of each run."""
    for night in nights:
        yield [body for write in night.writes for body in (write.snapshot.warc, write.snapshot.text.encode())]


def store_bare(path: Path, nights: Sequence[SourceNight]) -> list[bytes]:
    """The floor of storing; returns what was zipped."""
    packer, done = zstandard.ZstdCompressor(level=ZSTD_LEVEL), list[bytes]()
    with path.open("wb") as file:
        for run in bodies(nights):
            for body in run:
                done.append(packer.compress(body))
                hashlib.sha256(body).hexdigest()
                file.write(done[-1])
            file.flush()
            os.fsync(file.fileno())
    return done


def verify_bare(packed: Sequence[bytes]) -> None:
    """The floor of verifying."""
    unpacker = zstandard.ZstdDecompressor()
    for body in packed:
        hashlib.sha256(unpacker.decompress(body)).hexdigest()


def verify(warehouse: Warehouse, captures: int) -> None:
    """All of it, both logs too; fails if anything is found."""
    with warehouse.live_reader() as reading:
        found = verify_evidence(reading)
    if found.findings or found.revisions != captures:
        raise SystemExit(f"verify: {found.revisions} captures, {len(found.findings)} findings")


def list_all(warehouse: Warehouse) -> None:
    """What the pages and the digest read, at its largest."""
    with warehouse.live_reader() as reading:
        list_mentions(reading)


def tell_growth(warehouse: Warehouse) -> None:
    """The file after all those runs beside its bytes end to end, and beside the same rows written at once."""
    with warehouse.live_reader() as reading:
        sealed = reading.rows(
            "SELECT (SELECT sum(octet_length(sealed)) FROM objects) + (SELECT sum(octet_length(sealed)) FROM revisions), "
            "(SELECT count(*) FROM revisions)"
        )[0]
        keys = reading.keys.path.stat().st_size
    grown = warehouse.path.stat().st_size
    rewrite(warehouse.path, warehouse.spill_path)
    fresh = warehouse.path.stat().st_size
    print(f"grow    file {grown:,} B, {grown / sealed[1]:,.0f} B a capture; keys {keys:,} B")
    print(f"  file / the same rows written at once   {grown / fresh:5.2f}")
    print(f"  file / floor (sealed bytes end to end) {grown / int(sealed[0]):5.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--captures", type=int, default=20_000)
    parser.add_argument("--hours", type=int, default=168)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to work; default: the system's temporary folder")
    given = parser.parse_args()
    nights = make_nights(given.captures, given.hours)
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        warehouse, bare = Warehouse(name), Path(name) / "bare"
        print(f"{given.captures:,} captures in {given.hours} runs")
        print(f"store   {timed(lambda: store(warehouse, nights)).rate(given.captures)}")
        packed = list[bytes]()
        print(f"  floor {timed(lambda: packed.extend(store_bare(bare, nights))).rate(given.captures)}")
        for _ in range(given.rounds):
            print(f"verify  {timed(lambda: verify(warehouse, given.captures)).rate(given.captures)}")
            print(f"  floor {timed(lambda: verify_bare(packed)).rate(given.captures)}")
        print(f"list    {timed(lambda: list_all(warehouse)).rate(given.captures)}")
        print(f"publish {timed(lambda: publish(warehouse)).rate(given.captures)}")
        tell_growth(warehouse)


if __name__ == "__main__":
    main()
