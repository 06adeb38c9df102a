"""A home with one reported threat, made once for a file of tests and copied for each of them.

from tests.flows.reported import desk as desk
from tests.flows.reported import template as template
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.incidents.homes import Desk, make_desk


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    assert desk.report().code == 0
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))
