"""The one-file verifier follows the school's keys: an extract that crosses a rotation is whole, given its first or last key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evidence import verifier_template
from evidence.checkpoint import seal_checkpoint
from evidence.custody_entry import decode_entry
from evidence.custody_log import Head, SealedEntry, find_head, object_commit, rotate_to, seal_entries
from evidence.exhibit import Exhibit, Opening, ProvenEntry, SignedCheckpoint, SignedCustody, build_exhibit
from evidence.merkle import Frontier, hash_leaf, prove_inclusion
from evidence.signing_keys import SigningKey, show_public
from mentionwatch.labels import Role
from tests.evidence.custody_values import FOREIGN, KEY, NEXT_KEY, NOW, draft
from tests.evidence.exhibit_cases import SALT, lay_out, run, unpack
from tests.evidence.values import make_exhibit, make_revision

ROTATION = 4
"""Entries 1 to 4 are of the first key, the fourth hands over; 5 to 7 are of the next."""


def make_log(warc_sha256: str) -> list[SealedEntry]:
    said = draft(object_commit=object_commit(SALT, bytes.fromhex(warc_sha256)))
    rows = list(
        seal_entries(
            Head(), KEY, [said, draft(1), draft(2), rotate_to(NEXT_KEY.public, NOW, "head", Role.HEAD)]
        )
    )
    return rows + list(seal_entries(find_head(rows[-1]), NEXT_KEY, [draft(5), draft(6), draft(7)]))


def prove(row: SealedEntry, rows: Sequence[SealedEntry], opening: Opening | None = None) -> ProvenEntry:
    entry = decode_entry(row.body)
    assert not isinstance(entry, str)
    path = prove_inclusion([hash_leaf(each.body) for each in rows], row.seq - 1)
    return ProvenEntry(row.seq, row.body, row.sha256, row.signature, entry.kid, len(rows), path, opening)


def seal(rows: Sequence[SealedEntry], key: SigningKey) -> SignedCheckpoint:
    made = seal_checkpoint(None, Frontier().grow(hash_leaf(row.body) for row in rows), key, NOW)
    assert made is not None
    return SignedCheckpoint(made.tree_size, made.root, made.at, made.kid, made.body, made.signature)


def make_signed(rows: Sequence[SealedEntry], warc_sha256: str, key: SigningKey = NEXT_KEY) -> SignedCustody:
    """Entries 1 and 6 and the rotation between them, all counted by one checkpoint."""
    return SignedCustody(
        (prove(rows[0], rows, Opening(SALT, warc_sha256)), prove(rows[5], rows)),
        (seal(rows, key),),
        tuple((each.kid, each.public) for each in (KEY, NEXT_KEY)),
        (prove(rows[ROTATION - 1], rows),),
    )


@pytest.fixture(scope="module")
def crossing() -> Exhibit:
    page = make_revision()
    return replace(make_exhibit(page), signed=make_signed(make_log(page.warc_sha256), page.warc_sha256))


def look(exhibit: Exhibit, *given: SigningKey, signer: SigningKey = NEXT_KEY) -> list[str]:
    """What the verifier calls wrong, given these keys (none: without `--public`)."""
    files = unpack(build_exhibit(exhibit, signer))
    kept = verifier_template.read_given("\n".join(show_public(key.public) for key in given).encode())
    assert verifier_template.check(files) == []
    lines = verifier_template.check_custody(files, kept if given else None)
    assert [kind for kind, _ in lines].count("NOT CHECKED") == 0
    return [line for kind, line in lines if kind == "WRONG"]


@pytest.mark.parametrize("given", [(), (KEY,), (NEXT_KEY,), (KEY, NEXT_KEY)])
def test_an_extract_that_crosses_a_rotation_is_whole(
    crossing: Exhibit, given: tuple[SigningKey, ...]
) -> None:
    """Evidence 3.5: the old key signed the new one; forwards or backwards, either vouches for both."""
    assert look(crossing, *given) == []


def test_a_strange_key_leads_to_neither(crossing: Exhibit) -> None:
    found = look(crossing, FOREIGN)
    assert found == [
        f"key {kid}: nothing leads to it from the key that you gave"
        for kid in sorted((KEY.kid, NEXT_KEY.kid))
    ]


def test_by_the_command_with_a_file_as_windows_saves_it(crossing: Exhibit, tmp_path: Path) -> None:
    folder = lay_out(unpack(build_exhibit(crossing, NEXT_KEY)), tmp_path / "out")
    kept = tmp_path / "kept.txt"
    for key, encoding, code in ((KEY, "utf-16", 0), (NEXT_KEY, "utf-8-sig", 0), (FOREIGN, "utf-8", 1)):
        kept.write_text(f"{show_public(key.public)}  # entries 1 on\r\n", encoding=encoding)
        done = run(folder / "verify.py", "--public", str(kept), bare=False)
        assert (done.returncode, done.stderr) == (code, ""), done.stdout
    assert f"key {KEY.kid} signed that key {NEXT_KEY.kid} goes on" in done.stdout
    kept.write_text("a shopping list")
    assert (
        "holds no public key"
        in run(folder / "verify.py", str(folder), "--public", str(kept), bare=False).stdout
    )
    assert (
        "cannot be opened" in run(folder / "verify.py", "--public", str(tmp_path / "no"), bare=False).stdout
    )


def broken(
    change: Callable[[SignedCustody, list[SealedEntry]], SignedCustody], *given: SigningKey
) -> list[str]:
    page = make_revision()
    rows = make_log(page.warc_sha256)
    return look(replace(make_exhibit(page), signed=change(make_signed(rows, page.warc_sha256), rows)), *given)


def test_a_switch_nobody_signed_is_named() -> None:
    """The rotation left out: two keys, and nothing says that one followed the other."""
    found = broken(lambda signed, _: replace(signed, rotations=()))
    assert found and all(
        f"is signed by key {NEXT_KEY.kid}, though it was the turn of {KEY.kid}" in one for one in found
    )
    assert f"key {NEXT_KEY.kid}: nothing leads to it from the key that you gave" in broken(
        lambda signed, _: replace(signed, rotations=()), KEY
    )


def test_a_rotation_to_another_key_or_that_is_none_is_named() -> None:
    def other(signed: SignedCustody, rows: list[SealedEntry]) -> SignedCustody:
        (forged,) = seal_entries(find_head(rows[2]), KEY, [rotate_to(FOREIGN.public, NOW, "head", Role.HEAD)])
        return replace(signed, rotations=(prove(forged, rows),))

    assert "custody/entry-4.json: does not hand over to a key that is here" in broken(other)
    found = broken(lambda signed, rows: replace(signed, rotations=(prove(rows[2], rows),)))
    assert "custody/entry-3.json: does not hand over to a key that is here" in found


@pytest.mark.parametrize("part", ["checkpoint", "list", "entry"])
def test_a_key_used_after_its_span_is_named(part: str) -> None:
    """Somebody kept the old key: a checkpoint, a list of digests, an entry."""
    page = make_revision()
    rows = make_log(page.warc_sha256)
    if part == "entry":
        rows[5] = seal_entries(replace(find_head(rows[4]), kid=""), KEY, [draft(9)])[0]
        rows = rows[:6]
    signed = make_signed(rows, page.warc_sha256, KEY if part == "checkpoint" else NEXT_KEY)
    found = look(replace(make_exhibit(page), signed=signed), signer=KEY if part == "list" else NEXT_KEY)
    name = {"checkpoint": "custody/checkpoint-7.json", "list": "SHA256SUMS", "entry": "custody/entry-6.json"}[
        part
    ]
    assert found == [f"{name}: is signed by key {KEY.kid}, though it was the turn of {NEXT_KEY.kid}"]


def test_a_key_used_before_its_span_is_named() -> None:
    page = make_revision()
    rows = make_log(page.warc_sha256)
    rows[0] = seal_entries(
        Head(), NEXT_KEY, [draft(object_commit=object_commit(SALT, bytes.fromhex(page.warc_sha256)))]
    )[0]
    found = look(replace(make_exhibit(page), signed=make_signed(rows, page.warc_sha256)))
    assert found == [
        f"custody/entry-1.json: is signed by key {NEXT_KEY.kid}, though it was the turn of {KEY.kid}"
    ]


def test_backwards_a_key_counts_only_what_it_has_counted() -> None:
    """Anybody can make a key and have it hand over to the school's: the school's key must have counted that."""

    def uncounted(signed: SignedCustody, rows: list[SealedEntry]) -> SignedCustody:
        (rotation,) = signed.rotations
        return replace(signed, rotations=(replace(rotation, tree_size=0, path=()),))

    page = make_revision()
    rows = make_log(page.warc_sha256)
    signed = uncounted(make_signed(rows, page.warc_sha256), rows)
    exhibit = replace(make_exhibit(page), signed=signed)
    assert look(exhibit, NEXT_KEY) == [], "the list of digests is the later key's, and covers it"
    assert f"key {KEY.kid}: nothing leads to it from the key that you gave" in look(
        exhibit, NEXT_KEY, signer=KEY
    )
