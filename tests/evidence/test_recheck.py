"""Is the cited passage still there? "Gone" only on strong grounds; never by a site's wording (L42)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.recheck import Baseline, PostState, choose_baseline, decide_state, normalise
from evidence.text import read_text
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


def look(body: bytes, **more: object) -> PostState:
    return decide_state(BASELINE, make_fetched(body, **more)).state


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


def test_a_redirect_to_the_front_page_is_unknown() -> None:
    body = page(*BEFORE, *AFTER)
    assert look(body, url_final="https://example.org/") is PostState.UNKNOWN


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
    seen = decide_state(BASELINE, make_fetched(b"", status=status))
    assert seen.state is state and seen.http_status == status


@pytest.mark.parametrize("control", [Fault(FaultKind.TIMEOUT, "x"), make_fetched(b"", status=404)])
def test_404_while_the_whole_site_is_unwell_is_no_deletion(control: object) -> None:
    seen = decide_state(BASELINE, make_fetched(b"", status=404), control)  # type: ignore[arg-type]
    assert seen.state is PostState.UNKNOWN
    well = decide_state(BASELINE, make_fetched(b"", status=404), make_fetched())
    assert well.state is PostState.GONE


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


LINES = st.lists(
    st.text("abcdefgh ", min_size=16, max_size=40).filter(lambda line: len(line.split()) > 1),
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(LINES, LINES)
def test_a_page_that_still_holds_the_passage_is_never_called_gone(
    before: list[str], after: list[str]
) -> None:
    body = page(*before, POST, *after)
    found = choose_baseline(URL, "", POST, read_text(body, "text/html"))
    assert decide_state(found, make_fetched(page(*after, POST, *before))).state is PostState.PRESENT


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([200, 404, 403, 500, 302]))
def test_any_answer_gets_a_state(body: bytes, status: int) -> None:
    assert decide_state(BASELINE, make_fetched(body, status=status)).state in PostState
