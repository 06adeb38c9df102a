"""The forms a school's names take in running text, compiled once per school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from classifiers import welsh
from classifiers.places import is_town
from mentionwatch.naming import PHASES, SCHOOL_WORDS, NameParts, parse_name, word_set, words
from mentionwatch.school import SchoolProfile

EVERYDAY = word_set(
    "park hill green church bridge star oasis field wood woods garden gardens house farm mill lodge court common heath valley "
    "view village town city road street lane north south east west new old high low great little castle abbey manor grange "
    "meadow meadows orchard willow beech ash elm oak oaks rowan holly lime poplar cedar sycamore acorn rainbow sun sunny unity "
    "harmony discovery phoenix horizon pioneer summit royal king queen kings queens prince princess academy school college "
    "community lakes lake river sea harbour beacon central first junior infant primary free open forest spring summer "
    "bryn parc castell bont mor dyffryn felin maes coed y yr the"
)
"""Words of every day: alone they never name a school, and "Hyde Park Academy" is not Park Academy."""

_SHARED = EVERYDAY | word_set(
    "st saint holy all saints souls cross trinity christ sacred heart our lady blessed family rood name spirit angels emmanuel "
    "mary marys joseph josephs john johns peter peters paul pauls james thomas michael michaels andrew andrews george georges "
    "david davids patrick patricks luke lukes mark marks matthew matthews anne annes ann margaret margarets catherine catherines "
    "elizabeth elizabeths nicholas stephen stephens martin martins edward edmund edmunds francis bede bedes aidan cuthbert oswald "
    "wilfrid wilfrids barnabas philip philips bartholomew lawrence laurence augustine benedict bernadette teresa theresa therese "
    "anthony helen helens alban albans giles clare agnes cecilia columba gregory vincent xavier winefride baptist evangelist "
    "apostle magdalene queen kings vi vii viii the and of at on in by y yr dewi sant santes mair fair "
    "hillside woodlands woodland riverside lakeside moorside brookside parkside seaside greenfield greenfields highfield highfields "
    "springfield springfields fairfield westfield northfield southfield eastfield parklands brookfield brookfields oakfield oakfields "
    "oakwood beechwood elmwood westwood northwood southwood eastwood broadway victoria albert alexandra coronation jubilee "
    "elms firs pines hollies limes beeches hawthorn hawthorns ashfield whitefield grove crescent avenue heights side top view bank banks "
    "brook vale dale moor lea lee leas lees hall downs down rise mount mountain cliff sands bay island upper lower nether middle "
    "northgate southgate westgate eastgate churchfield churchfields kingsway queensway glan gerddi craig bro deg newydd"
)
"""Words that many schools' names are made of: a core of nothing else needs a term of place beside it."""

# What may stand before a one-word everyday name without lengthening it.
PLAIN_BEFORE = word_set(
    "the at to of from for in with by on and or but my our your his her their this that these those is was are were be been has had "
    "have do does did not no as than then so if when while because about against near via v vs versus via like love loved loves hate "
    "hates hated visit visited visiting join joined joins attend attends attended attending support supporting leave leaving left "
    "leaves beat beats choose chose choosing recommend avoid thank thanks you well done congratulations congrats dear poor lovely "
    "best local good great at into outside inside around after before under rt fao re year pupils staff parents teachers kids head "
    "headteacher plant staff rhieni athrawon yn i o a ac am ar gan hi mae yr y ein hen ysgol gynradd uwchradd gyfun it he she they we "
    "start starts started go goes going went"
)
# A word right after (or before) a core that makes it the name of something else.
OTHER_THINGS = word_set(
    "church chapel cathedral parish ward hospital hospice surgery clinic pharmacy university road street lane avenue close drive grove "
    "crescent way place square terrace station hotel inn pub arms bar restaurant cafe club fc afc rfc cc united city rovers rangers "
    "town athletic wanderers albion stadium ground beach sailing golf cricket football rugby tennis bowls boat yacht lifeboat harbour "
    "estate farm shop shops retail centre market hall library museum gallery garden gardens walled house care home homes nursing manor "
    "lodge tower bridge bypass roundabout junction island festival feast day sunday sul riding driving dance dancing swimming language "
    "surf medal award cinema theatre bus hill reservoir woods wood mountain walk eglwys capel ysbyty gwyl dydd clwb traeth neuadd "
    "tafarn gwesty fferm ffordd stryd heol lon maes sioe sesiwn coleg council constituency "
    "railway observatory gp vets garage trust monastery convent priory abbey square"
)
TITLES = word_set("mr mrs ms miss dr sir lord lady professor prof councillor cllr mp dame")
STRONG = word_set(
    "school schools ysgol hysgol ysgolion academy headteacher headmaster headmistress prifathro prifathrawes brifathro brifathrawes "
    "pennaeth bennaeth principal secondary primary gynradd uwchradd"
)
SOFT = STRONG | word_set(
    "teacher teachers teaching pupil pupils class classroom classes gcse gcses sats ofsted estyn assembly governor governors pta "
    "homework uniform detention detentions canteen lessons lesson playground nativity prom reception lunchtime kids children year "
    "athro athrawes athrawon disgybl disgyblion dosbarth plant rhieni llywodraethwyr gwaith cartref tgau head deputy parents evening "
    "sixth form y7 y8 y9 y10 y11 y6 y5 exam exams curriculum sen send"
)
LLAN_ENDINGS = word_set(
    "caereinion talhaiarn pwllgwyngyll pwll clydogau dyffryn mathafarn nant pont waterdine kilgeddin discoed"
)
"""Second words of Welsh villages that share their first: Llanfair Caereinion is not Llanfair."""
_HEAD_NOUNS = ("ysgol", "ysgolgynradd", "ysgoluwchradd", "ysgolgyfun", "ysgolgymraeg")
_TAIL_NOUNS = ("school", "primary", "academy", "college", "infant", "infants", "junior", "juniors", "high", "highschool", "primaryschool", "infantschool", "juniorschool", "secondary", "communityschool")  # fmt: skip


def glue(text: Iterable[str]) -> str:
    """Words run together, as a hashtag does."""
    return "".join(text)


def is_one_edit(word: str, target: str) -> bool:
    """One letter wrong, missing, doubled or swapped, never the first (Mansfield is not Cansfield)."""
    if word == target or not word or not target or word[0] != target[0] or abs(len(word) - len(target)) > 1:
        return False
    start = 0
    limit = min(len(word), len(target))
    while start < limit and word[start] == target[start]:
        start += 1
    a, b = word[start:], target[start:]
    return (
        a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:] and len(a) > 1)
    )


def _saint_variants(core: tuple[str, ...]) -> set[tuple[str, ...]]:
    """St Mary, St Mary's; Ss Peter and Paul, St Peter and St Paul's."""
    choices: list[tuple[tuple[str, ...], ...]] = []
    for n, word in enumerate(core[:6]):
        bare = word.rstrip("s") if len(word) > 3 else word
        if word in ("st", "and"):
            choices.append(((word,),))
        elif core[n - 1] == "st" or core[n - 1] == "and":
            forms = {bare, f"{bare}s", f"{bare}ss" if word == "james" else word, word}
            singles: list[tuple[str, ...]] = [(form,) for form in sorted(forms)]
            doubled: list[tuple[str, ...]] = (
                [("st", form) for form in sorted(forms)] if core[n - 1] == "and" else []
            )
            choices.append(tuple(singles + doubled))
        else:
            choices.append(((word,),))
    return {
        tuple(word for piece in combination for word in piece) + core[6:] for combination in product(*choices)
    }


@dataclass(frozen=True, slots=True)
class Core:
    """One core of the school's names, with every spelling it is found by.

    `exact`, `possessive` and `mutated` are glued spellings, `forms` all of them with their sort. `is_shared`: other schools have it too, so it
    needs a term of place. `typo_word` is the long word of a distinctive core in which one slip is forgiven
    (empty: none), at `typo_at`.
    """

    words: tuple[str, ...]
    shown: str
    phases: frozenset[str]
    faiths: frozenset[str]
    school_words: frozenset[str]
    exact: frozenset[str]
    possessive: frozenset[str]
    mutated: frozenset[str]
    tags: frozenset[str]
    forms: tuple[tuple[str, str], ...]
    is_shared: bool
    is_everyday: bool
    is_place: bool
    is_typed: bool
    is_whole: bool
    typo_word: str
    typo_at: int

    @property
    def glued(self) -> str:
        return glue(self.words)

    @property
    def is_saintly(self) -> bool:
        return self.words[0] == "st"


def _core(parts: NameParts, shown: str, places: frozenset[str], rivals: frozenset[str]) -> Core:
    key = parts.core
    joined = glue(key)
    saintly = "st" in key
    exact = {glue(variant) for variant in _saint_variants(key)} if saintly else {joined}
    everyday = all(word in EVERYDAY for word in key)
    shared = all(word in _SHARED for word in key) or joined in rivals
    first, rest = key[0], glue(key[1:])
    can_mutate = not everyday and not saintly and len(joined) >= 5
    mutated = {glue((form, rest)) for form in welsh.mutations(first)} if can_mutate else set()
    typo_at = max(range(len(key)), key=lambda n: len(key[n]))
    longest = key[typo_at]
    typo = not shared and not saintly and len(longest) >= (7 if len(key) == 1 else 6) and parts.is_typed
    tags: set[str] = set()
    if parts.is_typed and not parts.is_whole:
        for form in exact:
            tags |= {noun + form for noun in _HEAD_NOUNS} | {form + noun for noun in _TAIL_NOUNS}
            if saintly:
                tags |= {form.replace("st", "saint", 1) + noun for noun in _TAIL_NOUNS}
    elif parts.is_whole:
        tags = {joined}
    possessive = set() if saintly else {f"{form}s" for form in exact} - exact
    mutated -= exact
    sorts = (("exact", exact), ("possessive", possessive), ("mutated", mutated))
    return Core(
        words=key, shown=shown, phases=parts.phases, faiths=parts.faiths, school_words=parts.school_words,
        exact=frozenset(exact), possessive=frozenset(possessive), mutated=frozenset(mutated), tags=frozenset(tags),
        forms=tuple((form, sort) for sort, found in sorts for form in sorted(found)),
        is_shared=shared, is_everyday=everyday, is_place=joined in places or is_town(key),
        is_typed=parts.is_typed, is_whole=parts.is_whole,
        typo_word=longest if typo else "", typo_at=typo_at,
    )  # fmt: skip


def _is_tag(name: str) -> bool:
    """A hashtag of the school ("YsgolLlanbedrog"), which the cores already recognise."""
    text = words(name)
    return (
        len(text) == 1 and len(text[0]) > 8 and (text[0].startswith("ysgol") or text[0].endswith(_TAIL_NOUNS))
    )


def build_cores(profile: SchoolProfile) -> tuple[Core, ...]:
    """The distinct cores of `name` and `names`; the official one first."""
    places = frozenset(glue(words(place)) for place in profile.places)
    rivals = frozenset(glue(parse_name(rival.name).core) for rival in profile.look_alikes)
    merged: dict[tuple[str, ...], tuple[NameParts, str]] = {}
    needs_place: set[tuple[str, ...]] = set()
    for name in (profile.name, *profile.names):
        parts = parse_name(name)
        if not parts.core or (name != profile.name and not parts.is_typed and _is_tag(name)):
            continue
        if all(word in SCHOOL_WORDS or word in PHASES for word in parts.core):
            parts = NameParts(words(name), is_typed=True, is_whole=True)
        if parts.is_whole:
            short = tuple(word for word in parts.core if word not in SCHOOL_WORDS)
            if short and short != parts.core:
                merged.setdefault(short, (NameParts(short, school_words=parts.school_words), name))
            last = len(parts.core) - 1
            school_at = max((n for n, word in enumerate(parts.core) if word in SCHOOL_WORDS), default=last)
            ending = parts.core[school_at + 1 :]
            if ending and ending != short:  # "Redbrook Academy", which needs its place beside it
                merged.setdefault(ending, (NameParts(ending, school_words=parts.school_words), name))
                needs_place.add(ending)
        if parts.core not in merged:
            merged[parts.core] = (parts, name)
    rivals |= {glue(core) for core in needs_place}
    return tuple(_core(parts, name, places, rivals) for parts, name in merged.values())


def anchors(core: Core) -> frozenset[str]:
    """Short pieces of which any hit, slip or mutation of `core` must contain one: the fast way to say no."""
    glued = core.glued
    if core.typo_word:
        half = len(glued) // 2
        swapped = glued[half - 2] + glued[half] + glued[half - 1] + glued[half + 1]
        # One slip leaves one half whole, or swaps the two letters where the halves meet.
        return frozenset({glued[:half], glued[half:], swapped})
    longest = max(core.words, key=len)
    if core.mutated and longest == core.words[0] and len(longest) > 4:
        return frozenset({longest[2:]})
    stem = longest.rstrip("s") if core.is_saintly and len(longest) > 3 else longest
    return frozenset({stem})
