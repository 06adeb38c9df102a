"""Where incidents stand, read for lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import flows.standing
from flows.home import Home, read_school
from flows.standing import Standings, read_context
from mentionwatch.policy import PolicyPack
from mentionwatch.policy_file import parse_pack
from mentionwatch.tables import Table
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.incident_steps import incident_rows

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def test_after_a_new_policy_the_one_before_is_read_once_for_all_that_run_under_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I12: an open incident goes on under its pack; a page with all of them reads that pack's file once, not once each."""
    home = Home(tmp_path / "home")
    write_swept_home(home.folder, NIGHT)
    school, pack = read_school(home)
    parsed = list[str]()

    def counting(table: Table, source: str) -> PolicyPack:
        parsed.append(source)
        return parse_pack(table, source)

    monkeypatch.setattr(flows.standing, "parse_pack", counting)
    flows.standing._parse_kept.cache_clear()
    context = read_context(home, school, replace(pack, sha256="0" * 64), NIGHT)
    with Warehouse(home.folder).live_reader() as reading:
        ids = [row.id for row in incident_rows(reading)]
        standings = Standings(reading, ids)
        found = [standings.of(id_, context) for id_ in ids]
    assert len(found) > 3 and all(one.is_pack_changed for one in found)
    assert {one.pack for one in found} == {pack}, "each under the pack it was opened under, whole"
    assert parsed == [pack.source]
