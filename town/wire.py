"""What one request to the town is, what one answer is, and how far the story has been told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from town.story import Leaves, Outcome, Post


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; header names in lower case, the last value of a query parameter wins."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, before any trouble is made of it."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Stage:
    """The town's clock and how far its story is told. `base` is the town's own address without a slash."""

    now: datetime
    base: str = ""
    has_edits: bool = False
    has_deletions: bool = False
    has_late_news: bool = False
    is_bare: bool = False

    def at(self, post: Post) -> datetime:
        """When a post was published."""
        return (self.now - post.age).replace(microsecond=0)

    def shows(self, post: Post) -> bool:
        """Is it out, and not taken down yet?"""
        if post.is_late and not self.has_late_news:
            return False
        return not (self.has_deletions and post.leaves is not Leaves.NOBODY)

    def is_edited(self, post: Post) -> bool:
        return self.has_edits and bool(post.edited_text)

    def text(self, post: Post) -> str:
        """Its words as they stand now."""
        return post.edited_text if self.is_edited(post) else post.text

    def outcome(self, post: Post) -> Outcome:
        """What should become of it as it stands now."""
        return post.edited if post.edited and self.is_edited(post) else post.outcome


def as_json(value: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(body, "application/json; charset=utf-8", status, headers)


def not_found() -> Reply:
    """404, as a small page."""
    return Reply(b"<!doctype html><title>Not found</title><p>There is nothing here.</p>", status=404)
