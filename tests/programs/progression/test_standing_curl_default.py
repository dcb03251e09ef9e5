"""Every row of the standing-curl default, at both sides of each of its numbers."""

import pytest

from programs.progression.types import Pain
from tests.programs.progression.story import Story, at, rows


def pained(story: Story, *pains: int) -> Story:
    for day, pain in enumerate(pains):
        story.train(2 * day, pains=(Pain.one_tap(pain),))
    return story


def test_a_red_flag_locks_and_tells_at_once() -> None:
    story = at(2, 10).train(0, red_flags=("calf",))
    decision = story.decide(trigger="session.end")
    assert decision.lock
    assert story.state.locked
    assert [(n.kind, n.urgent) for n in decision.notices] == [("red_flag", True)]


@pytest.mark.parametrize(("pain", "after"), [(5, (1, 2, 12)), (6, (1, 2, 10)), (10, (1, 2, 10))])
def test_pain_of_six_takes_two_reps_away_and_five_does_not(
    pain: int, after: tuple[int, int, int]
) -> None:
    story = pained(at(2, 12), pain)
    story.decide()
    assert story.dose() == after


@pytest.mark.parametrize("pain", [Pain(during=6, after=0), Pain(during=0, after=6), Pain(after=6)])
def test_pain_of_six_during_or_after_steps_down(pain: Pain) -> None:
    story = at(2, 12).train(0, pains=(pain,))
    assert story.decide(trigger="session.end").side("left").rule == "pain_down"
    assert story.dose() == (1, 2, 10)


def test_pain_above_three_in_three_sessions_running_steps_down() -> None:
    story = pained(at(2, 12), 4, 4, 4)
    story.decide()
    assert story.dose() == (1, 2, 10)


@pytest.mark.parametrize("pains", [(4, 4), (4, 3, 4), (3, 3, 3), (4, 4, 3)])
def test_pain_above_three_in_fewer_sessions_running_does_not_step_down(
    pains: tuple[int, ...],
) -> None:
    story = pained(at(2, 12), *pains)
    story.decide()
    assert story.dose()[2] >= 12 or story.dose()[1] == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((3, 12), (1, 3, 10)),
        ((3, 9), (1, 3, 8)),
        ((3, 8), (1, 2, 8)),
        ((2, 10), (1, 2, 8)),
        ((2, 8), (0, 2, 8)),
    ],
)
def test_a_step_down_takes_reps_then_a_set_then_a_ladder_step(
    before: tuple[int, int], after: tuple[int, int, int]
) -> None:
    story = pained(at(*before), 7)
    decision = story.decide()
    assert story.dose() == after
    assert "lowered" in {notice.kind for notice in decision.notices}


def test_at_the_bottom_of_the_ladder_a_step_down_keeps_the_dose_and_tells() -> None:
    story = pained(at(2, 8, step=0), 8)
    decision = story.decide()
    assert story.dose() == (0, 2, 8)
    assert decision.side("left").clamped[0].limit == "ladder_bottom"
    assert decision.notices


@pytest.mark.parametrize("pain", [4, 5])
def test_pain_of_four_or_five_holds(pain: int) -> None:
    story = pained(at(2, 8), 0, pain)
    decision = story.decide()
    assert story.dose() == (1, 2, 8)
    assert decision.side("left").rule == "hold"


@pytest.mark.parametrize(
    "changes", [{"morning": "worse"}, {"morning": "same", "morning_pain": 2}, {"morning": None}]
)
def test_a_morning_above_usual_or_unknown_holds(changes: dict[str, object]) -> None:
    story = at(2, 8).train(0).train(2, **changes)
    decision = story.decide()
    assert story.dose() == (1, 2, 8)
    assert decision.side("left").outcome == "kept"


def test_an_unknown_morning_is_named_as_missing() -> None:
    story = at(2, 8).train(0).train(2, morning=None)
    missing = story.decide().side("left").missing
    assert {(m.fact, m.session) for m in missing} == {("morning_rise", "s2")}


def test_a_morning_at_usual_does_not_hold() -> None:
    story = at(2, 8).train(0, 2, morning_pain=1)
    story.decide()
    assert story.dose() == (1, 2, 10)


@pytest.mark.parametrize(("days", "after"), [(13, 12), (14, 8), (27, 8)])
def test_fourteen_days_without_a_session_put_the_reps_back_to_eight(days: int, after: int) -> None:
    story = at(3, 12).train(0)
    story.decide(days, trigger="session.start")
    assert story.dose() == (1, 3, after)


def test_twenty_eight_days_without_a_session_take_one_ladder_step() -> None:
    story = at(3, 12).train(0)
    story.decide(28, trigger="session.start")
    assert story.dose() == (0, 2, 8)


def test_a_gap_lowers_once_however_often_it_is_asked() -> None:
    story = at(3, 12, step=2).train(0)
    for day in range(1, 60):
        story.decide(day, trigger="day.tick")
    assert story.dose() == (1, 2, 8)


def test_a_gap_before_the_first_session_changes_nothing() -> None:
    story = at(3, 12)
    story.decide(40, trigger="session.start")
    assert story.dose() == (1, 3, 12)


def test_a_second_gap_lowers_again() -> None:
    story = at(3, 12).train(0)
    story.decide(14, trigger="session.start")
    story.train(14)
    story.state = at(3, 12).state
    story.decide(28, trigger="session.start")
    assert story.dose() == (1, 3, 8)


def test_two_good_sessions_give_two_reps_and_one_does_not() -> None:
    story = at(2, 8).train(0)
    story.decide()
    assert story.dose() == (1, 2, 8)
    story.train(2).decide()
    assert story.dose() == (1, 2, 10)


def test_reps_rise_to_twelve_then_three_sets_of_eight_then_the_next_step_is_proposed() -> None:
    story, seen = at(2, 8), []
    for start in range(0, 72, 12):
        story.train(start, start + 6)
        decision = story.decide()
        seen.append(story.dose()[1:])
    assert seen == [(2, 10), (2, 12), (3, 8), (3, 10), (3, 12), (3, 12)]
    assert decision.side("left").outcome == "proposed"
    assert (decision.side("left").after.step, decision.side("left").after.dose.reps) == (2, 8)
    assert story.dose() == (1, 3, 12)


@pytest.mark.parametrize(("effort", "reps"), [(7, 10), (8, 8), (None, 8)])
def test_effort_of_seven_is_enough_and_eight_is_too_much(effort: int | None, reps: int) -> None:
    story = at(2, 8).train(0, 2, effort=effort)
    story.decide()
    assert story.dose()[2] == reps


@pytest.mark.parametrize(("pain", "reps"), [(3, 10), (4, 8)])
def test_pain_of_three_is_enough_and_four_is_too_much(pain: int, reps: int) -> None:
    story = pained(at(2, 8), pain, pain)
    story.decide()
    assert story.dose()[2] == reps


def test_one_set_below_target_gives_no_rise() -> None:
    story = at(2, 8)
    short = rows(story.state.side("left"))[:1] + rows(story.state.side("left"), reps=7)[1:]
    story.train(0).train(2, sets=tuple(short)).decide()
    assert story.dose() == (1, 2, 8)


def test_a_planned_set_without_a_row_counts_as_not_done() -> None:
    story = at(2, 8)
    story.train(0).train(2, sets=tuple(rows(story.state.side("left"))[:1])).decide()
    assert story.dose() == (1, 2, 8)


def test_at_most_one_progression_in_five_days() -> None:
    story = at(2, 8).train(0, 2)
    story.decide(3)
    story.train(4, 6)
    early = story.decide(7).side("left")
    assert [(s.rule, s.reason) for s in early.suppressed] == [("more", "too_soon")]
    story.decide(8)
    assert story.dose() == (1, 2, 12)


def test_the_next_step_is_never_taken_without_a_person() -> None:
    story = at(3, 12).train(0, 2)
    decision = story.decide().side("left")
    assert (decision.outcome, decision.approval) == ("proposed", "propose")
    assert story.dose() == (1, 3, 12)


def test_at_the_top_of_the_ladder_nothing_is_proposed() -> None:
    story = at(3, 12, step=2).train(0, 2)
    decision = story.decide().side("left")
    assert decision.outcome == "kept"
    assert decision.suppressed[0].reason == "ladder_top"
