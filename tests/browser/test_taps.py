"""What a session costs a thumb: taps are counted and held; milliseconds are printed."""

import sys
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from patients import services as people
from tests.browser import story
from tests.browser.conftest import PHONE, Screen
from tests.browser.test_pictures import enter
from tests.programs.people import make_person
from tests.reminders.scenes import MailServer, mail_server

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
SMALL = {"width": 320, "height": 640}
# The taps, and how long after each the page said something new.
WATCH = """() => {
    window.taps = []; window.waits = [];
    document.addEventListener("click", ({ isTrusted }) => {
        if (!isTrusted) return;
        const begun = performance.now();
        taps.push(begun);
        const seen = new MutationObserver(() => requestAnimationFrame(() => {
            waits.push(performance.now() - begun);
        }, seen.disconnect()));
        seen.observe(document.body, { subtree: true, childList: true, characterData: true });
    }, true);
}"""


CARD = "(document.querySelector('#card .what') ?? document.querySelector('#card h1')).innerText"


def tap(page: Page, selector: str) -> None:
    """With a finger, where the button is; then the next card."""
    before = page.evaluate(CARD)
    page.locator(selector).tap()
    page.wait_for_function(f"before => {CARD} !== before", arg=before)


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["390", "320"])
def test_a_planned_session_is_one_tap_a_set_one_of_pain_one_of_effort(
    size: dict[str, int], screens: Callable[..., Screen], capsys: pytest.CaptureFixture[str]
) -> None:
    person = make_person(timezone.now(), sets=3)
    phone = screens(size)
    enter(phone, User.objects.get(id=person.actor.user_id))
    page = phone.open("/today/")
    story.start(page)
    page.evaluate(WATCH)
    for _ in range(6):
        tap(page, "#card .big[name=outcome]")
    tap(page, "button[name=pain][value='1']")
    tap(page, "button[name=effort][value='5']")
    page.get_by_role("link", name="Back to today").wait_for()
    taps, waits = page.evaluate("[taps.length, waits]")
    with capsys.disabled():
        told = " ".join(str(round(each)) for each in waits)
        sys.stdout.write(f"\n{size['width']} px, ms from tap to feedback: {told}\n")
    assert taps == 8
    assert len(waits) == 8


COUNT = """addEventListener("click", ({ isTrusted }) => {
    if (isTrusted) sessionStorage.setItem("taps", 1 + Number(sessionStorage.getItem("taps")));
}, true);"""


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def test_the_first_link_ever_leads_to_the_first_set_in_six_taps(
    phone: Screen,
    mail: MailServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    person = make_person(timezone.now())
    with person.scope():
        token = people.invite_patient(
            patient=person.patient, by=person.clinician, at=timezone.now()
        )
    phone.context.add_init_script(COUNT)
    story.join(phone, f"/i/{token}/", mail, person.patient.email)
    story.start(phone.page)
    story.one_set(phone.page)
    taps = phone.page.evaluate("Number(sessionStorage.getItem('taps'))")
    with capsys.disabled():
        sys.stdout.write(f"\nfrom the first link to the first set: {taps} taps\n")
    assert 4 <= taps <= 6
