"""Letters and forms of an incident: fields gathered, gates checked, files written, and a row that says so. Nothing is sent."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from desk.document_docx import write_docx
from desk.document_pdf import write_pdf
from flows.leak_check import refuse_leaks
from flows.letter_fields import Typed, build_input, card_ids
from flows.merging import mentions_together
from flows.private_files import write_whole
from flows.shipped import read_law
from flows.standing import Context, Standing, read_standing, refuse_clock_behind
from incidents.letter_gates import check_gates, find_template
from incidents.letters import Change, LetterInput, LetterTemplate, list_changes, write_letter
from incidents.limits import LONDON
from mentionwatch.documents import Bullets, Document, Drawing, Figures, Form, Paragraph, Quoted
from mentionwatch.errors import Fatal, Refused
from mentionwatch.ids import digest
from mentionwatch.labels import Role
from mentionwatch.law import LawCard
from mentionwatch.model import AuditEvent
from mentionwatch.registers import Registers
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.protocol_records import DocumentRow, next_document_number, record_document

LANGS = ("en", "cy")


@dataclass(frozen=True, slots=True)
class LetterAsked:
    """What a person asks for. `typed` are fields and changes as given, `langs` the languages to make it in.

    `number`: the number it is to get, as whoever asked saw it; 0: whichever comes next.
    """

    id: str
    kind: str
    role: Role
    langs: tuple[str, ...]
    typed: Typed
    number: int = 0


class MadeMeanwhile(Refused):
    """Somebody else put a document on file first: `row` is the latest one."""

    def __init__(self, row: DocumentRow) -> None:
        super().__init__(
            f"refused: {row.incident_id}: another document was made meanwhile (number {row.number}). Look again, then decide"
        )
        self.row = row


@dataclass(frozen=True, slots=True)
class Written:
    """What was made: its documents by language, the files (none for a preview), and what differs from the template."""

    kind: str
    number: int
    documents: Mapping[str, Document]
    paths: tuple[Path, ...]
    changes: tuple[Change, ...]


def languages_for(standing: Standing, context: Context, asked: str | None) -> tuple[str, ...]:
    """Both in Wales and when asked, neither before the other in rank; else the school's own."""
    if asked == "both" or (asked is None and standing.pack.nation == "wales"):
        return LANGS
    return (asked or context.school.digest_lang,)


def _check_leaks(given: LetterInput, mentions: Sequence[str], context: Context) -> None:
    words = [word.text(lang) for word in (*given.fields.values(), *given.changes.values()) for lang in LANGS]
    refuse_leaks(context.home, (*words, *(one.text for one in given.extracts), *given.recipient), mentions)  # fmt: skip


def preview_letter(asked: LetterAsked, context: Context, registers: Registers) -> Written:
    """The letter with its draft mark and every change marked, from what is stored; nothing is written."""
    with Warehouse(context.home.folder).live_reader() as reading:
        standing = read_standing(reading, asked.id, context)
        mentions = mentions_together(reading, standing.row.id)
    template, given = prepare(asked, standing, mentions, context, registers, is_preview=True)
    documents = {lang: write_letter(template, given, lang, show_changes=True) for lang in asked.langs}
    refuse_leaks(context.home, [as_text(document) for document in documents.values()], mentions)
    changes = tuple(change for lang in asked.langs for change in list_changes(template, given, lang))
    return Written(asked.kind, 0, documents, (), changes)


def prepare(
    asked: LetterAsked,
    standing: Standing,
    mentions: Sequence[str],
    context: Context,
    registers: Registers,
    *,
    is_preview: bool,
) -> tuple[LetterTemplate, LetterInput]:
    """Gates, law cards and fields of a letter, as far as they go without its words. Raises `Refused` as `make_letter` does."""
    template = find_template(asked.kind)
    refuse_clock_behind(standing, asked.kind, context.at)
    check_gates(template, standing.now, asked.role, standing.pack)
    book = read_law()
    wanted = card_ids(template.kind, standing.now.facts)
    allowed = {card.id for card in book.for_document("letter", standing.pack.nation)}
    ids = tuple(id_ for id_ in wanted if id_ in allowed)
    book.check_current(ids, context.at.astimezone(LONDON).date())
    cards = tuple(book.find(id_) for id_ in ids)
    given = build_input(template, standing, context, registers, asked.typed, cards, book.version, is_preview=is_preview)  # fmt: skip
    _check_leaks(given, mentions, context)
    return template, given


def make_letter(asked: LetterAsked, context: Context, registers: Registers) -> Written:
    """Make a letter or form and put it on file. Raises `Refused` for a closed gate, an unfilled field, a stale law card.

    Files first, then the row: a kill in between leaves files that the next letter of the same number replaces.
    """
    with Warehouse(context.home.folder).writer() as writing:
        standing = read_standing(writing, asked.id, context)
        mentions = mentions_together(writing, standing.row.id)
        if asked.number and standing.documents and standing.documents[-1].number >= asked.number:
            raise MadeMeanwhile(standing.documents[-1])
        template, given = prepare(asked, standing, mentions, context, registers, is_preview=False)
        documents = {lang: write_letter(template, given, lang) for lang in asked.langs}
        # Also as it stands on paper: half a name in one field and half in another meet on the page.
        refuse_leaks(context.home, [as_text(document) for document in documents.values()], mentions)
        changes = {lang: list_changes(template, given, lang) for lang in asked.langs}
        number = next_document_number(writing, standing.row.id)
        contents: dict[str, bytes] = {}
        for lang, document in documents.items():
            stem = f"{standing.row.id}-{number}-{template.kind.value}"
            contents[f"{stem}-{lang}.docx"] = write_docx(document)
            contents[f"{stem}-{lang}.pdf"] = write_pdf(document)
            if changes[lang]:
                # For the second reader: the same letter with every change marked.
                marked = write_letter(template, given, lang, show_changes=True)
                contents[f"{stem}-check-{lang}.docx"] = write_docx(marked)
                contents[f"{stem}-check-{lang}.pdf"] = write_pdf(marked)
        folder = context.home.letters
        try:
            for name, content in contents.items():
                write_whole(folder / name, content)
        except OSError as error:
            raise Fatal(
                f"{folder}: the letter could not be written: {error.strerror}. Nothing is on file; make room or rights there and make it again"
            ) from None
        row = DocumentRow(
            incident_id=standing.row.id,
            number=number,
            kind=template.kind.value,
            langs=asked.langs,
            sha256=digest(
                "\n".join(f"{name} {digest(content)}" for name, content in sorted(contents.items())).encode()
            ),
            law=read_law().version,
            law_valid_until=_runs_out(given.cards),
            deadline_at=given.deadline_at,
            template=template.version,
            changed=max(len(found) for found in changes.values()),
            made_by=context.actor,
            made_at=context.at,
            pack=standing.row.pack,
        )
        record_document(writing, row)
        said = f"{template.kind.value} number {number}, sha256 {row.sha256}"
        append_audit(writing, [AuditEvent(context.at, context.actor, asked.role, "letter_made", "incident", standing.row.id, said, standing.row.pack)])  # fmt: skip
    everything = tuple(change for found in changes.values() for change in found)
    return Written(
        asked.kind, number, documents, tuple(folder / name for name in sorted(contents)), everything
    )


def _runs_out(cards: tuple[LawCard, ...]) -> date | None:
    """The first day on which one of the cards may no longer print."""
    last = min((card.valid_until for card in cards), default=None)
    return last + timedelta(days=1) if last else None


def as_text(document: Document) -> str:
    """A document for a terminal."""
    lines = [f"*** {document.banner} ***", ""] if document.banner else []
    lines += [*document.sender, "", *document.recipient, "", document.dated, "", document.title, ""]
    for block in document.blocks:
        if isinstance(block, Bullets):
            lines += [f"- {item}" for item in block.items]
        elif isinstance(block, Quoted):
            lines += [f'"{block.text}"', f"    {block.caption}"]
        elif isinstance(block, Form):
            lines += [f"{row.label}: {row.answer or '______'}" for row in block.rows]
        elif isinstance(block, Figures):
            lines += [block.caption, *(": ".join(row) for row in (block.headings, *block.rows))]
        elif isinstance(block, Drawing):
            lines.append(block.told)
        elif isinstance(block, Paragraph) and block.is_changed:
            lines.append(f"[changed] {block.text}")
        else:
            lines.append(block.text)
        lines.append("")
    return "\n".join(part for line in [*lines, document.footer] for part in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    """A line in pieces of eighty columns at most; an address stays whole."""
    pieces = [
        piece
        for part in line.split("\n")
        for piece in (textwrap.wrap(part, 79, break_long_words=False, break_on_hyphens=False) or [""])
    ]
    return pieces or [""]
