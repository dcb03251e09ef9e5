"""What a session's page turns into, tap by tap, narrow, in both languages and themes."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from tests.browser import story
from tests.browser.conftest import Screen
from tests.browser.test_every_page import NARROW, WIDER
from tests.browser.test_pictures import enter
from tests.programs.people import Person, make_person

pytestmark = [
    pytest.mark.browser_long,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]


@pytest.fixture
def person() -> Person:
    return make_person(timezone.now(), sets=2)


@pytest.fixture(params=["en", "es"])
def narrow(
    request: pytest.FixtureRequest, screens: Callable[..., Screen], person: Person
) -> Screen:
    screen = screens(NARROW)
    enter(screen, User.objects.get(id=person.actor.user_id), request.param)
    screen.open("/today/")
    return screen


def looked_at(screen: Screen) -> None:
    """axe is quiet in both themes, and nothing is wider than the screen."""
    screen.check()
    assert screen.page.evaluate(WIDER) == 0, screen.page.url


def tap(page: Page, control: str, then: str) -> None:
    """Tap a control by its selector, and wait for what it leads to."""
    page.locator(control).first.click()
    page.locator(then).first.wait_for()


def begin(page: Page) -> str:
    tap(page, "form:has(.btn.primary.big) .primary", ".player")
    return page.url


def test_a_session_from_its_first_set_to_its_end(narrow: Screen) -> None:
    page = narrow.page
    begin(page)
    looked_at(narrow)
    tap(page, ".acts summary", "button[name=skipped]")
    looked_at(narrow)
    tap(page, ".acts summary", ".player")
    story.one_set(page)
    story.one_set(page)
    page.locator(".rest").wait_for()
    looked_at(narrow)
    story.one_set(page)
    story.one_set(page)
    looked_at(narrow)
    tap(page, "button[name=pain][value='6']", "input[name=place]")
    looked_at(narrow)
    page.locator("label:has(input[name=side])").first.click()
    page.locator("label:has(input[name=place])").first.click()
    tap(page, "#card button.primary", "button[name=effort]")
    looked_at(narrow)
    tap(page, "button[name=effort][value='5']", "a.btn[href='/today/']")
    looked_at(narrow)
    narrow.open("/today/")
    looked_at(narrow)


def test_a_set_that_is_refused_says_so_beside_its_field(narrow: Screen) -> None:
    page = narrow.page
    begin(page)
    page.locator(".player").evaluate("form => { form.noValidate = true }")
    page.locator("input[name=reps]").fill("900")
    tap(page, "button[name=outcome]", "#reps_error")
    looked_at(narrow)
    narrow.errors.clear()  # the console notes the 422


def test_the_morning_after_asks_what_it_must(narrow: Screen, person: Person) -> None:
    now = timezone.now()
    person.train(now)
    with story.at(story.days_later(now, 1, 8)):
        narrow.open("/today/")
        looked_at(narrow)
        tap(narrow.page, "button[name=feel][value=worse]", "#check-in button[name=pain]")
        looked_at(narrow)
        tap(narrow.page, "#check-in button[name=pain][value='5']", "button[name=swelling]")
        looked_at(narrow)
        narrow.page.locator("button[name=swelling][value=no]").click()
        narrow.page.locator("#check-in .good").wait_for()
        looked_at(narrow)


def test_a_warning_sign_stops_and_holds(narrow: Screen) -> None:
    page = narrow.page
    narrow.open(begin(page) + "hurts/")
    looked_at(narrow)
    tap(page, ".flags:not(.first) button", ".stop")
    looked_at(narrow)
    narrow.open("/today/")
    looked_at(narrow)


def test_not_today_is_answered(narrow: Screen) -> None:
    reasons = narrow.page.locator(".not-today button")
    for each in range(reasons.count()):
        narrow.open("/today/")
        if not narrow.page.locator(".not-today").count():
            narrow.page.locator("#declined").wait_for()
            return
        narrow.page.locator(".not-today summary").click()
        reasons.nth(each).click()
        narrow.page.locator("#declined").wait_for()
        looked_at(narrow)
