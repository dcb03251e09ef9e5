"""A patient who is monitored, with time and a contact."""

from datetime import datetime, timedelta

from accounts.roles import Actor
from desk.models import Episode
from desk.monitoring import services
from patients.models import Patient


def watched(patient: Patient, by: Actor, at: datetime) -> Episode:
    """Since the day of `at`: a review, timed, and a call. Needs the clinic's scope."""
    day = at.date()
    episode = services.start_monitoring(
        patient=patient,
        started_on=day,
        consent_on=day,
        consent_way="written",
        taught_on=day,
        taught_way="here",
        by=by,
        at=at,
    )
    services.start_timer(episode=episode, activity="review", by=by, at=at - timedelta(minutes=4))
    services.stop_timer(episode=episode, by=by, at=at)
    services.add_contact(
        episode=episode, held_at=at, method="phone", outcome="patient", by=by, at=at
    )
    return episode
