"""The sender: what leaves, what is stopped by the second look, what becomes of errors."""

import smtplib
from datetime import timedelta
from itertools import chain, repeat

import pytest
from django.utils import timezone

from accounts.scope import clinic_scope
from patients.models import Consent, Patient
from programs.models import Clearance, Interruption, NotToday, Session
from reminders import services
from reminders.channels import NoAnswer, Refused, TryLater
from reminders.channels.email import message_id
from reminders.models import Occurrence, OptOut
from reminders.templatetags.urgent import told_of
from tests.reminders.scenes import (
    BEFORE,
    CANARY,
    DUE,
    MONDAY,
    a_clinician_of,
    a_program,
    agree,
    change,
    plan,
    planned,
    raise_flag,
    send,
    sweep,
    the_message,
    train,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
SOON = DUE + timedelta(seconds=5)
CLINICAL = ["curl", "hamstring", "knee", "exercise", "pain", "leg", "rodilla", "dolor", "ejercicio"]


def set_row(program, model, **values):
    with clinic_scope(program.clinic_id):
        model.objects.update(**values)


def outcome(program):
    message = the_message(program)
    return message.state, message.reason


class Broken:
    """A channel that fails as it is told."""

    def __init__(self, error):
        self.error = error

    def __call__(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def send(self, message):
        raise self.error


def fail(occurrence, error, now=SOON):
    return send(occurrence, now, client=Broken(error))


def test_a_due_message_leaves_once(mail):
    program = a_program()
    message = planned(program)
    assert [send(message), send(message)] == [1, 0]
    assert (outcome(program), len(mail.taken)) == (("sent", ""), 1)


def test_the_message_id_and_the_idempotency_key_are_the_occurrence(mail):
    program = a_program()
    message = planned(program)
    send(message)
    (sent,) = mail.messages
    assert sent["Message-ID"] == message_id(str(message.id)) == the_message(program).message_id
    assert sent["Idempotency-Key"] == str(message.id)


def test_the_message_holds_a_link_to_the_next_set_and_one_click_to_stop(mail):
    program = a_program()
    message = planned(program)
    send(message)
    (sent,) = mail.messages
    assert f"http://testserver/go/{message.id}/" in sent.get_content()
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["List-Unsubscribe"].strip("<>") in sent.get_content()
    assert b"List-Unsubscribe: <http://testserver/stop-messages/" in mail.taken[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_name_and_no_clinical_word_is_in_the_message(mail, language):
    program = a_program(language=language)
    send(planned(program))
    raw = mail.taken[0].decode() + mail.messages[0].get_content()
    with clinic_scope(program.clinic_id):
        private = [CANARY, *CANARY.split(), Patient.objects.get().clinic.name]
    assert [word for word in [*private, *CLINICAL] if word.lower() in raw.lower()] == []


@pytest.mark.parametrize("status", ["paused", "locked", "ended"])
def test_a_program_that_stopped_running_is_not_reminded_of(mail, status):
    program = a_program()
    message = planned(program)
    change(program, status=status)
    assert send(message) == 0
    assert (outcome(program), mail.taken) == (("cancelled", "not_active"), [])


def test_a_day_that_is_no_longer_due_is_not_reminded_of(mail):
    program = a_program()
    message = planned(program)
    with clinic_scope(program.clinic_id):
        Interruption.objects.create(
            clinic=program.clinic, program=program, kind="rest", first_day=MONDAY
        )
    send(message)
    assert (outcome(program), mail.taken) == (("cancelled", "not_due"), [])


def test_a_session_that_is_done_is_not_reminded_of(mail):
    program = a_program()
    message = planned(program)
    train(program, sets=2, of=4)
    send(message)
    assert (outcome(program), mail.taken) == (("cancelled", "done"), [])


def test_a_session_that_is_less_than_half_done_is_reminded_of(mail):
    program = a_program()
    message = planned(program)
    train(program, sets=1, of=4)
    assert (send(message), len(mail.taken)) == (1, 1)


def test_a_session_that_was_ended_early_is_not_reminded_of(mail):
    program = a_program()
    message = planned(program)
    train(program, sets=1, of=4)
    set_row(program, Session, finished_at=DUE)
    send(message)
    assert outcome(program) == ("cancelled", "done")


def test_without_consent_nothing_leaves(mail):
    program = a_program(consent=False)
    send(planned(program))
    assert (outcome(program), mail.taken) == (("cancelled", "no_consent"), [])


def test_after_consent_was_taken_back_nothing_leaves(mail):
    program = a_program()
    message = planned(program)
    set_row(program, Consent, withdrawn_at=DUE)
    send(message)
    assert (outcome(program), mail.taken) == (("cancelled", "no_consent"), [])


def test_after_a_stop_nothing_leaves(mail):
    program = a_program()
    message = planned(program)
    with clinic_scope(program.clinic_id):
        services.opt_out(occurrence=message, wording="test", at=DUE)
    send(message, SOON)
    assert (outcome(program), mail.taken) == (("cancelled", "opted_out"), [])


def test_agreeing_again_lifts_a_stop(mail):
    program = a_program()
    message = planned(program)
    with clinic_scope(program.clinic_id):
        services.opt_out(occurrence=message, wording="test", at=DUE)
        agree(message.patient, at=SOON)
    assert send(message, SOON) == 1


def test_a_stop_said_twice_is_one(mail):
    message = planned(a_program())
    with clinic_scope(message.clinic_id):
        said = [services.opt_out(occurrence=message, wording="t", at=DUE) for _ in range(2)]
        assert (said, OptOut.objects.count()) == ([True, False], 1)


def test_without_an_address_nothing_leaves(mail):
    program = a_program(email="")
    send(planned(program))
    assert outcome(program) == ("cancelled", "no_address")


def test_quiet_hours_that_have_begun_put_an_end_to_a_message(mail):
    program = a_program()
    message = planned(program)
    set_row(program, Patient, quiet_from="18:00")
    send(message, SOON)
    assert (outcome(program), mail.taken) == (("missed", "quiet"), [])


def test_quiet_hours_that_end_in_time_only_delay_a_message(mail):
    program = a_program()
    message = planned(program)
    set_row(program, Patient, quiet_from="17:00", quiet_until="19:00")
    assert send(message, SOON) == 0
    assert the_message(program).not_before == DUE + timedelta(hours=1)
    assert send(message, DUE + timedelta(hours=1)) == 1


def test_a_message_past_its_use_is_missed(mail):
    program = a_program()
    message = planned(program)
    send(message, message.not_after)
    assert (outcome(program), mail.taken) == (("missed", "late"), [])


def test_a_message_does_not_leave_before_its_time(mail):
    message = planned(a_program())
    assert send(message, DUE - timedelta(seconds=1)) == 0


def test_a_message_that_is_refused_for_good_has_failed(mail):
    program = a_program()
    mail.answers = ["554 never"]
    assert send(planned(program)) == 0
    assert outcome(program) == ("failed", "554")


def test_a_message_that_is_refused_for_now_leaves_later(mail):
    program = a_program()
    message = planned(program)
    mail.answers = ["451 not now"]
    send(message)
    later = the_message(program)
    assert (later.state, later.attempts, later.repeats) == ("planned", 1, 0)
    assert DUE <= later.not_before <= DUE + timedelta(seconds=20)
    assert send(message, later.not_before) == 1


def test_without_a_mail_server_a_message_waits():
    program = a_program()
    with_nobody_there = smtplib.SMTPConnectError(421, "away")
    fail(planned(program), TryLater(type(with_nobody_there).__name__))
    assert outcome(program)[0] == "planned"


def test_a_message_is_tried_five_times():
    program = a_program()
    message, now = planned(program), DUE
    for _ in range(5):
        fail(message, TryLater("451"), now)
        now += timedelta(minutes=10)
    assert outcome(program) == ("failed", "attempts")


def test_a_message_whose_answer_never_came_leaves_at_most_twice_more():
    program = a_program()
    message, now, states = planned(program), DUE, []
    for _ in range(3):
        fail(message, NoAnswer("TimeoutError"), now)
        states.append(outcome(program)[0])
        now += timedelta(minutes=10)
    assert states == ["planned", "planned", "unknown"]


def test_no_try_is_planned_past_the_use_of_a_message():
    program = a_program()
    message = planned(program)
    set_row(program, Occurrence, not_after=DUE + timedelta(microseconds=10))
    fail(message, TryLater("451"), DUE)
    assert outcome(program) == ("missed", "late")


def test_a_message_that_raises_waits_an_hour_and_is_logged_without_values(caplog):
    program = a_program()
    fail(planned(program), LookupError(CANARY), DUE)
    assert the_message(program).not_before == DUE + timedelta(hours=1)
    assert "not sent: LookupError at" in caplog.text
    assert CANARY not in caplog.text


def test_a_sender_that_overslept_its_lease_records_nothing():
    program = a_program()
    message = planned(program)

    class Slow(Broken):
        def send(self, outgoing):
            sweep(DUE + timedelta(seconds=21))
            return "late answer"

    send(message, DUE, client=Slow(None))
    row = the_message(program)
    assert (row.state, row.repeats, row.message_id) == ("planned", 1, "")


def test_a_lost_lease_is_not_used():
    program = a_program()
    message = planned(program)
    times = chain([DUE, DUE], repeat(DUE + timedelta(seconds=21)))
    sent = send(message, clock=lambda: next(times), client=Broken(Refused("never")))
    assert (sent, outcome(program)[0]) == (0, "leased")


def test_a_red_flag_reaches_the_care_team_without_a_word_of_it(mail):
    program = a_program()
    clinician = a_clinician_of(program.patient)
    raise_flag(program)
    (message,) = plan_urgent(program)
    assert send(message, SOON) == 1
    (sent,) = mail.messages
    raw = mail.taken[0].decode().lower()
    assert sent["To"] == clinician.email
    assert [word for word in [CANARY, *CLINICAL, "calf"] if word.lower() in raw] == []


def test_the_patient_is_told_who_heard_of_a_red_flag_once_the_message_left(mail):
    program = a_program(time_zone="Europe/Madrid")
    clinician = a_clinician_of(program.patient)
    flag = raise_flag(program)
    (message,) = plan_urgent(program)
    with clinic_scope(program.clinic_id):
        assert told_of(flag.id, "Europe/Madrid") is None
    send(message, SOON)
    with clinic_scope(program.clinic_id):
        assert told_of(flag.id, "Europe/Madrid") == {"name": clinician.name, "at": "19:00"}


def plan_urgent(program):
    plan(SOON)
    with clinic_scope(program.clinic_id):
        return list(Occurrence.objects.filter(kind="urgent"))


def test_a_red_flag_without_a_care_team_reaches_the_clinics_clinicians():
    program, colleague = a_program(), a_program()
    clinician = a_clinician_of(program.patient)
    with clinic_scope(program.clinic_id):
        program.patient.care_links.update(until=BEFORE)
    a_clinician_of(colleague.patient)
    raise_flag(program)
    assert [message.recipient_id for message in plan_urgent(program)] == [clinician.id]


def test_the_same_red_flag_told_twice_is_one_message():
    program = a_program()
    a_clinician_of(program.patient)
    flag = raise_flag(program)
    plan(DUE)
    change(program, say="red_flag")
    with clinic_scope(program.clinic_id):
        services.urgent.tell_care_team(red_flag=flag.id, now=SOON)
    assert len(plan_urgent(program)) == 1


def test_a_red_flag_that_was_cleared_is_not_told(mail):
    program = a_program()
    clinician = a_clinician_of(program.patient)
    flag = raise_flag(program)
    (message,) = plan_urgent(program)
    with clinic_scope(program.clinic_id):
        Clearance.objects.create(
            clinic=program.clinic, red_flag=flag, reason="seen", by=clinician, at=timezone.now()
        )
    assert send(message, SOON) == 0
    assert mail.taken == []


def test_an_urgent_message_leaves_at_night(mail):
    program = a_program()
    a_clinician_of(program.patient)
    raise_flag(program, at=DUE.replace(hour=3))
    (message,) = plan_urgent(program)
    assert send(message, SOON.replace(hour=23)) == 1


def test_a_day_that_the_patient_declined_is_not_reminded_of(mail):
    program = a_program()
    message = planned(program)
    with clinic_scope(program.clinic_id):
        told = {"program": program, "local_date": MONDAY, "reason": "time", "at": BEFORE}
        NotToday.objects.create(clinic_id=program.clinic_id, **told)
    send(message)
    assert (outcome(program), mail.taken) == (("cancelled", "declined"), [])
