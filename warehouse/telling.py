"""What is seen of a post, said in the incident it stands in or opened as a new one: the rule applied (warehouse/after_the_end.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mentionwatch.asked_again import BACK, EDITED, ELSEWHERE, REPORTED_AGAIN
from mentionwatch.labels import EntryKind, Role, Route
from mentionwatch.model import IncidentIntent, MentionWrite
from mentionwatch.stop_rule import as_stopped
from warehouse.after_the_end import Answer, Past, Seen, answer
from warehouse.incidents import IncidentBook, Place
from warehouse.posts import Post
from warehouse.session import Writing
from warehouse.shapes import is_stopped
from warehouse.subjects import SubjectsFound


@dataclass(frozen=True, slots=True)
class Told:
    """The incident that was told, and the one that was opened: empty where none was. `opened_as` is what it was opened as."""

    touched: str = ""
    opened: str = ""
    opened_as: IncidentIntent | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """The incidents and posts of one transaction, as they stand in it, and whom its revisions speak of."""

    writing: Writing
    book: IncidentBook
    posts: Mapping[str, Post]
    subjects: Sequence[SubjectsFound]

    def tell(self, post: Post, write: MentionWrite, *, is_new_words: bool, is_back: bool) -> Told:
        """Of a post that is new, edited (`is_new_words`) or shown again (`is_back`). The post goes with what is told."""
        place = self.book.place(post.incident_id, post.canonical_url)
        intent = write.incident or write.again
        if place is None:
            if write.incident is None or not is_new_words:
                return Told()
            return self._open(write.incident, post, None)
        found = self._answer(post, write, place, is_new_words=is_new_words, is_back=is_back)
        if found is Answer.LEAVE:
            return Told()
        touched = ""
        if found is not Answer.OPEN or not is_new_words:
            self._note(post, place, is_new_words=is_new_words)
            touched = place.told.id
        if intent is not None and found is Answer.OPEN:
            reasons = (_why(post, is_back=is_back),) if place.is_over else ()
            return replace(self._open(intent, post, place, *reasons), touched=touched)
        if intent is not None and found is Answer.STOP:
            self.book.stop(place.told)
        post.incident_id = place.inner.id
        return Told(touched)

    def _note(self, post: Post, place: Place, *, is_new_words: bool) -> None:
        if not is_new_words:
            self.book.note(place.told, "seen_again", "the source shows the post again")
            return
        event = "edited" if post.incident_id == place.inner.id else "seen_elsewhere"
        if _is_told(post):
            event = "reported_again"
        self.book.note(place.told, event, f"revision {post.revision} of mention {post.id}")

    def _answer(
        self, post: Post, write: MentionWrite, place: Place, *, is_new_words: bool, is_back: bool
    ) -> Answer:
        ids = self.book.on_post(post.incident_id, post.canonical_url)
        past = Past(self.writing, place, ids, post.id, post.is_sealed)
        shown = self._shown_beside(post, ids) if place.is_over else frozenset[str]()
        again = write.incident or write.again
        seen = Seen(
            words=post.content_sha256,
            route=again.route if again is not None else Route.NONE,
            harms=frozenset(write.classification.harms),
            is_stop=is_new_words and is_stopped(write),
            opens=write.incident is not None,
            asks=write.asks or write.incident is not None,
            is_of_incident=post.incident_id is not None,
            is_new_words=is_new_words,
            is_back=is_back,
            is_sealed=post.is_sealed,
            is_shown=post.content_sha256 in shown,
            is_shown_at_all=bool(shown),
        )
        return answer(seen, place, past)

    def _shown_beside(self, post: Post, incidents: Sequence[str]) -> frozenset[str]:
        """The words that other mentions in these incidents have where they are shown, this night's own included.

        What a person once reported is shown nowhere for that.
        """
        report = EntryKind.REPORT.value
        stored = self.writing.rows(
            "SELECT id, content_sha256 FROM mentions WHERE kind <> ? AND NOT is_gone AND incident_id IN (SELECT unnest(?::VARCHAR[]))",
            [report, list(incidents)],
        )
        there = {id_: words for id_, words in stored if id_ not in self.posts}
        tonight = (one for one in self.posts.values() if one.incident_id in incidents)
        there |= {one.id: one.content_sha256 for one in tonight if not one.is_gone and one.kind != report}
        return frozenset(words for id_, words in there.items() if id_ != post.id)

    def _open(self, intent: IncidentIntent, post: Post, place: Place | None, *reasons: str) -> Told:
        """A new incident on the post; of a sealed one under the stop rule, with nothing of what its words may be."""
        if post.is_sealed:
            intent = as_stopped(intent, *reasons)
        else:
            intent = replace(intent, reasons=(*reasons, *intent.reasons))
        tonight = (found.roles for found in self.subjects if found.mention_id == post.id)
        about = frozenset[Role]().union(*tonight)
        earlier = place.inner if place is not None else None
        post.incident_id = self.book.open(intent, earlier=earlier, about=about)
        return Told(opened=post.incident_id, opened_as=intent)


def _is_told(post: Post) -> bool:
    """A person tells it: no source has shown anything and no author has changed anything."""
    return post.kind == EntryKind.REPORT.value


def _why(post: Post, *, is_back: bool) -> str:
    """In what way a post whose incident has ended asks again."""
    if _is_told(post):
        return REPORTED_AGAIN
    if is_back:
        return BACK
    return EDITED if post.incident_id is not None else ELSEWHERE
