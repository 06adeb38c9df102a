"""Signs into the custody log what the audit log says of evidence. Order only: the rules are evidence/custody_*.py.

An act is written into the audit log in the transaction of the act itself. Here each such row becomes one signed entry,
whose `record` is that row's own hash: a salted commitment to what was done, which erasing the words leaves whole. The entry
of a capture also commits to the stored bytes.
A kill in between loses nothing, for the next signing goes on from the last row that was signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from evidence.custody_check import Anchor, check_log
from evidence.custody_entry import Draft, Event, Purpose, decode_entry, object_commit
from evidence.custody_log import (
    Head,
    SealedEntry,
    find_head,
    find_steps_back,
    next_kid,
    rotate_to,
    seal_entries,
)
from evidence.signing_keys import KEY_FILE, NEXT_KEY_FILE, SigningKey, open_key, read_key
from flows.custody_end import LogEnd, find_end, note_ends, refuse_cut, settle_end
from flows.custody_public import read_earlier, settle_public
from flows.home import Home
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.ids import digest
from mentionwatch.labels import Role
from warehouse.connection import Warehouse
from warehouse.custody_rows import (
    Act,
    CustodyStored,
    read_acts,
    read_custody_end,
    read_incidents_of,
    read_main_objects,
    store_entries,
    stream_entries,
)
from warehouse.objects import commit_salts
from warehouse.session import Reading, Writing

EVENTS: Final = {
    "captured": (Event.CAPTURED, Purpose.MONITORING),
    "reported": (Event.MANUAL_INTAKE, Purpose.MONITORING),
    "sealed": (Event.SEALED, Purpose.SAFEGUARDING),
    "viewed": (Event.VIEWED, Purpose.NONE),
    "opened_reporter": (Event.VIEWED, Purpose.NONE),
    "verified": (Event.VERIFIED, Purpose.CHECK),
    "verify_failed": (Event.VERIFY_FAILED, Purpose.CHECK),
    "exported": (Event.EXPORTED, Purpose.NONE),
    "redacted": (Event.REDACTED, Purpose.NONE),
    "handed_over": (Event.HANDED_OVER, Purpose.NONE),
    "received_back": (Event.RECEIVED_BACK, Purpose.NONE),
    "held": (Event.HELD, Purpose.NONE),
    "released": (Event.RELEASED, Purpose.NONE),
    "rechecked": (Event.RECHECKED, Purpose.CHECK),
    "erased": (Event.KEY_DESTROYED, Purpose.ERASURE),
    "purged": (Event.KEY_DESTROYED, Purpose.RETENTION),
    "compacted": (Event.COMPACTED, Purpose.UPKEEP),
    "checkpointed": (Event.CHECKPOINTED, Purpose.UPKEEP),
    "key_rotated": (Event.KEY_ROTATED, Purpose.UPKEEP),
}
"""Verbs of the audit log that speak of evidence, and what the custody log calls them."""

_HANDED: Final = frozenset({Event.HANDED_OVER, Event.RECEIVED_BACK})


@dataclass(frozen=True, slots=True)
class CustodyFault:
    """Something in the custody log is not as it was signed. `seq` is the entry's number, 0 for the log as a whole."""

    seq: int
    cause: str


def _draft(
    act: Act, incidents: dict[str, str], commits: dict[str, str], following: SigningKey | None
) -> Draft:
    event, purpose = EVENTS[act.verb]
    if event is Event.KEY_ROTATED:
        if following is None or act.object_id != digest(following.public):
            # Whoever can write to the database alone must not get a key of theirs signed.
            raise Refused(
                f"refused: row {act.audit_seq} of the audit log speaks of a new key that nobody made here. "
                "Run: mentionwatch evidence verify"
            )
        handed = rotate_to(following.public, act.at, act.role, Role(act.role))
        return replace(handed, record=act.hash)
    if act.purpose in tuple(Purpose):
        purpose = Purpose(act.purpose)
    number = act.object_id if act.object_kind == "incident" else ""
    mention = _mention(act)
    # The custody log knows the protocol's roles alone; a reviewer who takes a report in does it for the office.
    role = Role(act.role) if act.role in tuple(Role) else Role.OPERATOR
    return Draft(
        at=act.at,
        event=event,
        actor_id=role,
        role=role,
        purpose=purpose,
        object_commit=commits.get(act.object_id, "") if event is Event.CAPTURED else "",
        record=act.hash,
        capture_id=mention,
        incident_id=number or incidents.get(mention, ""),
        # To whom stands in the reason, which can be erased; its salted commitment cannot.
        recipient=act.commitment if event in _HANDED else "",
    )


def _mention(act: Act) -> str:
    """A revision is named `mention/number`; other kinds of object have no id a custody entry may hold."""
    return act.object_id.partition("/")[0] if act.object_kind in ("mention", "revision") else ""


def _commit(reading: Reading, acts: Sequence[Act]) -> dict[str, str]:
    """Revision (`mention/number`) to what stands for its captured bytes; none where nothing was captured or it was erased."""
    objects = read_main_objects(reading, [act.object_id for act in acts if act.verb == "captured"])
    salts = commit_salts(reading, list(objects.values()))
    return {
        revision: object_commit(salts[sha256], bytes.fromhex(sha256))
        for revision, sha256 in objects.items()
        if sha256 in salts
    }


def _sealed(row: CustodyStored) -> SealedEntry:
    return SealedEntry(row.seq, row.body, row.sha256, row.signature)


def read_head(reading: Reading) -> Head:
    """Where the stored log ends and which key goes on with it. Raises `Refused` when the last entry cannot be read."""
    last = read_custody_end(reading)
    return find_head(_sealed(last) if last else None)


def sign_custody(writing: Writing, home: Home, following: SigningKey | None = None) -> int:
    """Sign what waits, in the caller's transaction; how many entries that were. After the commit: `settle_end`.

    `following`: the key that a rotation among what waits hands over to (flows/key_rotation.py); nobody else's is signed.
    Raises `ConfigError` when the key is missing, wrong or another log's, `Refused` when the last entry cannot be read or
    the log was cut off since it was signed last.
    """
    refuse_cut(writing, home)
    last = read_custody_end(writing)
    acts = read_acts(writing, EVENTS, last.audit_seq if last else 0)
    if not acts:
        return 0
    head = read_head(writing)
    key = open_custody_key(home, head)
    # Only what the new acts speak of: however much is stored, a look costs the same.
    incidents = read_incidents_of(writing, {mention for act in acts if (mention := _mention(act))})
    commits = _commit(writing, acts)
    before = find_end(writing)
    entries = seal_entries(head, key, [_draft(act, incidents, commits, following) for act in acts])
    store_entries(
        writing,
        [
            CustodyStored(each.seq, act.audit_seq, each.body, each.sha256, each.signature)
            for act, each in zip(acts, entries, strict=True)
        ],
    )
    note_ends(home, before, LogEnd(entries[-1].seq, entries[-1].sha256))
    return len(entries)


def open_custody_key(home: Home, head: Head) -> SigningKey:
    """The key that goes on with this log, made at its first use; its public half is written beside it.

    Raises `ConfigError` as `open_key` does, `Refused` for a key that was given up before: log and keys were put back.
    """
    if trouble := _find_returned(home, head.kid):
        raise Refused(f"refused: {trouble}. Put back the latest backup of the database and of keys/ together")
    key = open_key(home.keys / KEY_FILE, head.kid)
    settle_public(home, key.public, is_exchanging=(home.keys / NEXT_KEY_FILE).exists())
    return key


def _find_returned(home: Home, kid: str) -> str:
    if kid not in read_earlier(home):
        return ""
    return (
        f"the custody log goes on with key {kid}, which was given up before: the end of the log was cut off"
    )


def sign_home(home: Home) -> int:
    """Sign what waits in a home; how many entries that were. Cheap when nothing does."""
    warehouse = Warehouse(home.folder)
    with warehouse.live_reader() as reading:
        last = read_custody_end(reading)
        if not read_acts(reading, EVENTS, last.audit_seq if last else 0):
            return 0
    with warehouse.writer() as writing:
        done = sign_custody(writing, home)
    settle_end(home)
    return done


def find_key_trouble(reading: Reading, home: Home) -> str:
    """Why the log cannot be carried on with the key in `keys/`; empty when it can, and before the log has begun."""
    last = read_custody_end(reading)
    if last is None:
        return ""
    entry = decode_entry(last.body)
    # A last entry that cannot be read is told elsewhere.
    wanted = "" if isinstance(entry, str) else next_kid(entry)
    if trouble := _find_returned(home, wanted):
        return trouble
    # The next key takes over where a rotation broke off: either may be the one that goes on.
    troubles = [_judge_key(home.keys / name, wanted) for name in (KEY_FILE, NEXT_KEY_FILE)]
    return troubles[0] if all(troubles) else ""


def _judge_key(path: Path, wanted: str) -> str:
    try:
        key = read_key(path)
    except ConfigError as error:
        return f"keys/{path.name}: {error.cause}: nothing can be signed. {error.mend}"
    if wanted in ("", key.kid):
        return ""
    return f"keys/{path.name} is key {key.kid}, and the log goes on with {wanted}: nothing can be signed"


def check_custody(
    reading: Reading, public_keys: dict[str, bytes], anchors: Sequence[Anchor] = ()
) -> list[CustodyFault]:
    """Walk the custody log and hold it against the audit log. Empty when both say the same and nothing was changed.

    Acts that wait for their signature are no fault; one that was passed over is.
    """
    rows = list(stream_entries(reading))
    acts = {act.audit_seq: act for act in read_acts(reading, EVENTS)}
    if not rows:
        return []
    found = [
        CustodyFault(fault.seq, fault.cause) for fault in check_log(map(_sealed, rows), public_keys, anchors)
    ]
    signed = set[int]()
    for row in rows:
        entry, act = decode_entry(row.body), acts.get(row.audit_seq)
        signed.add(row.audit_seq)
        if isinstance(entry, str):
            continue
        if act is None or act.hash != entry.record:
            found.append(
                CustodyFault(row.seq, "the row of the audit log it signed for is another or missing")
            )
        elif entry.event is Event.KEY_ROTATED and act.object_id != entry.object_commit:
            found.append(CustodyFault(row.seq, "hands over to another key than the audit log says"))
    # A rotation is signed in the transaction that enters it: one that waits was slipped in.
    found += [
        CustodyFault(0, f"row {seq} of the audit log speaks of a new key, and no key signed that")
        for seq, act in acts.items()
        if EVENTS[act.verb][0] is Event.KEY_ROTATED and seq not in signed
    ]
    latest = max(signed)
    found += [
        CustodyFault(0, f"row {seq} of the audit log was never signed though later ones were")
        for seq in sorted(acts.keys() - signed)
        if seq < latest
    ]
    return found


def find_late_entries(reading: Reading) -> list[int]:
    """Numbers of the entries that are dated before the one in front of them; an entry that cannot be read does not count."""
    entries = (decode_entry(row.body) for row in stream_entries(reading))
    return find_steps_back(entry for entry in entries if not isinstance(entry, str))
