"""Is anybody planning and sending, and how late is the oldest message?"""

import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Count, Min

from reminders.models import Heartbeat, Occurrence, Schedule

PLANNER, HOUR = "planner", timedelta(hours=1)
FIGURES = "figures"
QUEUES_DIFFER = "queues_differ"  # the heartbeat of a nightly check that found something


def beat(*, name: str, now: datetime, facts: dict[str, Any] | None = None) -> None:
    """Note that this part of the installation is alive, and its figures."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now, facts=facts or {})],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at", "facts"],
    )


def figures(*, now: datetime) -> dict[str, Any]:
    """What /metrics tells: how late the oldest is, and what became of the last hour's messages."""
    rows = Occurrence.objects.using(PLANNER).filter(not_before__gt=now - HOUR, not_before__lte=now)
    counted = rows.values_list("channel", "state").order_by().annotate(Count("id"))
    return {
        "oldest_due_seconds": oldest_due_age(now=now).total_seconds(),
        "last_hour": [[channel, state, number] for channel, state, number in counted],
    }


def heartbeats(*, now: datetime) -> dict[str, timedelta]:
    """How long ago each part was last alive; a part that never was is absent."""
    return {name: now - at for name, at in Heartbeat.objects.values_list("name", "at")}


def fault(error: Exception) -> str:
    """An error for the log: its kind and place, never its words, which may quote a row."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def oldest_due_age(*, now: datetime) -> timedelta:
    """How long the oldest unplanned slot or unsent message has been waiting; zero if none is."""
    schedules = Schedule.objects.using(PLANNER).filter(next_due_at__lte=now)
    waiting = Occurrence.objects.using(PLANNER).filter(state="planned", not_before__lte=now)
    oldest = [
        schedules.aggregate(oldest=Min("next_due_at"))["oldest"],
        waiting.aggregate(oldest=Min("not_before"))["oldest"],
    ]
    return max((now - at for at in oldest if at is not None), default=timedelta(0))
