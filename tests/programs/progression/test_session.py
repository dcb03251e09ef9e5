"""The plan of a session, and what follows a set within it."""

from typing import Any

import pytest

from programs.progression import NextLoad, PlannedSet, next_load, next_set, planned_sets
from programs.progression.types import Bounds, Dose, History, Limits, Span, State
from tests.programs.progression.small import codes, raw_of, small
from tests.programs.progression.story import START, ladder, log, state_of

TABLE: Any = [
    {"from": 5, "give": [2.5, 5], "status": "derived"},
    {"from": 0, "to": 4, "give": -2.5},
]
FOLLOW: Any = {"fact": "reps", "table": TABLE}
PLAN: Any = [
    {"percent": 50, "reps": 10},
    {"reps": {"fact": "entry.aim"}, "max": True},
    {"follows": 2},
]


def state(load_g: int | None = 40_000, sets: int = 4, largest: int = 100, **changes: Any) -> State:
    bounds = Bounds(sets=Span(1, 6), reps=Span(1, 30), load_g=Span(0, 100_000, 500))
    limits = Limits(largest_step_percent=largest)
    dose = Dose(sets, 8, load_g=load_g)
    return state_of(dose, steps=ladder(*["each"] * 3, bounds=bounds), limits=limits, **changes)


def test_the_sets_of_a_plan_and_beyond_it() -> None:
    history = History((), START, extra=(("entry.aim", "6.9"),))
    assert planned_sets(small(plan=PLAN, follow=FOLLOW), state(), "left", history) == (
        PlannedSet(1, 10, 20_000), PlannedSet(2, 6, 40_000, True), PlannedSet(3, 8, None, False, 2),
        PlannedSet(4, 8, 40_000),
    )  # fmt: skip


def test_only_as_many_sets_as_the_dose_has() -> None:
    assert [each.reps for each in planned_sets(small(plan=PLAN), state(sets=2), "left")] == [10, 8]


def test_without_a_load_or_a_bound_of_it_percent_changes_nothing() -> None:
    ruleset = small(plan=[{"percent": 50}, {"percent": {"fact": "entry.part"}}])
    assert [each.load_g for each in planned_sets(ruleset, state(None, 2), "left")] == [None, None]
    bare = state(sets=2)._replace(ladder=ladder(*["each"] * 3, bounds=Bounds()))
    assert [each.load_g for each in planned_sets(ruleset, bare, "left")] == [40_000, 40_000]
    assert [each.load_g for each in planned_sets(ruleset, state(sets=2), "left")] == [
        20_000,
        40_000,
    ]


@pytest.mark.parametrize(
    ("percent", "load"), [(50, 20_000), (51, 20_000), (52, 20_500), (99.9, 39_500), (250, 100_000)]
)
def test_a_part_of_the_load_is_rounded_down_within_the_bounds(percent: float, load: int) -> None:
    sets = planned_sets(small(plan=[{"percent": percent}]), state(sets=1), "left")
    assert [each.load_g for each in sets] == [load]


def test_a_plan_sees_the_day_of_the_history_or_of_the_start() -> None:
    ruleset = small(plan=[{"reps": {"fact": "day_of_program"}}])
    known = History((log(state(), 5),), START.replace(day=9))
    assert planned_sets(ruleset, state(sets=1), "left", known)[0].reps == 7
    assert planned_sets(ruleset, state(sets=1), "left")[0].reps == 0
    assert (
        planned_sets(
            ruleset,
            state(
                sets=1,
            )._replace(started_on=None),
            "left",
        )[0].reps
        == 8
    )


@pytest.mark.parametrize(
    ("node", "faults"),
    [
        ({"follows": 1}, [("out_of_range", "$.plan[0].follows")]),
        ({"reps": {"param": "x"}}, [("unknown_parameter", "$.plan[0].reps")]),
        ({"percent": {"fact": "pain"}}, [("wrong_level", "$.plan[0].percent.fact")]),
        ({"percent": {"fact": "step"}}, []),
    ],
)  # fmt: skip
def test_a_plan_is_checked(node: Any, faults: Any) -> None:
    assert codes(raw_of(plan=[node])) == faults
    assert codes(raw_of(plan=[{}, {"follows": 1}, {"follows": 3}])) == [
        ("out_of_range", "$.plan[2].follows")
    ]


def test_the_table_of_what_follows_is_checked() -> None:
    rows = [{"from": 0, "to": 2, "give": 1}, {"from": 9, "give": 2}]
    assert codes(raw_of(follow={"fact": "reps", "table": rows})) == [("gap", "$.follow.table")]
    assert codes(raw_of(follow={"fact": "reps", "table": TABLE, "lb": rows})) == [
        ("gap", "$.follow.lb")
    ]


def test_the_next_set_goes_by_the_rows_in_order() -> None:
    ruleset = small(plan=PLAN, follow=FOLLOW)
    assert next_set(ruleset, state(), "left", 3, 40_000) == (
        NextLoad(0, 4, 37_500), NextLoad(5, None, 42_500, "derived"),
    )  # fmt: skip


@pytest.mark.parametrize("number", [1, 2, 4, 9])
def test_a_set_that_follows_none_has_no_rows(number: int) -> None:
    assert next_set(small(plan=PLAN, follow=FOLLOW), state(), "left", number, 40_000) == ()


def test_without_a_table_or_a_bound_there_are_no_rows() -> None:
    assert next_set(small(plan=PLAN), state(), "left", 3, 40_000) == ()
    bare = state()._replace(ladder=ladder(*["each"] * 3, bounds=Bounds()))
    assert next_set(small(plan=PLAN, follow=FOLLOW), bare, "left", 3, 40_000) == ()


def test_the_next_load_keeps_to_the_clinics_step_and_the_bounds() -> None:
    ruleset = small(plan=PLAN, follow={**FOLLOW, "more": 1})
    assert [each.load_g for each in next_set(ruleset, state(largest=10), "left", 3, 40_000)] == [
        37_500, 44_000,
    ]  # fmt: skip
    assert [each.load_g for each in next_set(ruleset, state(), "left", 3, 99_000)][1] == 100_000
    assert next_set(ruleset, state(), "left", 3, 1000)[0].load_g == 0


def test_in_pounds_the_rows_in_pounds_count() -> None:
    lb = [{"from": 0, "to": 9, "give": 10, "status": "read"}]
    pounds = state(unit="lb")
    rows = next_set(small(plan=PLAN, follow={**FOLLOW, "lb": lb}), pounds, "left", 3, 40_000)
    assert rows == (NextLoad(0, 9, 44_500, "read"),)
    assert len(next_set(small(plan=PLAN, follow=FOLLOW), pounds, "left", 3, 40_000)) == 2


@pytest.mark.parametrize(
    ("done", "load"),
    [(0, (10, True)), (4, (10, True)), (5, (99, False)), (6, (20, True)), (50, (20, True)),
     (None, (99, False)), (-1, (99, False))],
)  # fmt: skip
def test_what_was_done_picks_its_row(done: int | None, load: tuple[int, bool]) -> None:
    assert next_load((NextLoad(0, 4, 10), NextLoad(6, None, 20)), done, 99) == load
