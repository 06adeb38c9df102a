"""What a letter is filled with: from the incident, the registers and the pack; the rest a person types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from desk.letter_words import EFFECTS, POINTS, RECIPIENTS, say_day, say_first_told, say_time
from desk.words import LONDON, Speaker
from flows.standing import Context, Standing
from incidents.facts import Facts
from incidents.letters import Extract, LetterInput, LetterTemplate
from incidents.limits import first_six_after, removal_limit, six_on
from incidents.standing import DocumentKind
from mentionwatch.errors import Refused
from mentionwatch.labels import AuthorKind, Harm, IncidentState
from mentionwatch.law import LawCard, Words
from mentionwatch.policy import RuleKey
from mentionwatch.registers import Registers

OWN_WORDS = frozenset({"discussed", "agreed", "actions", "ban_reason"})
"""Fields in a person's own sentences: each language needs its own."""
MAY_BE_TYPED = OWN_WORDS | {
    "extract", "meeting_at", "picture", "recipient", "recipient_name", "respond_by", "share", "site",
    "terms", "times", "union", "until",
}  # fmt: skip
"""Everything else comes from the record, the registers or the pack, and is not for typing: least of all a time limit."""
_BOTH = ("en", "cy")
_CARDS: dict[Harm, tuple[str, ...]] = {
    # The card on threats is not certain enough for a letter, and the two beside it speak of something else.
    Harm.THREAT: (),
    Harm.HATE: ("malicious_communications",),
    Harm.HARASSMENT: ("harassment",),
    Harm.DEFAMATION: ("defamation",),
    Harm.SEXUAL: ("malicious_communications",),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """Fields and changed passages as typed: name and text; a name that ends in .cy is the Welsh."""

    fields: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, str], ...] = ()


def card_ids(kind: DocumentKind, facts: Facts) -> tuple[str, ...]:
    """Which law cards a document would print: by the harm a person named, and that criticism is free."""
    if kind in (DocumentKind.BAN_NOTICE, DocumentKind.BAN_DECISION):
        return ("premises",)
    if kind is not DocumentKind.REMOVAL:
        return ()
    harm = facts.get("harm")
    return (*(_CARDS.get(Harm(harm), ()) if harm else ()), "human_rights")


def check_typed(typed: Typed) -> None:
    """Raises `Refused` for a field that comes from the record, and for one that no letter has."""
    for name, _ in typed.fields:
        base = name.removesuffix(".cy")
        if base not in MAY_BE_TYPED:
            raise Refused(
                f"refused: {base!r} is not typed: it comes from the record, or no letter has it. Fields to type: {', '.join(sorted(MAY_BE_TYPED))}"
            )


def _read_instant(name: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 2000 <= found.year <= 2100:
        raise Refused(f"refused: {name} is no time. Write --field {name}=2026-12-04T18:00Z")
    return found


def _read_day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"refused: {name} is no day. Write --field {name}=2026-12-01") from None


def _typed_words(pairs: tuple[tuple[str, str], ...], own_words: frozenset[str]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for name, text in pairs:
        base, _, lang = name.partition(".")
        before = found.get(base, Words("", ""))
        if lang == "cy":
            found[base] = Words(before.english, text)
        elif base in own_words:
            found[base] = Words(text, before.welsh)
        else:
            found[base] = Words(text, before.welsh or text)
    return found


def _days(moment: datetime | None) -> Words | None:
    """A day with its time, in London, in both languages."""
    if moment is None:
        return None
    local = moment.astimezone(LONDON)
    return Words(*(say_time(local, lang) for lang in _BOTH))


def _day(text: str) -> Words | None:
    if not text:
        return None
    day = datetime.fromisoformat(text).date()
    return Words(*(say_day(day, lang) for lang in _BOTH))


def _same(text: str) -> Words:
    return Words(text, text)


def find_limit(standing: Standing, context: Context, until: str) -> datetime | None:
    """The limit a letter names: the one given, or for a letter still to be posted the first lawful one, or a later `until`."""
    if standing.now.state is not IncidentState.LETTER:
        return standing.now.deadline_at
    # Counted from tomorrow: a letter that is made today may be posted tomorrow and must still give the full time.
    least = removal_limit(context.at + timedelta(days=1), standing.pack)
    if not until:
        return least
    asked = _read_instant("until", until)
    return max(least, first_six_after(asked))


def _facts_as_fields(standing: Standing, limit: datetime | None) -> dict[str, Words | None]:
    facts = standing.now.facts
    effect = EFFECTS.get(facts.get("effect"))
    checked = (line.partition(":") for line in facts.lines("checklist"))
    points = [POINTS[point.strip()] for point, _, value in checked if value.strip() == "done"]
    return {
        "meeting_at": _days(facts.instant("meeting_at")),
        "met_at": _days(facts.instant("met_at")),
        "deadline_at": _days(limit),
        "effect_on": effect,
        # A fact is in one language; the other one is asked for when the letter is made in it.
        "ban_reason": Words(facts.get("ban_reason"), ""),
        "minute_taker": _same(facts.get("minute_taker")),
        "points_covered": Words("\n".join(p.english for p in points), "\n".join(p.welsh for p in points)),
        "respond_by": _day(facts.get("respond_by")),
        "review_on": _day(facts.get("review_on")),
        "address": _same(facts.get("address") or standing.row.canonical_url),
        "times": _same(facts.get("times").replace("\n", "; ")),
        "terms": _same(facts.get("terms").replace("\n", "; ")),
    }


def _from_registers(registers: Registers, site: str) -> dict[str, Words | None]:
    contact = registers.contact
    form = registers.under_age_form(site)
    circulated = registers.policy.circulated_to_parents_on
    return {
        "telephone": _same(contact.telephone),
        "website": _same(contact.website),
        "complaints_place": Words(registers.complaints.en, registers.complaints.cy),
        "policy_circulated_on": _day(circulated.isoformat() if circulated else ""),
        "under_age_form": _same(form.url) if form else None,
        "under_age_checked_on": _day(form.checked_on.isoformat() if form and form.checked_on else ""),
    }


def _signatory(standing: Standing, registers: Registers) -> Words:
    title = registers.contact.head_title
    role = standing.row.decider
    if role.value in ("head", "co_head") and title.en and title.cy:
        return Words(title.en, title.cy)
    return Words(*(Speaker(lang).role(role).capitalize() for lang in _BOTH))


def _cites_policy(standing: Standing, context: Context, registers: Registers) -> bool:
    """Only to parents, only under a policy that binds parents, and where a home-school agreement says so only with its date."""
    pack, author = standing.pack, standing.now.author
    if author is not AuthorKind.PARENT or not pack.has(RuleKey.REGULATED_AUTHORS, AuthorKind.PARENT):
        return False
    return pack.clause("agreement") is None or registers.may_quote_agreement(context.at.date())


def _conditions(standing: Standing, context: Context, registers: Registers, typed: Mapping[str, Words], cards: tuple[LawCard, ...]) -> frozenset[str]:  # fmt: skip
    facts, pack = standing.now.facts, standing.pack
    events = {event.event for event in standing.events}
    checks = {
        "cites_policy": _cites_policy(standing, context, registers),
        "picture": "picture" in typed,
        "union": "union" in typed,
        "share": "share" in typed,
        "risk": "risk" in facts,
        "no_show": "no_show" in events and "risk" not in facts,
        "platform": pack.rule(RuleKey.PLATFORM).is_set,
        "law": bool(cards),
        "deadline": standing.now.deadline_at is not None,
        "parent": standing.now.author is AuthorKind.PARENT,
        "heard": "heard" in facts,
        "not_heard": "heard" not in facts,
        "imposed": facts.get("ban") == "imposed",
        "not_imposed": facts.get("ban") == "not_imposed",
        "author_asked": "removal_asked" in events or "letter_sent" in events or "ask_removal" in events,
        "anonymity": pack.rule(RuleKey.ANONYMITY).is_set,
    }
    return frozenset(name for name, holds in checks.items() if holds)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _extracts(standing: Standing, typed: Mapping[str, Words]) -> tuple[Extract, ...]:
    """The stored words, or the part of them a person chose. Nothing is quoted from memory (T03)."""
    about = standing.about
    if about is None or about.is_sealed:
        return ()
    at = _days(about.posted_at)
    when = Words("Time of posting unknown", "Amser postio'n anhysbys")
    if at is not None:
        when = Words(f"Posted at {at.english}", f"Postiwyd am {at.welsh}")
    chosen = typed.get("extract")
    whole = f"{about.title}\n{about.text}".strip()
    if chosen is None:
        return (Extract(whole, when),)
    if _folded(chosen.english) not in _folded(whole):
        raise Refused("refused: extract: those words are not in the stored post; nothing is quoted from memory. Copy them from the record")  # fmt: skip
    return (Extract(chosen.english, when),)


def _banner(standing: Standing, context: Context, *, is_preview: bool) -> Words:
    if not is_preview:
        return Words("", "")
    english, welsh = ["Draft: not to be sent"], ["Drafft: nid i'w anfon"]
    if standing.pack.dated_on is None:
        english.append("policy date unknown")
        welsh.append("dyddiad y polisi yn anhysbys")
    elif standing.pack.is_stale(context.at.date()):
        english.append("your policy is due for review")
        welsh.append("mae angen adolygu eich polisi")
    return Words("; ".join(english), "; ".join(welsh))


def _channels(standing: Standing) -> Words:
    """Whom to speak with, in the pack's order where it has one (D12)."""
    if standing.pack.clause("parents") is not None and standing.pack.id == "caldecote":
        return Words(
            "the class teacher\nthe key stage leader\nthe deputy head or the headteachers\nthe parent forum\nthe complaints procedure",
            "yr athro dosbarth\narweinydd y cyfnod allweddol\ny dirprwy neu'r penaethiaid\nfforwm y rhieni\ny drefn gwyno",
        )
    return Words(
        "the class teacher or form tutor\nthe head\nthe complaints procedure",
        "yr athro dosbarth neu'r tiwtor\ny pennaeth\ny drefn gwyno",
    )


def _named_time(kind: DocumentKind, said: Mapping[str, Words]) -> datetime | None:
    """The meeting an invitation names, or the end of the day by which a person may answer: the step is held to it."""
    if kind is DocumentKind.INVITATION and "meeting_at" in said:
        return _read_instant("meeting_at", said["meeting_at"].english).astimezone(UTC)
    if kind is DocumentKind.BAN_NOTICE and "respond_by" in said:
        return six_on(_read_day("respond_by", said["respond_by"].english))
    return None


def build_input(
    template: LetterTemplate,
    standing: Standing,
    context: Context,
    registers: Registers,
    typed: Typed,
    cards: tuple[LawCard, ...],
    law_version: str,
    *,
    is_preview: bool,
) -> LetterInput:
    """Everything the template may need. What is missing stays missing: the letter then names it."""
    check_typed(typed)
    said = _typed_words(typed.fields, OWN_WORDS)
    named = _named_time(template.kind, said)
    limit = find_limit(standing, context, said["until"].english if "until" in said else "")
    host = (urlsplit(standing.row.canonical_url).hostname or "").removeprefix("www.")
    site = said.get("site", _same(host))
    author = standing.now.author
    first_report = standing.pack.rule(RuleKey.FIRST_REPORT).values
    known: dict[str, Words | None] = {
        "school": _same(context.school.profile.name),
        "site": site,
        "signatory": _signatory(standing, registers),
        "recipient_name": RECIPIENTS[author] if author in RECIPIENTS else RECIPIENTS[AuthorKind.PUBLIC],
        "account": Words("the school's own account", "cyfrif yr ysgol ei hun"),
        "channels": _channels(standing),
        "first_report_to": say_first_told(first_report[0]) if first_report else None,
        **_facts_as_fields(standing, limit),
        **_from_registers(registers, site.english),
    }  # fmt: skip
    fields = {name: words for name, words in known.items() if words is not None} | said
    if "meeting_at" in said and named is not None:
        fields["meeting_at"] = _days(named) or said["meeting_at"]
    if "respond_by" in said:
        fields["respond_by"] = _day(said["respond_by"].english) or said["respond_by"]
    today = context.at.astimezone(LONDON).date()
    address = registers.contact.address
    last = min((card.valid_until for card in cards), default=None)
    pack = standing.pack
    return LetterInput(
        fields=fields,
        conditions=_conditions(standing, context, registers, said, cards),
        extracts=_extracts(standing, said),
        cards=cards,
        changes=_typed_words(typed.changes, frozenset(passage.id for passage in template.passages)),
        sender=(context.school.profile.name, *address),
        recipient=tuple(said["recipient"].english.split("; ")) if "recipient" in said else (),
        deadline_at=named or limit,
        dated=Words(*(Speaker(lang).day(today) for lang in _BOTH)),
        banner=_banner(standing, context, is_preview=is_preview),
        footer=Words(
            f"Policy pack {pack.version}; law cards {law_version}"
            + (f", valid until {last.isoformat()}" if last else ""),
            f"Pecyn polisi {pack.version}; cardiau cyfraith {law_version}"
            + (f", yn ddilys tan {last.isoformat()}" if last else ""),
        ),
    )
