"""The tests that a program's rules read: what holds now, and the forms to enter the next."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from patients.models import Patient
from patients.units import KG_IN_LB
from programs.decisions.forms import FindingForm, finding_words
from programs.decisions.needs import needs_of
from programs.models import Finding, Program
from programs.wording import day_words, number

LOOK_BACK = 20  # decisions


def tests_of(program: Program, today: date) -> dict[str, Any]:
    """Nothing, and no query, where the rules read no test or the program is over."""
    entries = needs_of(program).entries
    if not entries or program.status == Program.Status.ENDED:
        return {}
    patient = program.patient
    rows = Finding.objects.filter(patient=patient, name__in=[each.name for each in entries])
    newest = list(rows.order_by("name", "-on", "-at").distinct("name"))
    return {
        "finding_forms": [FindingForm(each, patient, today) for each in entries],
        "findings_url": reverse("programs:finding-enter", args=[program.id]),
        "found": [_said(row, patient) for row in newest],
        "asked": [_asked(name, patient) for name in sorted(_asked_for(program, newest))],
    }


def _asked_for(program: Program, newest: list[Finding]) -> set[str]:
    """The tests that a rule asked for since they were last entered."""
    known = {row.name: row.at for row in newest}
    decisions = program.decisions.filter(trace__notices__contains=[{"to": "clinician"}])
    told = decisions.order_by("-at").values_list("at", "trace__notices")[:LOOK_BACK]
    return {
        name
        for at, notices in told
        for notice in notices
        if (name := notice["kind"].removeprefix("ask:entry.")) != notice["kind"]
        and (name not in known or known[name] < at)
    }


def _asked(name: str, patient: Patient) -> str:
    words = finding_words(name, pounds=name.endswith("_kg") and patient.unit == Patient.Unit.LB)
    return gettext("The rules ask for this test: %(name)s") % {"name": words}


def _said(row: Finding, patient: Patient) -> str:
    pounds = row.name.endswith("_kg") and patient.unit == Patient.Unit.LB
    told = {
        "name": finding_words(row.name, pounds=pounds),
        "value": _value(row, pounds=pounds),
        "day": day_words(row.on),
    }
    return gettext("%(name)s: %(value)s (%(day)s)") % told


def _value(row: Finding, *, pounds: bool) -> str:
    if row.number is not None:
        return number(round(row.number / KG_IN_LB, 1) if pounds else row.number)
    return row.word or (gettext("yes") if row.flag else gettext("no"))
