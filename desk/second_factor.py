"""The second factor: a code of six digits that changes every half minute (TOTP, RFC 6238), and codes for the day it is lost."""

from __future__ import annotations

import base64
import hmac
import io
import secrets
from datetime import datetime

STEP_S = 30
DRIFT = 1
"""Steps a telephone's clock may be early or late (RFC 6238, section 5.2)."""

SECRET_BYTES = 20
RECOVERY_CODES = 10
_GROUPS, _GROUP = 6, 4
"""24 signs of base32: 120 random bits, above the 112 from which a plain hash will do (ASVS 6.5.2)."""


def make_secret() -> bytes:
    """A new secret of 160 bits, as RFC 4226 recommends."""
    return secrets.token_bytes(SECRET_BYTES)


def typed_secret(secret: bytes) -> str:
    """The secret as a person types it into an app that cannot see the picture: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def secret_address(secret: bytes, login: str, school: str) -> str:
    """What the picture says: an otpauth address that authenticator apps read."""
    import pyotp

    return pyotp.TOTP(base64.b32encode(secret).decode()).provisioning_uri(
        name=login, issuer_name=f"mentionwatch {school}".strip()
    )


def draw_address(address: str) -> str:
    """The address as a QR code: one inline SVG, black on white, with nothing to load and no style of its own."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=True,
        omitsize=False,
    )
    return out.getvalue().decode()


def find_step(secret: bytes, code: str, last_step: int, now: datetime) -> int | None:
    """The half minute the code is of, one early or late at most; None: wrong, or that step was used before (ASVS 6.5.1).

    Compared in constant time, all steps each time.
    """
    import pyotp

    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return None
    totp = pyotp.TOTP(base64.b32encode(secret).decode(), interval=STEP_S)
    current = int(now.timestamp()) // STEP_S
    found = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed) and step > last_step and found is None:
            found = step
    return found


def make_recovery_codes() -> tuple[str, ...]:
    """Ten codes, each good once, to be shown once."""
    return tuple(
        "-".join(base64.b32encode(secrets.token_bytes(5)).decode()[:_GROUP].lower() for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    )


def fold_recovery_code(code: str) -> str:
    """A recovery code as it is compared: without groups, whatever its case."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def is_recovery_code(code: str) -> bool:
    """Has it the length of one? A code of the app has not."""
    return len(fold_recovery_code(code)) == _GROUPS * _GROUP
