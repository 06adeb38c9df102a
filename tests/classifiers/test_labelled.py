"""Reading labelled texts: a bad row is refused with its place, and splits keep voices together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from classifiers.labelled import HEADER, hash_corpus, read_corpus
from classifiers.train import split_by_voice
from classifiers.voices import read_voices
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm

ROWS = read_corpus()


def test_no_voice_and_no_group_is_on_both_sides_of_a_split() -> None:
    for train, test in split_by_voice(ROWS):
        assert not {ROWS[at].voice for at in train} & {ROWS[at].voice for at in test}
        assert not {ROWS[at].group for at in train} & {ROWS[at].group for at in test}


def test_the_hash_changes_with_any_row() -> None:
    assert hash_corpus(ROWS) != hash_corpus(ROWS[1:])
    assert hash_corpus(ROWS) == hash_corpus(ROWS)


@pytest.mark.parametrize(
    ("line", "cause"),
    (
        ("a\ten\tconcern\tthreat\tnone\ttext\t\t", "carries harms"),
        ("a\ten\tinappropriate\tthreat\tpolice\ttext\t\thate", "looks like a harm"),
        ("a\ten\tconcern\t\tnone\ttext\t\trudeness", "rudeness"),
        ("a\tfr\tconcern\t\tnone\ttext\t\t", "language"),
        ("a\ten\tworry\t\tnone\ttext\t\t", "worry"),
        ("a\ten\tconcern\t\tsomewhere\ttext\t\t", "somewhere"),
        ("a\ten\tconcern\t\tnone\t\t\t", "no text"),
        ("a\ten\tconcern\t\tnone\ttext\t", "columns"),
        ("a\ten\tconcern", "columns"),
    ),
)
def test_a_bad_row_is_refused_with_file_and_line(tmp_path: Path, line: str, cause: str) -> None:
    (tmp_path / "en-test.tsv").write_text("\t".join(HEADER) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_corpus(tmp_path)
    assert "en-test.tsv: line 2" in str(error.value)
    assert cause in str(error.value)


def test_a_file_without_the_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en-test.tsv").write_text("a\ten\tconcern\t\tnone\ttext\t\t\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"en-test\.tsv: line 1"):
        read_corpus(tmp_path)


def test_a_row_keeps_its_line_breaks_and_what_it_looks_like(tmp_path: Path) -> None:
    line = "a\ten\tconcern\t\tnone\tone\\ntwo\ttop\tthreat, hate"
    (tmp_path / "en-test.tsv").write_text("\t".join(HEADER) + "\n" + line + "\n", encoding="utf-8")
    (row,) = read_corpus(tmp_path)
    assert (row.group, row.text, row.title) == ("en-test/a", "one\ntwo", "top")
    assert row.like == {Harm.THREAT, Harm.HATE}


def test_every_file_has_its_voice_and_every_voice_its_file() -> None:
    assert [voice.name for voice in read_voices()] == sorted({row.voice for row in ROWS})


def test_a_voice_was_written_in_its_batch_and_mostly_in_its_language() -> None:
    written = {
        1: dt.date(2026, 11, 20),
        2: dt.date(2026, 11, 20),
        3: dt.date(2026, 11, 21),
        4: dt.date(2026, 11, 21),
        5: dt.date(2026, 11, 21),
    }
    voices = read_voices()
    assert [sum(voice.batch == batch for voice in voices) for batch in (1, 2, 3, 4, 5)] == [23, 28, 40, 6, 16]
    for voice in voices:
        assert voice.written_on == written[voice.batch]
        langs = [row.lang for row in ROWS if row.voice == voice.name]
        assert max(set(langs), key=langs.count) == voice.language, voice.name


@pytest.mark.parametrize(
    ("change", "place"),
    (
        (('persona = "A"', 'persona = " "'), "en-test"),
        (("batch = 1", "batch = 0"), "en-test.batch"),
        (("batch = 1", "batch = true"), "en-test.batch"),
        (('language = "en"', 'language = "fr"'), "en-test.language"),
        (("written_on = 2026-11-20", 'written_on = "2026-11-20"'), "en-test.written_on"),
        (("written_on = 2026-11-20", "written_on = 2026-11-20T10:00:00"), "en-test.written_on"),
        (("written_on = 2026-11-20", ""), "en-test"),
        (("[en-test]", "[en-test"), "voices.toml"),
    ),
)
def test_a_bad_voice_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], place: str) -> None:
    good = (
        '[en-test]\npersona = "A"\nlanguage = "en"\nregister = "b"\nplatform = "c"\n'
        "batch = 1\nwritten_on = 2026-11-20\n"
    )
    file = tmp_path / "voices.toml"
    file.write_text(good, encoding="utf-8")
    assert read_voices(file)[0].persona == "A"
    file.write_text(good.replace(*change), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_voices(file)
    assert place in str(error.value)
