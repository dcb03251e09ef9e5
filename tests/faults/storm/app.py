"""Production's workers and beats with points at which they can be made to die, freeze or err.

STORM_CONTROL takes one guarantee away, to show that the oracle notices.
"""

import os
import smtplib
from datetime import datetime, timedelta
from typing import Any

import django

from config.celery import app as app
from tests.faults.storm import control
from tests.faults.storm.control import FOLDER, SHIFT, around

django.setup()

from django.utils import timezone  # noqa: E402 (django is set up first)

from accounts.texts import TextClient  # noqa: E402 (django is set up first)
from reminders.channels.email import EmailClient  # noqa: E402 (django is set up first)
from reminders.channels.push import PushClient  # noqa: E402 (django is set up first)
from reminders.services import check, clock, planner, sender  # noqa: E402 (django is set up first)


class _Clock:
    """This machine's clock, off by what the storm says."""

    @staticmethod
    def now() -> datetime:
        path = FOLDER / SHIFT
        off = float(path.read_text() or 0) if path.exists() else 0.0
        return timezone.now() + timedelta(seconds=off)


def _half_then_die(line: smtplib.SMTP, message: Any) -> Any:
    """Break off in the middle of a letter, if that is what waits."""
    if control.take("in mid data"):
        line.docmd("data")
        line.send(bytes(message)[: len(message) // 2])
        os.kill(os.getpid(), 9)
    return _data(line, message)


_data = smtplib.SMTP.data
smtplib.SMTP.data = _half_then_die
clock.timezone = _Clock
sender.lease = around(sender.lease, "before claim", "after claim")
sender.Work._look = around(sender.Work._look, "", "after look")
sender.Work._mark = around(sender.Work._mark, "", "after mark")
for client in (EmailClient, PushClient, TextClient):
    client.send = around(client.send, "", "after accept")
planner._move = around(planner._move, "before commit", "")
planner._wake = around(planner._wake, "after commit", "")

if (without := os.environ.get("STORM_CONTROL")) == "fence":
    sender.MARK = """
        update reminders_occurrence set state = 'sending', attempts = attempts + 1,
            token = coalesce(token, gen_random_uuid()), leased_until = %s
        where id = %s and %s::uuid is not null and %s::timestamptz is not null"""
elif without == "check":
    sender.look = lambda occurrences, now: check.Look(
        {}, check.ways_of([one.patient for one in occurrences if one.patient], now)
    )
