"""A patient's own times, quiet hours and way: on the page, in the plan, at the sender."""

from datetime import time, timedelta

import pytest
from django.test import Client

from accounts.changes import changed
from accounts.models import User
from accounts.scope import clinic_scope
from patients.models import Consent, Patient
from reminders.planning import Quiet, Timing, due
from tests.factories import patient_actor
from tests.reminders.scenes import (
    BEFORE,
    DUE,
    MONDAY,
    a_program,
    plan,
    planned,
    send,
    the_message,
    the_schedule,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
PAGE = "/settings/reminders/"
FORM = {
    "reminders": "on",
    "reminder_at": "18:00",
    "channel": "email",
    "quiet_from": "21:00",
    "quiet_until": "07:00",
}


@pytest.fixture
def program():
    return a_program(consent=False)


@pytest.fixture
def phone(client: Client, program):
    client.force_login(User.objects.get(id=patient_actor(program.patient).user_id))
    return client


def patient_of(program):
    with clinic_scope(program.clinic_id):
        return Patient.objects.get(id=program.patient_id)


def settle(program, **values):
    """The patient chose these; the plan follows."""
    with clinic_scope(program.clinic_id):
        Patient.objects.filter(id=program.patient_id).update(**values)
        changed(kind="patient", subject=program.patient_id, clinic=program.clinic_id)
    plan(BEFORE)


def test_the_choice_is_kept_with_the_day_of_the_consent(phone, program):
    form = FORM | {"reminder_at": "19:15", "quiet_from": "22:00", "day_3": "08:00"}
    assert phone.post(PAGE, form)["Location"] == "/settings/"
    kept = patient_of(program)
    assert (kept.reminder_at, kept.quiet_from, kept.day_times[3]) == (
        time(19, 15),
        time(22),
        time(8),
    )
    with clinic_scope(program.clinic_id):
        assert Consent.objects.get().withdrawn_at is None
    assert "You agreed to this on" in phone.get(PAGE).content.decode()


def test_saying_it_twice_agrees_once(phone, program):
    for _ in range(2):
        phone.post(PAGE, FORM)
    with clinic_scope(program.clinic_id):
        assert Consent.objects.count() == 1


def test_without_the_tick_the_consent_ends_with_its_day(phone, program):
    phone.post(PAGE, FORM)
    phone.post(PAGE, FORM | {"reminders": ""})
    with clinic_scope(program.clinic_id):
        assert Consent.objects.get().withdrawn_at is not None
    assert "Off since" in phone.get(PAGE).content.decode()


def test_only_the_days_of_the_program_are_asked(phone):
    page = phone.get(PAGE).content.decode()
    assert [day for day in range(7) if f'name="day_{day}"' in page] == [0, 3]


@pytest.mark.parametrize("name", ["reminder_at", "day_3"])
def test_a_time_in_the_quiet_hours_is_refused_beside_its_field(phone, program, name):
    answer = phone.post(PAGE, FORM | {name: "22:30"})
    assert answer.status_code == 422
    assert f'id="id_{name}_error"' in answer.content.decode()
    assert patient_of(program).reminder_at == time(18)


@pytest.mark.parametrize(("channel", "why"), [("sms", "text messages"), ("push", "notifications")])
def test_a_way_that_is_not_possible_yet_says_why(phone, program, channel, why):
    page = phone.get(PAGE).content.decode()
    assert f'id="channel_{channel}" value="{channel}" disabled' in page
    answer = phone.post(PAGE, FORM | {"channel": channel})
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert patient_of(program).channels == ["email"]


def test_without_an_address_email_says_why(phone, program):
    settle(program, email="")
    assert "no email address of yours" in phone.get(PAGE).content.decode()


@pytest.mark.parametrize("field", ["reminder_at", "quiet_from", "quiet_until"])
def test_a_time_that_is_none_is_refused(phone, field):
    assert phone.post(PAGE, FORM | {field: "25:99"}).status_code == 422


def test_a_day_has_its_own_time_in_the_plan():
    timing = Timing(time(18), "UTC", day_times=[time(8), *[None] * 6])
    days = [due(MONDAY + timedelta(days=n), 1, timing).at.hour for n in range(3)]
    assert days == [8, 18, 18]


def test_a_days_own_time_keeps_out_of_the_quiet_hours():
    quiet = Quiet(time(21), time(7))
    timing = Timing(time(18), "UTC", quiet, day_times=[time(5), *[None] * 6])
    assert due(MONDAY, 1, timing).at.hour == 7


def test_the_planner_goes_by_the_patients_own_day_and_hours():
    program = a_program()
    settle(program, day_times=[time(8), *[None] * 6], quiet_from=time(17), quiet_until=time(6))
    schedule = the_schedule(program)
    assert (schedule.quiet_from, schedule.quiet_until) == (time(17), time(6))
    settle(program, reminder_at=time(18), day_times=[])
    assert the_schedule(program).next_due_at == DUE - timedelta(minutes=75)


def test_quiet_hours_chosen_after_the_plan_hold_at_the_sender():
    program = a_program()
    message = planned(program)
    with clinic_scope(program.clinic_id):
        Patient.objects.update(quiet_from=time(17, 30), quiet_until=time(18, 30))
    assert send(message) == 0
    row = the_message(program)
    assert (row.state, row.reason, row.not_before) == (
        "planned",
        "quiet",
        DUE + timedelta(minutes=30),
    )
