"""How the points of a policy, and what it may say on them, are called when a head reads them."""

from __future__ import annotations

from mentionwatch.policy import RULE_VALUES, RuleKey
from mentionwatch.policy import RuleKey as R

RULE_TITLES: dict[RuleKey, str] = {
    R.REGULATED_AUTHORS: "Whose posts the policy regulates",
    R.INAPPROPRIATE: "What counts as inappropriate",
    R.FIRST_REPORT: "Who is told first",
    R.EVIDENCE: "Evidence to keep",
    R.NO_CONTACT: "No contact with the author at first",
    R.ANONYMITY: "Anonymity of whoever reports a post",
    R.POLICE: "When the police are told",
    R.POLICE_FREEZES: "Nothing is done inside while the police have it",
    R.SAFETY: "Worries about somebody's safety",
    R.SUPPORT: "Support for the person targeted",
    R.ALSO_TELL: "Who else is told",
    R.ASK_REMOVAL: "Who may ask for removal",
    R.MEETING: "Meeting the author",
    R.LETTERS: "Letters to the author",
    R.PLATFORM: "Report to the platform",
    R.ACKNOWLEDGE: "Prompt acknowledgement",
    R.COMPLAINT: "Pointing to the complaints procedure",
    R.PRESS: "When a journalist asks",
    R.PUPIL_AUTHOR: "When a pupil wrote it",
    R.STAFF_AUTHOR: "When staff wrote it",
    R.FORMER_PUPIL: "When a former pupil wrote it",
    R.PREMISES: "Keeping a person off the grounds",
    R.SHARING: "Before good news is shared",
    R.OWN_SPACE: "On the school's own pages",
    R.ILLEGAL_IMAGES: "Indecent or compromising pictures",
    R.PERSONAL_DETAILS: "Home addresses and telephone numbers",
    R.MEDIA: "Kinds of media meant",
    R.REACH: "How far the policy reaches",
    R.LEGAL: "Legal action",
    R.ADVICE: "Advice to staff on their own accounts",
}

_WORDS: dict[str, str] = {
    "it_copies": "copies from the school's own systems",
    "posted_at": "date and time of the post",
    "url": "address of the post",
    "emails_kept": "e-mails kept",
    "records": "detailed records",
    "promised": "may be promised",
    "pupils_in_confidence": "pupils may speak in confidence",
    "must": "the decider must",
    "school_reports": "the school reports it",
    "advise_employee": "the employee is advised to",
    "families_refuse_and_it_continues": "the families refuse and it goes on",
    "decider": "whoever decides",
    "co_head": "co-head",
    "slt": "senior leaders",
    "dsl": "safeguarding lead",
    "chair": "chair of governors",
    "operator": "the school office",
    "anyone": "anyone at the school",
    "staff_required": "staff may be required to take it down",
    "invite": "an invitation to talk",
    "witness": "a witness takes minutes",
    "courtesy": "steps when courtesy fails",
    "families": "together with the families",
    "invitation": "invitation to meet",
    "removal": "request for removal",
    "after_no_show": "after nobody came to the meeting",
    "advice": "the council's solicitor may advise",
    "report": "reported to the site",
    "school_account": "by the school's own account",
    "under_age_form": "the form for pupils under age",
    "tell_slt": "senior leaders are told",
    "advice_first": "advice comes before an answer",
    "written_approval": "approval in writing",
    "media_policy": "the media policy comes first",
    "behaviour": "the behaviour policy",
    "disciplinary": "the disciplinary procedure",
    "child_protection": "the child protection policy",
    "broker": "the new school may be asked to help",
    "author_permission": "the author agrees",
    "image_permission": "everybody in the picture agrees",
    "not_on_list": "no child who must not be shown",
    "credit": "the author is named",
    "platform_consent": "parents agree to that very platform",
    "positive_and_relevant": "positive and about the school",
    "head_confirms": "the head agrees",
    "deputy_posts": "the deputy posts it",
    "carer_permission": "a carer agrees in writing",
    "say_why": "readers are told why",
    "no_copy": "nothing is copied",
    "police": "the police at once",
    "delete_at_once": "deleted at once",
    "networks": "social networks",
    "outside_hours": "outside working time",
    "off_site": "off the premises",
    "target_unaware": "also when the person targeted does not know",
    "other_school": "somebody at another school",
}
_SPECIAL: dict[tuple[RuleKey, str], str] = {
    (R.ACKNOWLEDGE, "school_account"): "on the school's own accounts",
    (R.STAFF_AUTHOR, "removal"): "taking it down may be required",
    (R.OWN_SPACE, "report"): "report",
}


def say_word(value: str) -> str:
    """One value of a pack in words."""
    return _WORDS.get(value, value.replace("_", " "))


def say_value(key: RuleKey, value: str) -> str:
    """One value of a rule in words; what is no fixed value (an office's name) stays as it is written."""
    if value not in RULE_VALUES.get(key, ()):
        return value
    return _SPECIAL.get((key, value)) or say_word(value)
