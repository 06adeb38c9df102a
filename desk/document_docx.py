"""A letter or form as a Word document to edit: real headings, lists and tables, the same bytes for the same document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import docx
from docx.blkcntnr import BlockItemContainer
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as Line

from desk.document_pdf import Wording, clean, find_wording
from mentionwatch.documents import (
    Block,
    Bullets,
    Document,
    Drawing,
    Figures,
    Form,
    Heading,
    Paragraph,
    Quoted,
)

LONGEST_PROPERTY: Final = 255
SIDES: Final = ("top", "left", "bottom", "right")
# A date has to stand in the file; this one says nothing, and is the earliest a zip archive can hold.
NO_TIME: Final = datetime(1980, 1, 1, tzinfo=UTC)

# Of python-docx's blank document: a picture of it, the program and machine that made it, styles of another Word.
_LEFT_OUT: Final = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects")
_SETTINGS_LEFT_OUT: Final = ("rsids", "docId", "savePreviewPicture")


def write_docx(document: Document) -> bytes:
    """The document as DOCX on A4 paper, without author, times or machine. Raises Refused as `find_wording` does."""
    wording = find_wording(document)
    word = docx.Document()
    _leave_out(word)
    _set_properties(word, document)
    _set_styles(word)
    _set_page(word, document, wording)
    _write_top(word, document)
    for block in document.blocks:
        _write_block(word, block, wording)
    kept = io.BytesIO()
    word.save(kept)
    return _fix_times(kept.getvalue())


def _leave_out(word: Word) -> None:
    for rels in (word.part.package.rels, word.part.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.rsplit("/", 1)[-1] in _LEFT_OUT]:
            del rels[key]
    for found in list(word.settings.element):
        if found.tag.rsplit("}", 1)[-1] in _SETTINGS_LEFT_OUT:
            word.settings.element.remove(found)
    for found in word.element.iter():
        for key in [key for key in found.attrib if "rsid" in key]:
            del found.attrib[key]


def _set_properties(word: Word, document: Document) -> None:
    locale = f"{document.lang}-GB"
    about = word.core_properties
    about.title = clean(document.title).strip()[:LONGEST_PROPERTY]
    about.language = locale
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = NO_TIME
    about.revision = 1
    for tag, root in (("w:lang", word.styles.element), ("w:themeFontLang", word.settings.element)):
        for found in root.iter(qn(tag)):
            found.set(qn("w:val"), locale)


def _set_styles(word: Word) -> None:
    _set_look(word, "Normal", size=11.5, after=8)
    _set_look(word, "Heading 1", size=15, before=14, after=8, is_bold=True)
    _set_look(word, "Heading 2", size=12.5, before=14, after=6, is_bold=True)
    _set_look(word, "List Bullet", size=11.5, after=4)
    _set_look(word, "List Number", size=11.5, after=4)
    quote = _set_look(word, "Quote", size=11.5, after=4)
    quote.font.italic = False
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Mm(4)
    _draw_border(quote, SIDES, eighths=4)
    _add_style(word, "Quote caption", "Quote").font.bold = True
    word.styles["Quote caption"].paragraph_format.keep_with_next = True
    _draw_border(_add_style(word, "Changed", "Normal"), ("left",), eighths=24)
    banner = _add_style(word, "Banner", "Normal")
    banner.font.bold = True
    banner.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _draw_border(banner, SIDES, eighths=12)
    sender = _add_style(word, "Sender", "Normal")
    sender.paragraph_format.left_indent = Mm(100)
    sender.paragraph_format.space_after = Pt(14)
    _add_style(word, "Recipient", "Normal").paragraph_format.space_after = Pt(18)
    _set_look(word, "Footer", size=9, after=0)


def _add_style(word: Word, name: str, base: str) -> ParagraphStyle:
    made: ParagraphStyle = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = word.styles[base]
    made.quick_style = True
    return made


def _set_look(
    word: Word, name: str, *, size: float, before: float = 0, after: float, is_bold: bool = False
) -> ParagraphStyle:
    """Black Arial in place of the theme's blue headings: safe on a black and white printer, and on every machine."""
    style: ParagraphStyle = word.styles[name]
    style.element.get_or_add_rPr()._remove_rFonts()
    style.font.name = "Arial"
    style.font.size = Pt(size)
    style.font.bold = is_bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.line_spacing = 1.15
    return style


def _draw_border(style: ParagraphStyle, sides: Iterable[str], *, eighths: int) -> None:
    """A line at these sides of every paragraph of the style, `eighths` of a point thick."""
    frame = OxmlElement("w:pBdr")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        frame.append(line)
    style.element.get_or_add_pPr().insert_element_before(
        frame, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"
    )


def _set_page(word: Word, document: Document, wording: Wording) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(22), Mm(24)
    section.header_distance = section.footer_distance = Mm(12)
    # Headers are not read aloud: on the first page the banner stands in the text, later ones have it in the header.
    section.different_first_page_header_footer = True
    if document.banner:
        section.header.paragraphs[0].style = "Banner"
        section.header.paragraphs[0].add_run(clean(document.banner))
    for footer in (section.first_page_footer, section.footer):
        _write_footer(footer, document, wording)


def _write_footer(footer: BlockItemContainer, document: Document, wording: Wording) -> None:
    pages = footer.paragraphs[0]
    pages.style = "Footer"
    pages.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    pages.add_run(f"{wording.page} ")
    _add_field(pages, "PAGE")
    pages.add_run(f" {wording.of} ")
    _add_field(pages, "NUMPAGES")
    if document.footer:
        footer.add_paragraph(clean(document.footer), style="Footer")


def _add_field(line: Line, name: str) -> None:
    """A number that Word works out itself when it lays out the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(line.add_run("1")._r)
    line._p.append(field)


def _write_top(word: Word, document: Document) -> None:
    if document.banner:
        word.add_paragraph(clean(document.banner), style="Banner")
    if document.sender:
        sender = word.add_paragraph(style="Sender")
        sender.add_run(clean(document.sender[0])).bold = True
        for line in document.sender[1:]:
            sender.add_run("\n" + clean(line))
    if document.recipient:
        word.add_paragraph("\n".join(clean(line) for line in document.recipient), style="Recipient")
    if document.dated:
        word.add_paragraph(clean(document.dated))
    word.add_heading(clean(document.title).strip(), level=1)


def _write_block(word: Word, block: Block, wording: Wording) -> None:
    match block:
        case Paragraph(text, is_changed):
            written = word.add_paragraph(style="Changed" if is_changed else "Normal")
            # An ending with a signature is broken by hand: it never parts from its name.
            if "\n" in text:
                written.paragraph_format.keep_together = True
            if is_changed:
                written.add_run(f"[{wording.changed}]").bold = True
                written.add_run(" ")
            written.add_run(clean(text))
        case Heading(text):
            word.add_heading(clean(text), level=2)
        case Bullets(items, is_numbered):
            number = _start_numbers(word) if is_numbered else None
            for item in items:
                line = word.add_paragraph(clean(item), style="List Number" if is_numbered else "List Bullet")
                if number is not None:
                    chosen = line._p.get_or_add_pPr().get_or_add_numPr()
                    chosen.get_or_add_ilvl().val = 0
                    chosen.get_or_add_numId().val = number
        case Quoted(text, caption):
            if caption:
                word.add_paragraph(clean(caption), style="Quote caption")
            word.add_paragraph(clean(text), style="Quote")
        case Form():
            _write_form(word, block, wording)
        case Figures():
            _write_figures(word, block)
        case Drawing(_, told):
            # Word shows no SVG of every age: the words stand in its place.
            word.add_paragraph(clean(told))


def _start_numbers(word: Word) -> int:
    """The id of a numbering of its own: a second list would go on counting from the first."""
    numbering = word.part.numbering_part.element
    used = word.styles["List Number"].element.pPr.numPr.numId.val
    made = numbering.add_num(numbering.num_having_numId(used).abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _write_form(word: Word, form: Form, wording: Wording) -> None:
    table = word.add_table(rows=1, cols=2, style="Table Grid")
    table.autofit = False
    # The first row stands again on every page, and both it and the first column count as headings.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    rows = [(wording.item, wording.answer), *((clean(row.label), clean(row.answer)) for row in form.rows)]
    for place, (label, answer) in enumerate(rows):
        row = table.rows[0] if place == 0 else table.add_row()
        row.cells[0].paragraphs[0].add_run(label).bold = True
        row.cells[1].paragraphs[0].add_run(answer).bold = True if place == 0 else None
        if not answer:
            row.height = Mm(14)
    for column, width in zip(table.columns, (Mm(58), Mm(102)), strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    word.add_paragraph()


def _write_figures(word: Word, figures: Figures) -> None:
    caption = word.add_paragraph()
    caption.add_run(clean(figures.caption)).bold = True
    caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(figures.headings), style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, line in enumerate((figures.headings, *figures.rows)):
        row = table.rows[0] if place == 0 else table.add_row()
        for column, (cell, said) in enumerate(zip(row.cells, line, strict=True)):
            is_heading = place == 0 or column == 0
            cell.paragraphs[0].add_run(clean(said)).bold = True if is_heading else None
    word.add_paragraph()


def _fix_times(packed: bytes) -> bytes:
    """The same archive with one time on every part, and no trace of the system it was packed on."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as given, zipfile.ZipFile(kept, "w") as made:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, date_time=NO_TIME.timetuple()[:6])
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 0
            made.writestr(part, given.read(name))
    return kept.getvalue()
