"""Whoever can write both lists of digests anew, but not sign, makes no exhibit that is called all right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from evidence.exhibit import CustodyLine, Exhibit
from tests.evidence.exhibit_cases import KEY, SIGNER, lay_out, make_full, run, unpack
from tests.evidence.test_verifier import ENTRY, build, edit_proofs, mend, wrong
from tests.evidence.time_stamper import make_authority
from tests.evidence.values import make_exhibit


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Exhibit:
    return make_full(make_authority(tmp_path_factory.mktemp("tsa") / "a", "Awdurdod Stampio"))


@pytest.fixture(scope="module")
def files(full: Exhibit) -> dict[str, bytes]:
    return unpack(build(full))


def forged(
    files: dict[str, bytes], change: Callable[[dict[str, bytes], dict[str, object]], None]
) -> list[str]:
    """What is found after a change by somebody who can do all but sign."""
    found, manifest = dict(files), json.loads(files["manifest.json"])
    change(found, manifest)
    kept = {row["name"] for row in manifest["files"]} & set(found)
    manifest["files"] = [{"name": name, "sha256": "", "bytes": 0} for name in sorted(kept)]
    found["manifest.json"] = json.dumps(manifest).encode()
    return wrong(mend(found, is_signed=False))


LIST_LINE = f"SHA256SUMS.sig: is not the signature of SHA256SUMS under key {SIGNER.kid}"


def _change_words(found: dict[str, bytes], manifest: dict[str, object]) -> None:
    found["01ab/revision-1/words.txt"] = b"words that nobody ever wrote"


def _change_date(found: dict[str, bytes], manifest: dict[str, object]) -> None:
    (manifest["captures"])[0]["posted_at"] = "2020-01-01T00:00:00Z"  # type: ignore[index]


def _replace_wacz(found: dict[str, bytes], manifest: dict[str, object]) -> None:
    found["captures.wacz"] = b"junk"
    manifest["objects"] = []
    proofs = json.loads(found["custody/proofs.json"])
    for entry in proofs["entries"]:
        entry.pop("opening", None)
    found["custody/proofs.json"] = json.dumps(proofs).encode()


def _remove_row(found: dict[str, bytes], manifest: dict[str, object]) -> None:
    rows = json.loads(found["custody.json"])
    rows["rows"] = []
    found["custody.json"] = json.dumps(rows).encode()


@pytest.mark.parametrize("change", [_change_words, _change_date, _replace_wacz, _remove_row])
def test_an_exhibit_forged_with_both_lists_of_digests_is_found_by_the_signature_over_the_list(
    files: dict[str, bytes], change: Callable[[dict[str, bytes], dict[str, object]], None]
) -> None:
    assert LIST_LINE in forged(files, change)


def test_a_list_whose_signature_was_taken_away_is_never_called_all_right(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    """With the keys still there it is wrong; with all that was signed gone, it is said that nothing vouches for it."""

    def unsign(found: dict[str, bytes], manifest: dict[str, object]) -> None:
        manifest["list_signed_by"] = None
        del found["SHA256SUMS.sig"]

    assert "SHA256SUMS.sig: is missing, or manifest.json does not name its key" in forged(files, unsign)
    manifest = json.loads(files["manifest.json"])
    manifest |= {"list_signed_by": None, "has_signed_custody": False}
    bare = {name: body for name, body in files.items() if not name.startswith("custody/")}
    del bare["SHA256SUMS.sig"]
    manifest["files"] = [row for row in manifest["files"] if row["name"] in bare]
    bare["manifest.json"] = json.dumps(manifest).encode()
    done = run(lay_out(mend(bare, is_signed=False), tmp_path) / "verify.py", bare=False)
    assert done.returncode == 2 and "OK" not in done.stdout
    assert "NOT CHECKED  SHA256SUMS: is not signed" in done.stdout


def test_a_capture_that_no_entry_speaks_of_is_named_also_where_the_list_is_signed(
    files: dict[str, bytes],
) -> None:
    def drop(proofs: dict[str, list[dict[str, object]]]) -> None:
        for entry in proofs["entries"]:
            entry.pop("opening", None)

    assert edit_proofs(drop, files) == [
        f"01ab/revision-{number}: no entry of the custody log speaks of the bytes of this capture"
        for number in (1, 2)
    ]
    manifest = json.loads(files["manifest.json"])
    manifest["objects"] = [row for row in manifest["objects"] if row["what"] != "warc"]
    found = wrong(mend(files | {"manifest.json": json.dumps(manifest).encode()}))
    assert "01ab/revision-1: the bytes of this capture are not here" in found


def test_the_rows_of_the_audit_log_are_tied_to_the_entries_that_were_signed_for_them(full: Exhibit) -> None:
    """One left out, one put in, one changed: each is named, whoever signed the list."""
    first = full.signed.entries[0]
    shown = json.loads(first.body)
    at = datetime.fromisoformat(shown["at"])
    (line,) = make_exhibit().custody
    line = replace(line, at=at)
    body = json.dumps(shown | {"record": line.hash}, sort_keys=True, separators=(",", ":")).encode()
    tied = replace(
        first, body=body, sha256=hashlib.sha256(body).hexdigest(), signature=KEY.sign(body), path=(), tree_size=0
    )  # fmt: skip
    signed = replace(full.signed, entries=(tied, *full.signed.entries[2:]))
    planted = replace(line, seq=2, verb="handed_over", hash="9" * 64)

    def found(*rows: CustodyLine) -> list[str]:
        exhibit = replace(full, signed=signed, custody=rows)
        return [one for one in wrong(unpack(build(exhibit))) if one.startswith("custody.json")]

    assert found(line) == []
    assert found() == [f"custody.json: the row that {ENTRY}.json was signed for is not here"]
    assert found(line, planted) == ["custody.json: no signed entry speaks of row 2"]
    assert found(replace(line, role="head")) == [f"custody.json: row 1 is not what {ENTRY}.json says"]
