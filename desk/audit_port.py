"""The audit log as its page shows it: for one viewer, a page at a time, newest first (desk may not import flows)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from mentionwatch.accounts import Viewer

if TYPE_CHECKING:
    from warehouse.figures import AuditRow


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which rows: of one verb, of one day (London time). `page` counts from 1. There is no choice by person."""

    verb: str = ""
    on: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class AuditShown:
    """The rows, and what is needed to say them. `names`: account id to the name shown for it.

    `checked_at` and `is_whole`: when the hash chain and the evidence were last looked over, and how that ended.
    """

    rows: tuple[AuditRow, ...]
    has_older: bool
    names: dict[str, str]
    checked_at: datetime | None = None
    is_whole: bool = False


class AuditLog(Protocol):
    """Reading the audit log. Raises `Retriable` while the database is written."""

    def shown(self, viewer: Viewer, wanted: AuditQuery) -> AuditShown:
        """What this viewer may know of, and nothing that tells how much else there is (L31)."""
        ...
