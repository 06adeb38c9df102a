"""A model on disk: a format without code, next to a manifest whose digest is checked before anything is opened."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from classifiers.decision import Thresholds
from classifiers.encoder import Encoder, make_encoder
from classifiers.features import Scaling, make_features
from classifiers.heads import Weights
from classifiers.model import ByLanguage, Classifier, Parts
from classifiers.released import RELEASED
from classifiers.vectors import VectorCache, cache_with_corpus
from mentionwatch.errors import ConfigError, Fatal
from mentionwatch.ids import digest

MODELS = Path(__file__).resolve().parent / "models"
WORDS = MODELS / "word"
"""The model that runs everywhere."""
MODEL_FILE = "model.skops"
MANIFEST_FILE = "manifest.json"
HELD = (
    "kernel",
    "vectors",
    "shift",
    "mean",
    "spread",
    "words_vocabulary",
    "words_idf",
    "pieces_vocabulary",
    "pieces_idf",
)
"""What a model file holds. `kernel`: the weights of words and pieces."""
_BETWEEN = "\x00"
"""Between the entries of a stored vocabulary; no n-gram holds it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands beside a model. `encoder` is the provider to ask for; `vectors` the very package and version."""

    name: str
    sha256: str
    scikit_learn: str
    corpus_sha256: str
    encoder: str
    vectors: str
    english: ByLanguage
    welsh: ByLanguage


def _pack(parts: Parts) -> bytes:
    """Arrays and texts only. As fitted objects the vocabularies alone would take seconds to read."""
    import numpy as np
    import skops.io

    single = np.float32
    weights = parts.weights
    held: dict[str, Any] = {
        "kernel": weights.words.astype(single),
        "vectors": None if weights.vectors is None else weights.vectors.astype(single),
        "shift": weights.shift.astype(single),
        "mean": None if parts.scaling is None else parts.scaling.mean,
        "spread": None if parts.scaling is None else parts.scaling.spread,
    }
    for name, vectorizer in parts.features.transformer_list:
        ranked = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
        held[f"{name}_vocabulary"] = _BETWEEN.join(ranked)
        held[f"{name}_idf"] = vectorizer.idf_
    return bytes(skops.io.dumps(held, compression=8))


def _unpack_features(held: dict[str, Any]) -> Any:
    features = make_features()
    for name, vectorizer in features.transformer_list:
        entries = str(held.pop(f"{name}_vocabulary")).split(_BETWEEN)
        vectorizer.vocabulary_ = {entry: column for column, entry in enumerate(entries)}
        vectorizer.fixed_vocabulary_ = True
        vectorizer.idf_ = held[f"{name}_idf"]
    return features


def _unpack(held: dict[str, Any], manifest: Manifest) -> Parts:
    import numpy as np

    double = np.float64
    vectors = held["vectors"]
    weights = Weights(
        np.ascontiguousarray(held.pop("kernel"), dtype=np.float32),
        None if vectors is None else np.ascontiguousarray(vectors, dtype=double),
        held["shift"].astype(double),
    )
    return Parts(
        scaling=None if vectors is None else Scaling(held["mean"], held["spread"]),
        features=_unpack_features(held),
        weights=weights,
        english=manifest.english,
        welsh=manifest.welsh,
        name=manifest.name,
        encoder=manifest.vectors,
    )


def save(parts: Parts, provider: str, corpus_sha256: str, folder: Path) -> Path:
    """Write model and manifest; the model first, so that a manifest always speaks of a file that is there."""
    import sklearn

    data = _pack(parts)
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        parts.name,
        digest(data),
        sklearn.__version__,
        corpus_sha256,
        provider,
        parts.encoder,
        parts.english,
        parts.welsh,
    )
    (folder / MODEL_FILE).write_bytes(data)
    text = json.dumps(asdict(manifest), indent=1) + "\n"
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")
    return folder


_OWN = {
    **dict.fromkeys(
        ("promoted", "next", "previous"), "Run: mentionwatch train rollback --as ROLE --reason WHY"
    ),
    **dict.fromkeys(("challenger", "building"), "Build it again with: mentionwatch train"),
}
"""The way out for each folder below `models` of a home (flows/model_status.py)."""


def _unusable(folder: Path, path: Path, cause: str) -> Fatal:
    """What to say depends on whose model it is: ours, the school's, or one somebody names on the command line."""
    if folder.parent == MODELS:
        return Fatal(f"{path}: {cause}. Reinstall mentionwatch")
    if folder.parent.name == "models" and folder.name in _OWN:
        return Fatal(f"{path}: {cause}. {_OWN[folder.name]}")
    mend = f"Name a folder that holds a model, or build one: mentionwatch train --out {folder}"
    return ConfigError(str(path), "", cause, mend)


def _is_name(value: object) -> bool:
    """A control or a bidi character would write lines of its own into what a person reads."""
    return isinstance(value, str) and value.isprintable()


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_temperature(value: object) -> bool:
    # An integer may be larger than any float; what is not a number is in no range.
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < value <= sys.float_info.max  # type: ignore[operator]  # a number


def _take(data: Any, key: str, is_right: Callable[[Any], bool], want: str) -> Any:
    """The value under a dotted key. Raises `ValueError` that names the key."""
    value = data
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            raise ValueError(f"{key} is missing")
        value = value[part]
    if not is_right(value):
        raise ValueError(f"{key} is not {want}")
    return value


def _by_language(data: Any, lang: str) -> ByLanguage:
    cuts = {
        each.name: float(_take(data, f"{lang}.thresholds.{each.name}", _is_share, "a number from 0 to 1"))
        for each in fields(Thresholds)
    }
    temperature = _take(data, f"{lang}.temperature", _is_temperature, "a finite number above 0")
    return ByLanguage(Thresholds(**cuts), float(temperature))


def read_manifest(folder: Path) -> Manifest:
    """Raises `Fatal` in one line that names file and key where there is none, or none that can be read."""
    path = folder / MANIFEST_FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        texts = {
            each.name: _take(data, each.name, _is_name, "a plain text")
            for each in fields(Manifest)
            if each.name not in ("english", "welsh")
        }
        return Manifest(**texts, english=_by_language(data, "english"), welsh=_by_language(data, "welsh"))
    except OSError as error:
        raise _unusable(folder, path, f"no usable model there ({type(error).__name__})") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise _unusable(folder, path, "no usable model there (it is not JSON)") from None
    except ValueError as error:
        raise _unusable(folder, path, f"no usable model there ({error})") from None


def _read(folder: Path) -> tuple[Manifest, bytes]:
    """Manifest and bytes, checked as far as that goes without opening them."""
    import sklearn

    manifest, path = read_manifest(folder), folder / MODEL_FILE
    if folder.parent == MODELS and digest((folder / MANIFEST_FILE).read_bytes()) != RELEASED.get(folder.name):
        cause = "is not the manifest of this release (classifiers/released.py)"
        raise _unusable(folder, folder / MANIFEST_FILE, cause)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unusable(folder, path, f"no usable model there ({type(error).__name__})") from None
    if digest(data) != manifest.sha256:
        raise _unusable(folder, path, "its bytes are not those of the manifest")
    if manifest.scikit_learn != sklearn.__version__:
        cause = f"made with scikit-learn {manifest.scikit_learn}, this is {sklearn.__version__}"
        raise _unusable(folder, path, cause)
    return manifest, data


def check_files(folder: Path) -> Manifest:
    """Its manifest, when the model there is whole. Raises `Fatal` in one line; opens nothing."""
    return _read(folder)[0]


def check_shipped() -> None:
    """Is every model of this release whole? Raises `Fatal` in one line."""
    for name in RELEASED:
        check_files(MODELS / name)


def check_encoder(folder: Path, manifest: Manifest) -> Encoder | None:
    """What makes the vectors of that model; None where it judges by words. Raises `Fatal` where it is not installed."""
    try:
        encoder = make_encoder(manifest.encoder)
    except ConfigError:
        cause = f"needs the encoder {manifest.encoder}, and there is no such encoder"
        raise _unusable(folder, folder / MANIFEST_FILE, cause) from None
    if (encoder.name if encoder else "") == manifest.vectors:
        return encoder
    cause = f"needs the encoder {manifest.vectors or 'none'}, and this machine has {encoder.name if encoder else 'none'}"
    raise _unusable(folder, folder / MODEL_FILE, cause)


def _foreign(folder: Path, cause: str) -> Fatal:
    return _unusable(folder, folder / MODEL_FILE, f"is no model of ours ({cause})")


def load(folder: Path, *, with_corpus: bool = False) -> Classifier:
    """The model of a folder; `with_corpus` where the repository's own texts are about to be encoded, as a training
    does: their vectors are 10 MB no night needs. Raises `Fatal` in one line for a missing, changed or foreign file,
    and for one whose encoder is not on this machine; runs no code from it."""
    import skops.io

    manifest, data = _read(folder)
    try:
        foreign = skops.io.get_untrusted_types(data=data)
    except (BadZipFile, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _foreign(folder, type(error).__name__) from None
    if foreign:
        raise _foreign(folder, f"holds types a model of ours never holds: {', '.join(sorted(foreign))}")
    encoder = check_encoder(folder, manifest)
    held = skops.io.loads(data, trusted=[])
    # Each is let go before the next is unpacked: a school's machine may be small.
    del data
    if not isinstance(held, dict) or not set(HELD) <= set(held):
        raise _foreign(folder, "parts are missing")
    make_cache = cache_with_corpus if with_corpus else VectorCache
    try:
        return Classifier(_unpack(held, manifest), make_cache(encoder) if encoder else None)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise _foreign(folder, type(error).__name__) from None


def shipped() -> Path:
    """The best model that came with mentionwatch and runs here: with vectors where their encoder is, else by words."""
    best = MODELS / "e5"
    if (best / MANIFEST_FILE).exists():
        manifest = read_manifest(best)
        encoder = make_encoder(manifest.encoder)
        if encoder is not None and encoder.name == manifest.vectors:
            return best
    return WORDS
