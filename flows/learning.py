"""Which model is used, and building another. A home's promoted model comes before the one that ships."""

from __future__ import annotations

from pathlib import Path

from classifiers.model import Classifier
from flows.home import Home, find_home
from mentionwatch.settings import read_environment


def models_of(home: Home) -> Path:
    """Where a home keeps models of its own: `promoted/` is used, `challenger/` waits for a person."""
    return home.folder / "models"


def model_in_use(home_option: str | None) -> Classifier:
    """The promoted model of the home, when it has one, else the model that ships."""
    from classifiers.store import MANIFEST_FILE, SHIPPED, load

    promoted = models_of(find_home(home_option, read_environment())) / "promoted"
    return load(promoted if (promoted / MANIFEST_FILE).exists() else SHIPPED)


def build_challenger(folder: Path) -> Path:
    """Train on the labelled texts in the repository and save model and figures; nothing is promoted."""
    from classifiers.evaluate import measure_all
    from classifiers.labelled import hash_corpus, read_corpus
    from classifiers.store import save
    from classifiers.train import build

    rows = read_corpus()
    parts, judged = build(rows)
    return save(parts, measure_all(judged, parts.thresholds), hash_corpus(rows), folder)
