"""The caseload by name: who runs which program, and their three numbers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from desk import lines, queries
from desk.numbers import Numbers, numbers
from desk.presenters import Cell, People, Person, Step, address, columns
from desk.rows import DoseRow, ListedRow, ProgramRow, StepNames, ToldRow
from programs.calendar import local_day, plan_of
from programs.models import Program
from programs.prescribing.presenters import knee_words
from programs.wording import band_class, dose_words, side_words

NOTHING = "–"
LOW_ADHERENCE, LONG_AGO = 0.5, 5


class Labels(NamedTuple):
    """The units beneath the numbers: looked up once a page."""

    adherence: str
    pain: str
    since: str
    never: str
    today: str
    nobody: str
    invited: str


def people(
    patients: Sequence[ListedRow],
    told: Mapping[UUID, ToldRow],
    names: StepNames,
    *,
    now: datetime,
    pain_limit: int,
    searched: str = "",
) -> People:
    """A page of the list, and where the next one starts."""
    shown, labels = patients[: queries.PAGE], number_labels()
    rows = tuple(_person(each, told, names, labels, now, pain_limit) for each in shown)
    last = str(shown[-1].patient.id) if len(patients) > queries.PAGE else ""
    return People(
        rows=rows,
        lines=lines.people(rows),
        next_url=f"{reverse('desk:patient-list')}?after={last}" if last else "",
        last=last,
        searched=searched,
    )


def number_labels() -> Labels:
    """In the language of the page."""
    return Labels(
        gettext("of 14 days"),
        gettext("pain"),
        gettext("since last"),
        gettext("no session yet"),
        gettext("today"),
        gettext("no program"),
        gettext("not joined yet"),
    )


def _person(
    listed: ListedRow,
    known: Mapping[UUID, ToldRow],
    names: StepNames,
    labels: Labels,
    now: datetime,
    pain_limit: int,
) -> Person:
    patient, program = listed.patient, listed.program
    rows = known.get(program.id) if program else None
    told = _numbers(program, rows, local_day(now, patient.time_zone))
    status, words = _status(listed, labels)
    cells = (
        adherence_cell(told.adherence, labels),
        pain_cell(told, pain_limit, labels),
        since_cell(told.days_since, labels),
    )
    return Person(
        name=patient.name,
        url=address("desk:patient-detail", patient.id),
        detail=knee_words(patient.affected_side),
        status=status,
        status_words=words,
        step=current_step(rows.doses, names) if rows else None,
        numbers=columns(cells),
    )


def _numbers(program: ProgramRow | None, rows: ToldRow | None, today: date) -> Numbers:
    if program is None or rows is None:
        return Numbers(None, None, None, None)
    return numbers(plan_of(program, program.closed), rows.trained, today)


def _status(listed: ListedRow, labels: Labels) -> tuple[str, str]:
    if listed.program is None:
        return "", labels.nobody
    if not listed.joined:
        return "", labels.invited
    status = listed.program.status
    return status, str(Program.Status(status).label)


def current_step(now: Sequence[DoseRow], names: StepNames) -> Step | None:
    """Where a patient stands, in one line: the lower side's step, both doses if they differ."""
    if not now:
        return None
    first = [row for row in now if row.prescription == now[0].prescription]
    low = min(first, key=lambda row: (row.step, row.sets, row.reps))
    said = {dose_words(row) for row in first}
    side = "each" if len(first) > 1 else first[0].side
    dose = f"{said.pop()}, {side_words(side)}" if len(said) == 1 else _both(first)
    return Step(names.get((low.prescription, low.step), ""), dose, band_class(low.band_level))


def _both(rows: Sequence[DoseRow]) -> str:
    return ", ".join(f"{side_words(row.side)} {dose_words(row)}" for row in rows)


def adherence_cell(share: float | None, labels: Labels) -> Cell:
    if share is None:
        return Cell(NOTHING, labels.adherence)
    value = gettext("%(percent)s %%") % {"percent": round(share * 100)}
    return Cell(value, labels.adherence, "caution" if share < LOW_ADHERENCE else "")


def pain_cell(told: Numbers, pain_limit: int, labels: Labels) -> Cell:
    if told.pain is None:
        return Cell(NOTHING, labels.pain)
    unit = labels.pain
    if told.pain_before is not None:
        unit = gettext("pain, before %(pain)s") % {"pain": told.pain_before}
    return Cell(str(told.pain), unit, "bad" if told.pain > pain_limit else "")


def since_cell(days: int | None, labels: Labels) -> Cell:
    if days is None:
        return Cell(NOTHING, labels.never)
    value = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    tone = "caution" if days >= LONG_AGO else ""
    return Cell(value if days else labels.today, labels.since, tone)
