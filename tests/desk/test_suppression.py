"""No small number can be worked out of a sheet: neither by adding up, nor by somebody who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.suppression import FEW, LEAST, Few, Split, tell, tell_split

counts = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 400)), min_size=2, max_size=8)


def test_zero_is_told_as_zero_and_one_to_four_as_few() -> None:
    assert [tell(count) for count in range(7)] == [0, FEW, FEW, FEW, FEW, 5, 6]
    with pytest.raises(ValueError, match="cannot be counted"):
        tell(-1)


def test_a_large_number_beside_a_small_one_is_hidden_by_its_place_not_its_size() -> None:
    assert tell_split((80, 3, 30)) == Split(113, (None, None, 30))
    assert tell_split((30, 80, 3)) == Split(113, (None, 80, None))
    assert tell_split((3, 80, 30)) == Split(113, (None, None, 30))
    assert tell_split((3, 80, 30), partners=(2, 1)) == Split(113, (None, 80, None))


def test_what_is_not_small_is_told_with_its_zeros() -> None:
    assert tell_split((80, 0, 5)) == Split(85, (80, 0, 5))
    assert tell_split((0, 0)) == Split(0, (0, 0))


def test_a_breakdown_that_would_give_a_number_away_is_left_out_whole() -> None:
    assert tell_split((1, 1, 0)) == Split(FEW, None)
    assert tell_split((0, 1, 9)) == Split(10, None)
    assert tell_split((1, 0, 500)) == Split(501, None)


@given(counts)
def test_no_small_part_is_ever_told(parts: list[int]) -> None:
    told = tell_split(parts)
    assert not isinstance(told.total, int) or told.total == 0 or told.total >= LEAST
    for part in told.parts or ():
        assert part is None or part == 0 or part >= LEAST


@given(counts)
def test_what_is_told_is_true(parts: list[int]) -> None:
    told = tell_split(parts)
    assert told.total == (sum(parts) if not isinstance(told.total, Few) else FEW)
    for part, count in zip(told.parts or (), parts, strict=False):
        assert part is None or part == count


def solve(total: int, parts: tuple[int | None, ...]) -> list[tuple[int, int]]:
    """The oracle that only adds up: between which two numbers each hidden part lies, given the published total."""
    rest = total - sum(part for part in parts if part is not None)
    hidden = [part for part in parts if part is None]
    # Each of the others may be nothing, or all of the rest.
    return [(0 if len(hidden) > 1 else rest, rest)] * len(hidden)


@given(counts)
def test_adding_and_taking_away_leaves_every_hidden_part_a_range_of_five(parts: list[int]) -> None:
    """Nothing is recovered from the total and the other parts: at least two are hidden, and they hide enough."""
    told = tell_split(parts)
    if told.parts is None or None not in told.parts:
        return
    assert isinstance(told.total, int)
    for least, most in solve(told.total, told.parts):
        assert most - least >= 4


def worlds(parts: int, most: int) -> Iterator[tuple[int, ...]]:
    return product(range(most + 1), repeat=parts)


@pytest.mark.parametrize(("parts", "most"), [(2, 60), (3, 26), (4, 13)])
def test_somebody_who_knows_the_rule_still_has_three_numbers_for_every_hidden_part(
    parts: int, most: int
) -> None:
    """The slow, obvious oracle: every table there is, sorted by what would be published of it. Sums up to `most`
    alone, so that no table is missing from its heap."""
    heaps: defaultdict[Split, list[tuple[int, ...]]] = defaultdict(list)
    for world in worlds(parts, most):
        if sum(world) <= most:
            heaps[tell_split(world)].append(world)
    assert len(heaps) > 20
    for told, heap in heaps.items():
        if told.parts is None:
            hidden: tuple[int, ...] = tuple(range(parts))
        else:
            hidden = tuple(at for at, part in enumerate(told.parts) if part is None)
        for at in hidden:
            possible = {world[at] for world in heap}
            assert len(possible) >= 3, (told, at, possible)


@given(counts, st.integers(2, 4), st.data())
def test_moving_a_few_between_a_small_part_and_its_partner_changes_nothing_that_is_told(
    parts: list[int], small: int, data: st.DataObject
) -> None:
    """The page says which parts are hidden and what they are together, and nothing else about them."""
    change = data.draw(st.integers(1, small - 1))
    moved = [parts[0] + change, *parts[1:], small - change]
    assert tell_split(moved) == tell_split([*parts, small])


@pytest.mark.parametrize("wrong", [(), (4,)])
def test_one_part_is_no_breakdown(wrong: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="two parts"):
        tell_split(wrong)
