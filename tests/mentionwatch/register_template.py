"""The how-to's template as data, and short ways to read it with something changed."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from mentionwatch.registers import Registers
from mentionwatch.registers_file import parse_registers
from mentionwatch.registers_gaps import Asked, Gap, find_gaps
from mentionwatch.registers_words import GapKind
from mentionwatch.tables import Table

ON = date(2026, 11, 21)
ALL = frozenset(Asked)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "keep-the-registers.md"
(TEMPLATE,) = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
WHOLE: dict[str, Any] = tomllib.loads(TEMPLATE)


def read(data: dict[str, Any] | str) -> Registers:
    return parse_registers(Table("registers.toml", tomllib.loads(data) if isinstance(data, str) else data))


def gaps(data: dict[str, Any] | str, asked: frozenset[Asked] = frozenset()) -> tuple[Gap, ...]:
    return find_gaps(read(data), ON, asked)


def kinds(found: tuple[Gap, ...]) -> list[GapKind]:
    return [gap.kind for gap in found]
