"""The days and times of a schedule: kept in its row, so that no program need be read for them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from programs.calendar import plan_of
from programs.schedule import DateRange, Plan, Weeks, next_due
from reminders.models import Kind, Schedule
from reminders.planning import Quiet, Timing

__all__ = ["coming", "listed", "plan_of", "restored", "stored", "timing"]

DAY, GRACE = timedelta(days=1), timedelta(hours=3)
LONGER = {
    Kind.CHECK_IN: timedelta(hours=6),
    Kind.OUTCOME_DUE: timedelta(hours=10),
    Kind.ENDING: timedelta(hours=10),
    Kind.DIGEST: timedelta(hours=4),
}


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


def listed(days: Iterable[date]) -> dict[str, Any]:
    """Single days as JSON, in order."""
    return {"days": [day.isoformat() for day in days]}


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


def coming(days: dict[str, Any], number: int, after: date) -> Iterator[tuple[date, int]]:
    """The days later than `after` on which this number of slot is due, in order, one by one.

    `days` as `stored` or `listed` wrote them.
    """
    if "days" in days:
        single = map(date.fromisoformat, days["days"])
        yield from ((day, number) for day in single if day > after)
        return
    plan = restored(days)
    while number <= plan.times_a_day and (slot := next_due(plan, after)):
        after = slot.local_date
        yield (after, number)


def timing(schedule: Schedule) -> Timing:
    """When in the day this schedule speaks, and how long its message is of use."""
    return Timing(
        schedule.local_time,
        schedule.zone,
        Quiet(schedule.quiet_from, schedule.quiet_until),
        LONGER.get(Kind(schedule.kind), GRACE),
        schedule.day_times,
        schedule.days_after,
    )
