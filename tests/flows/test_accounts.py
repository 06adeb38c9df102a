"""The gate of the desk: who comes in, for how long, and what ends it (ASVS 5.0 chapters 6 and 7)."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from desk.passwords import check_password
from desk.sign_in_port import Declined, Done, Invited, NotDone, Person, Proved, SignedIn, WhyDeclined, WhyNot
from desk.web.entry import is_csrf
from flows.accounts import Gate
from flows.accounts_people import COMMAND_LINE
from mentionwatch.accounts import DeskRole, Viewer
from warehouse.accounts import waiting_audit

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOME, AWAY = "192.0.2.10", "203.0.113.7"
PASSWORD = "gwenynen fach yn y berth"
NEW = "tri mochyn bach mewn cae"
FIRST = Person("Pennaeth@ysgol.example", "Mair Tudur", frozenset({DeskRole.HEAD}), "cy")


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path, ("Ysgol Llanbedrog",))


def first(gate: Gate, now: datetime = NOW) -> SignedIn:
    key = gate.first_key(now)
    assert key is not None
    made = gate.open_first(key, FIRST, PASSWORD, now)
    assert isinstance(made, SignedIn)
    return made


def with_factor(
    gate: Gate, signed_in: SignedIn, now: datetime = NOW
) -> tuple[SignedIn, str, tuple[str, ...]]:
    """The same person with a second factor: session, secret as an app holds it, recovery codes."""
    offered = gate.offer_factor(signed_in.token, PASSWORD, HOME, now)
    assert not isinstance(offered, NotDone)
    session, offer = offered
    secret = offer.typed.replace(" ", "")
    proved = gate.prove_factor(session.token, code(secret, now), now)
    assert isinstance(proved, Proved)
    return proved.signed_in, secret, proved.codes


def code(secret: str, now: datetime) -> str:
    return pyotp.TOTP(secret).at(now)


def viewer_of(gate: Gate, token: str, now: datetime) -> Viewer | None:
    """Who asks, when every page may open to them; None also for a session that is hidden or lacks its second factor."""
    session = gate.session_of(token, now)
    return session.viewer if session and session.is_open else None


def add(gate: Gate, login: str, *roles: DeskRole, now: datetime = NOW) -> Invited:
    made = gate.add(COMMAND_LINE, Person(login, login.title(), frozenset(roles)), now)
    assert isinstance(made, Invited)
    return made


def join(gate: Gate, login: str, *roles: DeskRole, now: datetime = NOW) -> SignedIn:
    taken = gate.accept(add(gate, login, *roles, now=now).key, PASSWORD, now)
    assert isinstance(taken, SignedIn)
    return taken


# --- the first account, invitations ---------------------------------------------------------------


def test_v6_3_2_there_is_no_account_until_the_key_made_one_and_the_key_opens_once(gate: Gate) -> None:
    """ASVS V6.3.2, V6.4.1: no default account; the first key is random, dies with use and with the next one."""
    with gate.store.look() as hold:
        assert hold.rows("SELECT * FROM accounts") == []
    dead, key = gate.first_key(NOW), gate.first_key(NOW)
    assert dead and key and dead != key
    assert not gate.is_first_key(dead, NOW) and gate.is_first_key(key, NOW)
    assert gate.open_first(dead, FIRST, PASSWORD, NOW) == NotDone(WhyNot.LINK_OVER)
    made = gate.open_first(key, FIRST, PASSWORD, NOW)
    assert isinstance(made, SignedIn)
    assert made.viewer.roles == {DeskRole.HEAD, DeskRole.ADMIN} and made.viewer.lang == "cy"
    assert gate.open_first(key, FIRST, PASSWORD, NOW) == NotDone(WhyNot.LINK_OVER)
    assert gate.first_key(NOW) is None


def test_v6_4_1_an_invitation_opens_once_and_for_72_hours(gate: Gate) -> None:
    """ASVS V6.4.1: initial secrets are random, expire, and become nothing but a password of one's own."""
    first(gate)
    late = add(gate, "late", DeskRole.SLT)
    over = NOW + timedelta(hours=72)
    assert gate.accept(late.key, PASSWORD, over) == NotDone(WhyNot.LINK_OVER)
    assert gate.invited(late.key, over - timedelta(seconds=1)) is not None
    again = gate.invite_again(COMMAND_LINE, late.account.id, over)
    assert isinstance(again, Invited)
    assert gate.accept(again.key, "short", over) == NotDone(WhyNot.TOO_SHORT), (
        "a refused password uses no link up"
    )
    assert isinstance(gate.accept(again.key, PASSWORD, over), SignedIn)
    assert gate.accept(again.key, PASSWORD, over) == NotDone(WhyNot.LINK_OVER)
    assert gate.invite_again(COMMAND_LINE, late.account.id, over) == NotDone(WhyNot.NEEDS_RESET)


# --- signing in -----------------------------------------------------------------------------------


def test_v7_2_4_each_sign_in_has_a_new_token_and_the_file_holds_none(gate: Gate) -> None:
    """ASVS V7.2.2, V7.2.3, V7.2.4: random tokens of 256 bits, new at each sign-in, kept as a hash only."""
    first(gate)
    tokens = {
        s.token
        for _ in range(3)
        if isinstance(s := gate.sign_in(FIRST.login, PASSWORD, "", HOME, NOW), SignedIn)
    }
    assert len(tokens) == 3 and all(len(token) >= 43 for token in tokens)
    held = gate.store.path.read_bytes()
    assert not any(token.encode() in held for token in tokens)
    assert PASSWORD.encode() not in held
    assert stat.S_IMODE(gate.store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(gate.store.key_path.stat().st_mode) == 0o600


@pytest.mark.parametrize("login", ["PENNAETH@YSGOL.EXAMPLE", " pennaeth@ysgol.example "])
def test_a_login_is_known_in_any_case(gate: Gate, login: str) -> None:
    first(gate)
    assert isinstance(gate.sign_in(login, PASSWORD, "", HOME, NOW), SignedIn)


def test_v6_2_8_a_password_is_checked_exactly_as_typed(gate: Gate) -> None:
    """ASVS V6.2.8: no trimming, no other case, no cutting off."""
    first(gate)
    for wrong in (PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], "", "\ud800"):
        assert gate.sign_in(FIRST.login, wrong, "", HOME, NOW) == Declined(WhyDeclined.WRONG)


def test_v7_4_1_signing_out_ends_the_session_at_once(gate: Gate) -> None:
    """ASVS V7.4.1."""
    made = first(gate, NOW)
    gate_two = Gate(gate.store.path.parent.parent, needs_factor=False)
    assert viewer_of(gate_two, made.token, NOW) == made.viewer
    gate.sign_out(made.token, NOW)
    assert gate_two.session_of(made.token, NOW) is None


def test_v6_3_3_without_a_second_factor_only_its_own_page_is_open(gate: Gate) -> None:
    """ASVS V6.3.3: a second factor is set up before anything else is seen, and asked for ever after."""
    made = first(gate)
    session = gate.session_of(made.token, NOW)
    assert session is not None and session.needs_factor and not session.is_open
    assert viewer_of(gate, made.token, NOW) is None
    strong, secret, codes = with_factor(gate, made)
    assert viewer_of(gate, made.token, NOW) is None, "the session from before is over"
    assert viewer_of(gate, strong.token, NOW) == strong.viewer
    assert len(set(codes)) == 10
    later = NOW + timedelta(minutes=5)
    assert gate.sign_in(FIRST.login, PASSWORD, "", HOME, later) == Declined(WhyDeclined.WRONG_CODE)
    again = gate.sign_in(FIRST.login, PASSWORD, code(secret, later), HOME, later)
    assert isinstance(again, SignedIn) and viewer_of(gate, again.token, later) == again.viewer


def test_v6_5_1_a_code_works_once_also_across_processes(gate: Gate, tmp_path: Path) -> None:
    """ASVS V6.5.1, V6.5.5: a code is good once and for its half minute, one early or late."""
    strong, secret, codes = with_factor(gate, first(gate))
    later = NOW + timedelta(minutes=5)
    used = code(secret, later)
    assert isinstance(gate.sign_in(FIRST.login, PASSWORD, used, HOME, later), SignedIn)
    assert Gate(tmp_path).sign_in(FIRST.login, PASSWORD, used, HOME, later) == Declined(
        WhyDeclined.WRONG_CODE
    )
    assert isinstance(gate.sign_in(FIRST.login, PASSWORD, codes[3].upper(), HOME, later), SignedIn)
    assert gate.sign_in(FIRST.login, PASSWORD, codes[3], HOME, later) == Declined(WhyDeclined.WRONG_CODE)
    own = gate.own_account(strong.token, NOW)
    assert own is not None and own.codes_left == 9 and own.has_factor


def test_v6_5_1_of_two_who_show_one_code_at_the_same_moment_one_comes_in(gate: Gate) -> None:
    """ASVS V6.5.1, V15.4.1: looked at and used up in one step."""
    _, secret, _ = with_factor(gate, first(gate))
    later = NOW + timedelta(minutes=5)
    answers, start = list[object](), threading.Barrier(4)

    def come() -> None:
        start.wait()
        answers.append(gate.sign_in(FIRST.login, PASSWORD, code(secret, later), HOME, later))

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1 and len(answers) == 4


# --- what ends sessions ---------------------------------------------------------------------------


def test_v7_4_2_disabling_and_new_roles_end_every_session_at_once(gate: Gate) -> None:
    """ASVS V7.4.2, V8.3.2: what a person may is what their account says now, not at sign-in."""
    first(gate)
    slt = join(gate, "slt", DeskRole.SLT)
    assert gate.session_of(slt.token, NOW) is not None
    who = slt.viewer.account_id
    assert gate.change_roles(COMMAND_LINE, who, frozenset({DeskRole.OFFICE}), NOW) == Done()
    assert gate.session_of(slt.token, NOW) is None
    back = gate.sign_in("slt", PASSWORD, "", HOME, NOW)
    assert isinstance(back, SignedIn) and back.viewer.roles == {DeskRole.OFFICE}
    assert gate.disable(COMMAND_LINE, who, NOW) == Done()
    assert gate.session_of(back.token, NOW) is None
    assert gate.sign_in("slt", PASSWORD, "", HOME, NOW) == Declined(WhyDeclined.DISABLED)


def test_v7_4_3_a_new_password_ends_every_other_session_and_needs_the_old_one(gate: Gate) -> None:
    """ASVS V6.2.2, V6.2.3, V7.4.3."""
    here = first(gate)
    there = gate.sign_in(FIRST.login, PASSWORD, "", AWAY, NOW)
    assert isinstance(there, SignedIn)
    assert gate.change_password(here.token, "not it at all", NEW, HOME, NOW) == NotDone(WhyNot.WRONG_PASSWORD)
    assert gate.session_of(there.token, NOW) is not None
    changed = gate.change_password(here.token, PASSWORD, NEW, HOME, NOW)
    assert isinstance(changed, SignedIn)
    assert gate.session_of(here.token, NOW) is None and gate.session_of(there.token, NOW) is None
    assert gate.session_of(changed.token, NOW) is not None
    assert gate.sign_in(FIRST.login, PASSWORD, "", HOME, NOW) == Declined(WhyDeclined.WRONG)
    assert isinstance(gate.sign_in(FIRST.login, NEW, "", HOME, NOW), SignedIn)


def test_v7_4_5_an_administrator_ends_everybodys_sessions_and_each_person_their_own(gate: Gate) -> None:
    """ASVS V7.4.5, V7.5.2."""
    boss = first(gate)
    slt = join(gate, "slt", DeskRole.SLT)
    assert gate.end_all(slt.viewer, boss.viewer.account_id, NOW) == NotDone(WhyNot.NOT_ALLOWED)
    assert gate.end_all(boss.viewer, slt.viewer.account_id, NOW) == Done()
    assert gate.session_of(slt.token, NOW) is None
    assert gate.end_all(boss.viewer, boss.viewer.account_id, NOW) == Done()
    assert gate.session_of(boss.token, NOW) is None


def test_v7_3_2_the_password_alone_makes_no_session_longer_than_twelve_hours(gate: Gate) -> None:
    """ASVS V7.3.2: hidden and opened again, or given for a change of one's own, all day: then the second factor is asked for."""
    session, _, _ = with_factor(gate, first(gate))
    token, now, password = session.token, NOW, PASSWORD
    for number in range(1, 26):
        now = NOW + number * timedelta(minutes=28)
        if number % 2:
            gate.lock(token)
            answer: object = gate.unlock(token, password, HOME, now)
        else:
            other = NEW if password == PASSWORD else PASSWORD
            answer = gate.change_password(token, password, other, HOME, now)
            password = other
        assert isinstance(answer, SignedIn), number
        token = answer.token
        (shown,) = gate.own_sessions(token, now)
        assert shown.made_at == NOW
    assert viewer_of(gate, token, NOW + timedelta(hours=12) - timedelta(seconds=1))
    assert gate.session_of(token, NOW + timedelta(hours=12)) is None


def test_a_session_that_ends_while_its_password_is_looked_at_does_not_come_back(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS V7.4.1, V2.3.4: signed out everywhere at that moment, a hidden session gives no new one."""
    session, _, _ = with_factor(gate, first(gate))
    really = check_password

    def meanwhile(password: str, kept: str) -> bool:
        assert gate.end_all(session.viewer, session.viewer.account_id, NOW) == Done()
        return really(password, kept)

    gate.lock(session.token)
    monkeypatch.setattr("flows.accounts_signing.check_password", meanwhile)
    assert gate.unlock(session.token, PASSWORD, HOME, NOW) == Declined(WhyDeclined.WRONG)
    with gate.store.look() as hold:
        assert hold.rows("SELECT * FROM sessions") == []


@pytest.mark.parametrize("change", ["password", "factor"])
def test_an_account_begun_anew_at_that_moment_keeps_nothing_of_a_change_under_way(
    gate: Gate, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS V6.4.4, V2.3.4: whoever sits in somebody's account does not stay there through its reset."""
    session = join(gate, "huw", DeskRole.SLT)
    really = gate.unlock

    def meanwhile(token: str, password: str, address: str, now: datetime) -> SignedIn | Declined:
        answer = really(token, password, address, now)
        assert isinstance(gate.reset(COMMAND_LINE, session.viewer.account_id, now), Invited)
        return answer

    monkeypatch.setattr(gate, "unlock", meanwhile)
    if change == "password":
        answer: object = gate.change_password(session.token, PASSWORD, NEW, HOME, NOW)
    else:
        answer = gate.offer_factor(session.token, PASSWORD, HOME, NOW)
    assert answer == NotDone(WhyNot.SIGNED_OUT)
    assert gate.sign_in("huw", NEW, "", HOME, NOW) == Declined(WhyDeclined.WRONG)
    with gate.store.look() as hold:
        assert hold.rows("SELECT * FROM sessions") == []


def test_v7_5_2_a_person_sees_where_they_are_signed_in(gate: Gate) -> None:
    """ASVS V7.5.2: their own sessions and nobody else's, until each is over."""
    here = first(gate)
    join(gate, "slt", DeskRole.SLT)
    later = NOW + timedelta(minutes=20)
    there = gate.sign_in(FIRST.login, PASSWORD, "", AWAY, later)
    assert isinstance(there, SignedIn)
    found = gate.own_sessions(here.token, later)
    assert [(each.made_at, each.is_this) for each in found] == [(later, False), (NOW, True)]
    assert len(gate.own_sessions(there.token, later + timedelta(minutes=20))) == 2
    assert [each.is_this for each in gate.own_sessions(there.token, later + timedelta(minutes=30))] == [True]
    gate.sign_out(there.token, later + timedelta(minutes=30))
    assert gate.own_sessions(there.token, later + timedelta(minutes=30)) == ()


def test_an_administrator_mends_a_name_and_an_address(gate: Gate) -> None:
    boss = first(gate)
    slt = join(gate, "slt", DeskRole.SLT)
    who = slt.viewer.account_id
    assert gate.change_person(slt.viewer, who, "New", "", "en", NOW) == NotDone(WhyNot.NOT_ALLOWED)
    assert gate.change_person(boss.viewer, who, "New", "a\r\nBcc: b@c.example", "en", NOW) == NotDone(
        WhyNot.BAD_EMAIL
    )
    assert gate.change_person(boss.viewer, who, "a\nb", "", "en", NOW) == NotDone(WhyNot.BAD_NAME)
    assert gate.change_person(boss.viewer, who, " Newydd ", "n@ysgol.example", "cy", NOW) == Done()
    session = gate.session_of(slt.token, NOW)
    assert session is not None and session.viewer.shown_as == "Newydd" and session.viewer.lang == "cy"
    own = gate.own_account(slt.token, NOW)
    assert own is not None and own.account.email == "n@ysgol.example" and own.has_password


def test_quick_hide_shows_nothing_until_the_password_is_typed_again(gate: Gate) -> None:
    """ASVS V7.2.4, V7.5.1: a locked session is nobody's; unlocking makes a new token."""
    strong, _, _ = with_factor(gate, first(gate))
    gate.lock(strong.token)
    session = gate.session_of(strong.token, NOW)
    assert session is not None and session.is_locked and viewer_of(gate, strong.token, NOW) is None
    assert gate.own_account(strong.token, NOW) is None
    assert gate.unlock(strong.token, "wrong", HOME, NOW) == Declined(WhyDeclined.WRONG)
    back = gate.unlock(strong.token, PASSWORD, HOME, NOW)
    assert isinstance(back, SignedIn) and viewer_of(gate, back.token, NOW) == strong.viewer
    assert gate.session_of(strong.token, NOW) is None


# --- administrators -------------------------------------------------------------------------------


def test_v8_2_1_only_administrators_change_accounts_and_never_their_own_rights(gate: Gate) -> None:
    """ASVS V8.2.1, V8.3.1: asked at the gate itself, whatever a page let through."""
    boss = first(gate)
    for role in DeskRole:
        if role is DeskRole.ADMIN:
            continue
        who = Viewer("somebody", "Somebody", frozenset({role}), "en")
        person = Person("new", "New", frozenset({DeskRole.SLT}))
        refused = NotDone(WhyNot.NOT_ALLOWED)
        assert (
            gate.accounts(who)
            == gate.add(who, person, NOW)
            == gate.reset(who, boss.viewer.account_id, NOW)
            == refused
        )
        assert gate.change_roles(who, boss.viewer.account_id, frozenset({role}), NOW) == refused
        assert gate.disable(who, boss.viewer.account_id, NOW) == refused
        assert gate.invite_again(who, boss.viewer.account_id, NOW) == refused
    me = boss.viewer.account_id
    assert gate.change_roles(boss.viewer, me, frozenset(DeskRole), NOW) == NotDone(WhyNot.YOURSELF)
    assert gate.disable(boss.viewer, me, NOW) == NotDone(WhyNot.YOURSELF)
    assert gate.disable(COMMAND_LINE, me, NOW) == NotDone(WhyNot.LAST_ADMIN)
    assert gate.change_roles(COMMAND_LINE, me, frozenset({DeskRole.HEAD}), NOW) == NotDone(WhyNot.LAST_ADMIN)


def test_a_reset_takes_password_factor_and_sessions_and_gives_one_link(gate: Gate) -> None:
    """ASVS V6.4.3: a lost second factor is replaced by inviting the person anew, never by a question."""
    strong, _, codes = with_factor(gate, first(gate))
    again = gate.reset(COMMAND_LINE, strong.viewer.account_id, NOW)
    assert isinstance(again, Invited)
    assert gate.session_of(strong.token, NOW) is None
    assert gate.sign_in(FIRST.login, PASSWORD, codes[0], HOME, NOW) == Declined(WhyDeclined.WRONG)
    back = gate.accept(again.key, NEW, NOW)
    assert isinstance(back, SignedIn)
    session = gate.session_of(back.token, NOW)
    assert session is not None and session.needs_factor


# --- what is told ---------------------------------------------------------------------------------


def test_v16_3_1_each_sign_in_and_refusal_is_told_without_a_name(gate: Gate) -> None:
    """ASVS V16.2.5, V16.3.1: who by id, what, when; no login, name, address or password."""
    made = first(gate)
    gate.sign_in(FIRST.login, "wrong", "", HOME, NOW)
    gate.sign_in("nobody-of-this-name", "wrong", "", HOME, NOW)
    gate.sign_out(made.token, NOW)
    with gate.store.look() as hold:
        told = [(each.event.verb, each.event.actor, each.event.reason) for each in waiting_audit(hold)]
    assert [verb for verb, _, _ in told] == ["account_made", "signed_in", "refused", "refused", "signed_out"]
    assert [actor for _, actor, _ in told] == [made.viewer.account_id] * 3 + [
        "nobody",
        made.viewer.account_id,
    ]
    words = repr(told)
    for private in (FIRST.login, FIRST.shown_as, "nobody-of-this-name", HOME, "wrong password"):
        assert private not in words


def test_forms_of_another_session_are_told_apart(gate: Gate) -> None:
    """ASVS V3.5.1: the token of a form belongs to one session."""
    one = first(gate)
    two = gate.sign_in(FIRST.login, PASSWORD, "", HOME, NOW)
    assert isinstance(two, SignedIn)
    assert is_csrf(gate.csrf_of(one.token), gate.csrf_of(one.token))
    assert not is_csrf(gate.csrf_of(two.token), gate.csrf_of(one.token))
    assert not is_csrf("", gate.csrf_of(one.token)) and not is_csrf(gate.csrf_of(""), gate.csrf_of(""))
    assert one.token not in gate.csrf_of(one.token)
