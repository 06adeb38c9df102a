"""`account`: who may sign in to the desk, set up by whoever may run commands on the machine that holds the home."""

from __future__ import annotations

import argparse
from urllib.parse import urlencode

from desk.sign_in_port import Done, Invited, NotDone, Person, WhyNot
from flows.accounts import Gate
from flows.accounts_audit import hand_over
from flows.accounts_people import COMMAND_LINE
from flows.commands.common import clock, existing_home, iso, print_json, say
from flows.home import Home, read_school
from mentionwatch.accounts import Account, DeskRole
from mentionwatch.errors import ConfigError, Refused, Retriable
from warehouse.accounts import find_login

LOCAL = "http://127.0.0.1:8710"
"""Where the desk is when nobody says otherwise."""

_WHY = {
    WhyNot.LOGIN_TAKEN: ("LOGIN", "there is such an account", "Choose another login, or see: account list"),
    WhyNot.BAD_LOGIN: (
        "LOGIN",
        "is no login",
        "Write 2 to 100 signs without spaces, such as an e-mail address",
    ),
    WhyNot.BAD_NAME: ("--name", "is no name to show", "Write 1 to 100 signs in one line"),
    WhyNot.BAD_EMAIL: ("--email", "is no e-mail address", "Write it as name@school.example"),
    WhyNot.NO_ROLE: ("--role", "is missing", "Name at least one"),
}
_REFUSED = {
    WhyNot.LAST_ADMIN: "this is the last administrator. Make another one first",
    WhyNot.LAST_HEAD: "this is the last head. Use the command line",
    WhyNot.NEEDS_RESET: "this person has joined already, or the account is disabled. Use: account reset",
}


def account_list(arguments: argparse.Namespace) -> int:
    """Everybody who has an account. A disabled one stays in the list: the log speaks of it."""
    home = existing_home(arguments)
    gate = _gate(home)
    accounts = gate.accounts(COMMAND_LINE)
    joined = gate.joined()
    if isinstance(accounts, NotDone):
        raise _explain(accounts.why)
    if arguments.json:
        for each in accounts:
            print_json(_json(each, each.id in joined, gate.waiting_roles(each.id)))
        return 0
    if not accounts:
        say(
            "Nobody has an account yet. The first one is made with the link that the desk prints: mentionwatch desk"
        )
    for each in accounts:
        standing = "disabled" if not each.is_active else "active" if each.id in joined else "invited"
        waits = ",".join(_in_order(gate.waiting_roles(each.id)))
        roles = " ".join(part for part in (_roles(each), f"(waiting: {waits})" if waits else "") if part)
        say(f"{each.login}  {each.shown_as}  {roles}  {standing}  {each.id}")
    return 0


def account_add(arguments: argparse.Namespace) -> int:
    """A new account and its link."""
    home, now = existing_home(arguments), clock(arguments)
    person = Person(arguments.login, arguments.name, _asked_roles(arguments), arguments.lang, arguments.email)
    gate = _gate(home)
    return _invited(arguments, home, gate, gate.add(COMMAND_LINE, person, now))


def account_invite(arguments: argparse.Namespace) -> int:
    """A new link."""
    home = existing_home(arguments)
    gate, account_id = _subject(arguments, home)
    return _invited(arguments, home, gate, gate.invite_again(COMMAND_LINE, account_id, clock(arguments)))


def account_reset(arguments: argparse.Namespace) -> int:
    """The way back for somebody who lost password or second factor, or was disabled."""
    home = existing_home(arguments)
    gate, account_id = _subject(arguments, home)
    return _invited(arguments, home, gate, gate.reset(COMMAND_LINE, account_id, clock(arguments)))


def account_roles(arguments: argparse.Namespace) -> int:
    """Other roles."""
    home = existing_home(arguments)
    gate, account_id = _subject(arguments, home)
    answer = gate.change_roles(COMMAND_LINE, account_id, _asked_roles(arguments), clock(arguments))
    return _done(arguments, home, answer, "The roles are changed; the person signs in anew.")


def account_disable(arguments: argparse.Namespace) -> int:
    """Nobody signs in with it any more."""
    home = existing_home(arguments)
    gate, account_id = _subject(arguments, home)
    answer = gate.disable(COMMAND_LINE, account_id, clock(arguments))
    return _done(arguments, home, answer, "The account is disabled and signed out everywhere.")


def account_end_sessions(arguments: argparse.Namespace) -> int:
    """Signed out everywhere."""
    home = existing_home(arguments)
    gate, account_id = _subject(arguments, home)
    answer = gate.end_all(COMMAND_LINE, account_id, clock(arguments))
    return _done(arguments, home, answer, "The account is signed out everywhere.")


def _gate(home: Home) -> Gate:
    return Gate(home.folder)


def _subject(arguments: argparse.Namespace, home: Home) -> tuple[Gate, str]:
    gate = _gate(home)
    with gate.store.look() as hold:
        account = find_login(hold, arguments.login)
    if account is None:
        raise _explain(WhyNot.NO_SUCH_ACCOUNT)
    return gate, account.id


def _asked_roles(arguments: argparse.Namespace) -> frozenset[DeskRole]:
    names = [name for group in arguments.role for name in group]
    for name in names:
        if name not in tuple(DeskRole):
            raise ConfigError(
                "account", "--role", f"{name!r} is no role", f"Write one or more of: {', '.join(DeskRole)}"
            )
    return frozenset(DeskRole(name) for name in names)


def _invited(arguments: argparse.Namespace, home: Home, gate: Gate, answer: Invited | NotDone) -> int:
    if isinstance(answer, NotDone):
        raise _explain(answer.why)
    _hand_over(home)
    school, _ = read_school(home)
    link = f"{school.sign_in.address or LOCAL}/join?{urlencode({'key': answer.key})}"
    if arguments.json:
        waiting = gate.waiting_roles(answer.account.id)
        print_json(_json(answer.account, False, waiting) | {"link": link, "ends_at": iso(answer.ends_at)})
        return 0
    say("Give this link to the person, and to nobody else. It opens once, for 72 hours:")
    say(link)
    if not school.sign_in.address:
        say(
            f"It is for a desk at {LOCAL}. If yours is opened elsewhere, put its address in that place, and for the next "
            "link write it in school.toml, [sign_in], as address"
        )
    return 0


def _done(arguments: argparse.Namespace, home: Home, answer: Done | NotDone, said: str) -> int:
    if isinstance(answer, NotDone):
        raise _explain(answer.why)
    _hand_over(home)
    if arguments.json:
        print_json({"login": arguments.login, "done": arguments.act})
    else:
        say(said)
    return 0


def _hand_over(home: Home) -> None:
    """Into the audit log if the warehouse is free; else it waits, and goes in with the desk or the next command."""
    try:
        hand_over(home.folder)
    except Retriable:
        return


def _explain(why: WhyNot) -> ConfigError | Refused:
    if why in _REFUSED:
        return Refused(f"refused: {_REFUSED[why]}")
    key, cause, mend = _WHY.get(why, ("LOGIN", "there is no such account", "See: mentionwatch account list"))
    return ConfigError("account", key, cause, mend)


def _roles(account: Account) -> str:
    return ",".join(_in_order(account.roles))


def _in_order(roles: frozenset[DeskRole]) -> list[str]:
    return [role.value for role in DeskRole if role in roles]


def _json(account: Account, has_joined: bool, waiting: frozenset[DeskRole]) -> dict[str, object]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.shown_as,
        "roles": _in_order(account.roles),
        "waiting": _in_order(waiting),
        "lang": account.lang,
        "email": account.email,
        "active": account.is_active,
        "joined": has_joined,
        "made_at": iso(account.made_at),
    }
