"""The editor with a script: rows that move by keys and drag, a figure that follows its fields."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from exercises import services, shipped
from exercises.models import Exercise, Ladder, Revision
from tests.broken import DOSE, SPANS
from tests.browser.conftest import PHONE, Screen
from tests.browser.test_library import screen_of

pytestmark = [pytest.mark.browser_long, pytest.mark.django_db(transaction=True)]
LIBRARY = "/library/exercises/"


def given() -> tuple[Revision, Ladder]:
    """A draft, and a ladder of two steps."""
    exercise, now = Exercise.objects.create(slug="standing-curl"), timezone.now()
    content = shipped.exercises()["standing-curl"]
    draft = services.draft_revision(exercise=exercise, content=content, by=None, at=now)
    ladder = Ladder.objects.create(slug="curls", title={"en": "Curls", "es": "Curls"})
    rest = {"exercise": exercise, "laterality": "each", "entry": DOSE, "bounds": SPANS}
    for position, key in enumerate(("first", "second")):
        ladder.steps.create(key=key, position=position, **rest)
    return draft, ladder


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def move(page: Page, words: str, keys: str) -> None:
    page.get_by_role("button", name=words, exact=True).focus()
    page.keyboard.press(keys)


def test_steps_move_and_the_figure_follows(screens: Callable[..., Screen]) -> None:
    draft, ladder = given()
    leads = [step["lead"] for step in draft.body["en"]["steps"]]
    desk = screen_of(screens, Role.LIBRARY_ADMIN)
    page = desk.open(f"{LIBRARY}revision/{draft.pk}/change/")
    move(page, "Move: 1", "Alt+ArrowDown")
    move(page, "Move up: 4", "Enter")
    page.locator("#id_band").select_option("red")
    expect(page.locator("#drawn [class^=f-red]").first).to_be_visible()
    page.locator("[name=muscles]").first.check()
    save(page)
    draft.refresh_from_db()
    moved = [leads[1], leads[0], leads[3], leads[2], *leads[4:]]
    assert [step["lead"] for step in draft.body["en"]["steps"]] == moved
    assert draft.figure["band"] == "red"
    page = desk.open(f"{LIBRARY}ladder/{ladder.pk}/change/")
    desk.check()
    first = page.locator("[data-place]").first
    first.evaluate("row => row.scrollIntoView()")  # both rows' heads are in sight
    page.locator(".grip").nth(1).drag_to(first, target_position={"x": 200, "y": 10})
    save(page)
    assert list(ladder.steps.values_list("key", flat=True)) == ["second", "first"]


def test_the_editor_on_a_phone_is_without_fault(screens: Callable[..., Screen]) -> None:
    draft, ladder = given()
    phone = screen_of(screens, Role.LIBRARY_ADMIN, PHONE)
    for address in (
        f"revision/{draft.pk}/change/",
        f"ladder/{ladder.pk}/change/",
        "reference/add/",
    ):
        page = phone.open(LIBRARY + address)
        phone.check()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.open(f"{LIBRARY}revision/{draft.pk}/look/?as=patient")
    phone.check()
