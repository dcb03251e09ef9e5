"""Calendar months, counted as numbers. Standard library only."""

from datetime import date

YEAR = 12


def stepped(day: date, by: int = 1) -> date:
    """The first day of the month that comes so many after this day's; before it if negative."""
    year, month = divmod(day.year * YEAR + day.month - 1 + by, YEAR)
    return date(year, month + 1, 1)


def between(first: date, last: date) -> list[date]:
    """The first days of the months from one day's to the other's."""
    steps = (last.year - first.year) * YEAR + last.month - first.month
    return [stepped(first, by) for by in range(steps + 1)]
