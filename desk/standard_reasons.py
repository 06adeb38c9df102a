"""Short reasons for what a post is, each under its label: chosen with one click, and stored as what it says."""

from __future__ import annotations

from dataclasses import dataclass

from desk.vocabulary import Pair
from mentionwatch.labels import Label


@dataclass(frozen=True, slots=True)
class StandardReason:
    """One of them. `key` is what a form sends; `says` is what is shown and, in the language of whoever chose it, stored."""

    key: str
    label: Label
    says: Pair

    def text(self, lang: str) -> str:
        """As it is shown and stored."""
        return self.says[lang == "cy"]


STANDARD_REASONS = (
    StandardReason("praise_thanks", Label.POSITIVE, ("thanks or praises somebody", "yn diolch neu'n canmol rhywun")),
    StandardReason("praise_news", Label.POSITIVE, ("shares good news", "yn rhannu newyddion da")),
    StandardReason("neutral_tells", Label.NEUTRAL, ("only gives information", "yn rhoi gwybodaeth yn unig")),
    StandardReason("neutral_asks", Label.NEUTRAL, ("asks a plain question", "yn gofyn cwestiwn syml")),
    StandardReason("neutral_passing", Label.NEUTRAL, ("names the school in passing", "yn crybwyll yr ysgol wrth fynd heibio")),
    StandardReason("concern_run", Label.CONCERN, ("criticises how something is run", "yn beirniadu sut y caiff rhywbeth ei redeg")),
    StandardReason("concern_asks", Label.CONCERN, ("asks the school for something", "yn gofyn i'r ysgol am rywbeth")),
    StandardReason("concern_answer", Label.CONCERN, ("unhappy with an answer", "yn anfodlon ar ateb")),
    StandardReason("grave_insult", Label.INAPPROPRIATE, ("insults or humiliates somebody", "yn sarhau neu'n bychanu rhywun")),
    StandardReason("grave_threat", Label.INAPPROPRIATE, ("threatens somebody", "yn bygwth rhywun")),
    StandardReason("grave_private", Label.INAPPROPRIATE, ("tells what is private about somebody", "yn datgelu rhywbeth preifat am rywun")),
)  # fmt: skip

LABELS_IN_ORDER = (Label.POSITIVE, Label.NEUTRAL, Label.CONCERN)
"""The labels a post may be given together with others. One that may be inappropriate needs a kind of harm, a way to go, and mostly
an incident, on its own page.
"""


def find_reason(key: str) -> StandardReason | None:
    """The standard reason a form means; None where there is no such one."""
    return next((one for one in STANDARD_REASONS if one.key == key), None)


def reasons_of(label: Label) -> tuple[StandardReason, ...]:
    """Those of one label, in the order they are offered."""
    return tuple(one for one in STANDARD_REASONS if one.label is label)
