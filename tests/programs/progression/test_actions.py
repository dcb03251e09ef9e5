"""What each action makes of a dose, where it can't, and what the check says of it."""

from datetime import date
from typing import Any

import pytest

from programs.progression.actions import Action, compile_action, compile_actions
from programs.progression.doses import Blocked, Change
from programs.progression.types import Bounds, Dose, Limits, Notice, Pain, Span, State
from tests.programs.progression.reading import compiler, context_of
from tests.programs.progression.story import ladder, log, state_of

BOUNDS = Bounds(
    sets=Span(1, 5), reps=Span(4, 20, 2), load_g=Span(0, 60_000, 500), band=Span(1, 4),
    hold_s=Span(0, 60, 5),
)  # fmt: skip
DOSE = Dose(3, 8, load_g=40_000)
UP, DOWN = {"do": "ladder", "go": "up"}, {"do": "ladder", "go": "down"}


def made(node: Any) -> Action:
    build = compiler()
    action = compile_action(build, node, "$", "mine")
    assert build.faults == []
    return action


def state(dose: Dose = DOSE, largest: int = 50, **changes: Any) -> State:
    limits = Limits(largest_step_percent=largest)
    return state_of(dose, steps=ladder(*["each"] * 3, bounds=BOUNDS), limits=limits, **changes)


def act(node: Any, dose: Dose = DOSE, *sessions: Any, **changes: Any) -> Any:
    """What an action makes of this dose: the change, why it is blocked, or None (unknown)."""
    run, seen = made(node).run, context_of(*sessions, state=state(dose, **changes))
    assert run is not None
    return run(seen, seen.views[0] if seen.views else None)


def add(field: str, by: Any, to: Any = None, **more: Any) -> dict[str, Any]:
    return {"do": "add", "field": field, "by": by, **({} if to is None else {"to": to}), **more}


def clamps(change: Any) -> list[tuple[Any, ...]]:
    return [tuple(each) for each in change.clamps]


BLANK = log(state(), 0, pains=())


@pytest.mark.parametrize(
    ("node", "dose"),
    [
        (add("reps", 2, 12), DOSE._replace(reps=10)),
        (add("reps", 6, 12), DOSE._replace(reps=12)),
        (add("reps", -2, 6), DOSE._replace(reps=6)),
        (add("reps", -4, 6), DOSE._replace(reps=6)),
        (add("reps", -4), DOSE._replace(reps=4)),
        (add("load_kg", 2.5, 60), DOSE._replace(load_g=42_500)),
        (add("load_kg", 2.5, 41), DOSE._replace(load_g=41_000)),
        (add("load_kg", -2.5), DOSE._replace(load_g=37_500)),
        (add("sets", 1, 5, reset={"reps": 6, "load_kg": 20}), Dose(4, 6, load_g=20_000)),
        (add("sets", 1, 5, reset={"reps": {"fact": "least.reps"}}), Dose(4, 4, load_g=40_000)),
        ({"do": "set", "field": "reps", "to": 12}, DOSE._replace(reps=12)),
        ({"do": "set", "field": "load_kg", "to": 41.5}, DOSE._replace(load_g=41_500)),
        ({"do": "set", "field": "sets", "to": 2,
         "reset": {"reps": 12}}, Dose(2, 12, load_g=40_000)),
        ({"do": "scale", "field": "load_kg", "percent": 5}, DOSE._replace(load_g=42_000)),
        ({"do": "scale", "field": "load_kg", "percent": -5}, DOSE._replace(load_g=38_000)),
        ({"do": "scale", "field": "reps", "percent": 25}, DOSE._replace(reps=10)),
        ({"do": "deload", "field": "load_kg", "percent": 10}, DOSE._replace(load_g=36_000)),
        ({"do": "hold"}, DOSE), ({"do": "repeat"}, DOSE),
    ],
)  # fmt: skip
def test_an_action_changes_one_thing(node: Any, dose: Dose) -> None:
    assert act(node) == Change(1, dose)


@pytest.mark.parametrize(
    ("node", "clamp"),
    [
        (add("reps", 3, 12), ("step", "reps", 11, 10)),
        (add("reps", 40, 50), ("bound", "reps", 48, 20)),
        ({"do": "set", "field": "load_kg", "to": 61}, ("bound", "load_g", 61_000, 60_000)),
        ({"do": "deload", "field": "load_kg", "percent": 4.3}, ("step", "load_g", 38_280, 38_000)),
    ],
)  # fmt: skip
def test_bounds_and_the_step_of_the_equipment_cut_a_change(node: Any, clamp: Any) -> None:
    change = act(node)
    assert clamps(change) == [clamp]
    assert getattr(change.dose, clamp[1]) == clamp[3]


def test_the_clinics_largest_step_cuts_a_rise_and_never_a_reduction() -> None:
    change = act({"do": "set", "field": "load_kg", "to": 50}, largest=10)
    assert clamps(change) == [("largest_step", "load_g", 50_000, 44_000)]
    assert change.dose.load_g == 44_000
    assert act({"do": "set", "field": "load_kg", "to": 10}, largest=10).clamps == ()


def test_from_no_load_at_all_any_step_may_be_taken() -> None:
    change = act(add("load_kg", 2.5, 60), DOSE._replace(load_g=0), largest=10)
    assert (change.dose.load_g, change.clamps) == (2500, ())


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (add("reps", 2, 8), "at_bound"), (add("reps", 2, 6), "at_bound"),
        (add("reps", -2, 10), "at_bound"), (add("reps", 1, 12), "at_bound"),
        (add("band", 1, 4), "no_field"), (add("range_deg", 10, 90), "no_field"),
        (add("rest_s", 10, 90), "no_bound"),
        (add("rest_s", 10, {"fact": "most.rest_s"}), "no_bound"),
        ({"do": "set", "field": "reps", "to": 8}, "at_bound"),
        ({"do": "deload", "field": "band", "percent": 10}, "no_field"),
        ({"do": "scale", "field": "reps", "percent": 1}, "at_bound"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_blocked(node: Any, reason: str) -> None:
    assert act(node) == Blocked(reason)


@pytest.mark.parametrize(
    "node",
    [
        add("reps", {"fact": "set_reps.9"}, 12),
        add("reps", 2, {"fact": "entry.top"}),
        add("reps", -2, {"fact": "entry.bottom"}),
        add("reps", -2, reset={"sets": {"fact": "pain"}}),
        {"do": "set", "field": "reps", "to": {"fact": "pain"}},
        {"do": "scale", "field": "load_kg", "percent": {"times": [1, {"fact": "entry.x"}]}},
        {"do": "first", "of": [{"do": "set", "field": "sets", "to": {"fact": "pain"}}, UP]},
        {"do": "propose", "of": {"do": "set", "field": "reps", "to": {"fact": "pain"}}},
    ],
)
def test_an_unknown_number_changes_nothing(node: Any) -> None:
    assert act(node, DOSE, BLANK) is None


def test_half_known_pain_is_no_number_of_a_dose() -> None:
    half = log(state(), 0, pains=(Pain(during=6),))
    assert act({"do": "set", "field": "reps", "to": {"fact": "pain"}}, DOSE, half) is None


@pytest.mark.parametrize(
    ("parts", "change"),
    [
        ([add("reps", 2, 8), add("sets", 1, 4), UP], Change(1, DOSE._replace(sets=4))),
        ([add("band", 1, 4), add("reps", 2, 8), UP], Change(2, Dose(2, 8))),
        ([add("reps", 2, 12), UP], Change(1, DOSE._replace(reps=10))),
        ([add("reps", 2, 8), add("rest_s", 1, 90)], Blocked("no_bound")),
        ([add("band", -1), add("reps", -2, 8), DOWN], Change(0, Dose(2, 8))),
    ],
)  # fmt: skip
def test_the_first_that_can_still_be_done_is_done(parts: Any, change: Any) -> None:
    assert act({"do": "first", "of": parts}) == change


def test_a_proposed_action_is_the_same_change_for_a_person() -> None:
    node = {"do": "propose", "of": add("reps", 2, 12)}
    assert act(node) == Change(1, DOSE._replace(reps=10), propose=True)
    assert act({"do": "propose", "of": add("reps", 2, 8)}) == Blocked("at_bound")
    assert (made(node).raises, made(node).fields) == (1, {"reps"})


def test_the_ladder_goes_up_and_down() -> None:
    assert act(UP) == Change(2, Dose(2, 8))
    assert act(DOWN) == Change(0, Dose(2, 8))


@pytest.mark.parametrize(("to", "declare"), [(3, 3), (2.9, 2), ({"fact": "step"}, 1)])
def test_a_declared_number_is_whole_and_leaves_the_dose(to: Any, declare: int) -> None:
    change = act({"do": "declare", "name": "best", "to": to})
    assert change == Change(1, DOSE, declare=("best", declare))
    assert (
        act({"do": "declare", "name": "best", "to": {"fact": "pain"}}, DOSE, BLANK).declare is None
    )


# a load and its repetitions


SCALE: Any = {"do": "scale", "field": "load_kg", "percent": 5, "reps": [8, 12]}


def test_a_load_that_rises_puts_the_repetitions_back() -> None:
    change = act(SCALE, DOSE._replace(reps=12))
    assert (change.dose.load_g, change.dose.reps, change.clamps) == (42_000, 8, ())
    assert act(SCALE, DOSE._replace(reps=6)).dose.reps == 6
    less = act({**SCALE, "percent": -5}, DOSE._replace(reps=12))
    assert (less.dose.load_g, less.dose.reps) == (38_000, 12)
    assert act({**SCALE, "percent": 0}) == Blocked("at_bound")


@pytest.mark.parametrize(
    ("reps", "by", "then"), [(8, 1, 9), (12, 1, 13), (13, 1, 14), (12, 5, 14), (8, 3, 11)]
)
def test_where_the_equipment_cannot_the_repetitions_rise(reps: int, by: int, then: int) -> None:
    change = act({**SCALE, "reps_by": by}, Dose(3, reps, load_g=1000))
    assert (change.dose.reps, change.dose.load_g, change.propose) == (then, 1000, False)
    assert clamps(change) == [("equipment_step", "load_g", 1050, 1000)]


def test_two_above_the_top_one_step_of_the_equipment_is_proposed() -> None:
    change = act(SCALE, Dose(3, 14, load_g=1000))
    assert (change.dose.reps, change.dose.load_g, change.propose) == (8, 1500, True)
    assert clamps(change) == [("equipment_step", "load_g", 1050, 1500)]


def test_a_load_at_its_bound_or_without_one_stays() -> None:
    assert act(SCALE, Dose(3, 8, load_g=60_000)) == Blocked("at_bound")
    assert act(SCALE, Dose(3, 8)) == Blocked("no_field")
    bare = state()._replace(ladder=ladder(*["each"] * 3, bounds=Bounds()))
    run = made(SCALE).run
    assert run is not None
    assert run(context_of(state=bare), None) == Blocked("no_bound")


def test_without_a_bound_of_repetitions_they_stay_and_a_step_is_proposed() -> None:
    bounds = BOUNDS._replace(reps=None)
    low = state(Dose(3, 8, load_g=1000))
    run, seen = made(SCALE).run, low._replace(ladder=ladder(*["each"] * 3, bounds=bounds))
    assert run is not None
    change = run(context_of(state=seen), None)
    assert change == Change(1, Dose(3, 8, load_g=1500), change.clamps, propose=True)


def test_the_highest_repetitions_of_the_step_end_their_rise() -> None:
    bounds = BOUNDS._replace(reps=Span(4, 13))
    low = state(Dose(3, 13, load_g=1000))._replace(ladder=ladder(*["each"] * 3, bounds=bounds))
    run = made(SCALE).run
    assert run is not None
    change = run(context_of(state=low), None)
    assert isinstance(change, Change)
    assert (change.dose.reps, change.dose.load_g) == (8, 1500)


def test_a_fixed_percent_of_a_load_is_cut_by_the_clinic() -> None:
    change = act({**SCALE, "percent": 20}, largest=10)
    assert clamps(change) == [("largest_step", "load_g", 48_000, 44_000)]


# what is told, closed and asked


@pytest.mark.parametrize(
    ("node", "notice"),
    [
        ({"do": "notify", "kind": "x"}, Notice("clinician", "x", "mine", False)),
        ({"do": "notify", "to": "patient", "kind": "x", "urgent": True}, Notice("patient", "x",
         "mine", True)),
        ({"do": "flag", "kind": "y"}, Notice("clinician", "y", "mine")),
        ({"do": "flag"}, Notice("clinician", "flag", "mine")),
        ({"do": "ask", "fact": "soreness"}, Notice("patient", "ask:soreness", "mine")),
        ({"do": "ask", "to": "clinician", "fact": "entry.x"}, Notice("clinician", "ask:entry.x",
         "mine")),
    ],
)  # fmt: skip
def test_who_is_told_or_asked(node: Any, notice: Notice) -> None:
    assert made(node) == Action(notice=notice)


@pytest.mark.parametrize(
    ("node", "action"),
    [
        ({"do": "lock"}, Action(lock=True)),
        ({"do": "lock", "days": 3}, Action(lock=True, lock_days=3)),
        ({"do": "lock", "until": "2026-05-31"}, Action(lock=True, lock_until=date(2026, 5, 31))),
        ({"do": "stop", "what": "program"}, Action(lock=True)),
        ({"do": "stop", "what": "exercise"}, Action(stops="exercise")),
        ({"do": "stop", "what": "session"}, Action(stops="session")),
        ({"do": "rest", "days": 2}, Action(rest_days=2)),
    ],
)  # fmt: skip
def test_what_is_closed_and_for_how_long(node: Any, action: Action) -> None:
    assert made(node) == action


@pytest.mark.parametrize(
    ("node", "raises", "fields"),
    [
        (add("reps", 2, 9), 1, {"reps"}), (add("load_kg", -2), -1, {"load_g"}),
        (add("reps", {"fact": "step"}, 9), None, {"reps"}), (add("reps", 0, 9), None, {"reps"}),
        ({"do": "set", "field": "load_kg", "to": 8}, None, {"load_g"}),
        ({"do": "scale", "field": "load_kg", "percent": 5}, 1, {"load_g"}),
        ({"do": "scale", "field": "reps", "percent": {"param": "half"}}, None, {"reps"}),
        ({"do": "deload", "field": "load_kg", "percent": 5}, -1, {"load_g"}),
        (UP, 1, {"step"}), (DOWN, -1, {"step"}), ({"do": "hold"}, 0, set()),
        ({"do": "declare", "name": "x", "to": 1}, 0, set()),
        ({"do": "first", "of": [add("reps", 1, 9), UP]}, 1, {"reps", "step"}),
        ({"do": "first", "of": [add("reps", -1), {"do": "set", "field": "sets", "to": 1}]},
         None, {"reps", "sets"}),
    ],
)  # fmt: skip
def test_the_direction_and_the_fields_are_known_beforehand(
    node: Any, raises: Any, fields: set[str]
) -> None:
    assert (made(node).raises, made(node).fields) == (raises, fields)


@pytest.mark.parametrize(
    ("node", "faults"),
    [
        (add("reps", 1), [("missing_bound", "$")]),
        (add("reps", {"fact": "step"}), [("missing_bound", "$")]),
        (add("reps", {"param": "three"}, 9), [("unit_mismatch", "$.by")]),
        (add("load_kg", {"fact": "reps_last"}, 9), [("unit_mismatch", "$.by")]),
        (add("reps", {"param": "x"}, 9), [("unknown_parameter", "$.by")]),
        (add("reps", 1, {"param": "x"}), [("unknown_parameter", "$.to")]),
        (add("reps", 1, 9, reset={"sets": {"param": "x"}}), [("unknown_parameter",
         "$.reset.sets")]),
        ({"do": "set", "field": "reps", "to": {"param": "x"}}, [("unknown_parameter", "$.to")]),
        ({"do": "set", "field": "reps", "to": 1, "reset": {"sets": {"param": "x"}}},
         [("unknown_parameter", "$.reset.sets")]),
        ({"do": "scale", "field": "reps", "percent": {"param": "x"}}, [("unknown_parameter",
         "$.percent")]),
        ({"do": "scale", "field": "reps", "percent": {"param": "three"}}, [("unit_mismatch",
         "$.percent")]),
        ({**SCALE, "reps": [0, 12]}, [("out_of_range", "$.reps")]),
        ({**SCALE, "reps": [1, 101]}, [("out_of_range", "$.reps")]),
        ({**SCALE, "reps_by": 0}, [("out_of_range", "$.reps")]),
        ({"do": "deload", "field": "reps", "percent": -5}, [("out_of_range", "$.percent")]),
        ({"do": "deload", "field": "reps", "percent": 0}, [("out_of_range", "$.percent")]),
        ({"do": "lock", "days": 0}, [("out_of_range", "$.days")]),
        ({"do": "rest", "days": 367}, [("out_of_range", "$.days")]),
        ({"do": "declare", "name": "x", "to": {"param": "x"}}, [("unknown_parameter", "$.to")]),
        ({"do": "propose", "of": {"do": "lock"}}, [("wrong_type", "$.of")]),
        ({"do": "propose", "of": add("reps", 1)}, [("missing_bound", "$.of")]),
        ({"do": "first", "of": [UP, {"do": "lock"}]}, [("wrong_type", "$.of")]),
        ({"do": "first", "of": [UP, add("reps", 1)]}, [("missing_bound", "$.of[1]")]),
        ({"do": "first", "of": [UP, DOWN]}, [("raises_and_lowers", "$")]),
    ],
)  # fmt: skip
def test_a_fault_is_named_at_its_place(node: Any, faults: Any) -> None:
    build = compiler()
    compile_action(build, node, "$", "mine")
    assert [(each.code, each.path) for each in build.faults] == faults


def test_the_widest_ranges_are_no_fault() -> None:
    assert made({"do": "rest", "days": 366}).rest_days == 366
    assert made({"do": "lock", "days": 1}).lock_days == 1
    assert made({**SCALE, "reps": [1, 100], "reps_by": 100}).raises == 1
    assert made(add("load_kg", {"fact": "dose.load_kg"}, 9)).fields == {"load_g"}


def test_a_rule_changes_the_dose_once() -> None:
    build = compiler()
    compile_actions(build, [UP, {"do": "lock"}, DOWN, add("reps", 1)], "$.then", "mine")
    found = [(each.code, each.path) for each in build.faults]
    assert found == [("missing_bound", "$.then[3]"), ("two_dimensions", "$.then")]
    actions = compile_actions(compiler(), [UP, {"do": "flag"}], "$", "mine")
    assert [each.notice and each.notice.rule for each in actions] == [None, "mine"]
