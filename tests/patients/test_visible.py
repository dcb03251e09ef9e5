"""A patient found by SQL is found, and refused, as the queryset would."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import Http404

from accounts.access import find_visible
from accounts.ids import uuid7
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from patients.models import CareLink, Patient
from patients.visible import find_patient
from tests.factories import (
    CareLinkFactory,
    MembershipFactory,
    PatientFactory,
    actor,
    clinician_for,
    patient_actor,
)

pytestmark = pytest.mark.django_db
ENDED = Now() - timedelta(minutes=1)


@pytest.fixture
def patient() -> Patient:
    return PatientFactory.create(name="Noor", equipment=["chair"])


def ask(by: Actor, patient: Any) -> Patient:
    """As the pages ask; the queryset's own answer is the same."""
    wanted = getattr(patient, "id", patient)
    with clinic_scope(by.clinic_id, user=by.user_id):
        try:
            found = find_patient(by, wanted)
        except (Http404, PermissionDenied) as refusal:
            with pytest.raises(type(refusal)):
                find_visible(Patient.objects.all(), by, id=wanted)
            raise
        assert find_visible(Patient.objects.all(), by, id=wanted) == found
        return found


def test_a_clinician_finds_their_patient_with_the_clinic(patient: Patient) -> None:
    found = ask(clinician_for(patient), patient)
    assert (found.name, found.equipment, found.clinic.name) == (
        "Noor",
        ["chair"],
        patient.clinic.name,
    )


def test_a_patient_finds_themselves_and_nobody_else(patient: Patient) -> None:
    themselves = patient_actor(patient)
    assert ask(themselves, patient) == patient
    with pytest.raises(PermissionDenied):
        ask(themselves, PatientFactory.create(clinic=patient.clinic))


def test_a_colleague_is_refused(patient: Patient) -> None:
    with pytest.raises(PermissionDenied):
        ask(clinician_for(clinic=patient.clinic), patient)


@pytest.mark.parametrize("role", [Role.OWNER, Role.LIBRARY_ADMIN])
def test_who_treats_nobody_is_refused(patient: Patient, role: Role) -> None:
    by = actor(MembershipFactory.create(clinic=patient.clinic, role=role))
    CareLinkFactory.create(patient=patient, user_id=by.user_id)
    with pytest.raises(PermissionDenied):
        ask(by, patient)


def test_a_stranger_does_not_learn_that_there_is_such_a_patient(patient: Patient) -> None:
    with pytest.raises(Http404):
        ask(clinician_for(), patient)


def test_an_unknown_id_is_not_found(patient: Patient) -> None:
    with pytest.raises(Http404):
        ask(clinician_for(patient), uuid7())


def test_a_care_team_that_one_has_left_shows_nothing(patient: Patient) -> None:
    by = clinician_for(patient)
    assert ask(by, patient) == patient
    with clinic_scope(patient.clinic_id):
        CareLink.objects.filter(user_id=by.user_id).update(since=ENDED, until=ENDED)
    with pytest.raises(PermissionDenied):
        ask(by, patient)
