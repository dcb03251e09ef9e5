"""A patient leaves: what ends, what stays, and what the clinic sees."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Change, User
from patients.models import Consent, PatientAccess
from programs.leaving.services import leave
from programs.models import Interruption, Program, Signal
from programs.prescribing.services import end_program, resume_program
from tests.factories import PatientAccessFactory
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db
PAGE = "/settings/leave/"


@pytest.fixture
def maya() -> Person:
    person = make_person(timezone.now())
    with person.scope():
        for kind in Consent.Kind:
            Consent.objects.create(
                clinic=person.clinic,
                patient=person.patient,
                kind=kind,
                wording="test",
                language="en",
                given_at=timezone.now(),
            )
    return person


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    return client


def program_of(person: Person) -> Program:
    found: Program = person.all(Program)[0]
    return found


def test_looking_ends_nothing(phone: Client, maya: Person) -> None:
    page = phone.get(PAGE).content.decode()
    assert "Your clinic keeps the record of your training." in page
    assert program_of(maya).status == "active"


def test_leaving_ends_access_consent_and_training(phone: Client, maya: Person) -> None:
    answer = phone.post(PAGE)
    assert "You have left" in answer.content.decode()
    assert all(row.withdrawn_at for row in maya.all(Consent))
    assert [bool(row.until) for row in maya.all(PatientAccess)] == [True]
    assert program_of(maya).status == "paused"
    assert [row.last_day for row in maya.all(Interruption)] == [None]


def test_who_left_is_signed_out_and_nothing_opens_again(phone: Client, maya: Person) -> None:
    answer = phone.post(PAGE)
    assert (answer["Clear-Site-Data"], answer["Cache-Control"]) == ('"cache"', "no-store")
    assert phone.get("/today/")["Location"].startswith("/sign-in/")
    phone.force_login(User.objects.get(id=maya.actor.user_id))
    assert phone.get("/today/").status_code == 403


def test_leaving_twice_asks_to_sign_in(phone: Client) -> None:
    phone.post(PAGE)
    assert phone.post(PAGE)["Location"].startswith("/sign-in/")


def test_another_method_is_refused(phone: Client) -> None:
    assert phone.put(PAGE).status_code == 405


def test_the_clinic_is_told_in_the_queue_and_the_record(phone: Client, maya: Person) -> None:
    phone.post(PAGE)
    assert [row.kind for row in maya.all(Signal)] == ["left"]
    event = AuditEvent.objects.get(verbs__contains=["leave"])
    assert (event.actor_id, event.patient_ids) == (maya.actor.user_id, [maya.patient.id])
    desk = Client()
    desk.force_login(User.objects.get(id=maya.clinician.user_id))
    assert "They stopped using Flexion." in desk.get("/desk/").content.decode()


def test_reminders_are_planned_anew(phone: Client, maya: Person) -> None:
    Change.objects.all().delete()
    phone.post(PAGE)
    assert {row.kind for row in Change.objects.all()} == {"patient", "program"}


def test_a_program_under_a_lock_stays_locked(maya: Person, now: datetime) -> None:
    with maya.scope():
        Program.objects.update(status="locked")
        leave(patient=maya.patient, by=maya.actor, at=timezone.now())
    assert (program_of(maya).status, len(maya.all(Signal))) == ("locked", 1)


@pytest.mark.parametrize("act", [resume_program, end_program])
def test_the_clinicians_answer_takes_the_row_away(maya: Person, act: Any) -> None:
    at = timezone.now()
    with maya.scope():
        leave(patient=maya.patient, by=maya.actor, at=at)
        act(program=maya.program, by=maya.clinician, at=at)
    assert maya.all(Signal) == []


@pytest.mark.parametrize(("kind", "everyone"), [("carer", False), ("parent", True)])
def test_a_carer_ends_their_own_part_alone(maya: Person, kind: str, everyone: bool) -> None:
    other = PatientAccessFactory.create(patient=maya.patient, kind=kind)
    by = maya.actor.__class__(other.user_id, "", maya.actor.role, maya.clinic.id, maya.patient.id)
    with maya.scope():
        assert leave(patient=maya.patient, by=by, at=timezone.now()) is everyone
    assert program_of(maya).status == ("paused" if everyone else "active")
