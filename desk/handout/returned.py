"""A sheet that came back: which version it is, its days, and what stands on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desk.handout.sheet import MOST_DAYS, REACH
from desk.handout.versions import moments_of
from programs.calendar import local_day, plan_of
from programs.logging.plan import SessionPlan, load_plan
from programs.models import Program, Session
from programs.schedule import Plan, Slot


@dataclass(frozen=True)
class Row:
    """One session of the sheet. `logged`: how it was told of already, if it was."""

    slot: Slot
    logged: str = ""


@dataclass(frozen=True)
class Returned:
    """One version of a program's sheet. `versions`: the day from which each one held."""

    program: Program
    versions: Sequence[date]
    version: int
    first: date
    plan: SessionPlan
    rows: Sequence[Row]


def read_sheet(program: Program, wanted: int | None, first: date | None, at: datetime) -> Returned:
    """The sheet of this version, else of the newest that has days, from this day on.

    Without a first day the newest days are taken; at most as many as a sheet has. Three queries.
    """
    moments = moments_of(program)
    days, today = plan_of(program), local_day(at, program.patient.time_zone)
    versions = [local_day(each, program.patient.time_zone) for each in moments]
    version = wanted if wanted and wanted <= len(versions) else _newest(days, versions, today)
    shown = _days(days, max(versions[version - 1], first or date.min), today, first is None)
    logged = _logged(program, shown)
    numbers = range(1, days.times_a_day + 1)
    slots = [Slot(day, number) for day in shown for number in numbers]
    return Returned(
        program,
        versions,
        version,
        shown[0] if shown else versions[version - 1],
        load_plan(program, before=moments[version] if version < len(moments) else None),
        [Row(slot, logged.get(slot, "")) for slot in slots],
    )


def _newest(days: Plan, versions: Sequence[date], today: date) -> int:
    """The newest version under which a session was due up to today; the newest if none was."""
    numbers = range(len(versions), 0, -1)
    had = (each for each in numbers if any(days.days(versions[each - 1], today)))
    return next(had, len(versions))


def _days(days: Plan, first: date, today: date, newest: bool) -> list[date]:
    """As many days as a sheet holds, from its first day on, or up to today."""
    most = max(1, MOST_DAYS // days.times_a_day)
    last = today if newest else min(today, first + REACH)
    found = list(days.days(first, last))
    return found[-most:] if newest else found[:most]


def _logged(program: Program, days: Sequence[date]) -> Mapping[Slot, str]:
    """How each session of these days was told of."""
    rows = program.sessions.filter(local_date__range=(days[0], days[-1])) if days else ()
    return {Slot(row.local_date, row.slot): str(Session.Source(row.source).label) for row in rows}
