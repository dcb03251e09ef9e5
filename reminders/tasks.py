"""What Celery runs: the clock is read here, the work is in services. Arguments are ids only."""

import logging
from collections.abc import Sequence
from uuid import UUID

from celery import shared_task

from programs.decisions import services as decisions
from reminders import services

ONE_TASK = 100

log = logging.getLogger(__name__)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def tick() -> int:
    """Plan what is due. Running at all shows that beat asks and a worker works."""
    clock = services.database_clock()
    services.beat(name="beat", now=clock())
    services.beat(name="worker", now=clock())
    return services.plan_due(now=clock(), enqueue=enqueue, call_help=call_help)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def plan() -> int:
    """Help a tick that has more to plan than one batch: they share what is due between them."""
    now = services.database_clock()()
    return services.plan_slots(now=now, enqueue=enqueue, call_help=call_help)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def sweep() -> int:
    """Take back what dead workers held; wake what the queue lost."""
    clock = services.database_clock()
    now = clock()
    services.beat(name="worker", now=now)
    services.apply_receipts(now=now)
    return services.sweep(now=now, enqueue=enqueue)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def measure() -> None:
    """Every minute: the figures that /metrics tells."""
    now = services.database_clock()()
    services.beat(name=services.FIGURES, now=now, facts=services.figures(now=now))


@shared_task(acks_late=True, reject_on_worker_lost=True)
def recheck() -> int:
    """Once a night: schedules that missed a change are put right and named in the log."""
    return len(services.recheck(now=services.database_clock()()))


@shared_task(acks_late=True, reject_on_worker_lost=True, time_limit=6 * 60 * 60)
def check_queues() -> int:
    """Once a night: the clinicians' queues worked out anew; a difference is told by /readyz."""
    now = services.database_clock()()
    found = decisions.check_queues(now=now)
    if found:
        services.beat(name=services.QUEUES_DIFFER, now=now)
    return found


@shared_task(acks_late=True, reject_on_worker_lost=True)
def deliver(channel: str, ids: list[str]) -> int:
    """Send these occurrences over this channel."""
    clock = services.database_clock()
    return services.deliver(channel=channel, occurrences=[UUID(id) for id in ids], clock=clock)


def enqueue(channel: str, ids: Sequence[UUID]) -> None:
    """Hand ids to the channel's workers, some a task; a broker that is away costs only time."""
    for first in range(0, len(ids), ONE_TASK):
        some = [str(id) for id in ids[first : first + ONE_TASK]]
        try:
            deliver.apply_async((channel, some), queue=channel)
        except deliver.OperationalError:
            log.warning("queue is away; the next sweep tries again")
            return


def call_help() -> None:
    """One worker more for planning, if there is one and it hears of it."""
    try:
        plan.apply_async()
    except plan.OperationalError:
        log.warning("queue is away; planning goes on alone")
