"""Conditions: true, false or unknown, and what the check says of them."""

from itertools import product
from typing import Any

import pytest

from programs.progression.types import Dose, Pain, SetFact, SideState
from tests.programs.progression.reading import compiler, context_of, faults_of, holds
from tests.programs.progression.story import log, rows, state_of

STATE = state_of()
YES, NO = {"value": 1, "eq": 1}, {"value": 1, "eq": 2}
UNKNOWN = {"fact": "effort", "ge": 5}
PARTS = {True: YES, False: NO, None: UNKNOWN}
HURTS: Any = {"fact": "pain", "ge": 4}


def day(number: int, pain: int | None = 0, **changes: Any) -> Any:
    return log(STATE, number, pains=(Pain.one_tap(pain),), **changes)


BLANK = day(0, effort=None)


def kleene(parts: Any, ends: bool) -> bool | None:
    return ends if ends in parts else None if None in parts else not ends


@pytest.mark.parametrize("parts", [*product(PARTS, repeat=2), *product(PARTS, repeat=3)])
def test_all_and_any_are_three_valued(parts: Any) -> None:
    nodes = [PARTS[each] for each in parts]
    assert holds({"all": nodes}, BLANK) is kleene(parts, False)
    assert holds({"any": nodes}, BLANK) is kleene(parts, True)


@pytest.mark.parametrize(("part", "answer"), [(True, False), (False, True), (None, None)])
def test_not_leaves_what_is_unknown_unknown(part: Any, answer: Any) -> None:
    assert holds({"not": PARTS[part]}, BLANK) is answer


@pytest.mark.parametrize("effort", [4, 5, None])
@pytest.mark.parametrize("pain", [0, 4, None])
@pytest.mark.parametrize("key", ["all", "any"])
def test_comparisons_of_facts_with_numbers_join_like_others(
    key: str, pain: Any, effort: Any
) -> None:
    session = day(0, pain, effort=effort)
    parts = [None if pain is None else pain >= 4, None if effort is None else effort >= 5]
    assert holds({key: [HURTS, UNKNOWN]}, session) is kleene(parts, key == "any")


@pytest.mark.parametrize("during", [3, 5, 7])
def test_half_known_pain_in_all_is_true_false_or_unknown(during: int) -> None:
    session = log(STATE, 0, pains=(Pain(during=during),), effort=5)
    answer = True if during >= 5 else None
    assert holds({"all": [{"fact": "pain", "ge": 5}, UNKNOWN]}, session) is answer
    assert holds({"all": [{"fact": "pain", "lt": 5}, UNKNOWN]}, session) is (
        False if answer else None
    )


@pytest.mark.parametrize(
    ("relation", "true"),
    [
        ("lt", (0, 2)), ("le", (0, 2, 3)), ("eq", (3,)), ("ne", (0, 2, 4, 10)),
        ("ge", (3, 4, 10)), ("gt", (4, 10)),
    ],
)  # fmt: skip
def test_a_relation_compares(relation: str, true: Any) -> None:
    for pain in (0, 2, 3, 4, 10):
        assert holds({"fact": "pain", relation: 3}, day(0, pain)) is (pain in true)
        assert holds({"fact": "pain", relation: {"param": "three"}}, day(0, pain)) is (pain in true)
        turned = {"value": {"fact": "pain"}, relation: {"fact": "usual_pain"}}
        assert holds(turned, day(0, pain, usual_pain=3)) is (pain in true)
    assert holds({"fact": "pain", relation: 3}, day(0, None)) is None


@pytest.mark.parametrize(
    ("pain", "answer"), [(3, False), (4, True), (5, True), (6, False), (None, None)]
)
def test_between_includes_both_ends(pain: Any, answer: Any) -> None:
    assert holds({"fact": "pain", "between": [4, 5]}, day(0, pain)) is answer


def test_several_relations_hold_together() -> None:
    node = {"fact": "pain", "ge": 3, "lt": 5}
    assert [holds(node, day(0, pain)) for pain in (2, 3, 4, 5)] == [False, True, True, False]


def test_is_and_in_compare_words_yes_and_no_and_numbers() -> None:
    session = day(0, 4, morning="same")
    nodes = (
        {"fact": "morning", "is": "same"}, {"fact": "morning", "in": ["worse", "same"]},
        {"fact": "live", "is": True}, {"fact": "live"}, {"fact": "pain", "is": 4},
        {"fact": "pain", "in": [4, 6]}, {"fact": "entry.test", "is": "good"},
        {"fact": "entry.done"}, {"value": {"divided": [{"fact": "pain"}, 40]}, "is": 0.1},
    )  # fmt: skip
    extra = (("entry.test", "good"), ("entry.done", True))
    assert {holds(node, session, extra=extra) for node in nodes} == {True}
    other = day(0, 5, morning="better", source="staff")
    assert {holds(node, other, extra=(("entry.test", "bad"), ("entry.done", False)))
            for node in nodes} == {False}  # fmt: skip


def test_two_half_known_pains_cannot_be_compared() -> None:
    session = log(STATE, 0, pains=(Pain(during=7, before=9), Pain(before=None)))
    for first, second in (("pain", "pain"), ("pain", "pain_before"), ("pain_before", "pain")):
        for relation in ("lt", "le", "eq", "ne", "ge", "gt"):
            node = {"value": {"fact": first}, relation: {"fact": second}}
            assert holds(node, session) is None
    assert holds({"value": {"fact": "pain"}, "ge": {"fact": "usual_pain"}}, session) is True
    assert holds({"value": {"fact": "usual_pain"}, "lt": {"fact": "pain"}}, session) is True


@pytest.mark.parametrize(
    ("pains", "known"), [((), False), ((Pain(during=3),), False), ((Pain.one_tap(0),), True)]
)
def test_known_is_never_unknown(pains: Any, known: bool) -> None:
    assert holds({"known": "pain"}, log(STATE, 0, pains=pains)) is known


def test_a_definition_stands_for_its_condition() -> None:
    definitions = {"sore": HURTS, "fine": {"not": {"use": "sore"}}}
    assert holds({"use": "sore"}, day(0, 4), definitions=definitions) is True
    assert holds({"use": "fine"}, day(0, 4), definitions=definitions) is False


# streaks


@pytest.mark.parametrize(
    ("pains", "answer"),
    [
        ((4, 4), True), ((0, 4, 4), True), ((4, 0), False), ((0, 4), False), ((4,), False),
        ((4, None), None), ((None, 4), None), ((None, 4, 4), True), ((0, None), False), ((), False),
    ],
)  # fmt: skip
def test_a_streak_is_true_in_the_last_sessions_running(pains: Any, answer: Any) -> None:
    sessions = [day(number, pain) for number, pain in enumerate(pains)]
    assert holds({"streak": 2, "of": HURTS}, *sessions) is answer


@pytest.mark.parametrize(
    ("pains", "answer"),
    [((4, 4, 4), True), ((4, 0, 4), False), ((4, None, 4), None), ((4, 4), False)],
)
def test_in_a_progress_rule_only_live_sessions_add_to_a_streak(pains: Any, answer: Any) -> None:
    sources = ("live", "staff", "live") if len(pains) > 2 else ("staff", "live")
    sessions = [day(n, pains[n], source=sources[n]) for n in range(len(pains))]
    assert holds({"streak": 2, "of": HURTS}, *sessions, live_only=True) is answer


def test_a_streak_may_compare_with_the_dose() -> None:
    reached = {"value": {"fact": "reps_last"}, "ge": {"fact": "dose.reps"}}
    node = {"streak": 2, "of": reached}
    assert holds(node, day(0), day(1)) is True
    assert holds(node, day(0), day(1), state=state_of(Dose(2, 9))) is False


def test_a_streak_of_one_asks_the_last_session_alone() -> None:
    node = {"streak": 1, "of": HURTS}
    assert holds(node, day(0, None), day(1, 4)) is True
    assert holds(node, day(0, 4), day(1, None)) is None


def test_a_streak_asks_back_as_far_as_it_is_long() -> None:
    made = compiler()
    made.condition({"any": [{"streak": 4, "of": HURTS}, {"streak": 2, "of": HURTS}]}, "$")
    assert made.window == 4


# counts and windows


@pytest.mark.parametrize(
    ("pains", "answer"),
    [((4, 4), True), ((4, 0), False), ((4, None), None), ((4, 4, None), True), ((0, None), None)],
)
def test_a_count_over_a_window_is_known_when_it_must_be(pains: Any, answer: Any) -> None:
    sessions = [day(number, pain) for number, pain in enumerate(pains)]
    assert holds({"count": HURTS, "over": {"sessions": 5}, "ge": 2}, *sessions) is answer


@pytest.mark.parametrize(
    ("window", "count"),
    [
        ({"sessions": 1}, 1), ({"sessions": 2}, 2), ({"sessions": 2, "skip": 1}, 2),
        ({"sessions": 9}, 5), ({"sessions": 9, "skip": 3}, 2), ({"days": 1}, 1), ({"days": 7}, 3),
        ({"days": 7, "skip": 1}, 3), ({"days": 8}, 4), ({"days": 4, "skip": 6}, 2),
        ({"weeks": 1}, 3), ({"weeks": 2}, 4), ({"weeks": 1, "skip": 1}, 1),
        ({"weeks": 1, "skip": 2}, 1), ({"days": {"param": "three"}}, 2),
    ],
)  # fmt: skip
def test_a_window_holds_these_sessions(window: Any, count: int) -> None:
    sessions = [day(number, 4) for number in (0, 8, 9, 13, 15)]  # of day 15
    assert holds({"count": HURTS, "over": window, "eq": count}, *sessions) is True


def test_a_window_looks_beyond_the_last_change_of_the_dose() -> None:
    seen = context_of(day(0, 4), day(1, 4))
    seen.views = seen.views[:1]
    made = compiler()
    assert made.condition({"count": HURTS, "over": {"sessions": 2}, "eq": 2}, "$")(seen, None)


@pytest.mark.parametrize(("size", "skip", "asked"), [(2, 0, 2), (2, 1, 3), (4, 0, 4), (9, 9, 5)])
def test_the_record_names_the_sessions_of_a_window_up_to_five(
    size: int, skip: int, asked: int
) -> None:
    made = compiler()
    made.condition({"count": HURTS, "over": {"sessions": size, "skip": skip}, "ge": 1}, "$")
    assert made.window == asked


# sets


@pytest.mark.parametrize(
    ("reps", "every", "some"),
    [
        ((8, 8), True, True), ((8, 7), False, True), ((7, 7), False, False),
        ((8, None), None, True), ((7, None), False, None), ((None, None), None, None),
        ((), None, None),
    ],
)  # fmt: skip
def test_every_set_and_some_set(reps: Any, every: Any, some: Any) -> None:
    sets = tuple(SetFact("left", n + 1, 2, 8, each, "v") for n, each in enumerate(reps))
    full = {"fact": "set.reps", "ge": 8}
    assert holds({"every": "set", "is": full}, day(0, sets=sets)) is every
    assert holds({"some": "set", "is": full}, day(0, sets=sets)) is some


@pytest.mark.parametrize("join", ["all", "any"])
def test_what_is_joined_inside_every_set_looks_at_the_set(join: str) -> None:
    full = {"fact": "set.reps", "ge": 8}
    table = {"table": [{"from": 0, "give": 1}], "of": {"fact": "set.reps"}}
    session = day(0, sets=(SetFact("left", 1, 2, 8, 8, "v"),))
    for part in (full, {"value": table, "ge": 1}):
        assert faults_of({"every": "set", "is": {join: [part]}}) == []
        assert holds({"every": "set", "is": {join: [part]}}, session) is True


def test_a_set_is_compared_with_the_dose_and_with_its_target() -> None:
    own: SideState = state_of(Dose(2, 9)).sides[0]
    session = day(0, sets=tuple(rows(own, reps=9)))
    reaches = {"value": {"fact": "set.reps"}, "ge": {"fact": "set.target"}}
    assert holds({"every": "set", "is": reaches}, session) is True
    beyond = {"value": {"fact": "set.reps"}, "gt": {"fact": "dose.reps"}}
    assert holds({"some": "set", "is": beyond}, session, state=state_of(Dose(2, 8))) is True


# what the check says


@pytest.mark.parametrize(
    ("node", "code", "path"),
    [
        (3, "wrong_type", "$"),
        ({"not": {"fact": "pian", "ge": 1}}, "unknown_fact", "$.not.fact"),
        ({"all": [YES, {"fact": "pian"}]}, "unknown_fact", "$.all[1].fact"),
        ({"any": [{"fact": "pian"}, YES]}, "unknown_fact", "$.any[0].fact"),
        ({"known": "pian"}, "unknown_fact", "$.known"),
        ({"known": "set.reps"}, "wrong_level", "$.known"),
        ({"use": "best"}, "unknown_definition", "$"),
        ({"every": "set", "is": {"fact": "pain", "ge": 1}}, "wrong_level", "$.is.fact"),
        ({"some": "set", "is": 3}, "wrong_type", "$.is"),
        ({"streak": 51, "of": HURTS}, "out_of_range", "$.streak"),
        ({"streak": 0, "of": HURTS}, "out_of_range", "$.streak"),
        ({"streak": 1.5, "of": HURTS}, "out_of_range", "$.streak"),
        ({"streak": {"fact": "pain"}, "of": HURTS}, "out_of_range", "$.streak"),
        ({"streak": 2, "of": {"fact": "set.reps", "ge": 1}}, "wrong_level", "$.of.fact"),
        ({"count": {"fact": "pian"}, "over": {"sessions": 1}, "ge": 1}, "unknown_fact",
         "$.count.fact"),
        ({"count": HURTS, "over": {"sessions": 0}, "ge": 1}, "out_of_range", "$.over.sessions"),
        ({"count": HURTS, "over": {"days": 367}, "ge": 1}, "out_of_range", "$.over.days"),
        ({"count": HURTS, "over": {"weeks": 1, "skip": -1}, "ge": 1}, "out_of_range",
         "$.over.skip"),
        ({"count": HURTS, "over": {"weeks": 1, "skip": 367}, "ge": 1}, "out_of_range",
         "$.over.skip"),
        ({"count": HURTS, "over": {"sessions": 2}}, "missing_key", "$"),
        ({"count": HURTS, "over": {"days": 2}, "ge": {"fact": "pain"}}, "unit_mismatch", "$.ge"),
        ({"fact": "pian", "ge": 1}, "unknown_fact", "$.fact"),
        ({"value": {"fact": "pian"}, "ge": 1}, "unknown_fact", "$.value.fact"),
        ({"fact": "pain"}, "missing_key", "$"),
        ({"fact": "morning"}, "missing_key", "$"),
        ({"value": 3}, "missing_key", "$"),
        ({"fact": "morning", "ge": 3}, "wrong_type", "$.ge"),
        ({"fact": "live", "between": [0, 1]}, "wrong_type", "$.between"),
        ({"fact": "pain", "is": "bad"}, "wrong_type", "$.is"),
        ({"fact": "live", "is": 1}, "wrong_type", "$.is"),
        ({"fact": "morning", "in": ["same", "fine"]}, "unknown_word", "$.in"),
        ({"fact": "effort", "between": [{"fact": "reps_last"}, 9]}, "unit_mismatch", "$.between"),
        ({"fact": "pain", "between": [4, {"param": "x"}]}, "unknown_parameter", "$.between"),
    ],
)  # fmt: skip
def test_a_fault_is_named_at_its_place(node: Any, code: str, path: str) -> None:
    assert (code, path) in faults_of(node)


@pytest.mark.parametrize(
    ("relation", "fine", "never"),
    [
        ("lt", (1, 10), (0, 11)), ("ge", (1, 10), (0, 11)), ("gt", (0, 9), (-1, 10)),
        ("le", (0, 9), (-1, 10)), ("ne", (1, 10), (0, 11)), ("eq", (0, 10), ()),
    ],
)  # fmt: skip
def test_a_comparison_with_only_one_answer_is_unreachable(
    relation: str, fine: Any, never: Any
) -> None:
    for value in fine:
        assert faults_of({"fact": "pain", relation: value}) == []
        assert faults_of({"fact": "reps_last", relation: value}) == []
    for value in never:
        assert faults_of({"fact": "pain", relation: value}) == [("unreachable", f"$.{relation}")]
        assert faults_of({"fact": "reps_last", relation: value}) == []


@pytest.mark.parametrize(
    "node",
    [
        {"streak": 50, "of": HURTS}, {"streak": {"param": "three"}, "of": HURTS},
        {"count": HURTS, "over": {"days": 366, "skip": 366}, "ge": 1},
        {"fact": "entry.test"}, {"fact": "entry.test", "ge": 3}, {"fact": "entry.test", "is": "x"},
        {"fact": "stop_reason", "is": "anything"},
        {"count": HURTS, "over": {"days": 9}, "le": {"fact": "sessions_in_epoch"}}, {"value": 3,
         "is": 3},
        {"fact": "pain", "ge": {"fact": "step"}}, {"fact": "step", "ge": {"fact": "pain"}},
        {"every": "set", "is": {"fact": "dose.reps", "ge": 8}},
    ],
)  # fmt: skip
def test_what_is_right_has_no_fault(node: Any) -> None:
    assert faults_of(node) == []


def test_what_is_wrong_is_never_true() -> None:
    for node in (3, {"use": "best"}):
        assert compiler().condition(node, "$")(context_of(day(0)), None) is False


def test_definitions_are_named_where_they_stand_and_may_not_use_themselves() -> None:
    assert faults_of({"use": "a"}, a={"fact": "pian", "ge": 1}) == [
        ("unknown_fact", "$.definitions.a.fact")
    ]
    assert faults_of({"use": "a"}, a={"not": {"use": "b"}}, b={"use": "a"}) == [
        ("recursion", "$.definitions.b")
    ]
    twice: dict[str, Any] = {"all": [{"use": "a"}, {"use": "a"}]}
    assert faults_of(twice, a=HURTS) == []


def test_definitions_that_multiply_are_too_large() -> None:
    pairs: Any = {f"d{n}": {"all": [{"use": f"d{n + 1}"}] * 2} for n in range(12)}
    found = faults_of({"use": "d0"}, **pairs, d12=HURTS)
    assert {code for code, _ in found} == {"too_large"}
    assert found[0][1].startswith("$.definitions.d")
    many = {"all": [{"use": "a"}] * 501}
    assert faults_of(many, a=HURTS) == []
    assert len(faults_of({"any": [*many["all"], {"use": "a"}]}, a=HURTS)) == 1


@pytest.mark.parametrize(
    ("key", "more"), [("streak", {"streak": 1}), ("count", {"over": {"sessions": 1}, "ge": 1})]
)
def test_inside_every_set_a_streak_and_a_count_look_at_sessions(key: str, more: Any) -> None:
    inner = "of" if key == "streak" else "count"
    of_a_set, of_a_session = (
        {"every": "set", "is": {inner: {"fact": name, "ge": 1}, **more}}
        for name in ("set.reps", "pain")
    )
    assert faults_of(of_a_set) == [("wrong_level", f"$.is.{inner}.fact")]
    assert faults_of(of_a_session) == []
    assert holds(of_a_session, log(state_of(), 0, pains=(Pain.one_tap(3),))) is True
