"""The second reader of time stamps: the `openssl` program, for answers that the library is too strict to read.

Some authorities send their certificates in an order DER does not allow; openssl makes and reads such answers. Nothing here
reaches the network: files go in, text comes out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_TIME = re.compile(
    rb"^Time stamp: ([A-Z][a-z]{2}) ([ 0-9][0-9]) ([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,9})? ([0-9]{4}) GMT\r?$",
    re.M,
)
_NONCE = re.compile(rb"^Nonce: 0x([0-9A-Fa-f]{1,80})\r?$", re.M)
_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_PATIENCE_S = 30.0

NO_STAMP = "is no time stamp"


class _CannotAsk(Exception):
    """The program did not start or hung, or its files could not be written: nothing is known about the stamp."""


@dataclass(frozen=True, slots=True)
class OpensslReading:
    """What openssl vouches for: the time of the stamp (UTC), its nonce (None: none in it), the signer's certificate (DER)."""

    stamped_at: datetime
    nonce: int | None
    signer: bytes


def find_openssl() -> str:
    """The program's place; empty when this machine has none."""
    return shutil.which("openssl") or ""


def read_with_openssl(
    program: str, token: bytes, digest: bytes, roots_pem: bytes
) -> OpensslReading | str | None:
    """Verify a time-stamp answer over a SHA-256 digest at the stamp's own time, or say in a few words why not.

    None: openssl could not be asked (it does not start, it hangs, the disk is full).
    """
    try:
        with tempfile.TemporaryDirectory(prefix="stamp-") as name:
            folder = Path(name)
            (folder / "answer.tsr").write_bytes(token)
            (folder / "roots.pem").write_bytes(roots_pem)
            return _read(program, folder, digest)
    except (OSError, _CannotAsk):
        return None


def _read(program: str, folder: Path, digest: bytes) -> OpensslReading | str:
    shown = _run(program, folder, "ts", "-reply", "-in", "answer.tsr", "-text")
    if shown is None or (said := _TIME.search(shown)) is None:
        return NO_STAMP
    stamped_at = _read_time(said)
    if stamped_at is None:
        return NO_STAMP
    verified = _run(
        program, folder, "ts", "-verify", "-in", "answer.tsr", "-digest", digest.hex(), "-CAfile", "roots.pem",
        "-attime", str(int(stamped_at.timestamp())),
    )  # fmt: skip
    if verified is None:
        return "does not verify: another hash, another signer, a changed byte, or a certificate out of date"
    signer = _find_signer(program, folder)
    if signer is None:
        return "does not show who signed it"
    nonce = _NONCE.search(shown)
    return OpensslReading(stamped_at, int(nonce[1], 16) if nonce else None, signer)


def _read_time(said: re.Match[bytes]) -> datetime | None:
    month, day, hour, minute, second, part, year = said.groups()
    micros = int((part or b".")[1:].ljust(6, b"0")[:6])
    try:
        return datetime(
            int(year),
            _MONTHS.index(month) + 1,
            int(day),
            int(hour),
            int(minute),
            int(second),
            micros,
            tzinfo=UTC,
        )
    except ValueError:
        return None


def _find_signer(program: str, folder: Path) -> bytes | None:
    """The certificate whose key signed, out of all those sent along; its chain has been verified already."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    cut = _run(program, folder, "ts", "-reply", "-in", "answer.tsr", "-token_out", "-out", "token.der")
    if cut is None:
        return None
    found = _run(
        program, folder, "cms", "-verify", "-inform", "DER", "-in", "token.der", "-noverify", "-signer", "signer.pem",
        "-out", "content.der",
    )  # fmt: skip
    if found is None:
        return None
    try:
        (signer,) = x509.load_pem_x509_certificates((folder / "signer.pem").read_bytes())
    except (OSError, ValueError):
        return None
    return signer.public_bytes(Encoding.DER)


def _run(program: str, folder: Path, *arguments: str) -> bytes | None:
    """What it printed; None when it said no. Raises `_CannotAsk` when it hung or is not there."""
    try:
        done = subprocess.run(  # noqa: S603 -- fixed arguments, a fixed program, no shell
            [program, *arguments],
            cwd=folder,
            env=os.environ | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _CannotAsk from error
    return done.stdout if done.returncode == 0 else None
