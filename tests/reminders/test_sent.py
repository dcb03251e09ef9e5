"""The clinician's page of what a patient was sent, and what became of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.scope import clinic_scope
from patients.models import Consent, Patient
from reminders import services
from reminders.models import DeadAddress, Occurrence, OptOut
from reminders.sent import MOST, OUTCOMES, REASONS
from tests.factories import PatientFactory
from tests.reminders.scenes import BEFORE, DUE, a_clinician_of, a_program

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(DUE, tick=False):
        yield


@pytest.fixture
def program():
    return a_program(time_zone="America/New_York")


@pytest.fixture
def desk(program):
    client = Client()
    client.force_login(a_clinician_of(program.patient))
    return client


def say(program, at=DUE, **values):
    """One message of the outbox; a later slot of the day for each further one."""
    given = {
        "kind": "session_due",
        "state": "sent",
        "local_date": at.date(),
        "due_at": at,
        "not_before": at,
        "not_after": at + DAY,
    }
    with clinic_scope(program.clinic_id):
        slot = Occurrence.objects.count() + 1
        return Occurrence.objects.create(
            clinic=program.clinic, patient=program.patient, slot=slot, **given | values
        )


def page(desk, program):
    return desk.get(reverse("reminders:patient", args=[program.patient_id])).content.decode()


def test_the_next_message_is_named_by_the_patients_own_clock(desk, program):
    services.consume_changes(now=BEFORE)
    shown = page(desk, program)
    assert "Mon 23 Nov, 18:00: session due" in shown
    assert "America/New York" in shown


def test_without_a_schedule_nothing_is_planned(desk, program):
    shown = page(desk, program)
    assert "Nothing is planned." in shown
    assert "Nothing was sent." in shown


def test_a_message_says_when_it_left_and_was_opened(desk, program):
    say(program, state="delivered", sent_at=DUE + MINUTE, opened_at=DUE + 5 * MINUTE)
    shown = page(desk, program)
    assert "<b>Mon 23 Nov, 13:00</b> Session due" in shown
    assert "Left on Mon 23 Nov, 13:01. Opened on Mon 23 Nov, 13:05." in shown
    assert '<span class="pill good">Delivered</span>' in shown


def test_the_newest_stands_first(desk, program):
    say(program, DUE - DAY)
    say(program)
    shown = page(desk, program)
    assert shown.index("<b>Mon 23 Nov") < shown.index("<b>Sun 22 Nov")


def test_what_is_older_than_sixty_days_is_left_out(desk, program):
    say(program, DUE - 61 * DAY)
    assert "Nothing was sent." in page(desk, program)


def test_more_than_a_hundred_are_cut_and_say_so(desk, program):
    for n in range(MOST + 1):
        say(program, DUE - n * MINUTE)
    shown = page(desk, program)
    assert shown.count('class="pill') == MOST
    assert "Only the newest 100 are shown." in shown


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_said_in_words(reason, desk, program):
    say(program, state="cancelled", reason=reason)
    assert str(REASONS[reason]).replace("'", "&#x27;") in page(desk, program)


@pytest.mark.parametrize("state", Occurrence.State)
def test_every_state_has_its_word(state, desk, program):
    held = {"token": program.id, "leased_until": DUE} if state in ("leased", "sending") else {}
    say(program, state=state, **held)
    assert str(OUTCOMES[state][0]) in page(desk, program)


def test_a_refusal_brings_the_number_of_the_other_side(desk, program):
    say(program, state="failed", reason="refused 550")
    assert "The other side would not take it. (550)" in page(desk, program)


def test_a_word_of_the_other_side_that_we_do_not_know_is_shown(desk, program):
    say(program, state="failed", reason="30003")
    assert "The other side said: 30003." in page(desk, program)


def test_a_message_that_waits_says_until_when_and_what_was_tried(desk, program):
    later = {"reason": "quiet", "not_before": DUE + 60 * MINUTE, "tried": ["sms"]}
    say(program, state="planned", **later)
    shown = page(desk, program)
    assert "Tried before: Text message." in shown
    assert "It fell into the quiet hours. Leaves on Mon 23 Nov, 14:00." in shown


def test_an_urgent_message_names_whom_it_went_to(desk, program):
    colleague = User.objects.get(id=a_clinician_of(program.patient).id)
    say(program, kind="urgent", recipient=colleague, subject=program.id)
    assert f"To {colleague.name}." in page(desk, program)


def test_a_way_is_on_while_its_consent_stands(desk, program):
    assert '<dt>Email</dt><dd><b class="good">On</b></dd>' in page(desk, program)


def off(program, model, **values):
    with clinic_scope(program.clinic_id):
        model.objects.create(
            clinic=program.clinic, patient=program.patient, channel="email", at=DUE, **values
        )


def test_a_way_that_was_stopped_says_so(desk, program):
    off(program, OptOut, wording="test")
    assert "The patient said no more of these." in page(desk, program)


def test_with_every_way_off_the_next_message_is_said_not_to_leave(desk, program):
    services.consume_changes(now=BEFORE)
    assert "It will not leave" not in page(desk, program)
    off(program, OptOut, wording="test")
    assert "It will not leave: every way is off." in page(desk, program)


def test_a_dead_address_says_so(desk, program):
    off(program, DeadAddress, address=program.patient.email, reason="550")
    assert "The address takes no messages any more." in page(desk, program)


def test_a_way_without_consent_or_address_says_so(desk, program):
    with clinic_scope(program.clinic_id):
        Consent.objects.update(withdrawn_at=datetime(2026, 11, 24, tzinfo=UTC))
    assert "The patient has not agreed to these." in page(desk, program)
    with clinic_scope(program.clinic_id):
        Patient.objects.update(email="")
    assert "There is no address for it." in page(desk, program)


def test_the_page_asks_the_same_however_much_was_sent(desk, program):
    say(program)
    page(desk, program)
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            page(desk, program)
        asked.append(len(found))
        for n in range(20):
            say(program, DUE - n * MINUTE)
    assert asked[0] == asked[1]


def test_the_patients_page_leads_here():
    patient, client = PatientFactory.create(), Client()
    client.force_login(a_clinician_of(patient))
    shown = client.get(reverse("desk:patient-detail", args=[patient.id])).content.decode()
    assert f'href="{reverse("reminders:patient", args=[patient.id])}"' in shown
