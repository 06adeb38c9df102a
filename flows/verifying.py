"""Is the evidence as it was captured, and the custody log as it was signed, stamped and witnessed? Offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from evidence.checkpoint import Checkpoint, check_checkpoints, compare_witnesses, read_witnesses
from evidence.stamp import StampFault, check_stamp
from flows.checkpoints import CheckpointState, find_wrong_trees, read_state, to_checkpoint
from flows.custody import EVENTS, check_custody, find_key_trouble, find_late_entries
from flows.custody_config import CustodyConfig, read_custody
from flows.custody_end import END_FILE, LogEnd, find_cut, read_ends
from flows.custody_public import PUBLIC_FILE
from flows.exhibit_files import find_unlisted
from flows.home import Home
from flows.key_rotation import vouch_keys
from flows.witness_name import read_witness_name
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from mentionwatch.school import SchoolFile
from warehouse.chain import append_audit
from warehouse.checked import write_check
from warehouse.connection import Warehouse
from warehouse.custody_rows import (
    read_acts,
    read_blank_stamps,
    read_checkpoints,
    read_custody_end,
    read_stamp_digests,
    read_stamps,
)
from warehouse.logged import find_changed_holds, find_misfiled, find_unsealed
from warehouse.session import Reading
from warehouse.verify import Finding, verify_evidence

_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, what was found, and what nobody could vouch for yet (`open`, a line each)."""

    revisions: int
    objects: int
    entries: int
    checkpoints: int
    stamps: int
    unsigned: int
    state: CheckpointState
    findings: tuple[Finding, ...]
    open: tuple[str, ...]


def _check_stamps(
    reading: Reading, series: Sequence[Checkpoint], config: CustodyConfig
) -> tuple[int, list[Finding], list[str]]:
    """How many stamps are good, which are not, and which cannot be judged with what is pinned now."""
    stampers = {each.name: each for each in config.stampers}
    digests = {one.tree_size: one.digest for one in series}
    entered = read_stamp_digests(reading)
    good, wrong, unjudged = 0, list[Finding](), list[str]()
    stored = read_stamps(reading)
    there = {(row.tree_size, row.authority) for row in stored if row.status == "stamped"}
    wrong += [
        Finding("checkpoint", str(size), "is missing, though the audit log says that it was stamped")
        for size in sorted({size for size, _ in entered} - digests.keys())
    ]
    wrong += [
        Finding("stamp", f"{size}/{authority}", "is missing, though it was entered in the audit log")
        for size, authority in sorted(entered.keys() - there)
    ]
    wrong += [
        Finding("audit", str(seq), "entered a stamp, and which one was blanked out")
        for seq in read_blank_stamps(reading)
    ]
    for row in stored:
        if row.status != "stamped":
            continue
        which = f"{row.tree_size}/{row.authority}"
        if row.authority not in stampers:
            unjudged.append(
                f"stamp {which}: its authority is no longer in custody.toml, so nothing is pinned to check it with"
            )
            continue
        if row.tree_size not in digests:
            wrong.append(Finding("stamp", which, "its checkpoint is missing"))
            continue
        said = entered.get((row.tree_size, row.authority), "")
        if not said:
            wrong.append(Finding("stamp", which, "was never entered in the audit log"))
            continue
        seen = check_stamp(row.token, digests[row.tree_size], stampers[row.authority], token_sha256=said)
        if isinstance(seen, StampFault):
            wrong.append(Finding("stamp", which, seen.cause))
        elif seen.at != row.stamped_at:
            wrong.append(Finding("stamp", which, "the time beside it is not the time it names"))
        else:
            good += 1
    return good, wrong, unjudged


def _check_log(
    reading: Reading, home: Home, series: Sequence[Checkpoint], witnessed: str, school: str, keys: Path | None
) -> list[Finding]:
    vouched = vouch_keys(reading, home, keys, series)
    public = vouched.public
    lines, damaged = read_witnesses(witnessed)
    if witnessed and not lines and not damaged:
        raise ConfigError(
            "evidence verify", "--witness", "holds no witness line", "Name the file they are kept in"
        )
    anchors = [*(one.anchor for one in series), *(line.anchor for line in lines)]
    found = [
        Finding("custody", str(fault.seq), fault.cause) for fault in check_custody(reading, public, anchors)
    ]
    found += [
        Finding("checkpoint", str(fault.number), fault.cause)
        for fault in check_checkpoints(series, public, vouched.spans)
    ]
    found += [Finding("custody", "0", cause) for cause in vouched.troubles]
    found += [
        Finding("witness", "", cause) for cause in (*damaged, *compare_witnesses(lines, series, school))
    ]
    return found + _check_end(reading, home, series)


def _check_end(reading: Reading, home: Home, series: Sequence[Checkpoint]) -> list[Finding]:
    """Was the log cut off or wiped since it was signed last? And can it be carried on?"""
    causes = list[str]()
    has_begun = read_custody_end(reading) is not None
    ends = read_ends(home)
    # Where the first signing was cut short, its key is there, no entry is, and the file says so.
    is_first = not isinstance(ends, str) and LogEnd() in ends
    if not has_begun and series:
        causes.append("the whole log is missing, though checkpoints speak of it")
    elif not has_begun and not is_first and (home.keys / PUBLIC_FILE).exists() and read_acts(reading, EVENTS):
        causes.append("the whole log is missing, though there is a key that signed it")
    if cause := find_cut(reading, home):
        causes.append(cause)
    if trouble := find_key_trouble(reading, home):
        causes.append(trouble)
    return [Finding("custody", "0", cause) for cause in causes]


def _tell_open(reading: Reading, home: Home, series: Sequence[Checkpoint]) -> list[str]:
    """What is no change to the log, and what a reader must be told all the same."""
    told = list[str]()
    if read_custody_end(reading) is not None and not read_ends(home):
        told.append(f"keys/{END_FILE} is missing: only the log itself says how far it was signed")
    if late := find_late_entries(reading):
        named = ", ".join(map(str, late[:_MOST_NAMED])) + (", ..." if len(late) > _MOST_NAMED else "")
        told.append(f"{len(late)} custody entries are dated before the one in front of them: {named}")
    told += [
        f"the checkpoint over {following.tree_size} entries is dated before the one in front of it"
        for one, following in pairwise(series)
        if following.at < one.at
    ]
    told += [
        f"exhibits/{name} is not in the log: it was put there or changed by hand, and is not to be handed out"
        for name in find_unlisted(reading, home)
    ]
    return told


def verify_all(
    home: Home, school: SchoolFile, ids: Sequence[str] = (), witnessed: str = "", keys: Path | None = None
) -> Verified:
    """Check the evidence of these mentions or incidents, or of all, and always both logs, checkpoints and stamps.

    Raises `ConfigError` for a file kept elsewhere that is not there or says nothing.
    `witnessed`: witness lines that were kept elsewhere; `keys`: a copy of the public keys that was. Changes nothing.
    """
    config = read_custody(home)
    with Warehouse(home.folder).live_reader() as reading:
        stored = verify_evidence(reading, ids)
        rows = read_checkpoints(reading)
        series = [to_checkpoint(row) for row in rows]
        findings = _check_log(reading, home, series, witnessed, read_witness_name(home, school), keys)
        findings += [
            Finding("checkpoint", str(fault.number), fault.cause) for fault in find_wrong_trees(rows)
        ]
        good, wrong, unjudged = _check_stamps(reading, series, config)
        last, state = read_custody_end(reading), read_state(reading, config)
        waiting = len(read_acts(reading, EVENTS, last.audit_seq if last else 0))
        still_open = [*unjudged, *_tell_open(reading, home, series)]
        undone = [*find_changed_holds(reading), *find_misfiled(reading), *find_unsealed(reading)]
    if waiting:
        still_open.append(f"{waiting} acts wait for their signature: mentionwatch evidence checkpoint")
    if state.sealed_at is None:
        still_open.append("no checkpoint yet: mentionwatch evidence checkpoint")
    elif state.is_pending:
        given = f"{state.stamps} of {state.wanted} stamps" if state.wanted else "no authority is configured"
        still_open.append(f"the latest checkpoint is pending: {given}")
    return Verified(
        revisions=stored.revisions,
        objects=stored.objects,
        entries=last.seq if last else 0,
        checkpoints=len(series),
        stamps=good,
        unsigned=waiting,
        state=state,
        findings=(*stored.findings, *findings, *wrong, *undone),
        open=tuple(still_open),
    )


def log_verified(
    home: Home, done: Verified, ids: Sequence[str], now: datetime, actor: str, role: Role
) -> None:
    """Enter in the audit log that somebody looked and how it ended: numbers, ids and causes of our own, no words."""
    verb = "verify_failed" if done.findings else "verified"
    what = write_check(done.revisions, done.objects, done.findings)
    objects = [("incident" if "-" in id_ else "mention", id_) for id_ in ids] or [("evidence", "all")]
    with Warehouse(home.folder).writer() as writing:
        append_audit(writing, [AuditEvent(now, actor, role, verb, kind, id_, what) for kind, id_ in objects])
