"""What people text back: who says stop is heard at once, everybody else gets an answer."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from accounts.models import AuditEvent, Clinic
from accounts.scope import clinic_scope
from patients.models import Consent, Patient
from reminders.models import OptOut
from reminders.services.answers import SAID, Meaning, stop_texts
from tests.conftest import NOW
from tests.factories import PatientFactory
from tests.reminders.hooks.given import tell

pytestmark = pytest.mark.django_db
PATH = "/hooks/texts/"
NUMBER = "+12015550123"


def a_patient(number: str = NUMBER, **fields: Any) -> Patient:
    """A patient who agreed to texts, every day, and to emails."""
    patient: Patient = PatientFactory.create(phone=number, **fields)
    kinds = (Consent.Kind.REMINDERS_SMS, Consent.Kind.TEXTS_DAILY, Consent.Kind.REMINDERS_EMAIL)
    with clinic_scope(patient.clinic_id):
        for kind in kinds:
            Consent.objects.create(
                clinic=patient.clinic, patient=patient, kind=kind, wording="test", given_at=NOW
            )
    return patient


def standing(patient: Patient) -> set[str]:
    with clinic_scope(patient.clinic_id):
        return set(patient.consents.filter(withdrawn_at=None).values_list("kind", flat=True))


def said_no(patient: Patient) -> list[tuple[str, str]]:
    with clinic_scope(patient.clinic_id):
        found = OptOut.objects.filter(patient=patient)
        return list(found.values_list("channel", "wording"))


def answer(client: Client, body: str, number: str = NUMBER, **more: str) -> str:
    """What is said back; empty if nothing is."""
    told = tell(client, PATH, {"From": number, "Body": body} | more)
    assert (told.status_code, told["Content-Type"]) == (200, "application/xml")
    return "".join(ElementTree.fromstring(told.content).itertext())  # noqa: S314  our own answer


def says(meaning: Meaning, language: str, **told: str) -> str:
    told = {"settings": "http://testserver/settings/reminders/", "emergency_number": "911"} | told
    with translation.override(language):
        return str(SAID[meaning] % told)


@pytest.mark.parametrize(
    "body",
    [
        "STOP", "stop", " Stop. ", "s t o p!", "STOPALL", "stop all", "Unsubscribe", "CANCEL",
        "end", "Quit", "revoke", "OPT-OUT", "ALTO", "¡Alto!", "parar", "Baja.",
    ],
)  # fmt: skip
def test_each_word_for_stop_ends_texts(provider: Client, body: str) -> None:
    patient = a_patient()
    assert answer(provider, body) == says(Meaning.STOP, "en")
    assert standing(patient) == {Consent.Kind.REMINDERS_EMAIL}
    assert len(said_no(patient)) == 1


def test_it_ends_texts_at_all_clinics_and_for_nobody_else(provider: Client) -> None:
    here, there, other = a_patient(), a_patient(), a_patient("+12015550124")
    answer(provider, "stop all")
    assert said_no(here) == said_no(there) == [("sms", "text-stopall")]
    assert said_no(other) == []
    assert Consent.Kind.REMINDERS_SMS in standing(other)


def test_it_is_on_record_once_for_each_patient(provider: Client) -> None:
    patients = [a_patient(), a_patient()]
    for _ in range(2):
        answer(provider, "STOP")
    events = AuditEvent.objects.filter(route="hooks:text-answer", verbs=["opt_out"])
    expected = {(patient.clinic_id, patient.id) for patient in patients}
    assert {(event.clinic_id, event.patient_ids[0]) for event in events} == expected
    assert len(events) == 2
    assert [len(said_no(patient)) for patient in patients] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_stop_once() -> None:
    patient = a_patient()

    def stop(_: int) -> int:
        with closing(connection):
            return stop_texts(number=NUMBER, wording="text-stop", at=NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(stop, range(2))) == 1
    assert said_no(patient) == [("sms", "text-stop")]


@pytest.mark.parametrize("number", ["", "anonymous", "12345", "+", "whatsapp:+12015550123"])
def test_what_is_no_number_stops_nobody(provider: Client, number: str) -> None:
    patients = [a_patient(""), a_patient()]
    answer(provider, "STOP", number)
    assert [said_no(patient) for patient in patients] == [[], []]


@pytest.mark.parametrize("word", ["START", "unstop", "Alta"])
def test_nothing_is_agreed_to_by_text(provider: Client, word: str) -> None:
    patient = a_patient()
    answer(provider, "STOP")
    assert answer(provider, word) == says(Meaning.START, "en")
    assert standing(patient) == {Consent.Kind.REMINDERS_EMAIL}


def test_help_says_how_to_stop_and_whom_to_call(provider: Client) -> None:
    patient = a_patient()
    Clinic.objects.filter(id=patient.clinic_id).update(country="ES")
    said = answer(provider, "Help")
    assert said == says(Meaning.HELP, "en", emergency_number="112")
    assert patient.name not in said
    assert patient.clinic.name not in said


@pytest.mark.parametrize("body", ["My knee hurts", "", "don't stop", "🙂", "x" * 1600])
def test_to_everything_else_a_machine_answers(provider: Client, body: str) -> None:
    patient = a_patient()
    assert answer(provider, body) == says(Meaning.OTHER, "en")
    assert said_no(patient) == []


def test_the_answer_is_in_the_patients_language(provider: Client) -> None:
    a_patient(language="es")
    assert answer(provider, "STOP") == says(Meaning.STOP, "es")


@pytest.mark.parametrize(("word", "language"), [("AYUDA", "es"), ("HELP", "en")])
def test_a_stranger_is_answered_in_the_language_of_the_word(
    provider: Client, word: str, language: str
) -> None:
    with translation.override(language):
        local = translation.gettext("your local number")
    assert answer(provider, word) == says(Meaning.HELP, language, emergency_number=local)


@pytest.mark.parametrize("body", ["STOP", "arrêt"])
def test_what_the_provider_answered_itself_is_honoured_in_silence(
    provider: Client, body: str
) -> None:
    patient = a_patient()
    assert answer(provider, body, OptOutType="STOP") == ""
    assert said_no(patient) == [("sms", "text-stop")]


@pytest.mark.django_db(transaction=True)
def test_a_forged_one_stops_nobody(provider: Client) -> None:
    patient = a_patient()
    form = {"From": NUMBER, "Body": "STOP"}
    assert tell(provider, PATH, form, signature="forged").status_code == 403
    assert provider.post(PATH, form).status_code == 403
    assert said_no(patient) == []


def test_other_methods_are_none(provider: Client) -> None:
    assert provider.get(PATH).status_code == 405
