"""Which screen comes next, from logs alone; nothing here touches a database."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from programs.logging.cards import Progress, next_card
from programs.logging.plan import PlannedExercise, PlannedSide, SessionPlan
from programs.models import (
    DoseVersion,
    PainReport,
    Prescription,
    PrescriptionStep,
    Program,
    Session,
    SetLog,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CURL = Prescription(id=uuid.uuid4())


def exercise(left: int = 2, right: int = 2) -> PlannedExercise:
    sides = [("left", left), ("right", right)]
    return PlannedExercise(
        CURL,
        tuple(
            PlannedSide(side, DoseVersion(sets=sets, reps=8), PrescriptionStep())
            for side, sets in sides
            if sets
        ),
    )


def progress(
    *done: tuple[str, int], plan: PlannedExercise | None = None, rules: Any = None, **more: Any
) -> Progress:
    sets = {
        (CURL.id, side, number): SetLog(
            prescription=CURL, side=side, number=number, reps=8, received_at=NOON
        )
        for side, number in done
    }
    program = Program(ruleset=rules or {})
    return Progress(Session(program=program, **more), SessionPlan((plan or exercise(),)), sets)


ALL = (("left", 1), ("right", 1), ("left", 2), ("right", 2))


@pytest.mark.parametrize("count", range(4))
def test_legs_take_turns(count: int) -> None:
    card = next_card(progress(*ALL[:count]))
    assert (card.kind, card.side, card.number) == ("set", *ALL[count])


def test_the_leg_with_more_sets_goes_on_alone() -> None:
    uneven = exercise(left=1, right=3)
    card = next_card(progress(("left", 1), ("right", 1), plan=uneven))
    assert (card.side, card.number) == ("right", 2)


def test_a_set_left_out_comes_back_first() -> None:
    card = next_card(progress(*ALL[1:]))
    assert (card.side, card.number) == ("left", 1)


def test_pain_comes_after_the_last_set() -> None:
    assert next_card(progress(*ALL)).kind == "pain"


def told(pain: int, at: datetime, place: str = "") -> dict[uuid.UUID, PainReport]:
    return {CURL.id: PainReport(pain=pain, place=place, at=at)}


def after_pain(pain: int, at: datetime = NOON, place: str = "", **limits: int) -> str:
    numbers = {name: {"value": value} for name, value in limits.items()}
    done = progress(*ALL, rules={"parameters": numbers})
    done.pains.update(told(pain, at, place))
    return next_card(done).kind


def test_effort_comes_after_a_low_pain() -> None:
    assert after_pain(3) == "effort"


def test_a_higher_pain_asks_where() -> None:
    assert after_pain(4) == "place"


@pytest.mark.parametrize("limit", ["pain_ok", "pain_safe"])
def test_where_is_asked_above_the_programs_own_limit(limit: str) -> None:
    assert after_pain(2, **{limit: 1}) == "place"
    assert after_pain(4, **{limit: 4}) == "effort"


def test_where_is_asked_once() -> None:
    assert after_pain(4, place="calf") == "effort"


def test_pain_told_before_the_last_set_is_asked_again() -> None:
    assert after_pain(2, at=NOON - timedelta(minutes=1)) == "pain"


def test_an_exercise_skipped_for_tiredness_asks_no_pain() -> None:
    skipped = progress(*ALL)
    for row in skipped.sets.values():
        row.skipped, row.reps = "tired", 0
    assert next_card(skipped).kind == "effort"


def test_an_exercise_skipped_for_pain_asks_how_much() -> None:
    skipped = progress(*ALL)
    for row in skipped.sets.values():
        row.skipped = "pain"
    assert next_card(skipped).kind == "pain"


def test_an_ended_session_is_done_whatever_is_missing() -> None:
    assert next_card(progress(finished_at=NOON)).kind == "done"
