"""From a message to the first set: what it costs a thumb by email, by text, by notification; and
"later" and "stop" from an email. The messages arrive where the sinks stand for other people's
servers."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from patients.models import Channel, Consent, Patient
from programs.models import SetLog
from reminders.models import Occurrence, OptOut
from reminders.services.devices import add_device
from tests.browser.conftest import DESK, PHONE, Screen
from tests.browser.test_every_page import WIDER
from tests.browser.test_pictures import enter
from tests.browser.test_taps import COUNT
from tests.notices import KEYS, Sink, phones
from tests.programs.people import Person, make_person
from tests.reminders.scenes import MailServer, agree, mail_server, send
from tests.texts import NUMBER, texts

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
MESSAGE = "<!doctype html><html lang=en><title>Message</title><h1>Message</h1><p>{text}</p>"
NOON = 12


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def zone_of_noon(now: datetime) -> str:
    """A zone whose clock is near noon, so that neither night nor midnight is near."""
    east = NOON - now.hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


@pytest.fixture
def person() -> Person:
    now = timezone.now()
    return make_person(now, zone=zone_of_noon(now), sets=1)


@pytest.fixture
def mine(phone: Screen, person: Person) -> Screen:
    """Their phone, signed in; it counts every tap."""
    phone.context.add_init_script(COUNT)
    enter(phone, User.objects.get(id=person.actor.user_id))
    return phone


def remind(person: Person, channel: str) -> Occurrence:
    """Their reminder of today's session leaves this way."""
    now = timezone.now()
    with person.scope():
        Patient.objects.filter(id=person.patient.id).update(channels=[channel], phone=NUMBER)
        agree(person.patient, at=now, kind=Consent.Kind.to_reminders(channel))
        message = Occurrence.objects.create(
            clinic=person.clinic,
            patient=person.patient,
            program=person.program,
            kind="session_due",
            channel=channel,
            local_date=now.astimezone(ZoneInfo(person.patient.time_zone)).date(),
            due_at=now,
            not_before=now,
            not_after=now + timedelta(hours=3),
        )
    assert send(message, now) == 1
    return message


def read(screen: Screen, text: str) -> Page:
    """The message as an app shows it, each address in it a link."""
    linked = re.sub(r"(http://\S+)", r'<a href="\1">\1</a><br>', text)
    screen.context.route(
        "**/the-message",
        lambda route: route.fulfill(content_type="text/html", body=MESSAGE.format(text=linked)),
    )
    return screen.open("/the-message")


def tap_link(page: Page, name: str) -> None:
    """The link of this kind: "go", "later" or "stop-messages"."""
    page.locator(f"a[href*='/{name}/']").tap()
    page.wait_for_url(lambda url: "/the-message" not in url)


def first_set(page: Page) -> int:
    """From today's page on: the session, and its first set as planned. Returns all taps so far."""
    page.get_by_role("button", name=re.compile("^Start")).tap()
    page.wait_for_url("**/sessions/**")
    button = page.get_by_role("button", name="Done as planned")
    expect(button).to_be_in_viewport(ratio=1)
    before = page.locator("#card .what").inner_text()
    button.tap()
    page.wait_for_function(
        "before => document.querySelector('#card .what, #card h1')?.innerText !== before",
        arg=before,
    )
    return int(page.evaluate("Number(sessionStorage.getItem('taps'))"))


def trained_in(person: Person, taps: int, capsys: pytest.CaptureFixture[str], way: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\nfrom the {way} to the first set: {taps} taps\n")
    with person.scope():
        assert (taps, SetLog.objects.count()) == (3, 1)


def test_an_email_leads_to_the_first_set_in_three_taps(
    mine: Screen, person: Person, mail: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    remind(person, Channel.EMAIL)
    page = read(mine, str(mail.messages[0].get_content()))
    tap_link(page, "go")
    trained_in(person, first_set(page), capsys, "email")


def test_a_text_leads_to_the_first_set_in_three_taps(
    mine: Screen, person: Person, texts: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    remind(person, Channel.SMS)
    page = read(mine, texts.taken[0]["Body"])
    tap_link(page, "go")
    trained_in(person, first_set(page), capsys, "text")


def test_a_notification_leads_to_the_first_set_in_three_taps(
    mine: Screen, person: Person, phones: Sink, capsys: pytest.CaptureFixture[str]
) -> None:
    with person.scope():
        line = {"endpoint": f"{phones.url}/phone", "at": timezone.now(), **KEYS}
        add_device(patient=person.patient, by=person.actor, **line)
    remind(person, Channel.PUSH)
    page = read(mine, phones.taken[0].told["url"])
    tap_link(page, "go")
    trained_in(person, first_set(page), capsys, "notification")


def test_a_session_that_was_begun_goes_on_at_its_next_set_in_two_taps(
    mine: Screen, person: Person, mail: MailServer
) -> None:
    remind(person, Channel.EMAIL)
    person.log(person.start(timezone.now()), timezone.now())
    page = read(mine, str(mail.messages[0].get_content()))
    tap_link(page, "go")
    expect(page.get_by_role("button", name="Done as planned")).to_be_in_viewport(ratio=1)


def looked_at(screen: Screen) -> None:
    """axe is quiet in both themes, and nothing is wider than the screen."""
    screen.check()
    assert screen.page.evaluate(WIDER) == 0, screen.page.url


def nudges(person: Person) -> list[datetime]:
    with person.scope():
        rows = Occurrence.objects.filter(patient=person.patient, kind="nudge")
        return list(rows.values_list("not_before", flat=True))


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_later_from_the_email_moves_the_nudge(
    screens: Callable[..., Screen], person: Person, mail: MailServer, script: bool
) -> None:
    phone = screens(PHONE, script=script)
    remind(person, Channel.EMAIL)
    page = read(phone, str(mail.messages[0].get_content()))
    tap_link(page, "later")
    assert nudges(person) == []
    if script:
        looked_at(phone)
    page.get_by_role("button", name="Remind me in an hour").tap()
    page.get_by_role("heading", name="Later today").wait_for()
    if script:
        looked_at(phone)
    (at,) = nudges(person)
    assert abs(at - timezone.now() - timedelta(hours=1)) < timedelta(minutes=1)
    page.go_back()
    page.get_by_role("button", name="Remind me in 3 hours").tap()
    page.get_by_role("heading", name="Later today").wait_for()
    (moved,) = nudges(person)
    assert moved - at > timedelta(minutes=119)


def test_later_that_cannot_be_says_so(phone: Screen, person: Person, mail: MailServer) -> None:
    remind(person, Channel.EMAIL)
    with person.scope():
        Patient.objects.update(quiet_from=time(0), quiet_until=time(23, 59))
    page = read(phone, str(mail.messages[0].get_content()))
    tap_link(page, "later")
    page.get_by_text("No other reminder can come today.").wait_for()
    looked_at(phone)


def test_not_today_from_the_email_opens_its_question(
    mine: Screen, person: Person, mail: MailServer
) -> None:
    remind(person, Channel.EMAIL)
    page = read(mine, str(mail.messages[0].get_content()))
    tap_link(page, "later")
    page.get_by_role("link", name="Not today").tap()
    page.get_by_text("What stands in the way?").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_reminders_end_by_the_button_and_not_by_opening_the_page(
    screens: Callable[..., Screen], person: Person, mail: MailServer, script: bool
) -> None:
    phone = screens(PHONE, script=script)
    message = remind(person, Channel.EMAIL)
    unsubscribe = str(mail.messages[0]["List-Unsubscribe"]).strip("<>")
    page = read(phone, str(mail.messages[0].get_content()))
    assert page.locator("a[href*='/stop-messages/']").get_attribute("href") == unsubscribe
    tap_link(page, "stop-messages")
    if script:
        looked_at(phone)
    with person.scope():
        assert not OptOut.objects.exists()
    page.get_by_role("button", name="Stop the messages").tap()
    page.get_by_role("heading", name="These messages are off").wait_for()
    if script:
        looked_at(phone)
    with person.scope():
        assert OptOut.objects.get().channel == message.channel
    assert urlsplit(page.url).path == urlsplit(unsubscribe).path


@pytest.fixture
def everything(person: Person, texts: Any, phones: Sink) -> Person:
    """All three ways are open, and reminders have stopped, as nobody answered."""
    now = timezone.now()
    with person.scope():
        Patient.objects.update(channels=["sms", "email"], phone=NUMBER)
        for kind in (Consent.Kind.REMINDERS_SMS, Consent.Kind.TEXTS_DAILY):
            agree(person.patient, at=now - timedelta(days=9), kind=kind)
        for n in range(7):
            at = now - timedelta(days=7 - n)
            Occurrence.objects.create(
                clinic=person.clinic,
                patient=person.patient,
                program=person.program,
                kind="session_due" if n < 6 else "stopped",
                channel="sms",
                local_date=at.date(),
                due_at=at,
                not_before=at,
                not_after=at + timedelta(hours=3),
                state="sent",
                sent_at=at,
            )
    return person


@pytest.mark.browser_long
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_reminders_are_quiet_in_axe_and_fit(
    screens: Callable[..., Screen], everything: Person, size: dict[str, int], language: str
) -> None:
    screen = screens(size)
    enter(screen, User.objects.get(id=everything.actor.user_id), language)
    for address in ("/today/", "/settings/reminders/", "/settings/reminders/calendar/"):
        screen.open(address)
        looked_at(screen)
    enter(screen, User.objects.get(id=everything.clinician.user_id), language)
    for address in (f"/desk/patients/{everything.patient.id}/reminders/", "/desk/"):
        screen.open(address)
        looked_at(screen)


def test_stopped_reminders_come_back_by_one_button(phone: Screen, everything: Person) -> None:
    enter(phone, User.objects.get(id=everything.actor.user_id))
    page = phone.open("/today/")
    page.get_by_role("link", name="Turn them on now").tap()
    page.get_by_role("button", name="Remind me again").tap()
    page.get_by_text("Saved.").wait_for()
    page = phone.open("/settings/reminders/")
    expect(page.get_by_role("button", name="Remind me again")).to_have_count(0)


def test_the_second_way_is_never_the_first(phone: Screen, everything: Person) -> None:
    enter(phone, User.objects.get(id=everything.actor.user_id))
    page = phone.open("/settings/reminders/")
    expect(page.locator("#others_sms")).to_be_hidden()
    page.get_by_label("Email").first.check()
    expect(page.locator("#others_sms")).to_be_visible()
    expect(page.locator("#others_email")).to_be_hidden()


__all__ = ["phones", "texts"]
