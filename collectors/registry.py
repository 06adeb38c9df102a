"""Every collector there is, by the name that `collector = "…"` in sources.toml uses, and what the law says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from collectors.base import Collector, MakeCollector
from collectors.feed import make_feed
from collectors.reddit import make_reddit
from collectors.wikipedia import make_wikipedia
from mentionwatch.model import SourceSpec
from mentionwatch.school import SchoolProfile
from mentionwatch.tables import Table


@dataclass(frozen=True, slots=True)
class CollectorFacts:
    """What a collector is bound to.

    `terms_url` is empty where every source has terms of its own. `terms_checked_on` is the day the project
    looked the terms up; the school's own agreement is `terms_ok_by` and `terms_ok_on` of the source.
    """

    make: MakeCollector
    terms_url: str
    terms_checked_on: date
    lawful_note: str


_CHECKED_ON = date(2026, 11, 21)

COLLECTORS: Mapping[str, CollectorFacts] = MappingProxyType(
    {
        "feed": CollectorFacts(
            make=make_feed,
            terms_url="",
            terms_checked_on=_CHECKED_ON,
            lawful_note="Each publisher's own terms and robots.txt apply. Headline, link and the excerpt the "
            "publisher puts into the feed are read; copying whole press articles may need a licence.",
        ),
        "reddit": CollectorFacts(
            make=make_reddit,
            terms_url="https://redditinc.com/policies/data-api-terms",
            terms_checked_on=_CHECKED_ON,
            lawful_note="A client needs Reddit's approval before it gets access. Copies follow removal: what "
            "Reddit no longer shows is reported as gone. Commercial use needs a contract.",
        ),
        "wikipedia": CollectorFacts(
            make=make_wikipedia,
            terms_url="https://foundation.wikimedia.org/wiki/Policy:Terms_of_Use",
            terms_checked_on=_CHECKED_ON,
            lawful_note="Text is under CC BY-SA with attribution. Calls are serial, carry a contact and stop "
            "when the servers lag (API:Etiquette). Names and addresses of editors are personal data.",
        ),
    }
)


def make_collector(spec: SourceSpec, table: Table, profile: SchoolProfile) -> Collector:
    """The collector of one `[[source]]`. Raises `ConfigError` that lists the known kinds."""
    facts = COLLECTORS.get(spec.collector)
    if facts is None:
        known = ", ".join(f'"{name}"' for name in COLLECTORS)
        raise table.wrong("collector", f"there is no collector {spec.collector!r}", f"Write one of {known}")
    return facts.make(spec, table, profile)
