"""Letters through the real command: gates, fields, files, and what is refused."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pypdf
import pytest

from desk.letter_words import FIRST_TOLD
from mentionwatch.labels import Family, Harm, Label, Role, families
from mentionwatch.model import AuditEvent
from mentionwatch.policy import RULE_VALUES, RuleKey
from tests.incidents.homes import Desk, make_desk
from tests.incidents.letter_home import (
    MONDAY,
    POST,
    REGISTERS,
    URL,
    WEDNESDAY,
    decided_home,
    letter,
    letter_home,
    prepared_home,
    step,
)
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, record_decision


@pytest.fixture
def home(tmp_path: Path) -> Desk:
    return letter_home(tmp_path / "home")


def pdf_text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(path.read_bytes())).pages).split())  # fmt: skip


def docx_text(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).split())


def test_l37_the_letter_is_made_in_both_languages_editable_and_printable(home: Desk) -> None:
    """L37, L39, L40: dissatisfaction, request with its limit, complaints, enclosures; DOCX and PDF; files named by number."""
    said = letter(home, "removal", "--json")
    assert said.code == 0, said.err
    names = said.row["files"]
    assert names == [
        f"2026-0001-1-removal-{lang}.{kind}" for lang in ("cy", "en") for kind in ("docx", "pdf")
    ]
    folder = home.folder / "letters"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in names:
        path = folder / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = pdf_text(path) if name.endswith("pdf") else docx_text(path)
        assert "Ysgol Llanbedrog" in text and POST in text
        if "-en." in name:
            for part in ("We are unhappy about these comments", "take them down by 6 pm on Thursday 26 November 2026", "3 September 2026", "Enclosed: our policy", "https://ysgol.example/complaints", "Posted at 6 pm on Friday 20 November 2026"):  # fmt: skip
                assert part.replace(" ", "") in text.replace(" ", ""), part
        else:
            for part in ("Rydym yn anfodlon", "erbyn 6 yr hwyr ddydd Iau 26 Tachwedd 2026", "3 Medi 2026", "https://ysgol.example/cwynion"):  # fmt: skip
                assert part.replace(" ", "") in text.replace(" ", ""), part


def test_l40_the_policys_sending_is_a_recorded_fact_or_there_is_no_letter(home: Desk) -> None:
    """L40: without the date in registers.toml the letter names what is missing."""
    (home.folder / "registers.toml").write_text(REGISTERS.replace("circulated_to_parents_on = 2026-09-03", ""), encoding="utf-8")  # fmt: skip
    said = letter(home, "removal")
    assert said.code == 5 and "policy_circulated_on" in said.err and "registers.toml" in said.err
    assert not (home.folder / "letters").exists()


def test_a_stale_law_card_blocks_the_letter(home: Desk) -> None:
    said = letter(home, "removal", now="2027-05-22T09:00:00Z")
    assert said.code == 5 and "law card" in said.err and "2027-05-21" in said.err


def test_a_letter_whose_law_card_ran_out_meanwhile_is_not_sent(home: Desk) -> None:
    assert letter(home, "removal", "--field", "until=2027-06-30T12:00Z").code == 0
    late = "2027-05-22T09:00:00Z"
    said = home.move("letter_sent", "operator", "posted it", "--now", late, "--fact", f"letter_posted_at={late}", "--fact", "tracking=AB1", "--fact", "second_reader=the deputy", "--fact", "screenshot=no")  # fmt: skip
    assert said.code == 5 and "has run out" in said.err


def test_d15_l44_a_changed_passage_that_misstates_the_law_is_refused_in_both_languages(home: Desk) -> None:
    """D15, L44: what a person writes anew is held to the law as well."""
    for change in (
        "request=Take them down by {deadline_at}, or the school will sue you for defamation.",
        "effect=Defamation is a criminal offence.",
        "request.cy=Tynnwch nhw i lawr erbyn {deadline_at} neu bydd yr ysgol yn eich erlyn am ddifenwi.",
    ):
        lang = "cy" if ".cy=" in change else "en"
        said = letter(home, "removal", "--lang", lang, "--change", change)
        assert said.code == 5 and "the law does not" in said.err, said.out


def test_l41_a_change_is_shown_counted_and_marked_in_the_copy_for_the_second_reader(home: Desk) -> None:
    """L41: the difference from the template, on screen and on paper."""
    change = ("--change", "request=Would you take them down by {deadline_at}?", "--change", "request.cy=A wnewch chi eu tynnu i lawr erbyn {deadline_at}?")  # fmt: skip
    shown = letter(home, "removal", "--preview", *change)
    assert "[changed] Would you take them down" in shown.out and "I therefore ask you" in shown.out
    said = letter(home, "removal", "--json", *change)
    assert [row["passage"] for row in said.row["changes"]] == ["request", "request"]
    checks = sorted((home.folder / "letters").glob("*-check-*.pdf"))
    assert len(checks) == 2
    assert "[changed]" in pdf_text(checks[1]) and "[newidiwyd]" in pdf_text(checks[0])
    assert "[changed]" not in pdf_text(home.folder / "letters" / "2026-0001-1-removal-en.pdf")
    documents = home.run("incident", "show", "2026-0001", "--json").row["documents"]
    assert [one["changed"] for one in documents] == [1]


def test_l41_a_passage_that_is_worded_anew_in_one_language_is_not_missing_in_the_other(home: Desk) -> None:
    """L40, L41: the request and its time limit would have stood in the English letter alone."""
    for change, lang in (("request=Take them down by {deadline_at}.", "Welsh"), ("request.cy=Tynnwch nhw i lawr erbyn {deadline_at}.", "English")):  # fmt: skip
        for more in ((), ("--preview",)):
            said = letter(home, "removal", "--lang", "both", "--change", change, *more)
            assert said.code == 5 and f"'request' ({lang}) has no words" in said.err, said.out
    assert not list((home.folder / "letters").glob("*"))
    assert letter(home, "removal", "--lang", "en", "--change", "request=Take them down by {deadline_at}.").code == 0  # fmt: skip


def test_l41_words_of_the_template_given_again_are_no_change(home: Desk) -> None:
    """L41: where one language stays as it is, its copy for checking marks nothing."""
    changes = ("--change", "request=Would you take them down by {deadline_at}?", "--change", "request.cy=Gofynnaf i chi felly eu tynnu i lawr erbyn {deadline_at}.")  # fmt: skip
    shown = letter(home, "removal", "--preview", "--lang", "both", *changes)
    assert shown.code == 0 and shown.out.count("[changed]") == 1 and shown.out.count("Changed from") == 1


def test_g11_every_preview_says_that_the_policy_is_undated_or_old(tmp_path: Path) -> None:
    """G11: on the preview; the letter itself carries no banner."""
    desk = decided_home(tmp_path / "g", pack="grappenhall_heys")
    shown = letter(desk, "staff_report", "--preview", "--lang", "en", role="operator")
    assert "policy date unknown" in shown.out and "Draft" in shown.out
    assert letter(desk, "staff_report", "--lang", "en", role="operator").code == 0
    assert "policy date unknown" not in pdf_text(desk.folder / "letters" / "2026-0001-1-staff_report-en.pdf")
    old = letter(letter_home(tmp_path / "l"), "removal", "--preview", "--lang", "en")
    assert "due for review" in old.out


def test_the_form_of_staff_says_in_words_whom_to_hand_it_to(tmp_path: Path) -> None:
    """It said “Hand it to head” and “Rhowch hi i slt”: the value of the pack's rule, in both languages."""
    heads, seniors = decided_home(tmp_path / "l"), decided_home(tmp_path / "g", pack="grappenhall_heys")
    english = letter(heads, "staff_report", "--preview", "--lang", "en", role="operator").out
    assert "Hand it to the headteacher without delay" in " ".join(english.split())
    welsh = letter(seniors, "staff_report", "--preview", "--lang", "cy", role="operator").out
    assert "i'r rôl hon: yr uwch dîm arwain." in " ".join(welsh.split())
    assert set(RULE_VALUES[RuleKey.FIRST_REPORT]) <= set(FIRST_TOLD)


ADOPT = '\n[adopt.letters]\nvalues = ["invitation", "removal"]\nadopted_on = 2026-09-01\n[adopt.meeting]\nvalues = ["invite"]\nadopted_on = 2026-09-01\n'


def test_b01_c01_a_policy_that_binds_only_staff_is_not_quoted_to_a_parent(tmp_path: Path) -> None:
    """B01, C01: a school that adopts letters still cites no breach of a policy that does not bind the author."""
    for pack, decider in (("brighton_hill", "slt"), ("cansfield", "head")):
        desk = make_desk(tmp_path / pack, pack, ("--authority", "Minute 7", "--authority-on", "2026-09-01"))
        path = desk.folder / "school.toml"
        path.write_text(path.read_text("utf-8") + ADOPT, encoding="utf-8")
        (desk.folder / "registers.toml").write_text(REGISTERS, encoding="utf-8")
        desk.report(POST, URL, "2026-11-20T18:00:00Z")
        step(desk, "hand_over", "operator", "conflict_checked=yes")
        questions = {"brighton_hill": ("advantage=none over them", "disadvantage=fear at work", "unwarranted=no cause given", "unwelcome=told us so"), "cansfield": ("target_class=staff",)}[pack]  # fmt: skip
        step(desk, "internal", decider, "author=parent", "connection=our caretaker", "effect=staff", "harm=threat", "involved=deputy", *questions)  # fmt: skip
        clause = {"brighton_hill": "bullying", "cansfield": "head_e"}[pack]
        step(desk, "prepared", "operator", f"cross_reference=r1 {clause}: wishes harm on a member of staff")
        step(desk, "write_instead", decider, "risk=threatened to come to the gate")
        shown = letter(desk, "removal", "--preview", "--lang", "en", role=decider)
        assert shown.code == 0, shown.err
        assert "policy on social media was sent" not in shown.out and "criticising the school" in shown.out


def test_b02_g02_a_letter_the_policy_does_not_provide_is_not_made(tmp_path: Path) -> None:
    """G02: not set by your policy, and how to adopt it."""
    desk = decided_home(tmp_path / "g", pack="grappenhall_heys")
    said = letter(desk, "removal", role="slt")
    assert said.code == 5 and "not set by your policy" in said.err and "[adopt.letters]" in said.err


@pytest.mark.parametrize("author", ["pupil", "staff", "unknown"])
def test_l12_l13_no_letter_for_pupils_staff_and_strangers(tmp_path: Path, author: str) -> None:
    """L12, L13: the gate is the author a person named."""
    desk = prepared_home(tmp_path / "home", author)
    said = letter(desk, "invitation", "--field", "meeting_at=2026-11-26T15:30Z")
    assert said.code == 5 and "the author" in said.err


def test_l26_nothing_is_drafted_while_the_police_have_it(home: Desk) -> None:
    """L26: not even a preview."""
    step(home, "police", "head", "offence=other", "proportionate=threat of violence against a named man", "informant=school")  # fmt: skip
    for kind in ("removal", "invitation", "platform_report", "ban_notice"):
        said = letter(home, kind, "--preview")
        assert said.code == 5 and "police have it" in said.err


def test_nothing_is_quoted_from_memory(home: Desk) -> None:
    """L22, T03: an extract is part of the stored words."""
    said = letter(home, "removal", "--field", "extract=the caretaker is a thief")
    assert said.code == 5 and "quoted from memory" in said.err
    assert letter(home, "removal", "--field", "extract=useless liars").code == 0


def test_l39_a_letter_that_is_posted_too_late_for_its_limit_is_made_again(home: Desk) -> None:
    """L39: the limit on paper leaves at least forty-eight hours after posting; the limit kept is the one on paper."""
    assert letter(home, "removal").code == 0
    facts = ("--fact", "tracking=AB1", "--fact", "second_reader=the deputy", "--fact", "screenshot=no")
    late = home.move("letter_sent", "operator", "posted it", "--now", WEDNESDAY, "--fact", f"letter_posted_at={WEDNESDAY}", *facts)  # fmt: skip
    assert late.code == 5 and "Make the letter again" in late.err
    good = home.move("letter_sent", "operator", "posted it", "--now", MONDAY, "--fact", f"letter_posted_at={MONDAY}", *facts)  # fmt: skip
    assert good.code == 0 and "2026-11-26T18:00:00Z" in good.out


def test_l21_a_picture_goes_along_only_with_the_tick(home: Desk) -> None:
    """L21: text alone, or a person says that nobody can be told from the picture."""
    assert letter(home, "removal", "--field", "picture=yes").code == 0
    facts = ("--fact", f"letter_posted_at={MONDAY}", "--fact", "tracking=AB1", "--fact", "second_reader=the deputy", "--fact", "screenshot=yes")  # fmt: skip
    refused = home.move("letter_sent", "operator", "posted it", "--now", MONDAY, *facts)
    assert refused.code == 5 and "identities_hidden" in refused.err
    assert home.move("letter_sent", "operator", "posted it", "--now", MONDAY, *facts, "--fact", "identities_hidden=yes").code == 0  # fmt: skip


def test_l29_an_invitation_by_letter_needs_the_letter_and_by_word_of_mouth_its_record(tmp_path: Path) -> None:
    """L29: Annex A on file, or who spoke, when and what was said."""
    desk = prepared_home(tmp_path / "home")
    meeting = ("--fact", "meeting_at=2026-11-26T15:30Z")
    no_letter = desk.move(
        "invite", "head", "asked to come", "--now", MONDAY, "--fact", "means=letter", *meeting
    )
    assert no_letter.code == 5 and "no invitation on file" in no_letter.err
    no_record = desk.move("invite", "head", "asked to come", "--now", MONDAY, "--fact", "means=telephone", *meeting)  # fmt: skip
    assert no_record.code == 5 and "--fact said=" in no_record.err
    assert letter(desk, "invitation", "--field", "meeting_at=2026-11-26T15:30Z").code == 0  # fmt: skip
    assert desk.move("invite", "head", "asked to come", "--now", MONDAY, "--fact", "means=letter", *meeting).code == 0  # fmt: skip


def test_l43_the_platform_report_names_address_times_terms_and_the_schools_account(tmp_path: Path) -> None:
    """L43: and reminds of the follow-ups."""
    desk = decided_home(tmp_path / "home", author="unknown")
    step(desk, "author_unknown", "head")
    missing = letter(desk, "platform_report")
    assert missing.code == 0
    shown = letter(desk, "platform_report", "--preview", "--lang", "en", "--field", "times=20 November 2026, 18:00", "--field", "terms=Community rules, 3: threats")  # fmt: skip
    for part in (URL, "20 November 2026, 18:00", "Community rules, 3: threats", "the school's own account", "7, 14 and 28 days"):  # fmt: skip
        assert part in shown.out


def test_d08_the_under_age_form_prints_the_platforms_address_with_its_date(tmp_path: Path) -> None:
    """D08: the link is the register's, with the day it was checked."""
    desk = decided_home(tmp_path / "home", pack="caldecote", more=("--authority", "Minute 7", "--authority-on", "2026-09-01"))  # fmt: skip
    path = desk.folder / "registers.toml"
    path.write_text(path.read_text("utf-8") + '\n[[under_age_form]]\nplatform = "social.example"\nurl = "https://social.example/under-age"\nchecked_on = 2026-11-01\n', encoding="utf-8")  # fmt: skip
    shown = letter(desk, "under_age_report", "--preview", "--lang", "en")
    assert "https://social.example/under-age" in shown.out and "1 November 2026" in shown.out


def test_c07_no_password_gets_into_a_letter_or_a_step(home: Desk) -> None:
    """C07: refused, and not repeated."""
    said = letter(home, "removal", "--field", "recipient=password: Hunter2024!")
    assert said.code == 5 and "password" in said.err and "Hunter2024" not in said.err
    noted = home.move("note", "operator", "his log-in: jones / Hunter2024!")
    assert noted.code == 5 and "Hunter2024" not in noted.err


def test_letters_go_with_the_mention_they_quote(home: Desk) -> None:
    """L20: erased means gone from the letters folder as well."""
    assert letter(home, "removal").code == 0
    mention = home.run("incident", "show", "2026-0001", "--json").row["mention"]
    assert home.run("erase", mention, "--reason", "asked for").code == 0
    assert list((home.folder / "letters").iterdir()) == []


def test_l08_what_stands_on_the_schools_own_account_is_somebodys_task_today(tmp_path: Path) -> None:
    """L08: bullying on a school account raises a task; on another page it does not."""
    for name, url, wanted in (("own", "https://ysgol.example/post/1", 1), ("other", URL, 0)):
        desk = make_desk(tmp_path / name)
        path = desk.folder / "school.toml"
        path.write_text(path.read_text("utf-8").replace("websites = []", 'websites = ["ysgol.example"]'), encoding="utf-8")  # fmt: skip
        desk.report(POST, url)
        shown = desk.run("incident", "show", "2026-0001", "--json").row
        assert len(shown["tasks"]) == wanted
        assert shown["channel"] == ("school_account" if wanted else "other")


def test_l09_the_families_of_bad_content_stand_on_each_incident(home: Desk) -> None:
    """L09: defamatory, discriminatory, offensive, harassing, or a breach of data protection."""
    shown = home.run("incident", "show", "2026-0001", "--json").row
    assert shown["families"] == [
        family.value for family in families(tuple(Harm(harm) for harm in shown["harms"]))
    ]
    assert {family for harm in Harm for family in families((harm,))} == set(Family)
    assert families(()) == (Family.OFFENSIVE,)


def say_label(desk: Desk, mention: str, label: Label) -> None:
    """A person's label, whatever the classifier thought."""
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    decision = Decision(mention, 1, label, "office", Role.OPERATOR, "read by a person", at)
    audit = AuditEvent(at, "office", Role.OPERATOR, "decided", "mention", mention, label.value)
    with Warehouse(desk.folder).writer() as writing:
        record_decision(writing, decision, audit)


def test_d12_a_concern_is_pointed_to_the_channels_in_their_order(tmp_path: Path) -> None:
    """D12: class teacher, key stage leader, deputy or heads, forum, then the complaints procedure."""
    desk = make_desk(
        tmp_path / "home", "caldecote", ("--authority", "Minute 7", "--authority-on", "2026-09-01")
    )
    (desk.folder / "registers.toml").write_text(REGISTERS, encoding="utf-8")
    mention = desk.report("I am worried about the car park at Ysgol Llanbedrog, it is dangerous every morning").row["mention"]  # fmt: skip
    say_label(desk, mention, Label.CONCERN)
    said = desk.run("incident", "letter", mention, "acknowledgement", "--as", "operator", "--preview", "--lang", "en", "--now", MONDAY)  # fmt: skip
    assert said.code == 0, said.err
    places = [said.out.index(part) for part in ("the class teacher", "the key stage leader", "the deputy head", "the parent forum", "the complaints procedure")]  # fmt: skip
    assert places == sorted(places)
