"""What asking for a picture gives: a picture with its circumstances, or one plain reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PictureKind(StrEnum):
    """What a picture shows. The values are stored."""

    CLIP = "clip"
    """The cited passage and what stands close to it."""
    PAGE = "page"
    """The page from its top: as much as fits a screen, or the whole of it."""
    CARD = "card"
    """The data of an API, or plain words, set out by us: the site never showed it so."""


class NoPictureKind(StrEnum):
    """Why there is no picture. The values are stored."""

    NO_BROWSER = "no_browser"
    BROWSER_FAILED = "browser_failed"
    TIMED_OUT = "timed_out"
    NEEDS_MANUAL = "needs_manual"
    MEDIA = "media"
    NOT_TEXT = "not_text"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    NAME_SHOWS = "name_shows"
    COVER_FAILED = "cover_failed"


_CAUSES: dict[NoPictureKind, tuple[str, str]] = {
    NoPictureKind.NO_BROWSER: (
        "no picture: no browser on this machine",
        "dim llun: nid oes porwr ar y cyfrifiadur hwn",
    ),
    NoPictureKind.BROWSER_FAILED: (
        "no picture: the browser did not start, or stopped while it drew",
        "dim llun: ni chychwynnodd y porwr, neu stopiodd wrth iddo dynnu'r llun",
    ),
    NoPictureKind.TIMED_OUT: (
        "no picture: drawing the page took too long",
        "dim llun: cymerodd lunio'r dudalen ormod o amser",
    ),
    NoPictureKind.NEEDS_MANUAL: (
        "no picture: the page shows its words only by running scripts; a person must take the picture",
        "dim llun: dim ond drwy redeg sgriptiau y mae'r dudalen yn dangos ei geiriau; rhaid i berson dynnu'r llun",
    ),
    NoPictureKind.MEDIA: (
        "no picture: the evidence is itself an image, film or sound, which is never opened here",
        "dim llun: delwedd, ffilm neu sain yw'r dystiolaeth ei hun, ac ni chaiff ei hagor yma byth",
    ),
    NoPictureKind.NOT_TEXT: (
        "no picture: the evidence is neither a page nor text",
        "dim llun: nid tudalen na thestun yw'r dystiolaeth",
    ),
    NoPictureKind.TOO_LARGE: (
        "no picture: the page is too large to be drawn",
        "dim llun: mae'r dudalen yn rhy fawr i'w llunio",
    ),
    NoPictureKind.UNREADABLE: (
        "no picture: the stored bytes cannot be read",
        "dim llun: ni ellir darllen y beitiau a gadwyd",
    ),
    NoPictureKind.NAME_SHOWS: (
        "no picture: a name that was to be covered would still show",
        "dim llun: byddai enw a oedd i'w guddio yn dal i'w weld",
    ),
    NoPictureKind.COVER_FAILED: (
        "no picture: what was to be covered was not found, or could not be covered",
        "dim llun: ni chafwyd hyd i'r hyn a oedd i'w guddio, neu ni ellid ei guddio",
    ),
}


@dataclass(frozen=True, slots=True)
class NoPicture:
    """No picture, and why. The evidence stands without one."""

    kind: NoPictureKind

    @property
    def cause(self) -> str:
        """One plain line, without a word or address of the post."""
        return _CAUSES[self.kind][0]

    @property
    def cause_cy(self) -> str:
        """The same in Welsh."""
        return _CAUSES[self.kind][1]


@dataclass(frozen=True, slots=True)
class Cover:
    """What must not be seen: a name or handle wherever it stands, or what a CSS selector finds.

    `reason` is kept with the picture and so must not name the person; `hidden` is kept nowhere.
    """

    hidden: str = field(repr=False)
    reason: str
    is_selector: bool = False


@dataclass(frozen=True, slots=True)
class Covered:
    """How many blocks were covered for one reason; 0 where the name stands nowhere on the page."""

    reason: str
    blocks: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of `width` x `height` pixels, drawn from the WARC whose SHA-256 is `source_sha256`.

    The same bytes, browser build and fonts give the same PNG. `has_passage`: the cited words are in it (or
    under a cover); else the picture is the top of the page. `is_cut`: there was more than the picture's
    greatest height holds.
    """

    png: bytes = field(repr=False)
    sha256: str
    kind: PictureKind
    width: int
    height: int
    browser: str
    fonts_sha256: str
    source_sha256: str
    has_passage: bool
    is_cut: bool
    covered: tuple[Covered, ...] = ()
