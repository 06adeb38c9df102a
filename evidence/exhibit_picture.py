"""Pictures for an exhibit: the same pixels, without what a file tells about the device, the account or the program.

A person can look at a screenshot, not at its metadata. Nothing is decoded or compressed anew: whole chunks are left out.
PNG: W3C PNG (Third Edition) 5.3; JPEG: ITU-T T.81 B.1.
"""

from __future__ import annotations

import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"IDAT", b"IEND")
_ADOBE = 0xEE
"""Says how the colours are stored; without it some pictures come out in wrong colours."""
_KEPT_APPLICATION = (_ADOBE,)
_BARE = (0x01, *range(0xD0, 0xD8))
_START_OF_SCAN, _END = 0xDA, 0xD9

ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
"""Media types that can be cleaned, and how their files end."""


def is_bare_png(body: bytes) -> bool:
    """Is it a PNG of pixels only: no text, no times, no profile, nothing after its end?"""
    return clean_png(body) == body


def clean_picture(body: bytes, media_type: str) -> bytes:
    """The pixels of a PNG or JPEG without its metadata; empty when that cannot be done for certain."""
    return {"image/png": clean_png, "image/jpeg": clean_jpeg}.get(media_type, _cannot)(body)


def _cannot(body: bytes) -> bytes:
    del body
    return b""


def clean_png(body: bytes) -> bytes:
    """The PNG with the chunks that make its pixels and no others; empty when it is damaged."""
    if not body.startswith(_PNG):
        return b""
    out, at = bytearray(_PNG), len(_PNG)
    while at + 12 <= len(body):
        (length,) = struct.unpack(">I", body[at : at + 4])
        kind, end = body[at + 4 : at + 8], at + 12 + length
        if (
            end > len(body)
            or zlib.crc32(body[at + 4 : end - 4]) != struct.unpack(">I", body[end - 4 : end])[0]
        ):
            return b""
        if kind in _PNG_KEPT:
            out += body[at:end]
        if kind == b"IEND":
            return bytes(out) if length == 0 else b""
        at = end
    return b""


def clean_jpeg(body: bytes) -> bytes:
    """The JPEG without comments and application data (EXIF, XMP, thumbnails); empty when it is damaged.

    How a telephone was held goes too: the picture may lie on its side.
    """
    if body[:2] != b"\xff\xd8":
        return b""
    out, at = bytearray(b"\xff\xd8"), 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        if marker == _START_OF_SCAN:
            end = _find_scan_end(body, end)
        if end > len(body):
            return b""
        is_application = 0xE0 <= marker <= 0xEF
        if marker != 0xFE and (not is_application or marker in _KEPT_APPLICATION):
            out += body[at:end]
        at = end
        if body[at : at + 2] == bytes((0xFF, _END)):
            return bytes(out) + bytes((0xFF, _END))
    return b""


def _find_scan_end(body: bytes, at: int) -> int:
    """Where the compressed pixels stop: at a marker that is neither a stuffed zero nor a restart."""
    while (at := body.find(b"\xff", at)) >= 0:
        if at + 1 < len(body) and body[at + 1] not in (0x00, 0xFF, *_BARE):
            return at
        at += 1
    return len(body) + 1
