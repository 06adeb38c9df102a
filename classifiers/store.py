"""A model on disk: a format without code, next to a manifest whose digest is checked before anything is opened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from classifiers.decision import Thresholds
from classifiers.encoder import make_encoder
from classifiers.features import Scaling, make_features
from classifiers.heads import Weights
from classifiers.model import ByLanguage, Classifier, Parts
from classifiers.released import RELEASED
from classifiers.vectors import cache_with_corpus
from mentionwatch.errors import Fatal
from mentionwatch.ids import digest

MODELS = Path(__file__).resolve().parent / "models"
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
        entries = str(held[f"{name}_vocabulary"]).split(_BETWEEN)
        vectorizer.vocabulary_ = {entry: column for column, entry in enumerate(entries)}
        vectorizer.fixed_vocabulary_ = True
        vectorizer.idf_ = held[f"{name}_idf"]
    return features


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


def _by_language(data: dict[str, Any]) -> ByLanguage:
    return ByLanguage(Thresholds(**data["thresholds"]), float(data["temperature"]))


def read_manifest(folder: Path) -> Manifest:
    """Raises `Fatal` in one line where there is none, or none that can be read."""
    try:
        data = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        english, welsh = _by_language(data.pop("english")), _by_language(data.pop("welsh"))
        return Manifest(**data, english=english, welsh=welsh)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Fatal(
            f"{folder}: no usable model there ({type(error).__name__}). Run: mentionwatch train --out {folder}"
        ) from None


def _read_bytes(folder: Path, manifest: Manifest) -> bytes:
    import sklearn

    path = folder / MODEL_FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Fatal(
            f"{folder}: no usable model there ({type(error).__name__}). Run: mentionwatch train --out {folder}"
        ) from None
    if digest(data) != manifest.sha256:
        raise Fatal(
            f"{path}: its bytes are not those of the manifest. Restore the file, or run: mentionwatch train --out {folder}"
        )
    if manifest.scikit_learn != sklearn.__version__:
        raise Fatal(
            f"{path}: made with scikit-learn {manifest.scikit_learn}, this is {sklearn.__version__}. Run: mentionwatch train --out {folder}"
        )
    return data


def _foreign(path: Path, cause: str) -> Fatal:
    return Fatal(f"{path}: is no model of ours ({cause}). Do not use this file")


def load(folder: Path) -> Classifier:
    """The model of a folder. Raises `Fatal` in one line for a missing, changed or foreign file, and for one whose
    encoder is not on this machine; runs no code from it."""
    import numpy as np
    import skops.io

    manifest = read_manifest(folder)
    if folder.parent == MODELS and digest((folder / MANIFEST_FILE).read_bytes()) != RELEASED.get(folder.name):
        raise Fatal(
            f"{folder / MANIFEST_FILE}: is not the manifest of this release (classifiers/released.py). Restore both files"
        )
    data = _read_bytes(folder, manifest)
    path = folder / MODEL_FILE
    try:
        foreign = skops.io.get_untrusted_types(data=data)
    except (BadZipFile, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _foreign(path, type(error).__name__) from None
    if foreign:
        raise _foreign(path, f"holds types a model of ours never holds: {', '.join(sorted(foreign))}")
    encoder = make_encoder(manifest.encoder)
    if (encoder.name if encoder else "") != manifest.vectors:
        raise Fatal(
            f"{path}: needs the encoder {manifest.vectors}, and this machine has {encoder.name if encoder else 'none'}. "
            f"Install it, or run: mentionwatch train --encoder none --out {folder}"
        )
    held = skops.io.loads(data, trusted=[])
    if not isinstance(held, dict) or not set(HELD) <= set(held):
        raise _foreign(path, "parts are missing")
    double = np.float64
    vectors = held["vectors"]
    weights = Weights(
        np.ascontiguousarray(held["kernel"], dtype=double),
        None if vectors is None else np.ascontiguousarray(vectors, dtype=double),
        held["shift"].astype(double),
    )
    scaling = None if vectors is None else Scaling(held["mean"], held["spread"])
    parts = Parts(
        _unpack_features(held),
        scaling,
        weights,
        manifest.english,
        manifest.welsh,
        manifest.name,
        manifest.vectors,
    )
    return Classifier(parts, cache_with_corpus(encoder) if encoder else None)


def shipped() -> Path:
    """The best model that came with mentionwatch and runs here: with vectors where their encoder is, else by words."""
    best = MODELS / "e5"
    if (best / MANIFEST_FILE).exists():
        manifest = read_manifest(best)
        encoder = make_encoder(manifest.encoder)
        if encoder is not None and encoder.name == manifest.vectors:
            return best
    return MODELS / "word"
