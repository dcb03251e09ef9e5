"""Which phones take a patient's notifications, and who may turn them on and off."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import AuditEvent
from accounts.scope import clinic_scope
from config.demo import cast, mailbox, notices
from patients.models import Channel, PatientAccess
from reminders.channels import push
from reminders.channels.push import PushClient
from reminders.models import DeadAddress, Device
from reminders.services.devices import (
    NotADevice,
    add_device,
    address_of,
    device_of,
    end_device,
    standing,
)
from tests.actors import of
from tests.conftest import NOW
from tests.factories import ClinicFactory, PatientFactory, clinician_for, patient_actor
from tests.notices import KEYS, Sink, phones
from tests.reminders.test_push import message

pytestmark = pytest.mark.django_db
URL = "/settings/reminders/device/"
PAGE = "/settings/reminders/"
ENDPOINT = "https://web.push.apple.com/one"
OTHER = "https://web.push.apple.com/two"
FETCH = {"HX-Request": "true"}


@pytest.fixture
def patient():
    return PatientFactory.create()


@pytest.fixture
def by(patient):
    return patient_actor(patient)


@pytest.fixture
def _here(patient):
    with clinic_scope(patient.clinic_id):
        yield


def add(patient, by, endpoint=ENDPOINT, at=NOW, **keys) -> Device:
    return add_device(patient=patient, endpoint=endpoint, by=by, at=at, **KEYS | keys)


def reached(patient) -> str:
    """The endpoint that this patient's notifications go to, or none."""
    found = device_of([patient.id])
    return found[patient.id].endpoint if found else ""


@pytest.mark.usefixtures("_here")
class TestService:
    def test_turned_on_twice_it_is_one_device_and_one_event(self, patient, by):
        assert add(patient, by) == add(patient, by, at=NOW + timedelta(hours=1))
        assert Device.objects.count() == 1
        assert AuditEvent.objects.filter(verbs=["add_device"], actor_id=by.user_id).count() == 1

    def test_with_other_keys_it_begins_anew(self, patient, by):
        first = add(patient, by)
        second = add(patient, by, auth="AAAAAAAAAAAAAAAAAAAAAA")
        assert device_of([patient.id]) == {patient.id: second}
        assert Device.objects.get(id=first.id).ended_at == NOW

    def test_padding_is_no_other_key(self, patient, by):
        assert add(patient, by) == add(patient, by, auth=KEYS["auth"] + "==")

    def test_notifications_go_to_the_newest_that_stands(self, patient, by):
        add(patient, by, OTHER, at=NOW + timedelta(hours=1))
        add(patient, by)
        assert reached(patient) == OTHER
        end_device(patient=patient, endpoint=OTHER, by=by, at=NOW)
        assert reached(patient) == ENDPOINT

    def test_a_device_that_is_gone_gets_none_until_it_is_turned_on_again(self, patient, by):
        dead = add(patient, by)
        DeadAddress.objects.create(
            clinic=patient.clinic,
            patient=patient,
            channel=Channel.PUSH,
            address=str(dead.id),
            reason="gone",
            at=NOW,
        )
        assert (reached(patient), standing(patient=patient, by=by)) == ("", [])
        assert add(patient, by) != dead
        assert reached(patient) == ENDPOINT

    def test_whoever_may_act_no_more_gets_none(self, patient, by):
        add(patient, by)
        PatientAccess.objects.filter(user=by.user_id).update(until=NOW)
        assert reached(patient) == ""

    def test_turned_off_twice_it_ends_once(self, patient, by):
        add(patient, by)
        ended = [end_device(patient=patient, endpoint=ENDPOINT, by=by, at=NOW) for _ in range(2)]
        assert ended == [1, 0]
        assert AuditEvent.objects.filter(verbs=["end_device"]).count() == 1

    def test_without_an_endpoint_all_of_ones_own_end(self, patient, by):
        parent = patient_actor(patient)
        add(patient, by)
        add(patient, by, OTHER)
        add(patient, parent, OTHER + "/parent")
        assert end_device(patient=patient, by=by, at=NOW) == 2
        assert reached(patient) == OTHER + "/parent"

    def test_two_patients_may_share_a_phone(self, patient, by):
        sister = PatientFactory.create(clinic=patient.clinic)
        add(patient, by)
        add(sister, patient_actor(sister))
        assert set(device_of([patient.id, sister.id])) == {patient.id, sister.id}

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("endpoint", "https://evil.example/"),
            ("endpoint", "https://web.push.apple.com/" + "a" * 500),
            ("p256dh", ""),
            ("p256dh", KEYS["p256dh"][:-1]),
            ("p256dh", "B" + "A" * 86),
            ("p256dh", KEYS["p256dh"].replace("B", "!", 1)),
            ("auth", ""),
            ("auth", KEYS["auth"][:-2]),
            ("auth", KEYS["auth"] + "AAAA"),
        ],
    )
    def test_what_is_no_device_is_refused_by_its_part(self, patient, by, part, value):
        with pytest.raises(NotADevice, match=part):
            add(patient, by, **{part: value})
        assert not Device.objects.exists()


@pytest.fixture
def phone(by, settings) -> Client:
    settings.PUSH_KEY = push.new_key()
    return of(by)


def fields(**changed) -> dict[str, str]:
    return {"do": "add", "endpoint": ENDPOINT} | KEYS | changed


def endpoints(patient, by) -> list[str]:
    with clinic_scope(patient.clinic_id):
        return standing(patient=patient, by=by)


def test_a_form_turns_it_on_and_off_and_leads_back(phone, patient, by):
    assert phone.post(URL, fields())["Location"] == PAGE
    assert endpoints(patient, by) == [ENDPOINT]
    assert phone.post(URL, {"do": "remove"})["Location"] == PAGE
    assert endpoints(patient, by) == []


def test_a_script_gets_no_page(phone, patient, by):
    for _ in range(2):
        assert phone.post(URL, fields(), headers=FETCH).status_code == 204
    assert endpoints(patient, by) == [ENDPOINT]
    off = {"do": "remove", "endpoint": ENDPOINT}
    assert phone.post(URL, off, headers=FETCH).status_code == 204
    assert endpoints(patient, by) == []


@pytest.mark.parametrize(
    "changed", [{"do": "dance"}, {"endpoint": "http://10.0.0.1/"}, {"auth": "x"}, {"auth": "\0"}]
)
def test_what_is_no_device_is_not_taken(phone, patient, by, changed):
    assert phone.post(URL, fields(**changed), headers=FETCH).status_code == 422
    assert phone.post(URL, fields(**changed))["Location"] == PAGE
    assert endpoints(patient, by) == []


def test_where_there_are_no_notifications_none_are_turned_on(phone, patient, by, settings):
    settings.PUSH_KEY = ""
    assert phone.post(URL, fields(), headers=FETCH).status_code == 422
    assert endpoints(patient, by) == []


def test_it_is_posted_and_by_patients(phone, patient):
    assert phone.get(URL).status_code == 405
    assert of(clinician_for(patient)).post(URL, fields()).status_code == 403


def test_another_patient_of_the_clinic_ends_nothing(phone, patient, by):
    phone.post(URL, fields())
    other = of(patient_actor(PatientFactory.create(clinic=patient.clinic)))
    other.post(URL, {"do": "remove", "endpoint": ENDPOINT})
    assert endpoints(patient, by) == [ENDPOINT]


def test_the_demo_keeps_a_notification_for_its_inbox(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(mailbox, "FOLDER", tmp_path)
    settings.PUSH_KEY, settings.PUSH_TO_THIS_MACHINE = notices.SENDER, True
    service = notices.PushService()
    with PushClient() as client:
        client.send(message(service))
    service.stop()
    (mail,) = mailbox.mails()
    assert (mail.to, mail.subject) == ("/phone", "Flexion")
    assert mail.text.endswith("/go/1/")


def test_the_demos_phones_are_found_again_at_its_next_start(phones: Sink):
    clinic = ClinicFactory.create(id=cast.CLINIC_ID)
    patient = PatientFactory.create(clinic=clinic)
    with clinic_scope(clinic.id):
        device = add(patient, patient_actor(patient), "http://127.0.0.1:1/before")
        notices.find_again(phones)
        assert reached(patient) == f"{phones.url}/{device.id}"


def test_a_device_is_sent_to_as_it_was_kept(patient, by, phones: Sink):
    with clinic_scope(patient.clinic_id):
        device = add(patient, by, f"{phones.url}/phone")
    with PushClient() as client:
        client.send(message(to=address_of(device)))
    assert phones.taken[0].told["title"] == "Flexion"


__all__ = ["phones"]
