""" "Not today": one tap, one answer, honest days."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from programs.calendar import local_day, plan_of
from programs.logging.declining import may_move
from programs.models import NotToday, Program
from programs.schedule import Plan, due_slots
from reminders.models import Occurrence
from reminders.services.trained import days_of
from tests.factories import clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
REASONS = ["pain", "time", "tired", "ill", "equipment", "away", "other"]


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    return make_person(now)


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    return client


def say(phone: Client, reason: str, **more: Any) -> str:
    answer = phone.post("/not-today/", {"reason": reason} | more, follow=True)
    return answer.content.decode()


def is_due(person: Person, day: date) -> bool:
    with person.scope():
        program = Program.objects.get(id=person.program.id)
        return bool(due_slots(plan_of(program), day, day))


def words(person: Person) -> list[tuple[str, date | None]]:
    with person.scope():
        return list(NotToday.objects.order_by("at", "id").values_list("reason", "back_on"))


def test_today_offers_the_reasons(phone: Client) -> None:
    page = phone.get("/today/").content.decode()
    assert all(f'value="{reason}"' in page for reason in REASONS)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("pain", "Tell us what hurts"),
        ("time", "A short one counts too"),
        ("tired", "Rest is fine"),
        ("ill", "We start again on"),
        ("equipment", "Skip what you can’t do"),
        ("away", "When are you back?"),
        ("other", "That is fine"),
    ],
)
def test_each_reason_has_its_answer(phone: Client, maya: Person, reason: str, said: str) -> None:
    assert said in say(phone, reason)
    assert [one for one, _back in words(maya)] == [reason]


def test_a_double_tap_is_one_word(phone: Client, maya: Person) -> None:
    say(phone, "time")
    say(phone, "time")
    assert words(maya) == [("time", None)]


def test_a_wrong_reason_or_day_keeps_nothing(phone: Client, maya: Person, now: datetime) -> None:
    today = local_day(now, maya.patient.time_zone)
    wrong = [{"reason": "lazy"}, {"reason": "away", "back_on": today}, {}]
    wrong += [{"reason": "away", "back_on": today + timedelta(days=99)}]
    for form in wrong:
        answer = phone.post("/not-today/", form, follow=True)
        assert "Please choose one of the reasons." in answer.content.decode()
    assert not words(maya)


def test_an_illness_closes_days_and_a_lack_of_time_does_not(
    phone: Client, maya: Person, now: datetime
) -> None:
    today = local_day(now, maya.patient.time_zone)
    assert is_due(maya, today)
    say(phone, "time")
    assert is_due(maya, today)
    say(phone, "ill")
    assert not is_due(maya, today)


def test_the_day_of_return_may_be_chosen_anew(phone: Client, maya: Person, now: datetime) -> None:
    today = local_day(now, maya.patient.time_zone)
    say(phone, "away", back_on=today + timedelta(days=14))
    assert "We start again on" in say(phone, "away", back_on=today + timedelta(days=4))
    assert ("away", today + timedelta(days=4)) in words(maya)
    with maya.scope():
        rests = maya.program.interruptions.values_list("last_day", flat=True)
        assert list(rests) == [today + timedelta(days=3)]


def test_the_reminder_of_the_day_is_no_longer_wanted(
    phone: Client, maya: Person, now: datetime
) -> None:
    today = local_day(now, maya.patient.time_zone)
    of_today, of_tomorrow = (
        Occurrence(program=maya.program, local_date=day) for day in (today, today + DAY)
    )
    say(phone, "tired")
    with maya.scope():
        days = days_of([of_today, of_tomorrow])
    assert (days.over(of_today), days.over(of_tomorrow)) == ("declined", "")


def test_one_may_train_after_all(phone: Client, maya: Person, now: datetime) -> None:
    say(phone, "other")
    maya.train(now)
    assert "Done for today" in phone.get("/today/").content.decode()


def test_pain_leads_to_the_questions(phone: Client) -> None:
    say(phone, "pain")
    answer = phone.post("/sessions/start/", {"hurts": "1"})
    assert answer.headers["Location"].endswith("/hurts/")


def test_the_clinician_reads_the_reason(phone: Client, maya: Person) -> None:
    say(phone, "equipment")
    desk = Client()
    desk.force_login(User.objects.get(id=maya.clinician.user_id))
    page = desk.get(f"/desk/patients/{maya.patient.id}/").content.decode()
    assert "I don’t have my things here" in page


def test_only_the_patient_says_it_and_only_by_post(phone: Client) -> None:
    assert phone.get("/not-today/").status_code == 405
    stranger = Client()
    stranger.force_login(User.objects.get(id=clinician_for().user_id))
    assert stranger.post("/not-today/", {"reason": "time"}).status_code == 403


MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("weekdays", "movable"), [({0, 2, 4}, False), ({0, 3}, True), ({0, 1}, False)]
)
def test_a_session_moves_only_where_a_day_of_rest_is_left(
    weekdays: set[int], *, movable: bool
) -> None:
    plan = Plan(MONDAY, MONDAY + timedelta(days=70), frozenset(weekdays))
    assert may_move(plan, MONDAY) is movable


def test_nothing_moves_beyond_the_last_day() -> None:
    assert not may_move(Plan(MONDAY, MONDAY, frozenset({0})), MONDAY)
