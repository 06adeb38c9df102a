"""Covering a name: its whole block loses all ink, and a solid black box stands on it. Then it is looked at again.

The box alone would do for the eye; without ink there is nothing under it that a mistake in its place could show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.picture_layout import Box, Layout
from evidence.picture_values import Cover, Covered, NoPicture, NoPictureKind
from evidence.picture_words import find_name

if TYPE_CHECKING:
    from evidence.picture_page import Tab

MOST_BLOCKS = 1000
STEP = 160
"""Pixels. The width of a box that hugs its words is rounded up to these: it would tell how long a name is."""

_SLACK = 1.0
# Methods are taken from the prototypes: a field named "style" would else stand in for the real one. Set through
# the object model, a style holds against the page's own policy and its own "!important".
_BLOT = """function() {
  const target = this.nodeType === 3 ? Document.prototype.createElement.call(document, 'span') : this;
  if (target !== this) { this.before(target); target.appendChild(this); }
  const kind = [HTMLElement, SVGElement, MathMLElement].find(each => target instanceof each);
  if (!kind) return;
  const style = Object.getOwnPropertyDescriptor(kind.prototype, 'style').get.call(target);
  style.setProperty('transition', 'none', 'important');
  style.setProperty('opacity', '0', 'important');
}"""
_BOX = """(wanted) => wanted.map(([x, y, width, height]) => {
  const root = Object.getOwnPropertyDescriptor(Document.prototype, 'documentElement').get.call(document);
  const box = Document.prototype.createElement.call(document, 'div'), style = box.style;
  const set = (name, value) => style.setProperty(name, value, 'important');
  set('all', 'initial'); set('display', 'block'); set('position', 'absolute'); set('background-color', '#000');
  set('z-index', '2147483647'); set('left', '0px'); set('top', '0px');
  set('width', width + 'px'); set('height', height + 'px');
  Node.prototype.appendChild.call(root, box);
  const first = box.getBoundingClientRect();
  set('left', (x - first.left - scrollX) + 'px'); set('top', (y - first.top - scrollY) + 'px');
  const now = box.getBoundingClientRect(), look = getComputedStyle(box);
  const solid = look.backgroundColor === 'rgb(0, 0, 0)' && look.opacity === '1' && look.visibility === 'visible';
  return [now.left + scrollX, now.top + scrollY, now.width, now.height, solid ? 1 : 0];
})"""


@dataclass(frozen=True, slots=True)
class _Target:
    node: int
    box: Box


async def apply_covers(tab: Tab, layout: Layout, covers: Sequence[Cover]) -> tuple[Covered, ...] | NoPicture:
    """Cover all that is asked for on the laid-out page; a value when something of it would still show."""
    targets: dict[int, _Target] = {}
    covered: list[Covered] = []
    for cover in covers:
        nodes = await _choose_nodes(tab, layout, cover)
        if nodes is None or len(targets) + len(nodes) > MOST_BLOCKS:
            return NoPicture(NoPictureKind.COVER_FAILED)
        covered.append(Covered(cover.reason, len(nodes)))
        targets |= {node: _Target(node, _choose_box(layout, node)) for node in nodes}
    for target in targets.values():
        await tab.call_on(layout.backends[target.node], _BLOT)
    wanted = [target.box for target in targets.values() if target.box.width and target.box.height]
    drawn = await tab.evaluate(_BOX, [[box.x, box.y, box.width, box.height] for box in wanted])
    if not all(_stands(box, seen) for box, seen in zip(wanted, drawn, strict=True)):
        return NoPicture(NoPictureKind.COVER_FAILED)
    now = await tab.snapshot()
    hidden_now = {now.backends[node] for node, left in enumerate(now.opacities) if left == 0.0}
    for cover in covers:
        if cover.is_selector:
            continue
        if any(run.is_faint is False for found in find_name(now, cover.hidden) for run, _, _ in found.pieces):
            return NoPicture(NoPictureKind.NAME_SHOWS)
    if any(layout.backends[node] not in hidden_now for node in targets):
        return NoPicture(NoPictureKind.COVER_FAILED)
    return tuple(covered)


async def _choose_nodes(tab: Tab, layout: Layout, cover: Cover) -> set[int] | None:
    """Blocks, or text nodes that stand in the body itself; None when a selector finds nothing."""
    if not cover.is_selector:
        pieces = [piece for found in find_name(layout, cover.hidden) for piece in found.pieces]
        return {_choose_node(layout, run.node) for run, _, _ in pieces}
    backends = await tab.query(cover.hidden)
    wanted = [
        node for node, backend in enumerate(layout.backends) if backend in backends and node in layout.boxes
    ]
    return {_choose_node(layout, node) for node in wanted} or None


def _choose_node(layout: Layout, node: int) -> int:
    block = layout.blocks[node]
    if layout.names[block].upper() not in ("HTML", "BODY", "#DOCUMENT"):
        return block
    # Words that stand in the body itself: their block is the whole page. What stands nearest to it is taken.
    chain = [
        above for above in layout.climb(node) if above != block and not layout.names[above].startswith("::")
    ]
    inside = [above for above in chain if layout.blocks[above] == block and above in layout.boxes]
    return inside[-1] if inside else block


def _choose_box(layout: Layout, node: int) -> Box:
    own = layout.boxes.get(node, Box(0, 0, 0, 0))
    for run in layout.runs:
        # What stands out of its block, afloat or too long for it, is part of what is covered.
        if run.block == node or run.node == node:
            own = own.join(run.box) if own.width and own.height else run.box
    parent = layout.parents[node]
    around = layout.boxes.get(layout.blocks[parent]) if parent >= 0 else None
    width = own.width
    if around is None or own.width < around.width - 2:
        width = STEP * math.ceil(own.width / STEP)
    return Box(math.floor(own.x), math.floor(own.y), math.ceil(width) + 1, math.ceil(own.height) + 1)


def _stands(wanted: Box, seen: Sequence[float]) -> bool:
    asked = (wanted.x, wanted.y, wanted.width, wanted.height)
    return seen[4] == 1 and all(abs(a - b) <= _SLACK for a, b in zip(asked, seen, strict=False))
