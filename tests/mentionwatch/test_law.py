"""The law as dated cards: bilingual, sourced, running out to the day, and never repeating a policy's error."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.errors import ConfigError, Refused
from mentionwatch.law import (
    LEGAL_ERRORS,
    OFFENCES,
    CardUse,
    Certainty,
    LawBook,
    LawCard,
    Nation,
    find_legal_errors,
    find_offence,
    parse_law,
)
from mentionwatch.tables import Table

FILES = sorted(path.name for path in files("mentionwatch.law_cards").iterdir() if path.name.endswith(".toml"))
READ_ON = date(2026, 11, 21)
NEEDED = """
    defamation who_may_sue malicious_communications false_communications threatening_communications
    communications_act harassment hate premises indecent_images intimate_images data_protection dp_complaints
    human_rights whistleblowing kcsie keeping_learners_safe complaints_england complaints_wales posh
    report_harmful_content ceop report_remove stopncii
""".split()


def raw(name: str) -> dict[str, Any]:
    return tomllib.loads(files("mentionwatch.law_cards").joinpath(name).read_text("utf-8"))


BOOK = LawBook(tuple(card for name in FILES for card in parse_law(Table(name, raw(name)))))
CARDS = pytest.mark.parametrize("card", BOOK.cards, ids=[card.id for card in BOOK.cards])


def says(error_id: str) -> str:
    return next(error.says for error in LEGAL_ERRORS if error.id == error_id)


def one_card(**changes: object) -> dict[str, Any]:
    """A file of one good card, with keys changed; None takes a key out."""
    card: dict[str, Any] = raw("speech.toml")["card"][0] | changes
    return {"card": [{key: value for key, value in card.items() if value is not None}]}


# The cards


def test_every_topic_of_the_reference_has_its_card() -> None:
    assert set(NEEDED) <= {card.id for card in BOOK.cards}


@CARDS
def test_every_card_is_bilingual_dated_and_sourced(card: LawCard) -> None:
    """L34: the law explained at a meeting and in a letter comes from these cards, in either language."""
    assert card.text.english != card.text.welsh and card.text.text("cy") == card.text.welsh
    assert card.title.text("en") and card.title.text("cy")
    for lang in ("en", "cy"):
        assert card.text.text(lang).endswith(".") and card.cite(lang)
    assert card.checked_on == READ_ON < card.valid_until <= date(2027, 5, 21)
    assert card.nations and card.use


@CARDS
def test_a_card_we_are_unsure_of_is_in_no_letter_and_runs_out_sooner(card: LawCard) -> None:
    for nation in Nation:
        in_letters = card in BOOK.for_document("letter", nation)
        assert not (in_letters and card.certainty is not Certainty.HIGH)
    if card.certainty is Certainty.LOW:
        assert card.valid_until <= date(2027, 2, 21)


@CARDS
def test_no_card_repeats_a_legal_error(card: LawCard) -> None:
    """D15: no statement of the policies that is wrong in law may print, in either language."""
    for lang in ("en", "cy"):
        assert find_legal_errors(card.text.text(lang)) == ()
        assert find_legal_errors(card.title.text(lang)) == ()


def test_the_defamation_card_says_a_person_may_claim_and_that_it_is_no_crime() -> None:
    """D15, L34: defamation is civil; a person may bring a claim; nothing says that the school will."""
    card = BOOK.find("defamation")
    assert "not a crime" in card.text.english and "nid yw'n drosedd" in card.text.welsh
    assert "A person who has been harmed" in card.text.english
    assert "Caiff person" in card.text.welsh
    assert "school" not in card.text.english and "ysgol" not in card.text.welsh
    assert CardUse.POLICE_TEST not in card.use


def test_the_1988_act_is_told_as_it_stands_since_2024() -> None:
    """D15: purpose, not result; no limb for threats or false information."""
    card = BOOK.find("malicious_communications")
    assert "with the purpose of causing distress or anxiety" in card.text.english
    assert "no longer deals with threats or with false information" in card.text.english
    assert "at y diben o beri trallod neu bryder" in card.text.welsh


def test_guidance_of_one_nation_is_never_shown_in_the_other() -> None:
    england = {card.id for card in BOOK.for_document("staff", "england")}
    wales = {card.id for card in BOOK.for_document("staff", "wales")}
    assert england - wales == {"kcsie", "complaints_england"}
    assert wales - england == {"keeping_learners_safe", "complaints_wales"}


def test_a_card_kept_back_is_printed_nowhere() -> None:
    assert BOOK.find("crime_and_policing_act").use == (CardUse.NONE,)
    shown = {card.id for use in CardUse for nation in Nation for card in BOOK.for_document(use, nation)}
    assert shown == {card.id for card in BOOK.cards} - {"crime_and_policing_act"}


@pytest.mark.parametrize(("use", "nation"), [("letter", "scotland"), ("poster", "wales")])
def test_an_unknown_use_or_nation_is_refused_instead_of_meaning_no_law(use: str, nation: str) -> None:
    with pytest.raises(Refused, match="no law cards for use"):
        BOOK.for_document(use, nation)


def test_an_unknown_card_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused, match="did you mean defamation"):
        BOOK.find("defamations")


# Running out


@given(st.integers(-400, 400))
def test_a_stale_card_is_found_to_the_day(days: int) -> None:
    """L34: only law that is current may be explained."""
    for card in BOOK.cards:
        on = card.valid_until + timedelta(days=days)
        assert (card in BOOK.stale(on)) == (days > 0)


def test_a_stale_card_is_refused_with_its_date_and_the_mend() -> None:
    BOOK.check_current(["defamation", "harassment"], date(2027, 5, 21))
    with pytest.raises(Refused) as refused:
        BOOK.check_current(["defamation", "harassment"], date(2027, 5, 22))
    said = str(refused.value)
    assert "law card defamation" in said and "2027-05-21" in said
    assert "a person checks it on the official page and writes the new date" in said


def test_nothing_is_stale_on_the_day_the_cards_were_read() -> None:
    assert BOOK.stale(READ_ON) == ()


def test_the_version_changes_with_any_word_and_not_with_the_order() -> None:
    assert LawBook(BOOK.cards[::-1]).version == BOOK.version and len(BOOK.version) == 12
    first = BOOK.find("defamation")
    rest = [card for card in BOOK.cards if card is not first]
    for changed in (
        dataclasses.replace(first, text=dataclasses.replace(first.text, welsh=first.text.welsh + " Ie.")),
        dataclasses.replace(first, valid_until=first.valid_until + timedelta(days=1)),
        dataclasses.replace(first, sources=first.sources[:1]),
        dataclasses.replace(first, use=(CardUse.STAFF,)),
    ):
        assert LawBook((changed, *rest)).version != BOOK.version


# Refusing a bad file


@pytest.mark.parametrize(
    ("changes", "key", "mend"),
    [
        ({"checked_on": None}, "card[1].checked_on", "Add checked_on"),
        ({"valid_until": None}, "card[1].valid_until", "Add valid_until"),
        ({"nations": ["scotland"]}, "card[1].nations", "england, wales"),
        ({"nations": []}, "card[1].nations", "england, wales"),
        ({"certainty": "sure"}, "card[1].certainty", "high, medium, low"),
        ({"use": ["poster"]}, "card[1].use", "letter"),
        ({"use": ["none", "staff"]}, "card[1].use", "alone"),
        ({"certainty": "medium"}, "card[1].use", "confirmed"),
        ({"text_cy": None}, "card[1].text_cy", "Add text_cy"),
        ({"title_cy": " "}, "card[1].title_cy", "Add title_cy"),
        ({"sources_en": []}, "card[1].sources_en", "Add sources_en"),
        ({"text_cy": ["Un.", "Dau."]}, "card[1].text_cy", "both languages"),
        ({"text_en": ["One."], "text_cy": ["Un."]}, "card[1].text_en", "two to five"),
        ({"valid_until": date(2027, 12, 1)}, "card[1].valid_until", "earlier date"),
        ({"valid_until": READ_ON}, "card[1].valid_until", "earlier date"),
        ({"sourcess": "x"}, "card[1].sourcess", "Did you mean"),
    ],
)
def test_a_wrong_card_is_refused_with_file_key_and_mend(
    changes: dict[str, object], key: str, mend: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_law(Table("law.toml", one_card(**changes)))
    assert refused.value.file == "law.toml" and refused.value.key == key
    assert mend in refused.value.mend


def test_a_card_that_repeats_a_legal_error_does_not_load() -> None:
    """D15: a school that edits a card cannot bring the error back."""
    changes: dict[str, object] = {"text_en": ["Defamation is a criminal offence.", "Take it down."]}
    changes["text_cy"] = ["Mater sifil yw difenwi.", "Tynnwch ef i lawr."]
    with pytest.raises(ConfigError, match="repeats a legal error: defamation is called a crime"):
        parse_law(Table("law.toml", one_card(**changes)))


def test_an_empty_file_and_two_cards_of_one_id_are_refused() -> None:
    with pytest.raises(ConfigError, match="there is none"):
        parse_law(Table("law.toml", {}))
    with pytest.raises(ConfigError, match="two cards of this id"):
        LawBook((BOOK.cards[0], BOOK.cards[0]))


# The offences of the police route


def test_every_offence_has_a_card_the_police_test_may_print_and_bilingual_questions() -> None:
    """T10: the offence is ticked question by question, against the law as it stands."""
    for nation in Nation:
        printable = {card.id for card in BOOK.for_document("police_test", nation)}
        assert {offence.card for offence in OFFENCES} == printable
    for offence in OFFENCES:
        assert offence.ticks and find_offence(offence.id) is offence
        assert len({tick.id for tick in offence.ticks}) == len(offence.ticks)
        for tick in offence.ticks:
            assert tick.words.english.endswith(".") and tick.words.welsh.endswith(".")
            assert tick.words.english != tick.words.welsh
            assert find_legal_errors(tick.words.english + " " + tick.words.welsh) == ()


def test_defamation_is_no_choice_of_the_police_route() -> None:
    """D15: it is no offence, so the decider cannot name it to the police."""
    assert not any("defam" in offence.id or "defam" in offence.card for offence in OFFENCES)
    with pytest.raises(Refused, match="'defamation' is no offence"):
        find_offence("defamation")


@pytest.mark.parametrize(("occasions", "blocked"), [(0, True), (1, True), (2, False), (5, False)])
def test_harassment_needs_two_dated_posts_however_much_is_ticked(occasions: int, blocked: bool) -> None:
    """D15: one post is not a course of conduct."""
    harassment = find_offence("harassment")
    ticked = {tick.id for tick in harassment.ticks}
    assert bool(harassment.missing(ticked, occasions, "en")) == blocked
    assert bool(harassment.missing(ticked, occasions, "cy")) == blocked


@pytest.mark.parametrize("offence", OFFENCES, ids=[offence.id for offence in OFFENCES])
def test_an_offence_may_be_named_only_when_every_question_is_ticked(offence: Any) -> None:
    ids = [tick.id for tick in offence.ticks]
    assert offence.missing(ids, 2, "en") == ()
    for left_out in offence.ticks:
        ticked = [name for name in ids if name != left_out.id]
        assert offence.missing(ticked, 2, "en") == (left_out.words.english,)
        assert offence.missing(ticked, 2, "cy") == (left_out.words.welsh,)
    with pytest.raises(Refused, match="is no question of"):
        offence.missing(["angry"], 2, "en")


# The statements that never print

WRONG = [
    ("defamation_is_a_crime", "Defamation is a criminal offence."),
    (
        "defamation_is_a_crime",
        "An individual commits an offence by publishing defamatory statements about staff.",
    ),
    ("defamation_is_a_crime", "You may be guilty of libel."),
    (
        "defamation_is_a_crime",
        "Section 1 of the Defamation Act 2013: it is an offence to publish such a statement.",
    ),
    ("defamation_is_a_crime", "Please do not post defamatory remarks, as this is a crime."),
    ("defamation_is_a_crime", "Defamation is not only a civil wrong but a crime."),
    ("defamation_is_a_crime", "Defamation is not acceptable and is against the law."),
    ("defamation_is_a_crime", "What you wrote is slander. This is an offence."),
    (
        "defamation_is_a_crime",
        "Anybody who seriously harms the reputation of the school is guilty of an offence.",
    ),
    ("defamation_is_a_crime", "There is no doubt that defamation is illegal."),
    ("defamation_is_a_crime", "People have been arrested for libel."),
    ("any_remark_is_defamation", "Any derogatory remark about the school is defamation."),
    ("any_remark_is_defamation", "Comments that are negative are regarded as defamatory."),
    ("any_remark_is_defamation", "Every critical post amounts to libel."),
    ("derogatory_is_enough", "For libel, all that is required is a comment that is derogatory."),
    ("derogatory_is_enough", "Defamation means any unkind remark."),
    ("derogatory_is_enough", "It is defamatory once it is derogatory and seen by one person."),
    ("libel_act_1843", "See also the Libel Act 1843."),
    ("data_protection_act_1998", "Records are protected by the Data Protection Act 1998."),
    ("data_protection_act_1998", "We comply with the DPA 1998."),
    ("old_limbs_of_1988_act", "The Malicious Communications Act 1988 forbids threats."),
    (
        "old_limbs_of_1988_act",
        "Malicious Communications Act 1988: a message that is indecent, grossly offensive, a threat or false.",
    ),
    (
        "old_limbs_of_1988_act",
        "It is an offence to send what is indecent, grossly offensive or known to be false.",
    ),
    ("distress_as_result", "The Malicious Communications Act 1988 applies when a message causes distress."),
    ("wrong_year_of_1988_act", "The Malicious Communications Act 1998 applies."),
    ("school_will_sue", "The school will sue for defamation."),
    ("school_will_sue", "If not, the school will sue you."),
    ("school_will_sue", "If you do not take it down, the school will sue you."),
    ("school_will_sue", "If you do not take it down the school will sue you."),
    ("school_will_sue", "If it is not removed we will take legal action."),
    ("school_will_sue", "Unless the post is removed, we will take legal action."),
    ("school_will_sue", "The governors may bring a claim for libel against you."),
    ("school_will_sue", "The governing body reserves the right to sue."),
    ("school_will_sue", "Our academy trust is considering legal proceedings for defamation."),
    ("legal_action_against_you", "Legal action may be taken against you for defamation."),
    ("legal_action_against_you", "Legal action will be taken by the school."),
    ("any_remark_is_defamation", "Anything derogatory is defamation."),
    ("defamation_is_a_crime", "You could go to prison for defamation."),
    ("defamation_is_a_crime", "Mae difenwi'n drosedd."),
    ("defamation_is_a_crime", "Trosedd yw difenwi."),
    ("defamation_is_a_crime", "Peidiwch â phostio sylwadau difenwol, gan fod hynny'n drosedd."),
    ("defamation_is_a_crime", "Mae unigolyn sy'n difenwi rhywun yn euog o dramgwydd."),
    ("defamation_is_a_crime", "Nid yw enllib yn dderbyniol ac mae yn erbyn y gyfraith."),
    ("defamation_is_a_crime", "Mae achosi niwed difrifol i enw da ysgol yn anghyfreithlon."),
    ("defamation_is_a_crime", "Enllib yw hyn. Mae hynny'n drosedd."),
    ("any_remark_is_defamation", "Mae unrhyw sylw difrïol am yr ysgol yn ddifenwol."),
    ("any_remark_is_defamation", "Mae pob neges feirniadol yn gyfystyr â difenwi."),
    ("derogatory_is_enough", "Er mwyn bod yn ddifenwol, y cyfan sydd ei angen yw sylw difrïol."),
    ("libel_act_1843", "Gweler Deddf Enllib 1843."),
    ("data_protection_act_1998", "Gwarchodir y data gan Ddeddf Diogelu Data 1998."),
    ("old_limbs_of_1988_act", "Mae Deddf Cyfathrebiadau Maleisus 1988 yn gwahardd bygythiadau."),
    ("old_limbs_of_1988_act", "O dan Ddeddf Cyfathrebu Maleisus 1988 mae anfon gwybodaeth ffug yn drosedd."),
    ("distress_as_result", "Mae Deddf Cyfathrebiadau Maleisus 1988 yn gymwys os yw neges yn peri trallod."),
    ("wrong_year_of_1988_act", "Deddf Cyfathrebiadau Maleisus 1998"),
    ("school_will_sue", "Os nad ydych yn ei dynnu i lawr bydd yr ysgol yn eich siwio."),
    ("school_will_sue", "Os na wnewch hynny, bydd yr ysgol yn eich siwio."),
    ("school_will_sue", "Bydd yr ysgol yn siwio am ddifenwi."),
    ("school_will_sue", "Byddwn yn cymryd camau cyfreithiol yn eich erbyn."),
    ("school_will_sue", "Gall y corff llywodraethu ddwyn achos difenwi."),
    ("school_will_sue", "Mae'r ysgol yn ystyried dwyn hawliad am ddifenwi."),
    ("school_will_sue", "Gall yr ysgol fynd â chi i'r llys."),
    ("legal_action_against_you", "Bydd camau cyfreithiol yn cael eu cymryd gan yr ysgol."),
    ("legal_action_against_you", "Gellir cymryd camau cyfreithiol yn eich erbyn."),
]

RIGHT = [
    "Defamation is a civil matter. It is not a crime.",
    "Defamation is not a crime, and the school does not sue.",
    "It is not true that defamation is a crime.",
    "Neither libel nor slander is a criminal offence.",
    "It is not an offence to defame somebody.",
    "Defamation is a matter for the courts rather than a crime.",
    "Criminal libel was abolished in January 2010.",
    "Defamation is a civil matter. It is an offence to send a threat to kill.",
    "The police may consider an offence of harassment; defamation is for the civil courts.",
    "A critical comment may be defamatory if it causes serious harm to a reputation.",
    "A derogatory remark is not in itself defamatory.",
    "Please do not post content that is offensive, defamatory or discriminatory.",
    "Parents should not post comments that are offensive or defamatory.",
    "The Data Protection Act 1998 was repealed on 25 May 2018.",
    "The Data Protection Act 2018 applies.",
    "The Malicious Communications Act 1988 no longer covers threats.",
    "Threats fall under section 181 of the Online Safety Act 2023, not the Malicious Communications Act 1988.",
    "Under the Malicious Communications Act 1988 the purpose must be to cause distress.",
    "A person may sue for defamation in their own name.",
    "The school does not take legal action over posts; a person who is harmed may.",
    "The school says that a member of staff may take legal action.",
    "If not, the school will not sue you: it cannot.",
    "If it is not taken down, the school cannot take legal action; only the person it harms may.",
    "Os na chaiff ei dynnu i lawr, ni fydd yr ysgol yn siwio.",
    "Neither the school nor the council can sue.",
    "We ask you to remove the post by 6 pm. If you have a complaint, the school will hear it.",
    "No legal action will be taken against you by the school.",
    "This is not a threat of legal action by the school.",
    "Nid bygythiad o gamau cyfreithiol gan yr ysgol yw hwn.",
    "The member of staff may take legal action in their own name.",
    "Threatening somebody is a crime. Defamation is not.",
    "Sue Jones is the chair of governors of the school.",
    "The school welcomes criticism, and it is no offence to criticise us.",
    "Nid yw difenwi'n drosedd.",
    "Mater sifil yw difenwi, nid trosedd.",
    "Nid yw enllib nac athrod yn drosedd.",
    "Nid yw sylw difrïol ynddo'i hun yn ddifenwol.",
    "Peidiwch â phostio sylwadau sarhaus neu ddifenwol.",
    "Gallai sylw beirniadol fod yn ddifenwol pe bai'n achosi niwed difrifol i enw da.",
    "Diddymwyd Deddf Diogelu Data 1998 ar 25 Mai 2018.",
    "Nid yw Deddf Cyfathrebiadau Maleisus 1988 bellach yn ymdrin â bygythiadau.",
    "Ni fydd yr ysgol yn siwio neb.",
    "Caiff unigolyn ddwyn hawliad am ddifenwi yn ei enw ei hun.",
    "Mae difenwi yn fater sifil; mae'n drosedd anfon bygythiad i ladd.",
    "Nid yw'r ysgol yn cymryd camau cyfreithiol ynghylch negeseuon.",
]


@pytest.mark.parametrize(("error_id", "text"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_statement_is_found_in_both_languages(error_id: str, text: str) -> None:
    """D15: each way of repeating the policies' errors is found, and named."""
    assert says(error_id) in find_legal_errors(text)


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_statement_is_left_alone(text: str) -> None:
    """D15: what is right in law stays printable, or nobody would keep the guard."""
    assert find_legal_errors(text) == ()


def test_every_error_has_a_wrong_statement_in_this_test() -> None:
    assert {error.id for error in LEGAL_ERRORS} == {error_id for error_id, _ in WRONG}


_DISGUISES: list[Callable[[str], str]] = [
    str.upper,
    lambda text: text.replace(" ", "\n"),
    lambda text: text.replace("'", "’").replace(" ", "  "),
    lambda text: text.replace("ï", "ï").replace(" ", "\u00a0"),
    lambda text: text[:3] + "\u00ad" + text[3:],
]


@given(
    st.sampled_from(WRONG),
    st.sampled_from(BOOK.cards),
    st.sampled_from(_DISGUISES),
    st.sampled_from(("en", "cy")),
)
def test_a_wrong_statement_is_found_inside_a_right_text_however_it_is_set(
    wrong: tuple[str, str], card: LawCard, disguise: Callable[[str], str], lang: str
) -> None:
    """D15: letters mix cards with a person's own words; line breaks, case and quotes hide nothing."""
    error_id, text = wrong
    right = card.text.text(lang)
    assert says(error_id) in find_legal_errors(f"{right}\n\n{disguise(text)}\n\n{right}")


@pytest.mark.parametrize("words", [1, 70, 150, 180, 400])
def test_a_wrong_statement_is_found_in_a_text_without_full_stops(words: int) -> None:
    """D15: a person who types without stops is read as well."""
    filler = "and then we went home " * words
    for error_id, text in WRONG:
        if ". " not in text:
            assert says(error_id) in find_legal_errors(f"{filler}and {text.rstrip('.')} and {filler}")


@given(st.text(max_size=400))
def test_any_text_is_judged_without_failing(text: str) -> None:
    assert set(find_legal_errors(text)) <= {error.says for error in LEGAL_ERRORS}
