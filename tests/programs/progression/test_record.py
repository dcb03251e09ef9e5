"""A decision as a whole: which rules were asked, what they read, what is kept of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from programs.progression import (
    Decision,
    Dose,
    History,
    Limits,
    Pain,
    RedFlag,
    Ruleset,
    SideDecision,
    Snapshot,
    State,
    decide,
    load_ruleset,
    replay,
)
from programs.progression.engine import red_flagged
from programs.progression.types import (
    Clamp,
    Epoch,
    Evidence,
    FiredRule,
    Firing,
    GoodDose,
    Missing,
    Notice,
    Suppressed,
)
from tests.programs.progression.small import HURTS, MORE, STOP, rule, small
from tests.programs.progression.story import NOON, START, ladder, log, rows, state_of

DOWN: Any = {"do": "ladder", "go": "down"}
UP: Any = {"do": "ladder", "go": "up"}
TELL: Any = rule(
    HURTS, id="tell", tier="info", test={"fact": "effort", "ge": 1}, then=[{"do": "flag"}]
)
HOLD: Any = rule(
    HURTS, id="hold", tier="hold", test={"fact": "effort", "ge": 9}, then=[{"do": "hold"}]
)
ONE = state_of(Dose(2, 8))


def day(number: int, pain: int | None = 0, **changes: Any) -> Any:
    return log(ONE, number, pains=(Pain.one_tap(pain),), **changes)


def hear(
    ruleset: Ruleset,
    *sessions: Any,
    state: State = ONE,
    on: int | None = None,
    now: datetime | None = None,
    trigger: Any = "decision",
    caused_by: tuple[str, ...] = (),
    **known: Any,
) -> Decision:
    """The decision at noon of a day; the day after the last session if none is said."""
    last = (sessions[-1].local_date - START).days + 1 if sessions else 0
    at = now or NOON + timedelta(days=last if on is None else on)
    history = History(sessions, at.date(), **known)
    return decide(ruleset, state, history, at, trigger=trigger, caused_by=caused_by)


def left(decision: Decision) -> SideDecision:
    return decision.side("left")


def own(**changes: Any) -> State:
    return ONE._replace(sides=(ONE.sides[0]._replace(**changes),))


# what is asked


def test_the_head_of_a_decision() -> None:
    ruleset = small(MORE)
    made = hear(ruleset, day(0), trigger="session.end", caused_by=("s9",))
    assert (made.ruleset, made.ruleset_version) == ("small", ruleset.version)
    assert (made.trigger, made.caused_by, made.at) == (
        "session.end",
        ("s9",),
        NOON + timedelta(days=1),
    )
    assert (made.lock, made.notices, made.by, made.reason) == (False, (), "rules", "")
    assert (made.lock_until, made.rest_until, made.stops) == (None, None, ())


@pytest.mark.parametrize(
    ("trigger", "reps"), [("decision", 10), ("session.end", 10), ("set.end", 8)]
)
def test_a_moment_asks_its_own_rules(trigger: str, reps: int) -> None:
    assert left(hear(small(MORE), day(0), trigger=trigger)).after.dose.reps == reps


def test_without_a_day_the_date_of_the_moment_counts() -> None:
    gap = rule(HURTS, id="gap", test={"fact": "days_since_session", "eq": 3})
    found = decide(small(gap), ONE, History((day(0),)), NOON + timedelta(days=3))
    assert left(found).rule == "gap"


def test_of_two_sides_each_is_asked_for() -> None:
    made = hear(small(MORE), day(0), state=state_of(Dose(2, 8), sides=("left", "right")))
    assert [each.side for each in made.sides] == ["left", "right"]
    with pytest.raises(KeyError):
        made.side("both")


# what fired, and what it read


def test_a_rise_in_full() -> None:
    made = left(hear(small(MORE), day(0)))
    assert made.after.epoch == Epoch(NOON + timedelta(days=1), "s0", 1)
    assert (made.after.raised_on, made.after.lowered_on, made.after.spent) == (
        date(2026, 3, 3),
        None,
        (),
    )
    assert made.after.good == (GoodDose(1, Dose(2, 8)),)
    assert (made.outcome, made.approval, made.rule, made.clamped) == ("changed", "auto", "more", ())
    assert made.fired == (FiredRule("more", "progress", (Evidence("s0", (("sets_met", True),)),)),)
    assert (made.last_session, made.last_fact_at) == ("s0", NOON + timedelta(hours=20))
    assert made.missing == made.suppressed == ()


def test_a_reduction_in_full() -> None:
    made = left(hear(small(MORE), day(0), day(1, 7)))
    assert (made.after.dose, made.after.step) == (Dose(2, 6), 1)
    assert (made.after.raised_on, made.after.lowered_on, made.after.spent) == (None, None, ("s1",))
    assert (made.after.good, made.after.epoch.session) == ((), "s1")
    assert (made.rule, made.outcome, made.approval) == ("hurts", "changed", "auto")
    assert made.fired == (FiredRule("hurts", "regress", (Evidence("s1", (("pain", 7),)),)),)
    assert made.suppressed == (Suppressed("more", "lower_wins"),)


def test_a_rise_leaves_the_day_of_the_last_step_down_and_a_reduction_that_of_the_last_rise() -> (
    None
):
    state = own(raised_on=START, lowered_on=START)
    risen, lowered = (left(hear(small(MORE), day(9, pain), state=state)).after for pain in (0, 7))
    assert (risen.raised_on, risen.lowered_on) == (START + timedelta(days=10), START)
    assert (lowered.raised_on, lowered.lowered_on) == (START, START)


def test_a_rule_that_fires_names_each_session_it_asked_and_the_side() -> None:
    node = {"all": [{"streak": 2, "of": {"fact": "effort", "ge": 5}}, {"fact": "step", "ge": 1}]}
    made = left(hear(small(rule(MORE, test=node)), day(0), day(2, effort=6)))
    assert made.fired[0].evidence == (
        Evidence("s2", (("effort", 6),)), Evidence("s0", (("effort", 5),)),
        Evidence(None, (("step", 1),)),
    )  # fmt: skip


def test_a_rule_of_the_side_alone_names_no_session() -> None:
    made = left(hear(small(rule(MORE, test={"fact": "step", "eq": 1})), day(0)))
    assert made.fired[0].evidence == (Evidence(None, (("step", 1),)),)


def test_half_known_pain_is_stored_as_what_is_known() -> None:
    made = left(hear(small(), day(0)._replace(pains=(Pain(during=7),))))
    assert made.fired[0].evidence[0].values == (("pain", 7),)


def test_what_was_unknown_is_named_once() -> None:
    twice = rule(
        MORE, test={"all": [{"fact": "sets_met"}, {"streak": 2, "of": {"fact": "pain", "le": 3}}]}
    )
    made = left(hear(small(twice), day(0, None), day(2, None)))
    assert made.missing == (
        Missing("hurts", "pain", "s2"), Missing("more", "pain", "s2"), Missing("more", "pain",
         "s0"),
    )  # fmt: skip
    assert (made.outcome, made.rule, made.fired) == ("kept", None, ())


def test_a_cell_that_was_never_published_is_named() -> None:
    table = {"table": [{"from": 0, "to": 4, "give": 1}], "of": {"fact": "effort"}}
    hold = rule(HOLD, test={"value": table, "lt": 0})
    made = left(hear(small(hold, MORE), day(0)))
    assert made.missing == (Missing("hold", "table", "s0"),)
    assert made.suppressed == (Suppressed("more", "unknown"),)


def test_an_unknown_rule_of_info_or_progress_holds_nothing() -> None:
    unsure = rule(TELL, test={"fact": "swelling"})
    other = rule(MORE, id="other", test={"fact": "swelling"})
    made = left(hear(small(unsure, other, MORE), day(0)))
    assert made.after.dose.reps == 10
    assert {each.rule for each in made.missing} == {"other"}


def test_before_the_first_session_nothing_is_missing() -> None:
    made = left(hear(small(rule(MORE, test={"fact": "step", "eq": 1}))))
    assert (made.missing, made.outcome, made.last_session, made.last_fact_at) == (
        (),
        "changed",
        None,
        None,
    )


def test_an_unknown_rule_keeps_progress_from_happening() -> None:
    made = left(hear(small(MORE), day(0, None)))
    assert made.suppressed == (Suppressed("more", "unknown"),)
    assert (made.outcome, made.rule, made.fired, made.after) == ("kept", None, (), ONE.sides[0])


# who wins


def test_the_lowest_of_several_reductions_wins() -> None:
    rules = [
        rule(HURTS, id=name, tier=tier, test={"fact": "pain", "ge": 1},
             then=[{"do": "set", "field": "reps", "to": to}])
        for name, tier, to in (("a", "deload", 6), ("b", "regress", 4), ("c", "hold", 5))
    ]  # fmt: skip
    made = left(hear(small(*rules), day(0, 3)))
    assert (made.rule, made.after.dose.reps) == ("b", 4)
    assert made.suppressed == (Suppressed("a", "lower_wins"), Suppressed("c", "lower_wins"))
    assert [each.rule for each in made.fired] == ["a", "b", "c"]


def test_of_two_that_end_at_the_same_dose_the_first_is_named() -> None:
    again = rule(HURTS, id="again", priority=1)
    made = left(hear(small(again), day(0, 7)))
    assert (made.rule, made.suppressed) == ("again", ())


def test_the_lowest_of_several_rises_wins() -> None:
    rules = [
        rule(MORE, id=name, priority=first, then=[{"do": "set", "field": "reps", "to": to}])
        for name, first, to in (("a", 3, 14), ("b", 2, 10), ("c", 1, 12), ("d", 0, 10))
    ]
    made = left(hear(small(*rules), day(0)))
    assert (made.rule, made.after.dose.reps) == ("b", 10)
    assert [each.rule for each in made.fired] == ["b"]
    assert made.suppressed == tuple(Suppressed(name, "lower_wins") for name in "acd")


def test_a_hold_keeps_the_dose_and_takes_the_rise_back() -> None:
    made = left(hear(small(HOLD, MORE), day(0, effort=9)))
    assert (made.rule, made.outcome, made.after) == ("hold", "kept", ONE.sides[0])
    assert made.clamped == ()
    assert [each.rule for each in made.fired] == ["hold"]
    assert made.suppressed == (Suppressed("more", "lower_wins"),)


def test_a_safety_rule_that_would_raise_keeps() -> None:
    odd = rule(HOLD, test={"fact": "sets_met"}, then=[{"do": "set", "field": "reps", "to": 12}])
    made = left(hear(small(odd), day(0)))
    assert (made.outcome, made.rule) == ("kept", "hold")
    assert made.clamped == (Clamp("direction", "dose", "hold", None),)


def test_a_safety_rule_that_cannot_lower_keeps_and_says_why() -> None:
    made = left(hear(small(), day(0, 7), state=state_of(Dose(2, 4))))
    assert (made.outcome, made.rule, made.after.dose) == ("kept", "hurts", Dose(2, 4))
    assert made.clamped == (Clamp("at_bound", "dose", "hurts", None),)


def test_a_progress_rule_never_lowers_and_is_silent_at_its_bound() -> None:
    lower = rule(MORE, then=[{"do": "set", "field": "reps", "to": 6}])
    assert left(hear(small(lower), day(0))).outcome == "kept"
    bound = left(
        hear(small(rule(MORE, then=[{"do": "add", "field": "reps", "by": 2, "to": 8}])), day(0))
    )
    assert (bound.outcome, bound.suppressed, bound.rule) == ("kept", (), None)
    top = left(hear(small(rule(MORE, then=[UP])), day(0), state=state_of(step=2)))
    assert top.suppressed == (Suppressed("more", "ladder_top"),)


def test_what_limits_did_is_kept_with_the_change() -> None:
    far = rule(MORE, then=[{"do": "add", "field": "reps", "by": 40, "to": 50}])
    assert left(hear(small(far), day(0))).clamped == (Clamp("bound", "reps", 48, 20),)


# vetoes


@pytest.mark.parametrize(("since", "wait"), [(0, 5), (4, 1), (5, None), (9, None)])
def test_at_most_one_rise_in_so_many_days(since: int, wait: int | None) -> None:
    state = own(raised_on=START + timedelta(days=1 - since))
    made = left(hear(small(MORE, limits={"progress_every_days": 5}), day(0), state=state))
    told = (Suppressed("more", "too_soon", (("days", wait), ("every", 5))),)
    assert made.suppressed == (() if wait is None else told)
    assert made.outcome == ("changed" if wait is None else "kept")


@pytest.mark.parametrize(
    ("pain", "known", "raised"), [(2, 2, True), (3, 3, False), (None, None, False)]
)
def test_pain_above_the_clinics_limit_or_unknown_raises_nothing(
    pain: Any, known: Any, raised: bool
) -> None:
    quiet = rule(HURTS, test={"fact": "morning_rise"})
    ruleset = load_ruleset({"id": "quiet", "rules": [STOP, quiet, rule(MORE, id="x")]})
    made = left(hear(ruleset, day(0, pain), state=ONE._replace(limits=Limits(pain_limit=2))))
    told = (Suppressed("x", "pain_limit", (("limit", 2), ("pain", known))),)
    assert made.suppressed == (() if raised else told)


def test_on_a_step_that_is_closed_nothing_rises() -> None:
    limits = Limits(resisted_date_required=True)
    state = state_of(Dose(2, 8), steps=ladder(*["each"] * 3, resisted=True), limits=limits)
    assert left(hear(small(MORE), day(0), state=state)).suppressed == (
        Suppressed("more", "resisted_date"),
    )


# cool-downs


@pytest.mark.parametrize(("days", "fires"), [(0, False), (6, False), (7, True), (8, True)])
@pytest.mark.parametrize("base", [MORE, TELL, rule(HURTS, test={"fact": "effort", "ge": 1})])
def test_a_rule_cools_down(base: Any, days: int, fires: bool) -> None:
    cool = rule(base, id="cool", cool_down_days=7)
    fired = Firing("cool", START + timedelta(days=1 - days), NOON)
    made = left(hear(small(cool), day(0), state=own(firings=(Firing("x", START, NOON), fired))))
    assert ("cool" in {each.rule for each in made.fired}) is fires
    told = (Suppressed("cool", "cool_down"),)
    assert made.suppressed == (told if base is MORE and not fires else ())


@pytest.mark.parametrize("base", [MORE, TELL, HOLD])
def test_that_a_rule_fired_is_remembered_if_it_cools_down(base: Any) -> None:
    session = day(0, effort=9)
    state = own(
        firings=(Firing("cool", START, NOON - timedelta(days=90)), Firing("x", START, NOON))
    )
    made = left(hear(small(rule(base, id="cool", cool_down_days=1)), session, state=state, on=30))
    now = NOON + timedelta(days=30)
    assert made.after.firings == (Firing("x", START, NOON), Firing("cool", now.date(), now))
    assert left(hear(small(base), session)).after.firings == ()


def test_a_rule_of_a_gap_fires_once_until_the_next_session_that_was_trained() -> None:
    gap = rule(HOLD, id="gap", once="gap", test={"fact": "days_since_session", "ge": 3})
    state = own(firings=(Firing("gap", START, NOON + timedelta(days=4)),))
    bare = day(5, sets=tuple(rows(ONE.sides[0], reps=None))[:0])
    assert left(hear(small(gap), day(0), bare, state=state, on=9)).rule is None
    assert left(hear(small(gap), day(5), state=state, on=9)).rule == "gap"
    assert left(hear(small(gap), day(4), state=state, on=9)).rule == "gap"
    assert left(hear(small(gap), bare, state=state, on=9)).rule is None


# numbers that a rule remembers


def test_a_rule_declares_a_number_for_its_side() -> None:
    best = rule(
        TELL, id="best", then=[{"do": "declare", "name": "best", "to": {"fact": "reps_last"}}]
    )
    other = rule(best, id="other", then=[{"do": "declare", "name": "a", "to": 3}])
    made = left(hear(small(best, other), day(0), state=own(declared=(("best", 5), ("old", 1)))))
    assert made.after.declared == (("a", 3), ("best", 8), ("old", 1))
    assert (made.outcome, made.after.dose, made.after.epoch) == (
        "kept",
        Dose(2, 8),
        ONE.sides[0].epoch,
    )
    unknown = rule(best, then=[{"do": "declare", "name": "best", "to": {"fact": "phase"}}])
    assert left(hear(small(unknown), day(0))).after.declared == ()


# what was heard, since when


@pytest.mark.parametrize(("hours", "heard"), [(-1, False), (0, False), (1, True)])
def test_what_came_before_the_dose_changed_counts_no_more(hours: int, heard: bool) -> None:
    session = day(0, 7)._replace(recorded_at=ONE.sides[0].epoch.at + timedelta(hours=hours))
    assert (left(hear(small(), session)).rule == "hurts") is heard
    assert left(hear(small(), session)).last_session == "s0"


def test_a_session_that_lowered_the_dose_is_spent() -> None:
    assert left(hear(small(), day(0, 7), state=own(spent=("s0",)))).rule is None
    many = tuple(f"x{n}" for n in range(12))
    assert left(hear(small(), day(0, 7), state=own(spent=many))).after.spent == (*many[1:], "s0")


@pytest.mark.parametrize(
    ("version", "hours", "counts"),
    [("left-0", 0, True), ("left-9", 0, False), (None, 0, True), (None, -30, False)],
)
def test_a_rise_counts_sessions_under_the_present_dose(
    version: Any, hours: int, counts: bool
) -> None:
    sets = (
        tuple(each._replace(dose_version=version) for each in rows(ONE.sides[0])) if version else ()
    )
    session = day(0, sets=sets)._replace(started_at=NOON + timedelta(hours=hours - 24))
    calm = rule(MORE, test={"fact": "pain", "le": 3})
    state = own(epoch=Epoch(NOON - timedelta(days=1)))
    assert (left(hear(small(calm), session, state=state)).outcome == "changed") is counts


def test_a_correction_judges_each_session_that_it_names() -> None:
    sessions = (day(0, 7), day(2), day(4))
    for named, fired in (
        (("s0",), "hurts"),
        (("s2",), None),
        (("s4",), None),
        ((), None),
        (("s9",), None),
    ):
        made = hear(small(), *sessions, trigger="correction", caused_by=named)
        assert left(made).rule == fired
    made = left(hear(small(), *sessions, trigger="correction", caused_by=("s2", "s0")))
    assert (made.after.spent, made.fired[0].evidence[0].session) == (("s0",), "s0")


def test_a_correction_that_names_an_unknown_holds() -> None:
    sessions = (day(0, None), day(2))
    made = left(hear(small(MORE), *sessions, trigger="correction", caused_by=("s0",)))
    assert made.suppressed == (Suppressed("more", "unknown"),)
    assert made.missing == (Missing("hurts", "pain", "s0"),)
    both = (day(0, None), day(2, None), day(3))
    held = left(hear(small(), *both, trigger="correction", caused_by=("s0", "s2")))
    assert [each.session for each in held.missing] == ["s2", "s0"]


# locks, pauses, what is closed


@pytest.mark.parametrize(
    ("until", "outcome"), [(None, "locked"), (1, "changed"), (0, "changed"), (2, "locked")]
)
def test_a_lock_for_some_days_opens_on_its_day(until: int | None, outcome: str) -> None:
    day_of = None if until is None else START + timedelta(days=until)
    made = hear(small(MORE), day(0), state=ONE._replace(locked=True, locked_until=day_of))
    assert (left(made).outcome, made.lock) == (outcome, False)


def test_a_paused_program_only_stops() -> None:
    stop = rule(HURTS, id="end", tier="stop", test={"fact": "pain", "ge": 9}, then=[{"do": "lock"}])
    paused = ONE._replace(paused=True)
    made = hear(small(stop, MORE), day(0, 7), state=paused)
    assert (left(made).outcome, left(made).after, made.lock) == ("paused", paused.sides[0], False)
    made = hear(small(stop, MORE), day(0, 9), state=paused)
    assert (left(made).outcome, made.lock) == ("locked", True)


def close(*actions: Any, tier: str = "hold") -> Decision:
    rules = [
        rule(HOLD, id=f"r{n}", tier=tier, test={"fact": "sets_met"}, then=[each])
        for n, each in enumerate(actions)
    ]
    return hear(small(*rules), day(0))


@pytest.mark.parametrize(
    ("days", "until"),
    [((3,), 3), ((3, 5), 5), ((5, 3), 5), ((None,), None), ((3, None), None), ((None, 3), None)],
)
def test_the_longest_lock_holds_and_one_without_an_end_has_none(days: Any, until: Any) -> None:
    actions = ({"do": "lock", **({} if each is None else {"days": each})} for each in days)
    made = close(*actions)
    assert made.lock
    assert made.lock_until == (None if until is None else START + timedelta(days=1 + until))
    assert left(made).outcome == "locked"


@pytest.mark.parametrize(
    ("actions", "until"),
    [
        ([{"until": "2026-03-09"}], date(2026, 3, 9)),
        ([{"until": "2026-03-09"}, {"days": 2}], date(2026, 3, 9)),
        ([{"until": "2026-03-09"}, {"days": 9}], date(2026, 3, 12)),
        ([{"until": "2026-03-09"}, {}], None),
        ([{"until": "2026-03-03"}, {"days": 2}], date(2026, 3, 5)),
    ],
)
def test_a_lock_may_last_until_a_day(actions: Any, until: date | None) -> None:
    made = close(*({"do": "lock", **each} for each in actions))
    assert (made.lock, made.lock_until) == (True, until)


def test_a_lock_until_a_day_that_has_come_locks_no_more() -> None:
    made = close({"do": "lock", "until": "2026-03-03"})
    assert (made.lock, made.lock_until, left(made).outcome) == (False, None, "kept")


def test_rest_stops_and_notices_are_gathered() -> None:
    made = close(
        {"do": "rest", "days": 1}, {"do": "rest", "days": 2}, {"do": "stop", "what": "session"},
        {"do": "stop", "what": "session"}, {"do": "stop", "what": "exercise"}, {"do": "flag",
         "kind": "b"}, {"do": "flag", "kind": "a"},
    )  # fmt: skip
    assert (made.rest_until, made.stops) == (START + timedelta(days=3), ("exercise", "session"))
    assert made.notices == (Notice("clinician", "a", "r6"), Notice("clinician", "b", "r5"))
    assert (made.lock, made.lock_until) == (False, None)


def test_what_both_sides_tell_is_told_once() -> None:
    state = state_of(Dose(2, 8), sides=("left", "right"))
    made = hear(small(TELL), log(state, 0), state=state)
    assert made.notices == (Notice("clinician", "flag", "tell"),)


@pytest.mark.parametrize(("cleared", "flagged"), [(None, True), (-1, True), (0, False), (1, False)])
def test_a_red_flag_counts_until_it_is_cleared(cleared: int | None, flagged: bool) -> None:
    at = None if cleared is None else NOON + timedelta(hours=cleared)
    state = ONE._replace(cleared_at=at)
    session = day(0, red_flags=("calf",))._replace(recorded_at=NOON)
    older = day(-9, red_flags=("calf",))
    told = History((), START, (RedFlag("calf", NOON), RedFlag("old", NOON - timedelta(days=9))))
    assert red_flagged(state, History((older, session))) is flagged
    assert red_flagged(state, told) is flagged
    assert red_flagged(state, History((day(0),))) is False


def test_a_session_told_before_a_clearance_lowers_but_locks_no_more() -> None:
    locks = rule(
        HURTS, id="end", tier="stop", test={"fact": "pain", "ge": 9}, then=[{"do": "lock"}]
    )
    session = day(0, 9)._replace(recorded_at=NOON)
    for hours, fired in ((None, ["end", "hurts"]), (-1, ["end", "hurts"]), (0, ["hurts"])):
        at = None if hours is None else NOON + timedelta(hours=hours)
        made = hear(small(locks), session, state=ONE._replace(cleared_at=at))
        assert [each.rule for each in left(made).fired] == fired
        assert made.lock is ("end" in fired)


def test_a_snapshot_replays_with_what_caused_it() -> None:
    sessions = (day(0, 7), day(2))
    history, now = History(sessions, START), NOON + timedelta(days=3)
    snapshot = Snapshot(ONE, history, now, "correction", ("s0",))
    made = replay(small(), snapshot)
    assert made == decide(small(), ONE, history, now, trigger="correction", caused_by=("s0",))
    assert (left(made).rule, made.trigger, made.caused_by) == ("hurts", "correction", ("s0",))


# approval


@pytest.mark.parametrize(
    ("steps", "approval", "outcome"),
    [
        (("*",), "propose", "proposed"), (("c",), "propose", "proposed"),
        (("b",), "auto", "changed"),
        ((), "auto", "changed"),
    ],
)  # fmt: skip
def test_a_step_up_waits_for_a_person_where_the_clinic_wants_it(
    steps: Any, approval: str, outcome: str
) -> None:
    state = ONE._replace(limits=Limits(approval_steps=steps))
    made = left(hear(small(rule(MORE, then=[UP])), day(0), state=state))
    assert (made.approval, made.outcome, made.after.step) == (approval, outcome, 2)


@pytest.mark.parametrize(
    ("approval", "action", "asked"),
    [
        ("auto", MORE["then"][0], "auto"), ("propose", MORE["then"][0], "propose"),
        ("clinician", MORE["then"][0], "clinician"), ("clinician", UP, "clinician"),
        ("auto", {"do": "propose", "of": MORE["then"][0]}, "propose"),
        ("clinician", {"do": "propose", "of": MORE["then"][0]}, "clinician"),
    ],
)  # fmt: skip
def test_the_strictest_approval_counts(approval: str, action: Any, asked: str) -> None:
    made = hear(small(rule(MORE, approval=approval, then=[action])), day(0))
    assert left(made).approval == asked
    assert (made.changed, made.proposed) == (asked == "auto", asked != "auto")


# the doses to which a step down returns


def test_a_dose_left_for_pain_is_forgotten_and_lower_ones_of_its_step_are_kept() -> None:
    good = (
        GoodDose(0, Dose(9, 9)),
        GoodDose(1, Dose(2, 6)),
        GoodDose(1, Dose(2, 8)),
        GoodDose(1, Dose(3, 4)),
    )
    made = left(hear(small(), day(0, 7), state=own(good=good)))
    assert made.after.good == (GoodDose(0, Dose(9, 9)), GoodDose(1, Dose(2, 6)))


@pytest.mark.parametrize(
    ("tier", "kept"), [("regress", False), ("stop", False), ("deload", True), ("hold", True)]
)
def test_only_what_is_left_for_pain_is_forgotten(tier: str, kept: bool) -> None:
    less = rule(HURTS, id="less", tier=tier, test={"fact": "effort", "ge": 1}, then=[DOWN])
    made = left(hear(small(less), day(0), state=own(good=(GoodDose(1, Dose(9, 9)),))))
    assert (made.after.good == (GoodDose(1, Dose(2, 8)),)) is kept
    assert (made.after.step, made.after.lowered_on) == (0, date(2026, 3, 3))
