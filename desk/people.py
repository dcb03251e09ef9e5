"""The caseload by name: who runs which program, and their three numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from desk.numbers import Numbers, Trained, numbers
from desk.presenters import Cell, People, Person, Step, address, columns
from desk.queries import PAGE
from desk.rows import DoseRow, ListedRow, ProgramRow, StepNames
from programs.calendar import local_day, plan_of
from programs.models import Program
from programs.prescribing.presenters import knee_words
from programs.wording import band_class, dose_words, side_words

NOTHING = "–"
LOW_ADHERENCE, LONG_AGO = 0.5, 5


@dataclass(frozen=True)
class Known:
    """What was read of the programs of a page, by program."""

    doses: Mapping[UUID, list[DoseRow]]
    names: StepNames
    trained: Mapping[UUID, list[Trained]]


def people(
    patients: Sequence[ListedRow],
    known: Known,
    *,
    total: int,
    now: datetime,
    pain_limit: int,
    searched: str = "",
) -> People:
    """A page of the list, and where the next one starts."""
    shown = patients[:PAGE]
    rows = [_person(each, known, now, pain_limit) for each in shown]
    more = len(patients) > PAGE
    return People(
        rows=tuple(rows),
        total=total,
        next_url=f"{reverse('desk:patient-list')}?after={shown[-1].patient.id}" if more else "",
        searched=searched,
    )


def _person(listed: ListedRow, known: Known, now: datetime, pain_limit: int) -> Person:
    patient, program = listed.patient, listed.program
    told = _numbers(program, known.trained, local_day(now, patient.time_zone))
    status, words = _status(listed)
    doses = known.doses.get(program.id, []) if program else []
    return Person(
        name=patient.name,
        url=address("desk:patient-detail", patient.id),
        detail=knee_words(patient.affected_side),
        status=status,
        status_words=words,
        step=current_step(doses, known.names),
        numbers=columns(
            (
                adherence_cell(told.adherence),
                _pain_cell(told, pain_limit),
                since_cell(told.days_since),
            )
        ),
    )


def _numbers(
    program: ProgramRow | None, trained: Mapping[UUID, list[Trained]], today: date
) -> Numbers:
    if program is None:
        return Numbers(None, None, None, None)
    plan = plan_of(program, program.closed)
    return numbers(plan, trained.get(program.id, []), today)


def _status(listed: ListedRow) -> tuple[str, str]:
    if listed.program is None:
        return "", gettext("no program")
    if not listed.joined:
        return "", gettext("not joined yet")
    status = listed.program.status
    return status, str(Program.Status(status).label)


def current_doses(rows: Sequence[DoseRow]) -> list[DoseRow]:
    """The newest dose of each exercise and side, left before right."""
    newest = {(row.prescription, row.side): row for row in rows}
    return sorted(newest.values(), key=lambda row: (str(row.prescription), row.side))


def current_step(rows: Sequence[DoseRow], names: StepNames) -> Step | None:
    """Where a patient stands, in one line: the lower side's step, both doses if they differ."""
    now = current_doses(rows)
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


def adherence_cell(share: float | None) -> Cell:
    value = (
        NOTHING if share is None else gettext("%(percent)s %%") % {"percent": round(share * 100)}
    )
    tone = "caution" if share is not None and share < LOW_ADHERENCE else ""
    return Cell(value, gettext("of 14 days"), tone)


def _pain_cell(told: Numbers, pain_limit: int) -> Cell:
    if told.pain is None:
        return Cell(NOTHING, gettext("pain"))
    unit = gettext("pain")
    if told.pain_before is not None:
        unit = gettext("pain, before %(pain)s") % {"pain": told.pain_before}
    return Cell(str(told.pain), unit, "bad" if told.pain > pain_limit else "")


def since_cell(days: int | None) -> Cell:
    if days is None:
        return Cell(NOTHING, gettext("no session yet"))
    value = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    tone = "caution" if days >= LONG_AGO else ""
    return Cell(value if days else gettext("today"), gettext("since last"), tone)
