"""A provider of text messages for tests: notes what it takes, and misbehaves when told to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import override_settings

from config.demo.texts import Form, Provider
from config.processes import wait_until

CODES, REMINDERS = "+12015550190", "MG0reminders"
NUMBER = "+12015550123"
SILENCE = "silence"


class Sink(Provider):
    """`answers` are given first, one a message: a status, a Twilio error number, or silence."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Form] = []
        self.answers: list[Any] = []

    def answer(self, form: Form) -> tuple[int, dict[str, object]]:
        said = self.answers.pop(0) if self.answers else 201
        if said == SILENCE:
            self.taken.append(form)
            time.sleep(1)
        if said in (201, SILENCE):
            self.taken.append(form)
            return 201, {"sid": f"SM{len(self.taken)}"}
        status = said if said < 1000 else 400
        return status, {"status": status, "code": said, "message": "no"}

    def wait(self, number: int = 1) -> list[Form]:
        """The messages, once so many have come: codes leave off the request's own thread."""
        assert wait_until(lambda: len(self.taken) >= number, 10), self.taken
        return self.taken


@contextmanager
def text_sink() -> Iterator[Sink]:
    """A sink on a free port, which the settings point to."""
    sink = Sink()
    try:
        with pointing_to(sink.url):
            yield sink
    finally:
        sink.stop()


def pointing_to(url: str) -> override_settings:
    return override_settings(SMS_URL=url, SMS_CODES_FROM=CODES, SMS_REMINDERS_FROM=REMINDERS)


@pytest.fixture
def texts() -> Iterator[Sink]:
    with text_sink() as sink:
        yield sink
