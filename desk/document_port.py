"""Letters and forms of an incident at the desk, as values: what is on file, what may be made, and what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from desk.acts import Busy, NoSuch, Outcome, RefusedHere
from desk.protocol_words import group_refusals
from incidents.facts import FactKind
from incidents.standing import DocumentKind
from mentionwatch.accounts import Viewer
from mentionwatch.documents import Document
from mentionwatch.labels import Role
from mentionwatch.law import Words

FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""As which file a document is fetched, and its media type."""

BOTH = "both"


class DocumentState(StrEnum):
    """How far a document has come. SENT: a step says that it went out; REPLACED: a later one of its kind was made before."""

    DRAFT = "draft"
    SENT = "sent"
    REPLACED = "replaced"


class SecondReading(StrEnum):
    """How far the second reading of a letter has come (T27)."""

    NONE = "none"
    ASKED = "asked"
    RIGHT = "right"
    NOT_RIGHT = "not_right"


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """One document on file. `made_by` is the role it was made in; None: the log no longer says.

    `sent_at` and `sent_by`: the step that says it went out. `was_read`: that step names a second reader. `step` is the
    step that would say so now, where there is one. `is_current`: the law it quotes is in date. `changed`: passages worded anew.
    `reading`: how far its second reading has come; `check`: the step of it that is open to this person, empty for none.
    """

    number: int
    kind: DocumentKind
    langs: tuple[str, ...]
    made_at: datetime
    made_by: Role | None
    state: DocumentState
    sent_at: datetime | None = None
    sent_by: Role | None = None
    was_read: bool = False
    step: str = ""
    is_current: bool = True
    changed: int = 0
    deadline_at: datetime | None = None
    reading: SecondReading = SecondReading.NONE
    check: str = ""


@dataclass(frozen=True, slots=True)
class KindOffered:
    """One kind of letter or form: to which of the viewer's roles it is open, and why not to the others."""

    kind: DocumentKind
    open_to: tuple[Role, ...]
    refusals: tuple[tuple[Role, str], ...]

    @property
    def closed(self) -> tuple[tuple[tuple[Role, ...], str], ...]:
        """Each reason once, with the roles it stands for."""
        return group_refusals(self.refusals)


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """What is on file for one incident, oldest first, and what may be made; `kinds` is empty for who makes none."""

    id: str
    documents: tuple[DocumentShown, ...]
    kinds: tuple[KindOffered, ...]


@dataclass(frozen=True, slots=True)
class LetterField:
    """One thing a person types for a letter. `key` as flows/letter_fields.py knows it; `lang`: in which language, empty for both.

    `known`: what stands in the letter when it is left empty, in the reader's language.
    """

    key: str
    kind: FactKind
    is_needed: bool
    lang: str = ""
    known: str = ""

    @property
    def typed(self) -> str:
        """What the field is called where letters are made."""
        return f"{self.key}.cy" if self.lang == "cy" else self.key

    @property
    def name(self) -> str:
        """The name and id of its field in the form."""
        return f"field_{self.key}_{self.lang}" if self.lang else f"field_{self.key}"

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it may be sent under, as `desk.step_form.FactField.names`."""
        if self.kind is FactKind.INSTANT:
            return (f"{self.name}_on", f"{self.name}_at", f"{self.name}_turn")
        return (self.name,)


@dataclass(frozen=True, slots=True)
class PassageAsked:
    """A passage of a letter that may be worded anew. `number` is its place among them, from 1; `words` as the template has
    them. `ticks` is the key of the field without whose tick it is left out, empty for none.

    `fields`: what stands in braces, and what the letter says there, in the reader's language; empty: not known yet.
    """

    id: str
    number: int
    words: Words
    ticks: str
    fields: tuple[tuple[str, str], ...]

    def typed(self, lang: str) -> str:
        """What it is called where letters are made."""
        return f"{self.id}.cy" if lang == "cy" else self.id

    def name(self, lang: str) -> str:
        """The name and id of its field in the form."""
        return f"change_{self.id}_{lang}"


@dataclass(frozen=True, slots=True)
class DraftPage:
    """Making one kind of document. `lang` is the language it is made in unless another is chosen (en, cy or both).

    `lacking`: keys of facts of the school that the letter needs and no register holds; nobody types them. `number`: the
    one it gets, sent back with the form. `has_extract`: it quotes the post.
    """

    id: str
    offer: KindOffered
    decider: Role
    fields: tuple[LetterField, ...]
    lang: str
    lacking: tuple[str, ...]
    number: int
    has_extract: bool
    passages: tuple[PassageAsked, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftGiven:
    """A document as a form asks for it. `fields` and `changes` (passages worded anew) are pairs of typed name and text.

    `number` is the one the form was made for.
    """

    id: str
    kind: str
    role: str
    lang: str
    fields: tuple[tuple[str, str], ...]
    number: int
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftLooked:
    """A draft before it is made: its documents, a language each, with the draft mark and every change marked.

    `changes`: what the template says and what the letter says instead, a language each.
    """

    documents: tuple[Document, ...]
    changes: tuple[Reworded, ...]


@dataclass(frozen=True, slots=True)
class Reworded:
    """A passage that was worded anew, in one language."""

    lang: str
    template: str
    letter: str


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """One document in one language. `document` None: the files are gone or are not as they were made.

    `is_sealed`: the post it may quote is under the stop rule; its words are shown to nobody.
    """

    shown: DocumentShown
    lang: str
    document: Document | None
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class FileFetched:
    """A file to be handed to the browser. Its name says number, kind and language, and of nobody's name anything."""

    name: str
    media_type: str
    body: bytes


class DocumentActs(Protocol):
    """Letters and forms, for the person who is signed in. What they may not know of and what is not there are None or `NoSuch`.

    Raises `Retriable` while the database is written, unless an answer can say so.
    """

    def documents(self, viewer: Viewer, id_: str) -> DocumentsPage | None:
        """What is on file for one incident, and what may be made."""
        ...

    def draft(self, viewer: Viewer, id_: str, kind: str, lang: str) -> DraftPage | None:
        """What one kind asks of this person."""
        ...

    def make(self, viewer: Viewer, given: DraftGiven, lang: str) -> Outcome:
        """Made and put on file with its audit row, or not at all. `Done.state` is its number."""
        ...

    def preview(
        self, viewer: Viewer, given: DraftGiven, lang: str
    ) -> DraftLooked | RefusedHere | Busy | NoSuch:
        """As it would be made; nothing is written."""
        ...

    def read(self, viewer: Viewer, id_: str, number: str, lang_of: str) -> DocumentRead | None:
        """One document on file."""
        ...

    def open_words(self, viewer: Viewer, id_: str, number: str, lang_of: str) -> Outcome:
        """Note that they open the words of the post in it; only after `Done` may these be shown, in that answer alone."""
        ...

    def fetch(
        self, viewer: Viewer, id_: str, number: str, lang_of: str, form: str
    ) -> FileFetched | RefusedHere | Busy | NoSuch:
        """A file of it, once the audit log says who fetched it."""
        ...
