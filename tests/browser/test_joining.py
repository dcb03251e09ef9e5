"""A page of the server joined with what waited: a card never takes the place of a later one."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bench.line import Fault, Line
from tests.browser.conftest import Screen
from tests.browser.test_offline import away, back, begin, line, tap
from tests.programs.people import logs_of, make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
__all__ = ["away", "line"]  # fixtures
# What waited is being looked at, and the picture for the card comes only when the test says so.
SLOWED = """() => {
    const { fetch } = window, ready = new Promise((go) => { window.go = go });
    window.fetch = async (url, ...rest) => {
        if (`${url}`.includes("/figures/")) await ready;
        return fetch(url, ...rest);
    };
    window.joined = import("/static/js/local.js").then(({ join }) => join([1]));
}"""


def test_a_card_from_before_what_waited_was_sent_gives_way_to_the_next(
    away: Screen, line: Line
) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.down = True
    tap(page)
    line.down = False
    page.reload()
    back(page, line)
    page.evaluate("async () => (await import('/static/js/local.js')).join([1])")
    expect(page.locator("#card .what")).to_contain_text("Right leg, set 1")


def test_what_is_typed_while_the_page_still_looks_at_what_waits_is_logged_as_typed(
    away: Screen, line: Line
) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    line.faults.extend([Fault("after")] * 50)
    tap(page)
    page.reload()
    page.locator("[name=reps]").fill("3")
    page.evaluate("async () => (await import('/static/js/local.js')).join([1])")
    expect(page.locator("[name=reps]")).to_have_value("3")
    tap(page)
    back(page, line)
    assert sorted((row.side, row.reps) for row in logs_of(person)) == [("left", 8), ("right", 3)]


def test_a_card_that_is_made_too_slowly_does_not_take_the_place_of_a_later_one(
    away: Screen, line: Line
) -> None:
    person = make_person(timezone.now(), sets=2)
    page = begin(away, person)
    tap(page)
    page.evaluate(SLOWED)
    tap(page)
    page.evaluate("() => { window.go(); return window.joined }")
    expect(page.locator("#card .what")).to_contain_text("Left leg, set 2")
