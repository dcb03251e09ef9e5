"""What Celery runs for patients: a day begins on which somebody is away."""

from celery import shared_task
from django.utils import timezone

from patients.away import follow_absences


@shared_task(acks_late=True, reject_on_worker_lost=True)
def follow() -> int:
    """Every few minutes: stand-ins get their places."""
    return follow_absences(now=timezone.now())
