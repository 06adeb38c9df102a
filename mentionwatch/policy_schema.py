"""The form of a pack as JSON Schema 2020-12, made from the same words and limits the reader uses.

A schema cannot say everything: that a named clause is there, that no adopted time is harder on an author than the
policy's own. The reader (`mentionwatch.policy_file`) refuses those; whatever the schema refuses the reader refuses too.
"""

from __future__ import annotations

from collections.abc import Iterable

from mentionwatch.labels import Harm, Route
from mentionwatch.packs_template import PLACEHOLDER
from mentionwatch.policy import DECIDING_ROLES, RULE_VALUES, DeadlineKey, DeadlineUnit, RuleKey, Standing
from mentionwatch.policy_diff import DEADLINE_TITLES
from mentionwatch.policy_file import ADDRESS, LEAST_REMOVAL_HOURS, NATIONS
from mentionwatch.policy_words import RULE_TITLES, say_word

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "urn:mentionwatch:policy-pack"
_LIMITS = (
    "A TOML date counts as its text. The schema does not see whether a clause that is named is there: "
    "mentionwatch policy check does."
)

Schema = dict[str, object]
"""A JSON Schema is open-ended by nature: the one place where a plain dict says it best."""


def _ref(name: str, description: str = "") -> Schema:
    found: Schema = {"$ref": f"#/$defs/{name}"}
    return found | {"description": description} if description else found


def _closed(properties: Schema, required: Iterable[str], description: str, **more: object) -> Schema:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "required": sorted(required),
        "properties": properties,
        **more,
    }


def _some_of(values: Iterable[str], description: str, least: int = 0) -> Schema:
    word: Schema = {"enum": list(values)}
    several: Schema = {"type": "array", "items": word, "minItems": least}
    return {"description": description, "anyOf": [word, several]}


def _form(title: Standing, required: str, *barred: str) -> Schema:
    return {"title": title.value, "required": [required], "properties": dict.fromkeys(barred, False)}


def _standings() -> list[Schema]:
    return [
        _form(Standing.SET, "clause", "adopted_on", "unknown"),
        _form(Standing.ADOPTED, "adopted_on", "clause", "unknown"),
        _form(Standing.UNKNOWN, "unknown", "clause", "adopted_on", "values"),
    ]


def _definitions() -> Schema:
    return {
        "text": {
            "type": "string",
            "pattern": "\\S",
            "not": {"pattern": f"^{PLACEHOLDER.pattern}$"},
            "description": "Text that is not empty and no placeholder of the template.",
        },
        "day": {
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "description": "A calendar date, year-month-day.",
        },
        "clause_name": {
            "type": "string",
            "pattern": "\\S",
            "description": "The NAME of one of the [clause.NAME] tables.",
        },
        "standing": {
            "description": "Said by the policy, adopted by the school, or lost.",
            "oneOf": _standings(),
        },
    }


def _clause() -> Schema:
    return _closed(
        {
            "document": _ref("text", "The document, where it is not the one named at the top."),
            "section": _ref("text", "Where in the document."),
            "gist": _ref("text", "What it says, in your own words."),
        },
        ("section", "gist"),
        "One place in the policy.",
    )


def _roles(description: str) -> Schema:
    roles = _some_of(DECIDING_ROLES, "Each role once, in the order they follow each other.", 1)
    roles["uniqueItems"] = True
    return _closed(
        {
            "roles": roles,
            "clause": _ref("clause_name"),
            "adopted_on": _ref("day", "When the school decided this itself."),
        },
        ("roles",),
        description,
        anyOf=[{"required": ["clause"]}, {"required": ["adopted_on"]}],
    )


def _values(key: RuleKey) -> Schema:
    if key is RuleKey.ALSO_TELL:
        office: Schema = {"type": "string", "not": {"pattern": ADDRESS.pattern}}
        return {
            "description": "Offices or roles, never a person's address or number.",
            "anyOf": [office, {"type": "array", "items": office}],
        }
    if key not in RULE_VALUES:
        return {"type": "array", "maxItems": 0, "description": "This point takes no values."}
    words = "; ".join(f"{value}: {say_word(value)}" for value in RULE_VALUES[key])
    return _some_of(RULE_VALUES[key], words)


def _rule(key: RuleKey) -> Schema:
    return _closed(
        {
            "clause": _ref("clause_name"),
            "values": _values(key),
            "adopted_on": _ref("day", "When the school adopted this itself, its policy being silent."),
            "unknown": _ref("text", "What the copy of the policy has lost."),
            "note": {"type": "string"},
        },
        (),
        f"{RULE_TITLES[key]}.",
        allOf=[_ref("standing")],
    )


def _deadline(key: DeadlineKey) -> Schema:
    removal = key is DeadlineKey.REMOVAL
    whole: Schema = {"type": "integer", "minimum": LEAST_REMOVAL_HOURS if removal else 1}
    units = [DeadlineUnit.HOURS] if removal else list(DeadlineUnit)
    kinder = "longer" if removal else "shorter"
    return _closed(
        {
            **{unit.value: whole for unit in units},
            "clause": _ref("clause_name"),
            "adopted": whole
            | {"description": f"What the school itself keeps to: the same or {kinder}, never the other way."},
            "adopted_on": _ref("day"),
        },
        ("clause",),
        f"{DEADLINE_TITLES[key]}.",
        oneOf=[{"required": [unit.value]} for unit in units],
        dependentRequired={"adopted": ["adopted_on"], "adopted_on": ["adopted"]},
    )


def _question(events: Iterable[str]) -> Schema:
    return _closed(
        {
            "key": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9_]*$",
                "description": "The name under which the answer is kept.",
            },
            "en": _ref("text", "The question in English."),
            "cy": _ref("text", "The question in Welsh."),
            "clause": _ref("clause_name"),
            "events": _some_of(events, "The steps of the protocol that ask it.", 1),
        },
        ("key", "en", "cy", "clause", "events"),
        "What the policy wants answered before a step.",
    )


def _first_step() -> Schema:
    return _closed(
        {
            "en": _ref("text", "The step in English."),
            "cy": _ref("text", "The step in Welsh."),
            "clause": _ref("clause_name"),
            "routes": _some_of(tuple(Route), "Only on these routes; left out: on all."),
        },
        ("en", "cy", "clause"),
        "What a person does first.",
    )


def _list_of(item: Schema, description: str, least: int = 0) -> Schema:
    return {"type": "array", "description": description, "minItems": least, "items": item}


def make_schema(events: Iterable[str]) -> Schema:
    """The schema of a pack; `events` are the steps of the protocol a question may be asked at."""
    properties: Schema = {
        "id": _ref("text", "A short name in small letters: it is stamped on every step."),
        "school": _ref("text", "The school's name."),
        "title": {
            "type": "string",
            "description": "How the policy is called in full; left out: the document.",
        },
        "document": _ref("text", "The document the clauses are in, unless they name another."),
        "nation": {"enum": list(NATIONS), "description": "Whose law and safeguarding duties apply."},
        "authority_body": {"type": "string", "description": "The council, trust or diocese."},
        "dated_on": _ref("day", "The policy's own date; left out: undated, and every page says so."),
        "review_due_on": _ref("day", "The day after which the policy is stale."),
        "clause": {
            "type": "object",
            "minProperties": 1,
            "description": "[clause.NAME]: every place the rest of the pack refers to.",
            "additionalProperties": _clause(),
        },
        "monitoring": _closed(
            {"clause": _ref("clause_name"), "note": {"type": "string"}},
            (),
            "What lets the school watch public postings. Without a clause the governors have to decide it.",
        ),
        "decider": _roles("Who decides about a post."),
        "conflict_order": _roles("Who decides when the post is about the decider."),
        "rule": _closed(
            {key.value: _rule(key) for key in RuleKey}, (), "What the policy says, point by point."
        ),
        "deadline": _closed({key.value: _deadline(key) for key in DeadlineKey}, (), "Times the policy sets."),
        "question": _list_of(_question(sorted(events)), "[[question]]"),
        "harms": _closed(
            {harm.value: _ref("clause_name") for harm in Harm}, (), "Which clause each harm touches."
        ),
        "first_step": _list_of(_first_step(), "[[first_step]]: at least one.", 1),
        "contacts": {
            "type": "object",
            "description": "Whom the policy sends people to: a role, never an address or a number.",
            "additionalProperties": _ref("text") | {"allOf": [{"not": {"pattern": ADDRESS.pattern}}]},
        },
    }
    needed = ("id", "school", "document", "nation", "clause", "decider", "first_step")
    top = _closed(properties, needed, f"One school's policy as data. {_LIMITS}")
    return {
        "$schema": DIALECT,
        "$id": ID,
        "title": "mentionwatch policy pack",
        **top,
        "$defs": _definitions(),
    }
