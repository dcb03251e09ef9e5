"""Prescribing in a real browser: the fan comes by itself after the page, on desk and phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.browser.conftest import DESK, PHONE, Screen
from tests.programs.prescribing.given import desk as given_desk

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/desk/patients/{}/assign/?template={}"


def enter(screen: Screen, user: User) -> None:
    """Give the browser this person's session."""
    client = Client()
    client.force_login(user)
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": screen.base}
    screen.context.add_cookies([cookie])


@pytest.mark.parametrize(
    ("template", "size"),
    [("standing-curl", DESK), ("machine-dapre", PHONE)],
    ids=["standing-curl-desk", "machine-dapre-phone"],
)
def test_the_fan_comes_after_the_page(
    screens: Callable[[dict[str, int]], Screen], size: dict[str, int], template: str
) -> None:
    given = given_desk()
    screen = screens(size)
    enter(screen, User.objects.get(id=given.by.user_id))
    page: Any = screen.open(ADDRESS.format(given.patient.id, template))
    page.get_by_role("img", name="Doses of 200 virtual patients by week").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screen.check()
