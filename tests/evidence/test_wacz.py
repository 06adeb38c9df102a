"""A WACZ 1.1.1 that other programs read: every record, every digest, every offset; and the WARCs can be cut out again."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from evidence.wacz import ARCHIVE, ArchivedPage, Wacz, resource_types, split_records, write_surt, write_wacz
from evidence.warc import check_digests, write_exchange, write_resource
from mentionwatch.ids import digest
from tests.evidence.exhibit_cases import unpack
from tests.evidence.values import NOW, URL, make_fetched

PAGE = write_exchange(make_fetched())
ITEM = write_resource("https://api.example/x?b=1&a=2", b'{"a": "\\u00e2"}', "application/json", NOW)
PAGES = (
    ArchivedPage(URL, "Teitl \u202e", NOW, PAGE),
    ArchivedPage("https://api.example/x", "", NOW, ITEM),
)


def make(*pages: ArchivedPage) -> Wacz:
    return write_wacz(pages or PAGES, "Exhibit 1", "mentionwatch 0.1.0", NOW)


def test_each_warc_can_be_cut_out_again_byte_for_byte() -> None:
    wacz = make()
    archive = unpack(wacz.body)[ARCHIVE]
    assert [gzip.decompress(archive[begin:end]) for begin, end in wacz.ranges] == [PAGE, ITEM]
    assert gzip.decompress(archive) == PAGE + ITEM


def test_warcio_reads_every_record_and_every_digest_holds() -> None:
    archive = unpack(make().body)[ARCHIVE]
    kinds = list[str]()
    for record in ArchiveIterator(io.BytesIO(archive), check_digests=True):
        record.content_stream().read()
        assert record.digest_checker.passed is not False
        kinds.append(record.rec_type)
    assert kinds == ["response", "request", "resource"]
    assert check_digests(gzip.decompress(archive))


def test_each_line_of_the_index_leads_to_its_record_in_order_of_its_key() -> None:
    files = unpack(make().body)
    lines = files["indexes/index.cdx"].decode().splitlines()
    assert lines == sorted(lines) and len(lines) == 2
    for line in lines:
        key, moment, facts_json = line.split(" ", 2)
        facts = json.loads(facts_json)
        begin = int(facts["offset"])
        member = files[f"archive/{facts['filename']}"][begin : begin + int(facts["length"])]
        (record,) = ArchiveIterator(io.BytesIO(member))
        assert record.rec_headers.get_header("WARC-Target-URI") == facts["url"]
        assert record.rec_headers.get_header("WARC-Payload-Digest") == facts["digest"]
        assert (key, moment) == (write_surt(facts["url"]), "20261121023000")
    by_url = {json.loads(line.split(" ", 2)[2])["url"]: json.loads(line.split(" ", 2)[2]) for line in lines}
    assert (by_url[URL]["status"], by_url[URL]["mime"]) == ("200", "text/html")
    assert by_url["https://api.example/x?b=1&a=2"]["mime"] == "application/json"


def test_the_package_lists_every_file_with_its_digest_and_its_own_is_beside_it() -> None:
    files = unpack(make().body)
    package = json.loads(files["datapackage.json"])
    assert (package["wacz_version"], package["profile"]) == ("1.1.1", "data-package")
    listed = {row["path"]: (row["hash"], row["bytes"]) for row in package["resources"]}
    rest = {name: body for name, body in files.items() if not name.startswith("datapackage")}
    assert listed == {name: (f"sha256:{digest(body)}", len(body)) for name, body in rest.items()}
    assert json.loads(files["datapackage-digest.json"]) == {
        "path": "datapackage.json",
        "hash": f"sha256:{digest(files['datapackage.json'])}",
    }


def test_pages_are_listed_after_a_head_and_the_archive_is_not_deflated() -> None:
    wacz = make()
    head, *pages = [json.loads(line) for line in unpack(wacz.body)["pages/pages.jsonl"].decode().splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert [(page["url"], page["ts"]) for page in pages] == [
        (URL, "2026-11-21T02:30:00Z"),
        ("https://api.example/x", "2026-11-21T02:30:00Z"),
    ]
    with zipfile.ZipFile(io.BytesIO(wacz.body)) as archive:
        assert archive.getinfo(ARCHIVE).compress_type == zipfile.ZIP_STORED


def test_the_same_values_give_the_same_bytes() -> None:
    assert make() == make()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://WWW2.Example.org/A?b=2&a=1", "org,example)/a?a=1&b=2"),
        ("http://example.org:80", "org,example)/"),
        ("https://example.org:8443/x", "org,example:8443)/x"),
        ("urn:pageinfo:x", "urn:pageinfo:x"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_addresses_become_keys_that_sort_by_host(url: str, key: str) -> None:
    assert write_surt(url) == key


def test_what_is_no_whole_warc_is_refused() -> None:
    for broken in (PAGE[:-1], PAGE[:200], b"WARC/1.1\r\n\r\n", b"no", PAGE + b"\r\n", b"x" + PAGE):
        with pytest.raises(ValueError, match="record of the WARC"):
            split_records(broken)
    assert split_records(b"") == ()


def test_a_status_line_that_is_none_keeps_out_of_the_index_but_stays_in_the_archive() -> None:
    odd = PAGE.replace(b"HTTP/1.1 200 OK", b"nonsense-nonsen")
    wacz = make(ArchivedPage(URL, "", NOW, odd))
    files = unpack(wacz.body)
    assert gzip.decompress(files[ARCHIVE]) == odd and files["indexes/index.cdx"] == b""


def test_media_types_of_what_was_delivered() -> None:
    assert resource_types(PAGE) == () and resource_types(ITEM + ITEM) == ("application/json",) * 2


@given(st.lists(st.binary(max_size=300), max_size=4))
def test_any_bodies_come_out_as_they_went_in(bodies: list[bytes]) -> None:
    pages = [
        ArchivedPage(
            URL,
            "t",
            NOW,
            write_exchange(make_fetched(body)) if at % 2 else write_resource(URL, body, "", NOW),
        )
        for at, body in enumerate(bodies)
    ]
    wacz = make(*pages) if pages else write_wacz((), "none", "s", NOW)
    archive = unpack(wacz.body)[ARCHIVE]
    cut = [gzip.decompress(archive[begin:end]) for begin, end in wacz.ranges]
    assert cut == [page.warc for page in pages]
