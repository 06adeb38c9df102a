"""Revisions of a wiki article: what was added and removed, which are reverts, and which were undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser

from collectors.json_values import evidence, instant, number, table, text, texts, was_cleaned
from collectors.markup import clean, cut
from mentionwatch.labels import EntryKind, PostedAtBasis
from mentionwatch.model import EntryFound, SourceSpec

REVERTS, REVERTED = "reverts", "reverted"
MOST_ADDED, MOST_REMOVED = 20_000, 2_000
_LONGEST_DIFF = 300_000
_REVERTING_TAGS = frozenset({"mw-rollback", "mw-undo", "mw-manual-revert"})


@dataclass(frozen=True, slots=True)
class Revision:
    """One edit as `prop=revisions` tells it. `sha1` is empty when the text is hidden."""

    revid: int
    parentid: int
    data: Mapping[str, object]

    @property
    def sha1(self) -> str:
        return text(self.data, "sha1")

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(texts(self.data, "tags"))

    @property
    def is_hidden(self) -> bool:
        """Its text was hidden by an administrator (revision deletion or suppression)."""
        return bool(self.data.get("texthidden")) or bool(self.data.get("sha1hidden"))

    @property
    def author(self) -> str:
        """The account, temporary account or address; empty when hidden."""
        return "" if self.data.get("userhidden") else text(self.data, "user")

    @property
    def summary(self) -> str:
        return "" if self.data.get("commenthidden") else text(self.data, "comment")


def read_revision(row: Mapping[str, object]) -> Revision | None:
    """A revision; None when it has no id."""
    revid = number(row, "revid")
    return Revision(revid, number(row, "parentid"), row) if revid else None


@dataclass(frozen=True, slots=True)
class Step:
    """What is remembered of a revision to see later that it was undone."""

    revid: int
    sha1: str
    flags: tuple[str, ...] = ()


def judge_history(steps: Sequence[Step], tags: Mapping[int, frozenset[str]]) -> dict[int, tuple[str, ...]]:
    """Flags per revision of one article, oldest first.

    An edit that brings back the exact text of an earlier one undoes everything in between, tagged or not:
    wikis set the tag of the undone edit late, or never. A flag once seen stays.
    """
    flags = {step.revid: set(step.flags) for step in steps}
    last_with: dict[str, int] = {}
    for place, step in enumerate(steps):
        own = tags.get(step.revid, frozenset())
        if own & _REVERTING_TAGS:
            flags[step.revid].add(REVERTS)
        if "mw-reverted" in own:
            flags[step.revid].add(REVERTED)
        before = last_with.get(step.sha1) if step.sha1 else None
        between = steps[before + 1 : place] if before is not None else ()
        if any(undone.sha1 != step.sha1 for undone in between):
            flags[step.revid].add(REVERTS)
            for undone in between:
                if undone.sha1 != step.sha1:
                    flags[undone.revid].add(REVERTED)
        if step.sha1:
            last_with[step.sha1] = place
    return {revid: tuple(sorted(found)) for revid, found in flags.items()}


class _DiffReader(HTMLParser):
    """Reads the rows of MediaWiki's diff table. Of a changed line, only the words marked as removed count
    as removed, while the whole new line counts as added: it gives the words their context."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.added: list[str] = []
        self.removed: list[str] = []
        self._side = ""
        self._line: list[str] = []
        self._marked: list[str] = []
        self._in_del = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self._end_cell()
            classes = (dict(attrs).get("class") or "").split()
            side = [name for name in ("diff-addedline", "diff-deletedline") if name in classes]
            self._side = side[0] if side else ""
        elif tag == "del":
            self._in_del = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._end_cell()
        elif tag == "del":
            self._in_del = False

    def handle_data(self, data: str) -> None:
        if self._side:
            self._line.append(data)
            if self._in_del:
                self._marked.append(data)

    def close(self) -> None:
        """A table that was cut still ends its last cell."""
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        line = "".join(self._line).strip()
        if line and self._side == "diff-addedline":
            self.added.append(line)
        elif line and self._side == "diff-deletedline":
            marked = " … ".join(part.strip() for part in self._marked if part.strip())
            self.removed.append(marked or line)
        self._side, self._line, self._marked, self._in_del = "", [], [], False


def read_diff(html: str) -> tuple[str, str]:
    """Added and removed lines of a diff body, plain text, each within its cap in bytes."""
    reader = _DiffReader()
    reader.feed(html[:_LONGEST_DIFF])
    reader.close()
    added, removed = (clean("\n".join(lines))[0] for lines in (reader.added, reader.removed))
    return cut(added, MOST_ADDED)[0], cut(removed, MOST_REMOVED)[0]


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit did: plain text, and the API's own answer it was read from."""

    added: str
    removed: str
    answer: object


def describe(change: Change, summary: str, flags: Sequence[str]) -> str:
    """The text of the mention: added lines, removed words, the summary.

    An edit that takes abuse out must not be read as abuse, so a revert is described by what it adds only.
    """
    parts = [change.added]
    if change.removed and REVERTS not in flags:
        parts.append(f"[removed] {change.removed}")
    if summary:
        parts.append(f"[summary] {summary}")
    return "\n".join(part for part in parts if part)


def page_url(api_url: str, revision: Revision) -> str:
    """Where a reader sees the edit: index.php beside api.php."""
    base = api_url.partition("?")[0]
    base = f"{base.removesuffix('api.php')}index.php" if base.endswith("api.php") else base
    return f"{base}?oldid={revision.revid}" + ("&diff=prev" if revision.parentid else "")


def build_entry(
    revision: Revision,
    title: str,
    change: Change,
    flags: tuple[str, ...],
    spec: SourceSpec,
    api_url: str,
    now: datetime,
) -> EntryFound:
    """The entry of one edit; `native_id` is the revision id. Its revision and diff are kept as evidence."""
    posted_at = instant(text(revision.data, "timestamp"), now)
    odd = was_cleaned(revision.data.get("comment"))
    return EntryFound(
        source=spec.name,
        native_id=str(revision.revid),
        kind=EntryKind.EDIT,
        url=page_url(api_url, revision),
        title=title,
        text=describe(change, revision.summary, flags),
        posted_at=posted_at,
        posted_at_basis=PostedAtBasis.API if posted_at else PostedAtBasis.UNKNOWN,
        author=revision.author,
        place=spec.place,
        parent_id=str(revision.parentid) if revision.parentid else "",
        flags=(*flags, "control_characters_removed") if odd else flags,
        has_page=False,
        raw=evidence({"title": title, "revision": dict(revision.data), "change": change.answer}),
        raw_media_type="application/json",
    )


def content_of(page: Mapping[str, object]) -> str:
    """The wikitext in `rvprop=content`, main slot."""
    found = page.get("revisions")
    first = found[0] if isinstance(found, list) and found else None
    return text(table(first, "slots", "main"), "content")
