"""How the sides of one person are settled: reductions, tied sides, steps for both legs."""

from typing import Any

import pytest

from programs.progression.types import (
    Decision,
    Dose,
    FiredRule,
    GoodDose,
    Pain,
    SideDecision,
    SideState,
    State,
    Step,
    Suppressed,
)
from tests.programs.progression.hearing import DOWN, UP, hear
from tests.programs.progression.small import HURTS, MORE, rule, small
from tests.programs.progression.story import ladder, log, rows, state_of

LEFT, RIGHT = Dose(2, 8), Dose(2, 12)
RISES: Any = rule(MORE, test={"fact": "reps_over_last", "ge": 0})
SOON: Any = rule(
    HURTS, id="ease", tier="deload", test={"fact": "pain", "between": [4, 5]}, then=[DOWN]
)


def both(
    left: Dose = LEFT,
    right: Dose = LEFT,
    *,
    steps: tuple[Step, ...] = (),
    at: tuple[int, int] = (1, 1),
    good: tuple[GoodDose, ...] = (),
) -> State:
    made = state_of(sides=("left", "right"), steps=steps or ladder())
    one, two = made.sides
    return made._replace(
        sides=(
            one._replace(dose=left, step=at[0], good=good), two._replace(dose=right, step=at[1])
        )
    )  # fmt: skip


def after(
    state: State, *rules: Any, pain: tuple[int, int] = (0, 0), over: tuple[int, int] = (0, 0),
    flags: tuple[str, ...] = (), **keys: Any,
) -> Decision:  # fmt: skip
    """The decision after a session with this pain and these repetitions over, left and right."""
    sets = tuple(
        each for own, by in zip(state.sides, over, strict=True) for each in rows(own, over=by)
    )
    pains = (Pain.one_tap(pain[0], "left"), Pain.one_tap(pain[1], "right"))
    session = log(state, 0, sets=sets, pains=pains, red_flags=flags)
    return hear(small(*rules, **keys), session, state=state)


def doses(decision: Decision) -> list[tuple[int, int, int]]:
    """(step, sets, reps) of left and right after it."""
    found = (each.after for each in decision.sides)
    return [(own.step, own.dose.sets, own.dose.reps) for own in found]


def reasons(side: SideDecision) -> list[tuple[str, str]]:
    return [(each.rule, each.reason) for each in side.suppressed]


def test_each_side_rises_by_itself() -> None:
    made = after(both(), RISES, over=(0, -1))
    assert doses(made) == [(1, 2, 10), (1, 2, 8)]
    assert made.side("left").suppressed == ()


def test_a_reduction_on_one_side_comes_with_no_rise_on_the_other() -> None:
    made = after(both(), RISES, pain=(0, 7))
    assert doses(made) == [(1, 2, 8), (1, 2, 6)]
    assert reasons(made.side("left")) == [("more", "other_side")]
    assert (made.side("left").fired, made.side("left").rule) == ((), None)


def test_a_side_that_only_holds_does_not_keep_the_other_from_rising() -> None:
    hold = rule(
        HURTS, id="hold", tier="hold", test={"fact": "pain", "ge": 4}, then=[{"do": "hold"}]
    )
    assert doses(after(both(), RISES, hold, pain=(0, 5))) == [(1, 2, 10), (1, 2, 8)]


@pytest.mark.parametrize("action", [{"do": "lock"}, {"do": "flag"}])
def test_a_stop_on_one_side_keeps_the_other_from_rising(action: Any) -> None:
    stop = rule(HURTS, id="end", tier="stop", test={"fact": "pain", "ge": 5}, then=[action])
    made = after(both(), RISES, stop, pain=(0, 5))
    assert reasons(made.side("left")) == [("more", "other_side")]
    locks = rule(
        HURTS, id="lock", tier="hold", test={"fact": "pain", "ge": 5}, then=[{"do": "lock"}]
    )
    assert after(both(), RISES, locks, pain=(0, 5)).side("left").rule is None


# lockstep, and steps for both legs


@pytest.mark.parametrize(
    ("keys", "steps"), [({"sides": "lockstep"}, ()), ({}, ladder("each", "both", "each"))]
)
def test_tied_sides_rise_together_to_the_lower_dose_or_not_at_all(keys: Any, steps: Any) -> None:
    state = both(LEFT, RIGHT, steps=steps)
    assert doses(after(state, RISES, **keys)) == [(1, 2, 10), (1, 2, 10)]
    made = after(state, RISES, over=(0, -1), **keys)
    assert doses(made) == [(1, 2, 8), (1, 2, 12)]
    assert reasons(made.side("left")) == [("more", "waits_for_side")]


def test_tied_sides_go_down_together_and_none_goes_up_with_it() -> None:
    made = after(both(LEFT, Dose(2, 5)), HURTS | {"id": "x"}, pain=(7, 0), sides="lockstep")
    assert doses(made) == [(1, 2, 6), (1, 2, 5)]
    made = after(both(LEFT, RIGHT), pain=(7, 0), sides="lockstep")
    assert doses(made) == [(1, 2, 6), (1, 2, 6)]
    assert made.side("right").rule == "hurts"
    assert made.side("right").fired == made.side("left").fired
    assert made.side("right").after.spent == ("s0",)
    same = after(both(LEFT, Dose(2, 6)), pain=(7, 0), sides="lockstep").side("right")
    assert (same.rule, same.fired, same.outcome) == (None, (), "kept")


def test_the_lowest_of_two_reductions_leads_tied_sides() -> None:
    made = after(both(Dose(2, 8), Dose(2, 12)), pain=(7, 7), sides="lockstep")
    assert doses(made) == [(1, 2, 6), (1, 2, 6)]
    assert [each.rule for each in made.side("right").fired] == ["hurts"]
    made = after(both(Dose(2, 12), Dose(2, 8)), pain=(7, 7), sides="lockstep")
    assert doses(made) == [(1, 2, 6), (1, 2, 6)]


def test_a_side_that_follows_keeps_what_it_found_itself() -> None:
    tell = rule(HURTS, id="tell", tier="info", test={"fact": "sets_met"}, then=[{"do": "flag"}])
    made = after(both(LEFT, RIGHT), tell, pain=(7, 0), sides="lockstep")
    assert [each.rule for each in made.side("right").fired] == ["tell", "hurts"]


def test_tied_sides_share_the_strictest_approval() -> None:
    asks = rule(RISES, id="asks", approval="propose", test={"fact": "reps_over_last", "ge": 2},
                then=[{"do": "add", "field": "reps", "by": 2, "to": 20}], priority=9)  # fmt: skip
    made = after(both(), RISES, asks, over=(0, 2), sides="lockstep")
    assert [(each.outcome, each.approval) for each in made.sides] == [("proposed", "propose")] * 2
    free = after(both(), RISES, asks, over=(0, 2))
    assert [each.outcome for each in free.sides] == ["changed", "proposed"]


# into and out of a step for both legs

STEPS = ladder("each", "both", "each")
CLIMB: Any = rule(RISES, then=[UP])


def test_into_a_step_for_both_legs_only_together() -> None:
    state = both(steps=STEPS, at=(0, 0))
    made = after(state, CLIMB)
    assert [each.outcome for each in made.sides] == ["proposed", "proposed"]
    assert doses(made) == [(1, 2, 8), (1, 2, 8)]
    alone = after(state, CLIMB, over=(0, -1))
    assert [each.outcome for each in alone.sides] == ["kept", "kept"]
    assert reasons(alone.side("left")) == [("more", "waits_for_side")]
    ahead = after(both(steps=ladder("each", "each", "both"), at=(1, 0)), CLIMB)
    assert doses(ahead) == [(1, 2, 8), (1, 2, 8)]
    assert reasons(ahead.side("left")) == [("more", "waits_for_side")]


def test_a_rise_within_a_step_or_into_one_for_each_leg_needs_nobody() -> None:
    made = after(both(steps=ladder("both", "each", "each"), at=(1, 1)), CLIMB, over=(0, -1))
    assert doses(made) == [(2, 2, 8), (1, 2, 8)]


def test_down_into_a_step_for_both_legs_at_the_weaker_sides_dose() -> None:
    good = (GoodDose(1, Dose(3, 12)),)
    state = both(steps=STEPS, at=(2, 2), good=good)
    made = after(state, SOON, pain=(4, 0))
    assert doses(made) == [(1, 2, 8), (1, 2, 8)]
    assert [each.rule for each in made.sides] == ["ease", "ease"]
    assert made.side("right").fired[0].rule == "ease"
    _, right = state.sides
    tied = state._replace(sides=(state.sides[0], right._replace(good=(GoodDose(1, Dose(3, 6)),))))
    assert doses(after(tied, SOON, pain=(4, 0))) == [(1, 3, 6), (1, 3, 6)]
    assert doses(after(tied, SOON, pain=(0, 4))) == [(1, 3, 6), (1, 3, 6)]


def test_down_into_a_step_for_each_leg_at_the_sides_own_dose() -> None:
    state = both(at=(2, 2), good=(GoodDose(1, Dose(3, 12)),))
    _, right = state.sides
    weaker = right._replace(good=(GoodDose(1, Dose(3, 6)),))
    made = after(state._replace(sides=(state.sides[0], weaker)), SOON, pain=(4, 0))
    assert doses(made) == [(1, 3, 12), (2, 2, 8)]


def test_the_weaker_sides_dose_is_the_lower_in_the_dose_order() -> None:
    light, heavy = Dose(3, 8, load_g=1000), Dose(2, 8, load_g=2000)
    state = both(steps=STEPS, at=(2, 2))
    one, two = state.sides
    known = (one._replace(good=(GoodDose(1, heavy),)), two._replace(good=(GoodDose(1, light),)))
    made = after(state._replace(sides=known), SOON, pain=(4, 0))
    assert [each.after.dose for each in made.sides] == [light, light]


def test_a_side_whose_other_is_lower_already_goes_past_the_step_for_both() -> None:
    steps = ladder("each", "both", "each")
    made = after(both(steps=steps, at=(2, 0)), SOON, pain=(4, 0))
    assert doses(made) == [(0, 2, 8), (0, 2, 8)]
    assert made.side("right").outcome == "kept"
    bottom = ladder("both", "each", "each")
    made = after(both(steps=bottom, at=(1, 0)), SOON, pain=(4, 0))
    assert doses(made)[0] == (0, 2, 8)


# the weaker leads


@pytest.mark.parametrize(
    ("left", "right", "over", "then"),
    [
        (8, 8, (0, 0), (10, 10)), (8, 8, (0, -1), (8, 8)), (8, 12, (0, 0), (10, 12)),
        (8, 12, (0, -1), (10, 12)), (12, 8, (0, -1), (12, 8)), (10, 8, (0, 0), (10, 10)),
        (8, 10, (0, -1), (10, 10)), (8, 9, (0, -1), (10, 9)),
    ],
)  # fmt: skip
def test_the_stronger_side_waits_for_the_weaker(
    left: int, right: int, over: Any, then: Any
) -> None:
    state = both(Dose(2, left), Dose(2, right))
    made = after(state, RISES, over=over, sides="weaker_leads")
    assert [reps for _, _, reps in doses(made)] == list(then)


def test_that_the_stronger_waits_is_said() -> None:
    made = after(both(Dose(2, 12), LEFT), RISES, over=(0, -1), sides="weaker_leads")
    assert made.side("left").suppressed == (Suppressed("more", "weaker_leads"),)
    assert made.side("left").fired == ()


def test_one_side_alone_is_settled_with_nobody() -> None:
    state = state_of(LEFT, steps=ladder("each", "both", "each"), step=1)
    made = hear(small(RISES, sides="weaker_leads"), log(state, 0), state=state)
    assert made.side("left").after.dose.reps == 10
    assert made.side("left").fired == (
        FiredRule("more", "progress", made.side("left").fired[0].evidence),
    )


def test_a_side_by_itself_is_a_state_of_its_own() -> None:
    state = both()
    assert [type(each) for each in state.sides] == [SideState, SideState]
    with pytest.raises(KeyError):
        state.side("both")
