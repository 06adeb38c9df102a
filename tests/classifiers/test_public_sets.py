"""Public sets are read as their columns say, refused in one line, counted by side and part, and never shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.peers import Answers, judge_answers, recall_at
from bench.public_sets import EDOS, HATECHECK, Case, PublicSet, Share, count_shares, read_cases, show_table
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Label, Route
from mentionwatch.model import Classification, Probabilities
from tests.flows.nights import ROOT, clean_environment

HATE_FILE = """functionality,case_id,test_case,label_gold,target_ident
derog_neg,1,"I can't stand them, ""those"" people",hateful,none
derog_neg,2,They are all rotten,hateful,none
counter_quote,3,Saying they are rotten is a disgrace,non-hateful,none
"""
EDOS_FILE = """rewire_id,text,label_sexist,label_category,label_vector,split
sexism-1,"She said
hello",not sexist,none,none,train
sexism-2,Women cannot drive a bus,sexist,4. prejudiced discussions,4.2 supporting,dev
"""


def _write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_hatecheck_is_read_with_commas_and_quotes(tmp_path: Path) -> None:
    assert read_cases(_write(tmp_path, HATE_FILE), HATECHECK) == [
        Case("derog_neg", 'I can\'t stand them, "those" people', True),
        Case("derog_neg", "They are all rotten", True),
        Case("counter_quote", "Saying they are rotten is a disgrace", False),
    ]


def test_edos_is_read_with_line_breaks_and_a_mark_of_windows(tmp_path: Path) -> None:
    assert read_cases(_write(tmp_path, EDOS_FILE, "utf-8-sig"), EDOS) == [
        Case("none", "She said\nhello", False),
        Case("4.2 supporting", "Women cannot drive a bus", True),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (HATE_FILE.replace("label_gold", "gold"), HATECHECK, "no column label_gold"),
        (HATE_FILE, EDOS, "no column label_sexist, label_vector, text"),
        (HATE_FILE.replace("non-hateful", "maybe"), HATECHECK, "line 4: label_gold is neither"),
        (HATE_FILE.replace("They are all rotten", " "), HATECHECK, "line 3: test_case is empty"),
        ("derog_neg,1\n", HATECHECK, "no column"),
        (HATE_FILE.splitlines()[0] + "\n", HATECHECK, "holds no rows"),
        (HATE_FILE + "short,4\n", HATECHECK, "line 5"),
        ("", EDOS, "no column"),
    ],
)
def test_another_file_is_refused_in_one_line_without_its_texts(
    tmp_path: Path, text: str, kind: PublicSet, words: str
) -> None:
    with pytest.raises(ConfigError) as error:
        read_cases(_write(tmp_path, text), kind)
    said = str(error.value)
    assert words in said
    assert "\n" not in said and "rotten" not in said


@pytest.mark.parametrize("damage", ["missing", "a folder", "not UTF-8", "NUL", "endless field"])
def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cases.csv"
    if damage == "a folder":
        path.mkdir()
    elif damage != "missing":
        head = HATE_FILE.splitlines()[0].encode()
        path.write_bytes(
            {
                "not UTF-8": head + b"\nx,1,\xff\xfe,hateful,none\n",
                "NUL": b"\x00" * 9,
                "endless field": head + b"\nx,1," + b"a" * 1_100_000 + b",hateful,none\n",
            }[damage]
        )
    with pytest.raises(ConfigError) as error:
        read_cases(path, HATECHECK)
    assert "\n" not in str(error.value) and "cases.csv" in str(error.value)


def _judged(text: str) -> Classification:
    is_bad = "rotten" in text
    return Classification(
        label=Label.INAPPROPRIATE if is_bad else Label.CONCERN,
        probabilities=Probabilities(0.0, 0.0, 0.0, 1.0) if is_bad else Probabilities(0.0, 0.0, 1.0, 0.0),
        harms=(),
        route=Route.NONE,
        needs_person="those" in text,
        reasons=(),
        lang="en",
        model="none",
    )


def test_sides_and_parts_are_counted_apart(tmp_path: Path) -> None:
    cases = read_cases(_write(tmp_path, HATE_FILE), HATECHECK)
    shares = count_shares(cases, lambda texts: [_judged(text) for text in texts])
    assert shares == [
        Share("all", True, 2, 1, 2),
        Share("all", False, 1, 1, 1),
        Share("derog_neg", True, 2, 1, 2),
        Share("counter_quote", False, 1, 1, 1),
    ]
    table = show_table("HateCheck", HATECHECK, shares)
    assert "| derog_neg | hateful | 2 | 50.0% | 100.0% |" in table
    assert not any(case.text in table for case in cases)


def test_the_script_refuses_a_wrong_file_before_it_loads_a_model(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.public_sets",
            "--edos",
            str(_write(tmp_path, HATE_FILE)),
            "--model",
            "nowhere",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=clean_environment(),
        check=False,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("bench.public_sets: cases.csv: line 1") and done.stderr.count("\n") == 1


def test_recall_is_taken_where_few_critics_are_accused() -> None:
    scores = [0.9, 0.8, 0.7, 0.6, 0.5]
    bad = [True, False, True, False, True]
    critics = [not each for each in bad]
    assert recall_at(scores, bad, critics, 0.0) == pytest.approx(1 / 3)
    assert recall_at(scores, bad, critics, 0.5) == pytest.approx(2 / 3)
    assert recall_at(scores, bad, critics, 1.0) == 1.0
    # All alike: whoever accuses one accuses all.
    assert recall_at([0.5] * 5, bad, critics, 0.5) == 0.0


def test_a_contender_is_judged_on_the_texts_of_one_language() -> None:
    answers = Answers("peer", (True, True, False, True), None)
    result = judge_answers(answers, [True, False, True, False], [False, True, False, True], [0, 1, 2])
    assert (result.recall, result.accused, result.recall_at_two) == (0.5, 1.0, None)
