"""The patient's chart: rows turned into days and heights, with every word it shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_noop

from desk.charts import Mark, PainMark, SessionMark, Story, Words
from desk.ledger import day_kind
from desk.presenters import DayOfDecisions
from desk.rows import PhaseRow, SessionRow, StepNames, StepRow
from programs.calendar import plan_of
from programs.charts import Line, Shelf
from programs.codec import from_json
from programs.doses import dose_of
from programs.models import DoseVersion, Program, Session
from programs.prescribing.previewing import share
from programs.progression.types import Bounds
from programs.schedule import Plan
from programs.wording import band_class, day_words, dose_words, side_words, variant_name

EFFORT_BAND = (5, 7)
MOST_SHELVES = 8
DATES_EVERY = 14
WORDED = ("short", "later", "staff")  # what is said beneath a session's block
WEEKS_WHOLE, WEEKS_AHEAD = 12, 6
STATES = {
    "done": gettext_noop("done"),
    "short": gettext_noop("cut short"),
    "later": gettext_noop("later"),
    "staff": gettext_noop("by staff"),
    "missed": gettext_noop("nothing done"),
}


@dataclass(frozen=True)
class Told:
    """The rows of one program, and its today."""

    program: Program
    closed: Sequence[dict[str, Any]]
    steps: Sequence[StepRow]
    doses: Sequence[DoseVersion]
    sessions: Sequence[SessionRow]
    names: StepNames
    today: date
    phases: Sequence[PhaseRow] = ()

    @property
    def first(self) -> date:
        return self.program.start_on

    def day(self, day: date) -> int:
        return (day - self.first).days

    @cached_property
    def plan(self) -> Plan:
        """The days of the program, as far as they are known."""
        return plan_of(self.program, list(self.closed))

    @cached_property
    def last(self) -> date:
        """The end of the axis: of a long program not more than the next six weeks."""
        whole = self.first + timedelta(weeks=WEEKS_WHOLE, days=-1)
        return min(self.program.end_on, max(whole, self.today + timedelta(weeks=WEEKS_AHEAD)))

    @cached_property
    def due(self) -> list[date]:
        """Every day of the axis on which a session was or will be due."""
        return list(self.plan.days(self.first, self.last))

    @cached_property
    def ladder(self) -> list[StepRow]:
        """The steps of the first exercise: the one that the chart follows."""
        owner = self.steps[0].prescription
        return [step for step in self.steps if step.prescription == owner]

    @cached_property
    def bounds(self) -> Mapping[int, Bounds]:
        """What each step that was trained may hold."""
        used = {dose.step for doses in self.lines.values() for dose in doses}
        return {place: from_json(Bounds, self.ladder[place].bounds) for place in used}

    @cached_property
    def lines(self) -> Mapping[str, list[DoseVersion]]:
        """The dose versions of that exercise by side."""
        found: dict[str, list[DoseVersion]] = {}
        owner = self.steps[0].prescription
        for dose in self.doses:
            if dose.prescription_id == owner:
                found.setdefault(dose.side, []).append(dose)
        return found


def story(told: Told, days: Sequence[DayOfDecisions]) -> Story:
    """Everything that the chart draws."""
    program = told.program
    weeks = max(1, -(-((told.last - told.first).days + 1) // 7))
    low, high = _window(told)
    limit = program.patient.clinic.pain_limit
    return Story(
        words=_words(told, limit, weeks),
        weeks=weeks,
        today=min(max(told.day(told.today) + 0.5, 0), weeks * 7),
        shelves=tuple(_shelf(told, step) for step in told.ladder[low:high]),
        lines=tuple(_line(told, side, low) for side in sorted(told.lines)),
        pains=tuple(_pains(told)),
        pain_limit=limit,
        efforts=tuple(
            (told.day(one.local_date) + 0.5, one.effort)
            for one in told.sessions
            if one.effort is not None
        ),
        effort_band=EFFORT_BAND,
        sessions=tuple(_sessions(told)),
        marks=tuple(_marks(told, days, weeks)),
    )


def _window(told: Told) -> tuple[int, int]:
    """The shelves to draw: those that were used and the next one up, eight at most."""
    used = [dose.step for doses in told.lines.values() for dose in doses]
    top = min(len(told.ladder), max(used, default=0) + 2)
    low = 0 if top <= MOST_SHELVES else min(min(used), top - 2)
    return max(low, top - MOST_SHELVES), top


def _shelf(told: Told, step: StepRow) -> Shelf:
    return Shelf(told.names[step.prescription, step.position], band_class(step.band))


def _line(told: Told, side: str, low: int) -> Line:
    doses = told.lines[side]
    zone = ZoneInfo(told.program.patient.time_zone)
    points = [
        (max(0.0, told.day(dose.at.astimezone(zone).date()) + 0.0), _height(told, dose) - low)
        for dose in doses
    ]
    return Line(
        kind="right" if side == "right" else "left",
        label=_side_name(side),
        note=_now(told, doses[-1]),
        points=tuple(points),
    )


def _side_name(side: str) -> str:
    return side_words(side).capitalize()


def _now(told: Told, dose: DoseVersion) -> str:
    """A dose and its step: 2 × 8, Full lift."""
    return f"{dose_words(dose)}, {told.names[dose.prescription_id, dose.step]}"


def _height(told: Told, dose: DoseVersion) -> float:
    here = dose_of(dose, per_week=len(told.program.weekdays))
    return dose.step + share(here, told.bounds[dose.step])


def _pains(told: Told) -> Iterable[PainMark]:
    for one in told.sessions:
        if one.pain is not None or one.morning is not None:
            yield PainMark(told.day(one.local_date) + 0.5, one.pain, None, one.morning)


def state_of(session: SessionRow) -> str:
    """done, short, later, staff or missed: how a session counts, for its block."""
    if not session.sets:
        return "missed"
    if session.source != Session.Source.LIVE:
        return "staff" if session.source == Session.Source.STAFF else "later"
    return "done" if session.done and not session.stopped else "short"


def _sessions(told: Told) -> Iterable[SessionMark]:
    by_day = {one.local_date: one for one in told.sessions}
    for day in sorted({*told.due, *by_day}):
        yield _session_mark(told, day, by_day.get(day))


def _session_mark(told: Told, day: date, session: SessionRow | None) -> SessionMark:
    place = told.day(day) + 0.5
    if session is None or (day == told.today and not session.told):
        state = "due" if day >= told.today else "missed"
        return SessionMark(place, state)
    state = state_of(session)
    return SessionMark(place, state, state_words(state) if state in WORDED else "")


def state_words(state: str) -> str:
    """The word for how a session counts."""
    return gettext(STATES[state])


def _marks(told: Told, days: Sequence[DayOfDecisions], weeks: int) -> Iterable[Mark]:
    for each in days:
        place = told.day(each.made[0].day)
        if 0 <= place < weeks * 7:
            yield Mark(place, day_kind(each), each.target, each.label)


def _words(told: Told, limit: int, weeks: int) -> Words:
    lines = [f"{_side_name(side)}: {_now(told, doses[-1])}" for side, doses in told.lines.items()]
    last = told.sessions[-1] if told.sessions else None
    return Words(
        title=gettext("Dose, pain, effort and sessions of %(weeks)s weeks") % {"weeks": weeks},
        description="; ".join(lines),
        week=gettext("Week"),
        dose=gettext("Dose"),
        shelf_range=gettext("each shelf: from its entry dose to its top"),
        pain=gettext("Pain"),
        pain_limit=gettext("above %(limit)s") % {"limit": limit},
        pain_key=_pain_key(last),
        effort=gettext("Effort"),
        effort_now=_effort_now(last),
        sessions=gettext("Sessions"),
        sessions_note=_done_note(told),
        dates=tuple(_dates(told, weeks)),
        today=gettext("today, %(day)s") % {"day": day_words(told.today, "DAY_OF_YEAR")},
    )


def _pain_key(last: SessionRow | None) -> tuple[str, str, str]:
    pain, morning = (last.pain, last.morning) if last else (None, None)
    return (
        gettext("in the session %(pain)s") % {"pain": "–" if pain is None else pain},
        "",
        gettext("morning %(pain)s") % {"pain": "–" if morning is None else morning},
    )


def _effort_now(last: SessionRow | None) -> str:
    if last is None or last.effort is None:
        return ""
    return gettext("%(effort)s of 10") % {"effort": last.effort}


def _done_note(told: Told) -> str:
    due = sum(day < told.today for day in told.due) * told.plan.times_a_day
    done = sum(one.done for one in told.sessions)
    return gettext("%(done)s done of %(due)s due") % {"done": done, "due": max(due, done)}


def _dates(told: Told, weeks: int) -> Iterable[tuple[float, str]]:
    for day in range(0, weeks * 7, DATES_EVERY):
        yield day, day_words(told.first + timedelta(days=day), "DAY_OF_YEAR")


def names_of(steps: Sequence[StepRow]) -> StepNames:
    """The short names of the steps."""
    return {
        (step.prescription, step.position): variant_name(step.variant or "", step.band)
        for step in steps
    }
