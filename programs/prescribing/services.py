"""Assigning a program, pausing, resuming and ending it, and changing a dose by hand."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor
from patients.models import Patient
from programs.calendar import local_day
from programs.models import Interruption, Phase, Program, Signal
from programs.prescribing.dosing import DoseRefused, DoseWanted, change_dose
from programs.prescribing.giving import NotAssignable, checked_ladders, give_exercises
from programs.prescribing.plan import Changes, TemplateSource, kept_schedule
from programs.prescribing.rules import adjusted, check_with_ladders
from programs.wording import spoken

WHILE_ACTIVE = (Signal.Kind.FLARE, Signal.Kind.STUCK, Signal.Kind.SILENT)


class AlreadyRuns(NotAssignable):
    """A program runs for this patient; nothing was changed."""


@transaction.atomic
def assign_program(
    *, patient: Patient, source: TemplateSource, changes: Changes, by: Actor, at: datetime
) -> Program:
    """Give the patient this program: its own ladder with pinned revisions, and a dose a side.

    Raises NotAssignable (there is no exercise, a program already runs, resisted steps are not
    allowed yet, or nobody said that they know what isn't published) and RulesetError (the rules
    have faults).
    """
    if not source.exercises:
        raise NotAssignable(_("A program needs an exercise. Add one, then assign it."))
    ladders = checked_ladders(patient, source, changes)
    ruleset = adjusted(source, changes)
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
            end_on=changes.start_on + timedelta(weeks=source.weeks_with(changes.weeks), days=-1),
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
    first, *_later = _phases(program, source, changes.weeks)
    give_exercises(first, ladders, changes.exercises, at)
    _note(program, "assign_program", by)
    if ruleset.unpublished:
        audit.record(by=by, verb="acknowledge_unpublished", patients=[patient.id])
    return program


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


def _phases(program: Program, source: TemplateSource, weeks: int) -> list[Phase]:
    """The first phase, which starts with the program, and what a clinician starts after it."""
    own = {"clinic_id": program.clinic_id, "program": program}
    first = Phase(**own, weeks=weeks, start_on=program.start_on)
    later = [
        Phase(
            **own,
            position=position,
            name=spoken(each["name"]),
            weeks=each["weeks"],
            planned=each["prescriptions"],
        )
        for position, each in enumerate(source.later, 1)
    ]
    return Phase.objects.bulk_create([first, *later])


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
