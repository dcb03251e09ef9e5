"""The time that reminders go by: PostgreSQL's, so that no machine's wrong clock sends at night."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

TOLERANCE = timedelta(seconds=30)

Clock = Callable[[], datetime]


class ClockOff(Exception):
    """This machine's clock differs from the database's by more than 30 seconds."""


def database_clock() -> Clock:
    """PostgreSQL's time from now on, carried by this process's steady clock.

    Raises ClockOff where the process's own clock can't be trusted.
    """
    steady = time.monotonic()
    start = database_now()
    off = timezone.now() - start
    if abs(off) > TOLERANCE:
        raise ClockOff(f"clock is off by {off.total_seconds():.0f} s; refusing to plan or send")
    return lambda: start + timedelta(seconds=time.monotonic() - steady)


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
