"""From the first set to a cleared lock, with real rows and the shipped rules."""

from datetime import datetime, timedelta

import pytest

from programs.decisions import services as decisions
from programs.models import Answer, Decision, Interruption, Program, Session, Signal
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


def dose(person: Person, side: str = "left") -> tuple[int, int, int]:
    row = person.dose(side)
    return row.step, row.sets, row.reps


def proposals(person: Person) -> list[Decision]:
    with person.scope():
        return list(Decision.objects.open_proposals().order_by("side"))


def test_two_calm_sessions_raise_the_reps_of_both_legs(maya: Person, now: datetime) -> None:
    maya.train_for(now, 2)
    assert dose(maya) == dose(maya, "right") == (0, 2, 10)


def test_one_calm_session_raises_nothing(maya: Person, now: datetime) -> None:
    maya.train_for(now, 1)
    assert dose(maya) == (0, 2, 8)


def test_nothing_rises_before_the_morning_is_known(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 1)
    maya.train(later)
    assert dose(maya) == (0, 2, 8)


def test_a_streak_counts_only_sessions_since_the_dose_changed(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 3)
    assert dose(maya) == (0, 2, 10)
    maya.train_for(later, 3)
    assert dose(maya) == (0, 2, 12)


def at_the_top(now: datetime) -> Person:
    return make_person(now, sets=3, reps=12)


def test_at_the_top_the_next_step_is_proposed_not_taken(now: datetime) -> None:
    maya = at_the_top(now)
    maya.train_for(now, 2)
    assert dose(maya) == (0, 3, 12)
    assert [row.proposed["step"] for row in proposals(maya)] == [1, 1]
    assert [row.kind for row in maya.all(Signal)] == ["ready"]


def test_an_accepted_step_starts_with_its_entry_dose(now: datetime) -> None:
    maya = at_the_top(now)
    later = maya.train_for(now, 2)
    left, _right = proposals(maya)
    with maya.scope():
        decisions.accept_proposal(decision=left, by=maya.clinician, at=later)
    assert dose(maya) == (1, 2, 8)
    assert dose(maya, "right") == (0, 3, 12)
    maya.train_for(later, 3)
    assert dose(maya) == (1, 2, 10)


def test_pain_of_seven_steps_down_at_the_end_of_the_session(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 2)
    maya.train(later, pain=7)
    assert dose(maya) == (0, 2, 8)
    kinds = [row.kind for row in maya.all(Decision)][-2:]
    assert kinds == ["regress", "regress"]
    assert "flare" in [row.kind for row in maya.all(Signal)]


def test_a_red_flag_locks_and_a_clearance_opens(maya: Person, now: datetime) -> None:
    session = maya.start(now)
    with maya.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        decisions.report_red_flag(
            program=maya.program, flag="calf", session=session, by=maya.actor, at=now
        )
        program = Program.objects.get(id=maya.program.id)
        assert program.status == "locked"
        assert [row.kind for row in Signal.objects.all()] == ["locked"]
        decisions.clear_lock(
            program=program, reason="Seen in clinic", by=maya.clinician, at=now + DAY
        )
        program.refresh_from_db()
        assert program.status == "active"
        assert not Interruption.objects.filter(last_day=None).exists()
        assert not Signal.objects.exists()


def test_after_a_clearance_the_same_flag_locks_no_more(maya: Person, now: datetime) -> None:
    with maya.scope():
        decisions.report_red_flag(program=maya.program, flag="calf", by=maya.actor, at=now)
        decisions.clear_lock(
            program=maya.program, reason="Seen", by=maya.clinician, at=now + timedelta(hours=1)
        )
    later = maya.train_for(now + timedelta(hours=2), 2)
    assert dose(maya) == (0, 2, 10)
    assert later


def test_after_a_long_gap_the_reps_go_back_to_the_bottom(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 2)
    maya.start(later + 14 * DAY)
    assert dose(maya) == (0, 2, 8)


def test_an_undone_rise_gives_the_dose_before_and_is_not_repeated_at_once(
    maya: Person, now: datetime
) -> None:
    later = maya.train_for(now, 2)
    with maya.scope():
        rise = Decision.objects.filter(side="left").changes().latest("number")
        decisions.undo_decision(decision=rise, reason="Too soon", by=maya.clinician, at=later)
    assert dose(maya) == (0, 2, 8)
    maya.train_for(later, 1)
    assert dose(maya) == (0, 2, 8)


def test_a_stale_proposal_changes_nothing(now: datetime) -> None:
    maya = at_the_top(now)
    later = maya.train_for(now, 2)
    left = proposals(maya)[0]
    maya.train(later, pain=2)
    with maya.scope(), pytest.raises(decisions.Answered) as told:
        decisions.accept_proposal(decision=left, by=maya.clinician, at=later)
    assert told.value.answer.kind == Answer.Kind.SUPERSEDED
    assert dose(maya) == (0, 3, 12)


def test_an_undo_of_one_leg_leaves_the_other(maya: Person, now: datetime) -> None:
    later = maya.train_for(now, 2)
    with maya.scope():
        rise = Decision.objects.filter(side="left").changes().latest("number")
        decisions.undo_decision(decision=rise, reason="Too soon", by=maya.clinician, at=later)
    assert (dose(maya), dose(maya, "right")) == ((0, 2, 8), (0, 2, 10))
