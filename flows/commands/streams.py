"""`scope` and `classify`: JSON Lines in, JSON Lines out, order kept; a bad line is answered and does not stop the rest."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from flows.commands.common import existing_home, print_json
from flows.home import read_school
from mentionwatch.model import Classification

BATCH = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input: its fields, or why it cannot be used."""

    id: str | None
    fields: dict[str, str]
    error: str = ""


def read_line(raw: str, wanted: tuple[str, ...]) -> Line:
    """One JSON object with text fields; `text` and `id` must be there."""
    try:
        data = json.loads(raw)
    except json.JSONDecodeError as error:
        return Line(None, {}, f"not JSON: {error.msg}")
    except RecursionError:
        return Line(None, {}, "not JSON: nested too deeply")
    except ValueError:
        # Python reads no whole number of more than some thousand digits.
        return Line(None, {}, "a number has too many digits")
    if not isinstance(data, dict):
        return Line(None, {}, "not a JSON object")
    given = data.get("id")
    id_ = _whole(str(given)) if isinstance(given, str | int) and not isinstance(given, bool) else None
    if id_ is None:
        return Line(None, {}, "id is missing")
    for name in wanted:
        if not isinstance(data.get(name, ""), str) and data[name] is not None:
            return Line(id_, {}, f"{name} is not text")
    if not isinstance(data.get("text"), str):
        return Line(id_, {}, "text is missing")
    return Line(id_, {name: _whole(data.get(name) or "") for name in wanted})


def _whole(text: str) -> str:
    """Lone surrogates, which JSON can carry and UTF-8 cannot, become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lines(wanted: tuple[str, ...]) -> Iterator[Line]:
    for number, raw in enumerate(sys.stdin.buffer):
        # Windows editors put a byte order mark in front of the first line.
        encoding = "utf-8" if number else "utf-8-sig"
        text = raw.decode(encoding, errors="replace").strip()
        if text:
            yield read_line(text, wanted)


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """Small groups, so that a long input answers while it is read; one line at a time from a terminal."""
    size = 1 if sys.stdin.isatty() else BATCH
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _answer(batch: list[Line], judge: Callable[[list[Line]], list[dict[str, object]]]) -> None:
    good = [line for line in batch if not line.error]
    answers = iter(judge(good))
    for line in batch:
        if line.error:
            print_json({"id": line.id, "error": line.error} if line.id is not None else {"error": line.error})
        else:
            print_json({"id": line.id, **next(answers)})
    sys.stdout.flush()


def scope(arguments: argparse.Namespace) -> int:
    """Is each text about the school of this home?"""
    from classifiers.scope import build_scoper

    school, _ = read_school(existing_home(arguments))
    scoper = build_scoper(school.profile)

    def judge(lines: list[Line]) -> list[dict[str, object]]:
        decided = [
            scoper.decide(each.fields["title"], each.fields["text"], each.fields["url"], each.fields["place"])
            for each in lines
        ]
        return [
            {"scope": one.scope.value, "score": round(one.score, 4), "reasons": list(one.reasons)}
            for one in decided
        ]

    for batch in _batches(_lines(("text", "title", "url", "place"))):
        _answer(batch, judge)
    return 0


def classification_json(judged: Classification) -> dict[str, object]:
    """A classification as the contract's `classify` gives it."""
    reasons: list[dict[str, object]] = []
    for reason in judged.reasons:
        shown: dict[str, object] = {"why": reason.why, "weight": reason.weight}
        if reason.span is not None:
            shown["span"] = list(reason.span)
        reasons.append(shown)
    return {
        "label": judged.label.value,
        "probabilities": asdict(judged.probabilities),
        "harms": [harm.value for harm in judged.harms],
        "route": judged.route.value,
        "needs_person": judged.needs_person,
        "reasons": reasons,
        "lang": judged.lang,
        "model": judged.model,
    }


def classify(arguments: argparse.Namespace) -> int:
    """Label each text. `--home` is optional: without one the model that ships is used."""
    from classifiers.model import TextToClassify
    from flows.learning import model_in_use

    classifier = model_in_use(arguments.home)

    def judge(lines: list[Line]) -> list[dict[str, object]]:
        items = [
            TextToClassify(each.fields["title"], each.fields["text"], each.fields["lang"]) for each in lines
        ]
        return [classification_json(judged) for judged in classifier.classify(items)]

    for batch in _batches(_lines(("text", "title", "lang"))):
        _answer(batch, judge)
    return 0
