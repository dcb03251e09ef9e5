"""The links in a message: to the next set, and to no more messages."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.scope import clinic_scope
from patients.models import Consent, PatientAccess
from programs.models import Session
from reminders import services
from reminders.models import Occurrence, OptOut
from reminders.services.words import stop_token
from tests.factories import PatientAccessFactory, UserFactory, clinician_for, patient_actor
from tests.reminders.scenes import (
    CANARY,
    DUE,
    a_clinician_of,
    a_program,
    agree,
    plan,
    planned,
    raise_flag,
    train,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


def opened_by(client, user_id, occurrence, method="get"):
    client.force_login(User.objects.get(id=user_id))
    return getattr(client, method)(reverse("reminders:occurrence-open", args=[occurrence.id]))


def test_the_link_leads_to_today(client):
    message = planned(a_program())
    answer = opened_by(client, patient_actor(message.patient).user_id, message)
    assert (answer.status_code, answer["Location"]) == (302, reverse("programs:today"))


def test_the_link_leads_into_a_session_that_was_begun(client):
    program = a_program()
    message = planned(program)
    train(program, sets=1)
    answer = opened_by(client, patient_actor(message.patient).user_id, message)
    with clinic_scope(program.clinic_id):
        session = Session.objects.get()
    assert answer["Location"] == reverse("programs:session-detail", args=[session.id])


def test_opening_the_link_starts_and_logs_nothing(client):
    message = planned(a_program())
    opened_by(client, patient_actor(message.patient).user_id, message)
    with clinic_scope(message.clinic_id):
        assert not Session.objects.exists()
        assert Occurrence.objects.get().state == "planned"


def test_the_link_answers_get_only(client):
    message = planned(a_program())
    answer = opened_by(client, patient_actor(message.patient).user_id, message, "post")
    assert answer.status_code == 405


def test_without_a_sign_in_the_link_leads_there_first(client):
    message = planned(a_program())
    answer = client.get(reverse("reminders:occurrence-open", args=[message.id]))
    assert answer["Location"].startswith("/sign-in/?next=%2Fgo%2F")


def test_the_link_chooses_the_patient_it_was_sent_for(client):
    first, second = planned(a_program()), planned(a_program())
    parent = UserFactory.create()
    for message in (first, second):
        PatientAccessFactory.create(patient=message.patient, user=parent, kind="parent")
    opened_by(client, parent.id, second)
    assert client.session["acting"].endswith(str(second.patient_id))


def test_a_revoked_access_opens_nothing(client):
    message = planned(a_program())
    person = patient_actor(message.patient)
    with clinic_scope(message.clinic_id):
        PatientAccess.objects.update(until=DUE)
    assert opened_by(client, person.user_id, message).status_code == 403


def test_another_patients_message_of_the_same_clinic_is_refused(client):
    message = planned(a_program())
    other = a_program(clinic=message.patient.clinic)
    person = patient_actor(other.patient)
    assert opened_by(client, person.user_id, message).status_code == 403


def test_another_clinics_message_does_not_exist(client):
    message, other = planned(a_program()), a_program()
    person = patient_actor(other.patient)
    assert opened_by(client, person.user_id, message).status_code == 404


def test_an_urgent_message_leads_to_the_patients_page(client):
    program = a_program()
    clinician = a_clinician_of(program.patient)
    raise_flag(program)
    plan(DUE)
    with clinic_scope(program.clinic_id):
        message = Occurrence.objects.get(kind="urgent")
    answer = opened_by(client, clinician.id, message)
    assert answer["Location"] == reverse("desk:patient-detail", args=[program.patient_id])


def test_a_clinician_off_the_team_is_refused(client):
    message = planned(a_program())
    stranger = clinician_for(clinic=message.patient.clinic)
    assert opened_by(client, stranger.user_id, message).status_code == 403


def stop_page(message):
    with clinic_scope(message.clinic_id):
        return reverse("reminders:stop", args=[stop_token(message)])


def opt_outs(message):
    with clinic_scope(message.clinic_id):
        return OptOut.objects.filter(patient=message.patient_id).count()


def test_opening_the_stop_link_stops_nothing(client):
    message = planned(a_program())
    answer = client.get(stop_page(message))
    assert (answer.status_code, opt_outs(message)) == (200, 0)


def test_the_button_stops_the_emails_without_a_sign_in(client):
    message = planned(a_program())
    answer = client.post(stop_page(message))
    assert "These messages are off" in answer.content.decode()
    with clinic_scope(message.clinic_id):
        assert services.has_stopped(message)
        assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_a_stop_is_on_record_without_a_name(client):
    message = planned(a_program())
    client.post(stop_page(message))
    event = AuditEvent.objects.get(verbs=["opt_out"])
    assert (event.clinic_id, event.patient_ids) == (message.clinic_id, [message.patient_id])


def test_the_stop_page_speaks_the_language_of_the_message(client):
    message = planned(a_program(language="es"))
    assert '<html lang="es">' in client.get(stop_page(message)).content.decode()


def test_a_mail_programs_one_click_stops_the_emails():
    message = planned(a_program())
    strict = Client(enforce_csrf_checks=True)
    strict.post(stop_page(message), {"List-Unsubscribe": "One-Click"})
    assert opt_outs(message) == 1


def test_stopping_twice_is_stopping_once(client):
    message = planned(a_program())
    answers = [client.post(stop_page(message)).status_code for _ in range(2)]
    assert (answers, opt_outs(message)) == ([200, 200], 1)


def test_agreeing_again_shows_the_button_again(client):
    message = planned(a_program())
    client.post(stop_page(message))
    with clinic_scope(message.clinic_id):
        later = OptOut.objects.get().at.replace(year=2099)
        agree(message.patient, at=later)
    assert "Stop the messages" in client.get(stop_page(message)).content.decode()


def test_a_forged_stop_link_is_not_found(client):
    message = planned(a_program())
    forged = signing.Signer(salt="other", sep=".").sign(stop_token(message).split(".")[0])
    assert client.post(reverse("reminders:stop", args=[forged])).status_code == 404
    assert opt_outs(message) == 0


def test_the_stop_page_names_nobody(client):
    message = planned(a_program())
    page = client.get(stop_page(message)).content.decode()
    assert [word for word in (CANARY, message.patient.email) if word in page] == []
