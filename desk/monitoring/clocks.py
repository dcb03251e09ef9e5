"""The two clocks of remote monitoring, and what they have counted. Standard library only.

Windows of 30 days run from the first day of monitoring and count days with data; minutes are
counted by calendar month. Days are local dates; this module sees no clock and no zone.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from desk.monitoring.thresholds import TABLES, Clock, Table, Threshold, table_on
from desk.months import between, stepped

WINDOW_DAYS = 30
IDLE_AFTER = timedelta(minutes=5)  # without a sign of activity for longer, none of it counts


class Why(StrEnum):
    """What a threshold lacks, or has too much of."""

    FEW_DAYS = "few_days"
    MANY_DAYS = "many_days"
    FEW_MINUTES = "few_minutes"
    MANY_MINUTES = "many_minutes"
    NO_CONTACT = "no_contact"
    NO_EDUCATION = "no_education"


class Window(NamedTuple):
    """Thirty days, numbered from 1, and those of them on which data came."""

    number: int
    first: date
    days: tuple[date, ...]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=WINDOW_DAYS - 1)


class Month(NamedTuple):
    """A calendar month: seconds of work, idle time left out, and contacts in real time."""

    first: date
    seconds: int
    contacts: int

    @property
    def minutes(self) -> int:
        """Whole ones: 19 min 59 s are 19."""
        return self.seconds // 60


class Standing(NamedTuple):
    """A threshold against what was counted: how often it is met, and else why not."""

    needs: Threshold
    have: int
    times: int
    why: tuple[Why, ...]

    @property
    def met(self) -> bool:
        return self.times > 0


def windows(start: date, last: date, data_days: Collection[date]) -> list[Window]:
    """Every window that has begun by `last`, the oldest first; ten logs of a day are one day."""
    days, found = sorted(set(data_days)), list[Window]()
    first = start
    while first <= last:
        end = min(last, first + timedelta(days=WINDOW_DAYS - 1))
        inside = tuple(day for day in days if first <= day <= end)
        found.append(Window(len(found) + 1, first, inside))
        first += timedelta(days=WINDOW_DAYS)
    return found


def months(
    start: date, last: date, worked: Sequence[tuple[date, int]], contacts: Sequence[date]
) -> list[Month]:
    """Every calendar month from `start` to `last`, the oldest first.

    `worked`: seconds with the day on which they began; `contacts`: days of those in real time.
    """
    found = list[Month]()
    for first in between(start, last):
        after = stepped(first)
        seconds = sum(told for day, told in worked if first <= day < after)
        found.append(Month(first, seconds, sum(first <= day < after for day in contacts)))
    return found


def of_episode(
    found: Sequence[Window], *, education: bool, tables: Sequence[Table] = TABLES
) -> list[Standing]:
    """What is asked once an episode, against the window with most data."""
    table = table_on(found[0].last, tables) if found else None
    most = max((len(each.days) for each in found), default=0)
    return [_days(needs, most, education=education) for needs in _thresholds(table, Clock.EPISODE)]


def of_window(window: Window, tables: Sequence[Table] = TABLES) -> list[Standing]:
    """What is asked of each window, by the table that holds on its last day."""
    table = table_on(window.last, tables)
    return [_days(needs, len(window.days)) for needs in _thresholds(table, Clock.WINDOW)]


def of_month(month: Month, tables: Sequence[Table] = TABLES) -> list[Standing]:
    """What is asked of each calendar month."""
    table = table_on(month.first, tables)
    return [_minutes(needs, month) for needs in _thresholds(table, Clock.MONTH)]


def _thresholds(table: Table | None, clock: Clock) -> Iterator[Threshold]:
    return (each for each in (table.thresholds if table else ()) if each.clock == clock)


def _days(needs: Threshold, have: int, *, education: bool = True) -> Standing:
    why = _within(needs, have, Why.FEW_DAYS, Why.MANY_DAYS)
    if needs.education and not education:
        why += (Why.NO_EDUCATION,)
    return Standing(needs, have, 0 if why else 1, why)


def _minutes(needs: Threshold, month: Month) -> Standing:
    why = _within(needs, month.minutes, Why.FEW_MINUTES, Why.MANY_MINUTES)
    if needs.contact and not month.contacts:
        why += (Why.NO_CONTACT,)
    more = (month.minutes - needs.least) // needs.again if needs.again else 0
    return Standing(needs, month.minutes, 0 if why else 1 + more, why)


def _within(needs: Threshold, have: int, few: Why, many: Why) -> tuple[Why, ...]:
    if have < needs.least:
        return (few,)
    return (many,) if needs.most is not None and have > needs.most else ()
