"""Papers of an exhibit: one list of blocks, written out as plain text in one language or as HTML in both.

Outside text stays in its place: it cannot break a line, turn the direction of writing or become markup. The HTML needs
no script and reaches nothing; addresses in it are words, not links, for nobody is to contact an author by a slip.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence.exhibit_words import CODES, Pair, Tongue

WIDTH = 78
_LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, and what turns the direction of writing or hides between letters (Unicode 16, UAX 9).
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
_HALF = re.compile(r"[\ud800-\udfff]")
_DOTS = "." * 52
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{border:1px solid #444;padding:.4rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    ".said{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}section{break-after:page}"
)


@dataclass(frozen=True, slots=True)
class Title:
    """The paper's heading."""

    words: Pair


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the paper."""

    words: Pair


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of our own."""

    words: Pair


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    points: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values. A value may be outside text."""

    rows: tuple[tuple[Pair, Pair], ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to be typed as they stand."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to be filled in by hand."""

    label: Pair
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One record a row. The last column is outside text with lines of its own."""

    caption: Pair
    heads: tuple[Pair, ...]
    rows: tuple[tuple[Pair, ...], ...]


Block = Title | Heading | Paragraph | Points | Facts | Commands | Blank | Table


def one_line(text: str) -> str:
    """Outside text on one line, without anything that turns the writing round."""
    return " ".join(_HALF.sub("\ufffd", _CONTROL.sub(" ", text)).split())


def keep_lines(text: str) -> list[str]:
    """Outside text line by line, each as harmless as by `one_line` but with its spaces."""
    return [_HALF.sub("\ufffd", _CONTROL.sub(" ", line)).rstrip() for line in _LINE_ENDS.split(text)]


def same(text: str) -> Pair:
    """Outside text, which is the same in every language."""
    clean = one_line(text)
    return (clean, clean)


def _wrap(text: str, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_on_hyphens=False,
    )  # fmt: skip


def _quote(text: str) -> list[str]:
    return [part for line in keep_lines(text) for part in (_wrap(line, "    | ") or ["    |"])]


def write_text(blocks: Sequence[Block], tongue: Tongue) -> str:
    """The paper in one language, at most 80 columns but for commands."""
    lines = list[str]()
    for block in blocks:
        lines += [*_text_lines(block, tongue), ""]
    return "\n".join(lines)


def _text_lines(block: Block, tongue: Tongue) -> list[str]:
    match block:
        case Title(words):
            return [*_wrap(words[tongue].upper(), ""), "=" * WIDTH]
        case Heading(words):
            return [*_wrap(words[tongue], ""), "-" * len(_wrap(words[tongue], "")[-1])]
        case Paragraph(words):
            return _wrap(words[tongue], "")
        case Points(points):
            return [line for point in points for line in _wrap(point[tongue], "    ", "  * ")]
        case Facts(rows):
            return [line for label, value in rows for line in _fact(label[tongue], value[tongue])]
        case Commands(said):
            return [f"    {line}" for line in said]
        case Blank(label, count):
            return [f"{label[tongue]}:".ljust(16) + _DOTS, *["", " " * 16 + _DOTS] * (count - 1)]
        case Table(caption, heads, rows):
            lines = _wrap(caption[tongue], "")
            for row in rows:
                lines.append("")
                for head, cell in zip(heads[:-1], row[:-1], strict=True):
                    lines += _fact(head[tongue], cell[tongue])
                lines += [f"  {heads[-1][tongue]}:", *_quote(row[-1][tongue])]
            return lines


def _fact(label: str, value: str) -> list[str]:
    together = f"  {label}: {value}"
    return [together] if len(together) <= WIDTH else [f"  {label}:", *_wrap(value, "    ")]


def write_html(title: Pair, blocks: Sequence[Block]) -> str:
    """The paper in both languages, one section each. Nothing in it runs and nothing is fetched."""
    sections = [
        f'<section lang="{CODES[tongue]}">\n{_join(_html(block, tongue) for block in blocks)}</section>\n'
        for tongue in Tongue
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{_escape(' / '.join(title))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{_join(sections)}</main>\n</body>\n</html>\n"
    )


def _escape(text: str) -> str:
    return html.escape(one_line(text))


def _said(text: str) -> str:
    """Outside words: their own direction, their own lines, nobody's markup."""
    lines = "\n".join(html.escape(line) for line in keep_lines(text))
    return f'<div class="said" dir="auto" translate="no">{lines}</div>'


def _join(parts: Iterable[str]) -> str:
    return "".join(parts)


def _html(block: Block, tongue: Tongue) -> str:
    match block:
        case Title(words):
            return f"<h1>{_escape(words[tongue])}</h1>\n"
        case Heading(words):
            return f"<h2>{_escape(words[tongue])}</h2>\n"
        case Paragraph(words):
            return f"<p>{_escape(words[tongue])}</p>\n"
        case Points(points):
            return f"<ul>\n{_join(f'<li>{_escape(point[tongue])}</li>{chr(10)}' for point in points)}</ul>\n"
        case Facts(rows):
            pairs = (
                f'<tr><th scope="row">{_escape(label[tongue])}</th><td>{_said(value[tongue])}</td></tr>\n'
                for label, value in rows
            )
            return f"<table>\n{_join(pairs)}</table>\n"
        case Commands(said):
            return f"<pre>{html.escape(chr(10).join(said))}</pre>\n"
        case Blank(label, count):
            return f"<p>{_escape(label[tongue])}: {'<br>'.join(['_' * 40] * count)}</p>\n"
        case Table(caption, heads, rows):
            top = _join(f'<th scope="col">{_escape(head[tongue])}</th>' for head in heads)
            body = _join(_html_row(row, tongue) for row in rows)
            return (
                f"<table>\n<caption>{_escape(caption[tongue])}</caption>\n<thead><tr>{top}</tr></thead>\n"
                f"<tbody>\n{body}</tbody>\n</table>\n"
            )


def _html_row(row: tuple[Pair, ...], tongue: Tongue) -> str:
    first, *others = row
    cells = _join(f"<td>{_said(cell[tongue])}</td>" for cell in others)
    return f'<tr><th scope="row">{_escape(first[tongue])}</th>{cells}</tr>\n'
