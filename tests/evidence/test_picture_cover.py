"""A picture shows no covered name, and nothing that would tell whose it was; else there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evidence.picture import Cover, Covered, NoPicture, NoPictureKind, Renderer
from mentionwatch.ids import digest
from tests.evidence.pictures import NAME, WORDS, drawn, keep, read_pixels, require_browser, thread


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(require_browser()) as opened:
        yield opened


@pytest.mark.browser
def test_a_covered_picture_is_the_same_whoever_stood_there(renderer: Renderer) -> None:
    """B11: nothing of a name is left, not its width either: two names of unlike length give one picture."""
    page = "<h2>{name}</h2><p>wrote on <b>Friday</b></p><div>{name}<span>:</span> {words}</div><p>{words}</p>"
    seen = set()
    for name in ("Al", "Bartholomew Featherstonehaugh-Example"):
        warc = keep(page.format(name=name, words=WORDS))
        covered = drawn(renderer.draw(warc, WORDS, cover=[Cover(name, "third party")]))
        assert covered.covered == (Covered("third party", 2),) and covered.source_sha256 == digest(warc)
        assert covered.has_passage
        assert name not in repr(covered)
        seen.add(covered.sha256)
    assert len(seen) == 1


@pytest.mark.browser
def test_the_box_is_solid_black(renderer: Renderer) -> None:
    picture = drawn(
        renderer.draw(keep(f"<h2>{NAME}</h2><p>{WORDS}</p>"), WORDS, cover=[Cover(NAME, "child")])
    )
    rows = read_pixels(picture.png)
    black = [row for row in rows if row[3 * 20 : 3 * 1000] == bytes(3 * 980)]
    assert len(black) >= 20, "as high as the heading and as wide as the page"
    assert any(len(set(row)) > 2 for row in rows), "the words of the post are still there"


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    "hiding",
    [
        "<p>Dai <b>Exa</b><i>mple</i> said</p>",
        "<p>DAI&nbsp;EXAMPLE</p>",
        "<p>dai_example99</p>",
        "<p>@DaiExample</p>",
        "<p>Da\u200bi\u00ad Ex\u2060ample</p>",
        "<p>D a i E x a m p l e</p>",
        "<p>Dái Exämple</p>",
        "<p><bdo dir=rtl>elpmaxE iaD</bdo></p>",
        "<div>Dai</div><div>Example</div>",
        "<style>q::before{content:'Dai Example'}</style><q></q>",
        "<img alt='Dai Example' src=/x width=200 height=40>",
        "<input value='Dai Example'>",
        "<input placeholder='Dai Example'>",
        "<textarea>Dai Example</textarea>",
        "<select><option>Dai Example</select>",
        "<button>Dai Example</button>",
        "<svg width=200 height=40><text y=20>Dai Example</text></svg>",
        "<iframe srcdoc='<p>Dai Example'></iframe>",
        "<object data=/x>Dai Example</object>",
        "Dai Example",
        "<b>Dai Example</b>",
        "<p style='opacity:1!important;transition:opacity 9s'>Dai Example</p>",
        "<style>p{opacity:1!important;animation:k 1s infinite!important}@keyframes k{to{opacity:.9}}</style><p>Dai Example</p>",
        "<style>html{position:relative;margin:50px;transform:translate(7px,9px)}</style><p>Dai Example</p>",
        "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\"><p>Dai Example</p>",
        "<p style='position:fixed;top:40px;z-index:2147483647'>Dai Example</p>",
        "<marquee>Dai Example</marquee>",
        "<details open><summary>Dai Example</summary></details>",
    ],
)
def test_a_name_is_covered_however_it_stands_there(renderer: Renderer, hiding: str) -> None:
    """Take the name out of the covered page and the covered part is gone: it is told by what is left of the ink."""
    page = f"<!doctype html><meta charset=utf-8>{hiding}<p>{WORDS}</p>"
    covered = drawn(renderer.draw(keep(page), WORDS, cover=[Cover(NAME, "third party")]))
    assert covered.covered[0].blocks >= 1
    other = keep(
        page.replace("mple", "mqlf")
        .replace("MPLE", "MQLF")
        .replace("elpm", "flqm")
        .replace("m p l e", "m q l f")
    )
    forms = [Cover(form, "third party") for form in ("Dai Examqlf", NAME)]
    assert (
        read_pixels(covered.png)[:80] == read_pixels(drawn(renderer.draw(other, WORDS, cover=forms)).png)[:80]
    )


@pytest.mark.browser
def test_what_cannot_be_covered_is_refused(renderer: Renderer) -> None:
    """Elements that know no style, and selectors that find nothing, give no picture rather than a wrong one."""
    strange = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{WORDS}</p><y xmlns='urn:x' xmlns:h='urn:x'>{NAME}</y></body></html>"
    block = strange.replace("<body>", "<head><style>y{display:block}</style></head><body>")
    outcome = renderer.draw(keep(block, "application/xhtml+xml"), WORDS, cover=[Cover(NAME, "third party")])
    assert isinstance(outcome, NoPicture)
    assert outcome.kind in (NoPictureKind.NAME_SHOWS, NoPictureKind.COVER_FAILED)
    for selector in (".nobody", "p[", "<p>"):
        cover = Cover(selector, "third party", is_selector=True)
        assert renderer.draw(keep(thread(3, 1)), WORDS, cover=[cover]) == NoPicture(
            NoPictureKind.COVER_FAILED
        )


@pytest.mark.browser
def test_a_selector_covers_what_it_finds(renderer: Renderer) -> None:
    cover = Cover("article h3", "other writers", is_selector=True)
    picture = drawn(renderer.draw(keep(thread(3, 1)), WORDS, cover=[cover]))
    assert picture.covered == (Covered("other writers", 3),)
