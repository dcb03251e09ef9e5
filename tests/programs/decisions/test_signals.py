from datetime import datetime

import pytest

from exercises.models import Revision
from programs.decisions import services
from programs.models import Decision, Program, Session, Signal
from tests.programs.decisions.test_late_facts import log_again
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


def kinds(person: Person) -> list[str]:
    return sorted(row.kind for row in person.all(Signal))


def test_silence_is_noticed_by_the_tick(maya: Person, now: datetime) -> None:
    maya.train_for(now, 1)
    services.tick_programs(now=now + 3 * DAY)
    assert kinds(maya) == []
    services.tick_programs(now=now + 6 * DAY)
    assert kinds(maya) == ["silent"]


def test_a_session_ends_the_silence(maya: Person, now: datetime) -> None:
    services.tick_programs(now=now + 6 * DAY)
    maya.train(now + 7 * DAY)
    assert kinds(maya) == []


def test_three_weeks_without_a_rise_are_stuck(maya: Person, now: datetime) -> None:
    for day in range(22):
        maya.wake(maya.train(now + day * DAY, effort=9), now + (day + 1) * DAY)
    assert "stuck" in kinds(maya)


def test_a_pain_above_the_limit_is_a_flare(maya: Person, now: datetime) -> None:
    maya.train(now, pain=6)
    assert kinds(maya) == ["flare"]
    assert maya.all(Signal)[0].facts["pain"] == 6


def test_a_signal_keeps_its_first_moment(maya: Person, now: datetime) -> None:
    maya.train(now, pain=6)
    maya.train(now + DAY, pain=7)
    assert [row.since for row in maya.all(Signal)] == [now]


def test_a_log_put_right_stays_in_the_queue_for_a_week(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 2)
    with maya.scope():
        last = Session.objects.latest("local_date")
    log_again(maya, last, later, reps=7)
    assert kinds(maya) == ["corrected"]
    assert maya.all(Signal)[0].facts["on"] == last.local_date.isoformat()
    later = maya.train_for(later, 3)
    assert kinds(maya) == ["corrected"]
    services.tick_programs(now=later + 2 * DAY)
    assert "corrected" not in kinds(maya)


def test_a_newer_revision_of_an_exercise_waits_for_the_clinician(
    maya: Person, now: datetime
) -> None:
    with maya.scope():
        old = maya.prescription.steps.all()[0].revision
    services.tick_programs(now=now)
    assert kinds(maya) == []
    told = {"body": old.body, "figure": old.figure, "state": "published", "published_at": now}
    Revision.objects.create(exercise=old.exercise, number=99, **told)
    services.tick_programs(now=now)
    assert maya.all(Signal)[0].facts == {"exercises": 1}


def test_a_tick_repeats_nothing(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 2) + 14 * DAY
    for day in range(3):
        services.tick_programs(now=later + day * DAY)
    gaps = [row for row in maya.all(Decision) if row.trigger == "day.tick"]
    assert len(gaps) == 2
    assert maya.dose().reps == 8


def test_an_ended_program_is_left_alone(maya: Person, now: datetime) -> None:
    with maya.scope():
        Program.objects.update(status="ended")
    assert services.tick_programs(now=now + 6 * DAY) == 0
    assert kinds(maya) == []


def test_an_hourly_tick_judges_each_patient_at_their_own_night(now: datetime) -> None:
    make_person(now, zone="America/New_York")
    make_person(now, zone="Europe/Madrid")
    at_night = now.replace(hour=8)
    assert services.tick_programs(now=at_night, local_hour=3) == 1
