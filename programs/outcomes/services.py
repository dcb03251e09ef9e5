"""A patient's scores, told all at once by staff."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from accounts.roles import Actor
from patients.models import Patient
from patients.scoring import rate_activity, rate_change
from programs.logging.services import tell_usual_pain


@transaction.atomic
def enter_scores(
    *,
    patient: Patient,
    pain: int | None,
    rated: Mapping[str, int],
    change: int | None,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    """Store what was told of today; all of it or nothing. Safe twice, as each answer is."""
    if pain is not None:
        tell_usual_pain(patient=patient, pain=pain, by=by, at=at)
    for activity, value in rated.items():
        rate_activity(patient=patient, activity=activity, value=value, on=on, by=by, at=at)
    if change is not None:
        rate_change(patient=patient, value=change, on=on, by=by, at=at)
