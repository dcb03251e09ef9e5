"""2-for-2, ACSM 2009 and double progression: when the load rises, and by how much."""

from typing import Any

import pytest

from programs.progression import load_preset
from programs.progression.types import Decision, Limits, State
from tests.programs.progression.presets.given import (
    did,
    dose_after,
    grams,
    hear,
    load_after,
    machine,
    preset,
)
from tests.programs.progression.story import log


def after(
    name: str, *sessions: tuple[int, ...], state: State | None = None, **values: float
) -> Decision:
    """The decision after sessions, each given by the repetitions of its sets (of 8)."""
    own = state or machine(40, sets=3, reps=8)
    made = [log(own, 2 * day, **did(own, reps)) for day, reps in enumerate(sessions)]
    return hear(preset(name, **values), own, *made)


TWO_OVER = (8, 8, 10)


@pytest.mark.parametrize(("percent", "load"), [(2.5, 41_000), (5, 42_000), (10, 44_000)])
def test_two_for_two_raises_by_either_end_of_the_range(percent: float, load: int) -> None:
    assert load_after(after("two_for_two", TWO_OVER, TWO_OVER, percent=percent)) == load


@pytest.mark.parametrize(
    "sessions", [(TWO_OVER,), (TWO_OVER, (8, 8, 9)), ((10, 10, 9), TWO_OVER), (TWO_OVER, (10, 10))]
)
def test_two_for_two_needs_two_over_in_the_last_set_of_two_sessions_running(sessions: Any) -> None:
    assert load_after(after("two_for_two", *sessions)) == 40_000


@pytest.mark.parametrize(
    ("name", "key", "ends"),
    [
        ("two_for_two", "percent", (2.5, 10)),
        ("acsm_2009", "percent", (2, 10)),
        ("acsm_2009", "reps_over", (1, 2)),
        ("nordic_10_weeks", "week_3_reps", (6, 8)),
        ("nordic_10_weeks", "week_4_reps", (8, 10)),
        ("home_band", "reps_bottom", (8, 15)),
        ("home_band", "reps_top", (8, 15)),
        ("home_band", "sets_bottom", (2, 3)),
        ("home_band", "sets_top", (2, 3)),
    ],
)
def test_a_parameter_stays_inside_the_published_range(name: str, key: str, ends: Any) -> None:
    found = load_preset(name).raw["parameters"][key]
    assert (found["min"], found["max"]) == ends


@pytest.mark.parametrize("key", ["reps_over", "sessions"])
def test_two_for_two_may_be_made_stricter_but_not_laxer(key: str) -> None:
    found = load_preset("two_for_two").raw["parameters"][key]
    assert found["value"] == found["min"] == 2


@pytest.mark.parametrize(("percent", "load"), [(2, 40_500), (5, 42_000), (10, 44_000)])
@pytest.mark.parametrize("over", [1, 2])
def test_acsm_raises_by_either_end_after_one_or_two_over(
    percent: float, load: int, over: int
) -> None:
    values = {"percent": percent, "reps_over": over}
    assert load_after(after("acsm_2009", (8, 8, 8 + over), **values)) == load
    assert load_after(after("acsm_2009", (8, 8, 7 + over), **values)) == 40_000


@pytest.mark.parametrize("reps", [(10, 10, 9), (10, 7, 10), (10, 10, None), (10, 10)])
def test_acsm_as_shipped_wants_every_set_met_and_two_over_in_the_last(reps: Any) -> None:
    assert load_after(after("acsm_2009", reps)) == 40_000


@pytest.mark.parametrize(("reps", "then"), [(8, 9), (9, 10), (11, 12)])
def test_double_progression_adds_a_repetition_at_the_same_load(reps: int, then: int) -> None:
    own = machine(40, sets=3, reps=reps)
    decision = after("double_progression", (reps, reps, reps), state=own)
    assert (load_after(decision), dose_after(decision)[2]) == (40_000, then)


@pytest.mark.parametrize(("step", "load"), [(500, 40_500), (2500, 42_500)])
def test_at_the_top_in_every_set_the_load_rises_one_step_and_the_reps_go_back(
    step: int, load: int
) -> None:
    own = machine(40, sets=3, reps=12, step=step)
    decision = after("double_progression", (12, 12, 12), state=own)
    assert (load_after(decision), dose_after(decision)) == (load, (1, 3, 8))


def test_below_the_top_in_one_set_nothing_moves() -> None:
    own = machine(40, sets=3, reps=12)
    assert after("double_progression", (12, 12, 11), state=own).side("left").outcome == "kept"


@pytest.mark.parametrize(("reps", "then"), [(12, 13), (13, 14)])
def test_where_a_step_is_too_large_the_reps_go_on_to_two_above(reps: int, then: int) -> None:
    limits = Limits(largest_step_percent=10)
    own = machine(5, sets=3, reps=reps, step=2500, limits=limits)
    decision = after("double_progression", (reps,) * 3, state=own)
    assert (load_after(decision), dose_after(decision)[2]) == (5000, then)


def test_and_from_there_one_step_is_proposed() -> None:
    own = machine(5, sets=3, reps=14, step=2500, limits=Limits(largest_step_percent=10))
    decision = after("double_progression", (14, 14, 14), state=own)
    assert decision.side("left").outcome == "proposed"
    assert (load_after(decision), dose_after(decision)[2]) == (7500, 8)


def test_pain_without_a_load_to_lower_takes_a_ladder_step() -> None:
    own = machine(40, sets=3, reps=8)
    bare = own._replace(
        sides=tuple(one._replace(dose=one.dose._replace(load_g=None)) for one in own.sides)
    )
    sore = log(bare, 0)._replace(pains=(log(bare, 0).pains[0]._replace(during=7),))
    assert dose_after(hear(preset("two_for_two"), bare, sore))[0] == 0


# in pounds, on plates that move by 5 lb


def in_pounds(name: str, amount: float, reps: int, *done: int, **values: float) -> Decision:
    own = machine(amount, "lb", sets=3, reps=reps)
    sessions = 2 if name == "two_for_two" else 1
    made = [log(own, 2 * day, **did(own, (reps, reps, *done))) for day in range(sessions)]
    return hear(preset(name, **values), own, *made)


@pytest.mark.parametrize(
    ("name", "over", "percent", "pounds"),
    [
        ("two_for_two", 2, 2.5, 205), ("two_for_two", 2, 10, 220), ("acsm_2009", 1, 2, 205),
        ("acsm_2009", 1, 10, 220), ("acsm_2009", 2, 2, 205), ("acsm_2009", 2, 10, 220),
    ],
)  # fmt: skip
def test_in_pounds_the_load_rises_by_either_end_of_the_range(
    name: str, over: int, percent: float, pounds: int
) -> None:
    values = {"percent": percent} | ({"reps_over": over} if name == "acsm_2009" else {})
    start = 200 if percent != 2 else 250
    decision = in_pounds(name, start, 8, 8 + over, **values)
    assert load_after(decision) == grams(pounds + start - 200, "lb")


@pytest.mark.parametrize(("reps", "then"), [(8, (200, 9)), (11, (200, 12)), (12, (205, 8))])
def test_in_pounds_reps_rise_to_the_top_and_then_the_load_by_one_step(
    reps: int, then: tuple[int, int]
) -> None:
    decision = in_pounds("double_progression", 200, reps, reps)
    assert load_after(decision) == grams(then[0], "lb")
    assert dose_after(decision)[2] == then[1]


def test_in_pounds_one_rep_too_few_raises_nothing() -> None:
    assert load_after(in_pounds("two_for_two", 200, 8, 9)) == grams(200, "lb")
    assert load_after(in_pounds("acsm_2009", 250, 8, 9)) == grams(250, "lb")
