"""Does a text say that it does not speak for the school? Shown to people; its absence says nothing (L03)."""

from __future__ import annotations

import re

_SAYS_SO = re.compile(
    r"\b(?:(?:all )?(?:views|opinions|thoughts|tweets|posts)(?: expressed)?(?: here)? (?:are )?(?:all )?(?:my|our) own(?: and not (?:those|that) of (?:the|my) \w+)?"
    r"|(?:i am )?not (?:speaking |posting |writing )?(?:on behalf of|for) (?:the|my) (?:school|employer)"
    r"|(?:in (?:a|my) )?(?:purely |strictly )?personal (?:capacity|opinion)"
    r"|(?:views|opinions) (?:do not|don['’]t) (?:represent|reflect) (?:those of )?(?:the|my) (?:school|employer)"
    r"|(?:fy )?(?:m)?arn(?:au)? (?:fy hun|bersonol)|(?:b|f)arn bersonol"
    r"|nid (?:wyf(?: i)?(?:'n| yn) (?:siarad|ysgrifennu) )?ar ran (?:yr|fy) (?:ysgol|nghyflogwr)"
    r"|nid yw(?:'r| y) (?:safbwyntiau|sylwadau|farn)(?: hyn)? yn (?:adlewyrchu|cynrychioli) (?:barn )?(?:yr ysgol|fy nghyflogwr))",
    re.IGNORECASE,
)


def find_disclaimer(text: str) -> str:
    """The words that say so, as they stand, or an empty text. English and Welsh."""
    found = _SAYS_SO.search(text)
    return " ".join(found[0].split()) if found else ""
