"""The tree is the one of RFC 6962: the same roots and proofs as its recursive definition, and no other proof passes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    hash_leaf,
    is_consistent,
    is_included,
    pack_frontier,
    prove_consistency,
    prove_inclusion,
    restore_frontier,
    root_of,
)

SIZES = st.integers(1, 130)


def make_leaves(size: int) -> list[bytes]:
    return [hash_leaf(b"entry %d" % number) for number in range(size)]


def slow_root(data: list[bytes]) -> bytes:
    """RFC 6962 section 2.1 word by word: MTH(D[n])."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(data[:k]) + slow_root(data[k:])).digest()


def slow_path(m: int, data: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1 word by word: PATH(m, D[n])."""
    if len(data) == 1:
        return []
    k = 1
    while k * 2 < len(data):
        k *= 2
    if m < k:
        return [*slow_path(m, data[:k]), slow_root(data[k:])]
    return [*slow_path(m - k, data[k:]), slow_root(data[:k])]


def slow_proof(m: int, data: list[bytes], known: bool = True) -> list[bytes]:
    """RFC 6962 section 2.1.2 word by word: SUBPROOF(m, D[n], b)."""
    if m == len(data):
        return [] if known else [slow_root(data)]
    k = 1
    while k * 2 < len(data):
        k *= 2
    if m <= k:
        return [*slow_proof(m, data[:k], known), slow_root(data[k:])]
    return [*slow_proof(m - k, data[k:], False), slow_root(data[:k])]


@given(st.lists(st.binary(max_size=40), max_size=140), st.data())
@settings(max_examples=150, deadline=None)
def test_roots_and_proofs_are_those_of_the_definition(data: list[bytes], draw: st.DataObject) -> None:
    leaves = [hash_leaf(one) for one in data]
    assert root_of(leaves) == slow_root(data)
    if data:
        index = draw.draw(st.integers(0, len(data) - 1))
        old = draw.draw(st.integers(1, len(data)))
        assert list(prove_inclusion(leaves, index)) == slow_path(index, data)
        assert list(prove_consistency(leaves, old)) == slow_proof(old, data)


@given(SIZES, st.lists(st.integers(0, 130), max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_tree_grown_in_steps_is_the_tree_made_at_once(size: int, cuts: list[int]) -> None:
    leaves, grown, at = make_leaves(size), Frontier(), 0
    for cut in [*sorted(min(cut, size) for cut in cuts), size]:
        grown, at = grown.grow(leaves[at:cut]), cut
        assert grown.root == root_of(leaves[:cut])
    assert grown == Frontier().grow(leaves)
    assert len(grown.peaks) == size.bit_count()


def test_every_leaf_and_every_growth_of_small_trees_is_provable() -> None:
    for size in range(1, 34):
        leaves = make_leaves(size)
        root = root_of(leaves)
        for index, leaf in enumerate(leaves):
            assert is_included(leaf, index, size, prove_inclusion(leaves, index), root)
        for old in range(size + 1):
            assert is_consistent(old, root_of(leaves[:old]), size, root, prove_consistency(leaves, old))


@given(st.lists(st.integers(0, 40), max_size=8))
@settings(max_examples=300, deadline=None)
def test_a_tree_kept_and_grown_in_any_parts_is_the_tree_of_the_whole(parts: list[int]) -> None:
    """Each checkpoint goes on from what the one before left; also one with nothing new."""
    leaves, tree = make_leaves(sum(parts)), Frontier()
    for part in parts:
        tree = tree.grow(leaves[tree.size : tree.size + part])
        assert tree.root == root_of(leaves[: tree.size])
        kept = pack_frontier(tree)
        assert len(kept) <= 64 * 32
        again = restore_frontier(tree.size, kept, tree.root)
        assert again == tree
        tree = again
    assert tree == Frontier().grow(leaves)


@given(SIZES, st.data())
@settings(max_examples=300, deadline=None)
def test_a_tree_that_was_kept_wrongly_is_none(size: int, draw: st.DataObject) -> None:
    tree = Frontier().grow(make_leaves(size))
    kept = pack_frontier(tree)
    changed = bytearray(kept)
    changed[draw.draw(st.integers(0, len(kept) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    assert restore_frontier(size, bytes(changed), tree.root) is None
    assert restore_frontier(size, kept, EMPTY_ROOT) is None
    other = draw.draw(st.integers(-1, size * 2).filter(lambda one: one.bit_count() != size.bit_count()))
    assert restore_frontier(other, kept, tree.root) is None
    # One peak in place of all folds to the root too, and is no tree that can grow.
    if len(tree.peaks) > 1:
        assert restore_frontier(size, tree.root, tree.root) is None
    for wrong in (kept[:-1], kept + b"x", kept + bytes(32), b""):
        assert restore_frontier(size, wrong, tree.root) is None


@given(SIZES, st.data())
@settings(max_examples=300, deadline=None)
def test_no_changed_proof_passes(size: int, draw: st.DataObject) -> None:
    leaves = make_leaves(size)
    index, root = draw.draw(st.integers(0, size - 1)), root_of(leaves)
    path = list(prove_inclusion(leaves, index))
    other = draw.draw(st.integers(0, size + 3))
    if other != index:
        assert not is_included(leaves[index], other, size, path, root)
    assert not is_included(hash_leaf(b"another"), index, size, path, root)
    assert not is_included(leaves[index], index, size, path, hash_leaf(b"another root"))
    assert not is_included(leaves[index], index, size, [*path, root], root)
    if path:
        assert not is_included(leaves[index], index, size, path[:-1], root)
        place, bit = draw.draw(st.integers(0, len(path) * 32 - 1)), draw.draw(st.integers(0, 7))
        changed = bytearray(path[place // 32])
        changed[place % 32] ^= 1 << bit
        path[place // 32] = bytes(changed)
        assert not is_included(leaves[index], index, size, path, root)


@given(st.integers(2, 130), st.data())
@settings(max_examples=200, deadline=None)
def test_a_tree_with_another_past_is_not_consistent(size: int, draw: st.DataObject) -> None:
    leaves = make_leaves(size)
    old = draw.draw(st.integers(1, size))
    old_root = root_of(leaves[:old])
    rewritten = list(leaves)
    rewritten[draw.draw(st.integers(0, old - 1))] = hash_leaf(b"rewritten")
    assert not is_consistent(old, old_root, size, root_of(rewritten), prove_consistency(rewritten, old))
    path = prove_consistency(leaves, old)
    assert not is_consistent(old, old_root, size, root_of(leaves), (*path, EMPTY_ROOT))
    assert not is_consistent(old, hash_leaf(b"x"), size, root_of(leaves), path)
    if path:
        assert not is_consistent(old, old_root, size, root_of(leaves), path[:-1])
        assert not is_consistent(old, old_root, size, root_of(leaves), ())


def test_what_is_not_there_has_no_proof() -> None:
    leaves = make_leaves(5)
    for index in (-1, 5):
        with pytest.raises(IndexError):
            prove_inclusion(leaves, index)
    for old in (-1, 6):
        with pytest.raises(IndexError):
            prove_consistency(leaves, old)
    assert not is_consistent(6, EMPTY_ROOT, 5, root_of(leaves), ())
    assert not is_included(leaves[0], 0, 0, (), EMPTY_ROOT)
    assert not is_consistent(0, root_of(leaves), 5, root_of(leaves), ())


def test_the_roots_are_those_other_implementations_publish() -> None:
    # The eight leaves that Certificate Transparency implementations test themselves with, and their eight roots.
    data = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    roots = """
        6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
        fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
        aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
        d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
        4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
        76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
        ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
        5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
    """.split()
    leaves = [hash_leaf(bytes.fromhex(one)) for one in data]
    assert [root_of(leaves[:size]).hex() for size in range(1, 9)] == roots
