"""The shape of a ruleset's text: each wrong place by its path, and what is right passes."""

import copy
import json
from typing import Any

import pytest

from programs.progression import load_preset
from programs.progression.schema import parse
from programs.shapes import Fault

STOP: Any = {"id": "stop", "tier": "stop", "if": {"fact": "red_flag"}, "then": [{"do": "lock"}]}
RAW: Any = {"id": "mine", "rules": [STOP]}
ROW: Any = {"from": 0, "give": 1}


def wrong(raw: Any) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in parse(raw)[1]]


def rule(**changes: Any) -> Any:
    return {**RAW, "rules": [{**STOP, **changes}]}


def condition(node: Any) -> Any:
    return rule(**{"if": node})


def test_what_is_right_comes_back_as_it_is() -> None:
    assert parse(RAW) == (RAW, [])
    assert parse(json.dumps(RAW)) == (RAW, [])
    assert parse(load_preset("dapre").raw)[1] == []


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        ({}, [("missing_key", "$.id"), ("missing_key", "$.rules")]),
        ({**RAW, "id": ""}, [("wrong_type", "$.id")]),
        ({**RAW, "id": 3}, [("wrong_type", "$.id")]),
        ({**RAW, "rules": []}, [("wrong_type", "$.rules")]),
        ({**RAW, "rules": {}}, [("wrong_type", "$.rules")]),
        ({**RAW, "rules": [3]}, [("wrong_type", "$.rules[0]")]),
        ({**RAW, "mood": 1}, [("unknown_key", "$.mood")]),
        ({**RAW, "flexion": 2}, [("unknown_word", "$.flexion")]),
        ({**RAW, "sides": "odd"}, [("unknown_word", "$.sides")]),
        ({**RAW, "requires": {"equipment": []}}, [("wrong_type", "$.requires.equipment")]),
        ({**RAW, "requires": {"equipment": ["a", 1]}}, [("wrong_type", "$.requires.equipment[1]")]),
        ({**RAW, "requires": {"in_clinic": 1}}, [("wrong_type", "$.requires.in_clinic")]),
        ({**RAW, "limits": {"progress_every_days": "x"}},
         [("wrong_type", "$.limits.progress_every_days")]),
        ({**RAW, "schedule": {"per_week": 0}}, [("out_of_range", "$.schedule.per_week")]),
        ({**RAW, "schedule": {"per_week": 8}}, [("out_of_range", "$.schedule.per_week")]),
        ({**RAW, "schedule": {"per_week": 2.5}}, [("wrong_type", "$.schedule.per_week")]),
        ({**RAW, "schedule": {"per_week": True}}, [("wrong_type", "$.schedule.per_week")]),
        ({**RAW, "schedule": {"weekdays": [0, 7]}}, [("out_of_range", "$.schedule.weekdays[1]")]),
        ({**RAW, "schedule": {"weekdays": []}}, [("wrong_type", "$.schedule.weekdays")]),
        ({**RAW, "schedule": {"weekdays": [0] * 8}}, [("wrong_type", "$.schedule.weekdays")]),
        ({**RAW, "parameters": {"a": {"value": 1, "min": 0}}}, [("missing_key",
         "$.parameters.a.max")]),
        ({**RAW, "parameters": {"a": {"value": 1, "min": 0, "max": 2, "unit": "x"}}},
         [("unknown_word", "$.parameters.a.unit")]),
        ({**RAW, "plan": [{"follows": 0}]}, [("out_of_range", "$.plan[0].follows")]),
        (rule(then=[]), [("wrong_type", "$.rules[0].then")]),
        (rule(then=[{"do": "jump"}]), [("unknown_action", "$.rules[0].then[0]")]),
        (rule(then=[{}]), [("unknown_action", "$.rules[0].then[0]")]),
        (rule(then=[{"do": "rest"}]), [("missing_key", "$.rules[0].then[0].days")]),
        (rule(then=[{"do": "lock", "for": 1}]), [("unknown_key", "$.rules[0].then[0].for")]),
        (rule(then=[{"do": "set", "field": "reps", "to": 1, "reset": {"mood": 1}}]),
         [("unknown_word", "$.rules[0].then[0].reset.mood")]),
        (rule(then=[{"do": "set", "field": "reps", "to": 1, "reset": {"sets": "x"}}]),
         [("wrong_type", "$.rules[0].then[0].reset.sets")]),
        (condition(3), [("wrong_type", "$.rules[0].if")]),
        (condition([]), [("wrong_type", "$.rules[0].if")]),
        (condition({}), [("missing_key", "$.rules[0].if")]),
        (condition({"all": [{"fact": 3}]}), [("wrong_type", "$.rules[0].if.all[0].fact")]),
        (condition({"fact": "pain", "between": [1]}), [("wrong_type", "$.rules[0].if.between")]),
        (condition({"fact": "pain", "between": [1, 2, 3]}), [("wrong_type",
         "$.rules[0].if.between")]),
        (condition({"fact": "pain", "is": None}), [("wrong_type", "$.rules[0].if.is")]),
        (condition({"every": "day", "is": {"fact": "x"}}), [("missing_key", "$.rules[0].if")]),
        (condition({"every": "set"}), [("missing_key", "$.rules[0].if.is")]),
        (condition({"value": {"adherence": 0}, "ge": 1}), [("out_of_range",
         "$.rules[0].if.value.adherence")]),
        (condition({"value": {"plus": [1]}, "ge": 1}), [("wrong_type",
         "$.rules[0].if.value.plus")]),
        (condition({"count": {"fact": "a"}, "over": {"years": 1}}), [("missing_key",
         "$.rules[0].if.over")]),
        (condition({"value": {"table": [{**ROW, "give": [1]}], "of": 1}, "ge": 1}),
         [("wrong_type", "$.rules[0].if.value.table[0].give")]),
        (condition({"value": {"table": [{**ROW, "to": "x"}], "of": 1}, "ge": 1}),
         [("wrong_type", "$.rules[0].if.value.table[0].to")]),
        (condition({"value": {"table": [], "of": 1}, "ge": 1}),
         [("wrong_type", "$.rules[0].if.value.table")]),
        (condition({"value": {"table": [ROW], "of": 1, "gap": "no"}, "ge": 1}),
         [("unknown_word", "$.rules[0].if.value.gap")]),
    ],
)  # fmt: skip
def test_a_wrong_place_is_named_by_its_path(raw: Any, faults: list[tuple[str, str]]) -> None:
    assert wrong(raw) == faults


@pytest.mark.parametrize(
    "raw",
    [
        {
            **RAW,
            "schedule": {"per_week": 1, "weekdays": [0, 6], "every_days": 28, "times_a_day": 4},
        },
        {**RAW, "schedule": {"per_week": 7, "weeks": [{"from": 1, "to": None, "per_week": 3}]}},
        {**RAW, "parameters": {"a": {"value": 1.5, "min": 0, "max": 2, "unit": "kg"}}},
        {**RAW, "definitions": {"a": 3, "b": {"fact": "pain"}, "c": {"plus": [1, 2]}}},
        {**RAW, "plan": [{}, {"percent": 50, "reps": {"fact": "dose.reps"}, "max": True}]},
        {**RAW, "follow": {"fact": "reps", "table": [{**ROW, "give": [1, 2.5]}], "more": 0.5}},
        {**RAW, "flexion": 1, "$schema": "x", "title": "", "note": ""},
        condition({"fact": "pain", "in": [1, "x", True]}),
        condition({"value": {"table": [{**ROW, "to": None}], "of": 1, "gap": "unknown"}, "ge": 1}),
    ],
)
def test_what_the_schema_allows_has_no_fault(raw: Any) -> None:
    assert wrong(raw) == []


def test_tuples_count_as_lists_and_every_fault_is_named() -> None:
    raw = {"id": "mine", "rules": ({**STOP, "then": ({"do": "jump"}, {"do": "lock"})}, 3)}
    assert wrong(raw) == [("unknown_action", "$.rules[0].then[0]"), ("wrong_type", "$.rules[1]")]


def test_a_definition_is_wrong_as_the_nearer_of_condition_and_number() -> None:
    assert wrong({**RAW, "definitions": {"a": {"fact": "pain", "ge": "x"}}}) == [
        ("wrong_type", "$.definitions.a.ge")
    ]
    assert [code for code, _ in wrong({**RAW, "definitions": {"a": []}})] == ["wrong_type"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", ("wrong_type", "$")), ("3", ("wrong_type", "$")), ("", ("not_json", "$")),
        ("{", ("not_json", "$")), ("[" * 90_000, ("too_deep", "$")),
        (" " * 200_001, ("too_large", "$")), (" " * 200_000, ("not_json", "$")),
        ('{"rules": [{"id": 1, "id": 2}]}', ("duplicate_key", "$.rules[0].id")),
        ('{"a": {"b": [NaN]}}', ("not_finite", "$.a.b[0]")),
        ('{"a": {"b": -1e999}}', ("not_finite", "$.a.b")),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_text_that_is_no_ruleset_is_refused(text: str, fault: tuple[str, str]) -> None:
    assert wrong(text) == [fault]
    assert parse(text)[0] == (json.loads(text) if text.startswith('{"') else {})


def test_each_key_that_came_twice_is_named_once() -> None:
    text = '{"a": 1, "b": 2, "a": 3, "a": 4, "c": {"d": 1, "d": 2}}'
    assert sorted(wrong(text)) == [("duplicate_key", "$.a"), ("duplicate_key", "$.c.d")]


@pytest.mark.parametrize("inside", ["list", "object"])
def test_a_tree_may_be_so_deep_and_no_deeper(inside: str) -> None:
    node: Any = 1
    for _ in range(22):
        node = [node] if inside == "list" else {"a": node}
    place = "[0]" if inside == "list" else ".a"
    assert ("too_deep", "$") not in wrong(node)
    assert "too_deep" not in {code for code, _ in wrong(node)}
    deeper = {"a": copy.deepcopy(node)}
    assert wrong(deeper) == [("too_deep", "$.a" + place * 22)]


def test_a_fault_reads_as_a_line() -> None:
    assert str(Fault("gap", "$.rules", "fill it")) == "$.rules: fill it [gap]"
