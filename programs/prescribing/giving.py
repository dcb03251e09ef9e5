"""A phase gets its exercises: its own ladders with pinned revisions, and a dose a side."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from patients.models import Patient
from programs.codec import to_json
from programs.doses import columns
from programs.models import DoseVersion, Phase, Prescription, PrescriptionStep
from programs.prescribing.plan import (
    Changes,
    ExerciseChange,
    Rung,
    TemplateSource,
    first_of,
    ladders_of,
)

SIDES = {"each": ("left", "right"), "left": ("left",), "right": ("right",)}


class NotAssignable(Exception):
    """The program can't be given as it is.

    `field` names the place in the form, if any, and `exercise` which exercise's form it is.
    """

    def __init__(self, message: str, field: str | None = None, exercise: int | None = None) -> None:
        super().__init__(message)
        self.message, self.field, self.exercise = message, field, exercise


class Given(NamedTuple):
    """What a phase now prescribes."""

    steps: list[PrescriptionStep]
    doses: list[DoseVersion]


def checked_ladders(patient: Patient, source: TemplateSource, changes: Changes) -> list[list[Rung]]:
    """The ladders of the exercises. Raises NotAssignable where one must not start as it is."""
    ladders = ladders_of(source, changes)
    for place, (ladder, change) in enumerate(zip(ladders, changes.exercises, strict=True)):
        _check_start(patient, ladder, change, changes.start_on, place)
    return ladders


def _check_start(
    patient: Patient, ladder: list[Rung], change: ExerciseChange, start_on: date, place: int
) -> None:
    """Refuse what must not start: no first step, or resistance before its date is known or due."""
    if all(rung.pinned.key != change.start for rung in ladder):
        raise NotAssignable(_("The first step must be one of the ticked steps."), "start", place)
    dated = patient.resisted_not_before or not patient.needs_resisted_date
    if not dated and any(rung.pinned.resisted for rung in ladder):
        raise NotAssignable(
            _(
                "After this operation, resisted steps need the date they may start. "
                "Enter it for the patient, or untick the resisted steps."
            ),
            "steps",
            place,
        )
    first = ladder[first_of(ladder, change)]
    if first.pinned.resisted and patient.resisted_closed(start_on):
        raise NotAssignable(
            _("The first step is resisted, and its date is still to come."), "start", place
        )


def give_exercises(
    phase: Phase, ladders: list[list[Rung]], exercises: Iterable[ExerciseChange], at: datetime
) -> Given:
    """Write the exercises of a phase, each with its ladder and the first dose of each side."""
    changes = list(exercises)
    prescriptions = Prescription.objects.bulk_create(
        Prescription(
            clinic_id=phase.clinic_id,
            program_id=phase.program_id,
            phase=phase,
            position=place,
            sides=change.sides,
        )
        for place, change in enumerate(changes)
    )
    given = list(zip(prescriptions, ladders, changes, strict=True))
    steps = PrescriptionStep.objects.bulk_create(
        _step(prescription, place, rung)
        for prescription, ladder, _change in given
        for place, rung in enumerate(ladder)
    )
    doses = DoseVersion.objects.bulk_create(
        _first_dose(prescription, side, ladder, first_of(ladder, change), at)
        for prescription, ladder, change in given
        for side in SIDES[change.sides]
    )
    return Given(steps, doses)


def _step(prescription: Prescription, place: int, rung: Rung) -> PrescriptionStep:
    return PrescriptionStep(
        clinic_id=prescription.clinic_id,
        prescription=prescription,
        position=place,
        revision_id=rung.pinned.revision.id,
        laterality=rung.pinned.laterality,
        entry=to_json(rung.entry),
        bounds=to_json(rung.bounds),
        equipment=rung.pinned.equipment,
        resisted=rung.pinned.resisted,
    )


def _first_dose(
    prescription: Prescription, side: str, ladder: list[Rung], place: int, at: datetime
) -> DoseVersion:
    return DoseVersion(
        clinic_id=prescription.clinic_id,
        prescription=prescription,
        side=side,
        number=1,
        step=place,
        at=at,
        **columns(ladder[place].entry),
    )
