"""The MediaWiki Action API, read-only, one call after another (its etiquette asks for serial calls)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from collectors.conditional import fault_for_status, retry_after_s
from collectors.json_values import parse_json, table, text
from mentionwatch.fetching import Fault, Fetch, FetchRequest
from mentionwatch.labels import FaultKind

_WHOSE = "the wiki's API"
_CODE = re.compile(r"[^a-z0-9_-]+")
_KINDS = {
    "ratelimited": FaultKind.RATE_LIMITED,
    "maxlag": FaultKind.SERVER_ERROR,
    "readonly": FaultKind.SERVER_ERROR,
    "missingtitle": FaultKind.HTTP_404_410,
    "nosuchrevid": FaultKind.HTTP_404_410,
    "missingcontent": FaultKind.HTTP_404_410,
    "permissiondenied": FaultKind.HTTP_401_403,
    "readapidenied": FaultKind.HTTP_401_403,
    "blocked": FaultKind.HTTP_401_403,
}
_CHOKED = frozenset({FaultKind.SERVER_ERROR, FaultKind.TIMEOUT, FaultKind.DNS, FaultKind.TLS})
MAX_LAG_S = 5
"""Above this replication lag the servers ask robots to come back later (API:Etiquette)."""


@dataclass(slots=True)
class WikiApi:
    """Calls of one look. Once the wiki asks us to stop, or fails twice in a row, `is_spent` holds why and
    nothing more is sent."""

    fetch: Fetch
    api_url: str
    calls: int = 0
    chokes: int = 0
    is_spent: Fault | None = None

    def get(self, action: str, **params: str) -> Mapping[str, object] | Fault:
        """One call. JSON objects come back; HTTP failures, API errors and web pages are faults."""
        if self.is_spent is not None:
            return self.is_spent
        self.calls += 1
        fields = {
            "action": action,
            "format": "json",
            "formatversion": "2",
            "maxlag": str(MAX_LAG_S),
            **params,
        }
        found = self._send(fields)
        if not isinstance(found, Fault):
            self.chokes = 0
            return found
        self.chokes = self.chokes + 1 if found.kind in _CHOKED else 0
        if found.kind is FaultKind.RATE_LIMITED or found.retry_after_s is not None or self.chokes >= 2:
            self.is_spent = found
        return found

    def _send(self, fields: Mapping[str, str]) -> Mapping[str, object] | Fault:
        joint = "&" if "?" in self.api_url else "?"
        answer = self.fetch(
            FetchRequest(
                url=f"{self.api_url}{joint}{urlencode(fields)}",
                source_url=self.api_url,
                headers=(("Accept", "application/json"),),
                # robots.txt keeps crawlers out of /w/; the API is meant for programs and has its own etiquette.
                obey_robots=False,
            )
        )
        if isinstance(answer, Fault):
            return answer
        fault = fault_for_status(answer)
        if fault is not None:
            return fault
        value = parse_json(answer, _WHOSE)
        if isinstance(value, Fault):
            return value
        if isinstance(value, dict) and "error" not in value:
            return value
        return _api_fault(value, retry_after_s(answer.header("retry-after"), answer.fetched_at))


def _api_fault(value: object, wait: float | None) -> Fault:
    code = _CODE.sub("", text(table(value, "error"), "code").lower())[:40]
    if not code:
        return Fault(FaultKind.NOT_A_FEED, f"{_WHOSE} delivers JSON of another kind")
    kind = _KINDS.get(code, FaultKind.UNEXPECTED)
    if code.startswith("internal_api_error"):
        kind = FaultKind.SERVER_ERROR
    return Fault(kind, f"{_WHOSE} answered with the error {code}", wait)
