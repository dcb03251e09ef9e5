"""The ways on the settings page: their order, daily texts, what is closed, nothing half saved."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.scope import clinic_scope
from patients.models import Consent, Patient
from patients.services import WORDING
from programs.models import Program
from reminders.services.devices import add_device
from tests.factories import patient_actor
from tests.notices import KEYS, Sink, phones
from tests.reminders.scenes import BEFORE, a_program
from tests.texts import NUMBER, texts

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
PAGE = "/settings/reminders/"
FORM = {
    "reminders": "on",
    "reminder_at": "18:00",
    "channel": "email",
    "quiet_from": "21:00",
    "quiet_until": "07:00",
}
DAILY, TEXTS = Consent.Kind.TEXTS_DAILY, Consent.Kind.REMINDERS_SMS


@pytest.fixture
def program() -> Program:
    return a_program(consent=False, phone=NUMBER)


@pytest.fixture
def phone(client: Client, program: Program) -> Client:
    client.force_login(User.objects.get(id=patient_actor(program.patient).user_id))
    return client


@pytest.fixture
def everything(texts: Any, phones: Sink, program: Program, phone: Client) -> Iterator[Client]:
    """Where texts and notifications are on, and a phone takes them."""
    with clinic_scope(program.clinic_id):
        by = patient_actor(program.patient)
        add_device(patient=program.patient, endpoint=f"{phones.url}/a", by=by, at=BEFORE, **KEYS)
    return phone


def channels(program: Program) -> list[str]:
    with clinic_scope(program.clinic_id):
        return Patient.objects.get(id=program.patient_id).channels


def standing(program: Program) -> list[str]:
    """What the patient agrees to now."""
    with clinic_scope(program.clinic_id):
        rows = Consent.objects.filter(patient=program.patient_id, withdrawn_at=None)
        return sorted(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("first", "others", "kept"),
    [
        ("sms", ["email"], ["sms", "email"]),
        ("email", ["sms", "push"], ["email", "sms", "push"]),
        ("push", [], ["push"]),
        ("sms", ["sms", "email"], ["sms", "email"]),
    ],
)
def test_the_first_way_comes_first_and_the_others_where_it_fails(
    everything: Client, program: Program, first: str, others: list[str], kept: list[str]
) -> None:
    everything.post(PAGE, FORM | {"channel": first, "others": others})
    assert channels(program) == kept
    assert standing(program) == sorted(f"reminders_{each}" for each in kept)


def test_the_page_shows_the_order_that_holds(everything: Client) -> None:
    everything.post(PAGE, FORM | {"channel": "sms", "others": ["email"]})
    page = everything.get(PAGE).content.decode()
    assert 'id="channel_sms" value="sms" checked' in page
    assert 'id="others_email" value="email" checked' in page
    assert 'id="others_push" value="push">' in page


def test_choosing_texts_is_an_agreement_with_its_wording(
    texts: Any, phone: Client, program: Program
) -> None:
    phone.post(PAGE, FORM | {"channel": "sms"})
    with clinic_scope(program.clinic_id):
        consent = Consent.objects.get(kind=TEXTS)
    assert (consent.wording, consent.language, consent.withdrawn_at) == (WORDING, "en", None)
    assert standing(program) == [TEXTS]


def test_daily_texts_are_agreed_to_and_taken_back(
    texts: Any, phone: Client, program: Program
) -> None:
    phone.post(PAGE, FORM | {"channel": "sms", "daily_texts": "on"})
    assert standing(program) == [TEXTS, DAILY]
    assert 'name="daily_texts" id="id_daily_texts" checked' in phone.get(PAGE).content.decode()
    phone.post(PAGE, FORM | {"channel": "sms"})
    assert standing(program) == [TEXTS]
    with clinic_scope(program.clinic_id):
        assert Consent.objects.get(kind=DAILY).withdrawn_at is not None


@pytest.mark.parametrize("told", [{"channel": "email"}, {"reminders": ""}])
def test_without_texts_nobody_agrees_to_daily_ones(
    texts: Any, phone: Client, program: Program, told: dict[str, str]
) -> None:
    daily = FORM | {"channel": "sms", "daily_texts": "on"}
    phone.post(PAGE, daily)
    phone.post(PAGE, daily | told)
    assert DAILY not in standing(program)


def test_daily_texts_and_a_second_way_are_offered_only_where_there_are_any(
    phone: Client, texts: Any
) -> None:
    page = phone.get(PAGE).content.decode()
    assert ("daily_texts" in page, "If that fails" in page) == (True, True)


def test_where_only_email_is_there_nothing_else_is_offered(phone: Client) -> None:
    page = phone.get(PAGE).content.decode()
    assert ("daily_texts" in page, "If that fails" in page) == (False, False)


@pytest.mark.parametrize("closed", ["sms", "push"])
def test_what_is_closed_is_refused_beside_its_field_and_nothing_is_half_saved(
    phone: Client, program: Program, closed: str
) -> None:
    phone.post(PAGE, FORM | {"others": ["email"]})
    answer = phone.post(
        PAGE, FORM | {"channel": closed, "reminder_at": "08:30", "daily_texts": "on"}
    )
    page = answer.content.decode()
    assert (answer.status_code, 'id="id_channel_error"' in page) == (422, True)
    with clinic_scope(program.clinic_id):
        assert Patient.objects.get(id=program.patient_id).reminder_at.hour == 18
    assert (channels(program), standing(program)) == (["email"], ["reminders_email"])


def test_a_closed_second_way_is_left_out(phone: Client, program: Program) -> None:
    phone.post(PAGE, FORM | {"others": ["sms", "push"]})
    assert channels(program) == ["email"]


def test_a_way_that_does_not_exist_is_refused(phone: Client, program: Program) -> None:
    assert phone.post(PAGE, FORM | {"channel": "pigeon"}).status_code == 422
    assert phone.post(PAGE, FORM | {"others": ["pigeon"]}).status_code == 422
    assert standing(program) == []


def test_with_every_way_closed_reminders_can_still_be_turned_off(client: Client) -> None:
    program = a_program(email="")
    client.force_login(User.objects.get(id=patient_actor(program.patient).user_id))
    without = {name: value for name, value in FORM.items() if name != "channel"}
    assert client.post(PAGE, without).status_code == 422
    assert client.post(PAGE, without | {"reminders": ""}).status_code == 302
    assert standing(program) == []


__all__ = ["phones", "texts"]
