"""The part of the MediaWiki Action API (formatversion 2) that reads articles, histories and differences."""

from __future__ import annotations

import difflib
import hashlib
from datetime import UTC
from html import escape

from town.story_wiki import EDITS, UNDONE_LATER, Edit
from town.wire import Ask, Reply, Stage, as_json, not_found

PREFIX = "/wiki"
API = f"{PREFIX}/w/api.php"
Json = dict[str, object]


def _told(stage: Stage) -> list[Edit]:
    edits = [] if stage.is_bare else [edit for edit in EDITS if stage.has_edits or not edit.is_later]
    return sorted(edits, key=lambda edit: edit.revid)


def _page_ids() -> dict[str, int]:
    return {title: number for number, title in enumerate(dict.fromkeys(edit.page for edit in EDITS), 11)}


def _parent(edit: Edit) -> Edit | None:
    earlier = [other for other in EDITS if other.page == edit.page and other.revid < edit.revid]
    return max(earlier, key=lambda other: other.revid, default=None)


def _is_hidden(stage: Stage, edit: Edit) -> bool:
    return stage.has_deletions and edit.gets_hidden


def _revision(stage: Stage, edit: Edit, *, with_text: bool) -> Json:
    parent = _parent(edit)
    at = (stage.now - edit.age).astimezone(UTC)
    found: Json = {
        "revid": edit.revid,
        "parentid": parent.revid if parent else 0,
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "size": len(edit.content.encode()),
        "tags": list(edit.tags),
    }
    if edit.revid == UNDONE_LATER and stage.has_edits:
        found["tags"] = [*edit.tags, "mw-reverted"]
    if _is_hidden(stage, edit):
        return found | {"texthidden": True, "sha1hidden": True, "userhidden": True, "commenthidden": True}
    found |= {
        "user": edit.user,
        "comment": edit.comment,
        "sha1": hashlib.sha1(edit.content.encode(), usedforsecurity=False).hexdigest(),
    }
    if edit.is_anonymous:
        found["anon"] = True
    if edit.user.startswith("~"):
        found["temp"] = True
    if with_text:
        found["slots"] = {"main": {"contentmodel": "wikitext", "content": edit.content}}
    return found


def _page(title: str, revisions: list[Json] | None = None) -> Json:
    ids = _page_ids()
    if title not in ids:
        return {"ns": 0, "title": title, "missing": True}
    page: Json = {"pageid": ids[title], "ns": 0, "title": title}
    return page if revisions is None else page | {"revisions": revisions}


def _error(code: str, info: str) -> Reply:
    return as_json({"error": {"code": code, "info": info}, "servedby": "town"})


def _history(stage: Stage, ask: Ask) -> Reply:
    ids = {number: title for title, number in _page_ids().items()}
    wanted = ask.query.get("pageids", "")
    title = ids.get(int(wanted)) if wanted.isdigit() else ask.query.get("titles")
    edits = [edit for edit in _told(stage) if edit.page == title]
    if title is None or title not in _page_ids():
        return as_json({"query": {"pages": [{"title": title or "", "missing": True}]}})
    start = int(ask.query.get("rvcontinue", ask.query.get("rvstartid", "0")))
    is_newer = ask.query.get("rvdir", "older") == "newer"
    edits = [edit for edit in edits if edit.revid >= start] if is_newer else edits[::-1]
    if not is_newer and start:
        edits = [edit for edit in edits if edit.revid <= start]
    most = int(ask.query.get("rvlimit", "10"))
    with_text = "content" in ask.query.get("rvprop", "").split("|")
    page = _page(title, [_revision(stage, edit, with_text=with_text) for edit in edits[:most]])
    answer: Json = {"batchcomplete": True, "query": {"pages": [page]}}
    if len(edits) > most:
        answer["continue"] = {"rvcontinue": str(edits[most].revid), "continue": "||"}
    return as_json(answer)


def _by_revid(stage: Stage, ask: Ask) -> Reply:
    wanted = [int(part) for part in ask.query["revids"].split("|") if part.isdigit()]
    with_text = "content" in ask.query.get("rvprop", "").split("|")
    told = {edit.revid: edit for edit in _told(stage)}
    pages: dict[str, list[Json]] = {}
    for revid in wanted:
        if revid in told:
            pages.setdefault(told[revid].page, []).append(_revision(stage, told[revid], with_text=with_text))
    bad = {str(revid): {"revid": revid, "missing": True} for revid in wanted if revid not in told}
    query: Json = {"pages": [_page(title, revisions) for title, revisions in pages.items()]}
    return as_json({"query": query | ({"badrevids": bad} if bad else {})})


def _marked(old: str, new: str, tag: str) -> str:
    """The words of `old` that `new` does not share, marked as MediaWiki marks them."""
    a, b = old.split(" "), new.split(" ")
    parts = []
    for kind, start, end, _, _ in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        words = escape(" ".join(a[start:end]))
        if words:
            mark = f'<{tag} class="diffchange diffchange-inline">{words}</{tag}>'
            parts.append(words if kind == "equal" else mark)
    return " ".join(parts)


def diff_table(old: str, new: str) -> str:
    """The rows of MediaWiki's difference table."""
    before, after = old.split("\n"), new.split("\n")
    out = []
    for kind, i, j, k, m in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind == "equal":
            context = "".join(
                f'<td class="diff-context diff-side-added"><div>{escape(t)}</div></td>' for t in after[k:m]
            )
            out.append(f"<tr>{context}</tr>")
            continue
        gone, come = before[i:j], after[k:m]
        for place in range(max(len(gone), len(come))):
            left = gone[place] if place < len(gone) else None
            right = come[place] if place < len(come) else None
            both = left is not None and right is not None
            cells = ""
            if left is not None:
                inner = _marked(left, right or "", "del") if both else escape(left)
                cells += f'<td class="diff-deletedline diff-side-deleted"><div>{inner}</div></td>'
            if right is not None:
                inner = _marked(right, left or "", "ins") if both else escape(right)
                cells += f'<td class="diff-addedline diff-side-added"><div>{inner}</div></td>'
            out.append(f"<tr>{cells}</tr>\n")
    return "".join(out)


def _compare(stage: Stage, ask: Ask) -> Reply:
    told = {str(edit.revid): edit for edit in _told(stage)}
    old, new = told.get(ask.query.get("fromrev", "")), told.get(ask.query.get("torev", ""))
    if old is None or new is None:
        return _error("nosuchrevid", "There is no revision with that ID.")
    if _is_hidden(stage, old) or _is_hidden(stage, new):
        return _error("missingcontent", "Missing content for revision.")
    body = diff_table(old.content, new.content)
    ids = _page_ids()
    return as_json(
        {
            "compare": {
                "fromid": ids[old.page],
                "fromrevid": old.revid,
                "toid": ids[new.page],
                "torevid": new.revid,
                "body": body,
            }
        }
    )


def _search(stage: Stage, ask: Ask) -> Reply:
    phrases = [part.strip().strip('"').casefold() for part in ask.query.get("srsearch", "").split(" OR ")]
    latest = {edit.page: edit for edit in _told(stage)}
    ids = _page_ids()
    hits = [
        {"ns": 0, "title": title, "pageid": ids[title]}
        for title, edit in latest.items()
        if any(phrase in f"{title}\n{edit.content}".casefold() for phrase in phrases if phrase)
    ]
    most = int(ask.query.get("srlimit", "10"))
    return as_json(
        {"batchcomplete": True, "query": {"searchinfo": {"totalhits": len(hits)}, "search": hits[:most]}}
    )


def _recent(stage: Stage) -> Reply:
    rows = [
        {
            "type": "edit",
            "title": edit.page,
            "revid": edit.revid,
            "old_revid": getattr(_parent(edit), "revid", 0),
        }
        for edit in reversed(_told(stage))
    ]
    return as_json({"batchcomplete": True, "query": {"recentchanges": rows}})


def serve_wiki(stage: Stage, ask: Ask) -> Reply:
    """`/wiki/w/api.php`: query (titles, revisions, search, recentchanges) and compare."""
    if ask.path != API:
        return not_found()
    if ask.query.get("formatversion") != "2" or ask.query.get("format") != "json":
        return _error("badformat", "The town speaks JSON of format version 2 only.")
    if ask.query.get("action") == "compare":
        return _compare(stage, ask)
    if ask.query.get("list") == "search":
        return _search(stage, ask)
    if ask.query.get("list") == "recentchanges":
        return _recent(stage)
    if "revids" in ask.query:
        return _by_revid(stage, ask)
    if ask.query.get("prop") == "revisions":
        return _history(stage, ask)
    titles = [title for title in ask.query.get("titles", "").split("|") if title]
    return as_json({"batchcomplete": True, "query": {"pages": [_page(title) for title in titles]}})
