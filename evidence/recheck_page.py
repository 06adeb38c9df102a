"""What a second look reads off a page: its words, what is quoted in it, whether it goes on, whether it is a wall.

A site's wording never makes a post gone. It is read only where it makes the answer more careful, and to tell a
note such as "[deleted]" from other people's words in the place of the passage.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from evidence.text import open_feed, read_page, read_text
from mentionwatch.fetching import Fetched

FEW_WORDS = 40
"""A page with scripts and fewer words than this is taken for an empty shell."""

_WORD = re.compile(r"\W+")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘ʼ`´′](?=\w)")
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufe0e\ufe0f\ufeff]")
_DIGITS = re.compile(r"\d+")

_QUOTE_SIGN = re.compile(
    rb"(?:<|\\u003c)(?:blockquote|q)\b|class\s*=\s*[\"']?[^\"'<>]{0,200}quot|(?:^|[\r\n\"]|\\n|>)[ \t]*(?:&gt;|>|\\u003e)\s?\S",
    re.I,
)
_QUOTE_CLASS = re.compile(r"(?:^|[\s_-])(?:bb|bbcode)?_?quot(?:e|ed|ation)s?(?:$|[\s_-])", re.I)
_QUOTE_OPEN = re.compile(r"<(blockquote|q)\b", re.I)
_QUOTE_MARK = re.compile(r"(?:(?<=\")|(?<=\\n))>\s?.*?(?=\\n|\"|$)", re.S)
LONGEST_QUOTING_LINE = 4000
_BETWEEN_MARKS = re.compile(r"“([^”]*)”|\"([^\"]*)\"|«([^»]*)»|„([^“”]*)[“”]|(?<!\w)[‘'](.+)['’](?!\w)")

_PASSWORD = re.compile(rb"<input\b[^<>]{0,500}\btype\s*=\s*[\"']?password", re.I)
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|auth|account/login|accounts?/sign|mewngofnodi)(?:[/.?]|$)", re.I
)

_MORE_HTML = re.compile(
    rb"rel\s*=\s*[\"']?next|[?&](?:amp;)?(?:(?:comment[-_]?)?page|tudalen|start|offset)=\d"
    rb"|/(?:comment-)?page[-/]\d|<html[^<>]{0,500}\s(?:amp\b|\xe2\x9a\xa1)"
    rb"|\"(?:kind\"\s*:\s*\"more|has_?(?:next|more)\"\s*:\s*true|next(?:_?(?:page|cursor))?\"\s*:\s*\"[^\"])",
    re.I,
)
_EMPTY_THREAD = re.compile(
    rb"<(div|section|ol|ul)\b[^<>]{0,300}(?:comment|disqus|sylw|repl(?:y|ies)|thread|review|rating)[^<>]{0,300}>\s*</\1>",
    re.I,
)
"""The place of a thread that scripts would fill."""

_MORE_TEXT = re.compile(
    r"^[^\w\n]*(?:next(?: page)?|(?:older|newer|earlier) (?:comments|posts|entries|messages|replies)"
    r"|(?:load|show|view|read|see) (?:more|all|\d+)\b.*|\d+ more (?:repl|comment|post|answer|message|annotation)\w*"
    r"|continue this thread|nesaf|tudalen nesaf|sylwadau hŷn|negeseuon hŷn|rhagor|(?:dangos|gweld) (?:mwy|rhagor|\d).*)[^\w\n]*$",
    re.I | re.M,
)
_CUT = re.compile(r"(?:…|\.\.\.)\s*\w*(?:\s+\w+){0,2}\s*$")

_WALL = re.compile(
    r"\b(?:checking your browser|verify(?:ing)? (?:that )?you|are (?:a )?human|(?:re|are) (?:a human|not a bot)|youre not a bot"
    r"|captcha|unusual traffic|before you continue|cookies?|consent|cwcis|your (?:region|country)|from abroad"
    r"|eich gwlad|maintenance|cynnal a chadw|back (?:soon|shortly|later)|try again|try reloading|something went wrong"
    r"|temporarily|dros dro|ar gau|is closed|unavailable at|subscribe|tanysgrif\w*|log ?in|sign ?(?:in|up)|mewngofnod\w*"
    r"|(?:only|approved|invited) (?:\w+ )?(?:members|followers|readers)|domain is for sale|server error|runtime error)\b"
)
_ABSENT = re.compile(
    r"\b(?:not (?:be )?found|doesnt exist|does not exist|isnt here|no longer exists?|invalid (?:thread|topic|post)"
    r"|ni (?:ddaethpwyd o|chafwyd|ddaethpwyd) hyd|heb ei (?:chanfod|ganfod)|(?:nid|nad) ywr? .{0,30}\byn bod|ddim yn bod)\b"
)
STUB = re.compile(
    r"\b(?:deleted|removed|withdrawn|retracted|redacted|erased|expunged|taken down"
    r"|is_?deleted|is_?removed|not_?found|(?:di|ddi|ni)le[uw]\w*|dilewyd|ddilewyd|[td]ynn\w+)\b"
)
"""Words of a note that says a post was taken away: used only between standing neighbours."""

GUARDED = re.compile(
    r"\b(?:members?|log ?in|sign|subscribe|private|protected|permission|visible|available|who can see|hidden|suspended"
    r"|blocked|approval|approved|awaiting|pending|moved|split|merged|archived?|flagged|temporarily|collapsed|ignored"
    r"|region|country|translat\w+|sensitive|spoilers?|mature|warning|muted|show|view|reveal|expand|click|tap|false"
    r"|sensitif|dangos|gweld|datgelu|cliciwch|rhybudd|symudwyd|cudd|cuddiwyd|preifat|aelodau|mewngofnod\w*|cymeradw\w+|archif\w*)\b"
)
"""Words that tell of a fold, a fence or a removal to elsewhere: the post may stand behind it."""

FOLD = re.compile(
    r"(?=.*#|(?:one|two|three|un|dau|tri|show|view|see|hide|expand|open|dangos|gweld|cuddio|agor) )"
    r"(?:(?:show|view|see|read|hide|expand|open|load|dangos|gweld|cuddio|agor|darllen) )?(?:(?:the|all|yr|y|pob) )?"
    r"(?:(?:#|one|two|three|un|dau|tri) )?(?:(?:more|hidden|previous|earlier|other) )?"
    r"(?:repl(?:y|ies)|comments?|responses?|answers?|messages?|posts?|ateb(?:ion)?|sylw(?:adau)?|ymateb(?:ion)?"
    r"|neges(?:euon)?)(?: (?:hidden|arall|eraill|cudd|pellach))?"
)
"""A whole line that may be the lid of a fold, its digits alike: "1 reply", "Show reply"."""


def normalise(text: str) -> str:
    """Folded case, no accents, apostrophes or invisible signs; runs of anything but letters and digits as one space."""
    text = _APOSTROPHE.sub("", text)
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKD", text))
    return _WORD.sub(" ", text.casefold()).strip()


def fold_digits(line: str) -> str:
    """Counts, ages and numbers of pages change by themselves: all digits alike."""
    return _DIGITS.sub("#", line)


def list_lines(text: str) -> tuple[str, ...]:
    """The normalised lines that hold a word."""
    return tuple(line for line in (normalise(line) for line in text.splitlines()) if line)


def read_markup(answer: Fetched) -> bytes | None:
    """The markup of a page, or of a feed opened as one; None for JSON and plain text."""
    media_type = answer.media_type
    if media_type.endswith("xml") and "xhtml" not in media_type:
        return open_feed(answer.body)
    return answer.body if media_type in ("text/html", "application/xhtml+xml", "") else None


def has_quotes(answer: Fetched) -> bool:
    """May anything on the page be a quotation set apart?"""
    body, is_text = answer.body.lower(), answer.media_type.endswith(("/plain", "json"))
    if not is_text and not any(sign in body for sign in (b"quot", b"<q", b"&gt;")):
        return False
    return bool(_QUOTE_SIGN.search(answer.body))


def read_unquoted(answer: Fetched, *, nested_only: bool = False) -> str:
    """The page's text without what is set apart as a quotation.

    `nested_only` keeps the outermost quotation, for sites that set every post as one.
    """
    media_type, body = answer.media_type, answer.body
    if media_type.endswith(("/plain", "json")):
        text = read_page(body, media_type)
        text = _cut_quotes(text) if media_type.endswith("json") else text
    else:
        if media_type.endswith("xml") and "xhtml" not in media_type:
            body = open_feed(body)
        text = read_text(_drop_quotes(body, nested_only), "text/html")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))


def _cut_quotes(text: str) -> str:
    """JSON's text without quotations written as markup or with an angle sign. Linear, whatever is left open."""
    kept, at = [], 0
    while found := _QUOTE_OPEN.search(text, at):
        end = text.find(f"</{found.group(1)}>", found.end())
        if end < 0:
            break
        kept.append(text[at : found.start()])
        at = end
    return _QUOTE_MARK.sub(" ", " ".join([*kept, text[at:]]))


def _drop_quotes(body: bytes, nested_only: bool) -> bytes:
    from lxml import etree  # type: ignore[import-untyped]
    from trafilatura.utils import load_html

    tree = load_html(body)
    if tree is None:
        return body
    quotes = [
        element
        for element in tree.iter("*")
        if element.tag in ("blockquote", "q")
        or (element.tag not in ("html", "body") and _QUOTE_CLASS.search(element.get("class") or ""))
    ]
    known = set(quotes)
    for element in quotes:
        is_nested = any(above in known for above in element.iterancestors())
        if element.getparent() is not None and (is_nested or not nested_only):
            element.drop_tree()
    dropped: bytes = etree.tostring(tree, method="html", encoding="utf-8")
    return b"<meta charset=utf-8>" + dropped


def is_between_marks(line: str, passage: str) -> bool:
    """Does a line of more words hold the passage only between quotation marks?"""
    if len(line) > LONGEST_QUOTING_LINE:
        return False
    here = f" {normalise(line)} ".count(f" {passage} ")
    between = sum(
        f" {normalise(''.join(part or '' for part in found.groups()))} ".count(f" {passage} ")
        for found in _BETWEEN_MARKS.finditer(line)
    )
    return here > 0 and between >= here and normalise(line) != passage


def is_cut_short(text: str, passage: str) -> bool:
    """Does a line end in an ellipsis after nothing but the passage's first words?"""
    for line in text.splitlines():
        if found := _CUT.search(line):
            start = normalise(line[: found.start()])
            if len(start.split()) >= 3 and passage.startswith(f"{start} "):
                return True
    return False


def has_more(answer: Fetched, text: str) -> bool:
    """Is there more of the page at another address, or folded away?"""
    return bool(
        _MORE_HTML.search(answer.body) or _EMPTY_THREAD.search(answer.body) or _MORE_TEXT.search(text)
    )


def has_new_fold(lines: Sequence[str], known: Sequence[str]) -> bool:
    """Is there a line such as "1 reply", not there before, behind which a post may be?"""
    before = {fold_digits(line) for line in known}
    return any(FOLD.fullmatch(line) and line not in before for line in map(fold_digits, lines))


def has_password(answer: Fetched) -> bool:
    """Is there a field for a password?"""
    return bool(_PASSWORD.search(answer.body))


def leads_to_login(answer: Fetched) -> bool:
    """Was the request led to an address of signing in?"""
    return answer.url_final != answer.url_requested and bool(
        _LOGIN_PATH.search(urlsplit(answer.url_final).path)
    )


def is_shell(answer: Fetched, text: str) -> bool:
    """Too few words to judge by: none at all, or few beside scripts."""
    words = text.split()
    return not words or (len(words) < FEW_WORDS and b"<script" in answer.body.lower())


def is_wall(lines: Sequence[str]) -> bool:
    """Do these lines read like a page put in front of another: a check, a consent, a closure?"""
    return any(_WALL.search(line) for line in lines)


def says_absent(lines: Sequence[str]) -> bool:
    """Do these lines say that an address is not known? Believed only together with a control."""
    return any(_ABSENT.search(line) for line in lines)


def is_same_answer(one: Fetched, other: Fetched) -> bool:
    """Do two answers say the same, but for numbers and the addresses themselves? Up to three words may differ."""
    asked = set(normalise(f"{one.url_requested} {other.url_requested}").split())
    counts = [
        Counter(
            word
            for word in normalise(read_page(answer.body, answer.media_type)).split()
            if word not in asked and not _DIGITS.search(word)
        )
        for answer in (one, other)
    ]
    differing = sum((counts[0] - counts[1]).values()), sum((counts[1] - counts[0]).values())
    return one.status == other.status and bool(counts[0]) and max(differing) <= 3
