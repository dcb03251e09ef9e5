"""The sessions of the coming days as a calendar file (RFC 5545), of which nobody is named.

Times are instants in UTC: a calendar shows them by the reader's own clock, and where clocks skip
or repeat an hour there is nothing to guess, as there would be with a local time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from reminders.models import Schedule
from reminders.planning import Due, due
from reminders.services import facts

AHEAD = timedelta(days=90)
LONG = timedelta(minutes=15)
ASK_AGAIN = timedelta(hours=6)


def as_calendar(schedules: Iterable[Schedule], *, since: date, made_at: datetime) -> bytes:
    """A file of every session from `since` on; the same bytes as long as nothing changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Flexion//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Planned sessions"))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{ASK_AGAIN // timedelta(hours=1)}H")
    for schedule in schedules:
        for one in _coming(schedule, since):
            calendar.add_component(_event(schedule, one, made_at))
    made: bytes = calendar.to_ical()
    return made


def _coming(schedule: Schedule, since: date) -> Iterator[Due]:
    timing = facts.timing(schedule)
    for day in facts.restored(schedule.plan).days(since, since + AHEAD):
        yield due(day, schedule.slot, timing)


def _event(schedule: Schedule, one: Due, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", str(uuid5(schedule.id, one.local_date.isoformat())))
    event.add("dtstamp", made_at)
    event.add("dtstart", one.at)
    event.add("dtend", one.at + LONG)
    event.add("summary", _("Planned session"))
    event.add("url", settings.SITE_URL + reverse("programs:today"))
    return event
