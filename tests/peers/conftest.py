"""One MediaWiki and one WordPress for all tests against real peers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers import mediawiki as wiki_peer
from tests.peers import wordpress as blog_peer
from tests.peers.looks import OpenLooks, PeerLooks, WatchedDoor, build_looks
from tests.peers.mediawiki import Wiki
from tests.peers.programs import need
from tests.peers.wordpress import Blog


@pytest.fixture(scope="session")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    need(["php"], [wiki_peer.SOURCE], ["pdo_sqlite", "mbstring", "xml", "intl"])
    with wiki_peer.mediawiki(tmp_path_factory.mktemp("mediawiki")) as running:
        yield running


@pytest.fixture
def blog(blog_server: Blog) -> Blog:
    """The blog without a post."""
    blog_server.clear()
    return blog_server


@pytest.fixture(scope="session")
def blog_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    need(
        ["php", "mariadb", "mariadbd", "mariadb-install-db"],
        [blog_peer.SOURCE, blog_peer.THEME],
        ["mysqli", "mbstring", "xml"],
    )
    with blog_peer.wordpress(tmp_path_factory.mktemp("wordpress")) as running:
        yield running


@pytest.fixture
def open_looks() -> Iterator[OpenLooks]:
    doors: list[WatchedDoor] = []

    def build(base: str, collector: str, /, **options: object) -> PeerLooks:
        doors.append(WatchedDoor(base))
        return build_looks(doors[-1], collector, options)

    yield build
    for door in doors:
        door.close()
