"""The patient's pages over HTTP: forms, repeats, faults, strangers."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from accounts.models import User
from programs.models import CheckIn, PainReport, Program, RedFlag, Session, Signal
from tests.factories import PatientFactory, patient_actor
from tests.programs.people import DAY, Person, logs_of, make_person

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    return make_person(now)


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(User.objects.get(id=person.actor.user_id))
    return client


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    return signed_in(client, maya)


def start(phone: Client) -> str:
    return str(phone.post("/sessions/start/").headers["Location"])


def form_of(person: Person, side: str = "left", number: int = 1, **changed: Any) -> dict[str, Any]:
    told = {
        "prescription": person.prescription.id,
        "side": side,
        "number": number,
        "dose": person.dose(side).id,
        "reps": 8,
    }
    return told | changed


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_today_offers_the_session(phone: Client) -> None:
    page = phone.get("/today/")
    assert page.status_code == 200
    assert "2 sets of 8, each leg" in text(page)
    assert 'action="/sessions/start/"' in text(page)


def test_today_without_a_program_says_what_comes(client: Client, clock: Any) -> None:
    newcomer = patient_actor(PatientFactory.create())
    client.force_login(User.objects.get(id=newcomer.user_id))
    assert "No program yet" in text(client.get("/today/"))


def test_today_after_the_last_program_says_that_it_has_ended(phone: Client, maya: Person) -> None:
    with maya.scope():
        Program.objects.update(status="ended")
    assert "Your program has ended" in text(phone.get("/today/"))


def test_starting_leads_to_the_first_set(phone: Client) -> None:
    page = phone.get(start(phone))
    assert "Left leg" in text(page)
    assert "Done as planned" in text(page)


def test_a_set_over_htmx_gets_the_next_card_alone(phone: Client, maya: Person) -> None:
    url = start(phone)
    answer = phone.post(f"{url}sets/", form_of(maya), headers=HX)
    assert answer.status_code == 200
    assert "Right leg" in text(answer)
    assert "<html" not in text(answer)


def test_a_set_by_a_plain_form_goes_back_to_the_session(phone: Client, maya: Person) -> None:
    url = start(phone)
    answer = phone.post(f"{url}sets/", form_of(maya))
    assert (answer.status_code, answer.headers["Location"]) == (302, url)


def test_a_repeated_set_is_one_row_and_gets_the_same_answer(phone: Client, maya: Person) -> None:
    url = start(phone)
    first, second = (phone.post(f"{url}sets/", form_of(maya), headers=HX) for _ in range(2))
    assert len(logs_of(maya)) == 1
    assert text(first).count("Right leg") == text(second).count("Right leg")


def test_other_values_under_the_same_key_leave_the_first_answer(
    phone: Client, maya: Person
) -> None:
    url = start(phone)
    phone.post(f"{url}sets/", form_of(maya), headers=HX)
    answer = phone.post(f"{url}sets/", form_of(maya, reps=5), headers=HX)
    assert [row.reps for row in logs_of(maya)] == [8]
    assert "saved before" in text(answer)


def test_an_edit_that_was_asked_for_is_the_next_revision(phone: Client, maya: Person) -> None:
    url = start(phone)
    phone.post(f"{url}sets/", form_of(maya), headers=HX)
    page = phone.get(f"{url}?set={maya.prescription.id}.left.1")
    assert 'name="revision" value="1"' in text(page)
    phone.post(f"{url}sets/", form_of(maya, reps=6, revision=1), headers=HX)
    assert [(row.revision, row.reps) for row in logs_of(maya)] == [(0, 8), (1, 6)]


@pytest.mark.parametrize("reps", ["", "0", "101", "-3", "many"])
def test_impossible_reps_are_said_beside_the_field(phone: Client, maya: Person, reps: str) -> None:
    url = start(phone)
    answer = phone.post(f"{url}sets/", form_of(maya, reps=reps), headers=HX)
    assert answer.status_code == 422
    assert 'id="reps_error"' in text(answer)
    assert not logs_of(maya)


def test_what_was_typed_stays_after_a_fault(phone: Client, maya: Person) -> None:
    url = start(phone)
    answer = phone.post(f"{url}sets/", form_of(maya, reps="180"))
    assert answer.status_code == 422
    assert 'value="180"' in text(answer)


def test_a_skipped_set_keeps_its_reason(phone: Client, maya: Person) -> None:
    url = start(phone)
    phone.post(f"{url}sets/", form_of(maya, skipped="tired"), headers=HX)
    assert [(row.skipped, row.reps) for row in logs_of(maya)] == [("tired", 0)]


def test_a_set_of_a_foreign_dose_is_refused(phone: Client, maya: Person, now: datetime) -> None:
    url = start(phone)
    other = make_person(now)
    answer = phone.post(f"{url}sets/", form_of(maya, dose=other.dose().id), headers=HX)
    assert answer.status_code == 422
    assert not logs_of(maya)


def log_all(phone: Client, maya: Person, url: str) -> HttpResponse:
    for number in (1, 2):
        for side in ("left", "right"):
            answer = phone.post(f"{url}sets/", form_of(maya, side, number), headers=HX)
    return answer


def test_after_the_last_set_the_pain_is_asked(phone: Client, maya: Person) -> None:
    assert "How was that?" in text(log_all(phone, maya, start(phone)))


def told_pain(phone: Client, maya: Person, url: str, pain: int, **more: Any) -> HttpResponse:
    body = {"prescription": maya.prescription.id, "pain": pain, **more}
    return phone.post(f"{url}pain/", body, headers=HX, follow=True)


def test_a_low_pain_is_one_tap_then_the_effort(phone: Client, maya: Person) -> None:
    url = start(phone)
    log_all(phone, maya, url)
    assert "Last tap" in text(told_pain(phone, maya, url, 2))


def test_a_pain_above_the_green_limit_asks_where(phone: Client, maya: Person) -> None:
    url = start(phone)
    log_all(phone, maya, url)
    assert "Where?" in text(told_pain(phone, maya, url, 4))
    where = {"asked": "place", "side": "left", "place": "knee_back", "revision": 1}
    assert "Last tap" in text(told_pain(phone, maya, url, 4, **where))
    assert [row.place for row in maya.all(PainReport)] == ["", "knee_back"]


def test_a_place_left_out_is_asked_for_again(phone: Client, maya: Person) -> None:
    url = start(phone)
    log_all(phone, maya, url)
    told_pain(phone, maya, url, 4)
    answer = told_pain(phone, maya, url, 4, asked="place", revision=1)
    assert answer.status_code == 422
    assert "Say where it hurts." in text(answer)


def finish(phone: Client, maya: Person, url: str) -> HttpResponse:
    log_all(phone, maya, url)
    told_pain(phone, maya, url, 1)
    return phone.post(f"{url}finish/", {"effort": 5}, headers=HX, follow=True)


def test_the_effort_ends_the_session(phone: Client, maya: Person) -> None:
    page = finish(phone, maya, start(phone))
    assert "Well done" in text(page)
    assert "4 of 4 sets" in text(page)
    assert maya.all(Session)[0].finished_at is not None


def test_today_says_that_it_is_done(phone: Client, maya: Person) -> None:
    finish(phone, maya, start(phone))
    assert "Done for today" in text(phone.get("/today/"))


def test_a_second_effort_changes_nothing(phone: Client, maya: Person) -> None:
    url = start(phone)
    finish(phone, maya, url)
    phone.post(f"{url}finish/", {"effort": 9}, headers=HX, follow=True)
    assert "5 of 10" in text(phone.get(url))


def test_the_next_morning_is_one_tap(phone: Client, maya: Person, clock: Any) -> None:
    url = start(phone)
    finish(phone, maya, url)
    clock.shift(DAY)
    assert "How is your knee this morning?" in text(phone.get("/today/"))
    answer = phone.post(f"{url}check-in/", {"feel": "same"}, headers=HX)
    assert "Thank you" in text(answer)
    assert "Noted: same" in text(phone.get("/today/"))
    assert [row.feel for row in maya.all(CheckIn)] == ["same"]
    clock.shift(DAY)
    assert "Noted: same" not in text(phone.get("/today/"))


def test_a_worse_morning_asks_pain_and_swelling(phone: Client, maya: Person, clock: Any) -> None:
    url = start(phone)
    finish(phone, maya, url)
    clock.shift(DAY)
    answer = phone.post(f"{url}check-in/", {"feel": "worse"}, headers=HX)
    assert "Pain this morning" in text(answer)
    assert "Pain this morning" in text(phone.get("/today/"))
    told = {"feel": "worse", "pain": 5, "revision": 1}
    assert "swollen" in text(phone.post(f"{url}check-in/", told, headers=HX))
    told |= {"swelling": "yes", "revision": 2}
    assert "Thank you" in text(phone.post(f"{url}check-in/", told, headers=HX))


def test_a_calm_morning_may_tell_its_pain_in_one_more_tap(
    phone: Client, maya: Person, clock: Any
) -> None:
    url = start(phone)
    finish(phone, maya, url)
    clock.shift(DAY)
    answer = phone.post(f"{url}check-in/", {"feel": "better"}, headers=HX)
    assert 'name="pain" value="2"' in text(answer)
    told = {"feel": "better", "pain": 2, "revision": 1}
    assert 'name="pain" value="3"' not in text(phone.post(f"{url}check-in/", told, headers=HX))
    assert [row.pain for row in maya.all(CheckIn)] == [None, 2]


def test_a_morning_without_scripts_goes_on_to_its_own_page(
    phone: Client, maya: Person, clock: Any
) -> None:
    url = start(phone)
    finish(phone, maya, url)
    clock.shift(DAY)
    answer = phone.post(f"{url}check-in/", {"feel": "same"})
    assert answer.headers["Location"] == f"{url}check-in/"
    assert "Any pain?" in text(phone.get(f"{url}check-in/"))
    told = {"feel": "same", "pain": 1, "revision": 1}
    assert phone.post(f"{url}check-in/", told).headers["Location"] == "/today/"


def test_a_morning_can_be_changed(phone: Client, maya: Person, clock: Any) -> None:
    url = start(phone)
    finish(phone, maya, url)
    clock.shift(DAY)
    phone.post(f"{url}check-in/", {"feel": "same"})
    page = phone.get(f"{url}check-in/?change=1")
    assert 'name="revision" value="1"' in text(page)
    phone.post(f"{url}check-in/", {"feel": "worse", "revision": 1})
    assert [row.feel for row in maya.all(CheckIn)] == ["same", "worse"]


def test_a_missed_morning_is_asked_before_the_next_set(
    phone: Client, maya: Person, clock: Any
) -> None:
    first = start(phone)
    finish(phone, maya, first)
    clock.shift(2 * DAY)
    second = start(phone)
    assert "Think back" in text(phone.get(second))
    answer = phone.post(f"{first}check-in/", {"feel": "same", "next": "session"}, headers=HX)
    assert answer.headers["HX-Redirect"] == second
    assert maya.all(CheckIn)[0].recalled


def test_a_warning_sign_locks_and_shows_what_to_do(phone: Client, maya: Person) -> None:
    url = start(phone)
    assert phone.get(f"{url}hurts/").status_code == 200
    page = phone.post(f"{url}hurts/", {"flag": "calf"}, follow=True)
    assert "Please stop here" in text(page)
    assert "Your care team is being told." in text(page)
    assert [row.flag for row in maya.all(RedFlag)] == ["calf"]
    assert maya.all(Program)[0].status == "locked"
    assert "On hold" in text(phone.get("/today/"))
    assert phone.get(url, follow=True).redirect_chain == []


def test_a_load_is_typed_with_a_point_in_every_language(
    client: Client, now: datetime, clock: Any
) -> None:
    person = make_person(now, load_g=2500)
    User.objects.filter(id=person.actor.user_id).update(language="es")
    client.force_login(User.objects.get(id=person.actor.user_id))
    with translation.override("es"):
        page = client.get(start(client)).content.decode()
    assert 'lang="es"' in page
    assert re.search(r'name="load_kg" type="number" inputmode="decimal" value="2\.50?"', page)


def test_a_tap_by_mistake_is_told_but_opens_nothing(phone: Client, maya: Person) -> None:
    phone.post(f"{start(phone)}hurts/", {"flag": "calf"})
    page = phone.post("/stop/", follow=True)
    assert "will open your program again" in text(page)
    assert maya.all(Program)[0].status == "locked"
    assert "mistake_at" in maya.all(Signal)[0].facts


def test_a_locked_program_starts_no_session(phone: Client, maya: Person, clock: Any) -> None:
    phone.post(f"{start(phone)}hurts/", {"flag": "calf"})
    clock.shift(DAY)
    assert phone.post("/sessions/start/").headers["Location"] == "/stop/"
    assert len(maya.all(Session)) == 1


def test_just_hurting_asks_how_much_at_once(phone: Client, maya: Person) -> None:
    url = start(phone)
    assert "How much does it hurt?" in text(phone.post(f"{url}hurts/", {"flag": "none"}))
    told_pain(phone, maya, url, 7, during=1)
    assert maya.all(Session)[0].stopped == "pain"


def test_usual_pain_is_asked_once_in_28_days(phone: Client, clock: Any) -> None:
    assert "usual-pain" in text(phone.get("/today/"))
    phone.post("/usual-pain/", {"pain": 2})
    clock.shift(27 * DAY)
    assert "usual-pain" not in text(phone.get("/today/"))
    clock.shift(DAY)
    assert "usual-pain" in text(phone.get("/today/"))


@pytest.mark.parametrize("path", ["", "sets/", "pain/", "finish/", "hurts/", "check-in/"])
def test_a_stranger_finds_nothing(
    path: str, phone: Client, maya: Person, now: datetime, clock: Any
) -> None:
    url = start(phone)
    stranger = signed_in(Client(), make_person(now))
    ask = stranger.post if path else stranger.get
    assert ask(f"{url}{path}", form_of(maya, flag="calf", effort=3)).status_code == 404
    assert not logs_of(maya)
    assert maya.all(Program)[0].status == "active"


def test_what_writes_takes_no_get(phone: Client) -> None:
    assert phone.get("/usual-pain/").status_code == 405


def test_pain_of_a_foreign_exercise_is_refused(phone: Client, maya: Person, now: datetime) -> None:
    url, other = start(phone), make_person(now)
    body = {"prescription": other.prescription.id, "pain": 5}
    assert phone.post(f"{url}pain/", body).status_code == 422
    assert not maya.all(PainReport)


def test_a_morning_is_not_told_on_the_same_day(phone: Client, maya: Person) -> None:
    url = start(phone)
    finish(phone, maya, url)
    assert phone.post(f"{url}check-in/", {"feel": "same"}).status_code == 422
    assert not maya.all(CheckIn)
