"""What people do with evidence: look at it, hand it over, take it back, hold it. Each act is written down with its purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from desk.masking import tidy
from evidence.custody_entry import Purpose
from evidence.warc import read_resource, read_resource_type
from flows.custody import sign_custody
from flows.custody_end import settle_end
from flows.evidence_bars import find_evidence, find_mentions, refuse_barred
from flows.home import Home
from flows.leak_check import refuse_leaks
from flows.signing import MAY_SIGN, refuse_empty, refuse_future
from mentionwatch.errors import Refused
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.custody import mentions_of
from warehouse.custody_rows import write_purpose
from warehouse.people import Hold, lift_hold, place_hold
from warehouse.pictures import read_pictures
from warehouse.session import Writing
from warehouse.stored_evidence import StoredEvidence, read_evidence

PURPOSES: Final = tuple(purpose for purpose in Purpose if purpose)


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, in which role, when and what for. `words` say more where a step needs it; they can be erased later."""

    role: Role
    actor: str
    at: datetime
    purpose: Purpose
    words: str = ""


@dataclass(frozen=True, slots=True)
class Viewed:
    """What a look at evidence shows. `handed_in` is a picture or file a person gave, `drawn` the latest picture made of the
    stored bytes (PNG); each empty where there is none."""

    captures: tuple[StoredEvidence, ...]
    handed_in: bytes
    handed_in_type: str
    drawn: bytes


def _kind(id_: str, ids: Sequence[str]) -> str:
    return "mention" if id_ in ids else "incident"


def _enter(home: Home, verb: str, id_: str, act: Act) -> tuple[str, ...]:
    """Into the audit log, signed in the same transaction: it is on record before anything is shown. The mentions it is about.

    What bars this person is asked under the writer's lock: nobody seals, erases or recuses between the question and the entry.
    """
    if act.purpose is Purpose.NONE:
        raise Refused("refused: evidence is opened for a purpose [each look is recorded]. Say which")
    refuse_future(home, act.at, datetime.now(UTC))
    with Warehouse(home.folder).writer() as writing:
        ids = find_evidence(writing, id_)
        refuse_barred(writing, home, id_, act.role)
        refuse_leaks(home, (act.words,), ids)
        append_audit(writing, [_event(verb, _kind(id_, ids), id_, act)])
        sign_custody(writing, home)
    settle_end(home)
    return ids


def _event(verb: str, kind: str, id_: str, act: Act) -> AuditEvent:
    reason = write_purpose(act.purpose.value, tidy(act.words).strip())
    return AuditEvent(act.at, act.actor, act.role, verb, kind, id_, reason)


def view(home: Home, id_: str, act: Act) -> Viewed:
    """The stored evidence of a mention or incident, after the look was written down.

    Raises `Refused` without a purpose, for what is sealed and for whom it is about, `ConfigError` for an unknown id.
    """
    ids = _enter(home, "viewed", id_, act)
    with Warehouse(home.folder).live_reader() as reading:
        captures = tuple(found for mention in ids for found in read_evidence(reading, mention))
        drawn = [row.png for row in read_pictures(reading, ids) if row.png]
    given, kind = next(filter(None, map(find_handed_in, reversed(captures))), (b"", ""))
    return Viewed(captures, given, kind, drawn[-1] if drawn else b"")


def find_handed_in(found: StoredEvidence) -> tuple[bytes, str] | None:
    """The file a person gave and its media type; None where a page, an interface or plain words were captured."""
    kind = read_resource_type(found.warc) if found.method == "manual" and found.warc else ""
    return None if kind in ("", "text/plain") else (read_resource(found.warc), kind)


def hand_over(home: Home, id_: str, act: Act, *, back: bool = False) -> None:
    """Write down that evidence went to somebody (`words`: to whom, under which reference), or came back."""
    if act.role not in (*MAY_SIGN, Role.OPERATOR):
        raise Refused(f"refused: the {act.role.value} does not hand evidence over [custody]. Ask the head")
    refuse_empty(act.words, "handing evidence over")
    _enter(home, "received_back" if back else "handed_over", id_, act)


def hold(home: Home, id_: str, act: Act) -> None:
    """Nobody may delete it until it is released: a request, a court, the police."""
    with _holding(home, id_, act) as writing:
        kind = _kind(id_, find_mentions(writing, id_))
        held = Hold(kind, id_, tidy(act.words).strip(), act.actor, act.at)
        place_hold(writing, held, _event("held", kind, id_, act))
    settle_end(home)


def release(home: Home, id_: str, act: Act) -> None:
    """End a hold a person placed. What is with the police or sealed stays held all the same."""
    with _holding(home, id_, act) as writing:
        kind = _kind(id_, mentions_of(writing, id_))
        there = writing.row("SELECT 1 FROM holds WHERE object_kind = ? AND object_id = ?", [kind, id_])
        if there is None:
            raise Refused(f"refused: {id_} is not held by anybody's word")
        lift_hold(writing, kind, id_, _event("released", kind, id_, act))
    settle_end(home)


@contextmanager
def _holding(home: Home, id_: str, act: Act) -> Iterator[Writing]:
    """One signed transaction, once nothing stands against this person holding or releasing the evidence of the id."""
    if act.role not in MAY_SIGN:
        raise Refused(
            f"refused: the {act.role.value} neither holds nor releases evidence [custody]. Ask the head"
        )
    refuse_empty(act.words, "holding or releasing evidence")
    refuse_future(home, act.at, datetime.now(UTC))
    with Warehouse(home.folder).writer() as writing:
        refuse_barred(writing, home, id_, act.role)
        refuse_leaks(home, (act.words,), mentions_of(writing, id_))
        yield writing
        sign_custody(writing, home)
