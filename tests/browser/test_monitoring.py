"""The timer of remote monitoring in a browser: what one does on the patient's pages keeps it on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from desk.models import TimeEntry, Timer
from tests.browser.conftest import DESK, Screen
from tests.browser.test_prescribing import enter
from tests.desk.monitoring.given import watched
from tests.programs.people import DAY, make_person

pytestmark = [pytest.mark.browser_long, pytest.mark.django_db(transaction=True)]


def press(page: Any) -> int:
    """A key, and how the server answers what is told of it."""
    with page.expect_response("**/monitoring/timer/") as told:
        page.keyboard.press("Shift")
    return int(told.value.status)


def test_a_key_on_the_patients_page_keeps_the_timer_on(screens: Callable[..., Screen]) -> None:
    begun = timezone.now() - 5 * DAY
    person = make_person(begun)
    person.train_for(begun, 2)
    with person.scope():
        watched(person.patient, person.clinician, begun)
    desk = screens(DESK)
    enter(desk, User.objects.get(id=person.clinician.user_id))
    page: Any = desk.open(f"/desk/patients/{person.patient.id}/monitoring/")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Stop", exact=True).wait_for()
    desk.check()
    (started,) = person.all(Timer)
    page.get_by_role("link", name=person.patient.name).click()
    page.get_by_role("heading", name=person.patient.name).wait_for()
    assert press(page) == 204
    (still,) = person.all(Timer)
    assert still.active_at > started.active_at
    desk.open(f"/desk/programs/{person.program.id}/discharge/")  # names no patient in its address
    assert press(page) == 204
    desk.open(f"/desk/patients/{person.patient.id}/monitoring/")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Start", exact=True).wait_for()
    assert len(person.all(TimeEntry)) == 2
