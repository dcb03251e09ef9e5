"""The home band programme: one change at a time, and simpler after three sessions below."""

from itertools import pairwise
from typing import Any

import pytest

from programs.progression import load_preset
from programs.progression.types import Decision, Dose, State
from tests.programs.progression.presets.given import dose_after, floor_work, hear, preset
from tests.programs.progression.story import log, rows

RULES = preset("home_band")


def after(state: State, *over: int, ruleset: Any = RULES, **changes: Any) -> Decision:
    """The decision after sessions, each so many repetitions over (or below) the goal."""
    own = state.side("left")
    sessions = [
        log(state, 2 * n, sets=tuple(rows(own, over=by)), **changes) for n, by in enumerate(over)
    ]
    return hear(ruleset, state, *sessions)


def dose(decision: Decision) -> Dose:
    return decision.side("left").after.dose


@pytest.mark.parametrize(
    ("before", "then"),
    [((2, 8, 2), (2, 9, 2)), ((2, 15, 2), (3, 8, 2)), ((3, 15, 2), (2, 8, 3))],
)
def test_over_performing_three_times_makes_one_change(
    before: tuple[int, int, int], then: tuple[int, int, int]
) -> None:
    made = dose(after(floor_work(before[0], before[1], band=before[2]), 2, 2, 2))
    assert (made.sets, made.reps, made.band) == then


@pytest.mark.parametrize("band", [None, 4])
def test_at_the_top_of_all_the_next_step_is_proposed(band: int | None) -> None:
    decision = after(floor_work(3, 15, band=band), 2, 2, 2)
    assert (decision.side("left").outcome, dose_after(decision)) == ("proposed", (2, 2, 8))


@pytest.mark.parametrize("over", [(2, 2), (2, 2, 1), (1, 2, 2)])
def test_less_than_that_is_not_consistent(over: tuple[int, ...]) -> None:
    assert after(floor_work(2, 8), *over).side("left").outcome == "kept"


@pytest.mark.parametrize(("key", "end", "then"), [("sets_top", 2, (2, 3)), ("sets_top", 3, (3, 2))])
def test_sets_rise_within_two_and_three_before_the_band(
    key: str, end: int, then: tuple[int, int]
) -> None:
    made = dose(
        after(floor_work(2, 15, band=2), 2, 2, 2, ruleset=preset("home_band", **{key: end}))
    )
    assert (made.sets, made.band) == then


def test_three_sessions_below_take_the_lighter_band() -> None:
    decision = after(floor_work(2, 10, band=3), -1, -1, -1)
    assert dose(decision).band == 2
    assert "lowered" in {notice.kind for notice in decision.notices}


def test_without_a_band_or_at_the_lightest_they_take_one_step_down() -> None:
    assert dose_after(after(floor_work(2, 10), -1, -1, -1))[0] == 0
    assert dose_after(after(floor_work(2, 10, band=1), -1, -1, -1))[0] == 0


@pytest.mark.parametrize("over", [(-1, -1), (-1, 0, -1), (0, -1, -1)])
def test_fewer_than_three_running_below_change_nothing(over: tuple[int, ...]) -> None:
    assert after(floor_work(2, 10, band=3), *over).side("left").outcome == "kept"


@pytest.mark.parametrize(("effort", "told"), [(4, True), (5, False)])
def test_effort_under_five_is_told_to_both(effort: int, told: bool) -> None:
    kinds = {(n.to, n.kind) for n in after(floor_work(2, 10), 0, effort=effort).notices}
    both = {("patient", "too_easy"), ("clinician", "too_easy")}
    assert kinds & both == (both if told else set())


def test_three_days_a_week_that_do_not_follow_each_other() -> None:
    days = load_preset("home_band").raw["schedule"]["weekdays"]
    assert len(days) == 3
    assert all(later - day > 1 for day, later in pairwise(days))
    assert days[0] + 7 - days[-1] > 1


def test_at_most_one_rise_in_five_days() -> None:
    state = floor_work(2, 8)
    own = state.sides[0]._replace(raised_on=log(state, 1).local_date)
    side = after(state._replace(sides=(own,)), 2, 2, 2).side("left")
    assert [each.reason for each in side.suppressed] == ["too_soon"]
