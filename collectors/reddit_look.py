"""One look at Reddit: listings, stored items, threads, within a budget. Built and used by collectors/reddit.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.base import CollectRequest
from collectors.json_values import number, table, text, texts
from collectors.reddit_items import Item, build_entry, is_fullname, is_title_gone, read_item
from collectors.reddit_session import RedditApi, listing
from collectors.reddit_state import Mark, RedditState
from mentionwatch.fetching import Fault
from mentionwatch.ids import content_sha256
from mentionwatch.labels import FaultKind
from mentionwatch.model import EntryFound, GoneFound, KnownItem, SourceSpec

PAGE = 100
FIRST_LOOK = 200
OVERLAP = timedelta(days=3)
_MOST_RECHECKED = 2000
_MOST_THREADS = 30
_MOST_HIDDEN_COMMENTS = 500
_MOST_BRANCHES = 5
_YOUNG = timedelta(days=7)
_CHOKED = frozenset({FaultKind.SERVER_ERROR, FaultKind.TIMEOUT, FaultKind.DNS, FaultKind.TLS})


@dataclass(slots=True)
class Look:
    """What one look has found so far. `limit` is the most items read of one listing."""

    api: RedditApi
    request: CollectRequest
    spec: SourceSpec
    base: str
    state: RedditState
    limit: int
    entries: dict[str, EntryFound] = field(default_factory=dict)
    gone: dict[str, GoneFound] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    asked_to: str = ""
    answered: int = 0
    chokes: int = 0
    alive: set[str] = field(default_factory=set)
    posts: dict[str, Item] = field(default_factory=dict)

    # --- asking -----------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Nothing more is asked: the allowance is spent, the key refused, or Reddit is down."""
        return self.api.session.is_spent is not None or self.chokes >= 2

    def _ask(self, what: str, path: str, **params: str | int) -> object | None:
        if self.is_over:
            self.notes.append(
                f"{what}: not asked, {'Reddit is down' if self.chokes >= 2 else 'no more allowed'}"
            )
            return None
        answer = self.api.get(path, **params)
        if isinstance(answer, Fault):
            self.chokes = self.chokes + 1 if answer.kind in _CHOKED else 0
            self.faults.append(Fault(answer.kind, f"{what}: {answer.detail}", answer.retry_after_s))
            self.notes.append(f"{what}: {answer.detail}")
            return None
        self.chokes = 0
        self.answered += 1
        return answer

    def _strange(self, what: str) -> None:
        self.faults.append(Fault(FaultKind.NOT_A_FEED, f"{what}: the answer is not a listing"))
        self.notes.append(f"{what}: the answer is not a listing")

    # --- listings ---------------------------------------------------------------------------------

    def read_listing(self, key: str, what: str, path: str, *, is_search: bool = False, **params: str) -> None:
        """Newest first, down to the overlap behind the last mark. The mark moves only when all went well."""
        mark = self.state.marks.get(key)
        if mark is not None:
            self.marks[key] = mark
        edge = mark.at - OVERLAP.total_seconds() if mark else None
        most = min(self.limit, FIRST_LOOK) if mark is None else self.limit
        newest, oldest, taken, after = mark, None, 0, ""
        passed: set[str] = set()
        while True:
            more: dict[str, str] = params | ({"after": after} if after else {})
            answer = self._ask(what, path, limit=min(PAGE, most - taken), **more)
            if answer is None:
                return
            is_listing = isinstance(table(answer, "data").get("children"), list)
            if not is_listing or table(answer).get("kind") != "Listing":
                self._strange(what)
                return
            things, after = listing(answer)
            for item in filter(None, map(read_item, things)):
                taken += 1
                self._take(item, "", is_search=is_search)
                at = self._created(item)
                if at is None:
                    continue
                oldest = at
                if newest is None or at > newest.at:
                    newest = Mark(at, item.fullname)
            if mark is not None and not taken and not is_search:
                fault = Fault(FaultKind.EMPTY, f"{what}: nothing is listed, though there used to be")
                self.faults.append(fault)
                self.notes.append(fault.detail)
                return
            has_end = not things or not after or after in passed
            if has_end or (edge is not None and oldest is not None and oldest < edge):
                break
            if taken >= most:
                day = (
                    f"before {datetime.fromtimestamp(oldest, UTC):%Y-%m-%d %H:%M} UTC" if oldest else "older"
                )
                why = "first look" if mark is None else "Reddit's listing ends, or the limit is reached"
                self.notes.append(f"{what}: items {day} ({why})")
                break
            passed.add(after)
        if newest is not None:
            self.marks[key] = newest

    def _created(self, item: Item) -> float | None:
        at = build_entry(item, "", self.spec, self.base, self.request.now).posted_at
        return at.timestamp() if at else None

    # --- items ------------------------------------------------------------------------------------

    def _take(self, item: Item, thread_title: str, *, is_search: bool = False) -> None:
        """Deliver an item, or note that it is gone. `thread_title` for a comment met inside its thread."""
        self.alive.add(item.fullname)
        known = self.request.known.get(item.fullname)
        if item.removed:
            if known is not None and not known.is_gone:
                self.gone[item.fullname] = GoneFound(item.fullname, self.request.now, item.removed)
            return
        if not item.is_comment and (is_search or known is not None):
            self.posts[item.fullname] = item
        title = text(item.data, "link_title" if item.is_comment else "title") or thread_title
        if is_title_gone(title) and item.is_comment:
            title = ""
        entry = build_entry(item, title, self.spec, self.base, self.request.now)
        if item.is_comment and not title and known is not None and not self._is_edited_since(entry):
            # Only its thread lost the title; the comment itself is as it was.
            return
        self.entries[item.fullname] = entry

    def _is_edited_since(self, entry: EntryFound) -> bool:
        return entry.edited_at is not None and entry.edited_at.timestamp() > self.state.looked_at

    # --- stored items -----------------------------------------------------------------------------

    def recheck(self) -> None:
        """Ask for the stored items by id, a hundred at a time: edited, removed, or not there any more."""
        known = self.request.known
        stored = sorted(name for name, item in known.items() if is_fullname(name) and not item.is_gone)
        due = self._in_turn([name for name in stored if name not in self.alive])
        without_title: list[Item] = []
        for start in range(0, len(due), PAGE):
            batch = due[start : start + PAGE]
            answer = self._ask("stored posts", "api/info", id=",".join(batch))
            if answer is None:
                self.absent |= self.state.absent & set(due[start:])
                break
            found = self._by_name(answer)
            for name in batch:
                item = found.get(name)
                if item is None:
                    self._miss(name)
                elif item.is_comment and not item.removed and not text(item.data, "link_title"):
                    without_title.append(item)
                else:
                    self._take_if_changed(item, "", known[name])
            self.asked_to = batch[-1]
        self._find_titles(without_title)

    def _in_turn(self, names: Sequence[str]) -> list[str]:
        """All of them, or the next ones in turn where there are too many for one night."""
        if len(names) <= _MOST_RECHECKED:
            return list(names)
        rest = len(names) - _MOST_RECHECKED
        self.notes.append(f"{rest} stored posts were not asked again tonight; they are next")
        after = [name for name in names if name > self.state.asked_to]
        return [*after, *(name for name in names if name <= self.state.asked_to)][:_MOST_RECHECKED]

    def _by_name(self, answer: object) -> dict[str, Item]:
        items = filter(None, map(read_item, listing(answer)[0]))
        return {item.fullname: item for item in items}

    def _miss(self, name: str) -> None:
        """Left out once proves nothing; left out at two looks in a row is gone."""
        if name in self.state.absent:
            basis = "api/info left it out at two looks in a row"
            self.gone[name] = GoneFound(name, self.request.now, basis)
        else:
            self.absent.add(name)

    def _take_if_changed(self, item: Item, title: str, known: KnownItem) -> None:
        self._take(item, title)
        entry = self.entries.get(item.fullname)
        if entry is not None and content_sha256(entry.title, entry.text) == known.content_sha256:
            del self.entries[item.fullname]

    def _find_titles(self, comments: Sequence[Item]) -> None:
        """Stored comments carry their thread's title: without it an unchanged one would look edited."""
        titles = {name: text(item.data, "title") for name, item in self.posts.items()}
        wanted = sorted({item.link_id for item in comments if item.link_id} - set(titles))
        for start in range(0, len(wanted), PAGE):
            answer = self._ask(
                "threads of stored comments", "api/info", id=",".join(wanted[start : start + PAGE])
            )
            if answer is None:
                break
            titles |= {name: text(item.data, "title") for name, item in self._by_name(answer).items()}
        for item in comments:
            self._take_if_changed(item, titles.get(item.link_id, ""), self.request.known[item.fullname])

    # --- threads ----------------------------------------------------------------------------------

    def read_threads(self) -> None:
        """Comments under posts that are stored or were found by name: search never returns comments."""
        due = [item for item in self.posts.values() if self._is_due(item)]
        due.sort(key=lambda item: (self._created(item) or 0.0, item.fullname), reverse=True)
        for item in due[:_MOST_THREADS]:
            if self._read_thread(item):
                self.threads[item.fullname] = number(item.data, "num_comments")
        if len(due) > _MOST_THREADS:
            self.notes.append(f"comments under {len(due) - _MOST_THREADS} older posts")

    def _is_due(self, item: Item) -> bool:
        count = number(item.data, "num_comments")
        before = self.state.threads.get(item.fullname)
        if before is not None:
            self.threads[item.fullname] = before
        is_young = (self._created(item) or 0.0) > (self.request.now - _YOUNG).timestamp()
        # One comment deleted and one added leave the count as it was: young threads are read anyway.
        return bool(count) and (count != before or is_young)

    def _read_thread(self, post: Item) -> bool:
        identity, title = post.fullname[3:], text(post.data, "title")
        what = f"comments under {post.fullname}"
        hidden: list[str] = []
        branches: list[str] = []
        answer = self._ask(what, f"comments/{identity}", limit=500, sort="new")
        if not self._read_tree(what, answer, title, hidden, branches):
            return False
        for parent in branches[:_MOST_BRANCHES]:
            deeper = self._ask(what, f"comments/{identity}", comment=parent, limit=500, sort="new")
            if not self._read_tree(what, deeper, title, hidden, []):
                return False
        for start in range(0, min(len(hidden), _MOST_HIDDEN_COMMENTS), PAGE):
            found = self._ask(what, "api/info", id=",".join(hidden[start : start + PAGE]))
            if found is None:
                return False
            for item in self._by_name(found).values():
                self._take(item, title)
        left = max(0, len(hidden) - _MOST_HIDDEN_COMMENTS) + max(0, len(branches) - _MOST_BRANCHES)
        if left:
            self.notes.append(f"{what}: {left} folded comments or branches")
        return True

    def _read_tree(
        self, what: str, answer: object | None, title: str, hidden: list[str], branches: list[str]
    ) -> bool:
        if answer is None:
            return False
        if not isinstance(answer, list) or len(answer) < 2:
            self._strange(what)
            return False
        waiting: list[Mapping[str, object]] = list(listing(answer[1])[0])
        while waiting:
            thing = waiting.pop()
            item = read_item(thing)
            if item is not None and item.is_comment:
                self._take(item, title)
                waiting.extend(listing(item.data.get("replies"))[0])
            elif thing.get("kind") == "more":
                data = table(thing, "data")
                names = [f"t1_{child}" for child in texts(data, "children")]
                hidden.extend(name for name in names if is_fullname(name))
                parent = text(data, "parent_id")
                if not names and is_fullname(parent) and parent.startswith("t1_"):
                    branches.append(parent[3:])
        return True

    # --- outcome ----------------------------------------------------------------------------------

    def next_state(self) -> RedditState:
        """What the next look starts from."""
        return RedditState(
            marks=self.marks,
            threads=self.threads,
            absent=frozenset(self.absent),
            asked_to=self.asked_to,
            looked_at=int(self.request.now.timestamp()),
        )

    def first_fault(self) -> Fault | None:
        """The fault to report: one that stopped everything, else the first."""
        return self.api.session.is_spent or next(iter(self.faults), None)


def sorted_entries(entries: Iterable[EntryFound]) -> tuple[EntryFound, ...]:
    """Oldest first, by time and id: the same answers give the same order."""
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(entries, key=lambda entry: (entry.posted_at or oldest, entry.native_id)))
