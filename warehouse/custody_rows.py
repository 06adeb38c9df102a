"""Rows of the custody log, its checkpoints and their stamps: stored and read back as they are, judged elsewhere.

The audit log is where an act is written down first, in the transaction of the act itself; what it says of evidence
is signed into the custody log afterwards (flows/custody.py), so that no key is needed while a night is stored and a
kill in between loses nothing: the unsigned rows are still there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.session import Reading, Row, Writing, at_utc, to_utc


@dataclass(frozen=True, slots=True)
class CustodyStored:
    """One entry as stored. `body` is what was signed, `signature` 64 bytes over it."""

    seq: int
    audit_seq: int
    body: bytes
    sha256: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the audit log that speaks of evidence, without names and without anybody's words.

    `purpose` is the code an act was entered under (`write_purpose`), or empty; `commitment` stands for its reason.
    """

    audit_seq: int
    at: datetime
    role: str
    verb: str
    object_kind: str
    object_id: str
    hash: str
    commitment: str
    purpose: str


@dataclass(frozen=True, slots=True)
class CheckpointStored:
    """One checkpoint as stored. `root` and `prev_root` are 32 bytes; `peaks` the tree it left, None where none was kept."""

    tree_size: int
    root: bytes
    first_seq: int
    prev_root: bytes
    sealed_at: datetime
    kid: str
    signature: bytes
    peaks: bytes | None = None


@dataclass(frozen=True, slots=True)
class StampStored:
    """What one authority answered about one checkpoint. `status` is stamped, unread, pending or refused."""

    tree_size: int
    authority: str
    status: str
    cause: str
    token: bytes
    token_sha256: str
    stamped_at: datetime | None
    signer_sha256: str
    asked_at: datetime


_CUSTODY = ("seq", "audit_seq", "body", "sha256", "signature")
_CHECKPOINT = ("tree_size", "root", "first_seq", "prev_root", "sealed_at", "kid", "signature", "peaks")


def _stored(row: Row) -> CustodyStored:
    return CustodyStored(row[0], row[1], bytes(row[2]), row[3], bytes(row[4]))


def read_custody_end(reading: Reading) -> CustodyStored | None:
    """The last entry; None before the first."""
    row = reading.row(f"SELECT {', '.join(_CUSTODY)} FROM custody ORDER BY seq DESC LIMIT 1")  # noqa: S608 -- fixed names
    return _stored(row) if row else None


def stream_entries(reading: Reading, after: int = 0) -> Iterator[CustodyStored]:
    """Entries beyond number `after`, in the order of their numbers. Run no other query until the last one is taken."""
    sql = f"SELECT {', '.join(_CUSTODY)} FROM custody WHERE seq > ? ORDER BY seq"  # noqa: S608 -- fixed names
    for row in reading.stream(sql, [after]):
        yield _stored(row)


def read_acts(reading: Reading, verbs: Collection[str], after: int = 0) -> list[Act]:
    """Rows of the audit log with one of these verbs, beyond row `after`, in order."""
    found = reading.rows(
        "SELECT seq, happened_at, role, verb, object_kind, object_id, hash, commitment, "
        "regexp_extract(coalesce(reason, ''), '^purpose ([a-z_]+)', 1) FROM audit "
        "WHERE seq > ? AND verb IN (SELECT unnest(?::VARCHAR[])) ORDER BY seq",
        [after, sorted(verbs)],
    )
    return [Act(row[0], at_utc(row[1]), *row[2:]) for row in found]


def write_purpose(code: str, rest: str = "") -> str:
    """How an act's purpose stands at the front of its reason in the audit log."""
    return f"purpose {code}; {rest}" if rest else f"purpose {code}"


def read_incidents_of(reading: Reading, mention_ids: Collection[str]) -> dict[str, str]:
    """Of these mentions, each that belongs to an incident, and to which."""
    if not mention_ids:
        return {}
    return dict(
        reading.rows(
            "SELECT id, incident_id FROM mentions "
            "WHERE incident_id IS NOT NULL AND id IN (SELECT unnest(?::VARCHAR[]))",
            [sorted(mention_ids)],
        )
    )


def read_main_objects(reading: Reading, revisions: Sequence[str]) -> dict[str, str]:
    """Revision (`mention/number`) to the digest of what was captured of it: the WARC, else the text, else the source's bytes."""
    if not revisions:
        return {}
    found = reading.rows(
        "SELECT mention_id || '/' || revision, coalesce(warc_sha256, text_sha256, raw_sha256) FROM evidence "
        "WHERE mention_id IN (SELECT unnest(?::VARCHAR[])) "
        "AND coalesce(warc_sha256, text_sha256, raw_sha256) IS NOT NULL",
        [sorted({each.partition("/")[0] for each in revisions})],
    )
    wanted = set(revisions)
    return {revision: sha256 for revision, sha256 in found if revision in wanted}


def store_entries(writing: Writing, entries: Sequence[CustodyStored]) -> None:
    """Append entries. A number that is there already is an error of the database, and stops the transaction."""
    rows: list[Row] = [(each.seq, each.audit_seq, each.body, each.sha256, each.signature) for each in entries]
    writing.insert("custody", _CUSTODY, rows)


def read_checkpoints(reading: Reading) -> list[CheckpointStored]:
    """All checkpoints, oldest first."""
    sql = f"SELECT {', '.join(_CHECKPOINT)} FROM checkpoints ORDER BY tree_size"  # noqa: S608 -- fixed names
    return [_checkpoint(row) for row in reading.rows(sql)]


def read_last_checkpoint(reading: Reading) -> CheckpointStored | None:
    """The latest checkpoint; None before the first."""
    sql = f"SELECT {', '.join(_CHECKPOINT)} FROM checkpoints ORDER BY tree_size DESC LIMIT 1"  # noqa: S608 -- fixed names
    row = reading.row(sql)
    return _checkpoint(row) if row else None


def _checkpoint(row: Row) -> CheckpointStored:
    return CheckpointStored(
        tree_size=row[0],
        root=bytes(row[1]),
        first_seq=row[2],
        prev_root=bytes(row[3]),
        sealed_at=at_utc(row[4]),
        kid=row[5],
        signature=bytes(row[6]),
        peaks=None if row[7] is None else bytes(row[7]),
    )


def store_checkpoint(writing: Writing, one: CheckpointStored) -> None:
    """Append a checkpoint."""
    row: Row = (
        one.tree_size,
        one.root,
        one.first_seq,
        one.prev_root,
        one.sealed_at,
        one.kid,
        one.signature,
        one.peaks,
    )
    writing.insert("checkpoints", _CHECKPOINT, [row])


_STAMPS = "SELECT tree_size, authority, status, cause, token, token_sha256, stamped_at, signer_sha256, asked_at FROM stamps"


def read_stamps(reading: Reading) -> list[StampStored]:
    """All answers, by checkpoint and authority."""
    return _stamps(reading.rows(f"{_STAMPS} ORDER BY tree_size, authority"))


def read_stamps_of(reading: Reading, tree_size: int) -> list[StampStored]:
    """The answers about one checkpoint, by authority."""
    return _stamps(reading.rows(f"{_STAMPS} WHERE tree_size = ? ORDER BY authority", [tree_size]))


def _stamps(found: Sequence[Row]) -> list[StampStored]:
    return [
        StampStored(
            row[0],
            row[1],
            row[2],
            row[3],
            bytes(row[4] or b""),
            row[5] or "",
            to_utc(row[6]),
            row[7] or "",
            at_utc(row[8]),
        )
        for row in found
    ]


def store_stamp(writing: Writing, one: StampStored) -> None:
    """Keep an answer. A stamp is never replaced; anything else gives way to what the authority says later."""
    writing.run(
        "INSERT INTO stamps (tree_size, authority, status, cause, token, token_sha256, stamped_at, signer_sha256, asked_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tree_size, authority) DO UPDATE SET status = excluded.status, "
        "cause = excluded.cause, token = excluded.token, token_sha256 = excluded.token_sha256, stamped_at = excluded.stamped_at, "
        "signer_sha256 = excluded.signer_sha256, asked_at = excluded.asked_at WHERE stamps.status <> 'stamped'",
        [
            one.tree_size,
            one.authority,
            one.status,
            one.cause,
            one.token or None,
            one.token_sha256 or None,
            one.stamped_at,
            one.signer_sha256 or None,
            one.asked_at,
        ],
    )


def read_told(reading: Reading) -> set[tuple[int, str]]:
    """Which checkpoints went to which witness: size and way (folder or mail)."""
    return {(row[0], row[1]) for row in reading.rows("SELECT tree_size, way FROM witnesses")}


def store_told(writing: Writing, tree_size: int, way: str, at: datetime) -> None:
    """A witness has the line of this checkpoint."""
    writing.run("INSERT INTO witnesses VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [tree_size, way, at])


STAMPED = "checkpointed"
"""Verb under which the digest of a stamp's token goes into the audit log: some of its bytes are signed by nobody."""


def log_stamp(tree_size: int, authority: str, token_sha256: str, now: datetime) -> AuditEvent:
    """What is entered when a stamp has come. `authority` is a name of custody.toml."""
    what = f"{authority} {token_sha256}"
    return AuditEvent(now, "mentionwatch", Role.PIPELINE, STAMPED, "checkpoint", str(tree_size), what)


def read_stamp_digests(reading: Reading) -> dict[tuple[int, str], str]:
    """Checkpoint and authority to the digest of the token, as the audit log took it down."""
    found: dict[tuple[int, str], str] = {}
    for size, what in reading.rows(
        "SELECT TRY_CAST(object_id AS BIGINT) AS size, reason FROM audit "
        "WHERE verb = ? AND reason IS NOT NULL AND size IS NOT NULL ORDER BY seq",
        [STAMPED],
    ):
        authority, _, sha256 = what.rpartition(" ")
        found.setdefault((size, authority), sha256)
    return found


def read_blank_stamps(reading: Reading) -> list[int]:
    """Rows of the audit log that entered a stamp and no longer say which. Nothing the software does blanks one."""
    found = reading.rows("SELECT seq FROM audit WHERE verb = ? AND reason IS NULL ORDER BY seq", [STAMPED])
    return [row[0] for row in found]
