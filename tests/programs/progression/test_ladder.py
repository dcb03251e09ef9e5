"""Doses against bounds in kg and in pounds, and the ladder up and down."""

from datetime import timedelta
from typing import Any

import pytest

from programs.progression.doses import (
    Blocked,
    Change,
    bounded,
    closed,
    compare,
    largest,
    next_up,
    rank,
    step_down,
    step_up,
)
from programs.progression.types import Dose, GoodDose, Limits, Span, State
from tests.programs.progression.reading import context_of
from tests.programs.progression.story import START, ladder, state_of

LB = Span(50, 2000, 50, pounds=True)  # 5 to 200 lb by 5
DOSE = Dose(2, 8)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [(3, 4), (4, 4), (5, 4), (6, 6), (9, 8), (11, 10), (12, 10), (99, 10)],
)
def test_a_wish_is_rounded_down_from_the_lowest(wanted: int, given: int) -> None:
    assert bounded(Span(4, 11, 2), wanted) == given


@pytest.mark.parametrize(
    ("pounds", "given"), [(140, 140), (142, 140), (144.9, 140), (145, 145), (3, 5), (300, 200)]
)
def test_a_wish_in_grams_is_rounded_down_to_the_pounds_of_a_machine(
    pounds: float, given: int
) -> None:
    assert bounded(LB, round(pounds * 453.59237)) == round(given * 453.59237)


def test_half_a_gram_does_not_cost_a_step() -> None:
    for pounds in range(5, 205, 5):
        exact = pounds * 453.59237
        assert bounded(LB, int(exact)) == bounded(LB, int(exact) + 1) == round(exact)


@pytest.mark.parametrize(
    ("span", "now", "up"),
    [
        (Span(4, 11, 2), 4, 6), (Span(4, 11, 2), 10, 10), (Span(0, 5000, 500), 2000, 2500),
        (LB, 63_503, 65_771), (LB, 90_718, 90_718),
    ],
)  # fmt: skip
def test_one_step_of_the_equipment_up(span: Span, now: int, up: int) -> None:
    assert next_up(span, now) == up


@pytest.mark.parametrize(("percent", "most"), [(10, 1100), (0, 1000), (5, 1050), (33, 1330)])
def test_the_largest_step_is_a_part_of_the_load(percent: int, most: int) -> None:
    state = state_of(limits=Limits(largest_step_percent=percent))
    assert largest(context_of(state=state), 1000) == most
    assert largest(context_of(state=state), 5) == 5 + 5 * percent // 100


def test_no_load_no_band_and_no_range_rank_below_any() -> None:
    for field in ("load_g", "band", "range_deg"):
        assert rank(0, DOSE) < rank(0, DOSE._replace(**{field: 0}))
        assert compare(0, DOSE._replace(**{field: 0}), 0, DOSE) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"load_g": 1, "sets": 1}, {}), ({"band": 1, "sets": 1}, {}),
        ({"sets": 3, "reps": 1}, {}), ({"hold_s": 1, "range_deg": None}, {"range_deg": 90}),
        ({"range_deg": 1, "up_s": 1}, {}), ({"top_s": 2, "per_week": 1}, {}),
        ({"per_week": 4, "rest_s": 99}, {}), ({"rest_s": 59}, {}),
    ],
)  # fmt: skip
def test_what_comes_first_in_the_dose_order_decides(first: Any, second: Any) -> None:
    high, low = DOSE._replace(**first), DOSE._replace(**second)
    assert (compare(1, high, 1, low), compare(1, low, 1, high)) == (1, -1)
    assert rank(1, high) > rank(1, low)


def test_the_step_comes_before_all() -> None:
    assert compare(0, DOSE._replace(load_g=99), 1, DOSE) == -1
    assert compare(1, DOSE, 0, DOSE) == 1
    assert compare(1, DOSE, 1, DOSE) == 0


# the ladder


def state(*closed_steps: int, step: int = 1, steps: int = 4, **changes: Any) -> State:
    """Steps of which some need a rig that nobody owns."""
    rungs = tuple(
        each._replace(entry=Dose(index + 1, 8), equipment=("rig",) if index in closed_steps else ())
        for index, each in enumerate(ladder(*["each"] * steps))
    )
    return state_of(DOSE, step=step, steps=rungs, **changes)


def test_up_to_the_next_step_and_no_further_than_the_top() -> None:
    assert step_up(context_of(state=state())) == Change(2, Dose(3, 8))
    assert step_up(context_of(state=state(step=3))) == Blocked("ladder_top")
    assert step_up(context_of(state=state(step=2))) == Change(3, Dose(4, 8))


def test_steps_without_their_equipment_are_passed_over_by_proposal() -> None:
    change = step_up(context_of(state=state(1, 2, step=0)))
    assert isinstance(change, Change)
    assert (change.step, change.dose, change.propose) == (3, Dose(4, 8), True)
    assert [tuple(each) for each in change.clamps] == [
        ("equipment", "step", "b", None), ("equipment", "step", "c", None),
    ]  # fmt: skip
    assert step_up(context_of(state=state(2, 3))) == Blocked("no_equipment")
    assert step_up(context_of(state=state(2, equipment=("rig", "mat")))) == Change(2, Dose(3, 8))


def test_down_to_the_next_lower_step_that_can_be_done() -> None:
    assert step_down(context_of(state=state(step=3))) == Change(2, Dose(3, 8))
    assert step_down(context_of(state=state(2, 1, step=3))) == Change(0, Dose(1, 8))
    assert step_down(context_of(state=state(step=0))) == Blocked("ladder_bottom")
    assert step_down(context_of(state=state(0))) == Blocked("ladder_bottom")


def test_down_to_the_last_good_dose_of_that_step() -> None:
    made = state(step=2)
    good = (GoodDose(0, Dose(9, 9)), GoodDose(1, Dose(5, 5)), GoodDose(1, Dose(6, 6)))
    made = made._replace(sides=(made.sides[0]._replace(good=good),))
    assert step_down(context_of(state=made)) == Change(1, Dose(5, 5))


def test_down_to_a_step_for_each_leg_only_where_it_is_asked() -> None:
    made = state(step=2)
    rungs = (made.ladder[0], made.ladder[1]._replace(laterality="both"), *made.ladder[2:])
    seen = context_of(state=made._replace(ladder=rungs))
    assert step_down(seen) == Change(1, Dose(2, 8))
    assert step_down(seen, each_only=True) == Change(0, Dose(1, 8))


@pytest.mark.parametrize(
    ("resisted", "required", "days", "shut"),
    [
        (True, False, None, False), (True, True, None, True), (True, False, 1, True),
        (True, True, 0, False), (True, True, -1, False), (False, True, None, False),
        (False, True, 1, False),
    ],
)  # fmt: skip
def test_a_resisted_step_is_closed_before_its_date(
    resisted: bool, required: bool, days: int | None, shut: bool
) -> None:
    day = None if days is None else START + timedelta(days=days)
    limits = Limits(resisted_date_required=required, resisted_not_before=day)
    seen = context_of(state=state(limits=limits))
    assert closed(seen, seen.step._replace(resisted=resisted)) is shut


def test_a_closed_step_is_neither_entered_from_below_nor_from_above() -> None:
    made = state(step=1, limits=Limits(resisted_date_required=True))
    rungs = tuple(each._replace(resisted=index != 1) for index, each in enumerate(made.ladder))
    seen = context_of(state=made._replace(ladder=rungs))
    assert step_up(seen) == Blocked("resisted_date")
    assert step_down(seen) == Blocked("ladder_bottom")
