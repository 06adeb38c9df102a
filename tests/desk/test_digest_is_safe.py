"""The digest against what comes from outside, and what it asks for: nothing."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.columns import LINE, pad, width, wrap
from desk.digest import Digest
from desk.render import (
    only_web_address,
    read_style,
    render_html,
    render_text,
    show_host,
    style_hash,
)
from desk.words import LANGUAGES, Speaker
from mentionwatch.labels import Label, Verdict
from tests.desk.cases import (
    Page,
    digest,
    flagged,
    incident,
    mention,
    night,
    run,
    source,
)

BAD_TEXTS = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "attribute": '" onmouseover="alert(1)" style="background:url(https://evil.example/x)',
    "template": "{{ 7*7 }}{% raw %}</style><style>*{display:none}</style>",
    "right-to-left": "\u202egnp.egami\u202c \u2066x\u2069 \u200b",
    "long": "A" * 10_000,
    "NUL": "be\x00fore\x1b[31mred\x07\r\nnext",
    "details": "</details></div></article></main><h1>All clear</h1>",
}
BAD_URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt://blog.example/%0aalert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "http://[::bad",
    "https://",
    "https://blog.example/\u202egnp",
    "vbscript:x",
    "//blog.example/x",
    "http://" + "a" * 10_000,
)


def _everywhere(text: str) -> Digest:
    """The text at every place of a digest that comes from outside."""
    calm = {"source": text, "title": text, "text": text}
    return digest(
        run(
            Verdict.DEGRADED,
            dataclasses.replace(
                source("x", Verdict.BLIND),
                name=text,
                detail=text,
                not_looked_at=(text, f"article {text}: gone"),
            ),
        ),
        (
            mention(id="1", **calm),
            mention(id="2", label=Label.CONCERN, lang=text, **calm),
            mention(id="3", label=Label.POSITIVE, **calm),
            flagged(id="4", why=(text,), **calm),
        ),
        (incident(flagged(id="5", **calm)),),
        school=text,
    )


# --- Everything from outside is hostile.


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_hostile_words_are_escaped_and_neutralised_everywhere(text: str, lang: str) -> None:
    made = _everywhere(text)
    html = render_html(made, lang)
    page = Page(html)
    calm = Page(render_html(_everywhere("calm"), lang))
    # The same tags as a harmless digest, bar those the word lengths decide: nothing from outside made an element.
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in calm.tags}
    assert len(page.named("h1")) == len(page.named("style")) == 1
    allowed = {
        "class",
        "id",
        "lang",
        "href",
        "rel",
        "name",
        "content",
        "charset",
        "http-equiv",
        "scope",
        "aria-labelledby",
        "open",
    }
    assert {name for _, attrs in page.tags for name in attrs} <= allowed
    # Only what may be read unasked stands open.
    assert {attrs["class"] for _, attrs in page.tags if "open" in attrs} <= {"unfolds"}
    for shown in (html, render_text(made, lang)):
        assert not [letter for letter in shown if ord(letter) < 32 and letter != "\n"]
        assert not set("\x7f\u202a\u202b\u202d\u202e\u2066\u2067\u2069\u200b") & set(shown)
    assert "A" * 400 not in page.outside
    assert max(map(width, render_text(made, lang).splitlines())) <= 80


@pytest.mark.parametrize("url", BAD_URLS)
def test_an_address_that_is_no_web_address_is_never_a_link(url: str) -> None:
    made = digest(
        night(Verdict.MENTIONS),
        (mention(url=url), mention(id="2", url=url, label=Label.CONCERN), flagged(url=url)),
        (incident(flagged(id="5", url=url)),),
    )
    assert only_web_address(url) == show_host(url) == ""
    assert all(link.startswith("#") for link in Page(render_html(made, "en")).links())
    render_text(made, "cy")


def test_a_look_alike_host_is_spelt_out() -> None:
    assert show_host("https://\u0430pple.example/x") == "xn--pple-43d.example"
    assert show_host("https://bbc.example@evil.example/x") == "evil.example"


# --- The page is one file that asks for nothing.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_loads_nothing_and_carries_no_script(lang: str) -> None:
    html = render_html(_everywhere("calm"), lang)
    page = Page(html)
    active = {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "form",
        "base",
        "svg",
        "input",
    }
    assert not active & {tag for tag, _ in page.tags}
    assert "url(" not in read_style() and "@import" not in read_style()
    policy = next(attrs["content"] for attrs in page.named("meta") if "http-equiv" in attrs)
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash(read_style())}'; form-action 'none'; base-uri 'none'"
    )
    assert {"name": "referrer", "content": "no-referrer"} in page.named("meta")


def test_the_stylesheet_of_the_page_is_the_one_its_policy_names() -> None:
    html = render_html(digest(None), "en")
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert f"sha256-{style_hash(style)}" in html


def test_a_posts_words_carry_their_own_language() -> None:
    made = digest(
        night(Verdict.MENTIONS), (mention(lang="cy", title="Y ffair"), mention(id="2", lang="other"))
    )
    languages = {attrs.get("lang") for tag, attrs in Page(render_html(made, "en")).tags if tag in ("h3", "p")}
    assert languages >= {"cy", ""}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_fits_eighty_columns_and_names_every_source(lang: str) -> None:
    rows = (flagged(), mention(id="2", label=Label.POSITIVE, text="fine words " * 60))
    made = digest(night(Verdict.DEGRADED), rows, (incident(flagged(id="3")),))
    text = render_text(made, lang)
    assert max(map(len, text.splitlines())) < 80
    assert "\n  one " in text and "\n  two " in text


WIDE = "\u5b66\u6821\u304c\u3093\u3070\u308c\uff01 \uff33\uff43\uff48\uff4f\uff4f\uff4c \U0001f389"
"""Chinese, Japanese, full-width Latin, an emoji: each letter takes two columns."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_letters_that_take_two_columns_count_as_two(lang: str) -> None:
    lines = render_text(_everywhere(WIDE * 20), lang).splitlines()
    assert 70 < max(map(width, lines)) <= 80, "and lines are not half empty"
    table = [line for line in lines if line.startswith(f"  {WIDE[:4]}")]
    assert table and all(
        width(line[: line.index(Speaker(lang).verdict(Verdict.BLIND))]) == 27 for line in table
    )


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Z")) | st.sampled_from(" \u5b66\uac00")))
def test_wrapped_text_loses_no_letter_and_no_line_is_too_wide(text: str) -> None:
    """Nothing but white space is lost where a line ends."""
    lines = wrap(text, "  ", "    ")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= LINE + 1 for line in lines)


def test_a_name_fills_its_column_exactly() -> None:
    assert (
        pad("\u5b66\u6821" * 20, 7) == "\u5b66\u6821\u5b66 "
        and pad("one", 7) == "one    "
        and pad("", 2) == "  "
    )
