"""Every page of the access matrix, in both themes and languages: axe is quiet, nothing is wider.

A phone of 320 px is also a page of 640 px at 200 % zoom.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access import ANYONE, allowed
from accounts.models import User
from tests.browser.conftest import Screen
from tests.browser.test_pictures import enter
from tests.test_access import View, every_view
from tests.world import World, make_world

pytestmark = [
    pytest.mark.browser_long,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
NARROW = {"width": 320, "height": 640}
OWN_LANGUAGE = ("/offline/",)  # the one that the address names
FOR_PROGRAMMERS = {"api:docs"}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def pages(user: User | None, world: World) -> list[str]:
    """The addresses that answer this person with a whole page; what all see, as nobody sees it."""
    client, found = Client(raise_request_exception=False), []
    if user:
        client.force_login(user)
    for view in every_view():
        if view.admin or view.name in FOR_PROGRAMMERS or (user and _is_open(view)):
            continue
        answer = client.get(view.address(world))
        if answer.status_code == 200 and b"<!doctype html" in answer.content[:20].lower():
            found.append(view.address(world))
    return found


def _is_open(view: View) -> bool:
    """A page of the guide or of the entrance, the same for everybody."""
    return allowed(view.name) == ANYONE


EVERYBODY = pytest.mark.parametrize(
    "who", ["nobody", "patient_user", "clinician_user", "owner_user"]
)
LANGUAGES = ("en", "es")


@EVERYBODY
@pytest.mark.parametrize("turn", [0, 1])
def test_every_page_is_quiet_in_axe_and_fits_a_narrow_screen(
    who: str, turn: int, screens: Callable[[dict[str, int]], Screen]
) -> None:
    """Each page in one language, the next in the other."""
    world = make_world("Maya Lindqvist")
    addresses = pages(getattr(world, who, None), world)
    _walk(screens(NARROW), world, who, LANGUAGES[turn], addresses[turn::2])


@pytest.mark.nightly
@EVERYBODY
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_quiet_and_fits_in_both_languages(
    who: str, language: str, screens: Callable[[dict[str, int]], Screen]
) -> None:
    world = make_world("Maya Lindqvist")
    _walk(screens(NARROW), world, who, language, pages(getattr(world, who, None), world))


def _walk(screen: Screen, world: World, who: str, language: str, addresses: list[str]) -> None:
    user = getattr(world, who, None)
    if user:
        enter(screen, user, language)
    else:
        screen.context.add_cookies([{"name": "language", "value": language, "url": screen.base}])
    wide = {}
    faults: list[str] = []
    for each in addresses:
        page = screen.open(each)
        if not each.startswith(OWN_LANGUAGE):
            assert page.locator("html").get_attribute("lang") == language, each
        if over := page.evaluate(WIDER):
            wide[each] = over
        try:
            screen.check()
        except AssertionError as found:
            faults.append(str(found))
    assert len(addresses) > 1
    assert (wide, faults) == ({}, [])
