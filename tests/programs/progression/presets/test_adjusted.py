"""DAPRE and APRE6: every row of their tables, both ends, in lb and in kg."""

from itertools import product
from typing import Any

import pytest

from programs.progression import check_ladder, next_set, planned_sets
from programs.progression.types import Limits
from tests.programs.progression.presets.given import (
    did,
    grams,
    hear,
    load_after,
    machine,
    preset,
)
from tests.programs.progression.story import log

Row = tuple[int, int | None, tuple[float, float], tuple[float, float]]
SET_FOUR: dict[str, list[Row]] = {  # repetitions of set 3, from and to; lb; kg
    "dapre": [
        (0, 2, (-5, -10), (-2.5, -5)),
        (3, 4, (0, -5), (0, -2.5)),
        (5, 6, (0, 0), (0, 0)),
        (7, 10, (5, 10), (2.5, 5)),
        (11, None, (10, 15), (5, 7.5)),
    ],
    "apre6": [
        (0, 2, (-5, -10), (-2.5, -5)),
        (3, 4, (0, -5), (0, -2.5)),
        (5, 7, (0, 0), (0, 0)),
        (8, 12, (5, 10), (2.5, 5)),
        (13, None, (10, 15), (5, 7.5)),
    ],
}
NEXT_SESSION: dict[str, list[Row]] = {  # repetitions of set 4
    "dapre": [
        (0, 2, (-5, -10), (-2.5, -5)),
        (3, 4, (0, 0), (0, 0)),
        (5, 6, (5, 10), (2.5, 5)),
        (7, 10, (5, 15), (2.5, 7.5)),
        (11, None, (10, 20), (5, 10)),
    ],
    "apre6": SET_FOUR["apre6"],
}
NAMES = ("dapre", "apre6")
UNITS = ("lb", "kg")
LOADS = {"lb": range(45, 400, 5), "kg": (20, 40, 77.5, 120)}
SOME = {"lb": (45, 100, 140, 395), "kg": (20, 77.5)}  # whose grams are rounded up, or down


def at_end(row: Row, unit: str, end: int) -> float:
    return row[2 if unit == "lb" else 3][end]


def next_load(name: str, unit: str, load: float, reps: int | None, **shares: float) -> int | None:
    """The working weight after a session whose set 4 had this load and these repetitions."""
    state = machine(load, unit)
    session = log(state, 0, **did(state, (10, 6, 6, reps)))
    return load_after(hear(preset(name, **shares), state, session))


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize(("name", "unit"), list(product(NAMES, UNITS)))
def test_set_four_follows_the_repetitions_of_set_three(name: str, unit: str, end: int) -> None:
    ruleset = preset(name, more=end, less=end)
    for load in LOADS[unit]:
        rows = next_set(ruleset, machine(load, unit), "left", 4, grams(load, unit))
        assert [(each.low, each.high, each.load_g) for each in rows] == [
            (row[0], row[1], grams(load + at_end(row, unit, end), unit)) for row in SET_FOUR[name]
        ]


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize(
    ("name", "unit", "row"),
    [(name, unit, row) for name, unit in product(NAMES, UNITS) for row in NEXT_SESSION[name]],
)
def test_the_next_session_follows_the_repetitions_of_set_four(
    name: str, unit: str, row: Row, end: int
) -> None:
    for load, reps in product(SOME[unit], (row[0], row[1] or 25)):
        found = next_load(name, unit, load, reps, more=end, less=end)
        assert found == grams(load + at_end(row, unit, end), unit)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", NAMES)
def test_as_shipped_the_smaller_raise_and_the_larger_reduction_are_taken(
    name: str, unit: str
) -> None:
    top, bottom = NEXT_SESSION[name][-1], NEXT_SESSION[name][0]
    assert next_load(name, unit, 100, 20) == grams(100 + at_end(top, unit, 0), unit)
    assert next_load(name, unit, 100, 1) == grams(100 + at_end(bottom, unit, 1), unit)


@pytest.mark.parametrize(("name", "load"), [("dapre", 107_500), ("apre6", 105_000)])
def test_between_the_two_ends_the_load_is_rounded_down(name: str, load: int) -> None:
    state = machine(100, step=2500)
    session = log(state, 0, **did(state, (10, 6, 6, 15)))
    assert load_after(hear(preset(name, more=0.5), state, session)) == load
    rows = next_set(preset(name, less=0.5), state, "left", 4, 100_000)
    assert rows[0].load_g == 95_000


@pytest.mark.parametrize("name", NAMES)
def test_the_next_session_starts_from_the_load_of_set_four(name: str) -> None:
    state = machine(40)
    sets = did(state, (10, 6, 2, 4), (20_000, 30_000, 40_000, 35_000))
    low = load_after(hear(preset(name), state, log(state, 0, **sets)))
    assert low == {"dapre": 35_000, "apre6": 32_500}[name]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", NAMES)
def test_the_sets_are_half_three_quarters_and_all_of_the_working_weight(
    name: str, unit: str
) -> None:
    sets = planned_sets(preset(name), machine(100, unit), "left")
    assert [(one.reps, one.load_g) for one in sets] == [
        (10, grams(50, unit)), (6, grams(75, unit)), (6, grams(100, unit)), (6, None),
    ]  # fmt: skip
    assert [(one.max_reps, one.follows) for one in sets[2:]] == [(True, None), (True, 3)]


@pytest.mark.parametrize("name", NAMES)
def test_parts_of_the_working_weight_are_rounded_down_to_the_machine(name: str) -> None:
    sets = planned_sets(preset(name), machine(42.5, step=2500), "left")
    assert [one.load_g for one in sets[:3]] == [20_000, 30_000, 42_500]


@pytest.mark.parametrize("name", NAMES)
def test_without_a_fourth_set_nothing_moves_and_it_is_named(name: str) -> None:
    state = machine(40)
    side = hear(preset(name), state, log(state, 0, **did(state, (10, 6, 6, None)))).side("left")
    assert side.outcome == "kept"
    assert {miss.fact for miss in side.missing} >= {"set_reps.4"}


@pytest.mark.parametrize("name", NAMES)
def test_a_reduction_by_the_table_comes_at_the_end_of_the_session_and_is_told(name: str) -> None:
    state = machine(40)
    session = log(state, 0, **did(state, (10, 6, 6, 2)), morning=None)
    decision = hear(preset(name), state, session, trigger="session.end")
    assert load_after(decision) == 35_000
    assert "lowered" in {notice.kind for notice in decision.notices}


@pytest.mark.parametrize("name", NAMES)
def test_the_clinics_largest_step_still_holds(name: str) -> None:
    state = machine(40, limits=Limits(largest_step_percent=5))
    session = log(state, 0, **did(state, (10, 6, 6, 15)))
    assert load_after(hear(preset(name), state, session)) == 42_000


@pytest.mark.parametrize(
    ("name", "unit", "published"),
    [("dapre", "lb", 4), ("dapre", "kg", 0), ("apre6", "lb", 5), ("apre6", "kg", 0)],
)
def test_rows_that_were_worked_out_are_marked(name: str, unit: str, published: int) -> None:
    rows = next_set(preset(name), machine(100, unit), "left", 4, grams(100, unit))
    assert [each.status for each in rows].count("derived") == 5 - published
    assert rows[1].status == ("" if published == 5 else "derived")


def equipped(*words: str) -> tuple[Any, ...]:
    return tuple(step._replace(equipment=words) for step in machine(40).ladder)


@pytest.mark.parametrize("name", [*NAMES, "delorme", "oxford"])
@pytest.mark.parametrize("words", [("ankle_weight",), ()])
def test_it_is_for_a_machine_or_plates_only(name: str, words: tuple[str, ...]) -> None:
    faults = check_ladder(preset(name), equipped(*words), Limits())
    assert {fault.code for fault in faults} == {"wrong_equipment"}


@pytest.mark.parametrize("name", [*NAMES, "delorme", "oxford"])
@pytest.mark.parametrize("word", ["machine", "plates"])
def test_a_machine_or_plates_will_do(name: str, word: str) -> None:
    assert check_ladder(preset(name), equipped(word), Limits()) == []
    assert preset(name).raw["requires"]["in_clinic"]
