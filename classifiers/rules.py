"""Rules for what is regular: weapons with intent, telephone numbers, addresses, plain slurs, indecent images.

A rule may raise a mention to a person and suggest a route. It never labels and never lowers: keyword
rules for threats do not generalise, and quoting abuse is not abusing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifiers.unmask import unmask
from mentionwatch.labels import Harm, Route

RULES_VERSION = "rules-4"


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern, the harm it may point at, and the route it suggests."""

    name: str
    why: str
    harm: Harm
    route: Route
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class RuleHit:
    """Where a rule matched: [start, end) in the text it was given; None where only the unmasked text shows it.

    `is_reported`: it reads like news of a court case, a lesson or a policy there, and nobody speaks of himself.
    """

    rule: Rule
    span: tuple[int, int] | None
    is_reported: bool = False


def _compile(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_SOMEONE = r"(?:him|her|them|you|u|ya|(?:that|the|this|their|his|her|every|some)\s+(?:\w+\s+){0,2}\w+|(?:mr|mrs|ms|miss|dr|sir)\.?\s+\w+)"
_INTENT = r"\b(?:i(?:'|’)?(?:ll|m gonna|m going to|mma|d)|i am going to|i will|i shall|we(?:'|’)?(?:ll|re going to)|we will|gonna|someone (?:should|needs to|ought to)|somebody (?:should|needs to|ought to))\b"
_BODY = r"(?:legs?|neck|arms?|nose|jaw|face|bones|fingers|back|head|skull|knee ?caps?|teeth|ribs|throat)"
_WELSH_INTENT = r"(?:wna(?:i|f)|nai|na i|bydda(?:f)? i(?:'|’)?n|(?:dwi|dw i|wi|rwy|rydw i|ry'n ni|fi)(?:'|’)?n mynd i|(?:dwi|dw i|rwyf|rydw i|wi) am|mae angen i rywun|dylai rhywun)"
_WELSH_SOMEONE = r"(?:fo|fe|hi|nhw|ti|chi|o|y\s+\w+|\w+)"

RULES: tuple[Rule, ...] = (
    Rule(
        "threat-of-violence",
        "speaks of violence against people",
        Harm.THREAT,
        Route.POLICE,
        _compile(
            rf"\b(?:i(?:'|’)?(?:ll|m gonna|m going to|mma)|i will|i(?:'|’)?d|we(?:'|’)?ll|gonna|going to|want to|wanna)\s+(?:\w+\s+){{0,2}}(?:kill|stab|shoot|batter|smash|knife|slit|strangle|burn|murder|do time for|break)\s+{_SOMEONE}",
            rf"{_INTENT}[^.!?\n]{{0,80}}\b(?:kill|stab|shoot|batter|strangle|hurt|beat|punch|kick|slap|knife|run over|set fire to)\s+(?:the\s+(?:shit|crap|hell|life)\s+out\s+of\s+)?(?:him|her|them|you|u|ya|that|every|the head|the teachers?|mr|mrs|ms|miss)\b",
            rf"\b(?:break|smash|snap|cut|kick|cave|punch|bash|slit|stamp on)\s+(?:his|her|their|your|ur|that\s+\w+(?:'|’)s)\s+(?:\w+\s+)?{_BODY}\b",
            r"\b(?:i(?:'|’)?m|im|i am|i(?:'|’)?ll be|we(?:'|’)?re)\s+(?:bringing|carrying|packing|coming (?:in )?with|taking)\s+(?:\w+\s+){0,3}(?:knife|knives|gun|machete|acid|petrol|bomb|blade|shank|hammer|axe)\b",
            rf"\b(?:break|smash|cave|kick|punch|bash|stamp on)\s+(?:the|that|this|our)\s+(?:\w+\s+){{0,2}}\w+?(?:'|’)?s\s+{_BODY}\b(?:\s+in\b)?",
            r"\bburn\s+down\s+(?:the|that|this|your|our)\s+(?:\w+\s+){0,3}(?:school|office|block|hall|building|classroom|library|gym|house|place|lot)\b",
            r"\b(?:i(?:'|’)?ll|i will|i(?:'|’)?m going to|i(?:'|’)?m gonna|we(?:'|’)?ll|we will|gonna)\s+(?:torch|burn|firebomb|petrol.?bomb|blow up)\s+(?:it|that|this|the|your|their)\b",
            r"\bl{1,2}osg(?:a|wn|af|i) i?(?:(?:'|’)r)?\s*(?:\w+\s+){0,2}(?:i(?:'|’)r llawr|lle|ysgol|adeilad|swyddfa)\b",
            r"\b(?:am|mynd i|isio|eisiau|moyn|dylai rhywun)\s+(?:f|m|ch|c|dd|d|t|th)\w*(?:alu|icio|yrnu|orri)\s+(?:ei |eu |dy |eich )?(?:wyneb|g?w[yi]neb|g?wep|pen|ben|phen|trwyn|drwyn|gwddw|wddw|coesau|goesau)\b",
            r"(?:^|[.!?\n]\s*)(?:kill|stab|shoot|murder|hang|lynch|behead)\s+(?:(?:the|that|this|all|every|those|our)\s+)?(?:\w+\s+){0,1}(?:head|teachers?|headteacher|headmaster|headmistress|deputy|staff|governors?|pupils?|kids|principal|caretaker|mr|mrs|ms|miss|him|her|them)\b",
            r"\b(?:should|ought to|needs? to|must|deserves? to)\s+(?:all\s+)?be\s+(?:\w+\s+)?(?:shot|stabbed|hanged|hung|killed|beheaded|lynched|burned alive|burnt alive|put down|beaten up|battered)\b(?!\s+from)",
            r"\b(?:get|gets|getting|got)\s+what(?:(?:'|’)?s| is)\s+coming\s+to\s+(?:him|her|them|you|u|ya)\b",
            r"\benjoy\s+(?:your|his|her|their)\s+last\s+(?:christmas|birthday|summer|easter|supper|weekend|breath|few days)\b",
            r"\bmwynh\w+\s+(?:eich|dy|ei|eu)\s+(?:n|d)\w*\s+(?:olaf|ola)\b",
            r"\b(?:efo|â|a|gyda)(?:(?:'|’)r)\s+(?:gwn|gyllell|cyllell|bwyell|petrol|bom)\b",
            r"\b(?:lladdwch|saethwch|trywanwch|llosgwch|crogwch|lladda|saetha|llosga)\s+(?:(?:yr?|y|pob|holl|bob)\s+|(?:yr?\s+)?)(?:ysgol|pennaeth|bennaeth|athrawon|athro|athrawes|brifathr\w+|prifathr\w+|dirprwy|staff|lle|swyddfa|adeilad|nhw|fo|fe|hi)\b",
            r"\byou(?:'|’)?(?:re|r| are)?\s+(?:all|both)\s+(?:dead|gonna die|going to die)\b",
            r"\b(?:deserves?|needs?|wants?)\s+(?:to be\s+|to get\s+|a\s+)?(?:shot|stabbed|stabbing|hanged|hung|shooting|killed|battered|lynched|burned alive)\b",
            r"\b(?:bring(?:ing)?|take|taking|carry(?:ing)?|got)\s+(?:\w+\s+){0,2}(?:a\s+|my\s+)?(?:knife|gun|machete|acid|petrol|bomb|blade|shank)\b(?=.{0,60}\b(?:school|teacher|head|gate|class|him|her|them|staff)\b)",
            r"\b(?:burn|blow|shoot|bomb|torch)(?:ing)?\s+(?:(?:the|that|this|your|our)\s+)?(?:\w+\s+){0,2}(?:school|place|building)\s*(?:down|up)?\b",
            r"\bwatch (?:your|ur|his|her|their) back\b",
            r"\bi know where (?:you|u|he|she|they) lives?\b",
            rf"\b{_WELSH_INTENT}\s+(?:\w+\s+){{0,6}}(?:ladd|lladd|saethu|drywanu|trywanu|losgi|llosgi|hitio|golbio|leinio|waldio|guro|curo|churo|frifo|brifo)(?:(?:'|’)r\s+\w+|\s+{_WELSH_SOMEONE})",
            r"\b(?:haeddu|angen|isio|eisiau|moyn)\s+(?:\w+\s+){0,2}(?:ei |'i |eu )?(?:saethu|ladd|lladd|grogi|crogi|chrogi|losgi|llosgi|guro|churo|waldio|stido|drywanu)\b",
            r"\bllosgi(?:'|’)?r? (?:\w+\s+){0,2}ysgol\b",
            r"\b(?:efo|â|a|gyda|gyda'r|hefo|dod|dwad|cario)\s+(?:\w+\s+){0,2}(?:ch?yllell|gyllell|cyllyll|chyllyll|gwn|bwyell|morthwyl|asid|phetrol|petrol|bom)\b",
            r"\b(?:t|d|th|nh)orr\w*\s+(?:\w+\s+){0,2}(?:ei |'i |dy |eich )?(?:g?wddw|g?wddf|g?wddwg|phen|pen|coesau|goesau|esgyrn)\b",
            r"\b(?:waiting|wait|be there|find|get|come)\b(?:\s+\w+){0,8}\s+with (?:a|my|the)\s+(?:knife|hammer|bat|gun|machete|crowbar|axe|blade|bottle|petrol)\b",
            r"\b(?:end up|put (?:him|her|them|you)|be)\s+in (?:a )?(?:hospital|a coffin|the ground|a grave|a body ?bag)\b",
        ),
    ),
    Rule(
        "telephone-number",
        "gives a telephone number",
        Harm.PRIVACY,
        Route.INTERNAL,
        re.compile(r"(?<![\d./-])(?:\+44\s?\d{2,4}|\(?0\d{2,4}\)?)[\s-]?\d{3,4}[\s-]?\d{3,4}(?![\d/-])"),
    ),
    Rule(
        "home-address",
        "gives an address where somebody lives",
        Harm.PRIVACY,
        Route.POLICE,
        _compile(
            r"\b(?:lives?|living|live|home|house|address is|find (?:him|her|them)|byw|adre)\b(?:\s+\w+){0,3}\s++(?:(?:at|on|in|is|yn|am)\s*+)?(?:(?:number|no\.?|rhif)\s*+)?\d{1,4}[a-d]?,?\s+(?:\w+[\s-]){1,3}(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|crescent|terrace|way|gardens|grove|court|place|heol|ffordd|stryd|lôn|lon|maes|rhodfa|clos|teras)\b",
            r"\b(?:lives?|byw)\b(?:\s+\w+){0,3}\s++(?:(?:at|on|in|yn|ar|am)\s*+)?\d{1,4}[a-d]?,?\s+(?:heol|ffordd|stryd|lôn|lon|maes|rhodfa|clos|teras|bryn|tan)\b",
        ),
    ),
    Rule(
        "slur",
        "uses a slur against a group of people",
        Harm.HATE,
        Route.POLICE,
        _compile(
            r"\b(?:p[a@]k[i1!]s?|n[i1!]gg(?:er|a)s?|w[o0]gs?|ch[i1!]nks?|g[o0]ll[iy]w[o0]gs?|sp[a@]st[i1]cs?|r[e3]t[a@]rd(?:ed|s)?|m[o0]ngs?|f[a@]gg?(?:ot)?s?|tr[a@]nn(?:y|ies)|p[i1]key?s?|g[y]pp?os?|k[i1]kes?|t[o0]wel\s?heads?|sheep\s?shagg(?:er|ing)s?)\b"
        ),
    ),
    Rule(
        "child-at-risk",
        "says that a child may be at risk, or that an adult may have harmed one",
        Harm.HARASSMENT,
        Route.SAFEGUARDING,
        _compile(
            r"\b(?:groom(?:ed|ing|er)|paedo(?:phile)?s?|pedo(?:phile)?s?|p[ae]?edos?|nonces?|molest\w*|child abuser?)\b",
            r"\b(?:touched|touching|kissed|messag(?:ed|ing)|text(?:ed|ing)|hit|hurt|grabbed|slapped|restrained)\s+(?:\w+\s+){0,3}(?:pupils?|girls?|boys?|child(?:ren)?|kids?|my (?:son|daughter)|year \d+)\b",
            r"\b(?:self[ -]?harm\w*|suicid\w*|kill(?:ing)? (?:my|him|her|them)sel(?:f|ves)|end (?:his|her|my) life)\b",
            r"\b(?:wants?|wanted|wish(?:es)?)\s+(?:to die|(?:i|he|she|they) (?:was|were) dead|to be dead|to end it)\b",
            r"\b(?:do(?:n(?:'|’)?t|es(?:n(?:'|’)?t)?)|did(?:n(?:'|’)?t)|never|no longer|not)\s+wants?\s+to\s+(?:live|be alive|be here (?:any ?more|no more)|wake up)\b",
            r"\bbetter off (?:dead|without me)\b|\bend(?:ing)? it all\b|\b(?:took|take|taking|taken) (?:an overdose|(?:his|her|my|their) own life)\b",
            r"\b(?:cut(?:s|ting)?|burn(?:s|ing|t)?|hurt(?:s|ing)?)\s+(?:(?:her|him|my|them)sel(?:f|ves)|(?:her|his|my|their)\s+(?:own\s+)?(?:arms?|wrists?|legs?|thighs?))\b",
            r"\b(?:my|his|her|their)\s+(?:mum|mam|mom|dad|step-?dad|step-?mum|father|mother|parents|uncle|carer)\s+(?:hits?|beats?|hurts?|kicks?|punches|burns?|locks?)\s+(?:me|him|her|them)\b",
            r"\b(?:isio|eisiau|eisie|moyn|ishe|am)\s+(?:f)?marw\b(?!\s+(?:o|am|i)\b)|\b(?:isio|eisiau|eisie|moyn|ishe)\s+byw\s+(?:dim|mwy|rhagor)\b",
            r"\b(?:r|rh)oi diwedd ar (?:y cyfan|y cwbl|bopeth|fy mywyd|ei bywyd|ei fywyd|fy hun)\b|\bgwell\s+(?:\w+\s+){0,4}(?:wedi marw|ddim yma|tawn i(?:'|’)n farw)\b|\b(?:well|gwell) (?:gen i|gin i|(?:'|’)?da fi|gyda fi) (?:\w+\s+){0,2}(?:wedi )?marw\b",
            r"\b(?:torri|niweidio|brifo) (?:fy|ei|eu) (?:h?un(?:an)?|breichiau|mreichiau|freichiau|garddyrnau|nghoesau)\b|\b(?:fy|(?:'|’)n) (?:nghuro|ngholbio|mrifo|nhrin)\b|\b(?:nhad|mam|tad|llystad) yn (?:fy |ei )?(?:nghuro|curo|churo|guro|hitio|brifo|mrifo)\b",
            r"\b(?:pedoffil\w*|paedoffil\w*|hunan[ -]?niweid\w*|hunanladd\w*|cam-?drin)\b",
        ),
    ),
)

_IMAGE = r"(?:pics?|pix|photos?|pictures?|images?|vids?|videos?|snaps?|nudes?|lluniau?|luniau?|llun|fideos?)"
_INDECENT = r"(?:nudes?|naked|indecent|topless|explicit|sexual|sext\w*|porn\w*|upskirt\w*|undress\w*|dirty|noeth|anweddus|rhywiol)"
_MINOR = r"(?:girls?|boys?|pupils?|child(?:ren)?|kids?|teens?|under\s?age|year\s?(?:7|8|9|10|11|12|13|seven|eight|nine|ten|eleven)|yr\s?(?:7|8|9|1[0-3])|y(?:7|8|9|1[0-3])|1[0-7]\s?(?:yo|year[ -]?olds?)|daughter|son|[mf]erch(?:ed)?|[bf]achgen|[bf]echgyn|dd?isgybl\w*|(?:p|b|ph)lant|(?:p|b|ph)lentyn|blwyddyn\s?(?:7|8|9|1[0-3]))"
_SHARED = r"(?:https?://|www\.|\bdm\b|\blink\b|\bleak\w*|\bsell\w*|\bswap\w*|\bgot\b|\bhere\b|\bposted\b|\bsharing\b|\bshared\b|\bgoing round\b|\bpassed? round\b|\bgroup chat\b|\bsnapchat\b|\btelegram\b|\bdolen\b|\bdyma\b|\brhannu\b|\brannu\b|\bgwerthu\b)"
_REPORTED = re.compile(
    r"\b(?:court|crown court|magistrates|convicted|sentenced|jailed|pleaded|pled|charged|arrested|policy|assembly|lesson|workshop|guidance|advice|awareness|llys|dedfrydu|carcharu|polisi|gwers|canllaw\w*)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\b(?:i|i(?:'|’)?(?:ll|m|d|ve)|we|we(?:'|’)?(?:ll|re)|my|gonna|dwi|dw i|wi|rwy|rwyf|mi|fi|na i|nai|bydda)\b",
    re.IGNORECASE,
)
_WINDOW = 160


_INDECENT_IMAGE = re.compile(
    rf"\b{_INDECENT}\b(?:\W+\w+){{0,4}}?\W+{_IMAGE}\b|\b{_IMAGE}\b(?:\W+\w+){{0,6}}?\W+{_INDECENT}\b|\bnudes\b",
    re.IGNORECASE,
)
_MINOR_WORD = re.compile(rf"\b{_MINOR}\b", re.IGNORECASE)
_SHARED_WORD = re.compile(_SHARED, re.IGNORECASE)


def _is_reported(text: str, span: tuple[int, int]) -> bool:
    if _FIRST_PERSON.search(text[span[0] : span[1]]):
        return False
    return _REPORTED.search(text[max(0, span[0] - _WINDOW) : span[1] + _WINDOW]) is not None


def find_hits(text: str) -> tuple[RuleHit, ...]:
    """Every rule that matches, once each, at its first place; also where k1ll, k.i.l.l or odd letters hide it."""
    plain = unmask(text)
    found = []
    for rule in RULES:
        if match := rule.pattern.search(text):
            found.append(RuleHit(rule, match.span(), _is_reported(text, match.span())))
        elif plain != text and (match := rule.pattern.search(plain)):
            found.append(RuleHit(rule, None, _is_reported(plain, match.span())))
    return tuple(found)


def points_at_indecent_image(text: str) -> tuple[int, int] | None:
    """Where a text offers an indecent image of somebody who may be a child, or an intimate one (B13, T04).

    News of a court case, a lesson or a policy speaks of such images and offers none: those go to a person by the
    other rules instead of being withheld.
    """
    for match in _INDECENT_IMAGE.finditer(text):
        window = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
        if _MINOR_WORD.search(window) and _SHARED_WORD.search(window) and not _REPORTED.search(window):
            return match.span()
    return None
