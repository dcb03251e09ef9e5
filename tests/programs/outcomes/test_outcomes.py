"""Outcome scores: asked on time, told once, corrected, entered by staff, and what moved."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from patients.models import OutcomeScore
from programs.models import UsualPain
from programs.rounds import rounds
from tests.actors import of
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)


@pytest.fixture
def maya(now: Any, clock: Any) -> Person:
    return make_person(now)


@pytest.fixture
def phone(maya: Person) -> Client:
    return of(maya.actor)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def scores(person: Person) -> list[tuple[str, str, int, int]]:
    with person.scope():
        rows = OutcomeScore.objects.order_by("at", "number", "revision")
        return list(rows.values_list("kind", "activity", "value", "revision"))


def stairs(value: int) -> dict[str, Any]:
    return {"activity": "Walk down stairs", "ability": value}


def desk(person: Person) -> str:
    return f"/desk/patients/{person.patient.id}/outcomes/"


def test_a_round_comes_at_the_start_every_four_weeks_and_at_the_end() -> None:
    days = rounds(FIRST, FIRST, FIRST + timedelta(days=83))
    assert [(day - FIRST).days for day in days] == [0, 28, 56, 83]
    near = rounds(FIRST, FIRST, FIRST + timedelta(days=60))
    assert [(day - FIRST).days for day in near] == [0, 28, 60]


def test_today_asks_after_the_usual_pain_until_an_activity_is_rated(phone: Client) -> None:
    assert "/outcomes/" not in text(phone.get("/today/"))
    phone.post("/usual-pain/", {"pain": 3})
    assert "/outcomes/" in text(phone.get("/today/"))
    assert phone.post("/outcomes/", stairs(4)).status_code == 302
    assert "/outcomes/" not in text(phone.get("/today/"))


def test_the_first_time_asks_for_no_change_and_four_weeks_later_does(
    phone: Client, clock: Any
) -> None:
    phone.post("/outcomes/", stairs(4))
    assert 'name="change"' not in text(phone.get("/outcomes/"))
    clock.shift(29 * DAY)
    page = text(phone.get("/outcomes/"))
    assert 'name="change" value="-5"' in page
    assert 'value="4" aria-pressed' not in page


def test_the_same_tap_twice_is_one_and_another_corrects_it(phone: Client, maya: Person) -> None:
    for value in (4, 4, 6):
        phone.post("/outcomes/", stairs(value) | {"activity": f" walk down  stairs{'':>{value}}"})
    told = [("activity", "walk down stairs", 4, 0), ("activity", "walk down stairs", 6, 1)]
    assert scores(maya) == told
    assert 'value="6" aria-pressed="true"' in text(phone.get("/outcomes/"))


@pytest.mark.parametrize(
    "given", [{"ability": 4}, stairs(11), {"change": 6}, {"pain": "x"}, {"activity": "A" * 81}]
)
def test_a_wrong_answer_is_said_and_kept_nowhere(
    phone: Client, maya: Person, given: dict[str, Any]
) -> None:
    answer = phone.post("/outcomes/", given)
    assert (answer.status_code, scores(maya)) == (422, [])
    assert 'role="alert"' in text(answer)


def test_a_fourth_activity_is_refused(phone: Client, maya: Person) -> None:
    for words in ("Run", "Kneel", "Squat"):
        phone.post("/outcomes/", {"activity": words, "ability": 5})
    assert phone.post("/outcomes/", {"activity": "Jump", "ability": 5}).status_code == 422
    assert len(scores(maya)) == 3


def test_staff_enter_the_same_and_the_page_shows_what_moved(
    maya: Person, phone: Client, clock: Any
) -> None:
    phone.post("/outcomes/", stairs(4))
    clock.shift(28 * DAY)
    given = {"pain": 2, "activity_1": 7, "change": 3, "activity": "Kneel", "ability": 0}
    staff = of(maya.clinician)
    assert staff.post(desk(maya), given).status_code == 302
    with maya.scope():
        assert OutcomeScore.objects.filter(from_patient=False).count() == 3
        assert UsualPain.objects.get().pain == 2
    page = text(staff.get(f"/desk/patients/{maya.patient.id}/"))
    assert "1. Walk down stairs</th><td>4</td><td>7</td><td>+3</td>" in page
    assert "Pain and activities, 0 to 10, over time" in page


def test_the_desk_says_since_when_scores_are_due(maya: Person, phone: Client) -> None:
    url, staff = f"/desk/patients/{maya.patient.id}/", of(maya.clinician)
    assert "Due since" in text(staff.get(url))
    phone.post("/outcomes/", stairs(4))
    assert "Next on" in text(staff.get(url))


@pytest.mark.parametrize("given", [{}, {"ability": 3}, {"activity": "Kneel"}, {"change": 9}])
def test_staff_are_told_what_is_missing(maya: Person, given: dict[str, Any]) -> None:
    assert of(maya.clinician).post(desk(maya), given).status_code == 422
    assert scores(maya) == []


def test_a_stranger_is_refused_and_no_other_method_taken(maya: Person, now: Any) -> None:
    stranger = make_person(now)
    assert of(stranger.clinician).get(desk(maya)).status_code == 404
    assert of(stranger.clinician).post(desk(maya), {"pain": 3}).status_code == 404
    assert of(maya.actor).put("/outcomes/").status_code == 405
