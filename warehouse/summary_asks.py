"""Who asked that a colleague read a post first: put once, answered by the summary, or taken back; erased with the post."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.accounts import DeskRole
from mentionwatch.labels import IncidentState, Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.clause import Clause
from warehouse.incident_steps import INCIDENT
from warehouse.reading import seen_among
from warehouse.session import Reading, Writing, as_utc, at_utc

ASKED, TAKEN_BACK = "summary_asked", "summary_ask_ended"
_STANDS = "answered_at IS NULL AND taken_back_at IS NULL"


@dataclass(frozen=True, slots=True)
class SummaryAsk:
    """Who (`account_id`, as `role`) asks for which mention, since when."""

    mention_id: str
    account_id: str
    role: Role | DeskRole
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class UnsummedPost:
    """A post nobody has summed up in the words it has now, and may: it is not sealed. `state`: of its incident, if it is in one."""

    id: str
    state: IncidentState | None


def store_ask(writing: Writing, ask: SummaryAsk, pack: str = "") -> bool:
    """Put it, with its audit row; False, and nothing written, where the same person's stands already."""
    if any(one.account_id == ask.account_id for one in list_asks(writing, [ask.mention_id])):
        return False
    writing.run(
        "INSERT INTO summary_asks (mention_id, account_id, role, asked_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (mention_id, account_id) DO UPDATE SET role = excluded.role, asked_at = excluded.asked_at, "
        "answered_at = NULL, taken_back_at = NULL",
        [ask.mention_id, ask.account_id, ask.role.value, as_utc(ask.asked_at)],
    )
    _log(writing, ask, ASKED, ask.asked_at, pack)
    return True


def end_ask(writing: Writing, ask: SummaryAsk, now: datetime, pack: str = "") -> bool:
    """Take back what that person asked; False, and nothing written, where they ask nothing of that post now."""
    changed = writing.rows(
        f"UPDATE summary_asks SET taken_back_at = ? WHERE mention_id = ? AND account_id = ? AND {_STANDS} RETURNING 1",  # noqa: S608 -- fixed
        [as_utc(now), ask.mention_id, ask.account_id],
    )
    if changed:
        _log(writing, ask, TAKEN_BACK, now, pack)
    return bool(changed)


def answer_asks(writing: Writing, mention_id: str, now: datetime) -> None:
    """Whoever asked has it now: a colleague summed it up."""
    writing.run(
        f"UPDATE summary_asks SET answered_at = ? WHERE mention_id = ? AND {_STANDS}",  # noqa: S608 -- fixed
        [as_utc(now), mention_id],
    )


def _log(writing: Writing, ask: SummaryAsk, verb: str, at: datetime, pack: str) -> None:
    append_audit(
        writing,
        [AuditEvent(at, ask.account_id, ask.role, verb, "mention", ask.mention_id, pack=pack)],
    )


def list_asks(reading: Reading, ids: Sequence[str] | None = None) -> tuple[SummaryAsk, ...]:
    """What stands, oldest first; of these mentions alone, if `ids` are given."""
    among = "" if ids is None else " AND mention_id IN (SELECT unnest(?::VARCHAR[]))"
    found = reading.rows(
        f"SELECT mention_id, account_id, role, asked_at FROM summary_asks WHERE {_STANDS}{among} "  # noqa: S608 -- fixed
        "ORDER BY asked_at, mention_id, account_id",
        [] if ids is None else [list(ids)],
    )
    return tuple(SummaryAsk(row[0], row[1], _role(row[2]), at_utc(row[3])) for row in found)


def asked_times(reading: Reading) -> dict[str, tuple[datetime, ...]]:
    """When somebody was asked to read each mention first, answered and taken back ones too: for subject access."""
    found: dict[str, tuple[datetime, ...]] = {}
    for id_, at in reading.rows(
        "SELECT mention_id, asked_at FROM summary_asks ORDER BY asked_at, account_id"
    ):
        found[id_] = (*found.get(id_, ()), at_utc(at))
    return found


def _role(name: str) -> Role | DeskRole:
    return Role(name) if name in tuple(Role) else DeskRole(name)


def posts_of_incidents(
    reading: Reading, states: Collection[IncidentState], ids: Sequence[str] | None = None
) -> dict[str, datetime]:
    """The posts for which incidents in these states were opened, and when: of these mentions alone, if `ids` are given."""
    among = "" if ids is None else " AND mention_id IN (SELECT unnest(?::VARCHAR[]))"
    found = reading.rows(
        f"SELECT mention_id, min(opened_at) FROM incidents WHERE track = ? AND state IN (SELECT unnest(?::VARCHAR[])){among} "  # noqa: S608 -- fixed
        "GROUP BY mention_id",
        [INCIDENT, [state.value for state in states], *([] if ids is None else [list(ids)])],
    )
    return {id_: at_utc(opened_at) for id_, opened_at in found}


def unsummed_posts(reading: Reading, ids: Sequence[str]) -> tuple[UnsummedPost, ...]:
    """Those of these mentions that nobody has summed up and that are not sealed."""
    found = reading.rows(
        "WITH posts AS MATERIALIZED (SELECT id, revision, incident_id FROM mentions "
        "WHERE id IN (SELECT unnest(?::VARCHAR[])) AND NOT is_sealed) "
        "SELECT p.id, i.state FROM posts AS p LEFT JOIN incidents AS i ON i.id = p.incident_id "
        "WHERE NOT EXISTS (SELECT 1 FROM summaries AS s WHERE s.mention_id = p.id AND s.revision = p.revision)",
        [list(ids)],
    )
    return tuple(UnsummedPost(id_, IncidentState(state) if state else None) for id_, state in found)


def known_among(
    reading: Reading, seen: Clause, ids: Sequence[str], roles: Collection[Role]
) -> frozenset[str]:
    """Which of these mentions somebody may know of (`seen`, a condition on `m`) and no post of whom (`roles`) they speak."""
    about = Clause(
        "m.id NOT IN (SELECT mention_id FROM subjects WHERE role IN (SELECT unnest(?::VARCHAR[])))",
        ([role.value for role in roles],),
    )
    return frozenset(seen_among(reading, ids, seen & about))


def opened_among(reading: Reading, account_id: str, ids: Sequence[str]) -> frozenset[str]:
    """Which of these mentions this person has opened the words of, as the audit log says."""
    if not ids:
        return frozenset()
    found = reading.rows(
        "SELECT DISTINCT object_id FROM audit WHERE object_kind = 'mention' AND verb = 'words_opened' AND actor = ? "
        "AND object_id IN (SELECT unnest(?::VARCHAR[]))",
        [account_id, list(ids)],
    )
    return frozenset(str(id_) for (id_,) in found)
