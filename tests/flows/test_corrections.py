"""What people correct is added and never overwritten, opens nothing, and teaches only under the caps."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.labelled import LabelledText
from flows.corrections import (
    MAY_CORRECT,
    OF_ONE_AUTHOR,
    PERSON_A_DAY,
    CorrectionAsked,
    are_alike,
    choose_lessons,
    hash_corrections,
    pieces_of,
    take_correction,
)
from flows.home import Home
from mentionwatch.errors import Refused
from mentionwatch.ids import mention_id
from mentionwatch.labels import Harm, Label, Role, Route, Scope
from tests.incidents.homes import Desk, make_desk
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.chain import AUDIT, check_chain
from warehouse.connection import Warehouse
from warehouse.decisions import Correction, list_decisions, read_corrections
from warehouse.incident_steps import incident_rows
from warehouse.reading import MentionFilter, list_mentions
from warehouse.store import store_nights

ID = mention_id("paper", "p1")
OTHER = mention_id("paper", "p2")
SEALED = mention_id("paper", "p3")
POST = "The queue at the gate is a disgrace and nobody cares"
REASON = "it complains about the parking"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A home with two posts and one that is sealed."""
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    writes = [
        make_write("p1", POST, author="@GateWatcher"),
        make_write("p2", "Well done to year six", label=Label.POSITIVE),
        make_write("p3", "a picture", label=Label.INAPPROPRIATE, stop=True),
    ]
    with Warehouse(desk.folder).writer() as writing:
        store_nights(writing, [make_night(writes=writes)], NOW)
    return desk


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Desk:
    """A copy of it."""
    return Desk(shutil.copytree(template.folder, tmp_path / "home"))


def correct(desk: Desk, id_: str, label: str, *more: str, role: str = "head", reason: str = REASON) -> int:
    """The exit code of `correct`."""
    said = desk.run("correct", id_, "--label", label, "--as", role, "--reason", reason, *more)
    return said.code


def cover(desk: Desk, id_: str) -> tuple[int, bool]:
    """The revision it has now, and whether its words stay covered."""
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = list_mentions(reading, MentionFilter(ids=(id_,)))
    return row.revision, row.stays_covered


def corrections(desk: Desk) -> tuple[Correction, ...]:
    with Warehouse(desk.folder).live_reader() as reading:
        return read_corrections(reading)


# --- taking it down -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", MAY_CORRECT)
def test_those_who_answer_for_the_school_may_correct(desk: Desk, role: Role) -> None:
    assert correct(desk, ID, "concern", role=role.value) == 0
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = list_decisions(reading, ID)
        (mention,) = list_mentions(reading, MentionFilter(ids=(ID,)))
    assert (row.decision.role, row.decision.label, row.was_label) == (role, Label.CONCERN, Label.NEUTRAL)
    assert row.decision.reason == REASON and row.was_model
    assert (mention.label, mention.machine_label, mention.is_decided) == (Label.CONCERN, Label.NEUTRAL, True)


@pytest.mark.parametrize("scope", [Scope.CERTAIN, Scope.POSSIBLE])
def test_what_a_person_called_inappropriate_is_on_every_mornings_list_until_an_incident_is_opened(
    desk: Desk, scope: Scope
) -> None:
    """L16: said the day after, of a post that is perhaps not about the school, too: it was on no list from then on."""
    id_, tomorrow = mention_id("paper", "p9"), (NOW + timedelta(days=1)).date().isoformat()
    with Warehouse(desk.folder).writer() as writing:
        store_nights(writing, [make_night("run-2", [make_write("p9", f"{POST} at all", scope=scope)])], NOW)

    def looks() -> list[str]:
        digest: list[str] = desk.run("digest", "--date", tomorrow, "--format", "json").row["look"]
        return digest

    assert id_ not in looks()
    assert correct(desk, id_, "inappropriate") == 0
    assert id_ in looks()
    assert correct(desk, id_, "neutral", role="deputy") == 0
    assert id_ not in looks()
    assert correct(desk, id_, "inappropriate") == 0
    opened = desk.run("incident", "open", id_, "--as", "head", "--reason", "it is about the staff after all")
    assert opened.code == 0, opened.err
    assert id_ not in looks()


def test_who_names_no_role_corrects_as_one_of_slt(desk: Desk) -> None:
    assert desk.run("correct", ID, "--label", "concern", "--reason", REASON).code == 0
    with Warehouse(desk.folder).live_reader() as reading:
        assert [row.decision.role for row in list_decisions(reading, ID)] == ["slt"]


@pytest.mark.parametrize("role", ("operator", "pipeline"))
def test_the_office_and_the_software_may_not_and_are_told_why(desk: Desk, role: str) -> None:
    said = desk.run("correct", ID, "--label", "concern", "--as", role, "--reason", REASON)
    assert said.code == 5
    assert "duty above every policy" in said.err and "head" in said.err
    assert corrections(desk) == ()


@pytest.mark.parametrize(
    ("code", "id_", "label", "more", "reason"),
    (
        (2, "01ffff", "concern", (), REASON),
        (2, ID, "concern", ("--harm", "threat"), REASON),
        (2, ID, "neutral", ("--route", "police"), REASON),
        *((2, ID, "concern", ("--route", route), REASON) for route in ("safeguarding", "police", "internal")),
        (2, ID, "inappropriate", ("--route", "none"), REASON),
        (2, ID, "inappropriate", ("--route", "complaint"), REASON),
        (2, ID, "inappropriate", ("--harm", "threat", "--route", "complaint"), REASON),
        (2, ID, "worrying", (), REASON),
        (2, ID, "concern", ("--as", "caretaker"), REASON),
        (5, SEALED, "concern", (), REASON),
        (5, ID, "concern", (), "no"),
        (5, ID, "concern", (), "password: Hunter2-Hunter2"),
    ),
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    desk: Desk, code: int, id_: str, label: str, more: tuple[str, ...], reason: str
) -> None:
    assert correct(desk, id_, label, *more, reason=reason) == code
    with Warehouse(desk.folder).live_reader() as reading:
        assert reading.rows("SELECT * FROM decisions") == []


def test_a_reason_that_names_the_reporter_is_refused(desk: Desk) -> None:
    said = desk.report(POST, "https://social.example/post/9", "unknown", "--reporter", "Carys Puw")
    id_ = said.row["mention"] if "mention" in said.row else said.row["id"]
    told = desk.run("correct", id_, "--label", "concern", "--as", "head", "--reason", "C a r y s Puw told me")
    assert told.code == 5 and "Carys" not in told.err
    assert correct(desk, id_, "concern", reason="a parent told me") == 0


def test_a_later_correction_supersedes_and_the_earlier_stays(desk: Desk) -> None:
    assert correct(desk, ID, "concern", "--now", "2026-11-21T09:00:00Z") == 0
    later = ("--harm", "threat", "--harm", "hate", "--route", "police", "--now", "2026-11-22T09:00:00Z")
    assert correct(desk, ID, "inappropriate", *later, role="dsl") == 0
    with Warehouse(desk.folder).live_reader() as reading:
        first, second = list_decisions(reading, ID)
        assert check_chain(reading, AUDIT) == []
    assert (first.decision.label, first.supersedes) == (Label.CONCERN, None)
    assert (second.decision.label, second.supersedes) == (Label.INAPPROPRIATE, first.id)
    assert (second.decision.harms, second.decision.route) == ((Harm.THREAT, Harm.HATE), Route.POLICE)
    (one,) = corrections(desk)
    assert (one.id, one.label, one.text) == (second.id, Label.INAPPROPRIATE, POST)


def test_a_clock_behind_the_last_correction_is_refused(desk: Desk) -> None:
    assert correct(desk, ID, "concern", "--now", "2026-11-22T09:00:00Z") == 0
    assert correct(desk, ID, "neutral", "--now", "2026-11-21T09:00:00Z") == 5


def test_what_was_edited_since_it_was_read_is_refused(desk: Desk) -> None:
    with Warehouse(desk.folder).writer() as writing:
        store_nights(writing, [make_night("run-2", [make_write("p1", "edited")])], NOW)
    asked = CorrectionAsked(ID, Label.CONCERN, Role.HEAD, REASON, revision=1)
    with pytest.raises(Refused, match="edited since"):
        take_correction(Home(desk.folder), asked, "head", NOW, "pack")
    assert take_correction(Home(desk.folder), replace(asked, revision=2), "head", NOW, "pack").revision == 2


def test_inappropriate_opens_nothing_and_says_how(desk: Desk) -> None:
    said = desk.run("correct", ID, "--label", "inappropriate", "--as", "slt", "--reason", REASON)
    assert said.code == 0 and f"mentionwatch incident open {ID} --as slt" in said.out
    again = desk.run("correct", ID, "--label", "inappropriate", "--as", "co_head", "--reason", REASON)
    assert max(map(len, (said.out + again.out).splitlines())) <= 80
    with Warehouse(desk.folder).live_reader() as reading:
        assert [row for row in incident_rows(reading) if row.mention_id == ID] == []


def test_json_and_the_audit_log_hold_no_words(desk: Desk) -> None:
    said = desk.run("correct", ID, "--label", "concern", "--as", "head", "--reason", REASON, "--json")
    assert (said.row["was"], said.row["label"], said.row["supersedes"]) == ("neutral", "concern", None)
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = reading.rows("SELECT * FROM audit WHERE verb = 'corrected'")
    logged = " ".join(map(str, row))
    assert "neutral to concern" in logged and ID in logged
    assert not [word for word in (*POST.split()[:3], REASON, "GateWatcher") if word in logged + said.out]


def test_marks_of_people_and_authors_tell_nothing_outside_one_reading(desk: Desk) -> None:
    correct(desk, ID, "concern")
    correct(desk, OTHER, "neutral")
    first, second = corrections(desk), corrections(desk)
    assert first[0].person == first[1].person and first[0].author and not first[1].author
    assert first[0].person != second[0].person and first[0].author != second[0].author
    assert "gatewatcher" not in repr(first).lower()


def test_an_erased_post_teaches_nothing_and_changes_the_hash(desk: Desk) -> None:
    correct(desk, ID, "concern")
    correct(desk, OTHER, "neutral")
    before = corrections(desk)
    assert desk.run("erase", ID).code == 0
    after = corrections(desk)
    assert [one.mention_id for one in after] == [OTHER]
    assert hash_corrections(before) != hash_corrections(after)
    assert POST not in " ".join(row.text for row in choose_lessons(after, 900, ()).rows)


def test_a_number_given_again_after_an_erasure_is_another_correction(desk: Desk) -> None:
    correct(desk, ID, "concern")
    before = corrections(desk)
    desk.run("erase", ID)
    correct(desk, OTHER, "neutral")
    after = corrections(desk)
    assert before[0].id == after[0].id
    assert hash_corrections(before) != hash_corrections(after)


def test_a_sealed_post_teaches_nothing(desk: Desk) -> None:
    correct(desk, ID, "concern")
    with Warehouse(desk.folder).writer() as writing:
        writing.run("UPDATE mentions SET is_sealed = true WHERE id = ?", [ID])
    assert corrections(desk) == ()


# --- what may be learned --------------------------------------------------------------------------

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 1, 12, tzinfo=UTC)
LETTERS = str.maketrans("0123456789", "ghijklmnop")  # numbers do not make two texts differ


def make_one(
    number: int = 1,
    text: str = "",
    person: str = "anna",
    author: str = "",
    label: Label = Label.CONCERN,
    at: datetime = START,
    lang: str = "en",
    harms: tuple[Harm, ...] = (),
) -> Correction:
    # Distinct texts by default: each number spells other words.
    text = text or sha256(str(number).encode()).hexdigest().translate(LETTERS)
    return Correction(number, f"m{number}", 1, "", text, lang, label, harms, None, Label.NEUTRAL, (), Route.NONE, at, person, author)  # fmt: skip


MANY = st.lists(
    st.tuples(
        st.sampled_from(("anna", "bob")),
        st.sampled_from(("", "a1", "a2", "a3")),
        st.integers(0, 1),
        st.integers(0, 40),
    ),
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(drawn=MANY, corpus_size=st.integers(0, 600))
def test_no_flood_gets_past_the_caps(drawn: list[tuple[str, str, int, int]], corpus_size: int) -> None:
    given_ = [
        make_one(number, make_one(which).text, person, author, at=START + timedelta(days=day, seconds=number))
        for number, (person, author, day, which) in enumerate(drawn, 1)
    ]
    lessons = choose_lessons(given_, corpus_size, ())
    kept = [one for one in given_ if f"school/{one.id}" in {row.group for row in lessons.rows}]
    assert len(kept) == len(lessons.rows)
    assert len(kept) * 10 <= corpus_size + len(kept)
    days = Counter((one.person, one.decided_at.astimezone(LONDON).date()) for one in kept)
    assert max(days.values(), default=0) <= PERSON_A_DAY
    assert max(Counter(one.author for one in kept if one.author).values(), default=0) <= OF_ONE_AUTHOR
    assert len({one.text for one in kept}) == len(kept)
    assert len(kept) + sum(count for _, count in lessons.left_out) == len(given_) == lessons.in_force


def test_each_cap_takes_hold_at_its_number_and_keeps_the_newest() -> None:
    flood = [make_one(number, at=START + timedelta(minutes=number)) for number in range(1, 31)]
    lessons = choose_lessons(flood, 9000, ())
    assert [row.group for row in lessons.rows] == [f"school/{number}" for number in range(30, 10, -1)]
    assert lessons.left_out == (("person_a_day", 10),)
    one_author = [replace(one, author="a", person=f"p{one.id}") for one in flood]
    assert [row.group for row in choose_lessons(one_author, 9000, ()).rows] == [
        f"school/{number}" for number in range(30, 25, -1)
    ]
    spread = [replace(one, person=f"p{one.id}") for one in flood]
    assert len(choose_lessons(spread, 9000, ()).rows) == 30
    assert len(choose_lessons(spread, 90, ()).rows) == 10
    assert choose_lessons(spread, 8, ()).rows == ()


def test_near_identical_texts_count_once_and_the_newest_word_counts() -> None:
    text = "Somebody should sort the parking at the school gate before a child is hurt, I have asked 3 times"
    alike = text.replace("3", "7").upper() + "!!"
    assert are_alike(pieces_of(text), pieces_of(alike))
    assert not are_alike(
        pieces_of(text), pieces_of("Somebody should thank the lollipop lady at the school gate")
    )
    old, new = (
        make_one(1, text),
        make_one(2, alike, label=Label.POSITIVE, person="bob", at=START + timedelta(1)),
    )
    lessons = choose_lessons([old, new], 900, ())
    assert [(row.group, row.label) for row in lessons.rows] == [("school/2", Label.POSITIVE)]
    assert lessons.left_out == (("near_identical", 1),)


def test_the_gates_own_texts_are_never_learned_from() -> None:
    one = make_one(1)
    frozen = LabelledText(
        "voice", "voice/1", "en", Label.CONCERN, frozenset(), Route.NONE, one.text + ".", ""
    )
    assert choose_lessons([one], 900, [frozen]).left_out == (("in_the_frozen_set", 1),)


def test_harm_and_route_follow_the_person_then_the_classifier_then_the_label() -> None:
    said = replace(make_one(1, label=Label.INAPPROPRIATE, harms=(Harm.HATE,)), route=Route.SAFEGUARDING)
    grave = make_one(2, label=Label.INAPPROPRIATE, harms=(Harm.THREAT,))
    machine = replace(make_one(3, label=Label.INAPPROPRIATE), was_harms=(Harm.DEFAMATION,))
    kept = replace(make_one(4), was_label=Label.CONCERN, was_route=Route.SAFEGUARDING)
    unsaid = make_one(5, label=Label.INAPPROPRIATE)
    foreign = make_one(6, lang="other")
    lessons = choose_lessons([said, grave, machine, kept, unsaid, foreign], 9000, ())
    assert {(row.group, row.route, *row.harms) for row in lessons.rows} == {
        ("school/1", Route.SAFEGUARDING, Harm.HATE),
        ("school/2", Route.POLICE, Harm.THREAT),
        ("school/3", Route.INTERNAL, Harm.DEFAMATION),
        ("school/4", Route.SAFEGUARDING),
    }
    assert lessons.left_out == (("no_harm_named", 1), ("other_language", 1))


# --- covers, and edits


def test_a_comma_its_author_changes_uncovers_nothing_a_person_called_inappropriate(desk: Desk) -> None:
    """Issue 6, point 4, ADR 0039: two people uncover it, of the words it has now or had before; an edit does not."""
    calm = mention_id("paper", "p2")
    assert cover(desk, calm) == (1, False)
    assert correct(desk, calm, "inappropriate", "--harm", "harassment") == 0
    assert cover(desk, calm) == (1, True)
    edit = make_write("p2", "Well done, to year six", label=Label.POSITIVE, at=NOW + timedelta(days=1))
    with Warehouse(desk.folder).writer() as writing:
        store_nights(writing, [make_night(writes=[edit], run_id="run-2")], NOW + timedelta(days=1))
    assert cover(desk, calm) == (2, True)
    assert correct(desk, calm, "positive") == 0
    assert cover(desk, calm) == (2, True), "one person alone"
