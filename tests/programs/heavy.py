"""Someone on a machine, under a scheme whose sets differ and follow one another."""

from datetime import datetime

from exercises.models import Exercise, Revision
from exercises.shipped import exercises
from patients.models import Patient
from programs.codec import to_json
from programs.models import PrescriptionStep, Program
from programs.progression import load_preset
from programs.progression.types import Bounds, Dose, Span
from tests.programs.people import Person, make_person

POUNDS = Span(50, 1_800, 50, pounds=True)
BOUNDS = Bounds(sets=Span(3, 6), reps=Span(3, 12), load_g=Span(2_500, 80_000, 2_500))


def make_heavy(
    at: datetime,
    preset: str = "dapre",
    *,
    load_kg: float = 40,
    sets: int = 4,
    together: bool = False,
) -> Person:
    """The left leg, or both `together`, on a machine that goes up in 2.5 kg."""
    dose = Dose(sets=sets, reps=6, load_g=round(load_kg * 1000), rest_s=120, range_deg=90)
    person = make_person(at, sides="each" if together else "left", **dose._asdict())
    ruleset, legs = load_preset(preset), "both" if together else "each"
    with person.scope():
        Program.objects.update(ruleset=ruleset.raw, ruleset_hash=ruleset.version)
        PrescriptionStep.objects.update(
            revision=_machine(),
            laterality=legs,
            bounds=to_json(BOUNDS),
            entry=to_json(dose),
            equipment=["machine"],
        )
        person.program.refresh_from_db()
    return person


def in_pounds(person: Person) -> None:
    """A patient who counts in pounds, at a machine marked so, in steps of 5."""
    with person.scope():
        Patient.objects.update(unit="lb")
        bounds = BOUNDS._replace(load_g=POUNDS)
        PrescriptionStep.objects.update(bounds=to_json(bounds))


def _machine() -> Revision:
    content = exercises()["machine-curl"]
    exercise, _made = Exercise.objects.get_or_create(slug="machine-curl", clinic=None)
    return Revision.objects.create(
        exercise=exercise, number=1, body=content.body, figure=content.figure
    )
