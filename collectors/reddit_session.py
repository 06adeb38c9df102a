"""PRAW's way to the network: a session that speaks like `requests` and goes through the guarded door.

PRAW keeps the token and the API's manners; what comes back is raw JSON, because PRAW's objects break on an
author that is null and let any field of an answer overwrite their own methods.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from collectors.conditional import LONGEST_RETRY_AFTER_S, fault_for_status
from collectors.json_values import parse_json, table
from mentionwatch.fetching import Fault, Fetch, Fetched, FetchRequest
from mentionwatch.labels import FaultKind

if TYPE_CHECKING:
    import praw

_WHOSE = "Reddit's API"
_configured = Lock()


class DoorFaulted(Exception):
    """Carries a fault through PRAW, which wraps what a session raises. Never leaves the collectors."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Answer:
    """What prawcore reads of a response."""

    status_code: int
    headers: Mapping[str, str]
    text: str
    value: object

    def json(self) -> object:
        return self.value


@dataclass(slots=True)
class DoorSession:
    """Stands in for `requests.Session` in prawcore's Requestor.

    Every failure is raised as `DoorFaulted`: a type prawcore does not retry, so it neither sleeps nor asks
    again; the flow decides on a second look. The rate headers are read here and kept from prawcore, whose
    limiter would sleep for minutes.
    """

    fetch: Fetch
    api_url: str
    oauth_url: str
    headers: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    is_spent: Fault | None = None

    def close(self) -> None:
        """Nothing to close: the door belongs to the run."""

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, object] | None = None,
        data: Iterable[tuple[str, object]] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **unused: object,  # noqa: ARG002  time-outs and redirects are the door's own business
    ) -> Answer:
        """One request through the door. Raises `DoorFaulted` for anything but a JSON answer."""
        if self.is_spent is not None:
            raise DoorFaulted(self.is_spent)
        self.calls += 1
        is_token = auth is not None
        fetched = self.fetch(
            FetchRequest(
                url=f"{url}?{urlencode(params)}" if params else url,
                source_url=self.api_url if is_token else self.oauth_url,
                method=method.upper(),
                headers=_open_headers(is_form=data is not None),
                secret_headers=_secret_headers(headers or {}, auth),
                body=urlencode(list(data)).encode() if data is not None else b"",
                # robots.txt speaks to crawlers of pages; this is an API with an agreement of its own.
                obey_robots=False,
            )
        )
        if isinstance(fetched, Fault):
            raise DoorFaulted(fetched)
        fault = _status_fault(fetched, is_token=is_token)
        if fault is not None:
            self._remember(fault)
            raise DoorFaulted(fault)
        self._count_down(fetched)
        value = parse_json(fetched, _WHOSE)
        if isinstance(value, Fault):
            raise DoorFaulted(value)
        return Answer(fetched.status, {"content-type": "application/json"}, "", value)

    def _remember(self, fault: Fault) -> None:
        """After "too many requests" or a refused key, nothing more is asked in this look."""
        if fault.kind in (FaultKind.RATE_LIMITED, FaultKind.CREDENTIALS):
            self.is_spent = fault

    def _count_down(self, fetched: Fetched) -> None:
        try:
            remaining = float(fetched.header("x-ratelimit-remaining", "100"))
            reset = float(fetched.header("x-ratelimit-reset", "60"))
        except ValueError:
            return
        if remaining < 1:
            wait = min(max(reset, 1.0), LONGEST_RETRY_AFTER_S)
            self.is_spent = Fault(FaultKind.RATE_LIMITED, "the API's allowance is used up for now", wait)


def _open_headers(*, is_form: bool) -> tuple[tuple[str, str], ...]:
    accept = (("Accept", "application/json"),)
    return (*accept, ("Content-Type", "application/x-www-form-urlencoded")) if is_form else accept


def _secret_headers(headers: Mapping[str, str], auth: tuple[str, str] | None) -> tuple[tuple[str, str], ...]:
    if auth is not None:
        pair = base64.b64encode(f"{auth[0]}:{auth[1]}".encode()).decode("ascii")
        return (("Authorization", f"Basic {pair}"),)
    token = headers.get("Authorization", "")
    return (("Authorization", token),) if token else ()


def _status_fault(fetched: Fetched, *, is_token: bool) -> Fault | None:
    fault = fault_for_status(fetched)
    if fault is not None:
        if fetched.status == 401 or (is_token and fetched.status in (400, 403)):
            return Fault(FaultKind.CREDENTIALS, "Reddit refuses the client id or its secret")
        return fault
    if fetched.redirects:
        # A subreddit that does not exist is answered with a redirect to a search for subreddits.
        return Fault(FaultKind.HTTP_404_410, "Reddit redirects elsewhere: that place does not exist")
    return None


def _without_ini_files() -> None:
    """PRAW reads praw.ini from the working folder and the user's; only its own defaults are wanted."""
    import configparser
    from importlib.resources import files

    from praw.config import Config

    with _configured:
        defaults = configparser.ConfigParser()
        defaults.read_string(files("praw").joinpath("praw.ini").read_text(encoding="utf-8"))
        Config.CONFIG = defaults


@dataclass(slots=True)
class RedditApi:
    """Read-only calls; JSON or a fault, never an exception for what the other side does."""

    session: DoorSession
    reddit: praw.Reddit

    def get(self, path: str, **params: str | int) -> object | Fault:
        """GET `path` of the OAuth API with query parameters."""
        from praw.exceptions import PRAWException
        from prawcore.exceptions import OAuthException, PrawcoreException, RequestException

        try:
            value: object = self.reddit.request(method="GET", path=path, params=dict(params))
        except RequestException as error:
            if isinstance(error.original_exception, DoorFaulted):
                return error.original_exception.fault
            return _unexpected(error.original_exception)
        except OAuthException:
            fault = Fault(FaultKind.CREDENTIALS, "Reddit gives no token for this client id and secret")
            self.session.is_spent = fault
            return fault
        except (PrawcoreException, PRAWException, KeyError, TypeError, ValueError, AttributeError) as error:
            # prawcore reads tokens and headers without a check; a strange answer must not end the night.
            return _unexpected(error)
        return value


def _unexpected(error: BaseException) -> Fault:
    return Fault(FaultKind.UNEXPECTED, f"the answer could not be understood ({type(error).__name__})")


def open_reddit(fetch: Fetch, api_url: str, oauth_url: str, client_id: str, client_secret: str) -> RedditApi:
    """PRAW without an account: no ini file, no environment variable and no update check has a say."""
    import praw

    _without_ini_files()
    session = DoorSession(fetch, api_url, oauth_url)
    reddit = praw.Reddit(
        "DEFAULT",
        client_id=client_id,
        client_secret=client_secret,
        user_agent="mentionwatch",
        username=None,
        password=None,
        refresh_token=None,
        redirect_uri=None,
        check_for_updates=False,
        check_for_async=False,
        reddit_url=api_url.rstrip("/"),
        oauth_url=oauth_url,
        timeout=20,
        ratelimit_seconds=0,
        requestor_kwargs={"session": session},
    )
    reddit.read_only = True
    return RedditApi(session, reddit)


def listing(value: object) -> tuple[tuple[Mapping[str, object], ...], str]:
    """The things of a Listing (`kind`, `data`) and the fullname after which the next page begins."""
    data = table(value, "data")
    children = data.get("children")
    things = (
        tuple(child for child in children if isinstance(child, dict)) if isinstance(children, list) else ()
    )
    after = data.get("after")
    return things, after if isinstance(after, str) else ""
