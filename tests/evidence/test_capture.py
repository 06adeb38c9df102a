"""One fetch, everything derived from it; what fails says why; what is no text is never kept."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from collectors.fetch import Door, Limits
from evidence.capture import capture, keep_raw, withhold
from evidence.text import read_page
from evidence.warc import check_digests, write_resource
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.ids import digest
from mentionwatch.labels import CaptureMethod, EntryKind, FaultKind, PostedAtBasis
from tests.collectors.loopback import Loopback, answer, loopback, send
from tests.evidence.values import NOW, POSTED, URL, make_entry, make_fetched

PAGE = b"""<html><head><link rel="stylesheet" href="/a.css"><script src="/b.js"></script>
<link rel="preload" as="font" href="/c.woff2"><link rel="icon" href="/i.ico"></head>
<body><p>Mae'r ysgol yn wych</p><img src="/d.png" srcset="/d2.png 2x"><video src="/e.mp4" poster="/f.jpg">
</video><iframe src="/g.html"></iframe><object data="/h.swf"></object></body></html>"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        running.routes["/robots.txt"] = send(answer(b"User-agent: *\nAllow: /\n", content_type="text/plain"))
        yield running


@pytest.fixture
def door(server: Loopback) -> Iterator[Door]:
    opened = Door(
        user_agent="mentionwatch/0.1 (+x)",
        allow_networks=[ip_network("127.0.0.1/32")],
        configured_origins=[server.base],
        limits=Limits(connect_s=5, total_s=10),
    )
    yield opened
    opened.close()


def never(request: FetchRequest) -> Fetched | Fault:
    raise AssertionError(f"{request.url} must not be fetched")


def test_l17_a_capture_holds_bytes_text_digests_and_circumstances(server: Loopback, door: Door) -> None:
    server.routes["/p"] = send(answer(PAGE))
    found = capture(make_entry(f"{server.base}/p"), server.base, door, NOW)
    assert found.fault is None and found.method is CaptureMethod.GUARDED_HTTP
    assert found.http_status == 200 and found.remote_ip == "127.0.0.1"
    assert found.text == "Mae'r ysgol yn wych"
    assert found.page_sha256 == digest(PAGE)
    assert found.warc_sha256 == digest(found.warc) and PAGE in found.warc
    assert found.text_sha256 == digest(found.text.encode())
    assert check_digests(found.warc)
    assert "mentionwatch" in found.software and "warcio" in found.software


def test_no_image_media_font_script_or_frame_of_a_page_is_ever_asked_for(
    server: Loopback, door: Door
) -> None:
    server.routes["/p"] = send(answer(PAGE))
    capture(make_entry(f"{server.base}/p"), server.base, door, NOW)
    assert dict(server.hits) == {"/robots.txt": 1, "/p": 1}


@pytest.mark.parametrize(
    "kind",
    ["image/png", "video/mp4", "font/woff2", "application/javascript", "audio/mpeg", "application/pdf"],
)
def test_an_address_that_turns_out_to_be_no_text_leaves_no_bytes(
    server: Loopback, door: Door, kind: str
) -> None:
    server.routes["/p"] = send(answer(b"\x89PNG secret bytes", content_type=kind))
    found = capture(make_entry(f"{server.base}/p"), server.base, door, NOW)
    assert found.fault is not None and found.fault.kind is FaultKind.REFUSED_BY_POLICY
    assert found.warc == b"" and found.text == "" and found.method is CaptureMethod.NONE


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("404 Not Found", FaultKind.HTTP_404_410),
        ("410 Gone", FaultKind.HTTP_404_410),
        ("403 Forbidden", FaultKind.HTTP_401_403),
        ("401 Unauthorized", FaultKind.HTTP_401_403),
        ("429 Too Many Requests", FaultKind.RATE_LIMITED),
        ("500 Internal Server Error", FaultKind.SERVER_ERROR),
        ("503 Service Unavailable", FaultKind.SERVER_ERROR),
        ("418 Teapot", FaultKind.UNEXPECTED),
        ("204 No Content", FaultKind.UNEXPECTED),
    ],
)
def test_l17_a_failed_capture_is_recorded_with_its_reason(
    server: Loopback, door: Door, status: str, kind: FaultKind
) -> None:
    server.routes["/p"] = send(answer(b"", status))
    found = capture(make_entry(f"{server.base}/p"), server.base, door, NOW)
    assert found.fault is not None and found.fault.kind is kind
    assert found.warc == b"" and found.captured_at is not None
    assert found.http_status == int(status[:3])


def test_a_fault_of_the_door_is_the_reason_of_the_failed_capture() -> None:
    fault = Fault(FaultKind.TLS, "the certificate was not accepted")
    found = capture(make_entry(), "https://example.org", lambda _: fault, NOW)
    assert found.fault == fault and found.captured_at == NOW and found.http_status is None


def test_l18_time_posted_and_time_captured_are_never_mixed() -> None:
    entry = make_entry(posted_at=None, posted_at_basis=PostedAtBasis.UNKNOWN)
    found = capture(entry, "https://example.org", lambda _: make_fetched(), POSTED)
    assert entry.posted_at is None
    assert found.captured_at == NOW, "the time of the answer, not of the start of the run"


def test_a_redirect_is_kept_with_where_it_led(server: Loopback, door: Door) -> None:
    server.routes["/p"] = send(answer(b"", "302 Found", location="/q"))
    server.routes["/q"] = send(answer(PAGE))
    found = capture(make_entry(f"{server.base}/p"), server.base, door, NOW)
    assert found.url_final == f"{server.base}/q"
    assert found.redirects == (f"{server.base}/p",)


def test_a_link_of_a_post_into_the_schools_own_network_is_not_followed(server: Loopback, door: Door) -> None:
    with loopback() as inside:
        inside.routes["/secret"] = send(answer(b"<p>secret</p>"))
        found = capture(make_entry(f"{inside.base}/secret"), server.base, door, NOW)
        assert found.fault is not None and found.fault.kind is FaultKind.REFUSED_BY_POLICY
        assert not inside.hits


def test_an_entry_without_a_page_keeps_the_sources_own_bytes() -> None:
    entry = make_entry(has_page=False, raw=b'{"body": "x"}', raw_media_type="application/json")
    found = capture(entry, "https://example.org", never, NOW)
    assert found.method is CaptureMethod.API
    assert found.page_sha256 == digest(b'{"body": "x"}') and b'{"body": "x"}' in found.warc
    assert found.text == entry.text and check_digests(found.warc)


def test_a_report_is_kept_as_handed_in_and_a_picture_is_never_read() -> None:
    entry = make_entry(
        has_page=False, kind=EntryKind.REPORT, raw=b"\x89PNG<p>words</p>", raw_media_type="image/png", text=""
    )
    found = keep_raw(entry, NOW)
    assert found.method is CaptureMethod.MANUAL and found.text == ""
    assert b"\x89PNG<p>words</p>" in found.warc


def test_half_a_character_in_hostile_json_stops_no_capture() -> None:
    entry = make_entry(has_page=False, title="a\ud83d", text="b\udc00c")
    found = keep_raw(entry, NOW)
    assert found.text == "b\ufffdc" and found.text_sha256 == digest("b\ufffdc".encode())
    answered = make_fetched(b'{"a": "\\ud800"}', headers=(("Content-Type", "application/json"),))
    assert capture(make_entry(), "https://example.org", lambda _: answered, NOW).fault is None


def test_b13_the_stop_rule_keeps_nothing_and_says_so() -> None:
    found = withhold(make_entry(raw=b"image"), NOW)
    assert (found.warc, found.text, found.page_sha256, found.warc_sha256) == (b"", "", "", "")
    assert found.fault is not None and "nothing fetched, nothing kept" in found.fault.detail


def test_evidence_has_no_way_to_the_network_of_its_own() -> None:
    """Everything goes through the door it is handed."""
    folder = Path(__file__).resolve().parents[2] / "evidence"
    barred = {"socket", "httpx", "httpcore", "urllib.request", "http.client", "requests", "ssl", "collectors"}
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not any(name == bad or name.startswith(f"{bad}.") for bad in barred), (path, name)


FEED_WORDS = "The caretaker left the gate open again & nobody came"
ESCAPED = "The caretaker left the gate open again &amp;amp; nobody came"
CDATA = f"<![CDATA[<p>{FEED_WORDS.replace('&', '&amp;')}</p>]]>"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/rss+xml", f"<rss><channel><item><title>A</title><link>https://x.example/1</link><description>{ESCAPED}</description></item></channel></rss>"),
        ("application/rss+xml", f"<?xml version='1.0'?><rss><channel><item><description>{CDATA}</description></item></channel></rss>"),
        ("application/atom+xml", f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='html'>&lt;p&gt;{ESCAPED}&lt;/p&gt;</content></entry></feed>"),
        ("application/xml", f"<rss><channel><item><description>{CDATA}</description></item></channel></rss>"),
        ("application/feed+json", json.dumps({"items": [{"content_text": FEED_WORDS}]})),
        ("application/ld+json", json.dumps({"articleBody": FEED_WORDS})),
        ("application/activity+json", json.dumps({"content": FEED_WORDS})),
    ],
)  # fmt: skip
def test_l17_the_words_of_a_feed_or_of_data_are_read_as_the_second_look_reads_them(
    media_type: str, body: str
) -> None:
    """Else the passage stands nowhere in what was stored, and the post could never be found again."""
    headers = (("Content-Type", f"{media_type}; charset=utf-8"),)
    answered = make_fetched(body.encode(), headers=headers)
    found = capture(make_entry(), "https://example.org", lambda _: answered, NOW)
    assert found.fault is None and FEED_WORDS in found.text
    assert FEED_WORDS in read_page(answered.body, answered.media_type)
    kept = keep_raw(make_entry(has_page=False, raw=body.encode(), raw_media_type=media_type, text=""), NOW)
    assert FEED_WORDS in kept.text


@pytest.mark.browser
def test_data_and_feeds_have_a_card() -> None:
    from evidence.picture import Picture, PictureKind, Renderer
    from tests.evidence.pictures import require_browser

    with Renderer(require_browser()) as renderer:
        for media_type in ("application/atom+xml", "application/ld+json"):
            warc = write_resource(URL, b'{"a": "The gate"}', media_type, NOW)
            drawn = renderer.draw(warc, "The gate")
            assert isinstance(drawn, Picture) and drawn.kind is PictureKind.CARD
