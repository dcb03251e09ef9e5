"""Each error page: in the product's style, with a way back, what was kept, and a known number."""

import logging
import re
from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone, translation

from config import errors
from reminders.models import Heartbeat

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r'<span class="num">([\w-]{36})</span>')


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """The sign-in page's view raises this."""

    def broken(*_args: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr("allauth.account.views.LoginView.get", broken)


def is_ours(answer: Any, status: int, title: str, kept: str) -> None:
    """One of the product's pages: its heading, what was kept, and the way to the start."""
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert kept in page
    assert 'class="btn primary big" href="/"' in page
    assert "css/entrance.css" in page
    assert NUMBER.search(page)


def test_400(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, BadRequest("broken"))
    is_ours(visitor.get("/sign-in/"), 400, "We could not read that", "What you logged before")


def test_403(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, PermissionDenied())
    is_ours(visitor.get("/sign-in/"), 403, "This page is not for you", "Nothing was changed")


def test_403_of_a_stale_form() -> None:
    strict = Client(enforce_csrf_checks=True)
    is_ours(strict.post("/sign-in/"), 403, "This page was open too long", "All that came before")


def test_404(visitor: Client) -> None:
    is_ours(visitor.get("/nowhere/"), 404, "Nothing here", "What you logged is kept")


def test_405(visitor: Client) -> None:
    is_ours(visitor.get("/language/"), 405, "That does not work here", "What you logged is kept")


def test_413(visitor: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = visitor.post("/sign-in/", {"login": "x" * 101})
    is_ours(answer, 413, "That was too big", "What you logged before is kept")


def test_413_of_too_many_fields_is_what_cannot_be_read(visitor: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    answer = visitor.post("/sign-in/", {"login": "x", "password": "y"})
    is_ours(answer, 400, "We could not read that", "Nothing was changed")


def test_429(visitor: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    for _ in range(2):
        answer = visitor.post("/sign-in/", {"login": "a@b.example", "password": "wrong"})
    is_ours(answer, 429, "A bit too fast", "What you logged is kept")


def test_500(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, RuntimeError("secret"))
    answer = visitor.get("/sign-in/")
    is_ours(answer, 500, "Something broke here", "What was saved before is kept")
    assert b"secret" not in answer.content


def test_maintenance(visitor: Client, settings: Any) -> None:
    settings.MAINTENANCE = True
    answer = visitor.get("/")
    is_ours(answer, 503, "Back in a few minutes", "What you logged is kept")
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"


def test_maintenance_saves_nothing_and_answers_the_api_in_its_way(
    visitor: Client, settings: Any
) -> None:
    settings.MAINTENANCE = True
    assert visitor.post("/language/", {"language": "es"}).cookies == {}
    answer = visitor.get("/api/v1/programs/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_answers_during_maintenance_as_ever(
    path: str, visitor: Client, settings: Any
) -> None:
    for name in ("worker", "beat"):
        Heartbeat.objects.create(name=name, at=timezone.now())
    before = visitor.get(path)
    settings.MAINTENANCE = True
    after = visitor.get(path)
    assert (before.status_code, before.content) == (200, after.content)


def test_an_error_page_speaks_the_visitors_language(visitor: Client, settings: Any) -> None:
    settings.MAINTENANCE = True
    with translation.override("es"):
        title = translation.gettext("Back in a few minutes")
    assert title != "Back in a few minutes"
    assert title in visitor.get("/", headers={"accept-language": "es"}).content.decode()


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/language/", 405)])
def test_the_log_knows_the_number_on_the_page(
    path: str, status: int, visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        shown = NUMBER.findall(visitor.get(path).content.decode())
    lines: list[Any] = [each.msg for each in caplog.records if isinstance(each.msg, dict)]
    assert shown == [line["request_id"] for line in lines if line.get("code") == status]


def test_the_last_page_needs_nothing_of_the_request() -> None:
    assert b"Something broke here" in errors.server_error(HttpRequest()).content
