"""A decision as a whole: which rules were asked, what they read, what is kept of it."""

from datetime import date, timedelta

import pytest

from programs.progression import decide
from programs.progression.types import (
    Clamp,
    Dose,
    Epoch,
    Evidence,
    FiredRule,
    GoodDose,
    History,
    Missing,
    Pain,
    Suppressed,
)
from tests.programs.progression.hearing import HOLD, ONE, TELL, UP, day, hear, left, own
from tests.programs.progression.small import HURTS, MORE, rule, small
from tests.programs.progression.story import NOON, START, state_of

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
