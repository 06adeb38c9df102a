"""Posts a person judged not to be about the school: buried at once, and what stays says that somebody looked and why it had counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Role, Scope, ScopeRule
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.erase import Burial, ask_for_rewriting, bury, held_mentions
from warehouse.incident_steps import INCIDENT
from warehouse.session import Reading, Writing, as_utc, at_utc, clean_text

JUDGED: Final = "judged_not_ours"
OUT_OF_SCOPE: Final = "out_of_scope"
"""On the tombstone, where others have a class of retention."""
REPORT: Final = "report"
REASON_DAYS: Final = 365
"""So long as the words of a concern would have been kept; then the rest stays without them."""
_OVER = ("CLOSED", "MERGED")

Tie = Literal["open", "acted", "reported", "held"]


@dataclass(frozen=True, slots=True)
class Tied:
    """Why nobody may throw a post away: its incident is open, the school acted on it, a person reported it, it is held.

    `object_id` is the incident or the report, empty of a hold; `why` is the reason of a hold, which a person typed.
    """

    tie: Tie
    object_id: str = ""
    why: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NotOurs:
    """One judgement. `rule` and `name`: why it had counted as about the school (flows/scope_causes.py)."""

    mention_id: str
    revision: int
    source: str
    was_scope: Scope
    rule: ScopeRule
    name: str
    actor: str
    role: Role
    reason: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class TooWide:
    """How often people judged not ours what one source brought for one reason. No post can be told from it."""

    source: str
    rule: ScopeRule
    name: str
    posts: int


def find_tie(reading: Reading, mention_id: str, now: datetime) -> Tied | None:
    """What ties this post to the school's own doing; None: nothing. An incident closed as no case ties nothing."""
    if why := held_mentions(reading, now).get(mention_id):
        return Tied("held", why=why)
    incidents = reading.rows(
        "SELECT i.id, i.state IN (SELECT unnest(?::VARCHAR[])), i.track = ? AND e.event = 'no_case', i.id = m.incident_id OR i.mention_id = m.id "
        "FROM mentions AS m JOIN incidents AS i ON i.id = m.incident_id OR i.mention_id = m.id OR i.canonical_url = m.canonical_url "
        "LEFT JOIN (SELECT incident_id, arg_max(event, number) AS event FROM incident_events "
        "WHERE to_state IN (SELECT unnest(?::VARCHAR[])) AND from_state IS DISTINCT FROM to_state GROUP BY incident_id) AS e ON e.incident_id = i.id "
        "WHERE m.id = ? ORDER BY i.id",
        [list(_OVER), INCIDENT, list(_OVER), mention_id],
    )
    if still := [id_ for id_, is_over, _, _ in incidents if not is_over]:
        return Tied("open", still[0])
    if acted := [id_ for id_, _, is_no_case, is_own in incidents if is_own and not is_no_case]:
        return Tied("acted", acted[0])
    reported = reading.row(
        "SELECT r.id FROM mentions AS m JOIN mentions AS r ON r.id = m.id OR r.canonical_url = m.canonical_url "
        "WHERE m.id = ? AND r.source = ? ORDER BY r.id LIMIT 1",
        [mention_id, REPORT],
    )
    return Tied("reported", reported[0]) if reported else None


def bury_not_ours(writing: Writing, judged: NotOurs, logged_as: Role | DeskRole, pack: str) -> None:
    """Bury the post and write down the judgement, inside the caller's transaction. The bytes go with `finish_compaction`.

    The person's own words stay in their row: the audit log says who, in which role and when.
    """
    bury(
        writing, [Burial(judged.mention_id, OUT_OF_SCOPE)], "retention", judged.at, judged.actor, judged.role
    )
    writing.run(
        "INSERT INTO not_ours (mention_id, revision, source, was_scope, rule, name, actor, role, reason, decided_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            judged.mention_id,
            judged.revision,
            judged.source,
            judged.was_scope.value,
            judged.rule.value,
            clean_text(judged.name),
            clean_text(judged.actor),
            judged.role.value,
            clean_text(judged.reason),
            as_utc(judged.at),
        ],
    )
    what = f"revision {judged.revision}: {judged.was_scope.value} to {Scope.OUT.value}"
    append_audit(
        writing,
        [AuditEvent(judged.at, judged.actor, logged_as, JUDGED, "mention", judged.mention_id, what, pack)],
    )


def read_judged(reading: Reading, mention_id: str) -> NotOurs | None:
    """The judgement on a post that is gone since; None where there is none, or where the post came back."""
    row = reading.row(
        "SELECT revision, source, was_scope, rule, name, actor, role, reason, decided_at FROM not_ours AS n "
        "WHERE mention_id = ? AND NOT EXISTS (SELECT 1 FROM mentions AS m WHERE m.id = n.mention_id) "
        "ORDER BY revision DESC LIMIT 1",
        [mention_id],
    )
    if row is None:
        return None
    return NotOurs(
        mention_id, row[0], row[1], Scope(row[2]), ScopeRule(row[3]), row[4], row[5], Role(row[6]), row[7],
        at_utc(row[8]),
    )  # fmt: skip


def count_too_wide(reading: Reading, since: datetime, source: str | None = None) -> tuple[TooWide, ...]:
    """By source, rule and name, what was judged not ours since; the most frequent first."""
    found: Sequence[tuple[str, str, str, int]] = reading.rows(
        "SELECT source, rule, name, count(*) AS posts FROM not_ours WHERE decided_at >= ? AND coalesce(source = ?, true) "
        "GROUP BY source, rule, name ORDER BY posts DESC, source, rule, name",
        [since, source],
    )
    return tuple(TooWide(name, ScopeRule(rule), own, posts) for name, rule, own, posts in found)


def empty_reasons(writing: Writing, now: datetime) -> None:
    """Take the words people gave out of judgements whose year is over, and ask for the file to be rewritten."""
    over = as_utc(now - timedelta(days=REASON_DAYS))
    if writing.row("SELECT 1 FROM not_ours WHERE decided_at <= ? AND reason <> '' LIMIT 1", [over]) is None:
        return
    writing.run("UPDATE not_ours SET reason = '' WHERE decided_at <= ?", [over])
    ask_for_rewriting(writing, now)
