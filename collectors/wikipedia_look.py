"""One look at a wiki: find the articles, read their new edits, re-read the tags of the last ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from collectors.base import CollectRequest
from collectors.json_values import number, rows, table, text
from collectors.markup import cut
from collectors.queries import SchoolQuery
from collectors.wiki_api import WikiApi
from collectors.wiki_edits import (
    MOST_ADDED,
    REVERTED,
    Change,
    Revision,
    Step,
    build_entry,
    content_of,
    judge_history,
    read_diff,
    read_revision,
)
from collectors.wikipedia_state import REMEMBERED, PageState, WikiState
from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind
from mentionwatch.model import EntryFound, GoneFound, SourceSpec

FIRST_LOOK = 20
_MOST_FOUND = 10
_MOST_WATCHED = 20
_BATCH = 50
_MOST_PAGES_OF_HISTORY = 10
_MOST_CHANGES = 100
_FIELDS = "ids|timestamp|flags|comment|user|size|sha1|tags"
_STRANGE = Fault(FaultKind.NOT_A_FEED, "the answer holds no list")
_HIDDEN = "the text of this edit was hidden by an administrator"
_DELETED = "the wiki had no such revision at two looks in a row"


@dataclass(frozen=True, slots=True)
class Article:
    """An article that exists."""

    pageid: int
    title: str


@dataclass(slots=True)
class Look:
    """What one look has found so far."""

    api: WikiApi
    request: CollectRequest
    spec: SourceSpec
    state: WikiState
    entries: dict[int, EntryFound] = field(default_factory=dict)
    gone: dict[str, GoneFound] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pages: dict[int, PageState] = field(default_factory=dict)
    found: tuple[str, ...] = ()
    absent: set[str] = field(default_factory=set)
    histories: int = 0
    changes: int = 0

    def _fail(self, what: str, fault: Fault) -> None:
        self.faults.append(Fault(fault.kind, f"{what}: {fault.detail}", fault.retry_after_s))
        self.notes.append(f"{what}: {fault.detail}")

    def _ask(self, what: str, action: str, **params: str) -> Mapping[str, object] | None:
        answer = self.api.get(action, **params)
        if isinstance(answer, Fault):
            self._fail(what, answer)
            return None
        return answer

    # --- which articles ---------------------------------------------------------------------------

    def find_articles(self, titles: Sequence[str], queries: Sequence[SchoolQuery]) -> list[Article]:
        """The articles named, those a search by name finds now, and those it found before."""
        found = dict.fromkeys(self.state.found)
        for query in queries:
            fields = {
                "list": "search",
                "srsearch": query.text,
                "srlimit": str(_MOST_FOUND),
                "srnamespace": "0",
                # Left to itself, MediaWiki's own engine searches titles only.
                "srwhat": "text",
            }
            answer = self._ask("search by name", "query", **fields)
            if answer is None:
                continue
            if not isinstance(table(answer, "query").get("search"), list):
                self._fail("search by name", _STRANGE)
            for row in rows(answer, "query", "search"):
                found.setdefault(text(row, "title"))
        found.pop("", None)
        self.found = tuple(found)[:_MOST_WATCHED]
        if len(found) > _MOST_WATCHED:
            self.notes.append(f"{len(found) - _MOST_WATCHED} further articles that name the school")
        wanted = list(dict.fromkeys((*titles, *self.found)))
        articles: dict[int, Article] = {}
        for start in range(0, len(wanted), _BATCH):
            batch = "|".join(wanted[start : start + _BATCH])
            answer = self._ask("articles", "query", titles=batch, redirects="1")
            listed = rows(answer, "query", "pages")
            if answer is not None and not listed:
                self._fail("articles", _STRANGE)
            for page in listed:
                pageid, title = number(page, "pageid"), text(page, "title")
                if pageid:
                    articles[pageid] = Article(pageid, title)
                elif title in self.found and title not in titles:
                    self.found = tuple(name for name in self.found if name != title)
                else:
                    self._fail(f"article {title}", Fault(FaultKind.HTTP_404_410, "there is no such article"))
        return list(articles.values())

    # --- edits ------------------------------------------------------------------------------------

    def read_article(self, article: Article) -> None:
        """New edits of one article, oldest first; its state moves only as far as edits were delivered."""
        before = self.state.pages.get(article.pageid, PageState())
        self.pages[article.pageid] = before
        fresh = self._new_revisions(article, before)
        if fresh is None:
            return
        self.histories += 1
        old = self._reread(before.steps)
        flags_before = {step.revid: step.flags for step in before.steps}
        steps = [*before.steps, *(Step(revision.revid, revision.sha1) for revision in fresh)]
        revisions = old | {revision.revid: revision for revision in fresh}
        flags = judge_history(steps, {revid: revision.tags for revid, revision in revisions.items()})
        last = before.last
        for revision in fresh:
            if not self._deliver(article, revision, flags[revision.revid]):
                break
            last = max(last, revision.revid)
        for revid, was in flags_before.items():
            if REVERTED not in flags[revid] or REVERTED in was or str(revid) not in self.request.known:
                continue
            if revid not in old or not self._deliver(article, old[revid], flags[revid]):
                # Not told tonight: forgotten, so that the next look finds it again.
                flags[revid] = was
        kept = tuple(
            replace(step, flags=flags[step.revid])
            for step in steps
            if step.revid <= last and step.revid in flags
        )
        self.pages[article.pageid] = PageState(last, kept[-REMEMBERED:])

    def _new_revisions(self, article: Article, before: PageState) -> list[Revision] | None:
        """Edits after the last one delivered, oldest first; the newest twenty at a first look, and where the
        wiki no longer knows the edit we stopped at. None: the history could not be read."""
        what = f"article {article.title}"
        fields = {"prop": "revisions", "pageids": str(article.pageid), "rvprop": _FIELDS}
        newest = {**fields, "rvlimit": str(FIRST_LOOK), "rvdir": "older"}
        onwards = {**fields, "rvlimit": str(_BATCH), "rvdir": "newer", "rvstartid": str(before.last)}
        if before.last:
            found = self._history(what, onwards)
            if isinstance(found, Fault) and found.kind is not FaultKind.HTTP_404_410:
                self._fail(what, found)
                return None
            if not isinstance(found, Fault) and found:
                return [revision for revision in found if revision.revid > before.last]
        found = self._history(what, newest)
        if isinstance(found, Fault) or not found:
            empty = Fault(FaultKind.EMPTY, "its history is empty, which no article's is")
            self._fail(what, found if isinstance(found, Fault) else empty)
            return None
        return [revision for revision in found if revision.revid > before.last]

    def _history(self, what: str, fields: Mapping[str, str]) -> list[Revision] | Fault:
        found: dict[int, Revision] = {}
        going: dict[str, str] = {}
        is_first_look = fields["rvdir"] == "older"
        for _ in range(_MOST_PAGES_OF_HISTORY):
            answer = self.api.get("query", **fields, **going)
            if isinstance(answer, Fault):
                return answer
            for page in rows(answer, "query", "pages"):
                for revision in filter(None, map(read_revision, rows(page, "revisions"))):
                    found[revision.revid] = revision
            going = {name: str(value) for name, value in table(answer, "continue").items() if name.isascii()}
            if not going or is_first_look:
                break
        if going and is_first_look:
            self.notes.append(f"{what}: edits before the last {FIRST_LOOK} (first look)")
        elif going:
            self.notes.append(f"{what}: further new edits, next time")
        return [found[revid] for revid in sorted(found)]

    def _reread(self, steps: Sequence[Step]) -> dict[int, Revision]:
        """The remembered edits as they are now: tags come late, and texts get hidden."""
        found: dict[int, Revision] = {}
        known = self.request.known
        names = [str(step.revid) for step in steps]
        for start in range(0, len(names), _BATCH):
            batch = names[start : start + _BATCH]
            fields = {"prop": "revisions", "revids": "|".join(batch), "rvprop": _FIELDS}
            answer = self._ask("earlier edits", "query", **fields)
            if answer is None:
                return found
            for page in rows(answer, "query", "pages"):
                for revision in filter(None, map(read_revision, rows(page, "revisions"))):
                    found[revision.revid] = revision
            missing = table(answer, "query", "badrevids")
            for name in batch:
                now = found.get(int(name))
                if name not in known or known[name].is_gone:
                    continue
                if name in missing and name not in self.state.absent:
                    # A lagging replica misses revisions too: left out once proves nothing.
                    self.absent.add(name)
                elif name in missing or (now is not None and now.is_hidden):
                    basis = _DELETED if name in missing else _HIDDEN
                    self.gone[name] = GoneFound(name, self.request.now, basis)
        return found

    def _deliver(self, article: Article, revision: Revision, flags: tuple[str, ...]) -> bool:
        """Deliver one edit with its diff. False: stop here and come back to it next time."""
        if revision.is_hidden:
            if str(revision.revid) not in self.request.known:
                self.notes.append(f"article {article.title}: an edit whose text is hidden")
            return True
        if self.changes >= _MOST_CHANGES:
            self.notes.append(f"article {article.title}: further new edits, next time")
            return False
        self.changes += 1
        change = self._change(revision)
        if isinstance(change, Fault):
            if change.kind is FaultKind.HTTP_404_410:
                # Deleted or hidden between two calls: there is nothing left to read.
                self.notes.append(f"article {article.title}: an edit whose text is gone")
                return True
            self._fail(f"article {article.title}", change)
            return False
        self.entries[revision.revid] = build_entry(
            revision, article.title, change, flags, self.spec, self.api.api_url, self.request.now
        )
        return True

    def _change(self, revision: Revision) -> Change | Fault:
        """What the edit did: a comparison with its parent; for the first edit, the whole text."""
        if revision.parentid:
            pair = {"fromrev": str(revision.parentid), "torev": str(revision.revid)}
            answer = self.api.get("compare", prop="diff|ids", **pair)
            if isinstance(answer, Fault):
                return answer
            diff = table(answer, "compare").get("body")
            added, removed = read_diff(diff) if isinstance(diff, str) else ("", "")
            return Change(added, removed, answer)
        fields = {"prop": "revisions", "revids": str(revision.revid), "rvprop": "content", "rvslots": "main"}
        whole = self.api.get("query", **fields)
        if isinstance(whole, Fault):
            return whole
        pages = rows(whole, "query", "pages")
        return Change(cut(content_of(pages[0]), MOST_ADDED)[0] if pages else "", "", whole)
