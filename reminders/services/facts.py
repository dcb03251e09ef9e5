"""What reminders need to know of programs and sessions, read inside the clinic's scope."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from programs.calendar import plan_of
from programs.models import NotToday, Session, SetLog
from programs.schedule import DateRange, Plan, Weeks, is_done, next_due
from reminders.models import Occurrence, Schedule
from reminders.planning import Quiet, Timing

__all__ = [
    "coming",
    "is_declined",
    "is_trained",
    "open_session",
    "plan_of",
    "restored",
    "stored",
    "timing",
]

GRACE = timedelta(hours=3)


def stored(plan: Plan) -> dict[str, Any]:
    """The plan as JSON: dates and numbers, nothing of the person."""
    return {
        "start_on": plan.start_on.isoformat(),
        "end_on": plan.end_on and plan.end_on.isoformat(),
        "weekdays": sorted(plan.weekdays),
        "times_a_day": plan.times_a_day,
        "every_days": plan.every_days,
        "weeks": [[row.first, row.last, row.per_week] for row in plan.weeks],
        "not_before": plan.not_before,
        "closed": [
            [closed.first.isoformat(), closed.last and closed.last.isoformat()]
            for closed in plan.closed
        ],
    }


def restored(plan: dict[str, Any]) -> Plan:
    """The plan that `stored` wrote; every closed range counts as a rest."""
    return Plan(
        start_on=date.fromisoformat(plan["start_on"]),
        end_on=plan["end_on"] and date.fromisoformat(plan["end_on"]),
        weekdays=frozenset(plan["weekdays"]),
        times_a_day=plan["times_a_day"],
        rests=tuple(
            DateRange(date.fromisoformat(first), last and date.fromisoformat(last))
            for first, last in plan["closed"]
        ),
        every_days=plan.get("every_days", 1),
        weeks=tuple(Weeks(*row) for row in plan.get("weeks", ())),
        not_before=plan.get("not_before", 0),
    )


def coming(plan: Plan, number: int, after: date) -> Iterator[tuple[date, int]]:
    """The days later than `after` on which this number of slot is due, in order, one by one."""
    while number <= plan.times_a_day and (slot := next_due(plan, after)):
        after = slot.local_date
        yield (after, number)


def timing(schedule: Schedule) -> Timing:
    """When in the day this schedule speaks."""
    quiet = Quiet(schedule.quiet_from, schedule.quiet_until)
    return Timing(schedule.local_time, schedule.zone, quiet, GRACE, schedule.day_times)


def is_trained(program: UUID, local_date: date, slot: int) -> bool:
    """The session of this slot was finished, or at least half of its planned sets are logged."""
    session = Session.objects.filter(program_id=program, local_date=local_date, slot=slot).first()
    if session is None:
        return False
    return session.finished_at is not None or is_done(_logged(session), session.planned_sets)


def is_declined(program: UUID, local_date: date) -> bool:
    """The patient said that they won't train on this day."""
    return NotToday.objects.filter(program_id=program, local_date=local_date).exists()


def _logged(session: Session) -> int:
    logs = SetLog.objects.filter(session=session, skipped="")
    return logs.values("key").distinct().count()


def open_session(occurrence: Occurrence) -> UUID | None:
    """The session that this message is about, if it was begun and not ended."""
    sessions = Session.objects.filter(
        program_id=occurrence.program_id,
        local_date=occurrence.local_date,
        slot=occurrence.slot,
        finished_at=None,
        stopped="",
    )
    return sessions.values_list("id", flat=True).first()
