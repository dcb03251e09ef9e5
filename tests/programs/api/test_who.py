"""Who may read and write over the API; strangers learn nothing."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import AuditEvent
from accounts.roles import Role
from programs.models import Session, SetLog
from tests.factories import (
    MembershipFactory,
    PatientFactory,
    actor,
    clinician_for,
    patient_actor,
)
from tests.programs.api.calls import (
    PROBLEM,
    PROGRAMS,
    SESSIONS,
    one_set,
    post,
    sets_url,
    signed_in,
    start,
)
from tests.programs.people import Person

pytestmark = pytest.mark.django_db


def reads(maya: Person, session: Session) -> list[str]:
    return [f"{PROGRAMS}{maya.program.id}/", f"{SESSIONS}{session.id}/"]


def writes(maya: Person, session: Session) -> list[tuple[str, Any]]:
    url = f"{SESSIONS}{session.id}"
    return [
        (SESSIONS, {"program": str(maya.program.id)}),
        (f"{url}/sets/", one_set(maya)),
        (f"{url}/pain/", {"prescription": str(maya.prescription.id), "pain": 1}),
        (f"{url}/finish/", {}),
    ]


def test_nobody_gets_a_problem_to_sign_in(maya: Person, now: datetime, client: Client) -> None:
    session = maya.start(now)
    sent, asked = writes(maya, session), [PROGRAMS, "/api/v1/schema/", *reads(maya, session)]
    answers = [post(client, path, body) for path, body in sent]
    answers += [client.get(path) for path in asked]
    assert {(each.status_code, each["Content-Type"]) for each in answers} == {(401, PROBLEM)}


def test_another_clinics_people_find_nothing_not_even_that_it_is_there(
    maya: Person, now: datetime
) -> None:
    session, stranger = maya.start(now), PatientFactory.create()
    client = signed_in(patient_actor(stranger))
    answers = [client.get(path) for path in [*reads(maya, session), f"{SESSIONS}{uuid4()}/"]]
    answers += [post(client, path, body) for path, body in writes(maya, session)]
    assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}
    assert maya.all(SetLog) == []


def test_people_of_the_same_clinic_are_refused(maya: Person, now: datetime) -> None:
    session, other = maya.start(now), PatientFactory.create(clinic=maya.clinic)
    colleague = signed_in(clinician_for(clinic=maya.clinic))
    neighbour = signed_in(patient_actor(other))
    answers = [each.get(path) for each in (colleague, neighbour) for path in reads(maya, session)]
    answers += [post(neighbour, path, body) for path, body in writes(maya, session)]
    assert {(each.status_code, each["Content-Type"]) for each in answers} == {(403, PROBLEM)}
    assert maya.all(SetLog) == []


def test_staff_read_but_do_not_train(maya: Person, now: datetime) -> None:
    session, staff = maya.start(now), signed_in(maya.clinician)
    assert {staff.get(path).status_code for path in reads(maya, session)} == {200}
    answers = [post(staff, path, body) for path, body in writes(maya, session)]
    assert {each.status_code for each in answers} == {403}


def test_an_owner_sees_no_program(maya: Person) -> None:
    owner = actor(MembershipFactory.create(clinic=maya.clinic, role=Role.OWNER))
    assert signed_in(owner).get(PROGRAMS).status_code == 403


def test_a_write_without_the_csrf_token_is_refused(maya: Person) -> None:
    client = signed_in(maya.actor, enforce_csrf_checks=True)
    answer = post(client, SESSIONS, {"program": str(maya.program.id)})
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)
    assert maya.all(Session) == []


def test_a_set_is_on_record(maya: Person, phone: Client) -> None:
    post(phone, sets_url(start(phone, maya)), one_set(maya))
    event = AuditEvent.objects.latest("id")
    assert (event.route, event.verbs) == ("api:set-log", ["log_set"])
    assert event.patient_ids == [maya.patient.id]
