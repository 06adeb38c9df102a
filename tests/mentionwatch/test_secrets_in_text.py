"""Passwords and log-ins are recognised in English and Welsh; talk about them is not taken for one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.secrets_in_text import looks_like_secret

SECRETS = (
    "password: hunter2",
    "Password : hunter2",
    "passphrase = correct horse battery staple",
    "pwd=abc",
    "PW -> abc",
    "the password is hunter2",
    "the password was 'swordfish'",
    "password is now Draig2024",
    "hunter2 is the Facebook password",
    "password for the Facebook page Xk9!pQ72mmA",
    "the new password for Facebook, Summer2024",
    '{"password": "hunter2"}',
    "log-in is x / y",
    "Login: jsmith / Summer2024",
    "the log in was head@school.example / swordfish",
    "user name / password: office / draig",
    "username=office",
    "Log-in: head@school.example",
    "PIN 4821",
    "the PIN is 4821",
    "api_key=abc",
    "Authorization: Bearer abcdefghijklmnopqrst",
    "https://office:draig@school.example/",
    "-----BEGIN RSA PRIVATE KEY-----",
    "cyfrinair: ysgol",
    "Ein cyfrinair newydd: ysgol",
    "Fy nghyfrinair i: draig",
    "eu cyfrineiriau: draig, llew",
    "Y cyfrinair yw ysgol2024",
    "hunter2 yw'r cyfrinair",
    "Draig2024! oedd cyfrinair",
    "cyfrinair y dudalen Facebook, Draig2024!",
    "manylion mewngofnodi: swyddfa / draig",
    "enw defnyddiwr: swyddfa",
    "ｐａｓｓｗｏｒｄ： hunter2",
    "pass\u200bword: hunter2",
)
PROSE = (
    "",
    "she asked for a new password policy",
    "the password was shared",
    "Password policy: reviewed in 2024",
    "Password manager: to be bought",
    "the password policy GDPR2018 was adopted",
    "The password was changed on 2026-09-01.",
    "password for Office365 was lost",
    "the password leak during COVID-19 is in DPIA-2026-04",
    "password sent to head2@school.example",
    "reset your password at https://school.example/a1b2c3d4e5",
    "Staff must not share passwords or user names.",
    "the login is slow",
    "log in to the site / app",
    "Log-in: https://portal.example/x",
    "he was asked for his password and log-in details",
    "pinned post: 3",
    "use of the pin board",
    "the bearer of this letter",
    "passwordless: yes",
    "Rhannwyd y cyfrinair",
    "Roedd y cyfrinair yn wan",
    "Gofynnodd am bolisi cyfrinair newydd",
    "Polisi cyfrineiriau: adolygwyd 2024",
    "Newidiwyd y cyfrinair ar 2026-09-01.",
    "mewngofnodi i'r dudalen",
    "Rhif ffôn: 01632 960000",
)


@pytest.mark.parametrize("text", SECRETS)
def test_a_password_or_log_in_is_recognised_in_both_languages(text: str) -> None:
    """C07"""
    assert looks_like_secret(text)
    assert looks_like_secret(text.replace(" ", "  ")), "a second space hides nothing"


@pytest.mark.parametrize("text", PROSE)
def test_talk_about_passwords_is_no_password(text: str) -> None:
    """C07"""
    assert not looks_like_secret(text)
    assert not looks_like_secret(text.upper())


ANNOUNCING = st.sampled_from(
    "password passwords Pass-word passcode pwd pw log-in login username cyfrinair gyfrinair nghyfrinair chyfrinair "
    "cyfrineiriau mewngofnodi fewngofnodi".split()
)
VALUE = st.from_regex(r"[A-Za-z0-9][!-~]{0,20}[A-Za-z0-9]", fullmatch=True).filter(
    lambda value: "://" not in value and not value.lower().startswith("www.")
)


@given(ANNOUNCING, st.sampled_from([":", "=", ": ", " = ", " : ", " -> "]), VALUE, st.booleans())
def test_whatever_stands_behind_the_word_and_a_colon_is_a_secret(
    word: str, sign: str, value: str, is_loud: bool
) -> None:
    """C07"""
    assert looks_like_secret(f"{word.upper() if is_loud else word}{sign}{value}")


@given(st.sampled_from(SECRETS), st.text(max_size=60), st.text(max_size=60))
def test_no_line_before_or_behind_hides_a_secret(secret: str, before: str, behind: str) -> None:
    """C07"""
    assert looks_like_secret(f"{before}\n{secret}\n{behind}")


WORDS = (
    "the a new old her was is are and school policy governors asked shared changed strong weak password passwords "
    "login log-in username y yr yn yw oedd newydd ysgol polisi rhannwyd cyfrinair gyfrinair cyfrineiriau mewngofnodi "
    "2024 Year6 Office365 Llanbedrog"
).split()


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_plain_words_in_any_order_are_a_secret_only_with_a_number_right_beside_is(words: list[str]) -> None:
    """C07"""
    text = " ".join(words)
    copulas = {"is", "are", "was", "yw", "oedd"}
    near = any(
        {first, second} & copulas and {first, second} & {"2024", "Year6", "Office365"}
        for first, second in pairwise(words)
    )
    assert near or not looks_like_secret(text)


@given(st.text())
def test_any_text_at_all_is_answered(text: str) -> None:
    assert looks_like_secret(text) in (True, False)
