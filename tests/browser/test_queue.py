"""The queue by keyboard alone: a proposal, twenty rows, the keys and the search."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import Screen
from tests.browser.story import at
from tests.browser.test_pictures import enter
from tests.conftest import NOW
from tests.desk.test_pages import until_proposed, waits
from tests.programs.people import Person, make_person

pytestmark = [
    pytest.mark.browser_long,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
ROWS = "[data-queue] > li"


@pytest.fixture
def person() -> Iterator[Person]:
    """Two proposals, left and right, and nine others with two rows each; the clock stands then."""
    person = make_person(NOW)
    moment = until_proposed(person)
    for _ in range(9):
        waits(make_person(NOW, beside=person), "silent", "stuck")
    with at(moment):
        yield person


def pressed(page: Page, key: str, left: int) -> None:
    """What is left once the page that follows is drawn: Chromium hears no key before."""
    page.keyboard.press(key)
    expect(page.locator(ROWS)).to_have_count(left)
    expect(page.locator("html.js")).to_be_attached()
    page.wait_for_load_state()
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")


def test_twenty_rows_by_keyboard_alone(desk: Screen, person: Person) -> None:
    enter(desk, User.objects.get(id=person.clinician.user_id), "en")
    page = desk.open("/desk/")
    pressed(page, "j", 20)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rule “Next step”").first).to_be_visible()
    desk.check()
    for key in ("Enter", "x", "j", "x"):
        page.keyboard.press(key)
    pressed(page, "Shift+A", 18)
    expect(page.get_by_role("status").first).to_contain_text("Accepted 2.")
    page.keyboard.press("j")
    for left in range(17, -1, -1):
        pressed(page, "s", left)
    pressed(page, "u", 1)
    the_keys_are_listed_and_a_search_starts_by_key(desk, person)


def the_keys_are_listed_and_a_search_starts_by_key(desk: Screen, person: Person) -> None:
    page = desk.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    desk.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type(person.patient.name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile(person.patient.name))).to_be_visible()
    desk.check()


def test_the_last_weeks_are_copied_for_a_chart_by_one_click(desk: Screen, person: Person) -> None:
    enter(desk, User.objects.get(id=person.clinician.user_id), "en")
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = desk.open(f"/desk/patients/{person.patient.id}/")
    page.get_by_role("link", name="Copy for chart").click()
    expect(page.get_by_role("link", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith(person.patient.name)
