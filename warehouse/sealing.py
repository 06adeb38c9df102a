"""AES-256-GCM as it is used here: a key of its own for each thing sealed, and what the thing is bound into the seal.

A sealed thing is 12 bytes of nonce, the ciphertext and 16 bytes of tag: 28 bytes more than what was sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_CHANGED = "was changed or moved after it was sealed"


class SealBroken(ValueError):
    """What was sealed cannot be opened. The message says why, without a name and without a word of it."""


@cache
def _library() -> tuple[type[AESGCM], type[Exception]]:
    # Here: most commands neither seal nor open, and the library takes its time to load.
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM, InvalidTag


def cipher(key: bytes) -> AESGCM:
    """The cipher under a key, for whoever seals or opens many things under one."""
    return _library()[0](key)


def seal(under: AESGCM, body: bytes, bound: bytes) -> bytes:
    """Seal bytes. `bound` says what they are: opened as anything else they are refused."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + under.encrypt(nonce, body, bound)


def open_sealed(under: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    """The bytes that were sealed. Raises `SealBroken` when a byte was changed, or the whole given to another thing."""
    try:
        return under.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (_library()[1], ValueError):
        raise SealBroken(_CHANGED) from None


def derive(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose, which says nothing of `key` nor of one for another purpose (HMAC-SHA-256)."""
    return hmac.digest(key, b"mentionwatch-keys-1 " + purpose, hashlib.sha256)
