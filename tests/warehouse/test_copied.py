"""The empty database that tests copy (tests/once.py) is the one the migrations make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from warehouse.connection import Warehouse

ROOT = Path(__file__).resolve().parent.parent.parent
MAKE = "import sys; sys.path.insert(0, sys.argv[1]); from warehouse.connection import Warehouse; Warehouse(sys.argv[2]).checkpoint()"


def shape(folder: Path) -> list[tuple[object, ...]]:
    """Every column of every table with its remark, every migration with its digest, every stored setting."""
    with Warehouse(folder).live_reader() as reading:
        return [
            *reading.rows(
                "SELECT table_name, column_name, data_type, column_default, is_nullable, comment FROM duckdb_columns() ORDER BY ALL"
            ),
            *reading.rows("SELECT table_name, comment, estimated_size FROM duckdb_tables() ORDER BY ALL"),
            *reading.rows("SELECT view_name, sql FROM duckdb_views() ORDER BY ALL"),
            *reading.rows("SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL"),
            *reading.rows("FROM schema_migrations ORDER BY ALL"),
            *reading.rows("FROM meta ORDER BY ALL"),
        ]


def test_a_copied_database_is_what_the_migrations_make_in_a_program_of_its_own(tmp_path: Path) -> None:
    copied, made = tmp_path / "copied", tmp_path / "made"
    copied.mkdir()
    made.mkdir()
    with Warehouse(copied).writer():
        pass
    subprocess.run([sys.executable, "-c", MAKE, str(ROOT), str(made)], check=True, timeout=300)
    assert shape(copied) == shape(made) and len(shape(made)) > 100
    files = [{path.name: path.stat().st_mode for path in folder.iterdir()} for folder in (copied, made)]
    assert files[0] == files[1]
