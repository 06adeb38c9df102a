"""The Ed25519 key that signs the custody log: one file in the home's `keys/`, and what it looks like when it is wrong.

The file is the 32 secret bytes of RFC 8032, nothing else, as the home's other keys are. Everybody may know the public
half: it is printed, and stands in every exhibit. Whoever holds the secret half can write another history, which
is why checkpoints leave the machine (evidence/checkpoint.py).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mentionwatch.errors import ConfigError

KEY_FILE = "custody.key"
"""Its name in the home's `keys/`."""
NEXT_KEY_FILE = "custody.next.key"
"""The key that takes over, from its making until the log says so."""
KEY_BYTES = 32
SIGNATURE_BYTES = 64
KID_DIGITS = 16

_PUBLIC_LINE = re.compile(r"ed25519 ([0-9a-f]{16}) ([0-9a-f]{64})(?:  # entries [0-9]+ (?:on|to [0-9]+))?")
_FROM_BACKUP = "Put it back from a backup: without it nobody can go on writing this custody log"


def key_id(public: bytes) -> str:
    """Which key: the first 16 hex digits of the SHA-256 of its public half."""
    return hashlib.sha256(public).hexdigest()[:KID_DIGITS]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs. `public` is 32 bytes; the secret half never shows in a repr."""

    public: bytes
    secret: bytes = field(repr=False)

    @property
    def kid(self) -> str:
        """Its id, as entries name it."""
        return key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """64 bytes, the same for the same message (RFC 8032)."""
        return self.signer()(message)

    def signer(self) -> Callable[[bytes], bytes]:
        """What signs many messages: the key is set up once."""
        # Here, as below: most commands sign nothing, and the library takes its time to load.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.secret).sign


class SignatureChecker:
    """Checks many signatures under known public keys; a key that is no point of the curve vouches for nothing."""

    def __init__(self, public_keys: Mapping[str, bytes]) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        self._keys: dict[str, Ed25519PublicKey] = {}
        for kid, public in public_keys.items():
            # A key under another key's name would let its holder sign as that one.
            if len(public) == KEY_BYTES and key_id(public) == kid:
                self._keys[kid] = Ed25519PublicKey.from_public_bytes(public)

    def knows(self, kid: str) -> bool:
        """Was the key given, whole and under its own id?"""
        return kid in self._keys

    def is_good(self, kid: str, signature: bytes, message: bytes) -> bool:
        """Did the key of that id sign that message? False for a key not known."""
        from cryptography.exceptions import InvalidSignature

        key = self._keys.get(kid)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def from_secret(secret: bytes) -> SigningKey:
    """The key of 32 secret bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw(), secret)


def show_public(public: bytes) -> str:
    """One line for people: `ed25519 KEYID HEX`, to be kept where nobody at this machine can change it."""
    return f"ed25519 {key_id(public)} {public.hex()}"


def show_span(public: bytes, first: int, last: int | None) -> str:
    """As `show_public`, with the entries it signed: `last` None where it signs now; `first` 0 where it has signed nothing."""
    until = "on" if last is None else f"to {last}"
    return f"{show_public(public)}  # entries {first} {until}" if first else show_public(public)


def read_public(text: str, file: str) -> dict[str, bytes]:
    """Key id to public half, from lines of `show_public`, also with the entries each signed (empty lines do not count).

    Raises `ConfigError` for a line that is none, or whose key id is not its key's.
    """
    found: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _PUBLIC_LINE.fullmatch(line.strip())
        if match is None or key_id(bytes.fromhex(match[2])) != match[1]:
            raise ConfigError(
                file, f"line {number}", "is no public key", "Put the file back from a backup or an exhibit"
            )
        found[match[1]] = bytes.fromhex(match[2])
    return found


def make_key(path: Path) -> SigningKey:
    """A new key in a new file, mode 0600, whole or not at all. A key that is there already is never written over: it is read.

    Raises `ConfigError` when the folder cannot be written to.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            try:
                # A link, unlike a rename, fails when somebody else was first.
                path.hardlink_to(beside)
            except FileExistsError:
                return read_key(path)
        finally:
            beside.unlink(missing_ok=True)
        _settle_folder(path.parent)
    except OSError as error:
        raise ConfigError(
            str(path), "", f"cannot be made: {error.strerror}", "Make its folder one that you may write to"
        ) from None
    return read_key(path)


def read_key(path: Path) -> SigningKey:
    """The key in a file. Raises `ConfigError` when it is not there, open to others, or no key."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        secret = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(str(path), "", "there is no such file", _FROM_BACKUP) from None
    except OSError as error:
        raise ConfigError(
            str(path), "", f"cannot be read: {error.strerror}", "Make it a file that only you may read"
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise ConfigError(str(path), "", "other users of this machine can read it", f"Run: chmod 600 {path}")
    if len(secret) != KEY_BYTES:
        raise ConfigError(str(path), "", f"holds {len(secret)} bytes, not {KEY_BYTES}", _FROM_BACKUP)
    return from_secret(secret)


def open_key(path: Path, kid: str) -> SigningKey:
    """The key that goes on with a log whose last word was to `kid`; an empty `kid` means no log yet: the first use makes the key.

    A rotation that broke off after the log's last word was written is finished here: the next key takes its place.
    Raises `ConfigError` when the file is missing, wrong, or the key of another log.
    """
    if not kid and not path.exists():
        return make_key(path)
    current, following = _try_key(path), path.with_name(NEXT_KEY_FILE)
    if current is not None and kid in ("", current.kid):
        return current
    next_one = _try_key(following)
    if kid and next_one is not None and next_one.kid == kid:
        return promote_key(following, path)
    # Raises for whatever is wrong with the file itself.
    found = read_key(path).kid
    raise ConfigError(str(path), "", f"is key {found}, and the custody log goes on with {kid}", _FROM_BACKUP)


def _try_key(path: Path) -> SigningKey | None:
    try:
        return read_key(path)
    except ConfigError:
        return None


def promote_key(following: Path, current: Path) -> SigningKey:
    """Put the key that takes over in the place of the one before, whose secret half is written over first.

    To be called once the log holds the rotation; calling it again after a break is harmless. A disk that moves what is written
    may keep the old bytes for a while, and a backup does: what they sign after the rotation is refused by every check.
    """
    if following.exists():
        key = read_key(following)
        _blot_out(current)
        following.replace(current)
        _settle_folder(current.parent)
        return key
    return read_key(current)


def _blot_out(path: Path) -> None:
    try:
        with path.open("r+b") as file:
            file.write(bytes(KEY_BYTES))
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(
            str(path), "", f"cannot be written: {error.strerror}", "Make it a file that you may write to"
        ) from None


def _settle_folder(folder: Path) -> None:
    """A new name survives a power cut only when its folder is written too. Windows does that by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
