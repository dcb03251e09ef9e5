"""The first words of a home plan, from the doses as they stand, in the patient's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from patients import units
from programs.calendar import local_day
from programs.logging.amounts import by_step, dose_label
from programs.logging.plan import SessionPlan, load_plan
from programs.logging.presenters import name_of, pain_stop
from programs.models import Program
from programs.wording import weekday_names


@dataclass(frozen=True)
class Drafted:
    """What the form holds before anything is typed."""

    plan: str
    contact: str


def drafted(program: Program, at: datetime) -> Drafted:
    """Needs the program with its patient, clinic and lead."""
    patient = program.patient
    with translation.override(patient.language), units.spoken_in(patient.unit):
        plan = load_plan(program, day=local_day(at, patient.time_zone))
        return Drafted("\n".join(_lines(program, plan)), _contact(program))


def _lines(program: Program, plan: SessionPlan) -> Iterator[str]:
    yield _("Keep on with this:")
    for exercise in plan.exercises:
        for legs in by_step(exercise):
            yield f"- {name_of(legs[0])}: {dose_label(legs)}"
    yield _("Days: %(days)s") % {"days": weekday_names(program.weekdays)}
    yield ""
    yield _("Stop for the day when pain is %(n)s or more of 10.") % {"n": pain_stop(program)}
    yield _(
        "Come back when your knee swells, locks or gives way, or when you can do less than now."
    )


def _contact(program: Program) -> str:
    clinic = program.patient.clinic
    told = {"clinic": clinic.name, "phone": clinic.phone, "name": program.lead.name}
    if clinic.phone:
        return _("%(clinic)s, %(phone)s. Ask for %(name)s.") % told
    return _("%(clinic)s. Ask for %(name)s.") % told
