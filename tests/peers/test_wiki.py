"""The wikipedia collector against a real MediaWiki, through the real door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collectors.wikipedia_look import FIRST_LOOK
from mentionwatch.labels import FaultKind
from mentionwatch.model import Collected
from tests.peers.looks import OpenLooks, PeerLooks
from tests.peers.mediawiki import Wiki

pytestmark = pytest.mark.peers

TITLE = "Ysgol Aberwylan"


def test_a_wiki_article_is_read_edit_by_edit_and_a_second_look_finds_nothing(
    wiki: Wiki, open_looks: OpenLooks
) -> None:
    wiki.edit("Ysgol Wylan Fach", "'''Ysgol Wylan Fach''' is a school.", "start", by_admin=True)
    revid = wiki.add("Ysgol Wylan Fach", "Its choir sang for <b>Ysgol Aberwylan</b>.", "choir")
    looks = open_looks(wiki.base, "wikipedia", api_url=wiki.api_url, pages=["Ysgol Wylan Fach"])
    found = looks.changed(looks.look())
    assert str(revid) in found and len(found) == 2
    entry = found[str(revid)]
    assert "choir sang" in entry.text and f"{revid}" in entry.url
    assert entry.posted_at is not None and abs(entry.posted_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert looks.changed(looks.look()) == {}


def test_vandalism_and_its_revert_are_both_told_and_tied_together(wiki: Wiki, open_looks: OpenLooks) -> None:
    wiki.edit(TITLE, "'''Ysgol Aberwylan''' is a primary school.", "start", by_admin=True)
    looks = open_looks(wiki.base, "wikipedia", api_url=wiki.api_url, pages=[TITLE])
    looks.changed(looks.look())
    bad = wiki.add(TITLE, "The teachers there are all thieves.", "fact")
    vandalised = looks.changed(looks.look())
    assert list(vandalised) == [str(bad)] and "thieves" in vandalised[str(bad)].text
    assert "reverted" not in vandalised[str(bad)].flags
    wiki.undo(TITLE, bad)
    after = looks.changed(looks.look())
    assert "reverted" in after[str(bad)].flags, "the vandal's edit is known to be undone"
    assert any("reverts" in entry.flags for entry in after.values())
    assert looks.changed(looks.look()) == {}


def test_an_article_that_an_administrator_deletes_is_no_all_clear(wiki: Wiki, open_looks: OpenLooks) -> None:
    wiki.edit("Doomed school", "'''Doomed school''' is a school.", "start", by_admin=True)
    looks = open_looks(wiki.base, "wikipedia", api_url=wiki.api_url, pages=["Doomed school"])
    assert len(looks.changed(looks.look())) == 1
    wiki.delete("Doomed school")
    fault = looks.look().fault
    assert fault is not None and fault.kind is FaultKind.HTTP_404_410


def start(wiki: Wiki, open_looks: OpenLooks, title: str) -> PeerLooks:
    """An article of one edit, looked at once."""
    wiki.edit(title, f"'''{title}''' is a primary school.", "start", by_admin=True)
    looks = open_looks(wiki.base, "wikipedia", api_url=wiki.api_url, pages=[title])
    assert len(looks.changed(looks.look())) == 1
    return looks


def test_one_rollback_undoes_every_edit_in_a_row(wiki: Wiki, open_looks: OpenLooks) -> None:
    title = "Rolled back school"
    looks = start(wiki, open_looks, title)
    first = wiki.add(title, "The cook is a thief.", "a")
    second = wiki.add(title, "So is the caretaker.", "b")
    assert set(looks.changed(looks.look())) == {str(first), str(second)}
    wiki.roll_back(title, wiki.author(second))
    after = looks.changed(looks.look())
    assert all("reverted" in after[str(revid)].flags for revid in (first, second))
    (third,) = after.keys() - {str(first), str(second)}
    assert "reverts" in after[third].flags and "thief" not in after[third].text


def test_an_edit_whose_text_is_hidden_is_gone_and_the_others_are_not(
    wiki: Wiki, open_looks: OpenLooks
) -> None:
    title = "Hidden words school"
    looks = start(wiki, open_looks, title)
    bad = wiki.add(title, "The pupil lives at 4 Ffordd y Traeth.", "address")
    good = wiki.add(title, "It has a garden.", "garden")
    assert set(looks.changed(looks.look())) == {str(bad), str(good)}
    wiki.hide(bad)
    result = looks.look()
    assert isinstance(result, Collected)
    assert [gone.native_id for gone in result.gone] == [str(bad)]
    assert "administrator" in result.gone[0].basis
    looks.changed(result)
    assert not getattr(looks.look(), "gone", ()), "told once"


def test_a_moved_article_is_followed_along_its_redirect(wiki: Wiki, open_looks: OpenLooks) -> None:
    looks = start(wiki, open_looks, "Old name school")
    wiki.move("Old name school", "New name school")
    revid = wiki.add("New name school", "It has a new name.", "name")
    found = looks.changed(looks.look())
    assert str(revid) in found and found[str(revid)].title == "New name school"
    assert looks.changed(looks.look()) == {}


def test_an_article_moved_without_a_redirect_is_no_all_clear(wiki: Wiki, open_looks: OpenLooks) -> None:
    looks = start(wiki, open_looks, "Vanished name school")
    wiki.move("Vanished name school", "Other name school", leave_redirect=False)
    fault = looks.look().fault
    assert fault is not None and fault.kind is FaultKind.HTTP_404_410


def test_an_article_deleted_and_restored_is_told_once(wiki: Wiki, open_looks: OpenLooks) -> None:
    title = "Restored school"
    looks = start(wiki, open_looks, title)
    wiki.delete(title)
    assert looks.look().fault is not None
    wiki.restore(title)
    result = looks.look()
    assert result.fault is None and looks.changed(result) == {}
    revid = wiki.add(title, "It is back.", "back")
    assert set(looks.changed(looks.look())) == {str(revid)}


def test_more_edits_than_one_answer_holds_are_all_told_once(wiki: Wiki, open_looks: OpenLooks) -> None:
    """MediaWiki hands out fifty and a token to go on with."""
    title = "Busy school"
    looks = start(wiki, open_looks, title)
    revids = [wiki.edit(title, f"Remark {number} about the school.", "busy") for number in range(55)]
    assert list(looks.changed(looks.look())) == [str(revid) for revid in revids]
    assert looks.changed(looks.look()) == {}


def test_a_first_look_says_that_older_edits_were_not_read(wiki: Wiki, open_looks: OpenLooks) -> None:
    title = "Old and busy school"
    for number in range(FIRST_LOOK + 2):
        wiki.edit(title, f"Remark {number} about the school.", "busy", by_admin=True)
    result = open_looks(wiki.base, "wikipedia", api_url=wiki.api_url, pages=[title]).look()
    assert isinstance(result, Collected) and len(result.entries) == FIRST_LOOK
    assert any("first look" in note for note in result.not_looked_at)


def test_an_article_that_names_the_school_is_found_by_searching(wiki: Wiki, open_looks: OpenLooks) -> None:
    wiki.edit("Eisteddfod Llanwylan", "The choir of Ysgol Aberwylan won.", "start", by_admin=True)
    wiki.edit("Bara brith", "A loaf with fruit.", "start", by_admin=True)
    wiki.run_jobs()
    looks = open_looks(wiki.base, "wikipedia", api_url=wiki.api_url, search=True)
    titles = {entry.title for entry in looks.changed(looks.look()).values()}
    assert "Eisteddfod Llanwylan" in titles and "Bara brith" not in titles
