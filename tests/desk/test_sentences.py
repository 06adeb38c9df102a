"""A sentence instead of typing: recorded as if typed, never chosen beforehand, never together with other words, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.sentence_words import REASON, SENTENCES
from desk.sentences import OWN, list_sentences, read_sentence
from desk.step_form import GRAVE, LEAST_REASON
from flows.desk_steps import HomeSteps
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from incidents.facts import FactKind
from incidents.transitions import BY_NAME, TRANSITIONS
from mentionwatch.accounts import DeskRole
from tests.desk.signed_in import Running, serving, sign_in
from tests.desk.test_incident_steps import GRAVE as AT_RISK
from tests.desk.test_incident_steps import NIGHT, NOON, OTHER, PLAIN, POLICE, take
from tests.flows.plain import sweep_plainly
from town.home import write_home
from town.server import Town
from warehouse.connection import Warehouse
from warehouse.incident_steps import IncidentEventRow, incident_events

TICK = "fact_conflict_checked"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("sentences") / "home")
    with Town(NIGHT) as made:
        write_home(home.folder, made.base)
        sweep_plainly(home.folder, NIGHT)
    now = SchoolNow(home, *read_school(home))
    steps, records = HomeSteps(home, now, lambda: NOON), HomeRecords(home, now, lambda: NOON)
    with serving(records, home, clock=lambda: NOON, steps=steps) as running:
        yield running


def events(desk: Running, id_: str) -> tuple[IncidentEventRow, ...]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return incident_events(reading, id_)


def test_every_sentence_has_two_languages_a_field_that_takes_it_and_no_guard_against_it() -> None:
    """T10: what makes the police proportionate is a sentence of twenty letters at least; a grave step has none to choose from."""
    texts = {
        (row.event.value, fact.key) for row in TRANSITIONS for fact in row.facts if fact.kind is FactKind.TEXT
    }
    for (event, key), known in SENTENCES.items():
        assert len(known) > 1 and OWN not in known
        if key == REASON:
            assert BY_NAME[event].event not in GRAVE and BY_NAME[event].needs == ""
        elif event:
            assert (event, key) in texts
        else:
            assert key in {fact for _, fact in texts}
        for english, welsh in known.values():
            least = 20 if key == "proportionate" else LEAST_REASON
            assert least <= min(len(english), len(welsh)) and english != welsh
            assert english[0].isupper() and welsh[0].isupper() and not {".", "{"} & {english[-1], welsh[-1]}
            assert len(english.split()) <= 7, "short enough to be chosen at a glance"


@given(
    st.sampled_from(("fair", "no_harm", OWN, "", "nothing", "Fair comment, no abuse")), st.text(max_size=9)
)
def test_what_is_recorded_is_a_sentence_that_stood_there_or_what_was_typed(chosen: str, typed: str) -> None:
    offered = list_sentences("no_case", REASON, "en")
    said = read_sentence(offered, chosen, typed)
    assert said.text == dict(offered).get(chosen, typed)
    assert said.is_both == (chosen in dict(offered) and typed not in ("", said.text))


def test_a_chosen_sentence_is_recorded_as_a_typed_reason_is(desk: Running) -> None:
    """L24: the reason stands in the log word for word, in the language of whoever chose it."""
    with sign_in(desk, DeskRole.HEAD, lang="cy") as client:
        page = client.get(f"/incidents/{PLAIN}/steps/hand_over").text
        assert "Mae angen penderfyniad" in page and "Eich geiriau eich hun" in page
        assert not re.search(r'name="\w+_said"[^>]* checked', page), "nothing is chosen beforehand"
        done = take(
            client, PLAIN, "hand_over", reason="", reason_said="to_decide", fact_conflict_checked="yes"
        )
        assert done.status_code == 303
    assert events(desk, PLAIN)[-1].reason == "Mae angen penderfyniad"


@pytest.mark.parametrize(
    ("lang", "both", "neither"),
    [
        ("en", "A sentence is chosen and something else is written", "or choose a sentence"),
        ("cy", "Mae brawddeg wedi&#39;i dewis a rhywbeth arall", "neu dewiswch frawddeg"),
    ],
)
def test_both_or_neither_is_said_in_the_summary_and_nothing_is_recorded(
    desk: Running, lang: str, both: str, neither: str
) -> None:
    before = events(desk, OTHER)
    with sign_in(desk, DeskRole.DEPUTY, lang=lang) as client:
        for told, said in (
            (both, {"reason_said": "fair", "reason": "written as well"}),
            (neither, {"reason_said": "", "reason": ""}),
            (neither, {"reason_said": OWN, "reason": ""}),
            (neither, {"reason_said": "no sentence of ours", "reason": ""}),
        ):
            answer = take(client, OTHER, "no_case", **said, **{TICK: "yes"})
            summary = answer.text.split('class="problems"')[1].split("</div>")[0]
            assert answer.status_code == 422 and told in summary and 'href="#reason_said"' in summary
            assert 'type="radio" id="reason_said"' in answer.text
            assert said["reason"] in answer.text
            kept = said["reason_said"] in ("fair", OWN)
            assert bool(re.search(rf'value="{said["reason_said"] or "-"}" checked', answer.text)) == kept
        short = take(client, OTHER, "no_case", reason="x", reason_said=OWN, **{TICK: "yes"})
        assert short.status_code == 422 and 'href="#reason"' in short.text
        stolen = take(
            client,
            OTHER,
            "safeguarding",
            fact_told_said="telephone",
            fact_told="the head",
            reason_said="says",
            reason="",
        )
        assert stolen.status_code == 422 and 'href="#fact_told_said"' in stolen.text
    assert events(desk, OTHER) == before


def test_a_fact_takes_a_sentence_and_own_words_need_no_radio(desk: Running) -> None:
    with sign_in(desk, DeskRole.DSL) as client:
        done = take(
            client, AT_RISK, "safeguarding", fact_safeguarding_kind="other", fact_told_said="in_person",
            reason="heard at the gate", reason_said="",
        )  # fmt: skip
        assert done.status_code == 303, done.text
    last = events(desk, AT_RISK)[-1]
    assert last.reason == "heard at the gate"
    assert '"told": "Safeguarding lead, in person, just now"' in last.details


def test_what_makes_the_police_proportionate_is_asked_once_where_the_offence_is_named(desk: Running) -> None:
    """T10, L25: recorded as the fact and, with the offence, as the reason; another offence is still named in a reason of its own."""
    path = f"/incidents/{POLICE}/steps/police"
    with sign_in(desk, DeskRole.HEAD) as client:
        for query, asks in (
            ("", True),
            ("?offence=other", True),
            ("?offence=threatening_communications", False),
        ):
            assert ('name="reason"' in client.get(path + query).text) == asks
        facts = {
            TICK: "yes", "fact_effect": "staff", "fact_harm": "threat", "fact_informant": "school",
            "fact_connection_said": "names", "fact_involved_said": "alone", "reason": "",
        }  # fmt: skip
        ticks = re.findall(
            r'name="fact_tick" value="([^"]+)"', client.get(f"{path}?offence=threatening_communications").text
        )
        other = take(
            client, POLICE, "police", fact_offence="other", fact_proportionate_said="safety", **facts
        )
        assert other.status_code == 422 and 'href="#reason"' in other.text
        named = "police?offence=threatening_communications"
        offence: dict[str, str | list[str]] = {
            "fact_offence": "threatening_communications",
            "fact_tick": ticks,
        }
        none = take(client, POLICE, named, **offence, **facts)
        assert (
            none.status_code == 422
            and 'href="#fact_proportionate_said"' in none.text
            and 'href="#reason"' not in none.text
        )
        done = take(client, POLICE, named, fact_proportionate_said="safety", **offence, **facts)
        assert done.status_code == 303, done.text
    last = events(desk, POLICE)[-1]
    assert last.event == "police"
    assert last.reason == "A threat of death or serious harm: Somebody's safety is at risk"
    assert '"proportionate": "Somebody\'s safety is at risk"' in last.details
    assert '"involved": "The decider alone, no agency"' in last.details


def test_what_was_said_before_is_typed_anew_and_its_mistake_leads_to_its_field(desk: Running) -> None:
    """From the internal route to the police (T10): the form tells what it knows, and each mistake leads to a field (WCAG 3.3.1)."""
    with sign_in(desk, DeskRole.HEAD) as client:
        limbs = {
            "fact_effect": "staff",
            "fact_harm": "harassment",
            "fact_involved_said": "leaders",
            "fact_connection_said": "names",
        }
        done = take(client, PLAIN, "internal", fact_author="parent", reason="", reason_said="talk", **limbs)
        assert done.status_code == 303, done.text
        form = client.get(f"/incidents/{PLAIN}/steps/police").text
        assert 'name="fact_connection"' in form and "fact_connection_said" not in form
        assert "Said before: It names the school." in form and "Said before: staff." in form
        # The choice of a form that was made before somebody else said it is not strange: it is only no answer any more.
        answer = take(client, PLAIN, "police", fact_connection="x", fact_connection_said="names", reason="")
    assert answer.status_code == 422
    led = re.findall(r'href="#([\w-]+)"', answer.text.split('class="problems"')[1].split("</div>")[0])
    assert "fact_connection" in led and "fact_proportionate_said" in led
    assert [each for each in led if f'id="{each}"' not in answer.text] == []
