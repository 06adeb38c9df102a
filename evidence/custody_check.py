"""Is the custody log as it was written? Walks it once, from stored rows and public keys alone, and names the entry that is not.

Without the key nobody can change, take out, add or move an entry unseen. Whoever holds the key can write the end of the
log anew, from one entry to the last; that shows only against an `Anchor`: a root that was signed, stamped or sent off before (evidence/checkpoint.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from evidence.custody_entry import GENESIS, Entry, Event, decode_entry, write_time
from evidence.custody_log import Head, SealedEntry, is_key_of, next_kid
from evidence.merkle import Frontier, hash_leaf
from evidence.signing_keys import SignatureChecker


@dataclass(frozen=True, slots=True)
class LogFault:
    """Something in the log is not as it was written. `seq` is the entry's number."""

    seq: int
    cause: str

    def __str__(self) -> str:
        return f"custody log, entry {self.seq}: {self.cause}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was said elsewhere of the log: so many entries, with that Merkle root (32 bytes), at that time."""

    tree_size: int
    root: bytes
    at: datetime


def check_log(
    rows: Iterable[SealedEntry], public_keys: Mapping[str, bytes], anchors: Iterable[Anchor] = ()
) -> list[LogFault]:
    """All that is wrong, in order; empty when the log is as it was written.

    `rows` are all rows from the first, in the table's order; `public_keys` (key id to 32 bytes) those the school
    vouches for, not those that happen to lie beside the log; `anchors` what is known of the log from elsewhere.
    """
    walk = _Walk(public_keys, anchors)
    for row in rows:
        walk.pass_row(row)
    return walk.finish()


class _Walk:
    """One walk over the log. `place` is the last entry met; `head` where the next must go on, None after a bad one."""

    def __init__(self, public_keys: Mapping[str, bytes], anchors: Iterable[Anchor]) -> None:
        self._public, self._checker = public_keys, SignatureChecker(public_keys)
        self._anchors = sorted(anchors, key=lambda anchor: anchor.tree_size)
        self._place, self._head = 0, Head(0, GENESIS, "")
        self._is_sound = True
        self._over = dict[str, int]()
        self._faults: list[LogFault] = []
        self._named: set[int] = set()
        self._tree, self._leaves, self._agreed, self._next = Frontier(), list[bytes](), 0, 0
        self._compare()

    def _report(self, seq: int, cause: str) -> None:
        self._faults.append(LogFault(seq, cause))
        self._named.add(seq)

    def pass_row(self, row: SealedEntry) -> None:
        entry = self._judge(row)
        seq = row.seq if isinstance(entry, str) else entry.seq
        if isinstance(entry, str):
            self._report(seq, entry)
            if seq == self._place + 1:
                self._place, self._is_sound = seq, False
        else:
            self._pass_good(row, entry)
        self._leaves.append(hash_leaf(row.body))
        self._compare()

    def _judge(self, row: SealedEntry) -> Entry | str:
        """The entry, if the school's key signed these very bytes; else what is wrong with them."""
        entry = decode_entry(row.body)
        if isinstance(entry, str):
            return entry
        if not self._checker.knows(entry.kid):
            return f"is signed by key {entry.kid}, for which nobody vouches"
        if not self._checker.is_good(entry.kid, row.signature, row.body):
            return "was changed after it was signed, or was never signed"
        return entry

    def _pass_good(self, row: SealedEntry, entry: Entry) -> None:
        seq = entry.seq
        sha256 = hashlib.sha256(row.body).hexdigest()
        if row.seq != seq:
            self._report(seq, f"stands at place {row.seq}")
        if row.sha256 != sha256:
            self._report(seq, "has another SHA-256 beside it than its own")
        if seq <= self._place:
            self._report(seq, "stands there twice or in the wrong place")
            return
        if seq > self._place + 1:
            self._report_gap(self._place + 1, seq - 1)
        elif self._is_sound:
            if entry.prev != self._head.sha256:
                # Both are signed. Who writes one anew ties it to the one before; the next still knows the old one.
                self._report(
                    self._place or seq,
                    "is not the one the next was tied to: it was written anew with the key",
                )
            elif self._head.kid not in ("", entry.kid):
                self._report(seq, f"is signed by key {entry.kid}, though it was the turn of {self._head.kid}")
        if entry.kid in self._over and seq not in self._named:
            # Also where an entry in between cannot be read: a key that was given up never comes back.
            self._report(
                seq, f"is signed by key {entry.kid}, whose turn ended with entry {self._over[entry.kid]}"
            )
        following = next_kid(entry)
        if entry.event is Event.KEY_ROTATED:
            self._pass_rotation(entry, following)
        self._place, self._head, self._is_sound = seq, Head(seq, sha256, following), True

    def _pass_rotation(self, entry: Entry, following: str) -> None:
        if not is_key_of(entry.object_commit, self._public.get(following, b"")):
            self._report(entry.seq, f"hands over to key {following}, for which nobody vouches")
        elif following in (entry.kid, *self._over):
            self._report(entry.seq, f"hands over to key {following}, which has had its turn")
        self._over.setdefault(entry.kid, entry.seq)

    def _report_gap(self, first: int, last: int) -> None:
        """Entries that are not there; one found damaged in a wrong place has been named already."""
        while first in self._named:
            first += 1
        while last in self._named:
            last -= 1
        if first == last:
            self._report(first, "is missing")
        elif first < last:
            self._report(first, f"is missing, and so are those after it up to {last}")

    def _compare(self) -> None:
        """Hold the log against every anchor of just this length."""
        count = self._tree.size + len(self._leaves)
        while self._next < len(self._anchors) and self._anchors[self._next].tree_size == count:
            self._tree, self._leaves = self._tree.grow(self._leaves), []
            anchor, self._next = self._anchors[self._next], self._next + 1
            if self._tree.root == anchor.root:
                self._agreed = count
            elif not any(self._agreed < seq <= count for seq in self._named):
                first = min(self._agreed + 1, count)
                which = "is" if first == count else f"or one after it up to {count} is"
                self._report(
                    first, f"{which} not the one that the checkpoint of {write_time(anchor.at)} counted"
                )

    def finish(self) -> list[LogFault]:
        """The faults, once the last row has passed."""
        if self._anchors and self._anchors[-1].tree_size > self._place:
            last = self._anchors[-1]
            self._report(
                self._place + 1,
                f"and those after it up to {last.tree_size} were cut off: "
                f"the checkpoint of {write_time(last.at)} counted them",
            )
        return sorted(self._faults, key=lambda fault: fault.seq)
