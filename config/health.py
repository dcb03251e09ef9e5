"""Health: is this process alive, and is everything behind it at work."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError

from config.celery import app
from reminders.models import Heartbeat
from reminders.services import FIGURES, QUEUES_DIFFER

OLDEST_BEAT_SECONDS = 90
LATEST_SECONDS = 600
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
OLDEST_DIFFERENCE_SECONDS = 26 * 60 * 60


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database, the broker, the heartbeats of worker and beat, and whether messages leave.

    503 if one is missing, or a message has been due for ten minutes.

    Where the last nightly check of the queues found a difference, it is named beside them: it was
    put right, so that nothing is missing.
    """
    reached = _database()
    found = {"database": reached, "broker": _broker(), **_beats(reached)}
    found["reminders"] = reached and _figures().get("oldest_due_seconds", 0) < LATEST_SECONDS
    status = 200 if all(found.values()) else 503
    differed = {"queues_differed": True} if reached and _queues_differed() else {}
    return JsonResponse(found | differed, status=status)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures as Prometheus reads them, for whoever holds METRICS_TOKEN; without one, none.

    They are those of the last minute: a worker writes them, for web may not read all clinics.
    """
    held = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(
        request.headers.get("Authorization", ""), held
    ):
        raise Http404
    return HttpResponse("".join(f"{line}\n" for line in _lines()), content_type=PROMETHEUS)


def _lines() -> Iterator[str]:
    figures, now = _figures(), timezone.now()
    if "oldest_due_seconds" in figures:
        yield f"flexion_reminders_oldest_due_seconds {figures['oldest_due_seconds']}"
    for channel, state, number in figures.get("last_hour", ()):
        labels = f'channel="{channel}",state="{state}"'
        yield f"flexion_reminders_last_hour{{{labels}}} {number}"
    for name, at in Heartbeat.objects.values_list("name", "at"):
        age = (now - at).total_seconds()
        yield f'flexion_heartbeat_age_seconds{{name="{name}"}} {age:.0f}'


def _figures() -> dict[str, Any]:
    """What a worker counted last; nothing until one has."""
    row = Heartbeat.objects.filter(name=FIGURES).first()
    return row.facts if row else {}


def _queues_differed() -> bool:
    return QUEUES_DIFFER in Heartbeat.objects.fresh(seconds=OLDEST_DIFFERENCE_SECONDS)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        return False


def _broker() -> bool:
    try:
        with Connection(app.conf.broker_url, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OSError, OperationalError):
        return False
    return True


def _beats(reached: bool) -> dict[str, bool]:
    """Who was heard of; without the database, nobody."""
    fresh = Heartbeat.objects.fresh(seconds=OLDEST_BEAT_SECONDS) if reached else ()
    return {name: name in fresh for name in ("worker", "beat")}
