"""The registry: every kind can be built, an unknown one is refused with the list."""

from __future__ import annotations

import pytest

from collectors.registry import COLLECTORS, make_collector
from mentionwatch.errors import ConfigError
from mentionwatch.model import SourceSpec
from mentionwatch.tables import Table
from tests.contract.nights import profile


@pytest.mark.parametrize("kind", list(COLLECTORS))
def test_each_kind_builds_a_collector_of_that_kind(kind: str) -> None:
    table = Table("sources.toml", {"url": "https://paper.example/feed.xml"} if kind == "feed" else {})
    spec = SourceSpec("s", kind)
    collector = make_collector(spec, table, profile())
    table.finish()
    assert collector.kind == kind and collector.spec is spec
    assert all(url.startswith("https://") for url in collector.urls)


def test_an_unknown_kind_names_the_known_ones() -> None:
    table = Table("sources.toml", {"collector": "facebok"}, "source[2]")
    with pytest.raises(ConfigError) as caught:
        make_collector(SourceSpec("s", "facebok"), table, profile())
    message = str(caught.value)
    assert "source[2].collector" in message
    assert all(kind in message for kind in COLLECTORS)


def test_a_typo_in_an_option_is_refused() -> None:
    table = Table("sources.toml", {"subredits": ["wales"]})
    make_collector(SourceSpec("s", "reddit"), table, profile())
    with pytest.raises(ConfigError, match="subreddits"):
        table.finish()


def test_every_kind_says_what_it_is_bound_to() -> None:
    for facts in COLLECTORS.values():
        assert facts.lawful_note and facts.terms_checked_on
        assert facts.terms_url.startswith("https://") or facts.terms_url == ""
