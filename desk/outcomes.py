"""The panel of outcome scores: first and last, drawn over time, and when the next are due.

A reduction of about 2 points, or 30 %, of chronic pain 0-10 matters to patients: Farrar and others,
Pain 2001; 94: 149-158, doi 10.1016/S0304-3959(01)00349-9. None is known for own words.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from desk.queries import SaidRow
from desk.scores_chart import Track, scores_chart
from patients.scoring import activities_in
from programs.calendar import local_day
from programs.models import Program
from programs.rounds import is_told, round_of
from programs.tables import Row, table
from programs.wording import day_words

PAIN, CHANGE = "pain", "change"


class Measure(NamedTuple):
    """One thing that is rated over time; `key` names its line in the chart."""

    key: str
    name: str
    told: Sequence[tuple[date, int]]

    @property
    def moved(self) -> str:
        """The difference from the first score, signed; nothing of a change, which is one itself."""
        if len(self.told) < 2 or self.key == CHANGE:
            return ""
        return f"{self.told[-1][1] - self.told[0][1]:+d}"


class Outcomes(NamedTuple):
    """What the panel shows. `due`: in words, since when or on which day scores are asked for."""

    due: str
    is_late: bool
    chart: SafeString
    numbers: SafeString
    every: SafeString


def outcomes(program: Program, said: SaidRow, today: date) -> Outcomes:
    """The panel of a patient who has, or had, a program."""
    found = list(_measures(said, program.patient.time_zone))
    due, is_late = _due(program, said, today)
    return Outcomes(due, is_late, _chart(found), _numbers(found), _every(found))


def _measures(said: SaidRow, zone: str) -> Iterator[Measure]:
    """Of pain the days as the patient's wall says them; only what was told at least once."""
    if said.pains:
        told = [(local_day(at, zone), pain) for pain, at in said.pains]
        yield Measure(PAIN, gettext("Pain on a usual day"), told)
    for number, words in sorted(activities_in(said.scores).items()):
        told = [(one.day, one.value) for one in said.scores if one.number == number]
        yield Measure(str(number), f"{number}. {words}", told)
    if told := [(one.day, one.value) for one in said.scores if not one.number]:
        yield Measure(CHANGE, gettext("Change since the start"), told)


def _due(program: Program, said: SaidRow, today: date) -> tuple[str, bool]:
    """When scores are to be told, and whether that day has come."""
    asked = round_of(program, today)
    if not is_told(asked, said.scores):
        day = {"day": day_words(asked.day, "DAY_OF_YEAR")}
        return gettext("Due since %(day)s") % day, True
    if asked.next is None or program.status == Program.Status.ENDED:
        return "", False
    return gettext("Next on %(day)s") % {"day": day_words(asked.next, "DAY_OF_YEAR")}, False


def _chart(found: Sequence[Measure]) -> SafeString:
    """Lines of what was told more than once; the change has a scale of its own, and no line."""
    tracks = [
        Track(each.key, gettext("pain") if each.key == PAIN else each.key, tuple(each.told))
        for each in found
        if each.key != CHANGE and len(each.told) > 1
    ]
    if not tracks:
        return SafeString("")
    title = gettext("Pain and activities, 0 to 10, over time")
    dates = [day for each in tracks for day, _value in each.told]
    ends = tuple(day_words(day, "DAY_OF_YEAR") for day in (min(dates), max(dates)))
    return mark_safe(scores_chart(tracks, title, ends))  # noqa: S308 (words are escaped there)


def _numbers(found: Sequence[Measure]) -> SafeString:
    heads = [gettext("What"), gettext("First"), gettext("Last"), gettext("Moved")]
    rows = [
        Row(each.name, [each.told[0][1], each.told[-1][1], each.moved])
        if each.key != CHANGE
        else Row(each.name, ["", f"{each.told[-1][1]:+d}", ""])
        for each in found
    ]
    return table("numbers", heads, rows) if rows else SafeString("")


def _every(found: Sequence[Measure]) -> SafeString:
    told = [(day, each.name, value) for each in found for day, value in each.told]
    if len(told) == len(found):
        return SafeString("")
    heads = [gettext("What"), gettext("Day"), gettext("Score")]
    newest = sorted(told, key=lambda one: one[0], reverse=True)
    rows = [Row(name, [day_words(day, "DAY_OF_YEAR"), value]) for day, name, value in newest]
    return table("numbers", heads, rows)
