"""Edits of Wikipedia articles about the school, through the MediaWiki Action API (any public wiki will do)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from collectors.base import CollectRequest
from collectors.queries import Queries, build_queries, read_address
from collectors.wiki_api import WikiApi
from collectors.wikipedia_look import Look
from collectors.wikipedia_state import WikiState, load_state, save_state
from mentionwatch.model import Collected, CollectResult, Faulted, SourceSpec, Unchanged
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table

API_URL = "https://en.wikipedia.org/w/api.php"
_NAMES_IN_ONE_SEARCH = 1
"""Only Wikipedia's own search engine knows OR; the one MediaWiki ships with takes it for a word to be found."""


@dataclass(frozen=True, slots=True)
class WikipediaCollector:
    """Some articles by title, a search for articles by the school's names, or both. Needs no credentials."""

    kind: ClassVar[str] = "wikipedia"
    credential_names: ClassVar[tuple[str, ...]] = ()

    spec: SourceSpec
    queries: Queries
    pages: tuple[str, ...] = ()
    api_url: str = API_URL

    @property
    def urls(self) -> tuple[str, ...]:
        """The API's address."""
        return (self.api_url,)

    def collect(self, request: CollectRequest) -> CollectResult:
        """One look. An article that fails is named; the others are delivered all the same."""
        look = Look(WikiApi(request.fetch, self.api_url), request, self.spec, load_state(request.cursor))
        articles = look.find_articles(self.pages, self.queries.queries)
        for article in articles:
            look.read_article(article)
        fault = look.api.is_spent or next(iter(look.faults), None)
        if fault is not None and not look.entries and not look.histories:
            return Faulted(fault)
        if not articles and not look.faults:
            look.notes.append("no article names the school yet")
        # An article that could not be read tonight keeps what was remembered of it.
        cursor = save_state(WikiState({**look.state.pages, **look.pages}, look.found, frozenset(look.absent)))
        if (
            fault is None
            and not look.entries
            and not look.gone
            and request.cursor is not None
            and not look.notes
        ):
            return Unchanged(cursor)
        if self.queries.left_out:
            look.notes.append(
                f"{len(self.queries.left_out)} names that would find a person are not searched for"
            )
        return Collected(
            entries=tuple(look.entries[revid] for revid in sorted(look.entries)),
            cursor=cursor,
            fetched=len(look.entries),
            gone=tuple(look.gone[name] for name in sorted(look.gone, key=int)),
            fault=fault,
            not_looked_at=tuple(dict.fromkeys(look.notes)),
        )


def make_wikipedia(spec: SourceSpec, table: Table, profile: SchoolProfile) -> WikipediaCollector:
    """Read `pages`, `search` (true unless pages are named) and `api_url`. Raises `ConfigError` with the mend."""
    pages = table.texts("pages")
    if bad := next((page for page in pages if set(page) & set("|#<>[]{}")), ""):
        raise table.wrong("pages", f"{bad!r} cannot be a title", 'Write pages = ["Title of the article"]')
    searches = table.flag("search", not pages)
    queries = build_queries(profile, _NAMES_IN_ONE_SEARCH) if searches else Queries(())
    if not pages and not queries.queries:
        raise table.wrong(
            "pages", "nothing to look at", 'Write pages = ["Title of the article"] or search = true'
        )
    return WikipediaCollector(spec, queries, pages, read_address(table, "api_url", API_URL))
