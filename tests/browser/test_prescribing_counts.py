"""What prescribing costs a clinician: presses are counted and seconds taken, at a person's pace."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Actor
from tests.browser.conftest import DESK, Screen
from tests.browser.test_prescribing import enter
from tests.browser.test_taps import COUNT
from tests.programs.prescribing.given import desk as given_desk

pytestmark = [pytest.mark.browser_long, pytest.mark.django_db(transaction=True)]
PRESS, KEY = 300, 200  # ms


def press(page: Any, where: Any) -> None:
    """One press, as soon as a person would."""
    page.wait_for_timeout(PRESS)
    where.click()


def retype(page: Any, name: str, value: str) -> None:
    """Press a field and type over what is in it."""
    press(page, page.locator(f"[name={name}]"))
    page.keyboard.press("Control+a")
    page.keyboard.type(value, delay=KEY)


def to_prescribing(page: Any) -> None:
    """From the queue to the patient's program."""
    press(page, page.locator(".rail").get_by_role("link", name="Patients"))
    press(page, page.get_by_role("link", name="Maya Lindqvist"))
    press(page, page.get_by_role("link", name="Prescribe").first)


def counting(desk: Screen, by: Actor) -> Any:
    """The queue of somebody who signed in; from here on presses are counted."""
    enter(desk, User.objects.get(id=by.user_id))
    desk.context.add_init_script(COUNT)
    return desk.open("/desk/")


def pressed(page: Any) -> int:
    return int(page.evaluate("Number(sessionStorage.getItem('taps'))"))


def test_a_template_is_prescribed_and_a_dose_changed_in_few_presses(
    screens: Callable[..., Screen], capsys: pytest.CaptureFixture[str]
) -> None:
    given = given_desk(name="Maya Lindqvist", email="maya@home.example")
    desk = screens(DESK)
    page = counting(desk, given.by)
    begun = time.monotonic()
    to_prescribing(page)
    retype(page, "x0-sets", "3")
    retype(page, "number_pain_down", "5")
    press(page, page.get_by_role("button", name="Assign and invite"))
    page.get_by_role("heading", name="Invitation for Maya Lindqvist").wait_for()
    presses, seconds = pressed(page), time.monotonic() - begun
    desk.open(f"/desk/patients/{given.patient.id}/")
    before = pressed(page)
    press(page, page.get_by_role("button", name="Change dose"))
    press(page, page.locator("#dose-change").get_by_role("link", name="left"))
    page.locator("#dose-form [name=reps]").fill("10")
    page.locator("#dose-form [name=reason]").fill("strong today")
    press(page, page.get_by_role("button", name="Save the dose"))
    page.get_by_text("Changed. The patient sees why.").wait_for()
    dose = pressed(page) - before
    with capsys.disabled():
        said = f"prescribed in {presses} presses, {seconds:.1f} s; a dose in {dose}"
        sys.stdout.write(f"\n{said}\n")
    assert (presses <= 6, seconds <= 30, dose <= 3) == (True, True, True)
