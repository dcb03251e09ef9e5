"""How many messages may leave: one bucket over all, on a real Valkey, and none without it."""

import logging
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app

from reminders.services import pace
from reminders.services.pace import take
from tests.reminders.scenes import free_port


@pytest.fixture
def channel(settings: Any) -> str:
    """A channel of this test alone: 20 a second, so 200 at once."""
    name = f"test-{uuid4()}"
    settings.MESSAGES_PER_SECOND = {name: 20}
    return name


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Points the process to a Valkey at another port."""

    def point(port: int) -> None:
        monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{port}/0")
        pace._line.cache_clear()

    yield point
    pace._line.cache_clear()


def test_a_bucket_gives_what_it_holds_and_no_more(channel: str) -> None:
    assert take(channel, 150) == 150
    assert 50 <= take(channel, 150) < 100
    assert take(channel, 0) == 0


def test_two_who_take_at_once_share_one_bucket(channel: str) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        given = sum(pool.map(lambda _: take(channel, 7), range(60)))
    assert 200 <= given <= 200 + 20 * (time.monotonic() - began) + 1


def test_it_fills_again(channel: str) -> None:
    take(channel, 200)
    time.sleep(0.3)
    assert 5 <= take(channel, 200) <= 200


def test_a_slow_channel_still_moves(channel: str, settings: Any) -> None:
    settings.MESSAGES_PER_SECOND = {channel: 0.01}
    assert [take(channel, 5), take(channel, 5)] == [1, 0]


def test_no_limit_asks_nobody(channel: str, settings: Any, elsewhere: Any) -> None:
    settings.MESSAGES_PER_SECOND = {channel: 0}
    elsewhere(free_port())
    assert take(channel, 5000) == 5000


def test_the_bucket_goes_once_it_would_be_full(channel: str) -> None:
    take(channel, 1)
    with current_app.connection_for_write() as line:
        assert 0 < line.default_channel.client.ttl(f"pace:{channel}") <= 11


def test_without_valkey_everything_may_leave(
    channel: str, elsewhere: Any, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere(free_port())
    with caplog.at_level(logging.WARNING):
        assert take(channel, 5000) == 5000
    assert "unpaced" in caplog.text


def test_a_silent_valkey_is_not_waited_for(channel: str, elsewhere: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        elsewhere(silent.getsockname()[1])
        began = time.monotonic()
        assert take(channel, 5000) == 5000
    assert time.monotonic() - began < 5
