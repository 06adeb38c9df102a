"""The place where a passage stood: which of its neighbours remain, and what stands between them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from evidence.recheck_baseline import find_lines
from evidence.recheck_page import GUARDED, STUB, fold_digits

SHINGLE = 5
"""Words of a run that counts as kept; shorter runs occur by chance."""

CLEAN_WORDS = 2
"""New words that may stand in the passage's place without being taken for a rewritten post."""

STUB_WORDS = 25
NAME_WORDS = 4
"""Words in a note of removal that are none of its usual ones: who removed it, or a date."""

NOTE_WORDS = frozenset(
    """a admin administrator administrators an and at attack author because been breach breaking broke by comment comments
    community content creator did editor entry follow for from has guidelines have house in is it its letter message
    mod moderator moderators mods not of offensive on or our owner personal post poster posters policy reply request
    review rule rules s site standards team terms that the their this to user violated violating violation was
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
    line that goes with every post of the page still recurs; else the whole thread may just not be shown."""

    kept: int
    stood: int
    is_half_kept: bool
    new: tuple[str, ...] | None
    is_vouched: bool = True

    @property
    def is_standing(self) -> bool:
        """Half of the neighbours remain on each side that had any, at least two in all, around one place."""
        return self.is_half_kept and self.kept >= 2 and self.new is not None

    @property
    def is_cleared(self) -> bool:
        """Is there nothing in the place, or but a note that something was taken away?"""
        words = self.new or ()
        said = " ".join(words)
        if GUARDED.search(said):
            return False
        if len(words) <= CLEAN_WORDS:
            return True
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
    between = _between(page, *nearest)
    new = None
    if between is not None:
        known = Counter((_between_around(before_page, passage, *nearest)).split())
        fresh: list[str] = []
        for word in between.split():
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
    )


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


def _between(page: str, before: str, after: str) -> str | None:
    """The shortest stretch from one neighbour to the other; an empty neighbour stands for the page's edge."""
    if not before or not after:
        start = page.rfind(f" {before} ") + len(before) + 1 if before else 0
        end = page.find(f" {after} ") if after else len(page)
        return page[start:end] if start <= end else None
    found: str | None = None
    lower, end = 0, page.find(f" {after} ")
    while end >= 0:
        start = page.rfind(f" {before} ", lower, end + 1)
        begin = start + len(before) + 1
        if start >= 0 and (found is None or end - begin < len(found)):
            found = page[begin:end]
        lower, end = end, page.find(f" {after} ", end + 1)
    return found


def _between_around(page: str, passage: str, before: str, after: str) -> str:
    """What stood between the same two neighbours when captured, less the passage."""
    folded = f" {fold_digits(passage)} "
    at = page.find(folded)
    if at < 0:
        return ""
    start = page.rfind(f" {before} ", 0, at + 1) + len(before) + 1 if before else 0
    end = page.find(f" {after} ", at + len(folded) - 1) if after else len(page)
    return f"{page[start:at]} {page[at + len(folded) : end if end >= 0 else len(page)]}"


def share_kept(passage: str, page: str) -> float:
    """How many of the passage's runs of words the page holds, from 0 to 1; 0 for a passage shorter than a run."""
    words, there = passage.split(), f" {page} "
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    if len(runs) <= LONGEST_COMPARED:
        return sum(f" {run} " in there for run in runs) / len(runs) if runs else 0.0
    found = page.split()
    return len(
        runs & {" ".join(run) for run in zip(*(found[at:] for at in range(SHINGLE)), strict=False)}
    ) / len(runs)
