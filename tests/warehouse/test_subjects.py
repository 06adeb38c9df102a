"""Whom a post is about: stored with the post, over all its revisions, read again, erased with it (L31)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mentionwatch.ids import mention_id
from mentionwatch.labels import Role
from mentionwatch.model import MentionWrite
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.erase import erase
from warehouse.publish import publish
from warehouse.session import Row
from warehouse.store import store_nights
from warehouse.subjects import (
    SubjectsFound,
    is_all_read,
    note_all_read,
    replace_subjects,
    unread_posts,
)

P1 = mention_id("paper", "p1")


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


def store(warehouse: Warehouse, text: str, *roles: Role, profile: str = "old", run: str = "run-1") -> None:
    write: MentionWrite = replace(make_write("p1", text), subjects=frozenset(roles), subjects_read=profile)
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(run, [write])], NOW)


def kept(warehouse: Warehouse) -> tuple[list[Row], list[Row]]:
    with warehouse.live_reader() as reading:
        return (
            reading.rows("SELECT mention_id, role FROM subjects ORDER BY ALL"),
            reading.rows("SELECT mention_id, revision, profile FROM subjects_read ORDER BY ALL"),
        )


def test_an_edit_that_takes_a_name_out_leaves_the_post_about_them(warehouse: Warehouse) -> None:
    """The earlier words are shown with the post."""
    store(warehouse, "the head shouts", Role.HEAD)
    store(warehouse, "somebody shouts", Role.CHAIR, run="run-2")
    assert kept(warehouse) == ([(P1, "chair"), (P1, "head")], [(P1, 2, "old")])


def test_what_was_not_read_under_the_present_surnames_is_known_as_unread(warehouse: Warehouse) -> None:
    store(warehouse, "the head shouts", Role.HEAD)
    with warehouse.writer() as writing:
        note_all_read(writing, "old")
    store(warehouse, "Brychan shouts", profile="new", run="run-2")
    with warehouse.writer() as writing:
        assert not is_all_read(writing, "old"), "one post was read under other surnames"
        assert [post.texts for post in unread_posts(writing, "later", 10)] == [
            ("A title\nthe head shouts", "A title\nBrychan shouts")
        ]
        assert unread_posts(writing, "new", 10) == ()
        replace_subjects(writing, [SubjectsFound(P1, 2, frozenset({Role.DEPUTY, Role.HEAD}), "later")])
        note_all_read(writing, "later")
    assert kept(warehouse) == ([(P1, "deputy"), (P1, "head")], [(P1, 2, "later")])
    with warehouse.writer() as writing:
        assert is_all_read(writing, "later") and not is_all_read(writing, "old")
        replace_subjects(writing, [SubjectsFound(P1, 2, frozenset(), "later")])
    assert kept(warehouse)[0] == []


def test_erasing_a_post_forgets_whom_it_was_about_and_the_copy_never_knew(warehouse: Warehouse) -> None:
    store(warehouse, "the head shouts", Role.HEAD)
    publish(warehouse)
    with warehouse.reader() as reading:
        tables = {row[0] for row in reading.rows("SELECT table_name FROM information_schema.tables")}
    assert tables and not tables & {"subjects", "subjects_read"}
    erase(warehouse, [P1], "asked", NOW, "a1")
    assert kept(warehouse) == ([], [])
