"""A patient's calendar address on their phone, and what was sent at the desk: both screens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from reminders.models import DeadAddress, Occurrence
from tests.browser.conftest import DESK, PHONE, Screen
from tests.browser.test_every_page import WIDER
from tests.browser.test_pictures import enter
from tests.programs.people import Person, make_person

pytestmark = [
    pytest.mark.browser_long,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
TOLD = [
    {"state": "planned", "reason": "quiet", "tried": ["sms"]},
    {"state": "delivered", "channel": "sms"},
    {"state": "failed", "reason": "refused 550"},
    {"state": "unknown", "reason": "no_answer", "kind": "nudge"},
    {"state": "missed", "reason": "late", "kind": "outcome_due"},
    {"state": "cancelled", "reason": "declined"},
]


@pytest.fixture
def person() -> Person:
    return make_person(timezone.now(), sets=2)


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def screen(request: pytest.FixtureRequest, screens: Callable[..., Screen]) -> Screen:
    return screens(request.param)


def looked_at(screen: Screen) -> None:
    """axe is quiet in both themes, and nothing is wider than the screen."""
    screen.check()
    assert screen.page.evaluate(WIDER) == 0, screen.page.url


def test_an_address_is_made_and_stopped(screen: Screen, person: Person) -> None:
    enter(screen, User.objects.get(id=person.actor.user_id))
    page = screen.open("/settings/")
    page.get_by_role("link", name="My calendar").click()
    looked_at(screen)
    page.get_by_role("button", name="Make a private address").click()
    page.locator(".code").wait_for()
    looked_at(screen)
    link = page.locator(".code").inner_text()
    assert page.request.get(link).text().startswith("BEGIN:VCALENDAR")
    page.get_by_role("button", name="Stop this address").click()
    page.get_by_text("Stopped.").wait_for()
    looked_at(screen)
    assert page.request.get(link).status == 404


def test_the_desk_reads_what_was_sent(screen: Screen, person: Person) -> None:
    _tell(person)
    enter(screen, User.objects.get(id=person.clinician.user_id))
    page = screen.open(f"/desk/patients/{person.patient.id}/")
    page.get_by_role("link", name="Reminders").click()
    page.get_by_role("heading", name="The last 60 days").wait_for()
    looked_at(screen)
    assert page.locator(".pill").count() == len(TOLD)


def _tell(person: Person) -> None:
    """A message of every end, and an address that is dead."""
    now = timezone.now()
    mine = {"clinic": person.clinic, "patient": person.patient}
    with person.scope():
        for n, told in enumerate(TOLD, 1):
            at = now - timedelta(days=n)
            times = {"due_at": at, "not_before": at, "not_after": at + timedelta(hours=3)}
            if told["state"] == "delivered":
                times |= {"sent_at": at, "opened_at": at + timedelta(minutes=4)}
            Occurrence.objects.create(
                **mine, **{"kind": "session_due", "local_date": at.date(), "slot": n} | times | told
            )
        DeadAddress.objects.create(
            **mine, channel="email", address=person.patient.email, reason="550", at=now
        )
