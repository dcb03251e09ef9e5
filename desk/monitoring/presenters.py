"""The page of a patient's remote monitoring, ready to print."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.roles import Actor
from desk.monitoring import wording
from desk.monitoring.clocks import WINDOW_DAYS, Month, Window, of_episode
from desk.monitoring.models import Contact, TimeEntry
from desk.monitoring.reading import Monitored
from desk.months import stepped
from patients.models import Patient
from programs.calendar import local_day
from programs.wording import day_words


class Cell(NamedTuple):
    """A day of the window: with data, without, or still to come."""

    number: int
    words: str
    state: str


class Box(NamedTuple):
    """What one turn of a clock has counted, with its thresholds."""

    title: str
    total: str
    detail: str
    lines: list[wording.Line]


class Page(NamedTuple):
    facts: list[tuple[str, str]]
    window: Box | None
    cells: list[Cell]
    month: Box
    entries: list[wording.Noted]
    contacts: list[wording.Noted]
    earlier: list[Box]
    note: str
    me: str


def monitoring_page(found: Monitored, patient: Patient, by: Actor, now: datetime) -> Page:
    """The newest window and month in full, the earlier ones as a list."""
    today, month = local_day(now, patient.time_zone), found.months[-1]
    once = [wording.line(each) for each in of_episode(found.windows, education=found.education)]
    window = found.window
    earlier = [_window_box(each) for each in reversed(found.windows[:-1])]
    earlier += [_month_box(each) for each in reversed(found.months[:-1])]
    return Page(
        facts=wording.facts(found),
        window=_window_box(window, once) if window else None,
        cells=list(_cells(window, today)) if window else [],
        month=_month_box(month),
        entries=[wording.time_row(row, found.zone) for row in _of(month, found, found.entries)],
        contacts=[
            wording.contact_row(row, found.zone) for row in _of(month, found, found.contacts)
        ],
        earlier=earlier,
        note=wording.table_words(today),
        me=str(by.user_id),
    )


def _window_box(window: Window, once: list[wording.Line] | None = None) -> Box:
    told = {"number": window.number, "span": wording.span(window)}
    return Box(
        title=_("Window %(number)s: %(span)s") % told,
        total=wording.days_words(len(window.days)),
        detail=wording.listed(window.days),
        lines=[*(once or []), *wording.window_lines(window)],
    )


def _month_box(month: Month) -> Box:
    return Box(
        wording.month_words(month),
        wording.minutes_words(month.minutes),
        "",
        wording.month_lines(month),
    )


def _cells(window: Window, today: date) -> Iterator[Cell]:
    for number in range(WINDOW_DAYS):
        day = window.first + timedelta(days=number)
        state = "sent" if day in window.days else "ahead" if day > today else ""
        said = _("data") if state == "sent" else _("still to come") if state else _("no data")
        yield Cell(day.day, f"{day_words(day)}: {said}", state)


def _of[R: (TimeEntry, Contact)](month: Month, found: Monitored, rows: list[R]) -> Iterator[R]:
    """The rows of a month, the newest first."""
    for row in reversed(rows):
        at = row.started_at if isinstance(row, TimeEntry) else row.held_at
        if stepped(local_day(at, found.zone.key), 0) == month.first:
            yield row
