"""The key that signs the log is made once, whole, for one person's eyes; a wrong file is told in one line."""

from __future__ import annotations

import os
import random
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evidence.signing_keys import (
    KEY_FILE,
    NEXT_KEY_FILE,
    SignatureChecker,
    from_secret,
    key_id,
    make_key,
    open_key,
    promote_key,
    read_key,
    read_public,
    show_public,
)
from mentionwatch.errors import ConfigError


def test_the_first_use_makes_a_key_that_only_its_owner_may_read(tmp_path: Path) -> None:
    path = tmp_path / "keys" / KEY_FILE
    key = open_key(path, "")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(path.read_bytes()) == 32
    assert [one.name for one in path.parent.iterdir()] == [KEY_FILE], "nothing is left beside it"
    assert open_key(path, "") == open_key(path, key.kid) == read_key(path) == key


def test_its_signatures_are_those_of_rfc_8032() -> None:
    # RFC 8032 section 7.1, test 2.
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    key = from_secret(secret)
    assert key.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert key.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_the_public_half_is_shown_and_the_secret_never(tmp_path: Path) -> None:
    key = make_key(tmp_path / KEY_FILE)
    kind, kid, public = show_public(key.public).split()
    assert (kind, kid) == ("ed25519", key.kid)
    assert key_id(bytes.fromhex(public)) == kid
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(key.sign(b"x"), b"x")
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_who_comes_second_reads_the_key_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    with ThreadPoolExecutor(8) as crowd:
        keys = set(crowd.map(lambda _: make_key(path).public, range(16)))
    assert len(keys) == 1
    assert [one.name for one in tmp_path.iterdir()] == [KEY_FILE]


def test_a_lost_key_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    with pytest.raises(ConfigError, match="there is no such file"):
        open_key(path, "0123456789abcdef")
    assert not path.exists()
    make_key(path)
    with pytest.raises(ConfigError, match="the custody log goes on with 0123456789abcdef"):
        open_key(path, "0123456789abcdef")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_file_of_another_length_is_no_key(tmp_path: Path, size: int) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(b"k" * size)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=f"holds {size} bytes, not 32") as caught:
        read_key(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(ConfigError):
        make_key(path)
    assert path.read_bytes() == b"k" * size, "what is there is not written over"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / KEY_FILE
    make_key(path)
    path.chmod(mode)
    with pytest.raises(ConfigError, match="Run: chmod 600"):
        read_key(path)


def test_a_folder_that_is_a_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(ConfigError, match="cannot be made") as caught:
        make_key(tmp_path / "keys" / KEY_FILE)
    assert "\n" not in str(caught.value)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_key(tmp_path / "keys" / KEY_FILE)


def test_the_next_key_takes_over_and_the_old_secret_is_gone(tmp_path: Path) -> None:
    current, following = tmp_path / KEY_FILE, tmp_path / NEXT_KEY_FILE
    old, new = make_key(current), make_key(following)
    assert promote_key(following, current) == new
    assert promote_key(following, current) == new, "again after a break: harmless"
    assert [one.name for one in tmp_path.iterdir()] == [KEY_FILE]
    assert old.secret not in current.read_bytes()


def test_a_rotation_that_broke_off_is_finished_when_the_key_is_next_opened(tmp_path: Path) -> None:
    current, following = tmp_path / KEY_FILE, tmp_path / NEXT_KEY_FILE
    old, new = make_key(current), make_key(following)
    assert open_key(current, old.kid) == old, "the log has not handed over yet"
    assert following.exists()
    assert open_key(current, new.kid) == new
    assert not following.exists()
    assert read_key(current) == new


def test_public_keys_are_read_back_and_a_damaged_line_is_named() -> None:
    keys = [from_secret(letter * 32) for letter in (b"a", b"b")]
    text = "".join(show_public(key.public) + "\n" for key in keys) + "\n"
    assert read_public(text, "custody.pub") == {key.kid: key.public for key in keys}
    for wrong in (text.replace(keys[1].kid, keys[0].kid), text + "x\n", text.replace("ed25519", "rsa")):
        with pytest.raises(ConfigError, match=r"custody\.pub: line [1-4]: is no public key"):
            read_public(wrong, "custody.pub")
    dice = random.Random(8032)
    line = show_public(keys[0].public)
    for _ in range(200):
        at, sign = dice.randrange(len(line)), dice.choice("0123456789abcdef g")
        if line[at] != sign:
            with pytest.raises(ConfigError):
                read_public(line[:at] + sign + line[at + 1 :], "custody.pub")


def test_a_key_under_another_keys_name_vouches_for_nothing() -> None:
    key, other = from_secret(b"a" * 32), from_secret(b"b" * 32)
    checker = SignatureChecker({key.kid: other.public, other.kid: other.public[:31]})
    assert not checker.knows(key.kid)
    assert not checker.knows(other.kid)
    assert not checker.is_good(key.kid, other.sign(b"x"), b"x")
    honest = SignatureChecker({key.kid: key.public})
    assert honest.is_good(key.kid, key.sign(b"x"), b"x")
    assert not honest.is_good(key.kid, key.sign(b"x"), b"y")
    assert not honest.is_good(key.kid, b"", b"x")
