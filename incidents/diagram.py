"""The protocol as a Mermaid diagram, drawn from the one table of steps."""

from __future__ import annotations

from incidents.transitions import TRANSITIONS
from mentionwatch.labels import IncidentState

HEAD = """# The protocol, step by step

Drawn from `incidents/transitions.py` by `incidents.diagram`; a test holds it current. Do not edit by hand:
`python -c "from incidents.diagram import draw; print(draw(), end='')" > docs/protocol-diagram.md`

Opening and preserving may be automatic. Every step after that is taken by a person, with a reason. An arrow
marked ✉ reaches outside the school and is barred before the decision and during a police hold.

"""


def draw() -> str:
    """Markdown: the diagram, then the same as a table for readers without one."""
    arrows, rows = [], []
    for row in TRANSITIONS:
        mark = " ✉" if row.contact else ""
        target = row.target.value if row.target else "stays"
        every = row.sources == frozenset(IncidentState)
        sources = "any" if every else ", ".join(sorted(row.sources))
        rows.append(
            f"| {row.id} | {sources} | `{row.event.value}`{mark} | {target} | {row.actor.value} | {row.summary} |"
        )
        if len(row.sources) > 12:
            # An arrow from nearly everywhere hides all others: the table has it.
            continue
        for source in sorted(row.sources):
            arrows.append(f"    {source} --> {target if row.target else source}: {row.event.value}{mark}")
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> OPENED", *arrows, "```"])
    table = "\n".join(["| step | from | event | to | who | what |", "|---|---|---|---|---|---|", *rows])
    return f"{HEAD}{diagram}\n\nSteps open from nearly every state are in the table only.\n\n{table}\n"
