"""The offences a decider may name when a post goes to the police (T10), and what must be ticked for each.

Ticking is no finding: it makes a person ask the questions the offence turns on. The police and the Crown
Prosecution Service decide. Defamation is not here, because it is no offence.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mentionwatch.errors import Refused
from mentionwatch.law.cards import Words


@dataclass(frozen=True, slots=True)
class Tick:
    """One question the decider confirms before the offence may be named."""

    id: str
    words: Words


@dataclass(frozen=True, slots=True)
class Offence:
    """`card` is the id of its law card; `occasions` how many dated posts must lie in the incident."""

    id: str
    card: str
    ticks: tuple[Tick, ...]
    occasions: int = 1

    def missing(self, ticked: Collection[str], occasions: int, lang: str) -> tuple[str, ...]:
        """What stands in the way, in the reader's language; empty when the offence may be named.

        `ticked` holds ids of ticks, `occasions` counts the dated posts of the incident. Raises `Refused` on a
        tick that is not one of this offence's.
        """
        known = {tick.id for tick in self.ticks}
        if strange := sorted(set(ticked) - known):
            raise Refused(
                f"refused: {strange[0]!r} is no question of {self.id}; they are {', '.join(sorted(known))}"
            )
        open_points = [tick.words.text(lang) for tick in self.ticks if tick.id not in ticked]
        if occasions < self.occasions:
            needed = Words(
                f"There must be at least {self.occasions} dated posts; there are {occasions}.",
                f"Rhaid cael o leiaf {self.occasions} neges â dyddiad; nifer y negeseuon: {occasions}.",
            )
            open_points.append(needed.text(lang))
        return tuple(open_points)


def _tick(name: str, english: str, welsh: str) -> Tick:
    return Tick(name, Words(english, welsh))


_INTENT_TO_HARM = _tick(
    "means_harm",
    "The words show that harm was meant to somebody likely to see them.",
    "Dengys y geiriau y bwriadwyd niwed i rywun sy'n debygol o'u gweld.",
)

OFFENCES: tuple[Offence, ...] = (
    Offence(
        "threatening_communications",
        "threatening_communications",
        (
            _tick(
                "threat",
                "The post threatens death or serious harm.",
                "Mae'r neges yn bygwth lladd neu niwed difrifol.",
            ),
            _tick(
                "fear",
                "Somebody who saw it could fear that it would be carried out.",
                "Gallai rhywun a'i gwelodd ofni y câi'r bygythiad ei gyflawni.",
            ),
        ),
    ),
    Offence(
        "malicious_communications",
        "malicious_communications",
        (
            _tick(
                "content",
                "The post is indecent or grossly offensive, not merely rude or critical.",
                "Mae'r neges yn anweddus neu'n hynod sarhaus, nid yn anghwrtais neu'n feirniadol yn unig.",
            ),
            _tick(
                "purpose",
                "There is reason to think it was sent with the purpose of causing distress or anxiety.",
                "Mae lle i gredu iddi gael ei hanfon at y diben o beri trallod neu bryder.",
            ),
        ),
    ),
    Offence(
        "false_communications",
        "false_communications",
        (
            _tick(
                "known_false",
                "There is reason to think the sender knew the post to be false.",
                "Mae lle i gredu bod yr anfonwr yn gwybod bod y neges yn ffug.",
            ),
            _INTENT_TO_HARM,
        ),
    ),
    Offence(
        "communications_act",
        "communications_act",
        (
            _tick(
                "content",
                "The post is grossly offensive, indecent, obscene or menacing, or one of many sent to pester.",
                "Mae'r neges yn hynod sarhaus, yn anweddus, yn anllad neu'n fygythiol, neu'n un o lawer a anfonwyd i boeni rhywun.",
            ),
            _tick(
                "expression",
                "Freedom of expression has been weighed; the post goes beyond offence, shock or rudeness.",
                "Pwyswyd rhyddid mynegiant; mae'r neges yn mynd y tu hwnt i sarhad, sioc neu anghwrteisi.",
            ),
        ),
    ),
    Offence(
        "harassment",
        "harassment",
        (
            _tick(
                "same_target",
                "The posts are aimed at the same person, or at people closely linked.",
                "Mae'r negeseuon wedi eu hanelu at yr un person, neu at bobl sydd â chysylltiad agos.",
            ),
            _tick(
                "ought_to_know",
                "A reasonable person would think that together they amount to harassment.",
                "Byddai person rhesymol yn ystyried eu bod, gyda'i gilydd, yn gyfystyr ag aflonyddu.",
            ),
        ),
        occasions=2,
    ),
    Offence(
        "hate",
        "hate",
        (
            _tick(
                "hostility",
                "The post shows hostility because of race, religion, disability, sexual orientation or transgender identity.",
                "Mae'r neges yn dangos gelyniaeth ar sail hil, crefydd, anabledd, cyfeiriadedd rhywiol neu hunaniaeth drawsryweddol.",
            ),
        ),
    ),
    Offence(
        "indecent_images",
        "indecent_images",
        (
            _tick(
                "nothing_copied",
                "Nobody has looked further, copied, printed, saved or sent on the image.",
                "Nid oes neb wedi edrych ymhellach ar y ddelwedd, nac wedi ei chopïo, ei hargraffu, ei chadw na'i hanfon ymlaen.",
            ),
            _tick(
                "lead_told",
                "The school's safeguarding lead has been told.",
                "Rhoddwyd gwybod i'r sawl sy'n arwain ar ddiogelu yn yr ysgol.",
            ),
        ),
    ),
    Offence(
        "intimate_images",
        "intimate_images",
        (
            _tick(
                "no_consent",
                "There is reason to think that the person shown did not consent to sharing.",
                "Mae lle i gredu na chydsyniodd y person a ddangosir i'r rhannu.",
            ),
            _tick(
                "nothing_copied",
                "The school has kept no copy.",
                "Nid yw'r ysgol wedi cadw copi.",
            ),
        ),
    ),
    Offence(
        "self_harm",
        "self_harm",
        (
            _tick(
                "encourages",
                "The post is meant to encourage or help somebody to harm themselves seriously.",
                "Bwriad y neges yw annog neu gynorthwyo rhywun i'w niweidio ei hun yn ddifrifol.",
            ),
        ),
    ),
    Offence("flashing_images", "flashing_images", (_INTENT_TO_HARM,)),
    Offence(
        "premises",
        "premises",
        (
            _tick(
                "on_premises",
                "The nuisance or disturbance happened on school premises, not online.",
                "Digwyddodd y niwsans neu'r aflonyddwch ar dir yr ysgol, nid ar-lein.",
            ),
        ),
    ),
)


def find_offence(offence_id: str) -> Offence:
    """The offence of this id. Raises `Refused` listing those there are."""
    for offence in OFFENCES:
        if offence.id == offence_id:
            return offence
    known = ", ".join(offence.id for offence in OFFENCES)
    raise Refused(f"refused: {offence_id!r} is no offence the police route knows; they are {known}")
