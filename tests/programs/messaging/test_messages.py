"""Messages at both ends: written once, read once, seen by nobody else."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.db.utils import IntegrityError

from accounts.models import AuditEvent
from accounts.roles import Actor
from patients.models import Message
from patients.unread import unread_times
from programs.messaging.services import read_thread, send_message
from programs.models import Signal
from tests.actors import of
from tests.factories import clinician_for
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    return make_person(now)


def desk(person: Person) -> str:
    return f"/desk/patients/{person.patient.id}/messages/"


def say(person: Person, by: Actor, body: str, at: datetime, **given: Any) -> Message:
    given.setdefault("key", uuid4())
    with person.scope():
        return send_message(patient=person.patient, body=body, by=by, at=at, **given)


def unread(person: Person, by: Actor) -> int:
    with person.scope():
        return len(unread_times(by, person.patient.id))


def queued(person: Person) -> list[dict[str, Any]]:
    with person.scope():
        rows = Signal.objects.filter(program=person.program, kind=Signal.Kind.UNREAD)
        return list(rows.values_list("facts", flat=True))


def test_a_patient_writes_and_reads_it_back(maya: Person) -> None:
    phone = of(maya.actor)
    answer = phone.post("/messages/", {"body": "Is it normal\nthat it clicks?", "key": uuid4()})
    assert answer.status_code == 302
    assert "Is it normal<br>that it clicks?" in phone.get("/messages/").content.decode()


def test_the_page_says_that_nobody_watches_and_whom_to_call(maya: Person) -> None:
    page = of(maya.actor).get("/messages/").content.decode()
    assert "Nobody watches this page day and night" in page
    assert f'href="tel:{maya.clinic.emergency_number}"' in page


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 2001])
def test_a_wrong_text_stays_with_its_error_beside_it(maya: Person, body: str) -> None:
    answer = of(maya.actor).post("/messages/", {"body": body, "key": uuid4()})
    assert answer.status_code == 422
    assert 'id="id_body_error"' in answer.content.decode()
    with maya.scope():
        assert not Message.objects.exists()


def test_a_double_tap_is_one_message(maya: Person) -> None:
    phone, form = of(maya.actor), {"body": "Once", "key": str(uuid4())}
    assert {phone.post("/messages/", form).status_code for _ in range(2)} == {302}
    with maya.scope():
        assert Message.objects.count() == 1
    assert queued(maya) == [{"messages": 1}]


def test_words_cannot_become_markup(maya: Person, now: datetime) -> None:
    say(maya, maya.actor, "<script>alert(1)</script>", now)
    for page in (of(maya.actor).get("/messages/"), of(maya.clinician).get(desk(maya))):
        assert "<script>alert" not in page.content.decode()


def test_a_message_puts_the_patient_into_the_queue_until_one_of_the_team_reads_it(
    maya: Person, now: datetime
) -> None:
    say(maya, maya.actor, "First", now)
    say(maya, maya.actor, "Second", now + timedelta(minutes=1))
    assert queued(maya) == [{"messages": 2}]
    clinician = of(maya.clinician)
    assert "2 messages" in clinician.get("/desk/").content.decode()
    assert clinician.get(desk(maya)).status_code == 200
    assert not queued(maya)
    assert "2 messages" not in clinician.get("/desk/").content.decode()


def test_what_is_unread_stays_queued_when_a_session_is_decided(maya: Person, now: datetime) -> None:
    say(maya, maya.actor, "Before training", now)
    maya.train(now)
    assert queued(maya) == [{"messages": 1}]


def test_each_reader_has_their_own_place(maya: Person, now: datetime) -> None:
    colleague = clinician_for(maya.patient)
    say(maya, maya.actor, "Hello", now)
    with maya.scope():
        assert read_thread(patient=maya.patient, by=maya.clinician) == 1
        assert read_thread(patient=maya.patient, by=maya.clinician) == 0
    assert (unread(maya, maya.clinician), unread(maya, colleague)) == (0, 1)


def test_what_is_new_is_marked_once_and_stands_on_today(maya: Person, now: datetime) -> None:
    say(maya, maya.clinician, "Well done this week", now)
    phone = of(maya.actor)
    today = phone.get("/today/").content.decode()
    assert "Well done this week" in today
    assert ", 1 new" in today
    assert 'class="fresh"' in phone.get("/messages/").content.decode()
    assert 'class="fresh"' not in phone.get("/messages/").content.decode()
    assert "Well done this week" not in phone.get("/today/").content.decode()


def test_the_patient_sees_that_it_was_read(maya: Person, now: datetime) -> None:
    say(maya, maya.actor, "Hello", now)
    assert "Read by your team" not in of(maya.actor).get("/messages/").content.decode()
    of(maya.clinician).get(desk(maya))
    assert "Read by your team" in of(maya.actor).get("/messages/").content.decode()


def test_the_clinician_answers_and_the_story_leads_there(maya: Person, now: datetime) -> None:
    clinician = of(maya.clinician)
    assert clinician.post(desk(maya), {"body": "Yes", "key": uuid4()}).status_code == 302
    assert desk(maya) in clinician.get(f"/desk/patients/{maya.patient.id}/").content.decode()
    with maya.scope():
        assert not Message.objects.get().from_patient


def test_a_long_thread_shows_its_newest_and_the_way_to_all(maya: Person, now: datetime) -> None:
    for number in range(42):
        say(maya, maya.actor, f"word {number:02}", now + timedelta(minutes=number))
    phone = of(maya.actor)
    page = phone.get("/messages/").content.decode()
    assert "word 41" in page
    assert "word 00" not in page
    assert "word 00" in phone.get("/messages/?all=1").content.decode()


def test_strangers_and_wrong_methods_are_refused(maya: Person, now: datetime) -> None:
    say(maya, maya.actor, "Private", now)
    off_team, elsewhere = clinician_for(clinic=maya.clinic), clinician_for()
    assert of(off_team).get(desk(maya)).status_code == 403
    assert of(elsewhere).post(desk(maya), {"body": "x", "key": uuid4()}).status_code == 404
    assert of(maya.clinician).get("/messages/").status_code == 403
    assert of(maya.actor).delete("/messages/").status_code == 405


def test_a_message_is_audited_without_its_words(maya: Person) -> None:
    of(maya.actor).post("/messages/", {"body": "My secret", "key": uuid4()})
    event = AuditEvent.objects.filter(verbs__contains=["send_message"]).get()
    assert event.patient_ids == [maya.patient.id]
    assert "secret" not in str(vars(event))


def test_a_message_is_never_changed(maya: Person, now: datetime) -> None:
    message = say(maya, maya.actor, "Stays", now)
    with maya.scope(), pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.filter(id=message.id).update(body="Gone")


def test_a_message_says_something(maya: Person, now: datetime) -> None:
    with pytest.raises(IntegrityError, match="a_message_says_something"):
        say(maya, maya.actor, "", now)
