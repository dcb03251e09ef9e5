"""A returned sheet of six sessions is typed in by keyboard alone, at a person's pace."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from programs.models import Session
from tests.browser.conftest import DESK, Screen
from tests.browser.test_prescribing import enter
from tests.programs.people import DAY, make_person

pytestmark = [pytest.mark.browser_long, pytest.mark.django_db(transaction=True)]
PRESS, KEY = 300, 200  # ms


def test_six_sessions_are_entered_in_thirty_seconds(
    screens: Callable[..., Screen], capsys: pytest.CaptureFixture[str]
) -> None:
    person = make_person(timezone.now() - 5 * DAY)
    desk = screens(DESK)
    enter(desk, User.objects.get(id=person.clinician.user_id))
    page: Any = desk.open(f"/desk/patients/{person.patient.id}/")
    begun = time.monotonic()
    page.wait_for_timeout(PRESS)
    page.get_by_role("link", name="Enter a sheet").click()
    page.get_by_role("heading", name="Enter a sheet").wait_for()
    desk.check()
    typed = [*(["Space", "Tab", "2", "Tab", "Tab"] * 6)[:-2], "Enter"]
    for key in typed:
        page.wait_for_timeout(KEY)
        page.keyboard.press(key)
    page.get_by_text("6 sessions saved").wait_for()
    seconds = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(f"\na sheet of six in 1 press and {len(typed)} keys, {seconds:.1f} s\n")
    assert {row.source for row in person.all(Session)} == {"staff"}
    assert seconds <= 30
