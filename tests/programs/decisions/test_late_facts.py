"""What is told late, or corrected, decides from then on; what was decided stays as it was."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from programs.logging import services as logging
from programs.logging.ending import morning_first
from programs.logging.entries import SetEntry
from programs.models import CheckIn, Decision, Session, SetLog
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


def newest(maya: Person, side: str = "left") -> Decision:
    with maya.scope():
        return Decision.objects.filter(side=side).latest("number")


def stored(maya: Person) -> list[Any]:
    """Every decision as it lies in the ledger."""
    return [(row.id, row.kind, row.after_id, row.trace, row.snapshot) for row in maya.all(Decision)]


def rule_of(decision: Decision) -> str:
    return str(decision.trace["side"]["rule"])


def test_a_morning_told_after_the_next_session_holds_and_names_its_session(
    maya: Person, now: datetime
) -> None:
    first = maya.train(now)
    second = maya.train(now + 2 * DAY)
    maya.wake(second, now + 3 * DAY)
    maya.wake(first, now + 3 * DAY, feel="worse")
    late = newest(maya)
    assert (late.trigger, late.trace["caused_by"]) == ("correction", [str(first.id)])
    assert (rule_of(late), maya.dose().reps) == ("hold", 8)


def test_a_calm_morning_told_late_lets_the_dose_rise_from_now_on(
    maya: Person, now: datetime
) -> None:
    first = maya.train(now)
    second = maya.train(now + 2 * DAY)
    maya.wake(second, now + 3 * DAY)
    before = stored(maya)
    assert maya.dose().reps == 8
    maya.wake(first, now + 4 * DAY)
    assert maya.dose().reps == 10
    assert stored(maya)[: len(before)] == before


def test_the_morning_is_asked_at_the_next_start_and_marked_recalled(
    maya: Person, now: datetime
) -> None:
    first = maya.train(now)
    second = maya.start(now + 2 * DAY)
    with maya.scope():
        row = Session.objects.select_related("program__patient").get(id=second.id)
        asked = morning_first(row, logging.load_progress(row))
    assert asked is not None
    assert asked.id == first.id
    maya.wake(first, now + 2 * DAY)
    assert [row.recalled for row in maya.all(CheckIn)] == [True]


def test_a_recalled_morning_decides_as_one_told_in_time(maya: Person, now: datetime) -> None:
    at = now
    for _ in range(2):
        session = maya.train(at)
        at += 2 * DAY
        maya.start(at)
        maya.wake(session, at)
    assert maya.dose().reps == 10


def test_a_morning_told_the_next_day_is_not_recalled(maya: Person, now: datetime) -> None:
    maya.wake(maya.train(now), now + DAY)
    assert [row.recalled for row in maya.all(CheckIn)] == [False]


def log_again(maya: Person, session: Session, at: datetime, **changed: Any) -> None:
    """The first set of a session once more, as the next revision."""
    with maya.scope():
        row = Session.objects.select_related("program__patient").get(id=session.id)
        first = SetLog.objects.filter(session=row).earliest("done_at", "number", "side")
        entry = SetEntry(
            prescription=first.prescription_id,
            side=first.side,
            number=first.number,
            dose=first.dose_id,
            reps=first.reps,
            load_kg=first.load_kg,
            done_at=first.done_at,
            revision=1,
        )
        logging.log_set(session=row, entry=replace(entry, **changed), by=maya.actor, at=at)


def test_an_edited_set_gives_a_new_decision_and_rewrites_none(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 2)
    with maya.scope():
        last = Session.objects.latest("local_date")
    before = stored(maya)
    log_again(maya, last, later, reps=5)
    late = newest(maya)
    assert (late.trigger, late.trace["caused_by"]) == ("correction", [str(last.id)])
    assert (late.after_id, maya.dose().reps) == (None, 10)
    assert stored(maya)[: len(before)] == before


def test_an_edit_of_the_newest_session_takes_its_part_in_what_comes(
    maya: Person, now: datetime
) -> None:
    first = maya.train(now)
    maya.wake(first, now + DAY)
    log_again(maya, first, now + DAY, reps=4)
    maya.train_for(now + 2 * DAY, 1)
    assert maya.dose().reps == 8


def report(maya: Person, session: Session, at: datetime, pain: int, revision: int = 0) -> None:
    with maya.scope():
        logging.report_pain(
            session=Session.objects.select_related("program").get(id=session.id),
            prescription=maya.prescription.id,
            pain=pain,
            revision=revision,
            by=maya.actor,
            at=at,
        )


def test_a_corrected_pain_lowers_from_now_on_and_names_its_session(
    maya: Person, now: datetime
) -> None:
    later = maya.train_for(now, 2)
    with maya.scope():
        last = Session.objects.latest("local_date")
    before = stored(maya)
    report(maya, last, later, pain=8, revision=1)
    late = newest(maya)
    assert (late.trigger, late.trace["caused_by"]) == ("correction", [str(last.id)])
    assert (rule_of(late), maya.dose().reps) == ("pain_down", 8)
    assert stored(maya)[: len(before)] == before


def test_a_back_filled_session_with_pain_lowers_from_now_on(maya: Person, now: datetime) -> None:
    old = maya.start(now)
    later = maya.train_for(now + DAY, 2)
    assert maya.dose().reps == 10
    with maya.scope():
        row = Session.objects.select_related("program__patient").get(id=old.id)
        told = SetEntry(
            prescription=maya.prescription.id,
            side="left",
            number=1,
            dose=maya.prescription.doses.get(side="left", number=1).id,
            reps=8,
            done_at=now + timedelta(minutes=5),
        )
        logging.log_set(session=row, entry=told, by=maya.actor, at=later)
    report(maya, old, later + timedelta(minutes=1), pain=7)
    with maya.scope():
        assert Session.objects.get(id=old.id).source == "backfilled"
    late = newest(maya)
    assert (late.trigger, late.trace["caused_by"]) == ("correction", [str(old.id)])
    assert maya.dose().reps == 8


def test_a_back_filled_calm_session_raises_nothing(maya: Person, now: datetime) -> None:
    first = maya.train(now)
    maya.wake(first, now + DAY)
    old = maya.train(now + 2 * DAY, done_at=now - 3 * DAY)
    maya.wake(old, now + 3 * DAY)
    assert maya.dose().reps == 8
