"""Words that hurt stay covered in every list and for everybody, until two people have said that they do not (ADR 0039)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.render import render_text
from desk.words import WORDS
from flows.digest import read_digest
from flows.home import Home, read_school
from mentionwatch.accounts import DeskRole, Right, Viewer
from mentionwatch.covering import AGREED, Said, calls_grave, stays_covered
from mentionwatch.labels import Label, Route
from tests.desk.matrix_home import serving_whole
from tests.desk.matrix_rule import POSTS
from tests.desk.signed_in import Running, csrf_in, sign_in
from tests.flows.swept import write_shadow_home
from warehouse.connection import Warehouse
from warehouse.reading import MentionFilter, MentionRow, list_mentions

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)
LEAST = 30
HEAD, DEPUTY, SLT, DSL, REVIEWER = (
    DeskRole.HEAD, DeskRole.DEPUTY, DeskRole.SLT, DeskRole.DSL, DeskRole.REVIEWER,
)  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """After the first of two first nights: what is inappropriate is in no incident, which would cover it for good."""
    home = Home(tmp_path_factory.mktemp("stays") / "home")
    write_shadow_home(home.folder, NIGHT)
    return home


@pytest.fixture
def desk(template: Home, tmp_path: Path) -> Iterator[Running]:
    home = Home(Path(shutil.copytree(template.folder, tmp_path / "home")))
    with serving_whole(home, lambda: MORNING) as running:
        yield running
        assert running.crashes == []


def rows(desk: Running) -> dict[str, MentionRow]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        about = {id_ for (id_,) in reading.rows("SELECT mention_id FROM subjects")}
        found = list_mentions(reading, MentionFilter())
    others = {
        row.id: "\n".join(f"{one.title}\n{one.text}" for one in found if one.id != row.id) for row in found
    }
    return {
        row.id: row
        for row in found
        if not (row.incident or row.is_sealed or row.id in about)
        and len(row.text) > LEAST
        and words_of(row) not in others[row.id]
    }


def words_of(row: MentionRow) -> str:
    """Where a page holds these, it has shown this post: a comment's title is its thread's."""
    return row.text.strip()[:LEAST]


def threats(desk: Running) -> list[MentionRow]:
    """What the software called inappropriate and nobody has judged: of whom it speaks is nobody of the school."""
    found = [
        row for row in rows(desk).values() if row.machine_label is Label.INAPPROPRIATE and not row.is_decided
    ]
    return sorted(found, key=lambda row: row.id)


def shown_in_lists(desk: Running, row: MentionRow, lang: str = "en") -> set[str]:
    """Each list of each role in which words of this post stand for whoever opens the page."""
    found, row = set[str](), rows(desk)[row.id]
    for role in POSTS:
        with sign_in(desk, role, lang=lang) as client:
            for path in (
                "/", "/mentions", f"/mentions?label={row.label.value}", "/good-news", "/mentions/several",
                f"/digest/{NIGHT.date()}", f"/mentions?id={row.id}", f"/mentions/{row.id}",
            ):  # fmt: skip
                page = unescape(client.get(path).text)
                if words_of(row) in page:
                    found.add(f"{role.value} {path}")
    return found


def correct(client: httpx.Client, id_: str, label: str, reason: str) -> None:
    page = client.get(f"/mentions/{id_}").text
    fields = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen", "revision", "shown")
    }
    role = page.split('name="as_role" value="')[1].split('"')[0]
    answer = client.post(
        f"/mentions/{id_}/correct",
        data={"csrf": csrf_in(page), "label": label, "reason": reason, "as_role": role, **fields},
    )
    assert answer.status_code == 303, answer.text[-2000:]


@pytest.mark.parametrize("label", ["neutral", "concern", "positive"])
def test_one_person_who_calls_a_threat_harmless_uncovers_it_for_nobody(desk: Running, label: str) -> None:
    """Issue 6, point 4: per item and per reader; the label is theirs to change, the cover is not theirs alone."""
    row = threats(desk)[0]
    assert shown_in_lists(desk, row) == set()
    with sign_in(desk, DEPUTY) as deputy, sign_in(desk, DSL) as second:
        correct(deputy, row.id, label, "it is an old joke of the town")
        assert rows(desk)[row.id].label is Label(label), "the correction itself counts at once"
        assert shown_in_lists(desk, row) == set()
        # Said again by the same person, in other words: still one.
        correct(deputy, row.id, label, "I have read it once more")
        assert shown_in_lists(desk, row) == set()
        for at, lang in enumerate(("en", "cy")):
            with sign_in(desk, HEAD, lang=lang) as head:
                for path in (f"/mentions/{row.id}", f"/mentions?id={row.id}"):
                    page = unescape(head.get(path).text)
                    assert WORDS["second_says"][at] in page and WORDS["show_words"][at] in page, path
                opened = head.post(f"/mentions/{row.id}/words", data={"csrf": csrf_in(page)})
                assert words_of(row) in unescape(opened.text), "whoever opens it on purpose reads it"
        assert shown_in_lists(desk, row) == set(), "opened once is not uncovered"

        correct(second, row.id, label, "we talked about it, and I agree")
        found = shown_in_lists(desk, row)
        assert {f"head /mentions?id={row.id}", f"office /mentions?label={label}", "deputy /mentions"} <= found
        assert WORDS["second_says"][0] not in unescape(second.get(f"/mentions/{row.id}").text)

        # Somebody takes it up again: what was agreed before counts no more, and one is not enough again.
        correct(second, row.id, "inappropriate", "the family has telephoned")
        assert shown_in_lists(desk, row) == set()
        correct(second, row.id, label, "the family has telephoned again")
        assert shown_in_lists(desk, row) == set()


def test_a_person_alone_covers_and_does_not_alone_uncover_what_the_software_found_harmless(
    desk: Running,
) -> None:
    calm = next(
        row
        for row in rows(desk).values()
        if row.machine_label is Label.NEUTRAL and not row.stays_covered and not row.needs_person and row.text
    )
    assert shown_in_lists(desk, calm)
    with sign_in(desk, REVIEWER) as reviewer, sign_in(desk, SLT) as other:
        correct(reviewer, calm.id, "inappropriate", "it means a child of year four")
        assert shown_in_lists(desk, calm) == set()
        correct(reviewer, calm.id, "neutral", "no, it means the dog")
        assert shown_in_lists(desk, calm) == set()
        correct(other, calm.id, "neutral", "it is about the dog")
        assert shown_in_lists(desk, calm)


def test_the_digest_as_a_file_and_in_the_terminal_keeps_it_covered_too(desk: Running) -> None:
    row = threats(desk)[0]
    with sign_in(desk, DEPUTY) as deputy:
        correct(deputy, row.id, "concern", "it is only rude about parking")
    home = Home(desk.home.folder)
    found = read_digest(
        home, *read_school(home), NIGHT.date(), "en", Viewer("a1", "", frozenset({HEAD}), "en")
    )
    [line] = [one for one in found.mentions if one.id == row.id]
    assert line.label is Label.CONCERN and line.stays_covered and line.waits_for_second
    text = " ".join(render_text(found, "en").split())
    assert words_of(row) not in text and WORDS["second_says"][0] in text


def test_what_was_only_unsure_one_person_answers(desk: Running) -> None:
    """No second person is asked for where nothing grave was found: the list would fill with what hurts nobody."""
    unsure = next(
        (
            row
            for row in rows(desk).values()
            if row.needs_person and not row.is_decided and not row.stays_covered
        ),
        None,
    )
    assert unsure is not None, "the town has a post of which the software is only unsure"
    with sign_in(desk, DEPUTY) as deputy:
        correct(deputy, unsure.id, "concern", "a parent is worried about the bus")
    assert shown_in_lists(desk, unsure)


def test_who_sees_no_posts_learns_nothing_of_the_cover(desk: Running) -> None:
    for role in DeskRole:
        viewer = Viewer("a1", "", frozenset({role}), "en")
        if not viewer.has(Right.MENTIONS):
            with sign_in(desk, role) as client:
                assert client.get("/mentions").status_code == 404


PEOPLE = st.sampled_from(["anna", "bryn", "carys"])
WORDS_OF = st.builds(
    Said,
    PEOPLE,
    st.sampled_from(list(Label)),
    st.sampled_from([None, Route.NONE, Route.COMPLAINT, Route.POLICE]),
)


def slow_rule(is_found_grave: bool, said: Sequence[Said]) -> bool:
    """One word after another, as somebody with a pencil would keep it."""
    covered, calm = is_found_grave, set[str]()
    for one in said:
        if one.label is Label.INAPPROPRIATE or one.route in (Route.POLICE, Route.SAFEGUARDING):
            covered, calm = True, set()
        else:
            calm.add(one.actor)
        if len(calm) >= AGREED:
            covered = False
    return covered


@given(st.booleans(), st.lists(WORDS_OF, max_size=8))
def test_the_cover_follows_the_gravest_word_until_two_people_since_agree(
    is_found_grave: bool, said: list[Said]
) -> None:
    assert stays_covered(is_found_grave, said) == slow_rule(is_found_grave, said)


@given(st.lists(st.builds(Said, st.just("anna"), st.sampled_from(list(Label))), max_size=8))
def test_whatever_one_person_alone_says_and_however_often_the_cover_never_goes(said: list[Said]) -> None:
    assert stays_covered(True, said)


def test_what_model_and_rules_may_have_found_counts_and_what_they_are_unsure_of_does_not() -> None:
    ask = ": a person should look"
    for why in ("may be a threat", "may be a matter for the police", "uses a slur against a group of people"):
        assert calls_grave(Label.NEUTRAL, Route.NONE, [f"{why}{ask}"])
    for why in (f"may go beyond criticism{ask}", "the classifier is unsure", "“late” speaks for concern"):
        assert not calls_grave(Label.CONCERN, Route.COMPLAINT, [why])
    assert calls_grave(Label.INAPPROPRIATE, Route.INTERNAL, [])
    assert calls_grave(Label.CONCERN, Route.SAFEGUARDING, []) and calls_grave(
        Label.POSITIVE, Route.POLICE, []
    )


def test_a_post_of_an_incident_stays_covered_among_good_news_too(desk: Running) -> None:
    """One rule for every list: what is in an incident is opened there, whatever somebody calls it meanwhile."""
    with sign_in(desk, HEAD) as head, sign_in(desk, DSL) as second:
        shown = unescape(head.get("/mentions?label=neutral").text)
        calm = next(
            row for row in rows(desk).values() if row.label is Label.NEUTRAL and words_of(row) in shown
        )
        path = f"/mentions/{calm.id}/incident"
        page = head.get(path).text
        role = page.split('name="as_role" value="')[1].split('"')[0]
        fields = {"csrf": csrf_in(page), "reason": "it names a child by a nickname", "as_role": role}
        assert head.post(path, data={**fields, "confirm": "yes"}).status_code == 303
        correct(head, calm.id, "positive", "it praises the concert all the same")
        correct(second, calm.id, "positive", "it praises the concert, yes")
        assert words_of(calm) not in unescape(head.get("/mentions?label=positive").text)
        page = unescape(head.get("/good-news").text)
    assert calm.id in page and words_of(calm) not in page
