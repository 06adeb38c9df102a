"""What the desk says of passages of a letter that are worded anew, and of its second reading, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair

PASSAGE_WORDS: dict[str, Pair] = {
    "passages": ("Say passages in other words: {n}", "Dweud darnau mewn geiriau eraill: {n}"),
    "passages_lead": (
        "Here stand the words of the template. Change what should be said otherwise and leave the rest. What was changed is marked for the second reader.",
        "Dyma eiriau'r templed. Newidiwch yr hyn y dylid ei ddweud yn wahanol a gadewch y gweddill. Caiff yr hyn a newidiwyd ei farcio ar gyfer yr ail ddarllenydd.",
    ),
    "passages_care": (
        "Write roles instead of names, nothing of who told the school, and no threat. What the law does not say is refused.",
        "Ysgrifennwch rolau yn lle enwau, dim am bwy a ddywedodd wrth yr ysgol, a dim bygythiad. Gwrthodir yr hyn nad yw'r gyfraith yn ei ddweud.",
    ),
    "passage_begins": ("Passage {n}: {words}", "Darn {n}: {words}"),
    "passage": ("Passage {n}", "Darn {n}"),
    "passage_if": ("Only where this is ticked: {label}", "Dim ond os ticir hyn: {label}"),
    "passage_stands": ("{name} stands for: {what}", "Ystyr {name}: {what}"),
    "one_language": (
        "Where I worded a passage anew in one language only, the other stays as it is",
        "Lle geiriais ddarn o'r newydd mewn un iaith yn unig, mae'r llall yn aros fel y mae",
    ),
    "passage_one_language": (
        "This passage was worded anew in the other language only. Word it anew here too, or tick that it stays.",
        "Yn yr iaith arall yn unig y geiriwyd y darn hwn o'r newydd. Geiriwch ef o'r newydd yma hefyd, neu ticiwch ei fod yn aros.",
    ),
    "second_reading": ("Second reading", "Ail ddarlleniad"),
    "reading_asked": ("given to a second reader", "rhoddwyd i ail ddarllenydd"),
    "reading_right": ("a second person found it right", "barnodd ail berson ei fod yn iawn"),
    "reading_not_right": ("a second person found it not right", "barnodd ail berson nad yw'n iawn"),
    "do_letter_check_asked": ("Give it to a second reader", "Ei roi i ail ddarllenydd"),
    "do_letter_read": ("Say what you found as second reader", "Dweud eich barn fel ail ddarllenydd"),
    "reworded": ("Worded anew", "Wedi'i eirio o'r newydd"),
    "reworded_list": ("What was worded anew", "Yr hyn a eiriwyd o'r newydd"),
    "reworded_was": ("The template says", "Mae'r templed yn dweud"),
    "reworded_now": ("The letter says", "Mae'r llythyr yn dweud"),
}  # fmt: skip
