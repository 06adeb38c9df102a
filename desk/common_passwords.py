"""Which passwords everybody tries first: those of a list from real breaches (zxcvbn's), and by rule from our own words in English and Welsh.

By the rule a password is common when little is left of it once its words, years, rows of keys and repeats are taken away. Four or more
different words beside each other are a phrase and pass. The list holds what nobody thinks of by rule; the rule knows Welsh, and every year.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORDS = """
password passwd passwort passw0rd pass parole secret private login logon signin admin administrator root user guest test tester testing
demo default changeme change temp temporary letmein letme open access enter welcome hello hiya hey hi bye computer laptop internet
google facebook twitter instagram tiktok snapchat youtube reddit apple microsoft windows samsung android iphone nokia amazon netflix
school skool teacher head headteacher pupil student class lesson office staff learn maths english science history homework
croeso cymru cymraeg wales welsh ysgol athro athrawes pennaeth disgybl dosbarth cyfrinair cyfrinachol mynediad helo shwmae bore da nos
draig dragon caerdydd cardiff abertawe swansea wrecsam wrexham bangor gwynedd eryri snowdon cariad mamgu tadcu nain taid hiraeth cwtch
london england britain scotland ireland liverpool arsenal chelsea everton manchester united city rangers celtic tottenham spurs
football rugby cricket soccer baseball basketball hockey tennis golf goal player champion winner legend
monkey tiger lion bear eagle falcon phoenix wolf panda dolphin kitty kitten cat dog puppy horse pony rabbit bunny chicken turtle
butterfly flower rose lily daisy sunflower cherry banana orange lemon apple peach cookie chocolate cheese coffee pepper ginger sugar
sunshine rainbow summer winter autumn spring snow storm thunder star moon ocean river forest mountain island
love lover loveme iloveyou loveyou princess prince queen king angel baby babe honey sweet sweetie sweetheart darling beautiful pretty cutie
hottie sexy lucky happy smile smiley friend friends family mother father mum mummy mom mam dad daddy brother sister son
superman batman spiderman superstar starwars pokemon pikachu matrix ninja samurai pirate hunter killer shadow master mustang ferrari
porsche mercedes corvette harley yamaha honda toyota camaro trustno freedom whatever nothing anything something fuckyou fuck shit
asshole bitch qazwsx qweasd zaqwsx asd qwe zxc abc xyz aaa
michael jennifer jessica jordan ashley thomas daniel robert andrew joshua matthew charlie george william hannah amanda nicole samantha
michelle maggie buster harley sophie oliver jack harry emily lucy megan rhys dylan owen gareth gwen sian carys ffion huw ieuan llyr
sarah laura david james john paul peter mark steven martin richard anthony justin brandon tyler austin jasmine
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday ionawr chwefror mawrth ebrill mehefin gorffennaf awst medi hydref tachwedd rhagfyr
christmas nadolig easter birthday holiday money dollar diamond golden silver blue red green black white purple yellow pink
hockey guitar music piano dancer dance rock metal jazz soldier police doctor nurse computer gamer game player one two three the my is i you me and
mentionwatch jesus christ heaven faith grace hope
"""
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p", "147258369", "159753",
)  # fmt: skip
_LEET = str.maketrans({"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "!": "i", "€": "e", "£": "l", "+": "t"})  # fmt: skip
_LEAST_RUN = 3
_LEAST_LEFT = 5
"""So many signs that no rule explains make a password one's own."""

_PHRASE_WORDS, _PHRASE_SIGNS = 4, 16
_LEAST_DISTINCT = 5
_DIGITS_ONLY = 15


@lru_cache(maxsize=1)
def _stems() -> tuple[str, ...]:
    return tuple(sorted(set(_WORDS.split()), key=len, reverse=True))


@lru_cache(maxsize=1)
def listed() -> frozenset[str]:
    """30,000 passwords as real breaches had them, in small letters; 11,600 of them are long enough to be asked about."""
    # Here: the file weighs 0.8 MB, and only who chooses a password needs it.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def is_common(password: str, about: tuple[str, ...] = ()) -> bool:
    """Is it among what everybody tries, or made of what is known about the person? `about`: login, names, the school."""
    plain = _fold(password)
    if plain in listed() or password.lower() in listed():
        return True
    if len(set(plain)) < _LEAST_DISTINCT or _is_repeat(plain):
        return True
    if plain.isdigit() and len(plain) < _DIGITS_ONLY:
        return True
    own = tuple(sorted({word for text in about for word in _words_of(text)}, key=len, reverse=True))
    readings = {plain} | {plain.replace("1", one).translate(_LEET) for one in "il"}
    return any(_is_explained(each, own) for each in (*readings, *(reading[::-1] for reading in readings)))


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign) and not sign.isspace())


def _words_of(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in folded if not unicodedata.combining(sign))
    words = {word for word in re.findall(r"[^\W_]+", kept) if len(word) > 2}
    return words | {"".join(re.findall(r"[^\W_]+", kept))} - {""}


def _is_repeat(text: str) -> bool:
    return any(
        text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, len(text) // 2 + 1)
    )


def _is_explained(text: str, own: tuple[str, ...]) -> bool:
    found: set[str] = set()
    left = text
    for word in own:
        left = left.replace(word, " ")
    for stem in _stems():
        if stem in left:
            left = left.replace(stem, " ")
            found.add(stem)
    if len(found) >= _PHRASE_WORDS and len(text) >= _PHRASE_SIGNS:
        return False
    left = re.sub(r"(?:19|20)\d\d|\d{1,4}$|^\d{1,4}", " ", _without_rows(left))
    left = re.sub(r"(.)\1+", r"\1", left)
    return len(re.findall(r"\w", left)) < _LEAST_LEFT


def _without_rows(text: str) -> str:
    """Without what lies side by side on a keyboard, in the alphabet or in counting, forwards or backwards."""
    kept, at = "", 0
    while at < len(text):
        end = at + 1
        while end < len(text) and any(
            text[at : end + 1] in row or text[at : end + 1] in row[::-1] for row in _ROWS
        ):
            end += 1
        if end - at >= _LEAST_RUN:
            kept += " "
        else:
            kept += text[at:end]
        at = end
    return kept
