"""Finding a passage, or a name, in the words that a page shows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evidence.picture_layout import Box, Layout, Run


@dataclass(frozen=True, slots=True)
class Found:
    """Where words were found: the runs, each with the letters from and up to which it takes part."""

    pieces: tuple[tuple[Run, int, int], ...]

    @property
    def box(self) -> Box:
        """The box round the lines that hold the words."""
        boxes: list[Box] = []
        for run, begin, end in self.pieces:
            near = [box for start, length, box in run.lines if start < end and begin < start + length]
            boxes += near or [run.box]
        whole = boxes[0]
        for box in boxes[1:]:
            whole = whole.join(box)
        return whole


def count_words(layout: Layout) -> int:
    """Words that a reader of the picture could see, controls and frames included."""
    return sum(
        len(re.findall(r"\w+", run.text)) for run in layout.runs if not (run.is_faint or run.is_hidden)
    )


def find_passage(layout: Layout, passage: str) -> Found | None:
    """The passage, letters and digits compared, in text that is really shown."""
    wanted = " ".join("".join(letter for letter, _ in _fold(passage)).split())
    shown = [run for run in layout.runs if run.lines and not (run.is_faint or run.is_hidden)]
    folded = list(_fold_runs(shown))
    joined = "".join(letter for letter, _, _ in folded)
    at = f" {joined} ".find(f" {wanted} ") if wanted else -1
    return _gather(shown, folded[at : at + len(wanted)]) if at >= 0 else None


def find_name(layout: Layout, name: str) -> list[Found]:
    """Every place of a name or handle, shown or not, however it is spaced, cut up, accented or turned round.

    Short names count only as words of their own; too much is covered rather than too little.
    """
    wanted = _squeeze(name)
    if not wanted:
        return []
    folded = [
        (kept, run, at, joint)
        for letter, run, at, joint in _with_joints(_fold_runs(layout.runs))
        for kept in _squeeze(letter)
    ]
    joined = "".join(kept for kept, _, _, _ in folded)
    found: list[Found] = []
    for form in {wanted, wanted[::-1]}:
        at = joined.find(form)
        while at >= 0:
            end = at + len(form)
            is_word = folded[at][3] and (end == len(folded) or folded[end][3])
            if len(form) >= 5 or is_word:
                pieces = [(kept, run, place) for kept, run, place, _ in folded[at:end]]
                found.append(_gather(layout.runs, pieces))
            at = joined.find(form, at + 1)
    return found


def _with_joints(
    letters: Iterator[tuple[str, int, int]],
) -> Iterator[tuple[str, int, int, bool]]:
    """Each letter with whether a word begins at it."""
    joint = True
    for letter, run, at in letters:
        if letter in " _":
            joint = True
        else:
            yield letter, run, at, joint
            joint = False


def _gather(runs: Sequence[Run], letters: Sequence[tuple[str, int, int]]) -> Found:
    pieces: dict[int, tuple[int, int]] = {}
    for letter, run, at in letters:
        if letter != " ":
            begin, end = pieces.get(run, (at, at))
            pieces[run] = (min(begin, at), max(end, at + 1))
    return Found(tuple((runs[run], begin, end) for run, (begin, end) in pieces.items()))


@lru_cache(maxsize=4096)
def _squeeze(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _fold_runs(runs: Sequence[Run]) -> Iterator[tuple[str, int, int]]:
    """Folded letters of all runs with run and place; one space between words, a new block is a new word."""
    was_space, block = True, -1
    for number, run in enumerate(runs):
        pieces: Iterator[tuple[str, int]] = _fold(run.text)
        if run.block != block and not was_space:
            was_space = True
            yield " ", number, 0
        block = run.block
        for letter, at in pieces:
            if letter != " " or not was_space:
                yield letter, number, at
            was_space = letter == " "


def _fold(text: str) -> Iterator[tuple[str, int]]:
    """Compatibility form, folded case, a space for whatever is neither letter nor digit; letters that nobody sees are left out."""
    if text.isascii():  # most of most pages: no marks to gather
        for at, letter in enumerate(text.lower()):
            yield (letter if letter.isalnum() or letter == "_" else " "), at
        return
    at, length = 0, len(text)
    while at < length:
        end = at + 1
        while end < length and unicodedata.combining(text[end]):
            end += 1
        cluster = text[at:end]
        if unicodedata.category(cluster[0]) != "Cf":
            for letter in unicodedata.normalize("NFKC", cluster).casefold():
                yield (letter if letter.isalnum() or letter == "_" else " "), at
        at = end
