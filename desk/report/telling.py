"""What stands in the report of a patient, as words; the numbers are those of the patient's page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median_low
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.presenters import Made, PatientPage
from desk.report.picture import printed
from desk.rows import SessionRow
from desk.story import Told, story
from programs.models import DoseVersion
from programs.wording import day_and_year, day_words, dose_words, language, side_words

NOTHING = "–"
TEMPLATE = Path(__file__).with_name("report.typ")
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Week:
    """Seven days of a program: what was due before today and done, what hurt, the doses then."""

    number: int
    first: date
    due: int
    sessions: Sequence[SessionRow]
    doses: Sequence[DoseVersion | None]

    @property
    def done(self) -> int:
        return sum(each.done for each in self.sessions)

    @property
    def pain(self) -> int | None:
        return _highest(each.pain for each in self.sessions)

    @property
    def morning(self) -> int | None:
        return _highest(each.morning for each in self.sessions)

    @property
    def effort(self) -> int | None:
        told = [each.effort for each in self.sessions if each.effort is not None]
        return median_low(told) if told else None


def _highest(told: Iterator[int | None]) -> int | None:
    return max((each for each in told if each is not None), default=None)


def report(told: Told, page: PatientPage) -> dict[str, Any]:
    """Everything that is printed, in the language that is active."""
    weeks, clinic = list(_weeks(told)), told.program.patient.clinic
    drawn = story(told, ())
    return {
        "lang": language(),
        "clinic": clinic.name,
        "title": page.name,
        "detail": page.detail,
        "made": _("Report of %(day)s") % {"day": day_and_year(told.today)},
        "facts": list(_facts(told, weeks, page)),
        "chart_title": drawn.words.title,
        "chart": printed(drawn),
        "chart_words": drawn.words.description,
        "weeks": _week_table(told, weeks),
        "decisions": decision_table(page.made),
    }


def _weeks(told: Told) -> Iterator[Week]:
    """From the first day of the program to the week of today, or of its end."""
    last, zone = min(told.today, told.program.end_on), ZoneInfo(told.program.patient.time_zone)
    first, number = told.first, 1
    while first <= last:
        end = first + timedelta(days=6)
        due = [day for day in told.due if first <= day <= end and day < told.today]
        yield Week(
            number,
            first,
            len(due) * told.plan.times_a_day,
            [each for each in told.sessions if first <= each.local_date <= end],
            [_at_end(doses, end, zone) for _side, doses in sorted(told.lines.items())],
        )
        first, number = end + timedelta(days=1), number + 1


def _at_end(doses: Sequence[DoseVersion], day: date, zone: ZoneInfo) -> DoseVersion | None:
    """The dose that held at the end of a day."""
    return next((d for d in reversed(doses) if d.at.astimezone(zone).date() <= day), None)


def _facts(told: Told, weeks: Sequence[Week], page: PatientPage) -> Iterator[tuple[str, str]]:
    done = sum(each.done for each in weeks)
    due = max(done, sum(each.due for each in weeks))
    yield _("Period"), f"{day_and_year(told.first)} – {day_and_year(told.today)}"
    share = round(100 * done / due) if due else None
    said = _("%(done)s of %(due)s due") % {"done": done, "due": due}
    yield _("Sessions done"), said if share is None else f"{said}, {share} %"
    yield _("Highest pain"), _points(_highest(each.pain for each in weeks))
    yield _("Highest pain the next morning"), _points(_highest(each.morning for each in weeks))
    for side, doses in sorted(told.lines.items()):
        change = f"{_dose(told, doses[0])} → {_dose(told, doses[-1])}"
        yield side_words(side).capitalize(), change
    if page.lock:
        yield page.lock.title, page.lock.since


def _points(value: int | None) -> str:
    return NOTHING if value is None else _("%(n)s of 10") % {"n": value}


def _dose(told: Told, dose: DoseVersion) -> str:
    return f"{dose_words(dose)}, {told.names[dose.prescription_id, dose.step]}"


def _number(value: int | None) -> str:
    return NOTHING if value is None else str(value)


def _week_table(told: Told, weeks: Sequence[Week]) -> dict[str, Any]:
    sides = [side_words(side).capitalize() for side in sorted(told.lines)]
    rows = [
        [
            str(week.number),
            day_words(week.first, "DAY_OF_YEAR"),
            f"{week.done} / {week.due}",
            *map(_number, (week.pain, week.morning, week.effort)),
            *(NOTHING if dose is None else _dose(told, dose) for dose in week.doses),
        ]
        for week in weeks
    ]
    head = [_("Week"), _("from"), _("done"), _("pain"), _("morning"), _("effort"), *sides]
    return {
        "title": ngettext("%(n)s week", "%(n)s weeks", len(weeks)) % {"n": len(weeks)},
        "head": head,
        "widths": [0, 0, 0, 0, 0, 0, *[1 for _side in sides]],
        "rows": rows,
    }


def decision_table(made: Sequence[Made]) -> dict[str, Any]:
    """Newest first; the words of a rule stand where it is met first."""
    said: set[str] = set()
    rows = []
    for each in made:
        reason = _("as above") if each.reason in said else each.reason
        said |= {each.reason} - {""}
        rows.append([each.day_words, f"{each.title}: {each.change}", each.by, reason])
    return {
        "title": _("Decisions"),
        "head": [_("Day"), _("What"), _("By"), _("Why")],
        "widths": [0, 2, 1, 2],
        "rows": rows,
        "none": _("No decision yet."),
    }
