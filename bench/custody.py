"""The custody log beside the floors under it, in the same run: bare Ed25519, and a bare SHA-256 chain.

python -m bench.custody [--entries 5000] [--rounds 3] [--stamps 100] [--home 20000]

Appending cannot be faster than signing, nor walking than verifying; "times" is how
much more it takes.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from evidence.checkpoint import seal_checkpoint
from evidence.custody_check import check_log
from evidence.custody_log import Draft, Event, Head, Purpose, SealedEntry, decode_entry, seal_entries
from evidence.merkle import Frontier, hash_leaf, is_included, prove_inclusion, root_of
from evidence.signing_keys import from_secret
from evidence.stamp_check import StampedAt, check_stamp
from flows.checkpoints import make_checkpoint
from flows.custody import sign_custody
from flows.custody_end import settle_end
from flows.home import Home
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from tests.evidence.time_stamper import make_authority
from tests.warehouse.factory import make_night, make_write
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.store import store_nights

KEY = from_secret(hashlib.sha256(b"bench").digest())
PUBLIC = {KEY.kid: KEY.public}
BEGAN_AT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


def make_drafts(count: int) -> list[Draft]:
    """Views of captures in an incident: every field that can be filled is filled."""
    return [
        Draft(
            at=BEGAN_AT + timedelta(seconds=number),
            event=Event.VIEWED,
            actor_id=hashlib.sha256(b"actor").hexdigest(),
            role=Role.HEAD,
            purpose=Purpose.DECISION,
            authority="T05",
            object_commit=hashlib.sha256(b"%d" % number).hexdigest(),
            capture_id=hashlib.sha256(b"c%d" % number).hexdigest()[:32],
            incident_id="2026-0001",
            before_ok=True,
            after_ok=True,
        )
        for number in range(count)
    ]


Took = tuple[float, float]


def clock(work: Callable[[], object]) -> Took:
    """Wall seconds of one go, and seconds of this process's processor time (openssl's own are not in it)."""
    began, spent = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - spent


def chain_only(rows: list[SealedEntry]) -> bool:
    """The floor of a walk without signatures: one hash an entry, compared."""
    return all(hashlib.sha256(row.body).hexdigest() == row.sha256 for row in rows)


def verify_only(rows: list[SealedEntry]) -> None:
    """The floor of a walk: one signature an entry."""
    verify = Ed25519PrivateKey.from_private_bytes(KEY.secret).public_key().verify
    for row in rows:
        verify(row.signature, row.body)


def sign_only(rows: list[SealedEntry]) -> None:
    """The floor of appending: one signature an entry."""
    sign = Ed25519PrivateKey.from_private_bytes(KEY.secret).sign
    for row in rows:
        sign(row.body)


def show(name: str, count: int, took: list[Took], floor: list[Took] | None = None) -> None:
    """One line of the table: medians. The floor is compared in processor time, which other work disturbs less."""
    wall, spent = (statistics.median(one[part] for one in took) for part in (0, 1))
    beside = "" if floor is None else f"{spent / statistics.median(one[1] for one in floor):.2f}"
    print(f"| {name} | {count:,} | {count / wall:,.0f} | {count / spent:,.0f} | {beside} |")


def run_log(entries: int, rounds: int) -> None:
    """Append, walk and tree; contenders take turns, the order turns round every round."""
    drafts = make_drafts(entries)
    rows = list(seal_entries(Head(), KEY, drafts))
    leaves = [hash_leaf(row.body) for row in rows]
    tree = Frontier().grow(leaves)
    checkpoint = seal_checkpoint(None, tree, KEY, BEGAN_AT)
    assert checkpoint is not None
    anchors = [checkpoint.anchor]
    assert check_log(rows, PUBLIC, anchors) == []
    works: dict[str, Callable[[], object]] = {
        "floor: sign": lambda: sign_only(rows),
        "append": lambda: seal_entries(Head(), KEY, drafts),
        "floor: verify": lambda: verify_only(rows),
        "walk": lambda: check_log(rows, PUBLIC, anchors),
        "floor: chain of hashes": lambda: chain_only(rows),
        "read": lambda: [decode_entry(row.body) for row in rows],
        "root": lambda: root_of(leaves),
    }
    took: dict[str, list[Took]] = {name: [] for name in works}
    for number in range(rounds):
        for name in list(works) if number % 2 == 0 else reversed(works):
            took[name].append(clock(works[name]))
    show("floor: Ed25519 sign, key set up once", entries, took["floor: sign"])
    show("append (canonical JSON, hash, signature)", entries, took["append"], took["floor: sign"])
    show("floor: Ed25519 verify, key set up once", entries, took["floor: verify"])
    show("walk (read, chain, signatures, Merkle root)", entries, took["walk"], took["floor: verify"])
    show("floor: SHA-256 chain alone", entries, took["floor: chain of hashes"])
    show("read entries (canonical spelling, every field)", entries, took["read"])
    show("Merkle root, leaves", entries, took["root"])
    index = entries // 2
    proofs = [clock(lambda: prove_inclusion(leaves, index)) for _ in range(rounds)]
    path = prove_inclusion(leaves, index)
    assert is_included(leaves[index], index, entries, path, tree.root)
    checks = [
        clock(lambda: [is_included(leaves[index], index, entries, path, tree.root) for _ in range(1000)])
        for _ in range(rounds)
    ]
    show(f"inclusion proof made ({len(path)} hashes, {len(path) * 32} B)", 1, proofs)
    show("inclusion proof checked", 1000, checks)
    size = sum(len(row.body) for row in rows) / entries
    print(
        f"\nAn entry: {size:.0f} B and a signature of 64 B. The tree that goes on growing: {len(tree.peaks) * 32} B."
    )


def run_stamps(stamps: int, rounds: int) -> None:
    """Verifying stored stamps offline, by the library and by openssl."""
    content = b"a checkpoint"
    digest = hashlib.sha256(content).digest()
    query = TimestampRequestBuilder(content, HashAlgorithm.SHA256).build().as_bytes()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        for embeds_root, count in ((False, stamps), (True, max(stamps // 10, 1))):
            authority = make_authority(
                Path(name) / str(embeds_root), "Bench Authority", embeds_root=embeds_root
            )
            token, stamper = authority.answer(query), authority.stamper("http://127.0.0.1/")
            seen = check_stamp(token, digest, stamper)
            assert isinstance(seen, StampedAt)
            took = [
                clock(lambda: [check_stamp(token, digest, stamper) for _ in range(count)])  # noqa: B023 -- used at once
                for _ in range(rounds)
            ]
            show(f"stamp verified by {seen.reader} (query {len(query)} B, token {len(token)} B)", count, took)


def fill_home(home: Home, count: int) -> str:
    """So many mentions of incidents and, signed and in a checkpoint, as many looks at them. Returns a mention's id."""
    with Warehouse(home.folder).writer() as writing:
        store_nights(writing, [make_night(writes=[make_write("p", "A post about the gate")])], BEGAN_AT)
        writing.run(
            "INSERT INTO mentions SELECT mentions.* REPLACE (sha256(n::VARCHAR) AS id, n::VARCHAR AS native_id, "
            "'2026-' || lpad(n::VARCHAR, 5, '0') AS incident_id) FROM mentions, range(?) AS numbers(n)",
            [count],
        )
        ids = [row[0] for row in writing.rows("SELECT id FROM mentions ORDER BY id")]
        append_audit(
            writing,
            [
                AuditEvent(BEGAN_AT, "bench", Role.HEAD, "viewed", "mention", id_, "purpose check")
                for id_ in ids
            ],
        )
    with Warehouse(home.folder).writer() as writing:
        make_checkpoint(writing, home, BEGAN_AT)
    settle_end(home)
    return str(ids[0])


def run_home(count: int, rounds: int) -> None:
    """One look more, signed, and a checkpoint of it, in homes of which the second is ten times the first."""
    for size in (count // 10, count):
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            home = Home(Path(name))
            id_ = fill_home(home, size)
            signed, sealed = list[Took](), list[Took]()
            for number in range(1, rounds + 1):
                at = BEGAN_AT + timedelta(minutes=number)
                event = AuditEvent(at, "bench", Role.HEAD, "viewed", "mention", id_, "purpose check")
                with Warehouse(home.folder).writer() as writing:
                    append_audit(writing, [event])
                    signed.append(clock(lambda: sign_custody(writing, home)))  # noqa: B023 -- used at once
                settle_end(home)
                with Warehouse(home.folder).writer() as writing:
                    sealed.append(clock(lambda: make_checkpoint(writing, home, at)))  # noqa: B023 -- used at once
            show(f"one act signed; {size:,} mentions have an incident", 1, signed)
            show(f"checkpoint of one new entry; {size:,} are in the log", 1, sealed)


def main() -> None:
    """Print one table: what was done, how often, how many a second, and times the floor above it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--entries", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stamps", type=int, default=100)
    parser.add_argument("--home", type=int, default=20_000)
    given = parser.parse_args()
    print("| work | count | a second | a processor second | times the floor |\n|---|---|---|---|---|")
    run_stamps(given.stamps, given.rounds)
    run_home(given.home, given.rounds)
    run_log(given.entries, given.rounds)


if __name__ == "__main__":
    main()
