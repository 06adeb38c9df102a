"""A letter or form as a value: what it says, before it becomes DOCX or PDF (desk/). Pure text, never markup."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `is_changed`: a person changed it from the template, and the copy for checking shows that."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section below the title."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, in order; `is_numbered` when the order matters."""

    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a post with when they were posted, set apart from our own."""

    text: str
    caption: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A line of a form: what is asked, and the answer; an empty answer leaves room to write."""

    label: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Rows to fill in, as a table with row headings."""

    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of figures with a heading for each column; every row begins with its own heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of our own as SVG, and the words that stand for it where it is not seen."""

    svg: str
    told: str


Block = Paragraph | Heading | Bullets | Quoted | Form | Figures | Drawing


@dataclass(frozen=True, slots=True)
class Document:
    """One document in one language.

    `lang` is en or cy; `banner` stands on top of every page (a draft mark, "policy date unknown") and is empty on a
    document that may go out; `sender` and `recipient` are address lines; `footer` holds law card and pack versions.
    """

    title: str
    lang: str
    blocks: tuple[Block, ...]
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    dated: str = ""
    banner: str = ""
    footer: str = ""
