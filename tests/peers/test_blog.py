"""The feed collector against a real WordPress, through the real door."""

from __future__ import annotations

import pytest

from collectors.feed_state import FULL_LOOK_EVERY
from mentionwatch.fetching import Fetched, FetchRequest
from mentionwatch.labels import FaultKind, PostedAtBasis
from mentionwatch.model import Collected, Unchanged
from tests.peers.looks import OpenLooks, ago
from tests.peers.wordpress import Blog

pytestmark = pytest.mark.peers


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
    assert isinstance(looks.look(), Unchanged)
    assert looks.door.statuses(blog.feed) == [200, 304], "the second look costs WordPress a header"


@pytest.mark.parametrize("names", [("etag",), ("last_modified",), ("etag", "last_modified")])
def test_wordpress_answers_not_modified_to_either_validator_until_a_post_changes(
    blog: Blog, open_looks: OpenLooks, names: tuple[str, ...]
) -> None:
    id_, _ = blog.post("Validators", "Ysgol Aberwylan", ago(hours=2))
    door = open_looks(blog.base, "feed", url=blog.feed).door
    first = door(FetchRequest(url=blog.feed, source_url=blog.feed))
    assert isinstance(first, Fetched)
    etag, last_modified = first.header("etag"), first.header("last-modified")
    assert etag and last_modified, "WordPress gives both"
    again = FetchRequest(
        url=blog.feed,
        source_url=blog.feed,
        etag=etag if "etag" in names else "",
        last_modified=last_modified if "last_modified" in names else "",
    )
    door(again)
    blog.edit(id_, "Ysgol Aberwylan, edited")
    door(again)
    assert door.statuses(blog.feed) == [200, 304, 200]


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


def test_a_post_made_private_is_gone_for_the_public_and_comes_back_when_shown_again(
    blog: Blog, open_looks: OpenLooks
) -> None:
    blog.post("Older", "Ysgol Aberwylan, older", ago(hours=9))
    id_, url = blog.post("Now you see me", "Ysgol Aberwylan has a secret.", ago(hours=1))
    looks = open_looks(blog.base, "feed", url=blog.feed, kind="post")
    native_id = next(entry.native_id for entry in looks.changed(looks.look()).values() if entry.url == url)
    blog.hide(id_)
    hidden = looks.look()
    assert isinstance(hidden, Collected) and [gone.native_id for gone in hidden.gone] == [native_id]
    looks.changed(hidden)
    blog.trash(id_)
    blog.restore(id_)
    shown = looks.look()
    assert isinstance(shown, Collected)
    assert native_id in {entry.native_id for entry in shown.entries}, "the same id, so the same mention"


def test_a_deletion_that_wordpress_hides_behind_not_modified_is_found_within_a_week(
    blog: Blog, open_looks: OpenLooks
) -> None:
    """WordPress dates its feed by the newest change of a post still shown: binning another leaves both
    validators as they were. Every seventh look asks without them."""
    blog.post("Oldest", "Ysgol Aberwylan, oldest", ago(hours=9))
    id_, url = blog.post("Binned quietly", "Ysgol Aberwylan will be sorry.", ago(hours=8))
    blog.post("Newest", "Ysgol Aberwylan, newest", ago(hours=7))
    looks = open_looks(blog.base, "feed", url=blog.feed, kind="post")
    native_id = next(entry.native_id for entry in looks.changed(looks.look()).values() if entry.url == url)
    blog.trash(id_)
    told = []
    for _ in range(FULL_LOOK_EVERY):
        result = looks.look()
        told += [gone.native_id for gone in result.gone] if isinstance(result, Collected) else []
        looks.changed(result)
    assert told == [native_id]
    assert 304 in looks.door.statuses(blog.feed)


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
    blog.comment(id_, "Huw", "Clywch clywch, Ysgol Aberwylan", blog.changed_at)
    assert [entry.author for entry in looks.changed(looks.look()).values()] == ["Huw"]


def test_a_comment_let_through_late_is_found_within_a_week(blog: Blog, open_looks: OpenLooks) -> None:
    """WordPress dates a comment by when it was written, and its feed by the newest one: what a moderator lets
    through later stands behind "not modified" until the look that asks without validators."""
    id_, _ = blog.post("Moderated", "Ysgol Aberwylan", ago(hours=9))
    blog.comment(id_, "Prompt", "Ysgol Aberwylan, a prompt remark", blog.changed_at)
    looks = open_looks(blog.base, "feed", url=blog.comments_feed, kind="comment")
    assert len(looks.changed(looks.look())) == 1
    blog.comment(id_, "Late", "Ysgol Aberwylan, a late remark", ago(hours=8))
    authors = [entry.author for _ in range(FULL_LOOK_EVERY) for entry in looks.changed(looks.look()).values()]
    assert authors == ["Late"]
    assert 304 in looks.door.statuses(blog.comments_feed)


def test_a_binned_comment_is_not_called_gone_while_the_post_it_stood_under_is_there(
    blog: Blog, open_looks: OpenLooks
) -> None:
    """A comment has no page of its own: its address answers 200 as long as the post does."""
    id_, _ = blog.post("With comments", "Ysgol Aberwylan", ago(hours=9))
    for hour in (8, 7):
        blog.comment(id_, f"Reader {hour}", f"Ysgol Aberwylan, remark {hour}", ago(hours=hour))
    binned = blog.comment(id_, "Angry", "Ysgol Aberwylan is a disgrace", blog.changed_at)
    looks = open_looks(blog.base, "feed", url=blog.comments_feed, kind="comment")
    assert len(looks.changed(looks.look())) == 3
    blog.trash_comment(binned)
    blog.comment(id_, "Late", "Ysgol Aberwylan, last remark", blog.changed_at)
    result = looks.look()
    assert isinstance(result, Collected) and result.gone == ()
    assert [entry.author for entry in looks.changed(result).values()] == ["Late"]


def test_the_web_page_of_a_blog_is_no_feed_and_says_so(blog: Blog, open_looks: OpenLooks) -> None:
    looks = open_looks(blog.base, "feed", url=f"{blog.base}/")
    fault = looks.look().fault
    assert fault is not None and fault.kind is FaultKind.NOT_A_FEED


def test_the_door_keeps_what_wordpress_sent(blog: Blog, open_looks: OpenLooks) -> None:
    _, url = blog.post("For the door", "Ysgol Aberwylan", ago(hours=6))
    door = open_looks(blog.base, "feed", url=blog.feed).door
    answer = door(FetchRequest(url=url, source_url=blog.feed))
    assert isinstance(answer, Fetched)
    assert answer.status == 200 and b"For the door" in answer.body and not answer.truncated
