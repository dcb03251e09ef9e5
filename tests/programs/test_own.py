"""The program and the session of the patient who asks, and of nobody else."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.ids import uuid7
from accounts.roles import Actor
from accounts.scope import clinic_scope
from programs.models import Program, Session
from programs.own import own_program, own_session
from tests.conftest import NOW
from tests.factories import PatientFactory, clinician_for, patient_actor
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def program_of(actor: Actor, **told: str) -> Any:
    with clinic_scope(actor.clinic_id):
        return own_program(actor, **told)


def session_of(actor: Actor, session: Any) -> Session:
    with clinic_scope(actor.clinic_id):
        return own_session(actor, getattr(session, "id", session))


def neighbour(person: Person) -> Actor:
    """Another patient of the same clinic."""
    return patient_actor(PatientFactory.create(clinic=person.clinic))


def test_the_program_comes_with_its_people(person: Person, django_assert_num_queries: Any) -> None:
    found = program_of(person.actor)
    assert found == person.program
    assert found.ruleset == person.program.ruleset
    with django_assert_num_queries(0):
        assert found.patient.clinic == person.clinic
        assert found.lead.name == person.clinician.name


def test_what_is_read_beside_the_program_is_kept_on_it(person: Person) -> None:
    told = program_of(person.actor, day="g.start_on", reader="%(user)s::uuid")
    assert (told.day, told.reader) == (NOW.date(), person.actor.user_id)


def test_the_newest_program_is_the_one(person: Person) -> None:
    with person.scope():
        Program.objects.filter(id=person.program.id).update(status="ended")
        newer = Program.objects.get(id=person.program.id)
        newer.pk, newer.status, newer.assigned_at = uuid7(), "active", NOW + DAY
        newer.save(force_insert=True)
    assert program_of(person.actor) == newer


def test_who_has_no_program_gets_none(person: Person) -> None:
    assert program_of(neighbour(person)) is None
    assert program_of(person.clinician) is None


def test_the_session_comes_with_its_program(person: Person, django_assert_num_queries: Any) -> None:
    session = person.start(NOW)
    found = session_of(person.actor, session)
    assert found == session
    with django_assert_num_queries(0):
        assert (found.program, found.program.patient) == (person.program, person.patient)


def test_a_neighbours_session_is_refused(person: Person) -> None:
    session = person.start(NOW)
    with pytest.raises(PermissionDenied):
        session_of(neighbour(person), session)
    with pytest.raises(PermissionDenied):
        session_of(clinician_for(clinic=person.clinic), session)


def test_a_session_of_another_clinic_or_of_none_is_not_found(person: Person) -> None:
    session = person.start(NOW)
    with pytest.raises(Http404):
        session_of(patient_actor(PatientFactory.create()), session)
    with pytest.raises(Http404):
        session_of(person.actor, uuid7())
