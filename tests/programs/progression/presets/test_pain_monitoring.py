"""The pain-monitoring model: 5 is allowed, 6 is not; back to usual by morning; no worse week."""

import pytest

from programs.progression.types import Decision, Pain
from tests.programs.progression.presets.given import dose_after, floor_work, hear, preset
from tests.programs.progression.story import START, log

RULES = preset("pain_monitoring")


def after(*pains: int, first: int = 0, **changes: object) -> Decision:
    """The decision after sessions every second day, each with its highest pain."""
    state = floor_work(2, 10)
    days = [(first + 2 * n, pain) for n, pain in enumerate(pains)]
    return hear(
        RULES, state, *(log(state, day, pains=(Pain.one_tap(p),), **changes) for day, p in days)
    )


@pytest.mark.parametrize("pain", [Pain(during=5, after=0), Pain(during=0, after=5)])
def test_five_during_or_after_is_allowed(pain: Pain) -> None:
    state = floor_work(2, 10)
    decision = hear(RULES, state, log(state, 0, pains=(pain,)))
    assert decision.side("left").outcome == "kept"


@pytest.mark.parametrize("pain", [Pain(during=6, after=0), Pain(during=0, after=6), Pain(after=6)])
def test_six_during_or_after_is_not(pain: Pain) -> None:
    state = floor_work(2, 10)
    decision = hear(RULES, state, log(state, 0, pains=(pain,)), trigger="session.end")
    assert dose_after(decision) == (1, 2, 8)


@pytest.mark.parametrize(("pain", "reps"), [(2, 12), (3, 10), (5, 10)])
def test_the_dose_rises_in_the_safe_zone_only(pain: int, reps: int) -> None:
    assert dose_after(after(pain, pain))[2] == reps


@pytest.mark.parametrize("end", [0, 5])
def test_the_safe_zone_may_be_narrowed_or_widened_to_what_is_allowed(end: int) -> None:
    state = floor_work(2, 10)
    days = [log(state, day, pains=(Pain.one_tap(end),)) for day in (0, 2)]
    assert dose_after(hear(preset("pain_monitoring", pain_safe=end), state, *days))[2] == 12


@pytest.mark.parametrize("told", [{"morning": "worse"}, {"morning": "same", "morning_pain": 2}])
def test_a_morning_above_usual_keeps_the_dose(told: dict[str, object]) -> None:
    decision = after(0, 0, **told)
    assert decision.side("left").rule == "morning"
    assert dose_after(decision)[2] == 10


@pytest.mark.parametrize(
    ("pains", "worse"),
    [((1, 1, 1, 1, 2), True), ((1, 1, 1, 1, 1), False), ((2, 2, 2, 1, 1), False)],
)
def test_pain_above_the_week_before_keeps_the_dose(pains: tuple[int, ...], worse: bool) -> None:
    side = after(*pains).side("left")
    assert (side.rule, side.outcome) == (("worse_week", "kept") if worse else ("more", "changed"))


@pytest.mark.parametrize(("pain", "told"), [(2, False), (3, True)])
def test_a_worse_week_is_told_once_it_leaves_the_safe_zone(pain: int, told: bool) -> None:
    kinds = {notice.kind for notice in after(1, 1, 1, 1, pain).notices}
    assert ("pain_rising" in kinds) is told


def test_in_the_first_week_there_is_nothing_to_compare_with() -> None:
    decision = after(0, 2)
    assert decision.side("left").outcome == "changed"
    assert decision.notices == ()


def test_the_next_step_is_proposed_from_the_top() -> None:
    state = floor_work(3, 12)
    decision = hear(RULES, state, log(state, 0), log(state, 2))
    assert decision.side("left").outcome == "proposed"
    assert dose_after(decision) == (2, 2, 8)


@pytest.mark.parametrize(("day", "suppressed"), [(4, ["too_soon"]), (5, [])])
def test_at_most_one_rise_in_five_days(day: int, suppressed: list[str]) -> None:
    state = floor_work(2, 10)
    own = state.sides[0]._replace(raised_on=START)
    sessions = [log(state, 1), log(state, 2)]
    side = hear(RULES, state._replace(sides=(own,)), *sessions, day=day).side("left")
    assert [each.reason for each in side.suppressed] == suppressed
