"""Requirements of the policies that no other test names: scope, codes, evidence, what is published, what is never done."""

from __future__ import annotations

import ast
from pathlib import Path

from classifiers.scope import build_scoper
from flows.home import Home, read_sources
from flows.night import NEVER_SEEN, select
from flows.standing import read_channels
from mentionwatch.labels import Channel, EntryKind, Harm, Label, PostedAtBasis, Scope
from mentionwatch.model import EntryFound
from mentionwatch.policy import RuleKey
from mentionwatch.profiles import derive_profile
from tests.incidents.homes import make_desk
from tests.incidents.letter_home import DECISION, MONDAY, POST, URL, decided_home, step
from tests.incidents.packs import PACKS
from tests.incidents.test_letters import say_label

ROOT = Path(__file__).resolve().parents[2]


def test_g01_grappenhall_heys_has_the_scope_and_the_authority_of_llanbedrog() -> None:
    """G01: both watch under a clause of their own, both bind staff, pupils and parents."""
    one, other = PACKS["grappenhall_heys"], PACKS["llanbedrog"]
    assert one.monitoring_clause is not None and other.monitoring_clause is not None
    bound = {"staff", "pupil", "parent"}
    assert bound <= set(one.rule(RuleKey.REGULATED_AUTHORS).values)
    assert bound <= set(other.rule(RuleKey.REGULATED_AUTHORS).values)


def test_b04_each_flag_cites_the_clause_or_code_it_touches() -> None:
    """B04: by its harm where the pack has one, else the general clause; every pack has one to cite."""
    for pack in PACKS.values():
        for harm in Harm:
            clause = pack.clause_for((harm,))
            assert clause is not None and clause.section
    codes = PACKS["brighton_hill"].clause("codes")
    assert codes is not None and codes.section == "section 6a"


def test_b11_the_evidence_is_kept_in_the_moment_a_report_comes_in(tmp_path: Path) -> None:
    """B11, L17: before any person decides, and the first steps say that nothing is deleted."""
    desk = make_desk(tmp_path / "home", "brighton_hill", ("--authority", "Minute 7", "--authority-on", "2026-09-01"))  # fmt: skip
    desk.report(POST, URL, "2026-11-20T18:00:00Z")
    shown = desk.run("incident", "show", "2026-0001", "--json").row
    assert shown["state"] == "PRESERVED" and shown["evidence"] == ["r1"]
    assert any("delete nothing" in line for line in shown["first_steps"])
    assert desk.run("evidence", "verify", "2026-0001").code == 0


def test_g06_mentionwatch_follows_nobody_and_no_collector_asks_for_a_person() -> None:
    """G06, C12: a collector is asked for sources, never for a person: no parameter of any of them names one."""
    words = {"author", "user", "username", "handle", "person", "pupil", "follow", "followers"}
    for path in sorted((ROOT / "collectors").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
                assert not names & (words - {"author"}), (path.name, node.name)


def test_l04_what_stands_on_the_schools_own_account_is_always_in_scope(tmp_path: Path) -> None:
    """L04: three channels; a source that is marked as the school's own passes without naming the school."""
    desk = make_desk(tmp_path / "home")
    path = desk.folder / "sources.toml"
    own = '\n[[source]]\nname = "page"\ncollector = "feed"\nurl = "https://x.example/f"\nchannel = "school_account"\nterms_ok_by = "A"\nterms_ok_on = 2026-09-01\n'
    path.write_text(path.read_text("utf-8") + own, encoding="utf-8")
    assert read_channels(Home(desk.folder)) == {"page": Channel.SCHOOL_ACCOUNT}
    _, (collector,) = read_sources(Home(desk.folder), derive_profile("Ysgol Llanbedrog", ("Pwllheli",)))
    assert collector.spec.about_us
    scoper = build_scoper(derive_profile("Ysgol Llanbedrog", ("Pwllheli",)))
    entry = EntryFound("page", "1", EntryKind.COMMENT, "https://x.example/1", "", "what a dull afternoon", None, PostedAtBasis.UNKNOWN)  # fmt: skip
    assert scoper.decide(entry.title, entry.text).scope is Scope.OUT
    found, _ = select([entry], NEVER_SEEN, collector, scoper)
    assert [item.decision.scope for item in found] == [Scope.CERTAIN]


def test_c11_what_the_school_published_is_in_a_subject_access_answer(tmp_path: Path) -> None:
    """C11, C10: approved with every gate ticked, posted by the deputy, and given out when its subject asks."""
    desk = make_desk(
        tmp_path / "home", "cansfield", ("--authority", "Minute 7", "--authority-on", "2026-09-01")
    )
    mention = desk.report("Lovely concert at Ysgol Llanbedrog, thank you to Mrs Angharad Puw and the choir!").row["mention"]  # fmt: skip
    say_label(desk, mention, Label.POSITIVE)

    def move(event: str, role: str, *facts: str) -> int:
        given = [part for fact in facts for part in ("--fact", fact)]
        return desk.run("incident", "move", mention, event, "--as", role, "--reason", "kind words", "--now", MONDAY, *given).code  # fmt: skip

    gates = ("platform_consent=yes", "no_identifying_detail=yes", "positive_and_relevant=yes")
    assert move("thank_propose", "operator", "proposal=share") == 0
    assert move("thank_approve", "head", *gates) == 5
    assert move("thank_approve", "head", *gates, "head_confirms=yes") == 0
    published = (f"published_at={MONDAY}", "published_text=Thank you for a lovely concert")
    assert move("share", "operator", *published) == 5
    assert move("share", "deputy", *published) == 0
    (answer,) = desk.run("access", "Angharad Puw", "--json").rows
    assert answer["published"] == "Thank you for a lovely concert"


def test_l06_the_assessment_names_who_was_involved(tmp_path: Path) -> None:
    """L06: staff and agencies, asked for at the decision and kept with it."""
    desk = make_desk(tmp_path / "home")
    desk.report(POST, URL, "2026-11-20T18:00:00Z")
    step(desk, "hand_over", "operator", "conflict_checked=yes")
    silent = [part for part in DECISION if not part.startswith("involved=")][:-1]
    refused = desk.move(
        "internal", "head", "talked over", "--now", MONDAY, "--fact", "author=parent", *silent
    )
    assert refused.code == 5 and "which staff and outside agencies" in refused.err
    other = decided_home(tmp_path / "other")
    events = other.run("incident", "show", "2026-0001", "--json").row["events"]
    assert events[-1]["details"]["involved"] == "deputy; council"


def test_l16_a_person_may_open_an_incident_the_software_did_not(tmp_path: Path) -> None:
    """L16: suspicion and report lead to the same incident; who opened it is in its log."""
    desk = make_desk(tmp_path / "home")
    mention = desk.report("Ysgol Llanbedrog closes at three on Friday.").row["mention"]
    assert desk.run("incident", "list", "--json").rows == []
    assert desk.run("incident", "open", mention, "--as", "operator", "--reason", "no").code == 5
    opened = desk.run("incident", "open", mention, "--as", "operator", "--reason", "the comments under it are vile", "--json")  # fmt: skip
    assert opened.row["id"] == "2026-0001" and opened.row["state"] == "PRESERVED"
    events = desk.run("incident", "show", "2026-0001", "--json").row["events"]
    assert [event["role"] for event in events] == ["operator"] * 3
    again = desk.run("incident", "open", mention, "--as", "operator", "--reason", "the same once more")
    assert again.code == 5 and "2026-0001" in again.err
    assert (
        desk.run("incident", "open", "no-such", "--as", "operator", "--reason", "a typing mistake").code == 2
    )


def test_b13_the_stop_rule_seals_a_concern_that_has_no_incident(tmp_path: Path) -> None:
    """B13: whoever sees it on a concern stops it there: its words are shown by nothing from then on."""
    desk = make_desk(tmp_path / "home")
    mention = desk.report("Ysgol Llanbedrog: the zebra crossing is worn away").row["mention"]
    say_label(desk, mention, Label.CONCERN)
    assert "zebra crossing" in desk.run("mentions", "--json").out
    stopped = desk.run("incident", "move", mention, "stop_image", "--as", "operator", "--reason", "there is a picture under it")  # fmt: skip
    assert stopped.code == 0, stopped.err
    for command in (
        ("mentions", "--json"),
        ("incident", "show", mention),
        ("incident", "show", mention, "--json"),
    ):
        assert "zebra crossing" not in desk.run(*command).out


def test_t07_at_the_end_of_the_order_stands_a_contact_card(tmp_path: Path) -> None:
    """L31: a post about head, deputy and chair: nobody of the order is left, and the card says whom to ask."""
    desk = make_desk(tmp_path / "home")
    desk.report("Head, deputy and the chair of governors of Ysgol Llanbedrog: the headteacher lies and we will smash your faces in", URL)  # fmt: skip
    shown = desk.run("incident", "show", "2026-0001", "--json").row
    assert shown["subjects"] == ["chair", "co_head", "deputy", "head", "slt"]
    card = shown["contact_card"]
    assert "Gwynedd Council" in card and "designated officer for safeguarding" in card
    assert "Nobody in the order" in " ".join(desk.run("incident", "show", "2026-0001").out.split())
    other = make_desk(tmp_path / "other")
    other.report(POST, URL)
    assert other.run("incident", "show", "2026-0001", "--json").row["contact_card"] is None


def test_duties_above_the_policy_follow_what_is_alleged_and_the_nation(tmp_path: Path) -> None:
    """D04, B13: an adult accused goes to the local authority's officer, in the nation's own words; a stopped image to the police."""
    wanted = {"llanbedrog": "the local authority's designated officer for safeguarding", "caldecote": "LADO"}
    for pack, office in wanted.items():
        more = () if pack == "llanbedrog" else ("--authority", "Minute 7", "--authority-on", "2026-09-01")
        desk = make_desk(tmp_path / pack, pack, more)
        desk.report(POST, URL)
        step(desk, "safeguarding", "operator", "safeguarding_kind=adult_at_school", "told=the safeguarding lead at nine")  # fmt: skip
        duties = {
            line["duty"]: line for line in desk.run("incident", "show", "2026-0001", "--json").row["duties"]
        }
        said = str(duties["staff_allegation"])
        assert office in said or "designated officer" in said
        step(desk, "stop_image", "operator")
        assert "indecent_images" in [line["duty"] for line in desk.run("incident", "show", "2026-0001", "--json").row["duties"]]  # fmt: skip
