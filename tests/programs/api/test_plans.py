"""Sets that differ, and the set that follows another, over the API."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.programs.api.calls import (
    PROGRAMS,
    SESSIONS,
    faults,
    one_set,
    post,
    sets_url,
    signed_in,
    start,
    told,
)
from tests.programs.heavy import make_heavy
from tests.programs.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_heavy(now)


def log(phone: Client, maya: Person, begun: dict[str, Any], *sets: dict[str, Any]) -> Any:
    for number, each in enumerate(sets, start=1):
        answer = post(phone, sets_url(begun), one_set(maya, number=number, reps=6) | each)
    return answer


def test_a_dose_lists_the_sets_of_its_plan(maya: Person, phone: Client) -> None:
    found = phone.get(f"{PROGRAMS}{maya.program.id}/").json()
    plan = found["prescriptions"][0]["doses"][0]["plan"]
    assert [(each["reps"], each["load_kg"], each["follows"]) for each in plan] == [
        (10, 20, None),
        (6, 30, None),
        (6, 40, None),
        (6, None, 3),
    ]


def test_a_session_tells_the_load_that_follows(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    three = {"load_kg": 40, "reps": 8, "proposed_kg": 45}
    logged = told(log(phone, maya, begun, {"load_kg": 20}, {"load_kg": 30}, three))
    assert (logged["set"]["next_kg"], logged["set"]["proposed_kg"]) == (42.5, 45)
    following = phone.get(f"{SESSIONS}{begun['id']}/").json()["next"]["set"]
    assert (following["load_kg"], following["max_reps"]) == (42.5, True)


def test_a_set_that_decides_by_effort_is_refused_without_it(now: datetime) -> None:
    erin = make_heavy(now, "effort_regulated")
    phone = signed_in(erin.actor)
    answer = log(phone, erin, start(phone, erin), {"load_kg": 40})
    assert (answer.status_code, faults(answer)) == (422, {"#/effort"})
