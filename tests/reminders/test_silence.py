"""Reminders that nobody answers grow rarer, end with a word, and come back with a sign of life."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from accounts.models import AuditEvent, Change
from accounts.scope import clinic_scope
from patients.models import Consent
from reminders import services
from reminders.models import Occurrence
from tests.actors import of
from tests.factories import clinician_for, patient_actor
from tests.programs.people import make_person
from tests.reminders.scenes import DUE, MONDAY, a_program, agree, plan, planned, send, train

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


def ignored(program, number, left_out=0):
    """So many reminders that left and were let pass, and some that were left out."""
    states = ["sent"] * number + ["cancelled"] * left_out
    with clinic_scope(program.clinic_id):
        for days, state in enumerate(states, start=1):
            at = DUE - timedelta(minutes=days)
            Occurrence.objects.create(
                clinic=program.clinic,
                patient=program.patient,
                program=program,
                kind="session_due",
                local_date=MONDAY - timedelta(days=days),
                due_at=at,
                not_before=at,
                not_after=at + timedelta(hours=3),
                state=state,
                reason="" if state == "sent" else "backing_off",
                sent_at=at if state == "sent" else None,
            )


def next_one(program):
    send(the(program))
    row = the(program)
    return row.state, row.reason


def the(program, kind="session_due"):
    with clinic_scope(program.clinic_id):
        rows = Occurrence.objects.filter(program=program, local_date=MONDAY, kind=kind)
        return rows.first()


@pytest.mark.parametrize(
    ("number", "left_out", "becomes"),
    [
        (2, 0, ("sent", "")),
        (3, 0, ("cancelled", "backing_off")),
        (3, 1, ("sent", "")),
        (4, 1, ("cancelled", "backing_off")),
        (5, 3, ("sent", "")),
        (6, 3, ("cancelled", "ignored")),
    ],
)
def test_ignored_reminders_grow_rarer_and_end(mail, number, left_out, becomes):
    program = a_program()
    planned(program)
    ignored(program, number, left_out)
    assert next_one(program) == becomes


def test_the_last_word_says_that_no_more_will_come(mail):
    program = a_program()
    planned(program)
    ignored(program, 6)
    next_one(program)
    send(the(program, "stopped"))
    assert "no more will come" in mail.messages[0].get_content()


def test_the_last_word_is_said_once(mail):
    program = a_program()
    planned(program)
    ignored(program, 6)
    next_one(program)
    with clinic_scope(program.clinic_id):
        Occurrence.objects.filter(kind="stopped").update(local_date=MONDAY - timedelta(days=1))
        Occurrence.objects.filter(local_date=MONDAY, kind="session_due").update(state="planned")
    assert next_one(program) == ("cancelled", "ignored")
    assert the(program, "stopped") is None


def test_a_session_is_a_sign_of_life(mail):
    program = a_program()
    planned(program)
    ignored(program, 6)
    train(program, sets=1)
    with clinic_scope(program.clinic_id):
        program.sessions.update(received_at=DUE)
    assert next_one(program) == ("sent", "")


def test_an_opened_message_is_a_sign_of_life(mail):
    program = a_program()
    planned(program)
    ignored(program, 6)
    with clinic_scope(program.clinic_id):
        last = Occurrence.objects.filter(state="sent").first()
        services.note_opened(occurrence=last, at=DUE)
    assert next_one(program) == ("sent", "")


def test_a_long_silence_gets_no_nudge(mail):
    program = a_program()
    planned(program)
    ignored(program, 3)
    late = DUE + timedelta(minutes=150)
    plan(late)
    send(the(program, "nudge"), late)
    assert the(program, "nudge").reason == "backing_off"


PAGE = "/settings/reminders/"
SAYS_SO = "We have stopped reminding you"


def fallen_silent(**patient):
    """A program whose reminders ended, and the last word about it was planned."""
    program = a_program(**patient)
    planned(program)
    ignored(program, 6)
    next_one(program)
    return program


def says_so(program, *pages):
    phone = of(patient_actor(program.patient))
    return [page for page in pages if SAYS_SO in phone.get(page).content.decode()]


@pytest.mark.parametrize("consent", [True, False], ids=["wanted", "turned off"])
def test_todays_page_says_that_reminders_stopped_if_they_are_wanted(consent):
    program = make_person(DUE).program
    if consent:
        with clinic_scope(program.clinic_id):
            agree(program.patient)
    ignored(program, 6)
    with clinic_scope(program.clinic_id):
        said = Occurrence.objects.order_by("due_at").last()
        said.pk, said.kind, said.local_date = uuid4(), "stopped", MONDAY
        said.save(force_insert=True)
    with time_machine.travel(DUE, tick=False):
        assert says_so(program, "/today/", PAGE) == (["/today/", PAGE] if consent else [])


def test_the_settings_say_that_reminders_stopped_and_how_they_come_back():
    page = of(patient_actor(fallen_silent().patient)).get(PAGE).content.decode()
    assert (SAYS_SO in page, 'name="again"' in page) == (True, True)


def test_the_pages_say_nothing_of_it_while_reminders_go_on():
    program = a_program()
    planned(program)
    ignored(program, 3)
    next_one(program)
    assert says_so(program, PAGE) == []


def test_one_button_brings_them_back(mail):
    program = fallen_silent()
    phone = of(patient_actor(program.patient))
    assert phone.post(PAGE, {"again": "1"})["Location"] == "/settings/"
    assert SAYS_SO not in phone.get(PAGE).content.decode()
    with clinic_scope(program.clinic_id):
        Occurrence.objects.filter(local_date=MONDAY, kind="session_due").update(state="planned")
    assert next_one(program) == ("sent", "")


def test_to_be_reminded_again_is_agreed_to_anew_and_on_record():
    program = fallen_silent()
    by = patient_actor(program.patient)
    of(by).post(PAGE, {"again": "1"})
    with clinic_scope(program.clinic_id):
        old, new = Consent.objects.order_by("given_at")
        assert (old.withdrawn_at, new.withdrawn_at) == (new.given_at, None)
        assert Change.objects.filter(kind="patient", subject=by.patient_id).exists()
    event = AuditEvent.objects.get(verbs__contains=["remind_again"])
    assert (event.actor_id, event.patient_ids) == (by.user_id, [by.patient_id])


def test_the_button_agrees_to_nothing_that_was_not_wanted():
    program = a_program(consent=False)
    of(patient_actor(program.patient)).post(PAGE, {"again": "1"})
    with clinic_scope(program.clinic_id):
        assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("number", "words"), [(2, ""), (3, "Only every other reminder"), (6, "have stopped")]
)
def test_the_desk_reads_what_an_unanswered_row_has_come_to(number, words):
    program = a_program()
    planned(program)
    ignored(program, number)
    desk = of(clinician_for(program.patient))
    page = desk.get(f"/desk/patients/{program.patient_id}/reminders/").content.decode()
    assert words in page
    assert ("answered them" in page or "unanswered" in page) == bool(words)
