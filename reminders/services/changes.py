"""From what changed to schedules, and from red flags and messages to rows of the outbox.

Runs as the app, clinic by clinic: a Change row, what follows from it and its removal are one
transaction.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from itertools import chain
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import Change, Clinic, Membership
from accounts.scope import clinic_scope
from patients.models import PatientAccess
from programs.models import Program
from reminders.models import CalendarFeed, Schedule
from reminders.services.health import fault
from reminders.services.schedules import of_member, of_program
from reminders.services.urgent import fresh_flags, tell_care_team
from reminders.services.waiting import tell_of_message

BATCH, SECONDS = 50, 20

log = logging.getLogger(__name__)


def consume_changes(*, now: datetime, seconds: float = SECONDS) -> int:
    """Bring schedules up to date with every waiting Change row; returns how many were used up.

    Clinic by clinic, a few at a time, for so many seconds: after a flood of changes what is due is
    still planned in time, and the next tick goes on.
    """
    until, used = monotonic() + seconds, 0
    while clinics := list(Change.objects.order_by().values_list("clinic_id", flat=True).distinct()):
        before = used
        for clinic in clinics:
            used += _consume(clinic, now) if monotonic() < until else 0
        if used == before:
            return used
    return used


def recheck(*, now: datetime) -> list[UUID]:
    """Write anew the schedules of all that run and all who work; returns whose had differed.

    For the night: a Change row that somebody forgot shows here, and is made good.
    """
    clinics = list(Clinic.objects.values_list("id", flat=True))
    differed = [whose for clinic in clinics for whose in _recheck(clinic, now)]
    for whose in differed:
        log.warning("schedules of %s had missed a change", whose)
    return differed


def _recheck(clinic: UUID, now: datetime) -> list[UUID]:
    with clinic_scope(clinic):
        programs = Program.objects.running().values_list("id", flat=True)
        people = Membership.objects.filter(clinic_id=clinic).values_list("user_id", flat=True)
        return [
            *(id for id in programs if _differs(Q(program=id), _program, id, clinic, now)),
            *(id for id in {*people} if _differs(Q(recipient=id), _member, id, clinic, now)),
        ]


def _differs(whose: Q, write: "Handler", subject: UUID, clinic: UUID, now: datetime) -> bool:
    rows = Schedule.objects.filter(whose).order_by("kind", "slot")
    before = list(rows.values())
    write(subject, clinic, now)
    return before != list(rows.values())


def _consume(clinic: UUID, now: datetime) -> int:
    with clinic_scope(clinic):
        waiting = Change.objects.select_for_update(skip_locked=True).filter(clinic_id=clinic)
        by_subject: dict[tuple[str, UUID], list[int]] = {}
        for row in waiting.order_by("id")[:BATCH]:
            by_subject.setdefault((row.kind, row.subject), []).append(row.id)
        used = [ids for what, ids in by_subject.items() if _handled(*what, clinic, now)]
        Change.objects.filter(id__in=chain.from_iterable(used)).delete()
    return sum(map(len, used))


def _handled(kind: str, subject: UUID, clinic: UUID, now: datetime) -> bool:
    """Act on one change; one that raises is logged and kept, and holds up no other."""
    handle = HANDLERS.get(kind, _nothing)
    try:
        with transaction.atomic():
            handle(subject, clinic, now)
    except Exception as error:
        log.error("change of %s %s not handled: %s", kind, subject, fault(error))
        return False
    return True


def _program(program: UUID, clinic: UUID, now: datetime) -> None:
    of_program(program=program, now=now)
    for red_flag in fresh_flags(program=program, now=now):
        tell_care_team(red_flag=red_flag, now=now)


def _patient(patient: UUID, clinic: UUID, now: datetime) -> None:
    if not PatientAccess.objects.filter(patient=patient, until=None).exists():
        CalendarFeed.objects.filter(patient=patient, ended_at=None).update(ended_at=now)
    for program in Program.objects.running().filter(patient_id=patient):
        of_program(program=program.id, now=now)


def _red_flag(red_flag: UUID, clinic: UUID, now: datetime) -> None:
    tell_care_team(red_flag=red_flag, now=now)


def _message(message: UUID, clinic: UUID, now: datetime) -> None:
    tell_of_message(message=message, now=now)


def _member(user: UUID, clinic: UUID, now: datetime) -> None:
    of_member(user=user, clinic=clinic, now=now)


def _nothing(subject: UUID, clinic: UUID, now: datetime) -> None:
    """A change that reminders don't plan by."""


type Handler = Callable[[UUID, UUID, datetime], None]
HANDLERS: dict[str, Handler] = {
    "program": _program,
    "patient": _patient,
    "red_flag": _red_flag,
    "message": _message,
    "member": _member,
}
