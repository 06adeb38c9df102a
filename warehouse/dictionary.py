"""docs/data-dictionary.md, made from the comments in the databases themselves: `python -m warehouse.dictionary`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from warehouse.columns import DERIVED, SCRUBBED, SEALED_TABLES
from warehouse.connection import Warehouse
from warehouse.files import open_in_memory
from warehouse.publish import PUBLISHED, create_schema
from warehouse.session import Reading

HEAD = """# Data dictionary

Generated from the comments in the databases: `python -m warehouse.dictionary`. Do not edit.

`analysis.duckdb` is the copy for analysts: any DuckDB from 1.0 on opens it, without an extension, also while a
sweep is running. Times are UTC. Words are masked (links, e-mail addresses, handles, telephone numbers,
postcodes) or withheld; authors, reporters and addresses of posts are not in it. Masking by pattern is not
perfect: the copy is pseudonymised personal data, and the school's rules for such data apply.
"""

MIDDLE = """
# The school's own file

`warehouse.duckdb` is the writer's. It is documented for auditors and for those who keep mentionwatch running;
read it through mentionwatch. The last column says what the analysts' copy gets.

What a post says lies sealed, as do the bytes of evidence, each under a key of its own. The keys are in
`keys/object_keys.sqlite`, sealed under `keys/school.key`.

Who reported a post is in no table. It is sealed in `reporters/sealed` under `keys/reporters.key`, and each look
at it is in the table `audit`, with role and purpose and without the name.
"""


def _table(reading: Reading, name: str, told: bool) -> list[str]:
    comment = reading.rows(
        "SELECT comment FROM duckdb_tables() WHERE table_name = ? UNION ALL SELECT comment FROM duckdb_views() WHERE view_name = ?",
        [name, name],
    )[0][0]
    lines = ["", f"## {name}", "", comment, ""]
    if told and name in SEALED_TABLES:
        lines += [f"Not published: {SEALED_TABLES[name]}.", ""]
    is_told = told and name not in SEALED_TABLES
    lines += [
        "| column | type | meaning |" + (" analysts |" if is_told else ""),
        "|---|---|---|" + ("---|" if is_told else ""),
    ]
    for column, kind, meaning in reading.rows(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [name],
    ):
        kind = kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
        fate = SCRUBBED.get(name, {}).get(column)
        lines.append(
            f"| {column} | {kind} | {meaning} |"
            + (f" {'no: ' + fate if fate else 'yes'} |" if is_told else "")
        )
    derived = DERIVED.get(name, {}) if not told else {}
    if derived:
        lines += [
            "",
            "Made for this copy: " + "; ".join(f"`{column}`: {how}" for column, how in derived.items()) + ".",
        ]
    return lines


def render() -> str:
    """The whole page, ending in a newline."""
    with tempfile.TemporaryDirectory() as folder:
        connection = open_in_memory(Path(folder) / "spill")
        try:
            create_schema(connection)
            shown = (*PUBLISHED, "judgement_weeks")
            analysis = [line for name in shown for line in _table(Reading(connection), name, told=False)]
        finally:
            connection.close()
        with Warehouse(folder).live_reader() as reading:
            names = [
                row[0]
                for row in reading.rows(
                    "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_oid"
                )
            ]
            own = [line for name in names for line in _table(reading, name, told=True)]
    return "\n".join([HEAD.rstrip(), *analysis, MIDDLE.rstrip(), *own]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render())
