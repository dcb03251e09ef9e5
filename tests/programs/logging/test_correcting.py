"""What a patient puts right after a set, and the notes they leave."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from patients.models import Patient
from programs.decisions.effects import key_of
from programs.models import Decision, PainReport, Session, SessionNote, SessionReport
from tests.programs.people import DAY, Person, logs_of, make_person

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    return make_person(now)


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    return signed_in(client, maya)


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(User.objects.get(id=person.actor.user_id))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def record(session: Session) -> str:
    return f"/sessions/{session.id}/record/"


def place(person: Person, session: Session, side: str = "left", number: int = 1) -> str:
    key: UUID = key_of(session.id, person.prescription.id, side, number)
    return f"{record(session)}{key}/"


def told(**changed: Any) -> dict[str, Any]:
    return {"reps": 8, "skipped": "done", "revision": 1} | changed


def test_a_finished_session_lists_its_sets_and_ratings(
    phone: Client, maya: Person, now: datetime
) -> None:
    page = text(phone.get(record(maya.train(now))))
    assert page.count("8 reps") == 4
    assert "1 of 10" in page
    assert "5 of 10" in page
    assert "The morning after" not in page


def test_the_way_to_it_is_on_the_done_page(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    assert record(session) in text(phone.get(f"/sessions/{session.id}/"))


def test_in_mid_session_every_done_set_can_be_opened(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.start(now)
    maya.log(session, now)
    assert record(session) in text(phone.get(f"/sessions/{session.id}/"))
    page = text(phone.get(record(session)))
    assert place(maya, session) in page
    assert place(maya, session, "right") not in page
    assert "Go on with the session" in page


def test_a_corrected_set_is_the_next_word_and_both_are_shown(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    answer = phone.post(place(maya, session), told(reps=6), follow=True)
    assert "6 reps" in text(answer)
    assert "was 8 reps; changed Mon 23 Nov, 09:00" in text(answer)
    mine = [row for row in logs_of(maya) if (row.side, row.number) == ("left", 1)]
    assert [(row.revision, row.reps) for row in mine] == [(0, 8), (1, 6)]
    history = text(phone.get(place(maya, session)))
    assert history.index("8 reps") < history.index("6 reps")


def test_a_correction_decides_from_now_on_and_names_its_session(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    before = [(row.id, row.kind, row.after_id) for row in maya.all(Decision)]
    phone.post(place(maya, session), told(reps=4))
    after = maya.all(Decision)
    assert [(row.id, row.kind, row.after_id) for row in after][: len(before)] == before
    late = [row for row in after if row.trigger == "correction"]
    assert {tuple(row.trace["caused_by"]) for row in late} == {(str(session.id),)}


def test_a_correction_sent_twice_is_one(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    for _ in range(2):
        phone.post(place(maya, session), told(reps=6))
    assert len(logs_of(maya)) == 5


def test_another_value_under_an_old_form_is_not_taken(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    phone.post(place(maya, session), told(reps=6))
    answer = phone.post(place(maya, session), told(reps=3), follow=True)
    assert "changed before" in text(answer)
    assert 'name="reps" value="6"' in text(answer)


@pytest.mark.parametrize("reps", ["", "0", "101", "many"])
def test_what_cannot_be_is_said_beside_its_field(
    phone: Client, maya: Person, now: datetime, reps: str
) -> None:
    answer = phone.post(place(maya, maya.train(now)), told(reps=reps))
    assert answer.status_code == 422
    assert 'id="id_reps_error"' in text(answer)
    assert f'value="{reps}"' in text(answer) or not reps
    assert len(logs_of(maya)) == 4


def test_a_set_can_be_called_skipped_afterwards(phone: Client, maya: Person, now: datetime) -> None:
    phone.post(place(maya, maya.train(now)), told(skipped="tired", reps=""))
    assert [row.skipped for row in logs_of(maya) if row.revision] == ["tired"]


def test_a_load_can_be_corrected(client: Client, now: datetime, clock: Any) -> None:
    person = make_person(now, load_g=2500)
    session = person.train(now)
    phone = signed_in(client, person)
    assert 'name="load_kg" value="2.5"' in text(phone.get(place(person, session)))
    phone.post(place(person, session), told(load_kg="2"))
    assert [str(row.load_kg) for row in logs_of(person) if row.revision] == ["2.00"]


def test_a_load_is_corrected_in_the_unit_of_the_patient(
    client: Client, now: datetime, clock: Any
) -> None:
    person = make_person(now, load_g=2500)
    session = person.train(now)
    with person.scope():
        Patient.objects.filter(id=person.patient.id).update(unit="lb")
    phone = signed_in(client, person)
    assert 'name="load_lb" value="5.5"' in text(phone.get(place(person, session)))
    phone.post(place(person, session), told(load_lb="5.5", reps=7))
    assert [str(row.load_kg) for row in logs_of(person) if row.revision] == ["2.50"]


def test_a_set_left_out_can_be_added_and_counts_as_later(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.start(now)
    maya.log(session, now)
    with maya.scope():
        Session.objects.update(finished_at=now)
    assert "not logged" in text(phone.get(record(session)))
    phone.post(place(maya, session, "right"), told(revision=0))
    assert len(logs_of(maya)) == 2
    assert maya.all(Session)[0].source == "backfilled"


def test_a_set_that_is_still_to_do_leads_to_the_player(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.start(now)
    answer = phone.get(place(maya, session))
    assert answer.headers["Location"] == f"/sessions/{session.id}/"


def test_there_is_no_page_of_a_set_that_is_none(phone: Client, maya: Person, now: datetime) -> None:
    assert phone.get(place(maya, maya.train(now), number=9)).status_code == 404


def test_the_effort_can_be_changed_once_it_is_over(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    page = text(phone.get(f"/sessions/{session.id}/?effort=1"))
    assert 'name="revision" value="1"' in page
    url = f"/sessions/{session.id}/finish/"
    answer = phone.post(url, {"effort": 9, "revision": 1}, headers=HX)
    assert answer.headers["HX-Redirect"] == record(session)
    assert [row.effort for row in maya.all(SessionReport)] == [5, 9]
    assert "was 5 of 10" in text(phone.get(record(session)))


def test_the_pain_can_be_changed_and_asks_where(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    mine = maya.prescription.id
    assert 'name="pain"' in text(phone.get(f"/sessions/{session.id}/?pain={mine}"))
    url = f"/sessions/{session.id}/pain/"
    answer = phone.post(url, {"prescription": mine, "pain": 4, "revision": 1})
    where = answer.headers["Location"]
    assert "Where?" in text(phone.get(where))
    more = {"asked": "place", "side": "left", "place": "calf", "revision": 2}
    answer = phone.post(url, {"prescription": mine, "pain": 4, **more})
    assert answer.headers["Location"] == record(session)
    assert [row.pain for row in maya.all(PainReport)] == [1, 4, 4]


def test_the_morning_stands_there_from_the_next_day_on(
    phone: Client, maya: Person, now: datetime, clock: Any
) -> None:
    session = maya.train(now)
    clock.shift(DAY)
    maya.wake(session, now + DAY, feel="worse")
    page = text(phone.get(record(session)))
    assert "worse" in page
    assert f"/sessions/{session.id}/check-in/?change=1" in page


def test_a_note_is_kept_and_can_be_changed(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    url = f"/sessions/{session.id}/note/"
    page = phone.post(url, {"text": "The chair slid.", "revision": 0}, follow=True)
    assert "The chair slid." in text(page)
    assert "Nobody watches this page day and night" in text(page)
    phone.post(url, {"text": "The chair slid a bit.", "revision": 1})
    assert [row.text for row in maya.all(SessionNote)] == [
        "The chair slid.",
        "The chair slid a bit.",
    ]


def test_a_note_sent_twice_is_one(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    for _ in range(2):
        phone.post(f"/sessions/{session.id}/note/", {"text": "Hot day.", "revision": 0})
    assert len(maya.all(SessionNote)) == 1


def test_a_note_too_long_stays_on_the_page_with_its_fault(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    long = "a" * 501
    answer = phone.post(f"/sessions/{session.id}/note/", {"text": long, "revision": 0})
    assert answer.status_code == 422
    assert long in text(answer)
    assert "At most 500 fit" in text(answer)
    assert not maya.all(SessionNote)


def test_a_note_about_a_set_stands_beside_it(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    phone.post(f"{place(maya, session)}note/", {"text": "Cramp.", "revision": 0})
    assert "Cramp." in text(phone.get(record(session)))
    assert "Cramp." in text(phone.get(place(maya, session)))
    assert 'id="id_note_text"' in text(phone.get(record(session)))


def test_a_note_decides_nothing(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    before = len(maya.all(Decision))
    phone.post(f"/sessions/{session.id}/note/", {"text": "Pain 9!", "revision": 0})
    assert len(maya.all(Decision)) == before


def test_an_empty_first_note_is_refused_by_the_database(maya: Person, now: datetime) -> None:
    session = maya.train(now)
    with maya.scope(), pytest.raises(IntegrityError), transaction.atomic():
        SessionNote.objects.create(clinic_id=maya.clinic.id, session=session, text="", at=now)


@pytest.mark.parametrize("path", ["record/", "note/"])
def test_a_stranger_finds_nothing(path: str, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    stranger = signed_in(Client(), make_person(now))
    ask = stranger.post if path == "note/" else stranger.get
    assert ask(f"/sessions/{session.id}/{path}", {"text": "x"}).status_code == 404
    assert stranger.post(place(maya, session), told(reps=2)).status_code == 404
    assert not maya.all(SessionNote)


def test_what_writes_takes_no_get(phone: Client, maya: Person, now: datetime) -> None:
    session = maya.train(now)
    assert phone.get(f"/sessions/{session.id}/note/").status_code == 405
    assert phone.get(f"{place(maya, session)}note/").status_code == 405
    assert phone.post(record(session)).status_code == 405


def test_the_care_team_reads_the_newest_word_of_each_note(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    phone.post(f"{place(maya, session)}note/", {"text": "A cramp.", "revision": 0})
    url = f"/sessions/{session.id}/note/"
    phone.post(url, {"text": "Hot.", "revision": 0})
    phone.post(url, {"text": "Hot day.", "revision": 1})
    desk = Client()
    desk.force_login(User.objects.get(id=maya.clinician.user_id))
    page = text(desk.get(f"/desk/patients/{maya.patient.id}/"))
    assert "left leg, set 1:</span> A cramp." in page
    assert "Hot day." in page
    assert "Hot.<" not in page
