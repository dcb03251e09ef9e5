"""Every ten seconds: take back what a dead worker held, and wake up what the queue lost."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from reminders.models import Occurrence
from reminders.services.health import PLANNER
from reminders.services.planner import Enqueue

LOST_AFTER = timedelta(seconds=30)
AT_ONCE = 5000
REPEATS = 2

State = Occurrence.State


def sweep(*, now: datetime, enqueue: Enqueue) -> int:
    """Return expired leases to the outbox and enqueue what waits; returns how many were woken.

    An email whose sender died after it had begun goes out again with the same id, at most twice
    more: at least once is the guarantee of email. Past that it is unknown, for good.
    """
    held = Occurrence.objects.using(PLANNER).filter(leased_until__lte=now)
    free = {"token": None, "leased_until": None, "enqueued_at": None}
    held.filter(state=State.LEASED).update(state=State.PLANNED, **free)
    stuck = held.filter(state=State.SENDING)
    stuck.filter(not_after__lte=now).update(state=State.UNKNOWN, reason="late", **free)
    stuck.filter(repeats__gte=REPEATS).update(state=State.UNKNOWN, reason="no_answer", **free)
    stuck.update(state=State.PLANNED, repeats=F("repeats") + 1, **free)
    return _wake(now, enqueue)


def _wake(now: datetime, enqueue: Enqueue) -> int:
    asleep = Q(enqueued_at=None) | Q(enqueued_at__lte=now - LOST_AFTER)
    waiting = Occurrence.objects.using(PLANNER).filter(
        asleep, state=State.PLANNED, not_before__lte=now
    )
    ids = list(waiting.order_by("not_before").values_list("id", flat=True)[:AT_ONCE])
    Occurrence.objects.using(PLANNER).filter(id__in=ids).update(enqueued_at=now)
    if ids:
        enqueue(ids)
    return len(ids)
