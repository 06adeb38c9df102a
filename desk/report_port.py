"""A report somebody hands in at the desk, as a value, and what takes it in (desk may not import flows)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from desk.acts import Busy, Done, RefusedHere
from mentionwatch.accounts import Viewer


@dataclass(frozen=True, slots=True)
class ReportGiven:
    """What a person typed. `reporter` goes into the sealed store and is on no page again, nor in this value's repr.

    `posted_at` None: not known. `is_indecent`: the picture may show what nobody may copy; there is then no picture.
    `picture` is the file as it came, without its name.
    """

    address: str = field(repr=False)
    posted_at: datetime | None
    text: str = field(default="", repr=False)
    picture: bytes = field(default=b"", repr=False)
    is_indecent: bool = False
    reporter: str = field(default="", repr=False)
    platform: str = field(default="", repr=False)


class Reports(Protocol):
    """Taking in what a person reports."""

    def take_report(
        self, viewer: Viewer, given: ReportGiven, lang: str, now: datetime
    ) -> Done | RefusedHere | Busy:
        """Stored, with one audit row of the viewer. `Done.id` is the receipt: it says not whether the post was known."""
        ...
