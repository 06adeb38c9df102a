"""docs/data-card.md, made from the labelled texts themselves: `python -m classifiers.data_card`."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from statistics import quantiles

from classifiers.corpus_rules import count_as, count_harms, count_look_alikes, find_missing_look_alikes
from classifiers.features import join
from classifiers.labelled import LabelledText, read_corpus
from classifiers.train import FOLDS
from classifiers.voices import Voice, read_voices
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm, Label, Route

LANGUAGES = (("en", "English"), ("cy", "Welsh or mixed"))
READING_HEADER = ("text", "label", "harms", "route")

HEAD = """# Data card: the labelled texts

Generated from the texts: `python -m classifiers.data_card`. Do not edit.

## Purpose

To train and to test the part of mentionwatch that sorts public postings about a school: one of four labels, the
harms an inappropriate posting carries, and the route a person at the school considers first. Nothing else.
How a text is labelled is in [classifiers/corpus/README.md](../classifiers/corpus/README.md).

## How the texts were written

Every text was written for this project, voice by voice: one file is one imagined writer (or, in the files called
*crowd* and *torf*, many who write once), with a region, a register and the habits of a platform. Harmful texts are
made up as well; wherever it was possible one stands beside a harmless text that sounds like it (`like`): reported,
quoted, denied, idiom, news, fiction. Rows that belong together share a group and stay on one side of every split.
`./check` runs the linter (`classifiers/corpus_rules.py`): sizes, near-duplicates, labels that contradict each other,
telephone numbers and addresses of real people, well-known names.

## What it is not

- **Not real postings.** No text was collected from anywhere; how often a label or harm occurs here says nothing
  about how often it occurs in the world.
- **Not many authors.** The voices are many, the authors behind them few; a few authors share blind spots, and a
  figure measured on left-out voices is still a figure on the same authors.
- **Not read by native speakers of Welsh.** The Welsh, its dialects and its mistakes are imagined with care and have
  been confirmed by nobody who grew up with the language.
- **Not a measure of people.** It must not be used to judge a writer, only to bring a posting before a person.
"""

GAPS = """
## Known gaps

- No native reader of Welsh, and no reader from any of the groups that the hateful texts are aimed at.
- Regions are uneven: much of Gwynedd, Carmarthenshire and the south of Wales, little of Gwent and Clwyd.
- People and schools are invented; a common name may by chance be that of a real one.
- Other languages of Wales's and England's schools occur only as traces in English.
- Pictures, sound, video and what a thread said before are missing; a posting often needs them to be understood.
- Articles longer than 200 words are not here; the product judges those by the passage that names the school.
- Platform habits and slang are those of about 2026 and will age.

## Licence

Apache-2.0, as the rest of the repository. The texts contain threats, hate and insults; they are kept so that
software can tell them from criticism, and are not to be posted anywhere.
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """A second reader's judgement of a row, made without seeing the first."""

    row: LabelledText
    label: Label
    harms: frozenset[Harm]
    route: Route


def measure_kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Cohen's kappa: agreement beyond what two readers with these habits reach by chance. None where both always
    say the same one thing, or nothing was read."""
    if not pairs:
        return None
    total = len(pairs)
    first, second = Counter(left for left, _ in pairs), Counter(right for _, right in pairs)
    chance = sum(first[value] * second[value] for value in first) / total**2
    if chance == 1:
        return None
    return (sum(left == right for left, right in pairs) / total - chance) / (1 - chance)


def text_key(row: LabelledText) -> str:
    """What the second reading calls a row by: the start of the SHA-256 of what was read, title and text."""
    return hashlib.sha256(join(row.title, row.text).encode()).hexdigest()[:16]


def read_second(file: Traversable, rows: Iterable[LabelledText]) -> tuple[tuple[Reading, ...], int]:
    """The second readings in the file's order, and how many are void because their text is here no more.

    Raises `ConfigError` for a wrong header, label, harm or route, and for a text read twice.
    """
    known = {text_key(row): row for row in rows}
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != READING_HEADER:
        raise ConfigError(
            file.name, "line 1", "is not the header", f"Write: {' '.join(READING_HEADER)}, tab separated"
        )
    readings, seen = [], set()
    for number, line in enumerate(lines[1:], 2):
        try:
            key, label, harms, route = (cell.strip() for cell in line.split("\t"))
            found = frozenset(Harm(harm.strip()) for harm in harms.split(",") if harm.strip())
            judged = (Label(label), found, Route(route))
        except ValueError as error:
            raise ConfigError(
                file.name, f"line {number}", str(error), "See classifiers/corpus/README.md"
            ) from None
        if key in seen:
            raise ConfigError(file.name, f"line {number}", f"reads {key} again", "Keep one reading a text")
        seen.add(key)
        if key in known:
            readings.append(Reading(known[key], *judged))
    return tuple(readings), len(seen) - len(readings)


def _table(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, cells))} |" for cells in body)]) + "\n"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _by_language(
    rows: Sequence[LabelledText], pick: Callable[[LabelledText], object], values: Iterable[object]
) -> str:
    count = Counter((count_as(row), pick(row)) for row in rows)
    return _table(
        ("", *(name for _, name in LANGUAGES), "all"),
        ((value, *(count[lang, value] for lang, _ in LANGUAGES), sum(count[lang, value] for lang, _ in LANGUAGES))
         for value in values),
    )  # fmt: skip


def _describe_sizes(rows: Sequence[LabelledText], unheard: Sequence[LabelledText]) -> str:
    langs = Counter(row.lang for row in rows)
    harms, like, missing = count_harms(rows), count_look_alikes(rows), find_missing_look_alikes(rows)
    names = dict(LANGUAGES)
    cells = [
        (harm, *(cell for lang, _ in LANGUAGES for cell in (harms[lang, harm], like[lang, harm])))
        for harm in Harm
    ]
    lacks = ", ".join(f"{names[lang]} {harm.value} ({lack})" for (lang, harm), lack in missing.items())
    lengths = []
    for lang, name in LANGUAGES:
        words = [len(row.text.split()) for row in rows if count_as(row) == lang]
        cuts = quantiles(words, n=10, method="inclusive")
        lengths.append((name, min(words), f"{cuts[0]:.0f}", f"{cuts[4]:.0f}", f"{cuts[8]:.0f}", max(words)))
    return "\n".join(
        (
            "\n## How many\n",
            f"{len(rows):,} texts: {langs['en']:,} English, {langs['cy']:,} Welsh, {langs['mixed']:,} mixed (counted with "
            "Welsh).\n",
            _by_language(rows, lambda row: row.label, Label),
            "Texts with a harm, and harmless texts that look like one. A text may count under several harms.\n",
            _table(
                ("", *(f"{name}{what}" for _, name in LANGUAGES for what in (", texts", ", look-alikes"))),
                cells,
            ),
            f"Fewer look-alikes than texts, by how many: {lacks or 'none'}.\n",
            "Routes:\n",
            _by_language(rows, lambda row: row.route, Route),
            "Words a text:\n",
            _table(("", "shortest", "a tenth up to", "half up to", "nine tenths up to", "longest"), lengths),
            "## Splits\n",
            f"Training leaves whole voices out, in {FOLDS} parts; a voice or a group is never on both sides. The largest "
            f"voice has {max(Counter(row.voice for row in rows).values())} texts. A frozen set of {len(unheard)} further "
            f"texts by strangers ({sum(row.lang == 'en' for row in unheard)} English, "
            f"{sum(row.lang != 'en' for row in unheard)} Welsh or mixed) is never trained on: classifiers/unheard.\n",
            _by_language(unheard, lambda row: row.label, Label),
        )
    )


def _describe_voices(rows: Sequence[LabelledText], voices: Sequence[Voice]) -> str:
    count = Counter(row.voice for row in rows)
    lines = ["\n## Voices\n", "| voice | texts | who | language | register | platform | batch | written |"]
    lines.append("|---|---:|---|---|---|---|---:|---|")
    lines += [
        f"| {voice.name} | {count[voice.name]} | {voice.persona} | {voice.language} | {voice.register} | "
        f"{voice.platform} | {voice.batch} | {voice.written_on:%Y-%m-%d} |"
        for voice in voices
    ]
    return "\n".join(lines) + "\n"


def describe_agreement(readings: Sequence[Reading], unused: int = 0) -> str:
    """The section on the second reader: kappa per language for labels, routes and each harm; who said what."""
    lines = ["\n## Agreement of a second reader\n"]
    if not readings:
        return "\n".join([*lines, "Not yet read twice.\n"])
    lines.append(
        f"A second reader labelled {len(readings)} texts without seeing the labels"
        + (f"; {unused} further readings are of texts mended since and are left out" if unused else "")
        + ". Cohen's kappa: 1 is full agreement, 0 is chance. The second reader knew the labelling rules and is no native "
        "speaker of Welsh either: high agreement says that the rules were kept alike, not that they are right.\n"
    )
    sides = {lang: [item for item in readings if count_as(item.row) == lang] for lang, _ in LANGUAGES}
    body: list[tuple[object, ...]] = [("texts", *(len(sides[lang]) for lang, _ in LANGUAGES))]
    takes: list[tuple[str, Callable[[Reading], tuple[object, object]]]] = [
        ("labels", lambda item: (item.row.label, item.label)),
        ("routes", lambda item: (item.row.route, item.route)),
    ]
    for name, take in takes:
        body.append(
            (name, *(_figure(measure_kappa([take(item) for item in sides[lang]])) for lang, _ in LANGUAGES))
        )
    for harm in Harm:
        pairs = {
            lang: [(harm in item.row.harms, harm in item.harms) for item in side]
            for lang, side in sides.items()
        }
        body.append((f"harm: {harm.value}", *(_figure(measure_kappa(pairs[lang])) for lang, _ in LANGUAGES)))
    lines.append(_table(("kappa", *(name for _, name in LANGUAGES)), body))
    for lang, name in LANGUAGES:
        seen = Counter((item.row.label, item.label) for item in sides[lang])
        lines.append(f"{name}: label in the corpus (rows) against the second reader's (columns).\n")
        lines.append(
            _table(
                ("", *(label.value for label in Label)),
                ((own, *(seen[own, other] for other in Label)) for own in Label),
            )
        )
    return "\n".join(lines)


def _describe_curve(docs: Path, figures: Traversable) -> str:
    lines = ["\n## Learning curve\n"]
    if (docs / "learning-curve.svg").is_file():
        lines.append("![Macro-F1 on left-out voices by number of texts](learning-curve.svg)\n")
    if figures.is_file():
        head, *body = (
            line.split("\t") for line in figures.read_text(encoding="utf-8").splitlines() if line.strip()
        )
        lines.append(_table(head, body))
    return "\n".join(lines if len(lines) > 1 else [*lines, "Not yet drawn.\n"])


def make_card(folder: Traversable, docs: Path) -> str:
    """The whole card. `folder` is the package's: corpus/, unheard/, voices.toml and, where there, second_reading.tsv
    and learning_curve.tsv (any columns, shown as they are); `docs` is where the card and its picture stand."""
    rows, unheard = read_corpus(folder.joinpath("corpus")), read_corpus(folder.joinpath("unheard"))
    second = folder.joinpath("second_reading.tsv")
    readings, unused = read_second(second, (*rows, *unheard)) if second.is_file() else ((), 0)
    return "".join(
        (
            HEAD,
            _describe_sizes(rows, unheard),
            _describe_voices(rows, read_voices(folder.joinpath("voices.toml"))),
            describe_agreement(readings, unused),
            _describe_curve(docs, folder.joinpath("learning_curve.tsv")),
            GAPS,
        )
    )


if __name__ == "__main__":
    sys.stdout.write(make_card(files("classifiers"), Path(__file__).parents[1] / "docs"))
