"""A program ends with a home plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.roles import Actor
from programs.calendar import local_day
from programs.models import Discharge, Program
from programs.outcomes.services import enter_scores
from programs.prescribing.services import end_program


@dataclass(frozen=True)
class Farewell:
    """What is written at the end: for the patient, but for the reason."""

    reason: str
    plan: str
    contact: str


@dataclass(frozen=True)
class FinalScores:
    """What was asked on the last day; empty where nothing was."""

    pain: int | None
    rated: Mapping[str, int]
    change: int | None


@transaction.atomic
def discharge(
    *, program: Program, words: Farewell, scores: FinalScores, by: Actor, at: datetime
) -> bool:
    """End the program, keep its last scores and the home plan; False where it was done before.

    One that was ended without a word gets its home plan afterwards.
    """
    row = Program.objects.select_for_update(of=("self",)).select_related("patient")
    locked = row.get(id=program.id)
    if locked.discharges.exists():
        return False
    enter_scores(
        patient=locked.patient,
        pain=scores.pain,
        rated=scores.rated,
        change=scores.change,
        on=local_day(at, locked.patient.time_zone),
        by=by,
        at=at,
    )
    if locked.status != Program.Status.ENDED:
        end_program(program=locked, by=by, at=at)
    Discharge.objects.create(
        clinic_id=locked.clinic_id,
        program=locked,
        reason=words.reason,
        plan=words.plan,
        contact=words.contact,
        by_id=by.user_id,
        at=at,
    )
    audit.record(by=by, verb="discharge", patients=[locked.patient_id])
    return True
