"""A program from nothing at a person's pace: presses counted, seconds taken, the order by hand."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from patients.models import Equipment
from tests.browser.conftest import DESK, PHONE, Screen
from tests.browser.test_prescribing import enter
from tests.browser.test_prescribing_counts import (
    KEY,
    counting,
    press,
    pressed,
    retype,
    to_prescribing,
)
from tests.programs.prescribing.given import Desk, make_searchable
from tests.programs.prescribing.given import desk as given_desk

pytestmark = [pytest.mark.browser_long, pytest.mark.django_db(transaction=True)]
ASSIGN = "/desk/patients/{}/assign/?template=from-nothing"


@pytest.fixture
def given() -> Desk:
    made = given_desk(name="Maya Lindqvist", email="maya@home.example", equipment=Equipment.values)
    make_searchable()
    return made


def names(page: Any) -> list[str]:
    return [str(each) for each in page.locator("[data-place] b").all_inner_texts()]


def add(page: Any, letters: str, name: str) -> None:
    """Type a few letters where the keyboard is, and press what they find."""
    page.keyboard.type(letters, delay=KEY)
    press(page, page.locator("#found").get_by_role("button", name=f"Add {name}"))
    page.locator("[data-place]").get_by_text(name, exact=True).wait_for()


def one_more_rule(page: Any) -> None:
    """That it is held from pain 4 on, by the words that the page offers."""
    press(page, page.get_by_role("button", name="Add a rule"))
    retype(page, "rule-if-ge", "4")
    press(page, page.get_by_role("button", name="Keep this rule"))
    page.get_by_text("Kept in your draft.").wait_for()


def test_three_exercises_and_a_rule_are_prescribed_from_nothing_in_time(
    given: Desk, screens: Callable[..., Screen], capsys: pytest.CaptureFixture[str]
) -> None:
    desk = screens(DESK)
    page = counting(desk, given.by)
    begun = time.monotonic()
    to_prescribing(page)
    press(page, page.get_by_role("link", name="Start from nothing"))
    press(page, page.locator("#find"))
    add(page, "slide", "Heel slide")
    add(page, "two legs", "Bridge on two legs")
    add(page, "band", "Standing curl with a band")
    one_more_rule(page)
    press(page, page.get_by_role("button", name="Assign and invite"))
    page.get_by_role("heading", name="Invitation for Maya Lindqvist").wait_for()
    presses, seconds = pressed(page), time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(f"\nprescribed from nothing in {presses} presses, {seconds:.1f} s\n")
    assert seconds <= 90
    with given.scope():
        program = given.patient.programs.get()
        assert (program.prescriptions.count(), len(program.ruleset["rules"])) == (3, 8)


def test_the_order_is_changed_by_drag_by_keys_and_by_buttons(
    given: Desk, screens: Callable[..., Screen]
) -> None:
    desk = screens(DESK)
    enter(desk, User.objects.get(id=given.by.user_id))
    page: Any = desk.open(ASSIGN.format(given.patient.id))
    page.locator("#find").focus()
    for letters, name in (("slide", "Heel slide"), ("two legs", "Bridge on two legs")):
        page.keyboard.type(letters)
        page.locator("#found").get_by_role("button", name=name).wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.locator("[data-place]").get_by_text(name, exact=True).wait_for()
    page.locator("[name=x1-sets]").fill("4")
    page.locator(".grip").nth(1).drag_to(
        page.locator("[data-place]").nth(0), target_position={"x": 60, "y": 4}
    )
    expect(page.locator("[name=x0-sets]")).to_have_value("4")
    assert names(page) == ["Bridge on two legs", "Heel slide"]
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[name=x1-sets]")).to_have_value("4")
    assert names(page) == ["Heel slide", "Bridge on two legs"]
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[name=x0-sets]")).to_have_value("4")
    assert page.locator("#live").inner_text() == "Bridge on two legs is now 1 of 2."
    desk.check()


def test_without_a_script_the_same_is_done_by_plain_forms(
    given: Desk, screens: Callable[..., Screen]
) -> None:
    phone = screens(PHONE, script=False)
    enter(phone, User.objects.get(id=given.by.user_id))
    page: Any = phone.open(ASSIGN.format(given.patient.id))
    for letters, name in (("slide", "Heel slide"), ("two legs", "Bridge on two legs")):
        page.locator("#find").fill(letters)
        page.get_by_role("button", name="Find").click()
        page.locator("#found").get_by_role("button", name=name).click()
    page.locator("[name=x0-sets]").fill("3")
    page.get_by_role("button", name="Move down: Heel slide").click()
    assert names(page) == ["Bridge on two legs", "Heel slide"]
    assert page.locator("[name=x1-sets]").input_value() == "3"
    page.get_by_role("button", name="Assign to Maya").click()
    page.get_by_text("Assigned. Maya sees it now.").wait_for()
