"""Storing finished nights: rows, evidence, incidents, audit, ledger and cursor in one transaction.

Delivery is at least once, so the same night may come again after a kill. Three keys absorb that: a night of
a run older than the source's latest is over and skipped whole; a content that this run already stored is no
new revision; a post seen to come or go by this run does not come or go again in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mentionwatch.labels import Label, Role, Scope, outweighs_a_person
from mentionwatch.model import AuditEvent, GoneFound, LabelCounts, MentionWrite, SourceNight
from warehouse.chain import append_audit
from warehouse.incident_steps import SEALED
from warehouse.incidents import PIPELINE, IncidentBook
from warehouse.ledger import Ledger
from warehouse.objects import store_objects
from warehouse.posts import CHANGING, POST_COLUMNS, Post
from warehouse.session import Writing
from warehouse.shapes import (
    CLASSIFICATION_COLUMNS,
    EVIDENCE_COLUMNS,
    STORED_COLUMNS,
    RevisionRows,
    is_stopped,
    shape,
)
from warehouse.subjects import SubjectsFound, store_subjects
from warehouse.telling import Telling


@dataclass(frozen=True, slots=True)
class StoredNight:
    """What one source's night changed. A replay changes nothing: all counts 0, nothing opened.

    `counts` are over mentions that are new or edited, by their latest label.
    """

    source: str
    new: int
    edited: int
    gone: int
    incidents_opened: tuple[str, ...]
    incidents_touched: tuple[str, ...]
    counts: LabelCounts


@dataclass(slots=True)
class _Tally:
    new: set[str] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    opened: list[str] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)
    labels: dict[str, tuple[Label, Scope]] = field(default_factory=dict)

    def stored(self, night: SourceNight) -> StoredNight:
        given = list(self.labels.values())
        by_label = {label: sum(1 for found, _ in given if found is label) for label in Label}
        counts = LabelCounts(
            collected=night.run.fetched,
            out_of_scope=night.run.out_of_scope,
            possible=sum(1 for _, scope in given if scope is Scope.POSSIBLE),
            positive=by_label[Label.POSITIVE],
            neutral=by_label[Label.NEUTRAL],
            concern=by_label[Label.CONCERN],
            inappropriate=by_label[Label.INAPPROPRIATE],
        )
        touched = tuple(id_ for id_ in self.touched if id_ not in self.opened)
        return StoredNight(
            night.run.name,
            len(self.new),
            len(self.edited),
            len(self.gone),
            tuple(self.opened),
            touched,
            counts,
        )


def store_nights(writing: Writing, nights: Sequence[SourceNight], now: datetime) -> tuple[StoredNight, ...]:
    """Store several sources' nights together; the answer is in the same order.

    One transaction for a group costs little more than for one source, so hand in what is ready together.
    """
    return _Storing(writing, nights, now).store()


class _Storing:
    """The state of one `store_nights`: read once, decided in memory, written in a statement a table."""

    def __init__(self, writing: Writing, nights: Sequence[SourceNight], now: datetime) -> None:
        self.writing, self.nights, self.now = writing, nights, now
        self.ledger = Ledger(writing, nights, now)
        self.book = IncidentBook(writing, now)
        self.posts: dict[str, Post] = {}
        self.by_native: dict[tuple[str, str], str] = {}
        self.buried: dict[str, tuple[int, str | None]] = {}
        self.not_ours: set[str] = set()
        self.sealed_urls: set[str] = set()
        self.already: set[tuple[str, str, str]] = set()
        self.rows: list[RevisionRows] = []
        self.subjects: list[SubjectsFound] = []
        self.audit: list[AuditEvent] = []
        self.telling = Telling(writing, self.book, self.posts, self.subjects)

    def store(self) -> tuple[StoredNight, ...]:
        self._read()
        stored = []
        for night in self.nights:
            tally = _Tally()
            if not self.ledger.is_over(night):
                for write in night.writes:
                    self._store_write(night.run_id, write, tally)
                for gone in night.gone:
                    self._store_gone(night, gone, tally)
                self.ledger.enter(night, len(tally.new), len(tally.edited), len(tally.gone))
            stored.append(tally.stored(night))
        self._write()
        return tuple(stored)

    def _read(self) -> None:
        ids = sorted({write.mention.id for night in self.nights for write in night.writes})
        natives = sorted({gone.native_id for night in self.nights for gone in night.gone})
        if not ids and not natives:
            return
        sources = sorted({night.run.name for night in self.nights if night.gone})
        for row in self.writing.rows(
            f"SELECT {', '.join(POST_COLUMNS)} FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[])) "  # noqa: S608 -- fixed names
            "OR (source IN (SELECT unnest(?::VARCHAR[])) AND native_id IN (SELECT unnest(?::VARCHAR[])))",
            [ids, sources, natives],
        ):
            post = Post(*row)
            self.posts[post.id] = post
            self.by_native[(post.source, post.native_id)] = post.id
        self.buried = {
            mention: (revision, content)
            for mention, revision, content in self.writing.rows(
                "SELECT mention_id, revision, content_sha256 FROM tombstones WHERE mention_id IN (SELECT unnest(?::VARCHAR[]))",
                [ids],
            )
        }
        self.not_ours = {
            mention
            for (mention,) in self.writing.rows(
                "SELECT mention_id FROM not_ours WHERE mention_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
            )
        }
        if runs := sorted({night.run_id for night in self.nights if self.ledger.was_entered(night)}):
            self.already = set(
                self.writing.rows(
                    "SELECT mention_id, content_sha256, run_id FROM revisions "
                    "WHERE run_id IN (SELECT unnest(?::VARCHAR[])) AND mention_id IN (SELECT unnest(?::VARCHAR[]))",
                    [runs, ids],
                )
            )
        urls = {write.mention.canonical_url for night in self.nights for write in night.writes}
        self.sealed_urls = {
            url
            for (url,) in self.writing.rows(
                "SELECT DISTINCT canonical_url FROM mentions WHERE is_sealed AND canonical_url IN (SELECT unnest(?::VARCHAR[]))",
                [sorted(urls)],
            )
        }
        self.book.load(urls | {post.canonical_url for post in self.posts.values()}, _incident_ids(self.posts))

    def _store_write(self, run_id: str, write: MentionWrite, tally: _Tally) -> None:
        mention = write.mention
        if mention.scope.scope is Scope.OUT:
            raise ValueError(
                f"mention {mention.id}: out of scope, must be counted and dropped before it reaches the warehouse (L02)"
            )
        key = (mention.id, mention.content_sha256, run_id)
        post = self.posts.get(mention.id)
        tomb = self.buried.get(mention.id) if post is None else None
        stays_buried = (
            tomb is not None and tomb[1] in (None, mention.content_sha256) and not is_stopped(write)
        )
        # Judged not ours while the night looked at it: an edit it brings along is weighed as on any later night.
        is_foreign = (
            post is None
            and mention.id in self.not_ours
            and not outweighs_a_person(mention.scope.scope)
            and not is_stopped(write)
        )
        if key in self.already or stays_buried or is_foreign:
            return
        # What holds the same words is stored once more where it is stopped now: as a person says of the image (B13).
        is_new_stop = post is not None and is_stopped(write) and not post.is_sealed
        if post is not None and post.content_sha256 == mention.content_sha256 and not is_new_stop:
            self._store_return(post, write, run_id, tally)
            return
        self.already.add(key)
        was_sealed, was_gone = post is not None and post.is_sealed, post is not None and post.is_gone
        # What is stopped at an address is stopped whoever brings it (T04).
        sealed = is_stopped(write) or was_sealed or mention.canonical_url in self.sealed_urls
        if post is None:
            post = self._add_post(write, tomb[0] if tomb else 0)
            tally.new.add(post.id)
        elif post.id not in tally.new:
            tally.edited.add(post.id)
        post.revision += 1
        post.content_sha256, post.seen_run_id = mention.content_sha256, run_id
        post.is_sealed, post.is_changed = sealed, True
        self._come_back(post)
        if sealed and not was_sealed:
            self._audit(SEALED, "mention", post.id, "stop rule")
        shaped = shape(write, post.revision, run_id, sealed=sealed)
        self.rows.append(shaped)
        self.subjects.append(SubjectsFound(post.id, post.revision, write.subjects, write.subjects_read))
        self._audit(
            "captured", "revision", f"{post.id}/{post.revision}", f"manifest sha256 {shaped.manifest_sha256}"
        )
        tally.labels[post.id] = (write.classification.label, mention.scope.scope)
        self._tell(post, write, tally, is_new_words=True, is_back=was_gone)

    def _add_post(self, write: MentionWrite, revisions_before: int) -> Post:
        mention, entry = write.mention, write.mention.entry
        post = Post(
            id=mention.id, source=entry.source, native_id=entry.native_id, kind=entry.kind.value, canonical_url=mention.canonical_url,
            first_seen_at=mention.captured_at, revision=revisions_before, content_sha256="", seen_run_id="", is_sealed=False,
            is_gone=False, gone_at=None, gone_basis=None, gone_run_id=None, incident_id=None, is_new=True,
        )  # fmt: skip
        self.posts[post.id] = post
        self.by_native[(post.source, post.native_id)] = post.id
        return post

    def _come_back(self, post: Post) -> None:
        post.is_gone, post.gone_at, post.gone_basis, post.gone_run_id = False, None, None, None

    def _store_return(self, post: Post, write: MentionWrite, run_id: str, tally: _Tally) -> None:
        """The same words again: news only if the post had been gone before this run."""
        if not post.is_gone or post.gone_run_id == run_id:
            return
        self._come_back(post)
        post.seen_run_id, post.is_changed = run_id, True
        self._tell(post, write, tally, is_new_words=False, is_back=True)
        self._audit("seen_again", "mention", post.id, "the source shows it again")

    def _store_gone(self, night: SourceNight, gone: GoneFound, tally: _Tally) -> None:
        id_ = self.by_native.get((night.run.name, gone.native_id))
        post = self.posts.get(id_ or "")
        if post is None or post.is_gone or post.seen_run_id == night.run_id:
            return
        post.is_gone, post.gone_at, post.gone_basis, post.gone_run_id = (
            True,
            gone.observed_at,
            gone.basis,
            night.run_id,
        )
        post.is_changed = True
        tally.gone.add(post.id)
        place = self.book.place(post.incident_id, post.canonical_url)
        if place is not None and post.incident_id is not None:
            self.book.note(place.told, "seen_gone", f"not found at the source: {gone.basis}")
            tally.touched[place.told.id] = None
        self._audit("seen_gone", "mention", post.id, "the source no longer shows it")

    def _tell(
        self, post: Post, write: MentionWrite, tally: _Tally, *, is_new_words: bool, is_back: bool
    ) -> None:
        told = self.telling.tell(post, write, is_new_words=is_new_words, is_back=is_back)
        if told.touched:
            tally.touched[told.touched] = None
        if told.opened_as is not None:
            tally.opened.append(told.opened)
            self._audit("opened", "incident", told.opened, told.opened_as.clause, told.opened_as.pack)

    def _audit(self, verb: str, kind: str, which: str, reason: str, pack: str = "") -> None:
        self.audit.append(AuditEvent(self.now, PIPELINE, Role.PIPELINE, verb, kind, which, reason, pack))

    def _write(self) -> None:
        changed = [post for post in self.posts.values() if post.is_changed]
        self.writing.insert("mentions", POST_COLUMNS, [post.row() for post in changed if post.is_new])
        keep = [POST_COLUMNS.index(name) for name in CHANGING]
        rows = [post.row() for post in changed if not post.is_new]
        self.writing.update("mentions", CHANGING, [tuple(row[place] for place in keep) for row in rows])
        self._seal_the_rest()
        keys = self.writing.keys
        self.writing.insert("revisions", STORED_COLUMNS, [shaped.stored(keys) for shaped in self.rows])
        self.writing.insert("evidence", EVIDENCE_COLUMNS, [shaped.evidence for shaped in self.rows])
        self.writing.insert(
            "classifications", CLASSIFICATION_COLUMNS, [shaped.classification for shaped in self.rows]
        )
        store_subjects(self.writing, self.subjects)
        store_objects(self.writing, [item for shaped in self.rows for item in shaped.objects], self.now)
        self.book.save()
        append_audit(self.writing, self.audit)
        self.ledger.save()

    def _seal_the_rest(self) -> None:
        """What else is stored of a post that is stopped is frozen with it: the same post from another source, the same incident (T04)."""
        if not (stopped := self.book.stopped()):
            return
        found = self.writing.rows(
            "UPDATE mentions SET is_sealed = true WHERE NOT is_sealed AND "
            "(incident_id IN (SELECT unnest(?::VARCHAR[])) OR canonical_url IN (SELECT unnest(?::VARCHAR[]))) RETURNING id",
            [[one.id for one in stopped], [one.canonical_url for one in stopped if one.canonical_url]],
        )
        for (id_,) in sorted(found):
            self._audit(SEALED, "mention", id_, "stop rule")


def _incident_ids(posts: dict[str, Post]) -> list[str]:
    return [post.incident_id for post in posts.values() if post.incident_id]
