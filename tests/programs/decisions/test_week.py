"""The week in calm words, and what the clinician said."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from programs.decisions.week import week_lines
from programs.messaging.services import send_message
from programs.schedule import Plan
from tests.programs.people import make_person

MONDAY = date(2026, 11, 23)
WEDNESDAY = MONDAY + timedelta(days=2)
PLAN = Plan(MONDAY - timedelta(days=28), None, frozenset({0, 2, 4}))


def trained(*days: date) -> Any:
    return [SimpleNamespace(session=SimpleNamespace(local_date=day), done=True) for day in days]


def test_the_week_says_what_was_done_and_what_is_still_to_come() -> None:
    lines = week_lines(trained(MONDAY, WEDNESDAY), [(MONDAY, 2)], PLAN, WEDNESDAY)
    assert lines[0] == "You trained 2 times this week."
    assert lines[1] == "Your knee stayed calm: pain at most 2 of 10."
    assert lines[2] == "Still to come: Friday."


def test_a_week_without_a_session_blames_nobody() -> None:
    said = " ".join(week_lines([], [], PLAN, WEDNESDAY))
    assert said.startswith("A new week.")
    assert "missed" not in said


def test_pain_above_the_calm_range_is_named() -> None:
    lines = week_lines(trained(MONDAY), [(MONDAY, 6)], PLAN, MONDAY)
    assert "The highest pain was 6 of 10." in lines[1]


def test_on_a_new_week_the_last_one_is_told() -> None:
    last = trained(MONDAY - timedelta(days=3))
    assert week_lines(last, [], PLAN, MONDAY)[0] == "Last week you trained once."


@pytest.mark.django_db
def test_progress_shows_the_week_and_what_the_clinician_said(
    client: Client, now: datetime, clock: Any
) -> None:
    maya = make_person(now)
    maya.train(now)
    with maya.scope():
        send_message(
            patient=maya.patient, body="Keep it slow", key=uuid4(), by=maya.clinician, at=now
        )
    client.force_login(User.objects.get(id=maya.actor.user_id))
    page = client.get("/progress/").content.decode()
    assert "You trained once this week." in page
    assert "Keep it slow" in page
