"""Who is imagined to write each file of labelled texts: `classifiers/voices.toml`."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from classifiers.labelled import LANGS
from mentionwatch.errors import ConfigError

_WORDS = ("persona", "language", "register", "platform")
_KEYS = frozenset({*_WORDS, "batch", "written_on"})


@dataclass(frozen=True, slots=True)
class Voice:
    """One imagined writer. `name` is the file's without its ending; `batch` the sitting it was written in."""

    name: str
    persona: str
    language: str
    register: str
    platform: str
    batch: int
    written_on: dt.date


def _read_voice(file: str, name: str, table: object) -> Voice:
    mend = f"Give {', '.join(sorted(_KEYS))} to [{name}], nothing else"
    if not isinstance(table, dict) or set(table) != _KEYS:
        raise ConfigError(file, name, "has not the keys of a voice", mend)
    words = [table[key] for key in _WORDS]
    if not all(isinstance(word, str) and word.strip() for word in words):
        raise ConfigError(file, name, "has an empty line or something that is no text", mend)
    persona, language, register, platform = words
    batch, written_on = table["batch"], table["written_on"]
    if type(batch) is not int or batch < 1:
        raise ConfigError(file, f"{name}.batch", "is no number from 1 on", mend)
    if not isinstance(written_on, dt.date) or isinstance(written_on, dt.datetime):
        raise ConfigError(
            file, f"{name}.written_on", "is no date", "Write it like 2026-11-20, without quotes"
        )
    if language not in LANGS:
        raise ConfigError(
            file, f"{name}.language", "is no language of the corpus", f"One of {', '.join(sorted(LANGS))}"
        )
    return Voice(name, persona, language, register, platform, batch, written_on)


def read_voices(file: Traversable | None = None) -> tuple[Voice, ...]:
    """All voices in name order. Raises `ConfigError` naming the voice and the key that is wrong."""
    file = file or files("classifiers").joinpath("voices.toml")
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(file.name, "", str(error), "Mend the TOML") from None
    return tuple(_read_voice(file.name, name, table[name]) for name in sorted(table))
