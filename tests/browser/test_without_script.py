"""The patient's whole path with scripts switched off: plain forms, plain pages."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import PHONE, Screen
from tests.browser.test_pictures import enter
from tests.programs.people import Person, logs_of, make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


@pytest.fixture
def person() -> Person:
    return make_person(timezone.now(), sets=2)


@pytest.fixture
def phone(screens: Callable[..., Screen]) -> Iterator[Screen]:
    """A phone that runs no script; a refused form is no fault of the page."""
    screen = screens(PHONE, script=False)
    yield screen
    screen.errors[:] = [each for each in screen.errors if "422" not in each]


@pytest.fixture
def page(phone: Screen, person: Person) -> Page:
    """In the session."""
    enter(phone, User.objects.get(id=person.actor.user_id))
    page = phone.open("/today/")
    page.get_by_role("button", name="Start").click()
    return page


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words).first).to_be_visible()


def test_a_session_is_logged_by_plain_forms(page: Page, person: Person) -> None:
    for left in (3, 2, 1, 0):
        page.get_by_role("button", name="Save this set").click()
        expect(page.locator("progress")).to_have_attribute("value", str(4 - left))
    assert len(logs_of(person)) == 4


def test_pain_and_effort_end_a_session_by_plain_forms(page: Page) -> None:
    for _each in range(4):
        page.get_by_role("button", name="Save this set").click()
    page.locator("button[name=pain][value='2']").click()
    heading(page, "Last tap")
    page.locator("button[name=effort][value='5']").click()
    expect(page.get_by_role("link", name="Back to today")).to_be_visible()


def test_other_reps_are_typed_and_an_impossible_number_is_said_beside_its_field(page: Page) -> None:
    reps = page.locator("input[name=reps]")
    page.locator("form.player").evaluate("form => form.noValidate = true")
    reps.fill("900")
    page.get_by_role("button", name="Save this set").click()
    expect(page.locator("#reps_error")).to_be_visible()
    expect(reps).to_have_value("900")
    reps.fill("7")
    page.get_by_role("button", name="Save this set").click()
    expect(page.locator("[data-state]")).to_contain_text("7 reps")


def test_a_set_is_skipped_with_its_reason(page: Page, person: Person) -> None:
    page.locator("summary", has_text="Skip").click()
    page.locator("button[name=skipped]").first.click()
    expect(page.locator("progress")).to_have_attribute("value", "1")
    assert logs_of(person)[0].skipped


def test_a_warning_sign_stops_and_says_what_to_do(page: Page) -> None:
    page.get_by_role("link", name="It hurts").click()
    page.locator("button[name=flag]").first.click()
    heading(page, "Please stop here")
    expect(page.get_by_role("link", name=re.compile("^Call")).first).to_be_visible()


def test_the_back_button_shows_the_next_set_not_the_one_before(page: Page, person: Person) -> None:
    page.get_by_role("button", name="Save this set").click()
    expect(page.locator(".what")).to_contain_text("Right leg")
    page.go_back()
    expect(page.locator(".what")).to_contain_text("Right leg")
    assert len(logs_of(person)) == 1
