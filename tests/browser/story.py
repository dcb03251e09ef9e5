"""What the story's people do on their screens, as verbs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine
from playwright.sync_api import Page, expect

from programs.limits import GREEN
from tests.browser.conftest import Screen
from tests.reminders.scenes import MailServer

SETS_OF_A_DAY = 20
HELD = """async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== "activated") await new Promise((done) => setTimeout(done, 20));
}"""  # the worker is there, and with it what a session needs without a network


def letter(mail: MailServer, address: str) -> str:
    """The newest text that this address got."""
    mine = [each for each in mail.messages if address in str(each["To"])]
    body = mine[-1].get_body(("plain",))
    return str(body.get_content()) if body else ""


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The server's clock stands at this moment and goes on from there."""
    with time_machine.travel(moment, tick=True):
        yield


def sign_in(desk: Screen, email: str, password: str) -> None:
    page = desk.open("/sign-in/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in with password").click()
    page.wait_for_url("**/desk/")


def add_patient(desk: Screen, name: str, email: str) -> None:
    page = desk.page
    page.get_by_role("link", name="New patient").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Affected side").select_option("left")
    desk.check()
    page.get_by_role("button", name="Add and prescribe").click()


def join(phone: Screen, link: str, mail: MailServer, email: str) -> None:
    """Open the link, prove the address by the code, agree: then today is there."""
    page = phone.open(link)
    phone.check()
    page.get_by_role("button").first.click()
    page.wait_for_url("**/code/confirm/**")
    phone.check()
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", letter(mail, email), re.MULTILINE)
    assert code, letter(mail, email)
    page.locator("input[name=code]").fill(code.group(1))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/agree/")
    phone.check()
    page.locator("input[name=reminders]").check()
    page.get_by_role("button", name="I agree").click()
    page.wait_for_url("**/today/")


def start(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Start|Go on)")).click()
    page.wait_for_url("**/sessions/**")


def today(phone: Screen) -> Page:
    """Open today on a phone whose clock stands where the server's does."""
    phone.page.clock.set_system_time(datetime.now(UTC))
    return phone.open("/today/")


def train(phone: Screen, *, pain: int = 1, effort: int = 5, check: bool = False) -> int:
    """A whole session from today's page; returns the taps that logged sets."""
    page = today(phone)
    start(page)
    if check:
        phone.check()
    taps = sets(page)
    if check:
        phone.check()
    rate(page, "pain", pain)
    if pain > GREEN:
        page.locator("label:has(input[name=side])").first.click()
        page.locator("label:has(input[name=place])").first.click()
        page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Last tap").wait_for()
    if check:
        phone.check()
    rate(page, "effort", effort)
    page.get_by_role("link", name="Back to today").wait_for()
    if check:
        phone.check()
    return taps


def sets(page: Page) -> int:
    """Every set as planned, one tap each; returns the taps."""
    taps = 0
    while page.locator("#card .big[name=outcome]").count():
        one_set(page)
        taps += 1
        assert taps < SETS_OF_A_DAY
    return taps


def one_set(page: Page) -> None:
    before = page.locator("#card .what").inner_text()
    page.locator("#card .big[name=outcome]").click()
    page.wait_for_function(
        "before => document.querySelector('#card .what')?.innerText !== before", arg=before
    )


def rate(page: Page, name: str, value: int) -> None:
    """One tap on the scale."""
    page.locator(f"button[name={name}][value='{value}']").click()


def wake_up(phone: Screen, feel: str = "Same") -> None:
    """The morning after, in one tap."""
    page = today(phone)
    page.get_by_role("button", name=feel, exact=True).click()
    expect(page.locator("#check-in")).to_contain_text("Thank you")


def days_later(moment: datetime, days: int, hour: int) -> datetime:
    return (moment + timedelta(days=days)).replace(hour=hour, minute=0)
