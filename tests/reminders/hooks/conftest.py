from typing import Any

import pytest
from django.test import Client

from tests.reminders.hooks.given import MAIL_EVENTS_SECRET, SMS_URL


@pytest.fixture(autouse=True)
def _secrets(settings: Any) -> None:
    """This installation has both providers."""
    settings.SMS_URL, settings.MAIL_EVENTS_SECRET = SMS_URL, MAIL_EVENTS_SECRET


@pytest.fixture
def provider() -> Client:
    """Without a session or a form's token, as strict as a browser would have it."""
    return Client(enforce_csrf_checks=True)
