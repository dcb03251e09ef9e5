"""After a restore from a backup: what was due since it was taken may have left already."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from reminders.models import Occurrence
from reminders.services.health import PLANNER
from reminders.services.planner import plan_due

State = Occurrence.State


def pass_over(*, now: datetime) -> int:
    """Let nothing leave that was due by `now`: each such message is unknown, and says why.

    Before any worker runs again. Returns how many were passed over.
    """
    plan_due(now=now, enqueue=_nobody)
    held = Q(state__in=[State.LEASED, State.SENDING])
    due = Occurrence.objects.using(PLANNER).filter(
        held | Q(state=State.PLANNED, not_before__lte=now)
    )
    return due.update(state=State.UNKNOWN, reason="restored", token=None, leased_until=None)


def _nobody(channel: str, ids: Sequence[UUID]) -> None:
    """Nothing is to be sent."""
