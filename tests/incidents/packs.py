"""The five packs that ship, read from their files, and small values to decide steps on."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from incidents.protocol import IncidentNow
from mentionwatch.labels import IncidentState, Role
from mentionwatch.policy import PolicyPack, parse_pack
from mentionwatch.tables import Table

PACK_NAMES = ("llanbedrog", "brighton_hill", "cansfield", "caldecote", "grappenhall_heys")


def read_pack(name: str) -> PolicyPack:
    """One shipped pack."""
    text = files("mentionwatch.packs").joinpath(f"{name}.toml").read_text("utf-8")
    return parse_pack(Table(f"{name}.toml", tomllib.loads(text)))


PACKS = {name: read_pack(name) for name in PACK_NAMES}
LLANBEDROG = PACKS["llanbedrog"]
PEOPLE = tuple(role for role in Role if role is not Role.PIPELINE)


def standing(
    state: IncidentState,
    decider: Role = Role.HEAD,
    *,
    has_evidence: bool = True,
    subjects: frozenset[Role] = frozenset(),
    has_deputy: bool = True,
) -> IncidentNow:
    """An incident that stands in `state`."""
    return IncidentNow("2026-0001", state, decider, "test@1", has_evidence, subjects, has_deputy)
