"""Posts in no incident whose words as they are now are a matter for the police or for safeguarding: whom the rule shows them to is not said here."""

from __future__ import annotations

from collections.abc import Sequence

from mentionwatch.labels import GRAVE_ROUTES
from warehouse.clause import Clause
from warehouse.decided import Decided, kept_up
from warehouse.session import Reading

GRAVE_VALUES = tuple(sorted(route.value for route in GRAVE_ROUTES))

_GRAVE_POSTS = (
    # Few ever were: those are picked first, of every judgement there is, and asked what they are now.
    "WITH decided AS MATERIALIZED (SELECT mention_id, revision, arg_max_null(route, id) AS route FROM decisions WHERE {among} GROUP BY ALL), "
    "grave AS MATERIALIZED (SELECT mention_id, revision, route FROM classifications WHERE {among} AND route IN (SELECT unnest(?::VARCHAR[])) "
    "UNION SELECT mention_id, revision, route FROM decided WHERE route IN (SELECT unnest(?::VARCHAR[]))), "
    "posts AS MATERIALIZED (SELECT id, revision, incident_id FROM mentions WHERE id IN (SELECT mention_id FROM grave)) "
    "SELECT DISTINCT m.id FROM posts AS m JOIN grave AS g ON g.mention_id = m.id AND g.revision = m.revision "
    "LEFT JOIN decided AS d ON d.mention_id = m.id AND d.revision = m.revision "
    "WHERE m.incident_id IS NULL AND coalesce(d.route, g.route) IN (SELECT unnest(?::VARCHAR[]))"
)


def find_grave_posts(ids: Sequence[str] | None = None) -> Clause:
    """Whoever asks; among these mentions only, where ids are given."""
    routes = list(GRAVE_VALUES)
    if ids is None:
        return Clause(_GRAVE_POSTS.format(among="true"), (routes, routes, routes))
    among = "mention_id IN (SELECT unnest(?::VARCHAR[]))"
    return Clause(_GRAVE_POSTS.format(among=among), (list(ids), list(ids), routes, routes, routes))


def grave_posts(reading: Reading) -> tuple[str, ...]:
    """Their ids. After a decision those it is about are asked again, not every judgement there is."""

    def ask(query: Clause) -> frozenset[str]:
        return frozenset(row[0] for row in reading.rows(query.sql, query.values))

    def ask_again(before: frozenset[str], decided: Decided) -> frozenset[str]:
        ids = frozenset(id_ for id_, _ in decided)
        return (before - ids) | ask(find_grave_posts(sorted(ids)))

    found: frozenset[str] = kept_up(reading, "grave posts", lambda: ask(find_grave_posts()), ask_again)
    return tuple(sorted(found))
