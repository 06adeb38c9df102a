"""The gate of the desk: everything its pages ask about who signs in, who is signed in and who may (ADR 0028).

Answers are values of `desk/sign_in_port.py`, since desk may not import flows. Every method takes the time it happens at; none waits for the warehouse.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flows.accounts_directory import DirectorySigning
from flows.accounts_own import OwnAccounts
from flows.accounts_people import People
from flows.accounts_refused import Refusals


class Gate(OwnAccounts, DirectorySigning, People, Refusals):
    """Signing in, one's own account, and everybody's for an administrator: one object, safe from any thread."""

    def __init__(
        self,
        folder: Path,
        school: tuple[str, ...] = (),
        *,
        needs_factor: bool = True,
        on_audit: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(folder, school, needs_factor=needs_factor, on_audit=on_audit)
        Refusals.__init__(self)
