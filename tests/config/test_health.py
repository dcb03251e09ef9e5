"""Ready or not, and which part is missing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.celery import app
from reminders.models import Heartbeat
from reminders.services import FIGURES, QUEUES_DIFFER

PARTS = ("database", "broker", "worker", "beat", "reminders")


@pytest.fixture
def beating(db: None) -> None:
    for name in ("worker", "beat"):
        Heartbeat.objects.create(name=name, at=timezone.now())


def ready(client: Client) -> tuple[int, dict[str, bool]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def without(*missing: str) -> tuple[int, dict[str, bool]]:
    return 503, {part: part not in missing for part in PARTS}


def figures(**told: object) -> None:
    Heartbeat.objects.create(name=FIGURES, at=timezone.now(), facts=told)


def test_messages_that_do_not_leave_are_named(beating: None, client: Client) -> None:
    figures(oldest_due_seconds=601)
    assert ready(client) == without("reminders")


def test_figures_are_told_to_whoever_holds_the_token(
    beating: None, client: Client, settings: Any
) -> None:
    settings.METRICS_TOKEN = "long"
    figures(oldest_due_seconds=3.5, last_hour=[["sms", "sent", 7]])
    told = client.get("/metrics", headers={"Authorization": "Bearer long"}).content.decode()
    assert "flexion_reminders_oldest_due_seconds 3.5\n" in told
    assert 'flexion_reminders_last_hour{channel="sms",state="sent"} 7\n' in told
    assert 'flexion_heartbeat_age_seconds{name="worker"} 0\n' in told


@pytest.mark.parametrize("token", ["", "other"])
def test_figures_are_told_to_nobody_else(
    token: str, beating: None, client: Client, settings: Any
) -> None:
    settings.METRICS_TOKEN = token and "long"
    assert client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 404


def test_the_process_answers(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


def test_all_at_work_is_ready(beating: None, client: Client) -> None:
    assert ready(client) == (200, dict.fromkeys(PARTS, True))


def test_a_difference_of_the_queues_is_named_and_nothing_is_missing(
    beating: None, client: Client
) -> None:
    Heartbeat.objects.create(name=QUEUES_DIFFER, at=timezone.now())
    assert ready(client) == (200, dict.fromkeys((*PARTS, "queues_differed"), True))


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_who_was_not_heard_of_is_named(name: str, beating: None, client: Client) -> None:
    Heartbeat.objects.filter(name=name).delete()
    assert ready(client) == without(name)


@pytest.mark.usefixtures("beating")
def test_a_broker_out_of_reach_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_url", "redis+socket:///nowhere/valkey.sock")
    assert ready(client) == without("broker")


@pytest.mark.django_db(transaction=True)
def test_a_database_out_of_reach_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    assert ready(client) == without("database", "worker", "beat", "reminders")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(path: str, client: Any) -> None:
    assert client.post(path).status_code == 405
