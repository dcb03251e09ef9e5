"""\"Later\": the one further message of the day, at the time that the patient wants it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import AuditEvent
from programs.calendar import local_day
from reminders.models import Kind, Occurrence
from reminders.planning import Quiet, is_quiet
from reminders.services import facts

LATER = (timedelta(hours=1), timedelta(hours=3))

State = Occurrence.State


def choices(occurrence: Occurrence, now: datetime) -> list[timedelta]:
    """How much later it may come: today, outside quiet hours, and only once."""
    return [later for later in LATER if _may_come(occurrence, now + later)]


@transaction.atomic
def snooze(*, occurrence: Occurrence, later: timedelta, at: datetime) -> bool:
    """Plan the day's further message for then; False if it can't come. Safe twice.

    Takes no `by`: whoever holds the signed link of a message may put it off. Needs the clinic's
    scope.
    """
    if not _may_come(occurrence, at + later):
        return False
    again = Occurrence(
        clinic_id=occurrence.clinic_id,
        patient_id=occurrence.patient_id,
        program_id=occurrence.program_id,
        kind=Kind.NUDGE,
        channel=occurrence.channel,
        local_date=occurrence.local_date,
        due_at=at + later,
        not_before=at + later,
        not_after=at + later + facts.GRACE,
    )
    Occurrence.objects.bulk_create([again], ignore_conflicts=True)
    waiting = _nudge(occurrence).filter(state=State.PLANNED)
    moved = waiting.update(
        due_at=at + later,
        not_before=at + later,
        not_after=at + later + facts.GRACE,
        enqueued_at=None,
    )
    if moved:
        _note(occurrence)
    return bool(moved)


def _note(occurrence: Occurrence) -> None:
    AuditEvent.objects.create(
        clinic_id=occurrence.clinic_id,
        kind=AuditEvent.Kind.WRITE,
        route="reminders:later",
        verbs=["snooze"],
        patient_ids=[occurrence.patient_id],
    )


def _may_come(occurrence: Occurrence, at: datetime) -> bool:
    """It stays on its day, out of the quiet hours, and its second message hasn't left yet."""
    patient = occurrence.patient
    if patient is None or local_day(at, patient.time_zone) != occurrence.local_date:
        return False
    if is_quiet(at, Quiet(patient.quiet_from, patient.quiet_until), patient.time_zone):
        return False
    return not _nudge(occurrence).exclude(state__in=[State.PLANNED, State.LEASED]).exists()


def _nudge(occurrence: Occurrence) -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(
        patient=occurrence.patient_id, kind=Kind.NUDGE, local_date=occurrence.local_date
    )
