"""Where an incident stands: everything a step is decided on, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidents.facts import NO_FACTS, Facts
from mentionwatch.labels import AuthorKind, Channel, IncidentState, Role


class Track(StrEnum):
    """What runs beside the protocol and never moves it."""

    SAFEGUARDING = "safeguarding"
    SAFETY = "safety"
    SUPPORT = "support"
    BAN = "ban"
    PRESS = "press"
    LEGAL_ADVICE = "legal_advice"
    LETTER_CHECK = "letter_check"


class TrackState(StrEnum):
    """How far a track has come. NOTICED, HEARD and DECIDED are steps of a ban; ADVISED is one of a press question."""

    NONE = "none"
    OPEN = "open"
    NOTICED = "noticed"
    HEARD = "heard"
    DECIDED = "decided"
    ADVISED = "advised"
    DONE = "done"


class DocumentKind(StrEnum):
    """Letters and forms the school may make. There is no claim and no threat of one among them (L44)."""

    INVITATION = "invitation"
    REMOVAL = "removal"
    MINUTES = "minutes"
    PLATFORM_REPORT = "platform_report"
    UNDER_AGE_REPORT = "under_age_report"
    BAN_NOTICE = "ban_notice"
    BAN_DECISION = "ban_decision"
    ACKNOWLEDGEMENT = "acknowledgement"
    THANK_YOU = "thank_you"
    STAFF_REPORT = "staff_report"


@dataclass(frozen=True, slots=True)
class DocumentMade:
    """A document on file. `is_current`: the law cards printed in it are in date today; `deadline_at`: the limit it names."""

    kind: DocumentKind
    made_by: str
    is_current: bool = True
    deadline_at: datetime | None = None
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentNow:
    """What a step is decided on.

    `subjects` are the roles the post is about: recusal passes over them (I3). `facts` are those of all steps in
    force, the latest value of each; `evidence` the ids of what must be cross-referenced; `entered_at` when the
    present state began; `at` is now. `since` when each track came to where it stands.
    `before_merge` is where an undo leads back to, `merged_at` when it was merged; `own_deadline_at` its own limit, whatever was merged into it; `last_at` the time of
    the latest event; documents from before `fresh_since` count no more.
    """

    id: str
    state: IncidentState
    decider: Role
    pack: str
    has_evidence: bool
    subjects: frozenset[Role] = frozenset()
    has_deputy: bool = True
    facts: Facts = NO_FACTS
    tracks: tuple[tuple[Track, TrackState], ...] = ()
    evidence: tuple[str, ...] = ()
    documents: tuple[DocumentMade, ...] = ()
    channel: Channel = Channel.OTHER
    deadline_at: datetime | None = None
    entered_at: datetime | None = None
    at: datetime | None = None
    before_merge: IncidentState | None = None
    merged_at: datetime | None = None
    actor: str = ""
    since: tuple[tuple[Track, datetime], ...] = ()
    own_deadline_at: datetime | None = None
    fresh_since: datetime | None = None
    last_at: datetime | None = None

    def track(self, track: Track) -> TrackState:
        """How far a track has come."""
        return dict(self.tracks).get(track, TrackState.NONE)

    @property
    def author(self) -> AuthorKind | None:
        """Who wrote it, once a person has said so."""
        value = self.facts.get("author")
        return AuthorKind(value) if value else None

    def made(self, kind: DocumentKind) -> DocumentMade | None:
        """The latest document of a kind that still counts, or None.

        Made before the incident was reopened, or for a decider who has stepped back since, it counts no more; nor
        does a letter or invitation that was made before the present state began.
        """
        since = [moment for moment in (self.fresh_since,) if moment]
        if kind in (DocumentKind.REMOVAL, DocumentKind.INVITATION) and self.entered_at:
            since.append(self.entered_at)
        return next(
            (
                one
                for one in reversed(self.documents)
                if one.kind is kind
                and (one.made_at is None or all(one.made_at >= moment for moment in since))
            ),
            None,
        )
