"""The page of one mention over a real night's records: its reasons, its words opened on purpose, and what a person says it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from desk.frame_words import FRAME_WORDS
from desk.mention_words import MENTION_WORDS
from desk.standard_reasons import find_reason
from flows.corrections import CorrectionAsked, take_correction
from flows.desk_mentions import HomeMentions
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Label, Role
from tests.desk.held import held
from tests.desk.signed_in import Running, csrf_in, serving, sign_in
from tests.desk.test_matrix import Forms
from tests.flows.swept import write_swept_home
from warehouse.connection import Warehouse
from warehouse.decisions import list_decisions
from warehouse.need_to_know import may_know
from warehouse.reading import MentionFilter, MentionRow, list_mentions

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)


def acts_of(home: Home) -> HomeMentions:
    return HomeMentions(home, SchoolNow(home, *read_school(home)), lambda: MORNING)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("mention") / "home")
    write_swept_home(home.folder, NIGHT)
    records = HomeRecords(home, SchoolNow(home, *read_school(home)))
    with serving(records, home, clock=lambda: MORNING, mentions=acts_of(home)) as running:
        yield running


def stored(desk: Running) -> tuple[MentionRow, ...]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return list_mentions(reading, MentionFilter())


def unsure(desk: Running) -> MentionRow:
    return next(r for r in stored(desk) if r.needs_person and not r.incident and not r.is_sealed and r.text)


def looks(desk: Running, id_: str) -> list[tuple[str, str, str]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return [
            (row[0], row[1], row[2])
            for row in reading.rows(
                "SELECT verb, actor, role FROM audit WHERE object_id = ? AND verb IN ('words_opened', 'corrected') ORDER BY seq",
                [id_],
            )
        ]


def post(client: httpx.Client, path: str, **fields: str | list[str]) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_in(client.get("/account").text), **fields})


def correction(row: MentionRow, **more: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "label": "concern", "reason": "ordinary criticism of parking", "as_role": "dsl",
        "revision": str(row.revision), "seen": "0", **more,
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_mention_says_why_it_is_here_and_when_it_goes(desk: Running, lang: str) -> None:
    """Protocol 5, point 13: why flagged, who saw it, clause, delete date, challenge this."""
    row = unsure(desk)
    with sign_in(desk, DeskRole.DSL, lang=lang) as client:
        answer = client.get(f"/mentions/{row.id}")
    page = answer.text
    assert answer.status_code == 200 and len(answer.content) < 100_000 and not desk.crashes
    for section in ("why", "words", "challenge", "looks"):
        assert f'<h2 id="{section}">' in page
    at = int(lang == "cy")
    for key in ("delete_on", "judged", "asks_person", "scope", "revisions", "words_covered"):
        assert MENTION_WORDS[key][at] in page.replace("&#39;", "'")
    title = page.split("<title>")[1].split("</title>")[0]
    assert row.title[:20] not in title or not row.title
    assert row.text[:30] not in page and "<blockquote" not in page and row.url not in page


def test_opening_the_words_is_noted_and_they_are_in_that_answer_only(desk: Running) -> None:
    """Protocol 5, point 6."""
    row = unsure(desk)
    before = looks(desk, row.id)
    with sign_in(desk, DeskRole.DSL) as client:
        answer = post(client, f"/mentions/{row.id}/words")
        again = client.get(f"/mentions/{row.id}").text
        assert client.get(f"/mentions/{row.id}/words").headers["location"] == f"/mentions/{row.id}"
    assert answer.status_code == 200 and "<blockquote" in answer.text and row.url in answer.text
    assert answer.headers["cache-control"] == "no-store" and "<blockquote" not in again
    new = looks(desk, row.id)[len(before) :]
    assert len(new) == 1 and new[0][0] == "words_opened" and new[0][2] == "dsl"
    assert "The words were opened" in again


def test_a_reviewer_opens_words_under_an_id_of_their_own(desk: Running) -> None:
    row = unsure(desk)
    with sign_in(desk, DeskRole.REVIEWER) as client:
        answer = post(client, f"/mentions/{row.id}/words")
        assert answer.status_code == 200 and "<blockquote" in answer.text
    verb, actor, role = looks(desk, row.id)[-1]
    assert (verb, role) == ("words_opened", "reviewer") and re.fullmatch(r"[0-9a-f]{16}", actor)


def test_without_the_token_nothing_is_opened(desk: Running) -> None:
    row = unsure(desk)
    before = looks(desk, row.id)
    with sign_in(desk, DeskRole.DSL) as client:
        assert client.post(f"/mentions/{row.id}/words", data={"csrf": "none"}).status_code == 403
        assert client.post(f"/mentions/{row.id}/correct", data=correction(row)).status_code == 403
    assert looks(desk, row.id) == before


@pytest.mark.parametrize(
    "role", [DeskRole.HEAD, DeskRole.OFFICE, DeskRole.REVIEWER, DeskRole.ADMIN, DeskRole.ANALYST]
)
def test_what_may_not_be_known_is_not_there_and_leaves_no_row(desk: Running, role: DeskRole) -> None:
    """L31: neither page nor words nor correction; the same bytes as for an id that never was."""
    from flows.need_to_know import read_sight
    from mentionwatch.accounts import Viewer

    school, pack = read_school(desk.home)
    viewer = Viewer("a1", "", frozenset({role}), "en")
    with Warehouse(desk.home.folder).live_reader() as reading:
        sight = read_sight(reading, viewer, school, pack)
        barred = [
            row for row in list_mentions(reading, MentionFilter()) if not may_know(reading, sight, row.id)
        ]
    if role in (DeskRole.ADMIN, DeskRole.ANALYST):
        assert len(barred) == len(stored(desk))
    with sign_in(desk, role) as client:
        for row in barred[:3]:
            before = looks(desk, row.id)
            here, never = client.get(f"/mentions/{row.id}"), client.get("/mentions/m000")
            assert here.status_code == never.status_code == 404
            assert len(here.content) == len(never.content)
            assert post(client, f"/mentions/{row.id}/words").status_code == 404
            assert (
                post(client, f"/mentions/{row.id}/correct", **correction(row, as_role="head")).status_code
                == 404
            )
            assert looks(desk, row.id) == before


def test_lists_and_incident_cover_behind_that_button(desk: Running) -> None:
    """No word of a flagged post is in a list: each has a button of its own, reached by keyboard, and a name of its own."""
    rows = [row for row in stored(desk) if row.incident or row.needs_person]
    with sign_in(desk, DeskRole.DSL) as client:
        listing, incident = client.get("/mentions").text, client.get("/incidents/2026-0001").text
    for page in (listing, incident):
        assert "<blockquote" not in page and re.search(r'action="/mentions/[^"]+/words#words"', page)
        assert [row.id for row in rows if row.text and row.text[:40] in page] == []


def test_a_correction_is_taken_down_refused_and_overtaken(desk: Running) -> None:
    """Protocol 5, points 4 and 13; ASVS 2.3.4: of two people one wins, and the other is told."""
    row = [r for r in stored(desk) if r.needs_person and not r.incident and not r.is_sealed][1]
    path = f"/mentions/{row.id}/correct"
    with sign_in(desk, DeskRole.DSL, DeskRole.SLT, lang="cy") as client:
        empty = post(client, path, **correction(row, label="", reason="x", as_role=""))
        assert empty.status_code == 422
        assert MENTION_WORDS["need_label"][1] in empty.text.replace("&#39;", "'")
        for field in ("label", "reason", "as_role"):
            assert f'href="#{field}"' in empty.text and f'id="{field}' in empty.text
        assert post(client, path, **correction(row, as_role="head")).status_code == 422
        unfit = post(client, path, **correction(row, label="neutral", route="police"))
        assert unfit.status_code == 422 and 'href="#label"' in unfit.text and "--route" not in unfit.text
        unasked = post(client, path, **correction(row, label="concern", route="safeguarding"))
        assert unasked.status_code == 422, "a label asks nobody: the step on the concern's page does"
        assert post(client, path, **correction(row, harms="nothing")).status_code == 400
        secret = post(client, path, **correction(row, reason="password: hunter2-Aberglaslyn"))
        assert secret.status_code == 422 and "cyfrinair" in secret.text
        edited = post(client, path, **correction(row, revision="7"))
        assert edited.status_code == 422 and "Golygwyd" in edited.text
        assert [look for look in looks(desk, row.id) if look[0] == "corrected"] == []

        _, pack = read_school(desk.home)
        asked = CorrectionAsked(row.id, Label.NEUTRAL, Role.HEAD, "only a notice of the fair")
        take_correction(desk.home, asked, "somebody", MORNING, pack.version)
        late = post(client, path, **correction(row, reason="beirniadaeth gyffredin"))
        assert late.status_code == 409 and "pennaeth" in late.text and "beirniadaeth gyffredin" in late.text
        assert 'name="seen" value="1"' in late.text

        done = post(client, path, **correction(row, seen="1", as_role="slt"))
        assert done.status_code == 303
        assert done.headers["location"] == f"/mentions/{row.id}?said=taken_down"
        assert MENTION_WORDS["taken_down"][1] in client.get(done.headers["location"]).text
    with Warehouse(desk.home.folder).live_reader() as reading:
        told = list_decisions(reading, row.id)
    assert [one.decision.label for one in told] == [Label.NEUTRAL, Label.CONCERN]
    assert told[-1].decision.role is Role.SLT and re.fullmatch(r"[0-9a-f]{16}", told[-1].decision.actor)


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_short_reason_says_what_it_is_and_why_and_nothing_has_to_be_typed(desk: Running, lang: str) -> None:
    """Stored as it is shown, in the language of whoever chose it; beside another label or a typed reason it is asked about."""
    row = [r for r in stored(desk) if not r.incident and not r.is_sealed and not r.needs_person][lang == "cy"]
    path, asks = f"/mentions/{row.id}/correct", find_reason("concern_asks")
    assert asks is not None
    plain = correction(row, label="", reason="", because="concern_asks")
    with sign_in(desk, DeskRole.DSL, lang=lang) as client:
        for wrong, field in (({"label": "neutral"}, "label"), ({"reason": "a long queue"}, "reason")):
            told = post(client, path, **{**plain, **wrong})
            assert told.status_code == 422 and f'href="#{field}"' in told.text
            assert 'value="concern_asks" checked' in told.text
        assert post(client, path, **{**plain, "because": "nothing"}).status_code == 400
        assert post(client, path, **{**plain, "because": ""}).status_code == 422
        # Twice: a form sent again is recorded once.
        assert [post(client, path, **plain).status_code for _ in range(2)] == [303, 303]
    with Warehouse(desk.home.folder).live_reader() as reading:
        [one] = list_decisions(reading, row.id)
    assert (one.decision.label, one.decision.reason) == (Label.CONCERN, asks.text(lang))


def test_while_the_night_writes_nothing_is_shown_and_nothing_typed_is_lost(desk: Running) -> None:
    """Nothing is recorded, everything typed is in the answer, and sending that answer's form is all it takes."""
    row = [r for r in stored(desk) if r.needs_person and not r.incident and not r.is_sealed][3]
    before, why = looks(desk, row.id), 'only "a notice" <b>of & the fair</b>'
    path, fields = f"/mentions/{row.id}", correction(row, label="neutral", reason=why)
    with (
        sign_in(desk, DeskRole.DSL) as client,
        sign_in(desk, DeskRole.DSL, lang="cy") as welsh,
        ThreadPoolExecutor() as pool,
    ):
        asked = [(client, "words", {}), (client, "correct", fields), (welsh, "correct", fields)]
        told = [csrf_in(who.get("/account").text) for who, _, _ in asked]
        with held(desk.home.folder):
            answers = pool.map(
                lambda one: one[0][0].post(
                    f"{path}/{one[0][1]}", data={"csrf": one[1], **one[0][2]}, timeout=300
                ),
                list(zip(asked, told, strict=True)),
            )
            words, busy, busy_cy = list(answers)
        assert {words.status_code, busy.status_code, busy_cy.status_code} == {503}
        assert "<blockquote" not in words.text and "<b>of" not in busy.text
        assert looks(desk, row.id) == before
        assert FRAME_WORDS["kept_here"][0] in busy.text
        assert FRAME_WORDS["kept_here"][1] in busy_cy.text.replace("&#39;", "'")
        for page in (busy, busy_cy):
            [again] = [sent for action, sent in Forms(page.text).forms if action == f"{path}/correct"]
            assert again["reason"] == why and again["label"] == "neutral"
        assert client.post(f"{path}/correct", data={**again, "csrf": told[0]}).status_code == 303
    assert len(looks(desk, row.id)) == len(before) + 1


def test_a_concern_nobody_took_up_leads_to_its_steps(desk: Running) -> None:
    row = next(r for r in stored(desk) if r.label is Label.CONCERN and not r.incident)
    with sign_in(desk, DeskRole.DSL) as client:
        assert f'href="/incidents/{row.id}"' in client.get(f"/mentions/{row.id}").text
        assert client.get(f"/incidents/{row.id}").status_code == 200


def test_every_word_is_there_in_both_languages() -> None:
    for english, welsh in MENTION_WORDS.values():
        assert english and welsh and english != welsh
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", welsh))


def test_a_stopped_image_has_no_words_to_open(desk: Running, tmp_path: Path) -> None:
    sealed = [row for row in stored(desk) if row.is_sealed]
    with sign_in(desk, DeskRole.DSL) as client:
        for row in sealed:
            assert post(client, f"/mentions/{row.id}/words").status_code == 404
            assert f'action="/mentions/{row.id}/words' not in client.get("/mentions").text


def test_a_reviewer_is_offered_the_form_and_corrects_a_label(desk: Running) -> None:
    """Issue 6, point 3: whom the school has named for correcting labels is shown how, and the office beside them is not."""
    row = [r for r in stored(desk) if r.needs_person and not r.incident and not r.is_sealed][2]
    path = f"/mentions/{row.id}/correct"
    with sign_in(desk, DeskRole.OFFICE) as client:
        assert f'action="{path}"' not in client.get(f"/mentions/{row.id}").text
        assert post(client, path, **correction(row, as_role="operator")).status_code == 404
    with sign_in(desk, DeskRole.REVIEWER) as client:
        assert f'action="{path}"' in client.get(f"/mentions/{row.id}").text
        assert post(client, path, **correction(row, as_role="head")).status_code == 422
        assert post(client, path, **correction(row, as_role="operator")).status_code == 303
    with Warehouse(desk.home.folder).live_reader() as reading:
        [one] = list_decisions(reading, row.id)
    assert (one.decision.label, one.decision.role) == (Label.CONCERN, Role.OPERATOR)
    assert re.fullmatch(r"[0-9a-f]{16}", one.decision.actor)
