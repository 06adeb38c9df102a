"""The second factor of an account, as it is kept: the secret sealed, the last used step, the hashes of recovery codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.accounts_file import Hold, hash_secret


@dataclass(frozen=True, slots=True)
class Factor:
    """`secret` is b"" where the account has none; `last_step` is the last half minute a code was used of."""

    secret: bytes
    last_step: int


def factor_of(hold: Hold, account_id: str) -> Factor:
    """The second factor of an account. Raises `SealBroken` when it was changed in the file."""
    row = hold.row("SELECT totp, totp_step FROM accounts WHERE id = ?", account_id)
    if row is None or row[0] is None:
        return Factor(b"", 0)
    return Factor(hold.open(row[0], account_id), row[1])


def offer_factor(hold: Hold, account_id: str, secret: bytes) -> None:
    """Keep a secret that is not yet proved: it counts for nothing until a code of it was typed."""
    hold.run("UPDATE accounts SET totp_new = ? WHERE id = ?", hold.seal(secret, account_id), account_id)


def offered_factor(hold: Hold, account_id: str) -> bytes:
    """The secret that waits to be proved; b"" for none."""
    row = hold.row("SELECT totp_new FROM accounts WHERE id = ?", account_id)
    return hold.open(row[0], account_id) if row and row[0] is not None else b""


def take_factor(hold: Hold, account_id: str, step: int, codes: Sequence[str]) -> None:
    """The offered secret was proved with a code of `step`; these recovery codes replace those before."""
    hold.run(
        "UPDATE accounts SET totp = totp_new, totp_new = NULL, totp_step = ? WHERE id = ? AND totp_new IS NOT NULL",
        step,
        account_id,
    )
    put_recovery_codes(hold, account_id, codes)


def put_recovery_codes(hold: Hold, account_id: str, codes: Sequence[str]) -> None:
    """These recovery codes, folded, and no others."""
    hold.run("DELETE FROM recovery_codes WHERE account_id = ?", account_id)
    for code in codes:
        hold.run("INSERT INTO recovery_codes VALUES (?, ?)", account_id, hash_secret(code))


def drop_factor(hold: Hold, account_id: str) -> None:
    """The account has no second factor and no recovery code any more. Used steps stay used."""
    hold.run("UPDATE accounts SET totp = NULL, totp_new = NULL WHERE id = ?", account_id)
    hold.run("DELETE FROM recovery_codes WHERE account_id = ?", account_id)


def use_step(hold: Hold, account_id: str, step: int) -> bool:
    """Mark the step as used. False: it, or a later one, was used before, perhaps this very moment by somebody else."""
    return bool(
        hold.run(
            "UPDATE accounts SET totp_step = ? WHERE id = ? AND totp_step < ?",
            step, account_id, step,
        )
    )  # fmt: skip


def use_recovery_code(hold: Hold, account_id: str, folded: str) -> bool:
    """Use up a recovery code. False: it is none, or was used."""
    return bool(
        hold.run("DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?", account_id, hash_secret(folded))
    )  # fmt: skip


def recovery_codes_left(hold: Hold, account_id: str) -> int:
    """How many are not used yet."""
    row = hold.row("SELECT count(*) FROM recovery_codes WHERE account_id = ?", account_id)
    return int(row[0]) if row else 0
