"""The words of a revision: title, text, author's handle, the classifier's reasons, sealed as one under its own key.

They lie in no plain column. Whoever needs them opens them here, many at a time; SQL sees facts only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from mentionwatch.model import Reason
from warehouse.keyring import KeyDestroyed, Keyring
from warehouse.sealing import SealBroken, cipher, open_sealed, seal
from warehouse.session import clean_text

ERASED = "[erased]"
"""Shown for words whose key was destroyed: an older database was put back (docs/adr/0027)."""
BROKEN = "[cannot be opened: run mentionwatch evidence verify]"
"""Shown for words that were changed after they were sealed: one damaged post must not stop a night."""

SealedWords = tuple[str, int, bytes, int]
"""mention_id, revision, sealed, key_id: the columns to select, in this order."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person wrote, and what quotes it. `reasons_json` as the classifier's reasons are stored."""

    title: str = field(repr=False)
    text: str = field(repr=False)
    author: str = field(default="", repr=False)
    reasons_json: str = field(default="[]", repr=False)
    scope_reasons: tuple[str, ...] = field(default=(), repr=False)

    def packed(self) -> bytes:
        """Canonical JSON: keys in order, no spaces, UTF-8, empty fields left out."""
        fields = {
            "author": clean_text(self.author),
            "reasons": clean_text(self.reasons_json),
            "scope_reasons": [clean_text(reason) for reason in self.scope_reasons],
            "text": clean_text(self.text),
            "title": clean_text(self.title),
        }
        kept = {name: value for name, value in fields.items() if value and value != "[]"}
        return json.dumps(kept, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The classifier's reasons."""
        found = []
        for item in json.loads(self.reasons_json):
            span = item.get("span")
            found.append(Reason(item["why"], float(item["weight"]), (span[0], span[1]) if span else None))
        return tuple(found)


def _unpacked(body: bytes) -> Words:
    fields = json.loads(body)
    return Words(
        fields.get("title", ""),
        fields.get("text", ""),
        fields.get("author", ""),
        fields.get("reasons", "[]"),
        tuple(fields.get("scope_reasons", ())),
    )


def _bind(mention_id: str, revision: int) -> bytes:
    return f"mentionwatch words of {mention_id}/{revision}".encode()


def seal_words(keys: Keyring, words: Words, mention_id: str, revision: int) -> tuple[bytes, int]:
    """The sealed words and the number of their new key."""
    number, key = keys.make()
    return seal(cipher(key), words.packed(), _bind(mention_id, revision)), number


def open_words(keys: Keyring, rows: Sequence[SealedWords]) -> list[Words | SealBroken]:
    """The words of many revisions, in order; where they cannot be opened, why. One look at the keys for all of them."""
    found = keys.find([row[3] for row in rows])
    return [_open(found[number], sealed, id_, revision) for id_, revision, sealed, number in rows]


def _open(key: bytes | SealBroken, sealed: bytes, mention_id: str, revision: int) -> Words | SealBroken:
    if isinstance(key, SealBroken):
        return key
    try:
        return _unpacked(open_sealed(cipher(key), bytes(sealed), _bind(mention_id, revision)))
    except SealBroken as broken:
        return SealBroken(f"the sealed words: {broken}")


def or_stand_in(words: Words | SealBroken) -> Words:
    """The words, or a note in their place that says why they are not shown."""
    if isinstance(words, Words):
        return words
    return Words("", ERASED if isinstance(words, KeyDestroyed) else BROKEN)
