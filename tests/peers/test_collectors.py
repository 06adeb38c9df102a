"""The collectors against a real WordPress and a real MediaWiki, through the real door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collectors.fetch import Door
from collectors.registry import make_collector
from mentionwatch.fetching import Fetched, FetchRequest
from mentionwatch.labels import PostedAtBasis
from mentionwatch.model import Collected, SourceSpec, Unchanged
from mentionwatch.tables import Table
from tests.contract.nights import Looks, open_door, profile
from tests.peers.mediawiki import Wiki
from tests.peers.wordpress import Blog

pytestmark = pytest.mark.peers

OpenLooks = Callable[..., Looks]


@pytest.fixture
def open_looks() -> Iterator[OpenLooks]:
    doors: list[Door] = []

    def build(base: str, collector_name: str, /, **options: object) -> Looks:
        door = open_door(base, total_s=30)
        doors.append(door)
        table = Table("sources.toml", options, "source[1]")
        collector = make_collector(SourceSpec("peer", collector_name, place="Aberwylan"), table, profile())
        table.finish()
        # The servers run on the real clock, so the looks do too.
        return Looks(collector=collector, door=door, now=datetime.now(UTC).replace(microsecond=0))

    yield build
    for door in doors:
        door.close()


def ago(**delta: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**delta)


def test_a_wordpress_feed_is_read_word_for_word_and_then_answers_not_modified(
    blog: Blog, open_looks: OpenLooks
) -> None:
    at = ago(hours=3)
    _, url = blog.post(
        "Diwrnod agored & “fete”", "<p>Croeso i <b>Ysgol Aberwylan</b>!</p><!-- not for readers -->", at
    )
    looks = open_looks(blog.base, "feed", url=blog.feed, kind="post")
    found = looks.changed(looks.look())
    entry = next(entry for entry in found.values() if entry.url == url)
    assert entry.title == "Diwrnod agored & “fete”"
    assert "Croeso i Ysgol Aberwylan!" in entry.text and "readers" not in entry.text and "<" not in entry.text
    assert entry.posted_at == at and entry.posted_at_basis is not PostedAtBasis.UNKNOWN
    assert isinstance(looks.look(), Unchanged), "the second look must be a 304"


def test_an_edit_in_wordpress_is_seen_under_the_same_id_and_nothing_else_is(
    blog: Blog, open_looks: OpenLooks
) -> None:
    for number in range(3):
        blog.post(f"Older {number}", f"Ysgol Aberwylan, older {number}", ago(hours=9 - number))
    id_, url = blog.post("Parking", "Parking at Ysgol Aberwylan is fine.", ago(hours=2))
    looks = open_looks(blog.base, "feed", url=blog.feed, kind="post")
    before = looks.changed(looks.look())
    native_id = next(entry.native_id for entry in before.values() if entry.url == url)
    blog.edit(id_, "Parking at Ysgol Aberwylan is a disgrace.")
    changed = looks.changed(looks.look())
    assert list(changed) == [native_id]
    assert "disgrace" in changed[native_id].text
    assert changed[native_id].posted_at == before[native_id].posted_at
    assert looks.known[native_id].revision == 2


def test_a_binned_post_is_gone_only_because_its_own_page_says_so(blog: Blog, open_looks: OpenLooks) -> None:
    for number in range(3):
        blog.post(f"Oldest {number}", f"Ysgol Aberwylan, oldest {number}", ago(hours=20 - number))
    id_, url = blog.post("To be binned", "Ysgol Aberwylan will be sorry.", ago(hours=1))
    looks = open_looks(blog.base, "feed", url=blog.feed, kind="post")
    first = looks.changed(looks.look())
    native_id = next(entry.native_id for entry in first.values() if entry.url == url)
    blog.trash(id_)
    result = looks.look()
    assert isinstance(result, Collected)
    assert [gone.native_id for gone in result.gone] == [native_id]
    assert "404" in result.gone[0].basis
    looks.changed(result)
    assert not getattr(looks.look(), "gone", ()), "told once"


def test_posts_that_only_slid_out_of_the_feed_are_not_gone(blog: Blog, open_looks: OpenLooks) -> None:
    """WordPress shows ten; eleven newer posts push an old one out while its page stays."""
    looks = open_looks(blog.base, "feed", url=blog.feed, kind="post")
    blog.post("Soon pushed out", "Ysgol Aberwylan", ago(minutes=50))
    looks.changed(looks.look())
    for number in range(11):
        blog.post(f"Newer {number}", f"Ysgol Aberwylan, newer {number}", ago(minutes=40 - number))
    result = looks.look()
    assert isinstance(result, Collected) and result.gone == ()


def test_the_comments_feed_gives_comments_with_their_own_address(blog: Blog, open_looks: OpenLooks) -> None:
    id_, _ = blog.post("With comments", "Ysgol Aberwylan", ago(hours=5))
    blog.comment(id_, "Nia o'r pentref", "Athrawon gwych yn Ysgol Aberwylan", ago(hours=4))
    looks = open_looks(blog.base, "feed", url=blog.comments_feed, kind="comment")
    found = list(looks.changed(looks.look()).values())
    entry = next(entry for entry in found if "Athrawon gwych" in entry.text)
    assert "#comment-" in entry.url and entry.author == "Nia o'r pentref"


def test_the_web_page_of_a_blog_is_no_feed_and_says_so(blog: Blog, open_looks: OpenLooks) -> None:
    looks = open_looks(blog.base, "feed", url=f"{blog.base}/")
    fault = looks.look().fault
    assert fault is not None and fault.kind.value == "not_a_feed"


def test_the_door_keeps_what_wordpress_sent(blog: Blog) -> None:
    _, url = blog.post("For the door", "Ysgol Aberwylan", ago(hours=6))
    door = open_door(blog.base, total_s=30)
    try:
        answer = door(FetchRequest(url=url, source_url=blog.feed))
    finally:
        door.close()
    assert isinstance(answer, Fetched)
    assert answer.status == 200 and b"For the door" in answer.body and not answer.truncated


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
    assert fault is not None and fault.kind.value == "http_404_410"
