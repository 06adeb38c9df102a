"""What is due on the day of a digest: the clocks of incidents, and concerns nobody has acknowledged."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from flows.home import Home, calendar_of
from flows.standing import Context, Standing, Standings, read_context
from incidents.deadlines import Clock
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Label
from mentionwatch.policy import PolicyPack, RuleKey
from mentionwatch.school import SchoolFile
from warehouse.clause import Clause
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading

CONCERNS_BACK = timedelta(days=28)
"""How long a concern nobody has acknowledged is shown each morning."""


def clock_context(home: Home, school: SchoolFile, pack: PolicyPack, at: datetime) -> Context:
    """What the clocks are computed from. With broken sources no page is known to be the school's, and the digest is written."""
    try:
        return read_context(home, school, pack, at)
    except ConfigError:
        return Context(home, school, pack, calendar_of(school, pack, at), {}, at)


def find_standing(standings: Standings, id_: str, context: Context) -> Standing | None:
    """Where an incident stands, or a concern by its mention.

    None where a kept pack cannot be read: that costs one incident its clocks, never the school its digest.
    """
    try:
        return standings.of(id_, context)
    except (ConfigError, json.JSONDecodeError):
        return None


def unacknowledged(
    reading: Reading, context: Context, end: datetime, seen: Clause
) -> dict[str, tuple[MentionRow, tuple[Clock, ...]]]:
    """Concerns whose acknowledgement is still due, by mention: none where the policy sets no such clock (L07, G03)."""
    if not context.pack.rule(RuleKey.ACKNOWLEDGE).is_set:
        return {}
    wanted = MentionFilter(since=end - CONCERNS_BACK, until=end, label=Label.CONCERN)
    # Who may know of which is asked of those few, and of nothing else.
    ids = reading.remembered(
        ("concerns", wanted.since, end), lambda: tuple(row.id for row in list_mentions(reading, wanted))
    )
    found = list_mentions(reading, MentionFilter(ids=ids, seen=seen)) if ids else ()
    rows = [row for row in found if not row.incident]
    standings = Standings(reading, [row.id for row in rows])
    found_at = {row.id: find_standing(standings, row.id, context) for row in rows}
    return {row.id: (row, at.clocks) for row in rows if (at := found_at[row.id]) and at.clocks}
