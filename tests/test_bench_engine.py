"""The engine's bench: both ways of deciding agree, and its lives are as varied as it says."""

from collections import Counter

import pytest

from bench.engine import CURL, Differs, agree, compared, person, simulated
from bench.lives import Life, lives
from programs.progression import Ruleset, decide, load_preset, load_ruleset, preset_names

RULESET = load_preset(CURL)


@pytest.fixture(scope="module")
def some() -> list[Life]:
    return list(lives(RULESET, 60, seed=2))


def test_rules_and_plain_ifs_give_the_same_doses_and_fire_the_same_rules(some: list[Life]) -> None:
    assert sum(agree(RULESET, life) for life in some) > 3_000


def test_half_of_the_lives_have_twenty_to_eighty_sessions(some: list[Life]) -> None:
    assert sum(20 <= life.sessions <= 80 for life in some) == 30
    assert all(1 <= life.sessions <= 19 for life in some[::2])


def test_every_rule_decides_somewhere_in_the_lives(some: list[Life]) -> None:
    seen: Counter[str | None] = Counter()
    for asked in (each for life in some for each in life.asked):
        state, history, now, trigger = asked
        made = decide(RULESET, state, history, now, trigger=trigger)
        seen.update(rule.rule for side in made.sides for rule in side.fired)
    assert set(seen) == {rule.id for rule in RULESET.rules}


def test_another_number_in_the_rules_is_noticed(some: list[Life]) -> None:
    other = _changed("effort_ok", 6)
    with pytest.raises(Differs):
        sum(agree(other, life) for life in some)


def _changed(name: str, value: int) -> Ruleset:
    parameters = RULESET.raw["parameters"]
    other = {**parameters, name: {**parameters[name], "value": value}}
    return load_ruleset({**RULESET.raw, "parameters": other})


def test_a_life_afresh_has_the_same_facts_in_new_objects(some: list[Life]) -> None:
    old, new = (life.asked[-1].history.sessions for life in (some[1], some[1].afresh()))
    assert new == old
    assert not any(one is other for one, other in zip(new, old, strict=True))


def test_the_table_says_how_many_histories_and_decisions_there_were() -> None:
    ratio, table = compared(RULESET, 20, rounds=1)
    assert ratio > 0
    assert table[0].startswith("20 histories, 10 of them with 20 to 80 sessions")


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_decides_over_simulated_lives(name: str) -> None:
    ruleset = load_preset(name)
    life = simulated(ruleset, person(ruleset), "fast", seed=0)
    assert len(life.asked) >= life.sessions > 20
