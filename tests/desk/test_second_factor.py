"""The second factor: codes good once, half a minute early or late, and the ten for the day it is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from desk.second_factor import (
    STEP_S,
    draw_address,
    find_step,
    fold_recovery_code,
    is_recovery_code,
    make_recovery_codes,
    make_secret,
    secret_address,
    typed_secret,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECRET = b"12345678901234567890"


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the last six digits of its table for SHA-1."""
    for second, code in (
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ):
        at = datetime.fromtimestamp(second, UTC)
        assert find_step(SECRET, code, 0, at) == second // STEP_S


@given(st.lists(st.tuples(st.integers(-120, 300), st.integers(-3, 3)), max_size=30))
def test_v6_5_1_no_code_is_taken_twice_and_none_more_than_a_step_away(tries: list[tuple[int, int]]) -> None:
    """ASVS V6.5.1, V6.5.5: whatever the clock does, a step is used at most once, and steps only go up."""
    totp = pyotp.TOTP(typed_secret(SECRET).replace(" ", ""))
    now, last, used = NOW, 0, list[int]()
    for delta, away in tries:
        now += timedelta(seconds=delta)
        wanted = int(now.timestamp()) // STEP_S + away
        found = find_step(SECRET, totp.generate_otp(wanted), last, now)
        if found is not None:
            assert abs(found - int(now.timestamp()) // STEP_S) <= 1
            used.append(found)
            last = found
        elif abs(away) <= 1:
            assert wanted <= last, "a good code was refused"
    assert used == sorted(set(used))


@given(st.text(max_size=12))
def test_what_is_no_code_is_refused(text: str) -> None:
    if not (text.strip().isascii() and "".join(text.split()).isdigit()):
        assert find_step(SECRET, text, 0, NOW) is None


def test_a_code_is_taken_with_the_space_apps_show() -> None:
    code = pyotp.TOTP(typed_secret(SECRET).replace(" ", "")).at(NOW)
    assert find_step(SECRET, f" {code[:3]} {code[3:]}", 0, NOW) is not None
    assert find_step(SECRET, code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), 0, NOW) is None


def test_v6_5_3_secrets_and_recovery_codes_are_random_and_long_enough_for_a_plain_hash() -> None:
    """ASVS V6.5.2, V6.5.3: 160 bits of secret; ten codes of 120 bits."""
    assert len({make_secret() for _ in range(50)}) == 50 and len(make_secret()) == 20
    codes = [code for _ in range(20) for code in make_recovery_codes()]
    assert len(set(codes)) == 200
    for code in codes:
        assert is_recovery_code(code) and is_recovery_code(code.upper().replace("-", " "))
        assert len(fold_recovery_code(code)) * 5 >= 112
        assert set(fold_recovery_code(code)) <= set("abcdefghijklmnopqrstuvwxyz234567")
    # Every letter of the alphabet comes up: nothing of a code is fixed.
    assert all(len({fold_recovery_code(code)[at] for code in codes}) > 20 for at in range(24))
    assert not is_recovery_code("123456")


def test_the_picture_is_one_svg_without_anything_to_load_or_run() -> None:
    """ASVS V3.4.3: it fits a page whose policy allows nothing: no script, no style, no link, no data address."""
    address = secret_address(SECRET, "mair<&>@ysgol.example", "Ysgol 'Llan' & Co")
    assert address.startswith("otpauth://totp/") and "<" not in address and " " not in address
    svg = draw_address(address)
    root = ElementTree.fromstring(svg)  # noqa: S314 -- our own
    assert {each.tag.partition("}")[2] for each in root.iter()} <= {"svg", "path", "g", "rect"}
    for word in ("script", "style", "href", "data:", "onload", "mair"):
        assert word not in svg
    assert len(svg) < 20_000
