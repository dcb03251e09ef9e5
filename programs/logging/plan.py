"""What a session holds: each exercise with its sides, steps and doses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from exercises.models import Revision
from programs.aims import Aim, aims_of, plain_aim, plan_rules
from programs.models import DoseVersion, Prescription, PrescriptionStep, Program, Side
from programs.wording import language

SIDES = (Side.LEFT, Side.RIGHT, Side.BOTH)


def _names(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


STEP = ["id", "clinic_id", "prescription_id", "position", "revision_id", "laterality"]
STEP += ["bounds", "equipment", "resisted"]  # as the model orders
PARTS: tuple[tuple[str, Any, list[str]], ...] = (
    ("d", DoseVersion, _names(DoseVersion)),
    ("p", Prescription, _names(Prescription)),
    ("s", PrescriptionStep, STEP),
    ("r", Revision, ["id", "body", "figure"]),
)
WORDS = "json_build_object(%(language)s::text, r.body -> %(language)s::text), r.figure::json"
_own = [f"{alias}.{name}" for alias, _model, names in PARTS[:3] for name in names]
_own[_own.index("s.bounds")] += "::json"
PLAN = f"""
    select distinct on (d.prescription_id, d.side) {", ".join(_own)}, r.id, {WORDS}, h.position
    from programs_doseversion d
    join programs_prescription p on p.id = d.prescription_id
    join programs_phase h on h.id = p.phase_id
    join programs_prescriptionstep s on s.prescription_id = p.id and s.position = d.step
    join exercises_revision r on r.id = s.revision_id
    where p.program_id = %(program)s
        and (%(before)s::timestamptz is null or d.at < %(before)s::timestamptz)
        and (h.position = 0 or %(day)s::date is null or h.start_on <= %(day)s::date)
    order by d.prescription_id, d.side, d.number desc
"""  # noqa: S608 (own words only)


@dataclass(frozen=True)
class PlannedSide:
    """One side's dose, on the step it stands on."""

    side: str
    dose: DoseVersion
    step: PrescriptionStep
    plan: tuple[Aim, ...] | None = None  # None: every set is the dose as it is

    @cached_property
    def aims(self) -> tuple[Aim, ...]:
        """The sets in order."""
        plain = (plain_aim(self.dose, number) for number in range(1, self.dose.sets + 1))
        return tuple(plain) if self.plan is None else self.plan

    def aim(self, number: int) -> Aim:
        """Set `number` as planned; beyond the plan the dose as it is."""
        known = 0 < number <= len(self.aims)
        return self.aims[number - 1] if known else plain_aim(self.dose, number)


@dataclass(frozen=True)
class PlannedExercise:
    """One prescription of the session, its sides from left to right (or both together)."""

    prescription: Prescription
    sides: tuple[PlannedSide, ...]

    @property
    def total(self) -> int:
        return sum(each.dose.sets for each in self.sides)

    def slots(self) -> Iterator[tuple[str, int]]:
        """The sets in the order they are done: left 1, right 1, left 2, right 2 ..."""
        for number in range(1, max(each.dose.sets for each in self.sides) + 1):
            for each in self.sides:
                if number <= each.dose.sets:
                    yield each.side, number

    def side(self, side: str) -> PlannedSide | None:
        return next((each for each in self.sides if each.side == side), None)


@dataclass(frozen=True)
class SessionPlan:
    """All exercises of a session in order."""

    exercises: tuple[PlannedExercise, ...]

    @property
    def total(self) -> int:
        return sum(each.total for each in self.exercises)

    def exercise(self, prescription: UUID) -> PlannedExercise | None:
        return next((e for e in self.exercises if e.prescription.id == prescription), None)


def load_plan(
    program: Program, *, day: date | None = None, before: datetime | None = None
) -> SessionPlan:
    """The sets of a program as its doses hold now, or held until `before`. One query.

    `day` is the patient's: the phase that held then is taken, else the newest; rules may plan by
    the week. Revisions come with the words of the active language alone.
    """
    given = {"program": program.id, "before": before, "day": day, "language": language()}
    with connection.cursor() as cursor:
        cursor.execute(PLAN, given)
        found = cursor.fetchall()
    phase = max((row[-1] for row in found), default=0)
    rows = [row for row in found if row[-1] == phase]
    by_prescription: dict[UUID, list[PlannedSide]] = {}
    for side in _with_aims(program, map(_side, rows), day):
        by_prescription.setdefault(side.dose.prescription_id, []).append(side)
    exercises = [_exercise(sides) for sides in by_prescription.values()]
    return SessionPlan(tuple(sorted(exercises, key=lambda each: each.prescription.position)))


def on_day(plan: SessionPlan, program: Program, day: date) -> SessionPlan:
    """The same doses as the rules plan their sets for this local day."""
    if plan_rules(program) is None:
        return plan
    return SessionPlan(
        tuple(
            replace(each, sides=tuple(_with_aims(program, each.sides, day)))
            for each in plan.exercises
        )
    )


def _with_aims(
    program: Program, sides: Iterable[PlannedSide], day: date | None
) -> Iterator[PlannedSide]:
    rules = plan_rules(program)
    for each in sides:
        plan = aims_of(rules, program, each.dose, each.step, day) if rules else None
        yield replace(each, plan=plan)


def _side(row: tuple[Any, ...]) -> PlannedSide:
    """One row of PLAN as its four objects, tied to each other."""
    parts, start = [], 0
    for _alias, model, names in PARTS:
        end = start + len(names)
        parts.append(model.from_db("default", names, row[start:end]))
        start = end
    dose, prescription, step, revision = parts
    dose.prescription, step.prescription, step.revision = prescription, prescription, revision
    return PlannedSide(dose.side, dose, step)


def _exercise(sides: list[PlannedSide]) -> PlannedExercise:
    sides.sort(key=lambda each: SIDES.index(Side(each.side)))
    return PlannedExercise(sides[0].dose.prescription, _together(sides))


def _together(sides: list[PlannedSide]) -> tuple[PlannedSide, ...]:
    """On a two-legged step the sides are one."""
    first = sides[0]
    if first.step.laterality == PrescriptionStep.Laterality.BOTH:
        return (replace(first, side=Side.BOTH),)
    return tuple(sides)
