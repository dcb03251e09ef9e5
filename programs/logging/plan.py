"""What a session holds: each exercise with its sides, steps and doses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from programs.models import DoseVersion, Prescription, PrescriptionStep, Side

SIDES = (Side.LEFT, Side.RIGHT, Side.BOTH)


@dataclass(frozen=True)
class PlannedSide:
    """One side's dose, on the step it stands on."""

    side: str
    dose: DoseVersion
    step: PrescriptionStep


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


def load_plan(program: UUID, *, before: datetime | None = None) -> SessionPlan:
    """The doses of a program that hold now, or held until `before`. Two queries."""
    versions = DoseVersion.objects.filter(prescription__program_id=program).current()
    if before:
        versions = versions.filter(at__lt=before)
    return make_plan(list(versions.select_related("prescription")))


def make_plan(versions: list[DoseVersion]) -> SessionPlan:
    """The plan of these dose versions (with their prescription), one a side. One query."""
    steps = _steps(versions)
    by_prescription: dict[UUID, list[PlannedSide]] = {}
    for version in sorted(versions, key=lambda each: SIDES.index(Side(each.side))):
        step = steps[version.prescription_id, version.step]
        by_prescription.setdefault(version.prescription_id, []).append(
            PlannedSide(version.side, version, step)
        )
    found = [
        PlannedExercise(sides[0].dose.prescription, _together(sides))
        for sides in by_prescription.values()
    ]
    return SessionPlan(tuple(sorted(found, key=lambda each: each.prescription.position)))


def _together(sides: list[PlannedSide]) -> tuple[PlannedSide, ...]:
    """On a two-legged step the sides are one."""
    first = sides[0]
    if first.step.laterality == PrescriptionStep.Laterality.BOTH:
        return (PlannedSide(Side.BOTH, first.dose, first.step),)
    return tuple(sides)


def _steps(versions: Iterable[DoseVersion]) -> dict[tuple[UUID, int], PrescriptionStep]:
    places = [Q(prescription_id=each.prescription_id, position=each.step) for each in versions]
    if not places:
        return {}
    rows = PrescriptionStep.objects.filter(reduce(or_, places)).select_related("revision")
    return {(row.prescription_id, row.position): row for row in rows}
