"""Steps of the protocol taken at the desk: need-to-know first, then the protocol under the warehouse's lock, then an answer in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from desk.acts import Busy, Done, NoSuch, Outcome, Overtaken, RefusedHere, SnoozePage, StepGiven
from desk.protocol_words import in_english, in_welsh, say_clause
from desk.refused import NOT_YOURS, say_refused
from desk.step_form import FactField, StepPage
from flows.deciding import asked_before, find_chain, split_chain
from flows.desk_snooze import put_off, read_snooze
from flows.home import Home
from flows.incident_work import OvertakenByAnother, StepAsked, take_steps
from flows.need_to_know import may_see, read_sight
from flows.school_now import SchoolNow
from flows.standing import Context, Standing, read_context, read_standing
from incidents.fact_guards import MEETING_POINTS
from incidents.facts import Fact, FactKind
from incidents.protocol import facts_asked, find_refusal, quote_rule
from incidents.steps import Event, Transition
from incidents.transitions import BY_EVENT, BY_NAME
from mentionwatch.accounts import Viewer
from mentionwatch.errors import ConfigError, Refused, Retriable
from mentionwatch.labels import Role
from mentionwatch.policy import PolicyPack, RuleKey
from warehouse.connection import Warehouse
from warehouse.session import Reading

_NO_OTHER = (
    "There is no such incident. Write the number as it stands in the list.",
    "Nid oes digwyddiad o'r fath. Ysgrifennwch y rhif fel y mae yn y rhestr.",
)


class HomeSteps:
    """`desk.acts.StepActs` over one home. `clock` gives aware UTC."""

    def __init__(self, home: Home, now: SchoolNow, clock: Callable[[], datetime]) -> None:
        self._home, self._now, self._clock = home, now, clock
        self._warehouse = Warehouse(home.folder)

    def _context(self, viewer: Viewer) -> Context:
        return read_context(self._home, *self._now.read(), self._clock(), viewer.account_id)

    def _standing(self, reading: Reading, viewer: Viewer, id_: str) -> Standing | None:
        sight = read_sight(reading, viewer, *self._now.read())
        if not may_see(reading, sight, id_):
            return None
        try:
            return read_standing(reading, id_, self._context(viewer))
        except ConfigError:
            # A mention that is neither an incident, nor a concern, nor good news.
            return None

    def step_page(self, viewer: Viewer, id_: str, event: str, lang: str) -> StepPage | None:
        row = BY_NAME.get(event)
        if row is None:
            return None
        with self._warehouse.live_reader() as reading:
            standing = self._standing(reading, viewer, id_)
        return None if standing is None else _page(row, standing, viewer, lang)

    def take_step(self, viewer: Viewer, given: StepGiven, lang: str) -> Outcome:
        row = BY_NAME.get(given.event)
        if row is None:
            return NoSuch()
        try:
            with self._warehouse.live_reader() as reading:
                standing = self._standing(reading, viewer, given.id)
                other = dict(given.given).get("into", "")
                # What they may not know of and what is not there are refused in the same words.
                is_lost = row.event is Event.MERGE and self._standing(reading, viewer, other) is None
            if standing is None:
                return NoSuch()
            if is_lost:
                return RefusedHere(_NO_OTHER[lang == "cy"], "into")
            if given.role not in {role.value for role in viewer.protocol_roles}:
                return RefusedHere(NOT_YOURS[lang == "cy"], "as_role")
            asked = StepAsked(given.id, row.event, Role(given.role), given.reason, given.given, given.seen)
            steps: Sequence[StepAsked] = (asked,)
            chain = find_chain(standing, viewer, row.event)
            if chain and asked.role is chain[0]:
                # `seen` holds it to the state just read: what moved since then is told, not decided upon.
                steps = split_chain(asked, chain[1], standing.pack)
            return self._decide(steps, viewer, _labels(row, standing, lang), lang)
        except Retriable:
            return Busy()

    def snooze_page(self, viewer: Viewer, id_: str) -> SnoozePage | None:
        with self._warehouse.live_reader() as reading:
            standing = self._standing(reading, viewer, id_)
            if standing is None or standing.is_new:
                return None
            return read_snooze(reading, standing, self._context(viewer))

    def snooze(self, viewer: Viewer, id_: str) -> Outcome:
        return self._put_off(viewer, id_, is_end=False)

    def end_snooze(self, viewer: Viewer, id_: str) -> Outcome:
        return self._put_off(viewer, id_, is_end=True)

    def _put_off(self, viewer: Viewer, id_: str, *, is_end: bool) -> Outcome:
        try:
            with self._warehouse.writer() as writing:
                standing = self._standing(writing, viewer, id_)
                if standing is None or standing.is_new or not viewer.protocol_roles:
                    return NoSuch()
                context, decider = self._context(viewer), standing.now.decider
                role = decider if decider in viewer.protocol_roles else viewer.protocol_roles[0]
                if not put_off(writing, standing, context, role, is_end=is_end):
                    return RefusedHere("")
        except Retriable:
            return Busy()
        return Done(id_, standing.now.state.value)

    def _decide(
        self, steps: Sequence[StepAsked], viewer: Viewer, labels: Mapping[str, str], lang: str
    ) -> Outcome:
        asked = steps[-1]
        try:
            moved = take_steps(steps, self._context(viewer))
        except OvertakenByAnother as error:
            return Overtaken(error.event, error.role, error.at)
        except Refused as error:
            return RefusedHere(*say_refused(str(error), asked.id, asked.event.value, labels, lang))
        return Done(moved.id, moved.state.value)


def _labels(row: Transition, standing: Standing, lang: str) -> dict[str, str]:
    say = in_welsh if lang == "cy" else in_english
    both = (*_fields(BY_EVENT[Event.HAND_OVER], standing, lang), *_fields(row, standing, lang))
    return {field.key: say(field.says) for field in both}


_INFORMANTS = (("must", "school"), ("school_reports", "school"), ("advise_employee", "employee"))


def _by_policy(fact: Fact, pack: PolicyPack) -> str:
    """Who informs the police is what the policy says; whoever decides may choose otherwise (B12, L25)."""
    if fact.key != "informant":
        return ""
    return next((who for value, who in _INFORMANTS if pack.has(RuleKey.POLICE, value)), "")


def _fields(row: Transition, standing: Standing, lang: str) -> tuple[FactField, ...]:
    words = {
        question.key: question.welsh if lang == "cy" else question.english
        for question in standing.pack.questions
    }
    own = {fact.key for fact in row.facts}
    return tuple(
        FactField(
            key=fact.key,
            says=fact.says if fact.key in own else words.get(fact.key, fact.says),
            kind=fact.kind,
            choices=fact.choices,
            is_optional=fact.is_optional,
            known=standing.now.facts.get(fact.key) if fact.once else "",
            examples=_examples(fact, standing),
            by_policy=_by_policy(fact, standing.pack),
        )
        for fact in facts_asked(row, standing.pack)
    )


def _examples(fact: Fact, standing: Standing) -> tuple[str, ...]:
    """Lines as they are to be written, where a line has a form of its own."""
    if fact.kind is not FactKind.LIST:
        return ()
    if fact.key == "checklist":
        return tuple(f"{point}: done" for point in MEETING_POINTS)
    if fact.key == "ladder":
        return ("reminder 2026-11-24T10:05Z", "ended 2026-11-24T10:20Z")
    if fact.key == "cross_reference":
        names = sorted(name for name, _ in standing.pack.clauses)
        items = standing.now.evidence or ("r1",)
        return tuple(f"{item} {name}: ..." for item in items for name in names)
    return ()


def _page(row: Transition, standing: Standing, viewer: Viewer, lang: str) -> StepPage:
    now, pack = standing.now, standing.pack
    fields, refusals = _fields(row, standing, lang), dict[Role, str]()
    before: tuple[Event, ...] = ()
    if chain := find_chain(standing, viewer, row.event):
        role, before = chain
        refusals[role] = ""
        for each in map(BY_EVENT.__getitem__, before):
            keys = {fact.key for fact in asked_before(each, pack)} - {field.key for field in fields}
            fields += tuple(field for field in _fields(each, standing, lang) if field.key in keys)
    else:
        refusals = {role: find_refusal(row, now, role, pack) for role in viewer.protocol_roles}
    quoted = quote_rule(pack, row.clause)
    clause = say_clause(quoted, int(lang == "cy"))
    everybody = (role for role in Role if role is not Role.PIPELINE and role not in refusals)
    return StepPage(
        id=standing.row.id,
        event=row.event,
        state=now.state,
        decider=now.decider,
        summary=row.summary,
        clause=clause,
        clause_lang="en" if clause == quoted else lang,
        needs=row.needs,
        open_to=tuple(role for role, why in refusals.items() if not why),
        others=tuple(role for role in everybody if not find_refusal(row, now, role, pack)),
        refusals=tuple((role, why) for role, why in refusals.items() if why),
        fields=fields,
        seen=len(standing.events),
        before=tuple(BY_EVENT[event].summary for event in before),
    )
