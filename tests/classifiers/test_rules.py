"""Rules raise what is regular to a person; they are not fooled by the plainest look-alikes, and never label."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.rules import RULES, find_hits, points_at_indecent_image
from mentionwatch.labels import Route

THREATS = (
    "I'm going to stab that teacher",
    "someone should shoot him, he deserves to be shot",
    "bring a knife to school and wait for the head",
    "watch your back Mr Pugh",
    "I know where she lives",
    "we'll burn the school down",
    "Dwi'n mynd i ladd y pennaeth",
    "mae o'n haeddu cael ei saethu",
    "Mi fydda i yno efo cyllell fore Llun",
    "Mi dorra i wddw'r brifathrawes",
    "waiting for her at the gate with a hammer",
    "I will come to the school and break his legs",
    "Im bringing a knife tomorrow",
    "tomorrow you are all dead",
    "Someone should come down there and punch that head",
    "one more letter and I'll beat the shit out of him",
    "Rwyf am ladd y pennaeth yfory",
    "dylai rhywun fynd yno a churo'r pennaeth",
    "somebody should smash the caretaker's face in",
    "I'd happily kick that dinner lady's head in",
    "burn down the science block and I will do it",
    "I will kill the caretaker",
    "petrol is cheap and that office is all wood, I'll torch it",
    "mi losga i'r lle i'r llawr",
    "dwi am falu wyneb y gofalwr",
    "Kill the head of Llanfair School.",
    "Kill all teachers",
    "The head of Ysgol Gynradd Llanfair, Bangor should be shot.",
    "that deputy ought to be hanged",
    "Dwi wedi bod yn ymarfer efo'r gwn.",
    "Llosgwch yr ysgol",
    "Lladdwch y pennaeth",
    "the deputy gets what's coming to him",
    "enjoy your last Christmas Mrs Evans",
    "Gobeithio bod chi wedi mwynhau eich Nadolig olaf",
)
DESPAIR = (
    "I want to die and it's that school's fault",
    "she told me she doesn't want to be here any more",
    "my daughter cuts her arms because of them",
    "he says he would be better off dead",
    "Dwi isio marw, bai'r ysgol ydi o.",
    "Dwi'm isio byw dim mwy, does neb yn yr ysgol yn malio.",
    "Rwyf am roi diwedd ar y cyfan heno. Hwyl fawr bawb.",
    "Sa'n well gen i fod wedi marw na mynd nôl i'r ysgol na fory.",
    "Mae 'nhad yn fy nghuro bob nos",
)
NO_DESPAIR = (
    "I'm dying to see the school play",
    "dead proud of our year sixes",
    "we don't want to be here at 8am in the rain",
    "cut my hair for the charity day",
    "mae'r ffa wedi marw yn y gerddi ysgol",
    "better off walking than driving to that gate",
)
LOOK_ALIKES = (
    "I could murder a coffee after that parents' evening",
    "the maths paper killed us",
    "Murder in the staff room: Year 6 stage a whodunnit",
    "shooting hoops at lunchtime, brilliant club",
    "The fire brigade came and showed how to put out a fire",
    "Mae'r plant yn lladd amser cyn y bws",
    "killer heels at prom!",
    "the head will break the news on Friday and then take questions",
    "He broke his leg on the climbing frame",
    "I will come to the fete and bring a cake",
    "kick off your shoes and come to family yoga",
    "I'd love to beat the traffic outside the school",
    "Dwi'n mynd i'r ffair i guro drwm gyda'r plant bach",
    "we will run over to the hall if it rains",
    "smash the school's record at sports day",
    "she smashed it, face painting was a hit",
    "we burn down the hours until half term",
    "torch relay on Friday, bring a torch",
    "mae'r plant am losgi egni ar y cae",
    "kill all the weeds in the school garden",
    "enjoy your last day at school year 6",
    "penalties should be shot from the spot",
    "Llosgwch galorïau gyda ni nos Fawrth",
)


@pytest.mark.parametrize("text", THREATS)
def test_a_plain_threat_is_raised_to_the_police_route(text: str) -> None:
    assert any(hit.rule.route is Route.POLICE for hit in find_hits(text))


@pytest.mark.parametrize("text", DESPAIR)
def test_whoever_speaks_of_dying_or_of_being_hurt_is_raised_to_the_safeguarding_lead(text: str) -> None:
    assert any(hit.rule.route is Route.SAFEGUARDING for hit in find_hits(text))


@pytest.mark.parametrize("text", NO_DESPAIR)
def test_a_figure_of_speech_is_no_despair(text: str) -> None:
    assert not [hit for hit in find_hits(text) if hit.rule.route is Route.SAFEGUARDING]


def test_a_word_of_the_court_elsewhere_does_not_take_a_threat_off_its_route() -> None:
    text = "Court or no court, conviction or not, guidance says calm but I will stab that head teacher on Monday."
    assert not [hit for hit in find_hits(text) if hit.is_reported]
    news = "A man who threatened to stab a teacher was jailed at the crown court on Friday."
    assert all(hit.is_reported for hit in find_hits(news))


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_an_idiom_is_not_taken_for_a_threat(text: str) -> None:
    assert not [hit for hit in find_hits(text) if hit.rule.name == "threat-of-violence"]


@pytest.mark.parametrize(
    "text",
    ("call her on 07700 900123", "his number is 01632 960 456", "+44 7700 900 456 ring any time"),
)
def test_a_telephone_number_is_raised(text: str) -> None:
    assert any(hit.rule.name == "telephone-number" for hit in find_hits(text))


@pytest.mark.parametrize(
    "text", ("in 2026 we had 0 exclusions", "term starts 01/09/2026", "raised £1234 567 people came")
)
def test_dates_and_sums_are_no_telephone_numbers(text: str) -> None:
    assert not any(hit.rule.name == "telephone-number" for hit in find_hits(text))


def test_where_somebody_lives_is_raised_in_both_languages() -> None:
    assert any(
        hit.rule.name == "home-address" for hit in find_hits("he lives at 14 Stryd y Cei, the blue door")
    )
    assert any(
        hit.rule.name == "home-address" for hit in find_hits("she lives at 22 Acacia Road in the village")
    )


@pytest.mark.parametrize(
    "text",
    (
        "got nudes of a year 10 girl, dm me",
        "naked pics of pupils going round the group chat",
        "selling explicit videos of kids from that school",
        "lluniau noeth o ddisgyblion yn cael eu rhannu",
    ),
)
def test_an_offer_of_indecent_images_stops_everything(text: str) -> None:
    """B13, T04."""
    assert points_at_indecent_image(text) is not None


@pytest.mark.parametrize(
    "text",
    (
        "Former teacher jailed for having indecent images of children, the crown court heard",
        "Assembly on sharing nudes: police came to talk to year 9 pupils",
        "The school's policy on indecent images of pupils is on its website",
        "photos of the year 6 pupils at the beach, lovely day",
        "explicit instructions for kids, with pictures",
    ),
)
def test_news_lessons_and_holiday_pictures_do_not_stop_the_capture(text: str) -> None:
    """A wrong stop loses evidence; news of a court case must stay readable."""
    assert points_at_indecent_image(text) is None


def test_news_of_a_court_case_reads_as_reported() -> None:
    hits = find_hits("A man was jailed at Wylan Crown Court for grooming a pupil")
    assert hits and all(hit.is_reported for hit in hits)
    assert not any(hit.is_reported for hit in find_hits("we'll burn the school down"))


@pytest.mark.parametrize(
    "text", ("a" * 200_000, "kill " * 40_000, "lives at 1 " * 20_000, "0" * 100_000, "pics of " * 20_000)
)
def test_hostile_lengths_do_not_stall_the_rules(text: str) -> None:
    """No test of speed: a quadratic pattern would take minutes here."""
    began = time.process_time()
    find_hits(text)
    points_at_indecent_image(text)
    assert time.process_time() - began < 20


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at_and_spans_lie_inside(text: str) -> None:
    for hit in find_hits(text):
        start, end = hit.span or (0, 1)
        assert 0 <= start < end <= len(text)


def test_rule_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_what_may_be_for_the_police_is_never_called_neutral_or_good_news() -> None:
    """Unsure is shown as a concern; the label alone must not send it to the bottom of the digest."""
    from classifiers.decision import Scores, Thresholds, decide
    from mentionwatch.labels import Label, Route

    text = "I am going to stab the headteacher on Friday"
    calm = Scores((0.3, 0.6, 0.08, 0.02), (0.0,) * 7, (0.0, 0.0, 0.0, 0.0, 1.0))
    decision = decide(calm, find_hits(text), "en", Thresholds(0.6, 0.2, 0.5, 0.5, 0.5, 0.5, 0.3))
    assert decision.route is Route.POLICE and decision.needs_person
    assert decision.label is Label.CONCERN
