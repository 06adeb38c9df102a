"""What an exhibit is built from: plain frozen values. None of them has a place for who reported the post (L20)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from evidence.picture_values import NoPicture, Picture


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A screenshot a person handed in. It leaves only after a person looked at it: see `may_leave`.

    `body` are the bytes as they came, `sha256` theirs. What the file says of the device that made it never leaves:
    the copy in the exhibit has the same pixels without it.
    """

    media_type: str
    body: bytes = field(repr=False)
    sha256: str
    picture_checked_by_role: str = ""
    picture_checked_at: datetime | None = None

    @property
    def may_leave(self) -> bool:
        """Has a person ticked that neither the reporter nor the account it was seen through shows (L21)?"""
        return self.picture_checked_at is not None and self.picture_checked_by_role not in ("", "pipeline")


@dataclass(frozen=True, slots=True)
class ExhibitRevision:
    """One revision of one mention as it goes into an exhibit.

    `warc_withheld` says why the WARC bytes stay at the school; then `warc` is empty and its digest stands.
    `entered` is the digest that the audit log took down when the revision was stored. `pictures` and `redacted` are
    drawn from the WARC; `no_picture` says why there are none.
    """

    mention_id: str
    revision: int
    source: str
    kind: str
    url: str
    title: str
    text: str
    posted_at: datetime | None
    posted_at_basis: str
    captured_at: datetime
    method: str
    url_requested: str
    url_final: str
    http_status: int | None
    page_sha256: str
    warc: bytes
    warc_sha256: str
    page_text: str
    text_sha256: str
    raw: bytes
    raw_sha256: str
    redirects: tuple[str, ...]
    remote_ip: str
    robots: str
    truncated: bool
    software: str
    fault_kind: str
    fault_detail: str
    warc_withheld: str = ""
    entered: str = ""
    pictures: tuple[Picture, ...] = ()
    redacted: tuple[Picture, ...] = ()
    no_picture: NoPicture | None = None
    handed_in: HandedIn | None = None
    passage: str = ""
    clock_source: str = ""
    clock_offset_ms: int | None = None
    tls_version: str = ""
    tls_cert_sha256: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One row of the audit log: what was done to the evidence, by which role. No names, no one's own words."""

    seq: int
    at: datetime
    role: str
    verb: str
    object_kind: str
    object_id: str
    note: str
    commitment: str
    pack: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What an entry's `object_commit` stands for: SHA-256(`salt` || the object's SHA-256), the latter in hex here."""

    salt: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """One entry of the signed custody log with its way to a checkpoint's root (RFC 6962 2.1.1).

    `body` is the canonical JSON that `signature` (64 bytes, Ed25519) is over. `tree_size` names the checkpoint that
    `path` leads to, 0 with an empty path when none has counted the entry yet.
    """

    seq: int
    body: bytes
    sha256: str
    signature: bytes
    kid: str
    tree_size: int = 0
    path: tuple[bytes, ...] = ()
    opening: Opening | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """An authority's answer (RFC 3161) over a checkpoint's body and signature, as it came.

    An empty `token` means pending: `why` says in one line what is missing. `roots_pem` are the roots pinned for it.
    """

    tsa: str
    token: bytes = b""
    stamped_at: datetime | None = None
    roots_pem: bytes = b""
    why: str = ""


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """The custody log in 32 bytes. `body` is the canonical JSON that `signature` is over."""

    tree_size: int
    root: bytes
    at: datetime
    kid: str
    body: bytes
    signature: bytes
    stamps: tuple[Stamp, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedCustody:
    """The part of the signed custody log that speaks of this evidence. `public_keys`: key id and 32 bytes each.

    `rotations`: the entries by which one of those keys handed the log over to the next, all of them.
    """

    entries: tuple[ProvenEntry, ...] = ()
    checkpoints: tuple[SignedCheckpoint, ...] = ()
    public_keys: tuple[tuple[str, bytes], ...] = ()
    rotations: tuple[ProvenEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the incident, without the reason a person wrote."""

    number: int
    at: datetime
    event: str
    from_state: str
    to_state: str
    role: str
    hash: str


@dataclass(frozen=True, slots=True)
class ExhibitIncident:
    """The incident the evidence belongs to."""

    id: str
    kind: str
    state: str
    clause: str
    pack: str
    opened_at: datetime
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Everything one exhibit holds. `heads` are the ends of both logs, as name and SHA-256.

    `list_kid`: the key that signs the list of digests; empty when nobody does.
    `is_sealed`: any of it may be an indecent or intimate image; nothing is then built, whoever asks.
    """

    id: str
    school: str
    made_at: datetime
    software: str
    revisions: tuple[ExhibitRevision, ...]
    custody: tuple[CustodyLine, ...]
    incident: ExhibitIncident | None
    heads: tuple[tuple[str, str], ...]
    signed: SignedCustody = SignedCustody()
    is_sealed: bool = False
    list_kid: str = ""


@dataclass(frozen=True, slots=True)
class NamesToCover:
    """Whom a covered exhibit must not show: names, nicknames and handles, each as it may be written.

    A person with that role went through the words and says that these are all. `names` are kept nowhere.
    """

    names: tuple[str, ...] = field(repr=False)
    checked_by_role: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class NoExhibit:
    """No covered exhibit, and why, in one line that repeats no name; `cause_cy` is the same in Welsh."""

    cause: str
    cause_cy: str
