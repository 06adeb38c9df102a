"""Reading a body within bounds: wire bytes, decoded bytes, ratio, and nothing that is a picture or a film."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore

from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind

_BARRED_TYPES = re.compile(
    r"(?:image|audio|video|font)/|(?:application|text)/(?:x-)?(?:javascript|ecmascript|font[-\w]*)\b"
    r"|application/(?:vnd\.ms-fontobject|mp4|ogg)\b"
)
_MAGIC = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....(?:WEBP|AVI |WAVE)|BM....\x00\x00\x00\x00|II\*\x00|MM\x00\*"
    rb"|\x00\x00[\x01\x02]\x00[\x01-\x20]|....ftyp|\x1aE\xdf\xa3|OggS|fLaC|ID3[\x02-\x04]|\xff[\xfb\xf3\xf2\xfa]"
    rb"|\x00\x00\x01[\xba\xb3]|FLV\x01|wOF[F2]|\x00\x01\x00\x00\x00|OTTO\x00|ttcf|8BPS|\xff\x0a|\x00\x00\x00\x0cJXL "
    rb"|\s*(?:<\?xml[^>]{0,200}\?>\s*)?<svg[\s>]",
    re.DOTALL,
)
_SLACK = 1024 * 1024
_START = 512


def is_barred_type(media_type: str) -> bool:
    """Pictures, sound, film, fonts and scripts are never fetched (I15)."""
    return bool(_BARRED_TYPES.match(media_type.strip().lower()))


def looks_barred(start: bytes) -> bool:
    """The same, told from the first bytes, for what is mislabelled."""
    return bool(_MAGIC.match(start))


@dataclass(frozen=True, slots=True)
class Caps:
    """Bytes on the wire, bytes once decoded, and how many times larger decoding may make them.

    `cut` keeps the part below the wire cap instead of refusing the whole (robots.txt, RFC 9309 2.5);
    `text_only` stops at the first bytes of a picture, whatever its label.
    """

    wire: int
    decoded: int
    ratio: int
    cut: bool = False
    text_only: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What arrived. `truncated`: the sender stopped short of what it announced."""

    wire: bytes
    decoded: bytes
    truncated: bool


class _TooMuch(Exception):
    """Decoding went over a cap."""


class _Inflater:
    """Bounded gzip and deflate, several members, raw deflate tolerated (RFC 9110 8.4.1)."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._stream = zlib.decompressobj(47)
        self._out: list[bytes] = []
        self._size = self._fed = 0
        self._head = b""
        self._is_plain = self._is_chosen = False
        self.is_broken = False

    def feed(self, data: bytes) -> bytes:
        """Take wire bytes, give the decoded ones; raises `_TooMuch` over a cap."""
        before = len(self._out)
        self._feed(data)
        return b"".join(self._out[before:])

    def _feed(self, data: bytes) -> None:
        self._fed += len(data)
        if not self._is_chosen:
            data, self._head = self._head + data, b""
            if len(data) < 2:
                self._head = data
                return
            self._choose(data)
        if self._is_plain:
            self._keep(data)
        while data and not self._is_plain and not self.is_broken:
            room = self._caps.decoded - self._size + 1
            try:
                self._keep(self._stream.decompress(data, room))
            except zlib.error:
                self.is_broken = True
                return
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._stream.unused_data
                if not data.startswith(b"\x1f\x8b"):
                    return
                self._stream = zlib.decompressobj(47)

    def _choose(self, data: bytes) -> None:
        self._is_chosen = True
        if data[:2] == b"\x1f\x8b" or (data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0):
            return
        # Labelled as compressed, yet text: some servers do that to their own error pages.
        self._is_plain = data.lstrip()[:1] in (b"<", b"{", b"[")
        if not self._is_plain:
            self._stream = zlib.decompressobj(-15)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._caps.decoded or self._size > max(_SLACK, self._fed * self._caps.ratio):
            raise _TooMuch
        self._out.append(piece)

    def finish(self) -> tuple[bytes, bool]:
        complete = self._is_plain or (self._stream.eof and not self.is_broken) or not self._fed
        return b"".join(self._out), not complete


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:g} MiB"


def read_body(chunks: Iterable[bytes], encoding: str, announced: int | None, caps: Caps) -> Body | Fault:
    """Read a response body. httpcore's time-out and read errors pass through for the door to name."""
    coding = encoding.strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        return Fault(FaultKind.UNEXPECTED, "the answer is packed in a way that was not asked for")
    if announced is not None and announced > caps.wire and not caps.cut:
        return Fault(FaultKind.TOO_LARGE, f"the answer is announced as larger than {_mib(caps.wire)}")
    inflater = _Inflater(caps) if coding not in ("", "identity") else None
    wire: list[bytes] = []
    size = 0
    truncated = False
    start = b""
    try:
        for chunk in chunks:
            size += len(chunk)
            is_over = size > caps.wire
            if is_over and not caps.cut:
                return Fault(FaultKind.TOO_LARGE, f"the answer is larger than {_mib(caps.wire)}")
            kept = chunk[: caps.wire - size + len(chunk)] if is_over else chunk
            wire.append(kept)
            piece = inflater.feed(kept) if inflater else kept
            if caps.text_only and len(start) < _START:
                start += piece[:_START]
                if looks_barred(start):
                    return Fault(
                        FaultKind.REFUSED_BY_POLICY, "a picture, sound, film or font under another label"
                    )
            if is_over:
                break
    except _TooMuch:
        if not caps.cut:
            return Fault(
                FaultKind.TOO_LARGE,
                f"the answer unpacks to more than {_mib(caps.decoded)} or {caps.ratio} times its size",
            )
    except (httpcore.RemoteProtocolError, httpcore.ReadError):
        # Closed or reset before the announced end: what did arrive is still evidence.
        if not size:
            return Fault(FaultKind.TRUNCATED, "the connection closed before any of the answer arrived")
        truncated = True
    raw = b"".join(wire)
    if inflater is None:
        return Body(raw, raw, truncated)
    decoded, is_cut = inflater.finish()
    if raw and not decoded and is_cut and not caps.cut:
        return Fault(FaultKind.TRUNCATED, "the packed answer is broken: nothing of it can be read")
    return Body(raw, decoded, truncated or is_cut)
