"""The labelled texts in the repository: reading them, and refusing rows that break their own rules."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm, Label, Route

HEADER = ("group", "lang", "label", "harms", "route", "text", "title", "like")
LANGS = frozenset({"en", "cy", "mixed"})


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One row. `group` is unique over all files; rows that share it must stay on one side of a split.

    `like` are the harms a harmless text resembles.
    """

    voice: str
    group: str
    lang: str
    label: Label
    harms: frozenset[Harm]
    route: Route
    text: str
    title: str
    like: frozenset[Harm] = frozenset()


def _harms(cell: str) -> frozenset[Harm]:
    return frozenset(Harm(harm.strip()) for harm in cell.split(",") if harm.strip())


def _read_row(file: str, number: int, line: str) -> LabelledText:
    def wrong(cause: str) -> ConfigError:
        return ConfigError(file, f"line {number}", cause, "See classifiers/corpus/README.md")

    cells = line.split("\t")
    if len(cells) != len(HEADER):
        raise wrong(f"has {len(cells)} columns instead of {len(HEADER)}")
    group, lang, label, harms, route, text, title, like = (cell.strip() for cell in cells)
    if not text:
        raise wrong("has no text")
    if lang not in LANGS:
        raise wrong(f"language {lang!r} is none of {', '.join(sorted(LANGS))}")
    try:
        row = LabelledText(
            voice=file.removesuffix(".tsv"),
            group=f"{file.removesuffix('.tsv')}/{group}",
            lang=lang,
            label=Label(label),
            harms=_harms(harms),
            route=Route(route),
            text=text.replace("\\n", "\n"),
            title=title,
            like=_harms(like),
        )
    except ValueError as error:
        raise wrong(str(error)) from None
    if row.harms and row.label is not Label.INAPPROPRIATE:
        raise wrong(f"is {row.label.value} and carries harms; only inappropriate texts do")
    if row.like and row.label is Label.INAPPROPRIATE:
        raise wrong("is inappropriate and looks like a harm; only harmless texts look like one")
    return row


def read_corpus(folder: Traversable | None = None) -> tuple[LabelledText, ...]:
    """All rows, files in name order. Raises `ConfigError` naming file and line of the first bad row."""
    folder = folder or files("classifiers").joinpath("corpus")
    rows: list[LabelledText] = []
    for file in sorted(
        (item for item in folder.iterdir() if item.name.endswith(".tsv")), key=lambda item: item.name
    ):
        lines = file.read_text(encoding="utf-8").splitlines()
        if not lines or tuple(lines[0].split("\t")) != HEADER:
            raise ConfigError(
                file.name, "line 1", "is not the header", f"Write: {' '.join(HEADER)}, tab separated"
            )
        rows.extend(
            _read_row(file.name, number, line) for number, line in enumerate(lines[1:], 2) if line.strip()
        )
    return tuple(rows)


def hash_corpus(rows: tuple[LabelledText, ...]) -> str:
    """SHA-256 over everything a model learns from."""
    total = hashlib.sha256()
    for row in rows:
        fields = (row.group, row.lang, row.label, ",".join(sorted(row.harms)), row.route, row.title, row.text)
        total.update("\x1f".join(fields).encode() + b"\x1e")
    return total.hexdigest()
