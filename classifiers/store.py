"""A model on disk: a format without code, next to a manifest whose digest is checked before anything is opened."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers.model import Classifier, Parts, Thresholds
from mentionwatch.errors import Fatal
from mentionwatch.ids import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifiers.evaluate import Figures

SHIPPED = Path(__file__).resolve().parent / "models" / "word"
MODEL_FILE = "model.skops"
MANIFEST_FILE = "manifest.json"
TRUSTED = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "scipy.sparse._csr.csr_matrix",
    "numpy.dtype",
)
"""Types beside skops' own list that a model of ours holds. Anything else is refused."""


def save(parts: Parts, figures: Sequence[Figures], corpus_sha256: str, folder: Path) -> Path:
    """Write model and manifest; the model first, so that a manifest always speaks of a file that is there."""
    import sklearn
    import skops.io

    data = skops.io.dumps(
        {"features": parts.features, "labels": parts.labels, "harms": parts.harms, "routes": parts.routes},
        compression=8,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(data)
    manifest = {
        "name": parts.name,
        "sha256": digest(data),
        "scikit_learn": sklearn.__version__,
        "corpus_sha256": corpus_sha256,
        "thresholds": asdict(parts.thresholds),
        "figures": [asdict(row) for row in figures],
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return folder


def load(folder: Path = SHIPPED) -> Classifier:
    """The model of a folder. Raises `Fatal` in one line for a missing, changed or foreign file; runs no code from it."""
    path = folder / MODEL_FILE
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        data = path.read_bytes()
    except (OSError, json.JSONDecodeError) as error:
        raise Fatal(
            f"{folder}: no usable model there ({type(error).__name__}). Run: mentionwatch train --out {folder}"
        ) from None
    if digest(data) != manifest["sha256"]:
        raise Fatal(
            f"{path}: its bytes are not those of the manifest. Restore the file, or run: mentionwatch train --out {folder}"
        )
    import sklearn
    import skops.io

    if manifest["scikit_learn"] != sklearn.__version__:
        raise Fatal(
            f"{path}: made with scikit-learn {manifest['scikit_learn']}, this is {sklearn.__version__}. Run: mentionwatch train --out {folder}"
        )
    foreign = set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED)
    if foreign:
        raise Fatal(
            f"{path}: holds types a model of ours never holds: {', '.join(sorted(foreign))}. Do not use this file"
        )
    pieces = skops.io.loads(data, trusted=list(TRUSTED))
    return Classifier(
        Parts(
            pieces["features"],
            pieces["labels"],
            pieces["harms"],
            pieces["routes"],
            Thresholds(**manifest["thresholds"]),
            manifest["name"],
        )
    )
