"""A session without a network, with two tabs, without a session cookie: nothing is lost."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from bench.line import Fault, Line
from exercises.services import load_shipped_library
from programs.logging import shell_views
from programs.logging.entries import session_key
from programs.models import CheckIn, PainReport, Program, RedFlag, Session
from tests.browser import story
from tests.browser.conftest import PHONE, Screen
from tests.browser.test_pictures import enter
from tests.programs.people import DAY, Person, logs_of, make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
SENT = """() => {
    window.look ??= (async () => {
        const { entries, waits } = await import("/static/js/outbox.js");
        while ((await entries()).some(waits)) await new Promise((done) => setTimeout(done, 20));
        window.sent = true;
    })();
    return window.sent;
}"""


UNTIL = """(async (ready) => {
    while (!(await ready())) await new Promise((done) => setTimeout(done, 20));
})"""
PICTURES = """async () => {
    const held = await caches.open((await caches.keys())[0]);
    return (await held.keys()).filter((each) => each.url.includes("/figures/")).length === 2;
}"""


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    with Line(urlsplit(live_server.url).port or 0) as line:
        yield line


@pytest.fixture
def away(screens: Callable[[dict[str, int]], Screen], line: Line) -> Iterator[Screen]:
    """A phone behind a line that may fail: failed requests are no fault of the page."""
    screen = screens(PHONE)
    screen.base = line.address
    yield screen
    screen.context.close()
    screen.errors[:] = [each for each in screen.errors if "Failed to load resource" not in each]


def begin(screen: Screen, person: Person) -> Page:
    """In the session, with the shell held."""
    enter(screen, User.objects.get(id=person.actor.user_id))
    page = screen.open("/today/")
    page.evaluate(story.HELD)
    story.start(page)
    return page


def tap(page: Page) -> None:
    before = page.locator("#card .what").inner_text()
    page.locator("button.primary").click()
    page.wait_for_function(
        "before => document.querySelector('#card .what')?.innerText !== before", arg=before
    )


def sent(page: Page) -> None:
    """Wait until nothing waits on the phone, across the reload by which today's page says so."""
    page.evaluate("() => { delete window.look, delete window.sent }")
    page.wait_for_function(SENT, timeout=20_000)


def stored(person: Person) -> list[tuple[str, int]]:
    return sorted((row.side, row.number) for row in logs_of(person))


def test_a_session_goes_on_without_a_network_and_arrives_once(away: Screen, line: Line) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    tap(page)
    line.down = True
    tap(page)
    expect(page.locator("[data-state]")).to_contain_text("Saved on this phone: right leg, set 1")
    page.reload()
    expect(page.locator(".what")).to_contain_text("set 2 of 2")
    tap(page)
    line.down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page)
    assert stored(person) == [("left", 1), ("left", 2), ("right", 1)]


def back(page: Page, line: Line) -> None:
    """The line is whole again, and the phone hears of it."""
    line.down = False
    line.faults.clear()
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page)


def test_a_page_that_dies_with_answers_waiting_sends_them_when_it_is_opened_again(
    away: Screen, line: Line
) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.down = True
    tap(page)
    tap(page)
    page.close()
    line.down = False
    away.page = away.context.new_page()
    sent(away.open("/today/"))
    assert stored(person) == [("left", 1), ("right", 1)]


def test_a_session_that_runs_out_in_mid_workout_loses_nothing(away: Screen, line: Line) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    away.context.clear_cookies(name="session")
    page.locator("button.primary").click()
    expect(page.locator("#card")).to_contain_text("sign in again")
    assert stored(person) == []
    enter(away, User.objects.get(id=person.actor.user_id))
    sent(away.open("/today/"))
    assert stored(person) == [("left", 1)]


def test_two_tabs_that_say_the_same_set_store_one(away: Screen, line: Line) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    other = away.context.new_page()
    other.goto(page.url)
    line.down = True
    tap(page)
    other.locator("[name=reps]").fill("3")
    tap(other)
    expect(other.locator("[data-state]")).to_contain_text("Saved on this phone: left leg, set 1")
    tap(other)
    back(page, line)
    assert stored(person) == [("left", 1), ("right", 1)]
    assert [row.reps for row in logs_of(person) if row.side == "left"] == [8]


def test_what_waits_at_sign_out_is_said_and_stays_hidden_until_its_owner_is_back(
    away: Screen, line: Line
) -> None:
    person, other = make_person(timezone.now(), sets=2), make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.faults.extend([Fault("error")] * 50)
    page.locator("button.primary").click()
    expect(page.locator("[data-state]")).to_contain_text("Saved on this phone")
    away.open("/sign-in/out/")
    expect(page.locator("#outbox")).to_contain_text("not sent yet")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "/out/" not in address)
    line.faults.clear()
    enter(away, User.objects.get(id=other.actor.user_id))
    sent(away.open("/today/"))
    expect(page.locator("#outbox")).to_be_hidden()
    assert (stored(person), stored(other)) == ([], [])
    enter(away, User.objects.get(id=person.actor.user_id))
    sent(away.open("/today/"))
    assert (stored(person), stored(other)) == ([("left", 1)], [])


def test_a_new_worker_leaves_what_waits_alone(
    away: Screen, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.faults.extend([Fault("error")] * 50)
    tap(page)
    monkeypatch.setattr(shell_views, "_version", lambda page, files: "another")
    page.evaluate("navigator.serviceWorker.ready.then((ours) => ours.update())")
    page.evaluate(UNTIL + "(() => caches.has('flexion-another'))")
    line.down = True
    page.reload()
    tap(page)
    back(page, line)
    assert stored(person) == [("left", 1), ("right", 1)]


def zero(page: Page) -> None:
    """A set of no reps, which the server refuses; the page would not have let it through."""
    page.locator("[name=reps]").evaluate(
        "each => { each.form.noValidate = true; each.min = ''; each.value = '0'; }"
    )
    page.locator("button.primary").click()


def test_a_refused_answer_is_never_said_to_be_sent(away: Screen) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    zero(page)
    expect(page.locator("#card .errors")).to_contain_text("Enter 1 to 100 reps")
    expect(page.locator("[data-state]")).not_to_contain_text("sent")
    expect(page.locator("#outbox")).to_be_hidden()
    assert stored(person) == []


def test_what_was_refused_later_is_named_and_can_be_opened_and_put_away(
    away: Screen, line: Line
) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.down = True
    zero(page)
    expect(page.locator(".what")).to_contain_text("Right leg")
    back(page, line)
    box = page.locator("#outbox")
    expect(box).to_contain_text("Could not be taken: left leg, set 1, 0 reps")
    expect(box.get_by_role("link", name="Open it")).to_have_attribute(
        "href", page.url.removeprefix(away.base) + f"?set={person.prescription.id}.left.1"
    )
    away.check()
    box.get_by_role("button", name="Put it away").click()
    expect(box).to_be_hidden()


def flag(page: Page) -> None:
    page.get_by_role("link", name="It hurts").click()
    page.locator("ul.flags.first button").first.click()
    expect(page.get_by_role("heading", name="Please stop here")).to_be_visible()


def test_a_warning_sign_without_a_network_locks_the_phone_at_once(away: Screen, line: Line) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.down = True
    flag(page)
    away.check()
    session = page.url
    for address in ("/today/", session, "/sessions/start/"):
        away.open(address)
        expect(page.get_by_role("heading", name="Please stop here")).to_be_visible()
    line.faults.extend([Fault("error")] * 50)
    line.down = False
    away.open("/today/")
    expect(page.get_by_role("heading", name="Please stop here")).to_be_visible()
    back(page, line)
    assert [each.session_id for each in person.all(RedFlag)] != []
    assert [each.status for each in person.all(Program)] == ["locked"]


def test_a_session_can_begin_without_a_network(away: Screen, line: Line) -> None:
    person = make_person(timezone.now(), sets=2)
    enter(away, User.objects.get(id=person.actor.user_id))
    page = away.open("/today/")
    page.evaluate(story.HELD)
    page.reload()
    line.down = True
    story.start(page)
    expect(page.locator(".what")).to_contain_text("Left leg")
    away.check()
    tap(page)
    page.reload()
    expect(page.locator(".what")).to_contain_text("Right leg")
    tap(page)
    assert person.all(Session) == []
    back(page, line)
    (session,) = person.all(Session)
    assert session.id == session_key(person.program.id, timezone.now().date(), 1)
    assert stored(person) == [("left", 1), ("right", 1)]
    away.open("/today/")
    expect(page.get_by_role("button", name="Go on: 2 of 4 sets done")).to_be_visible()


def test_pain_above_the_green_limit_asks_where_without_a_network_too(
    away: Screen, line: Line
) -> None:
    person = make_person(timezone.now(), sets=1)
    page = begin(away, person)
    line.down = True
    tap(page)
    page.locator("button.primary").click()
    story.rate(page, "pain", 5)
    expect(page.locator("#card")).to_contain_text("5, clear. We keep the dose as it is")
    page.locator("label:has([name=side])").first.click()
    page.locator("label:has([name=place])").first.click()
    away.check()
    page.get_by_role("button", name="Save").click()
    story.rate(page, "effort", 5)
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    away.open("/today/")
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    back(page, line)
    reports = person.all(PainReport)
    assert [(each.pain, each.place) for each in reports] == [(5, ""), (5, "knee_front")]
    assert person.all(Session)[0].finished_at


def test_after_a_reload_without_a_network_the_figure_is_there(away: Screen, line: Line) -> None:
    load_shipped_library(at=timezone.now())
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    page.evaluate(f"{UNTIL}({PICTURES})")
    line.down = True
    page.reload()
    expect(page.locator("#card .scene svg.fig-move")).to_have_count(1)


def test_it_just_hurts_is_answered_from_the_shell_when_the_network_is_back(
    away: Screen, line: Line
) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.down = True
    page.reload()
    page.get_by_role("link", name="It hurts").click()
    line.down = False
    page.get_by_role("button", name="None of these").click()
    expect(page.get_by_role("heading", name="How much does it hurt?")).to_be_visible()
    story.rate(page, "pain", 2)
    sent(page)
    assert [each.pain for each in person.all(PainReport)] == [2]


def test_a_message_that_cannot_be_sent_stays_as_it_was_typed(away: Screen, line: Line) -> None:
    person = make_person(timezone.now(), sets=2)
    begin(away, person)
    page = away.open("/messages/")
    page.locator("textarea").fill("My knee feels good.")
    line.down = True
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#outbox")).to_contain_text("Not sent: there is no network")
    expect(page.locator("textarea")).to_have_value("My knee feels good.")
    line.down = False
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("My knee feels good.")


def test_the_morning_check_is_kept_without_a_network(away: Screen, line: Line) -> None:
    now = timezone.now()
    person = make_person(now - DAY, sets=2)
    person.train(now - DAY)
    enter(away, User.objects.get(id=person.actor.user_id))
    page = away.open("/today/")
    page.evaluate(story.HELD)
    line.down = True
    page.get_by_role("button", name="Same", exact=True).click()
    expect(page.locator("#check-in")).to_contain_text("Saved on this phone")
    back(page, line)
    assert [each.feel for each in person.all(CheckIn)] == ["same"]
