"""DeLorme and Oxford: three sets of ten by percent of a load that is tested again."""

import pytest

from programs.progression import planned_sets
from programs.progression.types import Epoch
from tests.programs.progression.presets.given import (
    grams,
    hear,
    load_after,
    machine,
    preset,
    ten_rm,
)
from tests.programs.progression.story import NOON, log

NAMES = ("delorme", "oxford")
NEW = [(45, 45_000), ("42.5", 42_500), (40, 40_000), (35, 35_000)]


@pytest.mark.parametrize("unit", ["kg", "lb"])
@pytest.mark.parametrize(("name", "parts"), [("delorme", (50, 75, 100)), ("oxford", (100, 75, 50))])
def test_three_sets_of_ten_by_percent(name: str, parts: tuple[int, ...], unit: str) -> None:
    sets = planned_sets(preset(name), machine(200, unit, sets=3, reps=10), "left")
    assert [(one.reps, one.load_g) for one in sets] == [
        (10, grams(2 * part, unit)) for part in parts
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("kg", "after"), [(45, 45_000), ("42.5", 42_500), (40, 40_000), (35, 35_000)]
)
def test_the_load_follows_a_new_test_up_and_down(name: str, kg: object, after: int) -> None:
    state = machine(40, sets=3, reps=10)
    given = hear(
        preset(name), state, log(state, 5), day=7, trigger="clinician.entry", extra=ten_rm(kg, 7)
    )
    assert load_after(given) == after


@pytest.mark.parametrize("name", NAMES)
def test_a_test_from_before_the_last_change_raises_nothing(name: str) -> None:
    state = machine(36, sets=3, reps=10)
    side = hear(preset(name), state, log(state, 9), extra=ten_rm(40, -1)).side("left")
    assert side.outcome == "kept"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("kg", "after"), [(40, 36_000), (35, 35_000)])
def test_a_test_of_the_day_of_the_last_change_may_only_lower(
    name: str, kg: int, after: int
) -> None:
    state = machine(36, sets=3, reps=10)
    own = state.sides[0]._replace(epoch=Epoch(NOON))
    given = hear(preset(name), state._replace(sides=(own,)), log(state, 1), extra=ten_rm(kg, 0))
    assert load_after(given) == after


@pytest.mark.parametrize("name", NAMES)
def test_without_a_test_nothing_rises(name: str) -> None:
    state = machine(40, sets=3, reps=10)
    assert hear(preset(name), state, log(state, 0), log(state, 2)).side("left").outcome == "kept"


def asked(name: str, day: int, extra: tuple[tuple[str, object], ...] = ()) -> bool:
    """Is the clinician asked for a test on this day?"""
    state = machine(40, sets=3, reps=10)
    decision = hear(preset(name), state, log(state, 1), day=day, trigger="day.tick", extra=extra)
    return ("clinician", "ask:entry.ten_rm_kg") in {(n.to, n.kind) for n in decision.notices}


@pytest.mark.parametrize(("name", "due"), [("delorme", 7), ("oxford", 14)])
def test_a_test_is_asked_for_when_it_is_due(name: str, due: int) -> None:
    entered = ten_rm(40, 0)
    assert [asked(name, day, entered) for day in (due - 1, due)] == [False, True]


def test_a_first_test_that_never_came_is_asked_for_too() -> None:
    assert [asked("delorme", day) for day in (6, 7)] == [False, True]
