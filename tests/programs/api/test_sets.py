"""Sets over the API: logged once, edited if asked for, refused by field."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from programs.models import Session, SetLog
from tests.programs.api.calls import PROBLEM, SESSIONS, faults, one_set, post, sets_url, start, told
from tests.programs.people import Person

pytestmark = pytest.mark.django_db


def test_a_first_set_is_created_and_the_same_again_is_known(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    first, again = (post(phone, sets_url(begun), one_set(maya)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert told(first)["set"] == told(again)["set"]
    assert len(maya.all(SetLog)) == 1


def test_other_values_under_a_known_key_get_the_first_answer(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    post(phone, sets_url(begun), one_set(maya))
    again = told(post(phone, sets_url(begun), one_set(maya, reps=7)))
    assert (again["first"], again["differs"], again["set"]["reps"]) == (False, True, 8)


def test_an_edit_that_is_asked_for_stands(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    post(phone, sets_url(begun), one_set(maya))
    edited = post(phone, sets_url(begun), one_set(maya, reps=7, revision=1))
    assert (edited.status_code, told(edited)["set"]["reps"]) == (201, 7)


def test_the_api_and_the_page_name_a_set_alike(maya: Person, phone: Client, now: datetime) -> None:
    begun = start(phone, maya)
    with maya.scope():
        session = Session.objects.get(id=begun["id"])
    logged = maya.log(session, now)
    again = post(phone, sets_url(begun), one_set(maya))
    assert logged
    assert told(again)["set"]["key"] == str(logged.row.key)
    assert again.status_code == 200


def test_a_list_of_sets_is_logged_whole(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    answer = post(phone, sets_url(begun), [one_set(maya), one_set(maya, number=2)])
    assert answer.status_code == 201
    assert [each["set"]["number"] for each in json.loads(answer.content)] == [1, 2]


def test_a_list_with_a_fault_leaves_nothing_and_points_at_it(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    sent = [one_set(maya), one_set(maya, number=2, reps=0)]
    assert faults(post(phone, sets_url(begun), sent)) == {"#/1/reps"}
    assert maya.all(SetLog) == []


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"reps": 0}, "#/reps"),
        ({"reps": 101}, "#/reps"),
        ({"reps": -1}, "#/reps"),
        ({"reps": 10**30}, "#/reps"),
        ({"reps": "8"}, "#/reps"),
        ({"reps": True}, "#/reps"),
        ({"reps": 8.5}, "#/reps"),
        ({"reps": None}, "#/reps"),
        ({"number": 0}, "#/number"),
        ({"number": 3}, "#/number"),
        ({"number": 99999}, "#/number"),
        ({"side": "up"}, "#/side"),
        ({"side": ["left"]}, "#/side"),
        ({"load_kg": 201}, "#/load_kg"),
        ({"load_kg": "4"}, "#/load_kg"),
        ({"load_kg": 1e300}, "#/load_kg"),
        ({"band_level": 10}, "#/band_level"),
        ({"hold_s": -5, "skipped": "time", "reps": 0}, "#/hold_s"),
        ({"skipped": "bored", "reps": 0}, "#/skipped"),
        ({"skipped": "time"}, "#/skipped"),
        ({"done_at": "yesterday"}, "#/done_at"),
        ({"done_at": "2026-11-23T09:00:00"}, "#/done_at"),
        ({"done_at": "0001-01-01T00:00:00+14:00"}, "#/done_at"),
        ({"done_at": 5}, "#/done_at"),
        ({"dose": 7}, "#/dose"),
        ({"dose": "not an id"}, "#/dose"),
        ({"prescription": None}, "#/prescription"),
        ({"revision": 100}, "#/revision"),
        ({"patient": "me"}, "#/patient"),
        ({"a/b~c\x00": 1}, "#/a~1b~0c\x00"),
    ],
)
def test_an_impossible_value_is_a_fault_of_its_field(
    maya: Person, phone: Client, changed: dict[str, Any], pointer: str
) -> None:
    begun = start(phone, maya)
    assert pointer in faults(post(phone, sets_url(begun), one_set(maya, **changed)))
    assert maya.all(SetLog) == []


def test_a_set_of_another_program_or_dose_is_a_fault(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    for wrong in ({"dose": str(uuid4())}, {"prescription": str(uuid4())}):
        assert faults(post(phone, sets_url(begun), one_set(maya, **wrong)))
    assert maya.all(SetLog) == []


@pytest.mark.parametrize("body", [[], [1], "x", None, 3, [[]], [{}] * 101])
def test_a_body_of_another_shape_is_a_fault(maya: Person, phone: Client, body: Any) -> None:
    begun = start(phone, maya)
    assert faults(post(phone, sets_url(begun), json.dumps(body)))


@pytest.mark.parametrize(
    "raw", [b"{", b"NaN", b'{"reps": Infinity}', b"\xff\xfe", b"[" * 200_000, b"9" * 9_000]
)
def test_malformed_json_is_a_bad_request(maya: Person, phone: Client, raw: bytes) -> None:
    answer = post(phone, sets_url(start(phone, maya)), raw)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


def test_a_body_beyond_the_limit_is_refused_unread(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    answer = post(phone, sets_url(begun), b" " * 1_000_001)
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def test_another_kind_of_body_is_refused(maya: Person, phone: Client) -> None:
    answer = phone.post(SESSIONS, {"program": str(maya.program.id)})
    assert (answer.status_code, answer["Content-Type"]) == (415, PROBLEM)
