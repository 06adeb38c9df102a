"""Why something is asked about that was dealt with: the first reason of its incident, which the start page shows (ADR 0040, T36)."""

from __future__ import annotations

from typing import Final

EDITED: Final = "edited after its incident had ended"
BACK: Final = "shown again after it was gone and its incident had ended"
ELSEWHERE: Final = "shown at another source after its incident had ended"
REPORTED_AGAIN: Final = "reported again after its incident had ended"
REPORTED_DONE_WITH: Final = "reported again after a person had dealt with it"

ASKED_AGAIN: Final = frozenset({EDITED, BACK, ELSEWHERE, REPORTED_AGAIN, REPORTED_DONE_WITH})
