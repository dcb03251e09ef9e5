"""Programs over the API: whose, in pages, with the doses of now."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.ids import uuid7
from accounts.models import AuditEvent, User
from config.pagination import ByKey
from programs.models import Program
from tests.programs.api.calls import PROGRAMS, signed_in, told
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db


def test_a_patient_lists_their_own_programs_alone(maya: Person, phone: Client) -> None:
    make_person(datetime.fromisoformat("2026-11-23T09:00Z"))
    found = told(phone.get(PROGRAMS))
    assert [each["id"] for each in found["results"]] == [str(maya.program.id)]


def test_a_clinician_lists_the_programs_of_the_care_team_on_record(maya: Person) -> None:
    found = told(signed_in(maya.clinician).get(PROGRAMS))
    assert [each["patient"] for each in found["results"]] == [str(maya.patient.id)]
    assert AuditEvent.objects.latest("id").patient_ids == [maya.patient.id]


def test_programs_come_in_keyset_pages(
    maya: Person, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ByKey, "page_size", 1)
    with maya.scope():
        Program.objects.update(status="ended")
        second = Program.objects.get(id=maya.program.id)
        second.id = uuid7()
        second.save(force_insert=True)
    first = told(phone.get(PROGRAMS))
    rest = told(phone.get(first["next"]))
    ids = {page["results"][0]["id"] for page in (first, rest)}
    assert ids == {str(second.id), str(maya.program.id)}
    assert rest["next"] is None


def test_a_made_up_place_in_the_pages_is_not_found(phone: Client) -> None:
    for place in ("cD14", "cD0wMTkzAA==", "x"):
        assert phone.get(f"{PROGRAMS}?cursor={place}").status_code == 404


def test_a_program_tells_the_current_dose_of_each_side(maya: Person, phone: Client) -> None:
    found = told(phone.get(f"{PROGRAMS}{maya.program.id}/"))
    doses = found["prescriptions"][0]["doses"]
    assert [each["side"] for each in doses] == ["left", "right"]
    assert doses[0]["version"] == str(maya.dose("left").id)
    assert (doses[0]["sets"], doses[0]["reps"], doses[0]["range_deg"]) == (2, 8, 45)
    assert doses[0]["step"]["name"]


def test_a_program_speaks_the_persons_language(maya: Person, phone: Client) -> None:
    english = told(phone.get(f"{PROGRAMS}{maya.program.id}/"))
    User.objects.filter(id=maya.actor.user_id).update(language="es")
    spanish = told(phone.get(f"{PROGRAMS}{maya.program.id}/"))
    names = [page["prescriptions"][0]["doses"][0]["step"]["name"] for page in (english, spanish)]
    assert names[0] != names[1]
