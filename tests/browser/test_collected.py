"""A release's static files in a real browser: they say the same, load, and weigh as counted."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as plain
from django.utils import timezone

from accounts.models import User
from bench.weighing import weigh
from config.storage import lean, whole
from tests.browser import story
from tests.browser.conftest import Screen
from tests.browser.test_pictures import enter
from tests.programs.people import make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
SHEETS = sorted((plain.BASE_DIR / "static" / "css").glob("*.css"))
RULES = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    const spaces = (rule) => rule.cssText.replace(/\\s*([,{}>~+;:!])\\s*/g, "$1");
    return [...sheet.cssRules].map(spaces); // what holds a variable is kept as it is written
}"""


@pytest.fixture
def released(phone: Screen, collected: Path, settings: Any) -> Screen:
    """A phone whose pages name the collected files."""
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = collected, [collected]
    hashed = {"BACKEND": "config.storage.HashedStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    return phone


def test_every_lean_style_sheet_has_the_rules_of_its_source(phone: Screen) -> None:
    page = phone.page
    assert len(SHEETS) > 10
    for sheet in SHEETS:
        rules = page.evaluate(RULES, whole(sheet))
        assert rules, sheet.name
        assert page.evaluate(RULES, lean(sheet)) == rules, sheet.name


def fetched(screen: Screen) -> tuple[set[str], bytes]:
    """What the page as it stands makes a browser fetch, and the page; icons weigh apart."""
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    answer = screen.page.reload(wait_until="networkidle")
    assert answer
    files = {each for each in asked if each.startswith("/static/")}
    return {
        each for each in files if "/img/icon-" not in each and "favicon" not in each
    }, answer.body()


@pytest.mark.parametrize("visit", ["today"])
def test_a_first_visit_fetches_what_the_bench_weighs(released: Screen, visit: str) -> None:
    enter(released, User.objects.get(id=make_person(timezone.now()).actor.user_id))
    page = released.open("/today/")
    if visit == "session":
        story.start(page)
    asked, content = fetched(released)
    assert len(asked) > 5
    assert set(weigh(content).files) == asked
