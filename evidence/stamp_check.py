"""Is a stored time stamp (RFC 3161) good? Answered without network, today or in ten years, from the token and pinned roots.

Certificates are checked at the time the stamp names, not at today's: an authority's certificate runs out, its stamps do not.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from evidence.openssl_stamp import NO_STAMP, find_openssl, read_with_openssl

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

MOST_BYTES = 64 * 1024
"""No honest answer comes near: with a chain of certificates it has 2 to 8 kB."""
_SHA256 = "2.16.840.1.101.3.4.2.1"
_GRANTED, _WAITING = 0, 3


@dataclass(frozen=True, slots=True)
class TimeStamper:
    """A time-stamping authority the school chose, and what is pinned of it.

    `roots_pem`: the only roots (and intermediates) its certificate may hang from. `signers`: who may sign under them, each the
    common name of a certificate (a `*` at its end stands for what a yearly name goes on with) or a certificate's SHA-256.
    `owner`: who runs it; two stampers of one owner are one witness.
    """

    name: str
    url: str
    roots_pem: bytes
    owner: str
    signers: tuple[str, ...]


class Reader(StrEnum):
    """Which program read and verified the stamp. Values are stored."""

    LIBRARY = "rfc3161-client"
    OPENSSL = "openssl"


@dataclass(frozen=True, slots=True)
class StampedAt:
    """The digest existed at that time (UTC), says that authority. `signer_sha256`: of the certificate that signed."""

    at: datetime
    tsa: str
    reader: Reader
    signer_sha256: str
    nonce: int | None = None


@dataclass(frozen=True, slots=True)
class StampFault:
    """The token proves nothing. `is_unread`: nobody here can read it, which does not mean that it is wrong (`unverified_parser`).
    `is_waiting`: the authority says that it has not decided yet."""

    tsa: str
    cause: str
    is_unread: bool = False
    is_waiting: bool = False

    def __str__(self) -> str:
        return f"time stamp of {self.tsa}: {self.cause}"


def check_stamp(
    token: bytes, digest: bytes, stamper: TimeStamper, *, token_sha256: str = "", openssl: str | None = None
) -> StampedAt | StampFault:
    """Verify the raw answer of an authority over a SHA-256 digest (32 bytes).

    `token_sha256` (hex) is what the custody log says of the token: a few bytes of an answer, such as its greeting, are
    signed by nobody, and with it a change to those shows too. `openssl`: the program to fall back on (None: look for it; "": none).
    """
    if token_sha256 and hashlib.sha256(token).hexdigest() != token_sha256:
        return StampFault(stamper.name, "was changed after it was stored")
    if len(token) > MOST_BYTES:
        return StampFault(stamper.name, f"is larger than {MOST_BYTES} bytes: it is no time stamp")
    import rfc3161_client

    try:
        response = rfc3161_client.decode_timestamp_response(token)
    except ValueError:
        return _check_by_openssl(token, digest, stamper, find_openssl() if openssl is None else openssl)
    return _check_by_library(response, digest, stamper)


def _check_by_library(
    response: TimeStampResponse, digest: bytes, stamper: TimeStamper
) -> StampedAt | StampFault:
    from cryptography import x509
    from rfc3161_client import VerificationError, VerifierBuilder

    if response.status != _GRANTED:
        waits = response.status == _WAITING
        cause = "is not given yet" if waits else f"was not granted as asked (status {response.status})"
        return StampFault(stamper.name, cause, is_waiting=waits)
    try:
        info = response.tst_info
        imprint = info.message_imprint
        if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != digest:
            return StampFault(stamper.name, "is over another hash")
        verifier = VerifierBuilder(roots=x509.load_pem_x509_certificates(stamper.roots_pem)).build()
        verifier.verify(response, digest)
        signer = _find_signer(response)
        nonce: int | None = info.nonce
        at = info.gen_time.astimezone(UTC)
    except VerificationError as error:
        return StampFault(stamper.name, _explain(str(error)))
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return StampFault(stamper.name, "cannot be read: some of its bytes are not what they were")
    return _check_signer(signer, stamper) or StampedAt(
        at, stamper.name, Reader.LIBRARY, _fingerprint(signer), nonce
    )


def _check_by_openssl(
    token: bytes, digest: bytes, stamper: TimeStamper, openssl: str
) -> StampedAt | StampFault:
    from cryptography import x509

    if not _is_one_sequence(token):
        return StampFault(stamper.name, NO_STAMP)
    seen = read_with_openssl(openssl, token, digest, stamper.roots_pem) if openssl else None
    if seen is None:
        cause = "cannot be read here (the program openssl would help): not verified"
        return StampFault(stamper.name, cause, is_unread=True)
    if isinstance(seen, str):
        return StampFault(stamper.name, seen)
    signer = x509.load_der_x509_certificate(seen.signer)
    return _check_signer(signer, stamper) or StampedAt(
        seen.stamped_at, stamper.name, Reader.OPENSSL, _fingerprint(signer), seen.nonce
    )


def _is_one_sequence(token: bytes) -> bool:
    """Is it one DER sequence from the first byte to the last (X.690 8.1.3)? A web page or half an answer is not."""
    if len(token) < 2 or token[0] != 0x30:
        return False
    if token[1] < 0x80:
        return len(token) == 2 + token[1]
    count = token[1] & 0x7F
    return 1 <= count <= 4 and len(token) == 2 + count + int.from_bytes(token[2 : 2 + count], "big")


def _find_signer(response: TimeStampResponse) -> Certificate:
    """The certificate that signed. The library has verified the signature against this very issuer and number."""
    from cryptography import x509

    (info,) = response.signed_data.signer_infos
    for der in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == (info.issuer, info.serial_number):
            return certificate
    raise ValueError("no certificate of the signer")


def _check_signer(signer: Certificate, stamper: TimeStamper) -> StampFault | None:
    from cryptography.x509.oid import NameOID

    names = [str(one.value) for one in signer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    fingerprint = _fingerprint(signer)
    for wanted in stamper.signers:
        if wanted == fingerprint or wanted in names:
            return None
        if wanted.endswith("*") and any(name.startswith(wanted[:-1]) for name in names):
            return None
    return StampFault(stamper.name, "is signed by a certificate that is not one of this authority's")


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex()


def _explain(error: str) -> str:
    """The library's reason in words for people; its own carry file names and line numbers of OpenSSL's."""
    if "expired" in error or "not yet valid" in error:
        return "its certificate was not valid at the time it names"
    if "certificate verify error" in error:
        return "is not signed under the roots pinned for this authority"
    if "EKU" in error:
        return "is signed by a certificate that is not for time stamps"
    return "its signature does not hold"
