"""The caseload by name: who runs which program, and their three numbers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from desk.numbers import Numbers, Trained, numbers
from desk.presenters import Cell, People, Person, Step, columns
from desk.queries import PAGE, DoseRow, StepNames, closed_of, running_program
from patients.models import Patient
from programs.calendar import local_day, plan_of
from programs.models import Program
from programs.prescribing.presenters import knee_words
from programs.wording import band_class, dose_words, side_words

NOTHING = "–"
LOW_ADHERENCE, LONG_AGO = 0.5, 5


def people(
    patients: Sequence[Patient],
    doses: Mapping[UUID, list[DoseRow]],
    names: StepNames,
    trained: Mapping[UUID, list[Trained]],
    *,
    now: datetime,
    pain_limit: int,
    searched: str = "",
) -> People:
    """A page of the list, and where the next one starts."""
    shown = patients[:PAGE]
    rows = [_person(each, doses, names, trained, now, pain_limit) for each in shown]
    more = len(patients) > PAGE
    return People(
        rows=tuple(rows),
        total=patients[0].total if patients else 0,  # type: ignore[attr-defined]
        next_url=f"{reverse('desk:patient-list')}?after={shown[-1].id}" if more else "",
        searched=searched,
    )


def _person(
    patient: Patient,
    doses: Mapping[UUID, list[DoseRow]],
    names: StepNames,
    trained: Mapping[UUID, list[Trained]],
    now: datetime,
    pain_limit: int,
) -> Person:
    program = running_program(patient)
    told = _numbers(patient, program, trained, local_day(now, patient.time_zone))
    status, words = _status(patient, program)
    return Person(
        name=patient.name,
        url=reverse("desk:patient-detail", args=[patient.id]),
        detail=knee_words(patient.affected_side),
        status=status,
        status_words=words,
        step=current_step(doses.get(program.id, []), names) if program else None,
        numbers=columns(
            (
                adherence_cell(told.adherence),
                _pain_cell(told, pain_limit),
                since_cell(told.days_since),
            )
        ),
    )


def _numbers(
    patient: Patient,
    program: Program | None,
    trained: Mapping[UUID, list[Trained]],
    today: date,
) -> Numbers:
    if program is None:
        return Numbers(None, None, None, None)
    plan = plan_of(program, closed_of(patient))
    return numbers(plan, trained.get(program.id, []), today)


def _status(patient: Patient, program: Program | None) -> tuple[str, str]:
    if program is None:
        return "", gettext("no program")
    if not patient.joined:  # type: ignore[attr-defined]
        return "", gettext("not joined yet")
    return program.status, str(Program.Status(program.status).label)


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
