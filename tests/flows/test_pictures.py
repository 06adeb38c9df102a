"""Pictures after a night and on request; of what is erased or sealed while it is drawn, none is kept (B13, L42)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import warehouse.erase
from evidence.picture import Renderer
from flows.pictures import draw_latest, draw_pictures
from mentionwatch.errors import Refused
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from tests.evidence.pictures import WORDS, keep, require_browser, thread
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.store import store_nights

pytestmark = pytest.mark.browser
P1, P2 = (make_write(name).mention.id for name in ("p1", "p2"))

Act = Callable[[Warehouse], object]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require_browser()
    folder = tmp_path_factory.mktemp("template") / "home"
    folder.mkdir()
    writes = [make_write(name, WORDS, warc=keep(thread(3, 1))) for name in ("p1", "p2")]
    with Warehouse(folder).writer() as writing:
        store_nights(writing, [make_night(writes=writes)], NOW)
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Warehouse:
    return Warehouse(shutil.copytree(template, tmp_path / "home"))


def change(sql: str, *values: object) -> Act:
    def run(home: Warehouse) -> None:
        with home.writer() as writing:
            writing.run(sql, values)

    return run


def pictured(home: Warehouse) -> list[tuple[str, bool]]:
    with home.live_reader() as reading:
        found = reading.rows("SELECT mention_id, sha256 IS NOT NULL FROM pictures ORDER BY mention_id")
    return [(row[0], row[1]) for row in found]


def shots(home: Warehouse) -> int:
    with home.live_reader() as reading:
        return int(reading.rows("SELECT count(*) FROM objects WHERE kind = 'shot'")[0][0])


def while_drawing(home: Warehouse, monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    """What somebody else does while the first picture is drawn."""
    draw, left = Renderer.draw, [act]

    def meanwhile(*given: Any, **more: Any) -> Any:
        if left:
            left.pop()(home)
        return draw(*given, **more)

    monkeypatch.setattr(Renderer, "draw", meanwhile)


BOTH = "'" + "', '".join((P1, P2)) + "'"
MEANWHILE: dict[str, Act] = {
    "sealed": change(f"UPDATE mentions SET is_sealed = true WHERE id IN ({BOTH})"),  # noqa: S608 -- our own ids
    "erased": lambda home: warehouse.erase.erase(home, [P1, P2], "asked for", NOW, "h", Role.HEAD),
}


def test_each_capture_gets_its_picture_once(home: Warehouse) -> None:
    assert draw_pictures(home.folder, NOW).made == 2
    assert pictured(home) == sorted([(P1, True), (P2, True)])
    assert draw_pictures(home.folder, NOW).made == 0
    ((mention, told),) = draw_latest(home.folder, [P1], NOW)
    assert mention == P1 and told.sha256 and not told.cause


@pytest.mark.parametrize("act", MEANWHILE)
def test_b13_what_is_sealed_or_erased_while_it_is_drawn_at_night_has_no_picture(
    home: Warehouse, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    while_drawing(home, monkeypatch, MEANWHILE[act])
    drawn = draw_pictures(home.folder, NOW)
    assert (drawn.made, drawn.none) == (0, 0)
    assert pictured(home) == [] and shots(home) == 0


@pytest.mark.parametrize("act", MEANWHILE)
def test_b13_what_is_sealed_or_erased_while_it_is_drawn_on_request_is_refused(
    home: Warehouse, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    while_drawing(home, monkeypatch, MEANWHILE[act])
    with pytest.raises(Refused, match="erased or sealed meanwhile"):
        draw_latest(home.folder, [P1], NOW)
    assert pictured(home) == [] and shots(home) == 0


def test_b13_a_seal_taken_off_by_hand_is_no_leave_to_draw(home: Warehouse) -> None:
    """The log's word counts, whatever the row says."""
    with home.writer() as writing:
        append_audit(writing, [AuditEvent(NOW, "h", Role.HEAD, "sealed", "mention", P1, "stop rule")])
    assert draw_pictures(home.folder, NOW).made == 1
    assert pictured(home) == [(P2, True)]
