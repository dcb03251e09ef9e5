"""The main job as its people live it, in a real browser, on real parts."""

import re
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from accounts.models import Clinic
from patients.forms import time_zones
from programs.prescribing.shipped import load_shipped_templates
from reminders import tasks
from tests.browser import story
from tests.browser.conftest import Screen
from tests.browser.story import at, days_later, letter
from tests.factories import PASSWORD, ClinicFactory, MembershipFactory, UserFactory
from tests.faults.test_worker import a_worker, until
from tests.programs.prescribing.given import load_library
from tests.reminders.conftest import mail
from tests.reminders.scenes import MailServer

pytestmark = [
    pytest.mark.browser_long,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
PATIENT = "maya@home.example"
CLINICIAN = "ana@clinic.example"


@pytest.fixture
def clinic() -> Clinic:
    load_library()
    load_shipped_templates()
    clinic = ClinicFactory.create(name="Riverside Physio", phone="+1 555 0100")
    user = UserFactory.create(name="Ana Ruiz", email=CLINICIAN)
    user.set_password(PASSWORD)
    user.save()
    MembershipFactory.create(user=user, clinic=clinic)
    return clinic


@pytest.fixture
def monday() -> datetime:
    """Four weeks ago, on today's day of the week: the story ends now."""
    return (datetime.now(UTC) - timedelta(weeks=4)).replace(hour=10, minute=0)


def prescribe(desk: Screen, monday: datetime) -> None:
    page = desk.page
    page.locator("[name$=range_deg]").fill("40")
    page.locator("[name$=rest_s]").fill("45")
    days = {(monday.weekday() + gap) % 7 for gap in (0, 2, 4)}
    for day in range(7):
        box = page.locator(f"input[name$=weekdays][value='{day}']")
        if box.is_checked() != (day in days):
            box.locator("xpath=..").click()
    desk.check()
    page.get_by_role("button", name="Assign to Maya").click()
    page.wait_for_url("**/desk/patients/**")
    desk.check()


def invitation(desk: Screen) -> str:
    desk.page.get_by_role("button", name="Invitation").click()
    desk.check()
    return desk.page.locator("p.code").inner_text().strip()


def raise_by_hand(desk: Screen, side: str) -> None:
    """In mid visit: three clicks to another dose."""
    page = desk.page
    page.get_by_role("button", name="Change dose").click()
    page.locator("#dose-change").get_by_role("link", name=side.capitalize()).click()
    form = page.locator("#dose-change form")
    form.locator("[name$=sets]").fill("3")
    form.locator("[name$=reps]").fill("12")
    form.locator("[name$=reason]").fill("Strong in the visit today")
    form.get_by_role("button").click()
    page.wait_for_load_state()


def test_the_story(
    desk: Screen, phone: Screen, clinic: Clinic, mail: MailServer, monday: datetime
) -> None:
    """Prescribe, invite, log; reps rise by the rule; the next step is proposed and approved."""
    with at(monday):
        story.sign_in(desk, CLINICIAN, PASSWORD)
        desk.check()
        story.add_patient(desk, "Maya Fernfield", PATIENT)
        prescribe(desk, monday)
        link = invitation(desk)
    with at(monday.replace(hour=17)):
        story.join(phone, link, mail, PATIENT)
        story.rate(phone.page, "pain", 1)
        phone.open("/today/")
        phone.check()
        assert story.train(phone, check=True) == 4
    with at(days_later(monday, 1, 8)):
        story.wake_up(phone)
        phone.check()
    with at(days_later(monday, 2, 17)):
        story.train(phone)
    with at(days_later(monday, 3, 8)):
        story.wake_up(phone)
    reps_rose_by_the_rule(phone, monday)
    next_step_is_proposed_and_accepted(desk, phone, monday)
    pain_steps_down_and_says_why(desk, phone, monday)
    with a_worker("celery,email", mail):
        the_reminder_opens_the_next_set(phone, mail)
        it_hurts_locks_and_the_clinician_hears(desk, phone, mail)


def reps_rose_by_the_rule(phone: Screen, monday: datetime) -> None:
    with at(days_later(monday, 4, 17)):
        page = phone.open("/today/")
        expect(page.locator(".plan")).to_contain_text("2 sets of 10")
        page.locator(".change a").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("10")
        phone.check()
        phone.open("/progress/")
        phone.check()


def next_step_is_proposed_and_accepted(desk: Screen, phone: Screen, monday: datetime) -> None:
    with at(days_later(monday, 6, 11)):
        desk.open("/desk/patients/").get_by_role("link", name="Maya Fernfield").click()
        for side in ("left leg", "right leg"):
            raise_by_hand(desk, side)
    for day in (9, 11):
        with at(days_later(monday, day, 17)):
            story.train(phone)
        with at(days_later(monday, day + 1, 8)):
            story.wake_up(phone)
    with at(days_later(monday, 12, 9)):
        page = desk.open("/desk/")
        expect(page.get_by_text("Ready").first).to_be_visible()
        desk.check()
        page.get_by_role("button", name=re.compile("^Accept")).first.click()
        page.wait_for_load_state()
        desk.check()
    with at(days_later(monday, 14, 9)):
        expect(phone.open("/today/").locator(".plan")).to_contain_text("2 sets of 8")


def pain_steps_down_and_says_why(desk: Screen, phone: Screen, monday: datetime) -> None:
    with at(days_later(monday, 14, 17)):
        story.train(phone, pain=7)
        page = phone.open("/today/")
        phone.check()
        page = phone.open("/progress/")
        page.get_by_role("link", name=re.compile("pain", re.IGNORECASE)).first.click()
        phone.check()
    with at(days_later(monday, 15, 9)):
        page = desk.open("/desk/")
        expect(page.get_by_text("Flare").first).to_be_visible()
        page.get_by_role("link", name="Maya Fernfield").first.click()
        desk.check()


def it_hurts_locks_and_the_clinician_hears(desk: Screen, phone: Screen, mail: MailServer) -> None:
    page = phone.page
    page.get_by_role("link", name="It hurts").click()
    phone.check()
    page.locator("button[name=flag][value=calf]").or_(
        page.locator(".flags:not(.first) button").first
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Please stop here")
    phone.check()
    phone.open("/today/")
    phone.check()
    until(lambda: beat() and CLINICIAN in recipients(mail), "nobody told the clinician")
    assert "Maya" not in letter(mail, CLINICIAN)
    page = desk.open("/desk/")
    expect(page.get_by_text("Locked").first).to_be_visible()
    page.get_by_role("link", name="Maya Fernfield").first.click()
    desk.check()
    page.locator("[name$=reason]").first.fill("Seen today, calf is fine")
    page.get_by_role("button", name=re.compile("Clear|Open", re.IGNORECASE)).first.click()
    page.wait_for_load_state()
    expect(phone.open("/today/").locator("main")).not_to_contain_text("On hold")


def the_reminder_opens_the_next_set(phone: Screen, mail: MailServer) -> None:
    """At noon, somewhere: then no quiet hour is in the way. Message, link, start: three taps."""
    known = len(mail.messages)
    for address in ("/settings/", "/settings/place/", "/settings/reminders/"):
        phone.open(address)
        phone.check()
    zone, local = a_zone_at_noon()
    page = phone.open("/settings/place/")
    page.locator("[name=time_zone]").select_option(zone)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="When and how").click()
    page.locator("[name=reminder_at]").fill(local.strftime("%H:%M"))
    page.get_by_role("button", name="Save").click()
    until(lambda: beat() and len(mail.messages) > known, "the reminder never came", 110)
    text = letter(mail, PATIENT)
    assert not re.search("curl|knee|pain|exercise", text, re.IGNORECASE)
    link = re.search(r"/go/\S+", text)
    assert link
    story.start(phone.open(link.group()))
    expect(phone.page.get_by_role("button", name="Done as planned")).to_be_visible()


def beat() -> bool:
    """What beat does every minute, a little faster."""
    tasks.tick.delay()
    tasks.sweep.delay()
    time.sleep(1)
    return True


def recipients(mail: MailServer) -> str:
    return " ".join(str(message["To"]) for message in mail.messages)


def a_zone_at_noon() -> tuple[str, datetime]:
    """A zone where it is day and today is today, and its time at the full minute to come.

    That minute is 15 to 75 seconds away: the choice is saved before it, and the wait is short.
    """
    now = datetime.now(UTC) + timedelta(seconds=75)
    for name, _label in time_zones():
        local = now.astimezone(ZoneInfo(name))
        if local.date() == now.date() and 10 <= local.hour <= 18:
            return name, local
    raise LookupError("no zone has day")


__all__ = ["mail"]
