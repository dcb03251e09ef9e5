"""A rule as a form: what is read is what is written, and a fault stands where it belongs."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.prescribing.rule_forms import RuleForm, RulesetForm, values
from programs.prescribing.rule_shapes import kind_of, shape_of
from programs.progression import load_preset, preset_names
from programs.progression.facts import FACTS
from programs.progression.schema import shape as schema

PRESETS = {name: load_preset(name).raw for name in preset_names()}
RULES = [(name, i) for name, raw in PRESETS.items() for i in range(len(raw["rules"]))]
DEFAULT = PRESETS["standing_curl_default"]
DEEPEST = 4


def sent(flat: dict[str, Any]) -> QueryDict:
    """The values as a browser sends them."""
    data = QueryDict(mutable=True)
    for name, value in flat.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def shown(form: RuleForm | RulesetForm) -> QueryDict:
    """What the form holds, sent back untouched."""
    return sent({field.html_name: field.value() for field in form})


@pytest.mark.parametrize(("name", "place"), RULES)
def test_a_presets_rule_comes_back_as_it_was(name: str, place: int) -> None:
    ruleset = PRESETS[name]
    form = RuleForm(shown(RuleForm(ruleset=ruleset, place=place)), ruleset=ruleset, place=place)
    assert form.is_valid(), form.errors
    assert form.made == ruleset["rules"][place]
    assert type(form.made["then"][0]) is dict


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)
NUMBERS = st.integers(-999, 999) | st.floats(-99, 99, allow_nan=False).map(lambda x: round(x, 3))
NAMES = {
    "param": st.sampled_from(sorted(DEFAULT["parameters"])),
    "use": st.sampled_from(sorted(DEFAULT["definitions"])),
    **dict.fromkeys(
        ("fact", "known", "max", "min", "sum", "mean", "last"),
        st.sampled_from([*sorted(FACTS), "entry.quality", "set_reps.4", "owns.machine"]),
    ),
}
LEAVES = {"boolean": st.booleans(), "number": NUMBERS, "null": st.none()}
ENDS = {"number", "param", "fact", "use", "known", "hold", "repeat", "ladder", "stop", "sessions"}


def made(draw: Any, rule: dict[str, Any], depth: int = 0, key: str = "") -> Any:
    """Anything that the schema allows here; deep down only what nests nothing."""
    if "$ref" in rule:
        return made(draw, schema()["$defs"][rule["$ref"].rpartition("/")[2]], depth, key)
    if "oneOf" in rule:
        kinds = [each for each in rule["oneOf"] if depth < DEEPEST or kind_of(each) in ENDS]
        return made(draw, draw(st.sampled_from(kinds)), depth + 1, key)
    if "const" in rule or "enum" in rule:
        return draw(st.sampled_from(rule.get("enum", [rule.get("const")])))
    if isinstance(rule["type"], list):
        return made(draw, {**rule, "type": draw(st.sampled_from(rule["type"]))}, depth, key)
    if rule["type"] == "array":
        low = rule.get("minItems", 0)
        count = draw(st.integers(low, rule.get("maxItems", low + 1)))
        return [made(draw, rule["items"], depth, key) for _ in range(count)]
    return _object(draw, rule, depth) if rule["type"] == "object" else _leaf(draw, rule, key)


def _leaf(draw: Any, rule: dict[str, Any], key: str) -> Any:
    if rule["type"] == "string":
        return draw(NAMES.get(key, WORDS))
    if rule["type"] == "integer":
        return draw(st.integers(rule.get("minimum", 0), rule.get("maximum", 366)))
    return draw(LEAVES[rule["type"]])


def _object(draw: Any, rule: dict[str, Any], depth: int) -> Any:
    if "properties" not in rule:
        keys = draw(st.sets(st.sampled_from(["reps", "sets", "load_kg"])))
        return {key: made(draw, rule["additionalProperties"], DEEPEST) for key in sorted(keys)}
    chosen = set(rule["required"])
    others = [key for key in rule["properties"] if key not in chosen]
    if others and depth < DEEPEST:
        chosen |= draw(st.sets(st.sampled_from(others), max_size=3))
    return {k: made(draw, p, depth, k) for k, p in rule["properties"].items() if k in chosen}


GENERATED = st.composite(lambda draw: made(draw, {"$ref": "#/$defs/rule"}))()


def comes_back(rule: dict[str, Any]) -> None:
    """What the form makes of a rule's values is the rule."""
    form = RuleForm(sent(values(rule)), ruleset=DEFAULT, rule=rule)
    shape = shape_of({"$ref": "#/$defs/rule"})
    form.is_valid()
    if form.too_large:
        return
    assert form.made == rule
    assert shape.flat(form.made, "rule") == values(rule)


@settings(max_examples=8, deadline=None)
@given(rule=GENERATED)
def test_a_generated_rule_comes_back_as_it_was(rule: dict[str, Any]) -> None:
    comes_back(rule)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rule=GENERATED)
def test_many_generated_rules_come_back_as_they_were(rule: dict[str, Any]) -> None:
    comes_back(rule)


def changed(place: int, **fields: str) -> RuleForm:
    """The default's rule with some fields changed."""
    told = values(DEFAULT["rules"][place]) | {k.replace("__", "-"): v for k, v in fields.items()}
    return RuleForm(sent(told), ruleset=DEFAULT, place=place)


@pytest.mark.parametrize(
    ("place", "fields", "field"),
    [
        (1, {"rule__if__any__0__fact": "reps_last"}, "rule-if-any-0-ge-pick"),
        (1, {"rule__if__any__0__fact": "hunger"}, "rule-if-any-0-fact"),
        (1, {"rule__tier": "progress"}, "rule-then-n"),
        (1, {"rule__id": "hold"}, "rule-id"),
        (1, {"rule__if__any__1__streak__param": "nothing"}, "rule-if-any-1-streak-param"),
        (0, {"rule__then__n": "0"}, "rule-then-n"),
        (0, {"rule__if__pick": "maybe"}, "rule-if-pick"),
    ],
)
def test_a_fault_stands_beside_its_field(place: int, fields: dict[str, str], field: str) -> None:
    form = changed(place, **fields)
    assert not form.is_valid()
    assert field in form.errors, form.errors


def test_a_fault_of_the_whole_stands_above() -> None:
    form = changed(0, rule__tier="info", rule__then__0__pick="hold")
    assert not form.is_valid()
    assert "stops on a red flag" in str(form.non_field_errors())


def test_a_new_rule_is_added_to_the_others() -> None:
    told = values(DEFAULT["rules"][2]) | {"rule-id": "another"}
    form = RuleForm(sent(told), ruleset=DEFAULT)
    assert form.is_valid(), form.errors
    assert form.made == {**DEFAULT["rules"][2], "id": "another"}


def test_nothing_posted_is_no_rule() -> None:
    assert not RuleForm(QueryDict(), ruleset=DEFAULT).is_valid()


def test_a_count_that_is_none_makes_no_fields() -> None:
    form = RuleForm(sent({"rule-then-n": "99999999"}), ruleset=DEFAULT)
    assert not form.is_valid()
    assert len(form.fields) < 20


@pytest.mark.parametrize("name", PRESETS)
def test_a_whole_preset_comes_back_as_it_was(name: str) -> None:
    form = RulesetForm(shown(RulesetForm(ruleset=PRESETS[name])))
    assert form.is_valid(), form.errors
    assert form.made == PRESETS[name]
    assert list(form.made["rules"]) == list(PRESETS[name]["rules"])


NAMED = {"rules", "definitions", "parameters"}
PARTS = [key for key in schema()["properties"] if key not in NAMED]


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_generated_part_of_a_ruleset_comes_back_as_it_was(data: Any) -> None:
    key = data.draw(st.sampled_from(PARTS))
    part = data.draw(st.composite(lambda draw: made(draw, schema()["properties"][key], 2, key))())
    raw = {**DEFAULT, key: part}
    form = RulesetForm(sent(shape_of(schema()).flat(raw, "ruleset")))
    form.is_valid()
    assert form.made == raw


def test_a_fault_of_a_part_is_named() -> None:
    told = shape_of(schema()).flat(DEFAULT, "ruleset") | {"ruleset-parameters-0-value": "99"}
    form = RulesetForm(sent(told))
    assert not form.is_valid()
    assert "From 4 to 8." in form.non_field_errors()


def test_nothing_posted_is_no_ruleset() -> None:
    assert not RulesetForm(QueryDict()).is_valid()
