"""Files of a model that are damaged or not ours: one line that names the file, the key, and the way out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers import store
from classifiers.store import MANIFEST_FILE, MODEL_FILE, WORDS, check_files, load, read_manifest
from classifiers.vectors import VectorCache, read_vectors
from mentionwatch.errors import ConfigError, Fatal
from mentionwatch.ids import digest

WHOLE = json.loads((WORDS / MANIFEST_FILE).read_text(encoding="utf-8"))


def put(data: Any, key: str, value: Any) -> Any:
    """The manifest with another value under a dotted key."""
    first, _, rest = key.partition(".")
    return data | {first: put(data[first], rest, value) if rest else value}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WORDS, tmp_path / "model"))


def spoilt(folder: Path, content: str) -> str:
    """What is said of a model with that manifest."""
    (folder / MANIFEST_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(Fatal) as error:
        read_manifest(folder)
    said = str(error.value)
    assert said.isprintable() and str(folder / MANIFEST_FILE) in said
    return said


CUT, HEAT = "english.thresholds.label_high", "welsh.temperature"
WRONG: dict[str, tuple[Any, ...]] = {
    CUT: (9, -0.1, float("nan"), float("inf"), "0.5", None, True, [0.5], 10**400),
    HEAT: (0, -1, float("nan"), float("inf"), "1", None, True, 10**400),
    "encoder": (None, 1, ["none"], {}, "no\nne"),
    "name": (1, None, "\u202eevil\nIn use: fine", "a\x1b[2Jb", "a\u200fb", "a\u2028b"),
    "sha256": (1,),
    "vectors": (None,),
    "scikit_learn": ("1\n2",),
    "english": ([],),
    "welsh.thresholds": (None,),
}


@pytest.mark.parametrize("key", WRONG)
def test_a_value_that_cannot_be_is_named_by_its_key(folder: Path, key: str) -> None:
    for value in WRONG[key]:
        assert key in spoilt(folder, json.dumps(put(WHOLE, key, value)))


@pytest.mark.parametrize("key", WHOLE)
def test_a_key_that_is_missing_is_named(folder: Path, key: str) -> None:
    said = spoilt(folder, json.dumps({name: value for name, value in WHOLE.items() if name != key}))
    assert key in said and "is missing" in said


@pytest.mark.parametrize("content", ("", "not json", "[]", "null", '"name"', "[" * 100_000, '{"name": 1}'))
def test_what_is_no_manifest_is_said_in_one_line(folder: Path, content: str) -> None:
    spoilt(folder, content)


def test_edges_that_may_be_are_read(folder: Path) -> None:
    data = put(put(put(WHOLE, CUT, 0), "english.thresholds.sure", 1), HEAT, 3)
    (folder / MANIFEST_FILE).write_text(json.dumps(data), encoding="utf-8")
    read = read_manifest(folder)
    assert (read.english.thresholds.label_high, read.english.thresholds.sure) == (0.0, 1.0)
    assert read.welsh.temperature == 3.0


def test_an_encoder_there_is_none_of_is_said_of_the_file_that_wants_it(folder: Path) -> None:
    (folder / MANIFEST_FILE).write_text(json.dumps(put(WHOLE, "encoder", "word2vec")), encoding="utf-8")
    with pytest.raises(Fatal, match="needs the encoder word2vec"):
        load(folder)


# --- the way out ----------------------------------------------------------------------------------


def lose(folder: Path) -> None:
    (folder / MANIFEST_FILE).unlink()


def cut(folder: Path) -> None:
    (folder / MODEL_FILE).write_bytes((folder / MODEL_FILE).read_bytes()[:-1])


def age(folder: Path) -> None:
    text = json.dumps(put(WHOLE, "scikit_learn", "0.1"))
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("damage", (lose, cut, age))
def test_the_advice_is_that_of_whoever_owns_the_model(
    tmp_path: Path, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said_of(*parts: str) -> Fatal:
        folder = tmp_path.joinpath(*parts)
        shutil.copytree(WORDS, folder)
        damage(folder)
        with pytest.raises(Fatal) as error:
            load(folder)
        assert "\n" not in str(error.value)
        return error.value

    own = said_of("home", "models", "promoted")
    assert "mentionwatch train rollback" in str(own) and own.exit_code == 1
    waits = said_of("home", "models", "challenger")
    assert "Build it again with: mentionwatch train" in str(waits)
    named = said_of("somewhere")
    assert (
        isinstance(named, ConfigError) and named.exit_code == 2 and "mentionwatch train --out" in str(named)
    )
    monkeypatch.setattr(store, "MODELS", tmp_path / "install")
    ours = said_of("install", "word")
    assert "Reinstall mentionwatch" in str(ours) and ours.exit_code == 1


def test_files_are_checked_without_being_opened(folder: Path) -> None:
    assert check_files(folder).name == WHOLE["name"]
    cut(folder)
    with pytest.raises(Fatal, match="not those of the manifest"):
        check_files(folder)


@pytest.mark.parametrize(
    ("part", "value"),
    (
        ("shift", None),
        ("kernel", "text"),
        ("pieces_idf", None),
        ("words_vocabulary", 7),
        ("shift", "text"),
        ("words_idf", [1.0]),
    ),
)
def test_parts_of_another_kind_are_no_model_of_ours(folder: Path, part: str, value: object) -> None:
    """With a digest that is right: whoever wrote the file wrote the manifest too."""
    held = skops.io.loads((folder / MODEL_FILE).read_bytes(), trusted=[])
    data = bytes(skops.io.dumps(held | {part: value}))
    (folder / MODEL_FILE).write_bytes(data)
    (folder / MANIFEST_FILE).write_text(json.dumps(put(WHOLE, "sha256", digest(data))), encoding="utf-8")
    with pytest.raises(Fatal, match="no model of ours"):
        load(folder)


# --- the cache of vectors -------------------------------------------------------------------------


class Counting:
    """An encoder that makes its vectors of lengths."""

    name = "counting-1"

    def encode(self, texts: Any) -> Any:
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(-1, 2)


TEXTS = [f"text number {at}" for at in range(5)]
STORED = VectorCache(Counting()).as_file(TEXTS)


def test_vectors_are_read_as_they_were_stored(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(STORED)
    assert {key: each.tolist() for key, each in read_vectors(path, "counting-1").items()} == {
        digest(text.encode()): [len(text), 1] for text in TEXTS
    }
    assert read_vectors(path, "counting-2") == {}
    assert (
        read_vectors(tmp_path / "nowhere", "counting-1") == {} and read_vectors(tmp_path, "counting-1") == {}
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, len(STORED)),
    length=st.integers(0, 40),
    put_in=st.binary(max_size=8),
)
def test_a_damaged_cache_is_no_cache(tmp_path: Path, start: int, length: int, put_in: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(STORED[:start] + put_in + STORED[start + length :])
    whole = {digest(text.encode()) for text in TEXTS}
    found = read_vectors(path, "counting-1")
    assert found == {} or set(found) == whole


def test_any_bit_of_the_cache_may_be_wrong(tmp_path: Path) -> None:
    path, whole = tmp_path / "vectors.npz", {digest(text.encode()) for text in TEXTS}
    for at in range(len(STORED)):
        for bit in (1, 8, 32):
            path.write_bytes(STORED[:at] + bytes([STORED[at] ^ bit]) + STORED[at + 1 :])
            found = read_vectors(path, "counting-1")
            assert found == {} or set(found) == whole


@pytest.mark.parametrize(
    "parts",
    (
        {},
        {"name": np.array("counting-1")},
        {"values": np.zeros(3, dtype=np.float16)},
        {"values": np.zeros((2, 2), dtype=np.float16)},
        {"values": np.full((5, 2), np.nan, dtype=np.float16)},
        {"values": np.array([["a", "b"]] * 5)},
        {"digests": np.arange(5)},
        {"digests": np.array(b"x", dtype="S32")},
    ),
)
def test_a_cache_of_another_shape_is_no_cache(tmp_path: Path, parts: dict[str, Any]) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(STORED)
    with np.load(path) as stored:
        held = dict(stored) if set(parts) - {"name"} else {}
    np.savez(path, **(held | parts))
    assert read_vectors(path, "counting-1") == {}
