"""A letter as PDF and DOCX: every word as written, readable aloud and in black and white, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import replace

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.document_docx import write_docx
from desk.document_pdf import NOT_SURELY_DRAWN, clean, write_pdf
from mentionwatch.documents import Bullets, Document, Form, FormRow, Heading, Paragraph, Quoted
from mentionwatch.errors import Refused

TYPST_MARKUP = (
    '#evil[] *a* _b_ $x^2$ @b <c> ` // = /* https://a.example #read("/etc/hostname") \\ ~ -- \' " [z]'
)
XML_SPECIALS = "<w:p>&amp;</w:p> ]]> <!-- x --> &#0; <?pi?> \"'"
WELSH = "ŵ ŷ Ŵ Ŷ â ê î ô û ẁ ỳ ï Ï dŵr tŷ gŵyl Ŵyn Ŷd tân pêl môr"
HOSTILE = "a\x00b\x07c\x1bd\ud800e\ufffef\u202eg\u200fh\u2066i\x85j"

# Right to left is left out here only because pypdf does not say in which order it reads it.
WRITTEN = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x17F),
        st.sampled_from("ŵŷŴŶẁỳ#*_$@<>`/\\=-~[]{}&;\"'\n\t\u200e\u200f\u202e\u2067\x00\x0b\x1f€–‘’“”…αж→"),
    ),
    max_size=60,
)


def letter(**changes: object) -> Document:
    """One of every block."""
    plain = Document(
        title="Invitation to meet",
        lang="en",
        blocks=(
            Paragraph("Dear Ms Huws,"),
            Paragraph("The office closes at four.", is_changed=True),
            Heading("What was posted"),
            Quoted("The gate was locked again.", "Posted on 19 November 2026 at 21:40"),
            Bullets(("Bring a friend", "Ask for a break")),
            Bullets(("First listen", "Then agree"), is_numbered=True),
            Form((FormRow("Your name"), FormRow("Language", "Welsh or English"))),
        ),
        sender=("Ysgol Cwm Eithin", "Eithin Road"),
        recipient=("Ms Huws", "1 Sea View"),
        dated="21 November 2026",
        banner="Draft for checking",
        footer="Pack version 3",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def filled_with(text: str, lang: str = "en") -> Document:
    """The same words at every place that takes words."""
    return Document(
        title=f"T{text}",
        lang=lang,
        blocks=(
            Paragraph(text),
            Paragraph(text, is_changed=True),
            Heading(text),
            Quoted(text, text),
            Bullets((text, text)),
            Bullets((text,), is_numbered=True),
            Form((FormRow(text, text),)),
        ),
        sender=(text, text),
        recipient=(text, text),
        dated=text,
        banner=text,
        footer=text,
    )


PLACES = 15


def read_pdf(packed: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(packed))


def pdf_text(packed: bytes) -> str:
    return "\n".join(page.extract_text() for page in read_pdf(packed).pages)


def docx_parts(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def docx_text(packed: bytes) -> str:
    """The words of the body, headers and footers, in the order of the file; breaks as new lines."""
    shown = []
    for name, part in docx_parts(packed).items():
        if re.fullmatch(r"word/(document|header\d|footer\d)\.xml", name):
            for found in parse_xml(part).iter(qn("w:t"), qn("w:br"), qn("w:p"), qn("w:tab")):
                shown.append(found.text or "" if found.tag == qn("w:t") else "\n")
    return "".join(shown)


def bare(text: str) -> str:
    """Without white space: lines break where the paper ends."""
    return "".join(text.split())


def nodes(packed: bytes) -> list[dict[str, object]]:
    """Every dictionary of a PDF's structure tree."""
    found: list[dict[str, object]] = []
    waiting = [read_pdf(packed).trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            found.append(node)
            if "/K" in node:
                waiting.append(node["/K"])
    return found


def tags(packed: bytes) -> set[str]:
    """The kinds of structure element in a PDF."""
    return {str(node["/S"]) for node in nodes(packed) if "/S" in node}


def words_of(document: Document) -> list[str]:
    """Every text of a document, gathered from the value itself."""
    shown = [document.title, document.dated, document.banner, document.footer]
    shown += [*document.sender, *document.recipient]
    for block in document.blocks:
        match block:
            case Paragraph(text) | Heading(text):
                shown.append(text)
            case Quoted(text, caption):
                shown += [text, caption]
            case Bullets(items):
                shown += items
            case Form(rows):
                shown += [word for row in rows for word in (row.label, row.answer)]
    return shown


def test_every_word_of_every_block_is_in_both() -> None:
    """Nothing of a letter is lost on the way to paper."""
    pdf, word = pdf_text(write_pdf(letter())), docx_text(write_docx(letter()))
    for text in words_of(letter()):
        assert bare(text) in bare(pdf), text
        assert text in word, text


@pytest.mark.parametrize("text", [TYPST_MARKUP, XML_SPECIALS, WELSH])
def test_hostile_and_welsh_texts_print_as_they_are(text: str) -> None:
    document = filled_with(text)
    assert bare(pdf_text(write_pdf(document))).count(bare(text)) >= PLACES
    assert docx_text(write_docx(document)).count(text) >= PLACES


def test_control_and_direction_characters_go_and_the_letters_stay() -> None:
    document = filled_with(HOSTILE)
    for shown in (pdf_text(write_pdf(document)), docx_text(write_docx(document))):
        assert bare(shown).count("abcdefghij") >= PLACES
        assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u200e\u200f\u2066-\u2069]", shown)


def test_a_letter_with_its_accent_beside_it_becomes_one_letter() -> None:
    apart = unicodedata.normalize("NFD", WELSH)
    assert apart != WELSH
    assert bare(WELSH) in bare(pdf_text(write_pdf(letter(blocks=(Paragraph(apart),)))))
    assert WELSH in docx_text(write_docx(letter(blocks=(Paragraph(apart),))))


@given(text=WRITTEN, lang=st.sampled_from(["en", "cy"]))
@settings(max_examples=25, deadline=None)
def test_whatever_is_written_is_shown(text: str, lang: str) -> None:
    document = filled_with(text, lang)
    for shown in (pdf_text(write_pdf(document)), docx_text(write_docx(document))):
        assert bare(shown.replace("\xad", "")).count(bare(clean(text))) >= PLACES - 1


@given(text=st.text(max_size=40))
@settings(max_examples=25, deadline=None)
def test_no_text_stops_a_letter_or_swallows_its_neighbours(text: str) -> None:
    document = letter(blocks=(Paragraph("before"), *filled_with(text).blocks, Paragraph("after")))
    for shown in (pdf_text(write_pdf(document)), docx_text(write_docx(document))):
        assert "before" in shown and "after" in shown


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=40, deadline=None)
def test_a_word_file_always_opens_again(text: str) -> None:
    opened = docx.Document(io.BytesIO(write_docx(filled_with(text))))
    assert opened.paragraphs[0].style is not None and opened.paragraphs[0].style.name == (
        "Banner" if text else "Sender"
    )


def test_what_no_font_can_draw_is_named() -> None:
    pdf = bare(pdf_text(write_pdf(letter(blocks=(Paragraph("Well done 😀👍🏽 to 中 all"),)))))
    assert (
        "Welldone[grinningface,thumbsupsign,emojimodifierfitzpatricktype-4]to[cjkunifiedideograph-4e2d]all"
        in pdf
    )
    assert "Well done 😀" in docx_text(write_docx(letter(blocks=(Paragraph("Well done 😀"),))))


def test_the_fonts_draw_all_that_is_promised() -> None:
    promised = [chr(code) for code in range(0x21, 0x2300) if not NOT_SURELY_DRAWN.match(chr(code))]
    assert len(promised) > 1500
    alone = " ".join(sign for sign in promised if sign not in "[]")
    shown = pdf_text(write_pdf(letter(banner="", blocks=(Paragraph(alone), Heading(alone)))))
    assert "[" not in shown


@pytest.mark.parametrize("lang, region", [("en", "en-GB"), ("cy", "cy-GB")])
def test_a_pdf_is_tagged_and_says_its_language_and_title(lang: str, region: str) -> None:
    packed = write_pdf(letter(lang=lang))
    root = read_pdf(packed).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert root["/Lang"] == region  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    metadata = read_pdf(packed).metadata
    assert metadata is not None and metadata.title == "Invitation to meet"
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/BlockQuote"} <= tags(packed)
    xmp = read_pdf(packed).xmp_metadata
    assert xmp is not None and b"pdfuaid" in packed


@pytest.mark.parametrize("lang, region", [("en", "en-GB"), ("cy", "cy-GB")])
def test_a_word_file_says_its_language_and_title(lang: str, region: str) -> None:
    packed = write_docx(letter(lang=lang))
    about = docx.Document(io.BytesIO(packed)).core_properties
    assert (about.title, about.language) == ("Invitation to meet", region)
    styles = parse_xml(docx_parts(packed)["word/styles.xml"])
    assert {found.get(qn("w:val")) for found in styles.iter(qn("w:lang"))} == {region}


def test_a_word_file_is_made_of_headings_lists_and_a_table() -> None:
    opened = docx.Document(io.BytesIO(write_docx(letter())))
    styles = {line.text: line.style.name for line in opened.paragraphs if line.style is not None}
    assert styles["Invitation to meet"] == "Heading 1"
    assert styles["What was posted"] == "Heading 2"
    assert styles["Bring a friend"] == "List Bullet"
    assert styles["Then agree"] == "List Number"
    assert styles["The gate was locked again."] == "Quote"
    table = opened.tables[0]
    assert [cell.text for cell in table.columns[0].cells] == ["Item", "Your name", "Language"]
    assert [cell.text for cell in table.columns[1].cells] == ["Answer", "", "Welsh or English"]
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    assert look is not None and look.get(qn("w:firstColumn")) == "1"
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    room = [row.height for row in table.rows]
    assert room[1] is not None and room[2] is None, "an empty answer leaves room to write"


def test_every_numbered_list_begins_at_one() -> None:
    lists = (Bullets(("a", "b"), is_numbered=True), Paragraph("then"), Bullets(("c", "d"), is_numbered=True))
    opened = docx.Document(io.BytesIO(write_docx(letter(blocks=lists))))
    numbers = {
        line.text: line._p.pPr.numPr.numId.val  # type: ignore[union-attr]
        for line in opened.paragraphs
        if line.text in ("a", "b", "c", "d")
    }
    assert numbers["a"] == numbers["b"] != numbers["c"] == numbers["d"]
    assert re.search(r"1\.\s+c\s+2\.\s+d", pdf_text(write_pdf(letter(blocks=lists))))


@pytest.mark.parametrize("lang, mark", [("en", "[changed]"), ("cy", "[newidiwyd]")])
def test_changes_from_the_template_can_be_read_without_colour(lang: str, mark: str) -> None:
    """L41: a changed paragraph says so in words, in the language of the letter."""
    document = letter(lang=lang)
    for shown in (pdf_text(write_pdf(document)), docx_text(write_docx(document))):
        assert f"{mark} The office closes at four." in shown
        assert shown.count(mark) == 1
    opened = docx.Document(io.BytesIO(write_docx(document)))
    changed = next(line for line in opened.paragraphs if mark in line.text)
    assert (
        changed.style is not None
        and changed.style.element.find(f".//{qn('w:pBdr')}/{qn('w:left')}") is not None
    )


@pytest.mark.parametrize("lang, page, of", [("en", "page", "of"), ("cy", "tudalen", "o")])
def test_every_page_has_the_banner_the_footer_and_its_number(lang: str, page: str, of: str) -> None:
    """G11: "policy date unknown" is a banner, and no page goes without it."""
    document = letter(
        lang=lang, blocks=tuple(Paragraph("Some words of a long letter. " * 30) for _ in range(12))
    )
    pages = read_pdf(write_pdf(document)).pages
    assert len(pages) >= 3
    for number, shown in enumerate(pages, start=1):
        text = shown.extract_text()
        assert text.count("Draft for checking") == 1
        assert text.count("Pack version 3") == 1
        assert f"{page} {number} {of} {len(pages)}" in text
    section = docx.Document(io.BytesIO(write_docx(document))).sections[0]
    # Word shows the header from the second page on; the first page has the banner in its text.
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].text == "Draft for checking"
    assert docx.Document(io.BytesIO(write_docx(document))).paragraphs[0].text == "Draft for checking"
    for footer in (section.first_page_footer, section.footer):
        assert [line.text for line in footer.paragraphs][1] == "Pack version 3"
        fields = [found.get(qn("w:instr")) for found in footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
        assert bare("".join(found.text or "" for found in footer._element.iter(qn("w:t")))).startswith(
            f"{page}1{of}1"
        )


def test_the_first_banner_is_read_aloud() -> None:
    """Backgrounds and headers are skipped by screen readers, so the words stand in the text of page one."""
    page = read_pdf(write_pdf(letter())).pages[0]
    drawn = page.get_contents()
    assert drawn is not None
    artifacts = re.findall(rb"/Artifact.*?EMC", drawn.get_data(), re.DOTALL)
    assert artifacts, "the footer is one"
    first_text = drawn.get_data().index(b"BT")
    opened = drawn.get_data()[:first_text].rsplit(b"BDC", 1)[0].rsplit(b"EMC", 1)[-1]
    assert b"/Artifact" not in opened


def test_no_banner_no_box() -> None:
    assert "Draft" not in pdf_text(write_pdf(letter(banner="")))
    assert "Banner" not in docx_parts(write_docx(letter(banner="")))["word/document.xml"].decode()


def test_a_word_wider_than_the_paper_goes_on_below() -> None:
    lines: set[float] = set()

    def note(text: str, outer: list[float], inner: list[float], *_rest: object) -> None:
        if "w" in text:
            lines.add(round(inner[5] * outer[3] + outer[5]))

    long = letter(banner="", sender=(), recipient=(), blocks=(Paragraph("w" * 300),))
    reader = read_pdf(write_pdf(long))
    reader.pages[0].extract_text(visitor_text=note)
    assert len(lines) >= 4
    assert "w" * 300 in bare(reader.pages[0].extract_text())


def test_the_same_document_gives_the_same_bytes_in_another_process_and_time_zone() -> None:
    program = (
        "import hashlib, time; from desk.document_docx import write_docx; from desk.document_pdf import write_pdf;"
        "from tests.desk.test_documents import letter;"
        "print(*(hashlib.sha256(write(letter())).hexdigest() for write in (write_pdf, write_docx)))"
    )
    env = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1700000000"}
    other = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )
    here = [hashlib.sha256(write(letter())).hexdigest() for write in (write_pdf, write_docx)]
    assert other.stdout.split() == here


def test_nobody_no_time_and_no_machine_is_in_the_properties() -> None:
    metadata = read_pdf(write_pdf(letter())).metadata
    assert metadata is not None and set(metadata) <= {"/Title", "/Subject", "/Creator"}
    assert str(metadata["/Creator"]).startswith("Typst ")
    parts = docx_parts(write_docx(letter()))
    about = docx.Document(io.BytesIO(write_docx(letter()))).core_properties
    assert (about.author, about.last_modified_by, about.comments, about.keywords) == ("", "", "", "")
    assert about.revision == 1 and about.created == about.modified
    assert not [name for name in parts if re.search("thumbnail|app.xml|custom", name)]
    whole = b"".join(parts.values())
    for trace in (b"python-docx", b"Macintosh Word", b"docId"):
        assert trace not in whole
    with zipfile.ZipFile(io.BytesIO(write_docx(letter()))) as archive:
        assert {(part.date_time, part.create_system) for part in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0)
        }


@pytest.mark.parametrize("write", [write_pdf, write_docx])
@pytest.mark.parametrize("wrong", [{"title": " \x07\u200f "}, {"title": ""}, {"lang": "fr"}])
def test_without_title_or_language_a_document_is_refused(write: object, wrong: dict[str, str]) -> None:
    assert callable(write)
    with pytest.raises(Refused, match=r"^refused: a document"):
        write(letter(**wrong))


def test_a_heading_without_words_and_empty_blocks_do_no_harm() -> None:
    empty = (
        Heading(""),
        Heading("\ufe0f"),
        Paragraph("", is_changed=True),
        Bullets(()),
        Quoted("", ""),
        Form(()),
    )
    document = letter(blocks=(*empty, Paragraph("end")))
    assert "end" in pdf_text(write_pdf(document))
    assert "end" in docx_text(write_docx(document))
