"""What is on file for an incident, told from its log: which document went out by which step, and whether its files are whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from desk.document_port import DocumentShown, DocumentState, SecondReading
from flows.home import Home
from flows.standing import Standing
from incidents.history import PastEvent
from incidents.protocol import find_refusal
from incidents.standing import DocumentKind
from incidents.steps import Event
from incidents.transitions import BY_NAME
from mentionwatch.accounts import Right, Viewer
from mentionwatch.ids import digest
from mentionwatch.labels import Role
from warehouse.protocol_records import DocumentRow

SENT_BY: Mapping[DocumentKind, Event] = {
    DocumentKind.INVITATION: Event.INVITE,
    DocumentKind.REMOVAL: Event.LETTER_SENT,
    DocumentKind.MINUTES: Event.MINUTES_SHARED,
    DocumentKind.PLATFORM_REPORT: Event.PLATFORM_REPORTED,
    DocumentKind.BAN_NOTICE: Event.BAN_NOTICE,
    DocumentKind.ACKNOWLEDGEMENT: Event.ACKNOWLEDGE,
    DocumentKind.THANK_YOU: Event.THANK,
}
"""The step that says a document went out. Of the others no step says so."""

CHECK = "check"
"""Under which name the copy with its changes marked is among the files of a document."""
_MOST = 8 * 1024 * 1024


def show_documents(
    standing: Standing, makers: Mapping[datetime, Role], viewer: Viewer
) -> tuple[DocumentShown, ...]:
    """The documents of an incident, oldest first, each with what became of it."""
    return tuple(_shown(place, standing, makers, viewer) for place in range(len(standing.documents)))


def _shown(place: int, standing: Standing, makers: Mapping[datetime, Role], viewer: Viewer) -> DocumentShown:
    row = standing.documents[place]
    kind = DocumentKind(row.kind)
    later = [one.made_at for one in standing.documents[place + 1 :] if one.kind == row.kind]
    until = min(later, default=None)
    sent = next((event for event in standing.events if _sends(event, kind, row, until)), None)
    state = DocumentState.SENT if sent else DocumentState.REPLACED if until else DocumentState.DRAFT
    return DocumentShown(
        number=row.number,
        kind=kind,
        langs=row.langs,
        made_at=row.made_at,
        made_by=makers.get(row.made_at),
        state=state,
        sent_at=sent.at if sent else None,
        sent_by=sent.role if sent else None,
        was_read=bool(sent and sent.facts.get("second_reader")),
        step=_step(kind, standing, viewer) if state is DocumentState.DRAFT else "",
        is_current=standing.now.documents[place].is_current,
        changed=row.changed,
        deadline_at=row.deadline_at,
        reading=_reading(row, standing, until) if kind is DocumentKind.REMOVAL else SecondReading.NONE,
        check=_check(standing, viewer)
        if kind is DocumentKind.REMOVAL and state is DocumentState.DRAFT
        else "",
    )


def _reading(row: DocumentRow, standing: Standing, until: datetime | None) -> SecondReading:
    """What the log says of its second reading, from when it was made until the next of its kind was."""
    found = SecondReading.NONE
    for event in standing.events:
        if event.at < row.made_at or (until is not None and event.at >= until):
            continue
        if event.event == Event.LETTER_CHECK_ASKED.value:
            found = SecondReading.ASKED
        elif event.event == Event.LETTER_READ.value:
            found = SecondReading(event.facts.get("letter_found") or SecondReading.NONE)
    return found


def _check(standing: Standing, viewer: Viewer) -> str:
    """The step of the second reading that is open to this person: to say what they found, or to give it to a reader."""
    steps = (Event.LETTER_READ, Event.LETTER_CHECK_ASKED)
    return next((event.value for event in steps if _is_open(event, standing, viewer)), "")


def _is_open(event: Event, standing: Standing, viewer: Viewer) -> bool:
    if not viewer.has(Right.TAKE_STEPS):
        return False
    row = BY_NAME[event.value]
    return any(not find_refusal(row, standing.now, role, standing.pack) for role in viewer.protocol_roles)


def _sends(event: PastEvent, kind: DocumentKind, row: DocumentRow, until: datetime | None) -> bool:
    if kind not in SENT_BY or event.event != SENT_BY[kind].value or event.at < row.made_at:
        return False
    # An invitation on file, and then a call instead: it was not sent.
    return (until is None or event.at < until) and event.facts.get("means") in ("", "letter")


def _step(kind: DocumentKind, standing: Standing, viewer: Viewer) -> str:
    """The step by which this person may say now that it went out; empty where there is none."""
    event = SENT_BY.get(kind)
    return event.value if event is not None and _is_open(event, standing, viewer) else ""


def read_files(home: Home, row: DocumentRow, lang: str) -> dict[str, bytes]:
    """The PDF and the Word file of a document in one language; empty where the files are gone or not as they were made.

    Where passages were worded anew also CHECK: the Word file with every change marked (letters made before it was
    kept have none).
    """
    stem = f"{row.incident_id}-{row.number}-{row.kind}"
    names = [f"{stem}-{each}.{form}" for each in row.langs for form in ("docx", "pdf")]
    if row.changed:
        checks = (f"{stem}-check-{each}.{form}" for each in row.langs for form in ("docx", "pdf"))
        names += [name for name in checks if (home.letters / name).exists()]
    found: dict[str, bytes] = {}
    for name in names:
        path = home.letters / name
        try:
            if path.is_symlink() or path.stat().st_size > _MOST:
                return {}
            found[name] = path.read_bytes()
        except OSError:
            return {}
    lines = "\n".join(f"{name} {digest(body)}" for name, body in sorted(found.items()))
    if digest(lines.encode()) != row.sha256:
        return {}
    kept = {form: found[f"{stem}-{lang}.{form}"] for form in ("docx", "pdf")}
    marked = found.get(f"{stem}-check-{lang}.docx")
    return kept if marked is None else {**kept, CHECK: marked}
