"""Thresholds, time and contacts in words, for the page and the report alike."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.monitoring.clocks import Month, Standing, Why, Window, of_month, of_window
from desk.monitoring.models import Activity, Contact, TimeEntry
from desk.monitoring.reading import Monitored, holds
from desk.monitoring.thresholds import CHECKED_FOR, Clock, Table, Threshold, table_on
from programs.calendar import local_day
from programs.wording import day_and_year, day_words


class Line(NamedTuple):
    """A threshold: its code, what it asks for, what was counted, and how that stands."""

    code: str
    needs: str
    have: str
    met: bool
    said: str


class Noted(NamedTuple):
    """Time or a contact in words. `mark`: how it came to be, or what became of it."""

    key: str
    when: str
    what: str
    how_much: str
    who: str
    mark: str
    counts: bool
    author: str


def span(window: Window) -> str:
    return f"{day_words(window.first, 'DAY_OF_YEAR')} – {day_and_year(window.last)}"


def month_words(month: Month) -> str:
    return day_words(month.first, "YEAR_MONTH_FORMAT")


def minutes_words(minutes: int) -> str:
    return _("%(n)s min") % {"n": minutes}


def days_words(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def listed(days: Iterable[date]) -> str:
    """3, 4, 6 Mar; 2 Apr: each month named once, after its days."""
    months: dict[tuple[int, int], list[date]] = {}
    for day in days:
        months.setdefault((day.year, day.month), []).append(day)
    return "; ".join(
        ", ".join([*(str(day.day) for day in found[:-1]), day_words(found[-1], "DAY_OF_YEAR")])
        for found in months.values()
    )


def needs_words(needs: Threshold) -> str:
    """What a code counts, without a judgement of what follows."""
    told = {"least": needs.least, "most": needs.most, "again": needs.again}
    if needs.clock == Clock.EPISODE:
        return _("once: %(least)s days with data in 30, and an education session") % told
    if needs.clock == Clock.WINDOW:
        return _("%(least)s to %(most)s days with data in 30") % told
    if needs.most:
        return _("%(least)s to %(most)s min in a month, and a contact in real time") % told
    if needs.again:
        return _("each further full %(again)s min, from %(least)s on, in such a month") % told
    return _("%(least)s min or more in a month, and a contact in real time") % told


def line(standing: Standing) -> Line:
    needs = standing.needs
    have = minutes_words if needs.clock == Clock.MONTH else days_words
    said = "; ".join(_why(each, standing) for each in standing.why)
    if standing.met:
        said = _("reached")
        if standing.times > 1:
            said = _("reached %(n)s times") % {"n": standing.times}
    return Line(needs.code, needs_words(needs), have(standing.have), standing.met, said)


def _why(why: Why, standing: Standing) -> str:
    needs, missing = standing.needs, standing.needs.least - standing.have
    words = {
        Why.FEW_DAYS: ngettext("%(n)s day is missing", "%(n)s days are missing", missing),
        Why.MANY_DAYS: _("more than %(most)s days"),
        Why.FEW_MINUTES: _("%(n)s min are missing"),
        Why.MANY_MINUTES: _("more than %(most)s min"),
        Why.NO_CONTACT: _("no contact in real time"),
        Why.NO_EDUCATION: _("no education session on record"),
    }
    return words[why] % {"n": missing, "most": needs.most}


def window_lines(window: Window) -> list[Line]:
    return [line(each) for each in of_window(window)]


def month_lines(month: Month) -> list[Line]:
    return [line(each) for each in of_month(month)]


def table_words(day: date) -> str:
    """By which table was counted, and until which year a person held it against the rule."""
    table: Table | None = table_on(day)
    if table is None:
        return _("No thresholds are known for this time.")
    told = {"year": table.since.year, "source": table.source, "checked": CHECKED_FOR}
    said = _(
        "Thresholds of %(year)s (Medicare Physician Fee Schedule, %(source)s), checked for "
        "%(checked)s."
    )
    said %= told
    if day.year > CHECKED_FOR:
        late = _("The rule of %(year)s was not held against them yet: do that first.")
        return f"{said} {late % {'year': day.year}}"
    return f"{said} {_('A person must check each new year’s rule.')}"


def time_row(row: TimeEntry, zone: ZoneInfo) -> Noted:
    start, stop = row.started_at.astimezone(zone), row.stopped_at.astimezone(zone)
    seconds = row.seconds
    marks = [_("typed")] if row.by_hand else []
    if row.idle_s:
        marks.append(_("%(n)s min idle left out") % {"n": -(-row.idle_s // 60)})
    return Noted(
        key=str(row.id),
        when=f"{_day(start)}, {start:%H:%M} – {stop:%H:%M}",
        what=str(Activity(row.activity).label),
        how_much=f"{seconds // 60}:{seconds % 60:02}",
        who=row.by.name,
        mark=_mark(row, marks),
        counts=holds(row),
        author=str(row.by_id),
    )


def contact_row(row: Contact, zone: ZoneInfo) -> Noted:
    at = row.held_at.astimezone(zone)
    return Noted(
        key=str(row.id),
        when=f"{_day(at)}, {at:%H:%M}",
        what=f"{Contact.Method(row.method).label}: {Contact.Outcome(row.outcome).label}",
        how_much=_("in real time") if row.real_time else _("not in real time"),
        who=row.by.name,
        mark=_mark(row, []),
        counts=holds(row),
        author=str(row.by_id),
    )


def _mark(row: TimeEntry | Contact, marks: list[str]) -> str:
    if row.taken_back:
        marks.append(_("taken back"))
    elif row.replaces_id:
        marks.append(_("corrected"))
    if row.reason:
        marks[-1] += f": {row.reason}"
    if getattr(row, "replaced_by", None):
        marks.append(_("replaced by a later row"))
    return ", ".join(marks)


def _day(at: datetime) -> str:
    return day_words(at.date(), "DAY_OF_YEAR")


def facts(found: Monitored) -> list[tuple[str, str]]:
    """What monitoring rests on; what is missing is said, not left out."""
    row = found.episode
    until = f" – {day_and_year(row.ended_on)}" if row.ended_on else ""
    consent = f"{day_and_year(row.consent_on)}, {row.get_consent_way_display()}"
    taught = _("none on record")
    if row.taught_on and row.taught_by:
        taught = (
            f"{day_and_year(row.taught_on)}, {row.get_taught_way_display()}, {row.taught_by.name}"
        )
    return [
        (
            _("Monitored"),
            f"{day_and_year(row.started_on)}{until}" if until else _since(row.started_on),
        ),
        (_("Consent"), consent),
        (_("Education session"), taught),
        (_("Software"), row.software),
        (_("Recorded by"), f"{row.by.name}, {day_and_year(local_day(row.at, found.zone.key))}"),
    ]


def _since(day: date) -> str:
    return _("since %(day)s") % {"day": day_and_year(day)}
