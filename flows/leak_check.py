"""Before anything a person typed is kept or printed: no password, and no name of somebody who reported a post."""

from __future__ import annotations

from collections.abc import Sequence

from flows.home import Home
from mentionwatch.errors import Refused
from mentionwatch.lookalikes import find_names
from mentionwatch.secrets_in_text import looks_like_secret
from warehouse.reporters import ReporterStore


def refuse_leaks(home: Home, texts: Sequence[str], mention_ids: Sequence[str]) -> None:
    """Raises `Refused` for a password (C07), and for the name of whoever reported these mentions, however disguised.

    Only theirs: a parent who reported one post may be the author of another and is then written to by name. The words
    are not repeated. The names are compared here and shown to nobody, so the look is not in the audit log; what the
    refusal gives away, and why it is worth it, is in docs/adr/0021.
    """
    # Also taken together: half a name in the reason and half in a fact is the whole name on one page.
    texts = (*texts, " ".join(texts))
    if any(looks_like_secret(text) for text in texts):
        raise Refused(
            "refused: that looks like a password or a log-in, which has no place here. Change it where it is used, and leave it out"
        )
    known = ReporterStore(home.folder).names_by_mention()
    names = [name for id_ in mention_ids for name in known.get(id_, ())]
    if names and any(find_names(text, names) for text in texts):
        raise Refused(
            "refused: that holds a name which must not stand here [whoever reports is not named]. Write roles instead of names"
        )
