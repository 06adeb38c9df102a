"""feedparser 6.0.14, bounded and quickened, in the parsing child only.

What is replaced and why: its author pattern is super-linear (upstream #562, open); nesting, attributes and
character references are unbounded; text comes one entity at a time; every element joins the base URL with
itself and copies its parameters deeply. The pin in pyproject.toml and the tests hold the two together.
"""

from __future__ import annotations

from types import SimpleNamespace
from xml.sax.expatreader import ExpatParser

from collectors.feed_dates import date_handler

_DEEPEST = 250
_MOST_ATTRIBUTES = 250


class Hostile(ValueError):
    """Made to exhaust a parser rather than to be read."""


def harden() -> None:
    """Replace the weak places, once per process."""
    import feedparser
    import feedparser.mixin as module

    mixin = module._FeedParserMixin
    start, reference = mixin.unknown_starttag, mixin.handle_charref
    renew = ExpatParser.reset
    make_absolute, join = module.make_safe_absolute_uri, module._urljoin

    def unknown_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        if self.depth > _DEEPEST or len(attrs) > _MOST_ATTRIBUTES:
            raise Hostile("nested deeper, or with more attributes, than any real feed")
        return start(self, tag, attrs)

    def sync_author_detail(self, key="author"):  # type: ignore[no-untyped-def]
        """Nothing: the name is read from the plain field instead, without guessing at an address."""

    def handle_charref(self, ref):  # type: ignore[no-untyped-def]
        try:
            return reference(self, ref)
        except (ValueError, OverflowError):
            # Beyond Unicode: one item's blemish must not cost the whole feed. DEL is found and flagged later.
            return self.handle_data("\x7f")

    def reset(self):  # type: ignore[no-untyped-def]
        renew(self)
        self._parser.buffer_text = True

    def make_safe_absolute_uri(base, relative=None):  # type: ignore[no-untyped-def]
        return base if relative and base == relative else make_absolute(base, relative)

    def urljoin(base, uri):  # type: ignore[no-untyped-def]
        return uri if uri.startswith(("http://", "https://")) and uri.isascii() else join(base, uri)

    mixin.unknown_starttag = unknown_starttag
    mixin._sync_author_detail = sync_author_detail
    mixin.handle_charref = handle_charref
    ExpatParser.reset = reset  # type: ignore[method-assign]
    module.make_safe_absolute_uri = make_safe_absolute_uri
    module._urljoin = urljoin
    module.copy = SimpleNamespace(deepcopy=lambda flat: type(flat)(flat))
    feedparser.registerDateHandler(date_handler)
