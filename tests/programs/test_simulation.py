"""Virtual patients: seeded, the same engine, and different kinds come out differently."""

import gc
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from programs.progression import load_preset
from programs.progression.types import Dose, Epoch, Pain, SessionFact, SetFact
from programs.simulation import KINDS, Trajectory, _spread, fan, simulate
from tests.programs.progression.presets.given import machine
from tests.programs.progression.story import NOON, START, ladder, state_of

CURL = load_preset("standing_curl_default")
STATE = state_of(Dose(sets=2, reps=8), step=1, steps=ladder(*["each"] * 5))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_weeks(kind: str) -> None:
    one, two = (simulate(CURL, STATE, kind, 12, seed=4) for _ in range(2))
    assert one == two
    assert len(one.weeks) == 12


def test_the_fast_one_climbs_and_the_flare_goes_down_at_times() -> None:
    fast, flare = (simulate(CURL, STATE, kind, 12, seed=1) for kind in ("fast", "flare"))
    assert fast.weeks[-1].sides[0].step > 1
    assert any(s.rule == "pain_down" for d in flare.decisions for s in d.sides)


def test_the_silent_one_is_lowered_for_the_gap() -> None:
    silent = simulate(CURL, STATE, "silent", 12, seed=1)
    assert any(s.rule in ("gap", "long_gap") for d in silent.decisions for s in d.sides)


def test_a_fan_gives_the_spread_of_each_week_in_order() -> None:
    weeks, runs = fan(CURL, STATE, n=20, weeks=4, seed=2)
    assert [each.week for each in weeks] == [1, 2, 3, 4]
    assert len(runs) == 20
    assert weeks[3].low[0] <= weeks[3].high[0]


def test_another_seed_gives_other_weeks() -> None:
    one, two = (simulate(CURL, STATE, "patchy", 12, seed=seed) for seed in (1, 2))
    assert one.sessions != two.sessions


# what a seed gives, so that a page says the same of a rule tomorrow


def tally(run: Trajectory) -> tuple[int, ...]:
    """Sessions, decisions, pain, effort, unanswered and bad mornings, repetitions, short sets."""
    sets = [each for session in run.sessions for each in session.sets]
    mornings = [each.morning for each in run.sessions]
    return (
        len(run.sessions), len(run.decisions),
        sum(each.pains[0].during or 0 for each in run.sessions),
        sum(each.effort or 0 for each in run.sessions),
        mornings.count(None), mornings.count("worse"),
        sum(each.reps or 0 for each in sets),
        sum((each.reps or 0) < each.target_reps for each in sets),
    )  # fmt: skip


def doses(run: Trajectory) -> list[tuple[int, int, int]]:
    return [(own.step, own.dose.sets, own.dose.reps) for each in run.weeks for own in each.sides]


def days(run: Trajectory) -> list[int]:
    return [(each.local_date - START).days for each in run.sessions]


@pytest.mark.parametrize(
    ("kind", "counts", "last", "trained"),
    [
        ("steady", (16, 16, 17, 81, 0, 0, 382, 1), (2, 2, 8), [0, 2, 4, 7, 9, 11]),
        ("flare", (17, 17, 55, 105, 2, 2, 324, 2), (0, 3, 8), [0, 2, 4, 7, 9, 11]),
        ("patchy", (9, 12, 15, 57, 5, 0, 192, 0), (1, 2, 12), [7, 11, 18, 21, 23, 32]),
        ("silent", (8, 8, 12, 46, 3, 0, 126, 1), (1, 2, 8), [0, 2, 4, 7, 9, 11]),
        ("fast", (18, 18, 2, 55, 0, 0, 482, 0), (2, 2, 8), [0, 2, 4, 7, 9, 11]),
    ],
)
def test_a_seed_gives_this_life(kind: str, counts: Any, last: Any, trained: list[int]) -> None:
    run = simulate(CURL, STATE, kind, 6, seed=3)
    assert (run.kind, run.seed, tally(run)) == (kind, 3, counts)
    assert (doses(run)[-1], days(run)[:6]) == (last, trained)


def test_a_session_in_full() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    rows = tuple(SetFact("left", n, 2, 8, reps, "left-0") for n, reps in ((1, 8), (2, 6)))
    assert simulate(load_preset("soreness_rules"), STATE,
     "flare", 1, seed=3).sessions[0] == SessionFact(
        "0", date(2026, 3, 2), noon, noon + timedelta(hours=20), sets=rows,
        pains=(Pain(None, None, 1, 1),), morning="same", usual_pain=1, effort=6,
        answers=(("soreness", "none"), ("soreness_later", False)),
    )  # fmt: skip


def test_soreness_is_told_where_the_rules_ask_for_it() -> None:
    run = simulate(load_preset("soreness_rules"), STATE, "flare", 6, seed=3)
    told = [tuple(dict(each.answers).values()) for each in run.sessions]
    rules = load_preset("soreness_rules")
    lives = [simulate(rules, STATE, "flare", 20, seed) for seed in range(4)]
    heard = {
        (each.pains[0].during, dict(each.answers)["soreness"]) for r in lives for each in r.sessions
    }
    assert {pain for pain, word in heard if word == "none"} == {0, 1, 2, 3}
    assert {pain for pain, word in heard if word == "persists"} >= {4, 5, 6}
    kinds = [("none", False), ("persists", False), ("persists", True)]
    assert [told.count(each) for each in kinds] == [11, 4, 2]
    assert {each.answers for each in simulate(CURL, STATE, "flare", 2).sessions} == {()}


@pytest.mark.parametrize(
    ("name", "kind", "reps", "loads", "later"),
    [
        ("effort_regulated", "fast", [6, 6, 6, 8], [40_000] * 4, [40_000, 40_000]),
        ("dapre", "fast", [10, 6, 8, 8], [20_000, 30_000, 40_000, 42_500], [55_000, 70_000]),
        (
            "effort_regulated",
            "steady",
            [6, 6, 6, 4],
            [40_000, 45_000, 50_000, 55_000],
            [70_000, 100_000],
        ),
    ],
)
def test_a_plan_is_trained_set_by_set(
    name: str, kind: str, reps: list[int], loads: list[int], later: list[int]
) -> None:
    run = simulate(load_preset(name), machine(40), kind, 2, seed=3)
    made = run.sessions[0].sets
    assert ([each.reps for each in made], [each.load_g for each in made]) == (reps, loads)
    assert [(each.number, each.of) for each in made] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert {each.effort for each in made} == {run.sessions[0].effort}
    assert [each.max_reps for each in made] == [name == "dapre" and n > 1 for n in range(4)]
    assert [each.sides[0].dose.load_g for each in run.weeks] == later


def test_both_sides_train_and_an_unknown_start_is_the_day_after_the_epoch() -> None:
    two = state_of(Dose(2, 8), sides=("left", "right"), steps=ladder(*["each"] * 5))
    run = simulate(CURL, two._replace(started_on=None), "flare", 3, seed=5)
    assert tally(run) == (7, 7, 9, 40, 0, 0, 256, 2)
    assert run.sessions[0].local_date == START
    one = simulate(CURL, STATE._replace(started_on=None), "fast", 1)
    assert one.sessions[0].local_date == START
    assert {each.side for each in run.sessions[0].sets} == {"left", "right"}


def test_holds_and_bands_are_done_as_planned() -> None:
    held = state_of(Dose(2, 4, hold_s=20, band=2), steps=ladder(*["each"] * 5))
    rows = simulate(CURL, held, "steady", 1, seed=3).sessions[0].sets
    assert [(each.target_hold_s, each.hold_s, each.band) for each in rows] == [(20, 20, 2)] * 2
    assert {each.hold_s for each in simulate(CURL, STATE, "steady", 1).sessions[0].sets} == {None}


def test_after_a_week_without_a_session_its_start_is_asked_about() -> None:
    run = simulate(CURL, STATE, "patchy", 6, seed=3)
    starts = [each.at.date() for each in run.decisions if each.trigger == "session.start"]
    trained = [each.local_date for each in run.sessions]
    gaps = [b for a, b in zip([START, *trained], trained, strict=False) if (b - a).days >= 7]
    assert starts == gaps
    assert {each.trigger for each in run.decisions} == {"session.start", "decision"}


def test_who_is_silent_trains_on_neither_end_of_the_silence() -> None:
    run = simulate(CURL, STATE, "silent", 12, seed=1)
    away = [day for day in days(run) if 21 <= day < 56]
    assert (away, max(days(run)) >= 56) == ([], True)


def test_a_locked_life_ends() -> None:
    run = simulate(CURL, STATE._replace(locked=True), "fast", 3)
    assert (run.sessions, run.decisions, len(run.weeks)) == ((), (), 3)


def test_what_a_fan_shows() -> None:
    weeks, runs = fan(CURL, STATE, n=20, weeks=4, seed=2)
    assert [each.kind for each in runs] == [*KINDS] * 4
    assert [each.seed for each in runs[:2]] == [200_006, 200_007]
    assert [tally(each)[2] for each in runs[:8]] == [12, 35, 5, 4, 0, 1, 36, 15]
    spread = [(step, dose.sets, dose.reps) for step, dose in weeks[3][1:]]
    assert spread == [(0, 2, 8), (1, 2, 8), (1, 2, 12), (1, 3, 10), (1, 3, 10)]


def test_a_fan_has_its_tenths_and_quarters() -> None:
    weeks, runs = fan(CURL, STATE, n=40, weeks=3, seed=1)
    ends = sorted(
        (own.step, own.dose.sets, own.dose.reps) for r in runs for own in r.weeks[2].sides
    )
    found = [(step, dose.sets, dose.reps) for step, dose in weeks[2][1:]]
    assert found == [ends[4], ends[10], ends[20], ends[30], ends[36]]


def test_a_fan_makes_no_garbage_and_leaves_the_collector_as_it_was() -> None:
    fan(CURL, STATE, n=5, weeks=3)
    assert gc.isenabled()
    gc.disable()
    gc.collect()
    try:
        kept = fan(CURL, STATE, n=20, weeks=4)
        assert (gc.collect(), gc.isenabled(), len(kept)) == (0, False, 2)
    finally:
        gc.enable()


def test_the_spread_of_a_hundred_doses() -> None:
    states = [state_of(Dose(2, reps)) for reps in range(100, 0, -1)]
    lives = [Trajectory("fast", 0, (), (), (each,)) for each in states]
    assert [dose.reps for _, dose in _spread(lives, 0)[1:]] == [11, 26, 51, 76, 91]
    heavy = lives[0]._replace(weeks=(state_of(Dose(1, 5, load_g=1000)),))
    assert _spread([heavy, lives[0]], 0).high == (1, Dose(1, 5, load_g=1000))


def test_as_it_is_asked_for_by_default() -> None:
    assert simulate(CURL, STATE, "fast") == simulate(CURL, STATE, "fast", 12, 0)
    weeks, runs = fan(CURL, state_of(Dose(2, 8)), weeks=1)
    assert (len(weeks), len(runs), runs[0].seed) == (1, 200, 0)
    assert Epoch(NOON).number == 0
