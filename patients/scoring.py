"""Outcome scores: what a patient can do, in their own words, and how much has changed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from accounts import audit
from accounts.roles import Actor
from patients.models import OutcomeScore, Patient

MOST = 3  # activities of a patient
Kind = OutcomeScore.Kind

# The values of patients.unread.reader: whose scores; the newest last.
SCORES = """(
    select json_agg(json_build_array(s.kind, s.number, s.activity, s.value, s.local_date)
        order by s.local_date, s.at)
    from patients_outcomescore s where s.patient_id = %(patient)s)"""


class Score(NamedTuple):
    """One answer; `number` says which of the activities, 0 for the change."""

    kind: str
    number: int
    activity: str
    value: int
    day: date


class TooMany(ValueError):
    """Three activities are named already."""


def scores_in(rows: Iterable[Any] | None) -> list[Score]:
    """What SCORES read: of each day the answer that holds, oldest first."""
    told = [Score._make((*rest, date.fromisoformat(day))) for *rest, day in rows or ()]
    return _held(told)


def scores_of(patient: Patient) -> list[Score]:
    """All scores of a patient, as scores_in."""
    rows = patient.outcome_scores.order_by("local_date", "at")
    named = rows.values_list("kind", "number", "activity", "value", "local_date")
    return _held(Score(*row) for row in named)


def _held(told: Iterable[Score]) -> list[Score]:
    """The last answer of each day; the answers come oldest first."""
    return list({(one.kind, one.number, one.day): one for one in told}.values())


def activities_in(scores: Iterable[Score]) -> dict[int, str]:
    """The patient's activities by number, as they were worded last."""
    return {one.number: one.activity for one in scores if one.kind == Kind.ACTIVITY}


@transaction.atomic
def rate_activity(
    *, patient: Patient, activity: str, value: int, on: date, by: Actor, at: datetime
) -> OutcomeScore:
    """Store how well the patient can do this, 0 to 10; words that are new name another activity.

    Raises TooMany. The same answer twice on a day is one; another one corrects it.
    """
    Patient.objects.select_for_update().get(id=patient.id)
    named = activities_in(scores_of(patient))
    wanted = " ".join(activity.split())
    known = {words.casefold(): number for number, words in named.items()}
    number = known.get(wanted.casefold(), len(named) + 1)
    if number > MOST:
        raise TooMany
    told = {"kind": Kind.ACTIVITY, "number": number, "activity": named.get(number, wanted)}
    return _told(patient, told, value, on, by, at)


@transaction.atomic
def rate_change(*, patient: Patient, value: int, on: date, by: Actor, at: datetime) -> OutcomeScore:
    """Store how much has changed since the start, -5 to 5. Safe twice, as rate_activity."""
    Patient.objects.select_for_update().get(id=patient.id)
    return _told(patient, {"kind": Kind.CHANGE, "number": 0}, value, on, by, at)


def _told(
    patient: Patient, told: dict[str, Any], value: int, on: date, by: Actor, at: datetime
) -> OutcomeScore:
    same = {"kind": told["kind"], "number": told["number"], "local_date": on}
    last = patient.outcome_scores.filter(**same).order_by("-revision").first()
    if last and last.value == value:
        return last
    audit.record(by=by, verb="tell_outcome", patients=[patient.id])
    return OutcomeScore.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        **told,
        value=value,
        local_date=on,
        revision=last.revision + 1 if last else 0,
        author_id=by.user_id,
        from_patient=by.patient_id is not None,
        at=at,
    )
