"""The diagram in docs/ is drawn from the one table and is never behind it."""

from __future__ import annotations

from pathlib import Path

from incidents.diagram import draw
from incidents.transitions import TRANSITIONS

FILE = Path(__file__).resolve().parents[2] / "docs" / "protocol-diagram.md"


def test_the_diagram_in_docs_is_current() -> None:
    assert FILE.read_text("utf-8") == draw(), (
        "run: python -c \"from incidents.diagram import draw; print(draw(), end='')\" > docs/protocol-diagram.md"
    )


def test_every_step_of_the_table_is_in_it() -> None:
    text = draw()
    for row in TRANSITIONS:
        assert f"| {row.id} |" in text
        assert row.summary in text
