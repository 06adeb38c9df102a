"""Checkpoints of the custody log: signed here, stamped by authorities, told to a witness. Nothing waits for an answer.

Only the latest checkpoint is stamped: its root covers every entry before it, and it names the root of the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from evidence.checkpoint import Checkpoint, CheckpointFault, seal_checkpoint, witness_of, write_witness
from evidence.custody_entry import Event, decode_entry
from evidence.merkle import Frontier, hash_leaf, pack_frontier, restore_frontier
from evidence.stamp import Stamped, StampPending, StampResult, StampUnread, TimeStamper, ask_stamps
from flows.custody import open_custody_key, read_head, sign_custody
from flows.custody_config import CustodyConfig
from flows.custody_end import settle_end
from flows.home import Home
from mentionwatch.errors import Refused
from mentionwatch.fetching import Fetch
from mentionwatch.ids import digest
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.custody_rows import (
    CheckpointStored,
    CustodyStored,
    StampStored,
    log_stamp,
    read_last_checkpoint,
    read_stamps_of,
    read_told,
    store_checkpoint,
    store_stamp,
    store_told,
    stream_entries,
)
from warehouse.session import Reading, Writing

WITNESS_FILE: Final = "mentionwatch-witness.txt"
FOLDER, MAIL = "folder", "mail"


@dataclass(frozen=True, slots=True)
class CheckpointState:
    """How the latest checkpoint stands. `stamps`: how many of the `wanted` have come; `causes`: why others have not."""

    tree_size: int
    sealed_at: datetime | None
    stamps: int
    wanted: int
    causes: tuple[str, ...]

    @property
    def is_pending(self) -> bool:
        """Does a stamp still wait to be given?"""
        return self.stamps < self.wanted or not self.wanted


def to_checkpoint(row: CheckpointStored) -> Checkpoint:
    """A stored checkpoint as it was signed."""
    return Checkpoint(
        tree_size=row.tree_size,
        root=row.root,
        first_seq=row.first_seq,
        last_seq=row.tree_size,
        prev_root=row.prev_root,
        at=row.sealed_at,
        kid=row.kid,
        signature=row.signature,
    )


_WRONG_TREE: Final = "is kept with another tree than it was signed over"


def _tree_of(row: CheckpointStored | None) -> Frontier:
    """The tree a checkpoint left, to be grown; an empty one before the first, and after one of a time when none was kept.

    Raises `Refused` for one that is not the tree the checkpoint was signed over.
    """
    if row is None or row.peaks is None:
        return Frontier()
    tree = restore_frontier(row.tree_size, row.peaks, row.root)
    if tree is None:
        raise Refused(
            f"refused: the checkpoint over {row.tree_size} entries {_WRONG_TREE} [nothing is built on it]. "
            "Run: mentionwatch evidence verify"
        )
    return tree


def find_wrong_trees(rows: Sequence[CheckpointStored]) -> list[CheckpointFault]:
    """The checkpoints that are kept with another tree than they were signed over. Their roots are held against the log elsewhere."""
    return [
        CheckpointFault(number, _WRONG_TREE)
        for number, row in enumerate(rows, 1)
        if row.peaks is not None and restore_frontier(row.tree_size, row.peaks, row.root) is None
    ]


def _is_news(row: CustodyStored) -> bool:
    """That a checkpoint was stamped is no news: else every stamp would ask for the next one."""
    entry = decode_entry(row.body)
    return isinstance(entry, str) or entry.event is not Event.CHECKPOINTED


def make_checkpoint(writing: Writing, home: Home, now: datetime) -> Checkpoint | None:
    """Sign what waits and the whole log with it; None when nothing was entered since the last checkpoint.

    Costs what is new: the tree goes on from where the last checkpoint left it. Only `verify` hashes everything again.
    Raises as `sign_custody` does, and `Refused` when entries that were counted before are gone, or the tree is another.
    """
    sign_custody(writing, home)
    stored = read_last_checkpoint(writing)
    previous = to_checkpoint(stored) if stored else None
    counted, head = (stored.tree_size if stored else 0), read_head(writing)
    if head.seq < counted:
        # Says so: the tree is shorter than it was.
        return seal_checkpoint(previous, Frontier(head.seq), open_custody_key(home, head), now)
    tree = _tree_of(stored)
    rows = list(stream_entries(writing, tree.size))
    if not any(row.seq > counted and _is_news(row) for row in rows):
        return None
    if [row.seq for row in rows] != list(range(tree.size + 1, head.seq + 1)):
        raise Refused("refused: the custody log has a gap. Run: mentionwatch evidence verify")
    tree = tree.grow(hash_leaf(row.body) for row in rows)
    made = seal_checkpoint(previous, tree, open_custody_key(home, head), now)
    if made is not None:
        store_checkpoint(
            writing,
            CheckpointStored(
                made.tree_size,
                made.root,
                made.first_seq,
                made.prev_root,
                made.at,
                made.kid,
                made.signature,
                pack_frontier(tree),
            ),
        )
    return made


def _to_row(size: int, result: StampResult, now: datetime) -> StampStored:
    if isinstance(result, Stamped):
        return StampStored(
            size,
            result.tsa,
            "stamped",
            "",
            result.token,
            result.token_sha256,
            result.stamped_at,
            result.signer_sha256,
            now,
        )
    if isinstance(result, StampUnread):
        return StampStored(
            size, result.tsa, "unread", result.cause, result.token, digest(result.token), None, "", now
        )
    status = "pending" if isinstance(result, StampPending) else "refused"
    return StampStored(size, result.tsa, status, result.cause, b"", "", None, "", now)


def _waiting(
    reading: Reading, latest: CheckpointStored, stampers: tuple[TimeStamper, ...]
) -> list[TimeStamper]:
    """The authorities that have not stamped the latest checkpoint."""
    there = {row.authority for row in read_stamps_of(reading, latest.tree_size) if row.status == "stamped"}
    return [each for each in stampers if each.name not in there]


def stamp_latest(home: Home, config: CustodyConfig, fetch: Fetch, now: datetime) -> tuple[StampResult, ...]:
    """Ask for the stamps the latest checkpoint still lacks; no database is held while an authority is asked."""
    warehouse = Warehouse(home.folder)
    with warehouse.live_reader() as reading:
        row = read_last_checkpoint(reading)
        if row is None:
            return ()
        latest, stampers = to_checkpoint(row), _waiting(reading, row, config.stampers)
    missing = config.wanted - (len(config.stampers) - len(stampers))
    results = ask_stamps(latest.sealed, stampers, fetch, now, wanted=max(missing, 0))
    if results:
        with warehouse.writer() as writing:
            for result in results:
                store_stamp(writing, _to_row(latest.tree_size, result, now))
            append_audit(
                writing,
                [
                    log_stamp(latest.tree_size, result.tsa, result.token_sha256, now)
                    for result in results
                    if isinstance(result, Stamped)
                ],
            )
            sign_custody(writing, home)
        settle_end(home)
    return results


def tell_witness(
    warehouse: Warehouse,
    config: CustodyConfig,
    school: str,
    send: Callable[[str], None] | None,
    now: datetime,
) -> tuple[str, ...]:
    """Give the latest checkpoint's line to those who keep it elsewhere; what could not be done, a line each.

    `send` hands a line over as e-mail and raises `OSError` when that fails. Told again after a failure, never twice.
    """
    with warehouse.live_reader() as reading:
        row, told = read_last_checkpoint(reading), read_told(reading)
    if row is None:
        return ()
    latest = to_checkpoint(row)
    line, troubles, done = write_witness(witness_of(school, latest)), list[str](), list[str]()
    for way in (FOLDER, MAIL):
        wanted = config.witness_folder if way == FOLDER else config.witness_mail
        if not wanted or (latest.tree_size, way) in told:
            continue
        try:
            if way == FOLDER and config.witness_folder:
                _append(config.witness_folder / WITNESS_FILE, line)
            elif send is not None:
                send(line)
            else:
                continue
        except OSError as error:
            troubles.append(f"the witness ({way}) was not told: {error.strerror or type(error).__name__}")
            continue
        done.append(way)
    if done:
        with warehouse.writer() as writing:
            for way in done:
                store_told(writing, latest.tree_size, way, now)
    return tuple(troubles)


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="ascii") as file:
        file.write(line + "\n")


def read_state(reading: Reading, config: CustodyConfig) -> CheckpointState:
    """How the latest checkpoint stands."""
    latest = read_last_checkpoint(reading)
    if latest is None:
        return CheckpointState(0, None, 0, config.wanted, ())
    stamps = read_stamps_of(reading, latest.tree_size)
    given = sum(row.status == "stamped" for row in stamps)
    causes = tuple(f"{row.authority}: {row.cause}" for row in stamps if row.status != "stamped")
    return CheckpointState(latest.tree_size, latest.sealed_at, given, config.wanted, causes)
