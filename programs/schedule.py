"""When a session is due, and the words that follow from it. Standard library only.

Days are local dates of the patient; this module never sees a clock or a zone. Today, rules,
adherence, reminders and the clinician's pages all ask here, so that they cannot disagree.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

ADHERENCE_DAYS = 14
ADHERENCE_LEAST_DUE = 3
SILENT_MISSED = 2
SILENT_DAYS = 5
STUCK_DAYS = 21
STUCK_ADHERENCE = 0.7
FLARE_MORNINGS = 2
FLARE_DAYS = 7

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Local days from `first` to `last`, both included; `last` None has no end yet."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Slot(NamedTuple):
    """One session of one local day; `number` counts from 1."""

    local_date: date
    number: int = 1


@dataclass(frozen=True, slots=True)
class Weeks:
    """So many days in each week of the program, from its `first` (1) to `last` (None: on)."""

    first: int
    last: int | None
    per_week: int

    def covers(self, week: int) -> bool:
        return self.first <= week and (self.last is None or week <= self.last)


@dataclass(frozen=True, slots=True)
class Plan:
    """The days of a program.

    `end_on` is the last day that may be due (None: no end). `weekdays` holds 0 for Monday to
    6 for Sunday. `every_days`: of these only one in so many, counted from the first. `weeks`:
    of these only so many a week of the program, spread over it; in a week without a row none.
    `not_before`: nothing in that many first days. A day inside any of `pauses`, `rests` or
    `locks` is not due.
    """

    start_on: date
    end_on: date | None
    weekdays: frozenset[int]
    times_a_day: int = 1
    pauses: tuple[DateRange, ...] = ()
    rests: tuple[DateRange, ...] = ()
    locks: tuple[DateRange, ...] = ()
    every_days: int = 1
    weeks: tuple[Weeks, ...] = ()
    not_before: int = 0

    def __post_init__(self) -> None:
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("weekdays are numbers from 0 (Monday) to 6 (Sunday)")
        if self.times_a_day < 1:
            raise ValueError("times_a_day is at least 1")
        if self.every_days < 1:
            raise ValueError("every_days is at least 1")

    @property
    def closed(self) -> tuple[DateRange, ...]:
        """Every range in which nothing is due."""
        return self.pauses + self.rests + self.locks

    @property
    def opens_on(self) -> date:
        """The first day that may be due."""
        return self.start_on + self.not_before * DAY

    def is_due(self, day: date) -> bool:
        return any(self.days(day, day))

    def days(self, first: date, last: date) -> Iterator[date]:
        """The due days from `first` to `last`, both included, in order."""
        opens, closed = self.opens_on, self.closed
        last = last if self.end_on is None else min(last, self.end_on)
        every = self.every_days == 1 and not self.weeks
        for day in _days_on(self.weekdays, max(first, opens), last):
            planned = every or self._is_planned(day, opens)
            if planned and not (closed and any(each.covers(day) for each in closed)):
                yield day

    def _is_planned(self, day: date, opens: date) -> bool:
        """Whether one of the weekdays is a day of training, counted from the first one on."""
        if self.every_days > 1 and (day - opens).days % self.every_days:
            return False
        return not self.weeks or day.weekday() in self._days_of((day - self.start_on).days // 7 + 1)

    def _days_of(self, week: int) -> frozenset[int]:
        """The weekdays of a week of the program: as many as its row says, spread evenly."""
        wanted = next((row.per_week for row in self.weeks if row.covers(week)), 0)
        first = self.start_on.weekday()
        days = sorted(self.weekdays, key=lambda day: (day - first) % 7)
        number = min(wanted, len(days))
        return frozenset(days[n * len(days) // number] for n in range(number))


def due_slots(plan: Plan, first: date, last: date) -> tuple[Slot, ...]:
    """Slots due from `first` to `last`, both included, in order."""
    numbers = range(1, plan.times_a_day + 1)
    return tuple([Slot(day, number) for day in plan.days(first, last) for number in numbers])


def next_due(plan: Plan, after: date) -> Slot | None:
    """The first slot on a day later than `after`; None when nothing more will be due."""
    return next(map(Slot, plan.days(after + DAY, _horizon(plan, after))), None)


def is_done(sets_logged: int, sets_planned: int) -> bool:
    """A session is done when at least half of its planned sets are logged."""
    return sets_logged > 0 and sets_logged * 2 >= sets_planned


def adherence(due: Iterable[Slot], done: Iterable[Slot], today: date) -> float | None:
    """Done by due of the last 14 days, 0 to 1; None while fewer than 3 were due.

    The window ends today, but a slot of today that is still open is not yet held against anyone.
    Sessions on other days than planned count as done, hence the cap.
    """
    finished = frozenset(done)
    expected = [
        slot
        for slot in set(due)
        if _recent(slot, today) and (slot.local_date < today or slot in finished)
    ]
    if len(expected) < ADHERENCE_LEAST_DUE:
        return None
    return min(1.0, sum(_recent(slot, today) for slot in finished) / len(expected))


def missed_in_a_row(due: Iterable[Slot], done: Collection[Slot], today: date) -> int:
    """Due slots of past days since the last session that was done, on a planned day or not."""
    latest = max(done, default=None)
    return sum(
        slot.local_date < today and (latest is None or slot > latest) for slot in frozenset(due)
    )


def silent(due: Collection[Slot], done: Collection[Slot], today: date) -> bool:
    """2 due slots missed in a row, and 5 days since the last session (or the first due one)."""
    quiet_since = max(done, default=None) or min(due, default=None)
    if quiet_since is None or missed_in_a_row(due, done, today) < SILENT_MISSED:
        return False
    return (today - quiet_since.local_date).days >= SILENT_DAYS


def stuck(*, last_rise_on: date, adherence: float | None, today: date) -> bool:
    """No rise for 21 days at an adherence of at least 70 %; without a rise give the start."""
    if adherence is None or adherence < STUCK_ADHERENCE:
        return False
    return (today - last_rise_on).days >= STUCK_DAYS


def flare(*, pain: int | None, limit: int, mornings_worse: Iterable[date], today: date) -> bool:
    """Pain above the program's limit, or 2 mornings above usual within 7 days ending today."""
    if pain is not None and pain > limit:
        return True
    recent = {day for day in mornings_worse if 0 <= (today - day).days < FLARE_DAYS}
    return len(recent) >= FLARE_MORNINGS


def _recent(slot: Slot, today: date) -> bool:
    return 0 <= (today - slot.local_date).days < ADHERENCE_DAYS


def _days_on(weekdays: frozenset[int], first: date, last: date) -> list[date]:
    """The days of the span on these weekdays; the calendar's day 1 was a Monday."""
    days = range(first.toordinal(), last.toordinal() + 1)
    return [date.fromordinal(day) for day in days if (day - 1) % 7 in weekdays]


def _horizon(plan: Plan, after: date) -> date:
    """Past everything that could hold a session back by so long that later days only repeat."""
    ends = [closed.last for closed in plan.closed if closed.last is not None]
    ends += [plan.start_on + 7 * (row.first - 1) * DAY for row in plan.weeks]
    round_later = max(after, plan.opens_on, *ends) + (7 * plan.every_days + 1) * DAY
    return round_later if plan.end_on is None else min(round_later, plan.end_on)
