"""Stable ids: SHA-256 over canonical JSON, the first byte naming the recipe, so that recipes can change."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata

VERSION = 1
# Half a character, which hostile JSON may carry, has an id too; whole text has the id it would have in UTF-8.
_ANY_TEXT = ("utf-8", "surrogatepass")
_SPACE = re.compile(r"\s+")


def digest(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(fields: dict[str, str]) -> bytes:
    """Sorted keys, no spaces, UTF-8, empty fields left out: adding an unused field changes no id."""
    kept = {key: value for key, value in fields.items() if value}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(*_ANY_TEXT)


def stable_id(kind: str, **fields: str) -> str:
    """32 hex digits: one version byte, then 15 bytes of SHA-256 (120 bits)."""
    body = canonical_json({"kind": kind, **fields})
    return f"{VERSION:02x}{hashlib.sha256(body).hexdigest()[:30]}"


def mention_id(source: str, native_id: str) -> str:
    """The id of a post over all its revisions, from the source's own id for it."""
    return stable_id("mention", source=source, native_id=native_id)


def content_sha256(title: str, text: str, states: tuple[str, ...] = ()) -> str:
    """What an edit changes. White space and Unicode form are not an edit (NFC, runs collapsed).

    `states` are facts the public sees besides the words: a wiki edit that was reverted.
    """
    parts = (
        _SPACE.sub(" ", unicodedata.normalize("NFC", part)).strip() for part in (title, text, *sorted(states))
    )
    return digest("\n".join(parts).encode(*_ANY_TEXT))
