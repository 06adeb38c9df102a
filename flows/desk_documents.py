"""Letters and forms at the desk: need-to-know first, then the letters' own rules, then an audit row with the answer (L31)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere
from desk.document_port import (
    BOTH,
    FORMS,
    DocumentRead,
    DocumentShown,
    DocumentsPage,
    DraftGiven,
    DraftLooked,
    DraftPage,
    FileFetched,
    KindOffered,
    Reworded,
)
from desk.document_reading import NotOurs, read_docx
from desk.letter_refused import say_letter_refused, say_sealed, say_unfit
from desk.refused import NOT_YOURS
from flows.desk_document_rows import CHECK, SENT_BY, read_files, show_documents
from flows.desk_mentions import WORDS_OPENED
from flows.home import Home, read_registers
from flows.letter_asks import list_asked, list_passages
from flows.letter_fields import Typed
from flows.letters import (
    LANGS,
    LetterAsked,
    MadeMeanwhile,
    Written,
    languages_for,
    make_letter,
    prepare,
    preview_letter,
)
from flows.merging import mentions_together
from flows.need_to_know import may_see, read_sight
from flows.school_now import SchoolNow
from flows.standing import Context, Standing, read_context, read_standing
from incidents.letter_gates import TEMPLATES, check_gates
from incidents.letters import LetterInput, LetterTemplate, Shape
from incidents.standing import DocumentKind
from mentionwatch.accounts import Right, Viewer
from mentionwatch.documents import Document, Quoted
from mentionwatch.errors import ConfigError, Fatal, Refused, Retriable
from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from mentionwatch.registers import Registers
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.logged import sealed_among
from warehouse.protocol_records import document_makers
from warehouse.session import Reading

FETCHED = "letter_fetched"


@dataclass(frozen=True, slots=True)
class _OnFile:
    """One document on file, with its words in one language; `document` None: gone, or not as it was made."""

    standing: Standing
    shown: DocumentShown
    files: dict[str, bytes]
    document: Document | None
    is_sealed: bool

    @property
    def quotes(self) -> bool:
        return self.document is not None and any(isinstance(one, Quoted) for one in self.document.blocks)


@dataclass(frozen=True, slots=True)
class _Made:
    """A letter as it was asked for, and what came of it."""

    asked: LetterAsked
    written: Written


_Write = Callable[[LetterAsked, Context, Registers], Written]


class HomeDocuments:
    """`desk.document_port.DocumentActs` over one home. `clock` gives aware UTC."""

    def __init__(self, home: Home, now: SchoolNow, clock: Callable[[], datetime]) -> None:
        self._home, self._now, self._clock = home, now, clock
        self._warehouse = Warehouse(home.folder)

    def _context(self, viewer: Viewer) -> Context:
        return read_context(self._home, *self._now.read(), self._clock(), viewer.account_id)

    def _registers(self) -> Registers:
        return read_registers(self._home) or Registers()

    def _standing(self, reading: Reading, viewer: Viewer, id_: str) -> Standing | None:
        if not viewer.has(Right.INCIDENTS):
            return None
        if not may_see(reading, read_sight(reading, viewer, *self._now.read()), id_):
            return None
        try:
            return read_standing(reading, id_, self._context(viewer))
        except ConfigError:
            # A mention that is neither an incident, nor a concern, nor good news.
            return None

    def documents(self, viewer: Viewer, id_: str) -> DocumentsPage | None:
        with self._warehouse.live_reader() as reading:
            standing = self._standing(reading, viewer, id_)
            if standing is None:
                return None
            makers = document_makers(reading, standing.row.id)
        makes = viewer.has(Right.TAKE_STEPS) and viewer.protocol_roles
        kinds = tuple(_offer(kind, standing, viewer) for kind in TEMPLATES) if makes else ()
        return DocumentsPage(id_, show_documents(standing, makers, viewer), kinds)

    def draft(self, viewer: Viewer, id_: str, kind: str, lang: str) -> DraftPage | None:
        if kind not in tuple(DocumentKind) or not viewer.has(Right.TAKE_STEPS):
            return None
        with self._warehouse.live_reader() as reading:
            standing = self._standing(reading, viewer, id_)
            if standing is None:
                return None
            mentions = mentions_together(reading, standing.row.id)
        offer = _offer(DocumentKind(kind), standing, viewer)
        context = self._context(viewer)
        langs = languages_for(standing, context, None)
        page = DraftPage(
            id=id_,
            offer=offer,
            decider=standing.now.decider,
            fields=(),
            lang=BOTH if len(langs) > 1 else langs[0],
            lacking=(),
            number=max((one.number for one in standing.documents), default=0) + 1,
            has_extract=False,
        )
        if not offer.open_to:
            return page
        asked = LetterAsked(standing.row.id, kind, offer.open_to[0], LANGS, Typed())
        try:
            template, given = self._filled(asked, standing, mentions, context)
        except Refused as error:
            # The law it would quote has run out: nobody makes it until a person has looked that up.
            refusals = tuple((role, str(error)) for role in offer.open_to)
            return replace(page, offer=replace(offer, open_to=(), refusals=(*refusals, *offer.refusals)))
        fields, lacking = list_asked(template, given, lang)
        return replace(
            page,
            fields=fields,
            lacking=lacking,
            has_extract=any(passage.shape is Shape.EXTRACTS for passage in template.passages),
            passages=list_passages(template, given, lang),
        )

    def _filled(
        self, asked: LetterAsked, standing: Standing, mentions: tuple[str, ...], context: Context
    ) -> tuple[LetterTemplate, LetterInput]:
        return prepare(asked, standing, mentions, context, self._registers(), is_preview=True)

    def _asked(self, viewer: Viewer, given: DraftGiven) -> LetterAsked | NoSuch:
        with self._warehouse.live_reader() as reading:
            standing = self._standing(reading, viewer, given.id)
        if (
            standing is None
            or given.kind not in tuple(DocumentKind)
            or given.role not in tuple(Role)
            or not viewer.has(Right.TAKE_STEPS)
        ):
            return NoSuch()
        langs = LANGS if given.lang == BOTH else (given.lang,)
        typed = Typed(given.fields, given.changes)
        return LetterAsked(standing.row.id, given.kind, Role(given.role), langs, typed, given.number)

    def _write(
        self, viewer: Viewer, given: DraftGiven, lang: str, write: _Write
    ) -> _Made | RefusedHere | Busy | NoSuch:
        """The letter by `write`, and as what it was asked for. Raises `MadeMeanwhile`, and `Fatal` as `write` does."""
        try:
            asked = self._asked(viewer, given)
            if isinstance(asked, NoSuch):
                return asked
            if asked.role not in viewer.protocol_roles:
                return RefusedHere(NOT_YOURS[lang == "cy"], "as_role")
            return _Made(asked, write(asked, self._context(viewer), self._registers()))
        except Retriable:
            return Busy()
        except MadeMeanwhile:
            raise
        except Refused as error:
            return RefusedHere(*say_letter_refused(str(error), given.id, given.kind, lang))

    def make(self, viewer: Viewer, given: DraftGiven, lang: str) -> Outcome:
        try:
            made = self._write(viewer, given, lang, make_letter)
        except MadeMeanwhile as error:
            return self._overtaken(error)
        except Fatal:
            return RefusedHere(say_unfit("not_written", lang))
        return Done(made.asked.id, str(made.written.number)) if isinstance(made, _Made) else made

    def _overtaken(self, error: MadeMeanwhile) -> Overtaken:
        with self._warehouse.live_reader() as reading:
            makers = document_makers(reading, error.row.incident_id)
        role = makers.get(error.row.made_at, Role.OPERATOR)
        return Overtaken(error.row.kind, role, error.row.made_at)

    def preview(
        self, viewer: Viewer, given: DraftGiven, lang: str
    ) -> DraftLooked | RefusedHere | Busy | NoSuch:
        made = self._write(viewer, given, lang, preview_letter)
        if not isinstance(made, _Made):
            return made
        return DraftLooked(
            tuple(made.written.documents[each] for each in made.asked.langs),
            tuple(Reworded(one.lang, one.template, one.letter) for one in made.written.changes),
        )

    def _find(self, reading: Reading, viewer: Viewer, id_: str, number: str, lang_of: str) -> _OnFile | None:
        standing = self._standing(reading, viewer, id_)
        if standing is None or lang_of not in LANGS:
            return None
        rows = show_documents(standing, document_makers(reading, standing.row.id), viewer)
        # Written as the page writes it: 01 and ١ are no numbers of a document.
        shown = next((one for one in rows if str(one.number) == number), None)
        if shown is None or lang_of not in shown.langs:
            return None
        posts = {standing.row.mention_id, *mentions_together(reading, standing.row.id)}
        row = next(one for one in standing.documents if one.number == shown.number)
        files = read_files(self._home, row, lang_of)
        document = None
        if files:
            try:
                document = read_docx(files.get(CHECK, files["docx"]), lang_of)
            except NotOurs:
                document = None
        return _OnFile(standing, shown, files, document, bool(sealed_among(reading, posts)))

    def read(self, viewer: Viewer, id_: str, number: str, lang_of: str) -> DocumentRead | None:
        with self._warehouse.live_reader() as reading:
            found = self._find(reading, viewer, id_, number, lang_of)
        return None if found is None else DocumentRead(found.shown, lang_of, found.document, found.is_sealed)

    def open_words(self, viewer: Viewer, id_: str, number: str, lang_of: str) -> Outcome:
        if not viewer.has(Right.OPEN_WORDS):
            return NoSuch()
        try:
            with self._warehouse.writer() as writing:
                found = self._find(writing, viewer, id_, number, lang_of)
                if found is None or found.is_sealed or not found.quotes:
                    return NoSuch()
                append_audit(writing, [self._event(viewer, WORDS_OPENED, found, "")])
        except Retriable:
            return Busy()
        return Done(id_)

    def fetch(
        self, viewer: Viewer, id_: str, number: str, lang_of: str, form: str
    ) -> FileFetched | RefusedHere | Busy | NoSuch:
        if form not in FORMS:
            return NoSuch()
        try:
            # On record before a byte of it leaves; under the lock, so that nobody seals or erases in between.
            with self._warehouse.writer() as writing:
                found = self._find(writing, viewer, id_, number, lang_of)
                if found is None:
                    return NoSuch()
                if found.document is None:
                    return RefusedHere(say_unfit("not_as_made", viewer.lang))
                if found.is_sealed and found.quotes:
                    return RefusedHere(say_sealed(viewer.lang))
                append_audit(writing, [self._event(viewer, FETCHED, found, f" {lang_of} {form}")])
        except Retriable:
            return Busy()
        name = f"{found.standing.row.id}-{found.shown.number}-{found.shown.kind.value}-{lang_of}.{form}"
        return FileFetched(name, FORMS[form], found.files[form])

    def _event(self, viewer: Viewer, verb: str, found: _OnFile, more: str) -> AuditEvent:
        return AuditEvent(
            self._clock(), viewer.account_id, viewer.logged_as, verb, "incident", found.standing.row.id,
            f"{found.shown.kind.value} number {found.shown.number}{more}", found.standing.row.pack,
        )  # fmt: skip


def _offer(kind: DocumentKind, standing: Standing, viewer: Viewer) -> KindOffered:
    open_to: list[Role] = []
    refusals: list[tuple[Role, str]] = []
    for role in viewer.protocol_roles:
        try:
            check_gates(TEMPLATES[kind], standing.now, role, standing.pack)
            open_to.append(role)
        except Refused as error:
            refusals.append((role, str(error)))
    return KindOffered(kind, tuple(open_to), tuple(refusals))


__all__ = ["FETCHED", "SENT_BY", "HomeDocuments"]
