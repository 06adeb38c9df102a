"""The model on HateCheck and EDOS, where somebody brings the files; no text of theirs is stored or printed.

Both hold posts about groups of people, not about a school: they say what the model makes of hate, and nothing of
defamation or of naming a pupil. Columns as in Röttger et al. 2021 (test_suite_cases.csv) and Kirk et al. 2023
(edos_labelled_aggregated.csv).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mentionwatch.errors import ConfigError, MentionwatchError

if TYPE_CHECKING:
    from mentionwatch.model import Classification

BATCH = 256
LONGEST = 1_000_000
"""Code points of a field; beyond it the file is not what it was taken for."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a public set. `part` is the functionality or the vector; `is_bad` is hateful or sexist."""

    part: str
    text: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Of one side or part: how many texts, how many called inappropriate, how many that or sent to a person."""

    name: str
    is_bad: bool
    texts: int
    labelled: int
    raised: int


@dataclass(frozen=True, slots=True)
class PublicSet:
    """How a public file names its columns and its two sides."""

    text: str
    label: str
    part: str
    bad: str
    good: str


HATECHECK = PublicSet("test_case", "label_gold", "functionality", "hateful", "non-hateful")
EDOS = PublicSet("text", "label_sexist", "label_vector", "sexist", "not sexist")


def _read_row(file: str, line: int, row: dict[str, str | None], kind: PublicSet) -> Case:
    label, text = (row[kind.label] or "").strip(), row[kind.text]
    if label not in (kind.bad, kind.good):
        raise ConfigError(
            file,
            f"line {line}",
            f"{kind.label} is neither {kind.bad} nor {kind.good}",
            "Take the published file",
        )
    if text is None or not text.strip():
        raise ConfigError(file, f"line {line}", f"{kind.text} is empty", "Take the published file")
    return Case((row[kind.part] or "").strip() or "none", text, label == kind.bad)


def read_cases(path: Path, kind: PublicSet) -> list[Case]:
    """Every row of a CSV file in UTF-8. Raises `ConfigError`, one line, for a file that is not that set."""
    csv.field_size_limit(LONGEST)
    mend = "Take the published file"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {kind.text, kind.label, kind.part} - set(reader.fieldnames or ())
            if missing:
                raise ConfigError(path.name, "line 1", f"has no column {', '.join(sorted(missing))}", mend)
            cases = [_read_row(path.name, reader.line_num, row, kind) for row in reader]
    except OSError as error:
        raise ConfigError(path.name, "", f"cannot be read ({type(error).__name__})", "Name a file") from None
    except UnicodeDecodeError:
        raise ConfigError(path.name, "", "is not UTF-8", mend) from None
    except csv.Error as error:
        raise ConfigError(path.name, "", f"is no CSV file ({error})", mend) from None
    if not cases:
        raise ConfigError(path.name, "", "holds no rows", mend)
    return cases


def count_shares(cases: Sequence[Case], judge: Callable[[list[str]], list[Classification]]) -> list[Share]:
    """The bad side, the good side, then every part of each in name order."""
    from mentionwatch.labels import Label

    totals: dict[tuple[str, bool], list[int]] = {}
    for start in range(0, len(cases), BATCH):
        batch = list(cases[start : start + BATCH])
        for case, judged in zip(batch, judge([case.text for case in batch]), strict=True):
            is_labelled = judged.label is Label.INAPPROPRIATE
            for key in (("", case.is_bad), (case.part, case.is_bad)):
                total = totals.setdefault(key, [0, 0, 0])
                total[0] += 1
                total[1] += is_labelled
                total[2] += is_labelled or judged.needs_person
    ordered = sorted(totals, key=lambda key: (key[0] != "", not key[1], key[0]))
    return [Share(part or "all", is_bad, *totals[part, is_bad]) for part, is_bad in ordered]


def show_table(title: str, kind: PublicSet, shares: Sequence[Share]) -> str:
    """A table in Markdown."""
    lines = [
        f"## {title}",
        "| part | side | texts | called inappropriate | that or a person |",
        "|---|---|---|---|---|",
    ]
    for each in shares:
        side = kind.bad if each.is_bad else kind.good
        lines.append(
            f"| {each.name} | {side} | {each.texts} | {each.labelled / each.texts:.1%} | {each.raised / each.texts:.1%} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Judge the public sets somebody names with a shipped model, or with that of a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--hatecheck", type=Path, metavar="CSV", help="test_suite_cases.csv")
    parser.add_argument("--edos", type=Path, metavar="CSV", help="edos_labelled_aggregated.csv")
    parser.add_argument("--model", default="e5", help="word, e5 or a folder with a model")
    given = parser.parse_args()
    if given.hatecheck is None and given.edos is None:
        parser.error("name a file: --hatecheck CSV or --edos CSV")
    from classifiers.model import TextToClassify
    from classifiers.store import MODELS, load

    try:
        sets = [
            (title, kind, read_cases(path, kind))
            for title, kind, path in (("HateCheck", HATECHECK, given.hatecheck), ("EDOS", EDOS, given.edos))
            if path is not None
        ]
        model = load(MODELS / given.model if given.model in ("word", "e5") else Path(given.model))
    except MentionwatchError as error:
        print(f"bench.public_sets: {error}", file=sys.stderr)
        return error.exit_code
    for title, kind, cases in sets:
        shares = count_shares(
            cases, lambda texts: model.classify([TextToClassify("", text, "en") for text in texts])
        )
        print(f"\n{show_table(f'{title}, judged by {model.name}', kind, shares)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
