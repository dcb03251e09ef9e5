"""A session logged afterwards: which day, what was done, and what it may and may not do."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from patients.models import Patient
from programs.logging.past import past_days
from programs.models import CheckIn, Decision, Program, Session, SetLog
from tests.programs.people import DAY, Person, logs_of, make_person

pytestmark = pytest.mark.django_db
YESTERDAY = "/past/2026-11-27/1/"


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    """Five days into her program, nothing logged."""
    person = make_person(now)
    clock.move_to(now + 5 * DAY)
    return person


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def told(phone: Client, url: str = YESTERDAY, **changed: Any) -> dict[str, Any]:
    """The form as it stands, with the ratings."""
    page = text(phone.get(url))
    found = dict(re.findall(r'name="(x0-[^"]+)" value="([^"]*)" type="number"', page))
    found |= dict(re.findall(r'type="number" name="(x0-[^"]+)" value="([^"]*)"', page))
    return found | {"x0-pain": 1, "effort": 5} | changed


def send(phone: Client, url: str = YESTERDAY, **changed: Any) -> Any:
    return phone.post(url, told(phone, url, **changed))


def days(person: Person) -> list[tuple[date, bool, bool]]:
    with person.scope():
        program = Program.objects.select_related("patient").get(id=person.program.id)
        found = past_days(program, timezone.now())
    return [(each.slot.local_date, each.due, each.session is not None) for each in found]


def test_only_the_last_seven_days_of_the_program_are_offered(maya: Person, clock: Any) -> None:
    assert [day for day, _due, _logged in days(maya)] == [
        date(2026, 11, day) for day in (27, 26, 25, 24, 23)
    ]
    clock.shift(10 * DAY)
    assert len(days(maya)) == 7


def test_planned_days_stand_first(phone: Client, maya: Person) -> None:
    with maya.scope():
        Program.objects.update(weekdays=[0, 2])
    due = [day.day for day, due, _logged in days(maya) if due]
    assert [day.day for day, _due, _logged in days(maya)] == [25, 23, 27, 26, 24]
    assert due == [25, 23]
    page = text(phone.get("/past/"))
    assert page.index("Wednesday 25") < page.index("Other days") < page.index("Friday 27")


def test_today_leads_there(phone: Client) -> None:
    assert 'href="/past/"' in text(phone.get("/today/"))


def test_the_form_is_filled_in_as_planned(phone: Client) -> None:
    found = told(phone)
    assert {name: found[name] for name in found if name.startswith("x0-left")} == {
        "x0-left-1": "8",
        "x0-left-2": "8",
    }


def test_one_post_stores_the_whole_session_as_logged_later(phone: Client, maya: Person) -> None:
    answer = send(phone, **{"x0-right-2": 6})
    (session,) = maya.all(Session)
    assert answer.headers["Location"] == f"/sessions/{session.id}/record/"
    assert (session.source, str(session.local_date)) == ("backfilled", "2026-11-27")
    assert sorted(row.reps for row in logs_of(maya)) == [6, 8, 8, 8]
    assert "logged later" in text(phone.get(answer.headers["Location"]))


def test_sent_twice_it_is_one_session(phone: Client, maya: Person) -> None:
    body = told(phone)
    phone.post(YESTERDAY, body)
    answer = phone.post(YESTERDAY, body | {"x0-left-1": 3}, follow=True)
    assert "logged already" in text(answer)
    assert len(maya.all(Session)) == 1
    assert {row.reps for row in logs_of(maya)} == {8}


def test_a_set_of_none_is_one_left_out(phone: Client, maya: Person) -> None:
    send(phone, **{"x0-left-2": 0})
    assert [row.skipped for row in logs_of(maya) if row.skipped] == ["other"]


def test_faults_stand_beside_their_fields_and_nothing_is_lost(phone: Client, maya: Person) -> None:
    answer = phone.post(YESTERDAY, {"x0-left-1": 300, "x0-left-2": 7, "x0-right-1": 8})
    page = text(answer)
    assert answer.status_code == 422
    assert 'id="id_x0-left-1_error"' in page
    assert 'id="id_x0-pain_error"' in page
    assert re.search(r'name="x0-left-2" value="7"|value="7"[^>]*name="x0-left-2"', page)
    assert not maya.all(Session)


def test_more_pain_than_the_green_limit_asks_where_and_which_leg(
    phone: Client, maya: Person
) -> None:
    body = told(phone, **{"x0-pain": 4})
    answer = phone.post(YESTERDAY, body)
    assert answer.status_code == 422
    assert "Say where it hurts." in text(answer)
    phone.post(YESTERDAY, body | {"x0-place": "calf", "x0-side": "left"})
    assert len(maya.all(Session)) == 1


def test_pain_in_it_lowers_from_now_on(maya: Person, phone: Client, now: datetime) -> None:
    maya.train_for(now, 2)
    assert maya.dose().reps == 10
    pain = {"x0-pain": 7, "x0-place": "calf", "x0-side": "both"}
    send(phone, "/past/2026-11-26/1/", **pain)
    (session,) = (row for row in maya.all(Session) if row.source == "backfilled")
    late = [row for row in maya.all(Decision) if row.trigger == "correction"]
    assert {tuple(row.trace["caused_by"]) for row in late} == {(str(session.id),)}
    assert maya.dose().reps == 8


def test_calm_sessions_logged_later_never_raise_the_dose(
    maya: Person, phone: Client, now: datetime
) -> None:
    for day in (23, 25, 27):
        send(phone, f"/past/2026-11-{day}/1/")
        with maya.scope():
            session = Session.objects.select_related("program").latest("local_date")
        maya.wake(session, now + 5 * DAY)
    assert len(maya.all(CheckIn)) == 3
    assert maya.dose().reps == 8


def test_its_sets_name_the_dose_of_that_day(maya: Person, phone: Client, now: datetime) -> None:
    old = maya.dose()
    maya.train_for(now, 2)
    send(phone, "/past/2026-11-24/1/")
    with maya.scope():
        rows = SetLog.objects.filter(session__source="backfilled", side="left")
        assert {row.dose_id for row in rows} == {old.id}


def test_a_day_with_a_session_leads_to_its_record(
    phone: Client, maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    answer = phone.get("/past/2026-11-23/1/")
    assert answer.headers["Location"] == f"/sessions/{session.id}/record/"


@pytest.mark.parametrize(
    "path", ["2026-11-28/1/", "2026-11-22/1/", "2026-11-27/2/", "yesterday/1/", "0001-01-01/1/"]
)
def test_no_other_day_can_be_logged(phone: Client, maya: Person, path: str) -> None:
    assert phone.get(f"/past/{path}").headers["Location"] == "/past/"
    assert phone.post(f"/past/{path}", {"effort": 1}).headers["Location"] == "/past/"
    assert not maya.all(Session)


def test_a_locked_program_takes_none(phone: Client, maya: Person) -> None:
    with maya.scope():
        Program.objects.update(status="locked")
    assert phone.get(YESTERDAY).headers["Location"] == "/past/"
    assert "no past day to log" in text(phone.get("/past/"))


def test_a_load_and_a_band_are_asked_once_a_leg(client: Client, now: datetime, clock: Any) -> None:
    person = make_person(now, load_g=2500)
    clock.move_to(now + 5 * DAY)
    client.force_login(User.objects.get(id=person.actor.user_id))
    send(client, **{"x0-right-load": "1.5"})
    loads = {(row.side, str(row.load_kg)) for row in logs_of(person)}
    assert loads == {("left", "2.50"), ("right", "1.50")}


def test_pounds_are_read_and_kept_as_the_load_they_stand_for(
    client: Client, now: datetime, clock: Any
) -> None:
    person = make_person(now, load_g=2500)
    with person.scope():
        Patient.objects.filter(id=person.patient.id).update(unit="lb")
    clock.move_to(now + 5 * DAY)
    client.force_login(User.objects.get(id=person.actor.user_id))
    assert told(client)["x0-left-load"] == "5.5"
    send(client)
    assert {str(row.load_kg) for row in logs_of(person)} == {"2.50"}


def test_a_stranger_logs_only_their_own(maya: Person, now: datetime) -> None:
    other = make_person(now)
    stranger = Client()
    stranger.force_login(User.objects.get(id=other.actor.user_id))
    send(stranger)
    assert not maya.all(Session)
    assert len(other.all(Session)) == 1


def test_the_list_takes_no_post(phone: Client) -> None:
    assert phone.post("/past/").status_code == 405
