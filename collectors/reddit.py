"""Reddit through its official API, read-only: posts and comments about the school, their edits and removals.

Searches hold the school's names and nothing else; no account is ever listed (I13). What Reddit no longer
shows is reported as gone, because its terms ask every copy to follow (Reddit Data API terms).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from collectors.base import CollectRequest
from collectors.queries import Queries, build_queries, read_address
from collectors.reddit_look import Look, sorted_entries
from collectors.reddit_session import open_reddit
from collectors.reddit_state import load_state, save_state
from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind
from mentionwatch.model import Collected, CollectResult, Faulted, SourceSpec
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table

API_URL, OAUTH_URL = "https://www.reddit.com", "https://oauth.reddit.com/"
DEEPEST = 1000
"""Reddit lists no more than its newest 1,000 items."""

_SUBREDDIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{1,20}\Z")
_MISSING = Fault(
    FaultKind.CREDENTIALS,
    "Reddit's client id and secret are missing: set MENTIONWATCH_REDDIT_CLIENT_ID and "
    "MENTIONWATCH_REDDIT_CLIENT_SECRET, or write [reddit] client_id and client_secret in keys/credentials.toml",
)


@dataclass(frozen=True, slots=True)
class RedditCollector:
    """Some subreddits, a search by the school's names, or both."""

    kind: ClassVar[str] = "reddit"
    credential_names: ClassVar[tuple[str, ...]] = ("client_id", "client_secret")

    spec: SourceSpec
    queries: Queries
    subreddits: tuple[str, ...] = ()
    api_url: str = API_URL
    oauth_url: str = OAUTH_URL
    limit: int = DEEPEST

    @property
    def urls(self) -> tuple[str, ...]:
        """The token's host and the API's."""
        return (self.api_url, self.oauth_url)

    def collect(self, request: CollectRequest) -> CollectResult:
        """One look. A part that fails is named; the others are delivered all the same."""
        client_id = request.credentials.get("client_id", "")
        client_secret = request.credentials.get("client_secret", "")
        if not client_id or not client_secret:
            return Faulted(_MISSING)
        api = open_reddit(request.fetch, self.api_url, self.oauth_url, str(client_id), str(client_secret))
        base = self.api_url.rstrip("/")
        look = Look(api, request, self.spec, base, load_state(request.cursor), self.limit)
        for name in self.subreddits:
            look.read_listing(f"r/{name}/new", f"r/{name}", f"r/{name}/new")
            look.read_listing(f"r/{name}/comments", f"r/{name}, comments", f"r/{name}/comments")
        for query in self.queries.queries:
            fields = {"q": query.text, "sort": "new", "type": "link", "t": "all"}
            look.read_listing(f"search {query.text}", "search by name", "search", is_search=True, **fields)
        look.recheck()
        look.read_threads()
        fault = look.first_fault()
        if not look.answered:
            return Faulted(fault or Fault(FaultKind.UNEXPECTED, "Reddit gave no answer at all"))
        if self.queries.left_out:
            look.notes.append(
                f"{len(self.queries.left_out)} names that would find a person are not searched for"
            )
        return Collected(
            entries=sorted_entries(look.entries.values()),
            cursor=save_state(look.next_state()),
            fetched=len(look.alive),
            gone=tuple(look.gone[name] for name in sorted(look.gone)),
            fault=fault,
            not_looked_at=tuple(dict.fromkeys(look.notes)),
        )


def _read_subreddits(table: Table) -> tuple[str, ...]:
    names = []
    for written in table.texts("subreddits"):
        name = re.sub(r"\A/?r/", "", written)
        if name.lower().startswith("u_"):
            cause = f"{written!r} is one person's page, and people are never followed"
            raise table.wrong("subreddits", cause, "Remove it; name communities only")
        if not _SUBREDDIT.match(name):
            raise table.wrong(
                "subreddits", f"{written!r} is no subreddit", 'Write subreddits = ["your_county"]'
            )
        names.append(name)
    return tuple(dict.fromkeys(names))


def make_reddit(spec: SourceSpec, table: Table, profile: SchoolProfile) -> RedditCollector:
    """Read `subreddits`, `search`, `limit`, `api_url`, `oauth_url`. Raises `ConfigError` with the mend."""
    subreddits = _read_subreddits(table)
    queries = build_queries(profile) if table.flag("search", True) else Queries(())
    if not subreddits and not queries.queries:
        raise table.wrong(
            "subreddits", "nothing to look at", 'Write subreddits = ["your_county"] or search = true'
        )
    limit = int(table.number("limit", DEEPEST, least=1, example="1000"))
    oauth_url = read_address(table, "oauth_url", OAUTH_URL)
    return RedditCollector(
        spec=spec,
        queries=queries,
        subreddits=subreddits,
        api_url=read_address(table, "api_url", API_URL),
        oauth_url=oauth_url if oauth_url.endswith("/") else f"{oauth_url}/",
        limit=min(limit, DEEPEST),
    )
