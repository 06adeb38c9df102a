"""Is a text about *our* school? Scored, never matched: certain, possible or out, with reasons (L02, L03, C04).

The name has to be written as a school's name, and a name that other schools share needs a term of place
beside it. A village, a saint or a head's surname alone never makes a text ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from classifiers import village
from classifiers.context import Beside, Named, build_surroundings
from classifiers.names import STRONG, Core, anchors, build_cores, glue, is_one_edit
from classifiers.places import is_town
from classifiers.reading import Reading, read
from classifiers.weighing import Finding, SchoolKind, Weigher, quote
from mentionwatch.labels import Scope
from mentionwatch.model import ScopeDecision
from mentionwatch.naming import fold, parse_name, words
from mentionwatch.school import SchoolProfile

_NOT_GLUE = {point: None for point in range(128) if not chr(point).isalnum()}
_SUBREDDIT = re.compile(r"/r/([A-Za-z0-9_]{2,30})")


def _decision(score: float, *reasons: str) -> ScopeDecision:
    scope = Scope.CERTAIN if score >= 0.75 else Scope.POSSIBLE if score >= 0.3 else Scope.OUT
    return ScopeDecision(scope, score, tuple(reason for reason in reasons if reason))


_OUT = ScopeDecision(Scope.OUT, 0.0, ("does not name the school",))


@dataclass(frozen=True, slots=True)
class Scoper:
    """One school's scope test, compiled once; safe to share between threads. Build it with `build_scoper`."""

    cores: tuple[Core, ...]
    kind: SchoolKind
    pieces: tuple[str, ...]
    hosts: tuple[tuple[str, str], ...]
    handles: frozenset[str]
    postcodes: tuple[tuple[str, str], ...]
    exclude: tuple[tuple[str, str], ...]
    other_names: tuple[tuple[str, str], ...]

    def decide(self, title: str, text: str, url: str = "", place: str = "") -> ScopeDecision:
        """Judge one text; linear in its length and never raises for what it holds.

        `url` is the post's own address, `place` what the source or the author states as region.
        """
        folded = fold(f"{title}\n\n{text}") if title else fold(text)
        own_url = self._own_url(url) if url else ""
        squeezed = folded.translate(_NOT_GLUE)
        if not own_url and not any(piece in squeezed for piece in self.pieces):
            return _OUT
        reading = read(folded)
        for glued, shown in self.exclude:
            if next(reading.find(glued, 1), None):
                return _decision(0.0, f"holds {quote(shown)}, which the profile excludes")
        if own_url:
            return _decision(1.0, own_url)
        if linked := self._own_link(folded):
            return _decision(1.0, linked)
        postcode = self._own_postcode(reading)
        if postcode and not STRONG.isdisjoint(reading.words):
            return _decision(0.95, f"gives the school's postcode {postcode} beside a word for school")
        findings = list(self._findings(reading, url, place, folded))
        best = max(findings, key=lambda finding: finding.score, default=None)
        if best and best.score >= 0.3:
            return _decision(best.score, best.reason)
        if best is None and (found := village.find_school_of(reading, self.kind.surroundings)):
            return _decision(0.4, found)
        if postcode:
            return _decision(0.35, f"gives the school's postcode {postcode} without a word for school")
        return _decision(0.05, best.reason) if best else _OUT

    # --- the school's own addresses -------------------------------------------------------------

    def _own_url(self, url: str) -> str:
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            return ""
        path = unquote(parts.path, errors="replace").lower()
        for own, own_path in self.hosts:
            if (host == own or host.endswith("." + own)) and path.startswith(own_path):
                return f"stands on the school's own site {own}"
        for segment in path.split("/")[1:3]:
            if segment.removeprefix("@") in self.handles and segment:
                return f"stands on the school's own account {quote(segment)}"
        return ""

    def _own_link(self, folded: str) -> str:
        for own, own_path in self.hosts:
            if _holds_host(folded, own, own_path):
                return f"links to the school's own site {own}"
        if self.handles and "@" in folded:
            for match in re.finditer(r"@([a-z0-9_.]{2,60})", folded):
                if match.group(1).rstrip(".") in self.handles:
                    return f"addresses the school's own account {quote('@' + match.group(1))}"
        return ""

    def _own_postcode(self, reading: Reading) -> str:
        for glued, shown in self.postcodes:
            if next(reading.find(glued, 1), None):
                return shown
        return ""

    # --- names ------------------------------------------------------------------------------------

    def _findings(self, reading: Reading, url: str, place: str, folded: str) -> Iterator[Finding]:
        region = " ".join([place, *(name.replace("_", " ") for name in _SUBREDDIT.findall(url))])
        stated = (
            self.kind.surroundings.judge_place(read(fold(region))) if region.strip() else Named(Beside.NONE)
        )
        own_term = self.kind.surroundings.own_in(reading) or self.kind.surroundings.head_in(reading)
        masks = [(i, j, shown) for glued, shown in self.other_names for i, j in reading.find(glued, 50)]
        weigh = Weigher(self.kind, reading, own_term, stated)
        budget = 200
        for core in self.cores:
            for glued, sort in core.forms:
                for i, j in reading.find(glued, budget):
                    hidden = next((shown for a, b, shown in masks if a <= i and j <= b), "")
                    finding = (
                        Finding(0.0, f"names {quote(hidden)}, another school")
                        if hidden
                        else weigh.hit(core, i, j, sort)
                    )
                    if finding:
                        yield finding
            if core.typo_word:
                for i, j in _slips(reading, core):
                    if finding := weigh.hit(core, i, j, "slip"):
                        yield finding
            if core.tags and (tag := _tag(folded, core)):
                yield weigh.name(core, tag, Named(Beside.NONE), is_sure=True)


def _holds_host(folded: str, host: str, path: str) -> bool:
    """The host or a subdomain of it stands in the text, whole; searched without a pattern, to stay linear."""
    at = folded.find(host)
    while at != -1:
        end = at + len(host)
        before, after = folded[at - 1 : at] if at else "", folded[end : end + 2]
        is_whole = not (before.isalnum() or before == "-") and not (after[:1].isalnum() or after[:1] == "-")
        if is_whole and not (after[:1] == "." and after[1:].isalnum()) and folded.startswith(path, end):
            return True
        at = folded.find(host, at + 1)
    return False


def _slips(reading: Reading, core: Core) -> Iterator[tuple[int, int]]:
    """Where the core stands with one slip in its long word."""
    target, lead = core.typo_word, core.typo_at
    near = {
        word for word in set(reading.words) if abs(len(word) - len(target)) <= 1 and is_one_edit(word, target)
    }
    near = {
        word
        for word in near
        if not is_town((word,)) and word not in core.exact | core.possessive | core.mutated
    }
    found = 0
    if not near:
        return
    for n, word in enumerate(reading.words):
        start, end = n - lead, n - lead + len(core.words)
        if word not in near or start < 0 or end > len(reading.words) or found > 50:
            continue
        others = reading.words[start:n] + reading.words[n + 1 : end]
        if others == core.words[:lead] + core.words[lead + 1 :]:
            found += 1
            yield start, end


def _tag(folded: str, core: Core) -> str:
    """A hashtag or handle that runs the whole name together."""
    for match in re.finditer(r"[#@]([a-z0-9_]{6,80})", folded):
        joined = match.group(1).replace("_", "")
        for tag in core.tags:
            if joined.startswith(tag) or (len(core.glued) >= 7 and not core.is_shared and tag in joined):
                return match.group()
    return ""


def _fewest(pieces: set[str]) -> tuple[str, ...]:
    """Without the pieces that hold another piece: the shorter one finds them too."""
    kept = {piece for piece in pieces if piece}
    return tuple(sorted(p for p in kept if not any(other in p and other != p for other in kept)))


def build_scoper(profile: SchoolProfile) -> Scoper:
    """Compile a school's scope test from its profile."""
    cores = build_cores(profile)
    own_glued = frozenset(form for core in cores for form in core.exact)
    surroundings = build_surroundings(profile, own_glued)
    hosts = []
    for site in profile.websites:
        host, slash, path = re.sub(r"^\s*(?:https?:)?/*(?:www\.)?", "", site.lower()).strip().partition("/")
        if host:
            hosts.append((host, (slash + path).rstrip("/")))
    handles = frozenset(
        handle.strip().lstrip("@").rstrip("/").rpartition("/")[2].lower().lstrip("@")
        for handle in profile.handles
        if handle.strip()
    )
    postcodes = tuple(
        (glue(words(code)), code.upper()) for code in profile.postcodes if len(glue(words(code))) >= 5
    )
    exclude = tuple((glue(words(term)), term) for term in profile.exclude if words(term))
    others = []
    for rival in profile.look_alikes:
        glued = glue(words(rival.name))
        core = glue(parse_name(rival.name).core)
        if core not in own_glued:
            others += [
                (form, rival.name)
                for form in {glued, core}
                if any(own in form and own != form for own in own_glued)
            ]
    official = parse_name(profile.name)
    pieces = set().union(*(anchors(core) for core in cores)) if cores else set()
    pieces |= {host.translate(_NOT_GLUE) for host, _ in hosts} | {
        handle.translate(_NOT_GLUE) for handle in handles
    }
    pieces |= {glued for glued, _ in postcodes}
    pieces |= {glued[2:] if len(glued) > 5 else glued for glued, _ in surroundings.villages}
    return Scoper(
        cores=cores,
        kind=SchoolKind(surroundings, official.phases, official.faiths, "community" in words(profile.name)),
        pieces=_fewest(pieces),
        hosts=tuple(hosts),
        handles=handles,
        postcodes=postcodes,
        exclude=exclude,
        other_names=tuple(others),
    )
