"""The companions of knee and hip are prescribed and trained like the curls."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from exercises import shipped
from exercises.searching import find_exercise, find_exercises
from patients.models import Equipment
from programs.models import PrescriptionStep
from programs.prescribing.exercises import library_plan
from programs.prescribing.plan import load_source, unchanged
from tests.factories import patient_actor
from tests.programs.people import Person
from tests.programs.prescribing.given import Desk, desk, make_searchable

pytestmark = pytest.mark.django_db
LADDERS = [row["slug"] for row in shipped.ladders() if row["slug"] != "hamstring-curl"]


@pytest.fixture
def given() -> Desk:
    return desk("from-nothing", equipment=Equipment.values)


@pytest.fixture
def person(given: Desk, now: datetime, clock: Any) -> Person:
    """On each of their ladders from its first step on."""
    with given.scope():
        template = given.source.template
        plans = [library_plan(found) for slug in LADDERS if (found := find_exercise(slug, ""))]
        template.body |= {"prescriptions": plans}
        given.source = load_source(template=template)
        program = given.assign(unchanged(given.source, start_on=now.date()))
        first = program.prescriptions.get(position=0)
    actor = patient_actor(given.patient)
    return Person(given.patient.clinic, given.patient, actor, given.by, program, first)


def test_they_are_found_by_name_beside_the_curls(given: Desk) -> None:
    make_searchable()
    with given.scope():
        assert find_exercises("clam")[0].name == "Clam"
        assert [each.ladder for each in find_exercises("squat")[:2]] == ["leg-strength"] * 2
        assert find_exercises()[0].ladder == "hamstring-curl"


def test_a_program_may_have_every_step_of_their_ladders(person: Person) -> None:
    with person.scope():
        rows = PrescriptionStep.objects.filter(prescription__program=person.program)
        assert rows.count() == 23


def test_the_patient_reads_their_names_and_sees_them_move(person: Person, client: Client) -> None:
    client.force_login(User.objects.get(id=person.actor.user_id))
    page = client.get("/today/").content.decode()
    assert all(name in page for name in ("Quad set", "Clam", "Sit to stand"))
    assert page.count("fig fig-tile") >= 5
