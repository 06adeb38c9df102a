"""Passwords: which are taken, how they are kept, and that an unknown login costs as much as a known one."""

from __future__ import annotations

import statistics
import time

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from desk.passwords import LEAST, MOST, Weak, check_password, hash_password, is_outdated, judge_password

ABOUT = ("mair.tudur@ysgol.example", "Mair Tudur", "Ysgol Llanbedrog")

COMMON = """
password Password1 P@ssw0rd! passw0rd123 Pa55word2024 drowssap1 qwerty123 qwertyuiop 1q2w3e4r5t 1qaz2wsx3edc zaq12wsx asdfghjkl
letmein1 letmein! welcome1 Welcome2026 admin123 administrator changeme1 iloveyou iloveyou2 football1 liverpool1 superman1 monkey123
dragon99 sunshine1 princess1 charlie1 michael1 summer2025 Winter2024! abcd1234 abc123456 12345678 123456789 1234567890 87654321
11111111 00000000 aaaaaaaa abababab abcabcabc 12121212 19840101 20261121 computer1 trustno1 starwars1 pokemon123
Cymru2026! cymru123 croeso123 Croeso2025! cyfrinair cyfrinair1 cariad123 caerdydd1 draig2024 ysgol2025 athro123 pennaeth1 nadolig2025
school123 teacher1 headteacher Llanbedrog1 llanbedrog2026 MairTudur1 tudur2026 ysgolllanbedrog m4irtudur!
""".split()

FINE = (
    "gwenynen fach yn y berth",
    "correct horse battery staple",
    "tractor-lemwn-neges-golau",
    "kT9#vQ2m",
    "ŵyneb y lleuad heno",
    "x7Qp!z9Rw",
    "四つの単語を並べる合言葉",
    "🐝🌿🚜📎🎻 a chân",
    "lowercase only words without digits",
    "dragon monkey sunshine princess",
)


@pytest.mark.parametrize("password", COMMON)
def test_v6_2_4_what_everybody_tries_first_is_refused(password: str) -> None:
    """ASVS V6.2.4, V6.2.11, V6.2.12: well-known words in both languages, disguised, dated, reversed; names near at hand."""
    assert judge_password(password, ABOUT) is Weak.COMMON


def test_v6_2_4_the_first_three_thousand_of_a_list_from_breaches_are_refused() -> None:
    """ASVS V6.2.4, V6.2.12: the top 3,000 that fit the length rule, and all the others of the list, whatever their case."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    fitting = [password for password in FREQUENCY_LISTS["passwords"] if len(password) >= LEAST]
    assert len(fitting) > 3 * 3000
    for spelt in (str, str.upper, str.capitalize):
        taken = [password for password in fitting if judge_password(spelt(password)) is not Weak.COMMON]
        assert taken == []


@pytest.mark.parametrize("password", FINE)
def test_v6_2_5_no_rule_asks_for_kinds_of_signs(password: str) -> None:
    """ASVS V6.2.5, V6.2.7: any sign of any script, spaces too."""
    assert judge_password(password, ABOUT) is None


def test_v6_2_1_and_v6_2_9_length_is_counted_in_signs_from_8_to_1024() -> None:
    """ASVS V6.2.1, V6.2.9."""
    whole = "xk7 qv2 zr9 " * 100
    assert judge_password("xk7qv2z") is Weak.TOO_SHORT and judge_password("xk7qv2zR") is None
    assert judge_password("ŵŷâêîôûä"[: LEAST - 1]) is Weak.TOO_SHORT
    long = "".join(chr(0x4E00 + number) for number in range(MOST))
    assert judge_password(long) is None and judge_password(long + "x") is Weak.TOO_LONG
    assert judge_password(whole[:64] + "end") is None


def test_v6_2_8_a_long_password_counts_to_its_last_sign() -> None:
    """ASVS V6.2.8, V6.2.9: nothing is cut off, nor folded."""
    long = "".join(chr(0x4E00 + number) for number in range(MOST))
    kept = hash_password(long)
    assert check_password(long, kept)
    assert not check_password(long[:-1] + "x", kept) and not check_password(long + "x", kept)
    assert not check_password("É" + long[1:], kept)


@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=3))
def test_judging_takes_any_text_and_never_fails(password: str, about: list[str]) -> None:
    found = judge_password(password, tuple(about))
    assert (found is Weak.TOO_SHORT) == (len(password) < LEAST)


@pytest.mark.parametrize(
    ("base", "years"),
    [("Llanbedrog", range(1990, 2030)), ("Cymru", range(1990, 2030)), ("Qwerty", range(40))],
)
def test_a_common_word_with_any_number_stays_common(base: str, years: range) -> None:
    for year in years:
        for tail in ("", "!", "!!", "?1"):
            assert judge_password(f"{base}{year:04d}{tail}", ABOUT) is Weak.COMMON


def test_v11_4_2_it_is_kept_as_argon2id_with_the_advised_figures_and_renewed_when_they_change() -> None:
    """ASVS V11.4.2 (OWASP: 19 MiB, 2 passes, 1 lane): figures that grow reach old hashes at the next sign-in."""
    kept = hash_password("gwenynen fach")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and kept != hash_password("gwenynen fach")
    assert not is_outdated(kept) and not is_outdated("")
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("gwenynen fach")
    assert is_outdated(old) and check_password("gwenynen fach", old)


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$v=19$m=1", "\x00"])
def test_what_is_no_hash_opens_for_nothing(kept: str) -> None:
    assert not check_password("", kept) and not check_password("gwenynen fach", kept)


@pytest.mark.alone
def test_v6_3_8_an_unknown_login_takes_as_long_as_a_known_one() -> None:
    """ASVS V6.3.8: the same work is done for nobody; medians within a half of each other on a busy machine."""
    kept = hash_password("gwenynen fach")
    check_password("warm", "")

    def median(known: str) -> float:
        times = []
        for _ in range(9):
            begun = time.thread_time()
            check_password("wrong guess", known)
            times.append(time.thread_time() - begun)
        return statistics.median(times)

    known, unknown = median(kept), median("")
    assert 0.5 < known / unknown < 2
