"""Names of people who report that occur nowhere else, pictures that hold one, and a search that knows disguises."""

from __future__ import annotations

import base64
import json
import re
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from html import unescape
from io import BytesIO
from urllib.parse import quote

import pypdf

from mentionwatch.lookalikes import find_names
from tests.incidents.homes import Desk, Said

NAMES = (
    "Zanzibar Quuxley",
    "Ŵenllïan Qŷrwedd",
    "Xanthippe Vroom-Quigg",
    "zq.informant@quuxmail.example",
    "07700 900417",
    "@quibblezorp_77",
)
"""Two words, Welsh with its marks, hyphenated, an e-mail address, a telephone number, a handle."""
PNG_CANARY, EXIF_CANARY, COMMENT_CANARY = "Pngqanariaccount", "Exifqanariaccount", "Comqanariaccount"
IN_PICTURES = (PNG_CANARY, EXIF_CANARY, COMMENT_CANARY)
"""The account a screenshot was made from, as telephones write it into a picture."""


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def make_png() -> bytes:
    """One grey pixel with a text chunk."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    text = b"Author\0" + PNG_CANARY.encode()
    parts = ((b"IHDR", head), (b"tEXt", text), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def make_jpeg() -> bytes:
    """The segments before the pixels: EXIF with one entry (Artist), and a comment."""
    artist = EXIF_CANARY.encode() + b"\0"
    tiff = struct.pack(">2sHIHHHIII", b"MM", 42, 8, 1, 0x013B, 2, len(artist), 26, 0) + artist
    segments = ((0xE1, b"Exif\0\0" + tiff), (0xFE, COMMENT_CANARY.encode()))
    return b"\xff\xd8" + b"".join(struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body for kind, body in segments) + b"\xff\xd9"  # fmt: skip


def _plain(text: str) -> str:
    """Without its marks."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _base64(data: bytes) -> Iterable[bytes]:
    """What stands in any base64 text that holds the data, at each of the three places it may begin."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + data)
        yield whole[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]


def disguise(name: str) -> dict[str, bytes]:
    """The name in each disguise that the search knows, by the disguise's name."""
    looks = str.maketrans("aeopcixyAEOPCXH0", "аеорсіхуАЕОРСХНО")
    reverse = " ".join(reversed(name.split()))
    forms = {
        "as it is": name,
        "capitals": name.upper(),
        "without marks": _plain(name),
        "decomposed": unicodedata.normalize("NFD", name),
        "look-alikes": name.translate(looks),
        "zero width": "\u200b".join(name),
        "soft hyphens": "\u00ad".join(name),
        "full width": "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in name),
        "words swapped": reverse,
        "over two lines": name.replace(" ", "\r\n").replace("-", "-\r\n"),
        "for an address": quote(name, safe=""),
        "each sign for an address": "".join(f"%{byte:02X}" for byte in name.encode()),
        "for HTML": "".join(f"&#x{ord(sign):x};" for sign in name),
        "for JSON": json.dumps(name)[1:-1],
        "each sign for JSON": "".join(f"\\u{ord(sign):04x}" for sign in name),
        "hex": name.encode().hex(),
    }
    found = {kind: form.encode() for kind, form in forms.items()}
    found["UTF-16"] = name.encode("utf-16-le")
    return found | {f"base64 {at}": base64.b64encode(b"?" * at + name.encode() + b"!!") for at in range(3)}


_JSON = re.compile(r"\\u([0-9a-fA-F]{4})")


class Search:
    """Looks for words in whatever is rendered. What was read before is not read again: most pages share most lines."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self._exact: dict[bytes, str] = {}
        self._small: dict[bytes, str] = {}
        self._seen: set[int] = set()
        for word in self.words:
            for form in dict.fromkeys(
                (word, word.lower(), word.upper(), _plain(word), word.replace(" ", ""))
            ):
                data = form.encode()
                self._exact |= dict.fromkeys((*_base64(data), form.encode("utf-16-le")), word)
                self._exact |= {part.translate(bytes.maketrans(b"+/", b"-_")): word for part in _base64(data)}
                small = form.lower()
                self._small |= dict.fromkeys((small.encode(), data.hex().encode(), form.encode("latin-1", "ignore").lower()), word)  # fmt: skip

    def find(self, rendered: bytes | str) -> tuple[str, ...]:
        """The words that stand in it, in any disguise; bytes that are no text are searched as bytes only."""
        data = rendered.encode("utf-8", "surrogatepass") if isinstance(rendered, str) else rendered
        small = data.lower()
        found = [word for needle, word in self._exact.items() if needle in data]
        found += [word for needle, word in self._small.items() if needle in small]
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = ""
        found += find_names(self._new_lines(text), self.words)
        return tuple(dict.fromkeys(found))

    def _new_lines(self, text: str) -> str:
        """Lines with their neighbours, where the three were not yet read together; escapes undone beside them."""
        lines = ["", *text.splitlines(), ""]
        new: list[str] = []
        for three in zip(lines, lines[1:], lines[2:], strict=False):
            if (key := hash(three)) not in self._seen:
                self._seen.add(key)
                new += [*three, "|"]
        kept = "\n".join(new)
        if "\\u" in kept:
            kept += "\n|\n" + _JSON.sub(lambda sign: chr(int(sign[1], 16)), kept)
        return kept + ("\n|\n" + unescape(unescape(kept)) if "&amp;" in kept else "")


class Seen:
    """Everything that was rendered, searched as it comes and counted by kind."""

    def __init__(self) -> None:
        self.search = Search((*NAMES, *IN_PICTURES))
        self.counts: Counter[str] = Counter()
        self.hits: list[tuple[str, str]] = []

    def take(self, kind: str, rendered: bytes | str) -> None:
        self.counts[kind] += 1
        self.hits += [(kind, word) for word in self.search.find(rendered)]

    def take_said(self, desk: Desk, *arguments: str) -> Said:
        said = desk.run(*arguments)
        self.take(f"command {' '.join(arguments[:2])}", said.out + said.err)
        return said

    def take_zip(self, kind: str, body: bytes) -> None:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            for name in archive.namelist():
                self.take(kind, name.encode() + b"\n" + archive.read(name))

    def take_pdf(self, body: bytes) -> None:
        self.take("pdf bytes", body)
        self.take("pdf text", " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(body)).pages))
        for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", body, re.S):
            try:
                self.take("pdf stream", zlib.decompress(stream))
            except zlib.error:
                self.take("pdf stream", stream)
