"""What a feed's cursor remembers between two looks, and what silence means."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind
from mentionwatch.model import Cursor

_VERSION = 1
FULL_LOOK_EVERY = 7
_LEAST_SILENCE_S = 14 * 86400.0
_TIMES_USUAL = 6
_GAPS_OVER = 50


def short_hash(text: str) -> str:
    """12 hex digits: enough to tell the items of one feed apart, and no id or URL lies in a cursor."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed's memory. `seen` are hash pairs (native id, link) of the last look, in feed order; `again`
    are ids whose page could not be asked when they vanished. Times are Unix seconds, 0 when unknown."""

    looks: int = 0
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    newest_at: float = 0.0
    last_new_at: float = 0.0
    usual_gap_s: float = 0.0
    history: int = 0
    seen: tuple[tuple[str, str], ...] = ()
    again: tuple[str, ...] = ()

    @property
    def is_full_look_due(self) -> bool:
        """Some feeds answer 304 for ever: every seventh look asks without validators."""
        return self.looks % FULL_LOOK_EVERY == FULL_LOOK_EVERY - 1


def load_states(cursor: Cursor | None) -> dict[str, FeedState]:
    """States by feed key. A cursor of another version starts afresh: delivery is at least once anyway."""
    if cursor is None:
        return {}
    try:
        stored = json.loads(cursor.json)
        if stored.get("v") != _VERSION:
            return {}
        return {key: _load(row) for key, row in stored["feeds"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _load(row: dict[str, object]) -> FeedState:
    seen, again = row.pop("seen"), row.pop("again")
    if not isinstance(seen, list) or not isinstance(again, list):
        raise TypeError("a feed cursor holds its ids in lists")
    pairs = tuple((str(pair[0]), str(pair[1])) for pair in seen)
    return FeedState(**row, seen=pairs, again=tuple(map(str, again)))  # type: ignore[arg-type]


def save_states(states: dict[str, FeedState]) -> Cursor:
    """The cursor, compact and stable."""
    feeds = {key: asdict(state) for key, state in sorted(states.items())}
    return Cursor(json.dumps({"v": _VERSION, "feeds": feeds}, separators=(",", ":")))


def usual_gap_s(times: Sequence[datetime]) -> float:
    """The median time between entries; 0 when fewer than three distinct times tell."""
    newest = sorted({at.timestamp() for at in times})[-_GAPS_OVER:]
    gaps = [later - earlier for earlier, later in pairwise(newest)]
    return median(gaps) if len(gaps) >= 2 else 0.0


def frozen(state: FeedState, now: datetime) -> Fault | None:
    """A feed that answers and yet has had nothing new for six of its usual gaps, at least 14 days."""
    since = state.newest_at or state.last_new_at
    if not since or not state.usual_gap_s:
        return None
    if now.timestamp() - since <= max(_LEAST_SILENCE_S, _TIMES_USUAL * state.usual_gap_s):
        return None
    day = datetime.fromtimestamp(since, UTC).date().isoformat()
    every = max(1, round(state.usual_gap_s / 86400))
    return Fault(
        FaultKind.FROZEN, f"no new entry since {day}, though one used to come about every {every} day(s)"
    )
