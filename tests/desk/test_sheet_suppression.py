"""Several tables of one sheet, set beside each other, give no small number away: neither by taking away, nor to somebody
who knows every rule the sheet is made by (protocol.md 5.12; ADR 0030).

The oracle is slow and knows nothing of the rules: it makes every small term there is, sorts the terms by the sheet they
would have, and asks of every number that can be worked out of a sheet what it may be in the terms of one heap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.governors import PARTS, Group, Nights, Sheet, Single, TermCounts, Topic, Wait, tell_sheet
from desk.suppression import FEW, LEAST, may_say_middle, may_say_ninth, tell, tell_out_of
from mentionwatch.terms import Term, TermName

AUTUMN = Term(TermName.AUTUMN, 2026)
INCIDENTS = (Topic.KIND, Topic.ROUTE, Topic.OUTCOME)
LEAST_POSSIBLE = 3


def term(
    groups: Mapping[Topic, tuple[int, ...]], singles: Mapping[Single, int] | None = None, waits: int = 0
) -> TermCounts:
    """A term with these numbers, and nothing else. A day each is what every incident waited."""
    given_ = singles or {}
    return TermCounts(
        AUTUMN,
        date(2027, 1, 4),
        Nights(0, 0, 0, 0),
        tuple(
            Group(topic, tuple(zip(PARTS.get(topic, ("a", "b", "c")), numbers, strict=False)))
            for topic, numbers in groups.items()
        ),
        tuple((single, given_.get(single, 0)) for single in Single),
        tuple((wait, (1.0,) * waits) for wait in Wait),
    )


numbers = st.one_of(st.integers(0, 6), st.integers(0, 40))
World = tuple[int, ...]
Ask = Callable[[World], int]


def possible(worlds: Iterator[World], sheet_of: Callable[[World], Any], asks: Mapping[str, Ask]) -> None:
    """Of every heap of terms with one sheet: each number that is small somewhere in it may be three at least."""
    heaps: defaultdict[Any, list[World]] = defaultdict(list)
    for world in worlds:
        heaps[sheet_of(world)].append(world)
    assert len(heaps) > 10
    for sheet, heap in heaps.items():
        for name, ask in asks.items():
            may_be = {ask(world) for world in heap}
            if any(0 < number < LEAST for number in may_be):
                assert len(may_be) >= LEAST_POSSIBLE, (name, may_be, sheet)


def test_a_number_out_of_a_whole_and_what_is_left_of_it_are_both_hidden() -> None:
    """*Six incidents* and *five taken to the police* on one sheet said that one was not."""
    assert tell_out_of(5, 6) is None
    assert [tell_out_of(count, 20) for count in (0, 1, 4, 5, 15, 16, 19, 20)] == [
        0,
        FEW,
        FEW,
        5,
        15,
        None,
        None,
        20,
    ]
    assert [tell_out_of(count, 7) for count in range(8)] == [0, None, None, None, None, None, None, 7]
    assert [tell_out_of(count, 5) for count in range(6)] == [0, FEW, FEW, FEW, FEW, 5]
    assert [tell_out_of(count, 3) for count in range(4)] == [0, FEW, FEW, FEW]
    assert tell_out_of(4, 2) is None


def test_every_whole_with_every_number_out_of_it() -> None:
    """The whole is told as every total is; knowing the rule leaves three numbers for it and for what is left."""
    worlds = ((whole, count) for whole in range(60) for count in range(whole + 1))
    possible(
        worlds,
        lambda world: (tell(world[0]), tell_out_of(world[1], world[0])),
        {"the number": lambda world: world[1], "what is left": lambda world: world[0] - world[1]},
    )


def test_the_oracle_finds_what_the_sheet_used_to_tell() -> None:
    """It can fail: a number told without a look at the whole."""
    with pytest.raises(AssertionError, match="what is left"):
        possible(
            ((whole, count) for whole in range(30) for count in range(whole + 1)),
            lambda world: (tell(world[0]), tell(world[1])),
            {"what is left": lambda world: world[0] - world[1]},
        )


def test_that_a_middle_value_is_told_says_no_small_number() -> None:
    """From the whole and "at least five got so far" follows at most how many did not."""
    worlds = ((whole, count) for whole in range(60) for count in range(whole + 1))
    possible(
        worlds,
        lambda world: (tell(world[0]), may_say_middle(world[1], world[0]), may_say_ninth(world[1], world[0])),
        {"got so far": lambda world: world[1], "did not": lambda world: world[0] - world[1]},
    )


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    return (world for world in product(range(total + 1), repeat=parts) if sum(world) == total)


def small_terms(most: int) -> Iterator[World]:
    """Incidents by two kinds and three outcomes, those taken to the police, those whose removal was asked, those decided."""
    for total in range(most + 1):
        for kinds, outcomes in product(splits(total, 2), splits(total, 3)):
            for police, decided in product(range(total + 1), repeat=2):
                yield (*kinds, *outcomes, police, decided)


def sheet_of(world: World) -> Sheet:
    kinds, outcomes, (police, decided) = world[:2], world[2:5], world[5:]
    return tell_sheet(term({Topic.KIND: kinds, Topic.OUTCOME: outcomes}, {Single.POLICE: police}, decided))


@pytest.mark.slow
def test_every_small_term_with_two_tables_of_one_total_a_number_and_a_wait() -> None:
    """Margins that two tables share, and everything that hangs on them, at once."""
    whole = sum
    possible(
        small_terms(9),
        sheet_of,
        {
            **{f"kind {at}": (lambda world, at=at: world[at]) for at in range(2)},  # type: ignore[misc]
            **{f"outcome {at}": (lambda world, at=at: world[2 + at]) for at in range(3)},  # type: ignore[misc]
            "police": lambda world: world[5],
            "not to the police": lambda world: whole(world[:2]) - world[5],
            "decided": lambda world: world[6],
            "undecided": lambda world: whole(world[:2]) - world[6],
        },
    )


@pytest.mark.parametrize("most", [13])
def test_every_small_term_with_removals_in_two_parts(most: int) -> None:
    """Asked and not asked make the incidents, gone and not gone make the asked: two sums, one inside the other."""
    worlds = (
        (total - asked, gone, asked - gone)
        for total in range(most + 1)
        for asked in range(total + 1)
        for gone in range(asked + 1)
    )
    possible(
        worlds,
        lambda world: tell_sheet(term({Topic.KIND: (sum(world), 0), Topic.REMOVAL: world[1:]})),
        {
            "not asked": lambda world: world[0],
            "gone": lambda world: world[1],
            "not gone": lambda world: world[2],
            "not seen gone": lambda world: world[0] + world[2],
        },
    )


def test_every_small_term_with_two_tables_of_one_total() -> None:
    """Mentions by what they are and by week: the same total stands under both, and adds nothing to either."""
    worlds = (
        first + second for total in range(16) for first, second in product(splits(total, 2), splits(total, 3))
    )
    possible(
        worlds,
        lambda world: tell_sheet(term({Topic.LABEL: world[:2], Topic.WEEK: world[2:]})),
        {f"part {at}": (lambda world, at=at: world[at]) for at in range(5)},  # type: ignore[misc]
    )


def gapped(numbers: World, nobody_looked: tuple[str, ...] = ("c", "e")) -> TermCounts:
    """Five weeks, two of them without a night: the third, which is the middle one, and the last."""
    first, second, fourth = numbers
    weeks = (("a", first), ("b", second), ("c", 0), ("d", fourth), ("e", 0))
    counted = term({Topic.LABEL: (sum(numbers), 0)})
    return replace(counted, groups=(*counted.groups, Group(Topic.WEEK, weeks, nobody_looked)))


def three_weeks() -> Iterator[World]:
    return (world for total in range(26) for world in splits(total, 3))


THREE: Mapping[str, Ask] = {f"week {at}": (lambda world, at=at: world[at]) for at in range(3)}  # type: ignore[misc]


def test_a_week_nobody_looked_in_hides_no_number_of_another() -> None:
    """Everybody is told that nobody looked, so a small week hidden beside such a one would be the total less the rest."""
    possible(three_weeks(), lambda world: tell_sheet(gapped(world)), THREE)


def test_the_oracle_finds_a_small_week_hidden_beside_one_nobody_looked_in() -> None:
    """It can fail: the partner chosen among all weeks, by a reader who knows in which of them nobody looked."""
    with pytest.raises(AssertionError, match="week"):
        possible(three_weeks(), lambda world: tell_sheet(gapped(world, ())), THREE)


@given(st.lists(st.one_of(st.none(), numbers), max_size=18))
def test_no_small_week_is_the_total_less_the_others_whatever_weeks_nobody_looked_in(
    weeks: list[int | None],
) -> None:
    names = [(date(2026, 8, 31) + timedelta(weeks=at)).isoformat() for at in range(len(weeks))]
    gaps = tuple(name for name, count in zip(names, weeks, strict=True) if count is None)
    counted = Group(
        Topic.WEEK, tuple((name, count or 0) for name, count in zip(names, weeks, strict=True)), gaps
    )
    told = tell_sheet(replace(term({}), groups=(counted,))).group(Topic.WEEK)
    assert told is not None and told.nobody_looked == gaps
    if told.parts is not None:
        hidden = [name for name, count in told.parts if count is None and name not in gaps]
        assert len(hidden) != 1
        assert all(count is None for name, count in told.parts if name in gaps)
        assert not {count for _, count in told.parts} & {1, 2, 3, 4}


# --- sheets of any size: other terms with the same sheet are found, not counted -----------------------


@st.composite
def whole_terms(draw: st.DrawFn) -> tuple[TermCounts, int]:
    """A term in which everything agrees: the tables of incidents have one total, and nothing is more than it."""
    kinds = draw(st.lists(numbers, min_size=8, max_size=8))
    total = sum(kinds)

    def cut(parts: int) -> tuple[int, ...]:
        marks = sorted(draw(st.lists(st.integers(0, total), min_size=parts - 1, max_size=parts - 1)))
        return tuple(upper - lower for lower, upper in zip([0, *marks], [*marks, total], strict=True))

    asked = draw(st.integers(0, total))
    gone = draw(st.integers(0, asked))
    singles = {single: draw(st.integers(0, total)) for single in Single}
    groups = {
        Topic.KIND: tuple(kinds), Topic.ROUTE: cut(5), Topic.OUTCOME: cut(6), Topic.REMOVAL: (gone, asked - gone),
    }  # fmt: skip
    return term(groups, singles, draw(st.integers(0, total))), total


def with_single(counts: TermCounts, single: Single, number: int) -> TermCounts:
    changed = tuple((each, number if each is single else count) for each, count in counts.singles)
    return TermCounts(counts.term, counts.counted_on, counts.nights, counts.groups, changed, counts.waits)


def with_move(counts: TermCounts, topic: Topic, source: int, target: int, number: int) -> TermCounts:
    """Some of one part of a table are in another one in its place."""
    groups = []
    for group in counts.groups:
        parts = [count for _, count in group.counts]
        if group.topic is topic:
            parts[source], parts[target] = parts[source] - number, parts[target] + number
        groups.append(Group(group.topic, tuple(zip((name for name, _ in group.counts), parts, strict=True))))
    return TermCounts(
        counts.term, counts.counted_on, counts.nights, tuple(groups), counts.singles, counts.waits
    )


@settings(max_examples=60, deadline=None)
@given(whole_terms())
def test_behind_every_small_number_of_a_sheet_of_any_size_there_may_be_two_others(
    made: tuple[TermCounts, int],
) -> None:
    """Each of the other terms has the very same sheet: no reckoning over all its tables can tell them apart."""
    counts, total = made
    if total < LEAST:
        return  # told as few, with nothing beside it: the small terms above
    sheet = tell_sheet(counts)
    for single, count in counts.singles:
        if single is Single.REPORTS:
            continue
        if 0 < count < LEAST or 0 < total - count < LEAST:
            others = {n for n in range(total + 1) if tell_sheet(with_single(counts, single, n)) == sheet}
            assert len(others) >= LEAST_POSSIBLE, (single, count, others)
    for group in counts.groups:
        parts = [count for _, count in group.counts]
        if sum(parts) < LEAST:
            continue
        for at, count in enumerate(parts):
            if not 0 < count < LEAST:
                continue
            may_be = {count}
            for other in range(len(parts)):
                for number in range(-parts[other], count + 1):
                    if other != at and tell_sheet(with_move(counts, group.topic, at, other, number)) == sheet:
                        may_be.add(count - number)
            assert len(may_be) >= LEAST_POSSIBLE, (group.topic, at, parts, may_be)


@given(whole_terms())
def test_all_tables_of_incidents_tell_one_total(made: tuple[TermCounts, int]) -> None:
    sheet = tell_sheet(made[0])
    assert len({str(group.total) for group in sheet.groups if group.topic in INCIDENTS}) == 1


@given(whole_terms())
def test_no_number_told_less_another_told_is_small(made: tuple[TermCounts, int]) -> None:
    """The plain reader with a pencil: whole less part, for all that are parts of the incidents."""
    sheet, total = tell_sheet(made[0]), made[1]
    told = [number for single, number in sheet.singles if single is not Single.REPORTS]
    removal = sheet.group(Topic.REMOVAL)
    told += [removal.total] if removal else []
    for number in told:
        if isinstance(number, int) and total >= LEAST:
            assert not 0 < total - number < LEAST
