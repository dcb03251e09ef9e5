"""Whose rows one may see, as SQL for the statements of the busiest pages.

It is the queryset's own SQL, kept as text: the rows are asked anew each time.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet

from accounts.access import find_visible
from accounts.models import Clinic
from accounts.prepared import Part, fetch, made
from accounts.roles import Actor
from patients.models import Patient

NOBODY = "select null::uuid where false"
PATIENT, CLINIC = Part("p", Patient), Part("c", Clinic)
ONE = f"""
    select {PATIENT.columns}, {CLINIC.columns}
    from patients_patient p join accounts_clinic c on c.id = p.clinic_id
    where p.id = %s and p.id in ({{mine}})"""  # noqa: S608 (own words only)


@lru_cache(maxsize=256)
def visible_ids(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    """The SQL of the ids of the patients whom this person may see, and its values."""
    try:
        sql, given = Patient.objects.visible_to(actor).values("id").query.sql_with_params()
    except EmptyResultSet:
        return NOBODY, ()
    return sql, tuple(given)


def find_patient(actor: Actor, patient: UUID | str) -> Patient:
    """The patient with their clinic; refused as find_visible refuses."""
    mine, given = visible_ids(actor)
    for row in fetch(ONE.format(mine=mine), [patient, *given]):
        found: Patient
        found, found.clinic, _rest = made(row, PATIENT, CLINIC)
        return found
    return find_visible(Patient.objects.all(), actor, id=patient)
