"""What was done with evidence cannot be unsaid (T02: hash chained): any change to the log is found, and the right entry named."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.custody_check import Anchor, LogFault, check_log
from evidence.custody_log import (
    Draft,
    Entry,
    Event,
    Head,
    Purpose,
    SealedEntry,
    commit_words,
    decode_entry,
    encode_entry,
    find_head,
    find_steps_back,
    object_commit,
    rotate_to,
    seal_entries,
)
from evidence.merkle import hash_leaf, root_of
from mentionwatch.errors import Refused
from mentionwatch.labels import Role
from tests.evidence.custody_values import FOREIGN, KEY, LOG, NEXT_KEY, NOW, PUBLIC, draft, make_log


def seqs(faults: list[LogFault]) -> list[int]:
    return [fault.seq for fault in faults]


def anchor_of(rows: list[SealedEntry]) -> Anchor:
    return Anchor(len(rows), root_of([hash_leaf(row.body) for row in rows]), NOW)


_FIRST, _LAST = datetime(1990, 1, 1), datetime(2190, 1, 1)  # noqa: DTZ001 -- Hypothesis adds the zone
hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
drafts = st.builds(
    Draft,
    at=st.datetimes(
        _FIRST,
        _LAST,
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=1))]),
    ),
    event=st.sampled_from([event for event in Event if event is not Event.KEY_ROTATED]),
    actor_id=st.one_of(hexes, st.sampled_from([role.value for role in Role])),
    role=st.sampled_from(Role),
    purpose=st.sampled_from(Purpose),
    authority=st.one_of(st.just(""), hexes, st.from_regex(r"\A[A-Z]{1,3}[0-9]{1,4}\Z")),
    object_commit=st.one_of(st.just(""), hexes),
    capture_id=st.one_of(st.just(""), hexes.map(lambda one: one[:32])),
    incident_id=st.sampled_from(["", "2026-0001", "2026-12345"]),
    before_ok=st.sampled_from([True, False, None]),
    after_ok=st.sampled_from([True, False, None]),
    recipient=st.one_of(st.just(""), hexes),
)


@given(st.lists(drafts, max_size=6), st.lists(drafts, max_size=6))
@settings(max_examples=80, deadline=None)
def test_what_is_entered_can_be_read_again_and_checks(first: list[Draft], second: list[Draft]) -> None:
    rows = list(seal_entries(Head(), KEY, first))
    rows += seal_entries(find_head(rows[-1] if rows else None), KEY, second)
    assert check_log(rows, PUBLIC, [anchor_of(rows)]) == []
    for number, (row, given_) in enumerate(zip(rows, [*first, *second], strict=True), 1):
        entry = decode_entry(row.body)
        assert isinstance(entry, Entry)
        assert (entry.seq, row.seq, entry.kid) == (number, number, KEY.kid)
        for one in fields(Draft):
            assert getattr(entry, one.name) == getattr(given_, one.name)
        assert encode_entry(entry) == row.body


@given(drafts)
@settings(max_examples=80, deadline=None)
def test_the_two_spellings_of_canonical_json_agree(one: Draft) -> None:
    """RFC 8785 by the library, and as the one-file verifier can spell it with the standard library alone."""
    (row,) = seal_entries(Head(), KEY, [one])
    shown = json.loads(row.body)
    assert rfc8785.dumps(shown) == row.body
    assert json.dumps(shown, sort_keys=True, separators=(",", ":")).encode() == row.body
    assert row.body.isascii()


WORDS = [
    "https://example.org/post/1", "http://x", "www.example.org", "example.org", "//x", "Mrs Jones", "gwen",
    "she said it", "ysgol", "ŷ", "a b", "'", "../x", "gwen_jones", "deadbeef", " ", "\n", "%20", "Head", "a" * 32 + "\n",
]  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in fields(Draft) if one.name not in ("at",)])
@pytest.mark.parametrize("words", WORDS)
def test_no_address_and_no_words_get_in(name: str, words: str) -> None:
    """L20: neither a reporter's name nor anybody else's can stand in the log."""
    with pytest.raises(Refused) as caught:
        draft(**{name: words})
    assert len(words) < 3 or words not in str(caught.value), "nor out again, in the refusal"
    assert "\n" not in str(caught.value)


@given(
    st.sampled_from(["actor_id", "authority", "object_commit", "capture_id", "incident_id", "recipient"]),
    st.text(max_size=80),
)
@settings(max_examples=300, deadline=None)
def test_what_gets_in_has_no_room_for_a_word(name: str, words: str) -> None:
    try:
        entered = draft(**{name: words})
    except Refused:
        return
    said = getattr(entered, name)
    letters = "".join(sign for sign in said if sign.isalpha())
    assert (
        said in [role.value for role in Role]
        or len(letters) <= 3
        or set(said) <= set("0123456789abcdef")
        or len(said) == 26
    )


def test_an_entry_needs_a_zone_and_an_actor() -> None:
    for wrong in (
        {"at": NOW.replace(tzinfo=None)},
        {"actor_id": ""},
        {"before_ok": 1},
        {"after_ok": "yes"},
        {"event": Event.KEY_ROTATED, "object_commit": ""},
    ):
        with pytest.raises(Refused):
            draft(**wrong)


def test_500_random_changes_of_a_byte_are_found_at_the_right_entry() -> None:
    log = LOG[:10]
    dice, anchor = random.Random(19), anchor_of(log)
    for turn in range(500):
        at, part = dice.randrange(len(log)), dice.choice(["body", "body", "sha256", "signature"])
        kept = log[at]
        changed = bytearray(
            {"body": kept.body, "sha256": kept.sha256.encode(), "signature": kept.signature}[part]
        )
        changed[dice.randrange(len(changed))] ^= dice.randrange(1, 256)
        rows = list(log)
        rows[at] = {
            "body": replace(kept, body=bytes(changed)),
            "sha256": replace(kept, sha256=changed.decode("latin-1")),
            "signature": replace(kept, signature=bytes(changed)),
        }[part]
        faults = check_log(rows, PUBLIC, [anchor] if turn % 2 else [])
        assert seqs(faults) == [at + 1], (part, at, faults)
        assert "\n" not in str(faults[0])


@given(st.integers(1, 59), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_removed_entries_are_named(at: int, count: int) -> None:
    rows = LOG[: at - 1] + LOG[at - 1 + count :]
    if len(LOG) <= at - 1 + count:
        return
    (fault,) = check_log(rows, PUBLIC)
    assert fault.seq == at
    assert "is missing" in fault.cause
    assert (f"up to {at + count - 1}" in fault.cause) is (count > 1)


@given(st.integers(0, 58))
@settings(max_examples=40, deadline=None)
def test_two_entries_that_changed_places_are_named(at: int) -> None:
    rows = list(LOG)
    # The rows change places: the first is not where it should be, and where it should not be ...
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    faults = check_log(rows, PUBLIC)
    assert seqs(faults) == [at + 1, at + 1]
    assert "wrong place" in faults[1].cause
    # ... or what is in them does, under the same numbers.
    rows[at], rows[at + 1] = replace(rows[at], seq=at + 1), replace(rows[at + 1], seq=at + 2)
    assert set(seqs(check_log(rows, PUBLIC))) == {at + 1, at + 2}


@given(st.integers(0, 60), st.integers(0, 59))
@settings(max_examples=30, deadline=None)
def test_an_entry_put_in_is_named(at: int, copied: int) -> None:
    rows = list(LOG)
    rows.insert(at, LOG[copied])
    faults = check_log(rows, PUBLIC)
    assert copied + 1 in seqs(faults)
    head = Head(at, LOG[at - 1].sha256 if at else "0" * 64)
    (forged,) = seal_entries(head, FOREIGN, [draft(event=Event.RELEASED)])
    rows = [*LOG[:at], forged, *LOG[at:]]
    faults = check_log(rows, PUBLIC)
    assert set(seqs(faults)) == {at + 1}
    assert "nobody vouches" in faults[0].cause
    signed = replace(forged, body=forged.body.replace(FOREIGN.kid.encode(), KEY.kid.encode()))
    assert set(seqs(check_log([*LOG[:at], signed, *LOG[at:]], PUBLIC))) == {at + 1}


def test_a_number_changed_beside_the_entry_is_named() -> None:
    for at in (0, 7, 59):
        rows = list(LOG)
        rows[at] = replace(rows[at], seq=999)
        (fault,) = check_log(rows, PUBLIC)
        assert (fault.seq, fault.cause) == (at + 1, "stands at place 999")


@given(st.integers(0, 59))
@settings(max_examples=40, deadline=None)
def test_a_cut_tail_is_found_by_what_was_said_elsewhere(kept: int) -> None:
    rows = LOG[:kept]
    assert check_log(rows, PUBLIC) == [], "the chain alone cannot tell"
    (fault,) = check_log(rows, PUBLIC, [anchor_of(LOG[:20]), anchor_of(LOG)])
    assert fault.seq == kept + 1
    assert "up to 60 were cut off" in fault.cause


@given(st.integers(0, 58))
@settings(max_examples=40, deadline=None)
def test_one_entry_written_anew_with_the_key_is_named(at: int) -> None:
    (anew,) = seal_entries(find_head(LOG[at - 1] if at else None), KEY, [draft(at, after_ok=False)])
    rows = [*LOG[:at], anew, *LOG[at + 1 :]]
    (fault,) = check_log(rows, PUBLIC)
    assert fault.seq == at + 1
    assert "written anew" in fault.cause
    assert seqs(check_log(rows, PUBLIC, [anchor_of(LOG)])) == [at + 1]


def test_a_log_that_does_not_begin_at_the_beginning_is_named() -> None:
    (first,) = seal_entries(Head(0, "1" * 64), KEY, [draft()])
    assert seqs(check_log([first], PUBLIC)) == [1]


@pytest.mark.parametrize("at", [20, 21, 45, 59])
def test_an_end_written_anew_by_who_holds_the_key_is_found_by_what_was_said_elsewhere(at: int) -> None:
    rows = LOG[:at]
    rows += seal_entries(
        find_head(rows[-1]), KEY, [draft(number, after_ok=False) for number in range(60 - at)]
    )
    assert check_log(rows, PUBLIC) == [], "the chain alone cannot tell"
    assert check_log(rows, PUBLIC, [anchor_of(LOG[:20])]) == []
    (fault,) = check_log(rows, PUBLIC, [anchor_of(LOG[:20]), anchor_of(LOG)])
    assert fault.seq == 21, "the first that no earlier checkpoint covers"
    each = [anchor_of(LOG[:size]) for size in range(1, 61)]
    assert seqs(check_log(rows, PUBLIC, each))[0] == at + 1


def test_the_old_key_hands_over_to_the_new_one() -> None:
    rows = list(seal_entries(Head(), KEY, [draft(), rotate_to(NEXT_KEY.public, NOW, "head", Role.HEAD)]))
    head = find_head(rows[-1])
    assert head.kid == NEXT_KEY.kid
    with pytest.raises(Refused, match="goes on with key"):
        seal_entries(head, KEY, [draft()])
    rows += seal_entries(head, NEXT_KEY, [draft(5), draft(6)])
    assert check_log(rows, PUBLIC) == []
    with pytest.raises(Refused, match="the next key"):
        seal_entries(Head(), KEY, [rotate_to(NEXT_KEY.public, NOW, "head", Role.HEAD), draft()])
    lone = check_log(rows, {KEY.kid: KEY.public})
    assert seqs(lone) == [2, 3, 4], "a handing over to a key nobody vouches for counts for nothing"


def test_a_key_that_was_not_handed_the_log_cannot_go_on_with_it() -> None:
    rows = make_log(3)
    rows += seal_entries(replace(find_head(rows[-1]), kid=""), NEXT_KEY, [draft(9)])
    (fault,) = check_log(rows, PUBLIC)
    assert (fault.seq, "turn of" in fault.cause) == (4, True)
    # Nor the old one, once it has handed over.
    rows = list(seal_entries(Head(), KEY, [rotate_to(NEXT_KEY.public, NOW, "head", Role.HEAD)]))
    rows += seal_entries(replace(find_head(rows[-1]), kid=""), KEY, [draft(9)])
    assert seqs(check_log(rows, PUBLIC)) == [2]


def test_an_entry_spelt_otherwise_is_none_even_when_signed() -> None:
    (row,) = seal_entries(Head(), KEY, [draft()])
    shown = json.loads(row.body)
    for body in (
        json.dumps(shown).encode(),
        row.body + b" ",
        row.body.replace(b'"v":1', b'"v":1,"v":1'),
        row.body.replace(b'"v":1', b'"v":1.0'),
        row.body.replace(b'"v":1', b'"v":true'),
        row.body.replace(b".000000Z", b"Z"),
        row.body.replace(b"Z", b"+00:00"),
        row.body.replace(b'"recipient":""', b'"recipient":"Mrs Jones"'),
        row.body.replace(b'"recipient":"",', b""),
        b"[" * 100_000,
        b"\xff",
        b"",
    ):
        assert body != row.body
        assert isinstance(decode_entry(body), str), body[:80]
        signed = SealedEntry(1, body, hashlib.sha256(body).hexdigest(), KEY.sign(body))
        assert seqs(check_log([signed], PUBLIC)) == [1]
        with pytest.raises(Refused):
            find_head(signed)


def test_a_commitment_binds_and_says_nothing_without_its_salt() -> None:
    sha256 = hashlib.sha256(b"a post").digest()
    commit = object_commit(b"s" * 16, sha256)
    assert commit == hashlib.sha256(b"s" * 16 + sha256).hexdigest()
    assert commit != object_commit(b"t" * 16, sha256)
    assert commit != object_commit(b"s" * 16, hashlib.sha256(b"a pos").digest())
    assert draft(recipient=commit_words(b"s" * 16, "PC 1234, North Wales Police")).recipient != ""
    for salt, hashed in ((b"short", sha256), (b"s" * 16, b"not a hash")):
        with pytest.raises(ValueError, match="salt"):
            object_commit(salt, hashed)


def test_a_clock_stepped_back_is_told_and_breaks_nothing() -> None:
    rows = list(seal_entries(Head(), KEY, [draft(100), draft(50), draft(60), draft(200), draft(200)]))
    assert check_log(rows, PUBLIC) == []
    entries = [entry for row in rows if isinstance(entry := decode_entry(row.body), Entry)]
    assert find_steps_back(entries) == [2]


def test_an_empty_log_is_a_whole_one() -> None:
    assert check_log([], PUBLIC) == []
    assert find_head(None) == Head()
    assert seal_entries(Head(), KEY, []) == ()
