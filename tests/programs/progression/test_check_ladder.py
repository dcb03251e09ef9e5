"""A ruleset and the ladder that it is for: bounds, entries, keys, dates, equipment."""

from typing import Any

import pytest

from programs.progression import Ruleset, check_ladder, load_preset
from programs.progression.types import Bounds, Dose, Limits, Span, Step
from tests.programs.progression.small import MORE, rule, small
from tests.programs.progression.story import START, ladder

UP, DOWN = {"do": "ladder", "go": "up"}, {"do": "ladder", "go": "down"}
SET = {"do": "set", "field": "reps", "to": 8}
PRESET, FREE = load_preset("standing_curl_default"), Limits()


def found(steps: tuple[Step, ...], ruleset: Ruleset = PRESET, limits: Limits = FREE) -> Any:
    return [(each.code, each.path) for each in check_ladder(ruleset, steps, limits)]


def bounded(**spans: Any) -> tuple[Step, ...]:
    return ladder("each", bounds=ladder()[0].bounds._replace(**spans))


@pytest.mark.parametrize(
    ("spans", "faults"),
    [
        ({}, []),
        ({"reps": None}, [("missing_bound", "ladder[0].bounds.reps")]),
        ({"sets": None}, [("missing_bound", "ladder[0].bounds.sets")]),
        ({"load_g": None}, []),
        ({"reps": Span(9, 12)}, [("out_of_range", "ladder[0].entry.reps")]),
        ({"reps": Span(3, 12, 2)}, [("out_of_range", "ladder[0].entry.reps")]),
        ({"reps": Span(8, 8)}, []),
        ({"reps": Span(9, 8)}, [("out_of_range", "ladder[0].bounds.reps")]),
        ({"reps": Span(4, 8, 0)}, [("out_of_range", "ladder[0].bounds.reps")]),
        ({"rest_s": Span(0, 30)}, [("out_of_range", "ladder[0].entry.rest_s")]),
    ],
)  # fmt: skip
def test_a_step_has_bounds_for_what_rises_and_its_entry_within_them(
    spans: Any, faults: list[tuple[str, str]]
) -> None:
    assert found(bounded(**spans)) == faults


def test_a_load_needs_a_bound_where_a_rule_raises_it_and_the_step_has_one() -> None:
    ruleset = small(rule(MORE, then=[{"do": "add", "field": "load_kg", "by": 1, "to": 9}]))
    bare = Bounds(reps=Span(1, 20))
    loaded = Step("a", Dose(2, 8, load_g=1000), bare)
    assert found((loaded,), ruleset) == [("missing_bound", "ladder[0].bounds.load_g")]
    assert found((loaded._replace(entry=Dose(2, 8)),), ruleset) == []


def test_only_what_progress_rules_raise_needs_a_bound() -> None:
    ruleset = small(rule(MORE, then=[UP]))
    assert found((Step("a", Dose(2, 8), Bounds()),), ruleset) == []


def test_each_step_has_a_key_of_its_own() -> None:
    one, two, three = ladder()
    assert found((one, two, three._replace(key=one.key))) == [
        ("duplicate_id", "ladder[0].key"), ("duplicate_id", "ladder[2].key"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("resisted", "required", "day", "wrong"),
    [(True, True, None, True), (True, True, START, False), (True, False, None, False),
     (False, True, None, False)],
)  # fmt: skip
def test_a_resisted_step_needs_the_date_that_is_required(
    resisted: bool, required: bool, day: Any, wrong: bool
) -> None:
    limits = Limits(resisted_date_required=required, resisted_not_before=day)
    steps = ladder("each", resisted=resisted)
    assert found(steps, limits=limits) == ([("resisted_date", "ladder[0]")] if wrong else [])


@pytest.mark.parametrize(
    ("equipment", "wrong"),
    [((), True), (("band",), True), (("plates",), False), (("band", "rig"), False)],
)
def test_a_step_has_one_of_the_things_that_the_rules_are_for(equipment: Any, wrong: bool) -> None:
    ruleset = small(requires={"equipment": ["plates", "rig"]})
    steps = ladder("each", equipment=equipment)
    assert found(steps, ruleset) == ([("wrong_equipment", "ladder[0]")] if wrong else [])
