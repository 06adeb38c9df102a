"""What people do with evidence is on record before it happens, and what is under the stop rule is shown to nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.incidents.homes import Desk, make_desk
from warehouse.connection import Warehouse

PNG = b"\x89PNG\r\n\x1a\n" + b"not really a picture, and never opened" * 3
SECRET = "Mrs Gwenllian Prydderch"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("template")
    desk = make_desk(folder / "home")
    (folder / "seen.png").write_bytes(PNG)
    said = desk.report(
        "I will stab the caretaker", "https://social.example/p/1", "unknown",
        "--screenshot", str(folder / "seen.png"), "--reporter", SECRET,
    )  # fmt: skip
    assert said.code == 0, said.err
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


def verbs(desk: Desk) -> list[str]:
    with Warehouse(desk.folder).live_reader() as reading:
        return [row[0] for row in reading.rows("SELECT verb FROM audit ORDER BY seq")]


def test_a_handed_in_picture_is_shown_only_for_a_purpose_and_comes_back_byte_for_byte(
    desk: Desk, tmp_path: Path
) -> None:
    """L21, issue 5 point 9: never re-encoded, its preview off, each look on record."""
    plain = desk.run("evidence", "view", "2026-0001", "--as", "head", "--purpose", "decision")
    assert plain.code == 0 and "not shown here" in plain.out and "PNG" not in plain.out
    out = tmp_path / "look.png"
    said = desk.run(
        "evidence", "view", "2026-0001", "--as", "dsl", "--purpose", "safeguarding", "--out", str(out)
    )
    assert said.code == 0, said.err
    assert out.read_bytes() == PNG and out.stat().st_mode & 0o077 == 0
    assert verbs(desk).count("viewed") == 2
    assert desk.run("evidence", "view", "2026-0001", "--as", "head").code == 2, "no purpose, no look"


def test_evidence_goes_out_comes_back_and_is_held_under_a_role_and_a_reason(desk: Desk) -> None:
    whom = ("--to", "Dyfed-Powys Police, reference 12 of 21 November")
    assert (
        desk.run("evidence", "handover", "2026-0001", "--as", "head", "--purpose", "police", *whom).code == 0
    )
    back = ("--from", "Dyfed-Powys Police, reference 12 of 21 November")
    assert (
        desk.run("evidence", "receive", "2026-0001", "--as", "head", "--purpose", "police", *back).code == 0
    )
    why = ("--reason", "a solicitor's letter asks us to keep it")
    assert desk.run("evidence", "hold", "2026-0001", "--as", "head", "--purpose", "court", *why).code == 0
    with Warehouse(desk.folder).live_reader() as reading:
        ((mention,),) = reading.rows("SELECT id FROM mentions")
    held = desk.run("erase", mention, "--reason", "the author asked for it", "--json")
    assert "held" in held.out
    assert desk.run("evidence", "release", "2026-0001", "--as", "head", "--purpose", "court", *why).code == 0
    assert desk.run("evidence", "release", "2026-0001", "--as", "head", "--purpose", "court", *why).code == 5
    refused = desk.run("evidence", "hold", "2026-0001", "--as", "operator", "--purpose", "court", *why)
    assert refused.code == 5
    assert [verb for verb in verbs(desk) if verb in ("handed_over", "received_back", "held", "released")] == [
        "handed_over", "received_back", "held", "released",
    ]  # fmt: skip
    assert desk.run("evidence", "verify").code == 0


def test_l20_the_reporters_name_is_refused_as_the_one_it_went_to(desk: Desk) -> None:
    said = desk.run(
        "evidence", "handover", "2026-0001", "--as", "head", "--purpose", "police", "--to", SECRET
    )
    assert said.code == 5 and SECRET not in said.err
    with Warehouse(desk.folder).live_reader() as reading:
        assert not reading.rows("SELECT 1 FROM audit WHERE contains(coalesce(reason, ''), 'Prydderch')")


@pytest.mark.parametrize(
    "act",
    [
        ("view", "--as", "dsl", "--purpose", "safeguarding"),
        ("view", "--as", "head", "--purpose", "police", "--out", "x.png"),
        ("export", "--as", "head"),
        ("export", "--as", "head", "--cover", "somebody", "--picture-checked"),
        ("handover", "--as", "head", "--purpose", "police", "--to", "Dyfed-Powys Police, reference 12"),
        ("picture",),
    ],
)
def test_b13_what_is_under_the_stop_rule_is_shown_copied_and_drawn_by_nobody(
    desk: Desk, act: tuple[str, ...]
) -> None:
    assert desk.move("stop_image", "operator").code == 0
    before = verbs(desk)
    said = desk.run("evidence", act[0], "2026-0001", *act[1:])
    assert said.code == 5 and "indecent or intimate image" in said.err
    assert verbs(desk) == before and not list((desk.folder / "exhibits").glob("*"))


def test_b13_the_referral_gives_the_police_an_address_and_nothing_else(desk: Desk) -> None:
    refused = desk.run("evidence", "referral", "2026-0001", "--as", "dsl")
    assert refused.code == 5 and "not under the stop rule" in refused.err
    assert desk.move("stop_image", "operator").code == 0
    assert desk.run("evidence", "referral", "2026-0001", "--as", "head").code == 5
    said = desk.run("evidence", "referral", "2026-0001", "--as", "dsl")
    assert said.code == 0 and "social.example" not in said.out, "the screen does not show the address"
    page = (desk.folder / "exhibits" / "2026-0001-police.txt").read_text(encoding="utf-8")
    assert "https://social.example/p/1" in page and "2026-0001" in page
    assert "stab" not in page and SECRET not in page
    assert max(map(len, page.splitlines())) <= 82
    assert verbs(desk)[-1] == "handed_over"


@pytest.mark.parametrize(
    "name",
    [
        "keys/custody.key",
        "school.toml",
        "warehouse.duckdb",
        "new.png",
        "exhibits/new.png",
        "../seen.png",
        "..",
        "../no/such.png",
        "/dev/null",
    ],
)
def test_a_look_is_written_to_a_new_file_outside_the_home_and_replaces_nothing(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    """Refused before the look is on record."""
    assert desk.run("evidence", "checkpoint").code == 0
    (tmp_path / "seen.png").write_bytes(b"mine")
    (tmp_path / "loose.png").symlink_to(desk.folder / "elsewhere.png")
    place, look = desk.folder / name, ("evidence", "view", "2026-0001", "--as", "head", "--purpose", "police")
    before, entered = place.read_bytes() if place.is_file() else None, verbs(desk)
    for each in (place, tmp_path / "loose.png"):
        said = desk.run(*look, "--out", str(each))
        assert said.code == 5 and len(said.err.splitlines()) == 1, said.err
    assert verbs(desk) == entered
    assert (place.read_bytes() if place.is_file() else None) == before
    assert not list(tmp_path.glob("*.part")) and not list(desk.folder.rglob("*.part"))


ABOUT_HEAD = (
    "I will kill the headteacher of Ysgol Llanbedrog, I know the house and I will stab everyone in it"
)


def test_l31_whom_a_post_is_about_has_no_part_in_its_evidence(desk: Desk) -> None:
    """L31, I3: neither by the incident's number nor by the mention's, and not by ending another one's hold."""
    made = desk.report(ABOUT_HEAD, "https://social.example/p/2")
    assert made.code == 0, made.err
    mention, number = made.row["mention"], made.row["incident"]
    why = ("--reason", "a solicitor's letter asks us to keep it")
    whom = ("--to", "Dyfed-Powys Police, reference 12 of 21 November")
    police = ("--purpose", "police")
    assert desk.run("evidence", "hold", number, "--as", "deputy", *police, *why).code == 0
    before = verbs(desk)
    for role in ("head", "co_head"):
        for id_ in (mention, number):
            for act in (
                ("view", *police),
                ("handover", *police, *whom),
                ("hold", *police, *why),
                ("release", *police, *why),
            ):
                said = desk.run("evidence", act[0], id_, "--as", role, *act[1:])
                assert said.code == 5 and "is about the" in said.err, said
    assert verbs(desk) == before
    assert desk.run("evidence", "view", number, "--as", "deputy", *police).code == 0
    assert desk.run("evidence", "view", "2026-0001", "--as", "head", *police).code == 0, "another incident"


def test_l31_earlier_words_bar_from_the_evidence_as_they_bar_from_the_desk(desk: Desk) -> None:
    """L31: evidence holds every revision, and who was named in the first one would be shown it."""
    made = desk.report(
        "I will kill the deputy head of Ysgol Llanbedrog, I know the house and I will stab everyone in it",
        "https://social.example/p/3",
    )
    assert made.code == 0, made.err
    mention, number = made.row["mention"], made.row["incident"]
    edited = desk.report("I will stab somebody at Ysgol Llanbedrog", "https://social.example/p/3")
    assert edited.row["mention"] == mention
    look = ("--purpose", "police")
    before = verbs(desk)
    for id_ in (mention, number):
        said = desk.run("evidence", "view", id_, "--as", "deputy", *look)
        assert said.code == 5 and "is about the deputy" in said.err
    assert verbs(desk) == before
    assert desk.run("evidence", "view", number, "--as", "head", *look).code == 0


def test_l31_a_surname_that_came_today_bars_from_earlier_words_nobody_has_read_for_it(desk: Desk) -> None:
    made = desk.report(
        "I will kill Gwrtheyrn of Ysgol Llanbedrog, I know the house and I will stab everyone in it",
        "https://social.example/p/4",
    )
    desk.report("I will stab somebody at Ysgol Llanbedrog", "https://social.example/p/4")
    look = ("evidence", "view", made.row["incident"], "--as", "deputy", "--purpose", "police")
    assert desk.run(*look).code == 0
    school = desk.folder / "school.toml"
    text = school.read_text(encoding="utf-8")
    assert "deputy_surnames = []\n" in text
    school.write_text(
        text.replace("deputy_surnames = []\n", 'deputy_surnames = ["Gwrtheyrn"]\n'), encoding="utf-8"
    )
    said = desk.run(*look)
    assert said.code == 5 and "is about the deputy" in said.err


def test_l31_a_mention_in_no_incident_is_not_for_whom_it_is_about(desk: Desk) -> None:
    """L31: the desk shows it to the head on no page, so the command does not either."""
    made = desk.report(
        "The headteacher of Ysgol Llanbedrog opened the summer fair", "https://social.example/p/5"
    )
    assert made.code == 0 and not made.row["incident"], made
    look = ("evidence", "view", made.row["mention"], "--purpose", "check", "--as")
    said = desk.run(*look, "head")
    assert said.code == 5 and "is about the head" in said.err
    assert desk.run(*look, "deputy").code == 0


def test_nobody_acts_as_the_software(desk: Desk) -> None:
    for act in (("view", "--purpose", "check"), ("export",)):
        said = desk.run("evidence", act[0], "2026-0001", "--as", "pipeline", *act[1:])
        assert said.code == 2 and "is no role" in said.err
    assert "viewed" not in verbs(desk)


def test_l20_the_reporters_name_is_refused_as_the_reason_of_a_release(desk: Desk) -> None:
    act = ("2026-0001", "--as", "head", "--purpose", "court", "--reason")
    assert desk.run("evidence", "hold", *act, "a solicitor's letter asks us to keep it").code == 0
    said = desk.run("evidence", "release", *act, f"{SECRET} no longer asks for it")
    assert said.code == 5 and SECRET not in said.err and "released" not in verbs(desk)


@pytest.mark.parametrize(
    "act",
    [
        ("view",),
        ("handover", "--to", "Dyfed-Powys Police, reference 12"),
        ("hold", "--reason", "a solicitor's letter asks us to keep it"),
        ("release", "--reason", "a solicitor's letter asks us to keep it"),
    ],
)
def test_no_act_is_signed_in_advance(desk: Desk, act: tuple[str, ...]) -> None:
    before = verbs(desk)
    said = desk.run(
        "evidence",
        act[0],
        "2026-0001",
        "--as",
        "head",
        "--purpose",
        "court",
        *act[1:],
        "--now",
        "2099-01-01T00:00:00Z",
    )
    assert said.code == 5 and "nobody signs in advance" in said.err and verbs(desk) == before
