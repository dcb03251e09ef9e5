"""From a local day and a chosen time to the instant a message is due. Standard library only.

A time that the clocks skip runs after the gap (by as much as it was skipped); a time that they
repeat runs on its first pass. Arithmetic happens in UTC alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING_MARGIN = timedelta(minutes=15)
LONGEST_WAIT = timedelta(minutes=10)
FIRST_WAIT = timedelta(seconds=10)
NUDGE_AFTER, NUDGE_SOONEST = timedelta(minutes=150), timedelta(hours=1)
MORNING = time(8)
WORKING, SATURDAY = (time(8), time(18)), 5


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours without messages, from `start` up to `end`; equal ends mean none."""

    start: time = time(21)
    end: time = time(7)

    def covers(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def leave(self, moment: time) -> time:
        """The nearest allowed time of the same day: in the evening before, else after."""
        if not self.covers(moment):
            return moment
        if self.start > self.end and moment >= self.start:
            earlier = (datetime.combine(date.max, self.start) - EVENING_MARGIN).time()
            return self.end if self.covers(earlier) else earlier
        return self.end


NIGHT = Quiet()
NEVER_QUIET = Quiet(time(0), time(0))


@dataclass(frozen=True, slots=True)
class Timing:
    """When in the day a person wants to hear: local time, zone name, quiet hours, lateness.

    `day_times`: from Monday on, the time of a weekday that has its own; empty where none has.
    `days_after`: how many days after the slot's own day the message comes.
    """

    local_time: time
    zone: str
    quiet: Quiet = NEVER_QUIET
    grace: timedelta = timedelta(hours=3)
    day_times: Sequence[time | None] = ()
    days_after: int = 0

    def on(self, day: date) -> time:
        """The local time of this day's message."""
        own = self.day_times[day.weekday()] if self.day_times else None
        return self.quiet.leave(own or self.local_time)


@dataclass(frozen=True, slots=True)
class Due:
    """One message to come: its local day and slot, when it is due and until when it is of use."""

    local_date: date
    number: int
    at: datetime
    not_after: datetime


def to_utc(day: date, moment: time, zone: str) -> datetime:
    """The instant of a local day and time: after a gap, on the first pass of a repeated hour."""
    return datetime.combine(day, moment, ZoneInfo(zone)).astimezone(UTC)


def due(day: date, number: int, timing: Timing) -> Due:
    """When the message of this slot is due, and until when it may still leave."""
    told_on = day + timedelta(days=timing.days_after)
    at = to_utc(told_on, timing.on(told_on), timing.zone)
    return Due(day, number, at, _not_after(at, timing))


def next_due(
    *,
    since: datetime,
    timing: Timing,
    slots: Iterable[tuple[date, int]],
    done: Collection[tuple[date, int]] = (),
) -> Due | None:
    """The first of the ordered `slots` that is due at `since` or later and is not done."""
    coming = (due(day, number, timing) for day, number in slots if (day, number) not in done)
    return next((one for one in coming if one.at >= since), None)


def once_more(wanted: time, quiet: Quiet) -> time | None:
    """When to say it once more on the same day, if nothing was done; None where it is too late."""
    later = datetime.combine(date.min, wanted) + NUDGE_AFTER
    if later.date() > date.min:
        return None
    allowed = quiet.leave(later.time())
    soonest = datetime.combine(date.min, wanted) + NUDGE_SOONEST
    return allowed if datetime.combine(date.min, allowed) >= soonest else None


def morning(quiet: Quiet) -> time:
    """An hour after the night, and never before eight."""
    ends = quiet.end if quiet.start > quiet.end else time(0)
    hour_later = datetime.combine(date.min, ends) + timedelta(hours=1)
    return quiet.leave(max(hour_later.time(), MORNING))


def working_time(since: datetime, until: datetime, zone: str) -> timedelta:
    """How much of this span lies in working hours, Monday to Friday from 8 to 18 local time."""
    day, last = (each.astimezone(ZoneInfo(zone)).date() for each in (since, until))
    worked = timedelta(0)
    while day <= last:
        if day.weekday() < SATURDAY:
            opens, closes = (to_utc(day, moment, zone) for moment in WORKING)
            worked += max(timedelta(0), min(until, closes) - max(since, opens))
        day += timedelta(days=1)
    return worked


def is_quiet(now: datetime, quiet: Quiet, zone: str) -> bool:
    return quiet.covers(now.astimezone(ZoneInfo(zone)).time())


def quiet_ends(now: datetime, quiet: Quiet, zone: str) -> datetime:
    """The first end of the quiet hours after `now`."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return _next(now, today, quiet.end, zone)


def wait(attempts: int, chance: float) -> timedelta:
    """How long to wait after this many failed tries: full jitter, `chance` from 0 to 1."""
    return min(LONGEST_WAIT, FIRST_WAIT * float(2**attempts)) * chance


def _not_after(at: datetime, timing: Timing) -> datetime:
    """The end of the grace, of the local day, or the start of the next quiet hours."""
    today = at.astimezone(ZoneInfo(timing.zone)).date()
    limits = [at + timing.grace, to_utc(today + timedelta(days=1), time(0), timing.zone)]
    if timing.quiet.start != timing.quiet.end:
        limits.append(_next(at, today, timing.quiet.start, timing.zone))
    return min(limits)


def _next(after: datetime, today: date, moment: time, zone: str) -> datetime:
    first = to_utc(today, moment, zone)
    return first if first > after else to_utc(today + timedelta(days=1), moment, zone)
