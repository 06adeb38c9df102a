"""Is the cited passage still there? "Gone" only on strong grounds; never by a site's wording (L42)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.recheck import (
    Baseline,
    PostSeen,
    PostState,
    choose_baseline,
    decide_state,
    needs_controls,
    normalise,
)
from evidence.recheck_address import make_lost_url
from evidence.recheck_words import SENTENCES, BasisKey, say_basis
from evidence.text import read_page, read_text
from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind
from tests.evidence.values import URL, make_fetched

POST = "The teachers at Ysgol Llanbedrog are lazy and the car park is a disgrace to the village."
BEFORE = ["Welcome to the village forum today", "Yesterday somebody asked about the buses"]
AFTER = ["Another neighbour wrote about the weather", "The last remark is about the chapel roof"]


def page(*lines: str, extra: str = "") -> bytes:
    return f"<html><body>{''.join(f'<p>{line}</p>' for line in lines)}{extra}</body></html>".encode()


WHOLE = page(*BEFORE, POST, *AFTER)
BASELINE = choose_baseline(URL, "A title", POST, read_text(WHOLE, "text/html"))


LIST = make_fetched(b"<html><body><p>The latest of the village forum</p></body></html>")
"""The source's own address, well."""


def look(body: bytes, **more: object) -> PostState:
    return decide_state(BASELINE, make_fetched(body, **more)).state


def look_beside(lost_body: bytes, body: bytes, control: object = LIST, **more: object) -> PostSeen:
    """A look with both controls."""
    lost = make_fetched(lost_body, url_requested="https://example.org/news/730519428861")
    return decide_state(BASELINE, make_fetched(body, **more), control, lost)  # type: ignore[arg-type]


def test_the_passage_word_for_word_is_present_whatever_else_the_page_says() -> None:
    assert look(WHOLE) is PostState.PRESENT
    assert look(page("This post was deleted. 404 not found. Log in", POST)) is PostState.PRESENT
    assert look(page("<input type=password>", POST)) is PostState.PRESENT


def test_case_white_space_and_typographic_quotes_are_no_edit() -> None:
    assert look(page(*BEFORE, POST.upper().replace(" ", "\n  "), *AFTER)) is PostState.PRESENT


def test_a_site_that_only_says_removed_is_not_believed() -> None:
    assert look(page("This content is no longer available.")) is PostState.UNKNOWN


def test_a_passage_in_other_words_is_edited() -> None:
    edited = POST.replace("lazy", "hard-working")
    assert look(page(*BEFORE, edited, *AFTER)) is PostState.EDITED


def test_the_passage_missing_between_its_neighbours_is_gone() -> None:
    assert look(page(*BEFORE, *AFTER)) is PostState.GONE


def test_missing_together_with_its_neighbours_is_unknown() -> None:
    assert look(page("A wholly new page", "about something else altogether")) is PostState.UNKNOWN
    assert look(page(*BEFORE)) is PostState.UNKNOWN, "neighbours of one side only"


@pytest.mark.parametrize(
    "extra",
    [
        '<a rel="next" href="/2">more</a>',
        '<a href="?page=2">2</a>',
        "<p>Load more comments</p>",
        "<p>Nesaf</p>",
    ],
)
def test_a_page_that_goes_on_elsewhere_is_unknown(extra: str) -> None:
    assert look(page(*BEFORE, *AFTER, extra=extra)) is PostState.UNKNOWN


def test_a_page_that_did_not_arrive_whole_is_unknown() -> None:
    assert look(page(*BEFORE, *AFTER), truncated=True) is PostState.UNKNOWN


def test_a_redirect_to_the_front_page_is_probably_gone_and_only_on_a_well_site() -> None:
    body, home = page("Choir practice moves to Tuesday"), "https://example.org/"
    seen = decide_state(BASELINE, make_fetched(body, url_final=home), LIST)
    assert seen.state is PostState.PROBABLY_GONE and seen.site_is_well
    assert look(body, url_final=home) is PostState.UNKNOWN, "nobody asked the source"
    led_away = make_fetched(body, url_requested="https://example.org/feed", url_final=home)
    unwell = decide_state(BASELINE, make_fetched(body, url_final=home), led_away)
    assert unwell.state is PostState.UNKNOWN and not unwell.site_is_well


def test_l42_the_answer_of_any_lost_address_is_probably_gone() -> None:
    soft = page("Welcome to the village forum today", "There is no such remark", "See you soon, neighbour")
    assert look_beside(soft, soft).state is PostState.PROBABLY_GONE
    assert look_beside(soft, soft, None).state is PostState.UNKNOWN
    assert look_beside(soft, soft, Fault(FaultKind.TIMEOUT, "x")).state is PostState.UNKNOWN
    assert look_beside(soft, soft, make_fetched(soft)).state is PostState.UNKNOWN, "the whole site says it"
    assert look_beside(page("Something else"), soft).state is PostState.UNKNOWN


@pytest.mark.parametrize(
    "wall",
    [
        page("Checking your browser before you go on to the village forum"),
        page("Welcome to the village forum today", "Sorry, closed for maintenance, back soon"),
        page("Hello there"),
        b"<html><body><div id=app></div><script src=a.js></script></body></html>",
        b"",
    ],
)
def test_a_shell_or_a_wall_is_the_same_for_every_address_and_is_unknown(wall: bytes) -> None:
    assert look_beside(wall, wall).state is PostState.UNKNOWN


def test_lines_the_site_shows_at_any_address_are_no_neighbours() -> None:
    frame = page(*BEFORE, *AFTER)
    assert look(frame) is PostState.GONE
    assert look_beside(frame, frame).state is PostState.PROBABLY_GONE, "all that remains is the frame"
    one_side = look_beside(page(*AFTER), frame)
    assert one_side.state is PostState.PROBABLY_GONE and one_side.key is BasisKey.MISSING_BY_ONE_SIDE
    assert look_beside(page("No such page"), frame).state is PostState.GONE


def test_a_post_its_source_still_lists_is_never_called_gone() -> None:
    listed = make_fetched(page("Latest", POST))
    assert decide_state(BASELINE, make_fetched(b"", status=404), listed).state is PostState.UNKNOWN
    assert look_beside(page("No"), page(*BEFORE, *AFTER), listed).state is PostState.UNKNOWN


def test_other_words_in_its_place_are_not_gone_and_a_note_of_removal_is() -> None:
    other = "Frankly everybody over there is bone idle from September to July"
    assert look(page(*BEFORE, other, *AFTER)) is PostState.UNKNOWN
    for note in ("[deleted]", "[removed]", "Removed by a moderator", "[Dilëwyd]", "Tynnwyd gan yr awdur"):
        assert look(page(*BEFORE, note, *AFTER)) is PostState.GONE, note
    for note in ("Deleted or for members only", "Hidden", "Moved to another topic and deleted here"):
        assert look(page(*BEFORE, note, *AFTER)) is PostState.UNKNOWN, note


def test_words_that_remain_only_as_a_quotation_are_neither_present_nor_gone() -> None:
    quoted = f"Dave wrote <blockquote>{POST}</blockquote> and I disagree with him"
    assert look(page(*BEFORE, AFTER[0], quoted, AFTER[1])) is PostState.UNKNOWN
    spoken = f"I cannot believe that he wrote “{POST}” on here"
    assert look(page(*BEFORE, AFTER[0], spoken, AFTER[1])) is PostState.UNKNOWN
    assert look(page(*BEFORE, POST, AFTER[0], quoted, AFTER[1])) is PostState.PRESENT


def test_a_small_form_to_sign_in_at_the_foot_hides_no_deletion() -> None:
    body = page(*BEFORE, *AFTER, extra="<form><input type=password></form>")
    first = decide_state(BASELINE, make_fetched(body))
    assert first.state is PostState.UNKNOWN and needs_controls(first)
    assert look_beside(page("No such page"), body).state is PostState.GONE
    wall = page(*BEFORE, *AFTER, extra="<form><input type=password></form>")
    assert look_beside(wall, wall).state is not PostState.GONE


@pytest.mark.parametrize("status", [404, 410, 200])
def test_an_answer_that_asks_to_come_back_later_is_unknown(status: int) -> None:
    html = (("Content-Type", "text/html"), ("Retry-After", "60"))
    answer = make_fetched(page(*BEFORE, *AFTER), status=status, headers=html)
    assert decide_state(BASELINE, answer, LIST).state is PostState.UNKNOWN


def test_controls_are_asked_only_where_they_can_change_or_carry_the_outcome() -> None:
    def asked(body: bytes, **more: object) -> bool:
        return needs_controls(decide_state(BASELINE, make_fetched(body, **more)))

    assert asked(b"", status=404) and asked(page(*BEFORE, *AFTER)) and asked(page("All new"))
    assert not asked(WHOLE) and not asked(b"", status=403) and not asked(b"", status=503)
    assert not needs_controls(decide_state(BASELINE, Fault(FaultKind.TIMEOUT, "x")))


@pytest.mark.parametrize(
    ("url", "lost"),
    [
        ("https://a.example/t/school-run/5512/page/3", "https://a.example/t/school-run/730519428861/page/3"),
        ("https://a.example/view?f=12&t=30991#p4", "https://a.example/view?f=12&t=730519428861"),
        ("https://a.example/about", "https://a.example/about-730519428861"),
        ("https://a.example", "https://a.example/-730519428861"),
    ],
)
def test_a_lost_address_has_the_shape_of_the_posts_own(url: str, lost: str) -> None:
    assert make_lost_url(url, "730519428861") == lost


def test_every_ground_is_said_in_english_and_in_welsh() -> None:
    assert set(SENTENCES) == set(BasisKey)
    values = {"status": "404", "kept": "3", "stood": "4", "kind": "timeout"}
    for key in BasisKey:
        english, welsh = say_basis(key, "en", values), say_basis(key, "cy", values)
        assert english != welsh and "{" not in english + welsh
        assert all((value in english) is (value in welsh) for value in values.values())


def test_a_sign_in_page_is_inaccessible_not_gone() -> None:
    assert look(page("Sign in <input type='password'>")) is PostState.INACCESSIBLE
    assert look(page("Welcome"), url_final="https://example.org/login?next=1") is PostState.INACCESSIBLE


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (404, PostState.GONE),
        (410, PostState.GONE),
        (401, PostState.INACCESSIBLE),
        (403, PostState.INACCESSIBLE),
        (451, PostState.INACCESSIBLE),
        (429, PostState.UNKNOWN),
        (500, PostState.UNKNOWN),
        (503, PostState.UNKNOWN),
        (304, PostState.UNKNOWN),
    ],
)
def test_what_a_status_alone_can_say(status: int, state: PostState) -> None:
    seen = decide_state(BASELINE, make_fetched(b"", status=status), LIST)
    assert seen.state is state and seen.http_status == status


@pytest.mark.parametrize("control", [Fault(FaultKind.TIMEOUT, "x"), make_fetched(b"", status=404)])
def test_404_while_the_whole_site_is_unwell_is_no_deletion(control: object) -> None:
    seen = decide_state(BASELINE, make_fetched(b"", status=404), control)  # type: ignore[arg-type]
    assert seen.state is PostState.UNKNOWN
    well = decide_state(BASELINE, make_fetched(b"", status=404), make_fetched())
    assert well.state is PostState.GONE and well.site_is_well
    assert look(b"", status=404) is PostState.PROBABLY_GONE, "nobody asked whether the site is well"
    elsewhere = make_fetched(url_requested="https://search.test/feed", url_final="https://search.test/feed")
    other = decide_state(BASELINE, make_fetched(b"", status=404), elsewhere)
    assert other.state is PostState.PROBABLY_GONE and not other.site_is_well, "another site vouches for none"


@pytest.mark.parametrize("kind", FaultKind)
def test_what_could_not_be_looked_at_is_unknown_and_never_gone(kind: FaultKind) -> None:
    assert decide_state(BASELINE, Fault(kind, "x")).state is PostState.UNKNOWN


def test_without_a_copy_to_compare_with_nothing_is_claimed() -> None:
    empty = Baseline(URL, "", (), ())
    assert decide_state(empty, make_fetched(WHOLE)).state is PostState.UNKNOWN


def test_a_short_passage_is_never_called_gone() -> None:
    body = page(*BEFORE, "Bad school", *AFTER)
    short = choose_baseline(URL, "", "Bad school", read_text(body, "text/html"))
    assert short.passage == "bad school"
    assert decide_state(short, make_fetched(page(*BEFORE, *AFTER))).state is PostState.UNKNOWN


def test_a_feed_that_shortens_its_text_is_compared_by_its_longest_sentence_on_the_page() -> None:
    text = "Only in the feed. The teachers at Ysgol Llanbedrog are lazy and the car park is a disgrace"
    found = choose_baseline(URL, "A title", text, read_text(WHOLE, "text/html"))
    assert found.passage == normalise(text.partition(". ")[2])
    assert found.before and found.after


def test_the_basis_holds_no_word_of_the_post() -> None:
    for body in (WHOLE, page(*BEFORE, *AFTER), page("else"), page(POST.replace("lazy", "kind"))):
        basis = decide_state(BASELINE, make_fetched(body)).basis
        assert not {"lazy", "teachers", "disgrace", "chapel"} & set(normalise(basis).split())


def thread(*posts: tuple[str, str]) -> bytes:
    return page(*(line for post in posts for line in post))


def test_the_frame_of_a_post_without_its_words_is_a_fold_not_a_deletion() -> None:
    one, own, two = ("Ann", BEFORE[0]), ("Rhys", POST), ("Mair", AFTER[0])
    known = choose_baseline(URL, "", POST, read_text(thread(one, own, two), "text/html"))
    assert decide_state(known, make_fetched(thread(one, two))).state is PostState.GONE
    folded = decide_state(known, make_fetched(thread(one, ("Rhys", ""), two)))
    assert folded.state is PostState.UNKNOWN


@pytest.mark.parametrize(
    "put",
    [
        "<p>1 reply</p>",
        "<p>1 ateb</p>",
        "<p>Show reply</p>",
        "<p>Sensitive content</p>",
        "<p>View hidden comment</p>",
        "<p>Hidden</p>",
        "<p>3</p><p>Removed from view: click to show</p>",
        "<button>+</button>",
        "<p>[+]</p>",
        "<p>*** ***** **</p>",
        "<div data-post=7></div>",
        "<img src=words.png>",
        "<img src=words.png class=avatar>",
        "<iframe src=/c/3></iframe>",
        "<x-post ref=3></x-post>",
        "<details></details>",
        "<canvas></canvas>",
        "<p aria-expanded=false></p>",
        "<script>draw(3)</script>",
        "<template><p>else</p></template>",
    ],
)
def test_l42_anything_new_in_the_place_is_unknown(put: str) -> None:
    seen = look_beside(page("No such page"), page(*BEFORE, put, *AFTER))
    assert seen.state is PostState.UNKNOWN, seen


BLOCK = "<div id=late></div><script src=a.js></script>"


def test_l42_a_picture_in_a_feed_in_place_of_the_words_is_unknown() -> None:
    def item(words: str) -> str:
        return f"<item><description>&lt;p&gt;{words}&lt;/p&gt;</description></item>"

    def feed(*items: str) -> bytes:
        return f"<rss><channel>{''.join(map(item, items))}</channel></rss>".encode()

    media = (("Content-Type", "application/rss+xml"),)
    whole = read_page(feed(*BEFORE, POST, *AFTER), "application/rss+xml")
    known = choose_baseline(URL, "", POST, whole)
    gone = decide_state(known, make_fetched(feed(*BEFORE, *AFTER), headers=media))
    drawn = decide_state(known, make_fetched(feed(*BEFORE, "&lt;img src=a.png&gt;", *AFTER), headers=media))
    assert (gone.state, drawn.state) == (PostState.GONE, PostState.UNKNOWN)


def test_room_for_a_script_is_unknown_unless_the_site_has_it_everywhere() -> None:
    body = page(*BEFORE, *AFTER, extra=BLOCK)
    assert look_beside(page("No such page"), body).state is PostState.UNKNOWN
    assert look_beside(page("No such page", extra=BLOCK), body).state is PostState.GONE
    assert (
        look_beside(page("No such page"), body, make_fetched(page("All", extra=BLOCK))).state
        is PostState.GONE
    )


ESCAPED = "".join(f"\\u{ord(letter):04x}" for letter in POST)


@pytest.mark.parametrize(
    "held",
    [
        f'<img alt="{POST}">',
        f'<i data-text="{POST}"></i>',
        f"<template><p>{POST}</p></template>",
        f'<script type="application/json">{{"t":"{POST}"}}</script>',
        f'<script>a="{ESCAPED}"</script>',
        f'<script>a="{POST.replace(" ", chr(92) + "n")}"</script>',
        f"<!-- {POST} -->",
        f"<style>p:after {{content: '{POST}'}}</style>",
        f'<a href="/s?t={POST.replace(" ", "%20")}">.</a>',
        f'<i data-text="&lt;p&gt;{POST.replace("lazy", "&lt;b&gt;lazy&lt;/b&gt;")}&lt;/p&gt;"></i>',
        f'<i data-text="{"".join(f"&amp;#{ord(letter)};" for letter in POST)}"></i>',
        f'<i data-text="{" ".join(POST.split()[3:8])}"></i>',
    ],
)
@pytest.mark.parametrize("status", [200, 404])
def test_l42_words_that_still_arrive_in_the_code_of_a_page_are_not_gone(held: str, status: int) -> None:
    for body in (page(*BEFORE, held, *AFTER), page(*BEFORE, *AFTER, extra=held)):
        seen = look_beside(page("No such page"), body, status=status)
        assert seen.state is PostState.UNKNOWN, seen
    assert look_beside(page("No such page"), page(*BEFORE, *AFTER), status=status).state is PostState.GONE


def test_words_of_the_page_that_stood_elsewhere_too_hide_nothing() -> None:
    """The name of the thread, say, that is also how the post begins."""
    title = "The teachers at Ysgol Llanbedrog are talked about here"
    known = choose_baseline(URL, "", POST, read_text(page(title, *BEFORE, POST, *AFTER), "text/html"))
    assert decide_state(known, make_fetched(page(title, *BEFORE, *AFTER))).state is PostState.GONE


def test_what_goes_with_every_post_hides_nothing() -> None:
    def post(words: str, at: int) -> str:
        return f'<img class="avatar" src="/{at}.png"><p>{words}</p><button>Like</button>'

    posts = [post(words, at) for at, words in enumerate((*BEFORE, POST, *AFTER))]
    known = choose_baseline(URL, "", POST, read_text(page(*posts), "text/html"))
    assert decide_state(known, make_fetched(page(*posts[:2], *posts[3:]))).state is PostState.GONE
    worn = page(*posts[:2], "<img class=avatar src=/9.png>", *posts[3:])
    assert decide_state(known, make_fetched(worn)).state is PostState.UNKNOWN


LINES = st.lists(
    st.text("abcdefgh ", min_size=16, max_size=40).filter(lambda line: len(line.split()) > 1),
    min_size=1,
    max_size=6,
)


@settings(max_examples=50, deadline=None)
@given(LINES, LINES)
def test_a_page_that_still_holds_the_passage_is_never_called_gone(
    before: list[str], after: list[str]
) -> None:
    body = page(*before, POST, *after)
    found = choose_baseline(URL, "", POST, read_text(body, "text/html"))
    assert decide_state(found, make_fetched(page(*after, POST, *before))).state is PostState.PRESENT


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([200, 404, 403, 500, 302]))
def test_any_answer_gets_a_state(body: bytes, status: int) -> None:
    assert decide_state(BASELINE, make_fetched(body, status=status)).state in PostState


HOSTILE = [
    b"<input " * 30_000,
    b"<div class=comment " + b"comment " * 30_000,
    b"class=" * 30_000,
    b"<![CDATA[" * 30_000,
    b"<q " * 30_000,
    b"-\n" * 60_000,
    b"\n" * 200_000,
    ("“" * 30_000 + POST).encode(),
    b"<blockquote>" * 10_000 + POST.encode(),
    (f"<blockquote>{POST}</blockquote>" * 1_000).encode(),
    b"..." + b"a" * 150_000 + b"!",
    b'{"a":"' + b"<q>" * 30_000 + POST.encode() + b'"}',
    page(*BEFORE, "<img src=a.png>" * 20_000, *AFTER),
    page(*BEFORE, "<div id=a class=b>" * 5_000, *AFTER),
    page(*BEFORE, "<script>" + "\\u00" * 60_000, *AFTER),
    page(*BEFORE, "<script>" + "\\" * 200_000, *AFTER),
    page(*BEFORE, "<script>" + "\\u{" * 60_000, *AFTER),
    page(*BEFORE, "&amp;" * 60_000 + "<" * 60_000, *AFTER),
    (f"<p>{BEFORE[-1]}</p>" * 3_000 + f"<p>Quite other words stand here</p><p>{AFTER[0]}</p>").encode(),
]


@pytest.mark.parametrize("media", ["text/html", "text/plain", "application/json", "application/rss+xml"])
@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_a_page_made_to_stall_the_reader_is_decided_like_any_other(at: int, media: str) -> None:
    answer = make_fetched(HOSTILE[at], headers=(("Content-Type", media),))
    seen = decide_state(BASELINE, answer, LIST, make_fetched(b"", status=404))
    assert seen.state not in (PostState.GONE, PostState.PROBABLY_GONE)
