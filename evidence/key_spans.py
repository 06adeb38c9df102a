"""Which key signed the custody log from where to where: a rotation is the last entry of one key, and names the next.

The old key signs the new one (reference: evidence 3.5), so whoever knows one key of the school's can tell the others: forwards,
for a rotation holds the SHA-256 of the next public half; backwards, for a checkpoint of the later key counts the rotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidence.custody_entry import Entry, Event, decode_entry
from evidence.custody_log import SealedEntry, is_key_of, next_kid
from evidence.merkle import Frontier, hash_leaf
from evidence.signing_keys import SignatureChecker

_MARK = f'"{Event.KEY_ROTATED.value}"'.encode()


@dataclass(frozen=True, slots=True)
class KeySpan:
    """A key signs entries `first` to `last`; `last` None: it signs now."""

    kid: str
    first: int
    last: int | None = None

    def covers(self, seq: int) -> bool:
        """Is it this key's turn at that entry?"""
        return self.first <= seq and (self.last is None or seq <= self.last)


@dataclass(frozen=True, slots=True)
class SealedRoot:
    """What a key signed of the log as a whole: so many entries, with that Merkle root (32 bytes)."""

    kid: str
    tree_size: int
    root: bytes
    body: bytes
    signature: bytes


def find_rotations(rows: Iterable[SealedEntry]) -> Iterator[tuple[SealedEntry, Entry]]:
    """The rotations among these rows, read. Whether they were signed is not looked at."""
    for row in rows:
        # Reading an entry takes twenty times as long as looking for the one word it must hold.
        if _MARK in row.body:
            entry = decode_entry(row.body)
            if isinstance(entry, Entry) and entry.event is Event.KEY_ROTATED:
                yield row, entry


def find_spans(rows: Sequence[SealedEntry]) -> tuple[KeySpan, ...]:
    """The spans of a log from its first row on; none of an empty one, nor where the first entry cannot be read."""
    entry = decode_entry(rows[0].body) if rows else ""
    if not isinstance(entry, Entry):
        return ()
    spans, kid, first = list[KeySpan](), entry.kid, 1
    for _, rotation in find_rotations(rows):
        spans.append(KeySpan(kid, first, rotation.seq))
        kid, first = next_kid(rotation), rotation.seq + 1
    return (*spans, KeySpan(kid, first))


def find_turn(spans: Iterable[KeySpan], seq: int) -> str:
    """The key whose turn it is at that entry; empty where no span says."""
    return next((span.kid for span in spans if span.covers(seq)), "")


def follow_keys(
    rows: Sequence[SealedEntry],
    given: Mapping[str, bytes],
    beside: Mapping[str, bytes],
    sealed: Sequence[SealedRoot] = (),
) -> dict[str, bytes]:
    """The keys somebody vouches for who vouches for `given`: those, and what rotations lead to from them.

    `beside`: public halves that lie beside the log; they count only where a good rotation leads to them. `sealed`: the
    checkpoints, by which a later key vouches for the rotation before it.
    """
    known = dict(given)
    checker = SignatureChecker(dict(beside) | known)
    rotations = [
        (row, entry)
        for row, entry in find_rotations(rows)
        if checker.is_good(entry.kid, row.signature, row.body)
    ]
    for _, entry in rotations:
        following = next_kid(entry)
        public = beside.get(following, b"")
        if entry.kid in known and following not in known and is_key_of(entry.object_commit, public):
            known[following] = public
    for row, entry in reversed(rotations):
        if entry.kid in known or entry.kid not in beside or next_kid(entry) not in known:
            continue
        if any(_counts(one, row.seq, rows, known, checker) for one in sealed):
            known[entry.kid] = beside[entry.kid]
    return known


def _counts(
    one: SealedRoot,
    seq: int,
    rows: Sequence[SealedEntry],
    known: Mapping[str, bytes],
    checker: SignatureChecker,
) -> bool:
    """Did a known key sign a root over these very rows, that one among them?"""
    if one.kid not in known or not seq <= one.tree_size <= len(rows):
        return False
    if not checker.is_good(one.kid, one.signature, one.body):
        return False
    return Frontier().grow(hash_leaf(row.body) for row in rows[: one.tree_size]).root == one.root
