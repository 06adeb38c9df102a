"""The diagram in docs/ is drawn from the one table and is never behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from incidents.diagram import MANY, draw
from incidents.standing import Track
from incidents.transitions import TRANSITIONS
from mentionwatch.labels import IncidentState

FILE = Path(__file__).resolve().parents[2] / "docs" / "protocol-diagram.md"
TEXT = draw()
CELLS = {
    cells[1].strip(): [cell.strip() for cell in cells[1:-1]]
    for line in TEXT.splitlines()
    if line.startswith("| ")
    for cells in [line.split("|")]
}


def test_the_diagram_in_docs_is_current() -> None:
    assert FILE.read_text("utf-8") == TEXT, (
        "run: python -c \"from incidents.diagram import draw; print(draw(), end='')\" > docs/protocol-diagram.md"
    )


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.id)
def test_every_step_is_in_the_table_with_facts_rule_and_track(row: object) -> None:
    (found,) = (one for one in TRANSITIONS if one is row)
    cells = CELLS[found.id]
    assert len(cells) == 9
    _, sources, event, target, who, what, states, rule, track = cells
    assert event.startswith(f"`{found.event.value}`") and ("✉" in event) is found.contact
    assert target == (found.target.value if found.target else "stays")
    assert (who, what) == (found.actor.value, found.summary)
    assert sources == "any" or {name.strip() for name in sources.split(",")} == set(found.sources)
    assert [fact.key for fact in found.facts if f"{fact.key}{'*' if fact.once else ''}: " not in states] == []
    assert bool(states) is bool(found.facts)
    assert all(f"[{fact.key}" in states for fact in found.facts if fact.is_optional)
    assert (found.switch[0].value in rule and all(value in rule for value in found.switch[1])) if found.switch else not rule  # fmt: skip
    assert (found.track.value in track and str(found.track_target) in track) if found.track else not track


def test_every_arrow_that_moves_an_incident_is_drawn() -> None:
    arrows = {line.strip() for line in TEXT.splitlines() if "-->" in line}
    for row in TRANSITIONS:
        if row.target is None or len(row.sources) > MANY:
            continue
        mark = " ✉" if row.contact else ""
        for source in row.sources:
            assert f"{source} --> {row.target}: {row.event.value}{mark}" in arrows


def test_every_state_and_every_side_flow_is_in_a_diagram() -> None:
    blocks = [part.split("```")[0] for part in TEXT.split("```mermaid")[1:]]
    assert len(blocks) == 3 + len(Track)
    arrows = "".join(blocks)
    assert [state for state in IncidentState if state.value not in arrows] == []
