"""The values that walk from stage to stage. Frozen; times are aware UTC and end in `_at`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mentionwatch.accounts import DeskRole
from mentionwatch.fetching import Fault
from mentionwatch.labels import (
    CaptureMethod,
    Channel,
    EntryKind,
    Harm,
    IncidentState,
    Label,
    PostedAtBasis,
    Role,
    Route,
    Scope,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One `[[source]]` of sources.toml: the part every collector shares.

    `about_us`: everything there is about the school by construction, so no scope test.
    `channel`: the school's own account, a person's, or other (L04). `place`: the region the source speaks of, a hint for the scope test.
    """

    name: str
    collector: str
    about_us: bool = False
    place: str = ""
    terms_ok_by: str = ""
    terms_ok_on: date | None = None
    channel: Channel = Channel.OTHER


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a collector resumes: JSON that only that collector reads. Saved with the rows it covers."""

    json: str


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What the warehouse already holds of one item of a source."""

    native_id: str
    mention_id: str
    url: str
    content_sha256: str
    revision: int
    posted_at: datetime | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class EntryFound:
    """An item as a collector received it, already plain text (no markup), not yet judged.

    `native_id` is the source's own id, stable over edits. `raw` is the source's own bytes for this one
    item where there is no page worth capturing (an API answer); then `has_page` is False.
    `author` is the public handle; it is sealed before it is stored and never searched for.
    `flags` are facts about the data: `date_estimated`, `control_characters_removed`, `reverted` …
    """

    source: str
    native_id: str
    kind: EntryKind
    url: str
    title: str
    text: str
    posted_at: datetime | None
    posted_at_basis: PostedAtBasis
    edited_at: datetime | None = None
    author: str = ""
    place: str = ""
    parent_id: str = ""
    flags: tuple[str, ...] = ()
    has_page: bool = True
    raw: bytes = b""
    raw_media_type: str = ""


@dataclass(frozen=True, slots=True)
class GoneFound:
    """A stored item that its source no longer shows. `basis` says how that was seen."""

    native_id: str
    observed_at: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class Collected:
    """A source was looked at. `fault` set: only in part, yet everything in `entries` is good.

    `fetched` counts items the source delivered; `not_looked_at` names what this look could not cover.
    """

    entries: tuple[EntryFound, ...]
    cursor: Cursor
    fetched: int
    gone: tuple[GoneFound, ...] = ()
    fault: Fault | None = None
    not_looked_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The source answered that nothing is new. `fault` set: it has said so for suspiciously long."""

    cursor: Cursor
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Faulted:
    """The source could not be looked at; its cursor stays where it was."""

    fault: Fault


CollectResult = Collected | Unchanged | Faulted


@dataclass(frozen=True, slots=True)
class ScopeDecision:
    """`score` in [0, 1]; `reasons` are short sentences a person can check."""

    scope: Scope
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The evidence of one revision: bytes, text, hashes and circumstances.

    `warc` holds request and response records (WARC/1.1, SHA-256 digests), uncompressed. `fault` set
    means the page could not be captured and why; the entry's own text is still kept. `page_sha256` is
    over the response body. `text` is what a reader of the page sees, without markup.
    """

    captured_at: datetime
    method: CaptureMethod
    url_requested: str
    url_final: str = ""
    http_status: int | None = None
    warc: bytes = b""
    warc_sha256: str = ""
    page_sha256: str = ""
    text: str = ""
    text_sha256: str = ""
    redirects: tuple[str, ...] = ()
    remote_ip: str = ""
    robots: str = ""
    truncated: bool = False
    software: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Calibrated, over the four labels, summing to 1."""

    positive: float
    neutral: float
    concern: float
    inappropriate: float


ASKS = ": a person should look"
"""How a reason ends that asks for a person."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label was given. `span` is [start, end) in code points of title + newline + text."""

    why: str
    weight: float
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """The classifier's proposal. `needs_person`: too unsure, or too serious, to file without one.

    `lang` is en, cy or other; `model` names model and rule versions. `stop_image`: the text suggests
    an indecent or intimate image; nothing may be fetched (B13, T04).
    """

    label: Label
    probabilities: Probabilities
    harms: tuple[Harm, ...]
    route: Route
    needs_person: bool
    reasons: tuple[Reason, ...]
    lang: str
    model: str
    stop_image: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry judged in scope, one revision of it. `id` names the post over all its revisions."""

    id: str
    revision: int
    entry: EntryFound
    canonical_url: str
    content_sha256: str
    scope: ScopeDecision
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentIntent:
    """What triage proposes to open. Evidence decides how far it goes before a person must act.

    `first_steps` are the pack's own first steps, each citing its clause; `decider` is the role that
    decides after recusal, `instead` who follow should that one be out of it by an earlier incident of the post;
    `path` are the states it passes through automatically, OPENED first.
    """

    mention_id: str
    canonical_url: str
    kind: str
    route: Route
    harms: tuple[Harm, ...]
    decider: Role
    path: tuple[IncidentState, ...]
    first_steps: tuple[str, ...]
    reasons: tuple[str, ...]
    clause: str
    pack: str
    summary: str
    instead: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which record, when and why. Append-only; holds no post text and no URL.

    `role` is one of the protocol, or of the desk for those who take no steps there (reviewer, analyst, admin).
    """

    at: datetime
    actor: str
    role: Role | DeskRole
    verb: str
    object_kind: str
    object_id: str
    reason: str = ""
    pack: str = ""


@dataclass(frozen=True, slots=True)
class MentionWrite:
    """Everything about one new revision that is stored together, or not at all.

    `subjects` are the deciding roles its words speak of (L31), `subjects_read` the fingerprint of the surnames they
    were read under; empty: nobody has read it for that, and the desk shows it to none of them.
    `again`: what is opened should the post, or its address, have had an incident and it ask anew, whatever its words are by
    themselves. `asks`: they ask for a person, were nobody to know where they stand; the sample does not count.
    """

    mention: Mention
    snapshot: Snapshot
    classification: Classification
    incident: IncidentIntent | None = None
    subjects: frozenset[Role] = frozenset()
    subjects_read: str = ""
    again: IncidentIntent | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One source in one night, as the ledger and `sweep --json` report it."""

    name: str
    collector: str
    verdict: Verdict
    fetched: int = 0
    new: int = 0
    edited: int = 0
    gone: int = 0
    out_of_scope: int = 0
    fault: Fault | None = None
    last_ok_at: datetime | None = None
    not_looked_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceNight:
    """One source's whole night: the unit of writing. `cursor` None leaves the stored one alone."""

    run_id: str
    run: SourceRun
    cursor: Cursor | None
    writes: tuple[MentionWrite, ...] = ()
    gone: tuple[GoneFound, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """Of one night, over mentions that are new or edited."""

    collected: int = 0
    out_of_scope: int = 0
    possible: int = 0
    positive: int = 0
    neutral: int = 0
    concern: int = 0
    inappropriate: int = 0


@dataclass(frozen=True, slots=True)
class NightReport:
    """The outcome of one sweep; `sweep --json` prints it."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    verdict: Verdict
    sources: tuple[SourceRun, ...]
    counts: LabelCounts
    incidents_opened: tuple[str, ...]
    digest: str
