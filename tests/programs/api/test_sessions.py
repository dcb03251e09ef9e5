"""Sessions over the API: started once, told, and ended once, with the pain of an exercise."""

from uuid import uuid4

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from programs.models import PainReport, Program, Session, SessionReport
from tests.programs.api.calls import PROBLEM, SESSIONS, faults, one_set, post, sets_url, start, told
from tests.programs.people import Person

pytestmark = pytest.mark.django_db


def test_starting_a_session_twice_answers_with_the_same_one(
    maya: Person, phone: Client, time_machine: TimeMachineFixture
) -> None:
    answers = [post(phone, SESSIONS, {"program": str(maya.program.id)})]
    time_machine.shift(60)
    answers.append(post(phone, SESSIONS, {"program": str(maya.program.id)}))
    assert [each.status_code for each in answers] == [201, 200]
    assert told(answers[0])["id"] == told(answers[1])["id"]


def test_a_session_that_may_not_start_is_a_conflict(maya: Person, phone: Client) -> None:
    with maya.scope():
        Program.objects.update(status="paused")
    answer = post(phone, SESSIONS, {"program": str(maya.program.id)})
    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    assert (told(answer)["detail"], told(answer)["reason"]) == ("The program is paused.", "paused")
    assert maya.all(Session) == []


def test_a_session_tells_what_is_next(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    post(phone, sets_url(begun), one_set(maya))
    found = told(phone.get(f"{SESSIONS}{begun['id']}/"))
    assert (found["planned_sets"], found["sets_done"]) == (4, 1)
    assert found["next"] == {
        "kind": "set",
        "prescription": str(maya.prescription.id),
        "side": "right",
        "number": 1,
        "set": {
            "number": 1,
            "reps": 8,
            "load_kg": None,
            "max_reps": False,
            "follows": None,
            "asks_effort": False,
        },
    }


def test_the_pain_of_an_exercise_is_kept_once(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    url = f"{SESSIONS}{begun['id']}/pain/"
    sent = [{"prescription": str(maya.prescription.id), "pain": pain} for pain in (2, 5)]
    assert [post(phone, url, body).status_code for body in sent] == [200, 200]
    assert [row.pain for row in maya.all(PainReport)] == [2]


def test_the_pain_of_a_strange_exercise_is_a_fault(maya: Person, phone: Client) -> None:
    url = f"{SESSIONS}{start(phone, maya)['id']}/pain/"
    sent = {"prescription": str(uuid4()), "pain": 11}
    assert faults(post(phone, url, sent)) == {"#/pain"}
    assert faults(post(phone, url, sent | {"pain": 1})) == {"#/prescription"}


def test_a_session_ends_once_and_keeps_the_first_effort(maya: Person, phone: Client) -> None:
    url = f"{SESSIONS}{start(phone, maya)['id']}/finish/"
    ended = [told(post(phone, url, {"effort": effort})) for effort in (5, 9)]
    assert ended[0]["finished_at"] == ended[1]["finished_at"] is not None
    assert [row.effort for row in maya.all(SessionReport)] == [5]


def test_an_effort_beyond_the_scale_ends_nothing(maya: Person, phone: Client) -> None:
    url = f"{SESSIONS}{start(phone, maya)['id']}/finish/"
    assert faults(post(phone, url, {"effort": 11})) == {"#/effort"}
    assert [row.finished_at for row in maya.all(Session)] == [None]
