"""The tick: what is due becomes an outbox row, and its schedule moves on, in one transaction.

1. Change rows bring schedules up to date (as the app, clinic by clinic).
2. As the planner, over all clinics: schedules whose `next_due_at` has come are locked, those that
   another tick holds are skipped.
3. One transaction inserts their occurrences and moves each schedule to its next slot. The unique
   key (patient, kind, local day, slot) makes a second row impossible.
4. After the commit the new ids go to the queue, as a speed-up: `sweep` finds what got lost.

Where more is due than one batch, the first calls for help: any number may plan at once.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connections, transaction

from reminders.models import Schedule
from reminders.planning import Due, due
from reminders.services import facts
from reminders.services.changes import consume_changes
from reminders.services.health import PLANNER, fault
from reminders.services.urgent import escalate

BATCH = 1000
PUSH_ON = timedelta(hours=1)
# Schedules that are due, together where their days and times are the same: worked out once.
HOLD = """
    with held as (
        select * from reminders_schedule where next_due_at <= %s
        order by next_due_at limit %s for update skip locked)
    select (array_agg(id))[1] as id, array_agg(id) as ids, kind, slot, days_after, local_time,
        day_times, zone, quiet_from, quiet_until, plan, next_on
    from held
    group by kind, slot, days_after, local_time, day_times, zone, quiet_from, quiet_until, plan,
        next_on"""
WRITE = """
    insert into reminders_occurrence (
        id, clinic_id, patient_id, program_id, recipient_id, subject, kind, channel, tried,
        local_date, slot, due_at, not_before, not_after, state, reason, enqueued_at, attempts,
        repeats, message_id)
    select uuidv7(), s.clinic_id, s.patient_id, s.program_id, s.recipient_id,
        case when s.recipient_id is not null then s.clinic_id end, s.kind, s.channel, '{}',
        v.local_date, s.slot, v.at, v.at, v.not_after,
        case when v.not_after <= %s then 'missed' else 'planned' end,
        case when v.not_after <= %s then 'late' else '' end, %s, 0, 0, ''
    from unnest(%s::uuid[], %s::date[], %s::timestamptz[], %s::timestamptz[])
        v(schedule, local_date, at, not_after)
    join reminders_schedule s on s.id = v.schedule
    on conflict do nothing
    returning state, channel, clinic_id, id"""
MOVE = """
    update reminders_schedule s set next_on = v.next_on, next_due_at = v.next_due_at
    from unnest(%s::uuid[], %s::date[], %s::timestamptz[]) v(id, next_on, next_due_at)
    where s.id = v.id"""

Enqueue = Callable[[str, Sequence[UUID]], None]  # the channel, and whose messages
Message = tuple[str, UUID, UUID]  # its channel, clinic, and id

log = logging.getLogger(__name__)


class Step(NamedTuple):
    """What becomes of schedules that are alike: the slot that is due, and when the next one is."""

    schedules: Sequence[UUID]
    one: Due | None
    next_on: date | None
    next_due_at: datetime | None


def plan_due(
    *, now: datetime, enqueue: Enqueue, call_help: Callable[[], None] | None = None
) -> int:
    """Write an occurrence for every slot that is due by `now`; returns how many slots."""
    consume_changes(now=now)
    escalate(now=now)
    return plan_slots(now=now, enqueue=enqueue, call_help=call_help)


def plan_slots(
    *, now: datetime, enqueue: Enqueue, call_help: Callable[[], None] | None = None
) -> int:
    """Only that, batch by batch; `call_help` is called once, if there is more than a batch."""
    planned = 0
    while batch := _plan_batch(now, enqueue):
        if call_help and batch == BATCH and not planned:
            call_help()
        planned += batch
    return planned


def _plan_batch(now: datetime, enqueue: Enqueue) -> int:
    with transaction.atomic(using=PLANNER):
        held = Schedule.objects.using(PLANNER).raw(HOLD, [now, BATCH])
        steps = [_step(alike, now) for alike in held]
        if steps:
            planned = _write(steps, now)
            _move(steps)
            transaction.on_commit(partial(_wake, planned, enqueue), using=PLANNER, robust=True)
    return sum(len(step.schedules) for step in steps)


def _wake(planned: Sequence[Message], enqueue: Enqueue) -> None:
    """Say to each channel's workers what was planned; a clinic's messages stand together."""
    for channel, mine in by_channel(planned):
        enqueue(channel, mine)


def by_channel(rows: Iterable[Message]) -> Iterator[tuple[str, list[UUID]]]:
    """(channel, clinic, message) as one list of messages a channel, clinic by clinic."""
    for channel, mine in groupby(sorted(rows), key=itemgetter(0)):
        yield channel, [id for _channel, _clinic, id in mine]


def _step(alike: Schedule, now: datetime) -> Step:
    """The slot that is due and the very next one, even if that is past too: each gets its row.

    Schedules that raise wait an hour.
    """
    day = cast(date, alike.next_on)  # a constraint: what is due has its day
    ids: Sequence[UUID] = vars(alike)["ids"]
    try:
        timing = facts.timing(alike)
        later = next(facts.coming(alike.plan, alike.slot, day), None)
        coming = later and due(*later, timing)
        one = due(day, alike.slot, timing)
    except Exception as error:
        for id in ids:
            log.error("slot of schedule %s not planned: %s", id, fault(error))
        return Step(ids, None, day, now + PUSH_ON)
    return Step(ids, one, *((coming.local_date, coming.at) if coming else (None, None)))


def _write(steps: Iterable[Step], now: datetime) -> list[Message]:
    """The messages, but for those that stand already; returns the ones that may leave."""
    rows = [
        (id, step.one.local_date, step.one.at, step.one.not_after)
        for step in steps
        if step.one
        for id in step.schedules
    ]
    with connections[PLANNER].cursor() as cursor:
        cursor.execute(WRITE, [now, now, now, *_columns(rows, 4)])
        return [
            (channel, clinic, id) for state, channel, clinic, id in cursor if state == "planned"
        ]


def _move(steps: Iterable[Step]) -> None:
    rows = [(id, step.next_on, step.next_due_at) for step in steps for id in step.schedules]
    with connections[PLANNER].cursor() as cursor:
        cursor.execute(MOVE, _columns(rows, 3))


def _columns(rows: Sequence[tuple[Any, ...]], number: int) -> list[list[Any]]:
    """One list a column, even of no rows."""
    return [[row[column] for row in rows] for column in range(number)]
