"""What each code of remote therapeutic monitoring asks for, by year. Standard library only.

A new year is a new Table. Nothing here says that a service may be billed: it counts, a person
judges, and a person holds each year's rule against the table before CHECKED_FOR moves on.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

CHECKED_FOR = 2026  # the last year whose rule was held against these tables


class Clock(StrEnum):
    """Over which time a code counts: any 30 days of the episode once, each 30 days, each month."""

    EPISODE = "episode"
    WINDOW = "window"
    MONTH = "month"


class Threshold(NamedTuple):
    """A code's count: data-days, or whole minutes by the month.

    From `least` to `most` (None: no end). `again`: once more for each further full so many.
    `contact`: and a contact in real time in that month. `education`: and an education session.
    """

    code: str
    clock: Clock
    least: int
    most: int | None = None
    again: int = 0
    contact: bool = False
    education: bool = False


class Table(NamedTuple):
    """The thresholds that hold from a day on, and where they are written."""

    since: date
    source: str
    thresholds: tuple[Threshold, ...]


TABLES = (
    Table(
        since=date(2026, 1, 1),
        source="CMS-1832-F; CPT 2026",
        thresholds=(
            Threshold("98975", Clock.EPISODE, least=2, education=True),
            Threshold("98985", Clock.WINDOW, least=2, most=15),
            Threshold("98977", Clock.WINDOW, least=16, most=30),
            Threshold("98979", Clock.MONTH, least=10, most=19, contact=True),
            Threshold("98980", Clock.MONTH, least=20, contact=True),
            Threshold("98981", Clock.MONTH, least=40, again=20, contact=True),
        ),
    ),
)


def table_on(day: date, tables: Sequence[Table] = TABLES) -> Table | None:
    """The table that holds on a day; None before the first one."""
    return max((each for each in tables if each.since <= day), default=None)
