"""A person's report goes the way of a collected mention, and who reported it goes nowhere."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.incidents.homes import THREAT, URL, Desk, make_desk
from warehouse.reporters import ReporterStore

CANARY = "Zanzibar Quuxley"
PARTS = (b"Zanzibar", b"Quuxley", b"zanzibar", b"quuxley")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "home")


def test_l16_a_report_opens_the_same_incident_as_a_collected_mention(desk: Desk) -> None:
    said = desk.report()
    assert said.code == 0 and said.row["incident"], said
    (mention,) = desk.run("mentions", "--json").rows
    assert (mention["id"], mention["kind"], mention["source"]) == (said.row["mention"], "report", "report")
    (incident,) = desk.run("incident", "list", "--json").rows
    assert incident["state"] == "PRESERVED" and incident["route"] == "police"
    assert incident["mention"] == mention["id"]


def test_l16_whatever_the_classifier_thinks_of_it_a_person_looks_at_a_report(desk: Desk) -> None:
    desk.report("What a lovely summer fair at Ysgol Llanbedrog")
    assert desk.run("mentions", "--json").row["needs_person"] is True


def test_l18_an_unknown_time_of_posting_stays_unknown(desk: Desk) -> None:
    desk.report()
    desk.report("Other words", "https://social.example/post/2", "2026-11-20T18:05:00+01:00")
    second, first = desk.run("mentions", "--json").rows
    if first["posted_at"]:
        first, second = second, first
    assert (first["posted_at"], first["posted_at_basis"]) == (None, "unknown")
    assert (second["posted_at"], second["posted_at_basis"]) == ("2026-11-20T17:05:00Z", "human")
    assert first["captured_at"] is not None


def test_a_second_report_of_the_same_post_joins_the_first(desk: Desk) -> None:
    first = desk.report()
    again = desk.report(url=f"{URL}?utm_source=share&fbclid=1#comments")
    assert again.row == first.row
    (mention,) = desk.run("mentions", "--json").rows
    assert mention["revision"] == 1
    assert len(desk.run("incident", "list", "--json").rows) == 1


def test_a_second_report_with_other_words_is_a_new_revision_of_the_same_post(desk: Desk) -> None:
    first = desk.report()
    again = desk.report(THREAT + " tomorrow")
    assert again.row == first.row
    assert desk.run("mentions", "--json").row["revision"] == 2


def test_a_post_that_becomes_a_threat_asks_today_though_it_was_a_matter_for_the_school(desk: Desk) -> None:
    """T01, protocol 5: under "act now" that morning, however far the letter about what it said before has come."""
    said = "Ysgol Llanbedrog steals the money of the trip fund, they are thieves and liars"
    first = desk.report(said).row["incident"]
    assert first and desk.run("digest", "--format", "json").row["act_now"] == []
    second = desk.report(f"{said}. I will kill the teachers of Ysgol Llanbedrog and burn the gym down").row
    assert second["incident"] != first
    digest = desk.run("digest", "--format", "json").row
    assert digest["act_now"] == [second["incident"]] and digest["decisions"] == [first]
    assert desk.run("evidence", "verify").code == 0


def test_what_is_advised_after_a_refusal_fits_how_the_post_went(desk: Desk) -> None:
    """What was erased on request never comes back, so nobody is told to report it in other words; what ran out its time may."""
    fair, words = "What a lovely summer fair at Ysgol Llanbedrog", "it has now"
    erased = desk.report(fair).row["mention"]
    assert desk.run("erase", erased, "--reason", "request 7").code == 0
    for text in (fair, f"{fair}, and the tea"):
        said = desk.report(text)
        assert said.code == 5 and "erased on request" in said.err and words not in said.err
    other = "https://social.example/post/2"
    assert desk.report(fair, other).code == 0
    assert desk.run("retention", "--now", "2036-11-20T08:00:00Z").code == 0
    same = desk.report(fair, other)
    assert same.code == 5 and "run out its time" in same.err and words in same.err
    assert "erased on request" not in same.err
    assert desk.report(f"{fair}, and the tea", other).code == 0


def test_two_comments_on_one_page_are_two_posts(desk: Desk) -> None:
    assert desk.report(url=f"{URL}#comment-1").row != desk.report(url=f"{URL}#comment-2").row
    assert len(desk.run("incident", "list", "--json").rows) == 2


def test_l19_l20_the_reporter_is_in_no_output_no_file_and_no_file_name(desk: Desk, tmp_path: Path) -> None:
    more = ("--reporter", CANARY, "--platform", "QuuxleyNet")
    picture = tmp_path / f"{CANARY}.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n not a real picture")
    said = [desk.report(THREAT, URL, "unknown", *more)]
    said.append(desk.report(THREAT, f"{URL}2", "unknown", *more, "--screenshot", str(picture)))
    said += [
        desk.run("mentions", "--json"),
        desk.run("mentions"),
        desk.run("incident", "list"),
        desk.run("incident", "list", "--json"),
        desk.run("incident", "show", "2026-0001"),
        desk.run("incident", "show", "2026-0001", "--json"),
        desk.move("hand_over", "operator", "told the head", "--fact", "conflict_checked=yes"),
        desk.run("evidence", "verify"),
        desk.run("evidence", "export", "2026-0001"),
        desk.run("evidence", "export", "2026-0002"),
        desk.run("publish"),
        desk.run("query", "SELECT * FROM mentions"),
        desk.run("query", "SELECT * FROM incident_events"),
        desk.run("status"),
        desk.run("access", "Ysgol"),
        *(desk.run("digest", "--format", kind) for kind in ("text", "html", "json")),
    ]
    for answer in said:
        assert answer.code in (0, 3), answer
        assert not any(part.decode() in answer.out + answer.err for part in PARTS)
    looked_at = 0
    for path in desk.folder.rglob("*"):
        assert not any(part.decode() in path.name for part in PARTS)
        if not path.is_file():
            continue
        bodies = [path.read_bytes()]
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                bodies += [archive.read(name) for name in archive.namelist()]
        for body in bodies:
            looked_at += 1
            assert not any(part in body for part in PARTS), path
    assert looked_at > 15
    assert ReporterStore(desk.folder).names() == (CANARY,), "nobody reported, so nobody could be found"


def test_l21_a_picture_that_was_handed_in_stays_out_of_the_exhibit_and_the_exhibit_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    picture = tmp_path / "shot.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n pixels-of-an-account-holder")
    desk.report(THREAT, URL, "unknown", "--screenshot", str(picture))
    assert desk.run("evidence", "export", "2026-0001").code == 0
    with zipfile.ZipFile(desk.folder / "exhibits" / "2026-0001.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"pixels-of-an-account-holder" not in everything
    assert b"a picture was handed in; it stays at the school" in everything


def test_hostile_words_are_stored_as_words(desk: Desk) -> None:
    words = "\x1b[31m</script>\u202e {{7*7}} '; DROP TABLE mentions; -- \ud83d"
    said = desk.report(words, "a group on a phone")
    assert said.code == 2 and "not text in UTF-8" in said.err
    words = words.replace("\ud83d", "")
    said = desk.report(words, "a group on a phone")
    assert said.code == 2 and "holds spaces" in said.err
    said = desk.report(words, "group-on-a-phone")
    assert said.code == 0, said.err
    assert desk.run("evidence", "verify").code == 0
    html = desk.run("digest", "--format", "html").out
    assert "</script>\u202e" not in html and "\x1b" not in desk.run("mentions").out


@pytest.mark.parametrize(
    ("url", "posted_at", "said"),
    [
        ("javascript:alert(1)", "unknown", "javascript: is no web address"),
        ("file:///etc/passwd", "unknown", "file: is no web address"),
        ("", "unknown", "--url"),
        ("https://x.example/" + "a" * 3000, "unknown", "too long"),
        (URL, "yesterday", "'yesterday' is no time"),
        (URL, "2026-11-20T18:05:00", "has no time zone"),
    ],
)
def test_a_wrong_report_names_the_option_and_stores_nothing(
    desk: Desk, url: str, posted_at: str, said: str
) -> None:
    answer = desk.report(THREAT, url, posted_at)
    assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1
    assert desk.run("mentions", "--json").rows == []


def test_an_error_about_a_picture_names_no_path_of_the_person_who_reports(desk: Desk) -> None:
    answer = desk.report(THREAT, URL, "unknown", "--screenshot", "/home/zanzibar/shot.png")
    assert answer.code == 2 and "zanzibar" not in answer.err


def test_b02_a_report_too_needs_authority(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home", "brighton_hill")
    answer = desk.report()
    assert answer.code == 5 and "does not authorise this" in answer.err
