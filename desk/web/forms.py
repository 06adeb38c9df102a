"""What a browser sends: read under a cap, strictly, and handed on as named texts. An unknown field is refused.

ASVS V1.5, V2.2.1, V4.1 (content type), V5.2.1 (sizes), V15.3.3 (no mass assignment).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from desk.web.context import visit_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive

CSRF_FIELD = "csrf"
MOST_FORM = 64 * 1024
MOST_UPLOAD = 10 * 1024 * 1024
MOST_HEARD = 4 * MOST_UPLOAD
"""Of what is too large so much is heard, and thrown away, before the answer."""
HEARD_S = 20
MOST_FIELDS = 200
MOST_FILES = 5
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it. `name` and `media_type` are the sender's word: hints, never paths."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that were sent, in their order, without the token."""

    pairs: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, Upload], ...] = ()
    csrf: str = ""

    def text(self, name: str) -> str:
        """A field's text without space around it, line ends as \\n; empty when it was not sent."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """A field as it is: a password may begin with a space."""
        return next((value.replace("\r\n", "\n") for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be chosen several times."""
        return tuple(value for key, value in self.pairs if key == name)

    def file(self, name: str) -> Upload | None:
        """The file of a field; None when none was chosen."""
        return next((file for key, file in self.files if key == name and file.data), None)


def sent(request: Request, *names: str, several: Collection[str] = ()) -> Form:
    """The form of this POST, which has only these fields, each at most once unless it is among `several`.

    Raises HTTPException 400: a browser with our own page never sends anything else.
    """
    form = visit_of(request).form
    if form is None:
        raise HTTPException(400)
    keys = [key for key, _ in form.pairs] + [key for key, _ in form.files]
    if any(key not in names and key not in several for key in keys):
        raise HTTPException(400)
    if any(keys.count(name) > 1 for name in names if name not in several):
        raise HTTPException(400)
    return form


def whole_number(text: str) -> int:
    """A number our own page wrote into a hidden field. Raises HTTPException 400 for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise HTTPException(400)
    return int(text)


async def receive(request: Request, *, takes_files: bool) -> Form:
    """The body of a POST. Raises HTTPException: 413 too large, 415 not a form, 400 not a readable one."""
    said = request.headers.get("content-type", "").lower()
    kind = said.partition(";")[0].strip()
    if kind == MULTIPART and takes_files:
        # Browsers name none; whoever does would choose how our fields are read.
        if "charset" in said:
            raise HTTPException(415)
        return await _multipart(request)
    if kind != URLENCODED:
        raise HTTPException(415)
    return _form(_pairs(await _body(request, MOST_FORM)))


async def let_finish(receive: Receive) -> None:
    """Hear the rest of what is too large, and keep none of it: a browser whose sending is cut off shows no answer.

    Not without end: `MOST_HEARD` octets and `HEARD_S` seconds, then the connection is cut after all.
    """
    from anyio import move_on_after

    heard = 0
    with move_on_after(HEARD_S):
        while heard < MOST_HEARD:
            message = await receive()
            heard += len(message.get("body", b""))
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return


async def _body(request: Request, most: int) -> bytes:
    """The whole body, never more than `most` octets of it in memory."""
    claimed = request.headers.get("content-length", "0")
    if not (claimed.isascii() and claimed.isdigit()):
        raise HTTPException(400)
    if int(claimed[:12]) > most:
        await let_finish(request.receive)
        raise HTTPException(413)
    body, more = bytearray(), True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            if more:
                await let_finish(request.receive)
            raise HTTPException(413)
    return bytes(body)


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:  # also not ASCII, not UTF-8 once decoded, too many fields
        raise HTTPException(400) from None


async def _multipart(request: Request) -> Form:
    from starlette.datastructures import UploadFile
    from starlette.formparsers import MultiPartException, MultiPartParser

    body = await _body(request, MOST_UPLOAD)

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    parser = MultiPartParser(
        request.headers, whole(), max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_FORM
    )
    # What somebody hands in lies in no temporary file on its way.
    parser.spool_max_size = MOST_UPLOAD + 1
    try:
        found = await parser.parse()
    except (MultiPartException, UnicodeError):
        raise HTTPException(400) from None
    pairs: list[tuple[str, str]] = []
    files: list[tuple[str, Upload]] = []
    for key, value in found.multi_items():
        if isinstance(value, UploadFile):
            files.append((key, Upload(value.filename or "", value.content_type or "", await value.read())))
        else:
            pairs.append((key, value))
    await found.close()
    return _form(pairs, tuple(files))


def _form(pairs: list[tuple[str, str]], files: tuple[tuple[str, Upload], ...] = ()) -> Form:
    """Without the token, and without characters no keyboard sends."""
    if any(letter in value for _, value in pairs for letter in "\0\ufeff"):
        raise HTTPException(400)
    tokens = [value for key, value in pairs if key == CSRF_FIELD]
    return Form(
        tuple((key, value) for key, value in pairs if key != CSRF_FIELD),
        files,
        tokens[0] if len(tokens) == 1 else "",
    )
