"""Assigning a program, pausing, resuming and ending it, and changing a dose by hand."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor
from patients.models import Patient
from programs.calendar import local_day
from programs.doses import columns
from programs.models import (
    DoseVersion,
    Interruption,
    Phase,
    Prescription,
    PrescriptionStep,
    Program,
    Signal,
)
from programs.prescribing.dosing import DoseRefused, DoseWanted, change_dose
from programs.prescribing.plan import Changes, Rung, TemplateSource, kept_schedule, rungs
from programs.prescribing.rules import adjusted, check_with_ladders
from programs.progression import to_json

WHILE_ACTIVE = (Signal.Kind.FLARE, Signal.Kind.STUCK, Signal.Kind.SILENT)
SIDES = {"each": ("left", "right"), "left": ("left",), "right": ("right",)}


class NotAssignable(Exception):
    """The program can't be given as it is; `field` names the place in the form, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field


class AlreadyRuns(NotAssignable):
    """A program runs for this patient; nothing was changed."""


@transaction.atomic
def assign_program(
    *, patient: Patient, source: TemplateSource, changes: Changes, by: Actor, at: datetime
) -> Program:
    """Give the patient this program: its own ladder with pinned revisions, and a dose a side.

    Raises NotAssignable (a program already runs, resisted steps are not allowed yet, or nobody said
    that they know what isn't published) and RulesetError (the rules have faults).
    """
    ladders = _ladders(patient, source, changes)
    ruleset = adjusted(source.template.ruleset, changes)
    check_with_ladders(ruleset, ladders, patient)
    if ruleset.unpublished and not changes.acknowledged:
        raise NotAssignable(
            _("Parts of these rules are not published as such. Say that you know it."),
            "acknowledged",
        )
    program = _create(
        Program(
            clinic_id=patient.clinic_id,
            patient=patient,
            template=source.template,
            start_on=changes.start_on,
            end_on=changes.start_on + timedelta(weeks=changes.weeks, days=-1),
            weekdays=sorted(changes.weekdays),
            schedule=kept_schedule(source.template, changes),
            ruleset=ruleset.raw,
            ruleset_hash=ruleset.version,
            assigned_by_id=by.user_id,
            lead_id=by.user_id,
            assigned_at=at,
            acknowledged_at=at if ruleset.unpublished else None,
        )
    )
    _prescribe(program, ladders, changes, at)
    _note(program, "assign_program", by)
    if ruleset.unpublished:
        audit.record(by=by, verb="acknowledge_unpublished", patients=[patient.id])
    return program


def _ladders(patient: Patient, source: TemplateSource, changes: Changes) -> list[list[Rung]]:
    pairs = zip(source.exercises, changes.exercises, strict=True)
    per_week = len(changes.weekdays)
    ladders = [rungs(exercise, change, per_week=per_week) for exercise, change in pairs]
    for ladder, change in zip(ladders, changes.exercises, strict=True):
        _check_ladder(patient, ladder, change.start, changes.start_on)
    return ladders


def _check_ladder(patient: Patient, ladder: list[Rung], start: str, start_on: date) -> None:
    """Refuse what must not start: no first step, or resistance before its date is known or due."""
    first = next((rung for rung in ladder if rung.pinned.key == start), None)
    if first is None:
        raise NotAssignable(_("The first step must be one of the ticked steps."), "start")
    if not patient.needs_resisted_date:
        return
    allowed_from = patient.resisted_not_before
    if allowed_from is None and any(rung.pinned.resisted for rung in ladder):
        raise NotAssignable(
            _(
                "After this operation, resisted steps need the date they may start. "
                "Enter it for the patient, or untick the resisted steps."
            ),
            "steps",
        )
    if first.pinned.resisted and allowed_from and allowed_from > start_on:
        raise NotAssignable(
            _("The first step is resisted, and its date is still to come."), "start"
        )


def _create(program: Program) -> Program:
    try:
        with transaction.atomic():
            program.save(force_insert=True)
    except IntegrityError as error:
        if "one_running_program_per_patient" not in str(error):
            raise
        raise AlreadyRuns(
            _("A program already runs for this patient. End it first, then assign the new one.")
        ) from error
    return program


def _prescribe(program: Program, ladders: list[list[Rung]], changes: Changes, at: datetime) -> None:
    clinic = program.clinic_id
    phase = Phase.objects.create(clinic_id=clinic, program=program, start_on=program.start_on)
    prescriptions = Prescription.objects.bulk_create(
        Prescription(
            clinic_id=clinic, program=program, phase=phase, position=place, sides=change.sides
        )
        for place, change in enumerate(changes.exercises)
    )
    given = list(zip(prescriptions, ladders, changes.exercises, strict=True))
    PrescriptionStep.objects.bulk_create(
        _step(prescription, place, rung)
        for prescription, ladder, _change in given
        for place, rung in enumerate(ladder)
    )
    DoseVersion.objects.bulk_create(
        _first_dose(prescription, side, ladder, change.start, at)
        for prescription, ladder, change in given
        for side in SIDES[change.sides]
    )


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
    prescription: Prescription, side: str, ladder: list[Rung], start: str, at: datetime
) -> DoseVersion:
    place = next(i for i, rung in enumerate(ladder) if rung.pinned.key == start)
    return DoseVersion(
        clinic_id=prescription.clinic_id,
        prescription=prescription,
        side=side,
        number=1,
        step=place,
        at=at,
        **columns(ladder[place].entry),
    )


class NotNow(Exception):
    """The program is not in a state that allows this."""


@transaction.atomic
def pause_program(*, program: Program, reason: str, by: Actor, at: datetime) -> None:
    """Stop all due sessions from today on, until resumed. Raises NotNow unless it is active."""
    locked = _lock(program, Program.Status.ACTIVE)
    Interruption.objects.create(
        clinic_id=locked.clinic_id,
        program=locked,
        kind=Interruption.Kind.PAUSE,
        first_day=local_day(at, locked.patient.time_zone),
        reason=reason,
    )
    locked.signals.filter(kind__in=WHILE_ACTIVE).delete()
    _set_status(locked, Program.Status.PAUSED)
    _note(locked, "pause_program", by)


@transaction.atomic
def resume_program(*, program: Program, by: Actor, at: datetime) -> None:
    """Let sessions be due again from today on. Raises NotNow unless it is paused."""
    locked = _lock(program, Program.Status.PAUSED)
    _close_interruptions(locked, at)
    locked.signals.filter(kind=Signal.Kind.LEFT).delete()
    _set_status(locked, Program.Status.ACTIVE)
    _note(locked, "resume_program", by)


@transaction.atomic
def end_program(*, program: Program, by: Actor, at: datetime) -> None:
    """End the program today, whatever its state; what was logged stays. Raises NotNow if ended."""
    locked = _lock(program, Program.Status.ACTIVE, Program.Status.PAUSED, Program.Status.LOCKED)
    _close_interruptions(locked, at)
    locked.end_on = max(
        locked.start_on, min(locked.end_on, local_day(at, locked.patient.time_zone))
    )
    locked.status = Program.Status.ENDED
    locked.save(update_fields=["end_on", "status"])
    locked.signals.all().delete()
    _note(locked, "end_program", by)


def _lock(program: Program, *states: Program.Status) -> Program:
    row = (
        Program.objects.select_for_update(of=("self",)).select_related("patient").get(pk=program.pk)
    )
    if row.status not in states:
        raise NotNow(row.status)
    return row


def _close_interruptions(program: Program, at: datetime) -> None:
    """Yesterday is the last day of what was open; a pause of this very day leaves no day out."""
    yesterday = local_day(at, program.patient.time_zone) - timedelta(days=1)
    program.interruptions.filter(last_day=None).update(last_day=yesterday)


def _set_status(program: Program, status: Program.Status) -> None:
    program.status = status
    program.save(update_fields=["status"])


def _note(program: Program, verb: str, by: Actor) -> None:
    audit.record(by=by, verb=verb, patients=[program.patient_id])
    changed(kind="program", subject=program.id, clinic=program.clinic_id)


__all__ = [
    "AlreadyRuns",
    "DoseRefused",
    "DoseWanted",
    "NotAssignable",
    "NotNow",
    "assign_program",
    "change_dose",
    "end_program",
    "pause_program",
    "resume_program",
]
