"""What a rule may ask about: each fact by its name, its unit, and where it is unknown."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from programs.progression.facts import FACTS, AtLeast, fact_named, highest, met, plain, view_of
from programs.progression.types import (
    Bounds,
    Dose,
    Epoch,
    Limits,
    Pain,
    SetFact,
    Side,
    SideState,
    Span,
    State,
    Step,
)
from tests.programs.progression.reading import context_of
from tests.programs.progression.story import NOON, START, log, state_of

DOSE = Dose(3, 9, 10, 2, 1, 3, 60, 22_500, 2, 70, 4)
BOUNDS = Bounds(
    Span(1, 5), Span(4, 20, 2), Span(0, 45, 5), Span(1, 6), Span(0, 9), Span(1, 8),
    Span(30, 180, 15), Span(500, 40_000, 250), Span(1, 6), Span(0, 120, 10), Span(1, 7),
)  # fmt: skip
OWN = SideState(
    "left", 1, DOSE, "v1", Epoch(NOON - timedelta(days=1)),
    raised_on=START - timedelta(days=3), lowered_on=START - timedelta(days=20),
    declared=(("best", 12),),
)  # fmt: skip
STATE = State(
    tuple(Step(key, DOSE, BOUNDS, resisted=key == "b") for key in "abcd"),
    (OWN,),
    equipment=("band",),
    started_on=START - timedelta(days=13),
    limits=Limits(resisted_not_before=START + timedelta(days=6)),
    surgery_on=START - timedelta(days=90),
    phase_on=START - timedelta(days=14),
    unit="lb",
)
SETS = (
    SetFact("left", 2, 3, 9, 7, "v1", 10, 9, 20_000, 3, 8),
    SetFact("left", 1, 3, 9, 11, "v1", 10, 12, 22_500, 2, 6),
    SetFact("left", 3, 3, 9, 12, "v1", 10, 10, 17_500, 1, 9, True),
    SetFact("right", 1, 1, 9, 30, "v1"),
)
SESSION = log(
    STATE, 0, sets=SETS, pains=(Pain("left", 1, 4, 3),), morning="worse", morning_pain=2,
    usual_pain=1, effort=6, stop_reason="tired", source="staff",
    answers=(
        ("soreness", "gone"), ("soreness_kind", "muscle"), ("soreness_later", True),
        ("swelling", False), ("pain_place", "heel"),
    ),
)  # fmt: skip
EXTRA = (
    ("adherence", 80), ("missed_in_row", 2), ("phase", 3), ("entry.ten_rm_kg", "42.5"),
    ("entry_on.ten_rm_kg", "2026-02-20"), ("entry.quality", "good"),
)  # fmt: skip
KNOWN: dict[str, Any] = {
    "pain": 4, "pain_before": 1, "pain_during": 4, "pain_after": 3, "morning": "worse",
    "morning_pain": 2, "usual_pain": 1, "morning_rise": True, "effort": 6, "effort_last": 9,
    "sets_met": False, "sets_done": 3, "sets_planned": 3, "reps_last": 12, "reps_least": 7,
    "reps_over_last": 3, "load_last": Fraction("17.5"), "stopped": True, "stop_reason": "tired",
    "live": False, "source": "staff", "soreness": "gone", "soreness_kind": "muscle",
    "soreness_later": True, "swelling": False, "pain_place": "heel",
    "set_reps.1": 11, "set_reps.2": 7, "set_load_kg.2": 20, "set_effort.3": 9, "set_reps.4": None,
    "set_number.2": 2, "set_target.1": 9, "set_over.2": -2, "set_hold_s.1": 12, "set_band.3": 1,
    "dose.sets": 3, "dose.reps": 9, "dose.hold_s": 10, "dose.up_s": 2, "dose.top_s": 1,
    "dose.down_s": 3, "dose.rest_s": 60, "dose.load_kg": Fraction("22.5"), "dose.band": 2,
    "dose.range_deg": 70, "dose.per_week": 4,
    "most.reps": 20, "least.reps": 4, "step_of.reps": 2, "most.sets": 5, "least.rest_s": 30,
    "most.load_kg": 40, "least.load_kg": Fraction("0.5"), "step_of.load_kg": Fraction("0.25"),
    "step": 1, "steps_above": 2, "sessions_in_epoch": 1, "days_since_session": 0,
    "days_since_raise": 3, "days_since_change": 1, "days_since_step_down": 20,
    "days_since_surgery": 90, "days_until_resisted": 6, "day_of_program": 13, "day_of_phase": 14,
    "week_of_program": 2, "week_of_phase": 3, "adherence": 80, "missed_in_row": 2, "phase": 3,
    "red_flag": False,
    "resisted": True, "unit": "lb", "state.best": 12, "state.worst": None, "owns.band": True,
    "owns.machine": False, "entry.ten_rm_kg": Fraction("42.5"), "entry.quality": "good",
    "entry.other": None, "entry_days.ten_rm_kg": 10, "entry_days.other": None,
}  # fmt: skip
OF_A_SET = {
    "set.side": "left", "set.number": 3, "set.reps": 12, "set.target": 9, "set.over": 3,
    "set.hold_s": 10, "set.load_kg": Fraction("17.5"), "set.band": 1, "set.effort": 9,
    "set.max_reps": True, "set.done": True,
}  # fmt: skip
FIELDS = ("sets", "reps", "s", "s", "s", "s", "s", "kg", "level", "degrees", "days")
UNITS = {
    "points": "pain pain_before pain_during pain_after morning_pain usual_pain effort effort_last"
    " set.effort set_effort.1",
    "sets": "sets_done sets_planned", "kg": "load_last set.load_kg set_load_kg.2",
     "s": "set.hold_s",
    "reps": "reps_last reps_least reps_over_last set.reps set.target set.over set_reps.4",
    "level": "set.band", "sessions": "sessions_in_epoch missed_in_row", "percent": "adherence",
    "days": "days_since_session days_since_raise days_since_change days_since_step_down"
    " days_since_surgery days_until_resisted day_of_program day_of_phase entry_days.ten_rm_kg",
    "weeks": "week_of_program week_of_phase",
    "": "set.number step steps_above phase state.best morning unit owns.band entry.ten_rm_kg",
}  # fmt: skip
WORDS = {
    "morning": ("better", "same", "worse"), "source": ("live", "backfilled", "staff"),
    "soreness": ("none", "gone", "persists", "returns"), "soreness_kind": ("joint", "muscle"),
    "set.side": ("left", "right", "both"), "unit": ("kg", "lb"), "stop_reason": (),
    "pain_place": (),
}  # fmt: skip
FLAGS = {
    "morning_rise", "sets_met", "stopped", "live", "soreness_later", "swelling", "set.max_reps",
    "set.done", "red_flag", "resisted", "owns.band",
}  # fmt: skip


def read(name: str, *sessions: Any, **known: Any) -> Any:
    """A fact of the side, or of the last of these sessions."""
    fact, seen = fact_named(name), context_of(*sessions, **known)
    assert fact is not None
    return fact.read(seen if fact.level == "side" else seen.views[0])


@pytest.mark.parametrize("name", KNOWN)
def test_a_fact_is_read_by_its_name(name: str) -> None:
    found = read(name, SESSION, state=STATE, extra=EXTRA)
    assert found == KNOWN[name]
    assert type(found) is not AtLeast


@pytest.mark.parametrize("name", OF_A_SET)
def test_a_fact_of_a_set_is_read_by_its_name(name: str) -> None:
    assert FACTS[name].read(SETS[2]) == OF_A_SET[name]
    assert FACTS[name].level == "set"


def test_every_fact_of_the_table_is_tried_here() -> None:
    ends = {name for name in FACTS if name.startswith(("most.", "least.", "step_of."))}
    assert FACTS.keys() - ends <= KNOWN.keys() | OF_A_SET.keys()
    assert len(ends) == 3 * len(FIELDS)


@pytest.mark.parametrize("unit", UNITS)
def test_a_fact_has_its_unit(unit: str) -> None:
    found = [fact_named(name) for name in UNITS[unit].split()]
    assert {fact.unit for fact in found if fact} == {unit}
    assert None not in found


@pytest.mark.parametrize("family", ["dose", "most", "least", "step_of"])
def test_a_field_has_its_unit(family: str) -> None:
    facts = [FACTS[f"{family}.{name}"] for name in Dose._fields if name != "load_g"]
    assert [fact.unit for fact in facts] == [unit for unit in FIELDS if unit != "kg"]
    assert FACTS[f"{family}.load_kg"].unit == "kg"


def test_a_fact_is_a_number_a_word_or_yes_and_no() -> None:
    kinds = {name: fact.kind for name in [*KNOWN, *OF_A_SET] if (fact := fact_named(name))}
    assert {name for name, kind in kinds.items() if kind == "word"} == WORDS.keys()
    assert {name for name, kind in kinds.items() if kind == "flag"} == {*FLAGS, "owns.machine"}
    assert {name.partition(".")[0] for name, kind in kinds.items() if kind == "any"} == {"entry"}
    assert set(kinds.values()) == {"word", "flag", "any", "number"}


@pytest.mark.parametrize("name", WORDS)
def test_a_word_has_its_choices(name: str) -> None:
    assert FACTS[name].choices == WORDS[name]


@pytest.mark.parametrize(
    "name", ["pian", "dose", "dose.mood", "set_reps.x", "set_side.1", "reps.1"]
)
def test_a_name_that_is_no_fact_is_none(name: str) -> None:
    assert fact_named(name) is None


@pytest.mark.parametrize(("end", "pounds"), [("most", 400), ("least", 5), ("step_of", "2.5")])
def test_the_ends_of_a_machine_in_pounds_are_in_kg(end: str, pounds: Any) -> None:
    steps = tuple(
        each._replace(bounds=BOUNDS._replace(load_g=Span(50, 4000, 25, True)))
        for each in STATE.ladder
    )
    found = read(f"{end}.load_kg", state=STATE._replace(ladder=steps))
    assert found == Fraction(pounds) * Fraction("0.45359237")


def test_what_has_no_span_load_or_day_is_unknown() -> None:
    state = state_of()._replace(started_on=None)
    names = ("most.band", "most.load_kg", "dose.load_kg", "dose.band", "day_of_program")
    unknown = (*names, "week_of_program", "days_since_raise", "days_since_session", "phase")
    bare = tuple(step._replace(bounds=Bounds()) for step in state.ladder)
    assert {read(name, state=state._replace(ladder=bare)) for name in unknown} == {None}


# pain


@pytest.mark.parametrize(
    ("during", "after", "pain"), [(4, 4, 4), (4, 6, 6), (6, 4, 6), (0, 0, 0), (None, None, None)]
)
def test_pain_is_the_higher_of_during_and_after(during: Any, after: Any, pain: Any) -> None:
    assert read("pain", log(STATE, 0, pains=(Pain("left", 9, during, after),))) == pain


@pytest.mark.parametrize(("during", "after"), [(5, None), (None, 5)])
def test_of_half_known_pain_the_known_half_is_the_least(during: Any, after: Any) -> None:
    pain = read("pain", log(STATE, 0, pains=(Pain("left", None, during, after),)))
    assert (pain >= 5, pain >= 6, pain > 4, pain > 5) == (True, None, True, None)
    assert (pain < 5, pain < 6, pain <= 4, pain <= 5) == (False, None, False, None)
    assert (pain == 4, pain == 5, pain != 4, pain != 5) == (False, None, True, None)


def test_of_several_pains_of_a_side_each_time_has_its_highest() -> None:
    pains = (Pain("left", 1, 2, 3), Pain(None, 3, 1, 0), Pain("right", 9, 9, 9))
    session = log(STATE, 0, pains=pains)
    names = ("pain_before", "pain_during", "pain_after", "pain")
    assert [read(name, session) for name in names] == [3, 2, 3, 3]


@pytest.mark.parametrize(
    ("values", "expected"), [((), None), ((None,), None), ((2, 5), 5), ((0, 0), 0)]
)
def test_the_highest_of_what_is_known(values: Any, expected: Any) -> None:
    assert highest(values) == expected


def test_the_highest_of_partly_unknown_values_is_at_least_the_known_one() -> None:
    for found in (highest((3, None)), highest((AtLeast(3), 1)), highest((AtLeast(1), 3))):
        assert type(found) is AtLeast
        assert found.least == 3


# the morning


@pytest.mark.parametrize(
    ("morning", "pain", "usual", "rise"),
    [
        ("worse", 0, 3, True), ("worse", None, None, True), ("same", 2, 1, True),
        ("same", 1, 1, False), ("better", 0, 1, False), ("same", 3, None, False),
        ("better", None, 2, False), (None, 2, 1, True), (None, 1, 1, False),
        (None, 1, None, None), (None, None, None, None),
    ],
)  # fmt: skip
def test_a_morning_is_above_usual_by_its_word_or_its_number(
    morning: Any, pain: Any, usual: Any, rise: Any
) -> None:
    session = log(STATE, 0, morning=morning, morning_pain=pain, usual_pain=usual)
    assert read("morning_rise", session) is rise


# the sets


def rows(*reps: int | None, of: int = 2, **changes: Any) -> tuple[SetFact, ...]:
    made = (SetFact("left", n + 1, of, 8, each, "v1") for n, each in enumerate(reps))
    return tuple(each._replace(**changes) for each in made)


@pytest.mark.parametrize(
    ("reps", "done", "least", "last", "over", "all_met"),
    [
        ((8, 8), 2, 8, 8, 0, True), ((9, 8), 2, 8, 8, 0, True), ((8, 7), 2, 7, 7, -1, False),
        ((8, None), 1, 0, 0, -8, False), ((None, 8), 1, 0, 8, 0, False),
        ((8,), 1, 8, 0, -8, False), ((6, 10), 2, 6, 10, 2, False), ((0, 8), 2, 0, 8, 0, False),
    ],
)  # fmt: skip
def test_the_sets_of_a_session(
    reps: Any, done: int, least: int, last: int, over: int, all_met: bool
) -> None:
    session = log(STATE, 0, sets=rows(*reps))
    names = ("sets_done", "reps_least", "reps_last", "reps_over_last", "sets_met", "sets_planned")
    assert [read(name, session) for name in names] == [done, least, last, over, all_met, 2]


def test_the_last_planned_set_has_no_load_or_effort_unless_it_was_done() -> None:
    for reps in ((8, None), (8,), (8, 0)):
        session = log(STATE, 0, sets=rows(*reps, load_g=20_000, effort=7))
        assert (read("load_last", session), read("effort_last", session)) == (None, None)


@pytest.mark.parametrize(
    ("reps", "target", "hold", "met_it"),
    [
        (8, 0, None, True), (7, 0, None, False), (None, 0, None, False), (8, 10, 10, True),
        (8, 10, 9, False), (8, 10, None, False), (9, 0, 0, True), (8, 1, None, False),
    ],
)  # fmt: skip
def test_a_set_is_met_at_its_target_of_reps_and_hold(
    reps: Any, target: int, hold: Any, met_it: bool
) -> None:
    row = rows(reps, target_hold_s=target, hold_s=hold)[0]
    assert met(row) is met_it


def test_sets_under_two_doses_belong_to_neither() -> None:
    first, second = rows(8, 8)
    versions = [
        view_of(log(STATE, 0, sets=sets), "left")
        for sets in ((first, second), (first, second._replace(dose_version="v2")), ())
    ]
    assert [view and view.version for view in versions] == ["v1", "", None]


@pytest.mark.parametrize(
    ("reps", "of", "trained"), [((8,), 2, True), ((8,), 3, False), ((), 2, False)]
)
def test_half_of_the_planned_sets_count_as_trained(reps: Any, of: int, trained: bool) -> None:
    view = view_of(log(STATE, 0, sets=rows(*reps, of=of)), "left")
    assert view is not None
    assert view.trained is trained


# sides


@pytest.mark.parametrize(
    ("side", "numbers", "pain"), [("left", [1, 3], 5), ("right", [2, 3], 7), ("both", [1, 2, 3], 7)]
)
def test_a_side_sees_its_own_and_what_is_of_both(side: Side, numbers: Any, pain: int) -> None:
    sides: tuple[Side, ...] = ("both", "right", "left")
    sets = tuple(SetFact(each, 3 - n, 3, 8, 8, "v1") for n, each in enumerate(sides))
    pains = (("left", 2), ("right", 7), ("both", 5), (None, 0))
    told = tuple(Pain(of, 6 if of is None else 1, worst, worst) for of, worst in pains)
    view = view_of(log(STATE, 0, sets=sets, pains=told), side)
    assert view is not None
    assert [each.number for each in view.sets] == numbers
    assert (view.pain, view.pain_before) == (pain, 6)


def test_a_session_without_anything_of_a_side_is_not_seen_by_it() -> None:
    other = log(STATE, 0, sets=(SETS[3],), pains=(Pain("right", 0, 1, 1),))
    assert view_of(other, "left") is None
    assert view_of(other, "right") is view_of(other, "right")
    assert context_of(other, SESSION).latest() == "s0"
    assert context_of(other).latest() is None


# adherence


def adherence(due: tuple[int, ...], done: tuple[int, ...], *, days: int = 7) -> Any:
    """Percent on day 10, of days that were due and days that were trained."""
    today, sessions = START + timedelta(days=10), [log(state_of(), day) for day in done]
    seen = context_of(*sessions, today=today, due=tuple(START + timedelta(days=d) for d in due))
    return seen.adherence(days)


@pytest.mark.parametrize(
    ("due", "done", "percent"),
    [
        ((4, 6, 8), (4, 6), Fraction(200, 3)), ((4, 6, 8), (4, 6, 8, 9), 100),
        ((3, 6, 8), (3, 6), Fraction(200, 3)), ((2, 6, 8), (), None), ((6, 8), (6, 8), None),
        ((6, 8, 10), (6, 8), None), ((3, 4, 5, 6), (2, 10), 25), ((3, 4, 5, 9), (), 0),
    ],
)  # fmt: skip
def test_adherence_is_done_of_due_before_today(due: Any, done: Any, percent: Any) -> None:
    assert adherence(due, done) == percent


def test_days_since_a_session_counts_those_that_were_trained() -> None:
    bare = log(STATE, 3, sets=(SETS[0]._replace(reps=None),))
    assert read("days_since_session", SESSION, bare, state=STATE) == 3


# as it is stored


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (AtLeast(4), 4),
        (AtLeast(Fraction(5, 2)), "2.5"),
        (Fraction(4, 2), 2),
        (None, None),
        ("a", "a"),
    ],
)
def test_a_value_is_stored_as_a_whole_number_or_a_text(value: Any, stored: Any) -> None:
    assert plain(value) == stored
    assert type(plain(value)) is type(stored)


@pytest.mark.parametrize(("ahead", "days"), [(6, 6), (1, 1), (0, 0), (-9, 0), (None, None)])
def test_the_date_before_which_nothing_resisted_is_trained(
    ahead: int | None, days: int | None
) -> None:
    on = None if ahead is None else START + timedelta(days=ahead)
    found = read("days_until_resisted", state=STATE._replace(limits=Limits(resisted_not_before=on)))
    assert found == days
