"""From rows to days: a program's plan for programs.schedule, and a patient's own today."""

from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from programs.models import Interruption, Program
from programs.schedule import DateRange, Plan, Weeks

KINDS = tuple(Interruption.Kind.values)


def local_day(at: datetime, zone: str) -> date:
    """The date on this person's wall when the clock says `at`."""
    return at.astimezone(ZoneInfo(zone)).date()


class Days(Protocol):
    """What of a program says on which days it runs."""

    @property
    def start_on(self) -> date: ...
    @property
    def end_on(self) -> date: ...
    @property
    def weekdays(self) -> list[int]: ...
    @property
    def schedule(self) -> dict[str, Any]: ...


def plan_of(program: Days, closed: list[dict[str, Any]] | None = None) -> Plan:
    """The days on which this program is due; `closed` as programs.own reads it, if it was read."""
    ranges: dict[str, list[DateRange]] = {kind: [] for kind in KINDS}
    for kind, first, last in _closed(program, closed):
        ranges[kind].append(DateRange(first, last))
    return Plan(
        start_on=program.start_on,
        end_on=program.end_on,
        weekdays=frozenset(program.weekdays),
        pauses=tuple(ranges[Interruption.Kind.PAUSE]),
        rests=tuple(ranges[Interruption.Kind.REST]),
        locks=tuple(ranges[Interruption.Kind.LOCK]),
        **_by_rules(program.schedule),
    )


def _by_rules(schedule: dict[str, Any]) -> dict[str, Any]:
    """What a ruleset's schedule says beside the weekdays."""
    rows = [Weeks(row["from"], row.get("to"), row["per_week"]) for row in schedule.get("weeks", ())]
    if "per_week" in schedule:
        rows.append(Weeks(1, None, schedule["per_week"]))
    return {
        "times_a_day": schedule.get("times_a_day", 1),
        "every_days": schedule.get("every_days", 1),
        "weeks": tuple(rows),
        "not_before": schedule.get("not_before_days", 0),
    }


def _closed(
    program: Days, rows: list[dict[str, Any]] | None
) -> list[tuple[str, date, date | None]]:
    if rows is not None:
        days = ((row["kind"], row["first"], row["last"]) for row in rows)
        return [(kind, _day(first), last and _day(last)) for kind, first, last in days]
    if not isinstance(program, Program):
        raise TypeError("days that are no stored program come with their closed days")
    return [(row.kind, row.first_day, row.last_day) for row in program.interruptions.all()]


def _day(text: str) -> date:
    return date.fromisoformat(text)
