from datetime import date, timedelta

import pytest

from desk.story import Told
from programs.models import Program

START = date(2026, 6, 1)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.mark.parametrize(
    ("weeks", "today", "shown"),
    [
        (8, START, 8),  # a short program is shown whole
        (52, START, 12),  # of a long one twelve weeks
        (52, START + 20 * WEEK - DAY, 26),  # or up to six weeks from today
        (52, START + 50 * WEEK, 52),  # and never beyond its end
    ],
)
def test_the_axis_ends_where_the_weeks_still_tell_something(
    weeks: int, today: date, shown: int
) -> None:
    program = Program(start_on=START, end_on=START + weeks * WEEK - DAY)
    told = Told(program, (), (), (), (), {}, today)
    assert (told.last - START).days // 7 + 1 == shown
