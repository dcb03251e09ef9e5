"""What each shipped ruleset has in common: it loads, cites, stops on a red flag, heeds pain."""

from pathlib import Path

import pytest

from programs.progression import load_preset, load_ruleset
from programs.progression.types import Pain
from tests.programs.progression.presets.given import WELL, hear, load_after, machine, preset
from tests.programs.progression.story import log

FOLDER = Path(__file__).parents[4] / "programs/progression/presets"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
LOADED = [name for name in NAMES if "less_percent" in load_preset(name).raw["parameters"]]
RISES = ("changed", "proposed")
each = pytest.mark.parametrize("name", NAMES)


def test_every_preset_has_a_session_that_goes_well_here() -> None:
    assert sorted(WELL) == NAMES


@each
def test_it_loads_under_its_own_name(name: str) -> None:
    assert load_ruleset((FOLDER / f"{name}.json").read_text("utf-8")).id == name


@each
def test_it_says_its_source_and_what_is_flexions_own(name: str) -> None:
    raw = load_preset(name).raw
    assert raw["source"]["status"] in {"read", "secondary", "default"}
    assert "Flexion" in raw["note"]


def test_what_was_worked_out_needs_the_clinicians_acknowledgement() -> None:
    asked = {name for name in NAMES if load_preset(name).unpublished}
    assert asked == {"apre6", "dapre", "effort_regulated", "soreness_rules"}


@each
def test_every_parameter_works_at_both_of_its_ends(name: str) -> None:
    raw = load_preset(name).raw
    for end in ("min", "max"):
        ends = {key: {**one, "value": one[end]} for key, one in raw["parameters"].items()}
        assert load_ruleset({**raw, "parameters": ends}).parameters.keys() == ends.keys()


@each
def test_a_session_that_goes_well_raises_the_dose(name: str) -> None:
    side = WELL[name]().side("left")
    assert side.outcome in RISES
    assert (side.after.step, side.after.dose) > (side.before.step, side.before.dose)


@pytest.mark.parametrize("name", sorted({*NAMES} - {"pain_monitoring"}))  # rises up to 2
def test_pain_of_three_still_lets_the_dose_rise(name: str) -> None:
    assert WELL[name](pains=(Pain.one_tap(3),)).side("left").outcome in RISES


@each
@pytest.mark.parametrize("pain", [4, 5])
def test_pain_of_four_or_five_keeps_the_dose(name: str, pain: int) -> None:
    side = WELL[name](pains=(Pain.one_tap(pain),)).side("left")
    assert side.outcome == "kept"


@each
def test_pain_of_six_lowers_the_dose_and_tells_the_clinician(name: str) -> None:
    decision = WELL[name](pains=(Pain.one_tap(6),))
    side = decision.side("left")
    lower = (side.after.step, side.after.dose.load_g or 0, side.after.dose[:2])
    assert lower < (side.before.step, side.before.dose.load_g or 0, side.before.dose[:2])
    assert "lowered" in {notice.kind for notice in decision.notices}


@pytest.mark.parametrize("name", LOADED)
@pytest.mark.parametrize(("percent", "load"), [(5, 38_000), (10, 36_000), (20, 32_000)])
def test_pain_takes_this_part_of_the_load_away(name: str, percent: int, load: int) -> None:
    raw = load_preset(name).raw["parameters"]["less_percent"]
    assert (raw["value"], raw["min"], raw["max"]) == (10, 5, 20)
    state = machine(40)
    sore = log(state, 0, pains=(Pain.one_tap(6),))
    decision = hear(preset(name, less_percent=percent), state, sore, trigger="session.end")
    assert load_after(decision) == load


@each
def test_unknown_pain_keeps_the_dose_and_is_named(name: str) -> None:
    side = WELL[name](pains=()).side("left")
    assert side.outcome == "kept"
    assert {miss.fact for miss in side.missing} & {"pain", "pain_during"}


@pytest.mark.parametrize("name", sorted({*NAMES} - {"two_for_two"}))  # asks nothing of the morning
@pytest.mark.parametrize("morning", [None, "worse"])
def test_a_bad_or_unknown_morning_keeps_the_dose(name: str, morning: str | None) -> None:
    side = WELL[name](morning=morning).side("left")
    assert side.outcome == "kept"
    assert ("morning_rise" in {miss.fact for miss in side.missing}) is (morning is None)


@each
def test_a_red_flag_locks_and_tells_at_once(name: str) -> None:
    decision = WELL[name](red_flags=("calf",))
    assert decision.lock
    assert ("red_flag", True) in {(told.kind, told.urgent) for told in decision.notices}


@pytest.mark.parametrize("name", sorted({*NAMES} - {"delorme", "oxford"}))  # follow a test
@pytest.mark.parametrize("source", ["backfilled", "staff"])
def test_what_was_not_logged_live_raises_nothing(name: str, source: str) -> None:
    assert WELL[name](source=source).side("left").outcome == "kept"
