"""Every kind of message: when it is planned, what speaks against it, where it leads."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from accounts.changes import changed
from accounts.models import Clinic, Membership
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients.models import Message, Patient, ThreadRead
from programs.models import CheckIn, QueueRow, Session, Signal
from reminders import services
from reminders.models import Occurrence, Schedule
from tests.factories import MembershipFactory, PatientAccessFactory
from tests.reminders.scenes import (
    BEFORE,
    DUE,
    MONDAY,
    a_clinician_of,
    a_program,
    change,
    plan,
    raise_flag,
    send,
    train,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
TUESDAY_8 = datetime(2026, 11, 24, 8, tzinfo=UTC)


def due(program, kind):
    with clinic_scope(program.clinic_id):
        return Schedule.objects.get(program=program, kind=kind).next_due_at


def the(program, kind):
    with clinic_scope(program.clinic_id):
        rows = Occurrence.objects.select_related("patient")
        return rows.get(patient=program.patient_id, kind=kind)


def become(program, kind, now=None):
    """Plan the message of this kind at its time, and send it."""
    plan(BEFORE)
    now = now or due(program, kind)
    plan(now)
    send(the(program, kind), now)
    row = the(program, kind)
    return row.state, row.reason


def test_a_nudge_follows_the_reminder_on_the_same_day(mail):
    program = a_program()
    plan(BEFORE)
    assert due(program, "nudge") == DUE + timedelta(minutes=150)
    assert become(program, "nudge") == ("sent", "")


def test_whoever_has_logged_anything_gets_no_nudge(mail):
    program = a_program()
    train(program, sets=1)
    assert become(program, "nudge") == ("cancelled", "done")


def test_late_in_the_evening_there_is_no_nudge():
    program = a_program(reminder_at=time(20, 30))
    plan(BEFORE)
    with clinic_scope(program.clinic_id):
        assert not Schedule.objects.filter(kind="nudge").exists()


def test_the_morning_after_a_session_asks(mail):
    program = a_program()
    plan(BEFORE)
    train(program, sets=4)
    assert become(program, "check_in", TUESDAY_8) == ("sent", "")
    assert "One question is waiting" in mail.messages[0].get_content()


def test_a_morning_without_a_session_asks_nothing(mail):
    assert become(a_program(), "check_in", TUESDAY_8) == ("cancelled", "not_trained")


def test_a_morning_that_was_answered_asks_nothing(mail):
    program = a_program()
    train(program, sets=4)
    with clinic_scope(program.clinic_id):
        session = Session.objects.get()
        CheckIn.objects.create(clinic=program.clinic, session=session, feel="same", at=DUE)
    assert become(program, "check_in", TUESDAY_8) == ("cancelled", "answered")


def test_scores_are_asked_for_every_four_weeks(mail):
    program = a_program()
    plan(BEFORE)
    assert due(program, "outcome_due").date() == program.start_on + timedelta(weeks=4)
    assert become(program, "outcome_due") == ("sent", "")


def test_a_program_says_a_week_before_that_it_ends(mail):
    program = a_program()
    plan(BEFORE)
    assert due(program, "ending").date() == program.end_on - timedelta(days=7)
    assert become(program, "ending") == ("sent", "")


def test_a_program_that_goes_on_longer_does_not_say_that_it_ends(mail):
    program = a_program()
    plan(BEFORE)
    at = due(program, "ending")
    plan(at)
    change(program, end_on=at.date())
    send(the(program, "ending"), at)
    assert the(program, "ending").reason == "not_due"


def written(program, at=DUE):
    """The care team writes to the patient."""
    clinician = a_clinician_of(program.patient)
    with clinic_scope(program.clinic_id):
        message = Message.objects.create(
            clinic=program.clinic,
            patient=program.patient,
            author=clinician,
            from_patient=False,
            body="words",
            key=program.id,
            at=at,
        )
        changed(kind="message", subject=message.id, clinic=program.clinic_id)
    plan(at)
    return the(program, "message")


def test_words_from_the_care_team_are_told_after_ten_minutes(mail):
    message = written(a_program())
    assert message.not_before == DUE + timedelta(minutes=10)
    assert send(message, message.not_before) == 1
    assert "words" not in mail.messages[0].get_content()


def test_words_that_were_read_are_not_told(mail):
    program = a_program()
    message = written(program)
    reader = PatientAccessFactory.create(patient=program.patient, clinic=program.clinic)
    with clinic_scope(program.clinic_id):
        ThreadRead.objects.create(
            clinic=program.clinic, patient=program.patient, user=reader.user, up_to=DUE
        )
    assert send(message, message.not_before) == 0
    assert the(program, "message").reason == "read"


def test_a_day_has_no_more_than_two_extras(mail):
    program = a_program()
    message = written(program)
    with clinic_scope(program.clinic_id):
        for kind in ("check_in", "outcome_due"):
            Occurrence.objects.create(
                clinic=program.clinic,
                patient=program.patient,
                program=program,
                kind=kind,
                local_date=MONDAY,
                due_at=BEFORE,
                not_before=BEFORE,
                not_after=DUE,
                state="sent",
                sent_at=BEFORE,
            )
    send(message, message.not_before)
    assert the(program, "message").reason == "enough_today"


def digest_of(clinician, clinic):
    with clinic_scope(clinic.id):
        changed(kind="member", subject=clinician.id, clinic=clinic.id)
    plan(BEFORE)
    return Schedule.objects.using("planner").filter(recipient_id=clinician.id, active=True)


def waits(program, clinician):
    """One row in the clinician's queue."""
    with clinic_scope(program.clinic_id):
        Signal.objects.create(
            clinic=program.clinic,
            patient=program.patient,
            program=program,
            kind="silent",
            since=BEFORE,
        )
        assert QueueRow.objects.filter(user=clinician).exists()


def test_a_clinician_hears_on_the_next_working_morning_how_many_wait(mail):
    program = a_program()
    clinician = a_clinician_of(program.patient)
    schedule = digest_of(clinician, program.clinic).get()
    assert schedule.next_due_at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    waits(program, clinician)
    plan(schedule.next_due_at)
    with clinic_scope(program.clinic_id):
        message = Occurrence.objects.get(kind="digest")
    assert send(message, schedule.next_due_at) == 1
    assert "1 waits for you." in mail.messages[0].get_content()


def test_an_empty_queue_sends_no_digest(mail):
    program = a_program()
    clinician = a_clinician_of(program.patient)
    at = digest_of(clinician, program.clinic).get().next_due_at
    plan(at)
    with clinic_scope(program.clinic_id):
        message = Occurrence.objects.get(kind="digest")
    assert send(message, at) == 0


def test_the_digests_own_link_ends_it(mail):
    program = a_program()
    clinician = a_clinician_of(program.patient)
    at = digest_of(clinician, program.clinic).get().next_due_at
    plan(at)
    with clinic_scope(program.clinic_id):
        message = Occurrence.objects.select_related("recipient").get(kind="digest")
        services.opt_out(occurrence=message, wording="test", at=at)
    plan(BEFORE)
    assert not digest_of(clinician, program.clinic).exists()
    assert not Membership.objects.get(user=clinician).digest


def an_owner(clinic: Clinic):
    return MembershipFactory.create(clinic=clinic, role=Role.OWNER).user


def urgent(program, who):
    with clinic_scope(program.clinic_id):
        return Occurrence.objects.filter(kind="urgent", recipient=who)


def test_an_urgent_message_that_nobody_opens_goes_to_the_owner_after_two_working_hours():
    program = a_program()
    a_clinician_of(program.patient)
    owner = an_owner(program.clinic)
    nine = DUE.replace(hour=9)
    raise_flag(program, at=nine)
    plan(nine)
    plan(nine + timedelta(minutes=119))
    with clinic_scope(program.clinic_id):
        assert not urgent(program, owner).exists()
    for hours in (2, 2, 4):
        plan(nine + timedelta(hours=hours))
    with clinic_scope(program.clinic_id):
        assert [row.slot for row in urgent(program, owner).order_by("slot")] == [2, 3]


def test_a_night_is_no_working_time():
    program = a_program()
    a_clinician_of(program.patient)
    owner = an_owner(program.clinic)
    raise_flag(program, at=DUE)
    plan(DUE)
    plan(DUE + timedelta(hours=13))
    with clinic_scope(program.clinic_id):
        assert not urgent(program, owner).exists()
    plan(DUE + timedelta(hours=16))
    with clinic_scope(program.clinic_id):
        assert urgent(program, owner).exists()


def test_an_urgent_message_that_was_opened_goes_no_further():
    program = a_program()
    clinician = a_clinician_of(program.patient)
    owner = an_owner(program.clinic)
    nine = DUE.replace(hour=9)
    raise_flag(program, at=nine)
    plan(nine)
    with clinic_scope(program.clinic_id):
        services.note_opened(occurrence=urgent(program, clinician).get(), at=nine)
    plan(nine + timedelta(hours=3))
    with clinic_scope(program.clinic_id):
        assert not urgent(program, owner).exists()


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("message", "programs:messages"),
        ("outcome_due", "programs:outcomes"),
        ("ending", "programs:progress"),
        ("nudge", "programs:today"),
    ],
)
def test_a_message_leads_to_what_it_speaks_of(client, kind, page):
    program = a_program()
    reader = PatientAccessFactory.create(
        patient=program.patient, clinic=program.clinic, consented_at=BEFORE
    ).user
    with clinic_scope(program.clinic_id):
        message = Occurrence.objects.create(
            clinic=program.clinic,
            patient=program.patient,
            program=program,
            kind=kind,
            local_date=MONDAY,
            due_at=DUE,
            not_before=DUE,
            not_after=DUE + timedelta(hours=1),
        )
    client.force_login(reader)
    answer = client.get(reverse("reminders:occurrence-open", args=[message.id]))
    assert answer["Location"] == reverse(page)
    assert the(program, kind).opened_at is not None


def test_quiet_hours_hold_for_every_kind_to_a_patient(mail):
    program = a_program()
    message = written(program)
    with clinic_scope(program.clinic_id):
        Patient.objects.update(quiet_from=time(18), quiet_until=time(6))
    send(message, message.not_before)
    row = the(program, "message")
    assert (row.state, row.not_before.hour) == ("planned", 6)
