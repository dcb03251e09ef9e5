"""Numbers: exact, unknown where a part of them is, tables by their rows, in kg and in lb."""

from fractions import Fraction
from typing import Any

import pytest

from programs.progression.facts import AtLeast
from programs.progression.numbers import constant, exact
from programs.progression.types import Pain
from tests.programs.progression.reading import (
    PARAMETERS,
    compiler,
    context_of,
    faults_of,
    number,
    timedelta,
)
from tests.programs.progression.story import START, log, state_of

STATE = state_of()
KG_IN_LB = Fraction("0.45359237")
ROWS: Any = [
    {"from": 5, "to": None, "give": [2.5, 5]},
    {"from": 0, "to": 2, "give": [-2.5, -5]},
    {"from": 3, "to": 4, "give": 0},
]


def day(number: int, pain: int | None = 0, **changes: Any) -> Any:
    return log(STATE, number, pains=(Pain.one_tap(pain),), **changes)


def test_a_number_is_exact() -> None:
    assert [exact(each) for each in (2, 2.0, 2.5, 0.1)] == [2, 2, Fraction(5, 2), Fraction(1, 10)]
    assert [type(exact(each)) for each in (2.0, 2.5)] == [int, Fraction]
    assert number({"plus": [0.1, 0.2]}) == Fraction(3, 10)


@pytest.mark.parametrize(
    ("key", "result"),
    [
        ("plus", 8), ("minus", 4), ("times", 12), ("divided", 3), ("least", 2), ("greatest", 6),
    ],
)  # fmt: skip
def test_arithmetic_of_fixed_and_of_read_numbers(key: str, result: int) -> None:
    session = day(0, 2, effort=6)
    effort, pain = {"fact": "effort"}, {"fact": "pain"}
    for left, right in ((6, 2), (effort, 2), (6, pain), (effort, pain)):
        assert number({key: [left, right]}, session) == result


@pytest.mark.parametrize("key", ["plus", "minus", "times", "divided", "least", "greatest"])
def test_arithmetic_with_a_part_unknown_is_unknown(key: str) -> None:
    session = day(0, None, effort=6)
    half = log(STATE, 0, pains=(Pain(during=2),), effort=6)
    for parts in ([{"fact": "pain"}, 2], [2, {"fact": "pain"}]):
        assert number({key: parts}, session) is None
        assert number({key: parts}, half) is None


def test_nothing_is_divided_by_zero() -> None:
    assert number({"divided": [6, 0]}) is None
    assert number({"divided": [{"fact": "effort"}, {"fact": "pain"}]}, day(0, 0)) is None
    assert number({"divided": [7, 2]}) == Fraction(7, 2)


@pytest.mark.parametrize(
    ("left", "right", "key", "unit"),
    [
        ("effort", "pain", "plus", "points"), ("step", "pain", "times", "points"),
        ("pain", "step", "times", "points"), ("pain", "effort", "divided", ""),
        ("load_last", "dose.load_kg", "divided", ""), ("load_last", "dose.reps", "divided", "kg"),
        ("load_last", "load_last", "minus", "kg"),
    ],
)  # fmt: skip
def test_a_result_has_the_unit_of_its_parts(left: str, right: str, key: str, unit: str) -> None:
    made = compiler().number({key: [{"fact": left}, {"fact": right}]}, "$")
    assert (made.unit, made.kind, made.const) == (unit, "number", None)


def test_what_is_fixed_is_known_beforehand() -> None:
    made = compiler().number({"minus": [0, {"param": "three"}]}, "$")
    assert (made.const, made.low, made.high, made.unit, made.kind) == (
        -3,
        -3,
        -3,
        "points",
        "number",
    )
    assert compiler().number({"plus": [0, {"fact": "pain"}]}, "$").const is None


def test_a_literal_and_a_parameter_have_their_range() -> None:
    fixed, chosen = constant(2.5), constant(0, PARAMETERS["three"])
    assert (fixed.const, fixed.low, fixed.high, fixed.unit) == (Fraction(5, 2),) * 3 + ("",)
    assert (chosen.const, chosen.low, chosen.high, chosen.unit) == (3, 1, 5, "points")
    assert number({"param": "three"}) == 3


@pytest.mark.parametrize(
    ("key", "values", "result"),
    [
        ("max", (2, 5, 4), 5), ("min", (2, 5, 4), 2), ("sum", (2, 5, 4), 11),
        ("last", (2, 5, 4), 4),
        ("mean", (2, 5, 4), Fraction(11, 3)), ("min", (2, None), None), ("sum", (2, None), None),
        ("mean", (2, None), None), ("last", (2, None), None), ("last", (None, 2), 2),
        ("max", (), None), ("min", (), None), ("sum", (), None), ("mean", (), None),
        ("last", (), None),
    ],
)  # fmt: skip
def test_what_a_window_gives(key: str, values: Any, result: Any) -> None:
    sessions = [day(at, value) for at, value in enumerate(values)]
    assert number({key: "pain", "over": {"sessions": 3}}, *sessions) == result


def test_the_highest_of_a_window_with_an_unknown_is_at_least_the_known_one() -> None:
    found = number({"max": "pain", "over": {"days": 7}}, day(0, 5), day(1, None))
    assert type(found) is AtLeast
    assert found.least == 5


def test_a_window_gives_the_unit_of_its_fact() -> None:
    made = compiler()
    assert made.number({"mean": "pain", "over": {"weeks": 1}}, "$").unit == "points"
    assert "pain" in made.facts


def test_adherence_is_in_percent_of_so_many_days() -> None:
    due = tuple(START + timedelta(days=each) for each in (0, 2, 4, 6))
    known = {"today": START + timedelta(days=7), "due": due}
    assert number({"adherence": 28}, day(0), day(2), **known) == 50
    assert number({"adherence": 5}, day(0), day(2), **known) == Fraction(100, 3)
    assert compiler().number({"adherence": 28}, "$").unit == "percent"


# tables


@pytest.mark.parametrize(
    ("value", "given"),
    [(0, -5), (2, -5), (3, 0), (4, 0), (5, "2.5"), (99, "2.5"), (-1, None), ("2.5", None)],
)
def test_a_table_gives_what_its_row_says(value: Any, given: Any) -> None:
    table = {"table": ROWS, "of": {"plus": [{"fact": "step"}, float(value) - 1]}}
    assert number(table) == (None if given is None else Fraction(given))


@pytest.mark.parametrize(
    ("more", "less", "given"),
    [(0, 0, ("2.5", "-2.5")), (1, 1, (5, -5)), (0.5, 0.2, ("3.75", -3)), (None, None, ("2.5", -5))],
)
def test_between_the_two_ends_of_a_row(more: Any, less: Any, given: Any) -> None:
    shares = {key: share for key, share in (("more", more), ("less", less)) if share is not None}
    found = [number({"table": ROWS, "of": value, **shares}) for value in (5, 0)]
    assert found == [Fraction(each) for each in given]


def test_in_pounds_the_rows_in_pounds_count_and_give_kg() -> None:
    pounds = [{"from": 0, "to": None, "give": [5, 10]}]
    pound_state = state_of(unit="lb")
    table = {"table": ROWS, "lb": pounds, "of": 0, "more": 1}
    assert number(table) == -5
    assert number(table, state=pound_state) == 10 * KG_IN_LB
    assert number({"table": ROWS, "of": 0}, state=pound_state) == -5


def test_a_table_of_what_is_unknown_is_unknown() -> None:
    half = log(STATE, 0, pains=(Pain(during=2),))
    assert number({"table": ROWS, "of": {"fact": "pain"}}, day(0, None)) is None
    assert number({"table": ROWS, "of": {"fact": "pain"}}, half) is None


@pytest.mark.parametrize(("pain", "asked"), [(2, False), (10, True), (None, False)])
def test_a_value_that_no_row_covers_was_never_published(pain: Any, asked: bool) -> None:
    made = compiler()
    made.number({"table": ROWS[1:], "of": {"fact": "pain"}}, "$")
    seen = context_of(day(0, pain))
    assert [unpublished(seen, seen.views[0]) for unpublished in made.tables] == [asked]


def test_a_value_of_the_side_that_no_row_covers_is_named_too() -> None:
    made = compiler()
    made.number({"table": ROWS[1:], "of": {"plus": [{"fact": "step"}, 8]}}, "$")
    assert made.tables[0](context_of(), None) is True


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (((0, 2), (3, 4)), []), (((3, None), (0, 2)), []), (((0, 2), (2, 4)), ["overlap"]),
        (((0, None), (3, 4)), ["overlap"]), (((0, 2), (4, 5)), ["gap"]),
        (((0, 1), (2.5, 4)), ["gap"]), (((0, 1), (1.5, 4)), []), (((0, 5), (1, 2)), ["overlap"]),
    ],
)  # fmt: skip
def test_rows_tile(rows: Any, codes: list[str]) -> None:
    table = [{"from": low, "to": high, "give": 1} for low, high in rows]
    assert faults_of({"table": table, "of": 1}, what="number") == [(c, "$.table") for c in codes]
    both = {"table": ROWS, "lb": table, "of": 1}
    assert faults_of(both, what="number") == [(code, "$.lb") for code in codes]


def test_a_gap_that_is_said_is_no_fault() -> None:
    rows = [{"from": 0, "to": 2, "give": 1}, {"from": 9, "give": 2}]
    assert faults_of({"table": rows, "of": 1, "gap": "unknown"}, what="number") == []
    assert number({"table": rows, "of": 5, "gap": "unknown"}) is None
    assert number({"table": rows, "of": 50, "gap": "unknown"}) == 2


@pytest.mark.parametrize(
    ("node", "code", "path"),
    [
        ({"all": []}, "wrong_type", "$"),
        ({"param": "x"}, "unknown_parameter", "$"),
        ({"fact": "pian"}, "unknown_fact", "$.fact"),
        ({"fact": "morning"}, "wrong_type", "$"),
        ({"fact": "set.reps"}, "wrong_level", "$.fact"),
        ({"use": "x"}, "unknown_definition", "$"),
        ({"plus": [{"param": "x"}, 1]}, "unknown_parameter", "$.plus[0]"),
        ({"minus": [1, {"param": "x"}]}, "unknown_parameter", "$.minus[1]"),
        ({"max": "pian", "over": {"days": 1}}, "unknown_fact", "$"),
        ({"sum": "pain", "over": {"days": 0}}, "out_of_range", "$.over.days"),
        ({"table": ROWS, "of": {"param": "x"}}, "unknown_parameter", "$.of"),
        ({"table": ROWS, "of": 1, "more": {"param": "x"}}, "unknown_parameter", "$.more"),
        ({"table": ROWS, "of": 1, "less": {"param": "x"}}, "unknown_parameter", "$.less"),
    ],
)  # fmt: skip
def test_a_fault_is_named_at_its_place(node: Any, code: str, path: str) -> None:
    assert faults_of(node, what="number") == [(code, path)]


def test_a_number_may_be_used_by_its_name() -> None:
    assert number({"use": "top"}, definitions={"top": {"plus": [1, {"param": "three"}]}}) == 4
    assert faults_of({"use": "a"}, what="number", a={"plus": [1, {"use": "a"}]}) == [
        ("recursion", "$.definitions.a.plus[1]")
    ]


@pytest.mark.parametrize(
    ("node", "value"), [(1, 1), (5, 5), ({"param": "three"}, 3), ({"plus": [1, 1]}, 2)]
)
def test_a_whole_number_is_known_beforehand(node: Any, value: int) -> None:
    made = compiler()
    assert made.whole(node, "$", 1, 5) == value
    assert made.faults == []


@pytest.mark.parametrize("node", [0, 6, 2.5, {"fact": "pain"}])
def test_what_is_not_whole_or_out_of_range_is_a_fault(node: Any) -> None:
    made = compiler()
    assert made.whole(node, "$.x", 1, 5) == 1
    assert [(each.code, each.path) for each in made.faults] == [("out_of_range", "$.x")]


def test_an_aggregate_may_be_of_a_fact_of_the_side() -> None:
    sessions = [log(state_of(), day) for day in (0, 2)]
    assert number({"max": "dose.reps", "over": {"sessions": 2}}, *sessions) == 8
