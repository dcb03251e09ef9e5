"""The report of a patient: adherence, pain and progress by week, on tagged pages."""

from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest

from accounts.models import AuditEvent
from desk.paper import as_pdf
from tests.conftest import NOW
from tests.desk.test_pages import look, post, sign_in
from tests.factories import PatientFactory, clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def printed(person: Person, at: datetime) -> tuple[Any, dict[str, Any]]:
    """The answer, and what was printed in it."""
    with patch("desk.report.views.as_pdf", wraps=as_pdf) as made:
        answer = look(sign_in(person), "report:print", person.patient.id, at=at)
    return answer, made.call_args.args[1]


def test_it_counts_each_week_and_says_the_doses_at_its_end(person: Person) -> None:
    after = person.train_for(NOW, 5, pain=2)
    answer, told = printed(person, after)
    assert answer.content.startswith(b"%PDF")
    assert b"pdfuaid" in answer.content
    first, second = told["weeks"]["rows"]
    assert (first[0], first[3], first[5]) == ("1", "2", "5")
    assert first[2].startswith("4 / ")
    assert second[2].startswith("1 / ")
    assert first[6].startswith("2\u00a0×\u00a010")
    assert told["decisions"]["rows"]


def test_what_changed_is_said_from_the_first_dose_to_the_last(person: Person) -> None:
    _answer, told = printed(person, person.train_for(NOW, 3))
    facts = dict(map(tuple, told["facts"]))
    assert facts["Highest pain"] == "1 of 10"
    assert facts["Left leg"].startswith("2\u00a0×\u00a08, Small lift → 2\u00a0×\u00a010")


def test_a_new_program_has_a_report_too(person: Person) -> None:
    _answer, told = printed(person, NOW)
    assert told["weeks"]["rows"][0][3:6] == ["–", "–", "–"]
    assert told["decisions"]["rows"] == []


def test_it_is_on_record_as_an_export(person: Person) -> None:
    printed(person, NOW + DAY)
    with person.scope():
        event = AuditEvent.objects.get(kind="export")
    assert (event.verbs, event.patient_ids) == (["print_report"], [person.patient.id])


def test_without_a_program_it_leads_back(person: Person) -> None:
    other = PatientFactory.create()
    client = sign_in(user_id=clinician_for(other).user_id)
    assert look(client, "report:print", other.id).status_code == 302


def test_it_takes_no_post_and_no_stranger(person: Person) -> None:
    assert post(sign_in(person), "report:print", person.patient.id).status_code == 405
    stranger = sign_in(user_id=clinician_for(PatientFactory.create()).user_id)
    assert look(stranger, "report:print", person.patient.id).status_code == 404
