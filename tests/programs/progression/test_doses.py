"""Which dose is higher, and what the bounds make of a wish."""

import pytest

from programs.progression.doses import bounded, compare
from programs.progression.types import Dose, Span

BASE = Dose(sets=2, reps=8, load_g=2000, range_deg=60)


@pytest.mark.parametrize(
    "changes",
    [
        {"load_g": 2500, "sets": 1},
        {"band": 1},
        {"sets": 3, "reps": 4},
        {"reps": 10, "range_deg": 10},
        {"range_deg": 90, "down_s": 1},
        {"down_s": 4, "per_week": 1},
        {"per_week": 4},
        {"rest_s": 30},
    ],
)
def test_the_first_difference_in_the_dose_order_decides(changes: dict[str, int]) -> None:
    other = BASE._replace(**changes)
    assert (compare(1, other, 1, BASE), compare(1, BASE, 1, other)) == (1, -1)


def test_a_higher_step_is_higher_whatever_the_dose() -> None:
    assert compare(2, Dose(sets=1, reps=1), 1, BASE) == 1


def test_two_doses_that_differ_both_ways_in_one_rank_count_as_lower() -> None:
    held, counted = BASE._replace(reps=4, hold_s=10), BASE._replace(reps=8, hold_s=5)
    assert compare(1, held, 1, counted) == compare(1, counted, 1, held) == -1


def test_equal_doses_are_neither() -> None:
    assert compare(1, BASE, 1, BASE._replace()) == 0


@pytest.mark.parametrize(
    ("wanted", "given"), [(499, 500), (1100, 1000), (1500, 1500), (9999, 2000)]
)
def test_a_wish_is_cut_to_the_bounds_and_rounded_down(wanted: int, given: int) -> None:
    assert bounded(Span(500, 2000, 500), wanted) == given
