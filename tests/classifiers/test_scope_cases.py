"""The labelled set: 434 texts over 26 schools, all written before anyone saw how the code judged them.

`seen` guided the code. `held_out` (a third of the first 371, by hash) was looked at once when the code was done:
certain 50/50 right, ours kept 53/56; it showed three faults, since mended. `late` (63 texts over five more
schools) was written after that and looked at once: certain 26/26 right, ours kept 26/27; two faults since mended.
What is asserted here guards against relapse; the figures of the first look are the honest estimate.

`expect` lists the scopes a careful person would accept. *Certain* among them means that the text is ours.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from classifiers.scope import Scoper, build_scoper
from mentionwatch.labels import Scope
from mentionwatch.profiles import derive_profile
from mentionwatch.school import LookAlike, SchoolProfile

HERE = Path(__file__).parent / "scope_cases"
PARTS = ("seen.jsonl", "held_out.jsonl", "late.jsonl")


def _rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def _schools() -> list[dict[str, object]]:
    return _rows("schools.jsonl") + _rows("schools_late.jsonl")


def _cases() -> list[dict[str, object]]:
    return [row for part in PARTS for row in _rows(part)]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _profile(row: dict[str, object]) -> SchoolProfile:
    base = derive_profile(str(row["name"]), _texts(row["places"]), str(row["lang"]))
    rivals = row.get("look_alikes", [])
    assert isinstance(rivals, list)
    return replace(
        base,
        names=base.names + _texts(row.get("names")),
        websites=_texts(row.get("websites")),
        handles=_texts(row.get("handles")),
        postcodes=_texts(row.get("postcodes")),
        head_surnames=_texts(row.get("head_surnames")),
        look_alikes=tuple(LookAlike(rival["name"], _texts(rival["places"])) for rival in rivals),
    )


@cache
def scopers() -> dict[str, Scoper]:
    return {str(row["school"]): build_scoper(_profile(row)) for row in _schools()}


WELSH = {str(row["school"]) for row in _schools() if row["lang"] == "cy"}


@dataclass(frozen=True)
class Figures:
    """Counts over labelled cases."""

    cases: int
    certain: int
    rightly_certain: int
    ours: int
    ours_kept: int
    others: int
    others_shown: int

    @property
    def precision(self) -> float:
        return self.rightly_certain / self.certain

    @property
    def recall(self) -> float:
        return self.ours_kept / self.ours

    def __str__(self) -> str:
        return (
            f"{self.cases} cases; certain {self.rightly_certain}/{self.certain} right ({self.precision:.3f}); "
            f"ours kept {self.ours_kept}/{self.ours} ({self.recall:.3f}); "
            f"others shown as possible or certain {self.others_shown}/{self.others}"
        )


def measure(rows: list[dict[str, object]]) -> Figures:
    tally: Counter[str] = Counter()
    for row in rows:
        decision = scopers()[str(row["school"])].decide(
            str(row.get("title", "")), str(row["text"]), str(row.get("url", "")), str(row.get("place", ""))
        )
        expect = _texts(row["expect"])
        tally["certain"] += decision.scope is Scope.CERTAIN
        tally["rightly"] += decision.scope is Scope.CERTAIN and "certain" in expect
        tally["ours"] += "certain" in expect
        tally["kept"] += "certain" in expect and decision.scope is not Scope.OUT
        tally["others"] += expect == ("out",)
        tally["shown"] += expect == ("out",) and decision.scope is not Scope.OUT
    return Figures(
        len(rows),
        tally["certain"],
        tally["rightly"],
        tally["ours"],
        tally["kept"],
        tally["others"],
        tally["shown"],
    )


@pytest.mark.parametrize("part", PARTS)
def test_certain_is_right_and_ours_is_kept(part: str) -> None:
    """Scope goals: precision of certain at least 0.99, recall of possible-or-certain at least 0.95."""
    figures = measure(_rows(part))
    sys.stdout.write(f"\n{part}: {figures}\n")
    assert figures.precision >= 0.99
    assert figures.recall >= 0.95
    assert figures.others_shown <= 0.05 * figures.others


def test_welsh_forms_are_recognised_as_well_as_english_ones() -> None:
    rows = _cases()
    welsh = measure([row for row in rows if row["school"] in WELSH])
    english = measure([row for row in rows if row["school"] not in WELSH])
    sys.stdout.write(f"\nWelsh schools: {welsh}\nEnglish schools: {english}\n")
    assert welsh.recall >= english.recall - 0.02
    assert welsh.precision >= 0.99


def test_the_set_is_large_and_its_ids_are_unique() -> None:
    rows = _cases()
    assert len({str(row["id"]) for row in rows}) == len(rows) >= 300
    assert len(scopers()) >= 12
