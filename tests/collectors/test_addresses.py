"""What counts as a public address, and how a URL is read. The corpus is written here, after RFC 6890."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.addresses import Target, choose_addresses, follow, read_url, why_refused
from mentionwatch.fetching import Fault
from mentionwatch.urls import origin

NEVER = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.1.2.3
168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192
192.0.2.5 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1::1 2002:a9fe:a9fe::1 2002:808:808::1 3fff::1 5f00::1
fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2a00:1450::5efe:127.0.0.1 2a00:1450::200:5efe:10.0.0.1
"""

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("text", NEVER.split())
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert why_refused(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_not_refused(text: str) -> None:
    assert why_refused(ip_address(text)) == ""


def test_one_private_answer_among_public_ones_condemns_the_name() -> None:
    assert isinstance(choose_addresses(["8.8.8.8", "10.0.0.1"], ()), Fault)
    assert isinstance(choose_addresses(["8.8.8.8", "::ffff:127.0.0.1"], ()), Fault)
    assert isinstance(choose_addresses([], ()), Fault)


def test_an_opened_network_lets_its_own_addresses_in_and_no_others() -> None:
    opened = [ip_network("10.1.2.0/24")]
    assert choose_addresses(["10.1.2.3"], opened) == (ip_address("10.1.2.3"),)
    assert isinstance(choose_addresses(["10.1.3.3"], opened), Fault)
    assert isinstance(choose_addresses(["10.1.2.3", "127.0.0.1"], opened), Fault)


ODD_URLS = """
file:///etc/passwd FILE:/etc/passwd ftp://example.org/ gopher://example.org/ javascript:alert(1) data:text/html,x
jar:http://example.org/ //example.org/ http: http:// http:///x http://user@example.org/ http://user:pw@example.org/
http://@example.org/ http://example.org\\@127.0.0.1/ http://2130706433/ http://0x7f000001/ http://0x7f.1/ http://127.1/
http://0177.0.0.1/ http://017700000001/ http://127.0.0.1.0x1/ http://1.2.3.4.5/ http://[::1%25eth0]/ http://[::1
http://[zz]/ http://example.org:0/ http://example.org:99999/ http://example.org:x/ http://exa%6dple.org/
http://exam_ple..org/ http://.example.org/ http://①②⑦.⓪.⓪.①:x/
"""


@pytest.mark.parametrize(
    "url", [*ODD_URLS.split(), "http://exa mple.org/", "http://example.org/\r\nHost: x", "http://a\tb/", ""]
)
def test_an_odd_url_is_refused_rather_than_guessed_at(url: str) -> None:
    assert isinstance(read_url(url), Fault)


def test_dressed_up_digits_are_read_as_the_address_they_become() -> None:
    for url in ("http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/"):
        target = read_url(url)
        assert isinstance(target, Target) and target.host == "127.0.0.1"


def test_a_url_is_read_once_for_check_connection_and_host_header() -> None:
    target = read_url("HTTP://News.Example.ORG./a b/ŵ?q=x y&z=%20#frag")
    assert target == Target("http", "news.example.org", 80, "/a%20b/%C5%B5?q=x%20y&z=%20")
    assert target.authority == "news.example.org"
    six = read_url("https://[2606:4700::1]:8443/")
    assert isinstance(six, Target) and six.authority == "[2606:4700::1]:8443" and six.host == "2606:4700::1"


@pytest.mark.parametrize(
    "location", ["file:///x", "//user@example.org/", "http://[", "javascript:1", "http://2130706433/"]
)
def test_a_redirect_is_read_by_the_same_rules(location: str) -> None:
    start = read_url("https://example.org/a")
    assert isinstance(start, Target) and isinstance(follow(start, location), Fault)


def test_a_relative_redirect_stays_at_its_origin() -> None:
    start = read_url("https://example.org/a/b")
    assert isinstance(start, Target)
    goal = follow(start, "../c?d=1")
    assert isinstance(goal, Target) and goal.url == "https://example.org/c?d=1"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_reading_any_text_as_a_url_never_raises_and_agrees_with_the_vocabulary(text: str) -> None:
    for url in (text, f"http://{text}", f"http://example.org/{text}"):
        target = read_url(url)
        if isinstance(target, Target):
            assert read_url(target.url) == target
            assert target.origin == origin(target.url)
