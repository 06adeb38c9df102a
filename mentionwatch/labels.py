"""Closed vocabularies. The values are stored: changing one is a migration (warehouse/migrations)."""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    """What a mention is, as the school's policy sorts it. "Unsure" is a routing outcome, not a label."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    CONCERN = "concern"
    INAPPROPRIATE = "inappropriate"


class Harm(StrEnum):
    """Families of harm an inappropriate post may carry (Llanbedrog s.5; Cansfield s.6)."""

    THREAT = "threat"
    HATE = "hate"
    HARASSMENT = "harassment"
    DEFAMATION = "defamation"
    SEXUAL = "sexual"
    PRIVACY = "privacy"
    IMPERSONATION = "impersonation"


class Family(StrEnum):
    """The four families of bad content the policies name, and breaches of data protection (L09)."""

    DEFAMATORY = "defamatory"
    DISCRIMINATORY = "discriminatory"
    OFFENSIVE = "offensive"
    HARASSING = "harassing"
    DATA_BREACH = "data_breach"


_FAMILIES = {
    Harm.THREAT: Family.HARASSING,
    Harm.HATE: Family.DISCRIMINATORY,
    Harm.HARASSMENT: Family.HARASSING,
    Harm.DEFAMATION: Family.DEFAMATORY,
    Harm.SEXUAL: Family.OFFENSIVE,
    Harm.PRIVACY: Family.DATA_BREACH,
    Harm.IMPERSONATION: Family.DATA_BREACH,
}


def families(harms: tuple[Harm, ...]) -> tuple[Family, ...]:
    """The policies' families of the harms found; offensive when none was named."""
    return tuple(dict.fromkeys(_FAMILIES[harm] for harm in harms)) or (Family.OFFENSIVE,)


class Route(StrEnum):
    """What the system suggests a person considers first. Never a decision."""

    POLICE = "police"
    SAFEGUARDING = "safeguarding"
    INTERNAL = "internal"
    COMPLAINT = "complaint"
    NONE = "none"


GRAVE_ROUTES = frozenset({Route.POLICE, Route.SAFEGUARDING})
"""Matters for others than the school alone."""


class Scope(StrEnum):
    """Is the text about *this* school? `POSSIBLE` is shown and never opens an incident."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    OUT = "out"


def outweighs_a_person(found: Scope) -> bool:
    """May new words bring back a post that a person judged not to be about the school? Only such as name it for certain."""
    return found is Scope.CERTAIN


class ScopeRule(StrEnum):
    """Why a text had counted as about the school, without a word of the text: what was found, and how sure that was."""

    FULL_NAME = "full_name"
    SPELT = "spelt"
    SHARED_NAME = "shared_name"
    NAME_ALONE = "name_alone"
    VILLAGE = "village"
    POSTCODE = "postcode"
    OWN_SITE = "own_site"
    WHOLE_SOURCE = "whole_source"
    EARLIER = "earlier"
    OTHER = "other"


class Verdict(StrEnum):
    """Of a source, or of the night. `BLIND` is never counted as clear."""

    CLEAR = "clear"
    MENTIONS = "mentions"
    DEGRADED = "degraded"
    BLIND = "blind"


class FaultKind(StrEnum):
    """Why a source could not be looked at, or only in part (contract: source error kinds)."""

    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    REFUSED_BY_POLICY = "refused_by_policy"
    HTTP_401_403 = "http_401_403"
    HTTP_404_410 = "http_404_410"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    NOT_A_FEED = "not_a_feed"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    FROZEN = "frozen"
    CREDENTIALS = "credentials"
    TERMS = "terms"
    UNEXPECTED = "unexpected"


TRANSIENT_FAULTS = frozenset({FaultKind.DNS, FaultKind.TIMEOUT, FaultKind.SERVER_ERROR})
"""Faults worth a second look later in the same night."""


class EntryKind(StrEnum):
    """What sort of thing was posted."""

    POST = "post"
    COMMENT = "comment"
    REVIEW = "review"
    EDIT = "edit"
    ARTICLE = "article"
    REQUEST = "request"
    REPORT = "report"


class PostedAtBasis(StrEnum):
    """Where the time of posting comes from. Unknown stays unknown (L18)."""

    FEED = "feed"
    PAGE = "page"
    API = "api"
    HUMAN = "human"
    UNKNOWN = "unknown"


class CaptureMethod(StrEnum):
    """How the evidence of a mention was obtained."""

    GUARDED_HTTP = "guarded_http"
    API = "api"
    MANUAL = "manual"
    NONE = "none"


class Role(StrEnum):
    """Protocol roles. `OPERATOR` is the office; `PIPELINE` is the software itself and decides nothing."""

    HEAD = "head"
    CO_HEAD = "co_head"
    SLT = "slt"
    DEPUTY = "deputy"
    CHAIR = "chair"
    DSL = "dsl"
    OPERATOR = "operator"
    PIPELINE = "pipeline"


class IncidentState(StrEnum):
    """States of the school protocol: incidents (T01 to T36), the concern track and the positive track."""

    OPENED = "OPENED"
    PRESERVED = "PRESERVED"
    STOP_IMAGE = "STOP_IMAGE"
    AWAITING_DECISION = "AWAITING_DECISION"
    POLICE_HOLD = "POLICE_HOLD"
    INTERNAL = "INTERNAL"
    PREPARED = "PREPARED"
    INVITED = "INVITED"
    LETTER = "LETTER"
    MET = "MET"
    REMOVAL_WAIT = "REMOVAL_WAIT"
    PLATFORM = "PLATFORM"
    PLATFORM_WAIT = "PLATFORM_WAIT"
    EXHAUSTED = "EXHAUSTED"
    REDIRECTED = "REDIRECTED"
    RESOLVED = "RESOLVED"
    CONCERN = "CONCERN"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    SIGNPOSTED = "SIGNPOSTED"
    ANSWERED = "ANSWERED"
    GOOD_NEWS = "GOOD_NEWS"
    THANK_PROPOSED = "THANK_PROPOSED"
    APPROVED = "APPROVED"
    THANKED = "THANKED"
    SHARED = "SHARED"
    LEFT = "LEFT"
    MERGED = "MERGED"
    CLOSED = "CLOSED"


UNDECIDED = frozenset({IncidentState.OPENED, IncidentState.PRESERVED, IncidentState.AWAITING_DECISION})
"""States in which nobody outside the school may be contacted (L22, I1): no person has said yet what it is."""

FINISHED = frozenset({IncidentState.CLOSED, IncidentState.MERGED})
"""Where nothing more happens to an incident until a person takes it up again (T36)."""

SETTLED = FINISHED | {IncidentState.RESOLVED}
"""Where nobody waits for anything more from the post itself: no list shows such an incident for its sake."""


class AuthorKind(StrEnum):
    """Who wrote a post, as a person at the school sets it. Never looked up, never guessed (L13, T15, T19)."""

    PUPIL = "pupil"
    PARENT = "parent"
    STAFF = "staff"
    GOVERNOR = "governor"
    CONTRACTOR = "contractor"
    VOLUNTEER = "volunteer"
    FORMER_PUPIL = "former_pupil"
    OTHER_SCHOOL = "other_school"
    PUBLIC = "public"
    UNKNOWN = "unknown"


WORKING_FOR_SCHOOL = frozenset(
    {AuthorKind.STAFF, AuthorKind.GOVERNOR, AuthorKind.CONTRACTOR, AuthorKind.VOLUNTEER}
)
"""Authors a staff procedure covers; none of them is ever sent a letter to the author (L12, L13)."""


class Channel(StrEnum):
    """Whose page a post stands on (L04). What is on the school's own account is always in scope."""

    SCHOOL_ACCOUNT = "school_account"
    PERSONAL = "personal"
    OTHER = "other"


PASSED_OVER = "passed_over"
"""The key under which a step keeps the roles the post is about; they stay out of it though its words are sealed (I3)."""

EVIDENCE_DAMAGED = "evidence_damaged"
"""Kind of the incident that stands for evidence which is not as it was stored. It is about no post."""

AFTER_THE_END = "after_the_end"
"""Kind of the incident of a post the school had done with and which asks again, though its words alone would open none."""
