from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from programs.logging import services
from programs.logging.cards import next_card
from programs.logging.entries import as_planned
from programs.models import Decision, PrescriptionStep, Session, SetLog
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


def test_starting_twice_opens_one_session(maya: Person, now: datetime) -> None:
    first, second = maya.start(now), maya.start(now + timedelta(minutes=5))
    assert first.id == second.id
    assert first.planned_sets == 4


def test_the_day_is_the_patients_own(now: datetime) -> None:
    evening = now.replace(hour=23)
    tokyo = make_person(now, zone="Asia/Tokyo")
    assert tokyo.start(evening).local_date == (evening + DAY).date()


def test_a_new_day_opens_a_new_session_and_ends_the_old(maya: Person, now: datetime) -> None:
    maya.start(now)
    maya.start(now + DAY)
    first, second = sorted(maya.all(Session), key=lambda each: each.local_date)
    assert (first.finished_at, second.finished_at) == (now + DAY, None)


def test_before_its_first_day_a_program_takes_no_session(maya: Person, now: datetime) -> None:
    with pytest.raises(services.NotOpen, match="too_early"):
        maya.start(now - DAY)


def late(maya: Person, now: datetime, made: timedelta) -> Session:
    session = maya.start(now)
    maya.log(session, now, done_at=now - made)
    with maya.scope():
        return Session.objects.get(id=session.id)


def test_a_set_within_72_hours_is_live(maya: Person, now: datetime) -> None:
    assert late(maya, now, timedelta(hours=71)).source == "live"


def test_a_later_set_makes_the_session_back_filled(maya: Person, now: datetime) -> None:
    assert late(maya, now, timedelta(hours=73)).source == "backfilled"


def test_a_phone_clock_ahead_makes_the_session_back_filled(maya: Person, now: datetime) -> None:
    assert late(maya, now, -timedelta(minutes=6)).source == "backfilled"


def test_back_filled_sessions_never_raise_the_dose(maya: Person, now: datetime) -> None:
    for day in range(0, 8, 2):
        at = now + day * DAY
        maya.wake(maya.train(at, done_at=at - 4 * DAY), at + DAY)
    assert maya.dose().reps == 8


def test_a_set_of_an_older_dose_is_taken(maya: Person, now: datetime) -> None:
    old = maya.dose()
    later = maya.train_for(now, 2)
    assert maya.dose().id != old.id
    logged = maya.log(maya.start(later), later, dose=old.id)
    assert logged is not None
    assert logged.row.dose_id == old.id


def test_a_late_correction_decides_anew(maya: Person, now: datetime) -> None:
    session = maya.train(now, pain=2)
    with maya.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        services.report_pain(
            session=session,
            prescription=maya.prescription.id,
            pain=8,
            place="calf",
            revision=1,
            by=maya.actor,
            at=now + timedelta(hours=1),
        )
    made = maya.all(Decision)
    assert {row.trigger for row in made} == {"correction"}
    assert made[0].trace["caused_by"] == [str(session.id)]


def test_legs_on_a_two_legged_step_are_logged_as_both(now: datetime) -> None:
    maya = make_person(now)
    with maya.scope():
        PrescriptionStep.objects.filter(position=0).update(laterality="both")
    session = maya.start(now)
    logged = maya.log(session, now)
    assert logged is not None
    assert (logged.row.side, session.planned_sets) == ("both", 2)


def test_two_legged_sessions_raise_both_legs_as_one(now: datetime) -> None:
    maya = make_person(now)
    with maya.scope():
        PrescriptionStep.objects.filter(position=0).update(laterality="both")
    maya.train_for(now, 2)
    assert maya.dose("left").reps == maya.dose("right").reps == 10


def test_less_load_than_planned_does_not_reach_the_target(now: datetime) -> None:
    maya = make_person(now, load_g=2000)
    for day in range(0, 6, 2):
        at = now + day * DAY
        maya.wake(maya.train(at, load_kg=1), at + DAY)
    assert maya.dose().reps == 8


def test_an_edit_counts_from_then_on(maya: Person, now: datetime) -> None:
    session = maya.start(now)
    with maya.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        entry = as_planned(next_card(services.load_progress(session)))
        for revision, reps in ((0, 8), (1, 6)):
            told = replace(entry, reps=reps, revision=revision)
            services.log_set(session=session, entry=told, by=maya.actor, at=now)
        progress = services.load_progress(session)
    assert [row.reps for row in progress.sets.values()] == [6]
    assert len(maya.all(SetLog)) == 2
