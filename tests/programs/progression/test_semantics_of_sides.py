"""The seventh of the fourteen points that must hold: sides, and the ladder under them."""

from datetime import timedelta
from typing import Any

from programs.progression import (
    accept,
    load_preset,
    load_ruleset,
)
from programs.progression.types import (
    Dose,
    Limits,
    Pain,
)
from tests.programs.progression.story import (
    ENTRY,
    NOON,
    Story,
    at,
    both_sides,
    ladder,
    state_of,
)

CURL = load_preset("standing_curl_default")
BAD = (Pain.one_tap(7),)


# 7 sides


def test_07_each_side_has_its_own_dose_and_epoch() -> None:
    story = both_sides().train(0, 2, pains=(Pain.one_tap(0, "left"), Pain.one_tap(4, "right")))
    story.decide()
    assert (story.dose("left"), story.dose("right")) == ((1, 2, 12), (1, 2, 10))


def test_07_a_step_down_on_one_side_comes_with_no_rise_on_the_other() -> None:
    story = both_sides().train(0, 2, pains=(Pain.one_tap(0, "left"), Pain.one_tap(7, "right")))
    decision = story.decide()
    assert (story.dose("left"), story.dose("right")) == ((1, 2, 10), (1, 2, 8))
    assert [s.reason for s in decision.side("left").suppressed] == ["other_side"]


def test_07_pain_without_a_side_counts_for_both() -> None:
    story = both_sides().train(0, pains=BAD)
    story.decide()
    assert (story.dose("left"), story.dose("right")) == ((1, 2, 8), (1, 2, 8))


def in_mode(mode: str, **changes: Any) -> Story:
    story = both_sides(**changes)
    story.ruleset = load_ruleset({**CURL.raw, "sides": mode})
    return story


def test_07_in_lockstep_no_side_rises_alone_and_both_go_down() -> None:
    pains = (Pain.one_tap(0, "left"), Pain.one_tap(4, "right"))
    story = in_mode("lockstep").train(0, 2, pains=pains)
    decision = story.decide()
    assert decision.side("left").suppressed[0].reason == "waits_for_side"
    story.train(4, pains=(Pain.one_tap(0, "left"), Pain.one_tap(6, "right"))).decide()
    assert (story.dose("left"), story.dose("right")) == ((1, 2, 8), (1, 2, 8))


def test_07_where_the_weaker_leads_the_stronger_waits() -> None:
    pains = (Pain.one_tap(0, "left"), Pain.one_tap(4, "right"))
    story = in_mode("weaker_leads").train(0, 2, pains=pains)
    assert story.decide().side("left").suppressed[0].reason == "weaker_leads"
    story = in_mode("weaker_leads").train(0, 2)
    story.decide()
    assert (story.dose("left"), story.dose("right")) == ((1, 2, 12), (1, 2, 12))


# the ladder


def at_top(*kinds: str, step: int = 0, **changes: Any) -> Story:
    steps = ladder(*kinds)
    return Story(
        state_of(Dose(sets=3, reps=12), sides=("left", "right"), steps=steps, step=step, **changes)
    )


def test_07_into_a_step_for_both_legs_only_when_each_side_qualifies() -> None:
    one = at_top("each", "both").train(
        0, 2, pains=(Pain.one_tap(0, "left"), Pain.one_tap(4, "right"))
    )
    assert one.decide().side("left").suppressed[0].reason == "waits_for_side"
    two = at_top("each", "both").train(0, 2).decide()
    assert [each.outcome for each in two.sides] == ["proposed", "proposed"]


def test_07_out_of_a_step_for_both_legs_both_sides_go_down_together() -> None:
    story = at_top("each", "both", step=1)
    story.state = state_of(ENTRY, sides=("left", "right"), steps=ladder("each", "both"))
    story.train(0, pains=(Pain.one_tap(7, "left"), Pain.one_tap(0, "right")))
    story.decide()
    assert (story.dose("left")[0], story.dose("right")[0]) == (0, 0)


def test_07_a_step_down_returns_to_the_last_dose_without_a_pain_reason() -> None:
    story = at(3, 12).train(0, 2)
    decision = story.decide()
    story.state = accept(story.state, decision, NOON + timedelta(days=3), {"left": "new"})
    story.train(4, pains=BAD).decide()
    assert story.dose() == (1, 3, 12)


def test_07_a_step_down_again_for_pain_does_not_return_to_the_dose_that_hurt() -> None:
    story = at(3, 12).train(0, 2)
    decision = story.decide()
    story.state = accept(story.state, decision, NOON + timedelta(days=3), {"left": "new"})
    story.train(4, pains=BAD).decide()
    story.train(6, pains=BAD).decide()
    assert story.dose() == (1, 3, 10)


def test_07_a_step_without_its_equipment_is_passed_over_by_proposal_only() -> None:
    steps = ladder("each", "each", "each")
    steps = (steps[0], steps[1]._replace(equipment=("band",)), steps[2])
    story = Story(
        state_of(Dose(sets=3, reps=12), step=0, steps=steps, limits=Limits(approval_steps=()))
    )
    raw = {**CURL.raw, "rules": [{**r, "approval": "auto"} for r in CURL.raw["rules"]]}
    story.ruleset = load_ruleset(raw)
    decision = story.train(0, 2).decide().side("left")
    assert (decision.outcome, decision.after.step) == ("proposed", 2)
    assert decision.clamped[0].limit == "equipment"
