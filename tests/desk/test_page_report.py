"""A person reports a post at the desk: the question first, the reporter sealed, the file as it came, a receipt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import cast

import httpx
import pytest

from desk.pages import MentionQuery
from desk.report_form import ReportTyped, is_picture, read_posted_at, read_report
from desk.report_words import REPORT_WORDS
from desk.web.cookies import SESSION
from flows.custody import sign_home
from flows.desk_reports import HomeReports
from flows.home import Home, read_school
from flows.reporting import name_picture_type
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.ids import digest
from tests.desk.held import held
from tests.desk.signed_in import Running, csrf_in, make_session, serving, sign_in
from tests.incidents.homes import THREAT, make_desk
from warehouse.connection import Warehouse
from warehouse.reading import MentionFilter, list_mentions
from warehouse.reporters import ReporterStore

REPORTER = "Zanzibar Quuxley"
FILE_NAME = "from Zanzibar Quuxley.png"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ADDRESS = "https://social.example/post/7"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("report") / "home")
    make_desk(home.folder)
    now = SchoolNow(home, *read_school(home))
    reports = HomeReports(home, now)
    with serving(HomeRecords(home, now), home, clock=lambda: NOW, reports=reports) as made:
        yield made


def hand_in(
    client: httpx.Client,
    *,
    picture: bytes = b"",
    name: str = FILE_NAME,
    path: str = "/report/post",
    **fields: str,
) -> httpx.Response:
    """The form sent as a browser sends it, with the token of its own page."""
    page = client.get(f"{path}?image=no" if path == "/report/post" else path)
    given = {
        "csrf": csrf_in(page.text), "address": ADDRESS, "platform": "", "posted": "unknown", "posted_on": "",
        "posted_time": "", "reporter": "", **fields,
    }  # fmt: skip
    if path != "/report/post":
        return client.post(path, data=given)
    given = {"image": "no", "text": THREAT, **given}
    files = {"picture": (name if picture else "", picture, "text/html")}
    return client.post(path, data=given, files=files)


def rows(desk: Running, sql: str) -> list[tuple[object, ...]]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        return reading.rows(sql)


def sealed(desk: Running) -> list[tuple[str, str, str]]:
    (row,) = rows(desk, "SELECT id FROM mentions")
    return [(one.mention_id, one.reporter, one.platform) for one in ReporterStore(desk.home.folder).read(str(row[0]))]  # fmt: skip


def everything(desk: Running) -> bytes:
    """Every file of the home but the sealed store."""
    return b"".join(
        path.read_bytes()
        for path in sorted(desk.home.folder.rglob("*"))
        if path.is_file() and "reporters" not in path.parts
    )


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_no_field_for_a_file_before_the_question_is_answered(desk: Running, lang: str) -> None:
    """The question stands before the picture: an indecent image of a child is not taken in by mistake."""
    with sign_in(desk, DeskRole.OFFICE, lang=lang) as client:
        first = client.get("/report")
        assert REPORT_WORDS["image_question"][lang == "cy"] in unescape(first.text)
        assert 'type="file"' not in first.text and 'name="address"' not in first.text
        assert client.get("/report/post").headers["location"] == "/report"
        unanswered = client.post("/report", data={"csrf": csrf_in(first.text)})
        assert unanswered.status_code == 422 and 'href="#image"' in unanswered.text
        for answer, leads in (("no", "/report/post?image=no"), ("yes", "/report/sealed")):
            sent = client.post("/report", data={"csrf": csrf_in(first.text), "image": answer})
            assert (sent.status_code, sent.headers["location"]) == (303, leads)
        assert 'type="file"' in client.get("/report/post?image=no").text
        stop = client.get("/report/sealed").text
        assert 'type="file"' not in stop and 'name="text"' not in stop
        assert REPORT_WORDS["stop_do"][lang == "cy"] in unescape(stop)


def test_a_report_is_stored_with_one_audit_row_and_a_receipt(desk: Running) -> None:
    """L16, D16: done; who told the school is in the sealed store alone, the file as it came without its name."""
    with sign_in(desk, DeskRole.OFFICE) as client:
        done = hand_in(client, picture=PNG, reporter=REPORTER, platform="QuuxleyNet", posted="known",
                       posted_on="2026-11-20", posted_time="18:05")  # fmt: skip
        assert done.status_code == 303, done.text
        receipt = client.get(done.headers["location"])
        assert receipt.status_code == 200
        with Warehouse(desk.home.folder).live_reader() as reading:
            (stored,) = list_mentions(reading, MentionFilter())
        id_ = stored.id
        assert id_ in receipt.text
        assert stored.posted_at == datetime(2026, 11, 20, 18, 5, tzinfo=UTC)
        assert digest(PNG) in stored.title and stored.text == THREAT
        for page in (done, receipt, client.get("/mentions"), client.get("/incidents")):
            whole = page.text + str(page.headers)
            assert REPORTER not in whole and "QuuxleyNet" not in whole
        assert sealed(desk) == [(id_, REPORTER, "QuuxleyNet")]
    said = rows(desk, "SELECT verb, role, actor FROM audit WHERE verb = 'reported'")
    assert len(said) == 1 and said[0][1] == "operator"
    assert said[0][2] not in ("mentionwatch", "")
    kept = everything(desk)
    assert REPORTER.encode() not in kept and FILE_NAME.encode() not in kept


def test_a_refused_form_keeps_its_words_but_never_the_reporter(desk: Running) -> None:
    """Refused: the words stay; who told the school and the file are not put back, and the page says so."""
    with sign_in(desk, DeskRole.HEAD) as client:
        answer = hand_in(client, address="two words", reporter=REPORTER, picture=PNG, text="kept words")
        assert answer.status_code == 422
        assert "kept words" in answer.text and 'href="#address"' in answer.text
        assert REPORTER not in answer.text and "Zanzibar" not in answer.text
        assert REPORT_WORDS["not_shown_again"][0] in answer.text
        assert hand_in(client, address="javascript:alert(1)").status_code == 422
        assert hand_in(client, posted="known", posted_on="2026-11-22", posted_time="10:00").status_code == 422
        assert hand_in(client, posted="").status_code == 422
        assert hand_in(client, reporter=f"{REPORTER}\u2028second line").text.count("Zanzibar") == 0
    assert rows(desk, "SELECT id FROM mentions") == []
    assert not ReporterStore(desk.home.folder).path.exists()


def test_the_sealed_way_takes_no_file_and_no_words(desk: Running) -> None:
    """L20: an image nobody may copy: the mention is sealed, and the office is told of no incident."""
    with sign_in(desk, DeskRole.OFFICE) as client, sign_in(desk, DeskRole.DSL) as lead:
        token = csrf_in(client.get("/report/sealed").text)
        fields = {"csrf": token, "address": ADDRESS, "posted": "unknown"}
        files = {"picture": (FILE_NAME, PNG, "image/png")}
        assert client.post("/report/sealed", data=fields, files=files).status_code == 415
        assert client.post("/report/sealed", data={**fields, "text": THREAT}).status_code == 400
        done = hand_in(client, path="/report/sealed", reporter=REPORTER)
        receipt = client.get(done.headers["location"]).text
        assert REPORT_WORDS["stop_tell"][0] in receipt and REPORTER not in receipt
        assert "2026-0001" not in receipt
        assert "2026-0001" in lead.get("/incidents").text
        assert client.get("/incidents/2026-0001").status_code == 404
        assert sealed(desk)[0][1] == REPORTER
    assert PNG not in everything(desk)


def test_known_and_new_posts_get_the_same_receipt(desk: Running) -> None:
    """L31: the receipt does not tell that somebody else has reported the post."""
    with sign_in(desk, DeskRole.REVIEWER) as client:
        first, second = (client.get(hand_in(client).headers["location"]).text for _ in range(2))
    assert first == second


def test_a_receipt_opens_to_the_session_that_got_it(desk: Running) -> None:
    with sign_in(desk, DeskRole.OFFICE) as client, sign_in(desk, DeskRole.OFFICE) as other:
        where = hand_in(client).headers["location"]
        assert client.get(where).status_code == 200
        assert other.get(where).status_code == 404
        assert client.get(re.sub("number=..", "number=ff", where)).status_code == 404
        assert client.get("/report/receipt?number=1&way=post&proof=%ff").status_code == 404


@pytest.mark.parametrize("role", [DeskRole.CHAIR, DeskRole.ANALYST, DeskRole.ADMIN])
def test_who_may_not_report_finds_nothing_there(desk: Running, role: DeskRole) -> None:
    with sign_in(desk, role) as client:
        nothing = client.get("/no-such-page")
        for path in ("/report", "/report/post?image=no", "/report/sealed", "/report/receipt"):
            page = client.get(path)
            assert page.status_code == 404
            assert re.sub(r'name="csrf" value="[^"]+"', "", page.text) == re.sub(
                r'name="csrf" value="[^"]+"', "", nothing.text
            )


def test_a_form_without_its_token_or_with_another_field_stores_nothing(desk: Running) -> None:
    """ASVS V3.5.1, V15.3.3."""
    with sign_in(desk, DeskRole.OFFICE) as client:
        for path in ("/report", "/report/post", "/report/sealed"):
            assert client.post(path, data={"address": ADDRESS, "posted": "unknown"}).status_code == 403
        assert hand_in(client, kind="logo").status_code == 400
        assert hand_in(client, image="yes").headers["location"] == "/report"
    assert rows(desk, "SELECT id FROM mentions") == []


def test_while_the_night_writes_the_words_are_kept_and_the_reporter_is_not(desk: Running) -> None:
    """Busy: 503, nothing stored, the words back in the form."""
    with sign_in(desk, DeskRole.OFFICE) as client, held(desk.home.folder):
        answer = hand_in(client, reporter=REPORTER, text="kept words")
    assert answer.status_code == 503
    assert "kept words" in answer.text and REPORTER not in answer.text
    assert REPORT_WORDS["report_busy"][0] in answer.text
    assert desk.crashes == []


def end_authority(home: Home) -> None:
    """The record of the impact assessment is taken out of school.toml."""
    text = home.school_file.read_text(encoding="utf-8")
    found = re.subn(r"\n\[dpia\]\n[^\[]*", "\n", text)
    assert found[1] == 1
    home.school_file.write_text(found[0], encoding="utf-8")


def test_without_authority_nothing_is_stored(tmp_path_factory: pytest.TempPathFactory) -> None:
    """L01: refused in the reader's language; B02."""
    home = Home(tmp_path_factory.mktemp("none") / "home")
    make_desk(home.folder)
    end_authority(home)
    now = SchoolNow(home, *read_school(home))
    reports = HomeReports(home, now)
    with (
        serving(HomeRecords(home, now), home, clock=lambda: NOW, reports=reports) as desk,
        sign_in(desk, DeskRole.OFFICE, lang="cy") as client,
    ):
        answer = hand_in(client)
        assert answer.status_code == 422
        assert REPORT_WORDS["report_not_allowed"][1] in unescape(answer.text)
    assert not ReporterStore(home.folder).path.exists()


def test_authority_that_ends_while_the_desk_runs_ends_reports_at_once(desk: Running) -> None:
    """L01: not only after a restart."""
    file = desk.home.school_file
    good = file.read_bytes()
    with sign_in(desk, DeskRole.OFFICE) as client:
        try:
            end_authority(desk.home)
            answer = hand_in(client)
        finally:
            file.write_bytes(good)
        assert answer.status_code == 422
        assert REPORT_WORDS["report_not_allowed"][0] in unescape(answer.text)
        assert rows(desk, "SELECT id FROM mentions") == []
        assert hand_in(client).status_code == 303


def test_l31_a_report_taken_while_school_toml_is_wrong_is_shown_once_it_is_right(desk: Running) -> None:
    """Whom it could be about is not known until then; nothing has to be read again after."""
    head, lead = (Viewer("a1", "", frozenset({role}), "en") for role in (DeskRole.HEAD, DeskRole.DSL))
    good = desk.home.school_file.read_bytes()
    desk.home.school_file.write_text("[", encoding="utf-8")
    with sign_in(desk, DeskRole.OFFICE) as client:
        assert hand_in(client).status_code == 303
    shown = [len(desk.desk.records.mentions(who, MentionQuery()).rows) for who in (head, lead)]
    desk.home.school_file.write_bytes(good)
    assert [*shown, len(desk.desk.records.mentions(head, MentionQuery()).rows)] == [0, 1, 1]


def test_hostile_words_stay_words(desk: Running) -> None:
    evil = '"><script>alert(1)</script>{{ 7*7 }}'
    with sign_in(desk, DeskRole.HEAD) as client:
        answer = hand_in(client, text=evil, platform=evil, posted="known", posted_on=evil, address=evil)
        assert answer.status_code == 422
        assert "<script" not in answer.text and "{{ 7*7 }}" in answer.text
        title = re.search("<title>(.*?)</title>", answer.text, re.DOTALL)
        assert title and "alert" not in title[1]
        assert hand_in(client, text=evil, address="x?<b>").status_code == 303


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_a_file_is_what_its_first_octets_say(data: bytes, kind: str) -> None:
    """ASVS V5.2.2."""
    assert is_picture(data) and name_picture_type(data) == kind


@pytest.mark.parametrize(
    "data", [b"<svg xmlns=", b"<!doctype html>", b"RIFF\0\0\0\0WAVEfmt ", b"MZ", b"PK\3\4", b"GIF8"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    typed = ReportTyped(address="x", posted="unknown", picture=data)
    amiss = read_report(typed, NOW, is_indecent=False)
    assert isinstance(amiss, tuple) and [one.field for one in amiss] == ["picture"]


def test_a_time_is_london_time_and_an_unclear_hour_is_not_guessed() -> None:
    """V01: unknown stays unknown."""
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert read_posted_at("2026-07-01", "18:05", later) == datetime(2026, 7, 1, 17, 5, tzinfo=UTC)
    assert read_posted_at("2026-10-25", "01:30", later) == "unclear_hour"
    assert read_posted_at("2026-03-29", "01:30", later) == "unclear_hour"
    assert read_posted_at("2027-01-02", "01:30", later) == "in_future"
    assert read_posted_at("", "", later) == read_posted_at("2026-07-01", "18:05+00:00", later) == "bad_time"


def test_the_value_of_a_report_prints_nobody() -> None:
    given = read_report(
        ReportTyped(address="x", posted="unknown", reporter=REPORTER, text=THREAT), NOW, is_indecent=False
    )
    assert not isinstance(given, tuple) and given.reporter == REPORTER
    assert REPORTER not in repr(given) and THREAT not in repr(given)


def test_a_reviewer_reports_under_their_own_role_and_the_report_is_signed(desk: Running) -> None:
    """ASVS V16.2.1: the audit log says what they are; the custody log, which knows the protocol's roles, the office."""
    with sign_in(desk, DeskRole.REVIEWER) as client:
        client.timeout = httpx.Timeout(120)  # the model is read for the first report
        assert hand_in(client).status_code == 303
    assert rows(desk, "SELECT role FROM audit WHERE verb = 'reported'") == [("reviewer",)]
    assert sign_home(desk.home) > 0
    bodies = [json.loads(cast(bytes, row[0])) for row in rows(desk, "SELECT body FROM custody")]
    assert [one["role"] for one in bodies if one["event"] == "manual_intake"] == ["operator"]


def test_who_reported_is_logged_by_account_and_role(desk: Running) -> None:
    viewer, token = make_session(desk.gate, NOW, DeskRole.DSL, DeskRole.ADMIN)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        assert hand_in(client).status_code == 303
    assert rows(desk, "SELECT actor, role FROM audit WHERE verb = 'reported'") == [(viewer.account_id, "dsl")]


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_who_reports_a_post_that_was_erased_is_told_what_everybody_is_told(desk: Running, lang: str) -> None:
    """Nothing is stored again but that it was reported; no word or number of the answer says that it was once held."""
    from warehouse.erase import erase

    with sign_in(desk, DeskRole.REVIEWER, lang=lang) as client:
        first = hand_in(client, address=ADDRESS)
        [held] = [str(id_) for (id_,) in rows(desk, "SELECT id FROM mentions")]
        erase(Warehouse(desk.home.folder), [held], "asked for", NOW, "the head")
        again = hand_in(client, address=ADDRESS, reporter=REPORTER)
        other = hand_in(client, address=f"{ADDRESS}0")
        pages = [client.get(one.headers["location"]) for one in (again, other)]
        assert first.status_code == again.status_code == other.status_code == 303
        texts = [re.sub(r"<code>\w+</code>|number=[^\"]*", "", page.text) for page in pages]
        assert {page.status_code for page in pages} == {200} and texts[0] == texts[1]
        assert REPORT_WORDS["receipt_erased"][lang == "cy"] in unescape(texts[0])
    assert held not in [str(id_) for (id_,) in rows(desk, "SELECT id FROM mentions")]
    assert not ReporterStore(desk.home.folder).read(held)
    told = rows(desk, "SELECT verb, role, object_id FROM audit ORDER BY seq DESC")
    assert ("reported", "reviewer", held) in told[: [row[2] for row in told].index(held) + 1]


def test_an_indecent_image_at_an_erased_address_is_a_stop_all_the_same_L20(desk: Running) -> None:
    """A child comes before an erasure: the common receipt hides no report under the stop rule."""
    from warehouse.erase import erase

    with sign_in(desk, DeskRole.REVIEWER) as client:
        hand_in(client)
        [held] = [str(id_) for (id_,) in rows(desk, "SELECT id FROM mentions")]
        erase(Warehouse(desk.home.folder), [held], "asked for", NOW, "the head")
        before = rows(desk, "SELECT count(*) + 1 FROM incidents")
        assert hand_in(client, path="/report/sealed").status_code == 303
    assert rows(desk, "SELECT id, is_sealed FROM mentions") == [(held, True)]
    assert rows(desk, "SELECT count(*) FROM incidents") == before
