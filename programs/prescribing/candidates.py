"""What the library has by a name, as a list to add from: its dose, and what to know before."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from exercises.searching import Found, find_exercises
from patients.models import Patient
from programs.doses import library_dose
from programs.prescribing.cautions import Needs, short_cautions
from programs.wording import dose_words

MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """An exercise or a whole ladder; `value` is what the button posts."""

    value: str
    name: str
    note: str
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    found: tuple[Candidate, ...]
    left: str


def candidates(patient: Patient, words: str, start_on: date) -> Candidates:
    """What can be added by this name, the first of it; for no name, of all."""
    every = find_exercises(words)
    left = len(every) - MOST
    found = tuple(_candidate(patient, each, start_on) for each in every[:MOST])
    more = gettext("%(n)s more. Type more of the name.") % {"n": left} if left > 0 else ""
    return Candidates(found, more)


def _candidate(patient: Patient, found: Found, start_on: date) -> Candidate:
    first = found.steps[0]
    return Candidate(
        value=f"{found.ladder}:{found.exercise}",
        name=found.name,
        note=_note(found),
        cautions=short_cautions(
            patient, Needs(found.name, first.equipment, first.resisted), start_on
        ),
    )


def _note(found: Found) -> str:
    """The dose that it starts with, and how many steps it has."""
    steps, dose = len(found.steps), dose_words(library_dose(found.steps[0].entry, per_week=1))
    if not found.exercise:
        return gettext("the whole ladder: %(n)s steps, from %(dose)s") % {"n": steps, "dose": dose}
    return gettext("%(n)s steps, from %(dose)s") % {"n": steps, "dose": dose} if steps > 1 else dose
