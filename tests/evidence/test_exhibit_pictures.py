"""What a person handed in leaves only with a person's tick, and without what its file tells of a device (L20, L21)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import verifier_template
from evidence.exhibit import (
    HandedIn,
    NamesToCover,
    build_covered,
    build_exhibit,
)
from evidence.exhibit_picture import clean_jpeg, clean_picture, clean_png
from evidence.picture import Cover, Renderer
from mentionwatch.ids import digest
from tests.evidence.exhibit_cases import (
    make_png,
    picture_warc,
    unpack,
)
from tests.evidence.pictures import drawn, keep, require_browser
from tests.evidence.values import NOW, make_exhibit, make_revision


def handed_in(body: bytes, media_type: str = "image/png", role: str = "head") -> HandedIn:
    return HandedIn(media_type, body, digest(body), role, NOW if role else None)


def test_l21_a_handed_in_picture_stays_at_the_school_without_a_persons_tick() -> None:
    """Neither as a file of its own nor inside the WACZ, whatever the caller forgot to leave out."""
    secret = make_png(3, (b"tEXt", b"Author\x00Seen by Sian"))
    for ticked_by, ticked_at in (("", NOW), ("pipeline", NOW), ("head", None)):
        given_in = replace(handed_in(secret), picture_checked_by_role=ticked_by, picture_checked_at=ticked_at)
        row = make_revision(method="manual", warc=picture_warc(secret), raw=secret, handed_in=given_in)
        made = build_exhibit(make_exhibit(row))
        files = unpack(made)
        assert not any("handed-in" in name or name.endswith((".wacz", ".warc", ".bin")) for name in files)
        assert not any(secret in body or b"Seen by Sian" in body for body in files.values())
        (facts,) = json.loads(files["manifest.json"])["captures"]
        assert facts["handed_in"]["is_in_exhibit"] is False and "stays at the school" in " ".join(
            facts["limits"]
        )


def test_l21_with_the_tick_it_goes_along_without_what_its_file_tells_of_a_device() -> None:
    body = make_png(3, (b"eXIf", b"MM\x00*Sian's iPhone"), (b"tEXt", b"Comment\x00seen by sian.j"))
    row = make_revision(method="manual", warc=picture_warc(body), handed_in=handed_in(body))
    files = unpack(build_exhibit(make_exhibit(row)))
    assert files["01ab/revision-1/handed-in.png"] == make_png(3)
    (facts,) = json.loads(files["manifest.json"])["captures"]
    assert facts["handed_in"] == {
        "media_type": "image/png", "original_sha256": digest(body), "picture_checked_by_role": "head",
        "picture_checked_at": "2026-11-21T02:30:00Z", "is_in_exhibit": True,
    }  # fmt: skip
    assert not any(b"Sian" in content or b"sian.j" in content for content in files.values())
    assert "what its file told of a device was left out" in " ".join(facts["limits"])
    assert not any(name.endswith((".wacz", ".warc")) for name in files)


def test_l21_a_picture_that_cannot_be_cleaned_stays_even_with_the_tick() -> None:
    row = make_revision(
        method="manual", warc=picture_warc(b"GIF89a"), handed_in=handed_in(b"GIF89a", "image/gif")
    )
    files = unpack(build_exhibit(make_exhibit(row)))
    assert not any("handed-in" in name for name in files)
    assert "cannot be taken out" in files["manifest.json"].decode()


def test_words_that_were_handed_in_go_along() -> None:
    row = make_revision(method="manual", warc=picture_warc(b"geiriau", "text/plain"))
    assert "captures.wacz" in unpack(build_exhibit(make_exhibit(row)))


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def test_a_jpeg_loses_its_metadata_and_no_pixel() -> None:
    pixels = (
        _segment(0xDB, bytes(65))
        + _segment(0xC0, bytes(9))
        + _segment(0xDA, bytes(6))
        + b"\x12\xff\x00\x34\xff\xd0\x56"
    )
    more = _segment(0xC4, bytes(20)) + _segment(0xDA, bytes(6)) + b"\x78"
    notes = _segment(0xE1, b"Exif\x00\x00Sian") + _segment(0xFE, b"seen by Sian") + _segment(0xED, b"Sian")
    whole = b"\xff\xd8" + _segment(0xE0, b"JFIF\x00") + notes + pixels + notes + more + b"\xff\xd9" + b"Sian"
    assert clean_jpeg(whole) == b"\xff\xd8" + pixels + more + b"\xff\xd9"
    for end in range(len(whole) - 5):
        assert clean_jpeg(whole[:end]) == b""


@given(st.binary(max_size=200))
def test_what_is_no_picture_is_never_called_clean(body: bytes) -> None:
    assert clean_picture(b"\x89PNG\r\n\x1a\n" + body, "image/png") == b"" == clean_picture(body, "image/heic")
    assert b"Exif" not in clean_jpeg(b"\xff\xd8" + _segment(0xE1, b"Exif" + body) + body)


def test_a_png_with_a_damaged_chunk_or_a_tail_is_not_bare() -> None:
    good = make_png()
    assert clean_png(good) == good == clean_png(good + b"Sian")
    assert clean_png(good[:40] + bytes((good[40] ^ 1,)) + good[41:]) == b""


@pytest.mark.browser
def test_pictures_of_a_real_browser_are_bare_and_go_into_both_variants() -> None:
    """The same WARC: drawn, drawn with a name covered, and in the WACZ."""
    warc = keep("<p>Ysgol Llanbedrog</p><p>Jane Bloggs lives at number 9</p>")
    row = make_revision(warc=warc, warc_sha256=digest(warc), text="Jane Bloggs lives at number 9")
    with Renderer(require_browser()) as renderer:
        picture = drawn(renderer.draw(warc, "lives at number 9"))
        covered = drawn(renderer.draw(warc, "lives at number 9", cover=[Cover("Jane Bloggs", "a parent")]))
    exhibit = make_exhibit(replace(row, pictures=(picture,), redacted=(covered,)))
    whole = unpack(build_exhibit(exhibit))
    (facts,) = json.loads(whole["manifest.json"])["captures"]
    assert facts["pictures"][0]["made_from_sha256"] == facts["warc_sha256"] == digest(warc)
    assert whole["01ab/revision-1/picture-1.png"] == picture.png == clean_png(picture.png)
    made = build_covered(exhibit, NamesToCover(("Jane Bloggs",), "head", NOW))
    assert isinstance(made, bytes), made
    assert unpack(made)["01ab/revision-1/covered-1.png"] == covered.png
    assert verifier_template.check(whole) == [] == verifier_template.check(unpack(made))
