"""What keeps a rule from firing or a dose from rising, and which sessions count."""

from datetime import timedelta
from typing import Any

import pytest

from programs.progression import load_ruleset
from programs.progression.types import (
    Dose,
    Epoch,
    Firing,
    Limits,
    Missing,
    Suppressed,
)
from tests.programs.progression.hearing import HOLD, ONE, TELL, day, hear, left, own
from tests.programs.progression.small import HURTS, MORE, STOP, rule, small
from tests.programs.progression.story import NOON, START, ladder, rows, state_of

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
