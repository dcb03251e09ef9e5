"""A patient is handed over by one press, and waits in the colleague's queue at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import DESK, PHONE, Screen
from tests.browser.test_pictures import enter
from tests.conftest import NOW
from tests.factories import clinician_for
from tests.programs.people import make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


def test_a_press_hands_a_patient_over(screens: Callable[[dict[str, int]], Screen]) -> None:
    maya = make_person(NOW)
    ben = clinician_for(clinic=maya.clinic)
    mine, theirs = screens(PHONE), screens(DESK)
    for screen, who in ((mine, maya.clinician), (theirs, ben)):
        enter(screen, User.objects.get(id=who.user_id))
    page = mine.open(f"/desk/patients/{maya.patient.id}/team/")
    page.get_by_label("Who takes over").select_option(label=ben.name)
    page.get_by_label("Note for your colleague").fill("Mind the left knee.")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text(f"is with {ben.name} now")).to_be_visible()
    queue = theirs.open("/desk/")
    expect(queue.get_by_text("Mind the left knee.")).to_be_visible()
    theirs.check()
