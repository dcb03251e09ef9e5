"""Virtual patients: seeded, the same engine, and different kinds come out differently."""

import pytest

from programs.progression import KINDS, Dose, fan, load_preset, simulate
from tests.programs.progression.story import ladder, state_of

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
