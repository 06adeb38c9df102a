"""One step from a state with lawful facts, or refused for what was changed in them."""

from __future__ import annotations

import pytest

from incidents.protocol import Move, decide_move
from incidents.standing import IncidentNow
from incidents.steps import Event
from mentionwatch.errors import Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role
from mentionwatch.policy import PolicyPack
from tests.incidents.packs import (
    LLANBEDROG,
    REASON,
    lawful_facts,
    replaced,
    row_of,
    standing,
)


def move(
    state: S,
    event: Event,
    *changes: tuple[str, ...],
    now: IncidentNow | None = None,
    pack: PolicyPack = LLANBEDROG,
    role: Role | None = None,
) -> Move:
    """One step from a state with lawful facts, but for `changes`: key and its values, or the key alone to leave it out."""
    now = now or standing(state)
    given = lawful_facts(row_of(event), now, pack)
    for key, *values in changes:
        given = replaced(given, key, *values)
    return decide_move(now, event, role or now.decider, REASON, pack, given)


def refused(why: str, state: S, event: Event, *changes: tuple[str, ...], **more: object) -> None:
    """The same step, refused for this; and not refused without the changes, so that it is they that count."""
    with pytest.raises(Refused, match=why) as error:
        move(state, event, *changes, **more)  # type: ignore[arg-type]
    assert error.value.exit_code == 5 and "\n" not in str(error.value)
    if changes:
        move(state, event, **more)  # type: ignore[arg-type]
