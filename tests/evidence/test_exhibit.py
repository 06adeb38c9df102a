"""An exhibit checks itself with nothing but Python, and every change of it is named."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass, replace
from pathlib import Path

import pytest

from evidence import exhibit_values, verifier_template
from evidence.exhibit import (
    NamesToCover,
    build_covered,
    build_exhibit,
)
from mentionwatch.errors import Refused
from mentionwatch.ids import digest
from tests.evidence.exhibit_cases import (
    lay_out,
    run,
    unpack,
)
from tests.evidence.values import NOW, make_exhibit, make_revision


@pytest.fixture(scope="module")
def body() -> bytes:
    return build_exhibit(make_exhibit(make_revision(), make_revision(revision=2, text="edited words")))


def test_its_own_verifier_runs_with_plain_python_on_the_folder_and_on_the_zip(
    body: bytes, tmp_path: Path
) -> None:
    folder = lay_out(unpack(body), tmp_path / "out")
    zipped = tmp_path / "exhibit.zip"
    zipped.write_bytes(body)
    for done in (run(folder / "verify.py"), run(folder / "verify.py", str(zipped))):
        assert (done.returncode, done.stderr) == (2, "")
        assert "OK" not in done.stdout and "WRONG" not in done.stdout
        assert "SHA256SUMS: is not signed" in done.stdout
        assert "holds no entry of the signed custody log" in done.stdout


def test_the_verifier_names_a_changed_a_missing_and_a_foreign_file(body: bytes, tmp_path: Path) -> None:
    folder = lay_out(unpack(body), tmp_path)
    words = folder / "01ab/revision-1/words.txt"
    words.write_bytes(words.read_bytes().replace(b"neges", b"negez"))
    (folder / "01ab/revision-2/page.txt").unlink()
    (folder / "extra.txt").write_text("planted")
    done = run(folder / "verify.py")
    assert done.returncode == 1
    assert "01ab/revision-1/words.txt: was changed after the exhibit was made" in done.stdout
    assert "01ab/revision-2/page.txt: is missing" in done.stdout
    assert "extra.txt: does not belong to the exhibit" in done.stdout


def test_any_changed_byte_of_any_file_is_found_and_its_file_named(body: bytes) -> None:
    """Every byte of the small files and of the list of digests, a sample of the larger ones."""
    files, dice = unpack(body), random.Random(7)
    assert verifier_template.check(files) == []
    for name, kept in files.items():
        is_short = len(kept) <= 300 or name == "SHA256SUMS"
        places = range(len(kept)) if is_short else dice.sample(range(len(kept)), 300)
        for place in places:
            changed = bytearray(kept)
            changed[place] ^= 1 << dice.randrange(8)
            findings = verifier_template.check(files | {name: bytes(changed)})
            assert findings, (name, place)
            if name != "SHA256SUMS":
                assert any(line.startswith(f"{name}: ") for line in findings), (name, place, findings)


def test_a_changed_file_is_found_even_when_the_list_of_digests_was_mended_to_match(body: bytes) -> None:
    files = unpack(body)
    name = "01ab/revision-1/words.txt"
    forged = b"forged words"
    files["SHA256SUMS"] = files["SHA256SUMS"].replace(digest(files[name]).encode(), digest(forged).encode())
    files[name] = forged
    assert verifier_template.check(files) == [f"{name}: does not have the SHA-256 that manifest.json states"]


def test_any_bit_of_the_list_of_digests_that_is_turned_is_found() -> None:
    """Found by running: a turned bit can make one kind of line break into another."""
    files = unpack(build_exhibit(make_exhibit(make_revision(warc=b"", page_text=""))))
    kept = files["SHA256SUMS"]
    for place in range(len(kept)):
        for bit in range(8):
            changed = bytearray(kept)
            changed[place] ^= 1 << bit
            assert verifier_template.check(files | {"SHA256SUMS": bytes(changed)}), (place, bit)


@pytest.mark.parametrize("name", ["SHA256SUMS", "manifest.json", "README.txt", "custody.json", "verify.py"])
def test_a_file_taken_away_is_missed(body: bytes, name: str) -> None:
    files = unpack(body)
    del files[name]
    assert any(name in line for line in verifier_template.check(files))


def test_a_zip_with_flipped_bytes_never_passes_as_whole_with_other_contents(
    body: bytes, tmp_path: Path
) -> None:
    """A flip in a ZIP header that changes no file may pass; a changed file never does."""
    dice, path, good = random.Random(11), tmp_path / "x.zip", unpack(body)
    noticed = 0
    for _ in range(300):
        changed = bytearray(body)
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        path.write_bytes(changed)
        code = verifier_template.main(["verify.py", str(path)])
        noticed += code == 1
        if code != 1:
            assert verifier_template.read_zip(path)[0] == good
    assert noticed > 100


def test_what_is_no_zip_at_all_is_said_in_one_line(
    body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = body.rindex(b"PK\x01\x02") + 6  # "version needed" of a directory entry
    for broken in (b"", b"no zip", body[:200], body[:version] + b"\xff\x00" + body[version + 2 :]):
        path = tmp_path / "x.zip"
        path.write_bytes(broken)
        assert verifier_template.main(["verify.py", str(path)]) == 1
        assert "cannot be opened" in capsys.readouterr().out
    assert verifier_template.main(["verify.py", str(tmp_path / "nowhere.zip")]) == 1


def test_a_file_that_is_twice_in_a_zip_is_named(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(body)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("README.txt", b"another")
    assert "README.txt: is in the ZIP twice" in verifier_template.read_zip(path)[1]


def test_the_same_values_give_the_same_bytes_and_names_that_any_system_can_unpack() -> None:
    exhibit = make_exhibit()
    made = build_exhibit(exhibit)
    assert build_exhibit(exhibit) == made
    for name in unpack(made):
        assert not name.startswith("/") and ".." not in name and "\\" not in name
        assert name.isascii()


def test_l17_l18_the_manifest_tells_posting_from_capture_and_unknown_stays_unknown() -> None:
    made = build_exhibit(make_exhibit(make_revision(), make_revision(revision=2, posted_at=None)))
    files = unpack(made)
    first, second = json.loads(files["manifest.json"])["captures"]
    assert (first["posted_at"], first["captured_at"]) == ("2026-11-20T18:05:00Z", "2026-11-21T02:30:00Z")
    assert second["posted_at"] is None
    assert "the time of posting is not known: the source does not give it" in second["limits"]
    readme = files["README.txt"].decode()
    assert "Posted: unknown: the source does not give it" in readme
    assert "Postiwyd: anhysbys: nid yw'r ffynhonnell yn ei roi" in readme
    assert "2026-11-20T18:05:00Z" in readme
    assert re.search(r"Captures? .*2: the time of posting is not known", readme)


def test_b13_of_a_sealed_post_nothing_is_built_whoever_asks() -> None:
    sealed = replace(make_exhibit(), is_sealed=True)
    with pytest.raises(Refused, match="shown, copied and exported by nobody"):
        build_exhibit(sealed)
    with pytest.raises(Refused, match="shown, copied and exported by nobody"):
        build_covered(sealed, NamesToCover((), "head", NOW))


def test_a_damaged_warc_is_not_lost_and_its_damage_is_said() -> None:
    good = make_revision()
    cut = good.warc[:-30]
    files = unpack(build_exhibit(make_exhibit(replace(good, warc=cut, warc_sha256=digest(cut)))))
    assert files["01ab/revision-1/capture.warc"] == cut and "captures.wacz" not in files
    assert "the WARC is damaged" in " ".join(files["README.txt"].decode().split())


def test_the_incidents_steps_and_the_custody_are_in_it_without_anyones_reasons() -> None:
    files = unpack(build_exhibit(make_exhibit()))
    steps = json.loads(files["manifest.json"])["incident"]["steps"]
    assert [step["event"] for step in steps] == ["open", "preserve"]
    assert all("reason" not in step and "actor" not in step for step in steps)
    custody = json.loads(files["custody.json"])
    assert custody["ends"] == {"audit": "f" * 64}
    assert "actor" not in custody["rows"][0]


def test_times_in_the_zip_are_those_of_making_it(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {info.date_time for info in archive.infolist()} == {
            (NOW.year, NOW.month, NOW.day, NOW.hour, NOW.minute, NOW.second)
        }


def test_l20_no_value_of_an_exhibit_has_a_place_for_who_reported_or_whose_account() -> None:
    """What has no field cannot get out; the manifest has no such key either."""
    fields = {
        field.name
        for value in vars(exhibit_values).values()
        if is_dataclass(value)
        for field in dataclass_fields(value)
    }
    assert len(fields) > 60
    manifest = json.loads(unpack(build_exhibit(make_exhibit()))["manifest.json"])
    keys = set(manifest) | set(manifest["captures"][0]) | set(manifest["incident"]["steps"][0])
    for name in fields | keys:
        assert not re.search("report|informer|account|author|actor|witness|seen_through", name), name


def test_two_captures_that_would_share_a_folder_are_refused() -> None:
    """One would else be written over the other without a word."""
    with pytest.raises(ValueError, match="same mention and revision"):
        build_exhibit(make_exhibit(make_revision(), make_revision()))
