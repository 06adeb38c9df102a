"""The model that ships where a school's own cannot be used: it judges the same, and says so with every name it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classifiers.model import Classifier, TextToClassify
from mentionwatch.model import Classification, Reason

STAND_IN = "+stand-in"
"""Ends the name under which a stand-in's classifications are stored."""
OWN_UNUSABLE = "the school's own model could not be used"


class StandIn(Classifier):
    """Judges in place of the school's own model. `asks`: every text goes to a person, who is told why."""

    def __init__(self, model: Classifier, *, asks: bool = False) -> None:
        super().__init__(model.parts, model.cache)
        self._asks = asks

    @property
    def name(self) -> str:
        """As that of the model that ships, marked."""
        return super().name + STAND_IN

    def classify(self, items: Sequence[TextToClassify]) -> list[Classification]:
        """As the model that ships; where it asks, with the reason first."""
        judged = super().classify(items)
        if not self._asks:
            return judged
        told = Reason(OWN_UNUSABLE, 1.0)
        return [replace(each, needs_person=True, reasons=(told, *each.reasons)) for each in judged]
