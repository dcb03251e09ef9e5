"""Nordic hamstring, 10 weeks: sets, repetitions and sessions of every week."""

import pytest

from programs.progression import Ruleset, planned_sets
from programs.progression.types import History, Pain
from tests.programs.progression.presets.given import dose_after, floor_work, hear, preset
from tests.programs.progression.story import START, Story, log, timedelta

PLAN = {1: (5, 5), 2: (6, 6), **dict.fromkeys(range(5, 14), (12, 10, 8))}
DAYS = {1: (0,), 2: (0, 3), **dict.fromkeys(range(3, 11), (0, 2, 4)), 11: (0,), 12: (0,), 13: (0,)}


def planned(story: Story, day: int) -> tuple[int, ...]:
    history = History(story.sessions, START + timedelta(days=day))
    sets = planned_sets(story.ruleset, story.state, "left", history)
    return tuple(one.reps for one in sets)


def train(story: Story, day: int) -> None:
    """Ask what is due, and do it."""
    reps = planned(story, day)
    own = story.state.side("left")
    sets = tuple(
        log(story.state, day).sets[0]._replace(number=n + 1, of=len(reps), target_reps=r, reps=r)
        for n, r in enumerate(reps)
    )
    assert own.dose_version == sets[0].dose_version
    story.train(day, sets=sets)


def seen(ruleset: Ruleset) -> dict[int, set[tuple[int, ...]]]:
    """The sets of each week for somebody who does all as planned."""
    story = Story(floor_work(2, 5), ruleset)
    found: dict[int, set[tuple[int, ...]]] = {week: set() for week in DAYS}
    for week, days in DAYS.items():
        for day in (7 * (week - 1) + each for each in days):
            if story.sessions:
                story.decide(day, trigger="session.start")
            found[week].add(planned(story, day))
            train(story, day)
    return found


@pytest.mark.parametrize(("third", "fourth"), [(6, 8), (8, 10), (6, 10), (8, 8)])
def test_every_week_has_its_sets_at_both_ends_of_the_ranges(third: int, fourth: int) -> None:
    found = seen(preset("nordic_10_weeks", week_3_reps=third, week_4_reps=fourth))
    plan = {**PLAN, 3: (third,) * 3, 4: (fourth,) * 3}
    assert found == {week: {reps} for week, reps in plan.items()}


def test_as_shipped_weeks_three_and_four_start_at_the_lower_end() -> None:
    found = seen(preset("nordic_10_weeks"))
    assert (found[3], found[4]) == ({(6, 6, 6)}, {(8, 8, 8)})


def test_the_schedule_has_twenty_seven_sessions_in_ten_weeks_and_one_a_week_after() -> None:
    weeks = preset("nordic_10_weeks").raw["schedule"]["weeks"]
    per_week = {
        week: row["per_week"] for row in weeks for week in range(row["from"], (row["to"] or 20) + 1)
    }
    assert [per_week[week] for week in (1, 2, 3, 10, 11, 20)] == [1, 2, 3, 3, 1, 1]
    assert sum(per_week[week] for week in range(1, 11)) == 27


def test_no_week_is_reached_before_its_time() -> None:
    state = floor_work(2, 5)
    sessions = [log(state, day) for day in (0, 2, 4)]
    rules = preset("nordic_10_weeks")
    assert hear(rules, state, *sessions, day=6, trigger="day.tick").side("left").outcome == "kept"
    assert dose_after(hear(rules, state, *sessions, day=7, trigger="day.tick")) == (1, 2, 6)


def test_who_was_held_catches_up_one_stage_at_a_time() -> None:
    state = floor_work(2, 5)
    decision = hear(preset("nordic_10_weeks"), state, log(state, 40), day=42, trigger="day.tick")
    assert dose_after(decision) == (1, 2, 6)


@pytest.mark.parametrize(("day", "outcome"), [(46, "kept"), (47, "changed")])
def test_the_next_stage_is_five_days_away_at_least(day: int, outcome: str) -> None:
    state = floor_work(2, 6)
    own = state.sides[0]._replace(raised_on=START + timedelta(days=42))
    given = hear(
        preset("nordic_10_weeks"),
        state._replace(sides=(own,)),
        log(state, 45),
        day=day,
        trigger="day.tick",
    )
    assert given.side("left").outcome == outcome


@pytest.mark.parametrize("changes", [{"pains": (Pain.one_tap(4),)}, {"morning": "worse"}])
def test_pain_or_a_bad_morning_keeps_the_week(changes: dict[str, object]) -> None:
    state = floor_work(2, 5)
    given = log(state, 0, **changes)
    decision = hear(preset("nordic_10_weeks"), state, given, day=7, trigger="session.start")
    assert decision.side("left").outcome == "kept"


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ((3, 12), (1, 3, 8)),
        ((3, 8), (1, 3, 6)),
        ((3, 6), (1, 2, 6)),
        ((2, 6), (1, 2, 5)),
        ((2, 5), (0, 2, 8)),
    ],
)
def test_pain_of_six_goes_back_one_stage(
    before: tuple[int, int], then: tuple[int, int, int]
) -> None:
    state = floor_work(*before)
    sore = log(state, 0, pains=(Pain.one_tap(6),))
    assert dose_after(hear(preset("nordic_10_weeks"), state, sore)) == then


def test_a_missed_set_keeps_the_week() -> None:
    state = floor_work(2, 5)
    short = log(state, 0)._replace(sets=log(state, 0).sets[:1])
    decision = hear(preset("nordic_10_weeks"), state, short, day=7, trigger="session.start")
    assert decision.side("left").outcome == "kept"
