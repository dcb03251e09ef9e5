"""From what changed in programs and patients to schedules, and from red flags to urgent rows.

Runs as the app, clinic by clinic: a Change row, the schedules that follow from it and its removal
are one transaction.
"""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import chain
from uuid import UUID

from django.db import transaction

from accounts.models import Change, Clinic
from accounts.scope import clinic_scope
from programs.models import Program
from programs.schedule import Plan
from reminders.models import Kind, Schedule
from reminders.planning import Due, next_due
from reminders.services import facts
from reminders.services.health import fault
from reminders.services.urgent import fresh_flags, tell_care_team

BATCH = 500
LATEST_MINUTE = 20 * 60 + 45
BETWEEN_SLOTS = 4 * 60

log = logging.getLogger(__name__)


def consume_changes(*, now: datetime) -> int:
    """Bring schedules up to date with every waiting Change row; returns how many were used up."""
    clinics = list(Change.objects.order_by().values_list("clinic_id", flat=True).distinct())
    return sum(_consume(clinic, now) for clinic in clinics)


def recompute(*, program: UUID, now: datetime) -> None:
    """Write the schedules that follow from this program; safe to repeat. Needs an open scope.

    A slot that is due but not yet planned stays due, whatever changed.
    """
    rows = Program.objects.select_related("patient").prefetch_related("interruptions")
    for row in rows.filter(id=program):
        plan = facts.plan_of(row)
        standing = Schedule.objects.select_for_update().filter(program=row)
        by_slot = {schedule.slot: schedule for schedule in standing}
        for number in range(1, max([plan.times_a_day, *by_slot]) + 1):
            _upsert(by_slot.get(number) or Schedule(slot=number), row, plan, now)


def recheck(*, now: datetime) -> list[UUID]:
    """Recompute the schedules of every program that runs; returns the programs that differed.

    For the night: a Change row that somebody forgot shows here, and is made good.
    """
    clinics = list(Clinic.objects.values_list("id", flat=True))
    differed = [program for clinic in clinics for program in _recheck(clinic, now)]
    for program in differed:
        log.warning("schedules of program %s had missed a change", program)
    return differed


def _recheck(clinic: UUID, now: datetime) -> list[UUID]:
    with clinic_scope(clinic):
        programs = Program.objects.running().values_list("id", flat=True)
        return [program for program in programs if _differs(program, now)]


def _differs(program: UUID, now: datetime) -> bool:
    rows = Schedule.objects.filter(program=program).order_by("slot")
    before = list(rows.values())
    recompute(program=program, now=now)
    return before != list(rows.values())


def _consume(clinic: UUID, now: datetime) -> int:
    with clinic_scope(clinic):
        waiting = Change.objects.select_for_update(skip_locked=True).filter(clinic_id=clinic)
        by_subject: dict[tuple[str, UUID], list[int]] = {}
        for row in waiting.order_by("id")[:BATCH]:
            by_subject.setdefault((row.kind, row.subject), []).append(row.id)
        used = [ids for what, ids in by_subject.items() if _handled(*what, now)]
        Change.objects.filter(id__in=chain.from_iterable(used)).delete()
    return sum(map(len, used))


def _handled(kind: str, subject: UUID, now: datetime) -> bool:
    """Act on one change; one that raises is logged and kept, and holds up no other."""
    handle = HANDLERS.get(kind, _nothing)
    try:
        with transaction.atomic():
            handle(subject, now)
    except Exception as error:
        log.error("change of %s %s not handled: %s", kind, subject, fault(error))
        return False
    return True


def _of_program(program: UUID, now: datetime) -> None:
    recompute(program=program, now=now)
    for red_flag in fresh_flags(program=program, now=now):
        tell_care_team(red_flag=red_flag, now=now)


def _of_patient(patient: UUID, now: datetime) -> None:
    for program in Program.objects.running().filter(patient_id=patient):
        recompute(program=program.id, now=now)


def _of_red_flag(red_flag: UUID, now: datetime) -> None:
    tell_care_team(red_flag=red_flag, now=now)


def _nothing(subject: UUID, now: datetime) -> None:
    """A change that reminders don't plan by."""


HANDLERS: dict[str, Callable[[UUID, datetime], None]] = {
    "program": _of_program,
    "patient": _of_patient,
    "red_flag": _of_red_flag,
}


def _upsert(schedule: Schedule, program: Program, plan: Plan, now: datetime) -> None:
    since = min(now, schedule.next_due_at or now)
    patient = program.patient
    schedule.clinic_id, schedule.patient, schedule.program = program.clinic_id, patient, program
    schedule.kind = Kind.SESSION_DUE
    schedule.local_time = _time_of(patient.reminder_at, schedule.slot)
    schedule.day_times = [own and _time_of(own, schedule.slot) for own in patient.day_times]
    schedule.quiet_from, schedule.quiet_until = patient.quiet_from, patient.quiet_until
    schedule.zone = patient.time_zone
    schedule.plan = facts.stored(plan)
    schedule.active = program.status == Program.Status.ACTIVE and schedule.slot <= plan.times_a_day
    _aim(schedule, _first(schedule, plan, since) if schedule.active else None)
    schedule.save()


def _aim(schedule: Schedule, one: Due | None) -> None:
    schedule.next_on = one.local_date if one else None
    schedule.next_due_at = one.at if one else None


def _first(schedule: Schedule, plan: Plan, since: datetime) -> Due | None:
    """The first slot due at `since` or later; two days earlier covers every zone."""
    slots = facts.coming(plan, schedule.slot, since.date() - timedelta(days=2))
    return next_due(since=since, timing=facts.timing(schedule), slots=slots)


def _time_of(wanted: time, slot: int) -> time:
    """The wanted time for the first slot of a day, four hours later for each further one."""
    first = wanted.hour * 60 + wanted.minute
    minute = min(first + (slot - 1) * BETWEEN_SLOTS, max(first, LATEST_MINUTE))
    return time(minute // 60, minute % 60)
