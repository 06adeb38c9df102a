"""Statements that must never print: the policies' legal errors, in both languages (D15; reference section 3).

A text is read sentence by sentence. A wrong claim joins a subject ("defamation") to a target ("is an
offence"); a denial in the same clause ("is not an offence") makes it right. Where in doubt a text is found:
a person can put it more plainly, and a letter that says the wrong thing cannot be called back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


def _any(*parts: str) -> re.Pattern[str]:
    """A pattern over folded text that starts and ends with a whole word."""
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


@dataclass(frozen=True, slots=True)
class LegalError:
    """One error: `says` is what is wrong and what is right, for the person who must mend the text.

    `subject` and `target` both stand in the sentence; without a `target` naming the subject is the error.
    `excuse` are words of the sentence that make it right. `span`: the target follows the subject within so
    many characters, with no `between` in them; 0 for either order, anywhere.
    """

    id: str
    says: str
    subject: re.Pattern[str]
    target: re.Pattern[str] | None = None
    excuse: re.Pattern[str] | None = None
    span: int = 0
    between: re.Pattern[str] | None = None

    def is_in(self, sentence: str) -> bool:
        """True when a folded sentence makes this claim without denying it."""
        if self.excuse and self.excuse.search(sentence):
            return False
        if self.target is None:
            return self.subject.search(sentence) is not None
        subjects = list(self.subject.finditer(sentence))
        return any(
            self._joins(subject, target, sentence)
            for target in self.target.finditer(sentence)
            if not _is_denied(target) and not _OTHER_LAW.match(sentence, target.end())
            for subject in subjects
        )

    def _joins(self, subject: re.Match[str], target: re.Match[str], sentence: str) -> bool:
        if not self.span:
            return True
        gap = sentence[subject.end() : target.start()]
        near = subject.end() <= target.start() and len(gap) <= self.span
        return near and not (self.between and self.between.search(gap))


# A denial reaches from its word to the next of these.
_TURN = _any(
    "and|but|because|since|which|so|whereas|while|also",
    r"as (?:this|it|that|they|such)",
    r"(?<!true )(?<!say )(?<!says )(?<!mean )(?<!follow )(?<!claim )that",
    "ac|ond|oherwydd|gan|sydd|sy|hefyd|tra|am fod|mae",
)
_DENIAL = _any(
    r"not(?! only| just| merely| simply)|never|nor|neither|nobody|cannot|without|untrue|myth|rather than|instead of",
    r"no(?! doubt| mistake| question| less)|nid(?! yn unig)|nad|ddim|dim(?! ond)|byth|yn hytrach na|yn lle|heb|neb",
    r"(?<!wn )(?<!ym )ni(?! n\b| yn\b)|na (?:chaiff|all|fydd|ddylai)",
)


# "If not, the school will": what is denied is the condition, up to a comma or to whoever acts then.
_CONDITION = re.compile(
    r"\b(?:if|os)\b[^,]*?\b(?:not|never|nobody|na|nad|ddim|dim|heb)\b[^,]*?"
    r"(?: ,|(?= (?:(?:the|our|this|a) )?(?:school|academy|governors|governing body|council|trust|we|i)\b)"
    r"|(?= (?:bydd|fydd|gall|caiff|byddwn|gallwn|byddaf|mae) ?))"
)


def _is_denied(claim: re.Match[str]) -> bool:
    """True when the claim is denied in its own clause, before it or within it."""
    return any(
        _DENIAL.search(_TURN.split(_CONDITION.sub(" and ", claim.string[:end]))[-1]) for end in claim.span()
    )


# What follows a crime and makes it another one: "an offence of harassment", "criminal libel was abolished".
_OTHER_LAW = re.compile(
    r" (?:of|under|such as) (?!(?:the )?(?:defam|libel|slander)|section 1 of the defam|publish|posting)|"
    r" to (?!defam|libel|slander|publish|post|harm|damage|make|write|say)|"
    r"(?: \w+){0,5} (?:abolished|repealed|(?:dd?|n)iddym\w*)\b|"
    r" o (?:aflonyddu|dan (?!adran 1 o ddeddf difenwi|ddeddf difenwi))|"
    r" (?:anfon|bygwth|peri|tynnu|rhannu|gwneud|meddu|aflonyddu)\b"
)

_DEFAMATION = r"(?:d|dd|n)ifenw\w*|defam\w+|libel\w*|slander\w*|h?enllib\w*|h?athrod\w*"
_CRIME = (
    r"(?:criminal )?offences?|crimes?|criminal\w*|felon\w*|illegal|unlawful|guilty|against the law|break\w* the law",
    r"(?:prosecut|arrest|charg|convict)\w+ (?:\w+ )?(?:for|with|of)|prison|jail\w*|imprison\w*",
    r"trosedd\w*|throsedd\w*|drosedd\w*|[td]h?ramgwydd|anghyfreithlon|euog|yn erbyn y gyfraith|d?t?orri r gyfraith",
    r"h?erlyn\w* (?:\w+ )?am|h?arest\w+ (?:\w+ )?am|(?:c|g|ngh|ch)archar\w*",
)
_RUDE = "derogatory|negative|critical|unkind|offensive|rude|disparaging|insulting|hurtful|bad"
_NOUN = "(?:remark|comment|statement|post|word|opinion)s?"
_RUDE_CY = "dd?ifriol|dd?irmygus|negyddol|[bf]eirniadol|[cg]as|angharedig|sarhaus|dd?ilornus|niweidiol"
_REMARK = (
    rf"(?:{_RUDE}) (?:\w+ )?{_NOUN}|{_NOUN} (?:that|which) (?:is|are) (?:{_RUDE})|(?:anything|everything|something) (?:{_RUDE})|criticism|criticising",
    rf"(?:sylw|sylwadau|neges|negeseuon|datganiad|datganiadau|geiriau) (?:\w+ )?(?:{_RUDE_CY})|[bf]eirniadaeth|[bf]eirniadu",
)
_SCHOOL = (
    r"school|academy|governors|governing body|council|local authority|trust|(?<!y )we|on behalf of the school",
    r"h?ysgol|llywodraethwyr|[cg]orff llywodraethu|[yr] ch?yngor|byddwn|gallwn|gallem|rydym",
)
_SUE = (
    r"(?:will|may|can|could|shall|would|to|must|might|should|ll|or) (?:\w+ )?sue|sues|suing|take you to court",
    r"(?:legal|court) (?:action|proceedings)|(?:bring|make|start|issue)\w* (?:a |an )?(?:\w+ )?(?:claim|proceedings)",
    r"siwio|[cg]h?amau cyfreithiol|achos (?:cyfreithiol|llys|difenwi|enllib)|[mf]ynd (?:a chi i r llys|i gyfraith|i r gyfraith)",
    r"d?dwyn (?:achos|hawliad)|[cg]yflwyno hawliad",
)
_SUE_YOU = _any(
    r"(?:legal|court) (?:action|proceedings) (?:[\w,]+ ){0,8}?(?:against you|by (?:the|our|this) (?:\w+ )?(?:school|governors|council))",
    r"(?:[cg]h?amau cyfreithiol|achos|hawliad) (?:[\w,]+ ){0,8}?(?:yn eich erbyn|(?:gan|wna) (?:yr|r|y) (?:ysgol|llywodraethwyr|cyngor))",
)
_PERSON = _any(
    r"persons?|individuals?|people|somebody|someone|anybody|anyone|staff|teachers?|who|whoever",
    r"h?unigol(?:yn|ion)|pherson|berson|pobl|rhywun|athro|athrawes|athrawon|unrhyw un|sawl",
)
_1988_ACT = (
    r"malicious communications act|mca 1988|d?deddf cyfathreb\w* maleisus",
    r"indecent ?,?(?: or)? grossly offensive|anweddus ?,?(?: neu)?(?: n)?(?: yn)?(?: \w+)? (?:sarhaus|d?t?ramgwyddus)",
)
_FORMERLY = _any(
    r"once|used to|formerly|until|no longer|removed|repealed|taken out|moved|replaced|superseded|online safety act",
    r"gynt|arferai|bellach|hyd at|diddym\w*|ddiddym\w*|disodl\w*|ddisodl\w*|diogelwch ar lein",
)

LEGAL_ERRORS: tuple[LegalError, ...] = (
    LegalError(
        "defamation_is_a_crime",
        "defamation is called a crime; it is a civil matter and a person may sue",
        _any(_DEFAMATION, r"(?:harm|damag)\w* (?:\w+ ){0,4}?reputations?|niwed\w* (?:\w+ ){0,4}?enw da"),
        _any(*_CRIME),
    ),
    LegalError(
        "any_remark_is_defamation",
        "a derogatory remark is called defamation; serious harm to a reputation is needed",
        _any(*_REMARK),
        _any(
            rf"(?:is|are|be|being|as|to|constitutes?|means?|equals?|becomes?) (?:(?!or |and )\w+ ){{0,2}}?(?:{_DEFAMATION})",
            rf"(?:yn|n|yw|fel|cyfystyr ag?|gyfystyr ag?) (?:{_DEFAMATION})",
        ),
        excuse=_any(
            r"may|might|could|serious harm|only (?:if|when|where)|unless|niwed difrifol|gallai|gall|oni bai"
        ),
        span=80,
    ),
    LegalError(
        "derogatory_is_enough",
        "being derogatory is called enough for defamation; serious harm to a reputation is needed",
        _any(_DEFAMATION),
        _any(
            rf"all that is (?:required|needed) (?:[\w,]+ ){{0,14}}?(?:{_RUDE})",
            r"(?:one|a single) derogatory|derogatory (?:\w+ ){0,8}?(?:one|single) person",
            rf"(?:is|means|includes|covers) (?:any|every|all) (?:\w+ )?(?:{_RUDE})",
            rf"(?:y cyfan|yr unig beth|digon) (?:[\w,]+ ){{0,14}}?(?:{_RUDE_CY})",
            rf"(?:yw|cynnwys) (?:unrhyw|pob) \w+ (?:{_RUDE_CY})",
        ),
    ),
    LegalError(
        "libel_act_1843",
        "the Libel Act 1843 is cited; criminal libel was abolished in January 2010",
        _any(r"libel acts? (?:of )?1843|d?deddf (?:yr )?(?:enllib\w*|athrod\w*|libel) (?:o )?1843"),
    ),
    LegalError(
        "data_protection_act_1998",
        "the Data Protection Act 1998 is cited as the law; it was repealed on 25 May 2018",
        _any(
            r"data protection act ?,? (?:of )?1998|dpa (?:of )?1998|1998 data protection act",
            r"d?deddf (?:diogelu|gwarchod) data ?,? (?:o )?1998",
        ),
        excuse=_FORMERLY,
    ),
    LegalError(
        "old_limbs_of_1988_act",
        "the Malicious Communications Act 1988 is said to cover threats or false information; "
        "since 31 January 2024 it does not",
        _any(*_1988_ACT),
        _any(
            r"threat\w*|false\w*|untrue|known or believed|[bfm]h?ygyth\w*|ffug|anwir|(?:[cg]|ch|ngh)elwydd\w*"
        ),
        excuse=_FORMERLY,
    ),
    LegalError(
        "distress_as_result",
        "the Malicious Communications Act 1988 is said to turn on distress caused; it turns on the purpose",
        _any(*_1988_ACT),
        _any(
            r"caus\w+ (?:\w+ ){0,2}?(?:distress|anxiety)|(?:peri|beri|achosi) (?:trallod|pryder|gofid|loes)"
        ),
        excuse=_any(r"purpose\w*|intend\w*|intent\w*|meant|(?:dd?|n)iben|[bfm]h?wriad\w*"),
    ),
    LegalError(
        "wrong_year_of_1988_act",
        "the Malicious Communications Act is of 1988, not 1998",
        _any(r"malicious communications act ?,? (?:of )?1998|d?deddf cyfathreb\w* maleisus ?,? (?:o )?1998"),
    ),
    LegalError(
        "school_will_sue",
        "the school is said to sue or take legal action over a post; only the person it harms may",
        _any(*_SCHOOL),
        _any(*_SUE),
        span=90,
        between=_PERSON,
    ),
    LegalError(
        "legal_action_against_you",
        "the author is threatened with legal action; only the person a post harms may decide to bring a claim",
        _SUE_YOU,
        _SUE_YOU,
        excuse=_PERSON,
    ),
)

_SENTENCE_END = re.compile(r"[.;!?]+(?=\s|$)|\n\s*\n")
_PIECE = 1000
_NO_WORD = re.compile(r"[^\w,£]+")
# "This is an offence" is said of what the sentence before was about.
_POINTS_BACK = re.compile(
    r" ?(?:this|it|that|they|these|doing so|such|mae hynn?y?|hynny|mae n|maent|mae r rhain|mae gwneud hynny)\b"
)


def _fold(text: str) -> str:
    """Lower case without accents or marks; apostrophes part words, so `mae'n` is `mae n`."""
    spaced = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in spaced if unicodedata.category(char) not in ("Mn", "Cf")).casefold()
    plain = re.sub(r"n['’ʼ]t\b", " not", plain)
    return _NO_WORD.sub(" ", plain.replace(",", " , ").replace("_", " ")).strip()


def _sentences(text: str) -> tuple[str, ...]:
    found: list[str] = []
    before = ""
    for raw in _SENTENCE_END.split(text):
        folded = _fold(raw)
        if folded:
            found.extend(
                _pieces(f"{before} and {folded}" if before and _POINTS_BACK.match(folded) else folded)
            )
            before = folded[-_PIECE // 2 :]
    return tuple(found)


def _pieces(sentence: str) -> Iterator[str]:
    """A text without full stops, in overlapping pieces: a claim fits into one, and the work stays linear."""
    for start in range(0, max(1, len(sentence) - _PIECE // 2), _PIECE // 2):
        yield sentence[start : start + _PIECE]


def find_legal_errors(text: str) -> tuple[str, ...]:
    """What the text gets wrong about the law, each error once, in the order of `LEGAL_ERRORS`; empty when right.

    Plain text in English, Welsh or both. Case, accents, apostrophes and line breaks do not matter.
    """
    sentences = _sentences(text)
    return tuple(error.says for error in LEGAL_ERRORS if any(error.is_in(sentence) for sentence in sentences))
