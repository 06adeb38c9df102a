"""The place where a passage stood: which of its neighbours remain, and what stands between them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from evidence.recheck_baseline import NEIGHBOUR_LETTERS, find_lines
from evidence.recheck_page import FOLD, GUARDED, STUB, fold_digits

SHINGLE = 5
"""Words of a run that counts as kept; shorter runs occur by chance."""

STUB_WORDS = 25
HEADER_WORDS = 6
"""The name of an author, or a date, has no more."""

NAME_WORDS = 4
"""Words in a note of removal that are none of its usual ones: who removed it, or a date."""

NOTE_WORDS = frozenset(
    """a admin administrator administrators an and at attack author because been breach breaking broke by comment comments
    community content creator did editor entry follow for from has guidelines have house in is it its letter message
    mod moderator moderators mods not of offensive on or our owner personal post poster posters policy reply request
    review rule rules s site standards team terms that the their this to true user violated violating violation was
    ar awdur cais gais canllawiau cyfraniad cymedrolwr cymedrolwyr dorri ei gan gymedrolwr golwg gol golygydd hon hwn
    llythyr neges oddi o or olygydd rheolau safle sylw wedi wediu y yma yn yr""".split()
)
REWRITTEN_SHARE = 0.5
LONGEST_COMPARED = 200
"""Words of a passage compared in order, which takes the square of them; a longer one keeps whole runs when edited."""


@dataclass(frozen=True, slots=True)
class Place:
    """`new` are the words between the nearest neighbours that did not stand there before, in order; None when the
    neighbours no longer stand around one place. `is_vouched`: lines of the page's own remain on both sides, or the
    line that goes with every post of the page still recurs; else the whole thread may just not be shown. `nearest` are
    the two neighbours, `lines` all that stands between them now, and `new_lines` those of them that are new, digits alike.
    `is_framed`: the lines that go with the post, such as its author's name, still stand there without its words."""

    kept: int
    stood: int
    is_half_kept: bool
    new: tuple[str, ...] | None
    is_vouched: bool = True
    nearest: tuple[str, str] = ("", "")
    lines: tuple[str, ...] = ()
    new_lines: tuple[str, ...] = ()
    is_framed: bool = False

    @property
    def is_standing(self) -> bool:
        """Half of the neighbours remain on each side that had any, at least two in all, around one place."""
        return self.is_half_kept and self.kept >= 2 and self.new is not None

    @property
    def is_cleared(self) -> bool:
        """Is there nothing in the place, or but a note that something was taken away?

        One new word is enough to doubt: it may be the button behind which the post is folded.
        """
        words = self.new or ()
        said = " ".join((*words, *self.new_lines))
        if GUARDED.search(said) or any(FOLD.fullmatch(line) for line in self.lines):
            return False
        if not words and not self.new_lines:
            return not self.is_framed
        others = [word for word in words if word not in NOTE_WORDS and not STUB.fullmatch(word)]
        return len(words) <= STUB_WORDS and bool(STUB.search(said)) and len(others) <= NAME_WORDS

    def holds_rewritten(self, passage: str) -> bool:
        """Do half of the passage's words stand in the place, in their order, within a text not much longer?"""
        wanted, words = passage.split(), list(self.new or ())
        if not wanted or len(wanted) > LONGEST_COMPARED or len(words) > 3 * len(wanted):
            return False
        blocks = SequenceMatcher(None, wanted, words, autojunk=False).get_matching_blocks()
        return sum(block.size for block in blocks) / len(wanted) >= REWRITTEN_SHARE


def look_at_place(
    passage: str,
    neighbours: tuple[Sequence[str], Sequence[str]],
    stood: Sequence[str],
    lines: Sequence[str],
    frame: Sequence[str] = (),
) -> Place:
    """Compare the captured page's lines (`stood`) with those of today. All are normalised.

    `frame` are lines the site shows at an address that is none: they say nothing about the place.
    """
    page, before_page = _join(lines), _join(stood)
    in_frame = _join(frame)
    before, after = (
        [folded for line in side if f" {(folded := fold_digits(line))} " not in in_frame]
        for side in neighbours
    )
    kept_before = [line for line in before if f" {line} " in page]
    kept_after = [line for line in after if f" {line} " in page]
    nearest = _nearest(before_page, kept_before[::-1]), _nearest(before_page, kept_after)
    between = find_between(page, *nearest)
    new, here, unlike = None, Counter[str](), Counter[str]()
    if between is not None:
        here = Counter(_cut_lines(page, lines, *between))
        there = Counter(_lines_around(before_page, passage, stood, *nearest))
        unlike = here - there
        known = Counter(" ".join(there.elements()).split())
        fresh: list[str] = []
        for word in page[slice(*between)].split():
            if known[word] > 0:
                known[word] -= 1
            elif word.strip("#"):
                fresh.append(word)
        new = tuple(fresh)
    return Place(
        len(kept_before) + len(kept_after),
        len(before) + len(after),
        2 * len(kept_before) >= len(before) and 2 * len(kept_after) >= len(after),
        new,
        bool(kept_before and kept_after) or _has_siblings(passage, stood, page),
        nearest,
        tuple(here),
        tuple(unlike),
        between is not None and _is_framed(passage, stood, lines, here, between),
    )


def _is_framed(
    passage: str, stood: Sequence[str], lines: Sequence[str], here: Counter[str], between: tuple[int, int]
) -> bool:
    """Do more short lines stand in the place (`here`) than between any other two, or one of them more often?

    A post takes its author's name, its date and its buttons with it; where they remain, only its words are folded
    away. A page too small to tell by other posts is told by the lines right before and after the passage.
    """
    then = _join(stood)
    bounds = {
        folded
        for line in stood
        if len(line) >= NEIGHBOUR_LETTERS and then.count(f" {(folded := fold_digits(line))} ") == 1
    }
    stretches: list[Counter[str]] = [Counter()]
    at = 1
    for line in map(fold_digits, lines):
        if line in bounds or between[0] <= at <= between[1]:
            stretches.append(Counter())
        else:
            stretches[-1][line] += 1
        at += len(line) + 1
    longest = max(stretch.total() for stretch in stretches)
    if not longest:
        return _keeps_header(passage, stood, _join(lines))
    return longest < here.total() or any(
        0 < max(stretch[line] for stretch in stretches) < count for line, count in here.items()
    )


def _keeps_header(passage: str, stood: Sequence[str], page: str) -> bool:
    """Do the short lines right before and after the passage all stand as often as ever?"""
    then = _join(stood)
    if not passage or f" {passage} " not in f" {' '.join(stood)} ":
        return False
    first, last = find_lines(stood, passage)
    folded = [fold_digits(line) for line in stood]
    beside = [
        line
        for line in (*folded[:first][-1:], *folded[last + 1 :][:1])
        if len(line.split()) <= HEADER_WORDS and ("#" in line or len(line) < NEIGHBOUR_LETTERS)
    ]
    return bool(beside) and all(page.count(f" {line} ") >= then.count(f" {line} ") for line in beside)


def _cut_lines(page: str, lines: Sequence[str], start: int, end: int) -> list[str]:
    """The lines, or what of them lies, from one place of the joined page to another."""
    found, at = [], 1
    for line in lines:
        ends = at + len(fold_digits(line))
        if at < end and ends > start and (piece := page[max(at, start) : min(ends, end)].strip()):
            found.append(piece)
        at = ends + 1
    return found


def _has_siblings(passage: str, stood: Sequence[str], page: str) -> bool:
    """Does a line such as a date or a button, that stood by the passage and by others, remain by the others?"""
    if not passage or f" {passage} " not in f" {' '.join(stood)} ":
        return False
    folded = [fold_digits(line) for line in stood]
    first, last = find_lines(stood, passage)
    near = {line for line in folded[max(0, first - 2) : last + 3] if "#" in line and line.strip("# ")}
    return any(folded.count(line) > 1 and f" {line} " in page for line in near)


def _nearest(page: str, kept: Sequence[str]) -> str:
    """The first that stood once only; dates and names that recur mark no place."""
    return next((line for line in kept if page.count(f" {line} ") == 1), kept[0] if kept else "")


def _join(lines: Sequence[str]) -> str:
    return f" {fold_digits(' '.join(lines))} "


def find_between(page: str, before: str, after: str) -> tuple[int, int] | None:
    """The shortest stretch from one neighbour to the other; an empty neighbour stands for the page's edge."""
    if not before or not after:
        start = page.rfind(f" {before} ") + len(before) + 1 if before else 0
        end = page.find(f" {after} ") if after else len(page)
        return (start, end) if start <= end else None
    found: tuple[int, int] | None = None
    lower, end = 0, page.find(f" {after} ")
    while end >= 0:
        start = page.rfind(f" {before} ", lower, end + 1)
        begin = start + len(before) + 1
        if start >= 0 and (found is None or end - begin < found[1] - found[0]):
            found = begin, end
        lower, end = end, page.find(f" {after} ", end + 1)
    return found


def _lines_around(page: str, passage: str, stood: Sequence[str], before: str, after: str) -> list[str]:
    """What stood between the same two neighbours when captured, less the passage."""
    folded = f" {fold_digits(passage)} "
    at = page.find(folded)
    if at < 0:
        return []
    start = page.rfind(f" {before} ", 0, at + 1) + len(before) + 1 if before else 0
    end = page.find(f" {after} ", at + len(folded) - 1) if after else len(page)
    return [
        *_cut_lines(page, stood, start, at),
        *_cut_lines(page, stood, at + len(folded), end if end >= 0 else len(page)),
    ]


def share_kept(passage: str, page: str) -> float:
    """How many of the passage's runs of words the page holds, from 0 to 1; 0 for a passage shorter than a run."""
    words = passage.split()
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    return len(find_runs(passage, page)) / len(runs) if runs else 0.0


def find_runs(passage: str, page: str) -> frozenset[str]:
    """Those of the passage's runs of words that the page holds."""
    words, there = passage.split(), f" {page} "
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    if len(runs) <= LONGEST_COMPARED:
        return frozenset(run for run in runs if f" {run} " in there)
    found = page.split()
    return frozenset(
        runs & {" ".join(run) for run in zip(*(found[at:] for at in range(SHINGLE)), strict=False)}
    )
