"""The set that follows another, at a real screen: the phone's own table, and the server's word."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from patients.models import Patient
from tests.browser import story
from tests.browser.conftest import Screen
from tests.browser.test_pictures import enter
from tests.programs.heavy import make_heavy
from tests.programs.people import Person, logs_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


def begin(phone: Screen, person: Person) -> Page:
    enter(phone, User.objects.get(id=person.actor.user_id))
    page = phone.open("/today/")
    page.evaluate(story.HELD)
    story.start(page)
    return page


def save(page: Page, number: int) -> None:
    """The set as it stands, then the next card."""
    page.locator("button.primary").click()
    expect(page.locator(".what")).to_contain_text(f"set {number + 1} of 4")


def third_set(phone: Screen) -> tuple[Person, Page]:
    person = make_heavy(timezone.now())
    page = begin(phone, person)
    save(page, 1)
    save(page, 2)
    return person, page


def test_the_button_says_what_it_saves_and_the_next_card_why(phone: Screen) -> None:
    person, page = third_set(phone)
    button = page.locator("button.primary")
    expect(button).to_have_text("Save 6 reps")
    for _ in range(2):
        page.get_by_label("More reps").click()
    expect(button).to_have_text("Save 8 reps")
    phone.check()
    save(page, 3)
    page.get_by_role("button", name="I’m ready").click()
    expect(page.locator("#card .note")).to_have_text("You did 8 of 6: 2.5 kg more.")
    expect(page.locator("[name=load_kg]")).to_have_value("42.5")
    row = next(each for each in logs_of(person) if each.number == 3)
    assert (str(row.proposed_kg), str(row.next_kg)) == ("42.50", "42.50")


def test_without_a_network_the_phone_says_the_load_itself(phone: Screen) -> None:
    _person, page = third_set(phone)
    phone.context.set_offline(True)
    page.locator("[name=reps]").fill("3")
    page.locator("button.primary").click()
    expect(page.locator("#card .note")).to_have_text("You did 3 of 6: 2.5 kg less. Next: 37.5 kg.")
    expect(page.locator("[name=load_kg]")).to_have_value("37.5")
    phone.errors.clear()  # and no network any more: what waits would be sent while all is put away


def test_in_pounds_the_phone_says_and_sends_pounds(phone: Screen) -> None:
    person = make_heavy(timezone.now())
    with person.scope():
        Patient.objects.update(unit="lb")
    page = begin(phone, person)
    save(page, 1)
    page.get_by_label("More lb").click()
    expect(page.locator("[name=load_lb]")).to_have_value("71.7")
    page.get_by_label("Less lb").click()
    save(page, 2)
    phone.context.set_offline(True)
    page.locator("[name=reps]").fill("3")
    page.locator("button.primary").click()
    expect(page.locator("#card .note")).to_have_text("You did 3 of 6: 5.5 lb less. Next: 82.7 lb.")
    expect(page.locator("[name=load_lb]")).to_have_value("82.7")
    page.get_by_label("More lb").click()
    expect(page.locator("[name=load_lb]")).to_have_value("88.2")
    assert {row.number: row.load_kg for row in logs_of(person)} == {1: 20, 2: 30}
    phone.errors.clear()


LOOK_UP = """async ([done, kg]) => {
    const { nextLoad } = await import("/static/js/follow.js");
    const table = JSON.parse(document.querySelector("[data-table]").dataset.table);
    return nextLoad({ ...table, rows: [[1, 2], ...table.rows.slice(1)] }, done, kg);
}"""


FOUND = {
    (2, 40): {"kg": 35, "covered": True},
    (99, 40): {"kg": 45, "covered": True},
    (0, 40): {"kg": 40, "covered": False},
    (5, 41): None,
}


def test_the_table_is_looked_up_by_what_was_done(phone: Screen) -> None:
    _person, page = third_set(phone)
    assert {place: page.evaluate(LOOK_UP, place) for place in FOUND} == FOUND


def test_one_tap_of_effort_saves_a_set(phone: Screen) -> None:
    page = begin(phone, make_heavy(timezone.now(), "effort_regulated"))
    phone.check()
    page.get_by_role("button", name="9", exact=True).click()
    expect(page.locator("#card .note")).to_have_text("It felt 9 of 10 hard: 2.5 kg less.")
    page.get_by_role("button", name="3", exact=True).click()
    expect(page.locator("#card .note")).to_contain_text("Your clinician will look at this.")
    phone.check()
