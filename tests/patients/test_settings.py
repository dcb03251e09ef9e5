"""The list of settings, and the short pages for unit, equipment, language and zone."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from accounts.scope import clinic_scope
from patients.models import Patient
from tests.factories import PatientFactory, patient_actor

pytestmark = pytest.mark.django_db
PARTS = ("unit", "equipment", "place", "reminders")


@pytest.fixture
def patient() -> Any:
    return PatientFactory.create(equipment=["chair", "mat", "ball"], reminder_at="18:30")


@pytest.fixture
def phone(client: Client, patient: Patient) -> Client:
    client.force_login(User.objects.get(id=patient_actor(patient).user_id))
    return client


def now_of(patient: Patient) -> Patient:
    with clinic_scope(patient.clinic_id):
        return Patient.objects.get(id=patient.id)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_says_what_holds(phone: Client) -> None:
    page = text(phone.get("/settings/"))
    for said in ("Off", "21:00 to 07:00", "kilograms", "sturdy chair, mat, 1 more", "English"):
        assert f'<span class="value">{said}</span>' in page


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_reached_from_the_list(phone: Client, part: str) -> None:
    assert f'href="/settings/{part}/"' in text(phone.get("/settings/"))
    assert phone.get(f"/settings/{part}/").status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_no_part_takes_another_method(phone: Client, part: str) -> None:
    assert phone.put(f"/settings/{part}/").status_code == 405


@pytest.mark.parametrize("part", PARTS)
def test_a_stranger_signs_in_first(client: Client, part: str) -> None:
    answer = client.get(f"/settings/{part}/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


def test_pounds_are_kept_and_said_twice_alike(phone: Client, patient: Patient) -> None:
    for _ in range(2):
        assert phone.post("/settings/unit/", {"unit": "lb"})["Location"] == "/settings/"
    assert now_of(patient).unit == "lb"
    assert '<span class="value">pounds</span>' in text(phone.get("/settings/"))


@pytest.mark.parametrize(
    ("part", "form"),
    [
        ("unit", {"unit": "stone"}),
        ("equipment", {"equipment": ["anvil"]}),
        ("place", {"language": "en", "time_zone": "Mars/Olympus"}),
    ],
)
def test_what_is_not_on_the_list_is_refused(
    phone: Client, patient: Patient, part: str, form: dict[str, Any]
) -> None:
    answer = phone.post(f"/settings/{part}/", form)
    assert answer.status_code == 422
    assert "Please check this" in text(answer)
    kept = now_of(patient)
    assert (kept.unit, kept.equipment, kept.time_zone) == ("kg", patient.equipment, "UTC")


def test_a_change_of_equipment_is_on_record(phone: Client, patient: Patient) -> None:
    phone.post("/settings/equipment/", {"equipment": ["mat", "ankle_weight"]})
    assert now_of(patient).equipment == ["ankle_weight", "mat"]
    event = AuditEvent.objects.get(verbs__contains=["change_equipment"])
    assert event.patient_ids == [patient.id]


def test_the_same_equipment_is_no_change(phone: Client) -> None:
    phone.post("/settings/equipment/", {"equipment": ["ball", "chair", "mat"]})
    assert not AuditEvent.objects.filter(verbs__contains=["change_equipment"]).exists()


def test_nothing_at_home_can_be_said(phone: Client, patient: Patient) -> None:
    assert phone.post("/settings/equipment/", {}).status_code == 302
    assert now_of(patient).equipment == []


def test_the_language_holds_from_the_next_word_on(phone: Client, patient: Patient) -> None:
    form = {"language": "es", "time_zone": "Europe/Madrid"}
    page = text(phone.post("/settings/place/", form, follow=True))
    assert "Guardado." in page
    assert ("Europe/Madrid" in page, now_of(patient).time_zone) == (True, "Europe/Madrid")
