"""The guide in a real browser: clean for axe, and it moves without any script."""

from typing import Any

import pytest

from exercises.services import load_shipped_library

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE = "/exercises/standing-curl/"


@pytest.fixture
def guide(now: Any) -> None:
    load_shipped_library(at=now)


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_axe_finds_nothing_on_the_public_pages(size: str, request: Any) -> None:
    screen = request.getfixturevalue(size)
    for address in ("/exercises/", "/exercises/?q=nordik&level=expert", GUIDE, GUIDE + "?lang=es"):
        page = screen.open(address)
        screen.check()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.usefixtures("guide")
def test_the_figure_plays_by_keyboard_and_without_a_script(phone: Any) -> None:
    page = phone.open(GUIDE)
    assert page.locator("script:not([type='application/ld+json'])").count() == 0
    foot = page.locator("#figure .f-shoe").first
    before = foot.bounding_box()["y"]
    page.locator("#figure_play").press("Enter")
    page.wait_for_timeout(1500)
    assert foot.bounding_box()["y"] < before - 20


@pytest.mark.usefixtures("guide")
def test_the_question_shows_the_answer_that_was_asked_for(phone: Any) -> None:
    page = phone.open(GUIDE)
    page.get_by_text("I'm in pain and want treatment").click()
    answers = page.locator(".answers p")
    shown = [answer for answer in answers.all() if answer.is_visible()]
    assert [one.get_by_role("link").get_attribute("href") for one in shown] == ["#when-to-stop"]
    assert answers.count() > 1
