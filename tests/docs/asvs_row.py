"""What a row of the security standard is here, and the names of tests that many rows share.

A row names its tests as `folder/module::function`, or says why it does not apply, or is open.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the standard. `reason`: why it does not apply, or what holds beside the tests; `still_open`: what is missing."""

    id: str
    says: str
    tests: tuple[str, ...] = ()
    reason: str = ""
    still_open: str = ""


def row(id_: str, says: str, *tests: str, reason: str = "", still_open: str = "") -> Row:
    """A row with its tests in a line."""
    return Row(id_, says, tests, reason, still_open)


GUARD, ATTACKS, MATRIX, DOOR = "desk/test_guard", "desk/test_attacks", "desk/test_matrix", "desk/test_sign_in"
GATE, FILE, SITE, WORDS = (
    "flows/test_accounts", "warehouse/test_accounts", "flows/test_desk_site", "desk/test_passwords",
)  # fmt: skip
WEB, SAFE, REPORT, FACTOR, OPENID = (
    "desk/test_web", "desk/test_digest_is_safe", "desk/test_page_report", "desk/test_second_factor", "desk/test_openid",
)  # fmt: skip
EVIL_PAGES = (
    f"{MATRIX}::test_hostile_words_of_a_post_and_of_a_note_stay_words_on_every_page",
    f"{WEB}::test_hostile_words_stay_words_and_a_crash_says_nothing_of_them",
)
NO_SCRIPT = "The desk has no script, and its policy lets none run."
EVERY_ANSWER = f"{GUARD}::test_every_answer_keeps_to_itself"
WALK = f"{MATRIX}::test_each_person_is_shown_what_they_may_know_and_nothing_tells_them_of_the_rest"
FIELDS = f"{MATRIX}::test_every_form_has_its_token_and_takes_no_field_of_ones_own"

STATIC, PAPER = "desk/test_asvs", "docs/test_desk_security"
PAGE_OF = "docs/desk-security.md"
TOKENS = f"{OPENID}::test_v9_1_2_only_signatures_with_a_private_key_of_the_directory_count"
CLAIMS = f"{OPENID}::test_v10_5_3_a_token_that_says_anything_else_is_refused"
TLS = f"{SITE}::test_under_tls_it_really_speaks_tls_and_nothing_older"
NO_SOCKET = "Not applicable: the guard answers nothing but HTTP."
NO_BAND = "Not applicable: no code is sent by telephone, e-mail or push."
CLIENT_ONLY = "Not applicable: the desk is a client of the school's directory and nothing else."
NO_RTC = "Not applicable: there is no WebRTC."
