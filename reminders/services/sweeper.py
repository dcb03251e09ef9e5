"""Every ten seconds: take back what a dead worker held, and wake up what the queue lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from patients.models import Channel
from reminders.models import Occurrence
from reminders.services.health import PLANNER
from reminders.services.planner import Enqueue, by_channel

LOST_AFTER = timedelta(seconds=30)
AT_ONCE = 5000
REPEATS = 2

State = Occurrence.State


def sweep(*, now: datetime, enqueue: Enqueue) -> int:
    """Return expired leases to the outbox and enqueue what waits; returns how many were woken.

    An email or notification whose sender died after it had begun goes out again with the same id,
    at most twice more: at least once is their guarantee. Past that it is unknown, for good; a text
    is so at once, for it leaves at most once.
    """
    held = Occurrence.objects.using(PLANNER).filter(leased_until__lte=now)
    free = {"token": None, "leased_until": None, "enqueued_at": None}
    held.filter(state=State.LEASED).update(state=State.PLANNED, **free)
    stuck = held.filter(state=State.SENDING)
    lost = stuck.filter(Q(channel=Channel.SMS) | Q(repeats__gte=REPEATS))
    lost.update(state=State.UNKNOWN, reason="no_answer", **free)
    stuck.filter(not_after__lte=now).update(state=State.UNKNOWN, reason="late", **free)
    stuck.update(state=State.PLANNED, repeats=F("repeats") + 1, **free)
    return _wake(now, enqueue)


def lay_down(occurrences: Sequence[UUID]) -> None:
    """Leave these to the next sweep."""
    if occurrences:
        waiting = Occurrence.objects.using(PLANNER).filter(id__in=occurrences, state=State.PLANNED)
        waiting.update(enqueued_at=None)


def _wake(now: datetime, enqueue: Enqueue) -> int:
    asleep = Q(enqueued_at=None) | Q(enqueued_at__lte=now - LOST_AFTER)
    waiting = Occurrence.objects.using(PLANNER).filter(
        asleep, state=State.PLANNED, not_before__lte=now
    )
    oldest = waiting.order_by("not_before").values_list("channel", "clinic_id", "id")
    rows = list(oldest[:AT_ONCE])
    ids = [id for _channel, _clinic, id in rows]
    Occurrence.objects.using(PLANNER).filter(id__in=ids).update(enqueued_at=now)
    for channel, mine in by_channel(rows):
        enqueue(channel, mine)
    return len(ids)
