"""What the other side wrote, until this person has opened the thread."""

from datetime import datetime, timedelta

import pytest

from accounts.ids import uuid7
from accounts.roles import Actor
from accounts.scope import clinic_scope
from patients.models import Message, Patient, ThreadRead
from patients.unread import unread_times
from tests.conftest import NOW
from tests.factories import PatientFactory, clinician_for, patient_actor

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def patient() -> Patient:
    return PatientFactory.create()


def write(patient: Patient, by: Actor, at: datetime = NOW) -> None:
    with clinic_scope(patient.clinic_id):
        Message.objects.create(
            clinic=patient.clinic,
            patient=patient,
            author_id=by.user_id,
            from_patient=by.patient_id is not None,
            body="Hello",
            key=uuid7(),
            at=at,
        )


def read(patient: Patient, by: Actor, up_to: datetime = NOW) -> None:
    with clinic_scope(patient.clinic_id):
        own = {"clinic": patient.clinic, "patient": patient, "user_id": by.user_id}
        ThreadRead.objects.create(**own, up_to=up_to)


def unread(patient: Patient, by: Actor) -> list[datetime]:
    with clinic_scope(by.clinic_id):
        return sorted(unread_times(by, patient.id))


def test_each_side_is_told_of_the_others_words(patient: Patient) -> None:
    clinician, themselves = clinician_for(patient), patient_actor(patient)
    write(patient, clinician)
    write(patient, themselves, NOW + MINUTE)
    assert unread(patient, themselves) == [NOW]
    assert unread(patient, clinician) == [NOW + MINUTE]


def test_what_was_read_is_not_told_again_and_what_came_later_is(patient: Patient) -> None:
    clinician, themselves = clinician_for(patient), patient_actor(patient)
    for minutes in range(3):
        write(patient, themselves, NOW + minutes * MINUTE)
    read(patient, clinician, NOW + MINUTE)
    assert unread(patient, clinician) == [NOW + 2 * MINUTE]


def test_what_one_clinician_read_is_new_to_the_other(patient: Patient) -> None:
    first, second = clinician_for(patient), clinician_for(patient)
    write(patient, patient_actor(patient))
    read(patient, first)
    assert unread(patient, first) == []
    assert unread(patient, second) == [NOW]


def test_a_thread_is_one_patients_alone(patient: Patient) -> None:
    other = PatientFactory.create(clinic=patient.clinic)
    write(other, patient_actor(other))
    assert unread(patient, clinician_for(patient)) == []


def test_a_stranger_reads_of_no_message(patient: Patient) -> None:
    write(patient, patient_actor(patient))
    assert unread(patient, clinician_for()) == []
