"""What a reader of a page sees, as plain text, from the stored bytes."""

from __future__ import annotations

import json

MAX_CHARACTERS = 256 * 1024


def read_text(body: bytes, media_type: str) -> str:
    """Plain text of HTML, JSON or text bytes; everything on the page is kept, quotes of others included.

    Unreadable bytes give an empty text, never an error: the bytes themselves are the evidence.
    """
    if not body.strip():
        return ""
    if media_type == "text/plain":
        return body.decode("utf-8", errors="replace")[:MAX_CHARACTERS]
    if media_type == "application/json":
        try:
            return json.dumps(json.loads(body), ensure_ascii=False, indent=1)[:MAX_CHARACTERS]
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            return ""
    from trafilatura import html2txt

    return str(html2txt(body) or "")[:MAX_CHARACTERS]
