"""A letter or form as a PDF that a screen reader can read (PDF/UA-1), the same bytes for the same document."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Final

import typst

from desk.masking import tidy
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
from mentionwatch.errors import Refused


@dataclass(frozen=True, slots=True)
class Wording:
    """The words a document of one language carries that nobody wrote into it."""

    page: str
    of: str
    changed: str
    item: str
    answer: str


WORDING: Final = {
    "en": Wording(page="page", of="of", changed="changed", item="Item", answer="Answer"),
    "cy": Wording(page="tudalen", of="o", changed="newidiwyd", item="Eitem", answer="Ateb"),
}

# Neither XML nor a font holds these: halves of a pair that stand alone, and code points that are no characters.
_NO_CHARACTER: Final = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# What the fonts inside typst draw for certain, in regular and bold; the tests draw every one of them. Accents that
# stand alone are not among them: no font has them on top of every letter.
NOT_SURELY_DRAWN: Final = re.compile(
    "[^\n\t -~\u00a0-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u045f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u1e00-\u1eff\u2000-\u200a\u2010-\u2038\u20a0-\u20bf\u2190-\u22ff]+"
)


def clean(text: str) -> str:
    """The text composed (ŵ is one character), without control, direction and invisible characters."""
    return _NO_CHARACTER.sub("", unicodedata.normalize("NFC", tidy(text).replace("\t", " ")))


def find_wording(document: Document) -> Wording:
    """The wording of the document's language. Raises Refused for another language, and for a document without a title."""
    if document.lang not in WORDING:
        raise Refused(f"refused: a document is in English (en) or Welsh (cy), not in {document.lang!r}")
    if not _says_something(document.title):
        raise Refused("refused: a document needs a title: a screen reader announces it first")
    return WORDING[document.lang]


def write_pdf(document: Document) -> bytes:
    """The document as a tagged PDF on A4 paper. Raises Refused as `find_wording` does.

    A character that no font here can draw (most emoji) is named in brackets: the reader sees what was written.
    """
    wording = find_wording(document)
    try:
        return _compile(_to_json(document, wording, clean))
    except typst.TypstError:
        # PDF/UA refuses a box in place of a letter. Typst names one culprit at a time, so all suspects go at once.
        return _compile(_to_json(document, wording, _name_undrawn))


def _says_something(text: str) -> bool:
    return any(unicodedata.category(sign)[0] in "LNPS" for sign in clean(text))


def _name_undrawn(text: str) -> str:
    return NOT_SURELY_DRAWN.sub(_name, clean(text))


def _name(found: re.Match[str]) -> str:
    # Joiners and variants only tell a font how to draw the sign beside them.
    seen = [sign for sign in found[0] if unicodedata.category(sign) != "Cf" and not _is_variant(sign)]
    names = [unicodedata.name(sign, f"U+{ord(sign):04X}").lower() for sign in seen]
    return f"[{', '.join(names)}]" if names else ""


def _is_variant(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def _compile(text: str) -> bytes:
    with TemporaryDirectory() as empty:
        # An empty root and empty package folders: the template can read nothing but its input.
        made = typst.Compiler(
            _template(),
            root=empty,
            font_paths=typst.Fonts(include_system_fonts=False),
            sys_inputs={"document": text},
            package_path=empty,
            package_cache_path=empty,
        ).compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("desk").joinpath("templates", "document.typ").read_bytes()


def _to_json(document: Document, wording: Wording, say: Callable[[str], str]) -> str:
    return json.dumps(
        {
            "lang": document.lang,
            "title": say(document.title).strip(),
            "sender": [say(line) for line in document.sender],
            "recipient": [say(line) for line in document.recipient],
            "dated": say(document.dated),
            "banner": say(document.banner).strip(),
            "footer": say(document.footer).strip(),
            "words": {
                "page": wording.page,
                "of": wording.of,
                "changed": wording.changed,
                "item": wording.item,
                "answer": wording.answer,
            },
            "blocks": [_shape(block, say) for block in document.blocks],
        }
    )


def _shape(block: Block, say: Callable[[str], str]) -> dict[str, object]:
    """One block as the template reads it."""
    match block:
        case Paragraph(text, is_changed):
            return {"kind": "paragraph", "text": say(text), "is_changed": is_changed}
        case Heading(text):
            # PDF/UA refuses a heading without a word.
            kind = "heading" if _says_something(text) else "paragraph"
            return {"kind": kind, "text": say(text).strip(), "is_changed": False}
        case Bullets(items, is_numbered):
            return {"kind": "numbered" if is_numbered else "bullets", "items": [say(item) for item in items]}
        case Quoted(text, caption):
            return {"kind": "quoted", "text": say(text), "caption": say(caption)}
        case Form(rows):
            return {
                "kind": "form",
                "rows": [{"label": say(row.label), "answer": say(row.answer)} for row in rows],
            }
        case Figures(caption, headings, lines):
            return {
                "kind": "figures",
                "caption": say(caption),
                "headings": [say(heading) for heading in headings],
                "lines": [[say(cell) for cell in line] for line in lines],
            }
        case Drawing(svg, told):
            return {"kind": "drawing", "svg": svg, "told": say(told)}
