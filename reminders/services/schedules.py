"""Which schedules follow from a program and its patient, and from who works at a clinic.

Everything here runs inside the clinic's scope and is safe to repeat.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from accounts.models import Clinic, Membership
from accounts.roles import Role
from patients.models import Channel, Patient
from programs.models import Program
from programs.rounds import rounds_of
from programs.schedule import Plan
from reminders.models import Kind, Schedule
from reminders.planning import Due, Quiet, morning, next_due, once_more
from reminders.services import facts
from reminders.services.ways import first_way

LATEST_MINUTE = 20 * 60 + 45
BETWEEN_SLOTS = 4 * 60
DIGEST_AT = time(7, 30)
WORKDAYS = frozenset(range(5))
ENDS_SOON = timedelta(days=7)  # told this long before the end, in programs of twice that and more


class Told(NamedTuple):
    """One schedule that should stand: `days` as facts.stored or facts.listed wrote them."""

    kind: Kind
    slot: int
    at: time
    days: dict[str, Any]
    days_after: int = 0
    day_times: Iterable[time | None] = ()


def of_program(*, program: UUID, now: datetime) -> None:
    """Write the schedules that follow from this program.

    A slot that is due but not yet planned stays due, whatever changed.
    """
    rows = Program.objects.select_related("patient").prefetch_related("interruptions")
    for row in rows.filter(id=program):
        standing = Schedule.objects.select_for_update().filter(program=row)
        kept = {(schedule.kind, schedule.slot): schedule for schedule in standing}
        channel = first_way(row.patient, now)
        for told in _of(row) if row.status == Program.Status.ACTIVE else ():
            schedule = kept.pop((told.kind, told.slot), None) or Schedule(
                clinic_id=row.clinic_id, program=row, kind=told.kind, slot=told.slot
            )
            _speak_as(row.patient, schedule, channel)
            _write(schedule, told, now)
        for schedule in kept.values():
            _rest(schedule)


def of_member(*, user: UUID, clinic: UUID, now: datetime) -> None:
    """Write the schedule of a clinician's daily digest, or let it rest."""
    standing = Schedule.objects.select_for_update().filter(recipient_id=user, kind=Kind.DIGEST)
    schedule = standing.first() or Schedule(clinic_id=clinic, recipient_id=user, kind=Kind.DIGEST)
    here = Membership.objects.active().filter(clinic_id=clinic, role=Role.CLINICIAN, digest=True)
    if not here.filter(user_id=user, user__email__isnull=False).exists():
        if not schedule._state.adding:
            _rest(schedule)
        return
    schedule.zone = Clinic.objects.get(id=clinic).time_zone
    workdays = Plan(start_on=now.date() - timedelta(days=2), end_on=None, weekdays=WORKDAYS)
    _write(schedule, Told(Kind.DIGEST, 1, DIGEST_AT, facts.stored(workdays)), now)


def _of(program: Program) -> Iterator[Told]:
    """What an active program's patient is told, and on which days."""
    patient, plan = program.patient, facts.plan_of(program)
    quiet = Quiet(patient.quiet_from, patient.quiet_until)
    days = facts.stored(plan)
    for slot in range(1, plan.times_a_day + 1):
        yield Told(Kind.SESSION_DUE, slot, *_times(patient, slot, days))
    *_, last = [_time_of(patient.reminder_at, slot) for slot in range(1, plan.times_a_day + 1)]
    if again := once_more(last, quiet):
        yield Told(Kind.NUDGE, 1, again, days, 0, _nudges(patient, plan.times_a_day, quiet))
    early = morning(quiet)
    yield Told(Kind.CHECK_IN, 1, early, days, 1)
    asked = [day for day in rounds_of(program) if day > program.start_on]
    yield Told(Kind.OUTCOME_DUE, 1, early, facts.listed(asked))
    if program.end_on - program.start_on >= 2 * ENDS_SOON:
        yield Told(Kind.ENDING, 1, early, facts.listed([program.end_on - ENDS_SOON]))


def _times(patient: Patient, slot: int, days: dict[str, Any]) -> tuple[Any, ...]:
    """The time, days, delay and own times of weekdays of one daily slot."""
    own = [each and _time_of(each, slot) for each in patient.day_times]
    return (_time_of(patient.reminder_at, slot), days, 0, own)


def _nudges(patient: Patient, times_a_day: int, quiet: Quiet) -> list[time | None]:
    """When it is said once more on weekdays that have a time of their own."""
    return [each and once_more(_time_of(each, times_a_day), quiet) for each in patient.day_times]


def _speak_as(patient: Patient, schedule: Schedule, channel: Channel) -> None:
    schedule.patient, schedule.channel, schedule.zone = patient, channel, patient.time_zone
    schedule.quiet_from, schedule.quiet_until = patient.quiet_from, patient.quiet_until


def _write(schedule: Schedule, told: Told, now: datetime) -> None:
    since = min(now, schedule.next_due_at or now)
    schedule.local_time, schedule.day_times = told.at, list(told.day_times)
    schedule.plan, schedule.days_after, schedule.active = told.days, told.days_after, True
    _aim(schedule, _first(schedule, since))
    schedule.save()


def _rest(schedule: Schedule) -> None:
    schedule.active = False
    _aim(schedule, None)
    schedule.save()


def _aim(schedule: Schedule, one: Due | None) -> None:
    schedule.next_on = one.local_date if one else None
    schedule.next_due_at = one.at if one else None


def _first(schedule: Schedule, since: datetime) -> Due | None:
    """The first slot due at `since` or later; two days earlier covers every zone."""
    after: date = since.date() - timedelta(days=2 + schedule.days_after)
    slots = facts.coming(schedule.plan, schedule.slot, after)
    return next_due(since=since, timing=facts.timing(schedule), slots=slots)


def _time_of(wanted: time, slot: int) -> time:
    """The wanted time for the first slot of a day, four hours later for each further one."""
    first = wanted.hour * 60 + wanted.minute
    minute = min(first + (slot - 1) * BETWEEN_SLOTS, max(first, LATEST_MINUTE))
    return time(minute // 60, minute % 60)
