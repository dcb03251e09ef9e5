"""Health: is this process alive, and is everything behind it at work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError

from config.celery import app
from reminders.models import Heartbeat
from reminders.services import QUEUES_DIFFER

OLDEST_BEAT_SECONDS = 90
OLDEST_DIFFERENCE_SECONDS = 26 * 60 * 60


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database, the broker, and the heartbeats of worker and beat; 503 if one is missing.

    Where the last nightly check of the queues found a difference, it is named beside them: it was
    put right, so that nothing is missing.
    """
    reached = _database()
    found = {"database": reached, "broker": _broker(), **_beats(reached)}
    status = 200 if all(found.values()) else 503
    differed = {"queues_differed": True} if reached and _queues_differed() else {}
    return JsonResponse(found | differed, status=status)


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
