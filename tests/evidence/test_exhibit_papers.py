"""The papers of an exhibit: two languages with equal facts, limits on page one, outside text that cannot leave its place."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import verifier_template
from evidence.exhibit import (
    Stamp,
    build_exhibit,
)
from evidence.picture_values import NoPicture, NoPictureKind
from tests.evidence.exhibit_cases import (
    make_covered,
    make_custody,
    make_picture,
    picture_warc,
    unpack,
    with_stamps,
)
from tests.evidence.values import NOW, URL, make_exhibit, make_revision


def test_every_limit_of_a_capture_is_said_in_both_languages_and_stands_on_page_one() -> None:
    row = make_revision(
        fault_kind="timeout", truncated=True, method="manual", posted_at=None, warc=picture_warc()
    )
    files = unpack(build_exhibit(make_exhibit(row)))
    (facts,) = json.loads(files["manifest.json"])["captures"]
    english, welsh = " | ".join(facts["limits"]), " | ".join(facts["limits_cy"])
    assert len(facts["limits"]) == len(facts["limits_cy"]) == 6
    for words in (
        "not copied: timeout",
        "stopped before",
        "picture was handed in",
        "by a person",
        "no picture was made",
    ):
        assert words in english
    for words in ("ni chopïwyd y dudalen: timeout", "rhoddwyd llun i mewn", "gan berson", "ni wnaed llun"):
        assert words in welsh
    page_one = " ".join("\n".join(files["README.txt"].decode().splitlines()[:56]).split())
    for limit in facts["limits"]:
        assert limit in page_one


def test_why_there_is_no_picture_is_said_in_both_languages() -> None:
    row = make_revision(no_picture=NoPicture(NoPictureKind.NEEDS_MANUAL))
    readme = " ".join(unpack(build_exhibit(make_exhibit(row)))["README.txt"].decode().split())
    assert "no picture: the page shows its words only by running scripts" in readme
    assert "dim llun: dim ond drwy redeg sgriptiau" in readme


def test_pending_stamps_are_said_on_page_one_in_both_languages() -> None:
    signed = with_stamps(make_custody([]), Stamp("Awdurdod Un", why="no answer"))
    readme = unpack(build_exhibit(replace(make_exhibit(), signed=signed)))["README.txt"].decode()
    assert "the stamp of Awdurdod Un is pending" in " ".join("\n".join(readme.splitlines()[:56]).split())
    assert "mae stamp Awdurdod Un heb gyrraedd eto" in " ".join(readme.split())


def test_the_readme_says_in_both_languages_how_the_schools_own_key_is_compared() -> None:
    """Without a key from elsewhere a forger's key would do: the reader is told the option, and where the file belongs."""
    readme = unpack(build_exhibit(replace(make_exhibit(), signed=make_custody([]))))["README.txt"].decode()
    english, _, welsh = readme.partition("ARDDANGOSYN 2026-0001")
    for part, *said in (
        (english, "Compare it with the one the school made known elsewhere", "in a file outside the folder"),
        (welsh, "Cymharwch hi", "mewn ffeil y tu allan i'r ffolder"),
    ):
        words = " ".join(part.split())
        assert all(each in words for each in said)
        assert "    python3 verify.py --public FILE\n" in part
        assert words.index("ed25519 ") < words.index("verify.py --public")


def test_the_statement_is_there_in_both_languages_and_fits_a_page_of_80_columns() -> None:
    files = unpack(build_exhibit(make_exhibit()))
    readme = files["README.txt"].decode()
    assert "EXHIBIT 2026-0001" in readme and "ARDDANGOSYN 2026-0001" in readme
    assert "does not prove who wrote the post" in readme and "Nid yw'n profi pwy" in readme
    english, welsh = (files[f"statement.{code}.txt"].decode() for code in ("en", "cy"))
    for blank in ("I saw:", "Name:", "Position:", "Date:", "Signature:"):
        assert re.search(rf"^{blank} +\.{{40}}", english, re.M), blank
    for blank in ("Gwelais:", "Enw:", "Swydd:", "Dyddiad:", "Llofnod:"):
        assert re.search(rf"^{blank} +\.{{40}}", welsh, re.M), blank
    for name in (
        "README.txt",
        *(name for name in files if name.startswith(("statement.", "extract.")) and name.endswith("txt")),
    ):
        assert [line for line in files[name].decode().splitlines() if len(line) > 80] == [], name


_FACT = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]+Z|https?://\S+|\d+\.\d+\.\d+\.\d+|revision-\d+")


def test_the_english_and_the_welsh_statement_give_the_same_facts_and_the_same_points() -> None:
    row = make_revision()
    row = replace(row, pictures=(make_picture(row.warc),), redacted=(make_covered(row.warc),))
    files = unpack(build_exhibit(make_exhibit(row, make_revision(revision=2, posted_at=None))))
    for paper in ("statement", "extract"):
        english, welsh = (files[f"{paper}.{code}.txt"].decode() for code in ("en", "cy"))
        assert _FACT.findall(english) == _FACT.findall(welsh) != []
        assert english.count("\n  * ") == welsh.count("\n  * ") > 0
        assert english.count("\n    | ") == welsh.count("\n    | ")
    for tongue_words in (("20 November 2026, 18:05:00 GMT", "en"), ("20 Tachwedd 2026, 18:05:00 GMT", "cy")):
        assert tongue_words[0] in files[f"extract.{tongue_words[1]}.txt"].decode()


def test_l43_annex_b_the_extract_gives_each_comment_with_date_time_address_and_words() -> None:
    second = make_revision(revision=2, title="", text="Un\nDau", posted_at=None, url="https://example.org/2")
    files = unpack(build_exhibit(make_exhibit(make_revision(), second)))
    extract = files["extract.en.txt"].decode()
    one, two = extract.split("Capture: ")[1:]
    assert "18:05:00 GMT (2026-11-20T18:05:00Z)" in one and URL in one and "    | Geiriau'r neges" in one
    assert "Posted: unknown" in two and "https://example.org/2" in two and "    | Un\n    | Dau\n" in two
    assert "Captured: 21 November 2026, 02:30:00 GMT (2026-11-21T02:30:00Z)" in two


def test_summer_time_is_said_as_such() -> None:
    row = make_revision(posted_at=NOW.replace(month=7))
    assert "21 July 2026, 03:30:00 BST (2026-07-21T02:30:00Z)" in (
        unpack(build_exhibit(make_exhibit(row)))["extract.en.txt"].decode()
    )


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen = list[tuple[str, dict[str, str | None]]]()
        self.open = list[str]()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_html_papers_run_nothing_reach_nothing_and_say_which_language() -> None:
    hostile = '<script>alert(1)</script><img src="https://x.example/p.png" onerror=a()>\u202e"\'&'
    row = make_revision(text=hostile, title=hostile, url=f"javascript:{hostile}", source=hostile)
    files = unpack(build_exhibit(make_exhibit(row, school=hostile)))
    for name in ("statement.html", "extract.html"):
        page = _Tags(files[name].decode())
        assert page.open == []
        tags = {tag for tag, _ in page.seen}
        assert tags.isdisjoint({"script", "img", "a", "link", "iframe", "form", "object", "base"})
        assert not any(
            key.startswith("on") or key in ("src", "href") for _, attrs in page.seen for key in attrs
        )
        assert [attrs["lang"] for tag, attrs in page.seen if tag == "section"] == ["en", "cy"]
        assert {"th", "h1", "main"} <= tags and "default-src 'none'" in files[name].decode()
        assert "<script>alert(1)</script>" in page.text and "\u202e" not in page.text
        assert all(attrs.get("scope") in ("row", "col") for tag, attrs in page.seen if tag == "th")


_HARD = [
    "\u202e",
    "\u2066",
    "\u200f",
    "\u061c",
    "\x1b[2J",
    "\r",
    "\u2028",
    "\x85",
    "\x0b",
    "\ud800",
    "\ufeff",
    "\x00",
]
_FORGED = "Signature: forged\n  Posted: 1999"


@given(
    st.lists(st.sampled_from([*_HARD, "\n", _FORGED, "gair ", "W" * 200]), min_size=1, max_size=12).map(
        "".join
    )
)
@settings(max_examples=40, deadline=None)
def test_outside_text_stays_on_its_own_lines_and_turns_no_writing(said: str) -> None:
    row = make_revision(
        title=said, text=said, url=said, source=said, robots=said, fault_kind=said, url_final=said
    )
    files = unpack(build_exhibit(make_exhibit(row, school=said)))
    for name, body in files.items():
        if not name.endswith((".txt", ".html")) or name.startswith("01ab/"):
            continue
        text = body.decode()
        bad = {
            char
            for char in text
            if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs") and char != "\n"
        }
        assert bad == set(), (name, bad)
        if name.endswith(".txt"):
            # A line that begins at the left edge is ours; what came from outside is set in.
            assert not re.search(r"^Signature: forged|^  Posted: 1999", text, re.M), name
    assert verifier_template.check(files) == []


def test_hostile_words_cannot_forge_a_line_of_the_statement() -> None:
    row = make_revision(url="https://x/\u202egnp.exe\nposted / postiwyd: 1999", text="\ud800 \x00 words")
    files = unpack(build_exhibit(make_exhibit(row, school="Ysgol\nEXHIBIT 9999 \x1b[31m")))
    readme = files["README.txt"].decode()
    assert "\u202e" not in readme and "\x1b" not in readme
    assert not any(
        line.lstrip().startswith(("EXHIBIT 9999", "posted / postiwyd: 1999")) for line in readme.splitlines()
    )
    assert verifier_template.check(files) == []
