"""The invitation as its people meet it: made, opened, proven, agreed to, and afterwards."""

import hashlib
import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import segno
import time_machine
from django.core import mail as outbox
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from accounts.models import AuditEvent, User
from accounts.roles import Actor
from accounts.scope import clinic_scope
from patients import services
from patients.forms import ConsentForm
from patients.inviting_views import qr_code
from patients.models import Consent, Patient, PatientAccess
from tests.conftest import NOW
from tests.factories import (
    PatientAccessFactory,
    PatientFactory,
    UserFactory,
    clinician_for,
)
from tests.patients.test_codes import code_in
from tests.texts import NUMBER, Sink, texts

pytestmark = pytest.mark.django_db
TYPE = reverse("account_confirm_login_code")
QUIET = 4  # empty modules round a QR code
AGREED = {"reminder_at": "07:30", "time_zone": "America/Chicago"}


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def patient() -> Patient:
    """Reached by email, and by phone."""
    return PatientFactory.create(name="Mara Hazel", email="mara@home.example", phone=NUMBER)


@pytest.fixture
def by(patient: Patient) -> Actor:
    return clinician_for(patient)


def invite(patient: Patient, by: Actor, at: datetime | None = None) -> str:
    with clinic_scope(patient.clinic_id):
        token = services.invite_patient(patient=patient, by=by, at=at or timezone.now())
    return reverse("patients:invitation-open", args=[token])


def change(patient: Patient, **fields: Any) -> None:
    with clinic_scope(patient.clinic_id):
        Patient.objects.filter(id=patient.id).update(**fields)


def clinician(by: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=by.user_id))
    return client


# Made


def test_a_patient_with_a_phone_and_no_email_is_invited(
    patient: Patient, by: Actor, texts: Sink
) -> None:
    change(patient, email="")
    page = clinician(by).post(reverse("patients:patient-invite", args=[patient.id]))
    assert page.status_code == 200
    assert "+1 201-555-0123" in page.content.decode()


@pytest.mark.parametrize("fields", [{"phone": ""}, {"phone": "+447400123456"}])
def test_without_an_address_that_a_code_may_go_to_nobody_is_invited(
    patient: Patient, by: Actor, texts: Sink, fields: dict[str, str]
) -> None:
    change(patient, email="", **fields)
    answer = clinician(by).post(reverse("patients:patient-invite", args=[patient.id]))
    assert answer.status_code == 302
    with clinic_scope(patient.clinic_id):
        assert not patient.invitations.exists()


def test_the_qr_code_holds_the_link() -> None:
    """Every module of the drawing is where a fresh code of the same link has it."""
    link = "https://clinic.example/i/" + "a" * 60 + "/"
    fresh = segno.make_qr(link, error="m").matrix
    assert read(str(qr_code(link)), len(fresh)) == [list(row) for row in fresh]


def read(svg: str, size: int) -> list[list[int]]:
    """The dark modules of segno's drawing: a path of moves and of strokes to the right."""
    found = [[0] * size for _ in range(size)]
    path = re.findall(r'\bd="([^"]+)"', svg)[-1]
    x = y = 0.0
    for kind, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        step = float(first)
        if kind == "h":
            found[int(y) - QUIET][int(x) - QUIET : int(x + step) - QUIET] = [1] * int(step)
        else:
            y = float(second) + (y if kind == "m" else 0)
        x = step if kind == "M" else x + step
    return found


# Opened and proven


def test_looking_sends_nothing_and_spends_nothing(patient: Patient, by: Actor, texts: Sink) -> None:
    link = invite(patient, by)
    for _ in range(3):
        assert Client().get(link).status_code == 200
    assert (outbox.outbox, texts.taken) == ([], [])


def test_a_link_shows_no_address(patient: Patient, by: Actor, texts: Sink) -> None:
    client, link = Client(), invite(patient, by)
    pages = client.get(link).content + client.post(link, follow=True).content
    assert b"mara@home" not in pages
    assert b"555" not in pages


def test_a_phone_alone_opens_the_way_to_today(patient: Patient, by: Actor, texts: Sink) -> None:
    change(patient, email="")
    client, link = Client(), invite(patient, by)
    onward = client.post(link)["Location"].partition("next=")[2]
    code = code_in(texts.wait()[0]["Body"])
    page = client.post(TYPE, {"code": code, "next": onward})["Location"]
    assert b'name="reminders"' not in client.get(page).content
    assert client.post(page, AGREED)["Location"] == "/today/"
    access = held(patient)
    assert (access.user.phone, access.user.email) == (NUMBER, None)
    assert access.user.phone_proven_at


def held(patient: Patient) -> PatientAccess:
    with clinic_scope(patient.clinic_id):
        return PatientAccess.objects.select_related("user").get()


def test_who_has_both_chooses(patient: Patient, by: Actor, texts: Sink) -> None:
    link = invite(patient, by)
    Client().post(link, {"by": "text"})
    texts.wait()
    assert outbox.outbox == []
    Client().post(link, {"by": "email"})
    assert [mail.to for mail in outbox.outbox] == [["mara@home.example"]]


def test_a_number_does_not_open_the_sign_in_of_an_address(
    patient: Patient, by: Actor, texts: Sink
) -> None:
    """Else whoever enters somebody's address with a number of their own would be them."""
    victim = UserFactory.create(email="mara@home.example")
    with clinic_scope(patient.clinic_id):
        token = services.invite_patient(patient=patient, by=by, at=NOW)
    invitation = services.find_invitation(token=token, at=NOW)
    assert services.user_for_invitation(invitation=invitation) == victim
    assert services.user_for_invitation(invitation=invitation, by_text=True) != victim


def test_an_unproven_number_accepts_nothing(patient: Patient, by: Actor) -> None:
    link = invite(patient, by)
    client = Client()
    client.force_login(UserFactory.create(email=None, phone=NUMBER))
    assert client.post(f"{link}agree/", AGREED)["Location"] == link
    with clinic_scope(patient.clinic_id):
        assert not PatientAccess.objects.exists()


def test_whoever_else_was_signed_in_makes_way(patient: Patient, by: Actor) -> None:
    client = clinician(by)
    client.get("/")
    client.post(invite(patient, by))
    assert "_auth_user_id" not in client.session
    client.post(TYPE, {"code": code_in(str(outbox.outbox[0].body))})
    assert client.session["_auth_user_id"] != str(by.user_id)


def test_a_visitor_may_choose_the_language_of_the_door(patient: Patient, by: Actor) -> None:
    change(patient, language="es")
    client, link = Client(), invite(patient, by)
    assert b'<html lang="es">' in client.get(link).content
    client.post(reverse("language"), {"language": "en", "next": link})
    assert b'<html lang="en">' in client.get(link).content


# Agreed to


def agreeing(patient: Patient, by: Actor) -> tuple[Client, str]:
    """A client that stands at the consent."""
    client, link = Client(), invite(patient, by)
    client.force_login(UserFactory.create(email="mara@home.example"))
    return client, f"{link}agree/"


def test_nothing_is_ticked_beforehand(patient: Patient, by: Actor) -> None:
    client, page = agreeing(patient, by)
    assert b"checked" not in client.get(page).content
    client.post(page, AGREED)
    with clinic_scope(patient.clinic_id):
        assert [row.kind for row in Consent.objects.all()] == ["care"]


def test_zone_time_and_language_are_kept_with_the_consent(patient: Patient, by: Actor) -> None:
    client, page = agreeing(patient, by)
    client.post(reverse("language"), {"language": "es", "next": page})
    client.post(page, AGREED | {"reminders": "on"})
    with clinic_scope(patient.clinic_id):
        changed = Patient.objects.get()
        kept = {(row.kind, row.language) for row in Consent.objects.all()}
    assert (changed.time_zone, changed.reminder_at) == ("America/Chicago", time(7, 30))
    assert changed.language == "es"
    assert kept == {("care", "es"), ("reminders_email", "es")}


@pytest.mark.parametrize("wrong", [{"time_zone": "Mars/Base"}, {"reminder_at": "25:00"}])
def test_a_wrong_choice_is_told_and_spends_nothing(
    patient: Patient, by: Actor, wrong: dict[str, str]
) -> None:
    client, page = agreeing(patient, by)
    assert client.post(page, AGREED | wrong).status_code == 422
    assert client.post(page, AGREED)["Location"] == "/today/"


def test_agreeing_twice_is_agreeing_once(patient: Patient, by: Actor) -> None:
    client, page = agreeing(patient, by)
    assert [client.post(page, AGREED)["Location"] for _ in range(2)] == ["/today/"] * 2
    with clinic_scope(patient.clinic_id):
        assert Consent.objects.count() == PatientAccess.objects.count() == 1


def spoken() -> str:
    """What the page asks people to agree to, in both languages."""
    said = []
    for language in ("en", "es"):
        with translation.override(language):
            form = ConsentForm(by_email=True)
            context = {"form": form, "clinic_name": "[clinic]"}
            page = render_to_string("patients/consent.html", context)
            said += re.findall(
                r"<li>.*?</li>|<button class=.btn primary.*?</button>", page, re.DOTALL
            )
            said.append(str(form["reminders"].label))
    return " ".join(strip_tags(" ".join(said)).split())


def test_other_words_have_another_id() -> None:
    digest = hashlib.sha256(spoken().encode()).hexdigest()[:8]
    told = f"The consent's words changed: let services.WORDING be this month and -{digest}."
    assert services.WORDING.endswith(f"-{digest}"), told


# Afterwards


def used(patient: Patient, by: Actor) -> tuple[Client, str]:
    client, page = agreeing(patient, by)
    client.post(page, AGREED)
    return client, page.removesuffix("agree/")


@pytest.mark.parametrize("end", ["", "agree/"])
def test_a_signed_in_patient_goes_on_to_today(patient: Patient, by: Actor, end: str) -> None:
    client, link = used(patient, by)
    assert client.get(link + end)["Location"] == "/today/"


def visit(link: str, method: str = "get") -> tuple[int, str]:
    """A stranger's visit; an answer above 400 takes back what is in the same transaction."""
    with transaction.atomic():
        page = getattr(Client(), method)(link)
    return page.status_code, page.content.decode()


def test_each_closed_link_says_why(patient: Patient, by: Actor) -> None:
    old = invite(patient, by, NOW - timedelta(days=15))
    assert "This link ran out" in visit(old)[1]
    newer = invite(patient, by)
    assert "There is a newer link" in visit(old)[1]
    status, page = visit(newer[:-3] + "xx/")
    assert (status, "not whole" in page) == (404, True)
    client = Client()
    client.force_login(UserFactory.create(email="mara@home.example"))
    client.post(f"{newer}agree/", AGREED)
    status, page = visit(newer)
    assert (status, "This link was used" in page) == (410, True)


def test_a_link_that_ran_out_sends_a_fresh_one(patient: Patient, by: Actor) -> None:
    old = invite(patient, by, NOW - timedelta(days=15))
    assert visit(old)[0] == 410
    assert outbox.outbox == []
    assert "on its way" in visit(Client().post(old)["Location"])[1]
    [mail] = outbox.outbox
    link = re.search(r"/i/\S+", str(mail.body))
    assert mail.to == ["mara@home.example"]
    assert "Hazel" not in str(mail.body)
    assert link
    assert "Welcome, Mara" in visit(link.group())[1]
    assert AuditEvent.objects.filter(verbs=["renew_invitation"]).count() == 1


def test_asking_again_at_once_sends_no_second_link(patient: Patient, by: Actor) -> None:
    old = invite(patient, by, NOW - timedelta(days=15))
    answers = {Client().post(old)["Location"] for _ in range(3)}
    assert (answers, len(outbox.outbox)) == ({f"{old}?sent=1"}, 1)


def test_three_fresh_links_a_day_are_all(patient: Patient, by: Actor) -> None:
    old = invite(patient, by, NOW - timedelta(days=15))
    for hours in range(6):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=True):
            Client().post(old)
    assert len(outbox.outbox) == 3


def test_a_fresh_link_goes_by_text_where_there_is_no_email(
    patient: Patient, by: Actor, texts: Sink
) -> None:
    change(patient, email="")
    Client().post(invite(patient, by, NOW - timedelta(days=15)))
    assert "/i/" in texts.wait()[0]["Body"]


def test_a_patient_without_any_address_is_sent_nothing(patient: Patient, by: Actor) -> None:
    change(patient, email="", phone="")
    old = invite(patient, by, NOW - timedelta(days=15))
    assert visit(old, "post")[0] == 302
    with clinic_scope(patient.clinic_id):
        assert patient.invitations.count() == 1


@pytest.mark.parametrize("which", ["used", "forged", "old"])
def test_other_links_send_nothing(patient: Patient, by: Actor, which: str) -> None:
    if which == "used":
        link = used(patient, by)[1]
    elif which == "forged":
        link = invite(patient, by)[:-3] + "xx/"
    else:
        link = invite(patient, by, NOW - timedelta(days=91))
    visit(link, "post")
    assert outbox.outbox == []


def test_who_trains_somebody_else_now_is_asked(patient: Patient, by: Actor) -> None:
    link = used(patient, by)[1]
    mara = User.objects.get(email="mara@home.example")
    PatientAccessFactory.create(user=mara)
    client = Client()
    client.force_login(mara)
    assert client.get(link)["Location"] == reverse("patients:acting-choose")


__all__ = ["texts"]
