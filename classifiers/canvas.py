"""Pictures from plain shapes, as SVG or PNG, by the typst that already makes the letters (docs/adr/0020).

Nothing but typst's own fonts is used and the template can read no file, so the same shapes give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from html import escape
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Literal

import typst

BLACK, GREY, PALE = "#000000", "#595959", "#d0d0d0"
BLUE, RED = "#0072b2", "#b34700"
"""Apart for every kind of colour sight; shapes and dashes say the same again."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points (x, y) in millimetres; `width` in points."""

    points: tuple[tuple[float, float], ...]
    width: float = 0.6
    colour: str = BLACK
    dash: Literal["solid", "dotted", "dashed"] = "solid"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled box; (x, y) is its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str = PALE


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a series; series differ by shape."""

    x: float
    y: float
    shape: Literal["circle", "square", "triangle", "diamond"] = "circle"
    colour: str = BLACK
    is_filled: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words; (x, y) is the middle of its left end, its centre or its right end."""

    x: float
    y: float
    text: str
    align: Literal["left", "centre", "right"] = "left"
    size: float = 9.0
    is_bold: bool = False
    is_turned: bool = False
    colour: str = BLACK


Shape = Line | Box | Mark | Text


@dataclass(frozen=True, slots=True)
class Picture:
    """Millimetres wide and high. `title` and `description` are what a screen reader says in its place."""

    title: str
    description: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


def draw_svg(picture: Picture) -> bytes:
    """The picture as SVG with its title and description inside."""
    made = _compile(picture, "svg", None).decode("utf-8")
    start, rest = made.split(">", 1)
    said = f'<title id="title">{escape(_visible(picture.title))}</title><desc id="desc">{escape(_visible(picture.description))}</desc>'
    return f'{start} role="img" aria-labelledby="title desc">{said}{rest}\n'.encode()


def draw_png(picture: Picture, dots_an_inch: float = 144.0) -> bytes:
    """The picture as PNG."""
    return _compile(picture, "png", dots_an_inch)


def _visible(text: str) -> str:
    """Without control and direction signs: XML cannot hold the ones, and the others would turn a line around."""
    return "".join(sign for sign in text if sign.isprintable())


def _shape(shape: Shape) -> dict[str, object]:
    told = asdict(shape) | {"kind": type(shape).__name__}
    return told | {"text": _visible(shape.text)} if isinstance(shape, Text) else told


def _compile(picture: Picture, kind: Literal["svg", "png"], dots: float | None) -> bytes:
    shapes = [_shape(shape) for shape in picture.shapes]
    text = json.dumps({"width": picture.width, "height": picture.height, "shapes": shapes})
    with TemporaryDirectory() as empty:
        # An empty root and empty package folders: the template can read nothing but its input.
        compiler = typst.Compiler(
            _template(),
            root=empty,
            font_paths=typst.Fonts(include_system_fonts=False),
            sys_inputs={"picture": text},
            package_path=empty,
            package_cache_path=empty,
        )
        made = compiler.compile(format=kind, ppi=dots, timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave no {kind}")
    return made


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("classifiers").joinpath("picture.typ").read_bytes()
