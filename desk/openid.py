"""Signing in with the school's own directory: OpenID Connect, authorisation code with PKCE (RFC 7636), state and nonce.

Only the code flow; only signatures that need the directory's private key. What the directory says of a person beyond
issuer and subject is not looked at: an e-mail address is no proof of who somebody is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit

from mentionwatch.fetching import Fault, Fetch, Fetched, FetchRequest
from mentionwatch.labels import FaultKind
from mentionwatch.sign_in import is_safe_address

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""What a token may be signed with. Never `none`, and no HS*: those are signed with what the client knows too."""

LEEWAY_S = 60
OLDEST_S = 600
"""A token older than this was not made for the person who comes back now."""

_MOST_BYTES = 256 * 1024
_MOST_TOKEN = 16 * 1024
_MOST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Client:
    """What the directory knows this desk as. `secret` is "" for a public client; it goes into no log and no message."""

    issuer: str
    client_id: str
    redirect: str
    secret: str = ""

    def __repr__(self) -> str:
        return f"Client({self.issuer!r}, {self.client_id!r})"


@dataclass(frozen=True, slots=True)
class Provider:
    """The directory, as its discovery document describes it."""

    issuer: str
    authorize: str
    token: str
    keys: str
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Start:
    """One sign-in begun. The browser goes to `address`; the rest is kept until it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the directory says it is: a subject means something only together with its issuer."""

    issuer: str
    subject: str


def _fault(detail: str, kind: FaultKind = FaultKind.CREDENTIALS) -> Fault:
    return Fault(kind, f"the directory: {detail}")


def read_provider(fetch: Fetch, issuer: str) -> Provider | Fault:
    """The directory's discovery document (OpenID Connect Discovery 1.0, section 4), each part of it checked."""
    found = _ask(
        fetch,
        FetchRequest(issuer.rstrip("/") + "/.well-known/openid-configuration", issuer),
        "its description",
    )
    if isinstance(found, Fault):
        return found
    if found.get("issuer") != issuer:
        return _fault("calls itself by another name than school.toml does")
    authorize, token, keys = (
        _text(found, name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    )
    if not all(_is_endpoint(part, issuer) for part in (authorize, token, keys)):
        return _fault("names a place that is no https address")
    methods = found.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        return _fault("does not offer PKCE with S256")
    names_itself = found.get("authorization_response_iss_parameter_supported") is True
    return Provider(issuer, authorize, token, keys, names_itself)


def _is_endpoint(url: str, issuer: str) -> bool:
    # Some directories have a query in their addresses; http only where the issuer itself is on this machine.
    plain = url.partition("?")[0]
    return is_safe_address(plain) and urlsplit(plain).scheme in ("https", urlsplit(issuer).scheme)


def start_sign_in(provider: Provider, client: Client, lang: str) -> Start:
    """Where to send the browser, with a state, a nonce and a PKCE verifier of 256 random bits each."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = urlencode(
        {
            "response_type": "code",
            "scope": "openid",
            "client_id": client.client_id,
            "redirect_uri": client.redirect,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "ui_locales": lang,
        }
    )
    joint = "&" if "?" in provider.authorize else "?"
    return Start(f"{provider.authorize}{joint}{query}", state, nonce, verifier)


def finish_sign_in(
    fetch: Fetch, provider: Provider, client: Client, code: str, verifier: str, nonce: str, now: datetime
) -> Identity | Fault:
    """Give the code for a token, and check the token (OpenID Connect Core 1.0, section 3.1.3.7). Raises nothing."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect,
        "code_verifier": verifier,
        "client_id": client.client_id,
    }
    proof: tuple[tuple[str, str], ...] = ()
    if client.secret:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        proof = (("Authorization", "Basic " + base64.b64encode(pair.encode()).decode()),)
    answer = _ask(
        fetch,
        FetchRequest(
            provider.token,
            client.issuer,
            method="POST",
            headers=(("Content-Type", "application/x-www-form-urlencoded"),),
            secret_headers=proof,
            body=urlencode(fields).encode(),
        ),
        "the code",
    )
    if isinstance(answer, Fault):
        return answer
    token = _text(answer, "id_token")
    if not token or len(token) > _MOST_TOKEN or not token.isascii():
        return _fault("gave no token")
    keys = _ask(fetch, FetchRequest(provider.keys, client.issuer), "its keys")
    return keys if isinstance(keys, Fault) else check_token(token, keys, client, nonce, now)


def check_token(
    token: str, keys: Mapping[str, object], client: Client, nonce: str, now: datetime
) -> Identity | Fault:
    """Who a token is about, when it is signed by the directory, for this desk, for this sign-in, just now."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    usable = [
        key
        for key in _tables(keys.get("keys"))
        if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
    ]
    try:
        known = KeySet.import_key_set({"keys": usable})  # type: ignore[typeddict-item]
        claims = jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        # The name of the error only: its message may quote the token.
        return _fault(f"its token is not good ({type(error).__name__})")
    return _judge(claims, client, nonce, now)


def _judge(claims: Mapping[str, object], client: Client, nonce: str, now: datetime) -> Identity | Fault:
    """What the library leaves to the caller: who the token was issued to, how old it is, what a subject looks like.

    Issuer and nonce again: the library takes a list that holds them for the thing itself.
    """
    if claims.get("iss") != client.issuer or claims.get("nonce") != nonce:
        return _fault("its token is of another sign-in")
    audience, party = claims.get("aud"), claims.get("azp")
    if (isinstance(audience, list) and len(audience) > 1 and party is None) or party not in (
        None,
        client.client_id,
    ):
        return _fault("its token is for another application")
    issued = claims.get("iat")
    if not isinstance(issued, int) or int(now.timestamp()) - issued > OLDEST_S:
        return _fault("its token is old")
    subject = claims.get("sub")
    if (
        not isinstance(subject, str)
        or not subject
        or len(subject) > _MOST_SUBJECT
        or not subject.isprintable()
    ):
        return _fault("its token names nobody")
    return Identity(client.issuer, subject)


def _ask(fetch: Fetch, request: FetchRequest, what: str) -> Mapping[str, object] | Fault:
    """One JSON object through the guarded door. A redirect is refused: what was asked for is what answers."""
    answer: Fetched | Fault = fetch(
        FetchRequest(
            request.url, request.source_url, request.method, request.headers, request.secret_headers, request.body,
            max_bytes=_MOST_BYTES, obey_robots=False,
        )
    )  # fmt: skip
    if isinstance(answer, Fault):
        return answer
    if answer.redirects or answer.status != 200 or answer.truncated:
        return _fault(f"refused {what} (HTTP {answer.status})")
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        return _fault(f"answered {what} with something that is not JSON")
    return value if isinstance(value, dict) else _fault(f"answered {what} with no object")


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _tables(value: object) -> list[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
