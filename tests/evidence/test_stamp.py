"""A stamp is believed when a chosen authority signed our very hash, and never otherwise; nothing waits for one.

Two real authorities (openssl's) on loopback, asked through the product's own guarded door.
"""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509

from collectors.fetch import Door, Limits
from evidence.openssl_stamp import find_openssl
from evidence.stamp import (
    MOST_APART,
    Reader,
    Stamped,
    StampedAt,
    StampFault,
    StampPending,
    StampRefused,
    StampUnread,
    TimeStamper,
    ask_stamp,
    ask_stamps,
    check_stamp,
    check_stampers,
)
from mentionwatch.errors import ConfigError
from mentionwatch.fetching import Fetch
from tests.evidence import old_stamps
from tests.evidence.time_stamper import DAY, REPLY, Authority, Counter, make_authority, serving

CONTENT = b'{"root":"of a custody log"}' + b"\x07" * 64
DIGEST = hashlib.sha256(CONTENT).digest()


def machine_time() -> datetime:
    """The authorities' own clock, which no test can set: they are other processes."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Town:
    """Two authorities with different owners, the second one off-spec, and a door to both."""

    plain: Counter
    unsorted: Counter
    fetch: Fetch

    @property
    def both(self) -> tuple[TimeStamper, TimeStamper]:
        return self.plain.stamper, self.unsorted.stamper


@pytest.fixture(scope="module")
def town_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("authorities")
    one = make_authority(folder / "one", "Authority One 2026")
    two = make_authority(folder / "two", "Authority Two 2026", embeds_root=True)
    with serving(one) as plain, serving(two) as unsorted:
        door = Door(
            user_agent="mentionwatch/0.1 (+it@school.example)",
            allow_networks=[ip_network("127.0.0.1/32")],
            configured_origins=[plain.url, unsorted.url],
            limits=Limits(connect_s=2.0, total_s=20.0),
        )
        yield Town(plain, unsorted, door)
        door.close()


@pytest.fixture
def town(town_for_all: Town) -> Town:
    for counter in (town_for_all.plain, town_for_all.unsorted):
        counter.spoil = None
        counter.queries.clear()
    return town_for_all


@pytest.fixture(scope="module")
def good(town_for_all: Town) -> Stamped:
    town_for_all.plain.spoil = None
    found = ask_stamp(CONTENT, town_for_all.plain.stamper, town_for_all.fetch, machine_time())
    assert isinstance(found, Stamped)
    return found


def ask(town: Town, content: bytes = CONTENT, **values: str) -> object:
    return ask_stamp(content, town.plain.stamper, town.fetch, machine_time(), **values)


def test_a_stamp_is_fetched_verified_and_verifiable_without_network(town: Town) -> None:
    before = machine_time().replace(microsecond=0)
    found = ask(town)
    assert isinstance(found, Stamped)
    assert before <= found.stamped_at <= machine_time()
    assert (found.tsa, found.reader) == ("Authority One 2026", Reader.LIBRARY)
    unreachable = replace(town.plain.stamper, url="http://nowhere.invalid/")
    again = check_stamp(found.token, DIGEST, unreachable, token_sha256=found.token_sha256, openssl="")
    assert isinstance(again, StampedAt)
    assert (again.at, again.signer_sha256) == (found.stamped_at, found.signer_sha256)
    assert check_stamp(found.token, DIGEST, unreachable, openssl="") == again


def test_only_a_hash_and_a_nonce_leave_the_school(town: Town) -> None:
    assert isinstance(ask(town), Stamped)
    assert isinstance(ask(town), Stamped)
    first, second = town.plain.queries
    assert DIGEST in first
    assert CONTENT not in first
    assert len(first) <= 80
    assert first != second, "each request has a nonce of its own"


def test_an_answer_the_library_is_too_strict_for_is_read_by_openssl(town: Town) -> None:
    found = ask_stamp(CONTENT, town.unsorted.stamper, town.fetch, machine_time())
    assert isinstance(found, Stamped)
    assert found.reader is Reader.OPENSSL
    assert isinstance(check_stamp(found.token, DIGEST, town.unsorted.stamper), StampedAt)
    other = check_stamp(found.token, hashlib.sha256(b"another").digest(), town.unsorted.stamper)
    assert isinstance(other, StampFault)
    foreign = replace(town.unsorted.stamper, roots_pem=town.plain.stamper.roots_pem)
    assert isinstance(check_stamp(found.token, DIGEST, foreign), StampFault)
    unknown = replace(town.unsorted.stamper, signers=("Somebody Else",))
    assert isinstance(check_stamp(found.token, DIGEST, unknown), StampFault)


def test_without_openssl_such_an_answer_is_kept_and_counts_as_no_stamp(town: Town) -> None:
    results = ask_stamps(CONTENT, town.both[::-1], town.fetch, machine_time(), openssl="")
    unread, stamped = results
    assert isinstance(unread, StampUnread)
    assert isinstance(stamped, Stamped)
    later = check_stamp(unread.token, DIGEST, town.unsorted.stamper)
    assert isinstance(later, StampedAt), "with openssl it can be verified afterwards"
    still = check_stamp(unread.token, DIGEST, town.unsorted.stamper, openssl="")
    assert isinstance(still, StampFault)
    assert still.is_unread
    gone = check_stamp(unread.token, DIGEST, town.unsorted.stamper, openssl="/nowhere/openssl")
    assert gone == still, "a program that does not start has said nothing about the stamp"


Spoil = Callable[[Authority, bytes], tuple[int, str, bytes]]


def _flip(authority: Authority, query: bytes) -> tuple[int, str, bytes]:
    answer = bytearray(authority.answer(query))
    answer[-1] ^= 1
    return 200, REPLY, bytes(answer)


def _stamp_another_hash(authority: Authority, query: bytes) -> tuple[int, str, bytes]:
    return 200, REPLY, authority.answer(query.replace(DIGEST, hashlib.sha256(b"another").digest()))


REFUSED: dict[str, tuple[Spoil, str]] = {
    "one bit flipped in the signature": (_flip, "its signature does not hold"),
    "another hash stamped": (_stamp_another_hash, "over another hash"),
    "a web page": (lambda a, q: (200, "text/html; charset=utf-8", b"<!doctype html><p>Log in"), "web page"),
    "a web page under the right label": (lambda a, q: (200, REPLY, b"<!doctype html>"), "is no time stamp"),
    "nothing at all": (lambda a, q: (200, REPLY, b""), "is no time stamp"),
    "half an answer": (lambda a, q: (200, REPLY, a.answer(q)[:500]), "is no time stamp"),
    "a stamp with something behind it": (
        lambda a, q: (200, REPLY, a.answer(q) + b"\x00"),
        "is no time stamp",
    ),
    "the query sent back": (lambda a, q: (200, REPLY, q), "is no time stamp"),
    "a huge answer": (lambda a, q: (200, REPLY, b"\x30\x84" + b"0" * 300_000), ""),
    "a request refused": (
        lambda a, q: (200, REPLY, bytes.fromhex("30053003020102")),
        "was not granted as asked (status 2)",
    ),
    "no such page": (lambda a, q: (404, "text/plain", b"gone"), "HTTP 404"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_answer_is_refused_in_one_line_and_the_next_authority_asked(town: Town, name: str) -> None:
    spoil, wanted = REFUSED[name]
    town.plain.spoil = lambda query: spoil(town.plain.authority, query)
    refused, stamped = ask_stamps(CONTENT, town.both, town.fetch, machine_time())
    assert isinstance(refused, StampRefused), refused
    assert wanted in refused.cause
    assert "\n" not in refused.cause
    assert len(refused.cause) < 160
    assert isinstance(stamped, Stamped)
    assert stamped.tsa == "Authority Two 2026"


def test_yesterdays_answer_to_the_same_hash_is_refused_by_its_nonce(town: Town, good: Stamped) -> None:
    town.plain.spoil = lambda query: (200, REPLY, good.token)
    found = ask(town)
    assert isinstance(found, StampRefused)
    assert "nonce" in found.cause
    without = make_query_without_nonce()
    bare = town.plain.authority.answer(without)
    town.plain.spoil = lambda query: (200, REPLY, bare)
    assert isinstance(ask(town), StampRefused), "a stamp without any nonce answers nobody's question"


def make_query_without_nonce() -> bytes:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return TimestampRequestBuilder(CONTENT, HashAlgorithm.SHA256, nonce=False).build().as_bytes()


@pytest.mark.parametrize("apart", [MOST_APART + timedelta(minutes=1), -MOST_APART - timedelta(minutes=1)])
def test_a_time_far_from_this_machines_is_refused(town: Town, apart: timedelta) -> None:
    found = ask_stamp(CONTENT, town.plain.stamper, town.fetch, machine_time() + apart)
    assert isinstance(found, StampRefused)
    assert "clocks" in found.cause
    near = ask_stamp(CONTENT, town.plain.stamper, town.fetch, machine_time() + apart * 0.9)
    assert isinstance(near, Stamped)


def test_who_signs_is_pinned(town: Town, good: Stamped) -> None:
    stamper = town.plain.stamper
    for signers in (("Authority One*",), (good.signer_sha256,), ("Somebody", "Authority One 2026")):
        assert isinstance(check_stamp(good.token, DIGEST, replace(stamper, signers=signers)), StampedAt)
    for others in (("Authority Two*",), ("0" * 64,), ("Authority One",), ()):
        found = check_stamp(good.token, DIGEST, replace(stamper, signers=others))
        assert isinstance(found, StampFault)
        assert "not one of this authority's" in found.cause
    found = check_stamp(good.token, DIGEST, replace(stamper, roots_pem=town.unsorted.stamper.roots_pem))
    assert isinstance(found, StampFault)
    assert "not signed under the roots" in found.cause
    found = check_stamp(good.token, hashlib.sha256(b"x").digest(), stamper)
    assert isinstance(found, StampFault)
    assert "another hash" in found.cause


@pytest.mark.parametrize("embeds_root", [False, True])
@pytest.mark.parametrize(
    "since, until", [(-30 * DAY, -1 * DAY), (1 * DAY, 30 * DAY)], ids=["expired", "not yet valid"]
)
def test_a_certificate_out_of_date_at_the_time_of_the_stamp_is_refused(
    tmp_path: Path, embeds_root: bool, since: timedelta, until: timedelta
) -> None:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    authority = make_authority(
        tmp_path / "late", "Late Authority", embeds_root=embeds_root, since=since, until=until
    )
    query = TimestampRequestBuilder(CONTENT, HashAlgorithm.SHA256).build()
    found = check_stamp(authority.answer(query.as_bytes()), DIGEST, authority.stamper("http://127.0.0.1/"))
    assert isinstance(found, StampFault)
    assert "date" in found.cause or "not valid at the time" in found.cause


@pytest.mark.parametrize("name", ["plain", "unsorted"])
def test_a_stamp_outlives_the_certificate_that_made_it(name: str) -> None:
    token, roots = (getattr(old_stamps, name.upper() + end) for end in ("", "_ROOT"))
    stamper = TimeStamper("old", "http://nowhere.invalid/", roots, "owner", (f"Old authority {name}",))
    found = check_stamp(token, hashlib.sha256(old_stamps.CONTENT).digest(), stamper)
    assert isinstance(found, StampedAt)
    assert found.at.date().isoformat() == "2026-11-21"
    assert found.reader is (Reader.LIBRARY if name == "plain" else Reader.OPENSSL)
    if name == "plain":
        from rfc3161_client import decode_timestamp_response

        (der,) = decode_timestamp_response(token).signed_data.certificates
        assert x509.load_der_x509_certificate(der).not_valid_after_utc < machine_time()


def _say_later(status: int, query: bytes) -> tuple[int, str, bytes]:
    return status, "text/plain", b"later"


def test_offline_or_busy_means_pending_and_the_next_is_asked(town: Town) -> None:
    with serving(town.plain.authority) as closed:
        pass
    door = Door(user_agent="x", allow_networks=[ip_network("127.0.0.1/32")], configured_origins=[closed.url])
    pending = ask_stamp(CONTENT, closed.stamper, door, machine_time())
    door.close()
    assert isinstance(pending, StampPending)
    assert "nothing is listening" in pending.cause
    for status in (429, 500, 503):
        town.plain.spoil = partial(_say_later, status)
        first, second = ask_stamps(CONTENT, town.both, town.fetch, machine_time())
        assert isinstance(first, StampPending), first
        assert isinstance(second, Stamped)
    town.plain.spoil = lambda query: (200, REPLY, bytes.fromhex("30053003020103"))
    assert isinstance(ask(town), StampPending), "PKI status 3 means waiting"
    assert ask_stamps(CONTENT, (), town.fetch, machine_time()) == ()


def test_two_stamps_are_had_when_two_are_wanted(town: Town) -> None:
    both = ask_stamps(CONTENT, town.both, town.fetch, machine_time(), wanted=2)
    assert [one.tsa for one in both if isinstance(one, Stamped)] == [
        "Authority One 2026",
        "Authority Two 2026",
    ]
    (one,) = ask_stamps(CONTENT, town.both, town.fetch, machine_time())
    assert isinstance(one, Stamped)


def test_every_one_of_600_changed_bytes_in_a_stored_token_is_found(town: Town, good: Stamped) -> None:
    dice, stamper = random.Random(3161), town.plain.stamper
    by_hash = by_signature = 0
    for _ in range(600):
        token = bytearray(good.token)
        token[dice.randrange(len(token))] ^= dice.randrange(1, 256)
        found = check_stamp(bytes(token), DIGEST, stamper, token_sha256=good.token_sha256)
        by_hash += isinstance(found, StampFault)
        # Without the hash in the custody log, the signatures alone: all but what nobody signs.
        alone = check_stamp(bytes(token), DIGEST, stamper, openssl="")
        by_signature += isinstance(alone, StampFault)
        if isinstance(alone, StampedAt):
            assert alone.at == good.stamped_at
    assert by_hash == 600
    assert by_signature >= 570


def test_no_changed_byte_moves_the_time_hash_or_signer(town: Town) -> None:
    found = ask_stamp(CONTENT, town.unsorted.stamper, town.fetch, machine_time())
    assert isinstance(found, Stamped)
    dice, believed = random.Random(5816), 0
    for _ in range(60):
        token = bytearray(found.token)
        token[dice.randrange(len(token))] ^= 1 << dice.randrange(8)
        seen = check_stamp(bytes(token), DIGEST, town.unsorted.stamper)
        if isinstance(seen, StampedAt):
            believed += 1
            assert (seen.at, seen.signer_sha256) == (found.stamped_at, found.signer_sha256)
    assert believed <= 30, "a root sent along is signed by nobody's stamp, the rest is"


def test_junk_never_raises(town: Town) -> None:
    dice, stamper = random.Random(690), town.plain.stamper
    for size in (0, 1, 2, 3, 9, 70, 900, 70_000):
        for start in (b"", b"\x30", b"\x30\x82", gzip.compress(b"x"), b"<html>"):
            token = (start + dice.randbytes(size))[: size + 8]
            assert isinstance(check_stamp(token, DIGEST, stamper, openssl=""), StampFault)


def test_authorities_that_could_not_vouch_are_refused_when_configured(town: Town) -> None:
    one, two = town.both
    check_stampers((), "mentionwatch.toml")
    check_stampers((one, two), "mentionwatch.toml")
    for wrong, cause in (
        ((one, replace(two, owner=one.owner.upper() + " ")), "one owner"),
        ((one, replace(two, name=one.name)), "stands there twice"),
        ((replace(one, signers=()),), "nobody who may sign"),
        ((replace(one, signers=("*",)),), "nobody who may sign"),
        ((replace(one, roots_pem=b"no certificate"),), "no certificates in PEM"),
    ):
        with pytest.raises(ConfigError, match=cause) as caught:
            check_stampers(wrong, "mentionwatch.toml")
        assert "\n" not in str(caught.value)


def test_openssl_is_here_for_these_tests() -> None:
    assert find_openssl(), "the authorities of these tests are openssl's"
