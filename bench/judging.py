"""How long judging takes: 500 texts cold in a fresh process and warm, batches of scores, beside what lies beneath.

Beneath the word model lies scikit-learn's own pipeline, beneath the vector model the bare encoder, both on the same
texts in the same process. Peak memory is this process's and its largest child's together.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers.model import Classifier

MENTIONS, BATCH = 500, 5_000
COLD_GOAL_S, MEMORY_GOAL_MB, WORDS_GOAL = 60.0, 400.0, 5_000.0
NAMES = ("word", "e5")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured step: how many texts in how many seconds, and of processor time."""

    step: str
    texts: int
    wall_s: float
    cpu_s: float


def open_model(name: str) -> Classifier | str:
    """The shipped model of that name, or in one line why it cannot be used here."""
    from classifiers.store import MODELS, load
    from mentionwatch.errors import MentionwatchError

    try:
        return load(MODELS / name)
    except MentionwatchError as error:
        return str(error)


def choose_texts(count: int, seed: int) -> list[str]:
    """Seeded, of the invented texts; each with a number of its own, for no cache that ships may know it."""
    from classifiers.features import join
    from classifiers.labelled import read_corpus

    dice = random.Random(seed)
    rows = dice.choices(read_corpus(), k=count)
    return [f"{join(row.title, row.text)} {seed}{at:05}" for at, row in enumerate(rows)]


def _time(step: str, texts: int, work: Callable[[], object]) -> Row:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Row(step, texts, time.perf_counter() - wall, time.process_time() - cpu)


def _peak_mb() -> float:
    """proc(5): VmHWM in kB; getrusage(2): ru_maxrss in kB on Linux."""
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    return (int(own.split()[1]) + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _library_pipeline(model: Classifier, texts: Sequence[str]) -> Callable[[], object]:
    """scikit-learn's own way: the fitted features, then a logistic regression of the labels' kinds alone."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from classifiers.kinds import KINDS

    size = len(KINDS)
    last = LogisticRegression()
    last.classes_ = np.arange(size)
    last.coef_ = model.parts.weights.words[:, :size].T
    last.intercept_ = model.parts.weights.shift[:size]
    pipeline = make_pipeline(model.parts.features, last)
    return lambda: pipeline.predict_proba(texts)


def _beneath(model: Classifier, mentions: list[str], batch: list[str]) -> list[Row]:
    if model.cache is None:
        plain = ["en"] * len(batch)
        return [
            _time("score a batch, language and all", len(batch), lambda: model.score(batch)),
            _time("score the batch again", len(batch), lambda: model.score(batch)),
            _time("score it again, language told", len(batch), lambda: model.score(batch, plain)),
            _time("beneath: scikit-learn's pipeline", len(batch), _library_pipeline(model, batch)),
        ]
    encoder = model.cache.encoder
    fresh = [f"{text} beneath" for text in mentions]
    return [_time("beneath: the bare encoder", len(fresh), lambda: encoder.encode(fresh))]


def _child(name: str) -> None:
    """Everything of one model in this fresh process; a line of JSON."""
    began = time.perf_counter()
    found = open_model(name)
    if isinstance(found, str):
        print(json.dumps({"missing": found}))
        return
    from classifiers.model import TextToClassify

    model = found
    loaded_s = time.perf_counter() - began
    mentions = choose_texts(MENTIONS, 1)
    items = [TextToClassify("", text) for text in mentions]
    others = [TextToClassify("", text) for text in choose_texts(MENTIONS, 2)]
    rows = [_time("classify, first in the process", MENTIONS, lambda: model.classify(items))]
    peak = _peak_mb()
    rows.append(_time("classify 500 others, warm", MENTIONS, lambda: model.classify(others)))
    rows.append(_time("classify the same 500 again", MENTIONS, lambda: model.classify(others)))
    rows += _beneath(model, mentions, choose_texts(BATCH, 3))
    print(
        json.dumps(
            {"loaded_s": loaded_s, "peak_mb": peak, "later_mb": _peak_mb(), "rows": list(map(asdict, rows))}
        )
    )


def _verdict(is_reached: bool) -> str:
    return "reached" if is_reached else "NOT reached"


def _cold(name: str) -> tuple[float, str]:
    """Seconds of the whole process that loads a model and judges 500 texts given to it, and what it says."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.judging", "--cold", name], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, done.stdout.strip()


def _judge_cold(name: str) -> None:
    from classifiers.model import TextToClassify

    found = open_model(name)
    if isinstance(found, str):
        print(found)
        return
    found.classify([TextToClassify("", text) for text in choose_texts(MENTIONS, 1)])
    print(f"{_peak_mb():.0f}")


def _report(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.judging", "--steps", name], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    print(f"\n## {name}")
    if "missing" in found:
        print(f"not measured: {found['missing']}")
        return
    cold_s, peak = _cold(name)
    print(
        f"500 texts cold, process start to end: {cold_s:.1f} s; goal {COLD_GOAL_S:.0f} s {_verdict(cold_s <= COLD_GOAL_S)}"
    )
    print(
        f"peak memory then: {peak} MB; goal {MEMORY_GOAL_MB:.0f} MB {_verdict(float(peak) <= MEMORY_GOAL_MB)}"
    )
    print(f"loading in it: {found['loaded_s']:.1f} s\n")
    print("| step | texts | s | processor s | texts/s | texts per processor s |\n|---|---|---|---|---|---|")
    for row in (Row(**each) for each in found["rows"]):
        print(
            f"| {row.step} | {row.texts} | {row.wall_s:.2f} | {row.cpu_s:.2f} "
            f"| {row.texts / row.wall_s:,.0f} | {row.texts / max(row.cpu_s, 1e-9):,.0f} |"
        )
        if row.step.startswith("score a batch"):
            rate = row.texts / row.wall_s
            print(f"| goal: {WORDS_GOAL:,.0f} texts/s: {_verdict(rate >= WORDS_GOAL)} | | | | | |")


def main() -> None:
    """Measure the shipped models, each in fresh processes."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", choices=NAMES, action="append", help="which; all when left out")
    parser.add_argument("--steps", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--cold", choices=NAMES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.steps:
        _child(given.steps)
    elif given.cold:
        _judge_cold(given.cold)
    else:
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load average before: {load}")
        for name in given.model or NAMES:
            _report(name)


if __name__ == "__main__":
    main()
