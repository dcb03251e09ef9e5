"""Copy for chart: the last four weeks of a program as plain text."""

from datetime import datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.desk.test_pages import look, post, sign_in
from tests.factories import PatientFactory, clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def text(person: Person, at: datetime) -> str:
    answer = look(sign_in(person), "desk:patient-text", person.patient.id, at=at)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return str(answer.content.decode())


def test_it_says_the_program_the_sessions_and_the_decisions(person: Person) -> None:
    after = person.train_for(NOW, 3)
    lines = text(person, after - DAY).splitlines()
    assert lines[0].startswith(person.patient.name)
    assert "Left leg: 2\u00a0×\u00a010, Small lift" in lines
    assert any(line.startswith("Sessions: 3 done, ") for line in lines)
    assert "Mon 23 Nov: pain 1/10, pain next morning –, effort 5/10" in lines
    assert "Decisions:" in lines


def test_what_is_older_than_four_weeks_is_left_out(person: Person) -> None:
    person.train(NOW)
    said = text(person, NOW + timedelta(days=28))
    assert "Sessions: 0 done, 28 due" in said
    assert "No decision in these weeks." in said


def test_without_a_program_it_leads_back(person: Person) -> None:
    other = PatientFactory.create()
    client = sign_in(user_id=clinician_for(other).user_id)
    assert look(client, "desk:patient-text", other.id).status_code == 302


def test_it_takes_no_post_and_no_stranger(person: Person) -> None:
    assert post(sign_in(person), "desk:patient-text", person.patient.id).status_code == 405
    stranger = sign_in(user_id=clinician_for(PatientFactory.create()).user_id)
    assert look(stranger, "desk:patient-text", person.patient.id).status_code == 404
