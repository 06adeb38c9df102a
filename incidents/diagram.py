"""The protocol as Mermaid diagrams and a table, drawn from the one table of steps."""

from __future__ import annotations

from incidents.incident_rows import CONCERN_TRACK, ENDED, GOOD_NEWS_TRACK
from incidents.standing import Track, TrackState
from incidents.steps import Transition
from incidents.transitions import TRANSITIONS
from mentionwatch.labels import IncidentState

HEAD = """# The protocol, step by step

Drawn from `incidents/transitions.py` by `incidents.diagram`; a test holds it current. Do not edit by hand:
`python -c "from incidents.diagram import draw; print(draw(), end='')" > docs/protocol-diagram.md`

Opening and preserving may be automatic. Every step after that is taken by a person, with a reason. An arrow
marked ✉ reaches outside the school and is barred before the evidence is kept and the decision taken, during a
police hold, and while a post may hold an illegal image.

"""
TABLE = """## Every step

*States*: facts in [brackets] may be left out, those with a star are asked only until the incident knows them. *Rule*: the
step is there only where the school's policy, or the school itself, has set this rule (and one of the values named).
*Track*: the side flow it belongs to, and how it moves it.

| step | from | event | to | who | what | it states | rule | track |
|---|---|---|---|---|---|---|---|---|
"""
MANY = 12
"""An arrow from nearly everywhere hides all others: steps from more states than this are in the table only."""


def draw() -> str:
    """Markdown: a diagram of the incident, one for each follow-up and side flow, then every step as a table."""
    follow_ups = CONCERN_TRACK | GOOD_NEWS_TRACK
    parts = [
        HEAD,
        "## An incident\n\n",
        _diagram(_arrows(frozenset(IncidentState) - follow_ups), "OPENED"),
        "\nSteps open from nearly every state are in the table only, and so are those that leave the state as it is.\n\n",
        "## A concern\n\n",
        _diagram(_arrows(CONCERN_TRACK), "CONCERN"),
        "\n## Good news\n\n",
        _diagram(_arrows(GOOD_NEWS_TRACK), "GOOD_NEWS"),
        "\n## Beside an incident\n\n",
        *(f"{track.value.replace('_', ' ').capitalize()}:\n\n{_diagram(_track_arrows(track), 'none')}\n" for track in Track),
        TABLE,
        *(f"{_line(row)}\n" for row in TRANSITIONS),
    ]  # fmt: skip
    return "".join(parts)


def _diagram(arrows: list[str], start: str) -> str:
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {start}", *arrows, "```", ""])


def _mark(row: Transition) -> str:
    return " ✉" if row.contact else ""


def _arrows(states: frozenset[IncidentState]) -> list[str]:
    """From each of `states`, without those steps that keep the state or start nearly everywhere."""
    found = []
    for row in TRANSITIONS:
        if row.target is None or len(row.sources) > MANY:
            continue
        for source in sorted(row.sources & states):
            found.append(f"    {source} --> {row.target}: {row.event.value}{_mark(row)}")
    ended = sorted(states & ENDED - {IncidentState.MERGED})
    return [*found, *(f"    {state} --> [*]" for state in ended)]


def _track_arrows(track: Track) -> list[str]:
    found = []
    for row in TRANSITIONS:
        if row.track is track and row.track_target is not None:
            # One arrow for a step that may be taken again and again.
            sources = {TrackState.NONE} if row.track_sources == frozenset(TrackState) else row.track_sources
            found += [
                f"    {source.value} --> {row.track_target.value}: {row.event.value}{_mark(row)}"
                for source in sorted(sources)
            ]
    return found


def _line(row: Transition) -> str:
    every = row.sources == frozenset(IncidentState)
    cells = (
        row.id,
        "any" if every else ", ".join(sorted(row.sources)),
        f"`{row.event.value}`{_mark(row)}",
        row.target.value if row.target else "stays",
        row.actor.value,
        row.summary,
        _states(row),
        _rule(row),
        _track(row),
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _states(row: Transition) -> str:
    said = [f"{fact.key}{'*' if fact.once else ''}: {fact.says}" for fact in row.facts]
    return "; ".join(
        f"[{text}]" if fact.is_optional else text for fact, text in zip(row.facts, said, strict=True)
    )


def _rule(row: Transition) -> str:
    if row.switch is None:
        return ""
    key, values = row.switch
    return f"`{key.value}`" + (f": {' or '.join(values)}" if values else "")


def _track(row: Transition) -> str:
    if row.track is None or row.track_target is None:
        return ""
    every = row.track_sources == frozenset(TrackState)
    before = "any" if every else " or ".join(sorted(row.track_sources))
    return f"{row.track.value}: {before} → {row.track_target.value}"
