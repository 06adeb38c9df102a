"""Posts and comments of Reddit as entries, and what their traces say about a removal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collectors.json_values import evidence, moment, text, was_cleaned
from mentionwatch.labels import EntryKind, PostedAtBasis
from mentionwatch.model import EntryFound, SourceSpec

COMMENT, POST = "t1", "t3"
BY_AUTHOR, BY_MODERATOR = "author-removed", "moderator-removed"
_FULLNAME = re.compile(r"t[13]_[a-z0-9]{1,13}\Z")
_SUBREDDIT = re.compile(r"[A-Za-z0-9_]{2,40}\Z")
_PERMALINK = re.compile(r"/(?:r|user)/[\w-]+/comments/[\w%/.~-]*\Z")
_TITLE_GONE = re.compile(r"\[\s*(?:removed|deleted)\b[^\]]*\]\Z", re.IGNORECASE)
_GONE_AUTHORS = ("", "[deleted]", "[removed]")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a listing: `fullname` is Reddit's own id of it, `data` what the API said."""

    fullname: str
    data: Mapping[str, object]

    @property
    def is_comment(self) -> bool:
        return self.fullname.startswith(COMMENT)

    @property
    def link_id(self) -> str:
        """The fullname of the post a comment stands under; empty when it is not told."""
        found = text(self.data, "link_id")
        return found if is_fullname(found) else ""

    @property
    def author(self) -> str:
        found = text(self.data, "author")
        return "" if found in _GONE_AUTHORS else found

    @property
    def words(self) -> str:
        """What was written: a comment's body; a post's text, and its link where it has one."""
        if self.is_comment:
            return text(self.data, "body")
        link = "" if self.data.get("is_self") is not False else text(self.data, "url")
        return "\n".join(part for part in (text(self.data, "selftext"), link) if part)

    @property
    def removed(self) -> str:
        """How it was removed, empty while it stands.

        Anybody can write "[removed]": the words count only when the author is gone as well.
        """
        category = text(self.data, "removed_by_category")
        if category:
            return BY_AUTHOR if category in ("deleted", "author") else BY_MODERATOR
        body = text(self.data, "body" if self.is_comment else "selftext").strip()
        if self.author or body not in ("[deleted]", "[removed]"):
            return ""
        return BY_AUTHOR if body == "[deleted]" else BY_MODERATOR


def is_fullname(name: str) -> bool:
    """`t1_…` (comment) or `t3_…` (post)?"""
    return bool(_FULLNAME.match(name))


def read_item(thing: Mapping[str, object]) -> Item | None:
    """A post or comment; None for anything else."""
    data = thing.get("data")
    if not isinstance(data, dict):
        return None
    name = text(data, "name")
    return Item(name, data) if is_fullname(name) and name[:2] == thing.get("kind") else None


def is_title_gone(title: str) -> bool:
    """Is the title one that Reddit put in place of a removed one?"""
    return not title or bool(_TITLE_GONE.match(title))


def build_entry(item: Item, title: str, spec: SourceSpec, base: str, now: datetime) -> EntryFound:
    """The entry of one item. A comment's title is its thread's: "she must go" alone names no school."""
    data = item.data
    subreddit = text(data, "subreddit")
    permalink = text(data, "permalink")
    path = permalink if _PERMALINK.match(permalink) else f"/comments/{item.fullname[3:]}"
    posted_at, edited_at = moment(data.get("created_utc"), now), moment(data.get("edited"), now)
    cleaned = was_cleaned(data.get("title"), data.get("selftext"), data.get("body"))
    parent = text(data, "parent_id")
    return EntryFound(
        source=spec.name,
        native_id=item.fullname,
        kind=EntryKind.COMMENT if item.is_comment else EntryKind.POST,
        url=base + path,
        title=title,
        text=item.words,
        posted_at=posted_at,
        posted_at_basis=PostedAtBasis.API if posted_at else PostedAtBasis.UNKNOWN,
        edited_at=edited_at,
        author=item.author,
        place=f"r/{subreddit}" if _SUBREDDIT.match(subreddit) else spec.place,
        parent_id=parent if is_fullname(parent) else "",
        flags=("control_characters_removed",) if cleaned else (),
        has_page=False,
        raw=evidence({"kind": item.fullname[:2], "data": data}),
        raw_media_type="application/json",
    )
