"""`evaluate`: what a model is worth on voices it never heard, held against what is pinned."""

from __future__ import annotations

import argparse
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import clock, print_json, say
from flows.home import find_home
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.settings import read_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifiers.evaluate import Figures
    from classifiers.gate import Pin
    from classifiers.model import Classifier
    from classifiers.unseen import Part

# scikit-learn takes half a second to load: the modules that need it are fetched by the command itself.

BELOW_A_FLOOR = 3
WIDTH = 80
SHOWN = (
    ("texts", "texts", "{:,}"),
    ("macro_f1", "macro-F1 over the labels", "{:.3f}"),
    ("recall_inappropriate", "inappropriate found as label", "{:.3f}"),
    ("found", "inappropriate found as label or person", "{:.3f}"),
    ("police_posts", "posts for the police", "{:,}"),
    ("police_missed", "  of which missed", "{:.3f}"),
    ("accused", "criticism called inappropriate", "{:.3f}"),
    ("asked", "sent to a person", "{:.3f}"),
    ("calibration_error", "calibration error", "{:.3f}"),
)
TITLES = {
    "left_out": "VOICES LEFT OUT (the headline): each scored by a model that never heard it",
    "strangers": "STRANGERS: voices in no training, kept frozen in classifiers/unheard",
}
GROUPS = {"all": "all", "en": "English", "cy": "Welsh"}


def evaluate(arguments: argparse.Namespace) -> int:
    """Measure from stored scores, without training. Exits 3 when a figure is below its floor."""
    from classifiers.floors import read_floors
    from classifiers.gate import compare, kind_of_model, list_figures
    from classifiers.store import load

    folder = _folder_of(arguments)
    is_written = arguments.write_floors or arguments.lower_floors is not None
    if is_written and not _is_ours(folder):
        raise Refused(
            "refused: floors are written for the models that ship, in classifiers/models, and for no other"
        )
    classifier = load(folder, with_corpus=True)
    parts = _measure(classifier, folder)
    kind = kind_of_model(classifier.parts.encoder)
    measured = [pin for part in parts for pin in list_figures(kind, part.name, part.figures)]
    if is_written:
        _write(arguments, measured)
    findings = compare(measured, read_floors().of(kind, [part.name for part in parts]))
    plots = _draw(arguments.plots, classifier, parts)
    if arguments.json:
        figures = {part.name: [asdict(each) for each in part.figures] for part in parts}
        print_json(
            {
                "model": classifier.name,
                **figures,
                "findings": findings,
                "plots": [str(path) for path in plots],
            }
        )
    else:
        say_all(classifier.name, parts, findings, plots)
    return BELOW_A_FLOOR if findings else 0


def _folder_of(arguments: argparse.Namespace) -> Path:
    from flows.promotion import folder_in_use, models_of

    if arguments.model:
        return Path(arguments.model)
    return folder_in_use(models_of(find_home(arguments.home, read_environment())))


def _is_ours(folder: Path) -> bool:
    from classifiers.store import MODELS

    return folder.resolve().parent == MODELS


def _measure(classifier: Classifier, folder: Path) -> list[Part]:
    """Both parts; only strangers for a model that learned from a school's corrections, which stores no scores."""
    from classifiers.labelled import read_corpus
    from classifiers.unseen import UNSEEN_FILE, measure_left_out, measure_strangers

    if not _is_ours(folder) and not (folder / UNSEEN_FILE).exists():
        sys.stderr.write(
            "mentionwatch: no scores of voices left out are kept beside this model: strangers only\n"
        )
        return [measure_strangers(classifier)]
    return [measure_left_out(classifier, folder, read_corpus()), measure_strangers(classifier)]


def _write(arguments: argparse.Namespace, measured: Sequence[Pin]) -> None:
    from classifiers.floors import FLOORS, read_floors, save_floors
    from classifiers.gate import raise_floors

    today = clock(arguments).date()
    save_floors(raise_floors(measured, read_floors(), today, arguments.lower_floors or ""))
    sys.stderr.write(f"mentionwatch: wrote {FLOORS}\n")


def _draw(folder: str, classifier: Classifier, parts: Sequence[Part]) -> list[Path]:
    """The reliability plots of the headline (else of strangers), and the learning curve where it was measured."""
    if not folder:
        return []
    from classifiers.canvas import draw_svg
    from classifiers.curve import CURVE, plot_curve, read_curve
    from classifiers.plots import write_reliability

    try:
        written = write_reliability(parts[0], classifier.parts.name, Path(folder))
        if CURVE.exists():
            written.append(Path(folder) / "learning-curve.svg")
            written[-1].write_bytes(draw_svg(plot_curve(read_curve())))
    except OSError as error:
        raise ConfigError(
            "--plots", folder, f"cannot be written to ({type(error).__name__})", "Name a folder of your own"
        ) from None
    return written


def say_all(name: str, parts: Sequence[Part], findings: Sequence[str], plots: Sequence[Path]) -> None:
    """Everything for a person, in eighty columns."""
    say(f"Model: {name}")
    for part in parts:
        say()
        say(TITLES[part.name])
        _say_groups(part.figures)
        _say_labels(part.figures)
        _say_harms(part.figures)
    say()
    if findings:
        say(f"The gate says no, {len(findings)} times:")
        for line in findings:
            say(textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    "))
    else:
        say("Nothing is below what is pinned in classifiers/floors.toml")
    for path in plots:
        say(f"Wrote {path}")


def _row(words: str, cells: Sequence[str]) -> None:
    say((f"{words:<41}" + "".join(f"{cell:>13}" for cell in cells)).rstrip())


def _say_groups(figures: Sequence[Figures]) -> None:
    _row("", [GROUPS[each.group] for each in figures])
    for name, words, form in SHOWN:
        _row(words, [form.format(getattr(each, name)) for each in figures])


def _say_labels(figures: Sequence[Figures]) -> None:
    _row("label: recall, precision", ())
    for of_label in zip(*(each.labels for each in figures), strict=True):
        cells = [f"{each.recall:.3f} {each.precision:.3f}" if each.texts else "none" for each in of_label]
        _row(f"  {of_label[0].label.value} ({of_label[0].texts:,})", cells)


def _say_harms(figures: Sequence[Figures]) -> None:
    _row("harm: found as label or person, named", ())
    for of_harm in zip(*(each.harms for each in figures), strict=True):
        cells = [f"{each.found:.3f} {each.named:.3f}" if each.texts else "none" for each in of_harm]
        _row(f"  {of_harm[0].harm.value} ({of_harm[0].texts:,})", cells)
