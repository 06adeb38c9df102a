"""What a page handler is given: the desk it stands in, and the visit it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Final

from mentionwatch.accounts import Right, Viewer

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.acts import StepActs
    from desk.audit_port import AuditLog
    from desk.document_port import DocumentActs
    from desk.evidence_port import EvidenceActs
    from desk.mention_port import MentionActs
    from desk.not_ours_port import NotOursActs
    from desk.opening_port import OpeningActs
    from desk.overview import Overview
    from desk.pages import Records
    from desk.report_port import Reports
    from desk.sign_in_port import SignIn
    from desk.summary import SummaryActs
    from desk.web.forms import Form
    from mentionwatch.law import LawCard

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Site:
    """Under which addresses the desk is reached, and by whom.

    `origins`: scheme, host and port as a browser shows them, such as http://127.0.0.1:8710. `port` is the one that
    listens. `proxies`: the networks whose X-Forwarded-* headers are believed; with any, nobody else is answered.
    """

    origins: frozenset[str]
    port: int
    proxies: tuple[Network, ...] = ()

    @property
    def hosts(self) -> frozenset[str]:
        """What a Host header may say."""
        return frozenset(origin.partition("://")[2] for origin in self.origins)

    @property
    def is_tls(self) -> bool:
        """Does everything between browser and desk (or its proxy) run under TLS?"""
        return all(origin.startswith("https://") for origin in self.origins)

    def cookie(self, name: str) -> str:
        """Cookies know no ports: two schools' desks on one machine would lock each other out.

        ASVS V3.3.1: under TLS the name itself keeps another host from setting it.
        """
        return f"{'__Host-' if self.is_tls else ''}mentionwatch_{name}_{self.port}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a page may use. Built once when the desk starts.

    `lang` is the school's, for pages nobody is signed in for. `clock` gives aware UTC. `log_crash` keeps what is
    known of an unexpected error; the reader sees a plain page. `steps` takes steps of the protocol; a desk without it
    only reads. Without `reports` a report is answered as while the database is in use;
    without `audit` there is no such page. `help_cards` are the services that help, on the card for a person targeted.
    """

    school: str
    home: str
    lang: str
    site: Site
    records: Records
    overview: Overview
    sign_in: SignIn
    clock: Callable[[], datetime]
    log_crash: Callable[[Exception], object]
    reports: Reports | None = None
    audit: AuditLog | None = None
    steps: StepActs | None = None
    mentions: MentionActs | None = None
    documents: DocumentActs | None = None
    evidence: EvidenceActs | None = None
    opening: OpeningActs | None = None
    summaries: SummaryActs | None = None
    not_ours: NotOursActs | None = None
    help_cards: tuple[LawCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, as far as the guard has understood it.

    `address` is the browser's network address (for the throttle; in no log). `is_locked`: a session that is
    hidden; it has no viewer. `token` is the session's, empty without one. `csrf` is what this visit's forms carry. `form` is what was sent, of a POST only.
    """

    viewer: Viewer | None
    lang: str
    address: str
    now: datetime
    is_locked: bool = False
    token: str = ""
    csrf: str = ""
    form: Form | None = None


Handler = Callable[["Request", Desk, Viewer], "Response"]
OpenHandler = Callable[["Request", Desk, Viewer | None], "Response"]

GET: Final = "GET"
POST: Final = "POST"


@dataclass(frozen=True, slots=True)
class Page:
    """One row of the table of routes: who may open it, and what answers.

    `nav` is the word key of its link in the navigation; empty: it has none. `takes_files`: its form is multipart and
    may be 10 MB; every other is urlencoded and may be 64 kB. `before_factor`: open also to a person who has yet to
    set up their second factor; that is how they do.
    """

    path: str
    right: Right
    handler: Handler
    method: str = GET
    nav: str = ""
    takes_files: bool = False
    before_factor: bool = False


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that needs no session: signing in, and what leads there. There are few, and a test counts them."""

    path: str
    handler: OpenHandler
    method: str = GET
    takes_files: bool = field(default=False, init=False)


def visit_of(request: Request) -> Visit:
    """What the guard understood of this request."""
    found: Visit = request.state.visit
    return found


def desk_of(request: Request) -> Desk:
    """The desk this request came to."""
    found: Desk = request.app.state.desk
    return found
