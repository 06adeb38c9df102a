"""What a colleague wrote of a post in their own words is held about whoever it names, and is in the answer (Article 15)."""

from __future__ import annotations

import pytest

from mentionwatch.errors import Fatal
from mentionwatch.ids import mention_id
from mentionwatch.labels import Role
from mentionwatch.model import MentionWrite
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.access import PersonRecord, export_person
from warehouse.connection import Warehouse
from warehouse.erase import erase
from warehouse.reporters import ReporterStore
from warehouse.sealed_lines import SealedReport
from warehouse.store import store_nights
from warehouse.summaries import Summary, store_summary

P1, P2, P3 = (mention_id("paper", name) for name in ("p1", "p2", "p3"))


def fill(warehouse: Warehouse, *writes: MentionWrite) -> None:
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(writes=list(writes))], NOW)


def sum_up(warehouse: Warehouse, id_: str, text: str) -> None:
    with warehouse.writer() as writing:
        store_summary(writing, Summary(id_, 1, text, "1a2b", Role.OPERATOR, NOW))


def ask(warehouse: Warehouse, name: str = "Jane Roe") -> tuple[PersonRecord, ...]:
    return export_person(warehouse, name, NOW, "office", "request 8")


def test_i11_a_summary_goes_with_the_post_it_is_of_and_one_that_alone_names_somebody_is_found(
    warehouse: Warehouse,
) -> None:
    fill(
        warehouse,
        make_write("p1", "Jane Roe was seen by someone", author="writer9"),
        make_write("p2", "She was seen again", author="writer9"),
        make_write("p3", "Nobody was seen"),
    )
    sum_up(warehouse, P1, "A parent is spoken of")
    sum_up(warehouse, P2, "This is about Jane Roe too")
    sum_up(warehouse, P3, "Nothing in it")
    found = {record.mention_id: (record.basis, record.summary) for record in ask(warehouse)}
    assert found == {P1: ("named", "A parent is spoken of"), P2: ("named", "This is about Jane Roe too")}


def test_i6_l20_a_summary_is_masked_as_the_post_is_and_never_shows_the_reporter(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        make_write("p1", "Jane Roe was seen", author="writer9"),
        make_write("p2", "Jane Roe again", author="writer9"),
    )
    ReporterStore(warehouse.folder).store(SealedReport(P1, "RINGER", "web", NOW))
    ReporterStore(warehouse.folder).store(SealedReport(P2, "RINGER", "web", NOW))
    sum_up(
        warehouse, P1, "RINGER says writer9 and @other wrote to a.b@example.org about Jane Roe, 01248 555 123"
    )
    sum_up(warehouse, P2, "R I N G E R says so of Jane Roe")
    said = {record.mention_id: record.summary for record in ask(warehouse)}
    assert not any(word in said[P1] for word in ("RINGER", "writer9", "@other", "a.b@example.org", "555"))
    assert said[P1].count("[third party]") == 5 and said[P1].endswith("about Jane Roe, [third party]")
    assert said[P2] == "[withheld: it names a third party]"


def test_of_a_sealed_post_the_summary_stays_sealed_and_of_an_erased_one_it_is_gone(
    warehouse: Warehouse,
) -> None:
    fill(warehouse, make_write("p1", "Jane Roe was seen"), make_write("p2", "Jane Roe was seen again"))
    sum_up(warehouse, P1, "She, Jane Roe, is spoken of")
    sum_up(warehouse, P2, "She, Jane Roe, is spoken of again")
    with warehouse.writer() as writing:
        writing.run("UPDATE mentions SET is_sealed = true WHERE id = ?", [P1])
    assert erase(warehouse, [P2], "asked for", NOW, "the head").erased == (P2,)
    assert [(record.mention_id, record.summary) for record in ask(warehouse)] == [(P1, "")]


def test_i11_a_summary_that_cannot_be_opened_stops_the_answer_rather_than_being_left_out(
    warehouse: Warehouse,
) -> None:
    fill(warehouse, make_write("p1", "Nobody was seen"))
    sum_up(warehouse, P1, "This is about Jane Roe")
    with warehouse.writer() as writing:
        writing.run("UPDATE summaries SET sealed = 'other'::BLOB")
    with pytest.raises(Fatal, match=f"{P1}/1.*evidence verify"):
        ask(warehouse)
