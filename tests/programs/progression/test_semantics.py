"""The fourteen points that must hold, by number; the seventh is in test_semantics_of_sides."""

from datetime import timedelta

import pytest

from programs.codec import from_json, to_json
from programs.progression import (
    NextLoad,
    apply,
    clear,
    decide,
    load_preset,
    load_ruleset,
    next_load,
    next_set,
    override,
    replay,
    stale,
    undo,
)
from programs.progression.types import (
    Bounds,
    Clamp,
    Dose,
    History,
    Limits,
    Pain,
    RedFlag,
    Snapshot,
    Span,
)
from tests.programs.progression.presets.given import machine, preset
from tests.programs.progression.story import (
    BOUNDS,
    ENTRY,
    NOON,
    START,
    Story,
    at,
    both_sides,
    ladder,
    log,
    rows,
    state_of,
)

CURL = load_preset("standing_curl_default")
BAD = (Pain.one_tap(7),)


# 1 tiers


def test_01_a_hold_never_suppresses_a_reduction() -> None:
    story = at(2, 12).train(0, pains=BAD, morning="worse")
    decision = story.decide().side("left")
    assert story.dose() == (1, 2, 10)
    assert [(s.rule, s.reason) for s in decision.suppressed] == [("hold", "lower_wins")]


def test_01_a_stop_does_not_undo_a_reduction_either() -> None:
    story = at(2, 12).train(0, pains=BAD, red_flags=("calf",))
    assert story.decide().lock
    assert story.dose() == (1, 2, 10)


def test_01_a_rise_that_gives_way_is_recorded_as_suppressed() -> None:
    story = at(2, 8).train(0, 2, morning_pain=0).train(4, morning="worse")
    story.sessions = (*story.sessions[:2], story.sessions[2]._replace(pains=(Pain.one_tap(0),)))
    decision = story.decide().side("left")
    assert (decision.outcome, decision.rule) == ("kept", "hold")


def test_01_the_order_of_authoring_never_matters() -> None:
    raw = dict(CURL.raw)
    turned = load_ruleset({**raw, "rules": list(reversed(raw["rules"]))})
    story = at(2, 12).train(0, pains=BAD, morning="worse")
    history = History(story.sessions, START)
    left, right = (decide(r, story.state, history, NOON) for r in (CURL, turned))
    assert (left, turned.version) == (right, CURL.version)


# 2 epochs


def test_02_a_streak_counts_only_sessions_since_the_dose_changed() -> None:
    story = at(2, 8).train(0, 6)
    story.decide()
    story.train(12).decide()
    assert story.dose() == (1, 2, 10)
    story.train(18).decide()
    assert story.dose() == (1, 2, 12)


def test_02_a_session_that_lowered_the_dose_does_not_lower_it_again() -> None:
    story = at(2, 12).train(0, pains=BAD, morning=None)
    story.decide(0.1, trigger="session.end")
    late = story.sessions[0]._replace(morning="worse", recorded_at=NOON + timedelta(days=1))
    story.sessions = (late,)
    story.decide(1)
    assert story.dose() == (1, 2, 10)


# 3 unknown


@pytest.mark.parametrize("changes", [{"pains": ()}, {"effort": None}, {"morning": None}])
def test_03_what_is_unknown_never_raises_the_dose(changes: dict[str, object]) -> None:
    story = at(2, 8).train(0).train(2, **changes)
    assert story.decide().side("left").missing
    assert story.dose() == (1, 2, 8)


def test_03_half_known_pain_lowers_if_it_is_high_and_holds_if_it_is_not() -> None:
    high = at(2, 12).train(0, pains=(Pain(during=7),))
    low = at(2, 12).train(0, 2, pains=(Pain(during=0),))
    high.decide()
    low.decide()
    assert (high.dose(), low.dose()) == ((1, 2, 10), (1, 2, 12))


def test_03_known_never_answers_unknown() -> None:
    rule = {
        "id": "ask",
        "tier": "info",
        "if": {"not": {"known": "morning"}},
        "then": [{"do": "ask", "to": "patient", "fact": "morning"}],
    }
    ruleset = load_ruleset({**CURL.raw, "rules": [*CURL.raw["rules"], rule]})
    story = Story(ruleset=ruleset).train(0, morning=None)
    assert "ask:morning" in {notice.kind for notice in story.decide().notices}


# 4 live, back-filled, staff


@pytest.mark.parametrize("source", ["backfilled", "staff"])
def test_04_sessions_that_are_not_live_count_for_safety_only(source: str) -> None:
    good = at(2, 8).train(0, 2, source=source)
    sore = at(2, 12).train(0, source=source, pains=BAD)
    good.decide()
    sore.decide()
    assert (good.dose(), sore.dose()) == ((1, 2, 8), (1, 2, 10))


def test_04_a_backfilled_session_between_two_good_ones_neither_adds_nor_hides() -> None:
    story = at(2, 8).train(0).train(1, source="backfilled").train(2)
    story.decide()
    assert story.dose() == (1, 2, 10)


# 5 bounds, rounding, the largest step, the equipment's step: see also test_ladder.py


def on_a_machine(
    load_g: int, *, step_g: int, largest: int, reps: int = 8, percent: float = 5
) -> Story:
    bounds = Bounds(sets=Span(1, 5), reps=Span(4, 20), load_g=Span(0, 60_000, step_g))
    steps = tuple(each._replace(bounds=bounds) for each in ladder())
    limits = Limits(largest_step_percent=largest)
    dose = Dose(sets=3, reps=reps, load_g=load_g)
    ruleset = preset("two_for_two", percent=percent)
    story = Story(state_of(dose, steps=steps, limits=limits), ruleset)
    over = tuple(rows(story.state.side("left"), over=2))
    return story.train(0, 2, sets=over)


def test_05_a_rise_is_cut_to_the_largest_step_and_rounded_down_and_that_is_reported() -> None:
    decision = on_a_machine(41_000, step_g=1000, largest=5, percent=10).decide().side("left")
    assert decision.after.dose.load_g == 43_000
    assert decision.clamped == (Clamp("largest_step", "load_g", 45_100, 43_000),)


def test_05_where_the_step_is_too_large_reps_rise_and_then_one_step_is_proposed() -> None:
    rising = on_a_machine(1000, step_g=500, largest=10, reps=12).decide().side("left")
    assert (rising.outcome, rising.after.dose.reps) == ("changed", 13)
    there = on_a_machine(1000, step_g=500, largest=10, reps=14).decide().side("left")
    assert (there.outcome, there.after.dose.load_g, there.after.dose.reps) == ("proposed", 1500, 8)
    assert {each.limit for each in (*rising.clamped, *there.clamped)} == {"equipment_step"}


def test_05_a_dose_never_passes_its_bound() -> None:
    near, there = (on_a_machine(load, step_g=500, largest=10) for load in (58_000, 60_000))
    assert near.decide().side("left").after.dose.load_g == 60_000
    assert there.decide().side("left").outcome == "kept"


# 6 one dimension


def test_06_a_third_set_comes_with_the_reps_back_at_the_bottom() -> None:
    story = at(2, 12).train(0, 2)
    story.decide()
    assert story.dose() == (1, 3, 8)


# 8 approval


def test_08_a_ladder_step_is_proposed_unless_the_clinic_lets_it_go() -> None:
    raw = {**CURL.raw, "rules": [{**r, "approval": "auto"} for r in CURL.raw["rules"]]}
    free = at(3, 12, limits=Limits(approval_steps=()))
    free.ruleset = load_ruleset(raw)
    held = at(3, 12)
    held.ruleset = free.ruleset
    assert free.train(0, 2).decide().side("left").outcome == "changed"
    assert held.train(0, 2).decide().side("left").outcome == "proposed"


def test_08_a_step_down_is_automatic_whatever_the_rule_says() -> None:
    raw = {**CURL.raw, "rules": [{**r, "approval": "clinician"} for r in CURL.raw["rules"]]}
    story = at(2, 12).train(0, pains=BAD)
    story.ruleset = load_ruleset(raw)
    assert story.decide().side("left").outcome == "changed"


# 9 proposals


def test_09_a_proposal_goes_stale_when_a_newer_fact_arrives() -> None:
    story = at(3, 12).train(0, 2)
    decision = story.decide()
    history = History(story.sessions)
    assert stale(story.state, decision, history, "left") is None
    newer = History((*story.sessions, log(story.state, 4)))
    assert stale(story.state, decision, newer, "left") == "new_fact"
    assert stale(story.state._replace(locked=True), decision, history, "left") == "locked"
    assert stale(story.state._replace(paused=True), decision, history, "left") == "paused"
    other = override(story.state, "left", step=0, dose=ENTRY, now=NOON, reason="visit")
    moved = apply(story.state, other, {"left": "other"})
    assert stale(moved, decision, history, "left") == "dose_changed"


# 10 red flags


def test_10_a_red_flag_locks_until_a_clearance_and_a_later_one_locks_again() -> None:
    story = at(2, 8).train(0, red_flags=("calf",))
    story.decide()
    locked = story.decide()
    assert [each.outcome for each in locked.sides] == ["locked"]
    story.state = clear(story.state, now=NOON + timedelta(days=2))
    assert not story.decide(2).lock
    flag = RedFlag("fever", NOON + timedelta(days=3))
    history = History(story.sessions, START, (flag,))
    assert decide(CURL, story.state, history, flag.at, trigger="check-in").lock


def test_10_a_session_that_was_cleared_locks_no_more_but_a_new_one_does() -> None:
    rule = {
        "id": "severe",
        "tier": "stop",
        "if": {"fact": "pain", "ge": 9},
        "then": [{"do": "lock"}],
    }
    severe = load_ruleset({**CURL.raw, "rules": [*CURL.raw["rules"], rule]})
    story = Story(ruleset=severe).train(0, pains=(Pain.one_tap(9),))
    assert story.decide().lock
    story.state = clear(story.state, now=NOON + timedelta(days=1))
    assert not story.decide(2).lock
    assert story.train(3, pains=(Pain.one_tap(9),)).decide().lock


def test_10_a_paused_program_changes_nothing_but_still_locks() -> None:
    paused = at(2, 12, paused=True).train(0, pains=BAD)
    assert paused.decide().side("left").outcome == "paused"
    assert paused.dose() == (1, 2, 12)
    assert paused.train(2, red_flags=("calf",)).decide().lock


@pytest.mark.parametrize(("day", "outcome"), [(30, "kept"), (10, "proposed")])
def test_10_resisted_steps_stay_closed_before_their_date(day: int, outcome: str) -> None:
    steps = ladder("each", "each")
    steps = (steps[0], steps[1]._replace(resisted=True))
    limits = Limits(
        resisted_date_required=True, resisted_not_before=START + timedelta(days=day - 7)
    )
    story = Story(state_of(Dose(sets=3, reps=12), step=0, steps=steps, limits=limits))
    assert story.train(8, 10).decide().side("left").outcome == outcome


# 11 late and corrected logs


def test_11_a_log_under_an_older_dose_is_judged_against_that_dose() -> None:
    story = at(2, 8).train(0, 2)
    older = story.state.side("left")
    story.decide()
    story.train(8, sets=tuple(rows(older)))
    story.train(10).decide()
    assert story.dose() == (1, 2, 10)


def test_11_a_corrected_log_gives_a_new_decision_from_now_on() -> None:
    story = at(2, 8).train(0, 2)
    story.decide()
    corrected = story.sessions[0]._replace(pains=BAD, recorded_at=NOON + timedelta(days=5))
    story.sessions = (corrected, *story.sessions[1:])
    decision = story.decide(5, trigger="correction", caused_by=("s0",))
    assert story.dose() == (1, 2, 8)
    assert (decision.caused_by, decision.trigger) == (("s0",), "correction")


# 12 the record


def test_12_a_stored_snapshot_replays_to_the_same_decision() -> None:
    story = both_sides().train(0, 2, pains=BAD)
    snapshot = Snapshot(story.state, History(story.sessions, START), NOON)
    assert replay(CURL, snapshot) == decide(CURL, story.state, snapshot.history, NOON)


def test_12_a_fired_rule_names_the_facts_and_the_logs_they_came_from() -> None:
    story = at(2, 12).train(0, pains=BAD)
    fired = story.decide().side("left").fired
    assert [(f.rule, f.evidence[0].session, f.evidence[0].values) for f in fired] == [
        ("pain_down", "s0", (("pain", 7),))
    ]


# 13 undo


def test_13_undo_restores_the_dose_before_and_starts_a_new_epoch() -> None:
    story = at(2, 8).train(0, 2)
    decision = story.decide()
    back = undo(story.state, decision, "left", now=NOON + timedelta(days=4), reason="too early")
    story.state = apply(story.state, back, {"left": "back"})
    assert story.dose() == (1, 2, 8)
    story.decide(5)
    assert story.dose() == (1, 2, 8)


def test_13_only_the_latest_decision_of_a_side_can_be_undone() -> None:
    story = at(2, 8).train(0, 6)
    first = story.decide()
    story.train(12, 18).decide()
    with pytest.raises(ValueError, match="latest"):
        undo(story.state, first, "left", now=NOON, reason="")


def test_13_an_override_outside_the_ladder_is_refused() -> None:
    with pytest.raises(ValueError, match="no step 9"):
        override(state_of(), "left", step=9, dose=ENTRY, now=NOON, reason="")


def test_bounds_of_the_story_hold_its_entry_dose() -> None:
    assert BOUNDS.reps is not None
    assert BOUNDS.reps.low <= ENTRY.reps <= BOUNDS.reps.high


# 14 within a session


@pytest.mark.parametrize(
    ("reps", "load"),
    [
        (0, 35_000), (2, 35_000), (3, 37_500), (4, 37_500), (5, 40_000), (6, 40_000), (7, 42_500),
        (10, 42_500), (11, 45_000), (60, 45_000),
    ],
)  # fmt: skip
def test_14_the_finite_table_says_on_the_phone_what_the_server_computes(
    reps: int, load: int
) -> None:
    state = machine(40)
    here = next_set(load_preset("dapre"), state, "left", 4, 40_000)
    sent = tuple(from_json(NextLoad, to_json(each)) for each in here)
    assert next_load(sent, reps, 40_000) == next_load(here, reps, 40_000) == (load, True)


def test_14_what_no_row_covers_keeps_the_load_and_says_so() -> None:
    rows_of = next_set(load_preset("effort_regulated"), machine(40), "left", 2, 40_000)
    assert next_load(rows_of, 4, 40_000) == (40_000, False)
