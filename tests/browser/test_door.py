"""The first open on a phone: by text message, in six taps from the link to the first set."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from patients import services
from patients.models import Patient
from programs.models import SetLog
from tests.browser.conftest import Screen
from tests.browser.story import at, one_set
from tests.patients.test_codes import code_in
from tests.programs.prescribing.given import Desk
from tests.programs.prescribing.given import desk as at_the_desk
from tests.texts import NUMBER, Sink, texts

pytestmark = [
    pytest.mark.browser_long,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
TAPS = 6
ZONE = "Pacific/Auckland"
MORNING = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_day_of_the_program() -> Iterator[None]:
    with at(MORNING):
        yield


@pytest.fixture
def given() -> Desk:
    """A patient with a program for today, a phone and no email."""
    given = at_the_desk(name="Maya Lindqvist", email="", phone=NUMBER)
    given.assign(given.changes())
    return given


@pytest.fixture
def link(given: Desk) -> str:
    with given.scope():
        token = services.invite_patient(patient=given.patient, by=given.by, at=timezone.now())
    return reverse("patients:invitation-open", args=[token])


class Finger:
    """Taps buttons by their words, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, name: str, then: str) -> None:
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_url(then)
        self.taps += 1


def test_six_taps_lead_from_the_link_to_the_first_set(
    phone: Screen, given: Desk, link: str, texts: Sink
) -> None:
    finger = Finger(phone.open(link))
    phone.check()
    finger.tap("Send me a code", "**/code/confirm/**")
    phone.check()
    phone.page.get_by_label("Code").fill(code_in(texts.wait()[0]["Body"]))
    finger.tap("Go on", "**/agree/")
    phone.check()
    finger.tap("I agree", "**/today/")
    finger.tap("Start", "**/sessions/**")
    one_set(phone.page)
    assert finger.taps + 1 < TAPS  # the tap on the link itself is one, too
    with given.scope():
        assert SetLog.objects.count() == 1


def test_the_zone_of_the_phone_is_offered_and_kept(
    browser: Any, phone: Screen, given: Desk, link: str, texts: Sink
) -> None:
    context = browser.new_context(timezone_id=ZONE, locale="en-US")
    page = context.new_page()
    page.goto(phone.base + link)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_in(texts.wait()[0]["Body"]))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Time zone")).to_have_value(ZONE)
    page.get_by_role("button", name="I agree").click()
    page.wait_for_url("**/today/")
    context.close()
    with given.scope():
        assert Patient.objects.get().time_zone == ZONE


__all__ = ["texts"]
