"""Proof that a page about a post was made for this person, to be told what became of it when it is gone.

When the records of a post are destroyed, so is what says who may know of it. Whoever has the page open is told that
somebody else was first; anybody else is answered as for a post that never was (L31). It lasts as long as the desk runs.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import Final

FIELD: Final = "shown"
_KEY = secrets.token_bytes(32)


def prove(account_id: str, id_: str) -> str:
    """What stands in the form."""
    return hmac.new(_KEY, f"{account_id}\n{id_}".encode(), sha256).hexdigest()


def was_shown(account_id: str, id_: str, given: str) -> bool:
    """Does it come from a page this person was given?"""
    return hmac.compare_digest(prove(account_id, id_).encode(), given.encode())
