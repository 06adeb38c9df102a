"""A promoted model is signed with a key of the home: a file put there by other means is not loaded.

HMAC-SHA-256 (RFC 2104) over the model's fingerprint, under `keys/model.key`. Whoever can read that key can sign, so it
tells a model a person promoted from one that was copied in; it does not guard against the owner of the machine.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from flows.home import Home
from mentionwatch.errors import Fatal

SIGNATURE_FILE = "signature"
KEY_BYTES = 32
ROLL_BACK = "Run: mentionwatch train rollback --as ROLE --reason WHY"
"""The way out of a model that cannot be used."""


def _key_file(home: Home) -> Path:
    return home.keys / "model.key"


def _make_key(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_bytes(KEY_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key


def _sign(key: bytes, fingerprint: str) -> bytes:
    return hmac.new(key, fingerprint.encode(), hashlib.sha256).hexdigest().encode()


def sign_model(home: Home, folder: Path, fingerprint: str) -> None:
    """Put the home's signature beside a model; the key is made at the first signing."""
    path = _key_file(home)
    key = path.read_bytes() if path.exists() else _make_key(path)
    (folder / SIGNATURE_FILE).write_bytes(_sign(key, fingerprint))


def check_signature(home: Home, folder: Path, fingerprint: str) -> None:
    """Raises `Fatal` in one line when the model is not the one that was promoted in this home."""
    try:
        said, key = (folder / SIGNATURE_FILE).read_bytes(), _key_file(home).read_bytes()
    except OSError:
        said, key = b"", b""
    if not key or not hmac.compare_digest(said, _sign(key, fingerprint)):
        raise Fatal(
            f"{folder}: is not signed by this home; nobody promoted this very model here. {ROLL_BACK}"
        )
