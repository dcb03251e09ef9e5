"""A ruleset as a whole: what it must have, what can't be, and what comes of it."""

import copy
from typing import Any

import pytest

from programs.progression import (
    RulesetError,
    load_preset,
    load_ruleset,
    preset_names,
)
from tests.programs.progression.small import (
    HURTS,
    MORE,
    STOP,
    all_faults,
    codes,
    raw_of,
    rule,
    small,
)

UP, DOWN = {"do": "ladder", "go": "up"}, {"do": "ladder", "go": "down"}
SET = {"do": "set", "field": "reps", "to": 8}


def test_a_small_ruleset_is_right() -> None:
    assert codes(raw_of(MORE)) == []
    assert small().parameters == {}


@pytest.mark.parametrize(
    ("tier", "action", "wrong"),
    [
        ("progress", UP, False), ("progress", DOWN, True), ("progress", {"do": "hold"}, True),
        ("progress", SET, False), ("progress", {"do": "lock"}, True), ("info", UP, True),
        ("info", DOWN, True), ("info", SET, True), ("info", {"do": "flag"}, False),
        ("info", {"do": "declare", "name": "x", "to": 1}, False), ("hold", UP, True),
        ("hold", DOWN, False), ("hold", SET, False), ("stop", UP, True),
        ("stop", {"do": "lock"}, False),
        ("regress", UP, True), ("deload", UP, True), ("deload", DOWN, False),
    ],
)  # fmt: skip
def test_a_rule_goes_the_way_of_its_tier(tier: str, action: Any, wrong: bool) -> None:
    found = codes(raw_of(rule(MORE, tier=tier, then=[action])))
    assert found == ([("wrong_direction", "$.rules[2].then")] if wrong else [])


def test_each_rule_with_a_name_twice_is_named() -> None:
    assert codes(raw_of(MORE, rule(MORE, id="hurts"))) == [
        ("duplicate_id", "$.rules[1].id"),
        ("duplicate_id", "$.rules[3].id"),
    ]


@pytest.mark.parametrize(
    ("rules", "faults"),
    [
        ([HURTS], ["missing_stop_rule"]), ([STOP], ["missing_pain_rule"]),
        ([rule(STOP, then=[{"do": "flag"}]), HURTS], ["missing_stop_rule"]),
        ([rule(STOP, tier="hold"), HURTS], ["missing_stop_rule"]),
        ([rule(STOP, then=[{"do": "stop", "what": "program"}]), HURTS], []),
        ([STOP, rule(HURTS, tier="info", then=[{"do": "flag"}])], ["missing_pain_rule"]),
        ([STOP, rule(HURTS, tier="progress", then=[UP])], ["missing_pain_rule"]),
        ([STOP, rule(HURTS, tier="hold", then=[{"do": "hold"}])], []),
        ([STOP, rule(HURTS, tier="deload")], []),
    ],
)  # fmt: skip
def test_a_ruleset_needs_a_stop_rule_and_a_pain_rule(rules: Any, faults: list[str]) -> None:
    assert codes({"id": "x", "rules": rules}) == [(code, "$.rules") for code in faults]


@pytest.mark.parametrize(
    ("condition", "enough"),
    [
        ({"fact": "pain", "ge": 5}, True), ({"fact": "pain_during", "ge": 5}, True),
        ({"fact": "pain_after", "ge": 5}, True), ({"fact": "morning_pain", "ge": 5}, True),
        ({"fact": "morning_rise"}, True), ({"fact": "soreness", "is": "persists"}, True),
        ({"fact": "effort", "ge": 5}, False), ({"fact": "pain_before", "ge": 5}, False),
        ({"fact": "resisted"}, False),
    ],
)  # fmt: skip
def test_these_facts_make_a_pain_rule(condition: Any, enough: bool) -> None:
    found = codes({"id": "x", "rules": [STOP, rule(HURTS, test=condition)]})
    assert found == ([] if enough else [("missing_pain_rule", "$.rules")])


def test_where_the_shape_is_wrong_the_other_rules_are_still_checked() -> None:
    raw = {**raw_of(rule(MORE, tier="up"), rule(MORE, id="hurts")), "sides": "odd"}
    assert sorted(codes(raw)) == [
        ("duplicate_id", "$.rules[1].id"), ("duplicate_id", "$.rules[3].id"),
        ("unknown_word", "$.rules[2].tier"), ("unknown_word", "$.sides"),
    ]  # fmt: skip


def test_in_a_rule_of_wrong_shape_what_is_right_is_checked() -> None:
    then = [{"do": "jump"}, {"do": "rest", "days": 0}]
    bad = rule(MORE, tier="up", test={"fact": "pian"}, then=then)
    assert sorted(codes({"id": "x", "rules": [bad]})) == [
        ("out_of_range", "$.rules[0].then[1].days"), ("unknown_action", "$.rules[0].then[0]"),
        ("unknown_fact", "$.rules[0].if.fact"), ("unknown_word", "$.rules[0].tier"),
    ]  # fmt: skip
    odd = rule(MORE, test={"fact": 3}, then="x")
    assert sorted(codes({"id": "x", "rules": [odd, 7]})) == [
        ("wrong_type", "$.rules[0].if.fact"), ("wrong_type", "$.rules[0].then"),
        ("wrong_type", "$.rules[1]"),
    ]  # fmt: skip


@pytest.mark.parametrize("rules", [{"a": 1}, "text", 5, None])
def test_rules_that_are_no_list_are_named(rules: Any) -> None:
    raw = {"id": "x", "rules": rules, "parameters": {"a": {"value": 9, "min": 0, "max": 1}}}
    assert codes(raw) == [("wrong_type", "$.rules"), ("out_of_range", "$.parameters.a.value")]
    assert codes('{"id": "x", "rules": {"a": 1, "a": 2}}') == [("duplicate_key", "$.rules.a")]


def test_two_changes_and_a_missing_definition_are_named_in_their_rule() -> None:
    assert codes(raw_of(rule(MORE, test={"use": "x"}, then=[UP, MORE["then"][0]]))) == [
        ("unknown_definition", "$.rules[2].if"), ("two_dimensions", "$.rules[2].then"),
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["parameters", "definitions"])
def test_without_its_names_nothing_more_is_checked(key: str) -> None:
    raw = {**raw_of(rule(MORE, test={"fact": "pian"})), key: {"a": {"mood": 1}}}
    assert {path.split(".")[1] for _, path in codes(raw)} == {key}


def test_the_error_says_each_fault_once_a_line() -> None:
    raw = raw_of(rule(MORE, test={"use": "a"}), definitions={"a": {"fact": "pian"}})
    with pytest.raises(RulesetError) as caught:
        load_ruleset({**raw, "limits": {"progress_every_days": 91}})
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    assert [each.path for each in caught.value.faults] == [
        "$.definitions.a.fact", "$.limits.progress_every_days",
    ]  # fmt: skip
    twice = raw_of(
        MORE, rule(MORE, id="again", test={"use": "a"}), definitions={"a": {"fact": "x"}}
    )
    twice["rules"][2] = rule(MORE, test={"use": "a"})
    assert codes(twice) == [("unknown_fact", "$.definitions.a.fact")]


@pytest.mark.parametrize(
    ("value", "low", "high", "fault"), [(1, 1, 3, 0), (3, 1, 3, 0), (0.5, 1, 3, 1), (4, 1, 3, 1)]
)
def test_a_parameter_stays_in_its_range(value: Any, low: int, high: int, fault: int) -> None:
    parameters = {"a": {"value": value, "min": low, "max": high}}
    assert (
        codes(raw_of(parameters=parameters)) == [("out_of_range", "$.parameters.a.value")] * fault
    )


def test_parameters_are_exact_and_have_their_unit() -> None:
    found = small(parameters={"a": {"value": 2.5, "min": 0, "max": 3, "unit": "kg"}}).parameters[
        "a"
    ]
    assert (found.name, str(found.value), found.low, found.high, found.unit) == (
        "a",
        "5/2",
        0,
        3,
        "kg",
    )


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("priority", 0, False), ("priority", 100, False), ("priority", 101, True),
        ("priority", -1, True), ("cool_down_days", 366, False), ("cool_down_days", 367, True),
        ("cool_down_days", -1, True),
    ],
)  # fmt: skip
def test_the_numbers_of_a_rule_have_their_range(key: str, value: int, fault: bool) -> None:
    found = codes(raw_of(rule(MORE, **{key: value})))
    assert found == ([("out_of_range", f"$.rules[2].{key}")] if fault else [])


def test_of_a_rule_each_part_is_taken() -> None:
    full = rule(
        HURTS, id="x", tier="deload", when=["set.end", "day.tick"], approval="clinician",
        priority=7, cool_down_days=9, once="gap",
        test={"all": [{"fact": "resisted"}, {"streak": 3, "of": {"fact": "effort", "ge": 5}},
                      {"fact": "pain", "ge": 1}]},
        then=[{"do": "lock", "days": 2}, DOWN, {"do": "flag", "kind": "k"}],
    )  # fmt: skip
    made = next(each for each in small(full).rules if each.id == "x")
    assert (made.tier, made.when, made.approval) == ("deload", {"set.end", "day.tick"}, "clinician")
    assert (made.priority, made.cool_down, made.once, made.window) == (7, 9, True, 3)
    assert (made.lock, made.safety, made.path) == (True, True, "$.rules[2]")
    assert [name for name, _ in made.reads] == ["effort", "pain"]
    assert [name for name, _ in made.side_reads] == ["resisted"]
    assert [each.name for each in made.facts] == ["effort", "pain"]
    assert [bool(each.lock) for each in made.others] == [True, False]
    assert made.change is not None
    assert made.change.raises == -1


def test_what_a_rule_leaves_out_has_its_default() -> None:
    made = {each.id: each for each in small(MORE).rules}["more"]
    assert (made.approval, made.priority, made.cool_down, made.once) == ("auto", 0, 0, False)
    assert made.when == {"session.end", "check-in", "decision"}
    assert (made.safety, made.lock, made.window, made.others) == (False, False, 1, ())


def test_rules_are_asked_by_tier_then_priority_then_name() -> None:
    names = [("b", "progress", 0), ("a", "progress", 0), ("z", "progress", 9), ("i", "info", 99)]
    rules = [
        rule(
            MORE,
            id=name,
            tier=tier,
            priority=first,
            then=[UP if tier == "progress" else {"do": "flag"}],
        )
        for name, tier, first in names
    ]
    asked = [each.id for each in small(*rules, rule(HURTS, id="d", tier="deload")).rules]
    assert asked == ["stop", "d", "hurts", "z", "a", "b", "i"]


def test_a_moment_asks_its_rules_and_a_correction_those_of_a_decision() -> None:
    asked = {name: [each.id for each in rules] for name, rules in small(MORE).by_trigger.items()}
    assert asked == {
        "decision": ["stop", "hurts", "more"], "correction": ["stop", "hurts", "more"],
        "session.end": ["hurts", "more"], "check-in": ["hurts", "more"], "day.tick": ["stop"],
    }  # fmt: skip
    quiet = [rule(STOP, when=["day.tick"]), rule(HURTS, when=["set.end"])]
    assert load_ruleset({"id": "x", "rules": quiet}).by_trigger["correction"] == ()


def test_the_head_of_a_ruleset() -> None:
    plain = small()
    assert (plain.id, plain.mode, plain.progress_every_days, plain.plan) == (
        "small",
        "independent",
        0,
        (),
    )
    assert (plain.follow, plain.unpublished, plain.asks, plain.raw) == (
        None,
        False,
        frozenset(),
        raw_of(),
    )
    full = small(sides="lockstep", limits={"progress_every_days": 90}, plan=[{"reps": 3}])
    assert (full.mode, full.progress_every_days, len(full.plan)) == ("lockstep", 90, 1)


def test_the_answers_that_rules_need_are_asked_for() -> None:
    facts = ("soreness", "soreness_later", "swelling", "pain_place", "morning_rise", "stop_reason")
    rules = [
        rule(HURTS, id=name, tier="hold", test={"not": {"known": name}}, then=[{"do": "hold"}])
        for name in facts
    ]
    assert small(*rules).asks == {"soreness", "soreness_later", "swelling", "pain_place"}


@pytest.mark.parametrize(
    ("status", "doubtful"),
    [
        ("derived", True),
        ("unverified", True),
        ("read", False),
        ("secondary", False),
        ("default", False),
    ],
)
def test_what_was_worked_out_makes_a_ruleset_unpublished(status: str, doubtful: bool) -> None:
    source = {"title": "x", "status": status}
    table = {"table": [{"from": 0, "give": 1, "status": status}], "of": {"fact": "effort"}}
    assert small(source=source).unpublished is doubtful
    assert small(rule(MORE, status=status)).unpublished is doubtful
    assert small(rule(MORE, test={"value": table, "ge": 1})).unpublished is doubtful


def test_the_version_is_that_of_the_meaning() -> None:
    base = small(MORE)
    turned = {
        "rules": [dict(reversed(each.items())) for each in (MORE, HURTS, STOP)],
        "id": "small",
    }
    assert load_ruleset(turned).version == base.version
    first = rule(MORE, id="a", then=[UP])
    again = {**turned, "rules": [*turned["rules"], dict(reversed(first.items()))]}
    assert load_ruleset(again).version == small(first, MORE).version
    assert small(rule(MORE, priority=1)).version != base.version
    assert small(MORE, id="other").version != base.version
    assert base.version.startswith("540eb40407e8")


def test_a_preset_is_loaded_once_by_its_name() -> None:
    assert load_preset("dapre") is load_preset("dapre")
    assert load_preset("dapre").id == "dapre"
    assert preset_names() == tuple(sorted(preset_names()))
    assert {"dapre", "standing_curl_default"} < set(preset_names())


# what no value can meet


def impossible(*parts: Any, **parameters: Any) -> list[tuple[str, str]]:
    raw = raw_of(rule(MORE, test={"any": [{"fact": "live"}, {"all": list(parts)}]}))
    return codes({**raw, "parameters": parameters})


def reps(**relations: Any) -> dict[str, Any]:
    return {"fact": "reps_last", **relations}


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ((reps(ge=6), reps(lt=6)), True), ((reps(gt=6), reps(le=6)), True),
        ((reps(gt=6), reps(lt=6)), True), ((reps(ge=6), reps(le=6)), False),
        ((reps(ge=7), reps(le=6)), True), ((reps(ge=6, lt=6),), True), ((reps(ge=6, lt=7),), False),
        ((reps(ge=6), {"fact": "reps_least", "lt": 6}), False), ((reps(ge=2), reps(ge=9)), False),
        ((reps(ge=2), reps(ge=9), reps(lt=5)), True), ((reps(le=9), reps(le=2), reps(gt=5)), True),
        ((reps(ge=9), reps(ge=2), reps(lt=5)), True), ((reps(le=2), reps(le=9), reps(gt=5)), True),
        ((reps(ge=6), reps(ne=6), reps(lt=7)), False),
        (({"value": 1, "ge": 6}, reps(lt=6)), False),
        ((reps(ge={"fact": "dose.reps"}), reps(lt=0)), False),
    ],
)  # fmt: skip
def test_an_all_that_no_value_can_meet_is_unreachable(parts: Any, wrong: bool) -> None:
    found = impossible(*parts)
    assert found == ([("unreachable", "$.rules[2].if.any[1].all")] if wrong else [])


@pytest.mark.parametrize(("value", "wrong"), [(5, True), (6, True), (7, False)])
def test_parameters_count_as_they_stand(value: int, wrong: bool) -> None:
    parameters = {"top": {"value": value, "min": 0, "max": 9}}
    found = impossible(reps(ge=6), reps(lt={"param": "top"}), **parameters)
    assert bool(found) is wrong


def test_a_parameter_that_is_not_there_empties_nothing() -> None:
    found = impossible(reps(ge=6), reps(lt={"param": "top"}))
    assert [code for code, _ in found] == ["unknown_parameter"]
    raw = raw_of(rule(MORE, test={"all": [reps(ge=6), reps(lt={"param": "top"})]}))
    assert [code for code, _ in codes(raw)] == ["unknown_parameter"]


def test_each_emptied_fact_is_named() -> None:
    effort = [{"fact": "effort", "ge": 6}, {"fact": "effort", "lt": 3}]
    raw = raw_of(rule(MORE, test={"all": [reps(ge=6), reps(lt=6), *effort]}))
    assert [each.hint.split()[1] for each in all_faults(raw)] == ["effort", "reps_last"]


def test_the_parsed_object_is_left_as_it_was() -> None:
    raw = raw_of(MORE)
    before = copy.deepcopy(raw)
    load_ruleset(raw)
    assert raw == before


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30"])
def test_a_lock_until_no_day_is_named(day: str) -> None:
    held = rule(MORE, tier="hold", then=[{"do": "lock", "until": day}])
    assert codes(raw_of(held)) == [("wrong_type", "$.rules[2].then[0].until")]
