"""The Merkle tree over the custody log, in the shape of RFC 6962 section 2.1: 32 bytes that stand for every entry.

A checkpoint holds the root. An exhibit shows one entry and a dozen hashes, and whoever has the root can tell that the
entry was in the log, without seeing the others. Pure functions of bytes; SHA-256 throughout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of no entries at all."""
_LEAF, _NODE = b"\x00", b"\x01"


def hash_leaf(data: bytes) -> bytes:
    """The leaf of one entry: SHA-256(0x00 || data). The prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(_LEAF + data).digest()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree that can grow: how many leaves, and the root of each full subtree from the largest to the smallest.

    At most 64 hashes stand for a log of any length, so a new checkpoint reads only what came after the last.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grow(self, leaves: Iterable[bytes]) -> Frontier:
        """The same tree with more leaf hashes (see `hash_leaf`) at its end."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            size += 1
            peaks.append(leaf)
            # Each trailing zero bit of the size is a pair of equal subtrees that has become one.
            for _ in range((size & -size).bit_length() - 1):
                right = peaks.pop()
                peaks[-1] = _join(peaks[-1], right)
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """RFC 6962 2.1, 32 bytes."""
        if not self.peaks:
            return EMPTY_ROOT
        *others, found = self.peaks
        for peak in reversed(others):
            found = _join(peak, found)
        return found


def pack_frontier(tree: Frontier) -> bytes:
    """What is kept of a tree so that it can go on growing: its peaks, 32 bytes each. Its size and root are kept beside it."""
    return b"".join(tree.peaks)


def restore_frontier(size: int, packed: bytes, root: bytes) -> Frontier | None:
    """The tree of so many leaves that was kept; None where it is not the one with that root.

    As many peaks as the size has one-bits, folding to the root: to find others that do is to break SHA-256.
    """
    if size < 0 or len(packed) != size.bit_count() * 32:
        return None
    tree = Frontier(size, tuple(packed[at : at + 32] for at in range(0, len(packed), 32)))
    return tree if tree.root == root else None


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in order."""
    return Frontier().grow(leaves).root


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_join(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return pairs if len(level) % 2 == 0 else [*pairs, level[-1]]


def prove_inclusion(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` (from 0) to the root, nearest first (RFC 6962 2.1.1).

    Raises `IndexError` for a leaf that is not there.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    path, level = [], list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        index, level = index >> 1, _next_level(level)
    return tuple(path)


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Is `leaf` (a leaf hash) the leaf `index` of the tree of `size` leaves with that root? (RFC 9162 2.1.3.2)"""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = _join(beside, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = _join(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def prove_consistency(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """The hashes showing that the tree only grew since it had `old_size` leaves (RFC 6962 2.1.2).

    Raises `IndexError` for a size it never had.
    """
    if not 0 <= old_size <= len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves never had {old_size}")
    if old_size in (0, len(leaves)):
        return ()
    path: list[bytes] = []
    low, high, is_known = 0, len(leaves), True
    # From the root down to where the old tree ends; `is_known`: the old root itself is the left edge.
    while old_size != high:
        half = 1 << (high - low - 1).bit_length() - 1
        middle = low + half
        if old_size <= middle:
            path.append(root_of(leaves[middle:high]))
            high = middle
        else:
            path.append(root_of(leaves[low:middle]))
            low, is_known = middle, False
    if not is_known:
        path.append(root_of(leaves[low:high]))
    return tuple(reversed(path))


def is_consistent(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Did the tree of `size` leaves grow from the one of `old_size`? (RFC 9162 2.1.4.2)"""
    if not 0 <= old_size <= size:
        return False
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT
    if old_size == size:
        return not path and old_root == root
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = _join(beside, was), _join(beside, now)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            now = _join(now, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and was == old_root and now == root
