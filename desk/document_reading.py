"""A letter or form read back from the Word file it was kept in: what a page shows is what is on file, and nothing else.

The file's own markup never reaches a page: only its words come out, as the blocks they were written from.
"""

from __future__ import annotations

import io
from zipfile import BadZipFile

from desk.document_pdf import WORDING
from mentionwatch.documents import Block, Bullets, Document, Form, FormRow, Heading, Paragraph, Quoted

LARGEST = 4 * 1024 * 1024
"""Bytes of the file as it lies on disk; a letter has some forty thousand."""


class NotOurs(ValueError):
    """The bytes are no letter or form as `write_docx` writes one."""


def read_docx(packed: bytes, lang: str) -> Document:
    """The document these bytes were written from, as `write_docx` cleans it. Raises `NotOurs`.

    Only for bytes whose digest was looked at before: what a stranger packed is not unpacked here (ASVS V5.2.3).
    A paragraph that was marked as changed, as in the copy for the second reader, says so again.
    """
    import docx
    from docx.table import Table

    if len(packed) > LARGEST:
        raise NotOurs("too large")
    try:
        word = docx.Document(io.BytesIO(packed))
        content = list(word.iter_inner_content())
        footer = word.sections[0].first_page_footer.paragraphs
    except (BadZipFile, KeyError, ValueError, IndexError):
        raise NotOurs("no document") from None
    top: dict[str, str] = {}
    title = ""
    blocks: list[Block] = []
    caption = ""
    is_below_table = False
    for item in content:
        if isinstance(item, Table):
            blocks.append(_form(item))
            is_below_table = True
            continue
        style, text = (item.style.name if item.style else "") or "", item.text
        was_below_table, is_below_table = is_below_table, False
        if not title:
            if style == "Heading 1":
                title = text
            else:
                top[style] = text
        elif style == "Quote caption":
            caption = text
        elif style == "Quote":
            blocks.append(Quoted(text, caption))
            caption = ""
        elif style in ("List Bullet", "List Number"):
            _add_item(blocks, text, is_numbered=style == "List Number")
        elif style == "Heading 2":
            blocks.append(Heading(text))
        elif text or not was_below_table:
            is_changed = style == "Changed"
            mark = f"[{WORDING[lang].changed}] " if is_changed else ""
            blocks.append(Paragraph(text.removeprefix(mark), is_changed))
    if not title:
        raise NotOurs("no title")
    return Document(
        title=title,
        lang=lang,
        blocks=tuple(blocks),
        sender=_lines(top.get("Sender", "")),
        recipient=_lines(top.get("Recipient", "")),
        dated=top.get("Normal", ""),
        banner=top.get("Banner", ""),
        footer="\n".join(line.text for line in footer[1:]),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _add_item(blocks: list[Block], text: str, *, is_numbered: bool) -> None:
    """To the list that is being read, or the first of another one."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Bullets) and last.is_numbered == is_numbered:
        blocks[-1] = Bullets((*last.items, text), is_numbered)
    else:
        blocks.append(Bullets((text,), is_numbered))


def _form(table: object) -> Form:
    """A table of questions and answers, without its row of headings."""
    from docx.table import Table

    if not isinstance(table, Table) or len(table.columns) != 2:
        raise NotOurs("a table of another kind")
    return Form(tuple(FormRow(row.cells[0].text, row.cells[1].text) for row in table.rows[1:]))
