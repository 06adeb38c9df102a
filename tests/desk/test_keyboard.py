"""A head's tasks by keyboard alone, without script: Tab, Space, Enter and letters; the focus is seen at each stop (WCAG 2.1.1, 2.4.7, 2.4.11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from desk.sign_in_port import SignedIn
from mentionwatch.accounts import DeskRole
from tests.desk.signed_in import Running
from tests.desk.ten_items import PASSWORD, TEXTS
from tests.desk.whole_desk import MORNING, invite, whole_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MOST_STOPS = 120

# Where the keyboard is. `seen`: the stop has an outline, and lies within the window, not behind anything.
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e), b = e.getBoundingClientRect();
  const ringed = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none' || e.matches('.quiet:focus-visible');
  const x = b.left + b.width / 2, y = b.top + b.height / 2, top = document.elementFromPoint(x, y);
  const within = b.width > 0 && b.height > 0 && b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth;
  return {
    tag: e.tagName.toLowerCase(), id: e.id, name: e.getAttribute('name') || '', value: e.getAttribute('value') || '',
    href: e.getAttribute('href') || '', text: e.textContent.trim().slice(0, 60), action: e.form ? e.form.getAttribute('action') || '' : '',
    type: e.type || '', checked: !!e.checked,
    seen: ringed && within && (top === null || e.contains(top) || top.contains(e) || e.labels?.[0]?.contains(top)),
  };
}"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with whole_desk(tmp_path_factory.mktemp("keys")) as running:
        yield running


class Keys:
    """Two hands on a keyboard. Every stop of the tabulator key on the way is looked at."""

    def __init__(self, page: Page) -> None:
        self.page, self.unseen, self.stops = page, list[str](), 0

    def to(self, **wanted: str) -> None:
        """On with Tab until the stop fits: each part as it is, `href` and `action` by how they begin."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop is None:
                continue
            self.stops += 1
            if not stop["seen"]:
                self.unseen.append(f"{self.page.url}: {stop}")
            if all(
                stop[key].startswith(value) if key in ("href", "action") else stop[key] == value
                for key, value in wanted.items()
            ):
                return
        pytest.fail(f"{self.page.url}: no way leads to {wanted}")

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self) -> None:
        """Enter, and the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_a_heads_tasks_by_keyboard_alone(desk: Running, browser: Browser) -> None:
    """Sign in, open an item, decide it, correct a label, report a post, sign out."""
    key = invite(desk, "by.keys", DeskRole.HEAD)
    assert isinstance(desk.gate.accept(key, PASSWORD, MORNING), SignedIn)
    # Scripts are allowed to the test that looks where the focus is; the pages have none (tests/desk/test_every_page.py).
    context = browser.new_context(base_url=desk.base, bypass_csp=True, service_workers="block")
    page = context.new_page()
    page.goto("/")
    keys = Keys(page)

    keys.to(id="login")
    keys.write("by.keys")
    keys.to(id="password")
    keys.write(PASSWORD)
    keys.press()
    assert page.url == f"{desk.base}/"

    keys.to(href="/incidents/2026-0003", text="Incident 2026-0003")
    keys.press()
    keys.to(href="/incidents/2026-0003/steps/no_case")
    keys.press()
    keys.to(id="reason_said")
    keys.page.keyboard.press("Space")
    assert page.locator("#reason_said").is_checked()
    keys.to(tag="button", text="It is not about me. Record this")
    keys.press()
    assert "said=step_taken" in page.url and "Your step has been recorded." in page.inner_text(
        "[role=status]"
    )

    keys.to(href="/", text="Start")
    keys.press()
    keys.to(tag="button", action="/mentions/")
    keys.press()
    keys.to(name="label")
    for _ in range(20):
        if page.evaluate(STOP)["value"] == "neutral":
            break
        page.keyboard.press("ArrowDown")
    if not page.evaluate(STOP)["checked"]:
        page.keyboard.press("Space")
    assert page.locator('input[name="label"][value="neutral"]').is_checked()
    keys.to(id="reason")
    keys.write(TEXTS["reason"])
    keys.to(tag="button", action="/mentions/")
    keys.press()
    assert "said=taken_down" in page.url

    keys.to(href="/report")
    keys.press()
    keys.to(name="image")
    page.keyboard.press("ArrowDown")
    if not page.locator('input[name="image"][value="no"]').is_checked():
        page.keyboard.press("ArrowUp")
    assert page.locator('input[name="image"][value="no"]').is_checked()
    keys.to(
        tag="button", name="", type="submit", action=page.locator("main form").get_attribute("action") or ""
    )
    while not page.evaluate("document.activeElement.closest('main')"):
        keys.to(tag="button")
    keys.press()
    keys.to(id="address")
    keys.write("https://social.example/eithin/by-keys")
    keys.to(id="posted")
    unknown = page.locator('input[name="posted"][value="unknown"]')
    for _ in range(4):
        if unknown.is_checked():
            break
        page.keyboard.press("ArrowDown")
    assert unknown.is_checked()
    keys.to(id="text")
    keys.write("Ysgol Cwm Eithin: somebody said the gate was left open again")
    while page.evaluate(STOP) is None or not page.evaluate(
        "document.activeElement.tagName === 'BUTTON' && !!document.activeElement.closest('main')"
    ):
        keys.to(tag="button")
    keys.press()
    assert "/report/receipt" in page.url, page.inner_text("main")[:400]

    keys.to(action="/sign-out")
    keys.press()
    assert page.url.endswith("/sign-in?said=signed_out")
    context.close()
    assert keys.stops > 60
    assert not keys.unseen, "\n".join(keys.unseen)
