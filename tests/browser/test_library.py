"""A text on its way in a browser: a program keeps its own until its clinician takes the new one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Membership, User
from accounts.roles import Role
from exercises import services
from exercises.models import Revision
from programs.decisions import services as decisions
from programs.models import PrescriptionStep
from tests.browser.conftest import DESK, PHONE, Screen
from tests.browser.test_prescribing import enter
from tests.factories import MembershipFactory
from tests.programs.people import DAY, SLUGS, Person, make_person

pytestmark = [pytest.mark.browser_long, pytest.mark.django_db(transaction=True)]
LIST = "/library/exercises/revision/"
NEW = "Lift your heel slowly."


def screen_of(screens: Callable[..., Screen], role: Role, size: Any = DESK) -> Screen:
    held: Membership = MembershipFactory.create(role=role, clinic=None)
    screen = screens(size)
    enter(screen, held.user)
    return screen


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def write(desk: Screen, standing: Revision) -> Revision:
    """Draft the next revision with another summary, and ask for its review."""
    page = desk.open(f"{LIST}{standing.pk}/change/")
    expect(page.get_by_text("1 active patient uses this exercise.")).to_be_visible()
    press(page, "Draft the next revision")
    page.get_by_label("Summary, English").fill(NEW)
    page.locator("[name=muscles]").first.check()
    press(page, "Save and continue editing")
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    desk.check()
    press(page, "Ask for review")
    expect(page.get_by_text("somebody else reviews it")).to_be_visible()
    return Revision.objects.get(state="review")


def review(reader: Screen, draft: Revision) -> None:
    page = reader.open(f"{LIST}{draft.pk}/difference/")
    expect(page.locator("ins", has_text="Lift your heel")).to_be_visible()
    reader.check()
    reader.open(f"{LIST}{draft.pk}/look/?lang=es")
    expect(page.locator("h1")).to_have_text(draft.body["es"]["title"])
    reader.open(f"{LIST}{draft.pk}/change/")
    reader.check()
    page.get_by_label("Your credentials").fill("PT, DPT")
    press(page, "It is fit to be published")
    expect(page.get_by_text("PT, DPT")).to_be_visible()


def pinned(person: Person, revision: Revision) -> bool:
    with person.scope():
        return PrescriptionStep.objects.filter(revision=revision).exists()


def test_a_running_program_keeps_its_text_until_its_clinician_takes_the_new_one(
    screens: Callable[..., Screen],
) -> None:
    person = make_person(timezone.now() - 2 * DAY)
    first = Revision.objects.get(exercise__slug=SLUGS[0])
    services.publish_revision(revision=first, by=None, at=timezone.now())
    desk = screen_of(screens, Role.LIBRARY_ADMIN)
    draft = write(desk, first)
    review(screen_of(screens, Role.REVIEWER), draft)
    page = desk.open(f"{LIST}{draft.pk}/change/")
    press(page, "Publish")
    expect(page.get_by_role("heading", name="Revision 2: published")).to_be_visible()
    assert (pinned(person, first), pinned(person, draft)) == (True, False)
    decisions.tick_programs(now=timezone.now())
    clinic = screens(DESK)
    enter(clinic, User.objects.get(id=person.clinician.user_id))
    told = clinic.open("/desk/")
    told.get_by_text("New text").first.wait_for()
    clinic.open(f"/desk/patients/{person.patient.id}/texts/")
    expect(told.locator("ins", has_text="Lift your heel")).to_be_visible()
    press(told, "Use the new text")
    told.get_by_text("Every exercise has its newest text.").wait_for()
    assert (pinned(person, first), pinned(person, draft)) == (False, True)


def test_the_pages_of_the_editor_are_without_fault(screens: Callable[..., Screen]) -> None:
    make_person(timezone.now())
    draft = Revision.objects.get(exercise__slug=SLUGS[0])
    desk = screen_of(screens, Role.LIBRARY_ADMIN)
    own = (f"{draft.pk}/{name}/" for name in ("change", "difference", "history"))
    for address in ("/library/", LIST, *(LIST + each for each in own), f"{LIST}add/"):
        desk.open(address)
        desk.check()
    phone = screen_of(screens, Role.REVIEWER, PHONE)
    phone.open(f"{LIST}{draft.pk}/change/")
    phone.check()
