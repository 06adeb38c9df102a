"""Three peers and ours on the voices nobody trained on: is a text inappropriate, yes or no?

The peers live in an environment of their own (`--python`); this very file runs there as `--judge`, texts in and
answers out over pipes. Nothing is written, no text is printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCUSED_AT_MOST = 0.02
VADER_NEGATIVE = 0.05
"""VADER's own cut-off for a negative text: compound of -0.05 or less."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Of one contender, in the order of the texts. `scores` is None where it gives none."""

    name: str
    yes: tuple[bool, ...]
    scores: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Result:
    """Shares in [0, 1]: at the contender's own cut, and recall where at most 2 % of critics are accused."""

    recall: float
    accused: float
    recall_at_two: float | None


def recall_at(scores: Sequence[float], bad: Sequence[bool], critics: Sequence[bool], most: float) -> float:
    """The highest share of `bad` at a cut that takes in at most the share `most` of `critics`."""
    wanted = [score for score, is_bad in zip(scores, bad, strict=True) if is_bad]
    spared = sorted((score for score, is_one in zip(scores, critics, strict=True) if is_one), reverse=True)
    allowed = int(most * len(spared))
    # The first critic who may not be accused any more: whoever scores above is found.
    cut = spared[allowed] if allowed < len(spared) else float("-inf")
    return sum(score > cut for score in wanted) / len(wanted) if wanted else 0.0


def judge_answers(
    answers: Answers, bad: Sequence[bool], critics: Sequence[bool], at: Sequence[int]
) -> Result:
    """The result on the texts numbered `at`."""
    some_bad, some_critics = [bad[n] for n in at], [critics[n] for n in at]
    yes = [answers.yes[n] for n in at]
    found = sum(a and b for a, b in zip(yes, some_bad, strict=True))
    accused = sum(a and c for a, c in zip(yes, some_critics, strict=True))
    scores = None if answers.scores is None else [answers.scores[n] for n in at]
    return Result(
        found / max(sum(some_bad), 1),
        accused / max(sum(some_critics), 1),
        None if scores is None else recall_at(scores, some_bad, some_critics, ACCUSED_AT_MOST),
    )


def _by_alt_profanity_check(texts: list[str]) -> tuple[list[bool], list[float] | None]:
    from profanity_check import predict, predict_prob  # type: ignore[import-not-found,unused-ignore]

    return [bool(each) for each in predict(texts)], [float(each) for each in predict_prob(texts)]


def _by_vader(texts: list[str]) -> tuple[list[bool], list[float] | None]:
    from vaderSentiment.vaderSentiment import (  # type: ignore[import-not-found,unused-ignore]
        SentimentIntensityAnalyzer,
    )

    judge = SentimentIntensityAnalyzer()
    compound = [float(judge.polarity_scores(text)["compound"]) for text in texts]
    return [each <= -VADER_NEGATIVE for each in compound], [-each for each in compound]


def _by_better_profanity(texts: list[str]) -> tuple[list[bool], list[float] | None]:
    from better_profanity import profanity  # type: ignore[import-not-found,unused-ignore]

    profanity.load_censor_words()
    return [bool(profanity.contains_profanity(text)) for text in texts], None


PEERS: dict[str, Callable[[list[str]], tuple[list[bool], list[float] | None]]] = {
    "alt-profanity-check": _by_alt_profanity_check,
    "VADER (negative)": _by_vader,
    "better-profanity": _by_better_profanity,
}


def _judge_here() -> None:
    """In the peers' environment: a JSON list of texts in, an object of answers out."""
    texts = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    found: dict[str, Any] = {}
    for name, judge in PEERS.items():
        try:
            yes, scores = judge(texts)
        except ImportError as error:
            found[name] = {"missing": str(error)}
        else:
            found[name] = {"yes": yes, "scores": scores}
    print(json.dumps(found))


def _ask_peers(python: Path, texts: Sequence[str]) -> list[Answers]:
    done = subprocess.run(
        [str(python), str(Path(__file__).resolve()), "--judge"],
        input=json.dumps(texts).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    answers = []
    for name, found in json.loads(done.stdout).items():
        if "missing" in found:
            print(f"{name}: not there ({found['missing']})")
            continue
        scores = found["scores"]
        answers.append(Answers(name, tuple(found["yes"]), None if scores is None else tuple(scores)))
    return answers


def _ask_ours(rows: Sequence[Any]) -> list[Answers]:
    from bench.judging import NAMES, open_model
    from classifiers.model import TextToClassify
    from mentionwatch.labels import Label

    answers = []
    for name in NAMES:
        model = open_model(name)
        if isinstance(model, str):
            print(f"mentionwatch {name}: not there ({model})")
            continue
        judged = model.classify([TextToClassify(row.title, row.text) for row in rows])
        scores = tuple(each.probabilities.inappropriate for each in judged)
        labelled = tuple(each.label is Label.INAPPROPRIATE for each in judged)
        raised = tuple(each.label is Label.INAPPROPRIATE or each.needs_person for each in judged)
        answers.append(Answers(f"**mentionwatch {name}**", labelled, scores))
        answers.append(Answers(f"mentionwatch {name}, label or person", raised, None))
    return answers


def _show(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def main() -> None:
    """Peers and ours on classifiers/unheard, in English and Welsh (code-switching counts with Welsh)."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--python", type=Path, help="the python of the environment that holds the peers")
    parser.add_argument("--judge", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.judge:
        _judge_here()
        return
    if given.python is None or not given.python.exists():
        parser.error("--python must name the python of an environment that holds the peers: bench/README.md")
    from importlib.resources import files

    from classifiers.features import join
    from classifiers.labelled import read_corpus
    from mentionwatch.labels import Label

    rows = read_corpus(files("classifiers").joinpath("unheard"))
    bad = [row.label is Label.INAPPROPRIATE for row in rows]
    critics = [row.label is Label.CONCERN for row in rows]
    contenders = _ask_peers(given.python, [join(row.title, row.text) for row in rows]) + _ask_ours(rows)
    for lang, tongues in (("English", {"en"}), ("Welsh", {"cy", "mixed"})):
        at = [number for number, row in enumerate(rows) if row.lang in tongues]
        print(
            f"\n| {lang}: {len(at)} texts, {sum(bad[n] for n in at)} inappropriate, "
            f"{sum(critics[n] for n in at)} concerns | found | critics accused | found at 2 % accused |"
        )
        print("|---|---|---|---|")
        for answers in contenders:
            result = judge_answers(answers, bad, critics, at)
            shown = (result.recall, result.accused, result.recall_at_two)
            print(f"| {answers.name} | {' | '.join(map(_show, shown))} |")


if __name__ == "__main__":
    main()
