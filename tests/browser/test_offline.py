"""A session without a network, with two tabs, without a session cookie: nothing is lost."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from bench.line import Line
from tests.browser import story
from tests.browser.conftest import PHONE, Screen
from tests.browser.test_pictures import enter
from tests.programs.people import Person, logs_of, make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
READY = """async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== "activated") await new Promise((done) => setTimeout(done, 20));
}"""
SENT = """async () => {
    const { entries, waits } = await import("/static/js/outbox.js");
    while ((await entries()).some(waits)) await new Promise((done) => setTimeout(done, 20));
}"""


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    with Line(urlsplit(live_server.url).port or 0) as line:
        yield line


@pytest.fixture
def away(screens: Callable[[dict[str, int]], Screen], line: Line) -> Iterator[Screen]:
    """A phone behind a line that may fail: failed requests are no fault of the page."""
    screen = screens(PHONE)
    screen.base = line.address
    yield screen
    screen.errors[:] = [each for each in screen.errors if "Failed to load resource" not in each]


def begin(screen: Screen, person: Person) -> Page:
    """In the session, with the shell held."""
    enter(screen, User.objects.get(id=person.actor.user_id))
    page = screen.open("/today/")
    page.evaluate(READY)
    story.start(page)
    return page


def tap(page: Page) -> None:
    before = page.locator("#card .what").inner_text()
    page.locator("button.primary").click()
    page.wait_for_function(
        "before => document.querySelector('#card .what')?.innerText !== before", arg=before
    )


def sent(page: Page) -> None:
    """Wait until nothing waits on the phone."""
    page.evaluate(SENT)


def stored(person: Person) -> list[tuple[str, int]]:
    return sorted((row.side, row.number) for row in logs_of(person))


def test_a_session_goes_on_without_a_network_and_arrives_once(away: Screen, line: Line) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    tap(page)
    line.down = True
    tap(page)
    expect(page.locator("[data-state]")).to_contain_text("Saved on this phone: right leg, set 1")
    page.reload()
    expect(page.locator(".what")).to_contain_text("set 2 of 2")
    tap(page)
    line.down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page)
    assert stored(person) == [("left", 1), ("left", 2), ("right", 1)]
