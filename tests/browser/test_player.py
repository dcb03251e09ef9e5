"""The session's player at a real screen: pace, sound, rest, and what comes after "it hurts"."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from programs.models import Session
from tests.browser import story
from tests.browser.conftest import Screen
from tests.browser.test_pictures import enter
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
SHIFT = "by => { const real = Date.now; Date.now = () => real() + by * 1000; }"
GROUND = "getComputedStyle(document.body).backgroundColor"


def begin(phone: Screen, person: Person) -> Page:
    enter(phone, User.objects.get(id=person.actor.user_id))
    page = phone.open("/today/")
    story.start(page)
    return page


def later(page: Page, seconds: int) -> None:
    """As if the phone had slept so long."""
    page.evaluate(SHIFT, seconds)


def test_the_pace_counts_each_repetition_and_stays_right_after_a_sleep(phone: Screen) -> None:
    page = begin(phone, make_person(timezone.now(), reps=2))  # 2 s up, 1 s hold, 3 s down, 1 s more
    count = page.locator("[data-count]")
    page.get_by_role("button", name="Pace me").click()
    expect(count).to_contain_text("Get ready")
    later(page, 3)
    expect(count).to_contain_text("Up")
    expect(count).to_contain_text("1 of 2")
    later(page, 10)
    expect(count).to_contain_text("Down")
    expect(count).to_contain_text("2 of 2")
    later(page, 4)
    expect(count).to_be_hidden()
    expect(page.locator("#live")).to_have_text("That was the last one. Tap to save the set.")


def test_a_pause_stops_the_count_and_the_figure(phone: Screen) -> None:
    page = begin(phone, make_person(timezone.now()))
    page.get_by_role("button", name="Pace me").click()
    expect(page.locator("[data-count]")).to_contain_text("Get ready")
    later(page, 3)
    expect(page.locator("[data-count]")).to_contain_text("Up")
    page.get_by_role("button", name="Pause").click()
    later(page, 60)
    page.wait_for_timeout(300)
    expect(page.locator("[data-count]")).to_contain_text("1 of 8")
    assert page.evaluate("document.querySelector('.fig-move').animationsPaused()")


def test_a_held_exercise_shows_the_seconds_of_its_hold(phone: Screen) -> None:
    page = begin(phone, make_person(timezone.now(), hold_s=30, reps=2))
    page.get_by_role("button", name="Pace me").click()
    count = page.locator("[data-count]")
    expect(count).to_contain_text("Get ready")
    later(page, 3 + 2 + 10)
    expect(count).to_contain_text("Hold it")
    assert 15 <= int(count.locator("b").inner_text()) <= 20


def test_sound_is_off_until_it_is_wanted_and_then_remembered(phone: Screen) -> None:
    page = begin(phone, make_person(timezone.now()))
    button = page.get_by_role("button", name="Sound")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_screen_stays_on_while_a_set_is_on(phone: Screen) -> None:
    phone.page.add_init_script("""
        window.held = [];
        WakeLock.prototype.request = async (kind) => {
            held.push(kind);
            return { released: false, release: () => held.push("released") };
        };""")
    page = begin(phone, make_person(timezone.now(), sets=1))
    page.wait_for_function("held.join() === 'screen'")
    story.sets(page)
    page.wait_for_function("held.at(-1) === 'released'")


def test_a_rest_goes_on_after_a_reload_and_begins_anew_in_the_next_session(phone: Screen) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(phone, person)
    story.one_set(page)
    story.one_set(page)
    expect(page.get_by_text("seconds left")).to_be_visible()
    page.reload()
    expect(page.get_by_text("seconds left")).to_be_visible()
    page.get_by_role("button", name="I’m ready").click()
    expect(page.get_by_text("seconds left")).to_be_hidden()
    keys = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('rest:'))")
    with person.scope():
        assert [key.split(".")[0] for key in keys] == [f"rest:{Session.objects.get().id}"]


def test_it_just_hurts_leads_to_cards_in_their_own_clothes(phone: Screen) -> None:
    page = begin(phone, make_person(timezone.now()))
    ground = page.evaluate(GROUND)
    page.get_by_role("link", name="It hurts").click()
    phone.check()
    page.get_by_role("button", name="None of these, it just hurts").click()
    expect(page.get_by_role("heading", name="How much does it hurt?")).to_be_visible()
    assert page.evaluate(GROUND) == ground
    phone.check()
    story.rate(page, "pain", 2)
    expect(page.get_by_role("button", name="Done as planned")).to_be_visible()
    scene = page.locator(".scene").bounding_box()
    assert scene
    assert scene["height"] > 150
    box = page.locator(".stepper .btn").first.bounding_box()
    assert box
    assert round(box["width"]) == 60
