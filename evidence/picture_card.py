"""The fixed card: what an API or a person delivered as data or plain words, set out to be read.

It is ours, not the site's: its heading says so in both languages. Everything is escaped, nothing is loaded.
"""

from __future__ import annotations

import html
import json

from evidence.text import make_storable, read_page

FIRST = ("title", "author", "user", "created_utc", "timestamp", "date", "selftext", "body", "text", "comment", "permalink", "link")  # fmt: skip
"""Fields a reader looks for, in this order, wherever they stand; the others follow as they came."""

MAX_ROWS = 200
MAX_LETTERS = 20_000
_DEEPEST = 12

_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>card</title><style>
body{margin:24px;font:16px/1.5 sans-serif;color:#111;background:#fff}h1{font-size:18px;margin:0}
p.at{margin:0 0 16px;color:#333}div.row{border-top:1px solid #888;padding:6px 0;overflow-wrap:anywhere}
div.name{font:13px monospace;color:#333}div.value{white-space:pre-wrap;margin:0}</style></head><body>
<h1>Card made from the data received. The site did not show it like this.</h1>
<h1 lang="cy">Cerdyn a luniwyd o'r data a dderbyniwyd. Nid fel hyn y dangosodd y wefan ef.</h1>
"""


def write_card(body: bytes, media_type: str, captured_at: str) -> str:
    """HTML of the card of a body; `captured_at` as the WARC gives it. Unreadable JSON is shown as its words."""
    rows: list[tuple[str, str]] = []
    is_data = media_type.endswith("json")
    if is_data:
        try:
            _walk(json.loads(body), "", 0, rows)
        except (ValueError, RecursionError):  # a number of 5,000 digits is a ValueError too
            rows = []
    if rows:
        rows.sort(key=lambda row: _rank(row[0]))
    else:
        kind = "text/plain" if is_data else media_type
        rows = [("text", read_page(body, kind))]
    left = "" if len(rows) <= MAX_ROWS else f"<p>… {len(rows) - MAX_ROWS} more fields / maes arall</p>"
    shown = "".join(
        f'<div class="row"><div class="name">{_escape(name)}</div><div class="value" dir="auto">{_escape(value)}</div></div>'
        for name, value in rows[:MAX_ROWS]
    )
    return f'{_HEAD}<p class="at">{_escape(captured_at)}</p>{shown}{left}</body></html>'


def _escape(text: str) -> str:
    cut = text if len(text) <= MAX_LETTERS else f"{text[:MAX_LETTERS]}…"
    return html.escape(make_storable(cut).replace("\x00", "\ufffd"))


def _rank(name: str) -> int:
    last = name.rpartition(".")[2]
    return FIRST.index(last) if last in FIRST else len(FIRST)


def _walk(value: object, name: str, depth: int, rows: list[tuple[str, str]]) -> None:
    """Every leaf with its path; what lies deeper than a reader follows is shown as it is written."""
    if depth < _DEEPEST and isinstance(value, dict):
        for key, inner in value.items():
            _walk(inner, f"{name}.{key}" if name else str(key), depth + 1, rows)
    elif depth < _DEEPEST and isinstance(value, list):
        for number, inner in enumerate(value):
            _walk(inner, f"{name}.{number}" if name else str(number), depth + 1, rows)
    elif isinstance(value, str):
        rows.append((name, value))
    else:
        rows.append((name, json.dumps(value, ensure_ascii=False)))
