"""A real Chromium: phone and desk, both themes, no console error, axe at hand."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIOLATIONS = {"resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PATIENCE_MS = 60_000  # of a busy machine with a page that is on its way
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
expect.set_options(timeout=15_000)
# Playwright's own loop runs in the test's thread; the ORM's guard means asynchronous views.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return browser_type_launch_args | {"executable_path": found, "args": ARGUMENTS}


@pytest.fixture(scope="session", autouse=True)
def _chromium(browser_type: Any) -> None:
    """Skip, saying how to get a browser; where CI demands one, fail."""
    own = Path(browser_type.executable_path).exists()
    if own or any(map(shutil.which, NAMES)):
        return
    message = "No Chromium: `apt-get install chromium`, or `uv run playwright install chromium`."
    if os.environ.get("FLEXION_REQUIRE_BROWSER"):
        pytest.fail(message)
    pytest.skip(message)


class Screen:
    """One person at one screen; keeps the console's errors, which fail the test at its end."""

    def __init__(self, context: BrowserContext, base: str, size: dict[str, int]) -> None:
        self.context, self.base, self.size = context, base, size
        context.set_default_navigation_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, address: str) -> Page:
        self.page.goto(address if address.startswith("http") else self.base + address)
        return self.page

    def check(self) -> None:
        """axe finds nothing on the page as it stands; a theme changes colours and nothing else."""
        for theme, rules in (("light", {}), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=theme)
            found = Axe().run(self.page, options=VIOLATIONS | rules).response["violations"]
            told = [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
            assert told == [], f"{self.page.url} ({theme})\n" + "\n".join(told)
        self.page.emulate_media(color_scheme="light")


@pytest.fixture
def screens(browser: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Screen]]:
    """Make a Screen of a size, with scripts or none; at the end every console is clean."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.SITE_URL = live_server.url
    made: list[Screen] = []

    def make(size: dict[str, int], *, script: bool = True) -> Screen:
        context = browser.new_context(
            viewport=size,
            has_touch=size["width"] < 400,
            is_mobile=size is PHONE,
            locale="en-US",
            java_script_enabled=script,
        )
        made.append(Screen(context, live_server.url, size))
        return made[-1]

    yield make
    for screen in made:
        screen.context.close()
    assert [error for screen in made for error in screen.errors] == []


@pytest.fixture
def phone(screens: Callable[[dict[str, int]], Screen]) -> Screen:
    return screens(PHONE)


@pytest.fixture
def desk(screens: Callable[[dict[str, int]], Screen]) -> Screen:
    return screens(DESK)
