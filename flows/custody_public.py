"""Public halves of the keys that signed the custody log: files in `keys/`, and copies that are kept elsewhere.

`custody.public` holds the key in use; while a key is being exchanged also the next, so that whatever a kill leaves behind can
be checked. `custody.earlier` holds those that were given up, oldest first: what they signed is checked with them for ever.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evidence.signing_keys import key_id, read_public, show_public
from flows.home import Home
from flows.private_files import write_plainly
from mentionwatch.errors import ConfigError

PUBLIC_FILE: Final = "custody.public"
"""In `keys/`: the public half of the key in use. Keep a copy elsewhere."""
EARLIER_FILE: Final = "custody.earlier"
"""In `keys/`: the public halves of the keys before it, a line each."""


def _read(path: Path) -> dict[str, bytes]:
    try:
        return read_public(path.read_text(encoding="ascii"), str(path))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            str(path), "", "cannot be read as text", "Put it back from a backup or an exhibit"
        ) from None


def _write(path: Path, keys: Mapping[str, bytes]) -> None:
    write_plainly(path, "".join(show_public(public) + "\n" for public in keys.values()).encode())


def read_earlier(home: Home) -> dict[str, bytes]:
    """The keys that were given up, oldest first. Raises `ConfigError` for a file that cannot be read."""
    return _read(home.keys / EARLIER_FILE)


def announce_public(home: Home, public: bytes) -> None:
    """Write down the key that is about to take over beside the one in use, before the log names it."""
    path = home.keys / PUBLIC_FILE
    _write(path, _read(path) | {key_id(public): public})


def settle_public(home: Home, public: bytes, *, is_exchanging: bool) -> None:
    """The key with that public half is in use, and no other, unless `is_exchanging`: then the next one is named beside it.

    Harmless at any time: where a rotation broke off, this finishes what it left.
    """
    path = home.keys / PUBLIC_FILE
    named, kid = _read(path), key_id(public)
    kept = named | {kid: public}
    given_up = {} if is_exchanging else {each: half for each, half in named.items() if each != kid}
    if given_up:
        # First there, then away from here: each key is always in one of the two files.
        _write(home.keys / EARLIER_FILE, read_earlier(home) | given_up)
        kept = {kid: public}
    if kept != named:
        _write(path, kept)


def read_public_keys(home: Home, kept_elsewhere: Path | None = None) -> dict[str, bytes]:
    """The public keys the school vouches for: of the files in `keys/`, or of a copy that was kept elsewhere.

    Raises `ConfigError` for a file that cannot be read, and for a copy that is not there or holds no key.
    """
    if kept_elsewhere is not None:
        found = read_public(read_kept(kept_elsewhere), str(kept_elsewhere))
        if not found:
            raise ConfigError(str(kept_elsewhere), "", "holds no public key", _KEYS_KEPT)
        return found
    return read_earlier(home) | _read(home.keys / PUBLIC_FILE)


_KEYS_KEPT: Final = "Name the file that what `mentionwatch evidence keys` printed is kept in"


def read_kept(path: Path) -> str:
    """A text kept elsewhere, as editors and shells leave it: UTF-8 or UTF-16, with or without a byte order mark.

    Raises `ConfigError` when it is not there or is no text.
    """
    try:
        whole = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(str(path), "", "there is no such file", "Look at its name again") from None
    except OSError as error:
        raise ConfigError(
            str(path), "", f"cannot be read: {error.strerror}", "Name a file that you may read"
        ) from None
    try:
        return whole.decode("utf-16" if whole.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(str(path), "", "is no text", "Save it as UTF-8 text") from None
