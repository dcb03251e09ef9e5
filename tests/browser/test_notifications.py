"""The button for notifications on a phone, and what the phone does with one. The browser's own
line to a push service is faked; all else is the browser's."""

import json
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from reminders.channels.push import PushClient
from reminders.services.devices import address_of, device_of
from tests.browser import story
from tests.browser.conftest import Screen
from tests.browser.test_pictures import enter
from tests.notices import KEYS, Sink, phones
from tests.programs.people import Person, make_person
from tests.reminders.test_push import message

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
PAGE = "/settings/reminders/"
LINE = """(() => {
    const given = %s;
    const kept = () => sessionStorage.getItem("line") && { ...given, toJSON: () => given };
    PushManager.prototype.getSubscription = async () => kept();
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
        sessionStorage.setItem("line", applicationServerKey);
        return kept();
    };
})()"""
WITHOUT = "delete window.PushManager"
NOT_ALLOWED = "Notification.requestPermission = async () => 'default'"
SHOWN = """async () => {
    const all = await (await navigator.serviceWorker.ready).getNotifications();
    return all.map(({ title, body, tag, data }) => ({ title, body, tag, url: data }));
}"""
# A tap on a notification can't be made by hand here: what opens windows is written down instead.
TAPPED = """async ([data, ...open]) => {
    const made = [];
    const focus = async () => made.push("focus"), navigate = async (url) => made.push(url);
    const fake = (name, value) => Object.defineProperty(clients, name, { value });
    fake("matchAll", async () => open.map(() => ({ focus, navigate })));
    fake("openWindow", async (url) => made.push(url));
    await registration.showNotification("Flexion", { data, tag: "tapped" });
    const [notification] = await registration.getNotifications({ tag: "tapped" });
    const event = new NotificationEvent("notificationclick", { notification });
    const done = [];
    event.waitUntil = (work) => done.push(work);
    dispatchEvent(event);
    await Promise.all(done);
    return made;
}"""


@pytest.fixture
def person() -> Person:
    return make_person(timezone.now(), sets=1)


@pytest.fixture
def mine(phone: Screen, person: Person, phones: Sink) -> Screen:
    """A phone signed in, with a line to the push service; notifications are allowed if asked."""
    line = {"endpoint": f"{phones.url}/phone", "keys": KEYS}
    phone.context.add_init_script(LINE % json.dumps(line))
    phone.context.grant_permissions(["notifications"])
    enter(phone, User.objects.get(id=person.actor.user_id))
    return phone


def says(page: Page) -> Any:
    return expect(page.locator("form[data-push] [role=status]"))


def turn_on(screen: Screen) -> Page:
    page = screen.open(PAGE)
    page.get_by_role("button", name="Notify me on this phone").tap()
    says(page).to_have_text("Notifications come to this phone.")
    return page


def test_a_tap_turns_it_on_and_a_notification_arrives(
    mine: Screen, person: Person, phones: Sink
) -> None:
    page = turn_on(mine)
    expect(page.locator("#channel_push")).to_be_enabled()
    mine.check()
    with person.scope():
        device = device_of([person.patient.id])[person.patient.id]
    with PushClient() as client:
        client.send(message(to=address_of(device)))
    assert phones.taken[0].path == "/phone"
    page.reload()
    says(page).to_have_text("Notifications come to this phone.")


def test_a_tap_turns_it_off_on_this_phone(mine: Screen, person: Person) -> None:
    page = turn_on(mine)
    page.get_by_role("button", name="Turn off on this phone").tap()
    expect(page.get_by_role("button", name="Notify me on this phone")).to_be_focused()
    with person.scope():
        assert device_of([person.patient.id]) == {}


def test_without_a_script_all_phones_are_turned_off_by_a_form(mine: Screen, person: Person) -> None:
    turn_on(mine)
    page = mine.open(PAGE)
    page.get_by_role("button", name="Turn off on all my phones").tap()
    expect(page.get_by_role("button", name="Turn off on all my phones")).to_have_count(0)
    with person.scope():
        assert device_of([person.patient.id]) == {}


def test_who_does_not_answer_may_try_again(mine: Screen) -> None:
    mine.context.add_init_script(NOT_ALLOWED)
    page = mine.open(PAGE)
    page.get_by_role("button", name="Notify me on this phone").tap()
    says(page).to_contain_text("you have not answered yet")
    expect(page.get_by_role("button", name="Notify me on this phone")).to_be_visible()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Object.defineProperty(Notification, 'permission', { value: 'denied' })", "lets no"),
        (WITHOUT, "can’t show notifications"),
        (
            f"{WITHOUT}; Object.defineProperty(navigator, 'userAgent', {{ value: 'iPhone' }})",
            "Add to Home Screen",
        ),
    ],
    ids=["denied", "an old browser", "an iPhone's tab"],
)
def test_a_phone_that_cannot_says_why_and_offers_nothing(
    mine: Screen, script: str, words: str
) -> None:
    mine.context.add_init_script(script)
    page = mine.open(PAGE)
    says(page).to_contain_text(words)
    expect(page.locator("form[data-push] button[type=button]:visible")).to_have_count(0)


def test_what_the_server_does_not_take_is_said(mine: Screen, settings: Any) -> None:
    page = mine.open(PAGE)
    settings.PUSH_TO_THIS_MACHINE = False
    page.get_by_role("button", name="Notify me on this phone").tap()
    says(page).to_contain_text("That did not work")
    mine.errors[:] = [each for each in mine.errors if "422" not in each]


@pytest.fixture
def worker(mine: Screen) -> Any:
    page = mine.open(PAGE)
    page.evaluate(story.HELD)
    return mine.context.service_workers[0]


def test_a_second_notification_of_a_message_takes_the_place_of_the_first(
    mine: Screen, worker: Any
) -> None:
    line = mine.context.new_cdp_session(mine.page)
    known: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: known.extend(each["registrationId"] for each in said["registrations"]),
    )
    line.send("ServiceWorker.enable")
    while not known:
        mine.page.wait_for_timeout(20)
    for body in ("First", "Second"):
        told = {"title": "Flexion", "body": body, "tag": "1", "url": "/go/1/"}
        pushed = {"origin": mine.base, "registrationId": known[0], "data": json.dumps(told)}
        line.send("ServiceWorker.deliverPushMessage", pushed)
        for _ in range(500):
            if mine.page.evaluate(SHOWN) == [told]:
                break
            mine.page.wait_for_timeout(20)
        assert mine.page.evaluate(SHOWN) == [told]


@pytest.mark.parametrize(
    ("address", "goal"),
    [("/go/1/", "/go/1/"), ("https://evil.example/", "/"), ("javascript:alert(1)", "/"), ("", "/")],
)
def test_a_tap_leads_to_its_page_and_nowhere_but_within_this_site(
    worker: Any, mine: Screen, address: str, goal: str
) -> None:
    assert worker.evaluate(TAPPED, [address]) == [mine.base + goal]


def test_a_tap_goes_on_in_a_window_that_is_open(worker: Any, mine: Screen) -> None:
    assert worker.evaluate(TAPPED, ["/go/1/", "a window"]) == ["focus", f"{mine.base}/go/1/"]


__all__ = ["phones"]
