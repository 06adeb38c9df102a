"""Reading registers.toml: strict; anything that looks like a password, a person's address or a pupil is refused."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from mentionwatch.errors import ConfigError
from mentionwatch.registers import (
    Account,
    Agreement,
    Bilingual,
    Contact,
    Dated,
    LinkedPolicy,
    MediaPolicy,
    PolicyFacts,
    Registers,
    Topic,
    UnderAgeForm,
)
from mentionwatch.secrets_in_text import looks_like_secret
from mentionwatch.tables import Table

# Two letters that are one in Welsh: LlE are two initials.
_DOUBLE_LETTER = re.compile(r"Ch|Dd|Ff|Ll|Ng|Ph|Rh|Th")
_INITIALS = re.compile(r"(?:[^\W\d_][.\- ]{0,2}){1,4}")
_STAFF_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9/-]{1,20}")
_PUPIL_KEY = re.compile(r"pupil|child|disgybl|plentyn", re.IGNORECASE)
_MEND_SECRET = (
    "Take it out: mentionwatch never keeps passwords or log-ins; change it if others could read this file"  # noqa: S105 -- a sentence, not a password
)


def _secret(row: Table, name: str) -> ConfigError:
    """The refusal; it never repeats the value, nor a key that holds one."""
    shown = "(a key)" if looks_like_secret(name) else name
    return row.wrong(shown, "looks like a password or a log-in", _MEND_SECRET)


def _guarded(row: Table) -> Table:
    """The table, once none of its keys asks for a credential or a pupil."""
    for name in row.names():
        if looks_like_secret(name) or looks_like_secret(f"{name}: x"):
            raise _secret(row, name)
        if _PUPIL_KEY.search(name):
            raise row.wrong(
                name,
                "would say something of a pupil, and these registers name no pupil",
                "Take it out: who is related to whom stays in the school's own written declaration",
            )
    return row


def _rows(table: Table, name: str) -> tuple[Table, ...]:
    return tuple(_guarded(row) for row in table.tables(name))


def _checked(row: Table, name: str, value: str) -> str:
    if looks_like_secret(value) or looks_like_secret(f"{name}: {value}"):
        raise _secret(row, name)
    return value


def _text(row: Table, name: str, default: str | None = None) -> str:
    return _checked(row, name, row.text(name, default))


def _texts(row: Table, name: str) -> tuple[str, ...]:
    return tuple(_checked(row, name, value) for value in row.texts(name))


def _day(row: Table, name: str) -> date | None:
    try:
        return row.day(name)
    except ConfigError as error:
        # The message repeats what stands there, which may be a password on the wrong line.
        if looks_like_secret(error.cause):
            raise _secret(row, name) from None
        raise


def _url(row: Table, name: str, default: str | None = None) -> str:
    value = _text(row, name, default)
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if value and not is_address:
        raise row.wrong(name, "is no web address", f'Write {name} = "https://..."')
    return value


def _who(row: Table) -> str:
    value = _text(row, "who")
    if "@" in value:
        raise row.wrong("who", "is an e-mail address", 'Write initials or a staff number: who = "AJ"')
    letters = _DOUBLE_LETTER.sub("L", value)
    if _STAFF_NUMBER.fullmatch(value) or (_INITIALS.fullmatch(letters) and letters == letters.upper()):
        return value
    raise row.wrong("who", "is neither initials nor a staff number", 'Write who = "AJ" or who = "S0142"')


def _people(row: Table, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if any("@" in value for value in values):
        raise row.wrong(name, "holds an e-mail address", f'Name roles or initials: {name} = "deputy head"')
    return values


def _account(row: Table) -> Account:
    if "is_open" not in row:
        raise row.wrong("is_open", "is missing", "Add is_open = true, or is_open = false for a closed group")
    found = Account(
        name=_text(row, "name"),
        platform=_text(row, "platform"),
        url=_url(row, "url"),
        purpose=_text(row, "purpose"),
        audience=_text(row, "audience"),
        is_open=row.flag("is_open"),
        operators=_people(row, "operators", _texts(row, "operators")),
        lead=_people(row, "lead", (_text(row, "lead"),))[0],
        new_lead=_people(row, "new_lead", (_text(row, "new_lead", ""),))[0],
        lead_left_on=_day(row, "lead_left_on"),
        closed_on=_day(row, "closed_on"),
        approved_on=_day(row, "approved_on"),
        trained_on=_day(row, "trained_on"),
    )
    row.finish()
    return found


def _accounts(table: Table) -> tuple[Account, ...]:
    found: list[Account] = []
    for row in _rows(table, "account"):
        account = _account(row)
        if any((other.platform, other.name) == (account.platform, account.name) for other in found):
            raise row.wrong("name", "is there twice on this platform", "Keep one of the two")
        found.append(account)
    return tuple(found)


def _dated(table: Table, name: str, day: str) -> tuple[Dated, ...]:
    found = []
    for row in _rows(table, name):
        found.append(Dated(_who(row), _day(row, day)))
        row.finish()
    return tuple(found)


def _linked_policy(row: Table) -> LinkedPolicy:
    topic = _text(row, "topic", "")
    if topic and topic not in tuple(Topic):
        raise row.wrong(
            "topic", f"{topic!r} is unknown", f"Leave it out, or write one of: {', '.join(Topic)}"
        )
    found = LinkedPolicy(
        name=_text(row, "name"),
        topic=Topic(topic) if topic else None,
        adopted_on=_day(row, "adopted_on"),
        reviewed_on=_day(row, "reviewed_on"),
        sent_to_parents_on=_day(row, "sent_to_parents_on"),
        sent_to_staff_on=_day(row, "sent_to_staff_on"),
        sent_to_governors_on=_day(row, "sent_to_governors_on"),
    )
    row.finish()
    return found


def _under_age_forms(table: Table) -> tuple[UnderAgeForm, ...]:
    found: list[UnderAgeForm] = []
    for row in _rows(table, "under_age_form"):
        form = UnderAgeForm(_text(row, "platform"), _url(row, "url"), _day(row, "checked_on"))
        row.finish()
        if any(other.platform.casefold() == form.platform.casefold() for other in found):
            raise row.wrong("platform", "is there twice", "Keep the form whose address works")
        found.append(form)
    return tuple(found)


def _bilingual(row: Table) -> Bilingual:
    found = Bilingual(_text(row, "en", ""), _text(row, "cy", ""))
    row.finish()
    return found


def _agreement(row: Table) -> Agreement | None:
    if not row.names():
        return None
    found = Agreement(_text(row, "document"), _day(row, "agreed_on"))
    row.finish()
    return found


def _media_policy(row: Table) -> MediaPolicy | None:
    if not row.names():
        return None
    found = MediaPolicy(_text(row, "title", ""), _url(row, "url", ""))
    row.finish()
    if not (found.title or found.url):
        raise row.wrong("title", "is missing", 'Add title = "..." or url = "https://..."')
    return found


def _contact(row: Table) -> Contact:
    head_title = _guarded(row.table("head_title"))
    found = Contact(
        _url(row, "website", ""), _text(row, "telephone", ""), _texts(row, "address"), _bilingual(head_title)
    )
    row.finish()
    return found


def _policy(row: Table) -> PolicyFacts:
    found = PolicyFacts(_day(row, "circulated_to_parents_on"), _url(row, "website", ""))
    row.finish()
    return found


def parse_registers(table: Table) -> Registers:
    """Read the parsed registers.toml. Raises `ConfigError` naming file, key and mend, never a secret's value.

    A missing date is no error: `find_gaps` reports it.
    """
    _guarded(table)
    found = Registers(
        accounts=_accounts(table),
        declarations=_dated(table, "declaration", "signed_on"),
        investigators=_dated(table, "investigator", "trained_on"),
        agreement=_agreement(_guarded(table.table("home_school_agreement"))),
        family_links=_dated(table, "family_link", "declared_on"),
        linked_policies=tuple(_linked_policy(row) for row in _rows(table, "linked_policy")),
        complaints=_bilingual(_guarded(table.table("complaints"))),
        media_policy=_media_policy(_guarded(table.table("media_policy"))),
        under_age_forms=_under_age_forms(table),
        contact=_contact(_guarded(table.table("contact"))),
        policy=_policy(_guarded(table.table("policy"))),
    )
    table.finish()
    return found
