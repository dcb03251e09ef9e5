"""2-for-2, and what the equipment and the clinic allow of it."""

from datetime import timedelta

import pytest

from programs.progression import Ruleset, load_preset, load_ruleset
from programs.progression.types import Bounds, Dose, Limits, Pain, Span
from tests.programs.progression.story import NOON, Story, ladder, rows, state_of


def preset(percent: float) -> Ruleset:
    raw = load_preset("two_for_two").raw
    parameters = {
        **raw["parameters"],
        "percent": {**raw["parameters"]["percent"], "value": percent},
    }
    return load_ruleset({**raw, "parameters": parameters})


def machine(
    load_g: int, *, percent: float = 5, step_g: int = 500, largest: int = 10, reps: int = 8
) -> Story:
    bounds = Bounds(sets=Span(1, 5), reps=Span(4, 20), load_g=Span(0, 60_000, step_g))
    steps = tuple(each._replace(bounds=bounds) for each in ladder())
    dose = Dose(sets=3, reps=reps, load_g=load_g)
    limits = Limits(largest_step_percent=largest)
    return Story(state_of(dose, steps=steps, limits=limits), preset(percent))


def over(story: Story, *days: int, by: int = 2) -> Story:
    for day in days:
        story.train(day, sets=tuple(rows(story.state.side("left"), over=by)))
    return story


@pytest.mark.parametrize(
    ("percent", "load", "after"),
    [(2.5, 40_000, 41_000), (5, 40_000, 42_000), (10, 40_000, 44_000), (2.5, 20_000, 20_500)],
)
def test_two_reps_over_in_two_sessions_raise_the_load(
    percent: float, load: int, after: int
) -> None:
    story = over(machine(load, percent=percent), 0, 2)
    story.decide()
    assert story.state.side("left").dose.load_g == after


@pytest.mark.parametrize(("days", "by"), [((0,), 2), ((0, 2), 1)])
def test_one_session_or_one_rep_over_is_not_enough(days: tuple[int, ...], by: int) -> None:
    story = over(machine(40_000), *days, by=by)
    story.decide()
    assert story.state.side("left").dose.load_g == 40_000


def test_the_load_is_not_raised_every_session() -> None:
    story = over(machine(40_000), 0, 2)
    story.decide()
    over(story, 4).decide()
    assert story.state.side("left").dose.load_g == 42_000


def test_a_rise_is_rounded_down_to_the_equipment() -> None:
    story = over(machine(41_000, step_g=1000), 0, 2)
    decision = story.decide().side("left")
    assert decision.after.dose.load_g == 43_000
    assert [(c.limit, c.asked, c.given) for c in decision.clamped] == [
        ("largest_step", 43_050, 43_000)
    ]


def test_the_clinics_largest_step_cuts_the_rise() -> None:
    story = over(machine(40_000, percent=10, largest=5), 0, 2)
    story.decide()
    assert story.state.side("left").dose.load_g == 42_000


def test_reps_rise_first_where_the_equipment_step_is_too_large() -> None:
    story, reps = machine(1000), []
    for start in range(0, 48, 8):
        over(story, start, start + 2).decide()
        reps.append(story.state.side("left").dose.reps)
    assert reps == [9, 10, 11, 12, 13, 14]
    decision = over(story, 60, 62).decide().side("left")
    assert (decision.outcome, decision.after.dose.load_g, decision.after.dose.reps) == (
        "proposed",
        1500,
        8,
    )
    assert decision.clamped[0].limit == "equipment_step"


def test_pain_takes_a_tenth_of_the_load_away() -> None:
    story = over(machine(40_000), 0)
    story.sessions = (story.sessions[0]._replace(pains=(Pain.one_tap(6),)),)
    story.decide()
    assert story.state.side("left").dose.load_g == 36_000


def test_at_the_bound_nothing_rises() -> None:
    story = over(machine(60_000), 0, 2)
    assert story.decide().side("left").outcome == "kept"


def test_pain_above_the_clinics_limit_forbids_any_rise() -> None:
    story = over(machine(40_000), 0, 2)
    story.state = story.state._replace(limits=Limits(pain_limit=1))
    story.sessions = tuple(
        each._replace(pains=(Pain.one_tap(2),), recorded_at=NOON + timedelta(days=3))
        for each in story.sessions
    )
    assert story.decide().side("left").suppressed[0].reason == "pain_limit"
