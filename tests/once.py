"""What every process of tests does before it collects any: called by tests/conftest.py.

What takes long and is the same for every test is made once: the model that ships, an empty database.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from classifiers.model import Classifier

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "LOKY_MAX_CPU_COUNT": "1",
}
"""The cores are shared between tests. Measured on two busy cores: a second thread that waits for its turn by turning
round and round makes one sentence's vector cost 1.0 s of processor and 20 s of waiting in the place of 0.04 s."""


def limit_threads() -> None:
    """One thread for the libraries that would take a core each; for what this process starts as well."""
    os.environ.update(ONE_THREAD)


def share_shipped_models() -> None:
    """A model that ships is read once: it does not change, and a home's own model is read every time as it would be.

    Where a test changes what ships, or which encoder there is, everything is as without this.
    """
    from classifiers import encoder, store

    load, models = store.load, store.MODELS
    load_once = cache(load)

    def load_shared(folder: Path, *, with_corpus: bool = False) -> Classifier:
        is_as_shipped = store.MODELS is models and vars(store)["make_encoder"] is encoder.make_encoder
        return (load_once if is_as_shipped and folder.parent == models else load)(
            folder, with_corpus=with_corpus
        )

    store.load = load_shared


@cache
def empty_database() -> bytes:
    """The file of a new home's database, as all migrations together make it."""
    from warehouse.connection import Warehouse

    with TemporaryDirectory() as folder:
        made = Warehouse(folder)
        made.checkpoint()
        return made.path.read_bytes()


def share_empty_database() -> None:
    """A home that has no database gets a copy of one: the migrations run once a process, a fifth of a second each time.

    What starts from an older database, and programs that are started, go through the migrations themselves.
    """
    from warehouse.connection import Warehouse

    open_file = Warehouse._open
    is_making = False

    def open_copy(self: Warehouse, read_only: bool) -> duckdb.DuckDBPyConnection:
        nonlocal is_making
        if not (read_only or is_making or self.path.exists() or self.wal_path.exists()):
            is_making = True
            try:
                content = empty_database()
            finally:
                is_making = False
            self.path.write_bytes(content)
            self.path.chmod(0o600)
        return open_file(self, read_only)

    Warehouse._open = open_copy  # type: ignore[method-assign]
