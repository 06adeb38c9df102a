"""One spelling per post, and never one spelling for two posts."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentionwatch.urls import canonical_url, origin

WORDS = st.text("abcXYZ019-_.~é ŵ%/?#&=+;:@!", max_size=12)
HOSTS = st.sampled_from(
    ["example.org", "EXAMPLE.org", "bücher.de", "[2001:db8::1]", "192.0.2.1", "xn--bcher-kva.de", "a.b.cymru"]
)
URLS = st.builds(
    lambda scheme, user, host, port, path, query, fragment: (
        f"{scheme}://{user}{host}{port}/{path}{query}{fragment}"
    ),
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["", "me@", "me:secret@"]),
    HOSTS,
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    WORDS,
    WORDS.map(lambda text: f"?{text}" if text else ""),
    WORDS.map(lambda text: f"#{text}" if text else ""),
)


@settings(max_examples=400)
@given(URLS)
@example("http://x.org/%")
@example("http://x.org/%zz%ff")
@example("http://x.org/#!/a/%2F3")
def test_doing_it_twice_changes_nothing(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@settings(max_examples=300)
@given(st.text(max_size=60) | st.text("htps:/[]@#?%.\ud800\u202e\x00 ", max_size=30).map("http://".__add__))
@example("http://x.org/\ud800")
@example("https://[::1")
@example("http://x.org:99999/")
@example("http://é" + "é" * 80 + ".org/")
def test_any_text_at_all_is_answered_and_twice_the_same(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once
    origin(text)


SLUG = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_~", min_size=1, max_size=8)
POSTS = st.tuples(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["example.org", "example.com", "www.example.org"]),
    st.sampled_from(["", ":8080", ":8081"]),
    st.lists(SLUG, max_size=3).map(tuple),
    st.dictionaries(st.sampled_from(["id", "p", "story_fbid", "v"]), SLUG, max_size=2).map(
        lambda found: tuple(sorted(found.items()))
    ),
    st.sampled_from(["", "#comment-1", "#comment-2", "#p77", "#!/a/1"]),
)


def spell(post: tuple[str, str, str, tuple[str, ...], tuple[tuple[str, str], ...], str]) -> str:
    scheme, host, port, path, query, fragment = post
    asked = "&".join(f"{name}={value}" for name, value in query)
    return f"{scheme}://{host}{port}/{'/'.join(path)}{'?' if asked else ''}{asked}{fragment}"


@settings(max_examples=400)
@given(POSTS, POSTS)
def test_two_posts_never_become_one(first: tuple, second: tuple) -> None:  # type: ignore[type-arg]
    assert (canonical_url(spell(first)) == canonical_url(spell(second))) is (first == second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://x.org/a%2Fb", "http://x.org/a/b"),
        ("http://x.org/p#comment-1", "http://x.org/p#comment-2"),
        ("http://x.org/p#comment-1", "http://x.org/p"),
        ("http://x.org/a%3Fid=1", "http://x.org/a?id=1"),
        ("http://x.org/a%2523", "http://x.org/a%23"),
        ("http://x.org/A", "http://x.org/a"),
        ("http://x.org/?a=%26b=1", "http://x.org/?a=&b=1"),
        ("http://x.org/", "https://x.org/"),
        ("http://x.org:8080/", "http://x.org/"),
        ("http://x.org:443/", "http://x.org/"),
        ("http://x.org/?v=1&v=2", "http://x.org/?v=2&v=1"),
        ("http://a.org/", "http://b.org/"),
    ],
)
def test_examples_that_must_stay_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:443/a/", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://me:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1#comments", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a#:~:text=words", "https://example.org/a"),
        ("https://bücher.de/é", "https://xn--bcher-kva.de/%C3%A9"),
        ("https://BÜCHER.de/%c3%a9", "https://xn--bcher-kva.de/%C3%A9"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("https://example.org/%7Eme", "https://example.org/~me"),
        ("  https://example.org/a \n", "https://example.org/a"),
        ("whatsapp-group", "whatsapp-group"),
        ("mailto:a@b.org", "mailto:a@b.org"),
    ],
)
def test_examples_of_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


TRACKERS = [
    "fbclid",
    "gclid",
    "utm_source",
    "UTM_Campaign",
    "igshid",
    "mc_cid",
    "ref_src",
    "%75tm_x",
    "msclkid",
]


@given(POSTS, st.lists(st.sampled_from(TRACKERS), min_size=1, max_size=3), st.randoms())
def test_trackers_are_taken_out_wherever_they_stand(post: tuple, trackers: list[str], dice: object) -> None:  # type: ignore[type-arg]
    bare = spell(post)
    address, _, fragment = bare.partition("#")
    page, _, query = address.partition("?")
    parts = [part for part in query.split("&") if part] + [f"{name}=Zz9" for name in trackers]
    dice.shuffle(parts)  # type: ignore[attr-defined]
    tracked = f"{page}?{'&'.join(parts)}{'#' if fragment else ''}{fragment}"
    assert canonical_url(tracked) == canonical_url(bare)


def test_a_name_that_only_begins_like_a_tracker_is_kept() -> None:
    assert parse_qsl(urlsplit(canonical_url("https://x.org/?utm=1&fbclid2=a&ref=b")).query) == [
        ("fbclid2", "a"),
        ("ref", "b"),
        ("utm", "1"),
    ]


def test_a_secret_of_a_sign_in_is_in_no_stored_spelling() -> None:
    assert "secret" not in canonical_url("https://me:secret@example.org:8443/a?b#c1")
    assert "secret" not in origin("https://me:secret@example.org:8443/a")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://Example.org/a", "https://example.org:443"),
        ("http://[::1]:81/", "http://[::1]:81"),
        ("http://x.org:0/", "http://x.org:80"),
        ("ftp://x.org/", ""),
        ("http://", ""),
        ("http://x:y/", ""),
        ("nonsense", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port_or_nothing(url: str, wanted: str) -> None:
    assert origin(url) == wanted


@pytest.mark.parametrize("part", ["/", "%", "1", "#1", "&a=1", "?", "é", "#!"])
def test_a_very_long_address_takes_no_more_than_linear_time(part: str) -> None:
    before = time.process_time()
    canonical_url("https://x.org/a#" + part * 50_000 + "x")
    canonical_url("https://x.org/" + part * 50_000)
    assert time.process_time() - before < 5
