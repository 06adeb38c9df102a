"""The real classifier, loaded once for all reports of these tests: loading takes longer than all the rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest


@pytest.fixture(scope="session", autouse=True)
def classifier_loaded_once() -> Iterator[None]:
    from classifiers import store

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "load", cache(store.load))
        yield
