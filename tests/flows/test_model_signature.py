"""A model is loaded from a home only when a person promoted it there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from classifiers.store import MODELS
from flows.home import Home
from flows.learning import model_in_use
from flows.model_signature import sign_model
from flows.promotion import fingerprint, name_of
from mentionwatch.errors import Fatal


def test_a_model_that_nobody_promoted_here_is_not_used(tmp_path: Path) -> None:
    """A folder copied into a home is refused in one line, and rollback is the way out."""
    home = Home(tmp_path)
    folder = tmp_path / "models" / "promoted"
    shutil.copytree(MODELS / "word", folder)
    with pytest.raises(Fatal, match="not signed by this home") as error:
        model_in_use(str(tmp_path))
    assert "\n" not in str(error.value)
    sign_model(home, folder, fingerprint(folder))
    assert model_in_use(str(tmp_path)).parts.name == name_of(folder)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("0.4", "0.9"), encoding="utf-8")
    with pytest.raises(Fatal, match="not signed by this home"):
        model_in_use(str(tmp_path))
