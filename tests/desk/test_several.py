"""One page on which a person says of several posts what they are: each a correction of its own, words covered, nothing chosen for them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import TYPE_CHECKING

import pytest

from desk.refused import NOT_A_JUDGE
from desk.several_words import SEVERAL_WORDS
from desk.standard_reasons import find_reason
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label, Role
from tests.desk.several_desk import PATH, asked, form_in, named, problems_in, said_of_it, say_no_more, verbs
from tests.desk.several_desk import desk as desk
from tests.desk.several_desk import swept as swept
from tests.desk.signed_in import Running, csrf_in, sign_in

if TYPE_CHECKING:
    pass


def test_the_page_has_the_start_pages_posts_in_its_order_and_none_is_chosen_for(desk: Running) -> None:
    """Same list, same order; nothing the system suggests is chosen beforehand; one click leads there."""
    with sign_in(desk, DeskRole.HEAD) as client:
        start, page = client.get("/").text, client.get(PATH)
    on_start = list(dict.fromkeys(re.findall(r'href="/mentions/(\w+)\?from=start#challenge"', start)))
    shown = [value for name, value in form_in(page.text).items() if name.startswith("id")]
    assert shown == [one.line.id for one in asked(desk)] == on_start and len(shown) >= 6
    assert start.count(f'href="{PATH}"') == 1
    assert {value for name, value in form_in(page.text).items() if name.startswith("what")} == {""}
    assert len(page.content) < 100_000 and "<script" not in page.text


def test_words_are_in_no_answer_but_the_one_that_opens_them_and_each_opening_is_noted_once(
    desk: Running,
) -> None:
    """Protocol 5, point 6: covered until opened, one at a time; opening another post notes nothing of the first again."""
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        assert not [one for one in asked(desk) if one.line.text[:40] in unescape(page)]
        once = client.post(
            f"{PATH}/words", data=named({**form_in(page), "csrf": csrf_in(page), "open": first.line.id})
        )
        twice = client.post(
            f"{PATH}/words", data=named({**form_in(once.text), "csrf": csrf_in(page), "open": second.line.id})
        )
        again = client.get(PATH).text
        back = client.get(f"{PATH}/words")
    assert (once.status_code, twice.status_code) == (200, 200) and once.headers["cache-control"] == "no-store"
    assert first.line.text[:40] in unescape(once.text) and first.line.text[:40] not in unescape(twice.text)
    assert second.line.text[:40] in unescape(twice.text) and second.line.text[:40] not in unescape(once.text)
    assert second.line.text[:40] not in unescape(again)
    assert back.headers["location"] == PATH
    assert verbs(desk, "words_opened") == [first.line.id, second.line.id]


def test_what_is_chosen_and_typed_survives_an_opening_and_nothing_of_it_is_recorded(desk: Running) -> None:
    third = asked(desk)[2].line.id
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        chosen = {
            "what1": "concern_run",
            "what2": "own_neutral",
            "own2": 'only "a notice" <b>of & the fair</b>',
            "what4": "aside",
        }
        opened = client.post(
            f"{PATH}/words", data=named({**form_in(page), **chosen, "csrf": csrf_in(page), "open": third})
        ).text
    kept = form_in(opened)
    assert {name: kept[name] for name in chosen} == chosen and kept["what3"] == ""
    assert "<b>of" not in opened and verbs(desk, "corrected") == []


def test_nothing_chosen_records_nothing(desk: Running) -> None:
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        answer = client.post(PATH, data=named({**form_in(page), "csrf": csrf_in(page)}))
        none = client.post(PATH, data=named({"as_role": "head", "csrf": csrf_in(page)}))
    assert answer.status_code == none.status_code == 422
    assert problems_in(answer.text) == problems_in(none.text) == [SEVERAL_WORDS["several_nothing"][0]]
    assert 'href="#what1"' in answer.text and verbs(desk, "corrected") == []


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_each_choice_is_stored_as_a_typed_reason_is_and_the_rest_is_left(desk: Running, lang: str) -> None:
    """The sentence that was shown is the reason, in the language it was chosen in; each post has its row and its audit row."""
    posts = asked(desk)
    with sign_in(desk, DeskRole.HEAD, lang=lang) as client:
        page = client.get(PATH).text
        sent = {
            **form_in(page),
            "what1": "concern_run",
            "what2": "neutral_tells",
            "what3": "own_positive",
            "own3": "they thank the cooks",
            "csrf": csrf_in(page),
        }
        answer = client.post(PATH, data=named(sent))
        assert (answer.status_code, answer.headers["location"]) == (303, "/?said=several_done")
        assert SEVERAL_WORDS["several_done"][lang == "cy"] in client.get(answer.headers["location"]).text
    run, tells = find_reason("concern_run"), find_reason("neutral_tells")
    assert run and tells
    for post, label, reason in (
        (posts[0], Label.CONCERN, run.text(lang)),
        (posts[1], Label.NEUTRAL, tells.text(lang)),
        (posts[2], Label.POSITIVE, "they thank the cooks"),
    ):
        [one] = said_of_it(desk, post.line.id)
        assert (one.decision.label, one.decision.reason, one.decision.role) == (label, reason, Role.HEAD)
        assert (one.decision.revision, one.decision.harms, one.decision.route) == (
            post.line.revision,
            (),
            None,
        )
        assert re.fullmatch(r"[0-9a-f]{16}", one.decision.actor)
    assert verbs(desk, "corrected") == [post.line.id for post in posts[:3]]
    assert [one.line.id for one in asked(desk)] == [one.line.id for one in posts[3:]]


def test_of_three_one_is_stale_and_the_other_two_stand(desk: Running) -> None:
    """ASVS 2.3.4: whoever was first counts, the other is told which, by whom and when; what else was chosen is recorded."""
    first, stale, third = asked(desk)[:3]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        say_no_more(desk, stale)
        chosen = {"what1": "neutral_asks", "what2": "neutral_asks", "what3": "neutral_asks"}
        answer = client.post(PATH, data=named({**form_in(page), **chosen, "csrf": csrf_in(page)}))
    [told] = problems_in(answer.text)
    assert (
        answer.status_code == 409 and told.startswith("Post 2: Somebody said what it is") and "deputy" in told
    )
    assert SEVERAL_WORDS["several_recorded"][0].format(n=2) in answer.text
    assert [len(said_of_it(desk, one.line.id)) for one in (first, stale, third)] == [1, 1, 1]
    assert said_of_it(desk, stale.line.id)[0].decision.role is Role.DEPUTY
    left = form_in(answer.text)
    assert "id2" not in left and left["id4"] == asked(desk)[0].line.id, "a post keeps its number"


def test_a_post_that_was_edited_is_not_judged_by_what_it_said_before(desk: Running) -> None:
    """A decision is about what the person read: the choice is taken back, and of the edited words it has to be made."""
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        old = {
            **form_in(page),
            "what1": "neutral_asks",
            "revision1": "7",
            "what2": "neutral_asks",
            "csrf": csrf_in(page),
        }
        opened = client.post(f"{PATH}/words", data=named({**old, "open": second.line.id}))
        answer = client.post(PATH, data=named(old))
    for one, status in ((opened, 200), (answer, 409)):
        assert one.status_code == status
        assert problems_in(one.text) == [f"Post 1: {SEVERAL_WORDS['several_edited'][0]}"]
        again = form_in(one.text)
        assert again["what1"] == "" and again["revision1"] == str(first.line.revision)
    assert said_of_it(desk, first.line.id) == () and len(said_of_it(desk, second.line.id)) == 1


def test_a_form_sent_twice_is_recorded_once_and_nobody_is_said_to_have_been_first(desk: Running) -> None:
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        sent = {**form_in(page), "what1": "neutral_asks", "what2": "concern_run", "csrf": csrf_in(page)}
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda _: client.post(PATH, data=named(sent)), range(2)))
        other = client.post(PATH, data=named({**sent, "what1": "concern_run"}))
    assert [one.headers.get("location") for one in answers] == ["/?said=several_done"] * 2
    assert [len(said_of_it(desk, one.line.id)) for one in (first, second)] == [1, 1]
    assert sorted(verbs(desk, "corrected")) == sorted([first.line.id, second.line.id])
    assert other.status_code == 409, "another choice is not the same form"
    assert said_of_it(desk, first.line.id)[0].decision.label is Label.NEUTRAL


def test_a_post_set_aside_is_not_recorded_and_leads_to_its_own_page(desk: Running) -> None:
    """Possibly inappropriate: the harm is named and an incident opened on the post's own page; until then it goes on asking."""
    first, second = asked(desk)[:2]
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        answer = client.post(
            PATH,
            data=named({**form_in(page), "what1": "aside", "what2": "concern_run", "csrf": csrf_in(page)}),
        )
        assert answer.headers["location"] == f"{PATH}?id={first.line.id}&said=several_done"
        after = client.get(answer.headers["location"]).text
        forged = client.get(f"{PATH}?id={second.line.id}&id=m000").text
    assert unescape(SEVERAL_WORDS["several_to_do"][0]) in unescape(after)
    assert f'href="/mentions/{first.line.id}?from=start#challenge"' in after
    assert said_of_it(desk, first.line.id) == () and asked(desk)[0].line.id == first.line.id
    assert SEVERAL_WORDS["several_to_do"][0][:30] not in forged, "an id that does not ask leads nowhere"


def test_own_words_go_with_a_label_and_are_never_dropped_unsaid(desk: Running) -> None:
    """Too few words, words without a label, words beside a standard reason: each is said at its field, the rest is recorded."""
    posts = asked(desk)
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        chosen = {
            "what1": "own_concern", "own1": "bad", "what2": "", "own2": "a notice of the fair", "what3": "neutral_tells",
            "own3": "a notice too", "what4": "neutral_tells", "what5": "own_concern", "own5": "password: hunter2-Aberglaslyn",
        }  # fmt: skip
        answer = client.post(PATH, data=named({**form_in(page), **chosen, "csrf": csrf_in(page)}))
    assert answer.status_code == 422
    told = problems_in(answer.text)
    assert [one[:7] for one in told] == ["Post 1:", "Post 2:", "Post 3:", "Post 5:"] and "password" in told[3]
    for number in (1, 2, 3, 5):
        assert f'href="#own{number}"' in answer.text
        assert form_in(answer.text)[f"own{number}"] == chosen[f"own{number}"]
    assert [len(said_of_it(desk, one.line.id)) for one in posts[:5]] == [0, 0, 0, 1, 0]


def test_whoever_has_no_such_role_records_nothing(desk: Running) -> None:
    """L31: the office and the chair have no such page; a role that is not theirs is refused once, for all posts."""
    with sign_in(desk, DeskRole.HEAD) as client:
        page = client.get(PATH).text
        sent = {**form_in(page), "what1": "neutral_asks", "what2": "neutral_asks"}
        answer = client.post(PATH, data=named({**sent, "as_role": "deputy", "csrf": csrf_in(page)}))
        unsaid = client.post(PATH, data=named({**sent, "as_role": "", "csrf": csrf_in(page)}))
        assert client.post(PATH, data=named({**sent, "csrf": "none"})).status_code == 403
        assert (
            client.post(
                f"{PATH}/words", data=named({**sent, "open": sent["id1"], "csrf": "none"})
            ).status_code
            == 403
        )
    assert (answer.status_code, problems_in(answer.text)) == (422, [NOT_A_JUDGE[0]])
    assert unsaid.status_code == 422 and 'href="#as_role"' in unsaid.text
    for role in (DeskRole.OFFICE, DeskRole.CHAIR, DeskRole.ANALYST, DeskRole.ADMIN):
        with sign_in(desk, role) as client:
            token = csrf_in(client.get("/account").text)
            assert client.get(PATH).status_code == 404 and f'href="{PATH}"' not in client.get("/").text
            assert client.post(PATH, data=named({**sent, "csrf": token})).status_code == 404
            assert (
                client.post(
                    f"{PATH}/words", data=named({**sent, "open": sent["id1"], "csrf": token})
                ).status_code
                == 404
            )
    assert verbs(desk, "corrected") == verbs(desk, "words_opened") == []


def test_a_reviewer_says_it_as_the_office_they_read_for(desk: Running) -> None:
    """Issue 6, point 3: whom the school has named for correcting labels does so here too."""
    first = asked(desk, Viewer("0", "", frozenset({DeskRole.REVIEWER}), "en"))[0]
    with sign_in(desk, DeskRole.REVIEWER) as client:
        page = client.get(PATH).text
        client.post(PATH, data=named({**form_in(page), "what1": "neutral_asks", "csrf": csrf_in(page)}))
    assert said_of_it(desk, first.line.id)[0].decision.role is Role.OPERATOR


def test_of_two_roles_the_one_chosen_is_kept_through_an_opening_and_recorded(desk: Running) -> None:
    with sign_in(desk, DeskRole.DEPUTY, DeskRole.DSL) as client:
        page = client.get(PATH).text
        first = form_in(page)["id1"]
        sent = {**form_in(page), "as_role": "dsl", "what1": "neutral_asks", "csrf": csrf_in(page)}
        opened = client.post(f"{PATH}/words", data=named({**sent, "open": first})).text
        assert re.search(r'name="as_role" value="dsl" checked', opened)
        client.post(PATH, data=named(sent))
    assert said_of_it(desk, first)[0].decision.role is Role.DSL
