"""The static check: every kind of fault by its name, at its place, all of them at once."""

import copy
import json
from typing import Any

import pytest

from programs.progression import RulesetError, check_ladder, load_preset, load_ruleset
from programs.progression.types import Bounds, Limits, Span
from tests.programs.progression.story import ladder

RAW = load_preset("standing_curl_default").raw
PAIN: Any = {"fact": "pain", "ge": 6}


def faults(source: Any) -> dict[str, str]:
    """Path of each fault by its code."""
    with pytest.raises(RulesetError) as caught:
        load_ruleset(source)
    return {each.code: each.path for each in caught.value.faults}


def with_rule(**changes: Any) -> dict[str, Any]:
    rule = {
        "id": "new",
        "tier": "progress",
        "if": {"fact": "pain", "le": 2},
        "then": [{"do": "add", "field": "reps", "by": 1, "to": 12}],
    }
    return {**RAW, "rules": [*RAW["rules"], {**rule, **changes}]}


def test_every_preset_passes() -> None:
    assert {load_preset(name).id for name in ("standing_curl_default", "two_for_two")} == {
        "standing_curl_default",
        "two_for_two",
    }


@pytest.mark.parametrize(
    ("condition", "code", "path"),
    [
        ({"fact": "pian", "ge": 6}, "unknown_fact", "$.rules[7].if.fact"),
        ({"fact": "pain", "ge": "6"}, "wrong_type", "$.rules[7].if.ge"),
        ({"fact": "pain", "is": True}, "wrong_type", "$.rules[7].if.is"),
        ({"fact": "morning", "is": "fine"}, "unknown_word", "$.rules[7].if.is"),
        ({"fact": "pain", "ge": {"param": "x"}}, "unknown_parameter", "$.rules[7].if.ge"),
        ({"fact": "pain", "ge": {"param": "reps_top"}}, "unit_mismatch", "$.rules[7].if.ge"),
        ({"fact": "set.reps", "ge": 6}, "wrong_level", "$.rules[7].if.fact"),
        ({"fact": "pain", "above": 6}, "unknown_key", "$.rules[7].if.above"),
        ({"fact": "pain"}, "missing_key", "$.rules[7].if"),
        ({"streak": 0, "of": PAIN}, "out_of_range", "$.rules[7].if.streak"),
        ({"use": "best"}, "unknown_definition", "$.rules[7].if"),
        ({"all": []}, "wrong_type", "$.rules[7].if.all"),
        ([], "wrong_type", "$.rules[7].if"),
        ({"fact": "pain", "gt": 10}, "unreachable", "$.rules[7].if.gt"),
    ],
)
def test_a_wrong_condition_is_named_at_its_place(condition: Any, code: str, path: str) -> None:
    assert faults(with_rule(**{"if": condition}))[code] == path


@pytest.mark.parametrize(
    ("actions", "code"),
    [
        ([{"do": "jump"}], "unknown_action"),
        ([{"do": "add", "field": "mood", "by": 1, "to": 2}], "unknown_word"),
        ([{"do": "add", "field": "reps", "by": 1}], "missing_bound"),
        ([{"do": "add", "field": "reps", "by": -1, "to": 2}], "wrong_direction"),
        ([{"do": "ladder", "go": "up"}, {"do": "ladder", "go": "up"}], "two_dimensions"),
        ([{"do": "ladder", "go": "sideways"}], "unknown_word"),
        (
            [{"do": "first", "of": [{"do": "ladder", "go": "up"}, {"do": "ladder", "go": "down"}]}],
            "raises_and_lowers",
        ),
        ([], "wrong_type"),
    ],
)
def test_a_wrong_action_is_named(actions: Any, code: str) -> None:
    assert code in faults(with_rule(then=actions))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "more"}, "duplicate_id"),
        ({"tier": "up"}, "unknown_word"),
        ({"tier": "regress"}, "wrong_direction"),
        ({"when": ["sometimes"]}, "unknown_word"),
        ({"approval": "maybe"}, "unknown_word"),
        ({"mood": 1}, "unknown_key"),
    ],
)
def test_a_wrong_rule_is_named(changes: Any, code: str) -> None:
    assert code in faults(with_rule(**changes))


@pytest.mark.parametrize(("row", "code"), [((2, 4), "overlap"), ((4, 5), "gap")])
def test_tables_tile_without_overlap_or_gap(row: tuple[int, int], code: str) -> None:
    table = [{"from": 0, "to": 2, "give": 1}, {"from": row[0], "to": row[1], "give": 2}]
    value = {"table": table, "of": {"fact": "reps_last"}}
    assert code in faults(with_rule(**{"if": {"value": value, "ge": 1}}))


@pytest.mark.parametrize(
    ("lost", "code"), [("red_flag", "missing_stop_rule"), ("pain_down", "missing_pain_rule")]
)
def test_a_ruleset_needs_a_stop_rule_and_a_pain_rule(lost: str, code: str) -> None:
    rules = [each for each in RAW["rules"] if each["id"] not in (lost, "hold")]
    assert code in faults({**RAW, "rules": rules})


def test_a_parameter_stays_in_its_range() -> None:
    raw = copy.deepcopy(RAW)
    raw["parameters"]["pain_down"]["value"] = 9
    assert faults(raw)["out_of_range"] == "$.parameters.pain_down.value"


def test_deep_nesting_is_refused() -> None:
    node: Any = PAIN
    for _ in range(20):
        node = {"not": node}
    assert "too_deep" in faults(with_rule(**{"if": node}))
    assert "too_deep" in faults("[" * 100_000)


def test_a_definition_that_uses_itself_is_refused() -> None:
    assert "recursion" in faults({**RAW, "definitions": {"good": {"use": "good"}, "at_top": PAIN}})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"id": "a", "id": "b"}', "duplicate_key"),
        ('{"limits": NaN}', "not_finite"),
        ('{"limits": 1e999}', "not_finite"),
        ('{"note": "' + "x" * 1_000_000 + '"}', "too_large"),
        ("{", "not_json"),
        ("[]", "wrong_type"),
    ],
)
def test_a_text_that_is_no_ruleset_is_refused(text: str, code: str) -> None:
    assert code in faults(text)


def test_one_error_lists_every_fault() -> None:
    raw = with_rule(**{"if": {"fact": "pian", "ge": 6}, "then": [{"do": "jump"}]})
    assert {"unknown_fact", "unknown_action"} <= faults({**raw, "sides": "odd"}).keys()


def test_text_and_object_give_the_same_version() -> None:
    assert load_ruleset(json.dumps(RAW)).version == load_ruleset(RAW).version


def test_a_ladder_needs_bounds_for_what_the_rules_raise() -> None:
    ruleset = load_preset("standing_curl_default")
    assert check_ladder(ruleset, ladder(), Limits()) == []
    steps = ladder(bounds=Bounds(reps=Span(9, 12)))
    found = {each.code for each in check_ladder(ruleset, steps, Limits())}
    assert found == {"missing_bound", "out_of_range"}


def test_resisted_steps_need_the_date_that_the_clinic_requires() -> None:
    limits = Limits(resisted_date_required=True)
    found = check_ladder(load_preset("standing_curl_default"), ladder(resisted=True), limits)
    assert {each.code for each in found} == {"resisted_date"}
