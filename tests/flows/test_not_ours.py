"""What a person judges not to be about the school is destroyed at once, does not come back, and teaches only which name was too wide."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.home import Home, read_school
from flows.not_ours import JudgedMeanwhile, NotOursAsked, judge_not_ours
from flows.records import DUE_FILE, finish_forgetting, purge_for_good
from incidents.permissions import fingerprint
from mentionwatch.errors import ConfigError
from mentionwatch.ids import mention_id
from mentionwatch.labels import Label, Role, Scope, ScopeRule
from mentionwatch.model import MentionWrite, ScopeDecision
from tests.flows.nights import clean_environment
from tests.incidents.homes import Desk, Said, make_desk
from tests.warehouse.factory import NOW, make_audit, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.not_ours import REASON_DAYS, count_too_wide, read_judged
from warehouse.people import Hold, place_hold
from warehouse.reading import list_mentions, read_start
from warehouse.session import Reading
from warehouse.store import store_nights
from warehouse.subjects import SubjectsFound, replace_subjects
from warehouse.verify import verify_evidence

ID, OTHER = mention_id("paper", "p1"), mention_id("paper", "p2")
CANARY = "Zanzibarish"
POST = f"{CANARY} pupils of the other Llanbedrog won the cup"
REASON = "it is the Llanbedrog of another county"
HOURS = timedelta(hours=9)


def store(folder: Path, run: str, *writes: MentionWrite) -> int:
    """How many of them were new."""
    with Warehouse(folder).writer() as writing:
        (stored,) = store_nights(writing, [make_night(run, writes)], NOW)
    return stored.new


def named(write: MentionWrite, *reasons: str) -> MentionWrite:
    scope = ScopeDecision(write.mention.scope.scope, 0.4, reasons)
    return replace(write, mention=replace(write.mention, scope=scope))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A home with a post that is perhaps ours, one that is, and a digest that shows both."""
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    found = "mentions “Llanbedrog” without saying school"
    perhaps = make_write("p1", POST, scope=Scope.POSSIBLE, author=CANARY, url="https://example.org/their-cup")
    store(desk.folder, "run-1", named(perhaps, found), make_write("p2", "kept words of ours"))
    assert desk.run("publish").code == 0
    assert desk.run("digest", "--date", f"{NOW:%Y-%m-%d}").code == 0
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


def judge(desk: Desk, id_: str = ID, role: str = "head", reason: str = REASON, *more: str) -> Said:
    return desk.run("correct", id_, "--not-about-us", "--as", role, "--reason", reason, *more)


def residue(folder: Path, word: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def sealed_bytes(desk: Desk) -> list[bytes]:
    with Warehouse(desk.folder).live_reader() as reading:
        found = reading.rows(
            "SELECT sealed FROM objects JOIN evidence ON sha256 = warc_sha256 WHERE mention_id = ? "
            "UNION ALL SELECT sealed FROM revisions WHERE mention_id = ?",
            [ID, ID],
        )
    return [bytes(row[0]) for row in found]


def look(desk: Desk, sql: str, *values: object) -> list[tuple[object, ...]]:
    with Warehouse(desk.folder).live_reader() as reading:
        return [tuple(row) for row in reading.rows(sql, list(values))]


def test_it_goes_at_once_and_what_stays_says_who_when_and_why(desk: Desk) -> None:
    """L02, I10: words, evidence and keys are gone from every file; the log and the other post are whole."""
    bodies, keys = sealed_bytes(desk), desk.folder / "keys" / "school.key"
    before = keys.read_bytes()
    assert len(bodies) == 2 and residue(desk.folder, "their-cup")
    said = judge(desk)
    assert said.code == 0, said.err
    assert 'paper: 1 found by the name "' in said.out and "look_alike" in said.out
    assert residue(desk.folder, CANARY) == [] and residue(desk.folder, "their-cup") == []
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert not any(body in path.read_bytes() for body in bodies for path in files)
    assert keys.read_bytes() != before, "a backup of the old keys opens nothing new"
    with Warehouse(desk.folder).live_reader() as reading:
        judged = read_judged(reading, ID)
        assert [row.id for row in list_mentions(reading)] == [OTHER]
        assert verify_evidence(reading).findings == ()
    assert judged is not None and judged.at.tzinfo is not None
    assert (judged.role, judged.reason, judged.was_scope) == (Role.HEAD, REASON, Scope.POSSIBLE)
    assert (judged.rule, judged.name) == (ScopeRule.NAME_ALONE, "Ysgol Llanbedrog")
    logged = look(
        desk, "SELECT verb, role, reason FROM audit WHERE object_id = ? ORDER BY seq DESC LIMIT 2", ID
    )
    assert logged == [
        ("judged_not_ours", "head", "revision 1: possible to out"),
        ("purged", "head", "out_of_scope"),
    ]
    assert not (desk.folder / DUE_FILE).exists()
    # The reason is in its own row of the database; no log, digest or copy for analysts has it.
    assert residue(desk.folder, REASON) == ["warehouse.duckdb"]


def test_json_says_what_was_too_wide(desk: Desk) -> None:
    row = judge(desk, ID, "dsl", REASON, "--json").row
    assert (row["mention"], row["was_scope"], row["scope"], row["role"]) == (ID, "possible", "out", "dsl")
    assert row["too_wide"] == [
        {"source": "paper", "rule": "name_alone", "name": "Ysgol Llanbedrog", "posts": 1}
    ]


def test_it_does_not_come_back_unless_new_words_name_the_school_for_certain(desk: Desk) -> None:
    """The next sweep brings it again, as it is and edited: neither is stored. Only words that are surely ours are."""
    assert judge(desk).code == 0
    again, edited = make_write("p1", POST, scope=Scope.POSSIBLE), f"{POST}, edited"
    assert store(desk.folder, "run-2", again) == 0
    assert store(desk.folder, "run-3", make_write("p1", edited, scope=Scope.POSSIBLE)) == 0
    assert residue(desk.folder, CANARY) == []
    assert look(desk, "SELECT count(*) FROM mentions WHERE id = ?", ID) == [(0,)]
    # The very words that were judged stay out even where the software is now surer of them.
    assert store(desk.folder, "run-4", make_write("p1", POST)) == 0
    assert store(desk.folder, "run-5", make_write("p1", "Ysgol Llanbedrog, Pwllheli, will burn")) == 1
    assert look(desk, "SELECT revision FROM mentions WHERE id = ?", ID) == [(2,)]
    # And it can be judged again, in a row of its own.
    assert judge(desk).code == 0
    assert look(desk, "SELECT revision FROM not_ours ORDER BY ALL") == [(1,), (2,)]


@given(st.sampled_from(Scope), st.booleans(), st.booleans(), st.booleans())
def test_what_a_night_selects_of_a_judged_post(
    found: Scope, is_judged: bool, is_edited: bool, is_back: bool
) -> None:
    """Counted as out of scope and dropped, unless new words are certain; one that came back is a mention like any other."""
    from collectors.base import CollectRequest
    from flows.night import select
    from mentionwatch.ids import content_sha256
    from mentionwatch.model import CollectResult, Cursor, KnownItem, SourceSpec, Unchanged
    from warehouse.reading import StoredSource

    class Told:
        spec = SourceSpec("paper", "feed")
        kind, credential_names, urls = "feed", (), ()

        def collect(self, request: CollectRequest) -> CollectResult:
            return Unchanged(request.cursor or Cursor("{}"))

    class Sure:
        def decide(self, *_: str) -> ScopeDecision:
            return ScopeDecision(found, 0.5, ("names the school",))

    entry = make_write("p1", "new words" if is_edited else "old words").mention.entry
    old = content_sha256(entry.title, "old words")
    known = {"p1": KnownItem("p1", ID, entry.url, "another", 2, None, False)} if is_back else {}
    start = StoredSource(
        None, known, {ID: old} if is_judged else {}, None, frozenset({ID} if is_judged else ())
    )
    chosen, out = select([entry], start, Told(), Sure())  # type: ignore[arg-type]
    if is_back:
        assert (len(chosen), out) == ((1, 0) if not is_judged or is_edited else (0, 0))
    elif is_judged and (not is_edited or found is not Scope.CERTAIN):
        assert (len(chosen), out) == (0, 1)
    else:
        assert (len(chosen), out) == ((0, 1) if found is Scope.OUT else (1, 0))


@pytest.mark.parametrize(
    ("role", "reason", "code", "says"),
    [
        ("operator", REASON, 5, "the operator does not say what a post is"),
        ("pipeline", REASON, 5, "does not say what a post is"),
        ("head", "xxxxx", 5, "needs a reason"),
        ("head", "password: hunter2-Aberglaslyn", 5, "password"),
        ("nobody", REASON, 2, "no role"),
    ],
)
def test_who_may_not_or_says_no_why_destroys_nothing(
    desk: Desk, role: str, reason: str, code: int, says: str
) -> None:
    said = judge(desk, ID, role, reason)
    assert said.code == code and says in said.err and said.err.count("\n") == 1
    assert look(desk, "SELECT * FROM not_ours") == [] and not (desk.folder / DUE_FILE).exists()
    assert look(desk, "SELECT count(*) FROM mentions WHERE id = ?", ID) == [(1,)]


def test_what_it_does_not_go_with_is_said(desk: Desk) -> None:
    for more in (("--harm", "threat"), ("--route", "none")):
        assert judge(desk, ID, "head", REASON, *more).code == 2
    assert desk.run("correct", ID, "--not-about-us", "--label", "neutral", "--reason", REASON).code == 2
    assert desk.run("correct", ID, "--reason", REASON).code == 2
    assert judge(desk, "m000").code == 2
    assert len(look(desk, "FROM mentions")) == 2


def test_whoever_the_post_is_about_is_answered_as_if_it_were_not_there(desk: Desk) -> None:
    """L31: the subject of a post does not throw it away, and is not told that there is one."""
    school, _ = read_school(Home(desk.folder))
    about = SubjectsFound(ID, 1, frozenset({Role.HEAD}), fingerprint(school.profile))
    with Warehouse(desk.folder).writer() as writing:
        replace_subjects(writing, [about])
    here, never = judge(desk), judge(desk, "m000")
    assert (here.code, here.err) == (never.code, never.err) == (2, never.err)
    assert look(desk, "FROM not_ours") == []
    assert judge(desk, ID, "deputy").code == 0


def test_what_the_school_holds_or_was_told_of_is_not_thrown_away(desk: Desk) -> None:
    """I11: a hold; an open incident; a case it acted on; a post somebody reported, and the same address as a report."""
    with Warehouse(desk.folder).writer() as writing:
        entered = replace(make_audit("held"), object_kind="mention", object_id=ID)
        place_hold(writing, Hold("mention", ID, "court", "h", NOW), entered)
    assert "it is held: court" in judge(desk).err
    url = "https://social.example/ours"
    store(desk.folder, "run-7", make_write("p7", "seen at that address", url=url, scope=Scope.POSSIBLE))
    reported = desk.report("They sell cakes at Ysgol Llanbedrog", url)
    assert reported.code == 0, reported.err
    for id_ in (reported.row["mention"], mention_id("paper", "p7")):
        said = judge(desk, id_)
        assert said.code == 5 and "a person reported that post" in said.err and said.err.count("\n") == 1
    store(
        desk.folder,
        "run-8",
        make_write("p8", "a threat at the gate", label=Label.INAPPROPRIATE, opens=True),
        make_write("p9", "a threat at the fair", label=Label.INAPPROPRIATE, opens=True),
    )
    number, threat = next(iter(look(desk, "SELECT id, mention_id FROM incidents ORDER BY id LIMIT 1")))
    said = judge(desk, str(threat))
    assert said.code == 5 and f"incident {number} is open on that post" in said.err
    with Warehouse(desk.folder).writer() as writing:
        entered = replace(make_audit("held"), object_id="2026-0002")
        place_hold(writing, Hold("incident", "2026-0002", "police", "h", NOW), entered)
    assert "it is held: police" in judge(desk, mention_id("paper", "p9")).err
    assert look(desk, "FROM not_ours") == []


@pytest.mark.parametrize(("event", "code"), [("no_case", 0), ("resolved", 5)])
def test_a_case_closed_as_none_is_no_tie_and_one_the_school_acted_on_is(
    desk: Desk, event: str, code: int
) -> None:
    """Nobody wipes the record of what was done by a word about scope; a false alarm need not lie for ninety days."""
    from mentionwatch.labels import IncidentState
    from warehouse.incident_steps import IncidentMove, incident, record_move

    store(desk.folder, "run-8", make_write("p8", "a threat", label=Label.INAPPROPRIATE, opens=True))
    with Warehouse(desk.folder).writer() as writing:
        step = IncidentMove(
            "2026-0001",
            IncidentState.PRESERVED,
            event,
            IncidentState.CLOSED,
            "h",
            Role.HEAD,
            "done",
            NOW,
            "p",
        )
        record_move(writing, step, make_audit())
    said = judge(desk, mention_id("paper", "p8"))
    assert said.code == code, said.err
    with Warehouse(desk.folder).live_reader() as reading:
        row = incident(reading, "2026-0001")
    assert row is not None and row.state is IncidentState.CLOSED
    assert (row.summary == "") is (code == 0)


def test_of_two_at_once_one_wins_and_the_other_is_told(desk: Desk) -> None:
    """ASVS 2.3.4: two processes, the same post, the same moment."""
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(
                subprocess.run,
                [sys.executable, "-m", "flows.cli", "correct", ID, "--not-about-us", "--as", role,
                 "--reason", REASON, "--home", str(desk.folder)],
                env=clean_environment(), capture_output=True, text=True,
            )
            for role in ("head", "deputy")
        ]  # fmt: skip
        ended = [one.result() for one in both]
    codes = sorted(one.returncode for one in ended)
    assert codes in ([0, 5], [0, 4]), [one.stderr for one in ended]
    late = next(one for one in ended if one.returncode)
    assert "judged on" in late.stderr or "another" in late.stderr
    assert len(look(desk, "FROM not_ours")) == 1
    told = judge(desk, ID, "slt")
    assert told.code == 5 and "judged on" in told.err and CANARY not in told.err and REASON not in told.err


def test_somebody_who_corrected_the_label_meanwhile_is_not_overruled_unseen(desk: Desk) -> None:
    assert (
        desk.run("correct", ID, "--label", "concern", "--as", "dsl", "--reason", "about the gate").code == 0
    )
    home = Home(desk.folder)
    school, pack = read_school(home)
    for asked, says in (
        (NotOursAsked(ID, Role.HEAD, REASON, 1, 0), "corrected it meanwhile"),
        (NotOursAsked(ID, Role.HEAD, REASON, 3, 1), "was edited since"),
    ):
        with pytest.raises(Exception, match=says):
            judge_not_ours(home, asked, "h", NOW + HOURS, school.profile, pack.version)
    judge_not_ours(
        home, NotOursAsked(ID, Role.HEAD, REASON, 1, 1), "h", NOW + HOURS, school.profile, pack.version
    )
    with pytest.raises(JudgedMeanwhile):
        judge_not_ours(
            home, NotOursAsked(ID, Role.HEAD, REASON, 1, 1), "h", NOW + HOURS, school.profile, pack.version
        )


def test_who_may_not_know_by_then_is_answered_inside_the_transaction(desk: Desk) -> None:
    """Between the page and the act a bar may come: the second look decides, and nothing is gone."""
    home, answers = Home(desk.folder), iter([True, False])
    school, pack = read_school(home)

    def may_know(_: Reading) -> bool:
        return next(answers)

    with pytest.raises(ConfigError):
        judge_not_ours(
            home, NotOursAsked(ID, Role.HEAD, REASON), "h", NOW, school.profile, pack.version, may_know
        )
    assert len(look(desk, "FROM mentions")) == 2 and look(desk, "FROM not_ours") == []


def test_the_words_people_gave_go_after_a_year_and_the_count_stays(desk: Desk) -> None:
    assert judge(desk, ID, "head", REASON, "--now", (NOW + HOURS).isoformat()).code == 0
    home = Home(desk.folder)
    purge_for_good(home, NOW + timedelta(days=REASON_DAYS), dry_run=False)
    assert look(desk, "SELECT reason FROM not_ours") == [(REASON,)]
    purge_for_good(home, NOW + HOURS + timedelta(days=REASON_DAYS), dry_run=False)
    assert look(desk, "SELECT reason, name FROM not_ours") == [("", "Ysgol Llanbedrog")]
    assert residue(desk.folder, REASON) == []


def test_a_night_that_writes_is_waited_for_and_leaves_everything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.connection.Warehouse.writer", busy)
    assert judge(desk).code != 0
    monkeypatch.undo()
    assert len(look(desk, "FROM mentions")) == 2
    assert finish_forgetting(Home(desk.folder)) is True and finish_forgetting(Home(desk.folder)) is False
    assert len(look(desk, "FROM mentions")) == 2


def busy(*_: object) -> Iterator[None]:
    from mentionwatch.errors import Retriable

    raise Retriable("in use")


def published(desk: Desk) -> list[str]:
    with Warehouse(desk.folder).reader() as reading:
        return [row[0] for row in reading.rows("SELECT id FROM mentions ORDER BY id")]


KILLED = """
import os, signal, sys
from pathlib import Path
import warehouse.connection, warehouse.rewrite, flows.not_ours, flows.records, warehouse.keyring
from flows.cli import main
point, home, id_, reason = sys.argv[1:]
def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)
bury = flows.not_ours.bury_not_ours
def buried(*a, **k):
    bury(*a, **k)
    die()
if point == "before the commit": flows.not_ours.bury_not_ours = buried
if point == "after the commit": flows.not_ours.finish_compaction = die
if point == "before the keys": warehouse.keyring.begin = die
if point == "between file and key of the keys": warehouse.keyring.Keyring._switch_key = die
if point == "before the file is put in place": warehouse.rewrite.replace_file = die
if point == "before publishing": flows.not_ours.publish = die
if point == "before the files": flows.records._remove_files = die
if point == "before the digests": flows.records._write_digests = die
main(["correct", id_, "--not-about-us", "--as", "head", "--reason", reason, "--home", home])
"""
POINTS = (
    "before the commit", "after the commit", "before the keys", "between file and key of the keys",
    "before the file is put in place", "before publishing", "before the files", "before the digests",
)  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_step_leaves_nothing_done_or_all_of_it_after_the_next_start(
    desk: Desk, point: str
) -> None:
    """SIGKILL; then what the desk does when it starts, and a night when it ends."""
    bodies = sealed_bytes(desk)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, point, str(desk.folder), ID, REASON], env=clean_environment()
    )
    assert ended.returncode == -signal.SIGKILL
    assert finish_forgetting(Home(desk.folder)) is True
    is_done = point != "before the commit"
    files = [path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()]
    assert any(body in file for body in bodies for file in files) is not is_done
    assert bool(residue(desk.folder, "their-cup")) is not is_done
    assert published(desk) == ([OTHER] if is_done else sorted([ID, OTHER])), "the analysts' copy too"
    assert len(look(desk, "FROM mentions")) == (1 if is_done else 2)
    assert len(look(desk, "FROM not_ours")) == (1 if is_done else 0)
    with Warehouse(desk.folder).live_reader() as reading:
        assert verify_evidence(reading).findings == ()
    assert finish_forgetting(Home(desk.folder)) is False
    assert judge(desk).code == (5 if is_done else 0)


def test_counts_are_by_source_rule_and_name_within_a_year(desk: Desk) -> None:
    shared = "names the school in full: “Ysgol Llanbedrog”, a name other schools share, without saying where"
    more = [named(make_write(f"s{n}", f"other {n}", scope=Scope.POSSIBLE), shared) for n in range(3)]
    store(desk.folder, "run-9", *more)
    assert judge(desk).code == 0
    for n in range(3):
        assert judge(desk, mention_id("paper", f"s{n}")).code == 0
    with Warehouse(desk.folder).live_reader() as reading:
        found = count_too_wide(reading, NOW - timedelta(days=1))
        later = count_too_wide(reading, NOW + timedelta(days=4000))
        start = read_start(reading, ["paper"])["paper"]
    assert [(one.rule, one.name, one.posts) for one in found] == [
        (ScopeRule.SHARED_NAME, "Ysgol Llanbedrog", 3),
        (ScopeRule.NAME_ALONE, "Ysgol Llanbedrog", 1),
    ]
    assert later == () and len(start.not_ours) == 4 and start.known.keys() == {"p2"}
