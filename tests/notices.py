"""A push service for tests: notes what phones would show, and misbehaves when told to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import override_settings

from config.demo import notices
from config.demo.notices import DROP, KEYS, Notice, PushService
from config.processes import wait_until

HANG = "hang"


class Sink(PushService):
    """`answers` are given first, one a notification: a status, DROP, or HANG. It takes what it
    answers with 201, and what it hangs or drops after."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Notice] = []
        self.answers: list[Any] = []

    def answer(self, notice: Notice) -> int:
        said = self.answers.pop(0) if self.answers else 201
        if said in (201, HANG, DROP):
            self.taken.append(notice)
        if said == HANG:
            time.sleep(1)
        return 201 if said == HANG else said

    def wait(self, number: int = 1) -> list[Notice]:
        """The notifications, once so many have come."""
        assert wait_until(lambda: len(self.taken) >= number, 10), self.taken
        return self.taken


@contextmanager
def push_sink() -> Iterator[Sink]:
    """A sink on a free port, where the settings let notifications go."""
    sink = Sink()
    try:
        with override_settings(PUSH_KEY=notices.SENDER, PUSH_TO_THIS_MACHINE=True):
            yield sink
    finally:
        sink.stop()


@pytest.fixture
def phones() -> Iterator[Sink]:
    with push_sink() as sink:
        yield sink


__all__ = ["DROP", "HANG", "KEYS", "Sink", "phones", "push_sink"]
