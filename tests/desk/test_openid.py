"""Sign-in with the school's own directory, against a real OpenID provider in a process of its own, and against liars."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from collectors.fetch import Door
from desk.openid import Client, Identity, check_token, finish_sign_in, read_provider, start_sign_in
from desk.sign_in_port import Away, Declined, Done, Invited, Person, SignedIn, WhyDeclined
from flows.accounts import Gate
from flows.accounts_directory import Directory
from flows.accounts_people import COMMAND_LINE
from mentionwatch.accounts import DeskRole
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from tests.desk.openid_provider import provider

BACK = "https://desk.school.example/sign-in/openid/back"
HOME = "192.0.2.10"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as address:
        yield address


def now() -> datetime:
    """The provider's clock is the machine's."""
    return datetime.now(UTC)


def door(issuer: str) -> Door:
    return Door(user_agent="test", allow_networks=[ip_network("127.0.0.1/32")], configured_origins=[issuer])


@pytest.fixture
def gate(tmp_path: Path, issuer: str) -> Iterator[Gate]:
    found = Gate(tmp_path)
    opened = door(issuer)
    found.directory = Directory(Client(issuer, "desk", BACK, "a client's secret"), opened)
    yield found
    opened.close()


def consent(address: str, who: str) -> dict[str, str]:
    """What the browser brings back after that person said yes at the provider."""
    answer = httpx.post(address, data={"sub": who}, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    back = answer.headers["location"]
    assert back.startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def invite(gate: Gate, login: str = "mair") -> Invited:
    made = gate.add(COMMAND_LINE, Person(login, login.title(), frozenset({DeskRole.DSL})), now())
    assert isinstance(made, Invited)
    return made


def come_in(gate: Gate, who: str, key: str = "") -> SignedIn | Declined:
    away = gate.begin_openid(key, "cy", now())
    assert isinstance(away, Away)
    brought = consent(away.address, who)
    return gate.finish_openid(
        brought["state"], away.state, brought["code"], brought.get("iss", ""), HOME, now()
    )


def test_an_invited_person_comes_in_with_the_directory_and_again_without_the_invitation(gate: Gate) -> None:
    """ASVS V6.8.1, V10.5.1 to V10.5.4: linked by issuer and subject, after an invitation; strong without a code of ours."""
    invited = invite(gate)
    signed_in = come_in(gate, "subject-1", invited.key)
    assert isinstance(signed_in, SignedIn)
    session = gate.session_of(signed_in.token, now())
    assert session is not None and session.is_open and session.viewer == signed_in.viewer
    assert signed_in.viewer.account_id == invited.account.id
    again = come_in(gate, "subject-1")
    assert isinstance(again, SignedIn) and again.viewer == signed_in.viewer and again.token != signed_in.token
    assert come_in(gate, "subject-2", invited.key) == Declined(WhyDeclined.NOT_INVITED), (
        "the link was used up"
    )


def test_nobody_gets_an_account_by_having_one_in_the_directory(gate: Gate) -> None:
    """ASVS V6.8.1: the provider gives that person the account's own e-mail address, and it opens nothing."""
    made = gate.add(COMMAND_LINE, Person("mair@ysgol.example", "Mair", frozenset({DeskRole.HEAD}), "cy", "mair@ysgol.example"), now())  # fmt: skip
    assert isinstance(made, Invited)
    assert come_in(gate, "mair@ysgol.example") == Declined(WhyDeclined.NOT_INVITED)
    assert len(gate.accounts(COMMAND_LINE)) == 1  # type: ignore[arg-type]


def test_a_disabled_account_stays_shut_to_the_directory(gate: Gate) -> None:
    """ASVS V7.4.2."""
    boss = invite(gate, "boss")
    assert gate.change_roles(COMMAND_LINE, boss.account.id, frozenset({DeskRole.ADMIN}), now()) == Done()
    invited = invite(gate)
    assert isinstance(come_in(gate, "subject-3", invited.key), SignedIn)
    assert gate.disable(COMMAND_LINE, invited.account.id, now()) == Done()
    assert come_in(gate, "subject-3") == Declined(WhyDeclined.DISABLED)


def test_an_answer_is_taken_once_and_only_from_the_browser_that_asked(gate: Gate) -> None:
    """ASVS V10.1.2, V10.4.2: state bound to the browser, code and state good once."""
    invited = invite(gate)
    refused = Declined(WhyDeclined.PROVIDER)
    away, other = gate.begin_openid(invited.key, "en", now()), gate.begin_openid("", "en", now())
    assert isinstance(away, Away) and isinstance(other, Away)
    brought = consent(away.address, "subject-4")
    code = brought["code"]
    assert gate.finish_openid(away.state, other.state, code, "", HOME, now()) == refused
    assert gate.finish_openid(away.state, "", code, "", HOME, now()) == refused
    assert gate.finish_openid("", "", code, "", HOME, now()) == refused
    assert gate.finish_openid(other.state, other.state, code, "", HOME, now()) == refused, (
        "another's verifier and nonce"
    )
    assert gate.finish_openid(away.state, away.state, code, "https://other.example", HOME, now()) == refused
    assert gate.finish_openid(away.state, away.state, code, "", HOME, now()) == refused, (
        "the state was used up"
    )


def test_a_sign_in_that_takes_longer_than_ten_minutes_begins_anew(gate: Gate) -> None:
    away = gate.begin_openid(invite(gate).key, "en", now() - timedelta(minutes=11))
    assert isinstance(away, Away)
    brought = consent(away.address, "subject-5")
    answer = gate.finish_openid(away.state, away.state, brought["code"], "", HOME, now())
    assert answer == Declined(WhyDeclined.PROVIDER)


def test_the_provider_refuses_a_code_without_its_verifier(issuer: str) -> None:
    """ASVS V10.2.1, V10.4.6: PKCE S256 holds at the provider: a stolen code is worth nothing."""
    with_door = door(issuer)
    client = Client(issuer, "desk", BACK, "s")
    found = read_provider(with_door, issuer)
    assert not isinstance(found, Fault)
    one, two = start_sign_in(found, client, "en"), start_sign_in(found, client, "en")
    asked = parse_qs(urlsplit(one.address).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert one.verifier not in one.address and len({one.state, one.nonce, one.verifier}) == 3
    code = consent(one.address, "x")["code"]
    stolen = finish_sign_in(with_door, found, client, code, two.verifier, one.nonce, now())
    assert isinstance(stolen, Fault) and code not in stolen.detail
    code = consent(one.address, "x")["code"]
    assert finish_sign_in(with_door, found, client, code, one.verifier, one.nonce, now()) == Identity(
        issuer, "x"
    )
    code = consent(two.address, "x")["code"]
    assert isinstance(
        finish_sign_in(with_door, found, client, code, two.verifier, one.nonce, now()), Fault
    ), "nonce"
    with_door.close()


def test_a_directory_on_this_machine_is_reached_only_where_the_school_opened_it(
    tmp_path: Path, issuer: str
) -> None:
    """ASVS V1.3.6: the guarded door asks; without `allow_networks` no loopback issuer answers."""
    gate = Gate(tmp_path)
    gate.directory = Directory(
        Client(issuer, "desk", BACK), Door(user_agent="test", configured_origins=[issuer])
    )
    assert gate.begin_openid("", "en", now()) == Declined(WhyDeclined.PROVIDER)


# --- liars ----------------------------------------------------------------------------------------

ISSUER = "https://login.school.example"
CLIENT = Client(ISSUER, "desk", BACK)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
STAMP = int(AT.timestamp())
RSA, EC, ED, OTHER = (
    RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
    ECKey.generate_key("P-256", {"kid": "ec"}),
    OKPKey.generate_key("Ed25519", {"kid": "ed"}),
    RSAKey.generate_key(2048, {"kid": "rsa"}),
)
KEYS: dict[str, object] = {"keys": [key.as_dict(private=False) for key in (RSA, EC, ED)]}
GOOD: dict[str, object] = {
    "iss": ISSUER, "aud": "desk", "sub": "s-1", "exp": STAMP + 300, "iat": STAMP, "nonce": "n-1",
}  # fmt: skip


def signed(
    claims: dict[str, object], algorithm: str = "RS256", key: RSAKey | ECKey | OKPKey | OctKey = RSA
) -> str:
    return jwt.encode({"alg": algorithm, "kid": str(key.kid)}, claims, key, algorithms=[algorithm])


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", RSA), ("PS256", RSA), ("ES256", EC), ("EdDSA", ED)])
def test_tokens_signed_as_directories_sign_them_are_taken(
    algorithm: str, key: RSAKey | ECKey | OKPKey
) -> None:
    assert check_token(signed(GOOD, algorithm, key), KEYS, CLIENT, "n-1", AT) == Identity(ISSUER, "s-1")


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://login.other.example"}, {"iss": None}, {"iss": [ISSUER]}, {"aud": "another"}, {"aud": ["another"]}, {"aud": None},
        {"aud": ["desk", "another"]}, {"aud": ["desk", "another"], "azp": "another"}, {"azp": "another"},
        {"exp": STAMP - 61}, {"exp": None}, {"exp": "soon"}, {"iat": STAMP + 120}, {"iat": STAMP - 601}, {"iat": None},
        {"nonce": "n-2"}, {"nonce": None}, {"nonce": ["n-1"]}, {"sub": ""}, {"sub": None}, {"sub": 7}, {"sub": "a" * 256}, {"sub": "a\nb"},
        {"nbf": STAMP + 300}, {"iat": -(10**400)}, {"exp": 10**400, "iat": 10**400},
    ],
    ids=str,
)  # fmt: skip
def test_v10_5_3_a_token_that_says_anything_else_is_refused(change: dict[str, object]) -> None:
    """ASVS V9.2.1 to V9.2.3, V10.5.1 to V10.5.4: issuer, audience, party, times, nonce and subject."""
    claims = {name: value for name, value in (GOOD | change).items() if value is not None}
    assert isinstance(check_token(signed(claims), KEYS, CLIENT, "n-1", AT), Fault)


def test_v9_1_2_only_signatures_with_a_private_key_of_the_directory_count() -> None:
    """ASVS V9.1.1, V9.1.2, V9.1.3: not `none`, not HS256 with a public key as its secret, not a key in the token itself."""
    secret = OctKey.import_key(json.dumps(RSA.as_dict(private=False)), {"kid": "rsa"})
    shared = OctKey.generate_key(256, {"kid": "shared"})
    with_shared = {"keys": [*KEYS["keys"], shared.as_dict()]}  # type: ignore[misc]
    inner = jwt.encode({"alg": "RS256", "jwk": OTHER.as_dict(private=False), "kid": "rsa"}, GOOD, OTHER)
    head, body, mark = signed(GOOD).split(".")
    none = "eyJhbGciOiJub25lIn0"
    for token, keys in (
        (signed(GOOD, "HS256", secret), KEYS),
        (signed(GOOD, "HS256", shared), with_shared),
        (inner, KEYS),
        (signed(GOOD, "RS256", OTHER), KEYS),
        (signed(GOOD, "RS512", RSA), KEYS),
        (f"{none}.{body}.", KEYS),
        (f"{none}.{body}.{mark}", KEYS),
        (f"{head}.{body}.", KEYS),
        (f"{head}.{body}", KEYS),
        ("", KEYS),
        ("a.b.c", KEYS),
        (signed(GOOD), {}),
        (signed(GOOD), {"keys": "no list"}),
        (signed(GOOD), {"keys": [{"kty": "RSA"}, 7, {"kty": "RSA", "n": 1, "e": []}]}),
    ):
        found = check_token(token, keys, CLIENT, "n-1", AT)
        assert isinstance(found, Fault), token[:40]
        assert not body or body not in found.detail


def _answers(found: object, status: int = 200, redirects: tuple[str, ...] = ()) -> Fetched:
    body = found if isinstance(found, bytes) else json.dumps(found).encode()
    return Fetched("", "", status, "", (), body, body, AT, redirects=redirects)


DESCRIBED = {
    "issuer": ISSUER, "authorization_endpoint": ISSUER + "/a", "token_endpoint": ISSUER + "/t", "jwks_uri": ISSUER + "/k",
}  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        _answers(DESCRIBED | {"issuer": ISSUER + "/"}),
        _answers(DESCRIBED | {"token_endpoint": "http://login.school.example/t"}),
        _answers(DESCRIBED | {"jwks_uri": "http://127.0.0.1/k"}),
        _answers(DESCRIBED | {"authorization_endpoint": "javascript:alert(1)"}),
        _answers(DESCRIBED | {"authorization_endpoint": "https://a@b.example/"}),
        _answers(DESCRIBED | {"token_endpoint": None}),
        _answers(DESCRIBED | {"code_challenge_methods_supported": ["plain"]}),
        _answers(DESCRIBED, 500),
        _answers(DESCRIBED, redirects=(ISSUER,)),
        _answers([DESCRIBED]),
        _answers(b"[" * 100_000),
        _answers(b"<html>"),
    ],
)
def test_a_description_that_is_not_the_configured_directorys_is_refused(answer: Fetched) -> None:
    """ASVS V10.5.3, V15.3.2: the issuer is who school.toml says, every place is https, nothing is followed elsewhere."""
    assert isinstance(read_provider(lambda _: answer, ISSUER), Fault)
    assert not isinstance(read_provider(lambda _: _answers(DESCRIBED), ISSUER), Fault)


def test_the_clients_secret_is_sent_to_the_directory_and_shown_nowhere() -> None:
    """ASVS V13.3.1, V14.2.1: in a header that is not recorded, never in an address, a body or a representation."""
    asked: list[FetchRequest] = []

    def fetch(request: FetchRequest) -> Fetched:
        asked.append(request)
        return _answers({"error": "invalid_grant"}, 400)

    found = read_provider(lambda _: _answers(DESCRIBED), ISSUER)
    assert not isinstance(found, Fault)
    client = replace(CLIENT, secret="s3cret/of client")
    answer = finish_sign_in(fetch, found, client, "code-1", "verifier-1", "n-1", AT)
    assert (
        isinstance(answer, Fault) and "code-1" not in answer.detail and "s3cret" not in repr((answer, client))
    )
    (request,) = asked
    assert request.method == "POST" and b"s3cret" not in request.body and "?" not in request.url
    assert [name for name, _ in request.secret_headers] == ["Authorization"]
