"""By which way a message goes, and what happens where one is closed."""

from datetime import timedelta

import pytest

from accounts.scope import clinic_scope
from patients.models import Consent, Patient
from reminders import services
from reminders.models import DeadAddress, Occurrence, Receipt
from tests.reminders.scenes import (
    BEFORE,
    DUE,
    MONDAY,
    a_program,
    agree,
    planned,
    send,
    sweep,
)
from tests.texts import SILENCE
from tests.texts import texts as texts

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
NUMBER = "+12015550123"


def by(*channels, **patient):
    """A program whose patient agreed to these channels, the first one first."""
    told = {"channels": list(channels), "phone": NUMBER, "consent": False} | patient
    program = a_program(**told)
    with clinic_scope(program.clinic_id):
        for channel in channels:
            agree(program.patient, kind=Consent.Kind.to_reminders(channel))
    return program


def became(program):
    row = the(program)
    return row.channel, row.state, row.reason


def again(program, now=DUE):
    send(the(program), now)
    return became(program)


def the(program):
    """Monday's message."""
    with clinic_scope(program.clinic_id):
        return Occurrence.objects.get(program=program, local_date=MONDAY)


def test_a_text_goes_to_the_number_and_says_how_to_end_it(texts):
    program = by("sms")
    send(planned(program))
    (text,) = texts.taken
    assert (text["To"], became(program)) == (NUMBER, ("sms", "sent", ""))
    assert text["Body"].startswith("You have a session planned today. http://testserver/go/")
    assert text["Body"].endswith("STOP ends these.")


def test_no_text_goes_to_a_country_that_the_clinic_leaves_out(texts):
    program = by("sms", phone="+34612345678")
    planned(program)
    assert again(program) == ("sms", "cancelled", "abroad")


def test_an_address_that_takes_nothing_gives_the_next_channel_its_turn(mail, texts):
    program = by("email", "sms")
    mail.answers = ["550 nobody here"]
    assert again(program, DUE) if planned(program) else None
    assert became(program) == ("sms", "planned", "")
    assert again(program) == ("sms", "sent", "")
    assert (len(mail.taken), len(texts.taken)) == (0, 1)


def test_a_dead_address_is_not_tried_a_second_time(mail, texts):
    program = by("email", "sms")
    planned(program)
    with clinic_scope(program.clinic_id):
        dead = {"channel": "email", "address": program.patient.email, "reason": "550"}
        DeadAddress.objects.create(clinic=program.clinic, patient=program.patient, at=DUE, **dead)
    assert again(program) == ("sms", "planned", "other_way")
    assert again(program) == ("sms", "sent", "")


def test_agreeing_anew_tries_a_dead_address_again(mail):
    program = by("email")
    planned(program)
    with clinic_scope(program.clinic_id):
        dead = {"channel": "email", "address": program.patient.email, "reason": "550"}
        DeadAddress.objects.create(
            clinic=program.clinic,
            patient=program.patient,
            at=BEFORE - timedelta(days=1),
            **dead,
        )
    assert again(program) == ("email", "sent", "")


def test_a_letter_refused_for_what_it_is_kills_no_address(mail):
    program = by("email")
    mail.answers = ["554 looks like spam"]
    send(planned(program))
    with clinic_scope(program.clinic_id):
        assert not DeadAddress.objects.exists()
    assert became(program) == ("email", "failed", "554")


def test_a_text_without_an_answer_is_unknown_and_goes_no_other_way(mail, texts, monkeypatch):
    monkeypatch.setattr("accounts.texts.TIMEOUT_SECONDS", 0.2)
    program = by("sms", "email")
    texts.answers = [SILENCE]
    send(planned(program))
    assert became(program) == ("sms", "unknown", "no_answer")
    assert (len(texts.taken), mail.taken) == (1, [])


def test_a_text_whose_sender_died_is_never_sent_again(texts):
    program = by("sms")
    message = planned(program)
    hold(message)
    assert sweep(DUE + timedelta(seconds=21)) == []
    assert became(program) == ("sms", "unknown", "no_answer")


def hold(message):
    """As a sender leaves it that dies while it hands over."""
    with clinic_scope(message.clinic_id):
        Occurrence.objects.filter(id=message.id).update(
            state="sending", token=message.id, leased_until=DUE + timedelta(seconds=20)
        )


def texted(program, number):
    """So many texts of the last days."""
    with clinic_scope(program.clinic_id):
        for days in range(1, number + 1):
            at = DUE - timedelta(days=days)
            Occurrence.objects.create(
                clinic=program.clinic,
                patient=program.patient,
                program=program,
                kind="session_due",
                channel="sms",
                local_date=MONDAY - timedelta(days=days),
                due_at=at,
                not_before=at,
                not_after=at + timedelta(hours=3),
                state="sent",
                sent_at=at,
                opened_at=at,
            )


@pytest.mark.parametrize(
    ("daily", "became_of_it"),
    [(False, ("sms", "cancelled", "capped")), (True, ("sms", "sent", ""))],
)
def test_three_texts_a_week_are_enough_unless_daily_ones_were_agreed_to(texts, daily, became_of_it):
    program = by("sms")
    planned(program)
    texted(program, 3)
    if daily:
        with clinic_scope(program.clinic_id):
            agree(program.patient, kind=Consent.Kind.TEXTS_DAILY)
    assert again(program) == became_of_it


def said(message, event, channel="email", reason=""):
    Receipt.objects.create(occurrence=message.id, event=event, channel=channel, reason=reason)
    services.apply_receipts(now=DUE)


def test_a_message_that_arrived_says_so(mail):
    program = by("email")
    message = planned(program)
    send(message)
    said(message, "delivered")
    assert became(program) == ("email", "delivered", "")
    assert not Receipt.objects.exists()


def test_a_message_that_bounces_later_goes_the_next_way(mail, texts):
    program = by("email", "sms")
    message = planned(program)
    send(message)
    said(message, "failed", reason="550")
    assert again(program) == ("sms", "sent", "")


@pytest.mark.parametrize(("reason", "dies"), [("5.1.1", True), ("4.2.2", False)])
def test_a_bounce_that_speaks_of_the_address_ends_it(mail, reason, dies):
    program = by("email")
    message = planned(program)
    send(message)
    said(message, "failed", reason=reason)
    with clinic_scope(program.clinic_id):
        assert DeadAddress.objects.exists() is dies
    assert became(program) == ("email", "failed", reason)


@pytest.mark.parametrize("order", [("delivered", "failed"), ("failed", "delivered")])
def test_the_order_of_receipts_does_not_matter(mail, order):
    program = by("email", "sms")
    message = planned(program)
    send(message)
    for event in order:
        said(message, event)
    assert became(program) == ("email", "delivered", "")


def test_a_receipt_resolves_what_was_unknown(texts):
    program = by("sms")
    message = planned(program)
    hold(message)
    sweep(DUE + timedelta(seconds=21))
    said(message, "delivered", channel="sms")
    assert became(program) == ("sms", "delivered", "")


def test_whoever_complains_gets_no_more(mail):
    program = by("email")
    message = planned(program)
    send(message)
    said(message, "complained")
    with clinic_scope(program.clinic_id):
        assert services.has_stopped(message)


def test_a_receipt_for_nothing_of_ours_is_thrown_away():
    Receipt.objects.create(occurrence=MONDAY_ID, event="delivered", channel="sms")
    assert (services.apply_receipts(now=DUE), Receipt.objects.count()) == (1, 0)


MONDAY_ID = "019d0000-0000-7000-8000-000000000000"


def test_a_new_address_moves_the_plan_to_it():
    program = by("email", "sms")
    with clinic_scope(program.clinic_id):
        Patient.objects.update(email="")
    assert planned(program).channel == "sms"
