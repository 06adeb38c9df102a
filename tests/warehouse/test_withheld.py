"""The analysts' copy holds the words of nothing that may be more than a concern, until a person says that it is none."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

from classifiers.decision import Scores, Thresholds, decide
from classifiers.heads import HARMS, LABELS, ROUTES
from classifiers.rules import find_hits
from mentionwatch.ids import mention_id
from mentionwatch.labels import Label, Role, Route
from mentionwatch.model import MentionWrite, Reason
from tests.warehouse.factory import NOW, make_audit, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, record_decision
from warehouse.publish import publish, query_published
from warehouse.store import store_nights
from warehouse.withholding import ASKS

ID = mention_id("paper", "p1")
BEYOND = "may go beyond criticism: a person should look"


def judged(
    route: Route = Route.COMPLAINT,
    note: str = "",
    *,
    label: Label = Label.CONCERN,
    text: str = "CANARY words",
    native_id: str = "p1",
) -> MentionWrite:
    """A post as the classifier left it; `note`: why a person is asked."""
    write = make_write(native_id, text, label=label)
    reasons = (Reason(note, 1.0),) if note else ()
    found = replace(write.classification, route=route, needs_person=bool(note), reasons=reasons)
    return replace(write, classification=found)


def store(warehouse: Warehouse, *writes: MentionWrite, run_id: str = "run-1") -> None:
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(run_id, writes)], NOW)


def say(
    warehouse: Warehouse, label: Label, route: Route | None = None, revision: int = 1, id_: str = ID
) -> None:
    decision = Decision(
        id_, revision, label, "a", Role.HEAD, "read it twice", NOW + timedelta(hours=1), (), route
    )
    with warehouse.writer() as writing:
        record_decision(writing, decision, make_audit())


def shown(warehouse: Warehouse, id_: str = ID) -> bool:
    """Are its words in the copy? Title, text and `is_withheld` never disagree."""
    publish(warehouse)
    ((text, title, is_withheld),) = query_published(
        warehouse, "SELECT text, title, is_withheld FROM mentions WHERE id = ?", [id_]
    ).rows
    assert (text is None) == (title is None) == is_withheld
    return text is not None


CASES = (
    (Route.POLICE, "", False),
    (Route.SAFEGUARDING, "", False),
    (Route.COMPLAINT, BEYOND, False),
    (Route.COMPLAINT, "speaks of violence against people: a person should look", False),
    (Route.COMPLAINT, "", True),
    (Route.NONE, "the classifier is unsure", True),
    (Route.COMPLAINT, "a sample: every 20th that the classifier is sure of is shown to a person", True),
    (Route.COMPLAINT, "written in a language the classifier does not know", True),
)


def test_what_may_be_more_than_criticism_is_withheld_whatever_its_label(warehouse: Warehouse) -> None:
    cases = [(*case, label) for case in CASES for label in Label if label is not Label.INAPPROPRIATE]
    store(
        warehouse,
        *(
            judged(route, note, label=label, text=f"CANARY{number:03}", native_id=f"p{number}")
            for number, (route, note, _, label) in enumerate(cases)
        ),
    )
    publish(warehouse)
    rows = query_published(warehouse, "SELECT text, title, is_withheld FROM mentions ORDER BY text").rows
    wanted = [number for number, (_, _, is_shown, _) in enumerate(cases) if is_shown]
    assert [row for row in rows if row[0]] == [(f"CANARY{n:03}", "A title", False) for n in wanted]
    assert [row for row in rows if not row[0]] == [(None, None, True)] * (len(cases) - len(wanted))
    copy = warehouse.published_path.read_bytes()
    assert [n for n in range(len(cases)) if f"CANARY{n:03}".encode() in copy] == wanted


def test_every_note_of_the_classifier_that_fears_harm_is_one_of_those() -> None:
    lowest, highest = (
        Thresholds(**{field.name: cut for field in fields(Thresholds)} | {"label_high": 2.0})
        for cut in (0.0, 2.0)
    )
    scores = Scores((0.25,) * len(LABELS), (0.5,) * len(HARMS), (0.2,) * len(ROUTES))
    text = "I will kill the head, ring 01758 123456"
    hits = find_hits(text)
    found = decide(scores, hits, "en", lowest)
    assert hits and BEYOND in found.notes
    assert all(ASKS in note for note in found.notes)
    unsure = decide(scores, (), "other", highest)
    assert unsure.notes and not [note for note in unsure.notes if ASKS in note]


SAID: tuple[tuple[Label, Route | None, bool], ...] = (
    (Label.POSITIVE, None, True),
    (Label.NEUTRAL, None, True),
    (Label.NEUTRAL, Route.NONE, True),
    (Label.CONCERN, Route.COMPLAINT, True),
    (Label.CONCERN, Route.NONE, True),
    (Label.CONCERN, Route.INTERNAL, False),
    (Label.CONCERN, Route.SAFEGUARDING, False),
    (Label.CONCERN, Route.POLICE, False),
    (Label.INAPPROPRIATE, None, False),
)


def test_a_persons_label_and_route_count_and_not_the_classifiers(warehouse: Warehouse) -> None:
    writes = [
        judged(Route.POLICE, BEYOND, text=f"text {number}", native_id=f"p{number}")
        for number in range(len(SAID))
    ]
    store(warehouse, *writes)
    publish(warehouse)
    count = "SELECT count(text) FROM mentions"
    assert query_published(warehouse, count).rows == ((0,),)
    for write, (label, route, _) in zip(writes, SAID, strict=True):
        say(warehouse, label, route, id_=write.mention.id)
    publish(warehouse)
    rows = query_published(warehouse, "SELECT text FROM mentions WHERE NOT is_withheld ORDER BY text").rows
    assert rows == tuple((f"text {n}",) for n, (_, _, is_shown) in enumerate(SAID) if is_shown)


def test_a_concern_without_a_route_settles_the_doubt_and_not_the_classifiers_route(
    warehouse: Warehouse,
) -> None:
    """Nobody said that it is not for the police: that still stands."""
    other = judged(Route.COMPLAINT, BEYOND, native_id="p2", text="other words")
    store(warehouse, judged(Route.POLICE), other)
    for id_ in (ID, mention_id("paper", "p2")):
        say(warehouse, Label.CONCERN, id_=id_)
    assert not shown(warehouse)
    assert shown(warehouse, mention_id("paper", "p2"))


def test_a_person_may_withhold_what_the_classifier_thought_nothing_of_and_take_it_back(
    warehouse: Warehouse,
) -> None:
    store(warehouse, judged())
    assert shown(warehouse)
    say(warehouse, Label.CONCERN, Route.POLICE)
    assert not shown(warehouse)
    say(warehouse, Label.CONCERN, Route.COMPLAINT)
    assert shown(warehouse)


def test_an_edit_is_doubted_anew_and_the_word_on_the_edit_settles_what_was_before(
    warehouse: Warehouse,
) -> None:
    store(warehouse, judged(Route.POLICE))
    say(warehouse, Label.CONCERN, Route.COMPLAINT)
    assert shown(warehouse)
    store(warehouse, judged(Route.SAFEGUARDING, text="edited"), run_id="run-2")
    assert not shown(warehouse)
    say(warehouse, Label.NEUTRAL, revision=2)
    assert shown(warehouse)


def test_the_same_words_elsewhere_are_withheld_too(warehouse: Warehouse) -> None:
    copy = judged(native_id="p2")
    store(warehouse, judged(Route.POLICE), copy)
    assert not shown(warehouse, mention_id("paper", "p2"))
    say(warehouse, Label.NEUTRAL)
    assert shown(warehouse, mention_id("paper", "p2")) and shown(warehouse)
