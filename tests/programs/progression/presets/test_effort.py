"""Load by effort: every row of the table, from set to set and into the next session."""

import pytest

from programs.progression import next_load, next_set, planned_sets
from tests.programs.progression.presets.given import (
    did,
    grams,
    hear,
    load_after,
    machine,
    preset,
)
from tests.programs.progression.story import log

RULES = preset("effort_regulated")
ROWS = {
    "kg": [(5, 6, 5), (7, 7, 2.5), (8, 8, 0), (9, 9, -2.5), (10, 10, -5)],
    "lb": [(5, 6, 10), (7, 7, 5), (8, 8, 0), (9, 9, -5), (10, 10, -10)],
}


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("unit", ["kg", "lb"])
def test_the_next_set_follows_the_effort_of_the_last(unit: str, number: int) -> None:
    rows = next_set(RULES, machine(100, unit, sets=6), "left", number, grams(100, unit))
    assert [(each.low, each.high, each.load_g) for each in rows] == [
        (low, high, grams(100 + change, unit)) for low, high, change in ROWS[unit]
    ]
    assert {each.status for each in rows} == {"derived" if unit == "lb" else ""}


def test_effort_under_five_keeps_the_load_and_is_not_covered() -> None:
    rows = next_set(RULES, machine(100), "left", 2, 100_000)
    assert next_load(rows, 5, 100_000) == (105_000, True)
    assert next_load(rows, 4, 100_000) == (100_000, False)
    assert next_load(rows, None, 100_000) == (100_000, False)


def test_the_first_set_has_the_doses_load_and_the_others_follow() -> None:
    sets = planned_sets(RULES, machine(60, sets=4, reps=5), "left")
    assert [(one.reps, one.load_g, one.follows) for one in sets] == [
        (5, 60_000, None), (5, None, 1), (5, None, 2), (5, None, 3),
    ]  # fmt: skip
    assert next_set(RULES, machine(60), "left", 1, 60_000) == ()


def next_session(unit: str, load: float, last: float, effort: int | None) -> int | None:
    state = machine(load, unit, sets=3, reps=8)
    loads = (grams(load, unit), grams(load, unit), grams(last, unit))
    session = log(state, 0, **did(state, (8, 8, 8), loads, (8, 8, effort)))
    return load_after(hear(RULES, state, session))


@pytest.mark.parametrize(
    ("effort", "change"), [(5, 0), (6, 0), (7, 0), (8, 0), (9, -2.5), (10, -5)]
)
def test_the_next_session_starts_at_the_last_load_or_lower(effort: int, change: float) -> None:
    for last in (95, 100, 105):
        assert next_session("kg", 100, last, effort) == grams(last + change)
        assert next_session("lb", 100, last, effort) == grams(last + 2 * change, "lb")


@pytest.mark.parametrize("effort", [0, 4])
def test_effort_under_five_keeps_the_load_and_is_flagged(effort: int) -> None:
    state = machine(100, sets=3, reps=8)
    session = log(state, 0, **did(state, (8, 8, 8), (100_000, 105_000, 105_000), (7, 8, effort)))
    decision = hear(RULES, state, session)
    assert load_after(decision) == 100_000
    assert "unpublished" in {notice.kind for notice in decision.notices}
    assert "table" in {miss.fact for miss in decision.side("left").missing}


def test_an_effort_that_was_not_given_keeps_the_load() -> None:
    assert next_session("kg", 100, 105, None) == 100_000
