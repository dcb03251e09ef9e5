"""What Celery runs for programs: time itself is news to the rules."""

from celery import shared_task
from django.utils import timezone

from programs.decisions import services

JUDGED_AT = 3  # by the patient's own clock, when nobody trains


@shared_task(acks_late=True, reject_on_worker_lost=True)
def judge_time() -> int:
    """Once an hour: gaps and silence of those for whom a new day has begun."""
    return services.tick_programs(now=timezone.now(), local_hour=JUDGED_AT)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def tidy_queues() -> None:
    """Every few minutes: covers that are over leave the queues, and counts are added up."""
    services.tidy_queues()
