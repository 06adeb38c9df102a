"""A mention's row in the table `mentions`, while one transaction changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.session import Row


@dataclass(slots=True)
class Post:
    """One mention as it stands in this transaction."""

    id: str
    source: str
    native_id: str
    kind: str
    canonical_url: str
    first_seen_at: datetime
    revision: int
    content_sha256: str
    seen_run_id: str
    is_sealed: bool
    is_gone: bool
    gone_at: datetime | None
    gone_basis: str | None
    gone_run_id: str | None
    incident_id: str | None
    is_new: bool = False
    is_changed: bool = False

    def row(self) -> Row:
        return (
            self.id, self.source, self.native_id, self.kind, self.canonical_url, self.first_seen_at, self.revision, self.content_sha256,
            self.seen_run_id, self.is_sealed, self.is_gone, self.gone_at, self.gone_basis, self.gone_run_id, self.incident_id,
        )  # fmt: skip


POST_COLUMNS = (
    "id", "source", "native_id", "kind", "canonical_url", "first_seen_at", "revision", "content_sha256", "seen_run_id", "is_sealed",
    "is_gone", "gone_at", "gone_basis", "gone_run_id", "incident_id",
)  # fmt: skip
CHANGING = (
    "id",
    "revision",
    "content_sha256",
    "seen_run_id",
    "is_sealed",
    "is_gone",
    "gone_at",
    "gone_basis",
    "gone_run_id",
    "incident_id",
)
