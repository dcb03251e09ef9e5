"""The home plan on paper: one page, in the patient's language, tagged, PDF/UA-1."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from desk.handout.sheet import stop_rules
from desk.paper import as_pdf
from programs.calendar import local_day
from programs.models import Discharge
from programs.wording import day_and_year, language

TEMPLATE = Path(__file__).with_name("home.typ")


def home_pdf(discharge: Discharge) -> bytes:
    """Needs the program with its patient and clinic. Raises TypstError as as_pdf."""
    return as_pdf(TEMPLATE, told(discharge), discharge.at)


def told(discharge: Discharge) -> dict[str, Any]:
    """Everything as words, in the language that is active."""
    patient = discharge.program.patient
    day = day_and_year(local_day(discharge.at, patient.time_zone))
    names = {"patient": patient.name, "clinician": discharge.by.name, "day": day}
    return {
        "lang": language(),
        "title": _("Your home plan"),
        "clinic": ", ".join(filter(None, [patient.clinic.name, patient.clinic.phone])),
        "for_whom": _("For %(patient)s, from %(clinician)s, on %(day)s") % names,
        "plan": discharge.plan.splitlines(),
        "contact_title": _("Whom to call"),
        "contact": discharge.contact,
        **stop_rules(patient.clinic.emergency_number),
    }
