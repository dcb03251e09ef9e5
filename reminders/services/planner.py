"""The tick: what is due becomes an outbox row, and its schedule moves on, in one transaction.

1. Change rows bring schedules up to date (as the app, clinic by clinic).
2. As the planner, over all clinics: schedules whose `next_due_at` has come are locked, those that
   another tick holds are skipped.
3. One transaction inserts their occurrences and moves each schedule to its next slot. The unique
   key (patient, kind, local day, slot) makes a second row impossible.
4. After the commit the new ids go to the queue, as a speed-up: `sweep` finds what got lost.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import connections, transaction

from reminders.models import Occurrence, Schedule
from reminders.planning import due
from reminders.services import facts
from reminders.services.changes import consume_changes
from reminders.services.health import PLANNER, fault

BATCH = 1000
PUSH_ON = timedelta(hours=1)

Enqueue = Callable[[Sequence[UUID]], None]

log = logging.getLogger(__name__)


def plan_due(*, now: datetime, enqueue: Enqueue) -> int:
    """Write an occurrence for every slot that is due by `now`; returns how many slots."""
    consume_changes(now=now)
    planned = 0
    while batch := _plan_batch(now, enqueue):
        planned += batch
    return planned


def _plan_batch(now: datetime, enqueue: Enqueue) -> int:
    with transaction.atomic(using=PLANNER):
        waiting = Schedule.objects.using(PLANNER).select_for_update(skip_locked=True)
        schedules = list(waiting.filter(next_due_at__lte=now).order_by("next_due_at")[:BATCH])
        rows = [row for schedule in schedules if (row := _step(schedule, now))]
        Occurrence.objects.using(PLANNER).bulk_create(rows, ignore_conflicts=True)
        _move(schedules)
        ids = [row.id for row in rows if row.state == Occurrence.State.PLANNED]
        transaction.on_commit(lambda: enqueue(ids), using=PLANNER, robust=True)
    return len(schedules)


def _step(schedule: Schedule, now: datetime) -> Occurrence | None:
    """The occurrence that is due, and the schedule moved on; one that raises waits an hour."""
    day = cast(date, schedule.next_on)  # a constraint: what is due has its day
    try:
        row = _occurrence(schedule, day, now)
        _move_on(schedule, day)
    except Exception as error:
        log.error("slot of schedule %s not planned: %s", schedule.id, fault(error))
        schedule.next_due_at = now + PUSH_ON
        return None
    return row


def _occurrence(schedule: Schedule, day: date, now: datetime) -> Occurrence:
    one = due(day, schedule.slot, facts.timing(schedule))
    late = now >= one.not_after
    return Occurrence(
        clinic_id=schedule.clinic_id,
        patient_id=schedule.patient_id,
        program_id=schedule.program_id,
        kind=schedule.kind,
        local_date=one.local_date,
        slot=one.number,
        due_at=one.at,
        not_before=one.at,
        not_after=one.not_after,
        state=Occurrence.State.MISSED if late else Occurrence.State.PLANNED,
        reason="late" if late else "",
        enqueued_at=now,
    )


def _move_on(schedule: Schedule, day: date) -> None:
    """To the very next slot, even if that is past too: every slot gets its row."""
    slots = facts.coming(facts.restored(schedule.plan), schedule.slot, day)
    later = next(slots, None)
    one = later and due(*later, facts.timing(schedule))
    schedule.next_on = one.local_date if one else None
    schedule.next_due_at = one.at if one else None


def _move(schedules: Sequence[Schedule]) -> None:
    if not schedules:
        return
    with connections[PLANNER].cursor() as cursor:
        cursor.execute(
            """update reminders_schedule s set next_on = v.next_on, next_due_at = v.next_due_at
               from unnest(%s::uuid[], %s::date[], %s::timestamptz[]) v(id, next_on, next_due_at)
               where s.id = v.id""",
            [
                [schedule.id for schedule in schedules],
                [schedule.next_on for schedule in schedules],
                [schedule.next_due_at for schedule in schedules],
            ],
        )
