"""`train` and `evaluate`: a challenger model, and the gate's figures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from flows.commands.common import home_of, print_json, say
from flows.learning import build_challenger, model_in_use, models_of

SHOWN = (
    ("macro_f1", "macro-F1"),
    ("recall_inappropriate", "inappropriate found as label"),
    ("found", "found as label or person"),
    ("asked", "sent to a person"),
    ("accused", "criticism called inappropriate"),
    ("police_missed", "police-route posts missed"),
    ("calibration_error", "calibration error"),
)


def _say_figures(figures: list[dict[str, float | int | str]]) -> None:
    say(f"{'on voices the model had not heard':<34}" + "".join(f"{row['group']:>10}" for row in figures))
    say(f"{'texts':<34}" + "".join(f"{row['texts']:>10}" for row in figures))
    for key, words in SHOWN:
        say(f"{words:<34}" + "".join(f"{row[key]:>10.3f}" for row in figures))


def train(arguments: argparse.Namespace) -> int:
    """Build a challenger. It is not used until a person promotes it."""
    folder = Path(arguments.out) if arguments.out else models_of(home_of(arguments)) / "challenger"
    sys.stderr.write("mentionwatch: training on the labelled texts; this takes a minute or two\n")
    build_challenger(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if arguments.json:
        print_json({"folder": str(folder), **manifest})
    else:
        say(f"Built {manifest['name']} in {folder}")
        _say_figures(manifest["figures"])
    return 0


def evaluate(arguments: argparse.Namespace) -> int:
    """Measure afresh: each voice is scored by a model that never saw it; thresholds are those of the model in use."""
    from dataclasses import asdict

    from classifiers.evaluate import measure_all
    from classifiers.labelled import read_corpus
    from classifiers.train import score_unseen

    classifier = model_in_use(arguments.home)
    sys.stderr.write("mentionwatch: measuring on voices left out; this takes a minute or two\n")
    figures = [asdict(row) for row in measure_all(score_unseen(read_corpus()), classifier.parts.thresholds)]
    if arguments.json:
        print_json({"model": classifier.name, "figures": figures})
    else:
        say(f"Model in use: {classifier.name}")
        _say_figures(figures)
    return 0
