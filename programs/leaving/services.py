"""A patient leaves: their program waits, and the clinic reads it in the queue."""

from datetime import datetime

from django.db import transaction

from accounts.roles import Actor
from patients.leaving import end_access
from patients.models import Patient
from programs.models import Program, Signal
from programs.prescribing.services import pause_program


@transaction.atomic
def leave(*, patient: Patient, by: Actor, at: datetime) -> bool:
    """End the person's access; with the last one reminders, consents and training end too.

    A running program is paused, so that nothing counts as missed: whether it ends, or goes on on
    paper, is the clinician's to say. A locked one stays locked. True if nobody is left.
    """
    everyone = end_access(patient=patient, by=by, at=at)
    if everyone:
        for program in patient.programs.exclude(status=Program.Status.ENDED):
            if program.status == Program.Status.ACTIVE:
                pause_program(program=program, reason="", by=by, at=at)
            _tell(program, at)
    return everyone


def _tell(program: Program, at: datetime) -> None:
    row = Signal(
        clinic_id=program.clinic_id,
        patient_id=program.patient_id,
        program=program,
        kind=Signal.Kind.LEFT,
        since=at,
    )
    Signal.objects.bulk_create([row], ignore_conflicts=True)
