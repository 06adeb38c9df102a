"""robots.txt (RFC 9309): asked once per origin and run, by whoever comes first, for all threads."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from mentionwatch.fetching import Fault, Fetched
from mentionwatch.labels import FaultKind

PRODUCT = "mentionwatch"
MOST_BYTES = 500 * 1024
LONGEST_DELAY_S = 30.0
_MOST_PROBES = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """One origin's rules. `why` is the decision text for the record; `parser` None: nothing is barred."""

    why: str
    parser: Protego | None = None
    text: str = ""
    delay_s: float = 0.0

    def allows(self, url: str) -> bool:
        """May this product fetch the URL?"""
        return self.parser is None or self.parser.can_fetch(url, PRODUCT)

    def rule_against(self, url: str) -> str:
        """The Disallow line that bars the URL, for a person to look up; empty when it cannot be told."""
        for value in sorted(_disallowed(self.text), key=len, reverse=True)[:_MOST_PROBES]:
            if not Protego.parse(f"User-agent: *\nDisallow: {value}").can_fetch(url, PRODUCT):
                return f"Disallow: {value[:80]}"
        return ""


def _disallowed(text: str) -> set[str]:
    """Disallow values of the group that speaks to us: our own where there is one, else everybody's."""
    groups: dict[str, set[str]] = {}
    agents: list[str] = []
    in_rules = False
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name in ("user-agent", "useragent"):
            agents = [value.lower()] if in_rules else [*agents, value.lower()]
            in_rules = False
        elif name in ("allow", "disallow"):
            in_rules = True
            if name == "disallow" and value:
                for agent in agents:
                    groups.setdefault(agent, set()).add(value)
    return groups.get(PRODUCT) or groups.get("*") or set()


def read_rules(answer: Fetched) -> Rules | Fault:
    """What an answer for /robots.txt means (RFC 9309 2.3.1): 4xx allows all, 5xx and 429 bar all for now."""
    if answer.status == 429 or answer.status >= 500:
        kind = FaultKind.RATE_LIMITED if answer.status == 429 else FaultKind.SERVER_ERROR
        return Fault(kind, f"robots.txt answered HTTP status {answer.status}: not fetched without its leave")
    if not 200 <= answer.status <= 299:
        return Rules(f"no robots.txt ({answer.status})")
    body = answer.body[:MOST_BYTES]
    text = body.decode("utf-8-sig", errors="replace")
    parser = Protego.parse(text)
    delay = min(parser.crawl_delay(PRODUCT) or 0.0, LONGEST_DELAY_S)
    return Rules(
        f"allowed by robots.txt (sha256 {hashlib.sha256(body).hexdigest()[:12]})", parser, text, delay
    )


@dataclass(slots=True)
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules | None = None
    fault: Fault | None = None
    fault_at: float = 0.0


class Robots:
    """The rules of every origin met in this run. A fault is kept for a moment only, so that all who wait
    for it share one request and a second look later in the night still asks again."""

    def __init__(self, monotonic: Callable[[], float], keep_fault_s: float = 1.0) -> None:
        self._monotonic, self._keep_fault_s = monotonic, keep_fault_s
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()

    def _kept(self, slot: _Slot) -> Rules | Fault | None:
        if slot.fault is not None and self._monotonic() - slot.fault_at < self._keep_fault_s:
            return slot.fault
        return slot.rules

    def rules(self, origin: str, ask: Callable[[], Fetched | Fault], wait_s: float) -> Rules | Fault:
        """The rules of an origin; `ask` fetches its robots.txt when nobody has yet."""
        with self._lock:
            slot = self._slots.setdefault(origin, _Slot())
        found = self._kept(slot)
        if isinstance(found, Rules):
            return found
        if not slot.lock.acquire(timeout=max(0.0, wait_s)):
            return Fault(FaultKind.TIMEOUT, "robots.txt did not arrive in time")
        try:
            found = self._kept(slot)
            if found is not None:
                return found
            answer = ask()
            found = answer if isinstance(answer, Fault) else read_rules(answer)
            if isinstance(found, Fault):
                slot.fault, slot.fault_at = found, self._monotonic()
            else:
                slot.rules, slot.fault = found, None
            return found
        finally:
            slot.lock.release()
