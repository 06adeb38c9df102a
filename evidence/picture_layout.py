"""Which words a laid-out page shows, and where. Read from Chromium's DOM snapshot: no script runs in the page.

The snapshot is untrusted only in what it says, never in its form: it comes from the browser process we started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

STYLES = ("display", "visibility", "opacity", "overflow-y")
"""The computed styles a snapshot must be asked for, in this order."""

_INLINE = frozenset({"inline", "contents", "inline-block", "inline-flex", "inline-grid", "inline-table", "ruby", "ruby-text"})  # fmt: skip
_CONTROLS = frozenset({"IMG", "INPUT", "TEXTAREA", "SELECT", "METER", "PROGRESS", "IFRAME", "OBJECT", "EMBED", "AUDIO", "VIDEO", "BUTTON"})  # fmt: skip
_TOLD = frozenset({"alt", "value", "placeholder", "label", "title"})
_NEAR_NOTHING = 0.02


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels of the document."""

    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def join(self, other: Box) -> Box:
        """The smallest box round both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        return Box(x, y, right - x, max(self.bottom, other.bottom) - y)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text as it is laid out: its node, the block it stands in, its lines as start, length and box.

    `lines` is empty for what a control or a frame shows. `is_faint`: without ink, under any cover of it.
    """

    text: str
    node: int
    block: int
    box: Box
    lines: tuple[tuple[int, int, Box], ...] = ()
    is_faint: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What a page shows, in document order. Lists go by the number of a node in the main document.

    `blocks` is the nearest block that holds each node, itself included; `opacities` what is left of its ink
    under all that it stands in.
    """

    runs: tuple[Run, ...]
    parents: tuple[int, ...]
    boxes: Mapping[int, Box]
    styles: Mapping[int, tuple[str, ...]]
    backends: tuple[int, ...]
    names: tuple[str, ...]
    blocks: tuple[int, ...]
    opacities: tuple[float, ...]
    height: float

    def climb(self, node: int) -> Iterator[int]:
        """The node and what it stands in, up to the document."""
        while node >= 0:
            yield node
            node = self.parents[node]


def read_layout(snapshot: Mapping[str, Any]) -> Layout:
    """The layout of what `DOMSnapshot.captureSnapshot` gave for `STYLES`.

    Words in a frame count as words of the frame's element in the main document.
    """
    strings: list[str] = snapshot["strings"]
    documents = snapshot["documents"]
    layout = _read_main(documents[0], strings)
    runs = list(layout.runs)
    inner = dict(_pairs(documents[0]["nodes"].get("contentDocumentIndex")))
    pending = [(document, owner) for owner, document in inner.items()]
    while pending:
        index, owner = pending.pop()
        box = layout.boxes.get(owner)
        if box is None:
            continue
        told = [strings[at] for at in documents[index]["layout"]["text"] if at >= 0]
        runs.append(_make_run(layout, owner, " ".join(told), box))
        # A frame in a frame is told of by the outermost: that is what can be covered.
        nested = _pairs(documents[index]["nodes"].get("contentDocumentIndex"))
        pending.extend((document, owner) for _, document in nested)
    return replace(layout, runs=tuple(runs))


def _pairs(rare: Mapping[str, Any] | None) -> list[tuple[int, int]]:
    return list(zip(rare["index"], rare["value"], strict=True)) if rare else []


def _read_main(document: Mapping[str, Any], strings: Sequence[str]) -> Layout:
    nodes, laid = document["nodes"], document["layout"]
    boxes: dict[int, Box] = {}
    styles: dict[int, tuple[str, ...]] = {}
    for node, bounds, style in zip(laid["nodeIndex"], laid["bounds"], laid["styles"], strict=True):
        boxes.setdefault(node, Box(*bounds))
        if style:
            styles.setdefault(node, tuple(strings[at] for at in style))
    names = tuple(strings[at] if at >= 0 else "" for at in nodes["nodeName"])
    blocks: list[int] = []
    opacities: list[float] = []
    for node, parent in enumerate(nodes["parentIndex"]):
        # A parent stands before its children in document order, so one pass is enough.
        style = None if names[node].startswith(("#", "::")) else styles.get(node)
        is_block = style is not None and style[0] not in _INLINE
        blocks.append(node if is_block or parent < 0 else blocks[parent])
        above = opacities[parent] if parent >= 0 else 1.0
        opacities.append(above * float(style[2]) if style else above)
    layout = Layout(
        (),
        tuple(nodes["parentIndex"]),
        boxes,
        styles,
        tuple(nodes["backendNodeId"]),
        names,
        tuple(blocks),
        tuple(opacities),
        float(document.get("contentHeight", 0)),
    )
    lines: dict[int, list[tuple[int, int, Box]]] = {}
    inline = document["textBoxes"]
    for at, bounds, start, length in zip(
        inline["layoutIndex"], inline["bounds"], inline["start"], inline["length"], strict=True
    ):
        lines.setdefault(at, []).append((start, length, Box(*bounds)))
    told = _read_controls(nodes, layout, strings)
    runs: list[Run] = []
    for at, (node, text) in enumerate(zip(laid["nodeIndex"], laid["text"], strict=True)):
        if text >= 0:
            box = Box(*laid["bounds"][at])
            runs.append(_make_run(layout, node, strings[text], box, tuple(lines.get(at, ()))))
        elif node in told:
            runs.append(_make_run(layout, node, told.pop(node), boxes[node]))
    return replace(layout, runs=tuple(runs))


def _make_run(
    layout: Layout, node: int, text: str, box: Box, lines: tuple[tuple[int, int, Box], ...] = ()
) -> Run:
    own = layout.styles.get(node)
    hidden = own is not None and own[1] != "visible"
    faint = layout.opacities[node] < _NEAR_NOTHING
    return Run(text, node, layout.blocks[node], box, lines, faint, hidden)


def _read_controls(nodes: Mapping[str, Any], layout: Layout, strings: Sequence[str]) -> dict[int, str]:
    """What fields, lists and pictures that did not load show: the snapshot lays their inside out nowhere."""
    told: dict[int, list[str]] = {
        node: [] for node in layout.boxes if layout.names[node].upper() in _CONTROLS
    }
    for node in told:
        flat = nodes["attributes"][node]
        pairs = zip(flat[::2], flat[1::2], strict=True)
        told[node] += [strings[value] for name, value in pairs if strings[name].lower() in _TOLD]
    for field in ("textValue", "inputValue"):
        for node, value in _pairs(nodes.get(field)):
            if node in told and value >= 0:
                told[node].append(strings[value])
    for node, value in enumerate(nodes["nodeValue"]):
        if value >= 0 and nodes["nodeType"][node] == 3 and node not in layout.boxes:
            owner = next((above for above in layout.climb(node) if above in layout.boxes), None)
            if owner in told:
                told[owner].append(strings[value])
    return {node: " ".join(words) for node, words in told.items() if words}
